/** 单位名册的增补. Units and aliases that a file brings, where the person who imports it asked for them. */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

/**
 * Adds units that a file names and the district lacks, of kind "other"; answers how many. The short name is the full
 * one without the city's.
 */
export async function addUnits(tx: Db, names: readonly string[]): Promise<number> {
  if (names.length === 0) return 0;
  const added = await tx
    .insertInto("unit")
    .values(names.map((name) => ({ name, short_name: name.replace(/^北京市(?=.{2})/, ""), kind: "other" })))
    .onConflict((c) => c.column("name").doNothing())
    .returning("id")
    .execute();
  return added.length;
}

/**
 * Gives a unit another name to be found by. False where the word already means another unit: by a name that it has or
 * will have, or by an alias that an administrator gave; what an earlier import learned may be learned anew.
 */
export async function addAlias(tx: Db, alias: string, unitId: string, now: number): Promise<boolean> {
  const { rows } = await sql<{ unit_id: string }>`
    select id as unit_id from unit where name = ${alias} or short_name = ${alias}
    union select unit_id from unit_name where name = ${alias} and applied_at is null
    union select unit_id from unit_alias where alias = ${alias} and source <> ${LEARNED}`.execute(tx);
  if (rows.length > 0) return rows.some((row) => row.unit_id === unitId);
  await tx
    .insertInto("unit_alias")
    .values({ alias, unit_id: unitId, source: LEARNED, created_at: new Date(now) })
    .onConflict((c) => c.column("alias").doUpdateSet({ unit_id: unitId, source: LEARNED }))
    .execute();
  return true;
}

const LEARNED = "导入";
