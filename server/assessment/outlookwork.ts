/** 测算线程的来件与回件. What the forecast's thread is given and answers; and the periods out of the text that the ledger gave. */
import type { Given } from "@jiesu/core/assessment/adjustment.ts";
import type { StatScope } from "@jiesu/core/assessment/entry.ts";
import { atLevel, type Level, parseKeptKey } from "@jiesu/core/assessment/level.ts";
import type { Segment } from "@jiesu/core/assessment/segments.ts";
import type { Calibration } from "@jiesu/core/outlook/calibration.ts";
import type { Expected } from "@jiesu/core/outlook/forecast.ts";
import type { CutPeriod } from "@jiesu/core/outlook/history.ts";
import type { Tallied, Turned } from "@jiesu/core/outlook/known.ts";

/** One period as `cutTexts` wrote it. */
export interface CutText {
  readonly name: string;
  readonly turned: string;
  readonly waiting: string;
  readonly categories: string;
}

/** What of a unit no ticket says. */
export interface UnitFacts {
  readonly kind: string;
  readonly unitClass: string | null;
  readonly given: readonly Given[];
}

export interface Work {
  /** The period that is forecast, then the past ones, newest first. */
  readonly periods: readonly CutText[];
  /** Of the periods just before one, how many had not all their answers yet at its cut. */
  readonly unsettled: number;
  readonly units: ReadonlyMap<string, UnitFacts>;
  readonly level: Level;
  /** The versions that the period's days fall under. */
  readonly segments: readonly Segment[];
  readonly scope: StatScope;
  readonly seed: string;
  readonly rounds: number;
  /** What the forecast was worth in the past, where that has been measured today; null: too few periods are known. */
  readonly known: { readonly calibration: Calibration | null } | null;
}

export interface Reckoned {
  readonly expected: readonly Expected[];
  readonly calibration: Calibration | null;
}

/** The period as one level reads it. */
export function readCut(text: CutText, level: Level, facts: Work["units"]): CutPeriod {
  // We wrote this text in SQL a moment ago.
  const turned = JSON.parse(text.turned) as readonly (readonly [
    string,
    string | null,
    string | null,
    boolean,
    number,
    number,
  ])[];
  const waiting = JSON.parse(text.waiting) as readonly (readonly [string, string, string, number])[];
  const categories = JSON.parse(text.categories) as readonly (readonly [string, string, number])[];
  const units = new Map<string, Growing>();
  const unitOf = (key: string): Growing => {
    const { kind = "", unitClass = null, given = [] } = facts.get(key) ?? {};
    const unit = units.get(key) ?? { key, kind, unitClass, given, turned: [], waiting: new Map() };
    units.set(key, unit);
    return unit;
  };
  for (const [key, before, end, soon, segment, times] of turned) {
    const [stood, ended] = [before, end].map((cell) => (cell === null ? null : parseKeptKey(cell)));
    unitOf(key).turned.push({
      before: stood ? atLevel(stood, level) : null,
      firm: stood?.source === "city",
      end: ended ? atLevel(ended, level) : null,
      segment,
      soon,
      times,
    });
  }
  for (const [key, category, cell, times] of waiting) {
    const entry = atLevel(parseKeptKey(cell), level);
    if (entry.valid || entry.scope !== "full") continue;
    const unit = unitOf(key);
    unit.waiting.set(category, (unit.waiting.get(category) ?? 0) + times);
  }
  const byCategory = new Map<string, Tallied[]>();
  for (const [category, cell, times] of categories) {
    const tallied = byCategory.get(category) ?? [];
    byCategory.set(category, tallied);
    tallied.push({ entry: atLevel(parseKeptKey(cell), level), times });
  }
  return { name: text.name, units: [...units.values()], byCategory };
}

interface Growing extends UnitFacts {
  readonly key: string;
  readonly turned: Turned[];
  readonly waiting: Map<string, number>;
}
