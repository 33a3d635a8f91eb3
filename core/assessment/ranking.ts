/**
 * Ranking 排名 of units within their groups. The order in which rows arrive changes nothing:
 * rows are put in order by score, by the rule set's tie rule and last by their key, which only decides
 * who is printed first among units that share a rank.
 */
import type { Given } from "./adjustment.ts";
import { QUESTION_NAMES, type Question } from "./entry.ts";
import { add, compare, type Fraction, fraction, multiply, subtract, sumOf, ZERO } from "./fraction.ts";
import { type Counts, mergeCounts, noCounts, type Rate } from "./rates.ts";
import type { RankGroup, RuleSet, TieRule, TotalRule, Volume } from "./ruleset.ts";
import { missingRates, type Result, rankingScore, resultOf, scoreOf } from "./score.ts";

/** A unit and what was counted for it in the period. */
export interface Contender {
  /** Stable key of the unit. */
  readonly key: string;
  /** Kind of unit (街道, 镇, 委办局 …) by its code. */
  readonly kind: string;
  /** 分类 (先进类 治理类 …) that it has in the period; absent or null for none. */
  readonly unitClass?: string | null;
  /** Bonus and penalty points approved for it in the period. */
  readonly given?: readonly Given[];
  readonly counts: Counts;
}

export interface RankedUnit extends Result {
  readonly key: string;
  readonly kind: string;
  readonly unitClass: string | null;
  /** 排名 from 1; null when the unit is listed but not ranked. */
  readonly rank: number | null;
  readonly unranked: Unranked | null;
}

/** Why a unit has no rank. */
export type Unranked =
  | { readonly code: "noGroup" }
  | { readonly code: "emptyBase"; readonly missing: readonly Question[] }
  | { readonly code: "belowMinimum"; readonly of: Volume; readonly volume: number; readonly minimum: number };

export interface GroupRanking {
  /** Group name, null for units whose kind belongs to no group. */
  readonly group: string | null;
  /** Ranked units from the first on, then the unranked by key. */
  readonly units: readonly RankedUnit[];
  /** 合计 row, by the rule set's total rule. */
  readonly total: Result;
}

/** Every unit in its group, in the rule set's order of groups; groups without units are left out. */
export function ranking(contenders: readonly Contender[], rules: RuleSet): readonly GroupRanking[] {
  assertDistinct(contenders);
  const grouped = [...rules.groups, null].map((group) => ({
    group,
    members: contenders.filter((unit) => groupOf(unit, rules.groups) === group),
  }));
  return grouped
    .filter(({ members }) => members.length > 0)
    .map(({ group, members }) => rankGroup(group, members, rules));
}

/** The row under a list of units 合计: rates of all tickets together, or the mean of the units' rates. */
export function totalOf(units: readonly Result[], rules: RuleSet): Result {
  const counts = units.reduce((sum, unit) => mergeCounts(sum, unit.counts), noCounts());
  return TOTALS[rules.total](counts, units, rules);
}

/** Why the unit has no rank, in the user's words. */
export function unrankedText(reason: Unranked): string {
  if (reason.code === "noGroup") return "单位类别或分类未编入排名分组";
  if (reason.code === "belowMinimum") {
    const what = reason.of === "base" ? "有效回访" : "件数";
    return `${what} ${reason.volume}，未达到参评下限 ${reason.minimum}`;
  }
  return `${reason.missing.map((question) => QUESTION_NAMES[question]).join("、")}无有效基数`;
}

function rankGroup(group: RankGroup | null, members: readonly Contender[], rules: RuleSet): GroupRanking {
  const rows = members.map((unit) => judged(unit, group, rules));
  const running = rows
    .filter((row) => row.unranked === null)
    .sort((a, b) => before(a, b, rules) || byKey(a, b));
  const others = rows.filter((row) => row.unranked !== null).sort(byKey);
  return {
    group: group?.name ?? null,
    units: [...withRanks(running, rules), ...others],
    total: totalOf(rows, rules),
  };
}

