/** What the addresses of ownership cases and precedents say. */
import { ALL_CASE_STATES, type CaseState } from "@jiesu/core/ownership/steps.ts";

export interface CaseSearch {
  readonly state?: CaseState | "all" | undefined;
}

export function caseSearch(raw: Record<string, unknown>): CaseSearch {
  return { state: ([...ALL_CASE_STATES, "all"] as const).find((each) => each === raw.state) };
}

const STANDINGS = ["standing", "draft", "ended"] as const;
export type Standing = (typeof STANDINGS)[number];

export interface PrecedentSearch {
  readonly standing?: Standing | undefined;
  readonly q?: string | undefined;
}

export function precedentSearch(raw: Record<string, unknown>): PrecedentSearch {
  return {
    standing: STANDINGS.find((each) => each === raw.standing),
    q: typeof raw.q === "string" && raw.q !== "" ? raw.q : undefined,
  };
}
