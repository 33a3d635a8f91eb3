/**
 * 测算: where every unit's score and rank will stand when the period ends, with its spread. What is answered already is
 * certain; what is still to come is drawn, from each unit's own history and its open tickets' categories:
 *
 * - how many more answers: as many as came in the same rest of past periods (gamma-Poisson);
 * - how they turn out: the unit's past, leaning on its categories' past the less it has of its own, and on this period's
 *   answers (Dirichlet); two periods of one unit differ by more than chance, which `looseness` says.
 *
 * Seeded and repeatable: one seed, one forecast.
 */
import type { Given } from "../assessment/adjustment.ts";
import { cellKey, type Entry } from "../assessment/entry.ts";
import { toNumber } from "../assessment/fraction.ts";
import { type Contender, ranking } from "../assessment/ranking.ts";
import { addEntry, type Counts, noCounts, type Reading, SUMS } from "../assessment/rates.ts";
import type { RuleSet } from "../assessment/ruleset.ts";
import { roughScore } from "../assessment/score.ts";
import { type Draws, drawsOf } from "./draws.ts";

/** So many entries of one kind. */
export interface Tallied {
  readonly entry: Entry;
  readonly times: number;
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
  readonly now: readonly Tallied[];
  /** What those count, each by the rules of its own day. */
  readonly sofar: Counts;
  /** Entries of past periods, all together; only those with a valid callback say how an answer turns out. */
  readonly past: readonly Tallied[];
  /** How many valid callbacks came in the same rest of each past period. */
  readonly restOfPast: readonly number[];
  /** Open tickets that may still count, by category. */
  readonly open: ReadonlyMap<string, number>;
}

export interface Outlook {
  readonly units: readonly UnitSoFar[];
  /** Entries of past periods by category, over all units. */
  readonly byCategory: ReadonlyMap<string, readonly Tallied[]>;
  readonly rules: RuleSet;
  /** How entries that are still to come are read. */
  readonly reading: Reading;
  /** 0: periods of one unit differ by chance alone; 0.02 is usual. Measured on past periods: `loosenessOf`. */
  readonly looseness: number;
  readonly seed: string;
  /** How many ends of the period are drawn. */
  readonly rounds: number;
}

/** Where four of five drawn ends lie, and the middle one. */
export interface Spread {
  readonly low: number;
  readonly middle: number;
  readonly high: number;
}

export interface Expected {
  readonly key: string;
  readonly group: string | null;
  /** Score at the period's end, 0 to 100; null when no drawn end gave one. */
  readonly score: Spread | null;
  /** Rank at the period's end; null when it was never ranked. */
  readonly rank: Spread | null;
  /** Entries still to come, on average. */
  readonly toCome: number;
}

/** How strongly a unit leans on its categories' past: as if it had so many entries of it. */
const LEAN = 20;
/** 80 %: what is stated, and what the calibration must find. */
export const STATED = 0.8;

export function forecast(outlook: Outlook): readonly Expected[] {
  const draws = drawsOf(outlook.seed);
  const ends = outlook.units.map((unit) => endsOf(unit, outlook));
  const seen = new Map(outlook.units.map((unit) => [unit.key, noneSeen()]));
  const groups = new Map<string, string | null>();
  for (let round = 0; round < outlook.rounds; round += 1) {
    const contenders = ends.map((end): Contender => end.draw(draws));
    for (const { group, units } of ranking(contenders, outlook.rules))
      for (const unit of units) {
        groups.set(unit.key, group);
        if (unit.score !== null) seen.get(unit.key)?.scores.push(toNumber(unit.score));
        if (unit.rank !== null) seen.get(unit.key)?.ranks.push(unit.rank);
      }
  }
  const toCome = new Map(ends.map((end) => [end.key, end.toCome]));
  return outlook.units.map(({ key }) => ({
    key,
    group: groups.get(key) ?? null,
    score: spreadOf(seen.get(key)?.scores ?? []),
    rank: spreadOf(seen.get(key)?.ranks ?? []),
    toCome: toCome.get(key) ?? 0,
  }));
}

/** Scores alone of one unit's drawn ends, in order: what the calibration looks at. */
export function drawnScores(unit: UnitSoFar, outlook: Omit<Outlook, "units">): readonly number[] {
  const draws = drawsOf(`${outlook.seed} ${unit.key}`);
  const end = endsOf(unit, outlook);
  const scores: number[] = [];
  for (let round = 0; round < outlook.rounds; round += 1) {
    const score = roughScore(end.draw(draws).counts, outlook.rules);
    if (score !== null) scores.push(score);
  }
  return scores.sort((a, b) => a - b);
}

