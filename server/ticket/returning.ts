/** 退单期限. Which return of the ticket this would be, and until when; and what the event tells of one. */
import { windowEnd } from "@jiesu/core/returns/claim.ts";
import type { ReturnRules } from "@jiesu/core/returns/rules.ts";
import type { Change, TicketFacts } from "@jiesu/core/ticket/decide.ts";

export interface Returning {
  /** 第几次: counts the one that could be made, or the one in review. */
  readonly nth: number;
  readonly until: number | null;
  readonly now: number;
}

/** Null where no unit has the ticket in hand. */
export function returningOf(
  ticket: Pick<TicketFacts, "state" | "returns" | "lead"> & { readonly level: 1 | 2 | 3 | 4 },
  rules: ReturnRules,
  now: number,
): Returning | null {
  const { lead, level, returns, state } = ticket;
  if (state === "returnReview") return { nth: returns, until: null, now };
  if (lead === null || (state !== "dispatched" && state !== "handling")) return null;
  const { dispatchedAt = now, acceptedAt } = lead;
  return { nth: returns + 1, until: windowEnd(rules.window, level, { dispatchedAt, acceptedAt }), now };
}

/** The words of the ground as they were that day, and what the clocks do while it is reviewed. */
export function returnTold({ ground, inReview }: NonNullable<Change["returned"]>): Record<string, unknown> {
  return { ...(ground ? { groundZh: ground.zh } : {}), inReview };
}
