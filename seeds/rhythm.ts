/** 来电节律. When calls come: two humps a day, quiet nights, busy Mondays, a heavier winter, and one burst. */
import { DAY_MS, dayOf, HOUR_MS, msOfDay, startOfDay, weekdayOf } from "@jiesu/core/time/day.ts";
import type { Random } from "./random.ts";

/** Relative calls in each hour of the day: before noon and after it, nights low. */
export const HOURS = [
  0.25, 0.15, 0.1, 0.1, 0.12, 0.25, 0.6, 1.6, 3.6, 5.2, 5.6, 4.6, 3.0, 3.4, 5.0, 5.2, 4.8, 4.0, 3.0, 2.6, 2.4,
  1.8, 1.1, 0.6,
] as const;

/** Sunday … Saturday. */
const WEEKDAYS = [0.74, 1.14, 1.08, 1.04, 1.02, 1.02, 0.82] as const;

/** January … December. */
const MONTHS = [1.1, 0.85, 1.05, 1, 1, 1.05, 1.1, 1.1, 1, 0.95, 1.3, 1.15] as const;

export interface Arrival {
  readonly at: number;
  /** Belongs to the burst (集中突发). */
  readonly burst: boolean;
}

export interface Burst {
  readonly from: number;
  readonly count: number;
}

const BURST_HOURS = 8;
/** Fewer tickets than this make no district in which a burst could be told from noise. */
const BURST_NEEDS = 300;

/** The one burst of a run (集中突发), still going on at its end: one call in eighty, at least twenty, five hundred at most. */
export function burstOf(tickets: number, from: number, to: number): Burst | null {
  const begin = to - BURST_HOURS * HOUR_MS;
  if (tickets < BURST_NEEDS || begin < from) return null;
  return { from: begin, count: Math.min(500, Math.max(20, Math.round(tickets / 80))) };
}

/** Exactly `tickets` arrivals in [from, to), in order of time. Hour by hour, so a year of them needs no memory. */
export function* arrivals(random: Random, tickets: number, from: number, to: number): Generator<Arrival> {
  const burst = burstOf(tickets, from, to);
  const usual = tickets - (burst?.count ?? 0);
  let total = 0;
  for (const slot of slots(from, to)) total += slot.weight;
  let weight = 0;
  let given = 0;
  let burstGiven = 0;
  for (const slot of slots(from, to)) {
    weight += slot.weight;
    const upTo = Math.round((usual * weight) / total);
    const found: Arrival[] = [];
    for (; given < upTo; given++) found.push({ at: within(random, slot), burst: false });
    if (burst) {
      const share = burstShare((slot.to - burst.from) / HOUR_MS);
      const due = slot.to >= to ? burst.count : Math.round(burst.count * share);
      for (; burstGiven < due; burstGiven++) found.push({ at: within(random, slot), burst: true });
    }
    yield* found.sort((a, b) => a.at - b.at);
  }
}

/** How much of the burst has come `hours` after its begin: quick at first, then slower. */
function burstShare(hours: number): number {
  const part = Math.min(1, Math.max(0, hours / BURST_HOURS));
  return 1 - (1 - part) ** 2;
}

interface Slot {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

function* slots(from: number, to: number): Generator<Slot> {
  for (let midnight = startOfDay(dayOf(from)); midnight < to; midnight += DAY_MS) {
    const day = dayOf(midnight);
    const dayWeight = (WEEKDAYS[weekdayOf(day)] ?? 1) * (MONTHS[Number(day.slice(5, 7)) - 1] ?? 1);
    for (const [hour, hourWeight] of HOURS.entries()) {
      const start = Math.max(from, midnight + hour * HOUR_MS);
      const end = Math.min(to, midnight + (hour + 1) * HOUR_MS);
      if (end <= start) continue;
      yield { from: start, to: end, weight: (dayWeight * hourWeight * (end - start)) / HOUR_MS };
    }
  }
}

/** A whole second within the slot. */
function within(random: Random, slot: Slot): number {
  const at = slot.from + Math.floor(random.next() * (slot.to - slot.from));
  return Math.max(slot.from, at - (at % 1000));
}

/** The hour of the day in Beijing, 0 … 23. */
export function hourOf(at: number): number {
  return Math.floor(msOfDay(at) / HOUR_MS);
}

/** When a desk that is manned day and night gets to it: slower at night. */
export function deskTime(random: Random, at: number, medianMinutes: number): number {
  const hour = hourOf(at);
  const night = hour >= 23 || hour < 7 ? 3 : 1;
  return later(at, medianMinutes * night * random.spread(0.8));
}

/** When somebody is there: an office by day, and on weekends now and then; a unit's duty desk (值班) from early to late. */
const OPEN = { office: { from: 8, to: 20, rests: 0.35 }, duty: { from: 7, to: 22, rests: 0 } } as const;

/** When a unit or an office gets to it; urgent matters at any hour. */
export function officeTime(
  random: Random,
  at: number,
  medianMinutes: number,
  urgent: boolean,
  open: keyof typeof OPEN = "office",
): number {
  const wanted = later(at, medianMinutes * random.spread(0.7));
  if (urgent) return wanted;
  const { from, to, rests } = OPEN[open];
  const hour = hourOf(wanted);
  const weekday = weekdayOf(dayOf(wanted));
  const rest = (weekday === 0 || weekday === 6) && random.chance(rests);
  if (hour >= from && hour < to && !rest) return wanted;
  const midnight = startOfDay(dayOf(wanted)) + (hour >= from ? DAY_MS : 0);
  return later(midnight, from * 60 + random.int(5, 150));
}

function later(at: number, minutes: number): number {
  return at + Math.max(1, Math.round(minutes * 60)) * 1000;
}
