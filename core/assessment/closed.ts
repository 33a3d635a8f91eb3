/**
 * Closed period 封账. A frozen copy holds everything its figures depend on (rules, days, units' names and kinds, how many
 * entries of each kind), so that they are reckoned again from it alone, to the byte, whatever has changed since.
 */
import type { Entry, StatScope } from "./entry.ts";
import type { Fraction } from "./fraction.ts";
import type { Level } from "./level.ts";
import { ranking } from "./ranking.ts";
import { countsByKey, FIGURES, type KeyedEntries } from "./rates.ts";
import type { RuleSet } from "./ruleset.ts";

export interface FrozenUnit {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
  /** How many entries of each kind, by the kind's text. */
  readonly entries: readonly { readonly entry: Entry; readonly times: number }[];
}

export interface Frozen {
  readonly level: Level;
  readonly period: { readonly name: string; readonly from: string; readonly to: string };
  /** The rule set as it is written. */
  readonly rules: unknown;
  readonly units: readonly FrozenUnit[];
  /** 按期办结 as the clocks stood at the closing; a copy of an earlier day has none. */
  readonly onTime?: readonly FrozenOnTime[];
}

/** Of a unit's rounds in one statistical scope: how many could be judged, and how many were in time. */
export interface FrozenOnTime {
  readonly unitId: string;
  readonly scope: StatScope;
  readonly due: number;
  readonly onTime: number;
}

export function frozenEntries(frozen: Frozen): readonly KeyedEntries[] {
  return frozen.units.flatMap(({ id, entries }) => entries.map((each) => ({ key: id, ...each })));
}

/** Every figure of the period as one text: ranks, counts, rates and scores as exact fractions, in both scopes. */
export function closedFigures(frozen: Frozen, rules: RuleSet): string {
  const kinds = new Map(frozen.units.map((unit) => [unit.id, unit.kind]));
  const names = new Map(frozen.units.map((unit) => [unit.id, unit.name]));
  const figures = (scope: StatScope) => {
    const counted = countsByKey(frozenEntries(frozen), { rules, scope });
    const contenders = [...counted].map(([key, counts]) => ({ key, kind: kinds.get(key) ?? "", counts }));
    return ranking(contenders, rules).map(({ group, units, total }) => ({
      group,
      units: units.map((unit) => ({
        id: unit.key,
        name: names.get(unit.key) ?? "",
        rank: unit.rank,
        counts: FIGURES.map((figure) => unit.counts[figure]),
        response: text(unit.rates.response),
        solution: text(unit.rates.solution),
        satisfaction: text(unit.rates.satisfaction),
        score: text(unit.score),
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

const text = (value: Fraction | null): string | null => (value === null ? null : `${value.num}/${value.den}`);
