/**
 * 考核数字. Loads counts and asks the core for rates, scores and ranks; nothing is reckoned here.
 * Both the screens and the command line get their figures from these functions.
 */
import {
  type ChosenRules,
  chooseDays,
  choosePeriod,
  chooseRuleSet,
  settingsOf,
} from "@jiesu/core/assessment/choice.ts";
import { frozenContenders, frozenGiven } from "@jiesu/core/assessment/closed.ts";
import type { Population } from "@jiesu/core/assessment/density.ts";
import { ALL_CELLS, type StatScope } from "@jiesu/core/assessment/entry.ts";
import { fraction } from "@jiesu/core/assessment/fraction.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import { type Measure, measureOf } from "@jiesu/core/assessment/measures.ts";
import {
  type Contender,
  type GroupRanking,
  groupOf,
  ranking,
  totalOf,
} from "@jiesu/core/assessment/ranking.ts";
import {
  type Counts,
  type Figure,
  isCounted,
  mergeCounts,
  noCounts,
  type Reading,
  rateText,
} from "@jiesu/core/assessment/rates.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { type Result, resultOf } from "@jiesu/core/assessment/score.ts";
import { countsOver, readingsOf, type Segment, startsOf } from "@jiesu/core/assessment/segments.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import {
  type DayRange,
  doneDays,
  instantsOf,
  type Period,
  type PeriodName,
  periodOn,
  previousPeriod,
} from "@jiesu/core/time/period.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { type Closed, closedPeriod } from "./frozen.ts";
import { countFrozen, listFrozen } from "./frozenlines.ts";
import { rulebook } from "./rulebook.ts";
import {
  countEntries,
  countOnTime,
  type Extent,
  type Grouping,
  type KindsCounted,
  type LedgerLine,
  type LineKey,
  listLines,
  type UnitName,
  unitNames,
} from "./store.ts";
import { allUnits, classesOn, factsOf } from "./unitfacts.ts";

addWordings({
  "no-rule-set": {
    status: 422,
    zh: (r) => (typeof r.name === "string" ? `没有名为“${r.name}”的考核规则。` : "尚无考核规则。"),
  },
  "no-measure": { status: 422, zh: () => "指标目录中没有这一项。" },
  "measure-of-items": {
    status: 422,
    zh: () => "加减分由逐项批准的记录构成，不由工单构成；请到“考核 → 加减分”查看各项。",
  },
  "days-reversed": { status: 422, zh: () => "起始日不能晚于截止日。" },
});

/** What is asked for: the statistical scope, and a rule set other than the one in force. */
export interface Asked {
  readonly scope: StatScope;
  readonly rules?: string | undefined;
  /** 区级 when not said. */
  readonly level?: Level | undefined;
}

/** A person of a unit sees that unit alone; null sees all. */
export type OwnUnit = string | null;

export interface KeyedResult extends Result {
  readonly key: string;
  /** The unit, where rows are units. */
  readonly unit: UnitName | null;
}

export interface RatesReport extends ChosenRules {
  readonly range: DayRange;
  readonly scope: StatScope;
  /** All tickets together, whatever the rows are. */
  readonly total: Result;
  /** By key; the busiest first. */
  readonly rows: readonly KeyedResult[];
}

/** Three rates over a period or a range of days, in all and by unit, street or category. */
export async function ratesReport(
  shell: Shell,
  time: PeriodName | DayRange,
  by: Grouping | null,
  asked: Asked,
  ownUnit: OwnUnit,
): Promise<RatesReport> {
  const { range, done: _done, ...chosen } = await chooseFor(shell, time, asked);
  const extent = extentOf(range, ownUnit, asked, chosen);
  const counts = await countsBy(shell, extent, by, readingsOf(chosen.segments, asked.scope));
  const names =
    by === "unit"
      ? await unitNames(
          shell.db,
          [...counts.keys()].filter((key) => key !== ""),
        )
      : new Map<string, UnitName>();
  const all = [...counts.values()].reduce(mergeCounts, noCounts());
  const rows = [...counts].map(([key, each]) => ({
    key,
    unit: names.get(key) ?? null,
    ...resultOf(each, chosen.ruleSet),
  }));
  return {
    ...chosen,
    range,
    scope: asked.scope,
    total: resultOf(all, chosen.ruleSet),
    rows:
      by === null ? [] : rows.sort((a, b) => b.counts.tickets - a.counts.tickets || (a.key < b.key ? -1 : 1)),
  };
}