/** The middle one and the bounds between which `STATED` of the values lie; null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  const ordered = [...values].sort((a, b) => a - b);
  const at = (share: number): number => ordered[Math.round(share * (ordered.length - 1))] ?? 0;
  return { low: at((1 - STATED) / 2), middle: at(0.5), high: at((1 + STATED) / 2) };
}

interface Seen {
  readonly scores: number[];
  readonly ranks: number[];
}

const noneSeen = (): Seen => ({ scores: [], ranks: [] });

interface End {
  readonly key: string;
  readonly toCome: number;
  draw(draws: Draws): Contender;
}

/** Everything about one unit that is the same in each round, reckoned once; a round is sums of whole numbers. */
function endsOf(unit: UnitSoFar, outlook: Omit<Outlook, "units">): End {
  const kinds = kindsOf([unit.now, unit.past, ...categoriesOf(unit, outlook)]);
  const one = (entry: Entry): Counts => addEntry(noCounts(), entry, outlook.reading);
  const now = weightsOf(unit.now, kinds);
  const sofar = flat(unit.sofar);
  const waiting = unit.now.filter(({ entry }) => !entry.valid && entry.scope === "full");
  const waits = waiting.reduce((sum, { times }) => sum + times, 0);
  const unanswered = flat(waiting[0] ? one(waiting[0].entry) : noCounts());
  const expected = meanOf(unit, outlook, kinds);
  const firm = outlook.looseness > 0 ? 1 / outlook.looseness - 1 : 1e6;
  const { alphas, figures } = alike(
    [...kinds.values()].map((entry, at) => ({
      alpha: (expected[at] ?? 0) * firm + (now[at] ?? 0),
      figures: flat(one(entry)),
    })),
  );
  const came = unit.restOfPast.reduce((sum, each) => sum + each, 0);
  const periods = unit.restOfPast.length;
  return {
    key: unit.key,
    toCome: periods === 0 ? 0 : came / periods,
    draw(draws) {
      const more = periods === 0 ? 0 : draws.poisson(draws.gamma(came + 0.5) / periods);
      const shares = alphas.map((alpha) => draws.gamma(alpha));
      let left = more;
      let rest = total(shares);
      const ended = sofar.slice();
      // The next answers are those that are waited for; a ticket answered is no longer one without an answer.
      addTimes(ended, unanswered, -Math.min(more, waits));
      for (const [at, share] of shares.entries()) {
        if (left === 0 || rest <= 0) break;
        const times = at === shares.length - 1 ? left : draws.binomial(left, Math.min(1, share / rest));
        if (times > 0) addTimes(ended, figures[at] ?? NOTHING, times);
        left -= times;
        rest -= share;
      }
      const { key, kind, unitClass = null, given = [] } = unit;
      return { key, kind, unitClass, given, counts: countsOf(ended) };
    },
  };
}

/** Kinds that count alike are drawn as one (their alphas add up); those that cannot come are left out. */
function alike(kinds: readonly { readonly alpha: number; readonly figures: Flat }[]) {
  const merged = new Map<string, { alpha: number; readonly figures: Flat }>();
  for (const { alpha, figures } of kinds) {
    if (alpha <= 0) continue;
    const same = merged.get(figures.join());
    if (same) same.alpha += alpha;
    else merged.set(figures.join(), { alpha, figures });
  }
  const drawn = [...merged.values()];
  return { alphas: drawn.map(({ alpha }) => alpha), figures: drawn.map(({ figures }) => figures) };
}

/** How an entry of this unit turns out, on average: own past, leaning on its categories' past. Adds up to 1, or is empty. */
function meanOf(
  unit: UnitSoFar,
  outlook: Omit<Outlook, "units">,
  kinds: ReadonlyMap<string, Entry>,
): readonly number[] {
  const own = weightsOf(unit.past, kinds);
  const mix = categoriesOf(unit, outlook).map((tallied) => weightsOf(tallied, kinds));
  const open = openCategories(unit, outlook).map(([, count]) => count);
  const leaning = own.map((_, at) =>
    mix.reduce(
      (sum, weights, n) => sum + (open[n] ?? 0) * ((weights[at] ?? 0) / Math.max(1, total(weights))),
      0,
    ),
  );
  const lean = total(leaning);
  const mixed = own.map((weight, at) => weight + (lean > 0 ? (LEAN * (leaning[at] ?? 0)) / lean : 0));
  const whole = total(mixed);
  return whole > 0 ? mixed.map((weight) => weight / whole) : mixed;
}

/** The unit's open categories of which there is a past, with how many are open; the whole past when there is none. */
function openCategories(
  unit: UnitSoFar,
  outlook: Omit<Outlook, "units">,
): readonly (readonly [string, number])[] {
  const known = [...unit.open].filter(([category]) => (outlook.byCategory.get(category)?.length ?? 0) > 0);
  return known.length > 0 ? known : [...outlook.byCategory.keys()].map((category) => [category, 1] as const);
}

function categoriesOf(unit: UnitSoFar, outlook: Omit<Outlook, "units">): readonly (readonly Tallied[])[] {
  return openCategories(unit, outlook).map(([category]) => outlook.byCategory.get(category) ?? []);
}

/** The kinds of entry that an answer can be, in an order that does not hang on how the lists are ordered. */
function kindsOf(lists: readonly (readonly Tallied[])[]): ReadonlyMap<string, Entry> {
  const kinds = new Map<string, Entry>();
  for (const { entry } of lists.flat()) if (entry.valid) kinds.set(cellKey(entry), entry);
  return new Map([...kinds].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function weightsOf(tallied: readonly Tallied[], kinds: ReadonlyMap<string, Entry>): readonly number[] {
  const byKind = new Map<string, number>();
  for (const { entry, times } of tallied)
    byKind.set(cellKey(entry), (byKind.get(cellKey(entry)) ?? 0) + times);
  return [...kinds.keys()].map((kind) => byKind.get(kind) ?? 0);
}

const total = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0);

/** Counts as numbers in the order of SUMS: a hundred thousand draws add them up. */
type Flat = Float64Array;
const NOTHING: Flat = new Float64Array(SUMS.length);

function flat(counts: Counts): Flat {
  return Float64Array.from(SUMS, (each) => counts[each]);
}

function addTimes(sum: Flat, more: Flat, times: number): void {
  for (let at = 0; at < sum.length; at += 1) sum[at] = (sum[at] ?? 0) + (more[at] ?? 0) * times;
}

function countsOf(sum: Flat): Counts {
  const counts = { ...noCounts() };
  for (const [at, each] of SUMS.entries()) counts[each] = sum[at] ?? 0;
  return counts;
}
