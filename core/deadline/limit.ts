/**
 * 时限的数法. How an amount of time is counted: by hours, natural days, workdays or working hours.
 *
 * hours      自然小时: elapsed time.
 * days       自然日: due at 23:59:59 of the day, the day of the start not counted (次日起算).
 * workdays   工作日: the same over workdays; due at 23:59:59 of the last one.
 * workHours  工作小时: time inside the working periods of workdays; several periods a day.
 *
 * Time used is measured in milliseconds by the hour units and in whole days by the day units. A day is used when its
 * midnight has passed; so a pause moves a day clock by the midnights (of workdays) that passed during it, and a pause
 * inside one day moves it not at all.
 */
import { type Answer, yes } from "../answer.ts";
import {
  addWorkdays,
  type Calendar,
  type CalendarUnpublished,
  isWorkday,
  workdaysBetween,
} from "../time/calendar.ts";
import {
  addDays,
  type Day,
  dayOf,
  daysBetween,
  endOfDay,
  HOUR_MS,
  laterDay,
  MINUTE_MS,
  msOfDay,
  startOfDay,
} from "../time/day.ts";

/** 上班时段, "08:30" … "12:00"; the end may be "24:00". */
export interface WorkPeriod {
  readonly from: string;
  readonly to: string;
}

export type Limit =
  | { readonly unit: "hours"; readonly amount: number }
  | { readonly unit: "days" | "workdays"; readonly amount: number; readonly cutoff?: string }
  | { readonly unit: "workHours"; readonly amount: number; readonly periods: readonly WorkPeriod[] };

/** Whether the unit counts whole days (to 23:59:59) or time (in milliseconds). */
export function countsDays(limit: Limit): limit is Limit & { readonly unit: "days" | "workdays" } {
  return limit.unit === "days" || limit.unit === "workdays";
}

/** The limit's measure of an amount in its own unit: days, or milliseconds of hours. */
export function measureOf(limit: Limit, amount: number): number {
  return countsDays(limit) ? amount : Math.round(amount * HOUR_MS);
}

/**
 * The day from which a day limit counts, itself not counted: the day of the start, or the day after when the start
 * is at or after the cut-off hour (截单时刻), which makes the deadline one counted day later at most.
 */
export function countedFrom(limit: Limit & { readonly cutoff?: string }, startedAt: number): Day {
  const day = dayOf(startedAt);
  return limit.cutoff !== undefined && msOfDay(startedAt) >= timeMs(limit.cutoff) ? addDays(day, 1) : day;
}

/** When `left` (days or ms) is used up, running from `since`. */
export function reach(
  limit: Limit,
  startedAt: number,
  since: number,
  left: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  switch (limit.unit) {
    case "hours":
      return yes(since + left);
    case "days":
      return yes(endOfDay(addDays(laterDay(countedFrom(limit, startedAt), dayOf(since)), left)));
    case "workdays": {
      const day = addWorkdays(calendar, laterDay(countedFrom(limit, startedAt), dayOf(since)), left);
      return day.ok ? yes(endOfDay(day.value)) : day;
    }
    case "workHours":
      return reachWorking(limit.periods, since, left, calendar);
  }
}

/** How much (days or ms) a stretch from `since` to `until` uses up. */
export function spent(
  limit: Limit,
  startedAt: number,
  since: number,
  until: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  switch (limit.unit) {
    case "hours":
      return yes(Math.max(0, until - since));
    case "days":
      return yes(
        Math.max(0, daysBetween(laterDay(countedFrom(limit, startedAt), dayOf(since)), dayOf(until))),
      );
    case "workdays":
      return workdaysBetween(calendar, laterDay(countedFrom(limit, startedAt), dayOf(since)), dayOf(until));
    case "workHours":
      return spentWorking(limit.periods, since, until, calendar);
  }
}

/**
 * An extension granted in one unit, told in another, for when the unit of a running clock changes: a day is 24
 * hours, or the working hours of one day; what does not come out in whole days is rounded up, never taken away.
 */
export function convertAmount(from: Limit, to: Limit, amount: number): number {
  if (countsDays(from) === countsDays(to)) return amount;
  const hoursADay = periodHours(from) ?? periodHours(to) ?? 24;
  return countsDays(to) ? Math.ceil(amount / hoursADay) : amount * hoursADay;
}

/** Milliseconds since midnight of "HH:MM"; "24:00" is the end of the day. Throws on anything else. */
export function timeMs(time: string): number {
  const m = /^(\d{2}):(\d{2})$/.exec(time);
  const ms = m ? Number(m[1]) * HOUR_MS + Number(m[2]) * MINUTE_MS : Number.NaN;
  if (!m || Number(m[2]) > 59 || ms > 24 * HOUR_MS) throw new Error(`not a time of day: ${time}`);
  return ms;
}

/** Due at the end of a period stays at that end: 17:30, not 08:30 of the next workday. */
function reachWorking(
  periods: readonly WorkPeriod[],
  since: number,
  left: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  if (periods.length === 0) throw new Error("working hours without a working period");
  let rest = left;
  for (let day = dayOf(since); ; day = addDays(day, 1)) {
    const spans = spansOf(periods, day, calendar);
    if (!spans.ok) return spans;
    for (const span of spans.value) {
      const from = Math.max(span.from, since);
      if (from > span.to || (from === span.to && rest > 0)) continue;
      if (from + rest <= span.to) return yes(from + rest);
      rest -= span.to - from;
    }
  }
}

function spentWorking(
  periods: readonly WorkPeriod[],
  since: number,
  until: number,
  calendar: Calendar,
): Answer<number, CalendarUnpublished> {
  let sum = 0;
  for (let day = dayOf(since); startOfDay(day) < until; day = addDays(day, 1)) {
    const spans = spansOf(periods, day, calendar);
    if (!spans.ok) return spans;
    for (const { from, to } of spans.value) sum += Math.max(0, Math.min(to, until) - Math.max(from, since));
  }
  return yes(sum);
}

function spansOf(
  periods: readonly WorkPeriod[],
  day: Day,
  calendar: Calendar,
): Answer<readonly { readonly from: number; readonly to: number }[], CalendarUnpublished> {
  const work = isWorkday(calendar, day);
  if (!work.ok) return work;
  if (!work.value) return yes([]);
  const midnight = startOfDay(day);
  return yes(periods.map((p) => ({ from: midnight + timeMs(p.from), to: midnight + timeMs(p.to) })));
}

function periodHours(limit: Limit): number | null {
  if (limit.unit !== "workHours") return null;
  return limit.periods.reduce((sum, p) => sum + timeMs(p.to) - timeMs(p.from), 0) / HOUR_MS;
}
