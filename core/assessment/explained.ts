/**
 * A rate explained 一率的由来: what its numerator is made of, its denominator, and what was left out and why; of a whole period, or
 * of one segment of it. The parts add up to the numerator exactly, also where an answer was worth more under one version.
 */
import { ANSWERS, type Answer, type Entry, type Question } from "./entry.ts";
import { add, compare, type Fraction, fraction, multiply, ZERO } from "./fraction.ts";
import { ASKED, isCounted, type LeftOut, leftOut, type Reading } from "./rates.ts";

/** One entry and the place of the segment that it counts in. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly segment: number;
}

export interface ExplainedRate {
  readonly numerator: Fraction;
  /** So many times that answer, worth so much each. */
  readonly parts: readonly { readonly answer: Answer; readonly times: number; readonly worth: Fraction }[];
  readonly denominator: number;
  /** By the name of the reason. */
  readonly excluded: readonly { readonly reason: LeftOut; readonly times: number }[];
}

/** The reader of an entry's segment. Throws when there is none. */
export function readingOf({ segment }: PlacedEntry, readings: readonly Reading[]): Reading {
  const reading = readings[segment];
  if (reading === undefined) throw new Error(`an entry of a segment that there is not: ${segment}`);
  return reading;
}

export function explainRate(
  question: Question,
  entries: readonly PlacedEntry[],
  readings: readonly Reading[],
): ExplainedRate {
  const parts = ANSWERS[question].flatMap((answer) => partsOf(answer, entries, readings));
  const reasons = new Map<LeftOut, number>();
  let denominator = 0;
  for (const placed of entries) {
    const reading = readingOf(placed, readings);
    if (isCounted(placed.entry, ASKED[question], reading)) denominator += 1;
    const why = leftOut(placed.entry, question, reading);
    if (why !== null) reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  return {
    numerator: parts.map(({ times, worth }) => multiply(worth, fraction(times))).reduce(add, ZERO),
    parts,
    denominator,
    excluded: [...reasons].sort(([a], [b]) => (a < b ? -1 : 1)).map(([reason, times]) => ({ reason, times })),
  };
}

/** One part for each worth that the answer was given under; one that nobody gave has one part all the same. */
function partsOf(answer: Answer, entries: readonly PlacedEntry[], readings: readonly Reading[]) {
  const parts: { readonly answer: Answer; times: number; readonly worth: Fraction }[] = [];
  for (const [segment, reading] of readings.entries()) {
    const worth = reading.rules.answers[answer];
    const times = entries.filter(
      (each) => each.segment === segment && isCounted(each.entry, answer, reading),
    ).length;
    const same = parts.find((part) => compare(part.worth, worth) === 0);
    if (same) same.times += times;
    else parts.push({ answer, times, worth });
  }
  const given = parts.filter(({ times }) => times > 0);
  return given.length > 0 ? given : parts.slice(0, 1);
}
