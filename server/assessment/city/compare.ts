/**
 * 市区对照. For every unit beside one another: what the city published, what its own lines give, our reckoning at the
 * city's level and at the district's; and whether the listed differences explain the gap between them.
 */
import { decimalText, type Fraction, fraction, multiply } from "@jiesu/core/assessment/fraction.ts";
import { type GroupRanking, type RankedUnit, ranking } from "@jiesu/core/assessment/ranking.ts";
import { type Counts, countsByKey, noCounts, type Reading } from "@jiesu/core/assessment/rates.ts";
import { gapsByUnit } from "@jiesu/core/assessment/reconcile.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import type { UnitLine } from "@jiesu/core/cityresult/unitline.ts";
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import type { Shell } from "../../platform/shell.ts";
import { readUnitBook } from "../../ticket/unitbook.ts";
import { rankReport } from "../figures.ts";
import { countEntries, type UnitName, unitNames } from "../store.ts";
import { type CityFile, fileInForce, unitLinesOf } from "./filestore.ts";
import { type CityRules, cityRules, type Reconciliation, reconcile } from "./reckon.ts";
import { cityUnitNames } from "./reckonstore.ts";

/** What the city published of a unit, and which of it its own lines do not give. */
export interface Published extends UnitLine {
  readonly unlike: readonly PublishedFigure[];
}
export const PUBLISHED = ["tickets", "base", "response", "solution", "satisfaction", "score"] as const;
export type PublishedFigure = (typeof PUBLISHED)[number];

export interface ComparedUnit {
  /** Null for what belongs to no unit that we know. */
  readonly unit: UnitName | null;
  /** As the sheet writes it, where it does. */
  readonly said: string;
  readonly published: Published | null;
  /** From the city's own lines. */
  readonly lines: RankedUnit | null;
  /** Ours at the city's level. */
  readonly ours: RankedUnit | null;
  readonly district: RankedUnit | null;
  /** Lines that differ and touch this unit. */
  readonly differing: number;
  /** 有效回访 of our official figure that the lines and their differences do not give. */
  readonly unexplained: number;
}

export interface Comparison extends CityRules {
  readonly district: RuleSet;
  readonly sheet: CityFile | null;
  readonly reconciliation: Reconciliation | null;
  readonly units: readonly ComparedUnit[];
}

export async function compareLevels(shell: Shell, name: PeriodName): Promise<Comparison> {
  const rules = await cityRules(shell, name);
  const [linesFile, sheet] = await Promise.all([
    fileInForce(shell.db, name, "lines"),
    fileInForce(shell.db, name, "units"),
  ]);
  const reconciliation = linesFile ? await reconcile(shell, name) : null;
  const published = sheet ? await publishedLines(shell, sheet, rules) : [];
  const [ours, district] = await Promise.all([
    ourRanking(shell, name, rules),
    rankReport(shell, name, { scope: "assessed" }),
  ]);
  const reading: Reading = { rules: rules.ruleSet, scope: "assessed" };
  const gaps = reconciliation ? gapsByUnit(reconciliation.lines, reading) : new Map<string, never>();
  const ids = new Set([
    ...published.flatMap(({ id }) => (id === null ? [] : [id])),
    ...[...gaps.keys()].filter((id) => id !== ""),
    ...unitsOf(ours).map((unit) => unit.key),
    ...unitsOf(district.groups).map((unit) => unit.key),
  ]);
  const names = await unitNames(shell.db, [...ids]);
  const fromLines = rankedFrom(
    [...gaps].flatMap(([id, gap]) => (id === "" ? [] : [[id, gap.city] as const])),
    names,
    rules.ruleSet,
  );
  const row = (id: string, sheetLine: UnitLine | null): ComparedUnit => {
    const gap = gaps.get(id);
    const lines = fromLines.get(id) ?? null;
    const official = unitsOf(ours).find((unit) => unit.key === id) ?? null;
    return {
      unit: names.get(id) ?? null,
      said: sheetLine?.unit ?? "",
      published:
        sheetLine === null
          ? null
          : { ...sheetLine, unlike: reconciliation === null ? [] : unlike(sheetLine, lines, rules.ruleSet) },
      lines,
      ours: official,
      district: unitsOf(district.groups).find((unit) => unit.key === id) ?? null,
      differing: gap?.differing ?? 0,
      unexplained:
        reconciliation === null ? 0 : (official?.counts.base ?? 0) - (gap?.ours ?? noCounts()).base,
    };
  };
  const bySheet = new Map(published.flatMap(({ id, line }) => (id === null ? [] : [[id, line] as const])));
  const known = [...ids].map((id) => row(id, bySheet.get(id) ?? null));
  const strangers = published.flatMap(({ id, line }) => (id === null ? [row("", line)] : []));
  return {
    ...rules,
    district: district.ruleSet,
    sheet,
    reconciliation,
    units: [...known.sort(inOrder(rules.ruleSet)), ...strangers],
  };
}

