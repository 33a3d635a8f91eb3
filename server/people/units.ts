/** 承办单位. Units with their aliases, communities and categories: the district's own tables, edited on screen. */
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";

export const UNIT_KINDS = {
  street: "街道",
  town: "镇",
  bureau: "委办局",
  company: "区属企业",
  other: "其他",
} as const;

const Id = z.string().regex(/^[1-9]\d{0,17}$/);
const Name = z
  .string()
  .trim()
  .min(1, "请填写")
  .max(60)
  .refine((s) => !s.includes("\0") && s.isWellFormed(), "含有无法保存的字符");
const Kind = z.enum(["street", "town", "bureau", "company", "other"]);
const UnitOut = z.object({
  id: z.string(),
  name: z.string(),
  shortName: z.string(),
  kind: Kind,
  kindZh: z.string(),
  code: z.string().nullable(),
  validTo: z.string().nullable(),
  aliases: z.array(z.string()),
});
const Ok = z.object({ ok: z.literal(true) });

export function unitRoutes(app: App, shell: Shell): void {
  app.get("/api/units", {
    config: { who: [...WORKERS, "sysadmin"] },
    schema: {
      summary: "承办单位",
      querystring: z.object({ kind: Kind.optional(), q: z.string().max(60).optional() }),
      response: { 200: z.array(UnitOut) },
    },
    handler: async (request) => listUnits(shell.db, request.query.kind, request.query.q),
  });

  app.post("/api/units", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "新增单位",
      body: z.object({ name: Name, shortName: Name, kind: Kind }),
      response: { 200: UnitOut },
    },
    handler: async (request) => {
      const { name, shortName, kind } = request.body;
      const actor = actorOf(request);
      const id = await shell.db.transaction().execute(async (tx) => {
        await refuseTaken(tx, name);
        const row = await tx
          .insertInto("unit")
          .values({ name, short_name: shortName, kind })
          .returning("id")
          .executeTakeFirstOrThrow();
        await audit(tx, shell.now(), actor.userId, actor.name, "unit-added", { detail: { name, kind } });
        return row.id;
      });
      return oneUnit(shell.db, id);
    },
  });

  app.patch("/api/units/:id", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "修改单位",
      params: z.object({ id: Id }),
      body: z.object({
        name: Name.optional(),
        shortName: Name.optional(),
        kind: Kind.optional(),
        validTo: z.iso
          .date()
          .refine((day) => day >= "2000-01-01", "不能早于 2000-01-01")
          .nullable()
          .optional(),
      }),
      response: { 200: UnitOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { name, shortName, kind, validTo } = request.body;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        const before = await tx
          .selectFrom("unit")
          .select("name")
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (!before) throw new Refused({ code: "not-found" });
        if (name !== undefined && name !== before.name) {
          await refuseTaken(tx, name, id);
          // The old name of a unit that takes it up again is an alias no more.
          await tx.deleteFrom("unit_alias").where("alias", "=", name).where("unit_id", "=", id).execute();
          // Old files still write the old name.
          await tx
            .insertInto("unit_alias")
            .values({ alias: before.name, unit_id: id, source: "更名", created_at: new Date(shell.now()) })
            .onConflict((c) => c.doNothing())
            .execute();
        }
        const set = {
          ...(name === undefined ? {} : { name }),
          ...(shortName === undefined ? {} : { short_name: shortName }),
          ...(kind === undefined ? {} : { kind }),
          ...(validTo === undefined ? {} : { valid_to: validTo }),
        };
        if (Object.keys(set).length > 0) await tx.updateTable("unit").set(set).where("id", "=", id).execute();
        await audit(tx, shell.now(), actor.userId, actor.name, "unit-changed", {
          detail: { id, fields: Object.keys(set) },
        });
      });
      return oneUnit(shell.db, id);
    },
  });

  app.post("/api/units/:id/aliases", {
    config: { who: ["sysadmin", "triager", "shiftLead"] },
    schema: {
      summary: "添加单位别名",
      params: z.object({ id: Id }),
      body: z.object({ alias: Name }),
      response: { 200: UnitOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { alias } = request.body;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        if (!(await tx.selectFrom("unit").select("id").where("id", "=", id).executeTakeFirst()))
          throw new Refused({ code: "not-found" });
        await refuseTaken(tx, alias);
        await tx
          .insertInto("unit_alias")
          .values({ alias, unit_id: id, source: "人工", created_at: new Date(shell.now()) })
          .execute();
        await audit(tx, shell.now(), actor.userId, actor.name, "alias-added", {
          detail: { unit: id, alias },
        });
      });
      return oneUnit(shell.db, id);
    },
  });

  app.delete("/api/units/:id/aliases/:alias", {
    config: { who: ["sysadmin"] },
    schema: { summary: "删除单位别名", params: z.object({ id: Id, alias: Name }), response: { 200: Ok } },
    handler: async (request) => {
      const { id, alias } = request.params;
      const actor = actorOf(request);
      const gone = await shell.db.transaction().execute(async (tx) => {
        const done = await tx
          .deleteFrom("unit_alias")
          .where("unit_id", "=", id)
          .where("alias", "=", alias)
          .executeTakeFirst();
        if (done.numDeletedRows > 0n)
          await audit(tx, shell.now(), actor.userId, actor.name, "alias-removed", {
            detail: { unit: id, alias },
          });
        return done.numDeletedRows > 0n;
      });
      if (!gone) throw new Refused({ code: "not-found" });
      return { ok: true as const };
    },
  });

  app.get("/api/communities", {
    config: { who: WORKERS },
    schema: {
      summary: "社区（村）",
      querystring: z.object({ unit: Id.optional() }),
      response: {
        200: z.array(z.object({ code: z.string(), name: z.string(), kind: z.string(), unitId: z.string() })),
      },
    },
    handler: async (request) => {
      let query = shell.db
        .selectFrom("community")
        .select(["code", "name", "kind", "unit_id as unitId"])
        .orderBy("code");
      if (request.query.unit) query = query.where("unit_id", "=", request.query.unit);
      return query.execute();
    },
  });

  app.get("/api/categories", {
    config: { who: WORKERS },
    schema: {
      summary: "问题分类",
      response: {
        200: z.array(
          z.object({
            id: z.string(),
            level1: z.string(),
            level2: z.string(),
            level3: z.string(),
            defaultUnitId: z.string().nullable(),
            toStreet: z.boolean(),
          }),
        ),
      },
    },
    handler: async () =>
      shell.db
        .selectFrom("category")
        .select([
          "id",
          "level1",
          "level2",
          "level3",
          "default_unit_id as defaultUnitId",
          "to_street as toStreet",
        ])
        .orderBy("id")
        .execute(),
  });
}

