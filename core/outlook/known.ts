/** 测算所知. What a forecast is told of the running period and of the past: the same for a past period that is forecast anew. */
import type { Given } from "../assessment/adjustment.ts";
import type { Entry } from "../assessment/entry.ts";
import type { Reading } from "../assessment/rates.ts";
import type { RuleSet } from "../assessment/ruleset.ts";

/** So many entries of one kind. */
export interface Tallied {
  readonly entry: Entry;
  readonly times: number;
}

/** Entries as they stand at the cut. */
export interface Stood extends Tallied {
  /** The city's own answer, which nothing replaces. */
  readonly firm: boolean;
  /** The place among the readings of that by whose day it counts. */
  readonly segment: number;
}

export interface UnitSoFar {
  readonly key: string;
  /** Kind of unit (街道, 委办局 …) by its code. */
  readonly kind: string;
  /** 分类 that it has in the period. */
  readonly unitClass?: string | null;
  /** Bonus and penalty points approved until now: none are forecast. */
  readonly given?: readonly Given[];
  /** Entries of this period until now; those without a valid callback may still get one. */
  readonly now: readonly Stood[];
  /** How entries of each past period ended, where there were any; the newest first. */
  readonly past: readonly (readonly Tallied[])[];
  /** Of each past period that is over: entries at the same point, and answers that came after it. */
  readonly earlier: readonly { readonly entries: number; readonly came: number }[];
  /** Entries that wait for an answer, by category. */
  readonly waiting: ReadonlyMap<string, number>;
}

export interface Outlook {
  readonly units: readonly UnitSoFar[];
  /** What became of all units' entries after the same point of past periods that are over. */
  readonly turned: readonly Turned[];
  /** Entries of past periods by category, over all units. */
  readonly byCategory: ReadonlyMap<string, readonly Tallied[]>;
  readonly rules: RuleSet;
  /** How the period's entries are read, one for each segment of its days; what is still to come, by the last. */
  readonly readings: readonly Reading[];
  /** 0: periods of one unit differ by chance alone; 0.02 is usual. Measured on past periods: `loosenessOf`. */
  readonly looseness: number;
  readonly seed: string;
  /** How many ends of the period are drawn. */
  readonly rounds: number;
}

/** Entries of one unit that stood alike at the cut and ended alike. */
export interface Turned {
  /** What it said at the cut; null when it was not there yet. */
  readonly before: Entry | null;
  /** 市级回访: the city's own answer at the cut, which nothing replaces. */
  readonly firm: boolean;
  /** The place of its segment; 0 in past periods, which are all read alike. */
  readonly segment: number;
  /** What it says now; null when it counts for the unit no more (退单, 改派). */
  readonly end: Entry | null;
  /** Whether the answers that say so had come by the next period's cut: what a forecast made there could know. */
  readonly soon: boolean;
  readonly times: number;
}

/** An answer that came after the cut, on an entry that had none. */
export const isNew = ({ before, end }: Turned): boolean => end?.valid === true && before?.valid !== true;
