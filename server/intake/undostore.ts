/** 撤销批次的台账. What a batch replaced, who asked to take it back, how far that came, and what had to stay. */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { SealedBefore } from "../ticket/bulkundo.ts";

/** Keeps what the rows of known tickets said until now, in the transaction that replaces it. */
export async function keepBefore(
  tx: Db,
  batchId: string,
  rows: readonly { readonly key: string; readonly ticket_id: string }[],
  ownRequesters: readonly string[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into import_before (batch_id, ticket_id, key, before_batch, round, hash, profile, unit_id, said)
    select ${batchId}::bigint, r.ticket_id, r.key, i.batch_id, i.round, i.hash, i.profile, i.unit_id, i.said
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(ticket_id bigint, key text)
      left join import_row i on i.key = r.key
    on conflict do nothing`.execute(tx);
  if (ownRequesters.length === 0) return;
  await sql`insert into import_before_requester
      (batch_id, ticket_id, name_enc, phone_enc, account_enc, content_enc, phone_hash, tail_hash)
    select ${batchId}::bigint, ticket_id, name_enc, phone_enc, account_enc, content_enc, phone_hash, tail_hash
      from requester where ticket_id = any(${ownRequesters}::bigint[])
    on conflict do nothing`.execute(tx);
}

export interface Undo {
  readonly batchId: string;
  readonly reason: string;
  readonly userId: string | null;
  readonly userName: string;
  readonly askedAt: Date;
  readonly finishedAt: Date | null;
  /** Tickets up to this id are dealt with. */
  readonly nextTicket: string;
  readonly voided: number;
  readonly putBack: number;
  readonly kept: number;
}

export async function readUndo(db: Db, batchId: string): Promise<Undo | null> {
  const row = await db
    .selectFrom("import_undo")
    .selectAll()
    .where("batch_id", "=", batchId)
    .executeTakeFirst();
  return row ? undoOf(row) : null;
}

export async function readUndos(db: Db, batchIds: readonly string[]): Promise<ReadonlyMap<string, Undo>> {
  if (batchIds.length === 0) return new Map();
  const rows = await db.selectFrom("import_undo").selectAll().where("batch_id", "in", batchIds).execute();
  return new Map(rows.map((row) => [row.batch_id, undoOf(row)]));
}

/** Asks; what an earlier asking had to leave is looked at anew. */
export async function askUndo(
  tx: Db,
  batchId: string,
  as: {
    readonly reason: string;
    readonly userId: string | null;
    readonly userName: string;
    readonly at: number;
  },
): Promise<void> {
  const asked = {
    reason: as.reason,
    user_id: as.userId,
    user_name: as.userName,
    asked_at: new Date(as.at),
    finished_at: null,
    next_ticket: "0",
    kept: 0,
  };
  await tx.deleteFrom("import_kept").where("batch_id", "=", batchId).execute();
  await tx
    .insertInto("import_undo")
    .values({ batch_id: batchId, ...asked })
    .onConflict((c) => c.column("batch_id").doUpdateSet(asked))
    .execute();
}

export async function openUndos(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("import_undo")
    .select("batch_id")
    .where("finished_at", "is", null)
    .orderBy("batch_id")
    .execute();
  return rows.map((r) => r.batch_id);
}

/** The next tickets that the batch made, changed, or that a later batch took over from it, by id. */
export async function ticketsOfBatch(
  db: Db,
  batchId: string,
  after: string,
  limit: number,
): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text from (
      (select distinct ticket_id as id from import_row
        where batch_id = ${batchId} and ticket_id > ${after} order by 1 limit ${limit})
      union
      (select distinct ticket_id from import_before
        where batch_id = ${batchId} and ticket_id > ${after} order by 1 limit ${limit})
      union
      (select distinct ticket_id from import_before
        where before_batch = ${batchId} and ticket_id > ${after} order by 1 limit ${limit})
    ) t order by t.id limit ${limit}`.execute(db);
  return rows.map((r) => r.id);
}

export async function advanceUndo(
  tx: Db,
  batchId: string,
  more: {
    readonly nextTicket: string;
    readonly voided: number;
    readonly putBack: number;
    readonly kept: number;
  },
): Promise<void> {
  await sql`update import_undo set next_ticket = ${more.nextTicket}::bigint, voided = voided + ${more.voided},
      put_back = put_back + ${more.putBack}, kept = kept + ${more.kept} where batch_id = ${batchId}`.execute(
    tx,
  );
}

export async function finishUndo(db: Db, batchId: string, now: number): Promise<void> {
  await db
    .updateTable("import_undo")
    .set({ finished_at: new Date(now) })
    .where("batch_id", "=", batchId)
    .where("finished_at", "is", null)
    .execute();
}

export interface Kept {
  readonly ticketId: string;
  readonly number: string;
  readonly why: string;
}

export async function addKept(tx: Db, batchId: string, kept: readonly Kept[]): Promise<void> {
  if (kept.length === 0) return;
  await tx
    .insertInto("import_kept")
    .values(kept.map((k) => ({ batch_id: batchId, ticket_id: k.ticketId, number: k.number, why: k.why })))
    .onConflict((c) => c.doNothing())
    .execute();
}

export async function listKept(db: Db, batchId: string, skip: number, limit: number): Promise<Kept[]> {
  return db
    .selectFrom("import_kept")
    .select(["ticket_id as ticketId", "number", "why"])
    .where("batch_id", "=", batchId)
    .orderBy("ticket_id")
    .offset(skip)
    .limit(limit)
    .execute();
}

/** The rows of tickets that a batch had created: they are as if never said. */
export async function dropRows(tx: Db, ticketIds: readonly string[]): Promise<void> {
  if (ticketIds.length === 0) return;
  await tx.deleteFrom("import_row").where("ticket_id", "in", ticketIds).execute();
}

/** Puts the rows of these tickets back to what they said before the batch. */
export async function putBackRows(tx: Db, batchId: string, ticketIds: readonly string[]): Promise<void> {
  if (ticketIds.length === 0) return;
  await sql`delete from import_row i using import_before b
    where b.batch_id = ${batchId} and b.ticket_id = any(${ticketIds}::bigint[]) and b.said is null and i.key = b.key`.execute(
    tx,
  );
  await sql`update import_row i set batch_id = b.before_batch, round = b.round, hash = b.hash, profile = b.profile,
      unit_id = b.unit_id, said = b.said
    from import_before b
    where b.batch_id = ${batchId} and b.ticket_id = any(${ticketIds}::bigint[]) and b.said is not null and i.key = b.key`.execute(
    tx,
  );
}

export async function requestersBefore(
  tx: Db,
  batchId: string,
  ticketIds: readonly string[],
): Promise<readonly SealedBefore[]> {
  if (ticketIds.length === 0) return [];
  const hex = (column: string) =>
    sql`case when ${sql.ref(column)} is null then null else '\\x' || encode(${sql.ref(column)}, 'hex') end as ${sql.ref(column)}`;
  const { rows } = await sql<SealedBefore>`
    select ticket_id::text as ticket_id, ${sql.join(SEALED.map(hex))} from import_before_requester
     where batch_id = ${batchId} and ticket_id = any(${ticketIds}::bigint[])`.execute(tx);
  return rows;
}

const SEALED = ["name_enc", "phone_enc", "account_enc", "content_enc", "phone_hash", "tail_hash"];

/** Forgets what was kept of batches that ended before an instant: they can no longer be undone, nor their rows mended. */
export async function forgetKept(db: Db, before: number): Promise<void> {
  for (const table of ["import_before", "import_before_requester", "import_refused"] as const)
    await sql`delete from ${sql.table(table)} where batch_id in (
      select id from import_batch b where b.finished_at < ${new Date(before)}
         and exists (select from ${sql.table(table)} k where k.batch_id = b.id))`.execute(db);
}

type UndoRow = Awaited<ReturnType<typeof rowOfUndo>>;
const rowOfUndo = (db: Db) => db.selectFrom("import_undo").selectAll().executeTakeFirstOrThrow();

function undoOf(row: UndoRow): Undo {
  return {
    batchId: row.batch_id,
    reason: row.reason,
    userId: row.user_id,
    userName: row.user_name,
    askedAt: row.asked_at,
    finishedAt: row.finished_at,
    nextTicket: row.next_ticket,
    voided: row.voided,
    putBack: row.put_back,
    kept: row.kept,
  };
}
