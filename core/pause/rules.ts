/**
 * 暂停计时. Dated data: on which grounds a unit's clocks may rest, which papers show it, which clocks, for how many days and how
 * often in a round; the judgement on an asking. The city's own deadline (市级时限要求) rests for nobody.
 */
import { type Answer, no, yes } from "../answer.ts";
import type { ClockKind } from "../deadline/kind.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { addDays, clockText, type Day, dayOf, endOfDay } from "../time/day.ts";

/** The unit's clocks that a pause may rest; that of the report is always among them. */
const MAY_REST: readonly ClockKind[] = ["report", "contact"];

export interface PauseGround {
  readonly code: string;
  readonly zh: string;
  /** 佐证材料: what has to show it, in words. */
  readonly evidence: string;
  readonly clocks: readonly ClockKind[];
  /** Natural days of one pause, the day it is granted not counted. */
  readonly maxDays: number;
  /** Pauses granted on this ground in one round of dispatch. */
  readonly maxTimes: number;
}

export interface PauseRules {
  readonly grounds: readonly PauseGround[];
}

/** How a ticket stands towards a pause. Instants are epoch milliseconds. */
export interface PauseFacts {
  /** The asking that waits for the centre, with its ground as the rules had it then; null when none does. */
  readonly pending:
    | ({ readonly id: string; readonly days: number } & Pick<PauseGround, "code" | "zh" | "clocks">)
    | null;
  /** The pause that lasts. */
  readonly running: { readonly id: string; readonly until: number } | null;
  /** Granted in this round so far, by ground. */
  readonly granted: Readonly<Record<string, number>>;
  /** When the report is due; null when no such clock runs. */
  readonly dueAt: number | null;
  /** 市级时限要求. */
  readonly cityDueAt: number | null;
  readonly now: number;
}

export type PauseRefusal =
  | { readonly code: "pause-pending" }
  | { readonly code: "pause-none" }
  | { readonly code: "pause-runs"; readonly until: string }
  | { readonly code: "pause-no-clock" }
  | { readonly code: "pause-overdue" }
  | { readonly code: "pause-city"; readonly cityDue: string }
  | { readonly code: "pause-used-up"; readonly groundZh: string; readonly limit: number }
  | {
      readonly code: "pause-days";
      readonly field: "days";
      readonly groundZh: string;
      readonly maxDays: number;
    };

/** Why no pause may be asked for now, whatever is filled in; null when one may. */
export function pauseAskBarred(facts: PauseFacts, rules: PauseRules): PauseRefusal | null {
  if (facts.pending !== null) return { code: "pause-pending" };
  if (facts.running !== null) return { code: "pause-runs", until: clockText(facts.running.until) };
  const left = rules.grounds.filter((ground) => timesLeft(facts, ground) > 0);
  const [last] = rules.grounds;
  if (left.length === 0 && last) return { code: "pause-used-up", groundZh: last.zh, limit: last.maxTimes };
  return clockBarred(facts);
}

/** Why the asking that waits may not be granted now; null when it may. */
export function pauseGrantBarred(facts: PauseFacts): PauseRefusal | null {
  return facts.pending === null ? { code: "pause-none" } : clockBarred(facts);
}

/** The last day of a pause that begins now: so many natural days on, but before the city's deadline. */
export function pauseEnd(
  facts: PauseFacts,
  ground: Pick<PauseGround, "code" | "zh" | "maxDays"> & { readonly maxTimes?: number },
  days: number,
): Answer<Day, PauseRefusal> {
  if (ground.maxTimes !== undefined && timesLeft(facts, { ...ground, maxTimes: ground.maxTimes }) <= 0)
    return no({ code: "pause-used-up", groundZh: ground.zh, limit: ground.maxTimes });
  if (!Number.isInteger(days) || days < 1 || days > ground.maxDays)
    return no({ code: "pause-days", field: "days", groundZh: ground.zh, maxDays: ground.maxDays });
  const last = addDays(dayOf(facts.now), days);
  const { cityDueAt } = facts;
  if (cityDueAt !== null && cityDueAt > facts.now && endOfDay(last) >= cityDueAt)
    return no({ code: "pause-city", cityDue: clockText(cityDueAt) });
  return yes(last);
}

export function parsePauseRules(input: unknown): Parsed<Version<PauseRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["grounds"], say);
    const grounds = listOf(body.grounds, "body.grounds", say).map((each, at) =>
      groundIn(each, `body.grounds[${at}]`, say),
    );
    if (grounds.length === 0) say("body.grounds", "应至少有一种理由");
    if (new Set(grounds.map((each) => each.code)).size < grounds.length) say("body.grounds", "理由重复");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { grounds },
    };
  });
}

function timesLeft(facts: PauseFacts, ground: Pick<PauseGround, "code" | "maxTimes">): number {
  return ground.maxTimes - (facts.granted[ground.code] ?? 0);
}

function clockBarred({ dueAt, cityDueAt, now }: PauseFacts): PauseRefusal | null {
  if (dueAt === null) return { code: "pause-no-clock" };
  if (now > dueAt) return { code: "pause-overdue" };
  // What is due is the city's: resting our own clock would move nothing.
  return cityDueAt === dueAt ? { code: "pause-city", cityDue: clockText(cityDueAt) } : null;
}

function groundIn(input: unknown, path: string, say: Say): PauseGround {
  const read = fieldsOf(input, path, ["code", "zh", "evidence", "clocks", "maxDays", "maxTimes"], say);
  const named = listOf(read.clocks, `${path}.clocks`, say);
  const clocks = MAY_REST.filter((kind) => named.includes(kind));
  if (clocks.length < named.length) say(`${path}.clocks`, `只能是 ${MAY_REST.join("、")}`);
  if (!clocks.includes("report")) say(`${path}.clocks`, "应含 report（办理反馈）");
  return {
    code: wordsOf(read.code, `${path}.code`, say),
    zh: wordsOf(read.zh, `${path}.zh`, say),
    evidence: wordsOf(read.evidence, `${path}.evidence`, say),
    clocks,
    maxDays: countIn(read.maxDays, `${path}.maxDays`, say),
    maxTimes: countIn(read.maxTimes, `${path}.maxTimes`, say),
  };
}

function countIn(value: unknown, path: string, say: Say): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 365) return value;
  say(path, "应为 1 到 365 的整数");
  return 1;
}