function judged(unit: Contender, group: RankGroup | null, rules: RuleSet): RankedUnit {
  const result = resultOf(unit.counts, rules, unit.given);
  return {
    key: unit.key,
    kind: unit.kind,
    unitClass: unit.unitClass ?? null,
    ...result,
    rank: null,
    unranked: unrankedWhy(result, group, rules),
  };
}

function unrankedWhy(result: Result, group: RankGroup | null, rules: RuleSet): Unranked | null {
  if (group === null) return { code: "noGroup" };
  if (result.score === null) return { code: "emptyBase", missing: missingRates(result.rates, rules) };
  const volume = result.counts[rules.volume];
  if (volume < rules.minimumVolume) {
    return { code: "belowMinimum", of: rules.volume, volume, minimum: rules.minimumVolume };
  }
  return null;
}

/** Below zero when a goes before b, zero when they share a rank. */
function before(a: RankedUnit, b: RankedUnit, rules: RuleSet): number {
  const score = compare(scoreToRank(b, rules), scoreToRank(a, rules));
  return score || TIES[rules.ties](a.counts[rules.volume], b.counts[rules.volume]);
}

function scoreToRank(unit: RankedUnit, rules: RuleSet): Fraction {
  if (unit.score === null) throw new Error(`unit ${unit.key} has no score and cannot be ranked`);
  return rankingScore(unit.score, rules);
}

/** Order by volume among equal scores; zero shares the rank. */
const TIES: Readonly<Record<TieRule, (volumeA: number, volumeB: number) => number>> = {
  volumeDesc: (a, b) => b - a,
  volumeAsc: (a, b) => a - b,
  shared: () => 0,
  dense: () => 0,
};

function withRanks(ordered: readonly RankedUnit[], rules: RuleSet): readonly RankedUnit[] {
  const ranked: RankedUnit[] = [];
  for (const unit of ordered) {
    const last = ranked.at(-1);
    const next = rules.ties === "dense" ? (last?.rank ?? 0) + 1 : ranked.length + 1;
    const shares = last !== undefined && before(last, unit, rules) === 0;
    ranked.push({ ...unit, rank: shares ? last.rank : next });
  }
  return ranked;
}

type Total = (counts: Counts, units: readonly Result[], rules: RuleSet) => Result;
const TOTALS: Readonly<Record<TotalRule, Total>> = {
  // Points are given to units: all tickets together have none.
  pooled: (counts, _units, { weights }) => resultOf(counts, { weights }),
  mean: (counts, units, rules) => {
    const rates = {
      response: mean(units.map((unit) => unit.rates.response)),
      solution: mean(units.map((unit) => unit.rates.solution)),
      satisfaction: mean(units.map((unit) => unit.rates.satisfaction)),
    };
    const basic = scoreOf(rates, rules);
    const points = rules.adjustments === undefined ? null : meanPoints(units);
    return { counts, rates, basic, points, score: basic && points ? add(basic, points) : basic };
  },
};

/** Mean of the rates there are; a unit with an empty base is left out, not taken as zero. */
function mean(rates: readonly Rate[]): Rate {
  const known = rates.filter((rate) => rate !== null);
  if (known.length === 0) return null;
  return multiply(sumOf(known), fraction(1, known.length));
}

/** What the points moved the units' scores by, on average; units without a score are left out. */
function meanPoints(units: readonly Result[]): Fraction {
  const moved = units.flatMap(({ basic, score }) => (basic && score ? [subtract(score, basic)] : []));
  return moved.length === 0 ? ZERO : multiply(sumOf(moved), fraction(1, moved.length));
}

/** The group that a unit is ranked in: one for its kind and class before one for its kind alone; null for none. */
export function groupOf(
  { kind, unitClass }: Pick<Contender, "kind" | "unitClass">,
  groups: readonly RankGroup[],
): RankGroup | null {
  const ofKind = groups.filter((group) => group.kinds.includes(kind));
  const ofClass = ofKind.find((group) => unitClass != null && group.classes?.includes(unitClass));
  return ofClass ?? ofKind.find((group) => group.classes === undefined) ?? null;
}

function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

function assertDistinct(contenders: readonly Contender[]): void {
  const keys = new Set(contenders.map((unit) => unit.key));
  if (keys.size !== contenders.length) throw new Error("a unit stands twice in one ranking");
}
