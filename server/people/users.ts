/** 人员账号. Accounts, roles, units; new passwords are made at random and shown once; every change ends old sessions. */
import { ALL_ROLES, ROLES, type Role, rolesConflict, sideOf } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import { hashPassword, randomPassword } from "../platform/auth/password.ts";
import { audit, endSessionsOf } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";

const Id = z.string().regex(/^[1-9]\d{0,17}$/);
const Login = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{1,39}$/, "账号须以小写字母开头，2–40 位，可用小写字母、数字、点、横线");
const PersonName = z
  .string()
  .trim()
  .min(1, "请填写姓名")
  .max(40)
  .refine((s) => !s.includes("\0") && s.isWellFormed(), "含有无法保存的字符");
const PersonRole = z.enum(ALL_ROLES.filter((r) => r !== "importer") as [Role, ...Role[]]);
const Roles = z.array(PersonRole).min(1, "至少选择一个岗位").max(8);

const UserOut = z.object({
  id: z.string(),
  login: z.string(),
  name: z.string(),
  roles: z.array(z.object({ role: z.string(), zh: z.string() })),
  unit: z.object({ id: z.string(), name: z.string() }).nullable(),
  active: z.boolean(),
  lockedUntil: z.iso.datetime().nullable(),
});
const WithPassword = z.object({ user: UserOut, password: z.string() });
const ADMINS: readonly Role[] = ["sysadmin", "secadmin"];

export function userRoutes(app: App, shell: Shell): void {
  app.get("/api/users", {
    config: { who: ADMINS },
    schema: { summary: "账号列表", response: { 200: z.array(UserOut) } },
    handler: async () => listUsers(shell.db),
  });

  app.post("/api/users", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "新增账号（密码仅显示一次）",
      body: z.object({ login: Login, name: PersonName, roles: Roles, unitId: Id.nullable() }),
      response: { 200: WithPassword },
    },
    handler: async (request) => {
      const { login, name, roles, unitId } = request.body;
      const actor = actorOf(request);
      const password = randomPassword();
      const id = await createUser(shell.db, shell.now(), { login, name, roles, unitId, password }, actor);
      return { user: await oneUser(shell.db, id), password };
    },
  });

  app.patch("/api/users/:id", {
    config: { who: ["sysadmin"] },
    schema: {
      summary: "修改账号",
      params: z.object({ id: Id }),
      body: z.object({
        name: PersonName.optional(),
        roles: Roles.optional(),
        unitId: Id.nullable().optional(),
        active: z.boolean().optional(),
      }),
      response: { 200: UserOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { body } = request;
      const actor = actorOf(request);
      await shell.db.transaction().execute(async (tx) => {
        const before = await tx
          .selectFrom("app_user")
          .selectAll()
          .where("id", "=", id)
          .forUpdate()
          .executeTakeFirst();
        if (!before) throw new Refused({ code: "not-found" });
        const roles =
          body.roles ?? before.roles.filter((r): r is Role => ALL_ROLES.some((known) => known === r));
        const unitId = body.unitId === undefined ? before.unit_id : body.unitId;
        await checkPost(tx, roles, unitId);
        await tx
          .updateTable("app_user")
          .set({
            roles: [...roles],
            unit_id: unitId,
            ...(body.name === undefined ? {} : { name: body.name }),
            ...(body.active === undefined ? {} : { active: body.active }),
          })
          .where("id", "=", id)
          .execute();
        await endSessionsOf(tx, id);
        await audit(tx, shell.now(), actor.userId, actor.name, "user-changed", {
          detail: { user: before.login, fields: Object.keys(body) },
        });
      });
      return oneUser(shell.db, id);
    },
  });

  app.post("/api/users/:id/password", {
    config: { who: ADMINS },
    schema: {
      summary: "重置密码（新密码仅显示一次）",
      params: z.object({ id: Id }),
      response: { 200: WithPassword },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const user = await oneUser(shell.db, request.params.id);
      const password = await resetPassword(shell.db, shell.now(), user.login, actor);
      return { user: await oneUser(shell.db, request.params.id), password };
    },
  });

  app.get("/api/audit", {
    config: { who: ["auditadmin"] },
    schema: {
      summary: "审计记录",
      querystring: z.object({
        before: Id.optional(),
        what: z.string().max(40).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(100),
      }),
      response: {
        200: z.array(
          z.object({
            id: z.string(),
            at: z.iso.datetime(),
            userName: z.string(),
            what: z.string(),
            ticketId: z.string().nullable(),
            detail: z.unknown(),
          }),
        ),
      },
    },
    handler: async (request) => {
      const { before, what, limit } = request.query;
      let query = shell.db.selectFrom("audit").selectAll().orderBy("id", "desc").limit(limit);
      if (before) query = query.where("id", "<", before);
      if (what) query = query.where("what", "=", what);
      const rows = await query.execute();
      return rows.map((r) => ({
        id: r.id,
        at: r.at.toISOString(),
        userName: r.user_name,
        what: r.what,
        ticketId: r.ticket_id,
        detail: r.detail,
      }));
    },
  });
}

