/** 已导入的行. What earlier imports kept of their rows, and the tickets that those made. */
import type { Said } from "@jiesu/core/intake/row.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

/** A row of an earlier import, or of this one. */
export interface KnownRow {
  readonly key: string;
  readonly ticketId: string;
  readonly round: number;
  readonly hash: string;
}

export interface KnownTicket {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly round: number;
  readonly version: number;
  readonly movedVersion: number;
  readonly rows: readonly KnownRow[];
}

/** The same by id, locked; without the rows. */
export async function readTicketsById(tx: Db, ids: readonly string[]): Promise<readonly KnownTicket[]> {
  const { rows } = await sql<Omit<KnownTicket, "rows">>`
    select id::text, number, state, round, version, moved_version as "movedVersion" from ticket
     where id = any(${ids}::bigint[]) order by id for update`.execute(tx);
  return rows.map((t) => ({ ...t, rows: [] }));
}

/** The tickets of these numbers with the rows imported for them; `lock` holds them until the transaction ends. */
export async function readTickets(
  tx: Db,
  numbers: readonly string[],
  lock: boolean,
): Promise<ReadonlyMap<string, KnownTicket>> {
  if (numbers.length === 0) return new Map();
  const { rows: tickets } = await sql<Omit<KnownTicket, "rows">>`
    select id::text, number, state, round, version, moved_version as "movedVersion" from ticket
     where number = any(${numbers}::text[]) order by id ${lock ? sql`for update` : sql``}`.execute(tx);
  if (tickets.length === 0) return new Map();
  const { rows } = await sql<KnownRow>`
    select key, ticket_id::text as "ticketId", round, encode(hash, 'hex') as hash from import_row
     where ticket_id = any(${tickets.map((t) => t.id)}::bigint[])`.execute(tx);
  const byTicket = Map.groupBy(rows, (r) => r.ticketId);
  return new Map(tickets.map((t) => [t.number, { ...t, rows: byTicket.get(t.id) ?? [] }]));
}

/** Which of these tickets somebody (no importer, no timer) has worked on. */
export async function touchedTickets(tx: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await sql<{ id: string }>`
    select distinct ticket_id::text as id from event
     where ticket_id = any(${ids}::bigint[]) and role not in ('importer', 'system')`.execute(tx);
  return new Set(rows.map((r) => r.id));
}

export interface KeptRow {
  readonly key: string;
  readonly ticketId: string;
  readonly profile: string;
  readonly unitId: string | null;
  readonly said: Said;
}

/** Everything that was kept of the rows of these tickets. */
export async function readSaid(
  tx: Db,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly KeptRow[]>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<KeptRow>`
    select key, ticket_id::text as "ticketId", profile, unit_id::text as "unitId", said from import_row
     where ticket_id = any(${ids}::bigint[])`.execute(tx);
  return Map.groupBy(rows, (r) => r.ticketId);
}

export interface RowWrite {
  readonly key: string;
  readonly ticket_id: string;
  readonly round: number;
  /** Hexadecimal. */
  readonly hash: string;
  readonly profile: string;
  readonly unit_id: string | null;
  readonly said: Said;
}

export async function saveRows(tx: Db, batchId: string, rows: readonly RowWrite[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into import_row (key, ticket_id, round, hash, profile, unit_id, said, batch_id)
    select r.key, r.ticket_id, r.round, decode(r.hash, 'hex'), r.profile, r.unit_id, r.said, ${batchId}::bigint
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as r(key text, ticket_id bigint, round smallint, hash text, profile text, unit_id bigint, said json)
    on conflict (key) do update set round = excluded.round, hash = excluded.hash, unit_id = excluded.unit_id,
      said = excluded.said, batch_id = excluded.batch_id`.execute(tx);
}

/** Puts rows that did not change into the round that they now belong to. */
export async function moveRows(
  tx: Db,
  rows: readonly { readonly key: string; readonly round: number }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`update import_row i set round = r.round
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, round smallint)
   where i.key = r.key and i.round <> r.round`.execute(tx);
}
