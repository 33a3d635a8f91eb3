/**
 * 期末的抽取. One unit's possible ends of the period: everything that is the same in each draw is reckoned once, so that a
 * draw is sums of whole numbers. Entries are told apart only as far as they count differently.
 */
import type { Contender } from "../assessment/ranking.ts";
import type { Counts } from "../assessment/rates.ts";
import type { Draws } from "./draws.ts";
import { addTimes, countsOf, type Flat, type Kinds, kindsOf, NOTHING } from "./kinds.ts";
import { isNew, type Outlook, type UnitSoFar } from "./known.ts";

export interface End {
  readonly unit: Omit<Contender, "counts">;
  /** Answers still to come, on average. */
  readonly toCome: number;
  draw(draws: Draws): Counts;
}

/** How strongly a unit leans on its categories' past: as if it had so many answers of it. */
const LEAN = 20;
/** Volume is taken from so many periods: heating and floods have their seasons. */
const VOLUME_BACK = 2;
/** As if so many entries of the usual volume had been seen, when this period's volume is held against the usual. */
const USUAL = 10;
/** A unit's answers are replaced by one kind at most so much oftener, or more seldom, than usual. */
const MOST_OFTEN = 4;
/** Two periods differ in volume by so much more than chance, as a share. */
const VOLUME_SPREAD = 0.15;

/** All that does not hang on the looseness: reckoned once for as many as are tried. */
export interface Prepared {
  ends(looseness: number): readonly End[];
}

export function prepare(outlook: Basis): Prepared {
  const kinds = kindsOf(outlook);
  const turns = turnsOf(outlook, kinds);
  const usual = usualOf(outlook, kinds);
  const growth = growthOf(outlook.units);
  const units = outlook.units.map((unit) => unitOf(unit, outlook, kinds, turns, growth));
  return { ends: (looseness) => units.map((unit) => endOf(unit, kinds, usual, looseness)) };
}

type Basis = Omit<Outlook, "seed" | "rounds" | "looseness">;

/** So many answers of one kind, and what became of such answers in the past. */
interface Open {
  readonly times: number;
  readonly segment: number;
  readonly kind: number;
  readonly to: Shares;
}

/** A unit in figures. */
interface UnitFigures {
  readonly unit: Omit<Contender, "counts">;
  /** What nothing will change. */
  readonly certain: Flat;
  /** Answers that may be replaced, with what becomes of them. */
  readonly open: readonly Open[];
  readonly waits: number;
  /** What an entry without an answer counts for. */
  readonly unanswered: Flat;
  /** This period's answers by kind, as they are expected to end. */
  readonly seen: readonly number[];
  /** Answers of each past period by kind. */
  readonly past: readonly (readonly number[])[];
  /** Those of its categories, adding up to LEAN. */
  readonly leaning: readonly number[];
  readonly toCome: number;
  readonly shape: number;
}

function unitOf(unit: UnitSoFar, outlook: Basis, kinds: Kinds, turns: Turns, growth: number): UnitFigures {
  const certain = NOTHING.slice();
  const open: Open[] = [];
  const seen = kinds.none();
  let waits = 0;
  let unanswered = NOTHING;
  for (const { entry, firm, segment, times } of unit.now) {
    const kind = kinds.of(entry);
    const to: Shares = (entry.valid && turns.get(turnKey(kind, firm))) || [[kind, 1]];
    const [only] = to;
    if (to.length === 1 && only) addTimes(certain, kinds.figures(only[0], segment), times);
    else open.push({ times, segment, kind, to });
    if (entry.valid) addShare(seen, to, times);
    else if (entry.scope === "full") {
      waits += times;
      unanswered = kinds.figures(kind, segment);
    }
  }
  return {
    unit: { key: unit.key, kind: unit.kind, unitClass: unit.unitClass ?? null, given: unit.given ?? [] },
    certain,
    open: joined(open),
    waits,
    unanswered,
    seen,
    past: unit.past.map(kinds.weigh),
    leaning: leaningOf(unit, outlook, kinds),
    ...volumeOf(unit, growth),
  };
}

/** Those of one kind and segment that share one fate are drawn as one. */
function joined(open: readonly Open[]): readonly Open[] {
  const together = new Map<string, Open>();
  for (const each of open) {
    const key = `${each.kind} ${each.segment} ${each.to.join(" ")}`;
    const times = (together.get(key)?.times ?? 0) + each.times;
    together.set(key, { ...each, times });
  }
  return [...together.values()];
}

