/**
 * 市级结果对账. The city's lines against our own reckoning at the city's level, round by round: equal, or in what they
 * differ. Both sides are kept as they stand, so that the differences, applied to ours, give the city's figure exactly.
 */
import type { Stated } from "../cityresult/line.ts";
import type { PeriodName } from "../time/period.ts";
import { type Entry, isValidCallback } from "./entry.ts";
import { atLevel, type KeptEntry } from "./level.ts";
import { type Counts, countsByKey, noCounts, type Reading } from "./rates.ts";

/** One line of the city's file, as far as it is compared. */
export interface CityRow {
  readonly key: string;
  /** Null where the row names no unit, or one that we do not know. */
  readonly unitId: string | null;
  readonly unitSaid: string;
  readonly entry: Entry;
}

/** One round of ours. */
export interface OurRound {
  readonly unitId: string | null;
  readonly kept: KeptEntry;
  readonly void: boolean;
  /** The period in which we count it. */
  readonly period: PeriodName;
}

/** Where a line and a round are asked about: the file's period and what its columns tell. */
export interface Compared {
  readonly period: PeriodName;
  readonly stated: ReadonlySet<Stated>;
}

/** In what two readings differ. base: one of them does not count it at all. */
export const DIFFERING = [
  "base",
  "period",
  "unit",
  "scope",
  "valid",
  "contacted",
  "solved",
  "satisfied",
] as const;
export type Differing = (typeof DIFFERING)[number];

export const DIFFERING_NAMES: Readonly<Record<Differing, string>> = {
  base: "是否计入",
  period: "计入考核期",
  unit: "承办单位",
  scope: "考核口径",
  valid: "有效回访",
  contacted: "是否联系",
  solved: "是否解决",
  satisfied: "是否满意",
};

/** What one side counts, and for whom; a unit that is not known is "". */
export interface Side {
  readonly unitId: string;
  readonly entry: Entry;
}

/** A line, a round, or both; what each counts, null where it counts nothing here. */
export interface Pair {
  readonly city: Side | null;
  readonly ours: Side | null;
  readonly fields: readonly Differing[];
}

/** A line of the city's against the round it means; null where it means none that we have. */
export function compareLine(city: CityRow, ours: OurRound | null, { period, stated }: Compared): Pair {
  const own = ours === null ? null : settled(atLevel(ours.kept, "city"));
  const entry = settled(filled(city.entry, own, stated));
  const unknown = stated.has("unit") && city.unitSaid !== "";
  const unitId = city.unitId ?? (unknown ? "" : (ours?.unitId ?? ""));
  const said: Side = { unitId, entry };
  if (ours === null || own === null) return { city: said, ours: null, fields: ["base"] };
  const answers = entryFields(entry, own);
  if (ours.void) return { city: said, ours: null, fields: ["base", ...answers] };
  const unit: readonly Differing[] = unitId === (ours.unitId ?? "") ? [] : ["unit"];
  if (ours.period !== period) return { city: said, ours: null, fields: ["period", ...unit, ...answers] };
  return { city: said, ours: { unitId: ours.unitId ?? "", entry: own }, fields: [...unit, ...answers] };
}

/**
 * A round that we count and the file does not name. It is a difference where the city has called: what neither of us has
 * heard of is in no base, and the file need not name it.
 */
export function compareUnnamed(ours: OurRound): Pair {
  const entry = settled(atLevel(ours.kept, "city"));
  const side = { unitId: ours.unitId ?? "", entry };
  return { city: null, ours: side, fields: entry.valid ? ["base"] : [] };
}

/**
 * What our round says after the city's reading was adopted. Where the centre decided the scope on its own, that stays the
 * district's; otherwise both levels follow the city.
 */
export function adopted(kept: KeptEntry, entry: Entry): KeptEntry {
  const { scope, valid, contacted, solved, satisfied } = settled(entry);
  const own = kept.cityScope !== null;
  return {
    scope: own ? kept.scope : scope,
    cityScope: own ? scope : null,
    source: "city",
    valid,
    contacted,
    solved,
    satisfied,
  };
}

/** Differences that adopting the city's reading removes: what it says of scope and answers. */
export const ADOPTED: readonly Differing[] = ["scope", "valid", "contacted", "solved", "satisfied"];

/** Our sides as they are after every difference is applied: the city's. */
export function applied(pairs: readonly Pair[]): readonly Side[] {
  return pairs.flatMap(({ city, ours, fields }) => {
    const side = fields.length > 0 ? city : ours;
    return side === null ? [] : [side];
  });
}

/** Counts of every unit of some sides. */
export function sumsOf(sides: readonly Side[], reading: Reading): ReadonlyMap<string, Counts> {
  return countsByKey(
    sides.map(({ unitId, entry }) => ({ key: unitId, entry, times: 1 })),
    reading,
  );
}

/** What a figure of one unit is with the city and with us, and how much of the gap the listed differences make. */
export interface Gap {
  readonly city: Counts;
  readonly ours: Counts;
  /** Pairs that differ and touch this unit on either side. */
  readonly differing: number;
}

export function gapsByUnit(pairs: readonly Pair[], reading: Reading): ReadonlyMap<string, Gap> {
  const city = sumsOf(
    pairs.flatMap((pair) => pair.city ?? []),
    reading,
  );
  const ours = sumsOf(
    pairs.flatMap((pair) => pair.ours ?? []),
    reading,
  );
  const differing = new Map<string, number>();
  for (const pair of pairs) {
    if (pair.fields.length === 0) continue;
    const units = new Set([pair.city?.unitId, pair.ours?.unitId].filter((id) => id !== undefined));
    for (const id of units) differing.set(id, (differing.get(id) ?? 0) + 1);
  }
  const ids = new Set([...city.keys(), ...ours.keys(), ...differing.keys()]);
  return new Map(
    [...ids].map((id) => [
      id,
      {
        city: city.get(id) ?? noCounts(),
        ours: ours.get(id) ?? noCounts(),
        differing: differing.get(id) ?? 0,
      },
    ]),
  );
}

/** What the file has no column for is taken as we have it. */
function filled(city: Entry, own: Entry | null, stated: ReadonlySet<Stated>): Entry {
  if (own === null) return city;
  const answers = {
    contacted: stated.has("contacted") ? city.contacted : own.contacted,
    solved: stated.has("solved") ? city.solved : own.solved,
    satisfied: stated.has("satisfied") ? city.satisfied : own.satisfied,
  };
  return {
    scope: stated.has("scope") ? city.scope : own.scope,
    valid: stated.has("valid")
      ? city.valid
      : isValidCallback(null, {
          contacted: answers.contacted ?? undefined,
          solved: answers.solved ?? undefined,
          satisfied: answers.satisfied ?? undefined,
        }),
    ...answers,
  };
}

/** A callback that does not count has no answers that count. */
function settled(entry: Entry): Entry {
  return entry.valid ? entry : { ...entry, contacted: null, solved: null, satisfied: null };
}

function entryFields(city: Entry, ours: Entry): readonly Differing[] {
  return (["scope", "valid", "contacted", "solved", "satisfied"] as const).filter(
    (field) => city[field] !== ours[field],
  );
}
