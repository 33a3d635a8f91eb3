/** 走表. What one move does to the live clocks of a ticket, decided at once: all of it or, refused, none. */
import { type Answer, no, yes } from "../answer.ts";
import type { Version } from "../rules/effective.ts";
import type { Calendar } from "../time/calendar.ts";
import {
  type Clock,
  type ClockRefusal,
  cancelClock,
  changeLimit,
  extendClock,
  pauseClock,
  type RuleRef,
  resumeClock,
  startClock,
  stopClock,
} from "./clock.ts";
import type { ClockKind } from "./kind.ts";
import { convertAmount } from "./limit.ts";
import { type DeadlineRules, type LimitFacts, limitFor } from "./rules.ts";
import { type Track, tracksOf } from "./tracks.ts";

/** A live clock (running or paused) as the ledger has it, under the ledger's own id. */
export interface LiveClock {
  readonly id: string;
  readonly clock: Clock;
}

export interface TurnRules {
  readonly versions: readonly Version<DeadlineRules>[];
  readonly calendar: Calendar;
}

export interface Turn {
  /** Clocks that stand otherwise than before, by their id. */
  readonly changed: readonly LiveClock[];
  readonly started: readonly Clock[];
  /** Kinds that should have started but for which the rules in force grant no limit. */
  readonly without: readonly ClockKind[];
}

/**
 * Turns the clocks by a move. `live` are the ticket's live clocks (for a co-handler's move, those of the assignment
 * alone); new ones belong to `round`. A move refused by a clock (an unpublished year) must not be made. `moreDays` is
 * what an extension grants.
 */
export function turnClocks(
  live: readonly LiveClock[],
  move: string,
  round: number,
  facts: LimitFacts,
  now: number,
  rules: TurnRules,
  moreDays = 0,
): Answer<Turn, ClockRefusal> {
  const changed = new Map<string, LiveClock>();
  const started: Clock[] = [];
  const without: ClockKind[] = [];
  for (const track of tracksOf(move)) {
    if (track.does === "start") {
      const grant = limitFor(rules.versions, track.clock, facts, now);
      if (!grant.ok) {
        without.push(track.clock);
        continue;
      }
      const clock = startClock(track.clock, round, grant.value, now, rules.calendar);
      if (!clock.ok) return clock;
      started.push(clock.value);
    }
    for (const each of live) {
      if (each.clock.kind !== track.clock) continue;
      const next = act(track, changed.get(each.id)?.clock ?? each.clock, now, rules.calendar, moreDays);
      if (next === null) continue;
      if (!next.ok) return no(next.refusal);
      changed.set(each.id, { id: each.id, clock: next.value });
    }
  }
  return yes({ changed: [...changed.values()], started, without });
}

/**
 * The live clocks under the limits that the ticket's facts grant now (a corrected level, type or category; limits that
 * take in what is running): time already used counts on. Otherwise the version stays the one in force on each clock's start
 * day; a kind without a limit keeps what it has.
 */
export function relimitClocks(
  live: readonly LiveClock[],
  facts: LimitFacts,
  rules: TurnRules,
  now: number,
): Answer<readonly LiveClock[], ClockRefusal> {
  const changed: LiveClock[] = [];
  for (const { id, clock } of live) {
    const grant = limitFor(rules.versions, clock.kind, facts, clock.startedAt, now);
    if (!grant.ok || isRule(grant.value.rule, clock.rule)) continue;
    const next = changeLimit(clock, grant.value, rules.calendar);
    if (!next.ok) return next;
    changed.push({ id, clock: next.value });
  }
  return yes(changed);
}

function isRule(a: RuleRef, b: RuleRef): boolean {
  return a.name === b.name && a.row === b.row;
}

/** What the row does to a clock of its kind; null where it does nothing in the clock's state. */
function act(
  track: Track,
  clock: Clock,
  now: number,
  calendar: Calendar,
  moreDays: number,
): Answer<Clock, ClockRefusal> | null {
  if (clock.endedAt !== null) return null;
  switch (track.does) {
    case "start": // a clock of that kind still lives: the new one takes its place
      return cancelClock(clock, now);
    case "stop":
      return stopClock(clock, now);
    case "cancel":
      return cancelClock(clock, now);
    case "pause":
      return clock.state === "running" ? pauseClock(clock, now) : null;
    case "extend":
      return extendClock(
        clock,
        convertAmount({ unit: "days", amount: moreDays }, clock.limit, moreDays),
        calendar,
      );
    case "resume":
      return clock.state === "paused" ? resumeClock(clock, now, calendar) : null;
  }
}