export interface RankReport extends ChosenRules {
  /** Reckoned from the frozen copy of a closed period. */
  readonly closed: boolean;
  readonly period: Period;
  readonly scope: StatScope;
  readonly groups: readonly GroupRanking[];
  /** All listed units together, by the rule set's total rule; reckoned when it is asked for, which the ranking's page never does. */
  readonly total: Result;
  readonly names: ReadonlyMap<string, UnitName>;
  /** 常住人口 of the period's year, of the units where it is known. */
  readonly populations: ReadonlyMap<string, Population>;
}

/** 排名 of one period, by group. Units without a ticket in the period are not listed. */
export async function rankReport(
  shell: Shell,
  period: PeriodName,
  asked: Asked,
  group?: string,
): Promise<RankReport> {
  const { chosen, contenders, names, populations, closed } = await contendersOf(shell, period, asked);
  const ranked = ranking(contenders, chosen.ruleSet);
  const groups = group === undefined ? ranked : ranked.filter((each) => each.group === group);
  return {
    ...chosen,
    closed: closed !== null,
    scope: asked.scope,
    groups,
    get total() {
      return totalOf(
        groups.flatMap((each) => each.units),
        chosen.ruleSet,
      );
    },
    names,
    populations,
  };
}

/** Every unit with tickets in a period and what was counted for it; a ticket without a unit is in no unit's count. */
export async function contendersOf(shell: Shell, period: PeriodName, asked: Asked) {
  // What does not wait for one another is asked for at once: a ranking is looked at all day.
  const [closed, book, periods, all] = await Promise.all([
    closingOf(shell, period, asked),
    rulebook(shell, asked.level ?? "district"),
    periodsInForce(shell),
    unitNames(shell.db, null),
  ]);
  if (closed !== null) return contendersThen(closed, asked.scope);
  const chosen = choosePeriod(book, periods, period, asked.rules) ?? refuseRules(asked.rules);
  const extent = extentOf(chosen.period, null, asked, chosen);
  const [counts, facts] = await Promise.all([
    countsBy(shell, extent, "unit", readingsOf(chosen.segments, asked.scope)),
    factsOf(shell.db, asked.level ?? "district", chosen.period),
  ]);
  const keys = [...counts.keys()].filter((key) => key !== "");
  const unknown = keys.filter((key) => !all.has(key)); // made since: hardly ever
  const names = new Map([...all, ...(await unitNames(shell.db, unknown))].filter(([key]) => counts.has(key)));
  const contenders = keys.map((key): Contender => {
    const name = names.get(key);
    const its = counts.get(key);
    if (!name || !its) throw new Error(`a counted unit has no name: ${key}`);
    return {
      key,
      kind: name.kind,
      unitClass: facts.classes.get(key) ?? null,
      given: facts.given.get(key) ?? [],
      counts: its,
    };
  });
  return { chosen, contenders, names, populations: facts.populations, given: facts.given, closed };
}

/** Those of a closed period, from its frozen copy: as they were called and counted then. */
function contendersThen(closed: Closed, scope: StatScope) {
  const { frozen, ruleSet, segments, period } = closed;
  const contenders = frozenContenders(frozen, segments, scope);
  const names = new Map(
    frozen.units.map(({ id, name, shortName, kind }) => [id, { id, name, shortName, kind }]),
  );
  const populations = new Map(
    frozen.units.flatMap(({ id, population }) => (population ? [[id, population] as const] : [])),
  );
  const chosen = { ruleSet, segments, period, trial: false };
  return { chosen, contenders, names, populations, given: frozenGiven(frozen), closed };
}

/** Which tickets are opened: those of a measure in a period, narrowed to a unit, a group, a street or a category. */
export interface Opened extends Asked {
  readonly measure: string;
  readonly unitId?: string | undefined;
  readonly group?: string | undefined;
  readonly street?: string | undefined;
  readonly category?: string | undefined;
}

export interface OpenedTickets extends ChosenRules {
  readonly range: DayRange;
  readonly measure: Measure;
  /** How the tickets of each segment are read. */
  readonly readings: readonly Reading[];
  /** How many there are in all. */
  readonly count: number;
  readonly lines: readonly LedgerLine[];
  /** From the frozen copy of a closed period. */
  readonly closed: boolean;
}

