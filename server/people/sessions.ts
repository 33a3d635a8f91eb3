/** 会话. Who is signed in where, for the administrators and for oneself; one can be ended, or all of a person's. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { isRole, ROLES } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import { audit, endSession, endSessionsOf, IDLE_MS } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { Id } from "./shape.ts";

const ADMINS: readonly Role[] = ["sysadmin", "secadmin"];
const SessionOut = z.object({
  id: z.string(),
  user: z.object({
    id: z.string(),
    login: z.string(),
    name: z.string(),
    rolesZh: z.array(z.string()),
    unit: z.string(),
  }),
  device: z.string(),
  address: z.string(),
  since: z.iso.datetime(),
  lastUse: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** The very session that asks. */
  mine: z.boolean(),
});
const ById = z.object({ id: Id });
const Ok = z.object({ ok: z.literal(true) });

export function peopleSessionRoutes(app: App, shell: Shell): void {
  app.get("/api/sessions", {
    config: { who: ADMINS },
    schema: { summary: "谁在线：登录的设备与时间", response: { 200: z.array(SessionOut) } },
    handler: async (request) => live(shell, request.session?.id ?? ""),
  });

  app.delete("/api/sessions/:id", {
    config: { who: ADMINS },
    schema: { summary: "结束一个登录", params: ById, response: { 200: Ok } },
    handler: async (request) => {
      await end(shell, request.params.id, null, actorOf(request));
      return { ok: true as const };
    },
  });

  app.post("/api/users/:id/sign-out", {
    config: { who: ADMINS },
    schema: {
      summary: "结束一个账号的全部登录",
      params: ById,
      response: { 200: z.object({ ended: z.number() }) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const actor = actorOf(request);
      return shell.db.transaction().execute(async (tx) => {
        const user = await tx.selectFrom("app_user").select("login").where("id", "=", id).executeTakeFirst();
        if (!user) throw new Refused({ code: "not-found" });
        const ended = await endSessionsOf(tx, id);
        if (ended > 0)
          await audit(tx, shell.now(), actor.userId, actor.name, "sessions-ended", {
            detail: { user: user.login, rows: ended },
          });
        return { ended };
      });
    },
  });

  app.get("/api/me/sessions", {
    config: { who: "signedIn" },
    schema: { summary: "我的登录", response: { 200: z.array(SessionOut) } },
    handler: async (request) => live(shell, request.session?.id ?? "", actorOf(request).userId),
  });

  app.delete("/api/me/sessions/:id", {
    config: { who: "signedIn" },
    schema: { summary: "结束自己的一个登录", params: ById, response: { 200: Ok } },
    handler: async (request) => {
      const actor = actorOf(request);
      await end(shell, request.params.id, actor.userId, actor);
      return { ok: true as const };
    },
  });
}

async function live(shell: Shell, own: string, userId?: string): Promise<z.infer<typeof SessionOut>[]> {
  const now = shell.now();
  let query = shell.db
    .selectFrom("session as s")
    .innerJoin("app_user as u", "u.id", "s.user_id")
    .leftJoin("unit as n", "n.id", "u.unit_id")
    .select(["s.id", "s.device", "s.address", "s.created_at", "s.last_seen_at", "s.expires_at"])
    .select(["u.id as user_id", "u.login", "u.name", "u.roles", "n.short_name"])
    .where("u.active", "=", true)
    .where("s.expires_at", ">", new Date(now))
    .where("s.last_seen_at", ">", new Date(now - IDLE_MS))
    .orderBy("s.last_seen_at", "desc")
    .orderBy("s.id", "desc");
  if (userId !== undefined) query = query.where("s.user_id", "=", userId);
  const rows = await query.execute();
  return rows.map((r) => ({
    id: r.id,
    user: {
      id: r.user_id,
      login: r.login,
      name: r.name,
      rolesZh: r.roles.filter(isRole).map((role) => ROLES[role].zh),
      unit: r.short_name ?? "",
    },
    device: r.device,
    address: r.address,
    since: r.created_at.toISOString(),
    lastUse: r.last_seen_at.toISOString(),
    expiresAt: r.expires_at.toISOString(),
    mine: r.id === own,
  }));
}

/** Ends a session; of `owner` alone when one is given: another's is not found. */
async function end(
  shell: Shell,
  id: string,
  owner: string | null,
  by: { readonly userId: string; readonly name: string },
): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const row = await tx
      .selectFrom("session as s")
      .innerJoin("app_user as u", "u.id", "s.user_id")
      .select(["u.id", "u.login", "s.device"])
      .where("s.id", "=", id)
      .executeTakeFirst();
    if (!row || (owner !== null && row.id !== owner) || !(await endSession(tx, id)))
      throw new Refused({ code: "not-found" });
    await audit(tx, shell.now(), by.userId, by.name, "session-ended", {
      detail: { user: row.login, device: row.device },
    });
  });
}
