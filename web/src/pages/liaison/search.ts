/** What the addresses of 协调单 say. */
import { ALL_ANSWERS, type AnswerStanding } from "@jiesu/core/liaison/standing.ts";

const TABS = ["mine", "asking", "overdue", "answered", "closed", "cancelled", "all", "figures"] as const;
export type LiaisonTab = (typeof TABS)[number];

export interface LiaisonSearch {
  readonly tab?: LiaisonTab | undefined;
  readonly party?: string | undefined;
  readonly answers?: AnswerStanding | undefined;
  readonly pace?: string | undefined;
  readonly outcome?: string | undefined;
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
const day = (value: unknown): string | undefined =>
  typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? value : undefined;

export function liaisonSearch(raw: Record<string, unknown>): LiaisonSearch {
  const party = text(raw.party === undefined ? undefined : String(raw.party));
  return {
    tab: TABS.find((tab) => tab === raw.tab),
    party: party !== undefined && /^(centre|city|[1-9]\d*)$/.test(party) ? party : undefined,
    answers: ALL_ANSWERS.find((each) => each === raw.answers),
    pace: text(raw.pace),
    outcome: text(raw.outcome),
    q: text(raw.q),
    from: day(raw.from),
    to: day(raw.to),
  };
}

export function newLiaisonSearch(raw: Record<string, unknown>): { ticket?: string | undefined } {
  const ticket = raw.ticket === undefined ? "" : String(raw.ticket);
  return { ticket: /^\d+$/.test(ticket) ? ticket : undefined };
}
