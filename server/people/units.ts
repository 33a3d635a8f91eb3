/** 承办单位. Units with their names, aliases and mergers: the district's own table, edited on screen. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { openWorkOf } from "../ticket/succession.ts";
import { changesOf, DayText, Id, line, Name, VersionNumber } from "./shape.ts";
import {
  fullUnit,
  Kind,
  listUnits,
  lockUnit,
  lockUnitTree,
  oneUnit,
  refuseTaken,
  UnitFull,
  UnitOut,
} from "./unitbook.ts";
import { leftWords, mergeUnit } from "./unitmerge.ts";
import { dropComingName, renameUnit } from "./unitnames.ts";

/** Who sees a unit whole, with its accounts and what it has open. */
const KEEPERS: readonly Role[] = ["sysadmin", "secadmin", "triager", "shiftLead", "leader"];
const ByUnit = z.object({ id: Id });
const Fields = {
  shortName: Name,
  kind: Kind,
  code: line(40).nullable(),
  parentId: Id.nullable(),
  contact: line(60),
  phone: line(40),
};

export function unitRoutes(app: App, shell: Shell): void {
  app.get("/api/units", {
    config: { who: [...WORKERS, "sysadmin", "secadmin"] },
    schema: {
      summary: "承办单位",
      querystring: z.object({ kind: Kind.optional(), q: z.string().max(60).optional() }),
      response: { 200: z.array(UnitOut) },
    },
    handler: async (request) => listUnits(shell.db, request.query.kind, request.query.q),
  });

  app.get("/api/units/:id", {
    config: { who: KEEPERS },
    schema: { summary: "一个单位的沿革、社区和使用情况", params: ByUnit, response: { 200: UnitFull } },
    handler: async (request) => fullUnit(shell.db, request.params.id),
  });

  app.post("/api/units", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "新增单位",
      body: z.object({
        name: Name,
        shortName: Name,
        kind: Kind,
        code: Fields.code.optional(),
        parentId: Fields.parentId.optional(),
        contact: Fields.contact.default(""),
        phone: Fields.phone.default(""),
        validFrom: DayText.optional(),
      }),
      response: { 200: UnitOut },
    },
    handler: async (request) => {
      const { name, shortName, kind, parentId = null, contact, phone, validFrom } = request.body;
      const code = request.body.code || null;
      const actor = actorOf(request);
      const id = await shell.db.transaction().execute(async (tx) => {
        await refuseTaken(tx, name);
        await checkPlace(tx, null, { code, parentId });
        const row = await tx
          .insertInto("unit")
          .values({
            ...{ name, short_name: shortName, kind, code, parent_id: parentId, contact, phone },
            ...(validFrom === undefined ? {} : { valid_from: validFrom }),
          })
          .returning("id")
          .executeTakeFirstOrThrow();
        await audit(tx, shell.now(), actor.userId, actor.name, "unit-added", {
          detail: { id: row.id, name, kind },
        });
        return row.id;
      });
      return oneUnit(shell.db, id);
    },
  });

  app.patch("/api/units/:id", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "修改单位",
      params: ByUnit,
      body: z.object({
        name: Name.optional(),
        shortName: Fields.shortName.optional(),
        kind: Fields.kind.optional(),
        code: Fields.code.optional(),
        parentId: Fields.parentId.optional(),
        contact: Fields.contact.optional(),
        phone: Fields.phone.optional(),
        validTo: DayText.nullable().optional(),
        version: VersionNumber.optional(),
      }),
      response: { 200: UnitOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { name, version, ...fields } = request.body;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        if (fields.parentId) await lockUnitTree(tx);
        const unit = await lockUnit(tx, id, version);
        await changeFields(
          tx,
          shell.now(),
          unit,
          { ...fields, code: fields.code === "" ? null : fields.code },
          actor,
        );
        if (name === undefined || name === unit.name) return;
        const from = dayOf(shell.now());
        const shortName = fields.shortName ?? unit.short_name;
        await renameUnit(tx, shell.now(), id, { name, shortName, from, source: "更名" }, actor);
      });
      return oneUnit(shell.db, id);
    },
  });

  app.post("/api/units/:id/rename", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "单位更名（可自未来日期起）",
      params: ByUnit,
      body: z.object({
        name: Name,
        shortName: Name.optional(),
        from: DayText,
        source: Name,
        version: VersionNumber,
      }),
      response: { 200: UnitFull },
    },
    handler: async (request) => {
      const { id } = request.params;
      const actor = actorOf(request);
      await shell.db.transaction().execute((tx) => renameUnit(tx, shell.now(), id, request.body, actor));
      return fullUnit(shell.db, id);
    },
  });

  app.delete("/api/units/:id/rename", {
    config: { who: ["sysadmin"] },
    schema: { summary: "撤销尚未生效的更名", params: ByUnit, response: { 200: UnitFull } },
    handler: async (request) => {
      const { id } = request.params;
      const actor = actorOf(request);
      await shell.db.transaction().execute((tx) => dropComingName(tx, shell.now(), id, actor));
      return fullUnit(shell.db, id);
    },
  });

  app.post("/api/units/:id/merge", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "单位撤并（在办工单和账号须一并移交，否则退回并列出）",
      params: ByUnit,
      body: z.object({
        into: Id,
        from: DayText,
        source: Name,
        moveWork: z.boolean().default(false),
        version: VersionNumber,
      }),
      response: { 200: z.object({ tickets: z.number(), users: z.number() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      return shell.db.transaction().execute((tx) => mergeUnit(tx, shell.now(), id, request.body, actor));
    },
  });
}

