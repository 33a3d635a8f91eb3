/**
 * Reader of a rule set 考核规则 written as JSON. It takes nothing on trust: what is missing, misspelt or
 * contradictory comes back as a list of problems in the words of the person who edits the rules.
 */
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { adjustmentRule } from "./adjustmentfile.ts";
import {
  ANSWERS,
  type Answer,
  ENTRY_SCOPES,
  type EntryScope,
  QUESTION_NAMES,
  QUESTIONS,
  type Question,
  STAT_SCOPES,
  type StatScope,
} from "./entry.ts";
import { add, compare, type Fraction, ONE, parseDecimal, ZERO } from "./fraction.ts";
import { LEVELS } from "./level.ts";
import {
  BASE_FORMULAS,
  type BaseRule,
  BINDINGS,
  BLANK_RULES,
  RANK_BY,
  type RankGroup,
  RULE_SET_STATUSES,
  type RuleSet,
  TIE_RULES,
  TOTAL_RULES,
  VOLUMES,
} from "./ruleset.ts";

/** A rule set out of parsed JSON, or everything that is wrong with it. */
export function parseRuleSet(input: unknown): Parsed<RuleSet> {
  return parsed((say) => {
    const top = fieldsOf(input, "", TOP_FIELDS, say);
    const score = fieldsOf(top.score, "score", ["digits", "rankBy"], say);
    return {
      name: code(top.name, "name", say),
      title: wordsOf(top.title, "title", say),
      status: oneOf(top.status, RULE_SET_STATUSES, "status", say),
      level: top.level === undefined ? "district" : oneOf(top.level, LEVELS, "level", say),
      from: dayIn(top.from, "from", say),
      // Rule sets written before there was a choice bind by the period.
      binds: top.binds === undefined ? "period" : oneOf(top.binds, BINDINGS, "binds", say),
      source: wordsOf(top.source, "source", say),
      approvedBy: wordsOf(top.approvedBy, "approvedBy", say),
      period: code(top.period, "period", say),
      base: base(top.base, say),
      answers: answers(top.answers, say),
      scopes: scopes(top.scopes, say),
      weights: weights(top.weights, say),
      rateDigits: whole(fieldsOf(top.rate, "rate", ["digits"], say).digits, "rate.digits", 6, say),
      scoreDigits: whole(score.digits, "score.digits", 6, say),
      rankBy: oneOf(score.rankBy, RANK_BY, "score.rankBy", say),
      volume: oneOf(top.volume, VOLUMES, "volume", say),
      minimumVolume: whole(top.minimumVolume, "minimumVolume", 1_000_000, say),
      ties: oneOf(top.ties, TIE_RULES, "ties", say),
      groups: groups(top.groups, say),
      total: oneOf(top.total, TOTAL_RULES, "total", say),
      ...(top.adjustments === undefined ? {} : { adjustments: adjustmentRule(top.adjustments, say) }),
    };
  });
}

const TOP_FIELDS = [
  "name",
  "title",
  "status",
  "level",
  "from",
  "binds",
  "source",
  "approvedBy",
  "period",
  "base",
  "answers",
  "scopes",
  "weights",
  "rate",
  "score",
  "volume",
  "minimumVolume",
  "ties",
  "groups",
  "total",
  "adjustments",
] as const;

function base(input: unknown, say: Say): BaseRule {
  const read = fieldsOf(input, "base", ["formula", "blanks"], say);
  const formula = oneOf(read.formula, BASE_FORMULAS, "base.formula", say);
  if (formula === "validCallback") {
    return { formula, blanks: oneOf(read.blanks, BLANK_RULES, "base.blanks", say) };
  }
  if (read.blanks !== undefined) say("base.blanks", "按题分别计基数时不需要此项，请删除");
  return { formula };
}

function answers(input: unknown, say: Say): Record<Answer, Fraction> {
  const read = fieldsOf(input, "answers", QUESTIONS, say);
  return {
    ...worths(read.response, "response", ANSWERS.response, say),
    ...worths(read.solution, "solution", ANSWERS.solution, say),
    ...worths(read.satisfaction, "satisfaction", ANSWERS.satisfaction, say),
  };
}

