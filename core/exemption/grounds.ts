/**
 * Grounds of exemption 不纳入考核情形: dated data. Each ground has its evidence checklist, who decides it, and what it does to the
 * ticket's scope; all of them share a window in which the unit may apply and one for appeals.
 */
import type { EntryScope } from "../assessment/entry.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";

export interface ExemptionRules {
  /** Natural days after the day the round counts on, that day not counted; until the end of the last. */
  readonly windowDays: number;
  /** Natural days after a refusal or denial in which the unit may appeal, once. */
  readonly appealDays: number;
  /** Natural days after the application in which the centre reviews it 审核时限. */
  readonly reviewDays: number;
  /** From so many days before a unit's last day for applying it is reminded. */
  readonly remindDays: number;
  readonly grounds: readonly Ground[];
}

export interface Ground {
  readonly code: string;
  readonly name: string;
  /** What the ticket counts in once it is upheld: 仅响应率 or 不纳入. */
  readonly scope: Exclude<EntryScope, "full">;
  /** city: the centre passes it on and the city rules 认定/查否. centre: the district rules, for its own level alone. */
  readonly decidedBy: "city" | "centre";
  /** Whether the unit must have spoken with the requester. */
  readonly needsContact: boolean;
  readonly evidence: readonly EvidenceKind[];
}

export interface EvidenceKind {
  readonly kind: string;
  readonly name: string;
  readonly required: boolean;
}

export function parseExemptionRules(input: unknown): Parsed<Version<ExemptionRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(
      top.body,
      "body",
      ["windowDays", "appealDays", "reviewDays", "remindDays", "grounds"],
      say,
    );
    const listed = listOf(body.grounds, "body.grounds", say);
    if (listed.length === 0) say("body.grounds", "应至少有一种情形");
    const grounds = listed.map((each, at) => ground(each, `body.grounds[${at}]`, say));
    for (const code of repeated(grounds.map((each) => each.code))) say("body.grounds", `情形“${code}”重复`);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        windowDays: days(body.windowDays, "body.windowDays", say),
        appealDays: days(body.appealDays, "body.appealDays", say),
        reviewDays: days(body.reviewDays, "body.reviewDays", say),
        remindDays: days(body.remindDays, "body.remindDays", say),
        grounds,
      },
    };
  });
}

export function groundOf(rules: ExemptionRules, code: string): Ground | null {
  return rules.grounds.find((each) => each.code === code) ?? null;
}

function ground(input: unknown, path: string, say: Say): Ground {
  const read = fieldsOf(input, path, ["code", "name", "scope", "decidedBy", "needsContact", "evidence"], say);
  const evidence = listOf(read.evidence, `${path}.evidence`, say).map((each, at) => {
    const where = `${path}.evidence[${at}]`;
    const one = fieldsOf(each, where, ["kind", "name", "required"], say);
    return {
      kind: wordsOf(one.kind, `${where}.kind`, say),
      name: wordsOf(one.name, `${where}.name`, say),
      required: flag(one.required, `${where}.required`, say),
    };
  });
  for (const kind of repeated(evidence.map((each) => each.kind)))
    say(`${path}.evidence`, `佐证“${kind}”重复`);
  if (read.scope !== "exempt" && read.scope !== "responseOnly")
    say(`${path}.scope`, "应为 exempt 或 responseOnly");
  if (read.decidedBy !== "city" && read.decidedBy !== "centre")
    say(`${path}.decidedBy`, "应为 city 或 centre");
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    name: wordsOf(read.name, `${path}.name`, say),
    scope: read.scope === "responseOnly" ? "responseOnly" : "exempt",
    decidedBy: read.decidedBy === "centre" ? "centre" : "city",
    needsContact: flag(read.needsContact, `${path}.needsContact`, say),
    evidence,
  };
}

function days(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1 && input <= 366) return input;
  say(path, "应为 1 到 366 的整数（天）");
  return 1;
}

function flag(input: unknown, path: string, say: Say): boolean {
  if (typeof input !== "boolean") say(path, "应为 true 或 false");
  return input === true;
}

function repeated(words: readonly string[]): readonly string[] {
  return [...new Set(words.filter((word, at) => words.indexOf(word) !== at))];
}
