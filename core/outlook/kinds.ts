/**
 * 计入方式的种类. Entries told apart only as far as they count differently under the period's rules: what a forecast draws is a
 * dozen kinds and not a hundred, and a draw is sums of numbers.
 */
import { cellKey, type Entry } from "../assessment/entry.ts";
import { addEntry, type Counts, noCounts, SUMS } from "../assessment/rates.ts";
import type { Outlook, Tallied } from "./known.ts";

/** Kinds of entry that count differently under the reading, in an order that does not hang on how the lists are ordered. */
export interface Kinds {
  /** What one of a kind counts for in a segment; of a segment that there is not, nothing. */
  figures(kind: number, segment: number): Flat;
  readonly categories: ReadonlyMap<string, readonly number[]>;
  of(entry: Entry): number;
  /** The kind that counts nowhere. */
  readonly gone: number;
  /** The segment in which entries count that are still to come. */
  readonly last: number;
  none(): number[];
  /** How many valid entries of each kind. */
  weigh(tallied: readonly Tallied[]): readonly number[];
}

type Known = Pick<Outlook, "units" | "turned" | "byCategory" | "readings">;

export function kindsOf({ units, turned, byCategory, readings }: Known): Kinds {
  const byCell = new Map<string, readonly Flat[]>();
  const know = (entry: Entry): void => {
    const cell = cellKey(entry);
    if (!byCell.has(cell))
      byCell.set(
        cell,
        readings.map((reading) => flat(addEntry(noCounts(), entry, reading))),
      );
  };
  for (const { now, past } of units) {
    for (const { entry } of now) know(entry);
    for (const { entry } of past.flat()) know(entry);
  }
  for (const { before, end } of turned) {
    if (before) know(before);
    if (end) know(end);
  }
  for (const tallied of byCategory.values()) for (const { entry } of tallied) know(entry);
  const nowhere = readings.map(() => NOTHING);
  const distinct = new Map([nowhere, ...byCell.values()].map((figures) => [figures.join(), figures]));
  const ordered = [...distinct].sort(([a], [b]) => (a < b ? -1 : 1));
  const indexOf = new Map(ordered.map(([key], at) => [key, at]));
  const kindOf = new Map([...byCell].map(([cell, figures]) => [cell, indexOf.get(figures.join()) ?? 0]));
  const none = (): number[] => ordered.map(() => 0);
  const of = (entry: Entry): number => kindOf.get(cellKey(entry)) ?? 0;
  const weigh = (tallied: readonly Tallied[]): readonly number[] => {
    const weights = none();
    for (const { entry, times } of tallied)
      if (entry.valid) weights[of(entry)] = (weights[of(entry)] ?? 0) + times;
    return weights;
  };
  return {
    figures: (kind, segment) => ordered[kind]?.[1][segment] ?? NOTHING,
    last: readings.length - 1,
    categories: new Map([...byCategory].map(([category, tallied]) => [category, weigh(tallied)])),
    of,
    gone: indexOf.get(nowhere.join()) ?? 0,
    none,
    weigh,
  };
}

/** Counts as numbers in the order of SUMS: a hundred thousand draws add them up. */
export type Flat = Float64Array;
export const NOTHING: Flat = new Float64Array(SUMS.length);

function flat(counts: Counts): Flat {
  return Float64Array.from(SUMS, (sum) => counts[sum]);
}

export function addTimes(sum: Flat, more: Flat, times: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (more[at] ?? 0) * times;
}

export function countsOf(sum: Flat): Counts {
  const counts = { ...noCounts() };
  for (const [at, each] of SUMS.entries()) counts[each] = sum[at] ?? 0;
  return counts;
}
