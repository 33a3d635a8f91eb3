/** 视图. A named filter with its columns and order: mine, shared with the centre, or offered to a role. */

import { LIST_COLUMN_KEYS, LIST_COLUMNS, SORTS } from "@jiesu/core/ticket/listing.ts";
import { isRole, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { findQueue } from "../ticket/queues.ts";
import { ListQuery } from "../ticket/routes.ts";
import { Id, text } from "../ticket/schema.ts";
import { viewCounter } from "./view-counts.ts";

const MOST = 100;

addWordings({
  "views-full": { status: 409, zh: (r) => `视图已达 ${String(r.limit)} 个，请先删去不用的。` },
  "view-roles": { status: 422, zh: () => "按岗位共享时请选择岗位；单位岗位只能看到自己可见的工单。" },
});

const Columns = z
  .array(
    z.object({
      key: z.enum(LIST_COLUMN_KEYS),
      width: z.number().int().min(40).max(1200).optional(),
      pinned: z.enum(["left", "right"]).optional(),
    }),
  )
  .max(LIST_COLUMN_KEYS.length)
  .refine((all) => new Set(all.map((c) => c.key)).size === all.length, "同一列不能出现两次");

const RoleName = z.enum(Object.keys(ROLES).filter(isRole) as [Role, ...Role[]]);

const ViewIn = z.object({
  name: text(40).refine((s) => s.trim() !== "", "请填写视图名称"),
  sharing: z.enum(["mine", "shared", "role"]).default("mine"),
  roles: z.array(RoleName).max(16).default([]),
  /** The filters of the list, as they stand in the address; the order is `sort`. */
  filter: ListQuery.omit({ sort: true }).strict(),
  columns: Columns.default([]),
  sort: z.enum(SORTS).nullable().default(null),
  position: z.number().int().min(0).max(1000).default(0),
});
type ViewIn = z.infer<typeof ViewIn>;

const ViewOut = z.object({
  id: z.string(),
  name: z.string(),
  sharing: z.string(),
  roles: z.array(z.string()),
  filter: z.record(z.string(), z.unknown()),
  columns: z.array(z.record(z.string(), z.unknown())),
  sort: z.string().nullable(),
  position: z.number(),
  ownerName: z.string(),
  mine: z.boolean(),
});

export function viewRoutes(app: App, shell: Shell): void {
  app.get("/api/views", {
    config: { who: WORKERS },
    schema: { summary: "我能用的视图：我的、共享的、给我岗位的", response: { 200: z.array(ViewOut) } },
    handler: async (request) => {
      const actor = actorOf(request);
      const rows = await visibleViews(shell.db, actor)
        .select(["v.id", "v.name", "v.sharing", "v.roles", "v.filter", "v.columns", "v.sort", "v.position"])
        .select(["v.owner_id", "u.name as owner_name"])
        .orderBy("v.position")
        .orderBy("v.id")
        .execute();
      // A view over a queue that is not this person's would only be refused.
      return rows
        .filter((v) => queueIsMine(v.filter, actor))
        .map((v) => ({
          id: v.id,
          name: v.name,
          sharing: v.sharing,
          roles: v.roles,
          filter: Object(v.filter),
          columns: Array.isArray(v.columns) ? v.columns.map((c) => Object(c)) : [],
          sort: v.sort,
          position: v.position,
          ownerName: v.owner_name,
          mine: v.owner_id === actor.userId,
        }));
    },
  });

  const count = viewCounter(shell);
  app.get("/api/views/counts", {
    config: { who: WORKERS },
    schema: {
      summary: "我能用的视图各有多少件；more 表示不止此数，数得过久的为空",
      response: {
        200: z.array(z.object({ id: z.string(), count: z.number().nullable(), more: z.boolean() })),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const views = await visibleViews(shell.db, actor).select(["v.id", "v.filter"]).execute();
      return count(
        actor,
        views.filter((v) => queueIsMine(v.filter, actor)),
      );
    },
  });

  app.get("/api/views/columns", {
    config: { who: WORKERS },
    schema: {
      summary: "列表可选的列",
      response: { 200: z.array(z.object({ key: z.string(), zh: z.string() })) },
    },
    handler: async () => LIST_COLUMN_KEYS.map((key) => ({ key, zh: LIST_COLUMNS[key].zh })),
  });

  app.post("/api/views", {
    config: { who: WORKERS },
    schema: { summary: "保存视图", body: ViewIn, response: { 200: z.object({ id: z.string() }) } },
    handler: async (request) => {
      const actor = actorOf(request);
      checkSharing(actor, request.body);
      const { n } = await shell.db
        .selectFrom("saved_view")
        .select((eb) => eb.fn.countAll<string>().as("n"))
        .where("owner_id", "=", actor.userId)
        .executeTakeFirstOrThrow();
      if (Number(n) >= MOST) throw new Refused({ code: "views-full", limit: MOST });
      const at = new Date(shell.now());
      const row = await shell.db
        .insertInto("saved_view")
        .values({ owner_id: actor.userId, ...columnsOf(request.body), created_at: at, updated_at: at })
        .onConflict((c) => c.columns(["owner_id", "name"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      if (!row) throw new Refused({ code: "duplicate", what: "同名视图" });
      return row;
    },
  });

  app.put("/api/views/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "修改自己的视图",
      params: z.object({ id: Id }),
      body: ViewIn,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      checkSharing(actor, request.body);
      const same = await shell.db
        .selectFrom("saved_view")
        .select("id")
        .where("owner_id", "=", actor.userId)
        .where("name", "=", request.body.name.trim())
        .where("id", "!=", request.params.id)
        .executeTakeFirst();
      if (same) throw new Refused({ code: "duplicate", what: "同名视图" });
      const changed = await shell.db
        .updateTable("saved_view")
        .set({ ...columnsOf(request.body), updated_at: new Date(shell.now()) })
        .where("id", "=", request.params.id)
        .where("owner_id", "=", actor.userId)
        .executeTakeFirst();
      if (changed.numUpdatedRows === 0n) throw new Refused({ code: "not-found" });
      return { ok: true as const };
    },
  });

  app.delete("/api/views/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "删除视图（自己的；值班长也可删除共享的）",
      params: z.object({ id: Id }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const keeps = mayShare(actor);
      const gone = await shell.db
        .deleteFrom("saved_view")
        .where("id", "=", request.params.id)
        .where((eb) =>
          eb.or([eb("owner_id", "=", actor.userId), ...(keeps ? [eb("sharing", "!=", "mine")] : [])]),
        )
        .executeTakeFirst();
      if (gone.numDeletedRows === 0n) throw new Refused({ code: "not-found" });
      return { ok: true as const };
    },
  });
}

/** The views that a person may use, joined with their owners. */
function visibleViews(db: Db, actor: Actor & { readonly userId: string }) {
  const ofCentre = actor.roles.some((r) => CENTRE.includes(r));
  return db
    .selectFrom("saved_view as v")
    .innerJoin("app_user as u", "u.id", "v.owner_id")
    .where((eb) =>
      eb.or([
        eb("v.owner_id", "=", actor.userId),
        ...(ofCentre ? [eb("v.sharing", "=", "shared")] : []),
        eb.and([eb("v.sharing", "=", "role"), eb("v.roles", "&&", eb.val([...actor.roles]))]),
      ]),
    );
}

const mayShare = (actor: Actor): boolean =>
  actor.roles.some((r) => r === "shiftLead" || r === "leader" || r === "supervisor");

function checkSharing(actor: Actor, view: ViewIn): void {
  if ((view.sharing === "role") !== view.roles.length > 0) throw new Refused({ code: "view-roles" });
  if (view.sharing !== "mine" && !mayShare(actor)) throw new Refused({ code: "not-allowed" });
  if (view.sharing === "mine" && !queueIsMine(view.filter, actor)) throw new Refused({ code: "not-found" });
}

function queueIsMine(filter: unknown, actor: Actor): boolean {
  const queue: unknown = Object(filter).queue;
  return typeof queue !== "string" || findQueue(queue, actor.roles) !== null;
}

function columnsOf(view: ViewIn) {
  return {
    name: view.name.trim(),
    sharing: view.sharing,
    roles: view.roles,
    filter: JSON.stringify(view.filter),
    columns: JSON.stringify(view.columns),
    sort: view.sort,
    position: view.position,
  };
}
