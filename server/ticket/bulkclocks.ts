/** 成批走表. The clocks of imported tickets: those that begin with them, and those that what a file says has ended. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { type Clock, cancelClock, stopClock } from "@jiesu/core/deadline/clock.ts";
import { ARRIVAL } from "@jiesu/core/deadline/tracks.ts";
import { STATES, type TicketState } from "@jiesu/core/ticket/state.ts";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import { insertRows, isOpen, iso, newIds, type TicketWrite } from "./bulkwrite.ts";
import { arrivalClocks, clockOf, clockRow, nearest } from "./clocks.ts";
import type { NearestDue } from "./store.ts";

/** Clocks start with a new open ticket, and anew when its state or round is another. */
export function startsClocks(w: TicketWrite): boolean {
  if (!isOpen(w)) return false;
  return w.before === null || w.before.state !== w.folded.state || w.before.round !== w.folded.round;
}

/** A state that waits for somebody: none is without a clock. */
type OpenState = { [S in TicketState]: (typeof STATES)[S]["open"] extends true ? S : never }[TicketState];

const hasClocks = (state: TicketState): state is OpenState => STATES[state].open;

/** The move whose clocks run in a state, and which of them still wait for something there. */
const CLOCKS_OF: Readonly<Record<OpenState, { move: string; only?: readonly string[] }>> = {
  received: { move: ARRIVAL },
  triage: { move: ARRIVAL },
  dispatched: { move: "dispatch" },
  handling: { move: "dispatch", only: ["contact", "report"] },
  rework: { move: "dispatch", only: ["contact", "report"] },
  reported: { move: "report", only: ["closing"] },
  calling: { move: "report", only: ["closing"] },
  closing: { move: "report", only: ["closing"] },
  watching: { move: "watch" },
  replied: { move: "replyDirectly" },
  returnReview: { move: "returnToCentre" },
  ownership: { move: "openOwnership" },
  withdrawing: { move: "applyWithdraw" },
  withdrawRejected: { move: "rejectWithdraw" },
  shelved: { move: "shelve" },
};

export interface StartedClocks {
  readonly clocks: readonly Clock[];
  readonly due: NearestDue;
  /** Why there are none: an unpublished calendar, no rule. */
  readonly refused: string | null;
}

export const NO_DUE: NearestDue = { dueAt: null, dueKind: null, nearAt: null };

/**
 * A ticket whose clocks cannot be reckoned comes in without: a file of old years must not be stopped by a calendar. The
 * sweep (server/duty/sweep.ts) finds it.
 */
export function clocksFor(rules: Rules, w: TicketWrite): StartedClocks {
  const { folded } = w;
  const { state } = folded;
  if (!hasClocks(state)) return { clocks: [], due: NO_DUE, refused: null };
  const which: { move: string; only?: readonly string[] } = CLOCKS_OF[state];
  const startAt = folded.dispatchedAt ?? folded.facts.cityDispatchedAt ?? folded.receivedAt;
  const turn = arrivalClocks(rules, { ...folded.facts, round: folded.round }, which.move, startAt);
  if (!turn.ok) return { clocks: [], due: NO_DUE, refused: turn.refusal.code };
  const clocks = turn.value.started
    .filter((c) => which.only === undefined || which.only.includes(c.kind))
    .map((clock) => boundByCity(clock, folded.facts.cityDueAt));
  return { clocks, due: nearest(clocks), refused: null };
}

/** Ends the live clocks of tickets that a file has moved on. */
export async function endClocks(tx: Db, writes: readonly TicketWrite[], now: number): Promise<void> {
  if (writes.length === 0) return;
  const byId = new Map(writes.map((w) => [w.id, w]));
  const live = await tx
    .selectFrom("clock")
    .select(["id", "ticket_id", "body"])
    .where("ticket_id", "in", [...byId.keys()])
    .where("state", "in", ["running", "paused"])
    .execute();
  const ended = live.map(({ id, ticket_id, body }) => {
    const clock = clockOf(body);
    const w = byId.get(ticket_id);
    const at = w?.folded.closedAt ?? w?.folded.dispatchedAt ?? now;
    // What the centre or the unit owed is done by what the file says; whether anybody was called is not known.
    const turned = JUDGED.has(clock.kind) ? stopClock(clock, at) : cancelClock(clock, at);
    return { id, clock: turned.ok ? turned.value : clock };
  });
  for (const { id, clock } of ended) {
    const { ticket_id: _ticket, assignment_id: _whose, ...row } = clockRow("0", null, clock);
    await tx.updateTable("clock").set(row).where("id", "=", id).execute();
  }
  if (ended.length > 0)
    await tx
      .deleteFrom("timer")
      .where(
        "clock_id",
        "in",
        ended.map((c) => c.id),
      )
      .where("fired_at", "is", null)
      .execute();
}

const JUDGED: ReadonlySet<string> = new Set(["dispatch", "report", "closing", "watch"]);

/** Due times of tickets whose clocks run on. */
export async function keptDue(tx: Db, writes: readonly TicketWrite[]): Promise<Map<string, NearestDue>> {
  if (writes.length === 0) return new Map();
  const rows = await tx
    .selectFrom("ticket")
    .select(["id", "due_at", "due_kind", "near_at"])
    .where(
      "id",
      "in",
      writes.map((w) => w.id),
    )
    .execute();
  return new Map(
    rows.map((r) => [
      r.id,
      { dueAt: r.due_at?.getTime() ?? null, dueKind: r.due_kind, nearAt: r.near_at?.getTime() ?? null },
    ]),
  );
}

export async function writeClocks(
  tx: Db,
  writes: readonly TicketWrite[],
  clocks: ReadonlyMap<string, StartedClocks>,
): Promise<void> {
  const started = writes.flatMap((w) => (clocks.get(w.id)?.clocks ?? []).map((clock) => ({ w, clock })));
  if (started.length === 0) return;
  const ids = await newIds(tx, "clock", started.length);
  const rows = started.map(({ w, clock }, i) => {
    const row = clockRow(w.id, null, clock);
    return {
      ...row,
      id: ids[i],
      started_at: row.started_at.toISOString(),
      due_at: row.due_at.toISOString(),
      near_at: row.near_at.toISOString(),
      body: clock,
    };
  });
  await insertRows(
    tx,
    "clock",
    {
      id: "bigint",
      ticket_id: "bigint",
      round: "smallint",
      kind: "text",
      state: "text",
      started_at: "timestamptz",
      due_at: "timestamptz",
      near_at: "timestamptz",
      rule: "text",
      body: "jsonb",
    },
    rows,
  );
  const timers = started.flatMap(({ w, clock }, i) => [
    { clock_id: ids[i], what: "overdue", ticket_id: w.id, fire_at: iso(clock.dueAt) },
    ...(clock.near ? [{ clock_id: ids[i], what: "near", ticket_id: w.id, fire_at: iso(clock.nearAt) }] : []),
  ]);
  await insertRows(
    tx,
    "timer",
    { clock_id: "bigint", what: "text", ticket_id: "bigint", fire_at: "timestamptz" },
    timers,
  );
}
