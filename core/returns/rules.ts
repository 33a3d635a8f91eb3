/**
 * 退单规则. Dated data: until when a unit may give a ticket back, the closed list of grounds with what each must show,
 * and whether the unit's clocks rest while the centre reviews.
 */
import { LEVELS } from "../deadline/level.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";

export interface ReturnGround {
  readonly code: string;
  readonly zh: string;
  /** What is asked for as evidence, in words. */
  readonly evidence: string;
  readonly evidenceNeeded: boolean;
  /** Whether the unit must name who it should be. */
  readonly unitNeeded: boolean;
}

/** 退单期限, in natural hours by level of the ticket; counted from the dispatch, or from the acceptance. */
export interface ReturnWindow {
  readonly from: "dispatch" | "accept";
  readonly hours: Readonly<Record<1 | 2 | 3 | 4, number>>;
}

/** While the centre reviews, the unit's contact and report clocks rest, or run on. */
export type InReview = "pause" | "run";

export interface ReturnRules {
  /** Null: a unit may return at any time. */
  readonly window: ReturnWindow | null;
  readonly inReview: InReview;
  /** So far back earlier returns of the same matter are shown to who reviews. */
  readonly lookBackDays: number;
  /** A unit with fewer rounds of dispatch is counted, but not ranked. */
  readonly minRanked: number;
  readonly grounds: readonly ReturnGround[];
}

export function parseReturnRules(input: unknown): Parsed<Version<ReturnRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const known = ["window", "inReview", "lookBackDays", "minRanked", "grounds"];
    const body = fieldsOf(top.body, "body", known, say);
    if (body.inReview !== "pause" && body.inReview !== "run") say("body.inReview", "应为 pause 或 run");
    const grounds = listOf(body.grounds, "body.grounds", say).map((each, at) =>
      groundIn(each, `body.grounds[${at}]`, say),
    );
    if (grounds.length === 0) say("body.grounds", "应至少有一种情形");
    if (new Set(grounds.map((each) => each.code)).size < grounds.length) say("body.grounds", "情形重复");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        window: body.window === null ? null : windowIn(body.window, say),
        inReview: body.inReview === "run" ? "run" : "pause",
        lookBackDays: countIn(body.lookBackDays, "body.lookBackDays", say),
        minRanked: countIn(body.minRanked, "body.minRanked", say),
        grounds,
      },
    };
  });
}

function groundIn(input: unknown, path: string, say: Say): ReturnGround {
  const read = fieldsOf(input, path, ["code", "zh", "evidence", "evidenceNeeded", "unitNeeded"], say);
  for (const flag of ["evidenceNeeded", "unitNeeded"])
    if (typeof read[flag] !== "boolean") say(`${path}.${flag}`, "应为 true 或 false");
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    zh: wordsOf(read.zh, `${path}.zh`, say),
    evidence: wordsOf(read.evidence, `${path}.evidence`, say),
    evidenceNeeded: read.evidenceNeeded === true,
    unitNeeded: read.unitNeeded === true,
  };
}

function windowIn(input: unknown, say: Say): ReturnWindow {
  const read = fieldsOf(input, "body.window", ["from", "hours"], say);
  if (read.from !== "dispatch" && read.from !== "accept")
    say("body.window.from", "应为 dispatch（派单）或 accept（接收）");
  const hours = fieldsOf(read.hours, "body.window.hours", Object.keys(LEVELS), say);
  const of = (level: number): number => countIn(hours[level], `body.window.hours.${level}`, say);
  return {
    from: read.from === "accept" ? "accept" : "dispatch",
    hours: { 1: of(1), 2: of(2), 3: of(3), 4: of(4) },
  };
}

function countIn(value: unknown, path: string, say: Say): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 10_000) return value;
  say(path, "应为正整数");
  return 1;
}
