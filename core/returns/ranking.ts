/** 退单率排名. The highest first; who has had too few rounds of dispatch is shown, but has no place. */
import { percent } from "./measures.ts";

export interface Rankable {
  readonly key: string;
  readonly asked: number;
  readonly rounds: number;
}

/** Place by rate, the same rate the same place; null below the least number of rounds. In the order of the table. */
export function rankByRate<T extends Rankable>(
  rows: readonly T[],
  minRanked: number,
): readonly (T & { readonly rate: number | null; readonly place: number | null })[] {
  // Compared by cross-multiplication: a rounded percentage would make ties that are none.
  const above = (a: T, b: T): boolean => a.asked * b.rounds > b.asked * a.rounds;
  const ranked = rows.filter((row) => row.rounds >= minRanked);
  const placed = rows.map((row) => ({
    ...row,
    rate: percent(row.asked, row.rounds),
    place: row.rounds >= minRanked ? 1 + ranked.filter((other) => above(other, row)).length : null,
  }));
  return placed.sort(
    (a, b) =>
      (a.place ?? Number.POSITIVE_INFINITY) - (b.place ?? Number.POSITIVE_INFINITY) ||
      b.asked - a.asked ||
      b.rounds - a.rounds ||
      (a.key < b.key ? -1 : 1),
  );
}