function endOf(unit: UnitFigures, kinds: Kinds, usual: Usual, looseness: number): End {
  const { certain, waits, unanswered, toCome, shape } = unit;
  const { mean, strength } = meanOf(unit, looseness);
  const open = unit.open.map((each) => ({ ...each, to: turnedBy(mean, each, usual) }));
  const weights = mean.map((share, at) => share * strength + (unit.seen[at] ?? 0));
  const alphas = tilt(weights, usual.late)
    .flatMap((alpha, at) => (alpha > 0 ? [{ alpha, figures: kinds.figures(at, kinds.last) }] : []))
    .sort((a, b) => b.alpha - a.alpha);
  return {
    unit: unit.unit,
    toCome,
    draw(draws) {
      const ended = certain.slice();
      for (const { times, segment, to } of open)
        spread(times, to, draws, (kind, n) => addTimes(ended, kinds.figures(kind, segment), n));
      const more = draws.poisson((draws.gamma(shape) * toCome) / shape);
      // The next answers are those that are waited for; a ticket answered is no longer one without an answer.
      addTimes(ended, unanswered, -Math.min(more, waits));
      const shares = alphas.map(({ alpha }, at): readonly [number, number] => [at, draws.gamma(alpha)]);
      spread(more, shares, draws, (at, n) => addTimes(ended, alphas[at]?.figures ?? NOTHING, n));
      return countsOf(ended);
    },
  };
}

/** Deals `times` out by shares (which need not add up to 1): multinomial. */
function spread(
  times: number,
  shares: Shares,
  draws: Draws,
  give: (kind: number, times: number) => void,
): void {
  let left = times;
  let rest = shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [at, [kind, share]] of shares.entries()) {
    if (left === 0 || rest <= 0) return;
    const some = at === shares.length - 1 ? left : draws.binomial(left, Math.min(1, share / rest));
    if (some > 0) give(kind, some);
    left -= some;
    rest -= share;
  }
}

/**
 * How an answer of this unit turns out, on average, and how firmly that is known, as a number of answers. Past periods count
 * for less than their answers, for answers of one period go together; the own past leans on that of its categories.
 */
function meanOf({ past, leaning }: UnitFigures, looseness: number) {
  const mixed = [...leaning];
  for (const weights of past) {
    const times = total(weights);
    const worth = times > 0 ? 1 / (1 + (times - 1) * looseness) : 0;
    for (const [at, weight] of weights.entries()) mixed[at] = (mixed[at] ?? 0) + weight * worth;
  }
  const known = total(mixed);
  return {
    mean: known > 0 ? mixed.map((weight) => weight / known) : mixed,
    strength: 1 / (looseness + 1 / (1 + known)) - 1,
  };
}

/** The past of the categories that it waits on, of all categories where none of those has a past: as LEAN answers. */
function leaningOf(
  unit: UnitSoFar,
  { byCategory }: Pick<Outlook, "byCategory">,
  kinds: Kinds,
): readonly number[] {
  const leaning = kinds.none();
  const known = [...unit.waiting].filter(([category]) => (byCategory.get(category)?.length ?? 0) > 0);
  const all = known.length === 0;
  for (const [category, count] of all ? [...byCategory.keys()].map((each) => [each, 1] as const) : known) {
    const weights = kinds.categories.get(category) ?? [];
    const times = all ? 1 : total(weights);
    if (times > 0)
      for (const [at, weight] of weights.entries())
        leaning[at] = (leaning[at] ?? 0) + (count * weight) / times;
  }
  const lean = total(leaning);
  return lean > 0 ? leaning.map((weight) => (LEAN * weight) / lean) : leaning;
}

/** How many answers are to come on average, and how surely, as the shape of a gamma distribution. */
function volumeOf(unit: UnitSoFar, growth: number): { readonly toCome: number; readonly shape: number } {
  const lately = unit.earlier.slice(0, VOLUME_BACK);
  const periods = lately.length;
  if (periods === 0) return { toCome: 0, shape: 1 };
  const came = lately.reduce((sum, each) => sum + each.came, 0);
  const usual = lately.reduce((sum, each) => sum + each.entries, 0) / periods;
  const entries = unit.now.reduce((sum, { times }) => sum + times, 0);
  const pace = (entries + USUAL * growth) / (usual + USUAL);
  return { toCome: ((came + 0.5) / periods) * pace, shape: 1 / (1 / (came + 0.5) + VOLUME_SPREAD ** 2) };
}

