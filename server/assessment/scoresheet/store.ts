/** 成绩单的存取. Sheets in their versions, the steps that were taken, and the files of published ones. */
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { SheetFigures } from "@jiesu/core/assessment/scoresheet.ts";
import type { SheetState } from "@jiesu/core/assessment/scoresheetlife.ts";
import type { SheetWords } from "@jiesu/core/assessment/scoresheetwords.ts";
import { type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../../platform/auth/actor.ts";
import type { Db } from "../../platform/db/open.ts";

export interface ScoreSheet {
  readonly id: string;
  readonly level: Level;
  readonly period: PeriodName;
  readonly version: number;
  readonly state: SheetState;
  readonly reason: string;
  readonly number: string;
  readonly figures: SheetFigures;
  readonly words: SheetWords;
  readonly edition: number;
  readonly hands: readonly string[];
  readonly draftedName: string;
  readonly draftedAt: Date;
  readonly reviewedName: string | null;
  readonly reviewedAt: Date | null;
  readonly publishedName: string | null;
  readonly publishedAt: Date | null;
  readonly provisional: boolean;
}

/** A line of the list: the sheet without what stands in it. */
export type SheetLine = Omit<ScoreSheet, "figures" | "words" | "hands"> & { readonly units: number };

/** Of every period, the latest period and version first. */
export async function listSheets(db: Db, publishedOnly: boolean): Promise<readonly SheetLine[]> {
  const which = publishedOnly ? sql`state = 'published'` : sql`true`;
  const { rows } = await sql<Omit<Row, "figures" | "words" | "hands"> & { units: number }>`
    select ${COLUMNS},
           jsonb_array_length(jsonb_path_query_array(figures::jsonb, '$.groups[*].rows[*]')) as units
      from score_sheet where ${which} order by period desc, level desc, version desc limit 500`.execute(db);
  return rows.map((row) => ({ ...row, period: periodOf(row.period) }));
}

export async function sheetOf(db: Db, id: string): Promise<ScoreSheet | null> {
  const { rows } = await sql<Row>`
    select ${COLUMNS}, figures, words, hands::text[] as hands from score_sheet where id = ${id}`.execute(db);
  const [row] = rows;
  // We wrote this text from such figures.
  return row
    ? { ...row, period: periodOf(row.period), figures: JSON.parse(row.figures) as SheetFigures }
    : null;
}

/** The sheet, held until the transaction ends. */
export async function lockSheet(tx: Db, id: string): Promise<ScoreSheet | null> {
  await tx.selectFrom("score_sheet").select("id").where("id", "=", id).forUpdate().execute();
  return sheetOf(tx, id);
}

/** The versions of a period, the latest first. */
export async function versionsOf(db: Db, level: Level, period: PeriodName) {
  return db
    .selectFrom("score_sheet")
    .select(["id", "version", "state"])
    .where("level", "=", level)
    .where("period", "=", period)
    .orderBy("version", "desc")
    .execute();
}

export interface NewSheet {
  readonly level: Level;
  readonly period: PeriodName;
  readonly version: number;
  readonly reason: string;
  readonly figures: SheetFigures;
  readonly words: SheetWords;
}

/** Null when somebody else has begun one meanwhile. */
export async function insertSheet(tx: Db, made: NewSheet, by: Actor, at: number): Promise<string | null> {
  const { level, period, version, reason, figures, words } = made;
  const row = await tx
    .insertInto("score_sheet")
    .values({
      ...{ level, period, version, reason, state: "draft" },
      figures: JSON.stringify(figures),
      words: JSON.stringify(words),
      hands: by.userId === null ? [] : [by.userId],
      drafted_name: by.name,
      drafted_at: new Date(at),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

export interface SheetChange {
  readonly state?: SheetState;
  readonly number?: string;
  readonly figures?: SheetFigures;
  readonly words?: SheetWords;
  /** Who wrote in it. */
  readonly hand?: Actor;
  readonly reviewed?: { readonly by: string; readonly at: number };
  readonly published?: { readonly by: string; readonly at: number; readonly provisional: boolean };
}

export async function updateSheet(tx: Db, id: string, change: SheetChange): Promise<void> {
  const { state, number, figures, words, hand, reviewed, published } = change;
  await tx
    .updateTable("score_sheet")
    .set({
      edition: sql`edition + 1`,
      ...(state === undefined ? {} : { state }),
      ...(number === undefined ? {} : { number }),
      ...(figures === undefined ? {} : { figures: JSON.stringify(figures) }),
      ...(words === undefined ? {} : { words: JSON.stringify(words) }),
      ...(hand?.userId
        ? { hands: sql`array(select distinct unnest(hands || ${hand.userId}::bigint) order by 1)` }
        : {}),
      ...(reviewed === undefined ? {} : { reviewed_name: reviewed.by, reviewed_at: new Date(reviewed.at) }),
      ...(published === undefined
        ? {}
        : {
            published_name: published.by,
            published_at: new Date(published.at),
            provisional: published.provisional,
          }),
    })
    .where("id", "=", id)
    .execute();
}

export interface SheetEvent {
  readonly step: string;
  readonly at: Date;
  readonly userId: string | null;
  readonly by: string;
  readonly note: string;
}

/** Answers the step's id. */
export async function addStep(
  tx: Db,
  id: string,
  step: string,
  note: string,
  by: Actor,
  at: number,
): Promise<string> {
  const row = await tx
    .insertInto("score_sheet_step")
    .values({ sheet_id: id, step, note, at: new Date(at), user_id: by.userId, user_name: by.name })
    .returning("id")
    .executeTakeFirstOrThrow();
  return row.id;
}

export async function stepsOf(db: Db, id: string): Promise<readonly SheetEvent[]> {
  return db
    .selectFrom("score_sheet_step")
    .select(["step", "at", "user_id as userId", "user_name as by", "note"])
    .where("sheet_id", "=", id)
    .orderBy("id")
    .execute();
}

export const FILE_KINDS = ["docx", "xlsx"] as const;
export type FileKind = (typeof FILE_KINDS)[number];
export interface SheetFile {
  readonly kind: FileKind;
  readonly name: string;
  readonly bytes: Buffer;
  readonly sha256: string;
}

export async function insertFile(tx: Db, id: string, file: SheetFile): Promise<void> {
  await tx
    .insertInto("score_sheet_file")
    .values({ sheet_id: id, ...file })
    .execute();
}

export async function fileOf(db: Db, id: string, kind: FileKind): Promise<Omit<SheetFile, "kind"> | null> {
  const row = await db
    .selectFrom("score_sheet_file")
    .select(["name", "bytes", "sha256"])
    .where("sheet_id", "=", id)
    .where("kind", "=", kind)
    .executeTakeFirst();
  return row ?? null;
}

/** Their digests, for the screen. */
export async function digestsOf(db: Db, id: string) {
  return db
    .selectFrom("score_sheet_file")
    .select(["kind", "name", "sha256"])
    .where("sheet_id", "=", id)
    .orderBy("kind")
    .execute();
}

type Row = Omit<ScoreSheet, "figures" | "period"> & { readonly figures: string; readonly period: string };

const COLUMNS: RawBuilder<unknown> = sql`
  id::text as id, level, period, version, state, reason, number, edition, drafted_name as "draftedName", drafted_at as "draftedAt",
  reviewed_name as "reviewedName", reviewed_at as "reviewedAt", published_name as "publishedName", published_at as "publishedAt",
  provisional`;

function periodOf(text: string): PeriodName {
  const name = parsePeriodName(text);
  if (name === null) throw new Error(`a score sheet of no period: ${text}`);
  return name;
}
