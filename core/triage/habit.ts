/**
 * 地名惯例. Which street the tickets that named a landmark belonged to: parks, bridges, rivers and roads that no table lists.
 *
 * Counted from tickets whose street is known. A name is taken by its ending (公园, 桥, 小区 …) with two to four signs
 * before it, so it needs no dictionary; names that are spread over the district (这条道路) count little by themselves.
 */
import { fold, said } from "./text.ts";

export interface KnownTicket {
  /** The street or town that the ticket belongs to. */
  readonly unitId: string;
  readonly text: string;
}

/** How many tickets of each unit named the landmark. */
export type Habits = ReadonlyMap<string, ReadonlyMap<string, number>>;

const ENDS =
  /公园|小区|大厦|医院|大学|家园|花园|大街|胡同|广场|遗址|码头|引水渠|福利院|[路街桥河湖渠闸园里庄寺村苑]/gu;
const LEADS: readonly number[] = [4, 3, 2, 1];

/** Landmarks of a text with where each first stands, flow notes left out. */
export function landmarksIn(
  text: string,
): ReadonlyMap<string, { readonly start: number; readonly end: number }> {
  const folded = fold(said(text));
  const found = new Map<string, { start: number; end: number }>();
  for (const match of folded.matchAll(ENDS)) {
    const end = match.index + match[0].length;
    for (const lead of LEADS) {
      const start = match.index - lead;
      if (start < 0 || end - start < 3) continue;
      const name = folded.slice(start, end);
      if (/^\p{Script=Han}+$/u.test(name) && !found.has(name)) found.set(name, { start, end });
    }
  }
  return found;
}

/** A ticket counts once for each landmark that it names; landmarks that only one ticket names are left out. */
export function learnHabits(tickets: Iterable<KnownTicket>): Habits {
  const habits = new Map<string, Map<string, number>>();
  for (const { unitId, text } of tickets) {
    for (const name of landmarksIn(text).keys()) {
      const counts = habits.get(name) ?? new Map<string, number>();
      counts.set(unitId, (counts.get(unitId) ?? 0) + 1);
      habits.set(name, counts);
    }
  }
  for (const [name, counts] of habits) if (totalOf(counts) < 2) habits.delete(name);
  return habits;
}

export interface Habit {
  readonly name: string;
  readonly unitId: string;
  readonly tickets: number;
  readonly total: number;
  readonly evidence: { readonly start: number; readonly end: number };
}

/**
 * The habits that a text's landmarks carry. `learnedAs` is the unit under which this very ticket was learned, if it was:
 * a ticket is no evidence for itself.
 */
export function habitsOf(text: string, habits: Habits, learnedAs: string | null): readonly Habit[] {
  const found: Habit[] = [];
  for (const [name, evidence] of landmarksIn(text)) {
    const counts = habits.get(name);
    if (!counts) continue;
    const total = totalOf(counts) - (learnedAs === null ? 0 : 1);
    for (const [unitId, all] of counts) {
      const tickets = all - (unitId === learnedAs ? 1 : 0);
      if (tickets > 0) found.push({ name, unitId, tickets, total, evidence });
    }
  }
  return found;
}

function totalOf(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const n of counts.values()) total += n;
  return total;
}
