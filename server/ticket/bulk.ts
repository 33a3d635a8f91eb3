/**
 * 成批写入工单. Writes imported tickets, a thousand at a time, in the caller's transaction: whole sets of rows a
 * statement, each ticket with its rounds, results, callbacks, clocks and one event for every row that said something.
 *
 * Only for tickets that nobody has worked on; those that somebody has move by moveTicketIn, one by one.
 */

import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { type Clock, cancelClock, stopClock } from "@jiesu/core/deadline/clock.ts";
import { ARRIVAL } from "@jiesu/core/deadline/tracks.ts";
import type { FoldedRound, FoldedTicket } from "@jiesu/core/intake/fold.ts";
import { STATES, type TicketState } from "@jiesu/core/ticket/state.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import type { Secrets } from "../platform/secrets.ts";
import { arrivalClocks, clockOf, clockRow, nearest } from "./clocks.ts";
import { type Requester, sealRequester } from "./requester.ts";
import type { NearestDue, Stamp } from "./store.ts";

/** One ticket as it shall be after the import. */
export interface TicketWrite {
  /** From newTicketIds for a new one. */
  readonly id: string;
  readonly number: string;
  /** What it was; null when it is new. */
  readonly before: {
    readonly state: TicketState;
    readonly round: number;
    readonly version: number;
    readonly movedVersion: number;
  } | null;
  readonly folded: FoldedTicket;
  /** Written when given; empty parts leave what is there. */
  readonly requester: Requester | null;
  readonly events: readonly TicketEvent[];
}

