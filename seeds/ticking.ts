/** 走表. The clocks of a ticket in memory, turned by the core as the server turns them, and the reminders that fall due. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import type { Clock } from "@jiesu/core/deadline/clock.ts";
import { CO_ASSIGNED } from "@jiesu/core/deadline/tracks.ts";
import { turnClocks } from "@jiesu/core/deadline/turn.ts";
import type { Change } from "@jiesu/core/ticket/decide.ts";
import type { Rules } from "@jiesu/server/platform/rules.ts";
import type { Tale } from "./tale.ts";

/** A move turns the ticket's own clocks; a round that ends takes its co-handlers' clocks with it. */
export function turnOwnClocks(rules: Rules, tale: Tale, move: string, at: number, change?: Change): void {
  const live = tale.clocks.flatMap((c, i) =>
    c.assignment === null && c.clock.endedAt === null ? [{ id: String(i), clock: c.clock }] : [],
  );
  const round = change?.newRound ? tale.round + 1 : tale.round;
  const stopped = tale.clocks.flatMap(({ assignment, clock }) =>
    assignment === null && clock.state === "stopped" ? [clock] : [],
  );
  const runsOn = change?.returned?.inReview === "run";
  const turned = turnClocks(live, move, round, factsOf(tale), at, turnRules(rules), { stopped, runsOn });
  if (!turned.ok) return; // no calendar for that year: the ticket goes without the clock
  for (const c of turned.value.changed) keep(tale, c.id, boundByCity(c.clock, tale.cityDueAt));
  if (change?.endLead) {
    for (const c of tale.clocks)
      if (c.assignment !== null && c.clock.endedAt === null)
        c.clock = { ...c.clock, state: "cancelled", endedAt: at };
  }
  for (const started of turned.value.started) {
    const clock = boundByCity(started, tale.cityDueAt);
    tale.clocks.push({ clock, assignment: null, nearFiredAt: null, overdueFiredAt: null });
  }
}

/** A co-handler's step turns the clock of that assignment alone. */
export function turnCoClock(rules: Rules, tale: Tale, position: number, move: string, at: number): void {
  const live = tale.clocks.flatMap((c, i) =>
    c.assignment === position && c.clock.endedAt === null ? [{ id: String(i), clock: c.clock }] : [],
  );
  const turned = turnClocks(live, move, tale.round, factsOf(tale), at, turnRules(rules));
  if (turned.ok) for (const c of turned.value.changed) keep(tale, c.id, c.clock);
}

/** Each co-handler of the round that has just begun gets a clock. */
export function startCoClocks(rules: Rules, tale: Tale, at: number): void {
  for (const [position, a] of tale.assignments.entries()) {
    if (a.part !== "co" || a.round !== tale.round) continue;
    const turned = turnClocks([], CO_ASSIGNED, tale.round, factsOf(tale), at, turnRules(rules));
    if (!turned.ok) continue;
    for (const clock of turned.value.started)
      tale.clocks.push({ clock, assignment: position, nearFiredAt: null, overdueFiredAt: null });
  }
}

export interface DueTimer {
  /** Position in `clocks`. */
  readonly position: number;
  readonly what: "near" | "overdue";
  readonly at: number;
  readonly clock: Clock;
}

/** The earliest reminder of a running clock that falls due before an instant and was not given yet; null when none does. */
export function firstTimer(tale: Tale, before: number): DueTimer | null {
  let first: DueTimer | null = null;
  for (const [position, { clock, nearFiredAt, overdueFiredAt }] of tale.clocks.entries()) {
    if (clock.state !== "running") continue;
    const until = first?.at ?? before;
    if (clock.near && nearFiredAt === null && clock.nearAt < until) {
      first = { position, what: "near", at: clock.nearAt, clock };
    } else if (overdueFiredAt === null && clock.dueAt < until) {
      first = { position, what: "overdue", at: clock.dueAt, clock };
    }
  }
  return first;
}

export function markFired(tale: Tale, position: number, what: "near" | "overdue", at: number): void {
  const fired = tale.clocks[position];
  if (!fired) throw new Error("no such clock");
  if (what === "near") fired.nearFiredAt = at;
  else fired.overdueFiredAt = at;
}

function keep(tale: Tale, id: string, clock: Clock): void {
  const kept = tale.clocks[Number(id)];
  if (kept) kept.clock = clock;
}

function factsOf(tale: Tale) {
  const { matter } = tale;
  return {
    level: tale.level,
    channel: tale.channel,
    type: matter.kind,
    category: [matter.category1, matter.category2, matter.category3],
  };
}

const turnRules = (rules: Rules) => ({ versions: rules.deadlines, calendar: rules.calendar });
