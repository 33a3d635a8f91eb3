/** 加减分的存取. Points as they were drafted, each with what became of it; nothing here is ever changed. */
import type { AdjustmentState } from "@jiesu/core/assessment/adjusting.ts";
import type { AdjustmentKind, Given } from "@jiesu/core/assessment/adjustment.ts";
import { parseDecimal, ZERO } from "@jiesu/core/assessment/fraction.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export interface Adjustment {
  readonly id: string;
  readonly level: Level;
  readonly period: string;
  readonly unitId: string;
  readonly unitName: string;
  readonly item: string;
  readonly itemName: string;
  readonly kind: AdjustmentKind;
  /** "0.500000", without a sign. */
  readonly points: string;
  readonly rules: string;
  readonly reason: string;
  readonly evidence: string;
  readonly link: string;
  readonly at: Date;
  readonly byUser: string | null;
  readonly byName: string;
  readonly state: AdjustmentState;
  readonly steps: readonly AdjustmentStepRow[];
}

export interface AdjustmentStepRow {
  readonly state: AdjustmentState;
  readonly reason: string;
  readonly late: boolean;
  readonly at: string;
  readonly byName: string;
  readonly byUser: string | null;
}

export interface Wanted {
  readonly level?: Level | undefined;
  readonly period?: string | undefined;
  readonly unitId?: string | undefined;
  readonly states?: readonly AdjustmentState[] | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** The latest first. */
export async function listAdjustments(db: Db, wanted: Wanted, limit = 1000): Promise<readonly Adjustment[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (wanted.level !== undefined) conditions.push(sql`a.level = ${wanted.level}`);
  if (wanted.period !== undefined) conditions.push(sql`a.period = ${wanted.period}`);
  if (wanted.unitId !== undefined) conditions.push(sql`a.unit_id = ${wanted.unitId}`);
  if (wanted.ids !== undefined) conditions.push(sql`a.id = any(${wanted.ids}::bigint[])`);
  if (wanted.states !== undefined) conditions.push(sql`${STATE} = any(${wanted.states}::text[])`);
  const { rows } = await sql<Adjustment>`
    select a.id, a.level, a.period, a.unit_id as "unitId", u.short_name as "unitName", a.item, a.item_name as "itemName", a.kind,
           a.points::text as points, a.rules, a.reason, a.evidence, a.link, a.at, a.by_user as "byUser", a.by_name as "byName",
           ${STATE} as state,
           coalesce((select jsonb_agg(jsonb_build_object('state', s.state, 'reason', s.reason, 'late', s.late, 'at', s.at,
                                                         'byName', s.by_name, 'byUser', s.by_user::text) order by s.at, s.state)
                       from adjustment_step s where s.adjustment_id = a.id), '[]') as steps
      from adjustment a join unit u on u.id = a.unit_id
     where ${sql.join(conditions, sql` and `)}
     order by a.id desc limit ${limit}`.execute(db);
  return rows;
}

/** Where the last step led; revoked comes after approved, and no other two can stand together. */
const STATE = sql<AdjustmentState>`
  coalesce((select s.state from adjustment_step s where s.adjustment_id = a.id order by s.state = 'revoked' desc limit 1), 'proposed')`;

/** What is approved by unit; null for a period leaves them all out. */
export async function givenIn(
  db: Db,
  level: Level,
  period: string,
): Promise<ReadonlyMap<string, readonly Given[]>> {
  const { rows } = await sql<{ id: string; unitId: string; item: string; points: string }>`
    select a.id, a.unit_id as "unitId", a.item, a.points::text as points from adjustment a
     where a.level = ${level} and a.period = ${period} and ${STATE} = 'approved' order by a.id`.execute(db);
  return Map.groupBy(
    rows.map((row) => ({ ...row, points: pointsRead(row.points) })),
    ({ unitId }) => unitId,
  );
}

/** Points out of a numeric column. */
export const pointsRead = (text: string) => parseDecimal(text) ?? ZERO;

/** One, held until the transaction ends: two leaders do not decide on it at once. */
export async function lockAdjustment(tx: Db, id: string): Promise<Adjustment | null> {
  const { rows } = await sql`select 1 from adjustment where id = ${id} for update`.execute(tx);
  if (rows.length === 0) return null;
  const [found] = await listAdjustments(tx, { ids: [id] });
  return found ?? null;
}

/** Nobody else gives points to this unit in this period until the transaction ends: the caps are of all of them together. */
export async function lockUnitPeriod(tx: Db, level: Level, period: string, unitId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`adjustment ${level} ${period} ${unitId}`}, 0))`.execute(
    tx,
  );
}

export interface Drafted {
  readonly level: Level;
  readonly period: string;
  readonly unitId: string;
  readonly item: string;
  readonly itemName: string;
  readonly kind: AdjustmentKind;
  readonly points: string;
  readonly rules: string;
  readonly reason: string;
  readonly evidence: string;
  readonly link: string;
  readonly key: string;
}

export interface Signature {
  readonly at: Date;
  readonly byUser: string | null;
  readonly byName: string;
}

/** Its id; null when this key has drafted one already. */
export async function insertAdjustment(tx: Db, drafted: Drafted, by: Signature): Promise<string | null> {
  const row = await tx
    .insertInto("adjustment")
    .values({
      level: drafted.level,
      period: drafted.period,
      unit_id: drafted.unitId,
      item: drafted.item,
      item_name: drafted.itemName,
      kind: drafted.kind,
      points: drafted.points,
      rules: drafted.rules,
      reason: drafted.reason,
      evidence: drafted.evidence,
      link: drafted.link,
      key: drafted.key,
      at: by.at,
      by_user: by.byUser,
      by_name: by.byName,
    })
    .onConflict((conflict) => conflict.column("key").doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function insertStep(
  tx: Db,
  id: string,
  step: { readonly state: AdjustmentState; readonly reason: string; readonly late: boolean },
  by: Signature,
): Promise<void> {
  await tx
    .insertInto("adjustment_step")
    .values({
      adjustment_id: id,
      state: step.state,
      reason: step.reason,
      late: step.late,
      at: by.at,
      by_user: by.byUser,
      by_name: by.byName,
    })
    .execute();
}

/** The id that a key has drafted; null for none. */
export async function draftedBy(tx: Db, key: string, userId: string | null): Promise<string | null> {
  const row = await tx
    .selectFrom("adjustment")
    .select("id")
    .where("key", "=", key)
    .where("by_user", "=", userId)
    .executeTakeFirst();
  return row?.id ?? null;
}
