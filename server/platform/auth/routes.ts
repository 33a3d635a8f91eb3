/** 登录、退出、修改自己的密码. */
import { ALL_ROLES, ROLES } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import { Refused } from "../errors.ts";
import { type App, actorOf, COOKIE } from "../http/app.ts";
import type { Shell } from "../shell.ts";
import { deviceOf } from "./device.ts";
import { hashPassword, isStrong, verifyPassword } from "./password.ts";
import { audit, endSessionsOf, type Session, signIn, signOut } from "./sessions.ts";

const Me = z.object({
  login: z.string(),
  name: z.string(),
  roles: z.array(z.object({ role: z.enum(ALL_ROLES as [string, ...string[]]), zh: z.string() })),
  unit: z.object({ id: z.string(), name: z.string() }).nullable(),
  csrf: z.string(),
  expiresAt: z.iso.datetime(),
  /** When the session ends unless it is used before. */
  idleAt: z.iso.datetime(),
});

export function sessionRoutes(app: App, shell: Shell): void {
  const meOf = async (session: Session): Promise<z.infer<typeof Me>> => {
    const { actor } = session;
    const unit = actor.unitId
      ? await shell.db
          .selectFrom("unit")
          .select(["id", "short_name"])
          .where("id", "=", actor.unitId)
          .executeTakeFirst()
      : undefined;
    return {
      login: session.login,
      name: actor.name,
      roles: actor.roles.map((role) => ({ role, zh: ROLES[role].zh })),
      unit: unit ? { id: unit.id, name: unit.short_name } : null,
      csrf: session.csrf,
      expiresAt: new Date(session.expiresAt).toISOString(),
      idleAt: new Date(session.idleAt).toISOString(),
    };
  };

  app.post("/api/session", {
    config: { who: "public", rateLimit: { max: 30, timeWindow: "1 minute" } },
    schema: {
      summary: "登录",
      body: z.object({ login: z.string().min(1).max(60), password: z.string().min(1).max(200) }),
      response: { 200: Me },
    },
    handler: async (request, reply) => {
      const { login, password } = request.body;
      if (login.includes("\0")) throw new Refused({ code: "bad-credentials" });
      const device = deviceOf(String(request.headers["user-agent"] ?? ""));
      const answer = await signIn(shell.db, shell.now(), login, password, { device, address: request.ip });
      if (!answer.ok) throw new Refused(answer.refusal);
      const secure = request.protocol === "https";
      reply.setCookie(COOKIE, answer.token, { path: "/", httpOnly: true, sameSite: "strict", secure });
      return meOf(answer.session);
    },
  });

  app.get("/api/session", {
    config: { who: "signedIn" },
    schema: { summary: "当前登录", response: { 200: Me } },
    handler: async (request) => {
      if (!request.session) throw new Refused({ code: "not-signed-in" });
      return meOf(request.session);
    },
  });

  app.delete("/api/session", {
    config: { who: "signedIn" },
    schema: { summary: "退出", response: { 200: z.object({ ok: z.literal(true) }) } },
    handler: async (request, reply) => {
      const token = request.cookies[COOKIE];
      if (token) await signOut(shell.db, token);
      reply.clearCookie(COOKIE, { path: "/" });
      return { ok: true as const };
    },
  });

  app.post("/api/me/password", {
    config: { who: "signedIn", rateLimit: { max: 10, timeWindow: "1 minute" } },
    schema: {
      summary: "修改自己的密码",
      body: z.object({ old: z.string().max(200), new: z.string().max(200) }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const user = await shell.db
        .selectFrom("app_user")
        .select("password_hash")
        .where("id", "=", actor.userId)
        .executeTakeFirstOrThrow();
      if (!(await verifyPassword(user.password_hash, request.body.old)))
        throw new Refused({ code: "bad-credentials" });
      if (!isStrong(request.body.new)) throw new Refused({ code: "weak-password" });
      const password_hash = await hashPassword(request.body.new);
      await shell.db.transaction().execute(async (tx) => {
        await tx.updateTable("app_user").set({ password_hash }).where("id", "=", actor.userId).execute();
        await endSessionsOf(tx, actor.userId);
        await audit(tx, shell.now(), actor.userId, actor.name, "password-changed");
      });
      return { ok: true as const };
    },
  });
}