/** Worth of each answer to one question; a worse answer may not be worth more than a better one. */
function worths<A extends Answer>(
  input: unknown,
  question: Question,
  best: readonly A[],
  say: Say,
): Record<A, Fraction> {
  const path = `answers.${question}`;
  const read = fieldsOf(input, path, best, say);
  const pairs = best.map((answer): [A, Fraction] => [answer, share(read[answer], `${path}.${answer}`, say)]);
  for (const [index, [answer, value]] of pairs.entries()) {
    const better = pairs[index - 1];
    if (better && compare(value, better[1]) > 0) {
      say(`${path}.${answer}`, `${QUESTION_NAMES[question]}中较差的答复，分值不得高于较好的答复`);
    }
  }
  return Object.fromEntries(pairs) as Record<A, Fraction>;
}

function scopes(input: unknown, say: Say): Record<StatScope, Record<EntryScope, readonly Question[]>> {
  const read = fieldsOf(input, "scopes", STAT_SCOPES, say);
  return { all: scope(read.all, "scopes.all", say), assessed: scope(read.assessed, "scopes.assessed", say) };
}

function scope(input: unknown, path: string, say: Say): Record<EntryScope, readonly Question[]> {
  const read = fieldsOf(input, path, ENTRY_SCOPES, say);
  return {
    full: questions(read.full, `${path}.full`, say),
    responseOnly: questions(read.responseOnly, `${path}.responseOnly`, say),
    exempt: questions(read.exempt, `${path}.exempt`, say),
  };
}

function questions(input: unknown, path: string, say: Say): readonly Question[] {
  const listed = listOf(input, path, say);
  const known = QUESTIONS.filter((question) => listed.includes(question));
  if (known.length !== listed.length) {
    say(path, `应为计入哪些率的列表，只能从 ${QUESTIONS.join("、")} 中选，且不重复`);
  }
  return known;
}

function weights(input: unknown, say: Say): Record<Question, Fraction> {
  const read = fieldsOf(input, "weights", QUESTIONS, say);
  const weight: Record<Question, Fraction> = {
    response: share(read.response, "weights.response", say),
    solution: share(read.solution, "weights.solution", say),
    satisfaction: share(read.satisfaction, "weights.satisfaction", say),
  };
  const sum = QUESTIONS.map((question) => weight[question]).reduce(add, ZERO);
  if (compare(sum, ONE) !== 0) say("weights", "三项权重之和应为 1");
  return weight;
}

function groups(input: unknown, say: Say): readonly RankGroup[] {
  const listed = listOf(input, "groups", say);
  if (listed.length === 0) say("groups", "应至少有一个排名分组");
  const names = new Set<string>();
  const taken = new Set<string>();
  return listed.map((each, index) => {
    const path = `groups[${index}]`;
    const read = fieldsOf(each, path, ["name", "kinds", "classes"], say);
    const name = wordsOf(read.name, `${path}.name`, say);
    if (names.has(name)) say(`${path}.name`, `分组“${name}”重复`);
    names.add(name);
    const given = listOf(read.kinds, `${path}.kinds`, say);
    if (given.length === 0) say(`${path}.kinds`, "应列出本组的单位类别");
    const kinds = given.map((kind, at) => code(kind, `${path}.kinds[${at}]`, say));
    const classes = read.classes === undefined ? undefined : classesOf(read.classes, `${path}.classes`, say);
    for (const kind of kinds)
      for (const place of classes?.map((each) => `${kind}（${each}）`) ?? [kind]) {
        if (taken.has(place)) say(`${path}.kinds`, `单位类别“${place}”只能编入一个分组`);
        taken.add(place);
      }
    return classes === undefined ? { name, kinds } : { name, kinds, classes };
  });
}

function classesOf(input: unknown, path: string, say: Say): readonly string[] {
  const given = listOf(input, path, say);
  if (given.length === 0) say(path, "应列出本组的分类（如 治理类）；不按分类编组的，请删去此项");
  return given.map((each, at) => wordsOf(each, `${path}[${at}]`, say));
}

function oneOf<T extends string>(input: unknown, allowed: readonly [T, ...T[]], path: string, say: Say): T {
  const found = allowed.find((each) => each === input);
  if (found === undefined) say(path, `应为 ${allowed.join("、")} 之一`);
  return found ?? allowed[0];
}

/** A decimal from 0 to 1, as text so that it is read exactly: "0.9". */
function share(input: unknown, path: string, say: Say): Fraction {
  const value = parseDecimal(input);
  if (value === null || compare(value, ONE) > 0) {
    say(path, "应为 0 到 1 之间的小数，最多六位，如 “0.9”");
    return ZERO;
  }
  return value;
}

function whole(input: unknown, path: string, most: number, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 0 && input <= most) return input;
  say(path, `应为 0 到 ${most} 的整数`);
  return 0;
}

function code(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input)) return input;
  say(path, "应为字母、数字、连字符组成的短名");
  return "";
}
