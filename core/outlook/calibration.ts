/**
 * Calibration 校准 of the forecast on past periods: each past period is cut at the same day, forecast from what was known
 * then, and held against how it ended. The stated 80 % must hold in about 80 of 100; what was found is shown beside it, and
 * by size of unit as well, so that it is no average of too wide and too narrow.
 */
import { addEntry, type Counts, noCounts } from "../assessment/rates.ts";
import { roughScoring } from "../assessment/score.ts";
import { type Prepared, prepare } from "./ends.ts";
import { type Drawn, drawnScores, STATED, spreadOf } from "./forecast.ts";
import type { Outlook, Turned } from "./known.ts";

/** One past period as it stood at the cut, and how each unit ended. */
export interface PastPeriod {
  readonly name: string;
  readonly outlook: Omit<Outlook, "looseness" | "seed" | "rounds">;
  /** What became of all entries of the period, by unit. */
  readonly ended: ReadonlyMap<string, readonly Turned[]>;
}

/** Size of a unit by the answers that are expected for it in the period: small below 30, large from 120 on. */
export const SIZES = ["small", "medium", "large"] as const;
export type Size = (typeof SIZES)[number];
export const SIZE_FROM: Readonly<Record<Size, number>> = { small: 0, medium: 30, large: 120 };

export interface Held {
  /** Unit-periods whose final score lay within the stated bounds. */
  readonly held: number;
  /** Unit-periods that had a forecast and a final score. */
  readonly of: number;
  /** Mean width of the bounds, in points. */
  readonly width: number;
}

export interface Coverage extends Held {
  readonly bySize: Readonly<Record<Size, Held>>;
}

/** Looseness that is tried, from "chance alone" to "every month another unit". */
const TRIED = [0, 0.002, 0.004, 0.007, 0.01, 0.015, 0.02, 0.03, 0.045, 0.065, 0.09, 0.12, 0.2] as const;
const ROUNDS = 200;
/** Enough to choose by. */
const HASTY_ROUNDS = 100;

/** How often the stated bounds held in these periods. Bounds are as shown: rounded to the rule set's digits. */
export function coverageOf(periods: readonly PastPeriod[], looseness: number): Coverage {
  return coverage(prepared(periods), looseness, ROUNDS);
}

/**
 * The tried looseness whose coverage in these periods comes nearest to what is stated. Looser bounds hold more often, so
 * that the place between "too tight" and "too loose" is found by halving; where chance alone is wide enough, it is that.
 */
export function loosenessOf(periods: readonly PastPeriod[]): number {
  const judged = prepared(periods);
  const shareAt = (at: number): number => {
    const { held, of } = coverage(judged, TRIED[at] ?? 0, HASTY_ROUNDS);
    return of === 0 ? STATED : held / of;
  };
  let [tight, loose] = [0, TRIED.length - 1];
  let [tightShare, looseShare] = [shareAt(tight), 1];
  if (tightShare >= STATED) return TRIED[tight] ?? 0;
  while (loose - tight > 1) {
    const middle = (tight + loose) >> 1;
    const share = shareAt(middle);
    if (share < STATED) [tight, tightShare] = [middle, share];
    else [loose, looseShare] = [middle, share];
  }
  return TRIED[STATED - tightShare <= looseShare - STATED ? tight : loose] ?? 0;
}

interface Judged extends PastPeriod {
  readonly prepared: Prepared;
  /** How each unit ended; null without a score. */
  readonly actual: ReadonlyMap<string, number | null>;
}

function prepared(periods: readonly PastPeriod[]): readonly Judged[] {
  return periods.map((period) => {
    const scoreOf = roughScoring(period.outlook.rules);
    const actual = new Map(
      [...period.ended].map(([key, turned]) => [key, scoreOf(countsOf(turned, period.outlook))]),
    );
    return { ...period, prepared: prepare(period.outlook), actual };
  });
}

function coverage(periods: readonly Judged[], looseness: number, rounds: number): Coverage {
  const seen = periods.flatMap(({ name, outlook, prepared, actual }) => {
    const half = 0.5 / 10 ** outlook.rules.scoreDigits;
    return drawnScores(prepared, outlook, { looseness, seed: name, rounds }).flatMap((drawn) => {
      const ended = actual.get(drawn.key) ?? null;
      const bounds = spreadOf(drawn.scores);
      if (ended === null || bounds === null) return [];
      const held = ended >= bounds.low - half && ended <= bounds.high + half;
      return [{ size: sizeOf(drawn), held, width: bounds.high - bounds.low }];
    });
  });
  const among = (size: Size): Held => heldOf(seen.filter((each) => each.size === size));
  return {
    ...heldOf(seen),
    bySize: { small: among("small"), medium: among("medium"), large: among("large") },
  };
}

export interface Calibration extends Coverage {
  readonly periods: number;
  readonly looseness: number;
}

/**
 * Looseness is chosen on the older half of these periods (the newest first); what it is worth is told by the newer half,
 * which had no say in it. Null when there are too few.
 */
export function calibrate(periods: readonly PastPeriod[]): Calibration | null {
  if (periods.length < 2) return null;
  const half = Math.ceil(periods.length / 2);
  const looseness = loosenessOf(periods.slice(half));
  const judged = periods.slice(0, half);
  return { ...coverageOf(judged, looseness), periods: judged.length, looseness };
}

function sizeOf({ expected }: Drawn): Size {
  return SIZES.findLast((size) => expected >= SIZE_FROM[size]) ?? "small";
}

function heldOf(seen: readonly { readonly held: boolean; readonly width: number }[]): Held {
  return {
    held: seen.filter(({ held }) => held).length,
    of: seen.length,
    width: seen.length === 0 ? 0 : seen.reduce((sum, { width }) => sum + width, 0) / seen.length,
  };
}

function countsOf(turned: readonly Turned[], { readings }: Pick<Outlook, "readings">): Counts {
  return turned.reduce((counts, { end, segment, times }) => {
    const reading = readings[segment];
    return end && reading ? addEntry(counts, end, reading, times) : counts;
  }, noCounts());
}
