/** 问题分类与社区. The district's own tables of matters and places, each row with the days on which it is valid. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { changesOf, DayText, Id, line, Name, VersionNumber } from "./shape.ts";

const CategoryOut = z.object({
  id: z.string(),
  level1: z.string(),
  level2: z.string(),
  level3: z.string(),
  code: z.string().nullable(),
  defaultUnitId: z.string().nullable(),
  toStreet: z.boolean(),
  validFrom: z.string(),
  validTo: z.string().nullable(),
  source: z.string(),
  version: z.number(),
});
const CommunityOut = z.object({ code: z.string(), name: z.string(), kind: z.string(), unitId: z.string() });
const Written = z.object({
  level1: Name,
  level2: line(60).default(""),
  level3: line(60).default(""),
  code: line(40).nullable().default(null),
  defaultUnitId: Id.nullable().default(null),
  toStreet: z.boolean().default(false),
  validFrom: DayText.optional(),
  validTo: DayText.nullable().default(null),
  source: line(200).default(""),
});

export function categoryRoutes(app: App, shell: Shell): void {
  app.get("/api/categories", {
    config: { who: [...WORKERS, "sysadmin"] },
    schema: {
      summary: "问题分类（all=1 时含未启用和已停用的）",
      querystring: z.object({ all: z.literal("1").optional() }),
      response: { 200: z.array(CategoryOut) },
    },
    handler: async (request) => listCategories(shell.db, request.query.all ? null : dayOf(shell.now())),
  });

  app.post("/api/categories", {
    config: { who: ["sysadmin"] },
    schema: { summary: "新增问题分类", body: Written, response: { 200: CategoryOut } },
    handler: async (request) => {
      const actor = actorOf(request);
      const { body } = request;
      const id = await shell.db.transaction().execute(async (tx) => {
        await checkCategory(tx, null, body);
        const row = await tx
          .insertInto("category")
          .values({ ...columnsOf(body), valid_from: body.validFrom ?? dayOf(shell.now()) })
          .returning("id")
          .executeTakeFirstOrThrow();
        await audit(tx, shell.now(), actor.userId, actor.name, "category-added", {
          detail: { id: row.id, name: nameOf(body), source: body.source },
        });
        return row.id;
      });
      return oneCategory(shell.db, id);
    },
  });

  app.put("/api/categories/:id", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "修改、更名或停用问题分类（已有工单保留原分类文字）",
      params: z.object({ id: Id }),
      body: Written.extend({ version: VersionNumber }),
      response: { 200: CategoryOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { version, ...body } = request.body;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        const row = await tx
          .selectFrom("category")
          .selectAll()
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (!row) throw new Refused({ code: "not-found" });
        if (row.version !== version)
          throw new Refused({ code: "changed-meanwhile", what: `分类“${nameOf(row)}”` });
        await checkCategory(tx, id, body);
        const before = categoryOf(row);
        const changes = changesOf(before, { ...body, validFrom: body.validFrom ?? before.validFrom });
        if (changes.length === 0) return;
        await tx
          .updateTable("category")
          .set({ ...columnsOf(body), valid_from: body.validFrom ?? before.validFrom, version: version + 1 })
          .where("id", "=", id)
          .execute();
        await audit(tx, shell.now(), actor.userId, actor.name, "category-changed", {
          detail: { id, name: nameOf(row), changes },
        });
      });
      return oneCategory(shell.db, id);
    },
  });

  app.get("/api/communities", {
    config: { who: [...WORKERS, "sysadmin"] },
    schema: {
      summary: "社区（村）",
      querystring: z.object({ unit: Id.optional() }),
      response: { 200: z.array(CommunityOut) },
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

  app.put("/api/communities/:code", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "新增或修改社区（村）及其所属街镇",
      params: z.object({ code: line(40).refine((s) => s !== "", "请填写") }),
      body: z.object({ name: Name, kind: z.enum(["社区", "村", "其他"]), unitId: Id }),
      response: { 200: CommunityOut },
    },
    handler: async (request) => {
      const { code } = request.params;
      const { name, kind, unitId } = request.body;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        await checkUnit(tx, unitId);
        const before = await tx
          .selectFrom("community")
          .selectAll()
          .where("code", "=", code)
          .forUpdate()
          .executeTakeFirst();
        const changes = changesOf(
          { name: before?.name, kind: before?.kind, unitId: before?.unit_id },
          { name, kind, unitId },
        );
        if (changes.length === 0) return;
        await tx
          .insertInto("community")
          .values({ code, name, kind, unit_id: unitId })
          .onConflict((c) => c.column("code").doUpdateSet({ name, kind, unit_id: unitId }))
          .execute();
        await audit(
          tx,
          shell.now(),
          actor.userId,
          actor.name,
          before ? "community-changed" : "community-added",
          {
            detail: { id: code, name, changes },
          },
        );
      });
      return { code, name, kind, unitId };
    },
  });
}

type Row = Awaited<ReturnType<typeof rowsOf>>[number];
type Body = Omit<z.infer<typeof Written>, "validFrom">;

const rowsOf = (db: Db) => db.selectFrom("category").selectAll().orderBy("id").execute();

async function listCategories(db: Db, on: string | null): Promise<z.infer<typeof CategoryOut>[]> {
  const rows = await rowsOf(db);
  return rows
    .filter((r) => on === null || (r.valid_from <= on && (r.valid_to === null || r.valid_to >= on)))
    .map(categoryOf);
}

async function oneCategory(db: Db, id: string): Promise<z.infer<typeof CategoryOut>> {
  const row = await db.selectFrom("category").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
  return categoryOf(row);
}

const categoryOf = (r: Row): z.infer<typeof CategoryOut> => ({
  id: r.id,
  level1: r.level1,
  level2: r.level2,
  level3: r.level3,
  code: r.code,
  defaultUnitId: r.default_unit_id,
  toStreet: r.to_street,
  validFrom: r.valid_from,
  validTo: r.valid_to,
  source: r.source,
  version: r.version,
});

const columnsOf = (body: Body) => ({
  level1: body.level1,
  level2: body.level2,
  level3: body.level3,
  code: body.code || null,
  default_unit_id: body.defaultUnitId,
  to_street: body.toStreet,
  valid_to: body.validTo,
  source: body.source,
});

async function checkCategory(
  tx: Db,
  id: string | null,
  body: Body & { readonly validFrom?: string | undefined },
): Promise<void> {
  if (body.level3 !== "" && body.level2 === "")
    throw new Refused({ code: "bad-input", message: "填写三级分类前请先填写二级分类" });
  if (body.toStreet && body.defaultUnitId !== null)
    throw new Refused({ code: "bad-input", message: "“属地街镇办理”与默认承办单位只能选一项" });
  if (body.validTo !== null && body.validFrom !== undefined && body.validTo < body.validFrom)
    throw new Refused({ code: "bad-input", message: "停用日期不能早于启用日期" });
  if (body.defaultUnitId !== null) await checkUnit(tx, body.defaultUnitId);
  const same = await tx
    .selectFrom("category")
    .select("id")
    .where("level1", "=", body.level1)
    .where("level2", "=", body.level2)
    .where("level3", "=", body.level3)
    .executeTakeFirst();
  if (same && same.id !== id) throw new Refused({ code: "duplicate", what: `分类“${nameOf(body)}”` });
  if (!body.code) return;
  const coded = await tx.selectFrom("category").select("id").where("code", "=", body.code).executeTakeFirst();
  if (coded && coded.id !== id) throw new Refused({ code: "duplicate", what: `分类代码“${body.code}”` });
}

async function checkUnit(tx: Db, id: string): Promise<void> {
  const unit = await tx.selectFrom("unit").select("id").where("id", "=", id).executeTakeFirst();
  if (!unit) throw new Refused({ code: "unit-unknown" });
}

const nameOf = (c: { readonly level1: string; readonly level2: string; readonly level3: string }): string =>
  [c.level1, c.level2, c.level3].filter((level) => level !== "").join(" / ");
