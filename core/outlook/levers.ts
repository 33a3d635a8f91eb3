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

/** Where the unit stands: its score, and its rank where it is ranked. */
export interface Stand {
  readonly rank: number | null;
  readonly score: Fraction | null;
}

/** A lever in its place of the list. */
export interface Ordered extends Lever {
  /** Once this one and all before it have ended well. */
  readonly after: Stand;
}

/** After the first `count` levers. */
export interface Rung extends Stand {
  readonly count: number;
}

export interface Standing {
  readonly rules: RuleSet;
  /** Every unit as it stands now. */
  readonly contenders: readonly Contender[];
}

/**
 * The unit's levers, the strongest first, of equal ones the most pressing, `most` of them at the most; and the rungs at which
 * its rank gets better, from where it stands now (count 0). Tickets that would not better the score are left out. Throws
 * for an unknown unit.
 */
export function leversOf(
  key: string,
  open: readonly OpenTicket[],
  standing: Standing,
  most = Number.POSITIVE_INFINITY,
): { readonly levers: readonly Ordered[]; readonly rungs: readonly Rung[]; readonly more: number } {
  const mine = mineOf(key, standing);
  const today = standingWith(key, mine.counts, standing);
  const found = open
    .map((ticket): Lever => ({ ...ticket, alone: scoreAfter(mine, ticket, standing) }))
    .filter(({ alone }) => order(alone, today.score) > 0)
    .sort((a, b) => -order(a.alone, b.alone) || a.leftMs - b.leftMs || (a.id < b.id ? -1 : 1));
  let counts = mine.counts;
  const levers = found.slice(0, most).map((lever): Ordered => {
    counts = endedWell(counts, lever);
    return { ...lever, after: standingWith(key, counts, standing) };
  });
  return { levers, rungs: rungsOf(today, levers), more: found.length - levers.length };
}

/** Where the unit stands once these of its tickets have ended well, whatever their order: what a what-if 试算 shows. */
export function standingAfter(key: string, tickets: readonly OpenTicket[], standing: Standing): Stand {
  return standingWith(key, tickets.reduce(endedWell, mineOf(key, standing).counts), standing);
}

/** Counts once the ticket has ended well. */
function endedWell(counts: Counts, { now, well, reading }: OpenTicket): Counts {
  return addEntry(now === null ? counts : addEntry(counts, now, reading, -1), well, reading);
}

function scoreAfter({ counts, given }: Contender, ticket: OpenTicket, { rules }: Standing): Fraction | null {
  return resultOf(endedWell(counts, ticket), rules, given).score;
}

function rungsOf(today: Stand, levers: readonly Ordered[]): readonly Rung[] {
  const rungs: Rung[] = [{ count: 0, ...today }];
  for (const [at, { after }] of levers.entries()) {
    const best = rungs.at(-1)?.rank ?? null;
    if (after.rank !== null && (best === null || after.rank < best)) rungs.push({ count: at + 1, ...after });
  }
  return rungs;
}

function mineOf(key: string, { contenders }: Standing): Contender {
  const mine = contenders.find((unit) => unit.key === key);
  if (!mine) throw new Error(`unit ${key} is not in the ranking`);
  return mine;
}

/** The unit's rank and score were its counts these, the others unchanged. */
function standingWith(key: string, counts: Counts, { contenders, rules }: Standing): Stand {
  const changed = contenders.map((unit) => (unit.key === key ? { ...unit, counts } : unit));
  const found = ranking(changed, rules)
    .flatMap(({ units }) => units)
    .find((unit) => unit.key === key);
  if (!found) throw new Error(`unit ${key} fell out of the ranking`);
  return { rank: found.rank, score: found.score };
}

/** No score is below every score. */
function order(a: Fraction | null, b: Fraction | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  return compare(a, b);
}
