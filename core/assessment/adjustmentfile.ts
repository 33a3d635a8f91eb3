/** Reader of the bonus and penalty items 加减分项 in a rule set written as JSON. */
import { fieldsOf, listOf, type Say, wordsOf } from "../rules/problem.ts";
import {
  ADJUSTMENT_KIND_NAMES,
  ADJUSTMENT_KINDS,
  type AdjustmentItem,
  type AdjustmentKind,
  type AdjustmentRule,
} from "./adjustment.ts";
import { compare, type Fraction, fraction, parseDecimal, ZERO } from "./fraction.ts";

/** The rule out of parsed JSON; what is wrong with it is said, with its place. */
export function adjustmentRule(input: unknown, say: Say): AdjustmentRule {
  const read = fieldsOf(input, "adjustments", ["items", "mostBonus", "mostPenalty", "score"], say);
  const most = {
    bonus: points(read.mostBonus, "adjustments.mostBonus", say),
    penalty: points(read.mostPenalty, "adjustments.mostPenalty", say),
  };
  const bounds = fieldsOf(read.score, "adjustments.score", ["least", "most"], say);
  const score = {
    least: points(bounds.least, "adjustments.score.least", say),
    most: points(bounds.most, "adjustments.score.most", say),
  };
  if (compare(score.least, score.most) >= 0)
    say("adjustments.score", "得分下限应低于上限，如下限 “0”、上限 “105”");
  return { items: items(read.items, most, say), most, score };
}

function items(
  input: unknown,
  most: Readonly<Record<AdjustmentKind, Fraction>>,
  say: Say,
): readonly AdjustmentItem[] {
  const listed = listOf(input, "adjustments.items", say);
  const [keys, names] = [new Set<string>(), new Set<string>()];
  return listed.map((each, at) => {
    const path = `adjustments.items[${at}]`;
    const item = itemOf(each, path, say);
    if (keys.has(item.key)) say(`${path}.key`, `加减分项短名“${item.key}”重复`);
    if (names.has(item.name)) say(`${path}.name`, `加减分项“${item.name}”重复`);
    keys.add(item.key);
    names.add(item.name);
    if (compare(item.mostEach, item.mostPerUnit) > 0)
      say(`${path}.mostEach`, "每次最多的分不能超过本项每单位每期最多的分");
    if (compare(item.mostPerUnit, most[item.kind]) > 0)
      say(`${path}.mostPerUnit`, `本项最多的分不能超过${ADJUSTMENT_KIND_NAMES[item.kind]}合计最多的分`);
    return item;
  });
}

const FIELDS = ["key", "name", "kind", "mostEach", "mostPerUnit", "evidence", "source"] as const;

function itemOf(input: unknown, path: string, say: Say): AdjustmentItem {
  const read = fieldsOf(input, path, FIELDS, say);
  return {
    key: key(read.key, `${path}.key`, say),
    name: wordsOf(read.name, `${path}.name`, say),
    kind: kind(read.kind, `${path}.kind`, say),
    mostEach: above(read.mostEach, `${path}.mostEach`, say),
    mostPerUnit: above(read.mostPerUnit, `${path}.mostPerUnit`, say),
    evidence: wordsOf(read.evidence, `${path}.evidence`, say),
    source: wordsOf(read.source, `${path}.source`, say),
  };
}

function key(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input)) return input;
  say(path, "应为字母、数字、连字符组成的短名");
  return "";
}

function kind(input: unknown, path: string, say: Say): AdjustmentKind {
  const found = ADJUSTMENT_KINDS.find((each) => each === input);
  if (found === undefined) say(path, "应为 bonus（加分）或 penalty（减分）");
  return found ?? "bonus";
}

/** A decimal as text so that it is read exactly: "0.5"; a penalty is written without a sign. */
function points(input: unknown, path: string, say: Say): Fraction {
  const value = parseDecimal(input);
  if (value !== null && compare(value, MOST) <= 0) return value;
  say(path, "应为 0 到 1000 之间的分数，最多六位小数，如 “0.5”，减分也不写负号");
  return ZERO;
}

function above(input: unknown, path: string, say: Say): Fraction {
  const value = points(input, path, say);
  if (compare(value, ZERO) === 0) say(path, "应大于 0");
  return value;
}

const MOST = fraction(1000);
