/** 演示区. Haidian's units 承办单位, communities 社区（村） and categories 问题分类, read from rules/ and put into the ledger. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Db } from "@jiesu/server/platform/db/open.ts";
import { z } from "zod";

const RULES = join(import.meta.dirname, "..", "rules");

const UnitsFile = z.object({
  name: z.string(),
  from: z.string(),
  source: z.string().min(1),
  units: z.array(
    z.object({
      name: z.string(),
      shortName: z.string(),
      kind: z.enum(["street", "town", "bureau", "company"]),
      code: z.string().optional(),
      aliases: z.array(z.string()),
      communities: z
        .array(z.object({ code: z.string(), name: z.string(), kind: z.enum(["社区", "村", "其他"]) }))
        .default([]),
    }),
  ),
});

const TaxonomyFile = z.object({
  name: z.string(),
  from: z.string(),
  source: z.string().min(1),
  categories: z.array(
    z.object({
      level1: z.string(),
      level2: z.string(),
      level3: z.string(),
      unit: z.string().optional(),
      toStreet: z.boolean().default(false),
    }),
  ),
});

export type UnitFact = z.infer<typeof UnitsFile>["units"][number];
export type CommunityFact = UnitFact["communities"][number];
export type CategoryFact = z.infer<typeof TaxonomyFile>["categories"][number];

export interface District {
  readonly source: string;
  readonly units: readonly UnitFact[];
  readonly categories: readonly CategoryFact[];
}

/** The district as the files have it. Throws when a file is not what it should be: they are ours. */
export function readDistrict(): District {
  const units = UnitsFile.parse(readJson("units/haidian.json"));
  const taxonomy = TaxonomyFile.parse(readJson("taxonomy/haidian-demo.json"));
  return { source: units.name, units: units.units, categories: taxonomy.categories };
}

/** How many rows each table gained. */
export interface Loaded {
  readonly units: number;
  readonly aliases: number;
  readonly communities: number;
  readonly categories: number;
}

/**
 * Puts the district into the ledger; what is there already stays as the centre has edited it, so a second call adds
 * nothing. A unit is the same one by its code, or by its name where it has none.
 */
export function loadDistrict(db: Db, now: number, district: District = readDistrict()): Promise<Loaded> {
  return db.transaction().execute(async (tx) => {
    const before = await unitIds(tx, district);
    const missing = district.units.filter((u) => !before.has(u.name));
    if (missing.length > 0) {
      await tx
        .insertInto("unit")
        .values(
          missing.map((u) => ({
            name: u.name,
            short_name: u.shortName,
            kind: u.kind,
            code: u.code ?? null,
          })),
        )
        .execute();
    }
    const ids = await unitIds(tx, district);
    const idOf = (name: string): string => {
      const id = ids.get(name);
      if (id === undefined) throw new Error(`the district has no unit ${name}`);
      return id;
    };
    const at = new Date(now);
    const aliases = await tx
      .insertInto("unit_alias")
      .values(
        district.units.flatMap((u) =>
          u.aliases.map((alias) => ({
            alias,
            unit_id: idOf(u.name),
            source: district.source,
            created_at: at,
          })),
        ),
      )
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow();
    const communities = await tx
      .insertInto("community")
      .values(district.units.flatMap((u) => u.communities.map((c) => ({ ...c, unit_id: idOf(u.name) }))))
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow();
    const categories = await tx
      .insertInto("category")
      .values(
        district.categories.map((c) => ({
          level1: c.level1,
          level2: c.level2,
          level3: c.level3,
          default_unit_id: c.unit === undefined ? null : idOf(c.unit),
          to_street: c.toStreet,
        })),
      )
      .onConflict((c) => c.doNothing())
      .executeTakeFirstOrThrow();
    return {
      units: missing.length,
      aliases: Number(aliases.numInsertedOrUpdatedRows ?? 0n),
      communities: Number(communities.numInsertedOrUpdatedRows ?? 0n),
      categories: Number(categories.numInsertedOrUpdatedRows ?? 0n),
    };
  });
}

/** The ledger's id of each unit of the district, by the district's name of it; units not there are absent. */
export async function unitIds(db: Db, district: District): Promise<Map<string, string>> {
  const rows = await db.selectFrom("unit").select(["id", "name", "code"]).execute();
  const byCode = new Map(rows.flatMap((r) => (r.code === null ? [] : [[r.code, r.id] as const])));
  const byName = new Map(rows.map((r) => [r.name, r.id]));
  const found = new Map<string, string>();
  for (const unit of district.units) {
    const id = (unit.code === undefined ? undefined : byCode.get(unit.code)) ?? byName.get(unit.name);
    if (id !== undefined) found.set(unit.name, id);
  }
  return found;
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(RULES, file), "utf8"));
}
