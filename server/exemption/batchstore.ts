/** 报市批次的存取. Approved applications, batches with what went out in them, their files, and how each batch ended. */
import type { Evidence } from "@jiesu/core/exemption/checklist.ts";
import type { FormFacts } from "@jiesu/core/exemption/cityform.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

/** An approved application with everything that the form can read of it. */
export interface Approved {
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly unitId: string;
  readonly unit: string;
  readonly title: string;
  readonly content: string;
  readonly category: string;
  readonly street: string;
  readonly void: boolean;
  readonly countedAt: Date;
  readonly contactedAt: Date | null;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
  readonly ground: string;
  readonly groundName: string;
  readonly rules: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly appliedAt: Date;
  readonly appliedBy: string;
  readonly reviewedAt: Date | null;
  readonly reviewedBy: string | null;
  readonly note: string;
  readonly appealOf: string | null;
  readonly files: readonly EvidenceFile[];
}

export interface EvidenceFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** In hex. */
  readonly sha256: string;
  readonly hidden: boolean;
}

export interface ApprovedFilter {
  /** Days of the period in which the rounds count. */
  readonly from?: Day | undefined;
  readonly to?: Day | undefined;
  readonly ground?: string | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** Approved and not yet sent, the oldest first. */
export async function approved(
  db: Db,
  { from, to, ground, ids }: ApprovedFilter,
  limit: number,
): Promise<readonly Approved[]> {
  const all: RawBuilder<unknown>[] = [sql`x.state = 'passed'`];
  if (from !== undefined)
    all.push(sql`r.counted_at >= ${from}::date::timestamp at time zone 'Asia/Shanghai'`);
  if (to !== undefined)
    all.push(sql`r.counted_at < (${to}::date + 1)::timestamp at time zone 'Asia/Shanghai'`);
  if (ground !== undefined) all.push(sql`x.ground = ${ground}`);
  if (ids !== undefined) all.push(sql`x.id = any(${[...ids]}::bigint[])`);
  const { rows } = await sql<Approved>`
    select x.id, x.ticket_id as "ticketId", t.number, x.round, x.unit_id as "unitId", u.name as unit, t.title, t.content,
           concat_ws('/', nullif(t.category1, ''), nullif(t.category2, ''), nullif(t.category3, '')) as category, t.street,
           r.void, r.counted_at as "countedAt", a.contacted_at as "contactedAt", r.contacted, r.solved, r.satisfied,
           x.ground, x.ground_name as "groundName", x.rules, x.reason, x.evidence, x.applied_at as "appliedAt",
           x.applied_name as "appliedBy", x.reviewed_at as "reviewedAt", x.reviewed_name as "reviewedBy", x.appeal_of as "appealOf",
           coalesce((select s.note from exemption_step s where s.exemption_id = x.id and s.step = 'pass'
                      order by s.id desc limit 1), '') as note,
           coalesce((select jsonb_agg(jsonb_build_object('id', f.id::text, 'name', f.name, 'size', f.size,
                                        'sha256', encode(f.sha256, 'hex'), 'hidden', f.hidden_at is not null))
                       from attachment f where f.ticket_id = x.ticket_id and exists (
                         select from jsonb_array_elements(x.evidence) e where e ->> 'file' = f.id::text)), '[]') as files
      from exemption x join ticket t on t.id = x.ticket_id join unit u on u.id = x.unit_id
      join result r on r.ticket_id = x.ticket_id and r.round = x.round
      left join assignment a on a.ticket_id = x.ticket_id and a.round = x.round and a.part = 'lead'
     where ${sql.join(all, sql` and `)} order by x.id limit ${limit}`.execute(db);
  return rows;
}

/** Approved applications have this row until a batch or an outcome takes it. */
export async function lockApproved(tx: Db, ids: readonly string[]): Promise<number> {
  const { rows } = await sql`
    select from exemption where id = any(${[...ids]}::bigint[]) and state = 'passed' order by id for update`.execute(
    tx,
  );
  return rows.length;
}

/** One batch is made at a time: numbers follow one another, and the second of two equal requests finds the first. */
export async function lockBatches(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('exemption-batch', 0))`.execute(tx);
}

export interface Batch {
  readonly id: string;
  readonly number: string;
  readonly form: string;
  readonly asked: Buffer;
  readonly sentAt: Date;
  readonly sentBy: string | null;
  readonly sentName: string;
  readonly applications: number;
  readonly upheld: number;
  readonly denied: number;
  /** How it ended; null while it is on its way. */
  readonly step: "acknowledge" | "withdraw" | null;
  readonly stepAt: Date | null;
  readonly stepName: string | null;
  readonly stepNote: string | null;
}

export async function batchOfKey(tx: Db, key: string): Promise<Batch | null> {
  return (await batches(tx, sql`b.request_key = ${key}`, 1))[0] ?? null;
}

export async function batchOf(db: Db, id: string): Promise<Batch | null> {
  return (await batches(db, sql`b.id = ${id}`, 1))[0] ?? null;
}

/** The newest first. */
export async function listBatches(db: Db, before: string | null, limit: number): Promise<readonly Batch[]> {
  return batches(db, before === null ? sql`true` : sql`b.id < ${before}`, limit);
}

async function batches(db: Db, which: RawBuilder<unknown>, limit: number): Promise<readonly Batch[]> {
  const { rows } = await sql<Batch>`
    select b.id, b.number, b.profile as form, b.asked, b.sent_at as "sentAt", b.sent_by as "sentBy", b.sent_name as "sentName",
           n.applications, n.upheld, n.denied, s.step, s.at as "stepAt", s.user_name as "stepName", s.note as "stepNote"
      from exemption_batch b left join exemption_batch_step s on s.batch_id = b.id,
           lateral (select count(*)::int as applications,
                           count(*) filter (where x.batch_id = b.id and x.state = 'upheld')::int as upheld,
                           count(*) filter (where x.batch_id = b.id and x.state = 'denied')::int as denied
                      from exemption_batch_item i join exemption x on x.id = i.exemption_id where i.batch_id = b.id) n
     where ${which} order by b.id desc limit ${limit}`.execute(db);
  return rows;
}

export async function nextSerial(tx: Db, year: number): Promise<number> {
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(serial), 0) + 1 as next from exemption_batch where year = ${year}`.execute(tx);
  return rows[0]?.next ?? 1;
}

