/**
 * What moves my rank 名次抓手: for one unit, the open tickets in order of effect on its score, and how far the rank goes when
 * the first so many of them end well while the others stand still: "these twelve solved, 9th becomes 5th". Exact, by the
 * ranking itself: making the listed changes gives the stated rank.
 */
import type { Entry } from "../assessment/entry.ts";
import { compare, type Fraction } from "../assessment/fraction.ts";
import { type Contender, ranking } from "../assessment/ranking.ts";
import { addEntry, type Counts, type Reading } from "../assessment/rates.ts";
import type { RuleSet } from "../assessment/ruleset.ts";
import { resultOf } from "../assessment/score.ts";

/** An open ticket of the unit that still counts in this period. */
export interface OpenTicket {
  readonly id: string;
  /** What it says in the assessment now; null when it is not answered yet. */
  readonly now: Entry | null;
  /** What it would say, ended well. */
  readonly well: Entry;
  /** Milliseconds until its term; below zero when that is past. Of equal levers the most pressing stands first. */
  readonly leftMs: number;
  /** By the rules of the day it counts on. */
  readonly reading: Reading;
}

export interface Lever extends OpenTicket {
  /** Score once this one alone has ended well; null when there is none then. */
  readonly alone: Fraction | null;
}

/** After the first `count` levers. */
export interface Rung {
  readonly count: number;
  readonly rank: number | null;
  readonly score: Fraction | null;
}

export interface Standing {
  readonly rules: RuleSet;
  /** Every unit as it stands now. */
  readonly contenders: readonly Contender[];
}

/**
 * The unit's levers, the strongest first, of equal ones the most pressing; and the rungs at which its rank gets better,
 * from where it stands now (count 0). Tickets that would not better the score are left out. Throws for an unknown unit.
 */
export function leversOf(
  key: string,
  open: readonly OpenTicket[],
  standing: Standing,
): { readonly levers: readonly Lever[]; readonly rungs: readonly Rung[] } {
  const mine = standing.contenders.find((unit) => unit.key === key);
  if (!mine) throw new Error(`unit ${key} is not in the ranking`);
  const scoreOf = (counts: Counts) => resultOf(counts, standing.rules, mine.given).score;
  const today = scoreOf(mine.counts);
  const levers = open
    .map((ticket) => ({ ...ticket, alone: scoreOf(endedWell(mine.counts, ticket)) }))
    .filter(({ alone }) => better(alone, today))
    .sort((a, b) => -order(a.alone, b.alone) || a.leftMs - b.leftMs || (a.id < b.id ? -1 : 1));
  return { levers, rungs: rungsOf(mine, levers, standing) };
}

/** Counts once the ticket has ended well. */
export function endedWell(counts: Counts, { now, well, reading }: OpenTicket): Counts {
  return addEntry(now === null ? counts : addEntry(counts, now, reading, -1), well, reading);
}

function rungsOf(mine: Contender, levers: readonly Lever[], standing: Standing): readonly Rung[] {
  const rungs: Rung[] = [];
  let counts = mine.counts;
  for (let count = 0; count <= levers.length; count += 1) {
    const lever = levers[count - 1];
    if (lever) counts = endedWell(counts, lever);
    const { rank, score } = standingWith(mine.key, counts, standing);
    const last = rungs.at(-1);
    if (!last || (rank !== null && (last.rank === null || rank < last.rank)))
      rungs.push({ count, rank, score });
  }
  return rungs;
}

/** The unit's rank and score were its counts these, the others unchanged. */
export function standingWith(
  key: string,
  counts: Counts,
  { contenders, rules }: Standing,
): { readonly rank: number | null; readonly score: Fraction | null } {
  const changed = contenders.map((unit) => (unit.key === key ? { ...unit, counts } : unit));
  const found = ranking(changed, rules)
    .flatMap(({ units }) => units)
    .find((unit) => unit.key === key);
  if (!found) throw new Error(`unit ${key} fell out of the ranking`);
  return { rank: found.rank, score: found.score };
}

const better = (a: Fraction | null, b: Fraction | null): boolean => order(a, b) > 0;

/** No score is below every score. */
function order(a: Fraction | null, b: Fraction | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compare(a, b);
}
