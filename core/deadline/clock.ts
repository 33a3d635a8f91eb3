/**
 * 时限钟. One running deadline of a ticket as plain data: started, paused, resumed, extended, re-limited, stopped.
 *
 * Nothing is accumulated: the due time is reckoned anew from the start, the pauses, the limit and the extensions, so
 * the order in which a pause and an extension came changes nothing, and time already used survives any change of
 * level, unit or rule by construction. A deadline once missed stays missed: a pause after it moves nothing.
 * All instants are epoch milliseconds. An instant before the clock's last one (a machine's clock set back) is taken
 * as that last one, so that time used never becomes negative.
 */
import { type Answer, no, yes } from "../answer.ts";
import type { Calendar, CalendarUnpublished } from "../time/calendar.ts";
import { HOUR_MS } from "../time/day.ts";
import type { ClockKind } from "./kind.ts";
import { convertAmount, countsDays, type Limit, measureOf, reach, spent } from "./limit.ts";

/** 临期点: so much of the limit used (0 … 1), or so many hours left (working hours for a working-hours clock). */
export type Near = { readonly usedFraction: number } | { readonly hoursLeft: number };

/** Which rule gave the limit; kept with the clock for ever. */
export interface RuleRef {
  /** Name of the rule version, "standard-2022". */
  readonly name: string;
  /** The row of that version. */
  readonly row: string;
}

export interface Pause {
  readonly from: number;
  /** null while it lasts. */
  readonly to: number | null;
  /** 暂停至: when it ends by itself at the latest; absent of a pause that only a move ends. */
  readonly until?: number;
}

export type ClockState = "running" | "paused" | "stopped" | "cancelled";

/** `K` is the list of kinds: a ticket's (kind.ts), or another feature's own. */
export interface Clock<K extends string = ClockKind> {
  readonly kind: K;
  /** 派单轮次 it belongs to. */
  readonly round: number;
  readonly state: ClockState;
  readonly startedAt: number;
  readonly limit: Limit;
  readonly near: Near | null;
  /** 延期 granted so far, in the limit's own unit. */
  readonly extended: number;
  readonly pauses: readonly Pause[];
  /** While paused: as it stood when the pause began, and not to be acted upon. */
  readonly dueAt: number;
  /** Near-due point, at most `dueAt`; equal to it when the rule names none. */
  readonly nearAt: number;
  readonly endedAt: number | null;
  /** 是否超期, of a stopped clock; null of any other. A clock stopped in a pause is judged by the pause's begin. */
  readonly late: boolean | null;
  readonly rule: RuleRef;
  /** 审批定期限: the limit was decided for this ticket alone (挂账 to its approved term); no rule of limits takes its place. */
  readonly decided?: true;
  /** 续计: when it was taken up again after it had been stopped. */
  readonly takenUpAt?: number;
}

/** What a rule grants: see `limitFor` in rules.ts; or what was decided for one ticket. */
export interface Grant {
  readonly limit: Limit;
  readonly near: Near | null;
  readonly rule: RuleRef;
  readonly decided?: true;
}

export type ClockRefusal<K extends string = ClockKind> =
  | CalendarUnpublished
  | { readonly code: "clock-ended"; readonly kind: K }
  | { readonly code: "clock-paused"; readonly kind: K }
  | { readonly code: "clock-not-paused"; readonly kind: K };

type Told<K extends string> = Answer<Clock<K>, ClockRefusal<K>>;

/** Starts a clock. Refused when the limit needs a workday of an unpublished year. */
export function startClock<K extends string>(
  kind: K,
  round: number,
  grant: Grant,
  startedAt: number,
  calendar: Calendar,
): Told<K> {
  return reckon(
    {
      kind,
      round,
      state: "running",
      startedAt,
      limit: grant.limit,
      near: grant.near,
      extended: 0,
      pauses: [],
      dueAt: startedAt,
      nearAt: startedAt,
      endedAt: null,
      late: null,
      rule: grant.rule,
      ...(grant.decided ? { decided: true } : {}),
    },
    calendar,
  );
}

/** Rests a clock; with `until`, at the latest to that instant (see `caughtUp`). */
export function pauseClock<K extends string>(clock: Clock<K>, now: number, until?: number): Told<K> {
  if (clock.state === "paused") return no({ code: "clock-paused", kind: clock.kind });
  if (clock.state !== "running") return no({ code: "clock-ended", kind: clock.kind });
  const pause = { from: after(clock, now), to: null, ...(until === undefined ? {} : { until }) };
  return yes({ ...clock, state: "paused", pauses: [...clock.pauses, pause] });
}

