/**
 * 考核周期的检查与预览. What a version of period settings would move: which periods get other limits, how many counted tickets come into
 * which other period, and what of it binds backwards. A closed period (封账) is moved by nobody.
 */

import type { Problem } from "@jiesu/core/rules/problem.ts";
import { addDays, type Day, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import {
  type DayRange,
  doneDays,
  nameAfter,
  namesBetween,
  orderProblems,
  type PeriodName,
  type PeriodSettings,
  parsePeriodName,
  parsePeriodSettings,
  periodNamed,
  periodOn,
} from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import { familiesOf, rulesInForce } from "../platform/rulesinforce.ts";
import type { PeriodPreview } from "./shape.ts";

/** As PeriodPreview has it, with days that are days. */
interface Previewed extends z.infer<typeof PeriodPreview> {
  readonly changed: Changed[];
  readonly moves: Move[];
}

interface Changed {
  readonly name: PeriodName;
  readonly before: DayRange;
  readonly after: DayRange;
  readonly doneBefore: DayRange;
  readonly doneAfter: DayRange;
}

interface Move {
  readonly from: PeriodName;
  readonly to: PeriodName;
  days: DayRange;
  tickets: number;
}

/** A family as it stands, and with the draft among its versions. */
interface Both {
  readonly before: PeriodSettings | null;
  readonly after: PeriodSettings;
}

/** What is wrong with a version among the others of its family, beside what its own reading says. */
export async function periodProblems(
  db: Db,
  files: Rules,
  draft: PeriodSettings,
  now: number,
): Promise<readonly Problem[]> {
  const { before, after } = await bothOf(db, files, draft, now);
  const problems = [...orderProblems(after, namesAround(draft, now))];
  if (before === null) return problems;
  if (versionsIn(before).some((version) => version.from === draft.from))
    problems.push({ path: "from", text: `${draft.from} 已有一版“${draft.name}”，请另定施行日` });
  for (const name of await closedNames(db)) {
    const [was, would] = [limitsOf(before, name), limitsOf(after, name)];
    if (same(was.days, would.days) && same(was.done, would.done)) continue;
    const first = periodNamed(before, nameAfter(name, 1)).from;
    problems.push({
      path: "from",
      text: `考核期 ${name} 已封账（${text(was.days)}），起止日和办结不能再变；请把施行日改到 ${first} 之后开始的考核期`,
    });
  }
  return problems;
}

/** What the version would move; the same look is taken when it is put in force. */
export async function periodPreview(
  db: Db,
  files: Rules,
  draft: PeriodSettings,
  now: number,
): Promise<Previewed> {
  const { before, after } = await bothOf(db, files, draft, now);
  if (before === null) return { changed: [], moves: [], tickets: 0, backwards: null };
  const names = namesAround(draft, now);
  const changed = names.flatMap((name) => {
    const [was, would] = [limitsOf(before, name), limitsOf(after, name)];
    return same(was.days, would.days) && same(was.done, would.done)
      ? []
      : [{ name, before: was.days, after: would.days, doneBefore: was.done, doneAfter: would.done }];
  });
  const moves = await movesBetween(db, before, after, changed);
  const tickets = moves.reduce((sum, each) => sum + each.tickets, 0);
  return { changed, moves, tickets, backwards: backwardsOf(changed, moves, dayOf(now)) };
}

/** The settings of a version, in the words of the screen. */
export function settingsInWords(
  body: Readonly<Record<string, unknown>>,
): readonly (readonly [string, string])[] {
  const read = parsePeriodSettings({ source: "—", ...body });
  if (!read.ok) return [];
  const { startDay, reportAt, doneDay } = read.value;
  const overrides = Array.isArray(body.overrides) ? body.overrides : [];
  return [
    ["每期起始日", startDay === 1 ? "当月 1 日（自然月）" : `上月 ${startDay} 日`],
    ["日报截止时刻", reportAt],
    [
      "办结起计日",
      doneDay === undefined ? "与考核期相同" : doneDay === 1 ? "当月 1 日" : `上月 ${doneDay} 日`,
    ],
    ...overrides.map((each): readonly [string, string] => {
      const { period, from, to } = Object(each);
      return [`考核期 ${String(period)}`, `${String(from)} 至 ${String(to)}`];
    }),
  ];
}

async function bothOf(db: Db, files: Rules, draft: PeriodSettings, now: number): Promise<Both> {
  const { periods } = await rulesInForce(db, files, now);
  const before = periods.find((each) => each.name === draft.name) ?? null;
  const [after] = familiesOf([...(before === null ? [] : [before]), draft]);
  if (after === undefined) throw new Error("a family of one version at least");
  return { before, after };
}

/** The periods that a version may touch and somebody looks at: those around its first day, up to some months from now. */
function namesAround(draft: PeriodSettings, now: number): readonly PeriodName[] {
  const first = periodOn(draft, draft.from ?? dayOf(now)).name;
  const written = Object.keys(draft.starts).flatMap((key) => parsePeriodName(key) ?? []);
  const last = [periodOn(draft, dayOf(now)).name, first, ...written].toSorted().at(-1) ?? first;
  return namesBetween(nameAfter(first, -MONTHS_BEFORE), nameAfter(last, MONTHS_AHEAD)).slice(0, MOST_PERIODS);
}

const MONTHS_BEFORE = 2;
const MONTHS_AHEAD = 3;
const MOST_PERIODS = 60;

async function closedNames(db: Db): Promise<readonly PeriodName[]> {
  const rows = await db.selectFrom("closing").select("period").distinct().orderBy("period").execute();
  return rows.flatMap((row) => parsePeriodName(row.period) ?? []);
}

/** Counted rounds by the day that they count on, drawn together where the days go from one period to the same other. */
async function movesBetween(
  db: Db,
  before: PeriodSettings,
  after: PeriodSettings,
  changed: readonly Changed[],
): Promise<Move[]> {
  const days = changed
    .flatMap((each) => [each.before.from, each.before.to, each.after.from, each.after.to])
    .toSorted();
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { rows } = await sql<{ day: string; n: number }>`
    select to_char(counted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day, count(*)::int as n
      from result where counted_at >= ${new Date(startOfDay(first))} and counted_at < ${new Date(startOfDay(addDays(last, 1)))}
       and not void group by 1`.execute(db);
  const counted = new Map(rows.map((row) => [row.day, row.n]));
  const moves: Move[] = [];
  for (let day: Day = first; day <= last; day = addDays(day, 1)) {
    const [from, to] = [periodOn(before, day).name, periodOn(after, day).name];
    if (from === to) continue;
    const tickets = counted.get(day) ?? 0;
    const open = moves.at(-1);
    if (open && open.from === from && open.to === to && addDays(open.days.to, 1) === day) {
      open.days = { ...open.days, to: day };
      open.tickets += tickets;
    } else moves.push({ from, to, days: { from: day, to: day }, tickets });
  }
  return moves;
}

/** Days that are past and come into another period, or count in another period's 办结, in words; null where only days to come do. */
function backwardsOf(changed: readonly Changed[], moves: readonly Move[], today: Day): string | null {
  const past = ({ from, to }: DayRange) => ({ from, to: to < today ? to : addDays(today, -1) });
  const differs = (a: DayRange, b: DayRange) => (a.from < today || b.from < today) && !same(past(a), past(b));
  const begun = changed.filter(
    (each) => differs(each.before, each.after) || differs(each.doneBefore, each.doneAfter),
  );
  if (begun.length === 0) return null;
  const moved = moves.filter((move) => move.days.from < today && move.tickets > 0);
  const words = moved.map(
    ({ days, tickets, from, to }) => `${text(days)} 的 ${tickets} 件由 ${from} 改计入 ${to}`,
  );
  return `考核期 ${begun.map((each) => each.name).join("、")} 已经开始、尚未封账，起止日或办结将倒推改变${
    moved.length === 0 ? "，没有工单因此改计期次" : `：${words.join("；")}`
  }。`;
}

const limitsOf = (settings: PeriodSettings, name: PeriodName) => {
  const { from, to } = periodNamed(settings, name);
  return { days: { from, to }, done: doneDays(settings, name) };
};

function versionsIn({ before, ...version }: PeriodSettings): readonly PeriodSettings[] {
  return before === undefined ? [version] : [...versionsIn(before), version];
}

const same = (a: DayRange, b: DayRange): boolean => a.from === b.from && a.to === b.to;
const text = ({ from, to }: DayRange): string => (from === to ? from : `${from} 至 ${to}`);
