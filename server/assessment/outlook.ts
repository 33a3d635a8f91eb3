/**
 * 测算的数据. Loads what the core's forecast needs: this period until now, the same rest of past periods, what is open. Past
 * periods are cut at the same day of the period, by when their callbacks were made; they are read once a day and kept.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type ChosenRules, choosePeriod, settingsOf } from "@jiesu/core/assessment/choice.ts";
import type { StatScope } from "@jiesu/core/assessment/entry.ts";
import { atLevel, type Level, parseKeptKey } from "@jiesu/core/assessment/level.ts";
import { noCounts, type Reading } from "@jiesu/core/assessment/rates.ts";
import { countsOver, readingsOf, startsOf } from "@jiesu/core/assessment/segments.ts";
import type { PastPeriod } from "@jiesu/core/outlook/calibration.ts";
import type { Expected, Tallied, UnitSoFar } from "@jiesu/core/outlook/forecast.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { addDays, type Day, dayOf, daysBetween, startOfDay } from "@jiesu/core/time/day.ts";
import { instantsOf, type Period, type PeriodName, previousPeriod } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Shell } from "../platform/shell.ts";
import { type Asked, refuseRules } from "./figures.ts";
import type { Calibration, Reckoned, Work } from "./outlookwork.ts";
import { rulebook } from "./rulebook.ts";
import { segmentAt, type UnitName, unitNames } from "./store.ts";
import { factsOf } from "./unitfacts.ts";

/** Past periods that are looked at: the last twelve are calibrated on, each by those before it. */
const PAST = 15;
/** A period is calibrated on when so many before it are known. */
const NEEDS = 3;
const ROUNDS = 400;

export interface OutlookReport extends ChosenRules {
  readonly period: Period;
  readonly scope: StatScope;
  /** Last day that is certain. */
  readonly until: Day;
  readonly expected: readonly Expected[];
  readonly names: ReadonlyMap<string, UnitName>;
  /** What the same forecast was worth in past periods; null when too few are known. */
  readonly calibration: Calibration | null;
}

/** Where every unit's score and rank will stand when the period ends, with its spread. */
export async function outlookReport(shell: Shell, name: PeriodName, asked: Asked): Promise<OutlookReport> {
  const level = asked.level ?? "district";
  const chosen =
    choosePeriod(await rulebook(shell, level), shell.rules.periods, name, asked.rules) ??
    refuseRules(asked.rules);
  const { ruleSet: rules, segments, period } = chosen;
  const readings = readingsOf(segments, asked.scope);
  const reading: Reading = { rules, scope: asked.scope };
  const now = shell.now();
  const until = dayOf(Math.min(now, startOfDay(period.to)));
  const periods = [period];
  const settings = settingsOf(rules, shell.rules.periods);
  while (periods.length <= PAST) periods.push(previousPeriod(settings, periods.at(-1) ?? period));
  const cut = daysBetween(period.from, until);
  const [facts, cells, byCategory, open] = await Promise.all([
    factsOf(shell.db, level, period),
    cellsOf(shell, level, periods, cut, now, startsOf(segments)),
    categoriesOf(shell, level, periods.slice(1, 4)),
    openOf(shell),
  ]);
  const names = await unitNames(shell.db, [...new Set(cells.flatMap((each) => [...each.keys()]))]);
  const kindOf = (key: string): string => names.get(key)?.kind ?? "";
  const outlookAt = (at: number) => ({
    units: [...(cells[at]?.keys() ?? [])].map((key) => ({
      ...unitSoFar(key, kindOf(key), at, cells, {
        open: at === 0 ? (open.get(key) ?? new Map()) : new Map(),
        // Past periods are forecast, and held against their end, by the rules that this one ends under.
        readings: at === 0 ? readings : [reading],
      }),
      ...(at === 0 ? { unitClass: facts.classes.get(key) ?? null, given: facts.given.get(key) ?? [] } : {}),
    })),
    byCategory,
    rules,
    reading,
  });
  const known = cells.filter((each) => each.size > 0).length;
  const past = periods.slice(1, Math.max(1, known - NEEDS)).map(
    ({ name: past }, n): PastPeriod => ({
      name: past,
      outlook: outlookAt(n + 1),
      ended: new Map([...(cells[n + 1] ?? [])].map(([key, { early, late }]) => [key, [...early, ...late]])),
    }),
  );
  const { expected, calibration } = await reckon(
    [level, asked.scope, ...segments.map((each) => each.ruleSet.name), period.name, until].join(" "),
    { outlook: { ...outlookAt(0), seed: `${period.name} ${level} ${until}`, rounds: ROUNDS }, past },
  );
  return { ...chosen, period, scope: asked.scope, until, names, expected, calibration };
}

/** The forecast out of its thread; the calibration is reckoned once for a day, the past does not change by the minute. */
async function reckon(key: string, work: Omit<Work, "known">): Promise<Reckoned> {
  const known = CALIBRATED.get(key) ?? null;
  const workerData: Work = { ...work, past: known ? [] : work.past, known };
  const thread = new Worker(new URL("./outlookthread.ts", import.meta.url), { workerData });
  const [done] = await once(thread, "message");
  const reckoned: Reckoned = done;
  if (CALIBRATED.size > MOST_KEPT) CALIBRATED.clear();
  if (reckoned.calibration) CALIBRATED.set(key, reckoned.calibration);
  return reckoned;
}
const CALIBRATED = new Map<string, Calibration>();
const MOST_KEPT = 50;

