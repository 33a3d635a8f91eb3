/** The rule sets that ship, read for the tests, and the district's with another base formula. */
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import equalFile from "../../rules/assessment/equal-30-35-35.json" with { type: "json" };
import { addDays } from "../time/day.ts";
import { adjustmentRule } from "./adjustmentfile.ts";
import { ANSWERS, QUESTIONS } from "./entry.ts";
import { inMillionths } from "./fraction.ts";
import { type Counts, EARNED, type Figure } from "./rates.ts";
import type { BlankRule, RuleSet } from "./ruleset.ts";
import { parseRuleSet } from "./rulesetfile.ts";
import type { Segment } from "./segments.ts";

export const files = { district: districtFile, equal: equalFile };
export const district = read(districtFile);
export const equal = read(equalFile);

/** One base for all three rates, 有效回访. */
export function sharedBase(blanks: BlankRule): RuleSet {
  return { ...district, base: { formula: "validCallback", blanks } };
}

/** November's days (2026-10-19 … 2026-11-18) under one rule set, or parted on the first day of each further one. */
export function november(
  first: RuleSet,
  ...further: readonly (readonly [Segment["from"], RuleSet])[]
): readonly Segment[] {
  const all: readonly (readonly [Segment["from"], RuleSet])[] = [["2026-10-19", first], ...further];
  return all.map(([from, ruleSet], at) => {
    const next = all[at + 1]?.[0];
    return { from, to: next === undefined ? "2026-11-18" : addDays(next, -1), ruleSet };
  });
}

/** Counts as given, and what their answers earn under a rule set. */
export function earning(figures: Readonly<Record<Figure, number>>, rules: RuleSet = district): Counts {
  const counts = { ...figures, responseEarned: 0, solutionEarned: 0, satisfactionEarned: 0 };
  for (const question of QUESTIONS)
    for (const answer of ANSWERS[question])
      counts[EARNED[question]] += figures[answer] * inMillionths(rules.answers[answer]);
  return counts;
}

/** Items as a rule set might have them: two of each kind, with caps that a test can reach. */
export const adjustmentsFile = {
  items: [
    {
      key: "praised",
      name: "市级通报表扬",
      kind: "bonus",
      mostEach: "1",
      mostPerUnit: "2",
      evidence: "表扬文件文号",
      source: "试用",
    },
    {
      key: "example",
      name: "典型案例入选",
      kind: "bonus",
      mostEach: "2",
      mostPerUnit: "4",
      evidence: "入选名单",
      source: "试用",
    },
    {
      key: "late",
      name: "迟报漏报",
      kind: "penalty",
      mostEach: "0.5",
      mostPerUnit: "2",
      evidence: "通报或督办单编号",
      source: "试用",
    },
    {
      key: "false",
      name: "虚假办理",
      kind: "penalty",
      mostEach: "3",
      mostPerUnit: "6",
      evidence: "核查结论",
      source: "试用",
    },
  ],
  mostBonus: "5",
  mostPenalty: "6",
  score: { least: "0", most: "105" },
};
export const someAdjustments = adjustmentRule(adjustmentsFile, (path, text) => {
  throw new Error(`${path} ${text}`);
});

function read(file: unknown): RuleSet {
  const parsed = parseRuleSet(file);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, text }) => `${path} ${text}`).join("; "));
  return parsed.value;
}