export async function insertBatch(
  tx: Db,
  made: {
    readonly number: string;
    readonly year: number;
    readonly serial: number;
    readonly form: string;
    readonly key: string;
    readonly asked: Buffer;
    readonly at: number;
    readonly by: Actor;
  },
): Promise<string> {
  const { id } = await tx
    .insertInto("exemption_batch")
    .values({
      ...{ number: made.number, year: made.year, serial: made.serial, profile: made.form },
      ...{ request_key: made.key, asked: made.asked, sent_at: new Date(made.at) },
      ...{ sent_by: made.by.userId, sent_name: made.by.name },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** A piece of evidence as it went out. */
export interface SentPiece {
  readonly order: number;
  readonly kind: string;
  readonly text: string;
  readonly file: {
    readonly id: string;
    readonly name: string;
    readonly size: number;
    readonly sha256: string;
    readonly path: string;
  } | null;
}

export interface Item {
  readonly place: number;
  readonly exemptionId: string;
  readonly facts: FormFacts;
  readonly evidence: readonly SentPiece[];
}

export async function addItems(tx: Db, batchId: string, items: readonly Item[]): Promise<void> {
  await tx
    .insertInto("exemption_batch_item")
    .values(
      items.map((item) => ({
        ...{ batch_id: batchId, place: item.place, exemption_id: item.exemptionId },
        ...{ facts: JSON.stringify(item.facts), evidence: JSON.stringify(item.evidence) },
      })),
    )
    .execute();
}

/** What is in a batch with where each application stands now. */
export interface SentItem extends Item {
  readonly ticketId: string;
  readonly unitId: string;
  readonly state: string;
  /** Whether it is still in this batch: not, once the batch was withdrawn. */
  readonly here: boolean;
  /** Files of its evidence that somebody has hidden since. */
  readonly hidden: readonly string[];
}

export async function itemsOf(db: Db, batchId: string): Promise<readonly SentItem[]> {
  const { rows } = await sql<SentItem>`
    select i.place, i.exemption_id as "exemptionId", i.facts, i.evidence, x.ticket_id as "ticketId", x.unit_id as "unitId", x.state,
           (x.batch_id is not distinct from i.batch_id) as here,
           array(select f.name from attachment f where f.ticket_id = x.ticket_id and f.hidden_at is not null and exists (
             select from jsonb_array_elements(i.evidence) e where e #>> '{file,id}' = f.id::text)) as hidden
      from exemption_batch_item i join exemption x on x.id = i.exemption_id
     where i.batch_id = ${batchId} order by i.place`.execute(db);
  return rows;
}

/** Takes approved applications into a batch; answers how many of them were still free. */
export async function markSent(tx: Db, batchId: string, ids: readonly string[]): Promise<number> {
  const done = await tx
    .updateTable("exemption")
    .set({ state: "sent", batch_id: batchId })
    .where("id", "in", [...ids])
    .where("state", "=", "passed")
    .where("batch_id", "is", null)
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** Gives the applications of a batch free again; only those that have no outcome. Answers how many. */
export async function markUnsent(tx: Db, batchId: string): Promise<number> {
  const done = await tx
    .updateTable("exemption")
    .set({ state: "passed", batch_id: null })
    .where("batch_id", "=", batchId)
    .where("state", "=", "sent")
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** False when the batch has ended already. */
export async function endBatch(
  tx: Db,
  batchId: string,
  step: "acknowledge" | "withdraw",
  note: string,
  by: Actor,
  at: number,
): Promise<boolean> {
  const done = await tx
    .insertInto("exemption_batch_step")
    .values({ batch_id: batchId, step, note, at: new Date(at), user_id: by.userId, user_name: by.name })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export type BatchFileKind = "form" | "index" | "clear";

export interface BatchFile {
  readonly kind: BatchFileKind;
  readonly name: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

/** Keeps a file of a batch; the one that is there already stays. */
export async function addFiles(tx: Db, batchId: string, files: readonly BatchFile[]): Promise<void> {
  await tx
    .insertInto("exemption_batch_file")
    .values(files.map((file) => ({ batch_id: batchId, ...file })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function fileOf(
  db: Db,
  batchId: string,
  kind: BatchFileKind,
): Promise<Omit<BatchFile, "kind"> | null> {
  const row = await db
    .selectFrom("exemption_batch_file")
    .select(["name", "bytes", "sha256"])
    .where("batch_id", "=", batchId)
    .where("kind", "=", kind)
    .executeTakeFirst();
  return row ?? null;
}

export async function digestsOf(
  db: Db,
  batchId: string,
): Promise<readonly { readonly kind: string; readonly name: string; readonly sha256: string }[]> {
  return db
    .selectFrom("exemption_batch_file")
    .select(["kind", "name", "sha256"])
    .where("batch_id", "=", batchId)
    .orderBy("kind")
    .execute();
}