/** This period's volume so far over all units, against past ones' at the same point. */
function growthOf(units: readonly UnitSoFar[]): number {
  const now = units.reduce((sum, unit) => sum + unit.now.reduce((all, { times }) => all + times, 0), 0);
  const usual = units.reduce((sum, { earlier }) => {
    const lately = earlier.slice(0, VOLUME_BACK);
    return sum + lately.reduce((all, { entries }) => all + entries, 0) / Math.max(1, lately.length);
  }, 0);
  return now > 0 && usual > 0 ? now / usual : 1;
}

/** By kind, and whether it is the city's: what an answer that stood at the cut ended as. The commonest first. */
type Turns = ReadonlyMap<string, Shares>;
type Shares = readonly (readonly [kind: number, share: number])[];

const turnKey = (kind: number, firm: boolean): string => `${kind}${firm ? " firm" : ""}`;

function turnsOf({ turned }: Pick<Outlook, "turned">, kinds: Kinds): Turns {
  const counted = new Map<string, Map<number, number>>();
  for (const { before, firm, end, times } of turned) {
    if (!before?.valid) continue;
    const key = turnKey(kinds.of(before), firm);
    const ends = counted.get(key) ?? new Map<number, number>();
    const to = end ? kinds.of(end) : kinds.gone;
    counted.set(key, ends.set(to, (ends.get(to) ?? 0) + times));
  }
  return new Map(
    [...counted].map(([key, ends]) => [key, [...ends].sort(([a, n], [b, m]) => m - n || a - b)]),
  );
}

/** What is common to all units. */
interface Usual {
  /** Share of each kind among answers. */
  readonly shares: readonly number[];
  /** By kind: how much oftener it is among answers that came after the cut than among all. */
  readonly late: readonly number[];
}

function usualOf({ turned }: Pick<Outlook, "turned">, kinds: Kinds): Usual {
  const ends = (those: Outlook["turned"]) =>
    kinds.weigh(those.flatMap(({ end, times }) => (end ? [{ entry: end, times }] : [])));
  const all = ends(turned);
  const late = ends(turned.filter(isNew));
  const share = (total(late) + 1) / (total(all) + 1);
  return {
    shares: all.map((times) => times / Math.max(1, total(all))),
    late: all.map((times, at) => ((late[at] ?? 0) + share) / ((times + 1) * share)),
  };
}

/**
 * What becomes of answers of one kind at a unit: an answer that takes another's place is drawn anew, so that it is the
 * likelier a good one the better the unit is otherwise.
 */
function turnedBy(mean: readonly number[], { kind, to }: Open, { shares }: Usual): Shares {
  const whole = to.reduce((sum, [, times]) => sum + times, 0);
  const moved = to.flatMap(([other, times]): Shares => {
    if (other === kind) return [];
    const usual = shares[other] ?? 0;
    const oftener = usual > 0 ? (mean[other] ?? 0) / usual : 1;
    return [[other, (times / whole) * Math.min(MOST_OFTEN, Math.max(1 / MOST_OFTEN, oftener))]];
  });
  const gone = moved.reduce((sum, [, share]) => sum + share, 0);
  return gone >= 1 ? moved : [[kind, 1 - gone], ...moved];
}

/** Weights by how much oftener each comes late, as many in all as before. */
function tilt(weights: readonly number[], late: readonly number[]): readonly number[] {
  const tilted = weights.map((weight, at) => weight * (late[at] ?? 1));
  const [before, after] = [total(weights), total(tilted)];
  return after > 0 ? tilted.map((weight) => (weight * before) / after) : weights;
}

function addShare(weights: number[], shares: Shares, times: number): void {
  const whole = shares.reduce((sum, [, share]) => sum + share, 0);
  for (const [kind, share] of shares) weights[kind] = (weights[kind] ?? 0) + (times * share) / whole;
}

const total = (weights: readonly number[]): number => weights.reduce((sum, weight) => sum + weight, 0);
