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
const TRIED = [0, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2] as const;
const ROUNDS = 200;

/** How often the stated bounds held in these periods. Bounds are as shown: rounded to the rule set's digits. */
export function coverageOf(periods: readonly PastPeriod[], looseness: number): Coverage {
  let [held, of, width] = [0, 0, 0];
  for (const { name, outlook, ended } of periods)
    for (const unit of outlook.units) {
      const actual = roughScore(countsOf(ended.get(unit.key) ?? [], outlook), outlook.rules);
      const drawn = spreadOf(drawnScores(unit, { ...outlook, looseness, seed: name, rounds: ROUNDS }));
      if (actual === null || drawn === null || settled(unit, ended)) continue;
      const half = 0.5 / 10 ** outlook.rules.scoreDigits;
      of += 1;
      width += drawn.high - drawn.low;
      if (actual >= drawn.low - half && actual <= drawn.high + half) held += 1;
    }
  return { held, of, width: of === 0 ? 0 : width / of };
}

/** The tried looseness whose coverage in these periods comes nearest to what is stated; the tighter of equals. */
export function loosenessOf(periods: readonly PastPeriod[]): number {
  let best = { looseness: 0.02, gap: Number.POSITIVE_INFINITY };
  for (const looseness of TRIED) {
    const { held, of } = coverageOf(periods, looseness);
    if (of === 0) continue;
    const gap = Math.abs(held / of - STATED);
    if (gap < best.gap) best = { looseness, gap };
  }
  return best.looseness;
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
