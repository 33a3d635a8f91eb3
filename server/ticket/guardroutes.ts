/** 办前检查与复核放行接口. The checks before they stop anything, the asking, the second person's list, figures, the rules. */
import { GUARDED, isGuarded } from "@jiesu/core/guard/checklist.ts";
import { SECOND } from "@jiesu/core/guard/override.ts";
import { targetOf } from "@jiesu/core/ticket/lifecycle.ts";
import { isState } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import { checklistOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { digestOf, lookAtMove } from "./guard.ts";
import { inScope } from "./list.ts";
import { askOverride, decideOverride, dropOverride, listOverrides, OverrideOut } from "./override.ts";
import { Id, Instant, text } from "./schema.ts";

export const LookedOut = z.object({
  key: z.string(),
  name: z.string(),
  ok: z.boolean(),
  severity: z.enum(["stops", "warns"]),
  said: z.string(),
  remedy: z.string(),
  field: z.string().nullable(),
  move: z.string().nullable(),
});
export const GuardOut = z.object({
  list: z.string(),
  checks: z.array(LookedOut),
  /** The asking that waits or was granted and still holds for these words. */
  override: OverrideOut.nullable(),
});
const MoveStep = z.enum(["applyWithdraw", "passReview", "approveClosing"]);
export const Why = text(2000).refine((s) => s.trim().length >= 4, "请写明放行理由");
const Of = z.object({ id: Id });
const Input = z.record(z.string(), z.unknown()).default({});
const Ok = z.object({ ok: z.literal(true) });
const StatLine = z.object({
  ...{ key: z.string(), name: z.string(), asked: z.number(), confirmed: z.number(), refused: z.number() },
  used: z.number(),
});

export function guardRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/:id/guard/:step", {
    config: { who: WORKERS },
    schema: {
      summary: "办前检查：按所填内容逐项检查，不改动工单",
      params: z.object({ id: Id, step: MoveStep }),
      body: z.object({ input: Input }),
      response: { 200: GuardOut.nullable() },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, step } = request.params;
      await mustSee(shell.db, actor, id);
      const look = await lookAtMove(shell.db, shell, id, step, request.body.input, shell.now());
      if (!look) return null;
      const filter = { ticketId: id, step, subject: "", open: true };
      const [override] = await listOverrides(shell.db, actor.userId, filter, 1, shell.now());
      return { list: look.list.name, checks: [...look.looked], override: override ?? null };
    },
  });

  app.post("/api/tickets/:id/guard/:step/override", {
    config: { who: WORKERS },
    schema: {
      summary: "申请复核放行：检查未通过而确需办理的，说明理由，由另一人复核",
      params: z.object({ id: Id, step: MoveStep }),
      body: z.object({ input: Input, reason: Why }),
      response: { 200: OverrideOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, step } = request.params;
      const { state } = await mustSee(shell.db, actor, id);
      if (!isState(state) || !actor.roles.some((role) => targetOf(role, state, step) !== null))
        throw new Refused({ code: "wrong-role", move: step, moveZh: GUARDED[step] });
      const now = shell.now();
      const made = await shell.db.transaction().execute(async (tx) => {
        const look = await lookAtMove(tx, shell, id, step, request.body.input, now);
        if (!look) throw new Refused({ code: "override-nothing" });
        const { words } = look.facts;
        return askOverride(
          tx,
          actor,
          { ticketId: id, step, subject: "" },
          { looked: look.looked, list: look.list.name, words, digest: digestOf(words) },
          { reason: request.body.reason, hours: look.list.body.overrideHours },
          now,
        );
      });
      return one(shell, actor, made);
    },
  });

  app.get("/api/overrides", {
    config: { who: CENTRE },
    schema: {
      summary: "复核放行清单：待复核的，或全部",
      querystring: z.object({
        open: z.enum(["true", "false"]).default("true"),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: {
        200: z.object({ rows: z.array(OverrideOut), next: z.string().nullable(), second: z.boolean() }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { open, after, limit } = request.query;
      const filter = { waiting: open === "true", ...(after === undefined ? {} : { before: after }) };
      const found = await listOverrides(shell.db, actor.userId, filter, limit + 1, shell.now());
      const rows = found.slice(0, limit);
      const next = found.length > limit ? (rows.at(-1)?.id ?? null) : null;
      return { rows, next, second: actor.roles.some((role) => SECOND.includes(role)) };
    },
  });

  app.post("/api/overrides/:id/decide", {
    config: { who: SECOND },
    schema: {
      summary: "复核：放行或不放行（须非申请人）",
      params: Of,
      body: z.object({ granted: z.boolean(), opinion: text(2000).default("") }),
      response: { 200: Ok },
    },
    handler: async (request) => {
      const { granted, opinion } = request.body;
      if (!granted && opinion.trim() === "")
        throw new Refused({ code: "field-missing", field: "opinion", fieldZh: "不放行的理由" });
      await decideOverride(shell.db, actorOf(request), request.params.id, granted, opinion, shell.now());
      return { ok: true as const };
    },
  });

  app.post("/api/overrides/:id/drop", {
    config: { who: WORKERS },
    schema: { summary: "撤回放行申请（申请人）", params: Of, response: { 200: Ok } },
    handler: async (request) => {
      await dropOverride(shell.db, actorOf(request), request.params.id, shell.now());
      return { ok: true as const };
    },
  });

  app.get("/api/overrides/statistics", {
    config: { who: CENTRE },
    schema: {
      summary: "放行统计：按检查项、申请人或复核人",
      querystring: z.object({
        by: z.enum(["check", "asker", "second"]).default("check"),
        from: Instant.optional(),
        to: Instant.optional(),
      }),
      response: { 200: z.array(StatLine) },
    },
    handler: async (request) => {
      const { by, from, to } = request.query;
      const since = from === undefined ? new Date(0) : new Date(from);
      const until = to === undefined ? new Date(shell.now() + 1) : new Date(to);
      const { rows } = await statistics(shell.db, by, since, until);
      return rows.map((row) => ({ ...row }));
    },
  });

  app.get("/api/guards", {
    config: { who: [...WORKERS, "sysadmin", "secadmin", "auditadmin"] },
    schema: {
      summary: "现行的办前检查清单与依据",
      response: {
        200: z
          .object({
            ...{ name: z.string(), from: z.string(), source: z.string(), overrideHours: z.number() },
            ...{
              windowHours: z.number(),
              grounds: z.array(z.object({ name: z.string(), evidence: z.string(), required: z.boolean() })),
            },
            checks: z.array(
              z.object({
                ...{ key: z.string(), name: z.string(), reads: z.string(), remedy: z.string() },
                steps: z.array(
                  z.object({ step: z.string(), zh: z.string(), severity: z.enum(["stops", "warns"]) }),
                ),
              }),
            ),
          })
          .nullable(),
      },
    },
    handler: async () => {
      const list = checklistOn(shell.rules, shell.now());
      if (!list) return null;
      const { name, from, source, body } = list;
      return {
        ...{ name, from, source, overrideHours: body.overrideHours, windowHours: body.withdraw.windowHours },
        grounds: body.withdraw.grounds.map(({ name: zh, evidence, required }) => ({
          name: zh,
          evidence,
          required,
        })),
        checks: body.checks.map(({ key, name: zh, reads, remedy, steps }) => ({
          ...{ key, name: zh, reads, remedy },
          steps: Object.entries(steps).flatMap(([step, severity]) =>
            isGuarded(step) ? [{ step, zh: GUARDED[step], severity }] : [],
          ),
        })),
      };
    },
  });
}

/** One override as this person sees it. */
export async function one(shell: Shell, actor: Actor, id: string): Promise<OverrideOut> {
  const next = String(BigInt(id) + 1n);
  const [row] = await listOverrides(shell.db, actor.userId, { before: next }, 1, shell.now());
  if (row?.id !== id) throw new Refused({ code: "not-found" });
  return row;
}

async function mustSee(db: Db, actor: Actor, id: string) {
  const row = await db
    .selectFrom("ticket as t")
    .select("t.state")
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "not-found" });
  return row;
}

function statistics(db: Db, by: "check" | "asker" | "second", since: Date, until: Date) {
  const split = by === "check" ? sql`cross join lateral jsonb_array_elements(o.stops) s` : sql``;
  const key =
    by === "check"
      ? sql`s ->> 'key'`
      : by === "asker"
        ? sql`o.asked_by::text`
        : sql`coalesce(o.decided_by::text, '')`;
  const name =
    by === "check"
      ? sql`max(s ->> 'name')`
      : by === "asker"
        ? sql`max(o.asked_name)`
        : sql`coalesce(max(o.decided_name), '尚未复核')`;
  return sql<z.infer<typeof StatLine>>`
    select ${key} as key, ${name} as name, count(*)::int as asked,
           count(*) filter (where o.state in ('confirmed', 'used') or (o.state in ('expired', 'dropped') and o.decided_by is not null))::int as confirmed,
           count(*) filter (where o.state = 'refused')::int as refused,
           count(*) filter (where o.state = 'used')::int as used
      from guard_override o ${split}
     where o.asked_at >= ${since} and o.asked_at < ${until}
     group by 1 order by 3 desc, 1`.execute(db);
}