/** A pause that would have ended by itself lasts until a move ends it; null where there is none. */
export function restOn<K extends string>(clock: Clock<K>): Clock<K> | null {
  if (pausedUntil(clock) === null) return null;
  return { ...clock, pauses: clock.pauses.map((p) => (p.to === null ? { from: p.from, to: null } : p)) };
}

/** The clock as it stands at `now`: a pause whose end has passed ended then, whoever comes late to see it. */
export function caughtUp<K extends string>(clock: Clock<K>, now: number, calendar: Calendar): Told<K> {
  const until = pausedUntil(clock);
  return until === null || until > now ? yes(clock) : resumeClock(clock, until, calendar);
}

/**
 * 续计: a clock that was stopped runs on with what was left when it was: what lay between counts as a pause. The verdict
 * of then stays with the clock that was stopped; this is another one.
 */
export function takeUpClock<K extends string>(clock: Clock<K>, now: number, calendar: Calendar): Told<K> {
  if (clock.state !== "stopped" || clock.endedAt === null)
    return no({ code: "clock-not-paused", kind: clock.kind });
  const from = pausedAt(clock) ?? clock.endedAt;
  const to = Math.max(from, now);
  const pauses = [...clock.pauses.filter((p) => p.to !== null), { from, to }];
  return reckon({ ...clock, state: "running", pauses, endedAt: null, late: null, takenUpAt: to }, calendar);
}

/** Goes on after a pause: what was left when it began is left now. */
export function resumeClock<K extends string>(clock: Clock<K>, now: number, calendar: Calendar): Told<K> {
  if (clock.state === "running") return no({ code: "clock-not-paused", kind: clock.kind });
  if (clock.state !== "paused") return no({ code: "clock-ended", kind: clock.kind });
  const to = after(clock, now);
  const pauses = clock.pauses.map((p) => (p.to === null ? { from: p.from, to } : p));
  return reckon({ ...clock, state: "running", pauses }, calendar);
}

/**
 * 延期: so much more, in the limit's own unit (hours or days). Running or paused, overdue or not.
 *
 * Throws on an amount that is not positive, and on part of a day for a limit in days.
 */
export function extendClock<K extends string>(clock: Clock<K>, amount: number, calendar: Calendar): Told<K> {
  if (!(amount > 0) || !Number.isFinite(amount) || (countsDays(clock.limit) && !Number.isInteger(amount))) {
    throw new Error(`not an extension in ${clock.limit.unit}: ${amount}`);
  }
  if (clock.endedAt !== null) return no({ code: "clock-ended", kind: clock.kind });
  return reckon({ ...clock, extended: clock.extended + amount }, calendar);
}

/**
 * Another limit for the same running time: a change of level, unit or rule. The start, the pauses and the extensions
 * stay, so time already used counts against the new limit, and the clock may turn out to be overdue already.
 */
export function changeLimit<K extends string>(clock: Clock<K>, grant: Grant, calendar: Calendar): Told<K> {
  if (clock.endedAt !== null) return no({ code: "clock-ended", kind: clock.kind });
  const extended = convertAmount(clock.limit, grant.limit, clock.extended);
  return reckon({ ...clock, ...grant, extended }, calendar);
}

/** Stops a clock: what it waited for has happened. Late when that was after the due time. */
export function stopClock<K extends string>(clock: Clock<K>, now: number): Told<K> {
  if (clock.endedAt !== null) return no({ code: "clock-ended", kind: clock.kind });
  const endedAt = after(clock, now);
  return yes({ ...clock, state: "stopped", endedAt, late: isLate(clock.dueAt, pausedAt(clock) ?? endedAt) });
}

/** Ends a clock that nothing waits for any more; it is neither in time nor late. */
export function cancelClock<K extends string>(clock: Clock<K>, now: number): Told<K> {
  if (clock.endedAt !== null) return no({ code: "clock-ended", kind: clock.kind });
  return yes({ ...clock, state: "cancelled", endedAt: after(clock, now) });
}

/** The verdict: done at the due instant is in time, any later is late. */
export function isLate(dueAt: number, doneAt: number): boolean {
  return doneAt > dueAt;
}

