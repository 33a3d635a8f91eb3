/**
 * 成批写入工单. Writes imported tickets, a thousand at a time, in the caller's transaction: whole sets of rows a
 * statement, each ticket with its rounds, results, callbacks, clocks and one event for every row that said something.
 *
 * Only for tickets that nobody has worked on; those that somebody has move by moveTicketIn, one by one.
 */

import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import type { Secrets } from "../platform/secrets.ts";
import {
  clocksFor,
  endClocks,
  keptDue,
  NO_DUE,
  type StartedClocks,
  startsClocks,
  writeClocks,
} from "./bulkclocks.ts";
import { writeRounds } from "./bulkrounds.ts";
import { insertRows, isOpen, iso, newIds, recordset, type TicketWrite } from "./bulkwrite.ts";
import { sealRequester } from "./requester.ts";
import type { NearestDue, Stamp } from "./store.ts";

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
