/** What the address of the problem events says: which view, which days, which of them. */
import { parseDay } from "@jiesu/core/time/day.ts";

export const VIEWS = ["summary", "list", "rules"] as const;
export type ProblemView = (typeof VIEWS)[number];
export const GROUPS = ["near", "overdue", "closing"] as const;
type Group = (typeof GROUPS)[number];
/** In the order in which they are offered. */
export const STATES = [
  ...(["unfinished", "open", "late", "answered", "disputed", "remedying", "checking", "done"] as const),
  ...(["noted", "dropped", "all"] as const),
] as const;
type State = (typeof STATES)[number];

export interface ProblemSearch {
  readonly tab?: ProblemView | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly kind?: string | undefined;
  readonly group?: Group | undefined;
  readonly unit?: string | undefined;
  readonly cause?: string | undefined;
  readonly state?: State | undefined;
}

export function problemSearch(raw: Record<string, unknown>): ProblemSearch {
  const text = (key: string) => {
    const value = raw[key];
    if (typeof value === "number") return String(value);
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const day = (key: string) => {
    const value = text(key);
    return value !== undefined && parseDay(value) !== null ? value : undefined;
  };
  const unit = text("unit");
  return {
    tab: VIEWS.find((each) => each === raw.tab),
    ...{ from: day("from"), to: day("to"), kind: text("kind"), cause: text("cause") },
    group: GROUPS.find((each) => each === raw.group),
    unit: unit !== undefined && /^(\d+|centre)$/.test(unit) ? unit : undefined,
    state: STATES.find((each) => each === raw.state),
  };
}

/** Whether it asks for some of them: the list is what answers. */
export const isNarrowed = ({ kind, group, unit, cause, state }: ProblemSearch): boolean =>
  [kind, group, unit, cause, state].some((each) => each !== undefined);
