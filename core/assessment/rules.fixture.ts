/** The rule sets that ship, read for the tests, and the district's with another base formula. */
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import equalFile from "../../rules/assessment/equal-30-35-35.json" with { type: "json" };
import type { BlankRule, RuleSet } from "./ruleset.ts";
import { parseRuleSet } from "./rulesetfile.ts";

export const files = { district: districtFile, equal: equalFile };
export const district = read(districtFile);
export const equal = read(equalFile);

/** One base for all three rates, 有效回访. */
export function sharedBase(blanks: BlankRule): RuleSet {
  return { ...district, base: { formula: "validCallback", blanks } };
}

function read(file: unknown): RuleSet {
  const parsed = parseRuleSet(file);
  if (!parsed.ok) throw new Error(parsed.problems.map(({ path, text }) => `${path} ${text}`).join("; "));
  return parsed.value;
}
