/**
 * Score: the three rates weighted by the rule set (基础得分, 0 to 100), with the points approved for the unit (综合得分).
 * A rate that carries weight and has an empty base leaves the unit without a score: nothing is guessed for it.
 */
import { adjustedScore, type Given, type Points, pointsOf } from "./adjustment.ts";
import { QUESTIONS, type Question } from "./entry.ts";
import {
  add,
  compare,
  decimalText,
  type Fraction,
  fraction,
  MILLION,
  multiply,
  roundHalfUp,
  subtract,
  toNumber,
  ZERO,
} from "./fraction.ts";
import { ASKED, type Counts, EARNED, type Rates, ratesOf } from "./rates.ts";
import type { RuleSet } from "./ruleset.ts";

/** What one group of tickets scored. */
export interface Result {
  readonly counts: Counts;
  readonly rates: Rates;
  /** 基础得分: the weighted rates, unrounded, 0 to 100; null when a weighted rate is missing. */
  readonly basic: Fraction | null;
  /** 加减分 that count; null where the rule set has none. */
  readonly points: Fraction | null;
  /** 综合得分, unrounded: basic with the points, within the rule's bounds; null when a weighted rate is missing. */
  readonly score: Fraction | null;
}

type ScoreRules = Pick<RuleSet, "weights" | "adjustments">;

/** What these counts score; `given` are the points approved for the unit. */
export function resultOf(counts: Counts, rules: ScoreRules, given: readonly Given[] = []): Result {
  const rates = ratesOf(counts);
  const basic = scoreOf(rates, rules);
  if (rules.adjustments === undefined) return { counts, rates, basic, points: null, score: basic };
  const points = pointsOf(given, rules.adjustments);
  return { counts, rates, basic, points: points.total, score: scoreWith(basic, points, rules) };
}

function scoreWith(
  basic: Fraction | null,
  points: Points,
  rules: Pick<RuleSet, "adjustments">,
): Fraction | null {
  return basic === null ? null : adjustedScore(basic, points, rules.adjustments);
}

/** What the bounds of the score took back of the points, or gave; zero nearly always. basic + points + this = score. */
export function boundOf({ basic, points, score }: Pick<Result, "basic" | "points" | "score">): Fraction {
  return basic === null || points === null || score === null
    ? ZERO
    : subtract(subtract(score, basic), points);
}

/** Σ weight × rate × 100, unrounded; null when a weighted rate is missing. */
export function scoreOf(rates: Rates, rules: Pick<RuleSet, "weights">): Fraction | null {
  let score = ZERO;
  for (const question of QUESTIONS) {
    const weight = rules.weights[question];
    if (compare(weight, ZERO) === 0) continue;
    const rate = rates[question];
    if (rate === null) return null;
    score = add(score, multiply(multiply(weight, rate), fraction(100)));
  }
  return score;
}

/** The weighted rates that are missing, and so keep a unit from having a score. */
export function missingRates(rates: Rates, rules: Pick<RuleSet, "weights">): readonly Question[] {
  return QUESTIONS.filter(
    (question) => rates[question] === null && compare(rules.weights[question], ZERO) > 0,
  );
}

/** The score that ranks: as shown, or unrounded, as the rule set says. */
export function rankingScore(score: Fraction, rules: Pick<RuleSet, "rankBy" | "scoreDigits">): Fraction {
  return rules.rankBy === "rounded" ? roundHalfUp(score, rules.scoreDigits) : score;
}

/** "87.3"; "—" when there is no score. */
export function scoreText(score: Fraction | null, rules: Pick<RuleSet, "scoreDigits">): string {
  return score === null ? "—" : decimalText(score, rules.scoreDigits);
}

/** 基础得分 in floating point, for forecasts that draw it a hundred thousand times; never for ranking or showing. */
export function roughScoring(rules: Pick<RuleSet, "weights">): (counts: Counts) => number | null {
  const weighted = QUESTIONS.map((question) => ({
    weight: (toNumber(rules.weights[question]) * 100) / MILLION,
    base: ASKED[question],
    earned: EARNED[question],
  })).filter(({ weight }) => weight > 0);
  return (counts) => {
    let score = 0;
    for (const { weight, base, earned } of weighted) {
      if (counts[base] === 0) return null;
      score += (weight * counts[earned]) / counts[base];
    }
    return score;
  };
}
