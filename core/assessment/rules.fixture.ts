/** The rule sets that ship, read for the tests, and the district's with another base formula. */
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import equalFile from "../../rules/assessment/equal-30-35-35.json" with { type: "json" };
import { adjustmentRule } from "./adjustmentfile.ts";
import type { BlankRule, RuleSet } from "./ruleset.ts";
import { parseRuleSet } from "./rulesetfile.ts";

export const files = { district: districtFile, equal: equalFile };
export const district = read(districtFile);
export const equal = read(equalFile);

/** One base for all three rates, 有效回访. */
export function sharedBase(blanks: BlankRule): RuleSet {
  return { ...district, base: { formula: "validCallback", blanks } };
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
