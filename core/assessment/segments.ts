/**
 * Segments of a period 适用区段. A rule that binds from its day on (自该日起) parts the period it begins in: each entry is read by
 * the version of the day it counts on, and what the segments count adds up to the period. What concerns the period as a whole
 * (weights of the score, digits, ties, groups, minimum volume, total row) is as the version of the last segment has it.
 */
import { addDays, type Day } from "../time/day.ts";
import type { DayRange } from "../time/period.ts";
import type { StatScope } from "./entry.ts";
import { type Counts, countsByKey, type KeyedEntries, mergeCounts, type Reading } from "./rates.ts";
import type { RuleSet } from "./ruleset.ts";

/** Days that fall under one version. Segments stand in the order of days, without a gap, and there is always one. */
export interface Segment extends DayRange {
  readonly ruleSet: RuleSet;
}

/** Entries of one segment, by its place among the segments. */
export interface SegmentEntries extends KeyedEntries {
  readonly segment: number;
}

/**
 * The segments once this version is put in force too: the days from its own on, until the next one begins, are its, where it binds
 * by day, begins within them and cuts its months as they are cut. Otherwise nothing changes, and the same segments come back.
 */
export function withVersion(segments: readonly Segment[], version: RuleSet): readonly Segment[] {
  const { ruleSet, to } = lastOf(segments);
  const begins = version.binds === "day" && version.from > firstOf(segments).from && version.from <= to;
  if (!begins || version.period !== ruleSet.period) return segments;
  return partedAt(segments, [version.from]).map((each) =>
    each.from === version.from ? { ...each, ruleSet: version } : each,
  );
}

/** As if this version were in force: from its day on where it binds so and begins within the days, or else over all of them. */
export function tried(
  segments: readonly Segment[],
  { from, to }: DayRange,
  version: RuleSet,
): readonly Segment[] {
  const begun = withVersion(segments, version);
  return begun === segments ? [{ from, to, ruleSet: version }] : begun;
}

/** The same days under the same versions, cut on these days too: so that two choices of versions can be counted at once. */
export function partedAt(segments: readonly Segment[], days: readonly Day[]): readonly Segment[] {
  return segments.flatMap((segment) => {
    const starts = [segment.from, ...days.filter((day) => day > segment.from && day <= segment.to).sort()];
    return starts.map((from, at) => {
      const next = starts[at + 1];
      return { from, to: next === undefined ? segment.to : addDays(next, -1), ruleSet: segment.ruleSet };
    });
  });
}

/** First days of all segments but the first: where the days are parted. */
export function startsOf(segments: readonly Segment[]): readonly Day[] {
  return segments.slice(1).map((segment) => segment.from);
}

/** The segment of a day; days outside belong to the nearest. */
export function segmentOn(segments: readonly Segment[], day: Day): Segment {
  return segments.findLast((segment) => segment.from <= day) ?? firstOf(segments);
}

/** How each segment's entries are read. */
export function readingsOf(segments: readonly Segment[], scope: StatScope): readonly Reading[] {
  return segments.map(({ ruleSet }) => ({ rules: ruleSet, scope }));
}

/** Counts by key, each entry read by the version of its own segment. */
export function countsOver(
  entries: readonly SegmentEntries[],
  readings: readonly Reading[],
): ReadonlyMap<string, Counts> {
  const sum = new Map<string, Counts>();
  for (const [segment, its] of Map.groupBy(entries, (each) => each.segment)) {
    const reading = readings[segment];
    if (reading === undefined) throw new Error(`entries of a segment that there is not: ${segment}`);
    for (const [key, counts] of countsByKey(its, reading)) {
      const others = sum.get(key);
      sum.set(key, others === undefined ? counts : mergeCounts(others, counts));
    }
  }
  return sum;
}

/** Days as they come over the wire too. */
interface Days {
  readonly from: string;
  readonly to: string;
}

/** "10-19 至 11-04"; the last of several "11-05 起". */
export function daysText(days: Days, among: readonly Days[]): string {
  const [from, to] = [days.from.slice(5), days.to.slice(5)];
  return among.length > 1 && days.from === among.at(-1)?.from ? `${from} 起` : `${from} 至 ${to}`;
}

/** "10-19 至 11-04 适用《…》，11-05 起适用《…》"; null where one version has all the days. */
export function segmentsText(segments: readonly (Days & { readonly title: string })[]): string | null {
  if (segments.length < 2) return null;
  return segments
    .map(
      (each, at) => `${daysText(each, segments)}${at < segments.length - 1 ? " " : ""}适用《${each.title}》`,
    )
    .join("，");
}

/** The version that the period as a whole goes by. */
export function lastOf(segments: readonly Segment[]): Segment {
  return segments.at(-1) ?? none();
}

function firstOf(segments: readonly Segment[]): Segment {
  return segments[0] ?? none();
}

function none(): never {
  throw new Error("there are no days without a segment");
}