export interface TicketEvent {
  readonly kind: "import" | "importRound" | "importUpdate";
  readonly round: number;
  readonly unitId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Ids for so many new tickets. */
export async function newTicketIds(tx: Db, count: number): Promise<readonly string[]> {
  return newIds(tx, "ticket", count);
}

/** Writes the tickets; `stamp` is of whoever imports. */
export async function writeTickets(
  tx: Db,
  secrets: Secrets,
  rules: Rules,
  writes: readonly TicketWrite[],
  stamp: Stamp,
): Promise<void> {
  if (writes.length === 0) return;
  const known = writes.filter((w) => w.before !== null);
  const restarted = writes.filter(startsClocks);
  await endClocks(
    tx,
    known.filter((w) => startsClocks(w) || w.folded.state === "closed"),
    stamp.at,
  );
  const clocks = new Map(restarted.map((w) => [w.id, clocksFor(rules, w)]));
  const kept = await keptDue(
    tx,
    known.filter((w) => !startsClocks(w) && isOpen(w)),
  );
  const due = (w: TicketWrite): NearestDue => clocks.get(w.id)?.due ?? kept.get(w.id) ?? NO_DUE;
  await insertTickets(
    tx,
    writes.filter((w) => w.before === null),
    due,
    stamp,
  );
  await updateTickets(tx, known, due, stamp);
  await writeRounds(tx, writes, known, stamp);
  await writeRequesters(tx, secrets, writes);
  await writeClocks(tx, restarted, clocks);
  await writeEvents(tx, writes, clocks, stamp);
}

/** 时限要求 of the city, given anew; clocks that run go on as they were reckoned. */
export async function recordCityDue(tx: Db, id: string, dueAt: number): Promise<void> {
  await tx
    .updateTable("ticket")
    .set({ city_due_at: new Date(dueAt) })
    .where("id", "=", id)
    .execute();
}

const isOpen = (w: TicketWrite): boolean => STATES[w.folded.state].open;

/** Clocks start with a new open ticket, and anew when its state or round is another. */
function startsClocks(w: TicketWrite): boolean {
  if (!isOpen(w)) return false;
  return w.before === null || w.before.state !== w.folded.state || w.before.round !== w.folded.round;
}

/** The move whose clocks run in a state, and which of them still wait for something there. */
const CLOCKS_OF: Readonly<Partial<Record<TicketState, { move: string; only?: readonly string[] }>>> = {
  received: { move: ARRIVAL },
  triage: { move: ARRIVAL },
  dispatched: { move: "dispatch" },
  handling: { move: "dispatch", only: ["contact", "report"] },
  rework: { move: "dispatch", only: ["contact", "report"] },
  reported: { move: "report", only: ["closing"] },
  calling: { move: "report", only: ["closing"] },
  closing: { move: "report", only: ["closing"] },
};

interface StartedClocks {
  readonly clocks: readonly Clock[];
  readonly due: NearestDue;
  /** Why there are none: an unpublished calendar, no rule. */
  readonly refused: string | null;
}

const NO_DUE: NearestDue = { dueAt: null, dueKind: null, nearAt: null };

/** A ticket whose clocks cannot be reckoned comes in without: a file of old years must not be stopped by a calendar. */
function clocksFor(rules: Rules, w: TicketWrite): StartedClocks {
  const { folded } = w;
  const which = CLOCKS_OF[folded.state];
  const startAt = folded.dispatchedAt ?? folded.facts.cityDispatchedAt ?? folded.receivedAt;
  if (!which) return { clocks: [], due: NO_DUE, refused: null };
  const turn = arrivalClocks(rules, { ...folded.facts, round: folded.round }, which.move, startAt);
  if (!turn.ok) return { clocks: [], due: NO_DUE, refused: turn.refusal.code };
  const clocks = turn.value.started
    .filter((c) => which.only === undefined || which.only.includes(c.kind))
    .map((clock) => boundByCity(clock, folded.facts.cityDueAt));
  return { clocks, due: nearest(clocks), refused: null };
}

async function endClocks(tx: Db, writes: readonly TicketWrite[], now: number): Promise<void> {
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

async function keptDue(tx: Db, writes: readonly TicketWrite[]): Promise<Map<string, NearestDue>> {
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

const TICKET = {
  channel: "text",
  path: "text",
  kind: "text",
  level: "smallint",
  title: "text",
  content: "text",
  category1: "text",
  category2: "text",
  category3: "text",
  district: "text",
  street: "text",
  community: "text",
  address: "text",
  enterprise: "text",
  state: "text",
  round: "smallint",
  lead_unit_id: "bigint",
  closing_kind: "text",
  reply: "text",
  received_at: "timestamptz",
  city_dispatched_at: "timestamptz",
  city_due_at: "timestamptz",
  dispatched_at: "timestamptz",
  closed_at: "timestamptz",
  due_at: "timestamptz",
  due_kind: "text",
  near_at: "timestamptz",
  extra: "jsonb",
  version: "integer",
  moved_version: "integer",
  updated_at: "timestamptz",
} as const;

function ticketRow(w: TicketWrite, due: NearestDue, stamp: Stamp) {
  const { folded } = w;
  const { receivedAt: _received, cityDispatchedAt, cityDueAt, ...facts } = folded.facts;
  const version = (w.before?.version ?? 0) + w.events.length;
  return {
    id: w.id,
    number: w.number,
    created_at: iso(stamp.at),
    ...facts,
    state: folded.state,
    round: folded.round,
    lead_unit_id: folded.leadUnitId,
    closing_kind: folded.closingKind,
    received_at: iso(folded.receivedAt),
    city_dispatched_at: iso(cityDispatchedAt),
    city_due_at: iso(cityDueAt),
    dispatched_at: iso(folded.dispatchedAt),
    closed_at: iso(folded.closedAt),
    due_at: iso(due.dueAt),
    due_kind: due.dueKind,
    near_at: iso(due.nearAt),
    version,
    moved_version: w.before?.state === folded.state ? w.before.movedVersion : version,
    updated_at: iso(stamp.at),
  };
}

async function insertTickets(
  tx: Db,
  writes: readonly TicketWrite[],
  due: (w: TicketWrite) => NearestDue,
  stamp: Stamp,
): Promise<void> {
  const rows = writes.map((w) => ticketRow(w, due(w), stamp));
  await insertRows(
    tx,
    "ticket",
    { id: "bigint", number: "text", created_at: "timestamptz", ...TICKET },
    rows,
  );
}

async function updateTickets(
  tx: Db,
  writes: readonly TicketWrite[],
  due: (w: TicketWrite) => NearestDue,
  stamp: Stamp,
): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.map((w) => ticketRow(w, due(w), stamp));
  const set = sql.join(Object.keys(TICKET).map((c) => sql`${sql.ref(c)} = rec.${sql.ref(c)}`));
  await sql`update ticket t set ${set} from ${recordset({ id: "bigint", ...TICKET }, rows)} where t.id = rec.id`.execute(
    tx,
  );
}

/**
 * What the rows say replaces what earlier rows said: rounds are numbered anew when an earlier one turns up. Callbacks
 * go before results, whose ledger entries name the callback that they come from.
 */
async function writeRounds(
  tx: Db,
  writes: readonly TicketWrite[],
  known: readonly TicketWrite[],
  stamp: Stamp,
): Promise<void> {
  const all = writes.flatMap((w) => w.folded.rounds.map((round) => ({ w, round })));
  if (known.length > 0) {
    const ids = known.map((w) => w.id);
    await tx.deleteFrom("assignment").where("ticket_id", "in", ids).execute();
    await sql`delete from result r using ${recordset({ id: "bigint", rounds: "smallint" }, roundsOf(known))}
      where r.ticket_id = rec.id and r.round > rec.rounds`.execute(tx);
  }
  await insertRows(
    tx,
    "assignment",
    ASSIGNMENT,
    all.flatMap(({ w, round }) => assignmentRows(w, round, stamp.at)),
  );
  await writeCallbacks(tx, all, known, stamp);
  await insertRows(
    tx,
    "result",
    RESULT,
    all.map(({ w, round }) => resultRow(w, round)),
    sql`on conflict (ticket_id, round) do update set
      unit_id = excluded.unit_id, counted_at = excluded.counted_at, scope = excluded.scope, scope_note = excluded.scope_note,
      source = excluded.source, valid = excluded.valid, contacted = excluded.contacted, solved = excluded.solved,
      satisfied = excluded.satisfied`,
  );
}

const roundsOf = (writes: readonly TicketWrite[]) =>
  writes.map((w) => ({ id: w.id, rounds: w.folded.round }));

type OfRound = { readonly w: TicketWrite; readonly round: FoldedRound };

/** The city's callbacks of a known ticket are written anew only where they differ. */
async function writeCallbacks(
  tx: Db,
  all: readonly OfRound[],
  known: readonly TicketWrite[],
  stamp: Stamp,
): Promise<void> {
  const rows = all.flatMap(({ w, round }) => (round.callback === null ? [] : [callbackRow(w, round, stamp)]));
  const wanted = Map.groupBy(rows, (r) => r.ticket_id);
  const before = Map.groupBy(await cityCallbacks(tx, known), (c) => c.ticket_id);
  const signs = (of: readonly object[] | undefined): string => JSON.stringify(of ?? []);
  const changed = known
    .map((w) => w.id)
    .filter((id) => signs(before.get(id)) !== signs(wanted.get(id)?.map(callbackSays)));
  const same = new Set(known.map((w) => w.id).filter((id) => !changed.includes(id)));
  if (changed.length > 0)
    await tx.deleteFrom("callback").where("ticket_id", "in", changed).where("source", "=", "city").execute();
  await insertRows(
    tx,
    "callback",
    CALLBACK,
    rows.filter((r) => !same.has(r.ticket_id)),
  );
}

async function cityCallbacks(tx: Db, known: readonly TicketWrite[]) {
  if (known.length === 0) return [];
  const rows = await tx
    .selectFrom("callback")
    .select(["ticket_id", "round", "outcome", "contacted", "solved", "satisfied", "reason", "note"])
    .where(
      "ticket_id",
      "in",
      known.map((w) => w.id),
    )
    .where("source", "=", "city")
    .orderBy("round")
    .orderBy("id")
    .execute();
  return rows.map(callbackSays);
}

interface CallbackSays {
  readonly ticket_id: string;
  readonly round: number;
  readonly outcome: string;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
  readonly reason: string;
  readonly note: string;
}

const callbackSays = (c: CallbackSays): CallbackSays => ({
  ticket_id: c.ticket_id,
  round: c.round,
  outcome: c.outcome,
  contacted: c.contacted,
  solved: c.solved,
  satisfied: c.satisfied,
  reason: c.reason,
  note: c.note,
});

function callbackRow(w: TicketWrite, round: FoldedRound, stamp: Stamp) {
  return {
    ticket_id: w.id,
    round: round.round,
    source: "city",
    outcome: round.callback ?? "missed",
    ...answersOf(round),
    reason: round.reason,
    note: round.note,
    at: iso(round.answeredAt),
    user_id: stamp.userId,
    user_name: stamp.userName,
  };
}

function resultRow(w: TicketWrite, round: FoldedRound) {
  return {
    ticket_id: w.id,
    round: round.round,
    unit_id: round.unitId,
    counted_at: iso(round.dispatchedAt),
    scope: round.scope,
    scope_note: round.scopeNote,
    source: round.callback === null ? null : "city",
    valid: round.valid,
    ...answersOf(round),
  };
}

const ASSIGNMENT = {
  ticket_id: "bigint",
  round: "smallint",
  part: "text",
  unit_id: "bigint",
  state: "text",
  dispatched_at: "timestamptz",
  reported_at: "timestamptz",
  report: "text",
  ended_at: "timestamptz",
  ended_as: "text",
} as const;

const RESULT = {
  ticket_id: "bigint",
  round: "smallint",
  unit_id: "bigint",
  counted_at: "timestamptz",
  scope: "text",
  scope_note: "text",
  source: "text",
  valid: "boolean",
  contacted: "text",
  solved: "text",
  satisfied: "text",
} as const;

const CALLBACK = {
  ticket_id: "bigint",
  round: "smallint",
  source: "text",
  outcome: "text",
  contacted: "text",
  solved: "text",
  satisfied: "text",
  reason: "text",
  note: "text",
  at: "timestamptz",
  user_id: "bigint",
  user_name: "text",
} as const;

const answersOf = ({ answers }: FoldedRound) => ({
  contacted: answers.contacted ?? null,
  solved: answers.solved ?? null,
  satisfied: answers.satisfied ?? null,
});

function assignmentRows(w: TicketWrite, round: FoldedRound, now: number) {
  const common = { ticket_id: w.id, round: round.round, dispatched_at: iso(round.dispatchedAt) };
  const last = round.round === w.folded.round;
  const { ended } = round;
  const lead = {
    ...common,
    part: "lead",
    unit_id: round.unitId,
    state: ended === null && last ? w.folded.state : "closed",
    reported_at: iso(ended?.as === "done" ? ended.at : null),
    report: round.report === "" ? null : round.report,
    // A closed round must have an end; where the file does not say when, it is the import that says so.
    ended_at: iso(ended ? (ended.at ?? now) : null),
    ended_as: ended === null ? null : ended.as === "done" && ended.at === null ? "imported" : ended.as,
  };
  const co = round.co.map((c) => ({
    ...common,
    part: "co",
    unit_id: c.unitId,
    state: c.ended ? "coReported" : "assigned",
    reported_at: null,
    report: c.report === "" ? null : c.report,
    ended_at: c.ended ? iso(ended?.at ?? now) : null,
    ended_as: c.ended ? "imported" : null,
  }));
  return round.unitId === null ? co : [lead, ...co];
}

async function writeRequesters(tx: Db, secrets: Secrets, writes: readonly TicketWrite[]): Promise<void> {
  const hex = (bytes: Buffer | null): string | null =>
    bytes === null ? null : `\\x${bytes.toString("hex")}`;
  const rows = writes.flatMap((w) => {
    if (w.requester === null || Object.values(w.requester).every((part) => part === "")) return [];
    const sealed = sealRequester(secrets, w.requester);
    return [
      {
        ticket_id: w.id,
        name_enc: hex(sealed.name_enc),
        phone_enc: hex(sealed.phone_enc),
        account_enc: hex(sealed.account_enc),
        content_enc: hex(sealed.content_enc),
        phone_hash: hex(sealed.phone_hash),
        tail_hash: hex(sealed.tail_hash),
      },
    ];
  });
  await insertRows(
    tx,
    "requester",
    {
      ticket_id: "bigint",
      name_enc: "bytea",
      phone_enc: "bytea",
      account_enc: "bytea",
      content_enc: "bytea",
      phone_hash: "bytea",
      tail_hash: "bytea",
    },
    rows,
    sql`on conflict (ticket_id) do update set
      name_enc = coalesce(excluded.name_enc, requester.name_enc),
      phone_enc = coalesce(excluded.phone_enc, requester.phone_enc),
      account_enc = coalesce(excluded.account_enc, requester.account_enc),
      content_enc = excluded.content_enc,
      phone_hash = case when excluded.phone_enc is null then requester.phone_hash else excluded.phone_hash end,
      tail_hash = case when excluded.phone_enc is null then requester.tail_hash else excluded.tail_hash end`,
  );
}

async function writeClocks(
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

async function writeEvents(
  tx: Db,
  writes: readonly TicketWrite[],
  clocks: ReadonlyMap<string, StartedClocks>,
  stamp: Stamp,
): Promise<void> {
  const rows = writes.flatMap((w) => {
    const refused = clocks.get(w.id)?.refused ?? null;
    return w.events.map((event, i) => ({
      ticket_id: w.id,
      version: (w.before?.version ?? 0) + i + 1,
      kind: event.kind,
      from_state: i === 0 ? (w.before?.state ?? null) : w.folded.state,
      to_state: w.folded.state,
      round: event.round,
      at: iso(stamp.at),
      user_id: stamp.userId,
      user_name: stamp.userName,
      role: stamp.role,
      unit_id: event.unitId,
      data: refused === null ? event.data : { ...event.data, noClock: refused },
    }));
  });
  await insertRows(
    tx,
    "event",
    {
      ticket_id: "bigint",
      version: "integer",
      kind: "text",
      from_state: "text",
      to_state: "text",
      round: "smallint",
      at: "timestamptz",
      user_id: "bigint",
      user_name: "text",
      role: "text",
      unit_id: "bigint",
      data: "jsonb",
    },
    rows,
  );
}

type Columns = Readonly<Record<string, string>>;

/** One statement for any number of rows: they travel as one JSON text, which costs less than an array a column. */
async function insertRows(
  tx: Db,
  table: string,
  columns: Columns,
  rows: readonly object[],
  conflict: RawBuilder<unknown> = sql``,
): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(Object.keys(columns).map((c) => sql.ref(c)));
  const picked = sql.join(Object.keys(columns).map((c) => sql`rec.${sql.ref(c)}`));
  await sql`insert into ${sql.table(table)} (${names}) overriding system value
    select ${picked} from ${recordset(columns, rows)} ${conflict}`.execute(tx);
}

function recordset(columns: Columns, rows: readonly object[]): RawBuilder<unknown> {
  const typed = sql.join(
    Object.entries(columns).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`),
  );
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as rec(${typed})`;
}

async function newIds(tx: Db, table: "ticket" | "clock", count: number): Promise<readonly string[]> {
  if (count === 0) return [];
  // The sequence's name is looked up once, not for every number.
  const { rows } = await sql<{ id: string }>`
    with s as materialized (select pg_get_serial_sequence(${table}, 'id')::regclass as name)
    select nextval(s.name)::text as id from s, generate_series(1, ${count}::integer)`.execute(tx);
  return rows.map((r) => r.id);
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