/** Which published figures the city's own lines do not give, to as many digits as were published. */
function unlike(line: UnitLine, unit: RankedUnit | null, rules: RuleSet): readonly PublishedFigure[] {
  const counts = unit?.counts ?? noCounts();
  const percent = (rate: Fraction | null | undefined) => (rate ? multiply(rate, fraction(100)) : null);
  const same: Readonly<Record<PublishedFigure, boolean>> = {
    tickets: line.tickets === null || line.tickets === counts.tickets,
    base: line.base === null || line.base === counts.base,
    response: sameDecimal(line.responseRate, percent(unit?.rates.response)),
    solution: sameDecimal(line.solutionRate, percent(unit?.rates.solution)),
    satisfaction: sameDecimal(line.satisfactionRate, percent(unit?.rates.satisfaction)),
    score: sameDecimal(line.score, unit?.score ?? null, rules.scoreDigits),
  };
  return PUBLISHED.filter((figure) => !same[figure]);
}

/** Beyond so many digits a published figure is a spreadsheet's own, not a rounded one. */
const MOST_DIGITS = 4;

function sameDecimal(said: string | null, value: Fraction | null, most = MOST_DIGITS): boolean {
  if (said === null) return true;
  if (value === null) return false;
  const [whole = "0", decimals = ""] = said.split(".");
  const digits = Math.min(decimals.length, most);
  const published = fraction(BigInt(`${whole}${decimals}`), 10n ** BigInt(decimals.length));
  return decimalText(published, digits) === decimalText(value, digits);
}

/** Our ranking at the city's level; where the city has no rules of its own, by those that stand in. */
async function ourRanking(
  shell: Shell,
  name: PeriodName,
  { ruleSet, period, standIn }: CityRules,
): Promise<readonly GroupRanking[]> {
  if (!standIn) return (await rankReport(shell, name, { scope: "assessed", level: "city" })).groups;
  const entries = await countEntries(shell.db, { level: "city", ...instantsOf(period) }, "unit");
  const counts = countsByKey(entries, { rules: ruleSet, scope: "assessed" });
  const names = await unitNames(
    shell.db,
    [...counts.keys()].filter((key) => key !== ""),
  );
  const contenders = [...counts].flatMap(([key, its]) => {
    const unit = names.get(key);
    return unit ? [{ key, kind: unit.kind, counts: its }] : [];
  });
  return ranking(contenders, ruleSet);
}

function rankedFrom(
  counted: readonly (readonly [string, Counts])[],
  names: ReadonlyMap<string, UnitName>,
  rules: RuleSet,
): ReadonlyMap<string, RankedUnit> {
  const contenders = counted.map(([key, counts]) => ({ key, kind: names.get(key)?.kind ?? "", counts }));
  return new Map(unitsOf(ranking(contenders, rules)).map((unit) => [unit.key, unit]));
}

/** The sheet's lines with the unit that each means. */
async function publishedLines(shell: Shell, sheet: CityFile, { period }: CityRules) {
  const [book, learned] = await Promise.all([readUnitBook(shell.db), cityUnitNames(shell.db)]);
  const seen = new Set<string>();
  return (await unitLinesOf(shell.db, sheet.id)).map((line) => {
    const found = learned.get(line.unit) ?? book.find(line.unit, period.to);
    // Two names of one unit: the second is shown as it is, not added to the first.
    const id = found === null || seen.has(found) ? null : found;
    if (id !== null) seen.add(id);
    return { id, line };
  });
}

const unitsOf = (groups: readonly GroupRanking[]): readonly RankedUnit[] =>
  groups.flatMap(({ units }) => units);

/** By the group that ranks the unit, the city's rank, then ours, then the name. */
function inOrder({ groups }: RuleSet): (a: ComparedUnit, b: ComparedUnit) => number {
  const group = ({ unit }: ComparedUnit): number => {
    const at = groups.findIndex(({ kinds }) => kinds.includes(unit?.kind ?? ""));
    return at < 0 ? groups.length : at;
  };
  const rank = (unit: ComparedUnit): number =>
    unit.published?.rank ?? unit.lines?.rank ?? unit.ours?.rank ?? Number.MAX_SAFE_INTEGER;
  return (a, b) =>
    group(a) - group(b) || rank(a) - rank(b) || (a.unit?.name ?? "").localeCompare(b.unit?.name ?? "", "zh");
}
