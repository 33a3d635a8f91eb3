/** 单位名册. Finds the unit that a file means by a name: the full name, the short one, an alias, or one of them bare. */
import type { Day } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export interface UnitBook {
  /**
   * Null when the district has no such unit, or two that the name could mean. A unit that was merged is followed to the
   * one that took it over, from the day of the merger on: a row of an earlier day still means the old unit.
   */
  find(name: string, on?: Day): string | null;
}

export async function readUnitBook(db: Db): Promise<UnitBook> {
  const units = await db
    .selectFrom("unit")
    .select(["id", "name", "short_name", "merged_into", "merged_from"])
    .orderBy("id")
    .execute();
  const aliases = await db.selectFrom("unit_alias").select(["alias", "unit_id"]).execute();
  const exact = new Map<string, string>();
  const bare = new Map<string, string | null>();
  const learn = (name: string, id: string): void => {
    const key = wordOf(name);
    if (key === "") return;
    if (!exact.has(key)) exact.set(key, id);
    const short = bareOf(key);
    bare.set(short, bare.has(short) && bare.get(short) !== id ? null : id);
  };
  // An alias was given by a person: it goes before names that only resemble.
  for (const a of aliases) learn(a.alias, a.unit_id);
  for (const u of units) {
    learn(u.name, u.id);
    for (const short of u.short_name.split("/")) learn(short, u.id);
  }
  const merged = new Map(
    units.flatMap((u) =>
      u.merged_into === null || u.merged_from === null
        ? []
        : [[u.id, { into: u.merged_into, from: u.merged_from }] as const],
    ),
  );
  const heirOf = (id: string, on: Day | undefined): string => {
    const merger = merged.get(id);
    return merger && (on === undefined || on >= merger.from) ? heirOf(merger.into, on) : id;
  };
  return {
    find(name, on) {
      const key = wordOf(name);
      const id = exact.get(key) ?? bare.get(bareOf(key)) ?? null;
      return id === null ? null : heirOf(id, on);
    },
  };
}

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

const wordOf = (name: string): string => name.normalize("NFKC").replace(/\s+/g, "");

/** 北京市海淀区四季青镇人民政府 → 四季青镇. */
function bareOf(name: string): string {
  const bare = name
    .replace(/^(?:北京市?)?(?:海淀区)?(?:人民政府)?/, "")
    .replace(/(?:人民政府|政府|办事处)$/, "");
  return bare.length >= 2 ? bare : name;
}
