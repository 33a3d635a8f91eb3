/** 导入台账. Batches, their errors, the rows that were imported, and mappings that people confirmed. */
import type { RowFault } from "@jiesu/core/intake/row.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";

/** What is known of a file before it is imported: where its header is, what its columns mean. */
const Shape = z.object({
  sheet: z.string(),
  sheetIndex: z.number(),
  format: z.enum(["csv", "xlsx", "xls"]),
  encoding: z.string().nullable(),
  /** Number of the header's row, as the file's own program numbers it. */
  headerRow: z.number(),
  headers: z.array(z.object({ index: z.number(), header: z.string() })),
  /** Headers that stand twice and would both be the same field. */
  duplicated: z.array(z.string()),
  /** The first rows, personal data covered. */
  previewRows: z.array(z.object({ row: z.number(), cells: z.array(z.string()) })),
  rows: z.number(),
  /** All visible sheets, and the first rows of this one, personal data covered: another header can be chosen. */
  sheets: z.array(z.string()).default([]),
  top: z.array(z.object({ row: z.number(), cells: z.array(z.string()) })).default([]),
  /** How its columns were understood. */
  guess: z.enum(["header", "learned", "like", "none"]).default("header"),
});
export type Shape = z.infer<typeof Shape>;

const Mapping = z.record(z.string(), z.string());
export type Mapping = z.infer<typeof Mapping>;
const Options = z.object({ createUnits: z.boolean().default(false) });
export type ImportOptions = z.infer<typeof Options>;

export type BatchStatus = "uploaded" | "running" | "done" | "failed" | "cancelled";

export interface Counts {
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly rejected: number;
}