/** The tickets that a figure counts, exactly those, newest first. */
export async function openFigure(
  shell: Shell,
  time: PeriodName | DayRange,
  opened: Opened,
  ownUnit: OwnUnit,
  page: { readonly limit: number; readonly after: LineKey | null },
): Promise<OpenedTickets> {
  // Another unit's tickets are answered like tickets that do not exist.
  if (ownUnit !== null && opened.unitId !== undefined && opened.unitId !== ownUnit)
    throw new Refused({ code: "not-found" });
  // A closing that did not freeze yet what the clocks said leaves it to be read as it stands.
  const found = await closingOf(shell, time, opened);
  const closed = judgedOf(opened.measure) && found?.frozen.onTime === undefined ? null : found;
  if (closed !== null)
    return openFrozen(shell, closed, { ...opened, unitId: ownUnit ?? opened.unitId }, page);
  const { range: days, done, ...chosen } = await chooseFor(shell, time, opened);
  const { measure, opens } = openable(opened.measure, chosen.segments);
  const range = judgedOf(measure.key) ? done : days;
  const extent: Extent = {
    ...extentOf(range, ownUnit ?? opened.unitId ?? null, opened, chosen),
    ...(await membersOf(shell, opened.group, chosen.ruleSet, days.from)),
    street: opened.street,
    category: opened.category,
    reportedOrDueBy: judgedOf(measure.key) ? shell.now() : undefined,
    late: judgedOf(measure.key) === "late",
  };
  const readings = readingsOf(chosen.segments, opened.scope);
  const [counts, lines] = await Promise.all([
    countsBy(shell, extent, null, readings),
    listLines(shell.db, extent, kindsCounted(opens, readings), page.limit, page.after),
  ]);
  const count = counts.get("")?.[opens] ?? 0;
  return { ...chosen, range, measure, readings, count, lines, closed: false };
}

/** The closing that a question is answered from; none where another rule set or mere days are asked for. */
async function closingOf(shell: Shell, time: PeriodName | DayRange, asked: Asked): Promise<Closed | null> {
  if (typeof time !== "string" || asked.rules !== undefined) return null;
  return closedPeriod(shell.db, asked.level ?? "district", time);
}

/** Which rounds a measure of the clocks is about: all that can be judged, or the late ones. */
const judgedOf = (measure: string): "all" | "late" | undefined =>
  measure === "onTime" ? "all" : measure === "late" ? "late" : undefined;

async function openFrozen(
  shell: Shell,
  closed: Closed,
  opened: Opened,
  page: { readonly limit: number; readonly after: LineKey | null },
): Promise<OpenedTickets> {
  const { frozen, ruleSet, segments, period } = closed;
  const { measure, opens } = openable(opened.measure, segments);
  const readings = readingsOf(segments, opened.scope);
  const kinds = kindsCounted(opens, readings);
  const unitIds =
    opened.group === undefined
      ? undefined
      : frozen.units
          .filter((unit) => groupOf(unit, ruleSet.groups)?.name === opened.group)
          .map(({ id }) => id);
  const narrowed = { ...opened, unitIds, judged: judgedOf(measure.key) };
  const count = await countFrozen(shell.db, closed, narrowed, kinds);
  const lines = await listFrozen(shell.db, closed, narrowed, kinds, page.limit, page.after);
  const chosen = { ruleSet, segments, trial: false };
  const range = narrowed.judged ? (frozen.doneDays ?? period) : period;
  return { ...chosen, range, measure, readings, count, lines, closed: true };
}

/** The kinds of entry that a figure counts, one list a segment. */
function kindsCounted(figure: Figure, readings: readonly Reading[]): KindsCounted {
  return readings.map((reading) => ALL_CELLS.filter((entry) => isCounted(entry, figure, reading)));
}

export interface OnTime {
  readonly unitId: string;
  readonly due: number;
  readonly onTime: number;
  /** "96.4%", "—". */
  readonly text: string;
}

/** frozen: as it was closed. unfrozen: closed before this was frozen too, so it is read as it stands. */
export const ON_TIME_STANDS = ["live", "frozen", "unfrozen"] as const;
export interface OnTimeReport {
  readonly stands: (typeof ON_TIME_STANDS)[number];
  readonly rows: readonly OnTime[];
}

/** 按期办结率 of every unit in a period; of a closed one as the clocks stood at the closing. */
export async function onTimeReport(
  shell: Shell,
  period: PeriodName,
  asked: Asked,
  ownUnit: OwnUnit,
): Promise<OnTimeReport> {
  const closed = await closingOf(shell, period, asked);
  if (closed?.frozen.onTime !== undefined) {
    const its = closed.frozen.onTime.filter((each) => each.scope === asked.scope);
    const seen = its.filter((each) => ownUnit === null || each.unitId === ownUnit);
    return { stands: "frozen", rows: seen.map((each) => onTimeIn(each, closed.ruleSet)) };
  }
  const { ruleSet, segments, done } = await chooseFor(shell, period, asked);
  const counted = await onTimeNow(shell.db, shell.now(), segments, done, asked, ownUnit);
  return {
    stands: closed === null ? "live" : "unfrozen",
    rows: counted.map((each) => onTimeIn(each, ruleSet)),
  };
}

