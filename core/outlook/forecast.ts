/**
 * 测算: where every unit's score and rank will stand once all answers of the period are in, with its spread. Three things
 * are open, and each is drawn:
 *
 * - whether an answer that stands is replaced or its entry left out (the city's callback after the centre's own): as often
 *   as it happened from the same day on in past periods, over all units;
 * - how many answers are still to come: as in past periods, by how much this one has brought so far (gamma-Poisson);
 * - how they turn out: the unit's past, leaning on its categories' past the less it has of its own, and on this period's
 *   answers (Dirichlet); two periods of one unit differ by more than chance, which `looseness` says.
 *
 * Seeded and repeatable: one seed, one forecast.
 */
import { toNumber } from "../assessment/fraction.ts";
import { type Contender, ranking } from "../assessment/ranking.ts";
import { roughScoring } from "../assessment/score.ts";
import { drawsOf } from "./draws.ts";
import { type Prepared, prepare } from "./ends.ts";
import type { Outlook } from "./known.ts";

/** Where four of five drawn ends lie, and the middle one. */
export interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export interface Expected {
  readonly key: string;
  readonly group: string | null;
  /** Score at the period's end, 0 to 100; null when no drawn end gave one. */
  readonly score: Spread | null;
  /** Rank at the period's end; null when it was never ranked. */
  readonly rank: Spread | null;
  /** Answers still to come, on average. */
  readonly toCome: number;
}

/** 80 %: what is stated, and what the calibration must find. */
export const STATED = 0.8;

/** Without a past period there is nothing to tell what is to come by: all scores and ranks are null. */
export function forecast(outlook: Outlook): readonly Expected[] {
  const blind = outlook.units.every(({ earlier }) => earlier.length === 0);
  const draws = drawsOf(outlook.seed);
  const ends = prepare(outlook).ends(outlook.looseness);
  const seen = new Map(outlook.units.map((unit) => [unit.key, noneSeen()]));
  const groups = new Map<string, string | null>();
  for (let round = 0; round < (blind ? 0 : outlook.rounds); round += 1) {
    const contenders = ends.map((end): Contender => ({ ...end.unit, counts: end.draw(draws) }));
    for (const { group, units } of ranking(contenders, outlook.rules))
      for (const unit of units) {
        groups.set(unit.key, group);
        if (unit.score !== null) seen.get(unit.key)?.scores.push(toNumber(unit.score));
        if (unit.rank !== null) seen.get(unit.key)?.ranks.push(unit.rank);
      }
  }
  return ends.map(({ unit: { key }, toCome }) => ({
    key,
    group: groups.get(key) ?? null,
    score: spreadOf(seen.get(key)?.scores ?? []),
    rank: spreadOf(seen.get(key)?.ranks ?? []),
    toCome,
  }));
}

/** One unit's possible final scores. */
export interface Drawn {
  readonly key: string;
  readonly scores: readonly number[];
  /** Answers that the period is expected to have in all. */
  readonly expected: number;
}

/** Scores of each unit's drawn ends without the ranking: what the calibration looks at. */
export function drawnScores(
  prepared: Prepared,
  { units, rules }: Pick<Outlook, "units" | "rules">,
  how: Pick<Outlook, "looseness" | "seed" | "rounds">,
): readonly Drawn[] {
  const answers = new Map(
    units.map(({ key, now }) => [
      key,
      now.reduce((sum, { entry, times }) => sum + (entry.valid ? times : 0), 0),
    ]),
  );
  const scoreOf = roughScoring(rules);
  return prepared.ends(how.looseness).map((end) => {
    const draws = drawsOf(`${how.seed} ${end.unit.key}`);
    const scores: number[] = [];
    for (let round = 0; round < how.rounds; round += 1) {
      const score = scoreOf(end.draw(draws));
      if (score !== null) scores.push(score);
    }
    return { key: end.unit.key, scores, expected: (answers.get(end.unit.key) ?? 0) + end.toCome };
  });
}

/** The middle one and the bounds between which `STATED` of the values lie; null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const ordered = [...values].sort((a, b) => a - b);
  const at = (share: number): number => ordered[Math.round(share * (ordered.length - 1))] ?? 0;
  return { low: at((1 - STATED) / 2), middle: at(0.5), high: at((1 + STATED) / 2) };
}

interface Seen {
  readonly scores: number[];
  readonly ranks: number[];
}

const noneSeen = (): Seen => ({ scores: [], ranks: [] });