async function listUnits(db: Db, kind?: string, q?: string, id?: string): Promise<z.infer<typeof UnitOut>[]> {
  let query = db
    .selectFrom("unit")
    .select(["id", "name", "short_name", "kind", "code", "valid_to"])
    .orderBy("kind")
    .orderBy("id");
  if (kind) query = query.where("kind", "=", kind);
  if (id) query = query.where("id", "=", id);
  const [units, aliases] = await Promise.all([
    query.execute(),
    db.selectFrom("unit_alias").select(["alias", "unit_id"]).orderBy("alias").execute(),
  ]);
  const byUnit = Map.groupBy(aliases, (a) => a.unit_id);
  const rows = units.map((u) => {
    const parsed = Kind.parse(u.kind);
    return {
      id: u.id,
      name: u.name,
      shortName: u.short_name,
      kind: parsed,
      kindZh: UNIT_KINDS[parsed],
      code: u.code,
      validTo: u.valid_to,
      aliases: (byUnit.get(u.id) ?? []).map((a) => a.alias),
    };
  });
  return q ? rows.filter((u) => [u.name, u.shortName, ...u.aliases].some((n) => n.includes(q))) : rows;
}

async function oneUnit(db: Db, id: string): Promise<z.infer<typeof UnitOut>> {
  const [unit] = await listUnits(db, undefined, undefined, id);
  if (!unit) throw new Refused({ code: "not-found" });
  return unit;
}

/** One word names one unit: as name or as alias; `except` may take up a name that it had before. */
async function refuseTaken(tx: Db, name: string, except = "0"): Promise<void> {
  const unit = await tx.selectFrom("unit").select("id").where("name", "=", name).executeTakeFirst();
  const alias = await tx
    .selectFrom("unit_alias")
    .select("unit_id")
    .where("alias", "=", name)
    .where("unit_id", "!=", except)
    .executeTakeFirst();
  if (unit || alias) throw new Refused({ code: "duplicate", what: `单位名称或别名“${name}”` });
}