/** One unit's entries of one period, answered (or still without an answer) before the cut, and after it. */
interface Cut {
  readonly early: readonly (Tallied & { readonly segment: number })[];
  readonly late: readonly Tallied[];
}

function unitSoFar(
  key: string,
  kind: string,
  at: number,
  cells: readonly ReadonlyMap<string, Cut>[],
  { open, readings }: Pick<UnitSoFar, "open"> & { readonly readings: readonly Reading[] },
): UnitSoFar {
  const older = cells.slice(at + 1).filter((each) => each.size > 0);
  const now = cells[at]?.get(key)?.early ?? [];
  return {
    key,
    kind,
    now,
    sofar:
      countsOver(
        now.map((each) => ({ ...each, key })),
        readings,
      ).get(key) ?? noCounts(),
    past: older.flatMap((each) => [...(each.get(key)?.early ?? []), ...(each.get(key)?.late ?? [])]),
    restOfPast: older
      .slice(0, 12)
      .map((each) =>
        (each.get(key)?.late ?? []).reduce((sum, { entry, times }) => sum + (entry.valid ? times : 0), 0),
      ),
    open,
  };
}

/** For each period, newest first, each unit's entries cut at the same day of the period. */
async function cellsOf(
  shell: Shell,
  level: Level,
  periods: readonly Period[],
  cut: number,
  now: number,
  starts: readonly Day[],
): Promise<readonly ReadonlyMap<string, Cut>[]> {
  const spans = periods.map((period, n) => {
    const { fromAt, beforeAt } = instantsOf(period);
    const cutAt = n === 0 ? now : Math.min(beforeAt, startOfDay(addDays(period.from, cut + 1)));
    return { n, fromAt: new Date(fromAt), beforeAt: new Date(beforeAt), cutAt: new Date(cutAt) };
  });
  const { rows } = await sql<CellRow>`
    with span (n, from_at, before_at, cut_at) as (
      values ${sql.join(spans.map((s) => sql`(${s.n}::int, ${s.fromAt}::timestamptz, ${s.beforeAt}::timestamptz, ${s.cutAt}::timestamptz)`))})
    select s.n, r.unit_id::text as unit, coalesce(c.at, r.counted_at) < s.cut_at as early, ${segmentAt(starts)} as segment,
           tally_cell(r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied) as cell,
           count(*)::text as times
      from span s
      join result r on r.counted_at >= s.from_at and r.counted_at < s.before_at and not r.void and r.unit_id is not null
      left join lateral (
        select max(at) as at from callback
         where r.source is not null and ticket_id = r.ticket_id and round = r.round and source = r.source and outcome = 'answered') c on true
     group by 1, 2, 3, 4, 5`.execute(shell.db);
  return spans.map(({ n }) => {
    const units = new Map<string, { early: (Tallied & { segment: number })[]; late: Tallied[] }>();
    for (const row of rows) {
      if (row.n !== n) continue;
      const entry = atLevel(parseKeptKey(row.cell), level);
      const unit = units.get(row.unit) ?? { early: [], late: [] };
      units.set(row.unit, unit);
      const times = Number(row.times);
      if (row.early) unit.early.push({ entry, times, segment: row.segment });
      else unit.late.push({ entry, times });
    }
    return units;
  });
}

interface CellRow {
  readonly n: number;
  readonly unit: string;
  readonly early: boolean;
  readonly segment: number;
  readonly cell: string;
  readonly times: string;
}

/** How entries of each category turned out in these periods, over all units. */
async function categoriesOf(shell: Shell, level: Level, periods: readonly Period[]) {
  const [last, first] = [periods[0], periods.at(-1)];
  const byCategory = new Map<string, Tallied[]>();
  if (!last || !first) return byCategory;
  const { rows } = await sql<{ category: string; cell: string; times: string }>`
    select t.category1 as category,
           tally_cell(r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied) as cell, count(*)::text as times
      from result r join ticket t on t.id = r.ticket_id
     where r.counted_at >= ${new Date(instantsOf(first).fromAt)} and r.counted_at < ${new Date(instantsOf(last).beforeAt)} and not r.void
     group by 1, 2`.execute(shell.db);
  for (const row of rows) {
    const entry = atLevel(parseKeptKey(row.cell), level);
    byCategory.set(row.category, [
      ...(byCategory.get(row.category) ?? []),
      { entry, times: Number(row.times) },
    ]);
  }
  return byCategory;
}

/** Open tickets of each unit by category. */
async function openOf(shell: Shell): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
  const { rows } = await sql<{ unit: string; category: string; times: string }>`
    select lead_unit_id::text as unit, category1 as category, count(*)::text as times
      from ticket where state = any(${OPEN_STATES}::text[]) and lead_unit_id is not null group by 1, 2`.execute(
    shell.db,
  );
  const units = new Map<string, Map<string, number>>();
  for (const { unit, category, times } of rows) {
    const mine = units.get(unit) ?? new Map<string, number>();
    units.set(unit, mine.set(category, Number(times)));
  }
  return units;
}
