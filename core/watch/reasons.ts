/**
 * 盯办事由. Why a ticket is on the watch-list of a shift: what falls due in it, what nobody holds, what was returned, rejected
 * or is silent, what was urged and not answered. Told the facts, the rules and the shift, it answers the reasons, the
 * gravest first; none: it is not watched.
 */
import type { Level } from "../deadline/level.ts";
import type { DutyRules, Untouched } from "../duty/shifts.ts";
import type { TicketState } from "../ticket/state.ts";
import { HOUR_MS, MINUTE_MS } from "../time/day.ts";
import { silentHours, type WatchRules } from "./rules.ts";
import { looseOf, type SweptTicket } from "./sweep.ts";

/** In the order of their gravity. */
export const REASONS = {
  loose: "无主",
  overdue: "已超期",
  rejected: "退市驳回",
  rework: "退回重办",
  returned: "退单",
  urged: "催办未回复",
  due: "本班到期",
  unheld: "无人接手",
  silent: "久无进展",
} as const;

export type Reason = keyof typeof REASONS;
export const ALL_REASONS = Object.keys(REASONS) as readonly Reason[];

export function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text);
}

/** A reason, and the instant that it is about: when it fell or falls due, or since when it is so. */
export interface Found {
  readonly reason: Reason;
  readonly at: number;
}

export interface WatchFacts extends SweptTicket {
  readonly level: Level;
  readonly returns: number;
  /** Of the nearest running clock. */
  readonly dueAt: number | null;
  /** Since when it is in its state. */
  readonly since: number;
  /** The last thing that was done with it; a note, a reminder or an urge is nothing done. */
  readonly lastStepAt: number;
  /** Whether a clock of it rests by an approved pause: what waits by permission is not silent. */
  readonly resting: boolean;
  /** The oldest urge that nobody answered and that still waits. */
  readonly urgedAt: number | null;
}

export interface WatchedBy {
  readonly watch: WatchRules;
  readonly duty: DutyRules;
  /** When the shift that is on ends. */
  readonly shiftEndsAt: number;
}

/** Whose acceptance is waited for, and by which of the duty rules it has waited too long. */
const UNHELD: Readonly<Partial<Record<TicketState, Untouched>>> = {
  received: "received",
  dispatched: "dispatched",
  rework: "dispatched",
};

export function reasonsOf(ticket: WatchFacts, by: WatchedBy, now: number): readonly Found[] {
  const { state, level, dueAt, since, lastStepAt, resting, urgedAt } = ticket;
  const found = new Map<Reason, number>();
  if (looseOf(ticket).length > 0) found.set("loose", since);
  if (dueAt !== null && dueAt < now) found.set("overdue", dueAt);
  if (state === "withdrawRejected") found.set("rejected", since);
  if (state === "rework") found.set("rework", since);
  if (state === "returnReview" || (state === "triage" && ticket.returns > 0)) found.set("returned", since);
  if (urgedAt !== null && now - urgedAt >= by.watch.urgedMinutes * MINUTE_MS) found.set("urged", urgedAt);
  if (dueAt !== null && dueAt >= now && dueAt < by.shiftEndsAt) found.set("due", dueAt);
  const waits = UNHELD[state];
  if (waits !== undefined && now - since >= by.duty.untouchedMinutes[waits] * MINUTE_MS)
    found.set("unheld", since);
  if (!resting && now - lastStepAt >= silentHours(by.watch, state, level) * HOUR_MS)
    found.set("silent", lastStepAt);
  return ALL_REASONS.flatMap((reason) => {
    const at = found.get(reason);
    return at === undefined ? [] : [{ reason, at }];
  });
}

/** Events that are no step: machines' reminders, words put beside the ticket, an urge itself. */
export const NO_STEP = [
  "timer.near",
  "timer.overdue",
  "timer.call",
  "timer.urge",
  "note",
  "attach",
  "detach",
  "recording",
  "urge",
  "reckon",
  "exempt",
  "sampled",
] as const;

/** Whether an item may leave the list: its reasons have ended, and something was done since it came upon it. */
export function isDone(open: boolean, reasons: readonly Found[], stepped: boolean): boolean {
  return stepped && (!open || reasons.length === 0);
}

export interface Naming {
  readonly personId: string | null;
  readonly namedBy: string | null;
  /** The shift in which the person was named, by its beginning. */
  readonly namedFrom: number | null;
  readonly openedAt: number;
}

/**
 * 未写明接办人: an item of a shift that goes over without a name. Who leaves cannot be the one; what somebody took for
 * himself is not handed over; a name from an earlier shift has done its work.
 */
export function isNameless(
  item: Naming,
  shift: { readonly startsAt: number; readonly endsAt: number },
  leaver: string,
): boolean {
  if (item.openedAt >= shift.endsAt) return false; // the next shift's own
  const { personId, namedBy, namedFrom } = item;
  if (personId === null || personId === leaver || personId === namedBy) return true;
  return namedFrom === null || namedFrom < shift.startsAt;
}
