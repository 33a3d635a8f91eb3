/** 单位台账. Units with their names, mergers and where each is used; the rule that one word names one unit. */
import type { Day } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { openWorkOf } from "../ticket/succession.ts";

export const UNIT_KINDS = {
  street: "街道",
  town: "镇",
  bureau: "委办局",
  company: "区属企业",
  other: "其他",
} as const;

export const Kind = z.enum(["street", "town", "bureau", "company", "other"]);
const Named = z.object({ id: z.string(), name: z.string() });

export const UnitOut = z.object({
  id: z.string(),
  name: z.string(),
  shortName: z.string(),
  kind: Kind,
  kindZh: z.string(),
  code: z.string().nullable(),
  parentId: z.string().nullable(),
  contact: z.string(),
  phone: z.string(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
  mergedInto: Named.nullable(),
  mergedFrom: z.string().nullable(),
  version: z.number(),
  aliases: z.array(z.string()),
  /** Names of units that were merged into this one: a file that writes them means this unit. */
  inherited: z.array(z.object({ name: z.string(), of: z.string() })),
});
export type Unit = z.infer<typeof UnitOut>;

export const UnitFull = UnitOut.extend({
  names: z.array(
    z.object({
      from: z.string(),
      name: z.string(),
      shortName: z.string(),
      source: z.string(),
      userName: z.string(),
      pending: z.boolean(),
    }),
  ),
  communities: z.array(z.object({ code: z.string(), name: z.string(), kind: z.string() })),
  used: z.object({
    open: z.number(),
    tickets: z.array(
      z.object({ id: z.string(), number: z.string(), stateZh: z.string(), part: z.enum(["lead", "co"]) }),
    ),
    users: z.array(z.object({ id: z.string(), login: z.string(), name: z.string(), active: z.boolean() })),
    categories: z.array(z.string()),
    children: z.array(Named),
    merged: z.array(Named.extend({ from: z.string() })),
    applications: z.number(),
  }),
});

export async function listUnits(db: Db, kind?: string, q?: string, id?: string): Promise<Unit[]> {
  const [units, aliases] = await Promise.all([
    db.selectFrom("unit").selectAll().orderBy("kind").orderBy("id").execute(),
    db.selectFrom("unit_alias").select(["alias", "unit_id"]).orderBy("alias").execute(),
  ]);
  const byUnit = Map.groupBy(aliases, (a) => a.unit_id);
  const aliasesOf = (unitId: string): string[] => (byUnit.get(unitId) ?? []).map((a) => a.alias);
  const nameOf = new Map(units.map((u) => [u.id, u.name]));
  const mergedInto = Map.groupBy(
    units.filter((u) => u.merged_into !== null),
    (u) => u.merged_into,
  );
  const inheritedOf = (unitId: string): Unit["inherited"] =>
    (mergedInto.get(unitId) ?? []).flatMap((gone) => [
      ...[gone.name, ...aliasesOf(gone.id)].map((name) => ({ name, of: gone.name })),
      ...inheritedOf(gone.id),
    ]);
  return units
    .filter((u) => (id === undefined || u.id === id) && (kind === undefined || u.kind === kind))
    .map((u) => {
      const parsed = Kind.parse(u.kind);
      return {
        id: u.id,
        name: u.name,
        shortName: u.short_name,
        kind: parsed,
        kindZh: UNIT_KINDS[parsed],
        code: u.code,
        parentId: u.parent_id,
        contact: u.contact,
        phone: u.phone,
        validFrom: u.valid_from,
        validTo: u.valid_to,
        mergedInto: u.merged_into ? { id: u.merged_into, name: nameOf.get(u.merged_into) ?? "" } : null,
        mergedFrom: u.merged_from,
        version: u.version,
        aliases: aliasesOf(u.id),
        inherited: inheritedOf(u.id),
      };
    })
    .filter((u) => !q || [u.name, u.shortName, ...u.aliases].some((name) => name.includes(q)));
}

export async function oneUnit(db: Db, id: string): Promise<Unit> {
  const [unit] = await listUnits(db, undefined, undefined, id);
  if (!unit) throw new Refused({ code: "not-found" });
  return unit;
}

/** A unit whole: its names through time, its communities, and everything that still points to it. */
export async function fullUnit(db: Db, id: string): Promise<z.infer<typeof UnitFull>> {
  const unit = await oneUnit(db, id);
  const [names, communities, work, users, categories, children, merged, applications] = await Promise.all([
    db.selectFrom("unit_name").selectAll().where("unit_id", "=", id).orderBy("from_day", "desc").execute(),
    db
      .selectFrom("community")
      .select(["code", "name", "kind"])
      .where("unit_id", "=", id)
      .orderBy("code")
      .execute(),
    openWorkOf(db, id),
    db
      .selectFrom("app_user")
      .select(["id", "login", "name", "active"])
      .where("unit_id", "=", id)
      .orderBy("active", "desc")
      .orderBy("id")
      .execute(),
    db
      .selectFrom("category")
      .select(["level1", "level2", "level3"])
      .where("default_unit_id", "=", id)
      .orderBy("id")
      .execute(),
    db.selectFrom("unit").select(["id", "name"]).where("parent_id", "=", id).orderBy("id").execute(),
    db
      .selectFrom("unit")
      .select(["id", "name", "merged_from"])
      .where("merged_into", "=", id)
      .orderBy("merged_from", "desc")
      .execute(),
    applicationsOf(db, id),
  ]);
  return {
    ...unit,
    names: names.map((n) => ({
      from: n.from_day,
      name: n.name,
      shortName: n.short_name,
      source: n.source,
      userName: n.user_name,
      pending: n.applied_at === null,
    })),
    communities,
    used: {
      open: work.total,
      tickets: [...work.tickets],
      users,
      categories: categories.map((c) => [c.level1, c.level2, c.level3].filter((l) => l !== "").join(" / ")),
      children,
      merged: merged.map((m) => ({ id: m.id, name: m.name, from: m.merged_from ?? "" })),
      applications,
    },
  };
}

/** Applications for exemption or shelving that are under way in the unit's name. */
export async function applicationsOf(db: Db, unitId: string): Promise<number> {
  const count = (table: "exemption" | "shelving", states: readonly string[]) =>
    db
      .selectFrom(table)
      .select((eb) => eb.fn.countAll<string>().as("n"))
      .where("unit_id", "=", unitId)
      .where("state", "in", states)
      .executeTakeFirstOrThrow();
  const [exempting, shelving] = await Promise.all([
    count("exemption", ["applied", "returned", "passed", "sent"]),
    count("shelving", ["applied"]),
  ]);
  return Number(exempting.n) + Number(shelving.n);
}

/** One word names one unit: as name, as a name to come, or as alias; `except` may take up a name that it had before. */
export async function refuseTaken(tx: Db, name: string, except = "0"): Promise<void> {
  const [unit, coming, alias] = [
    await tx.selectFrom("unit").select("id").where("name", "=", name).executeTakeFirst(),
    await tx
      .selectFrom("unit_name")
      .select("unit_id")
      .where("name", "=", name)
      .where("applied_at", "is", null)
      .where("unit_id", "!=", except)
      .executeTakeFirst(),
    await tx
      .selectFrom("unit_alias")
      .select("unit_id")
      .where("alias", "=", name)
      .where("unit_id", "!=", except)
      .executeTakeFirst(),
  ];
  if (unit || coming || alias) throw new Refused({ code: "duplicate", what: `单位名称或别名“${name}”` });
}

/** Locks a unit that an administrator changes; refuses when his screen showed an older version of it. */
export async function lockUnit(tx: Db, id: string, seen: number | undefined) {
  const unit = await tx.selectFrom("unit").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();
  if (!unit) throw new Refused({ code: "not-found" });
  if (seen !== undefined && seen !== unit.version)
    throw new Refused({ code: "changed-meanwhile", what: `单位“${unit.name}”` });
  return unit;
}

/** Who changes what stands under what holds the tree: two changes at once could else close a circle. */
export async function lockUnitTree(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('unit.tree'))`.execute(tx);
}

export const isClosedOn = (unit: { readonly valid_to: string | null }, on: Day): boolean =>
  unit.valid_to !== null && unit.valid_to < on;
