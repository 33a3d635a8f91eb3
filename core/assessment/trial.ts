/**
 * Trial run 试算: the same tickets ranked under two rule sets, and for each unit what moved it. The parts of a unit's score
 * (weight × rate × 100), its points and what the bounds of the score took back add up to the score exactly, so that "why"
 * leaves nothing unexplained.
 */
import { QUESTIONS, type Question, type StatScope } from "./entry.ts";
import { compare, type Fraction, fraction, multiply, ZERO } from "./fraction.ts";
import { type Contender, type RankedUnit, ranking, type Unranked } from "./ranking.ts";
import type { RuleSet } from "./ruleset.ts";
import { boundOf } from "./score.ts";
import { countsOver, lastOf, readingsOf, type Segment, type SegmentEntries } from "./segments.ts";

/** One unit under one rule set. */
export interface Standing {
  readonly group: string | null;
  readonly rank: number | null;
  readonly unranked: Unranked | null;
  readonly score: Fraction | null;
  /** What each rate adds to the score, in points. */
  readonly parts: Readonly<Record<Question, Fraction>>;
  /** 加减分 that count under the rule set. */
  readonly points: Fraction;
  /** What the bounds of the score took back or gave. */
  readonly bound: Fraction;
}

/** What of a unit no entry says: its kind, its class and the points approved for it. */
export type UnitFacts = Omit<Contender, "key" | "counts">;

export interface Moved {
  readonly key: string;
  readonly before: Standing;
  readonly after: Standing;
  readonly why: readonly Why[];
}

/** Why a unit's rank or score is another one. */
export type Why =
  | {
      readonly code: "part";
      readonly question: Question;
      readonly before: Fraction;
      readonly after: Fraction;
    }
  | { readonly code: "points" | "bound"; readonly before: Fraction; readonly after: Fraction }
  | { readonly code: "group"; readonly before: string | null; readonly after: string | null } // it is ranked among others
  | { readonly code: "ranked" } // it was not ranked before, or is not any more
  | { readonly code: "others" }; // its own score is the same: others moved, or equal ones are parted in another way

/**
 * Every unit of `entries` whose rank, group or score differs between the two choices of rule sets, by key. Both are parted at the
 * same days (`partedAt`), so that the entries are counted once.
 */
export function trial(
  entries: readonly SegmentEntries[],
  units: ReadonlyMap<string, UnitFacts>,
  before: readonly Segment[],
  after: readonly Segment[],
  scope: StatScope,
): readonly Moved[] {
  const [was, is] = [before, after].map((segments) => standings(entries, units, segments, scope));
  if (!was || !is) throw new Error("two rule sets give two standings");
  return [...was.keys()].sort().flatMap((key) => {
    const [a, b] = [was.get(key), is.get(key)];
    if (!a || !b) throw new Error(`unit ${key} stands under one rule set alone`);
    const why = reasons(a, b);
    return why.length === 0 ? [] : [{ key, before: a, after: b, why }];
  });
}

/** Every unit's standing; a unit with entries is listed even when none of them counts. */
function standings(
  entries: readonly SegmentEntries[],
  units: ReadonlyMap<string, UnitFacts>,
  segments: readonly Segment[],
  scope: StatScope,
): ReadonlyMap<string, Standing> {
  const rules = lastOf(segments).ruleSet;
  const counted = countsOver(entries, readingsOf(segments, scope));
  const contenders = [...counted].map(([key, counts]) => ({ kind: "", ...units.get(key), key, counts }));
  return new Map(
    ranking(contenders, rules).flatMap(({ group, units: ranked }) =>
      ranked.map((unit): [string, Standing] => [unit.key, standing(unit, group, rules)]),
    ),
  );
}

function standing(unit: RankedUnit, group: string | null, rules: RuleSet): Standing {
  const part = (question: Question): Fraction => {
    const rate = unit.rates[question];
    return rate === null ? ZERO : multiply(multiply(rules.weights[question], rate), fraction(100));
  };
  return {
    group,
    rank: unit.rank,
    unranked: unit.unranked,
    score: unit.score,
    parts: { response: part("response"), solution: part("solution"), satisfaction: part("satisfaction") },
    points: unit.points ?? ZERO,
    bound: boundOf(unit),
  };
}

function reasons(a: Standing, b: Standing): readonly Why[] {
  const why: Why[] = [];
  if (a.group !== b.group) why.push({ code: "group", before: a.group, after: b.group });
  if ((a.rank === null) !== (b.rank === null)) why.push({ code: "ranked" });
  for (const question of QUESTIONS) {
    if (compare(a.parts[question], b.parts[question]) !== 0)
      why.push({ code: "part", question, before: a.parts[question], after: b.parts[question] });
  }
  for (const code of ["points", "bound"] as const)
    if (compare(a[code], b[code]) !== 0) why.push({ code, before: a[code], after: b[code] });
  if (why.length === 0 && a.rank !== b.rank) why.push({ code: "others" });
  return why;
}
