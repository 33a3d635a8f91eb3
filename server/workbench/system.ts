/** 系统状态. What the three administrators see at home: whether work goes on, what was saved, who tried to get in. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { DAY_MS, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import { Instant } from "../ticket/schema.ts";

export const SystemOut = z.object({
  /** How late the timers are, in minutes; 0 while the worker keeps up. */
  behindMinutes: z.number().int(),
  databaseBytes: z.number().int(),
  /** Notices of the last seven days that did not arrive outside, or of which nobody knows. */
  undelivered: z.number().int(),
  backup: z.object({ at: Instant, rows: z.number().int(), by: z.string() }).nullable(),
  imports: z.array(
    z.object({
      id: z.string(),
      fileName: z.string(),
      status: z.string(),
      created: z.number().int(),
      updated: z.number().int(),
      rejected: z.number().int(),
      at: Instant,
    }),
  ),
  people: z.object({ active: z.number().int(), locked: z.number().int(), signedIn: z.number().int() }),
  today: z.object({ signInsRefused: z.number().int(), reveals: z.number().int(), entries: z.number().int() }),
});

const UNDELIVERED_DAYS = 7;
const ADMINS: readonly Role[] = ["sysadmin", "secadmin", "auditadmin"];

/** Null for everybody but the administrators. Names of files are for the system administrator alone. */
export async function systemState(
  db: Db,
  roles: readonly Role[],
  now: number,
): Promise<z.infer<typeof SystemOut> | null> {
  if (!roles.some((role) => ADMINS.includes(role))) return null;
  const imports = roles.includes("sysadmin") ? await lastImports(db) : [];
  const today = new Date(startOfDay(dayOf(now)));
  const { rows } = await sql<{
    late: Date | null;
    bytes: string;
    undelivered: number;
    active: string;
    locked: string;
    signed_in: string;
    refused: string;
    reveals: string;
    entries: string;
  }>`
    select (select min(fire_at) from timer where fired_at is null) as late,
           pg_database_size(current_database())::text as bytes,
           (select count(*)::int from delivery where state in ('dead', 'unknown')
              and made_at >= ${new Date(now - UNDELIVERED_DAYS * DAY_MS)}) as undelivered,
           (select count(*) from app_user where active)::text as active,
           (select count(*) from app_user where locked_until > ${new Date(now)})::text as locked,
           (select count(distinct user_id) from session where expires_at > ${new Date(now)})::text as signed_in,
           (select count(*) from audit where at >= ${today} and what = 'sign-in-refused')::text as refused,
           (select count(*) from audit where at >= ${today} and what = 'reveal')::text as reveals,
           (select count(*) from audit where at >= ${today})::text as entries`.execute(db);
  const [row] = rows;
  const late = row?.late ? now - row.late.getTime() : 0;
  return {
    behindMinutes: Math.max(0, Math.floor(late / 60_000)),
    databaseBytes: Number(row?.bytes ?? 0),
    undelivered: row?.undelivered ?? 0,
    backup: await lastBackup(db),
    imports,
    people: {
      active: Number(row?.active ?? 0),
      locked: Number(row?.locked ?? 0),
      signedIn: Number(row?.signed_in ?? 0),
    },
    today: {
      signInsRefused: Number(row?.refused ?? 0),
      reveals: Number(row?.reveals ?? 0),
      entries: Number(row?.entries ?? 0),
    },
  };
}

async function lastBackup(db: Db) {
  const row = await db
    .selectFrom("audit")
    .select(["at", "detail", "user_name"])
    .where("what", "=", "backup")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const count: unknown = Object(row.detail).rows;
  return { at: row.at.toISOString(), rows: typeof count === "number" ? count : 0, by: row.user_name };
}

async function lastImports(db: Db) {
  const rows = await db
    .selectFrom("import_batch")
    .select(["id", "file_name", "status", "created", "updated", "rejected", "created_at"])
    .orderBy("created_at", "desc")
    .orderBy("id", "desc")
    .limit(5)
    .execute();
  return rows.map((b) => ({
    id: b.id,
    fileName: b.file_name,
    status: b.status,
    created: b.created,
    updated: b.updated,
    rejected: b.rejected,
    at: b.created_at.toISOString(),
  }));
}
