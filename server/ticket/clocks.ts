/** 工单上的时限. Turns a ticket's clocks by a move and keeps clock and timer rows; the core reckons, this file records. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { type Clock, cancelClock, caughtUp, pausedUntil } from "@jiesu/core/deadline/clock.ts";
import { isClockKind } from "@jiesu/core/deadline/kind.ts";
import { CO_ASSIGNED, tracksOf } from "@jiesu/core/deadline/tracks.ts";
import { type Decided, type LiveClock, relimitClocks, turnClocks } from "@jiesu/core/deadline/turn.ts";
import { termGrant } from "@jiesu/core/shelving/kinds.ts";
import type { Change } from "@jiesu/core/ticket/decide.ts";
import type { Calendar } from "@jiesu/core/time/calendar.ts";
import { endOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Refusal } from "../platform/errors.ts";
import type { Rules } from "../platform/rules.ts";
import type { LockedTicket, NearestDue } from "./store.ts";

/** What a move does to the clocks, decided before anything is written; `write` is called after the change is recorded. */
export type ClockMove =
  | {
      readonly ok: true;
      readonly due: NearestDue;
      /** The due time that an extension moved, before and after. */
      readonly extended: { readonly before: number; readonly after: number } | null;
      readonly write: () => Promise<void>;
    }
  | { readonly ok: false; readonly refusal: Refusal };

export type ClockFacts = Pick<
  LockedTicket,
  "id" | "round" | "level" | "channel" | "kind" | "category1" | "category2" | "category3" | "cityDueAt"
>;

/** A live clock row, with whose it is: the ticket's own (null) or a co-handler's. */
interface LiveRow extends LiveClock {
  readonly assignmentId: string | null;
}

export async function moveClocks(
  tx: Db,
  rules: Rules,
  ticket: ClockFacts,
  move: string,
  change: Change,
  now: number,
): Promise<ClockMove> {
  const found = await loadLive(tx, ticket.id);
  const live = found.map((row) => onTime(row, now, rules.calendar));
  const round = change.newRound ? ticket.round + 1 : ticket.round;
  const own = live.filter((c) => c.assignmentId === null);
  if (change.corrections)
    return correctClocks(tx, rules, { ...ticket, ...defined(change.corrections) }, live, now);
  const decided = await decidedWith(tx, ticket, move, change, now);
  const turn = turnClocks(own, move, round, factsOf(ticket), now, turnRules(rules), decided);
  if (!turn.ok) return { ok: false, refusal: turn.refusal };
  // A round that ends takes its co-handlers' clocks with it.
  const orphans = change.endLead ? live.filter((c) => c.assignmentId !== null) : [];
  const coCount = change.newRound?.coUnitIds.length ?? 0;
  const co = coCount > 0 ? turnClocks([], CO_ASSIGNED, round, factsOf(ticket), now, turnRules(rules)) : null;
  if (co && !co.ok) return { ok: false, refusal: co.refusal };
  const turnedIds = new Set(turn.value.changed.map((c) => c.id));
  const resumed = own.filter((c, i) => !turnedIds.has(c.id) && c !== found.filter(isOwn)[i]);
  const changed = [...turn.value.changed, ...resumed].map((c) => ({
    id: c.id,
    clock: boundByCity(c.clock, ticket.cityDueAt),
  }));
  const started = turn.value.started.map((clock) => boundByCity(clock, ticket.cityDueAt));
  const longer = changed.flatMap(({ id, clock }) => {
    const before = own.find((c) => c.id === id)?.clock;
    return before && clock.extended > before.extended ? [{ before: before.dueAt, after: clock.dueAt }] : [];
  });
  const changedIds = new Set(changed.map((c) => c.id));
  const after = [...own.filter((c) => !changedIds.has(c.id)), ...changed].map((c) => c.clock);
  return {
    ok: true,
    due: nearest([...after, ...started]),
    extended: longer[0] ?? null,
    write: async () => {
      for (const c of changed) await saveClock(tx, ticket.id, c);
      for (const c of orphans) {
        const ended = cancelClock(c.clock, now);
        if (ended.ok) await saveClock(tx, ticket.id, { id: c.id, clock: ended.value });
      }
      for (const clock of started) await addClock(tx, ticket.id, null, clock);
      if (!co) return;
      const helpers = await tx
        .selectFrom("assignment")
        .select("id")
        .where("ticket_id", "=", ticket.id)
        .where("round", "=", round)
        .where("part", "=", "co")
        .execute();
      for (const helper of helpers)
        for (const clock of co.value.started) await addClock(tx, ticket.id, helper.id, clock);
    },
  };
}

const isOwn = (row: LiveRow): boolean => row.assignmentId === null;

