/** 回访规则. Dated data of the callback desk: the order of the call list, attempts, scripts, and the closed lists of reasons. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { MINUTE_MS } from "../time/day.ts";

/** What the call list is sorted by, each word one comparison (order.ts). */
export const ORDER_KEYS = ["due", "planned", "level", "noAnswers", "waiting"] as const;
export type OrderKey = (typeof ORDER_KEYS)[number];

/** A stretch of the day in which people are called: 上午, 下午, 晚间. Milliseconds since midnight, the end left out. */
export interface Daypart {
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** 未接通规则. When calls that nobody answers are enough, and how far apart they must lie. */
export interface AttemptRules {
  /** 未联系上 may be recorded from this many calls on. */
  readonly max: number;
  /** Calls closer together than this count as one. */
  readonly gapMs: number;
  /** They must have been tried in so many different dayparts. */
  readonly minDayparts: number;
  readonly dayparts: readonly Daypart[];
  /** The next attempt is planned at most so many days ahead. */
  readonly maxDays: number;
}

/** 话术: what is said at each question. `{date}`, `{matter}` and `{unit}` stand for the ticket's. */
export interface Script {
  /** 一级分类 that it is for; "" is everybody else's. */
  readonly category1: string;
  readonly opening: string;
  readonly contacted: string;
  readonly solved: string;
  readonly satisfied: string;
  readonly closing: string;
}

export interface Reason {
  readonly code: string;
  readonly zh: string;
}

/** Which answers have a list of reasons: the "no" of each question, and a call that nobody took. */
export const REASONED = ["contacted", "solved", "satisfied", "missed"] as const;
export type Reasoned = (typeof REASONED)[number];

export interface CallbackRules {
  readonly order: readonly OrderKey[];
  readonly attempts: AttemptRules;
  readonly scripts: readonly Script[];
  readonly reasons: Readonly<Record<Reasoned, readonly Reason[]>>;
}

/** The script for a category, or the one for everybody. */
export function scriptFor(rules: Pick<CallbackRules, "scripts">, category1: string): Script {
  const script =
    rules.scripts.find((each) => each.category1 === category1) ??
    rules.scripts.find((each) => each.category1 === "");
  if (script === undefined) throw new Error("callback rules without a script for everybody");
  return script;
}

export function parseCallbackRules(input: unknown): Parsed<Version<CallbackRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["order", "attempts", "scripts", "reasons"], say);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        order: orderIn(body.order, say),
        attempts: attemptsIn(body.attempts, say),
        scripts: scriptsIn(body.scripts, say),
        reasons: reasonsIn(body.reasons, say),
      },
    };
  });
}

function orderIn(input: unknown, say: Say): readonly OrderKey[] {
  const listed = listOf(input, "body.order", say);
  const keys = ORDER_KEYS.filter((key) => listed.includes(key));
  if (keys.length < listed.length || listed.length === 0)
    say("body.order", `应从 ${ORDER_KEYS.join("、")} 中选列，不重复`);
  return listed.flatMap((key) => ORDER_KEYS.filter((known) => known === key));
}

function attemptsIn(input: unknown, say: Say): AttemptRules {
  const at = "body.attempts";
  const read = fieldsOf(input, at, ["max", "gapMinutes", "minDayparts", "dayparts", "maxDays"], say);
  const dayparts = listOf(read.dayparts, `${at}.dayparts`, say).map((each, i) =>
    daypartIn(each, `${at}.dayparts[${i}]`, say),
  );
  const minDayparts = wholeIn(read.minDayparts, `${at}.minDayparts`, 1, 24, say);
  const max = wholeIn(read.max, `${at}.max`, 1, 20, say);
  if (minDayparts > dayparts.length || minDayparts > max)
    say(`${at}.minDayparts`, "不能多于时段数，也不能多于次数");
  if (dayparts.some((each, i) => i > 0 && each.fromMs < (dayparts[i - 1]?.toMs ?? 0)))
    say(`${at}.dayparts`, "各时段应按先后排列，不重叠");
  return {
    max,
    minDayparts,
    dayparts,
    gapMs: wholeIn(read.gapMinutes, `${at}.gapMinutes`, 0, 1440, say) * MINUTE_MS,
    maxDays: wholeIn(read.maxDays, `${at}.maxDays`, 1, 60, say),
  };
}

function daypartIn(input: unknown, path: string, say: Say): Daypart {
  const read = fieldsOf(input, path, ["name", "from", "to"], say);
  const [fromMs, toMs] = [timeIn(read.from, `${path}.from`, say), timeIn(read.to, `${path}.to`, say)];
  if (fromMs >= toMs) say(path, "开始应早于结束");
  return { name: wordsOf(read.name, `${path}.name`, say), fromMs, toMs };
}

function timeIn(input: unknown, path: string, say: Say): number {
  const m = typeof input === "string" ? /^([01]\d|2[0-3]):([0-5]\d)$/.exec(input) : null;
  if (m === null) say(path, "应为时刻，如 08:30");
  return (Number(m?.[1] ?? 0) * 60 + Number(m?.[2] ?? 0)) * MINUTE_MS;
}

function wholeIn(input: unknown, path: string, least: number, most: number, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= least && input <= most) return input;
  say(path, `应为 ${least} 到 ${most} 的整数`);
  return least;
}

function scriptsIn(input: unknown, say: Say): readonly Script[] {
  const scripts = listOf(input, "body.scripts", say).map((each, i): Script => {
    const path = `body.scripts[${i}]`;
    const parts = ["opening", "contacted", "solved", "satisfied", "closing"] as const;
    const read = fieldsOf(each, path, ["category1", ...parts], say);
    const said = (part: (typeof parts)[number]) => wordsOf(read[part], `${path}.${part}`, say);
    return {
      category1: typeof read.category1 === "string" ? read.category1.trim() : "",
      opening: said("opening"),
      contacted: said("contacted"),
      solved: said("solved"),
      satisfied: said("satisfied"),
      closing: said("closing"),
    };
  });
  if (!scripts.some((each) => each.category1 === ""))
    say("body.scripts", "应有一份通用话术（category1 为空）");
  if (new Set(scripts.map((each) => each.category1)).size < scripts.length)
    say("body.scripts", "同一分类只能有一份话术");
  return scripts;
}

function reasonsIn(input: unknown, say: Say): CallbackRules["reasons"] {
  const read = fieldsOf(input, "body.reasons", REASONED, say);
  const list = (of: Reasoned): readonly Reason[] => {
    const path = `body.reasons.${of}`;
    const reasons = listOf(read[of], path, say).map((each, i) => {
      const reason = fieldsOf(each, `${path}[${i}]`, ["code", "zh"], say);
      return {
        code: wordsOf(reason.code, `${path}[${i}].code`, say),
        zh: wordsOf(reason.zh, `${path}[${i}].zh`, say),
      };
    });
    // One key each: 1 … 9.
    if (reasons.length === 0 || reasons.length > 9) say(path, "应有一至九项");
    if (new Set(reasons.map((each) => each.code)).size < reasons.length) say(path, "代码重复");
    return reasons;
  };
  return {
    contacted: list("contacted"),
    solved: list("solved"),
    satisfied: list("satisfied"),
    missed: list("missed"),
  };
}
