/**
 * 回访顺序. Whom to call next, and why: the calls in the order of the dated rule, each with the facts that put it there.
 * A call that was promised for later waits until then, unless its deadline comes near before.
 */
import { LEVELS, type Level } from "../deadline/level.ts";
import { leftWords, spanWords } from "../deadline/words.ts";
import type { OrderKey } from "./rules.ts";

export interface Call {
  readonly id: string;
  readonly level: Level;
  readonly dueAt: number | null;
  readonly nearAt: number | null;
  /** Since when it has waited for a callback. */
  readonly waitingSince: number;
  /** Calls of this waiting that nobody took. */
  readonly attemptsAt: readonly number[];
  /** 约定的下次回访时间. */
  readonly plannedAt: number | null;
}

/** Why a call stands where it does; a plain sentence of one fact. */
export interface Why {
  readonly key: OrderKey;
  readonly zh: string;
  readonly tone: "plain" | "near" | "overdue";
}

export interface RankedCall {
  readonly call: Call;
  readonly why: readonly Why[];
}

export interface CallList {
  /** To be called now, the first first. */
  readonly now: readonly RankedCall[];
  /** Planned for later, the earliest first. */
  readonly later: readonly RankedCall[];
}

export function callList(calls: readonly Call[], order: readonly OrderKey[], now: number): CallList {
  const ranked = (call: Call): RankedCall => ({
    call,
    why: order.flatMap((key) => WHY[key](call, now) ?? []),
  });
  const later = calls.filter((call) => waitsForPlan(call, now));
  return {
    now: calls
      .filter((call) => !waitsForPlan(call, now))
      .sort((a, b) => byOrder(a, b, order, now))
      .map(ranked),
    later: later.sort((a, b) => (a.plannedAt ?? 0) - (b.plannedAt ?? 0) || byId(a, b)).map(ranked),
  };
}

function waitsForPlan(call: Call, now: number): boolean {
  if (call.plannedAt === null || call.plannedAt <= now) return false;
  const tooLate = call.dueAt !== null && call.plannedAt > call.dueAt;
  return !(tooLate && standing(call, now) < 2);
}

function byOrder(a: Call, b: Call, order: readonly OrderKey[], now: number): number {
  for (const key of order) {
    const difference = VALUE[key](a, now) - VALUE[key](b, now);
    if (difference !== 0) return difference;
  }
  return byId(a, b);
}

/** 0 overdue, 1 near due, 2 neither. */
function standing(call: Call, now: number): 0 | 1 | 2 {
  if (call.dueAt === null) return 2;
  if (now > call.dueAt) return 0;
  return call.nearAt !== null && now >= call.nearAt ? 1 : 2;
}

/** What each word of the rule compares; the smaller is called first. */
const VALUE: { readonly [K in OrderKey]: (call: Call, now: number) => number } = {
  due: standing,
  planned: (call, now) => (call.plannedAt !== null && call.plannedAt <= now ? 0 : 1),
  level: (call) => call.level,
  noAnswers: (call) => call.attemptsAt.length,
  waiting: (call) => call.waitingSince,
};

const WHY: { readonly [K in OrderKey]: (call: Call, now: number) => Why | null } = {
  due: (call, now) => {
    const stands = standing(call, now);
    if (stands === 2 || call.dueAt === null) return null;
    const left = call.dueAt - now;
    return stands === 0
      ? { key: "due", zh: `超期 ${spanWords(left)}`, tone: "overdue" }
      : { key: "due", zh: `临期 ${leftWords(left)}`, tone: "near" };
  },
  planned: (call, now) =>
    call.plannedAt !== null && call.plannedAt <= now
      ? { key: "planned", zh: `约定时间已到（${spanWords(now - call.plannedAt)}前）`, tone: "plain" }
      : null,
  level: (call) =>
    call.level <= 2
      ? { key: "level", zh: `${LEVELS[call.level].short}${LEVELS[call.level].zh}`, tone: "plain" }
      : null,
  noAnswers: (call) =>
    call.attemptsAt.length > 0
      ? { key: "noAnswers", zh: `未接通 ${call.attemptsAt.length} 次`, tone: "plain" }
      : null,
  waiting: (call, now) => ({
    key: "waiting",
    zh: `已等 ${spanWords(Math.max(0, now - call.waitingSince))}`,
    tone: "plain",
  }),
};

const byId = (a: Call, b: Call): number => (BigInt(a.id) < BigInt(b.id) ? -1 : a.id === b.id ? 0 : 1);