/** A pause whose day is over ended with that day, though no worker has come to it yet. */
function onTime(row: LiveRow, now: number, calendar: Calendar): LiveRow {
  const next = caughtUp(row.clock, now, calendar);
  return next.ok && next.value !== row.clock ? { ...row, clock: next.value } : row;
}

/** What was decided with the move: more days, a term, a pause; and what a move takes up again. */
async function decidedWith(
  tx: Db,
  ticket: ClockFacts,
  move: string,
  { extension, pause, returned, shelfTerm }: Change,
  now: number,
): Promise<Decided> {
  return {
    ...(extension && "answered" in extension ? { moreDays: extension.answered.days } : {}),
    ...(returned?.inReview === "run" ? { runsOn: true } : {}),
    ...(shelfTerm ? { term: termGrant(shelfTerm, now) } : {}),
    ...(pause && "granted" in pause
      ? { pause: { clocks: pause.granted.clocks, until: endOfDay(pause.granted.untilDay) } }
      : {}),
    ...(tracksOf(move).some((track) => track.does === "takeUp")
      ? { stopped: await loadStopped(tx, ticket) }
      : {}),
  };
}

async function loadStopped(tx: Db, ticket: Pick<ClockFacts, "id" | "round">): Promise<Clock[]> {
  const rows = await tx
    .selectFrom("clock")
    .select("body")
    .where("ticket_id", "=", ticket.id)
    .where("round", "=", ticket.round)
    .where("assignment_id", "is", null)
    .where("state", "=", "stopped")
    .orderBy("id")
    .execute();
  return rows.map((row) => clockOf(row.body));
}

/** A corrected level, type or category: the clocks run on under the limits that they grant. */
function correctClocks(
  tx: Db,
  rules: Rules,
  ticket: ClockFacts,
  live: readonly LiveRow[],
  now: number,
): ClockMove {
  const next = relimitClocks(live, factsOf(ticket), turnRules(rules), now);
  if (!next.ok) return { ok: false, refusal: next.refusal };
  const changed = next.value.map((c) => ({ id: c.id, clock: boundByCity(c.clock, ticket.cityDueAt) }));
  const byId = new Map(changed.map((c) => [c.id, c.clock]));
  const own = live.filter((c) => c.assignmentId === null).map((c) => byId.get(c.id) ?? c.clock);
  return {
    ok: true,
    due: nearest(own),
    extended: null,
    write: async () => {
      for (const c of changed) await saveClock(tx, ticket.id, c);
    },
  };
}

/** A co-handler's step: turns the clock of that assignment alone. */
export async function moveCoClock(
  tx: Db,
  rules: Rules,
  ticket: ClockFacts,
  assignmentId: string,
  move: string,
  now: number,
): Promise<Refusal | null> {
  const live = (await loadLive(tx, ticket.id)).filter((c) => c.assignmentId === assignmentId);
  const turn = turnClocks(live, move, ticket.round, factsOf(ticket), now, turnRules(rules));
  if (!turn.ok) return turn.refusal;
  for (const c of turn.value.changed) await saveClock(tx, ticket.id, c);
  return null;
}

/** The clocks that a ticket gets when it arrives, for whoever writes many at once. */
export function arrivalClocks(
  rules: Rules,
  ticket: Omit<ClockFacts, "id" | "cityDueAt">,
  move: string,
  at: number,
) {
  return turnClocks([], move, ticket.round, factsOf(ticket), at, turnRules(rules));
}

/** The nearest due time of running clocks, for the ticket's own columns. */
export function nearest(clocks: readonly Clock[]): NearestDue {
  const running = clocks.filter((c) => c.state === "running").sort((a, b) => a.dueAt - b.dueAt);
  const first = running[0];
  return first
    ? { dueAt: first.dueAt, dueKind: first.kind, nearAt: first.nearAt }
    : { dueAt: null, dueKind: null, nearAt: null };
}

/** The columns of a clock row; the body keeps the whole clock as the core knows it. */
export function clockRow(ticketId: string, assignmentId: string | null, clock: Clock) {
  return {
    ticket_id: ticketId,
    assignment_id: assignmentId,
    round: clock.round,
    kind: clock.kind,
    state: clock.state,
    started_at: new Date(clock.startedAt),
    due_at: new Date(clock.dueAt),
    near_at: new Date(clock.nearAt),
    stopped_at: clock.endedAt === null ? null : new Date(clock.endedAt),
    paused_until: dateOf(pausedUntil(clock)),
    rule: `${clock.rule.name}/${clock.rule.row}`,
    body: JSON.stringify(clock),
  };
}

const dateOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

