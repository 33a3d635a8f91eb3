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
  type Grant,
  pauseClock,
  type RuleRef,
  restOn,
  resumeClock,
  startClock,
  stopClock,
  takeUpClock,
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

/** What was decided with a move and the table of moves cannot say. */
export interface Decided {
  /** 延期: so many days more. */
  readonly moreDays?: number;
  /** 挂账: the limit approved for this ticket, in place of what the rules grant. */
  readonly term?: Grant;
  /** 暂停计时: which clocks rest, and until when at the latest. */
  readonly pause?: { readonly clocks: readonly ClockKind[]; readonly until: number };
  /** 退单: the rule in force lets clocks run on while the centre reviews. */
  readonly runsOn?: boolean;
  /** Clocks of this round that were stopped, the latest last: what is taken up again. */
  readonly stopped?: readonly Clock[];
}

/**
 * Turns the clocks by a move. `live` are the ticket's live clocks (for a co-handler's move, those of the assignment
 * alone); new ones belong to `round`. A move refused by a clock (an unpublished year) must not be made.
 */
export function turnClocks(
  live: readonly LiveClock[],
  move: string,
  round: number,
  facts: LimitFacts,
  now: number,
  rules: TurnRules,
  decided: Decided = {},
): Answer<Turn, ClockRefusal> {
  const changed = new Map<string, LiveClock>();
  const started: Clock[] = [];
  const without: ClockKind[] = [];
  for (const track of tracksOf(move)) {
    if (track.does === "pause" && decided.runsOn) continue;
    if (track.does === "pause" && decided.pause && !decided.pause.clocks.includes(track.clock)) continue;
    if (track.does === "start" || track.does === "takeUp") {
      const begun = begin(track, round, facts, now, rules, decided);
      if (begun === null) {
        without.push(track.clock);
        continue;
      }
      if (!begun.ok) return begun;
      started.push(begun.value);
    }
    for (const each of live) {
      if (each.clock.kind !== track.clock) continue;
      const next = act(track, changed.get(each.id)?.clock ?? each.clock, now, rules.calendar, decided);
      if (next === null) continue;
      if (!next.ok) return no(next.refusal);
      changed.set(each.id, { id: each.id, clock: next.value });
    }
  }
  return yes({ changed: [...changed.values()], started, without });
}

/** The clock that a row starts: the one taken up again, one under the limit decided, or one under the rules; null without a limit. */
function begin(
  track: Track,
  round: number,
  facts: LimitFacts,
  now: number,
  rules: TurnRules,
  { term, stopped = [] }: Decided,
): Answer<Clock, ClockRefusal> | null {
  const last = stopped.findLast((clock) => clock.kind === track.clock && clock.round === round);
  if (track.does === "takeUp" && last) return takeUpClock(last, now, rules.calendar);
  if (track.does === "start" && term) return startClock(track.clock, round, term, now, rules.calendar);
  const grant = limitFor(rules.versions, track.clock, facts, now);
  return grant.ok ? startClock(track.clock, round, grant.value, now, rules.calendar) : null;
}

/**
 * The live clocks under the limits that the ticket's facts grant now (a corrected level, type or category; limits that
 * take in what is running): time already used counts on. Otherwise the version stays the one in force on each clock's start
 * day; a kind without a limit keeps what it has, and so does a clock whose limit was decided for its ticket alone.
 */
export function relimitClocks(
  live: readonly LiveClock[],
  facts: LimitFacts,
  rules: TurnRules,
  now: number,
): Answer<readonly LiveClock[], ClockRefusal> {
  const changed: LiveClock[] = [];
  for (const { id, clock } of live) {
    if (clock.decided) continue;
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
  { moreDays = 0, pause }: Decided,
): Answer<Clock, ClockRefusal> | null {
  if (clock.endedAt !== null) return null;
  switch (track.does) {
    case "start": // a clock of that kind still lives: the new one takes its place
    case "takeUp":
      return cancelClock(clock, now);
    case "stop":
      return stopClock(clock, now);
    case "cancel":
      return cancelClock(clock, now);
    case "pause": {
      if (clock.state === "running") return pauseClock(clock, now, pause?.until);
      const resting = pause ? null : restOn(clock);
      return resting && yes(resting);
    }
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