/** Due and near-due anew: after a change, or after a calendar was amended by a later notice. */
export function reckon<K extends string>(clock: Clock<K>, calendar: Calendar): Told<K> {
  const total = measureOf(clock.limit, clock.limit.amount + clock.extended);
  const due = usedUpAt(clock, total, calendar);
  if (!due.ok) return due;
  const near = nearPoint(clock, total, due.value, calendar);
  if (!near.ok) return near;
  const nearAt = Math.min(due.value, Math.max(clock.startedAt, near.value));
  return yes({ ...clock, dueAt: due.value, nearAt });
}

/** Time used up by `now`: whole days for day limits, milliseconds for hour limits. Pauses are left out. */
export function usedBy(
  clock: Clock<string>,
  now: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  const end = Math.min(clock.endedAt ?? now, now);
  let sum = 0;
  for (const [from, to] of stretches(clock)) {
    if (from >= end) break;
    const part = spent(clock.limit, clock.startedAt, from, Math.min(to ?? end, end), calendar);
    if (!part.ok) return part;
    sum += part.value;
  }
  return yes(sum);
}

export interface Standing {
  readonly state: ClockState;
  /** 临期: past the near-due point and not yet overdue; only while running, and only if the rule names a point. */
  readonly near: boolean;
  /** 超期: past the due time, now or when it was stopped or paused; never of a cancelled clock. */
  readonly overdue: boolean;
  /** To the due time, negative beyond it. Of a paused or ended clock: as it was then. */
  readonly leftMs: number;
}

/** How a clock stands at an instant; what screens show and lists are cut by. */
export function standingOf(clock: Clock<string>, now: number): Standing {
  const at = pausedAt(clock) ?? clock.endedAt ?? now;
  const overdue = clock.state !== "cancelled" && isLate(clock.dueAt, at);
  const near = clock.state === "running" && clock.near !== null && !overdue && at >= clock.nearAt;
  return { state: clock.state, near, overdue, leftMs: clock.dueAt - at };
}

/** When the pause that lasts began (or lasted when the clock ended); null when none does. */
export function pausedAt(clock: Clock<string>): number | null {
  const last = clock.pauses.at(-1);
  return last !== undefined && last.to === null ? last.from : null;
}

/** When the pause that lasts ends by itself; null when only a move ends it, or none lasts. */
export function pausedUntil(clock: Clock<string>): number | null {
  const last = clock.pauses.at(-1);
  return clock.state === "paused" && last?.to === null ? (last.until ?? null) : null;
}

/** When `total` is used up over the running stretches; the stretch before a pause that lasts counts as open. */
function usedUpAt(
  clock: Clock<string>,
  total: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  const runs = stretches(clock);
  let left = total;
  for (const [i, [from, to]] of runs.entries()) {
    const due = reach(clock.limit, clock.startedAt, from, left, calendar);
    if (!due.ok || to === null || i === runs.length - 1 || due.value < to) return due;
    const part = spent(clock.limit, clock.startedAt, from, to, calendar);
    if (!part.ok) return part;
    left = Math.max(0, left - part.value);
  }
  throw new Error("a clock has at least one stretch");
}

function nearPoint(
  clock: Clock<string>,
  total: number,
  dueAt: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  const near = clock.near;
  if (near === null) return yes(dueAt);
  if ("usedFraction" in near) {
    const part = total * near.usedFraction;
    return usedUpAt(clock, countsDays(clock.limit) ? Math.floor(part) : Math.round(part), calendar);
  }
  const ahead = Math.round(near.hoursLeft * HOUR_MS);
  if (countsDays(clock.limit)) return yes(dueAt - ahead);
  return usedUpAt(clock, Math.max(0, total - ahead), calendar);
}

/** The stretches in which the clock ran: from the start to the first pause, between pauses, and on. */
function stretches(clock: Clock<string>): readonly (readonly [number, number | null])[] {
  const runs: [number, number | null][] = [];
  let from: number | null = clock.startedAt;
  for (const pause of clock.pauses) {
    if (from !== null) runs.push([from, pause.from]);
    from = pause.to;
  }
  if (from !== null) runs.push([from, null]);
  return runs;
}

/** `now`, or the clock's last instant when that is later. */
function after(clock: Clock<string>, now: number): number {
  const last = clock.pauses.at(-1);
  return Math.max(now, clock.startedAt, last?.to ?? last?.from ?? now);
}