/** The live clocks as they stand, whole, to be kept for an undoing. */
export function liveClocks(tx: Db, ticketId: string): Promise<{ id: string; body: unknown }[]> {
  return tx
    .selectFrom("clock")
    .select(["id", "body"])
    .where("ticket_id", "=", ticketId)
    .where("state", "in", ["running", "paused"])
    .orderBy("id")
    .execute();
}

/**
 * Puts the clocks back as `kept` has them: what was started since ends unjudged, what was stopped or paused runs on
 * from its own start, so that no used time is lost. Answers the nearest due time.
 */
export async function restoreClocks(
  tx: Db,
  ticketId: string,
  kept: readonly { readonly id: string; readonly body?: unknown }[],
  now: number,
): Promise<NearestDue> {
  const before = new Set(kept.map((k) => k.id));
  for (const c of await loadLive(tx, ticketId))
    if (!before.has(c.id))
      await saveClock(tx, ticketId, { id: c.id, clock: { ...c.clock, state: "cancelled", endedAt: now } });
  for (const { id, body } of kept) await saveClock(tx, ticketId, { id, clock: clockOf(body) });
  return nearest((await loadLive(tx, ticketId)).filter((c) => c.assignmentId === null).map((c) => c.clock));
}

/** The live clocks of a ticket, its co-handlers' too. */
export async function loadLive(tx: Db, ticketId: string): Promise<LiveRow[]> {
  const rows = await tx
    .selectFrom("clock")
    .select(["id", "assignment_id", "body"])
    .where("ticket_id", "=", ticketId)
    .where("state", "in", ["running", "paused"])
    .orderBy("id")
    .execute();
  return rows.map((r) => ({ id: r.id, assignmentId: r.assignment_id, clock: clockOf(r.body) }));
}

async function addClock(tx: Db, ticketId: string, assignmentId: string | null, clock: Clock): Promise<void> {
  const { id } = await tx
    .insertInto("clock")
    .values(clockRow(ticketId, assignmentId, clock))
    .returning("id")
    .executeTakeFirstOrThrow();
  await setTimers(tx, ticketId, id, clock);
}

/** Writes a clock over its row, and its timers. */
export async function saveClock(tx: Db, ticketId: string, { id, clock }: LiveClock): Promise<void> {
  const { ticket_id: _same, assignment_id: _whose, ...row } = clockRow(ticketId, null, clock);
  await tx.updateTable("clock").set(row).where("id", "=", id).execute();
  await setTimers(tx, ticketId, id, clock);
}

/** Unfired timers follow the clock: set anew while it runs, taken away when it does not. Fired ones stay fired. */
async function setTimers(tx: Db, ticketId: string, clockId: string, clock: Clock): Promise<void> {
  if (clock.state !== "running") {
    await tx.deleteFrom("timer").where("clock_id", "=", clockId).where("fired_at", "is", null).execute();
    return;
  }
  const timers = [
    { what: "overdue", fire_at: new Date(clock.dueAt) },
    ...(clock.near ? [{ what: "near", fire_at: new Date(clock.nearAt) }] : []),
  ];
  await tx
    .insertInto("timer")
    .values(timers.map((t) => ({ ...t, clock_id: clockId, ticket_id: ticketId })))
    .onConflict((c) =>
      c
        .columns(["clock_id", "what"])
        .doUpdateSet({ fire_at: sql`excluded.fire_at` })
        .where("timer.fired_at", "is", null),
    )
    .execute();
}

/** Reminders given of a due time that has moved on are given again of the new one. */
export async function tellAnew(tx: Db, clockId: string, now: number): Promise<void> {
  const at = new Date(now);
  await sql`update timer t set fired_at = null, fire_at = c.at
      from (select id, 'overdue' as what, due_at as at from clock where id = ${clockId}
            union all select id, 'near', near_at from clock where id = ${clockId}) c
     where t.clock_id = c.id and t.what = c.what and t.fired_at is not null and c.at > ${at}`.execute(tx);
}

/** The clock inside a stored row. */
export function clockOf(body: unknown): Clock {
  if (
    typeof body === "object" &&
    body !== null &&
    "kind" in body &&
    typeof body.kind === "string" &&
    isClockKind(body.kind)
  ) {
    return body as Clock; // written by clockRow alone
  }
  throw new Error("a clock row without a clock");
}

export function factsOf(t: Omit<ClockFacts, "id" | "round" | "cityDueAt">) {
  return {
    level: t.level,
    channel: t.channel,
    type: t.kind,
    category: [t.category1, t.category2, t.category3].filter((c) => c !== ""),
  };
}

/** The fields of a correction that were given. */
function defined(fields: NonNullable<Change["corrections"]>): Partial<ClockFacts> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export const turnRules = (rules: Rules) => ({ versions: rules.deadlines, calendar: rules.calendar });