/** What the clocks say of each unit's rounds at an instant. */
export function onTimeNow(
  db: Db,
  at: number,
  segments: readonly Segment[],
  range: DayRange,
  asked: Asked,
  ownUnit: OwnUnit,
) {
  const kinds = kindsCounted("tickets", readingsOf(segments, asked.scope));
  return countOnTime(db, { ...extentOf(range, ownUnit, asked, { segments }), reportedOrDueBy: at }, kinds);
}

function onTimeIn({ unitId, due, onTime }: Omit<OnTime, "text">, rules: RuleSet): OnTime {
  const text = rateText(due === 0 ? null : fraction(onTime, due), rules.rateDigits);
  return { unitId, due, onTime, text };
}

/** The period that a moment falls in, under the rule set in force then. */
export async function currentPeriod(shell: Shell, level: Level = "district"): Promise<Period> {
  const today = dayOf(shell.now());
  const { ruleSet } = chooseRuleSet(await rulebook(shell, level), today) ?? refuseRules(undefined);
  return periodOn(settingsOf(ruleSet, await periodsInForce(shell)), today);
}

/** The current period and those before it, the latest first. */
export async function recentPeriods(shell: Shell, count: number): Promise<readonly Period[]> {
  const { ruleSet } =
    chooseRuleSet(await rulebook(shell, "district"), dayOf(shell.now())) ?? refuseRules(undefined);
  const settings = settingsOf(ruleSet, await periodsInForce(shell));
  const periods = [periodOn(settings, dayOf(shell.now()))];
  for (let last = periods[0]; last !== undefined && periods.length < count; last = periods.at(-1))
    periods.push(previousPeriod(settings, last));
  return periods;
}

/** The versions that a period falls under, or those it was closed under. */
export async function segmentsFor(
  shell: Shell,
  period: PeriodName,
  asked: Asked,
): Promise<readonly Segment[]> {
  return ((await closingOf(shell, period, asked)) ?? (await chooseFor(shell, period, asked))).segments;
}

/** The versions, the days, and the days whose tickets count in 办结. */
async function chooseFor(
  shell: Shell,
  time: PeriodName | DayRange,
  { rules: name, level = "district" }: Asked,
): Promise<ChosenRules & { readonly range: DayRange; readonly done: DayRange }> {
  const book = await rulebook(shell, level);
  if (typeof time === "string") {
    const settings = await periodsInForce(shell);
    const chosen = choosePeriod(book, settings, time, name) ?? refuseRules(name);
    // A period has one way of being cut, whatever versions part it.
    const done = doneDays(settingsOf(chosen.ruleSet, settings), time);
    return { ...chosen, range: chosen.period, done };
  }
  if (time.from > time.to) throw new Refused({ code: "days-reversed" });
  return { ...(chooseDays(book, time, name) ?? refuseRules(name)), range: time, done: time };
}

async function countsBy(
  shell: Shell,
  extent: Extent,
  by: Grouping | null,
  readings: readonly Reading[],
): Promise<ReadonlyMap<string, Counts>> {
  return countsOver(await countEntries(shell.db, extent, by), readings);
}

function extentOf(
  range: DayRange,
  unitId: OwnUnit,
  { level = "district" }: Pick<Asked, "level">,
  { segments }: Pick<ChosenRules, "segments">,
): Extent {
  const starts = startsOf(segments);
  return { level, ...instantsOf(range), starts, ...(unitId === null ? {} : { unitId }) };
}

/** The measure and the figure whose tickets it opens into. */
function openable(
  key: string,
  segments: readonly Segment[],
): { readonly measure: Measure; readonly opens: Figure } {
  const measure = measureOf(key, segments);
  if (measure === null) throw new Refused({ code: "no-measure" });
  if (measure.opens === "items") throw new Refused({ code: "measure-of-items" });
  return { measure, opens: measure.opens };
}

/** What narrows an extent to a group: its kinds, and where classes part the groups, its units on that day. */
async function membersOf(
  shell: Shell,
  group: string | undefined,
  rules: RuleSet,
  day: Day,
): Promise<Pick<Extent, "kinds" | "unitIds">> {
  if (group === undefined) return {};
  if (rules.groups.every((each) => each.classes === undefined))
    return { kinds: rules.groups.find((each) => each.name === group)?.kinds ?? [] };
  const [units, classes] = await Promise.all([allUnits(shell.db), classesOn(shell.db, day)]);
  const within = units.filter(
    ({ id, kind }) => groupOf({ kind, unitClass: classes.get(id) ?? null }, rules.groups)?.name === group,
  );
  return { unitIds: within.map(({ id }) => id) };
}

export function refuseRules(name: string | undefined): never {
  throw new Refused({ code: "no-rule-set", ...(name === undefined ? {} : { name }) });
}