export interface Batch extends Counts {
  readonly id: string;
  readonly fileName: string;
  readonly stored: string | null;
  /** "" when the header fits no profile and nobody has chosen one. */
  readonly profile: string;
  readonly status: BatchStatus;
  readonly options: ImportOptions;
  readonly mapping: Mapping;
  readonly shape: Shape;
  /** Rows that are dealt with. */
  readonly nextRow: number;
  /** Bits of the lanes that have written the chunk after it, and where that chunk ends. */
  readonly lanesDone: number;
  readonly lanesUntil: number;
  readonly failure: string | null;
  readonly userId: string | null;
  readonly userName: string;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

export interface NewBatch {
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly stored: string | null;
  readonly profile: string;
  readonly status: BatchStatus;
  readonly options: ImportOptions;
  readonly mapping: Mapping;
  readonly shape: Shape;
  readonly userId: string | null;
  readonly userName: string;
  readonly at: number;
}

export async function addBatch(db: Db, b: NewBatch): Promise<string> {
  const { id } = await db
    .insertInto("import_batch")
    .values({
      file_name: b.fileName,
      sha256: b.sha256,
      stored: b.stored,
      profile: b.profile,
      status: b.status,
      options: JSON.stringify(b.options),
      mapping: JSON.stringify(b.mapping),
      shape: JSON.stringify(b.shape),
      user_id: b.userId,
      user_name: b.userName,
      created_at: new Date(b.at),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function readBatch(db: Db, id: string): Promise<Batch | null> {
  const row = await db.selectFrom("import_batch").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? batchOf(row) : null;
}

/** The newest batches, one page. */
export async function listBatches(db: Db, before: string | null, limit: number): Promise<readonly Batch[]> {
  let query = db.selectFrom("import_batch").selectAll().orderBy("id", "desc").limit(limit);
  if (before !== null) query = query.where("id", "<", before);
  return (await query.execute()).map(batchOf);
}

/** Batches that were begun and are not ended, the oldest first. */
export async function runningBatches(db: Db): Promise<readonly string[]> {
  const rows = await db
    .selectFrom("import_batch")
    .select("id")
    .where("status", "=", "running")
    .orderBy("id")
    .execute();
  return rows.map((r) => r.id);
}

/** A batch of the same bytes under the same profile that was cut off: the command line goes on with it. */
export async function findCutOff(db: Db, sha256: Buffer, profile: string): Promise<string | null> {
  const row = await db
    .selectFrom("import_batch")
    .select("id")
    .where("status", "=", "running")
    .where("sha256", "=", sha256)
    .where("profile", "=", profile)
    .orderBy("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function startBatch(
  db: Db,
  id: string,
  as: {
    readonly profile: string;
    readonly mapping: Mapping;
    readonly options: ImportOptions;
    readonly userId: string | null;
    readonly userName: string;
  },
): Promise<boolean> {
  const done = await db
    .updateTable("import_batch")
    .set({
      status: "running",
      profile: as.profile,
      mapping: JSON.stringify(as.mapping),
      options: JSON.stringify(as.options),
      user_id: as.userId,
      user_name: as.userName,
      failure: null,
    })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Goes on with a batch that failed; what it has done stays done. */
export async function restartBatch(db: Db, id: string): Promise<boolean> {
  const done = await db
    .updateTable("import_batch")
    .set({ status: "running", failure: null, finished_at: null })
    .where("id", "=", id)
    .where("status", "=", "failed")
    .where("stored", "is not", null)
    // What is being taken back is not gone on with.
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom("import_undo as u")
            .select("u.batch_id")
            .whereRef("u.batch_id", "=", "import_batch.id"),
        ),
      ),
    )
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/**
 * Advances a batch in the transaction that wrote a lane's rows: counts, and the place to go on from once all lanes of
 * the chunk are done.
 */
export async function advance(
  tx: Db,
  id: string,
  chunk: { readonly lane: number; readonly all: number; readonly end: number },
  more: Counts,
): Promise<void> {
  const { lane, all, end } = chunk;
  await sql`
    update import_batch set
      rows = rows + ${more.rows}, created = created + ${more.created}, updated = updated + ${more.updated},
      unchanged = unchanged + ${more.unchanged}, rejected = rejected + ${more.rejected},
      next_row = case when lanes_done | ${lane}::smallint = ${all}::smallint then ${end}::integer else next_row end,
      lanes_done = case when lanes_done | ${lane}::smallint = ${all}::smallint then 0 else lanes_done | ${lane}::smallint end,
      lanes_until = ${end}
    where id = ${id}`.execute(tx);
}

/** Stops a batch that runs: the chunk under way is finished, no other is begun. Answers whether it ran. */
export async function stopBatch(db: Db, id: string, failure: string, now: number): Promise<boolean> {
  const done = await db
    .updateTable("import_batch")
    .set({ status: "failed", failure, finished_at: new Date(now) })
    .where("id", "=", id)
    .where("status", "=", "running")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** Whether nobody has stopped it. */
export async function stillRuns(db: Db, id: string): Promise<boolean> {
  const row = await db.selectFrom("import_batch").select("status").where("id", "=", id).executeTakeFirst();
  return row?.status === "running";
}

/** What a person found in the file instead of what was guessed: another sheet, another header. Only while unconfirmed. */
export async function reshapeBatch(
  db: Db,
  id: string,
  as: { readonly shape: Shape; readonly profile: string; readonly mapping: Mapping },
): Promise<boolean> {
  const done = await db
    .updateTable("import_batch")
    .set({ shape: JSON.stringify(as.shape), profile: as.profile, mapping: JSON.stringify(as.mapping) })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function finishBatch(
  db: Db,
  id: string,
  status: "done" | "failed" | "cancelled",
  failure: string | null,
  now: number,
): Promise<boolean> {
  const ended = await db
    .updateTable("import_batch")
    .set({ status, failure, finished_at: new Date(now) })
    .where("id", "=", id)
    // What somebody has confirmed meanwhile is not given up any more: it is stopped.
    .$if(status === "cancelled", (b) => b.where("status", "in", ["uploaded", "failed"]))
    .executeTakeFirst();
  return ended.numUpdatedRows > 0n;
}

/** The batches that tickets received in a time came in. */
export async function batchesOf(db: Db, from: number | null, to: number | null): Promise<readonly Batch[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct i.batch_id::text as id from import_row i join ticket t on t.id = i.ticket_id
     where ${from === null ? sql`true` : sql`t.received_at >= ${new Date(from)}`}
       and ${to === null ? sql`true` : sql`t.received_at < ${new Date(to)}`}`.execute(db);
  const batches = await Promise.all(rows.map((r) => readBatch(db, r.id)));
  return batches.filter((b) => b !== null);
}

/** Uploaded before an instant and never confirmed, or cut off before it and never gone on with. */
export async function forgottenBatches(db: Db, before: number): Promise<readonly Batch[]> {
  const rows = await db
    .selectFrom("import_batch")
    .selectAll()
    .where((eb) =>
      eb.or([
        eb.and([eb("status", "=", "uploaded"), eb("created_at", "<", new Date(before))]),
        eb.and([eb("status", "=", "failed"), eb("finished_at", "<", new Date(before))]),
      ]),
    )
    .limit(100)
    .execute();
  return rows.map(batchOf);
}

export async function forgetFile(db: Db, id: string): Promise<void> {
  await db.updateTable("import_batch").set({ stored: null }).where("id", "=", id).execute();
}

export async function addErrors(tx: Db, batchId: string, faults: readonly RowFault[]): Promise<void> {
  if (faults.length === 0) return;
  await sql`insert into import_error (batch_id, row, "column", value, why)
    select ${batchId}::bigint, r.row, r."column", r.value, r.why
      from json_to_recordset(${JSON.stringify(faults)}::json) as r(row integer, "column" text, value text, why text)`.execute(
    tx,
  );
}

/** Errors of a batch from a place on, in the order of rows. */
export async function listErrors(
  db: Db,
  batchId: string,
  skip: number,
  limit: number,
): Promise<readonly RowFault[]> {
  return db
    .selectFrom("import_error")
    .select(["row", "column", "value", "why"])
    .where("batch_id", "=", batchId)
    .orderBy("row")
    .orderBy("column")
    .offset(skip)
    .limit(limit)
    .execute();
}

export async function learnedMapping(
  db: Db,
  headerHash: Buffer,
): Promise<{ profile: string; mapping: Mapping } | null> {
  const row = await db
    .selectFrom("import_mapping")
    .select(["profile", "mapping"])
    .where("header_hash", "=", headerHash)
    .executeTakeFirst();
  if (!row) return null;
  const mapping = Mapping.safeParse(row.mapping);
  return mapping.success ? { profile: row.profile, mapping: mapping.data } : null;
}

export async function learnMapping(
  db: Db,
  headerHash: Buffer,
  profile: string,
  mapping: Mapping,
  now: number,
): Promise<void> {
  const values = { profile, mapping: JSON.stringify(mapping), learned_at: new Date(now) };
  await db
    .insertInto("import_mapping")
    .values({ header_hash: headerHash, ...values })
    .onConflict((c) => c.column("header_hash").doUpdateSet(values))
    .execute();
}

/** Runs `work` while this process alone holds the batch; null when another one does. */
export async function whileHolding<T>(db: Db, batchId: string, work: () => Promise<T>): Promise<T | null> {
  return db.connection().execute(async (connection) => {
    const { rows } = await sql<{
      held: boolean;
    }>`select pg_try_advisory_lock(${LOCK_CLASS}, ${batchId}::int) as held`.execute(connection);
    if (rows[0]?.held !== true) return null;
    try {
      return await work();
    } finally {
      await sql`select pg_advisory_unlock(${LOCK_CLASS}, ${batchId}::int)`
        .execute(connection)
        .catch(() => {});
    }
  });
}

/** One chunk of a lane at a time in the whole house: two files may hold rows of one new ticket. */
export async function lockLane(tx: Db, lane: number): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK_CLASS}, ${-1 - lane})`.execute(tx);
}

const LOCK_CLASS = 7_212_346; // any fixed number: locks of the importer

type BatchRow = Awaited<ReturnType<typeof rowOfBatch>>;
const rowOfBatch = (db: Db) => db.selectFrom("import_batch").selectAll().executeTakeFirstOrThrow();

function batchOf(row: BatchRow): Batch {
  return {
    id: row.id,
    fileName: row.file_name,
    stored: row.stored,
    profile: row.profile,
    status: statusOf(row.status),
    options: Options.parse(row.options),
    mapping: Mapping.parse(row.mapping),
    shape: Shape.parse(row.shape),
    nextRow: row.next_row,
    lanesDone: row.lanes_done,
    lanesUntil: row.lanes_until,
    rows: row.rows,
    created: row.created,
    updated: row.updated,
    unchanged: row.unchanged,
    rejected: row.rejected,
    failure: row.failure,
    userId: row.user_id,
    userName: row.user_name,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
}

function statusOf(text: string): BatchStatus {
  if (
    text === "uploaded" ||
    text === "running" ||
    text === "done" ||
    text === "failed" ||
    text === "cancelled"
  )
    return text;
  throw new Error(`unknown status of a batch: ${text}`);
}