export interface NewUser {
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly unitId: string | null;
  readonly password: string;
}

/** Creates an account; refuses a taken login, excluded roles, a unit role without a unit. Answers its id. */
export function createUser(
  db: Db,
  now: number,
  user: NewUser,
  by: { userId: string | null; name: string },
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    await checkPost(tx, user.roles, user.unitId);
    const password_hash = await hashPassword(user.password);
    const row = await tx
      .insertInto("app_user")
      .values({
        login: user.login,
        name: user.name,
        roles: [...user.roles],
        unit_id: user.unitId,
        password_hash,
        created_at: new Date(now),
      })
      .onConflict((c) => c.column("login").doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!row) throw new Refused({ code: "duplicate", what: `账号“${user.login}”` });
    await audit(tx, now, by.userId, by.name, "user-added", {
      detail: { user: user.login, roles: user.roles },
    });
    return row.id;
  });
}

/** A new random password for an account; its sessions end and its lock is lifted. */
export async function resetPassword(
  db: Db,
  now: number,
  login: string,
  by: { userId: string | null; name: string },
): Promise<string> {
  const password = randomPassword();
  const password_hash = await hashPassword(password);
  await db.transaction().execute(async (tx) => {
    const user = await tx
      .updateTable("app_user")
      .set({ password_hash, failed_logins: 0, locked_until: null })
      .where("login", "=", login)
      .returning("id")
      .executeTakeFirst();
    if (!user) throw new Refused({ code: "not-found" });
    await endSessionsOf(tx, user.id);
    await audit(tx, now, by.userId, by.name, "password-reset", { detail: { user: login } });
  });
  return password;
}

async function checkPost(tx: Db, roles: readonly Role[], unitId: string | null): Promise<void> {
  if (rolesConflict(roles)) throw new Refused({ code: "roles-conflict" });
  const ofUnit = roles.some((r) => sideOf(r) === "unit");
  if (ofUnit && unitId === null) throw new Refused({ code: "unit-needed" });
  if (!ofUnit && unitId !== null)
    throw new Refused({ code: "bad-input", message: "中心岗位和管理员不设所属单位" });
  if (unitId !== null) {
    const unit = await tx.selectFrom("unit").select("id").where("id", "=", unitId).executeTakeFirst();
    if (!unit) throw new Refused({ code: "unit-unknown" });
  }
}

export async function listUsers(db: Db, id?: string): Promise<z.infer<typeof UserOut>[]> {
  let query = db
    .selectFrom("app_user as a")
    .leftJoin("unit as u", "u.id", "a.unit_id")
    .select([
      "a.id",
      "a.login",
      "a.name",
      "a.roles",
      "a.unit_id",
      "a.active",
      "a.locked_until",
      "u.short_name",
    ])
    .orderBy("a.id");
  if (id) query = query.where("a.id", "=", id);
  const rows = await query.execute();
  return rows.map((r) => ({
    id: r.id,
    login: r.login,
    name: r.name,
    roles: ALL_ROLES.filter((role) => r.roles.includes(role)).map((role) => ({ role, zh: ROLES[role].zh })),
    unit: r.unit_id ? { id: r.unit_id, name: r.short_name ?? "" } : null,
    active: r.active,
    lockedUntil: r.locked_until?.toISOString() ?? null,
  }));
}

async function oneUser(db: Db, id: string): Promise<z.infer<typeof UserOut>> {
  const [user] = await listUsers(db, id);
  if (!user) throw new Refused({ code: "not-found" });
  return user;
}
