/** Kinds of shelving 挂账类别: dated data. How long a ticket of each kind may be shelved, and how often it is looked at again. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { addDays, type Day } from "../time/day.ts";

export interface ShelvingRules {
  readonly kinds: readonly ShelvingKind[];
}

export interface ShelvingKind {
  readonly code: string;
  readonly name: string;
  /** Natural days from the application to the latest term. */
  readonly maxDays: number;
  /** Natural days between two looks. */
  readonly reviewDays: number;
}

export function parseShelvingRules(input: unknown): Parsed<Version<ShelvingRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["kinds"], say);
    const listed = listOf(body.kinds, "body.kinds", say);
    if (listed.length === 0) say("body.kinds", "应至少有一种类别");
    const kinds = listed.map((each, at) => kind(each, `body.kinds[${at}]`, say));
    if (new Set(kinds.map((each) => each.code)).size < kinds.length) say("body.kinds", "类别重复");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { kinds },
    };
  });
}

/** The next look: so many days on, but not after the term. */
export function nextReview(kind: ShelvingKind, from: Day, term: Day): Day {
  const next = addDays(from, kind.reviewDays);
  return next < term ? next : term;
}

/** Whether a term is later than today and within what the kind allows. */
export function isTermAllowed(kind: ShelvingKind, today: Day, term: Day): boolean {
  return term > today && term <= addDays(today, kind.maxDays);
}

function kind(input: unknown, path: string, say: Say): ShelvingKind {
  const read = fieldsOf(input, path, ["code", "name", "maxDays", "reviewDays"], say);
  const days = (value: unknown, where: string): number => {
    if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 3660) return value;
    say(where, "应为 1 到 3660 的整数（天）");
    return 1;
  };
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    name: wordsOf(read.name, `${path}.name`, say),
    maxDays: days(read.maxDays, `${path}.maxDays`),
    reviewDays: days(read.reviewDays, `${path}.reviewDays`),
  };
}
