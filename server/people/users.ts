/** 人员账号. Accounts, roles, units; new passwords are made at random and shown once; every change ends old sessions. */
import { ALL_ROLES, isRole, ROLES, type Role, rolesConflict, sideOf } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import { z } from "zod";
import { hashPassword, randomPassword } from "../platform/auth/password.ts";
import { type AuditChange, audit, endSessionsOf, IDLE_MS } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { changesOf, Id, VersionNumber } from "./shape.ts";

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
  lastSignInAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  /** Places at which this person is signed in now. */
  sessions: z.number(),
  version: z.number(),
});
const WithPassword = z.object({ user: UserOut, password: z.string() });
const ADMINS: readonly Role[] = ["sysadmin", "secadmin"];

export function userRoutes(app: App, shell: Shell): void {
  app.get("/api/users", {
    config: { who: ADMINS },
    schema: { summary: "账号列表", response: { 200: z.array(UserOut) } },
    handler: async () => listUsers(shell.db, shell.now()),
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
      return { user: await oneUser(shell, id), password };
    },
  });

  app.patch("/api/users/:id", {
    config: { who: ADMINS },
    schema: {
      summary: "修改账号（安全管理员只可启用、停用）",
      params: z.object({ id: Id }),
      body: z.object({
        name: PersonName.optional(),
        roles: Roles.optional(),
        unitId: Id.nullable().optional(),
        active: z.boolean().optional(),
        version: VersionNumber.optional(),
      }),
      response: { 200: UserOut },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { version, ...body } = request.body;
      const actor = actorOf(request);
      const only = actor.roles.includes("sysadmin") || Object.keys(body).every((field) => field === "active");
      if (!only) throw new Refused({ code: "not-allowed" });
      await shell.db.transaction().execute(async (tx) => {
        await sql`select pg_advisory_xact_lock(hashtext('app_user.posts'))`.execute(tx); // two who switch each other off
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
        if (version !== undefined && version !== before.version)
          throw new Refused({ code: "changed-meanwhile", what: `账号“${before.login}”` });
        const active = body.active ?? before.active;
        const changes = changesOf(
          { name: before.name, roles: before.roles, unitId: before.unit_id, active: before.active },
          { name: body.name, roles, unitId, active },
        );
        if (changes.length === 0) return;
        const stays = active && (!before.roles.includes("sysadmin") || roles.includes("sysadmin"));
        if (id === actor.userId && changes.some((c) => c.field !== "name"))
          throw new Refused({ code: "not-oneself" });
        if (!stays) await refuseLastAdmin(tx, before);
        await checkPost(tx, roles, unitId);
        await tx
          .updateTable("app_user")
          .set({
            roles: [...roles],
            unit_id: unitId,
            active,
            version: before.version + 1,
            ...(body.name === undefined ? {} : { name: body.name }),
          })
          .where("id", "=", id)
          .execute();
        await endSessionsOf(tx, id);
        await audit(tx, shell.now(), actor.userId, actor.name, "user-changed", {
          detail: { user: before.login, changes: changes.map(inWords) },
        });
      });
      return oneUser(shell, id);
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
      const user = await oneUser(shell, request.params.id);
      const password = await resetPassword(shell.db, shell.now(), user.login, actor);
      return { user: await oneUser(shell, request.params.id), password };
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

/**
 * A new random password for an account; its sessions end and its lock is lifted. Who hands it out could sign in with it:
 * so an administrator's is given out by the same post alone, or at the machine's keyboard (no `roles`), and nobody's own.
 */
export async function resetPassword(
  db: Db,
  now: number,
  login: string,
  by: { userId: string | null; name: string; roles?: readonly Role[] },
): Promise<string> {
  const password = randomPassword();
  const password_hash = await hashPassword(password);
  await db.transaction().execute(async (tx) => {
    const user = await tx
      .updateTable("app_user")
      .set({ password_hash, failed_logins: 0, locked_until: null })
      .where("login", "=", login)
      .returning(["id", "roles"])
      .executeTakeFirst();
    if (!user) throw new Refused({ code: "not-found" });
    if (user.id === by.userId) throw new Refused({ code: "own-password" });
    const post = user.roles.filter(isRole).find((role) => sideOf(role) === "admin");
    if (by.roles && post !== undefined && !by.roles.includes(post))
      throw new Refused({ code: "admin-password", post: ROLES[post].zh });
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

/** The district never stands without a system administrator who can sign in. */
async function refuseLastAdmin(
  tx: Db,
  user: { readonly id: string; readonly roles: readonly string[] },
): Promise<void> {
  if (!user.roles.includes("sysadmin")) return;
  const others = await tx
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where("id", "!=", user.id)
    .where((eb) => eb(eb.val("sysadmin"), "=", eb.fn.any("roles")))
    .limit(1)
    .execute();
  if (others.length === 0) throw new Refused({ code: "last-admin" });
}

/** Roles and switches as the audit's reader knows them. */
function inWords(change: AuditChange): AuditChange {
  const words = (text: string): string => {
    if (change.field === "active") return text === "true" ? "启用" : "停用";
    if (change.field !== "roles") return text;
    return text
      .split("、")
      .map((role) => (isRole(role) ? ROLES[role].zh : role))
      .join("、");
  };
  return { field: change.field, before: words(change.before), after: words(change.after) };
}

export async function listUsers(db: Db, now: number, id?: string): Promise<z.infer<typeof UserOut>[]> {
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
      "a.last_sign_in_at",
      "a.created_at",
      "a.version",
      "u.short_name",
    ])
    .select((eb) =>
      eb
        .selectFrom("session as s")
        .select((e) => e.fn.countAll<string>().as("n"))
        .whereRef("s.user_id", "=", "a.id")
        .where("s.expires_at", ">", new Date(now))
        .where("s.last_seen_at", ">", new Date(now - IDLE_MS))
        .as("sessions"),
    )
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
    lockedUntil: r.locked_until && r.locked_until.getTime() > now ? r.locked_until.toISOString() : null,
    lastSignInAt: r.last_sign_in_at?.toISOString() ?? null,
    createdAt: r.created_at.toISOString(),
    sessions: r.active ? Number(r.sessions ?? 0) : 0,
    version: r.version,
  }));
}

async function oneUser(shell: Shell, id: string): Promise<z.infer<typeof UserOut>> {
  const [user] = await listUsers(shell.db, shell.now(), id);
  if (!user) throw new Refused({ code: "not-found" });
  return user;
}
