/** 地名缓存. The gazetteer of the district's units and communities, built again only when one of their names has changed. */
import type { Day } from "@jiesu/core/time/day.ts";
import { buildGazetteer, type Gazetteer, type PlaceSettings } from "@jiesu/core/triage/gazetteer.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

interface Kept {
  readonly key: string;
  readonly gazetteer: Gazetteer;
}
const kept = new WeakMap<Db, Kept>();

/** Names of the units valid on that day. Every call compares a digest of the three small tables, so an edit shows at once. */
export async function gazetteerOf(db: Db, settings: PlaceSettings, on: Day): Promise<Gazetteer> {
  const key = `${on} ${JSON.stringify(settings)} ${await digest(db)}`;
  const before = kept.get(db);
  if (before?.key === key) return before.gazetteer;
  const gazetteer = await read(db, settings, on);
  kept.set(db, { key, gazetteer });
  return gazetteer;
}

async function digest(db: Db): Promise<string> {
  const { rows } = await sql<{ digest: string }>`
    select concat(
      (select md5(string_agg(concat_ws('|', id, name, short_name, kind, valid_from, valid_to, merged_into), '/' order by id)) from unit), ' ',
      (select md5(string_agg(concat_ws('|', alias, unit_id), '/' order by alias)) from unit_alias), ' ',
      (select md5(string_agg(concat_ws('|', code, name, unit_id), '/' order by code)) from community)
    ) as digest`.execute(db);
  return rows[0]?.digest ?? "";
}

async function read(db: Db, settings: PlaceSettings, on: Day): Promise<Gazetteer> {
  const [merged, units, aliases, communities] = await Promise.all([
    db
      .selectFrom("unit")
      .select(["id", "name", "merged_into"])
      .where("merged_into", "is not", null)
      .where("merged_from", "<=", on)
      .execute(),
    db
      .selectFrom("unit")
      .select(["id", "name", "short_name", "kind"])
      .where("valid_from", "<=", on)
      .where((eb) => eb.or([eb("valid_to", "is", null), eb("valid_to", ">=", on)]))
      .orderBy("id")
      .execute(),
    db.selectFrom("unit_alias").select(["alias", "unit_id"]).orderBy("alias").execute(),
    db.selectFrom("community").select(["code", "name", "unit_id"]).orderBy("code").execute(),
  ]);
  // The names of a unit that was merged mean the one that took it over.
  const heirs = new Map(merged.flatMap((m) => (m.merged_into === null ? [] : [[m.id, m.merged_into]])));
  const heirOf = (id: string): string => {
    const heir = heirs.get(id);
    return heir === undefined ? id : heirOf(heir);
  };
  const names = [...aliases, ...merged.map((m) => ({ alias: m.name, unit_id: m.id }))];
  const byUnit = Map.groupBy(names, (a) => heirOf(a.unit_id));
  return buildGazetteer(
    units.map((u) => ({
      id: u.id,
      name: u.name,
      shortName: u.short_name,
      kind: u.kind,
      aliases: (byUnit.get(u.id) ?? []).map((a) => a.alias),
    })),
    communities.map((c) => ({ code: c.code, name: c.name, unitId: c.unit_id })),
    settings,
  );
}
