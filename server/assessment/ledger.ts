/**
 * 考核台账的历史. Entries of the ledger as they were written, who wrote each, and the last entry of every ticket of a unit:
 * what a figure is replayed from. Entries are written by the database with every change of a result; nothing here writes.
 */
import type { KeptEntry } from "@jiesu/core/assessment/level.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export interface LedgerEntry extends KeptEntry {
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  /** 1 is the first; a later one supersedes it. */
  readonly seq: number;
  readonly unitId: string | null;
  readonly unitKind: string | null;
  readonly unitName: string | null;
  readonly countedAt: Date;
  readonly scopeNote: string;
  readonly void: boolean;
  readonly callbackId: string | null;
  readonly exemptionId: string | null;
  /** What wrote it: the event of the same transaction; null where rows were loaded without one. */
  readonly by: {
    readonly event: string;
    readonly at: Date;
    readonly name: string;
    readonly role: string;
  } | null;
}

/** Every entry of one ticket, in the order of writing. */
export async function entriesOfTicket(db: Db, ticketId: string): Promise<readonly LedgerEntry[]> {
  return read(db, sql`l.ticket_id = ${ticketId}`);
}

/** What the last entry of a round says, without its history. */
export interface StandingEntry extends KeptEntry {
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly seq: number;
  readonly countedAt: Date;
  readonly void: boolean;
}

/**
 * The last entry of every ticket counted for a unit in a span, voided ones too: epoch ms, the end left out. Which tickets
 * those are is asked of the results, what they say of the ledger. A month of a unit has thousands: who wrote them is not asked.
 */
export async function lastEntries(
  db: Db,
  unitId: string,
  fromAt: number,
  beforeAt: number,
): Promise<readonly StandingEntry[]> {
  const { rows } = await sql<StandingEntry>`
    select l.ticket_id as "ticketId", t.number, l.round, l.seq, l.counted_at as "countedAt", l.scope, l.city_scope as "cityScope", l.void, l.source, l.valid, l.contacted, l.solved, l.satisfied
      from result r
     cross join lateral (select * from ledger where ledger.ticket_id = r.ticket_id and ledger.round = r.round order by seq desc limit 1) l
      join ticket t on t.id = r.ticket_id
     where r.unit_id = ${unitId} and r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)}
     order by l.ticket_id, l.round`.execute(db);
  return rows;
}

async function read(db: Db, which: RawBuilder<unknown>): Promise<readonly LedgerEntry[]> {
  const { rows } = await sql<Row>`
    select l.ticket_id, t.number, l.round, l.seq, l.unit_id, l.unit_kind, u.name as unit_name, l.counted_at, l.scope, l.city_scope,
           l.scope_note, l.void, l.source, l.valid, l.contacted, l.solved, l.satisfied, l.callback_id, l.exemption_id,
           e.kind as event, e.at, e.user_name, e.role
      from ledger l
      join ticket t on t.id = l.ticket_id
      left join unit u on u.id = l.unit_id
      left join lateral (select kind, at, user_name, role from event
                          where event.ticket_id = l.ticket_id and event.txid = l.txid order by event.id desc limit 1) e on true
     where ${which}
     order by l.ticket_id, l.round, l.seq`.execute(db);
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    number: row.number,
    round: row.round,
    seq: row.seq,
    unitId: row.unit_id,
    unitKind: row.unit_kind,
    unitName: row.unit_name,
    countedAt: row.counted_at,
    scope: row.scope,
    cityScope: row.city_scope,
    scopeNote: row.scope_note,
    void: row.void,
    source: row.source,
    valid: row.valid,
    contacted: row.contacted,
    solved: row.solved,
    satisfied: row.satisfied,
    callbackId: row.callback_id,
    exemptionId: row.exemption_id,
    by:
      row.event === null || row.at === null
        ? null
        : { event: row.event, at: row.at, name: row.user_name ?? "", role: row.role ?? "" },
  }));
}

/** As the table's checks allow. */
interface Row extends Omit<KeptEntry, "cityScope"> {
  readonly ticket_id: string;
  readonly number: string;
  readonly round: number;
  readonly seq: number;
  readonly unit_id: string | null;
  readonly unit_kind: string | null;
  readonly unit_name: string | null;
  readonly counted_at: Date;
  readonly city_scope: KeptEntry["cityScope"];
  readonly scope_note: string;
  readonly void: boolean;
  readonly callback_id: string | null;
  readonly exemption_id: string | null;
  readonly event: string | null;
  readonly at: Date | null;
  readonly user_name: string | null;
  readonly role: string | null;
}
