/**
 * 催办时刻. Which step of the ladder a clock comes to next, and at which instant outside the quiet hours.
 *
 * A step is made once for a clock. Steps whose time has come together (a worker that was off, a night) are one urge: the
 * gravest. What lies before a step that was made is not made any more, so a clock whose due time moves later goes on
 * from where it was, and one that moves earlier skips what was overtaken.
 */
import { CLOCKS, type ClockKind } from "../deadline/kind.ts";
import type { Level } from "../deadline/level.ts";
import { timeMs } from "../deadline/limit.ts";
import type { Version } from "../rules/effective.ts";
import { addWorkdays, type Calendar, isWorkday } from "../time/calendar.ts";
import { addDays, DAY_MS, dayOf, HOUR_MS, msOfDay, startOfDay } from "../time/day.ts";
import type { Ladder, LadderStep, Quiet } from "./ladder.ts";

export interface UrgedClock {
  readonly kind: ClockKind;
  readonly level: Level;
  /** Equal to the due time where the rule names no near point. */
  readonly nearAt: number;
  readonly dueAt: number;
  /** Ids of steps made already. */
  readonly made: ReadonlySet<string>;
}

export interface NextStep {
  readonly step: LadderStep;
  /** When the ladder says. */
  readonly nominalAt: number;
  /** The same, or the first instant after it that is not quiet. */
  readonly fireAt: number;
}

/** The longest row of days off in a year, and more: past it an instant is taken as it is. */
const MOST_QUIET_DAYS = 40;

/** The next step of a running clock; null when the ladder has no more for it. */
export function nextStep(
  ladder: Version<Ladder>,
  clock: UrgedClock,
  now: number,
  calendar: Calendar,
): NextStep | null {
  const { steps, quiet, lapseHours } = ladder.body;
  const rungs = steps
    .filter((step) => fits(step, clock))
    .flatMap((step) => {
      const nominalAt = nominalOf(step, clock, calendar);
      return nominalAt === null ? [] : [{ step, nominalAt }];
    })
    .sort((a, b) => a.nominalAt - b.nominalAt);
  const last = rungs.findLastIndex(({ step }) => clock.made.has(step.id));
  // A ladder does not reach behind its own first day, nor further back than what is worth telling.
  const ahead = rungs
    .slice(last + 1)
    .filter(({ nominalAt }) => nominalAt >= startOfDay(ladder.from))
    .map((rung) => ({ ...rung, fireAt: allowedFrom(quiet, clock, rung.nominalAt, calendar) }))
    .filter(({ fireAt }) => fireAt >= now - lapseHours * HOUR_MS);
  const [first] = ahead;
  if (first === undefined) return null;
  const together = Math.max(first.fireAt, now);
  return ahead.findLast((rung) => rung.fireAt <= together) ?? first;
}

/** The instant itself, or the first after it at which those who owe this clock's answer may be disturbed. */
export function allowedFrom(
  quiet: readonly Quiet[],
  clock: Pick<UrgedClock, "level" | "kind">,
  at: number,
  calendar: Calendar,
): number {
  const { owed } = CLOCKS[clock.kind];
  const rows = quiet.filter((row) => row.levels.includes(clock.level) && row.owed.includes(owed));
  let allowed = at;
  for (let i = 0; i < MOST_QUIET_DAYS; i += 1) {
    const later = rows.reduce((from, row) => Math.max(from, endOfQuiet(row, allowed, calendar)), allowed);
    if (later === allowed) return allowed;
    allowed = later;
  }
  return allowed;
}

/** When the quiet that holds an instant ends; the instant itself where none does. */
function endOfQuiet(row: Quiet, at: number, calendar: Calendar): number {
  const day = dayOf(at);
  const [from, to, ms] = [timeMs(row.from), timeMs(row.to), msOfDay(at)];
  // A year whose calendar is not published is not guessed: its days are not quiet.
  const work = isWorkday(calendar, day);
  if (row.offDays && work.ok && !work.value) return startOfDay(addDays(day, 1));
  if (from <= to) return ms >= from && ms < to ? startOfDay(day) + to : at;
  if (ms < to) return startOfDay(day) + to;
  return ms >= from ? startOfDay(addDays(day, 1)) + to : at;
}

function fits(step: LadderStep, clock: UrgedClock): boolean {
  const { level, clock: kinds } = step.when;
  if (level !== undefined && !level.includes(clock.level)) return false;
  return kinds === undefined || kinds.includes(clock.kind);
}

/** Null where the clock has no such point, or the calendar of the day is not published. */
function nominalOf({ at }: LadderStep, clock: UrgedClock, calendar: Calendar): number | null {
  if (at === "near") return clock.nearAt < clock.dueAt ? clock.nearAt : null;
  if (at === "due") return clock.dueAt;
  if ("beforeDue" in at) return clock.dueAt - Math.round(at.beforeDue * HOUR_MS);
  if (at.unit === "hours") return clock.dueAt + Math.round(at.overdue * HOUR_MS);
  if (at.unit === "days") return clock.dueAt + at.overdue * DAY_MS;
  const day = addWorkdays(calendar, dayOf(clock.dueAt), at.overdue);
  return day.ok ? startOfDay(day.value) + msOfDay(clock.dueAt) : null;
}
