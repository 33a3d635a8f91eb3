/** 市级结果文件的存取. Files by period, kind and version, and the lines that each brought. */

import { CITY_FILE_KINDS, type CityFileKind } from "@jiesu/core/cityresult/layout.ts";
import type { CityLine, Stated } from "@jiesu/core/cityresult/line.ts";
import { STATED } from "@jiesu/core/cityresult/line.ts";
import type { UnitLine } from "@jiesu/core/cityresult/unitline.ts";
import { type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../../platform/auth/actor.ts";
import type { Db } from "../../platform/db/open.ts";
import { LookedAt } from "../../platform/tables/look.ts";

const Mapping = z.record(z.string(), z.string());
export type Mapping = z.infer<typeof Mapping>;
const Refusals = z.array(
  z.object({ row: z.number(), column: z.string(), value: z.string(), why: z.string() }),
);
export type Refusals = z.infer<typeof Refusals>;
const Status = z.enum(["uploaded", "confirmed", "withdrawn", "cancelled"]);

export interface CityFile {
  readonly id: string;
  readonly period: PeriodName;
  readonly kind: CityFileKind;
  readonly layout: string;
  readonly status: z.infer<typeof Status>;
  readonly version: number | null;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly shape: LookedAt;
  readonly mapping: Mapping;
  readonly stated: readonly Stated[];
  readonly rows: number;
  readonly refused: Refusals;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly confirmedAt: Date | null;
  readonly confirmedBy: string | null;
  readonly withdrawnAt: Date | null;
  readonly withdrawnBy: string | null;
  readonly withdrawnWhy: string;
}

export interface NewFile {
  readonly period: PeriodName;
  readonly kind: CityFileKind;
  readonly layout: string;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly shape: LookedAt;
  readonly mapping: Mapping;
}

export async function addFile(db: Db, file: NewFile, actor: Actor, now: number): Promise<string> {
  const { id } = await db
    .insertInto("city_file")
    .values({
      period: file.period,
      kind: file.kind,
      layout: file.layout,
      status: "uploaded",
      file_name: file.fileName,
      sha256: file.sha256,
      shape: JSON.stringify(file.shape),
      mapping: JSON.stringify(file.mapping),
      created_at: new Date(now),
      user_id: actor.userId,
      user_name: actor.name,
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function readFile(db: Db, id: string): Promise<CityFile | null> {
  const row = await db.selectFrom("city_file").selectAll().where("id", "=", id).executeTakeFirst();
  return row ? fileOf(row) : null;
}

/** Every file of a period, or of all, the newest first; what was given up is left out. */
export async function listFiles(db: Db, period?: PeriodName): Promise<readonly CityFile[]> {
  let query = db.selectFrom("city_file").selectAll().where("status", "!=", "cancelled").orderBy("id", "desc");
  if (period !== undefined) query = query.where("period", "=", period);
  return (await query.execute()).map(fileOf);
}

/** The file in force: the latest version that was not withdrawn. */
export async function fileInForce(db: Db, period: PeriodName, kind: CityFileKind): Promise<CityFile | null> {
  const row = await db
    .selectFrom("city_file")
    .selectAll()
    .where("period", "=", period)
    .where("kind", "=", kind)
    .where("status", "=", "confirmed")
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? fileOf(row) : null;
}

/** What a person last confirmed for a file of the same kind with the same header; null when nobody has. */
export async function earlierMapping(db: Db, kind: CityFileKind, signature: string): Promise<Mapping | null> {
  const row = await db
    .selectFrom("city_file")
    .select("mapping")
    .where("kind", "=", kind)
    .where("version", "is not", null)
    .where(sql<string>`shape ->> 'signature'`, "=", signature)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? Mapping.parse(row.mapping) : null;
}

/** Another header, sheet or kind of a file that is only looked at. False when it is not only looked at any more. */
export async function reshapeFile(
  db: Db,
  id: string,
  to: {
    readonly shape: LookedAt;
    readonly kind: CityFileKind;
    readonly layout: string;
    readonly mapping: Mapping;
  },
): Promise<boolean> {
  const done = await db
    .updateTable("city_file")
    .set({
      shape: JSON.stringify(to.shape),
      kind: to.kind,
      layout: to.layout,
      mapping: JSON.stringify(to.mapping),
    })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** One confirmation of a period and kind at a time: the second finds what the first has done. */
export async function lockVersions(tx: Db, period: PeriodName, kind: CityFileKind): Promise<void> {
  const what = `city-file ${period} ${kind}`;
  await sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`.execute(tx);
}

/** Confirms a file as the next version; false when it is not only looked at any more. */
export async function confirmFile(
  tx: Db,
  file: CityFile,
  to: {
    readonly mapping: Mapping;
    readonly stated: readonly Stated[];
    readonly rows: number;
    readonly refused: Refusals;
  },
  actor: Actor,
  now: number,
): Promise<boolean> {
  const done = await tx
    .updateTable("city_file")
    .set({
      status: "confirmed",
      version: sql<number>`(select coalesce(max(v.version), 0) + 1 from city_file v
        where v.period = ${file.period} and v.kind = ${file.kind})`,
      mapping: JSON.stringify(to.mapping),
      stated: [...to.stated],
      rows: to.rows,
      refused: JSON.stringify(to.refused),
      confirmed_at: new Date(now),
      confirmed_name: actor.name,
    })
    .where("id", "=", file.id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function withdrawFile(
  tx: Db,
  id: string,
  why: string,
  actor: Actor,
  now: number,
): Promise<boolean> {
  const done = await tx
    .updateTable("city_file")
    .set({
      status: "withdrawn",
      withdrawn_at: new Date(now),
      withdrawn_name: actor.name,
      withdrawn_why: why,
    })
    .where("id", "=", id)
    .where("status", "=", "confirmed")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function cancelFile(db: Db, id: string): Promise<boolean> {
  const done = await db
    .updateTable("city_file")
    .set({ status: "cancelled" })
    .where("id", "=", id)
    .where("status", "=", "uploaded")
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

/** SHA-256 in hex of every file that was not given up: its bytes have to stay. */
export async function keptDigests(db: Db): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom("city_file")
    .select(sql<string>`encode(sha256, 'hex')`.as("sha256"))
    .where("status", "!=", "cancelled")
    .execute();
  return new Set(rows.map((row) => row.sha256));
}

/** Lines of a confirmed file, each with the key that it keeps through corrected files. */
export interface KeyedLine extends CityLine {
  readonly key: string;
}

const CHUNK = 5000;

export async function addLines(tx: Db, fileId: string, lines: readonly KeyedLine[]): Promise<void> {
  for (let at = 0; at < lines.length; at += CHUNK) {
    const rows = lines.slice(at, at + CHUNK).map(({ dispatchedAt, ...line }) => ({
      ...line,
      dispatched_at: dispatchedAt === null ? null : new Date(dispatchedAt).toISOString(),
    }));
    await sql`
      insert into city_line (file_id, row, key, number, round, dispatched_at, unit, scope, valid, contacted, solved, satisfied, ground, note)
      select ${fileId}, l.* from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        as l(row int, key text, number text, round smallint, dispatched_at timestamptz, unit text, scope text, valid boolean,
             contacted text, solved text, satisfied text, ground text, note text)`.execute(tx);
  }
}

export async function addUnitLines(tx: Db, fileId: string, lines: readonly UnitLine[]): Promise<void> {
  for (let at = 0; at < lines.length; at += CHUNK)
    await tx
      .insertInto("city_unit_line")
      .values(
        lines.slice(at, at + CHUNK).map((line) => ({
          file_id: fileId,
          row: line.row,
          unit: line.unit,
          unit_group: line.group,
          tickets: line.tickets,
          base: line.base,
          response: line.responseRate,
          solution: line.solutionRate,
          satisfaction: line.satisfactionRate,
          score: line.score,
          rank: line.rank,
        })),
      )
      .execute();
}

export async function unitLinesOf(db: Db, fileId: string): Promise<readonly UnitLine[]> {
  const rows = await db
    .selectFrom("city_unit_line")
    .selectAll()
    .where("file_id", "=", fileId)
    .orderBy("row")
    .execute();
  return rows.map((row) => ({
    row: row.row,
    unit: row.unit,
    group: row.unit_group,
    tickets: row.tickets,
    base: row.base,
    responseRate: row.response,
    solutionRate: row.solution,
    satisfactionRate: row.satisfaction,
    score: row.score,
    rank: row.rank,
  }));
}

function fileOf(row: {
  id: string;
  period: string;
  kind: string;
  layout: string;
  status: string;
  version: number | null;
  file_name: string;
  sha256: Buffer;
  shape: unknown;
  mapping: unknown;
  stated: string[];
  rows: number;
  refused: unknown;
  created_at: Date;
  user_name: string;
  confirmed_at: Date | null;
  confirmed_name: string | null;
  withdrawn_at: Date | null;
  withdrawn_name: string | null;
  withdrawn_why: string;
}): CityFile {
  const period = parsePeriodName(row.period);
  const kind = CITY_FILE_KINDS.find((each) => each === row.kind);
  if (period === null || kind === undefined)
    throw new Error(`city file ${row.id} has no such period or kind`);
  return {
    id: row.id,
    period,
    kind,
    layout: row.layout,
    status: Status.parse(row.status),
    version: row.version,
    fileName: row.file_name,
    sha256: row.sha256,
    shape: LookedAt.parse(row.shape),
    mapping: Mapping.parse(row.mapping),
    stated: STATED.filter((what) => row.stated.includes(what)),
    rows: row.rows,
    refused: Refusals.parse(row.refused),
    createdAt: row.created_at,
    createdBy: row.user_name,
    confirmedAt: row.confirmed_at,
    confirmedBy: row.confirmed_name,
    withdrawnAt: row.withdrawn_at,
    withdrawnBy: row.withdrawn_name,
    withdrawnWhy: row.withdrawn_why,
  };
}
