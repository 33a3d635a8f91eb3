/** 场景. A ticket on its way: the world around it, the steps that people may take, and what waits at the story's end. */
import type { ClockKind } from "@jiesu/core/deadline/kind.ts";
import { type Move, targetOf } from "@jiesu/core/ticket/lifecycle.ts";
import type { MoveInput } from "@jiesu/core/ticket/moves.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import type { TicketState } from "@jiesu/core/ticket/state.ts";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import type { Rules } from "@jiesu/server/platform/rules.ts";
import type { Cast } from "./cast.ts";
import type { Random } from "./random.ts";
import { officeTime } from "./rhythm.ts";
import type { Arrived, EventData, Tale } from "./tale.ts";
import { tell } from "./telling.ts";

/** What a life needs to know of the world around it. */
export interface World {
  readonly rules: Rules;
  readonly cast: Cast;
  /** The story ends here; what would come later has not happened yet. */
  readonly now: number;
  /** How many times longer the backlog reaches back: more in a small run, whose hours see few tickets. */
  readonly backlog: number;
  /** Every ticket is dispatched to its unit without ado, and waits there. */
  readonly justDispatched: boolean;
  /** Full name of the unit that this ticket belongs with. */
  rightUnit(tale: Arrived): string;
  /** An earlier ticket about the same matter in the same place, if there is one. */
  mainTicket(tale: Tale): number | null;
}

export interface Scene {
  readonly world: World;
  readonly tale: Tale;
  readonly random: Random;
  /** When the last step was done. */
  at: number;
  readonly right: string;
  readonly urgent: boolean;
  missedCalls: number;
  cityTold: boolean;
  /** Small things between the steps, in no order: a note, an urge, a co-handler's step. */
  readonly asides: Aside[];
}

export interface Aside {
  readonly at: number;
  readonly do: (at: number) => void;
}

/**
 * 积压. What of the last hours (of the rarer states: days) still waits, so that no queue is empty at the story's end,
 * whatever the hour at which it is told. Urgent tickets do not wait, except in a burst.
 */
const BACKLOG: { readonly [S in TicketState]?: { readonly hours: number; readonly share: number } } = {
  received: { hours: 8, share: 0.3 },
  triage: { hours: 9, share: 0.4 },
  dispatched: { hours: 9, share: 0.3 },
  returnReview: { hours: 48, share: 0.5 },
  reported: { hours: 16, share: 0.4 },
  calling: { hours: 24, share: 0.35 },
  closing: { hours: 16, share: 0.4 },
  replied: { hours: 72, share: 0.5 },
  rework: { hours: 48, share: 0.5 },
  ownership: { hours: 144, share: 0.7 },
  withdrawing: { hours: 96, share: 0.6 },
  withdrawRejected: { hours: 240, share: 0.6 },
};

export function waits(s: Scene, at: number): boolean {
  if (s.world.justDispatched) return s.tale.state === "dispatched";
  const backlog = BACKLOG[s.tale.state];
  if (backlog === undefined || (s.urgent && !s.tale.burst)) return false;
  return at > s.world.now - backlog.hours * s.world.backlog * HOUR_MS && s.random.chance(backlog.share);
}

/** Within the limit of a running clock, as most do, or after it. */
export function towardsDue(s: Scene, kind: ClockKind, late: number): number {
  const clock = s.tale.clocks.find(
    (c) => c.assignment === null && c.clock.kind === kind && c.clock.state === "running",
  )?.clock;
  if (!clock || clock.dueAt <= s.at) return officeTime(s.random, s.at, 300, s.urgent);
  const left = clock.dueAt - s.at;
  if (s.random.chance(late)) return officeTime(s.random, clock.dueAt + 1000, 400, s.urgent);
  const wanted = s.at + left * (0.08 + 0.8 * s.random.next() ** 1.3);
  const office = officeTime(s.random, wanted, 1, s.urgent);
  return whole(office <= clock.dueAt ? office : wanted);
}

export function centre<M extends Move>(
  s: Scene,
  role: Role,
  at: number,
  move: M,
  input: MoveInput[M],
  data?: EventData,
): Aside {
  return { at, do: (when) => tellCentre(s, role, move, input, when, data) };
}

function tellCentre<M extends Move>(
  s: Scene,
  role: Role,
  move: M,
  input: MoveInput[M],
  at: number,
  data?: EventData,
): void {
  const person = s.world.cast.centre(s.random, role);
  tell(s.world.rules, s.tale, person, null, move, input, at, data ?? { plain: { ...input } });
}

export function unit<M extends Move>(s: Scene, at: number, move: M, input: MoveInput[M]): Aside {
  return {
    at,
    do: (when) => {
      const name = s.tale.leadUnit;
      if (name === null) throw new Error(`${move} without a unit`);
      tell(s.world.rules, s.tale, s.world.cast.unit(s.random, name), name, move, input, when, {
        plain: { ...input },
      });
    },
  };
}

export function aside(s: Scene, at: number, what: (at: number) => void): void {
  s.asides.push({ at: whole(at), do: what });
}

/** A note or an urge in passing, if the ticket is still where the table allows it. */
export function inPassing<M extends "note" | "urge">(
  s: Scene,
  role: Role,
  at: number,
  move: M,
  input: MoveInput[M],
): void {
  aside(s, at, (when) => {
    if (targetOf(role, s.tale.state, move) !== null) tellCentre(s, role, move, input, when);
  });
}

const whole = (at: number): number => Math.floor(at / 1000) * 1000;
