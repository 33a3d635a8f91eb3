/** 催办阶梯的文件. A version of the ladder out of parsed JSON, or everything that is wrong with it. */
import { CLOCKS, type ClockKind, isClockKind, type Owed } from "../deadline/kind.ts";
import { isLevel, type Level } from "../deadline/level.ts";
import { isMeans, type Means } from "../notify/means.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import {
  BY_HAND,
  isTarget,
  type Ladder,
  type LadderStep,
  type Quiet,
  type StepAt,
  type Target,
} from "./ladder.ts";
import { checkLadder } from "./ladderchecks.ts";
import { unknownFields } from "./words.ts";

const BODY = ["repeatMinutes", "lapseHours", "quiet", "byHand", "steps"];
const OWED: ReadonlySet<string> = new Set(Object.values(CLOCKS).map((clock) => clock.owed));

export function parseLadder(input: unknown): Parsed<Version<Ladder>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", BODY, say);
    const hand = fieldsOf(body.byHand, "body.byHand", ["to", "by", "words"], say);
    const steps = listOf(body.steps, "body.steps", say).map((each, i) =>
      stepIn(each, `body.steps[${i}]`, say),
    );
    for (const [i, { id }] of steps.entries())
      if (steps.findIndex((other) => other.id === id) < i) say(`body.steps[${i}].id`, `编号 ${id} 重复`);
    const quiet = listOf(body.quiet, "body.quiet", say).map((each, i) =>
      quietIn(each, `body.quiet[${i}]`, say),
    );
    checkLadder({ steps, quiet }, "body", say);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        repeatMinutes: numberIn(body.repeatMinutes, "body.repeatMinutes", 0, say),
        lapseHours: numberIn(body.lapseHours, "body.lapseHours", 1, say),
        quiet,
        byHand: { ...toldIn(hand, "body.byHand", say), words: wordsOf(hand.words, "body.byHand.words", say) },
        steps,
      },
    };
  });
}

function stepIn(input: unknown, path: string, say: Say): LadderStep {
  const raw = fieldsOf(input, path, ["id", "zh", "at", "when", "to", "by", "words"], say);
  const id = wordsOf(raw.id, `${path}.id`, say);
  if (!/^[a-z0-9-]{1,40}$/.test(id) || id === BY_HAND) say(`${path}.id`, "应为小写字母、数字、连字符");
  const words = wordsOf(raw.words, `${path}.words`, say);
  for (const name of unknownFields(words)) say(`${path}.words`, `没有 {${name}} 这一项`);
  const when = raw.when === undefined ? {} : fieldsOf(raw.when, `${path}.when`, ["level", "clock"], say);
  return {
    id,
    zh: wordsOf(raw.zh, `${path}.zh`, say),
    at: atIn(raw.at, `${path}.at`, say),
    when: {
      ...(when.level === undefined ? {} : { level: levelsIn(when.level, `${path}.when.level`, say) }),
      ...(when.clock === undefined
        ? {}
        : { clock: manyIn<ClockKind>(when.clock, `${path}.when.clock`, isKind, "没有这种时限", say) }),
    },
    ...toldIn(raw, path, say),
    words,
  };
}

function toldIn(raw: Readonly<Record<string, unknown>>, path: string, say: Say) {
  return {
    to: manyIn<Target>(raw.to, `${path}.to`, isTarget, "没有这种催办对象", say),
    by: manyIn<Means>(raw.by, `${path}.by`, isMeans, "应为 workbench、email 或 webhook", say),
  };
}

function quietIn(input: unknown, path: string, say: Say): Quiet {
  const raw = fieldsOf(input, path, ["levels", "owed", "from", "to", "offDays"], say);
  if (typeof raw.offDays !== "boolean") say(`${path}.offDays`, "应为 true 或 false");
  return {
    levels: levelsIn(raw.levels, `${path}.levels`, say),
    owed: manyIn<Owed>(raw.owed, `${path}.owed`, isOwed, "应为 centre、unit、coUnit 或 city", say),
    from: timeIn(raw.from, `${path}.from`, say),
    to: timeIn(raw.to, `${path}.to`, say),
    offDays: raw.offDays === true,
  };
}

function atIn(input: unknown, path: string, say: Say): StepAt {
  if (input === "near" || input === "due") return input;
  const raw = fieldsOf(input, path, ["beforeDue", "overdue", "unit"], say);
  const { unit } = raw;
  if (raw.beforeDue !== undefined && raw.overdue === undefined) {
    if (unit !== "hours") say(`${path}.unit`, "到期前只能按 hours 计");
    return { beforeDue: numberIn(raw.beforeDue, `${path}.beforeDue`, 0, say), unit: "hours" };
  }
  const overdue = numberIn(raw.overdue, `${path}.overdue`, 0, say);
  if (unit === "hours") return { overdue, unit };
  if (!Number.isInteger(overdue) || overdue < 1) say(`${path}.overdue`, "按天计应为正整数");
  if (unit === "days" || unit === "workdays") return { overdue, unit };
  say(`${path}.unit`, "应为 hours、days 或 workdays");
  return "due";
}

function manyIn<T>(
  input: unknown,
  path: string,
  is: (value: unknown) => value is T,
  wrong: string,
  say: Say,
): readonly T[] {
  const list = listOf(input, path, say);
  if (list.length === 0) say(path, "列表不能为空");
  for (const [i, each] of list.entries()) if (!is(each)) say(`${path}[${i}]`, wrong);
  return list.filter(is);
}

const levelsIn = (input: unknown, path: string, say: Say): readonly Level[] =>
  manyIn<Level>(input, path, isLevel, "应为 1 到 4", say);
const isKind = (value: unknown): value is ClockKind => typeof value === "string" && isClockKind(value);
const isOwed = (value: unknown): value is Owed => typeof value === "string" && OWED.has(value);

function numberIn(input: unknown, path: string, least: number, say: Say): number {
  if (typeof input === "number" && Number.isFinite(input) && input >= least && input <= 10_000) return input;
  say(path, `应为不小于 ${least} 的数`);
  return least;
}

function timeIn(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(input)) return input;
  say(path, "应为时刻，如 22:00");
  return "00:00";
}
