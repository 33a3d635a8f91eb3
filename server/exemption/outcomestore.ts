/** 市级认定结果的存取. Files of outcomes, what became of each row, and the applications that a file may speak of. */
import type { OutcomeLine } from "@jiesu/core/exemption/outcomefile.ts";
import type { Judged, Sent } from "@jiesu/core/exemption/outcomes.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { LookedAt } from "../platform/tables/look.ts";
import { STATES } from "./states.ts";

const Mapping = z.record(z.string(), z.string());
export type Mapping = z.infer<typeof Mapping>;
const Faults = z.array(z.object({ row: z.number(), column: z.string(), value: z.string(), why: z.string() }));
type Faults = z.infer<typeof Faults>;
const Status = z.enum(["uploaded", "confirmed", "cancelled"]);

export interface OutcomeFile {
  readonly id: string;
  readonly status: z.infer<typeof Status>;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly shape: LookedAt;
  readonly mapping: Mapping;
  readonly faults: Faults;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
}

export async function addFile(
  db: Db,
  file: Pick<OutcomeFile, "fileName" | "sha256" | "shape" | "mapping"> & { readonly layout: string },
  actor: Actor,
  now: number,
): Promise<string> {
  const { id } = await db
    .insertInto("exemption_outcome_file")
    .values({
      ...{ status: "uploaded", layout: file.layout, file_name: file.fileName, sha256: file.sha256 },
      ...{ shape: JSON.stringify(file.shape), mapping: JSON.stringify(file.mapping) },
      ...{ created_at: new Date(now), user_id: actor.userId, user_name: actor.name },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function readFile(db: Db, id: string): Promise<OutcomeFile | null> {
  const row = await db
    .selectFrom("exemption_outcome_file")
    .selectAll()
    .where("id", "=", id)
    .executeTakeFirst();
  return row ? fileOf(row) : null;
}

/** The newest first; what was given up is left out. */
export async function listFiles(db: Db, limit: number): Promise<readonly OutcomeFile[]> {
  const rows = await db
    .selectFrom("exemption_outcome_file")
    .selectAll()
    .where("status", "!=", "cancelled")
    .orderBy("id", "desc")
    .limit(limit)
    .execute();
  return rows.map(fileOf);
}

/** The file of these bytes that is in force; null when none is. */
export async function fileInForce(db: Db, sha256: Buffer): Promise<OutcomeFile | null> {
  const row = await db
    .selectFrom("exemption_outcome_file")
    .selectAll()
    .where("sha256", "=", sha256)
    .where("status", "=", "confirmed")
    .executeTakeFirst();
  return row ? fileOf(row) : null;
}

/** SHA-256 in hex of every file that was not given up: its bytes have to stay. */
export async function keptDigests(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("exemption_outcome_file")
    .select(sql<string>`encode(sha256, 'hex')`.as("sha256"))
    .where("status", "!=", "cancelled")
    .execute();
  return new Set(rows.map((row) => row.sha256));
}

/** What a person last confirmed for a file with the same header; null when nobody has. */
export async function earlierMapping(db: Db, signature: string): Promise<Mapping | null> {
  const row = await db
    .selectFrom("exemption_outcome_file")
    .select("mapping")
    .where("status", "=", "confirmed")
    .where(sql<string>`shape ->> 'signature'`, "=", signature)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? Mapping.parse(row.mapping) : null;
}

/** False when the file is not only looked at any more. */
export async function reshapeFile(db: Db, id: string, shape: LookedAt, mapping: Mapping): Promise<boolean> {
  const done = await db
    .updateTable("exemption_outcome_file")
    .set({ shape: JSON.stringify(shape), mapping: JSON.stringify(mapping) })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function cancelFile(db: Db, id: string): Promise<boolean> {
  const done = await db
    .updateTable("exemption_outcome_file")
    .set({ status: "cancelled" })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** One file is put in force at a time: the second finds what the first has recorded. */
export async function lockOutcomes(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('exemption-outcomes', 0))`.execute(tx);
}

export async function confirmFile(
  tx: Db,
  id: string,
  mapping: Mapping,
  faults: Faults,
  actor: Actor,
  now: number,
): Promise<boolean> {
  const done = await tx
    .updateTable("exemption_outcome_file")
    .set({
      ...{ status: "confirmed", mapping: JSON.stringify(mapping), faults: JSON.stringify(faults) },
      ...{ confirmed_at: new Date(now), confirmed_name: actor.name },
    })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

const CHUNK = 2000;

export async function addLines(tx: Db, fileId: string, judged: readonly Judged[]): Promise<void> {
  for (let at = 0; at < judged.length; at += CHUNK)
    await tx
      .insertInto("exemption_outcome_line")
      .values(
        judged.slice(at, at + CHUNK).map(({ line, standing, exemptionId, why }) => ({
          ...{ ...line, file_id: fileId, standing, why, exemption_id: exemptionId },
        })),
      )
      .execute();
}

/** A row of a confirmed file as it was judged then. */
export interface KeptLine extends OutcomeLine {
  readonly standing: string;
  readonly why: string;
  readonly exemptionId: string | null;
}

export async function linesOf(db: Db, fileId: string): Promise<readonly KeptLine[]> {
  const { rows } = await sql<KeptLine>`
    select row, number, application, round, unit, outcome, reason, paper, standing, why, exemption_id as "exemptionId"
      from exemption_outcome_line where file_id = ${fileId} order by row`.execute(db);
  return rows;
}

/** Every application of these tickets, the oldest first; `lock` holds them until the transaction ends. */
export async function applicationsOf(
  db: Db,
  numbers: readonly string[],
  lock: boolean,
): Promise<readonly Sent[]> {
  const wanted = sql`select id from ticket where number = any(${[...new Set(numbers)]}::text[])`;
  if (lock)
    await sql`select from exemption where ticket_id in (${wanted}) order by id for update`.execute(db);
  const { rows } = await sql<{
    id: string;
    number: string;
    round: number;
    unitNames: string[];
    state: keyof typeof STATES;
    void: boolean;
  }>`
    select x.id, t.number, x.round, x.state, r.void,
           array(select u.name union select u.short_name
                 union select a.alias from unit_alias a where a.unit_id = u.id) as "unitNames"
      from exemption x join ticket t on t.id = x.ticket_id join unit u on u.id = x.unit_id
      join result r on r.ticket_id = x.ticket_id and r.round = x.round
     where x.ticket_id in (${wanted}) order by x.id`.execute(db);
  return rows.map((row) => ({ ...row, stateZh: STATES[row.state] }));
}

export async function knownNumbers(db: Db, numbers: readonly string[]): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ number: string }>`
    select number from ticket where number = any(${[...new Set(numbers)]}::text[])`.execute(db);
  return new Set(rows.map(({ number }) => number));
}

function fileOf(row: {
  id: string;
  status: string;
  file_name: string;
  sha256: Buffer;
  shape: unknown;
  mapping: unknown;
  faults: unknown;
  created_at: Date;
  user_name: string;
  confirmed_at: Date | null;
  confirmed_name: string | null;
}): OutcomeFile {
  return {
    id: row.id,
    status: Status.parse(row.status),
    fileName: row.file_name,
    sha256: row.sha256,
    shape: LookedAt.parse(row.shape),
    mapping: Mapping.parse(row.mapping),
    faults: Faults.parse(row.faults),
    createdAt: row.created_at,
    createdBy: row.user_name,
    confirmedAt: row.confirmed_at,
    confirmedBy: row.confirmed_name,
  };
}