type Changes = {
  readonly shortName?: string | undefined;
  readonly kind?: string | undefined;
  readonly code?: string | null | undefined;
  readonly parentId?: string | null | undefined;
  readonly contact?: string | undefined;
  readonly phone?: string | undefined;
  readonly validTo?: string | null | undefined;
};

async function changeFields(
  tx: Db,
  now: number,
  unit: Awaited<ReturnType<typeof lockUnit>>,
  to: Changes,
  by: { readonly userId: string; readonly name: string },
): Promise<void> {
  const before = {
    shortName: unit.short_name,
    kind: unit.kind,
    code: unit.code,
    parentId: unit.parent_id,
    contact: unit.contact,
    phone: unit.phone,
    validTo: unit.valid_to,
  };
  const changes = changesOf(before, to);
  if (changes.length === 0) return;
  await checkPlace(tx, unit.id, to);
  if (to.validTo) await checkEnd(tx, unit, to.validTo, dayOf(now));
  if (to.validTo !== undefined && unit.merged_into !== null)
    throw new Refused({ code: "unit-merge", message: "该单位已撤并，有效期由撤并日期决定。" });
  await tx
    .updateTable("unit")
    .set({
      version: unit.version + 1,
      ...(to.shortName === undefined ? {} : { short_name: to.shortName }),
      ...(to.kind === undefined ? {} : { kind: to.kind }),
      ...(to.code === undefined ? {} : { code: to.code }),
      ...(to.parentId === undefined ? {} : { parent_id: to.parentId }),
      ...(to.contact === undefined ? {} : { contact: to.contact }),
      ...(to.phone === undefined ? {} : { phone: to.phone }),
      ...(to.validTo === undefined ? {} : { valid_to: to.validTo }),
    })
    .where("id", "=", unit.id)
    .execute();
  await audit(tx, now, by.userId, by.name, "unit-changed", {
    detail: { id: unit.id, name: unit.name, changes },
  });
}

/** A code names one unit; a parent exists and is not below the unit itself. */
async function checkPlace(tx: Db, id: string | null, to: Changes): Promise<void> {
  if (to.code) {
    const other = await tx.selectFrom("unit").select("id").where("code", "=", to.code).executeTakeFirst();
    if (other && other.id !== id) throw new Refused({ code: "duplicate", what: `单位代码“${to.code}”` });
  }
  for (let up: string | null = to.parentId ?? null; up !== null; ) {
    if (up === id) throw new Refused({ code: "bad-input", message: "上级单位不能是本单位或其下级" });
    const above: { parent_id: string | null } | undefined = await tx
      .selectFrom("unit")
      .select("parent_id")
      .where("id", "=", up)
      .executeTakeFirst();
    if (!above) throw new Refused({ code: "unit-unknown" });
    up = above.parent_id;
  }
}

/** 停用: a unit that ends before today may have nothing open and nobody who signs in for it. */
async function checkEnd(
  tx: Db,
  unit: { readonly id: string; readonly valid_from: string },
  validTo: string,
  today: string,
): Promise<void> {
  if (validTo < unit.valid_from)
    throw new Refused({ code: "bad-input", message: `有效期至不能早于启用日期 ${unit.valid_from}` });
  if (validTo >= today) return;
  const work = await openWorkOf(tx, unit.id);
  if (work.total > 0)
    throw new Refused({
      code: "unit-has-work",
      left: leftWords(work.total, 0),
      open: work.total,
      tickets: work.tickets,
    });
}
