/**
 * Closed period 封账. A frozen copy holds everything its figures depend on (rules, days, units' names, kinds and classes, how
 * many entries of each kind, the points given, the population), so that they are reckoned again from it alone, to the byte,
 * whatever has changed since. What a copy of an earlier day does not have is left out of its figures.
 */

import type { DayRange } from "../time/period.ts";
import type { Given } from "./adjustment.ts";
import { type Population, perTenThousand } from "./density.ts";
import type { Entry, StatScope } from "./entry.ts";
import { type Fraction, parseDecimal, ZERO } from "./fraction.ts";
import type { Level } from "./level.ts";
import { type Contender, type RankedUnit, ranking } from "./ranking.ts";
import { FIGURES, noCounts } from "./rates.ts";
import { countsOver, lastOf, readingsOf, type Segment, type SegmentEntries } from "./segments.ts";

export interface FrozenUnit {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
  /** 分类 that it had; null for none. */
  readonly unitClass?: string | null;
  /** 常住人口 of the period's year; null when it was not known. */
  readonly population?: Population | null;
  /** How many entries of each kind, by the kind's text; of which segment, where it is not the first. */
  readonly entries: readonly { readonly entry: Entry; readonly times: number; readonly segment?: number }[];
}

/** Days and the rule set that they fell under, as it is written. */
export interface FrozenSegment {
  readonly from: string;
  readonly to: string;
  readonly rules: unknown;
}

export interface Frozen {
  readonly level: Level;
  readonly period: { readonly name: string; readonly from: string; readonly to: string };
  /** The rule set that the period as a whole goes by, as it is written. */
  readonly rules: unknown;
  readonly units: readonly FrozenUnit[];
  /** Only where several rule sets part the period; the last is `rules` again. */
  readonly segments?: readonly FrozenSegment[];
  /** 按期办结 as the clocks stood at the closing; a copy of an earlier day has none. */
  readonly onTime?: readonly FrozenOnTime[];
  /** The days whose tickets counted in 按期办结, only where they were not the period's own. */
  readonly doneDays?: DayRange;
  /** Bonus and penalty points that were approved, of every unit. */
  readonly adjustments?: readonly FrozenPoints[];
}

/** Of a unit's rounds in one statistical scope: how many could be judged, and how many were in time. */
export interface FrozenOnTime {
  readonly unitId: string;
  readonly scope: StatScope;
  readonly due: number;
  readonly onTime: number;
}

export interface FrozenPoints {
  readonly id: string;
  readonly unitId: string;
  readonly item: string;
  /** "0.5". */
  readonly points: string;
}

function frozenEntries(frozen: Frozen): readonly SegmentEntries[] {
  return frozen.units.flatMap(({ id, entries }) =>
    entries.map(({ entry, times, segment = 0 }) => ({ key: id, entry, times, segment })),
  );
}

/** The points that were approved, by unit. */
export function frozenGiven(frozen: Frozen): ReadonlyMap<string, readonly Given[]> {
  const read = (frozen.adjustments ?? []).map(({ points, ...each }) => ({
    ...each,
    points: parseDecimal(points) ?? ZERO,
  }));
  return Map.groupBy(read, ({ unitId }) => unitId);
}

/** The units of a frozen copy as they were, ready to be ranked. */
export function frozenContenders(
  frozen: Frozen,
  segments: readonly Segment[],
  scope: StatScope,
): readonly Contender[] {
  const counts = countsOver(frozenEntries(frozen), readingsOf(segments, scope));
  const given = frozenGiven(frozen);
  return frozen.units.map(({ id, kind, unitClass }) => ({
    key: id,
    kind,
    unitClass: unitClass ?? null,
    given: given.get(id) ?? [],
    counts: counts.get(id) ?? noCounts(),
  }));
}

/** Every figure of the period as one text: ranks, counts, rates and scores as exact fractions, in both scopes. */
export function closedFigures(frozen: Frozen, segments: readonly Segment[]): string {
  const known = new Map(frozen.units.map((unit) => [unit.id, unit]));
  const rules = lastOf(segments).ruleSet;
  const figures = (scope: StatScope) => {
    return ranking(frozenContenders(frozen, segments, scope), rules).map(({ group, units, total }) => ({
      group,
      units: units.map((unit) => ({
        id: unit.key,
        name: known.get(unit.key)?.name ?? "",
        rank: unit.rank,
        counts: FIGURES.map((figure) => unit.counts[figure]),
        response: text(unit.rates.response),
        solution: text(unit.rates.solution),
        satisfaction: text(unit.rates.satisfaction),
        score: text(unit.score),
        ...laterFigures(unit, known.get(unit.key)),
      })),
      total: text(total.score),
    }));
  };
  return JSON.stringify({
    period: frozen.period,
    level: frozen.level,
    all: figures("all"),
    assessed: figures("assessed"),
    ...(frozen.onTime === undefined ? {} : { onTime: frozen.onTime }),
  });
}

/** Figures that copies have had since there are points, classes and populations. */
function laterFigures(unit: RankedUnit, frozen: FrozenUnit | undefined) {
  const { basic, points, counts } = unit;
  return {
    ...(points === null ? {} : { basic: text(basic), points: text(points) }),
    ...(frozen?.unitClass ? { unitClass: frozen.unitClass } : {}),
    ...(frozen?.population ? { density: text(perTenThousand(counts.tickets, frozen.population)) } : {}),
  };
}

const text = (value: Fraction | null): string | null => (value === null ? null : `${value.num}/${value.den}`);
