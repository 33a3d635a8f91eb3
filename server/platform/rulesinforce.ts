/**
 * 生效的规则. The files under rules/ and, beside them, the calendars, limits, periods and ladders that were entered on screen and put in
 * force (table dated_rule): what a clock and a figure are reckoned by. Asked inside the transaction that uses it, so every process
 * follows at once; the rows never change once in force, so their number says whether what was read still holds.
 */
import { type DeadlineRules, parseDeadlineRules } from "@jiesu/core/deadline/rules.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import { type CalendarYear, calendarOf, parseCalendarYear } from "@jiesu/core/time/calendar.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import { type PeriodSettings, parsePeriodSettings, versionsTogether } from "@jiesu/core/time/period.ts";
import type { Ladder } from "@jiesu/core/urging/ladder.ts";
import { parseLadder } from "@jiesu/core/urging/ladderfile.ts";
import type { Db } from "./db/open.ts";
import type { Rules } from "./rules.ts";
import type { Shell } from "./shell.ts";

export interface EnteredCalendar {
  readonly from: Day;
  readonly year: CalendarYear;
}

interface Entered {
  readonly calendars: readonly EnteredCalendar[];
  readonly deadlines: readonly Version<DeadlineRules>[];
  readonly periods: readonly PeriodSettings[];
  readonly urgings: readonly Version<Ladder>[];
}

interface Kept {
  readonly rows: string;
  readonly day: Day;
  readonly rules: Rules;
}

/** By the rules of the files: one shell has one of these. */
const kept = new WeakMap<Rules, Kept>();

/** The rules as they are in force at an instant: calendars begun by then, limits of every day they are dated. */
export async function rulesInForce(tx: Db, files: Rules, at: number): Promise<Rules> {
  const day = dayOf(at);
  const { n: rows } = await tx
    .selectFrom("dated_rule")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("status", "=", "inForce")
    .executeTakeFirstOrThrow();
  if (rows === "0") return files;
  const before = kept.get(files);
  if (before?.rows === rows && before.day === day) return before.rules;
  const entered = await readEntered(tx);
  const rules = withEntered(files, entered, day);
  kept.set(files, { rows, day, rules });
  return rules;
}

/** The files' rules with what was entered laid over: a year's last calendar begun by `day`, and every version of limits. */
export function withEntered(files: Rules, entered: Entered, day: Day): Rules {
  const years = new Map(files.calendarYears.map((year) => [year.year, year]));
  for (const { from, year } of entered.calendars) if (from <= day) years.set(year.year, year);
  return {
    ...files,
    calendarYears: [...years.values()],
    calendar: calendarOf([...years.values()]),
    deadlines: [...files.deadlines, ...entered.deadlines],
    periods: familiesOf([...files.periods, ...entered.periods]),
    urgings: [...files.urgings, ...entered.urgings],
  };
}

/** Period settings by their name, the versions of each drawn together. */
export function familiesOf(versions: readonly PeriodSettings[]): readonly PeriodSettings[] {
  return [...Map.groupBy(versions, (each) => each.name).values()].flatMap(
    (its) => versionsTogether(its) ?? [],
  );
}

/** The period settings in force, by name: what every figure of a period is cut by. */
export async function periodsInForce(
  shell: Pick<Shell, "db" | "rules" | "now">,
): Promise<readonly PeriodSettings[]> {
  return (await rulesInForce(shell.db, shell.rules, shell.now())).periods;
}

/** Every row in force, the earliest day first. */
export async function readEntered(db: Db): Promise<Entered> {
  const rows = await db
    .selectFrom("dated_rule")
    .select(["name", "kind", "from_day", "body", "approved_name"])
    .where("status", "=", "inForce")
    .orderBy("from_day")
    .orderBy("approved_at")
    .execute();
  return {
    calendars: rows
      .filter((row) => row.kind === "calendar")
      .map((row) => ({ from: dayIn(row.from_day), year: read(parseCalendarYear(row.body), row.name) })),
    deadlines: rows
      .filter((row) => row.kind === "deadline")
      .map((row) => ({
        ...read(parseDeadlineRules(row.body), row.name),
        approvedBy: row.approved_name ?? "",
      })),
    periods: rows
      .filter((row) => row.kind === "period")
      .map((row) => read(parsePeriodSettings(row.body), row.name)),
    urgings: rows
      .filter((row) => row.kind === "urging")
      .map((row) => ({ ...read(parseLadder(row.body), row.name), approvedBy: row.approved_name ?? "" })),
  };
}

/** What was checked before it was kept. Throws when it does not read. */
function read<T>(parsed: { ok: true; value: T } | { ok: false; problems: unknown }, name: string): T {
  if (!parsed.ok) throw new Error(`dated rule ${name} does not read: ${JSON.stringify(parsed.problems)}`);
  return parsed.value;
}

function dayIn(text: string): Day {
  return dayOf(Date.parse(`${text}T00:00:00+08:00`));
}
