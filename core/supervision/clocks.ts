/**
 * 督办时限. What a step does to an item's clock: leaving a state ends its clock, entering one starts that state's; a day given by
 * the city or a leader binds the unit's clock, as the city's deadline binds a ticket's (deadline/bound.ts).
 */
import { type Answer, yes } from "../answer.ts";
import {
  type Clock,
  type ClockRefusal,
  changeLimit,
  extendClock,
  startClock,
  stopClock,
} from "../deadline/clock.ts";
import { countsDays } from "../deadline/limit.ts";
import type { Version } from "../rules/effective.ts";
import type { Calendar } from "../time/calendar.ts";
import type { StepChange } from "./decide.ts";
import {
  SUPERVISION_STATES,
  type SupervisionClock,
  type SupervisionLevel,
  type SupervisionState,
} from "./lifecycle.ts";
import { type SupervisionRules, supervisionGrant } from "./rules.ts";

export type ItemClock = Clock<SupervisionClock>;

export interface ClockWorld {
  readonly rules: Version<SupervisionRules>;
  readonly calendar: Calendar;
  readonly now: number;
  /** 交办期限 given from above; null for none. Binds the handling clock alone. */
  readonly givenDueAt: number | null;
}

interface TurnedClocks {
  /** The clock that this step ended, judged. */
  readonly ended: ItemClock | null;
  /** The clock that runs afterwards; null in a state that nobody owes anything in. */
  readonly running: ItemClock | null;
}

type Turned = Answer<TurnedClocks, ClockRefusal<SupervisionClock>>;

/** What a decided step does to the clock; `days` are those that a granted extension gives. */
export function turnClock(
  running: ItemClock | null,
  change: StepChange,
  days: number,
  world: ClockWorld,
): Turned {
  if (change.clock === "enter") return enterState(running, change.to, change.level, world);
  if (change.clock === "none" || running === null) return yes({ ended: null, running });
  return change.clock === "extend"
    ? extendItem(running, days, world)
    : relevelItem(running, change.level, world);
}

/** The clocks of an item that goes to a state; an item that begins has none before. */
export function enterState(
  running: ItemClock | null,
  to: SupervisionState,
  level: SupervisionLevel,
  world: ClockWorld,
): Turned {
  const ended = running === null ? null : stopClock(running, world.now);
  if (ended !== null && !ended.ok) return ended;
  const kind = SUPERVISION_STATES[to].clock;
  if (kind === null) return yes({ ended: ended?.value ?? null, running: null });
  const started = startClock(
    kind,
    (running?.round ?? 0) + 1,
    supervisionGrant(world.rules, kind, level),
    world.now,
    world.calendar,
  );
  if (!started.ok) return started;
  return yes({ ended: ended?.value ?? null, running: bound(started.value, world.givenDueAt) });
}

/** 延期: so many days more; a limit in hours gets as many times 24. */
function extendItem(running: ItemClock, days: number, world: ClockWorld): Turned {
  const longer = extendClock(running, countsDays(running.limit) ? days : days * 24, world.calendar);
  return longer.ok ? yes({ ended: null, running: longer.value }) : longer;
}

/** Another level: the same running time under the other limit. */
function relevelItem(running: ItemClock, level: SupervisionLevel, world: ClockWorld): Turned {
  const other = changeLimit(running, supervisionGrant(world.rules, running.kind, level), world.calendar);
  return other.ok ? yes({ ended: null, running: bound(other.value, world.givenDueAt) }) : other;
}

/** Whether what is due is the day given from above, which nobody here can move. */
export function isGiven(clock: ItemClock, givenDueAt: number | null): boolean {
  return clock.kind === "handle" && givenDueAt !== null && clock.dueAt === givenDueAt;
}

function bound(clock: ItemClock, givenDueAt: number | null): ItemClock {
  if (clock.kind !== "handle" || givenDueAt === null) return clock;
  if (givenDueAt <= clock.startedAt || givenDueAt >= clock.dueAt) return clock;
  const nearAt = Math.max(clock.startedAt, givenDueAt - (clock.dueAt - clock.nearAt));
  return { ...clock, dueAt: givenDueAt, nearAt: Math.min(givenDueAt, nearAt) };
}
