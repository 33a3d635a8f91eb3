/**
 * Calibration 校准 of the forecast on past periods: each past period is cut at the same day, forecast from what was known
 * then, and held against how it ended. The stated 80 % must hold in about 80 of 100; what was found is shown beside it.
 */
import { addEntry, type Counts, noCounts } from "../assessment/rates.ts";
import { roughScore } from "../assessment/score.ts";
import { drawnScores, type Outlook, STATED, spreadOf, type Tallied, type UnitSoFar } from "./forecast.ts";

/** One past period as it stood at the cut, and how each unit ended. */
export interface PastPeriod {
  readonly name: string;
  readonly outlook: Omit<Outlook, "looseness" | "seed" | "rounds">;
  /** All entries of the whole period by unit. */
  readonly ended: ReadonlyMap<string, readonly Tallied[]>;
}

export interface Coverage {
  /** Unit-periods whose final score lay within the stated bounds. */
  readonly held: number;
  /** Unit-periods that had a forecast and a final score. */
  readonly of: number;
  /** Mean width of the bounds, in points. */
  readonly width: number;
}

/** Looseness that is tried, from "chance alone" to "every month another unit". */
const TRIED = [0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.045, 0.065, 0.09, 0.12, 0.2] as const;
const ROUNDS = 200;
/** Enough to choose by. */
const HASTY_ROUNDS = 100;

/** How often the stated bounds held in these periods. Bounds are as shown: rounded to the rule set's digits. */
export function coverageOf(periods: readonly PastPeriod[], looseness: number, rounds = ROUNDS): Coverage {
  let [held, of, width] = [0, 0, 0];
  for (const { name, outlook, ended } of periods)
    for (const unit of outlook.units) {
      const actual = roughScore(countsOf(ended.get(unit.key) ?? [], outlook), outlook.rules);
      const drawn = spreadOf(drawnScores(unit, { ...outlook, looseness, seed: name, rounds }));
      if (actual === null || drawn === null || settled(unit, ended)) continue;
      const half = 0.5 / 10 ** outlook.rules.scoreDigits;
      of += 1;
      width += drawn.high - drawn.low;
      if (actual >= drawn.low - half && actual <= drawn.high + half) held += 1;
    }
  return { held, of, width: of === 0 ? 0 : width / of };
}

/**
 * The tried looseness whose coverage in these periods comes nearest to what is stated. Looser bounds hold more often, so
 * that the place between "too tight" and "too loose" is found by halving.
 */
export function loosenessOf(periods: readonly PastPeriod[]): number {
  const shareAt = (at: number): number => {
    const { held, of } = coverageOf(periods, TRIED[at] ?? 0, HASTY_ROUNDS);
    return of === 0 ? STATED : held / of;
  };
  let [tight, loose] = [0, TRIED.length - 1];
  let [tightShare, looseShare] = [shareAt(tight), shareAt(loose)];
  while (loose - tight > 1) {
    const middle = (tight + loose) >> 1;
    const share = shareAt(middle);
    if (share < STATED) [tight, tightShare] = [middle, share];
    else [loose, looseShare] = [middle, share];
  }
  return TRIED[Math.abs(tightShare - STATED) <= Math.abs(looseShare - STATED) ? tight : loose] ?? 0;
}

/** Nobody was called after the cut: its score was certain, and says nothing of the forecast. */
function settled(unit: UnitSoFar, ended: PastPeriod["ended"]): boolean {
  const count = (list: readonly Tallied[]): number =>
    list.reduce((sum, { entry, times }) => sum + (entry.valid ? times : 0), 0);
  return count(unit.now) === count(ended.get(unit.key) ?? []);
}

function countsOf(tallied: readonly Tallied[], { reading }: Pick<Outlook, "reading">): Counts {
  return tallied.reduce((counts, { entry, times }) => addEntry(counts, entry, reading, times), noCounts());
}
