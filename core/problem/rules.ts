/**
 * 问题事件规则. Dated data: what is looked for every day, by which finding and against which standard, what must be answered,
 * within how many days, and the closed list of causes.
 */
import { type ClockKind, isClockKind } from "../deadline/kind.ts";
import { inForce, type Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { type Day, instant } from "../time/day.ts";
import { FINDINGS, type Finding } from "./findings.ts";

export const PROBLEM_GROUPS = { near: "临期", overdue: "超期", closing: "不符合结案标准" } as const;
export type ProblemGroup = keyof typeof PROBLEM_GROUPS;

export interface ProblemKind {
  readonly code: string;
  readonly zh: string;
  readonly group: ProblemGroup;
  /** Whether the unit must answer; else it is counted alone. */
  readonly answer: boolean;
  readonly finds: Finding;
  /** 所违反的标准, in words. */
  readonly standard: string;
}

export interface ProblemCause {
  readonly code: string;
  readonly zh: string;
}

export interface ProblemRules {
  /** When the day before is gone through, "06:30". */
  readonly findAt: string;
  /** Days before yesterday that are gone through too, where the worker was away. */
  readonly lookBackDays: number;
  /** Natural days in which the unit answers, the day of the finding not counted. */
  readonly answerDays: number;
  /** Clocks whose near-due and overdue are a unit's problem. */
  readonly clocks: readonly ClockKind[];
  /** A report so soon after the acceptance, without any contact between, was made before anything was done. */
  readonly handledMinutes: number;
  readonly kinds: readonly ProblemKind[];
  readonly causes: readonly ProblemCause[];
}

/** Null on a day before the first version. */
export function problemRulesOn(
  versions: readonly Version<ProblemRules>[],
  on: Day,
): Version<ProblemRules> | null {
  const version = inForce(versions, on);
  return version.ok ? version.value : null;
}

export function parseProblemRules(input: unknown): Parsed<Version<ProblemRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const known = ["findAt", "lookBackDays", "answerDays", "clocks", "handledMinutes", "kinds", "causes"];
    const body = fieldsOf(top.body, "body", known, say);
    const kinds = listOf(body.kinds, "body.kinds", say).map((each, at) =>
      kindIn(each, `body.kinds[${at}]`, say),
    );
    const causes = listOf(body.causes, "body.causes", say).map((each, at) => {
      const path = `body.causes[${at}]`;
      const read = fieldsOf(each, path, ["code", "zh"], say);
      return { code: wordsOf(read.code, `${path}.code`, say), zh: wordsOf(read.zh, `${path}.zh`, say) };
    });
    if (causes.length === 0) say("body.causes", "应至少有一种原因");
    for (const [path, codes] of [
      ["body.kinds", kinds.map((each) => each.code)],
      ["body.kinds", kinds.map((each) => each.finds)],
      ["body.causes", causes.map((each) => each.code)],
    ] as const)
      if (new Set(codes).size < codes.length) say(path, "有重复");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        findAt: timeIn(body.findAt, "body.findAt", say),
        lookBackDays: countIn(body.lookBackDays, "body.lookBackDays", say),
        answerDays: countIn(body.answerDays, "body.answerDays", say),
        clocks: listOf(body.clocks, "body.clocks", say).flatMap((each, at) => clockIn(each, at, say)),
        handledMinutes: countIn(body.handledMinutes, "body.handledMinutes", say),
        kinds,
        causes,
      },
    };
  });
}

function kindIn(input: unknown, path: string, say: Say): ProblemKind {
  const read = fieldsOf(input, path, ["code", "zh", "group", "answer", "finds", "standard"], say);
  const group = GROUP_KEYS.find((each) => each === read.group);
  const finds = FINDINGS.find((each) => each === read.finds);
  if (group === undefined) say(`${path}.group`, `应为 ${GROUP_KEYS.join("、")} 之一`);
  if (finds === undefined) say(`${path}.finds`, `应为 ${FINDINGS.join("、")} 之一`);
  if (typeof read.answer !== "boolean") say(`${path}.answer`, "应为 true 或 false");
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    zh: wordsOf(read.zh, `${path}.zh`, say),
    group: group ?? "closing",
    answer: read.answer === true,
    finds: finds ?? "near",
    standard: wordsOf(read.standard, `${path}.standard`, say),
  };
}

const GROUP_KEYS = ["near", "overdue", "closing"] as const;

function clockIn(input: unknown, at: number, say: Say): ClockKind[] {
  if (typeof input === "string" && isClockKind(input)) return [input];
  say(`body.clocks[${at}]`, "没有这种时限");
  return [];
}

function timeIn(input: unknown, path: string, say: Say): string {
  try {
    if (typeof input === "string") {
      instant("2020-01-01", input);
      return input;
    }
  } catch {
    // said below
  }
  say(path, "应为时刻，如 06:30");
  return "06:30";
}

function countIn(value: unknown, path: string, say: Say): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 1000) return value;
  say(path, "应为正整数");
  return 1;
}
