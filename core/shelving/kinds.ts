/**
 * Kinds of shelving 挂账类别: dated data. How long a ticket of each kind may be shelved, how often it is looked at again, how much
 * longer it may be kept when that is asked for; and the limit of the shelf clock, which is the approved term and no other.
 */
import type { Grant } from "../deadline/clock.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import type { ShelfTerm } from "../ticket/moves.ts";
import { addDays, type Day, dayOf, daysBetween } from "../time/day.ts";

export interface ShelvingRules {
  readonly kinds: readonly ShelvingKind[];
  /** 临期: so many days before the term the shelf clock is near due. */
  readonly nearDays: number;
}

export interface ShelvingKind {
  readonly code: string;
  readonly name: string;
  /** Natural days from the application to the latest term. */
  readonly maxDays: number;
  /** Natural days between two looks. */
  readonly reviewDays: number;
  /** 延长销账期限: how often, and by how many natural days each time. */
  readonly extendTimes: number;
  readonly extendDays: number;
}

export function parseShelvingRules(input: unknown): Parsed<Version<ShelvingRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["kinds", "nearDays"], say);
    const listed = listOf(body.kinds, "body.kinds", say);
    if (listed.length === 0) say("body.kinds", "应至少有一种类别");
    const kinds = listed.map((each, at) => kind(each, `body.kinds[${at}]`, say));
    if (new Set(kinds.map((each) => each.code)).size < kinds.length) say("body.kinds", "类别重复");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { kinds, nearDays: countIn(body.nearDays, "body.nearDays", 1, say) },
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

/** Whether a term asked for instead of an approved one is later than that, and not by more than the kind allows. */
export function isExtensionAllowed(kind: ShelvingKind, term: Day, asked: Day): boolean {
  return asked > term && asked <= addDays(term, kind.extendDays);
}

/** The limit of a shelf clock that began at that instant: to the end of the term's last day. */
export function termGrant({ day, nearDays, rule }: ShelfTerm, startedAt: number): Grant {
  const amount = Math.max(0, daysBetween(dayOf(startedAt), day));
  return { limit: { unit: "days", amount }, near: { hoursLeft: 24 * nearDays }, rule, decided: true };
}

function kind(input: unknown, path: string, say: Say): ShelvingKind {
  const read = fieldsOf(
    input,
    path,
    ["code", "name", "maxDays", "reviewDays", "extendTimes", "extendDays"],
    say,
  );
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    name: wordsOf(read.name, `${path}.name`, say),
    maxDays: countIn(read.maxDays, `${path}.maxDays`, 1, say),
    reviewDays: countIn(read.reviewDays, `${path}.reviewDays`, 1, say),
    extendTimes: countIn(read.extendTimes, `${path}.extendTimes`, 0, say),
    extendDays: countIn(read.extendDays, `${path}.extendDays`, 1, say),
  };
}

function countIn(value: unknown, path: string, least: number, say: Say): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= 3660) return value;
  say(path, `应为 ${least} 到 3660 的整数`);
  return least;
}
