/**
 * 未接通. How often somebody was called who did not answer, whether that is enough to say 未联系上, and when to try again.
 *
 * Calls in quick succession count as one, or three presses of the redial button would close a complaint; and they must
 * lie in different dayparts, or somebody at work is never reached.
 */
import { addDays, dayOf, MINUTE_MS, msOfDay, startOfDay } from "../time/day.ts";
import type { AttemptRules, Daypart } from "./rules.ts";

export interface Attempts {
  /** Calls that count, the first first. */
  readonly counted: readonly number[];
  /** Names of the dayparts that they fell in, in the rule's order. */
  readonly dayparts: readonly string[];
  /** Whether 未联系上 may be recorded. */
  readonly enough: boolean;
}

/** Judges the calls that nobody took, in any order. */
export function judgeAttempts(attemptsAt: readonly number[], rules: AttemptRules): Attempts {
  const counted: number[] = [];
  for (const at of [...attemptsAt].sort((a, b) => a - b)) {
    const last = counted.at(-1);
    if (last === undefined || at - last >= rules.gapMs) counted.push(at);
  }
  // A call may count in no other way and yet have been the one that tried the evening.
  const tried = rules.dayparts.filter((part) => attemptsAt.some((at) => isIn(part, at)));
  return {
    counted,
    dayparts: tried.map((part) => part.name),
    enough: counted.length >= rules.max && tried.length >= rules.minDayparts,
  };
}

/**
 * When to call again: the earliest time a gap after the last call that lies in a daypart not tried yet, or, when all
 * have been tried, in any. Whole five minutes.
 */
export function nextAttempt(attemptsAt: readonly number[], rules: AttemptRules, now: number): number {
  const earliest = Math.max(now + MINUTE_MS, Math.max(now, ...attemptsAt) + rules.gapMs);
  const untried = rules.dayparts.filter((part) => !attemptsAt.some((at) => isIn(part, at)));
  const wanted = untried.length > 0 ? untried : rules.dayparts;
  for (let ahead = 0; ahead <= 2; ahead++) {
    const midnight = startOfDay(addDays(dayOf(earliest), ahead));
    for (const part of wanted) {
      const at = roundUp(Math.max(midnight + part.fromMs, earliest));
      if (at < midnight + part.toMs) return at;
    }
  }
  throw new Error("no daypart to call in within two days");
}

export type PlanFault =
  | { readonly code: "next-attempt-past" }
  | { readonly code: "next-attempt-far"; readonly days: number };

/** What is wrong with a planned time; null when nothing. A time that the citizen asked for may lie outside the dayparts. */
export function planFault(at: number, rules: AttemptRules, now: number): PlanFault | null {
  if (at <= now) return { code: "next-attempt-past" };
  if (at > startOfDay(addDays(dayOf(now), rules.maxDays + 1)))
    return { code: "next-attempt-far", days: rules.maxDays };
  return null;
}

function isIn(part: Daypart, at: number): boolean {
  const ms = msOfDay(at);
  return ms >= part.fromMs && ms < part.toMs;
}

const STEP = 5 * MINUTE_MS;
const roundUp = (at: number): number => Math.ceil(at / STEP) * STEP;
