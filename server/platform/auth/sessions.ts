/** 会话. Sign-in with lock-out, sessions kept as digests of random tokens, idle and absolute limits. */
import { createHash, randomBytes } from "node:crypto";
import { isRole, type Role } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import type { Db } from "../db/open.ts";
import type { Refusal } from "../errors.ts";
import type { Actor } from "./actor.ts";
import { hashPassword, verifyPassword } from "./password.ts";

export const IDLE_MS = 60 * 60_000;
const ABSOLUTE_MS = 13 * 3_600_000; // one 12-hour shift and its hand-over
const FAILURES = 5;
const LOCK_MS = 15 * 60_000;
const TOUCH_MS = 60_000;

export interface Session {
  readonly id: string;
  readonly actor: Actor & { readonly userId: string };
  readonly login: string;
  readonly csrf: string;
  readonly expiresAt: number;
  /** When it ends unless it is used before: by idling, or by its age. */
  readonly idleAt: number;
}

const digest = (token: string): Buffer => createHash("sha256").update(token).digest();

/** A digest to compare against when the account does not exist, so that both answers take the same time. */
const nobody = hashPassword(randomBytes(16).toString("hex"));

export type SignIn = { ok: true; token: string; session: Session } | { ok: false; refusal: Refusal };

/** From where somebody signs in, as one's own list of sessions shows it. */
export interface SignInPlace {
  readonly device: string;
  readonly address: string;
}

/** Signs a person in. Refuses with `bad-credentials` or `locked-out` (after 5 failures, 15 minutes). */
export async function signIn(
  db: Db,
  now: number,
  login: string,
  password: string,
  place: SignInPlace = { device: "", address: "" },
): Promise<SignIn> {
  const user = await db.selectFrom("app_user").selectAll().where("login", "=", login).executeTakeFirst();
  const attempt = user ? await takeAttempt(db, now, user.id) : 1;
  if (user && attempt > FAILURES) {
    const { locked_until } = await db
      .selectFrom("app_user")
      .select("locked_until")
      .where("id", "=", user.id)
      .executeTakeFirstOrThrow();
    await audit(db, now, user.id, user.name, "sign-in-refused", { detail: { locked: true } });
    const until = beijingMinute(locked_until?.getTime() ?? now + LOCK_MS);
    return { ok: false, refusal: { code: "locked-out", until } };
  }
  const right = await verifyPassword(user?.password_hash ?? (await nobody), password);
  if (!user || !right || !user.active) {
    if (user && attempt === FAILURES) await lockOut(db, now, user.id);
    await audit(db, now, user?.id ?? null, user ? user.name : "（未知账号）", "sign-in-refused");
    return { ok: false, refusal: { code: "bad-credentials" } };
  }
  const token = randomBytes(32).toString("base64url");
  const csrf = randomBytes(18).toString("base64url");
  const expiresAt = now + ABSOLUTE_MS;
  const id = await db.transaction().execute(async (tx) => {
    await tx
      .updateTable("app_user")
      .set({ failed_logins: 0, locked_until: null, last_sign_in_at: new Date(now) })
      .where("id", "=", user.id)
      .execute();
    const made = await tx
      .insertInto("session")
      .values({
        ...place,
        token_hash: digest(token),
        user_id: user.id,
        csrf,
        created_at: new Date(now),
        last_seen_at: new Date(now),
        expires_at: new Date(expiresAt),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await audit(tx, now, user.id, user.name, "sign-in", place.device ? { detail: { ...place } } : {});
    return made.id;
  });
  const actor = { userId: user.id, name: user.name, roles: user.roles.filter(isRole), unitId: user.unit_id };
  return {
    ok: true,
    token,
    session: { id, actor, login: user.login, csrf, expiresAt, idleAt: Math.min(now + IDLE_MS, expiresAt) },
  };
}

/**
 * The live session of a token; null when there is none, it idled out, it expired, or its user was switched off.
 * `used` says whether a person's hand asked; what a screen asks by itself keeps nobody signed in.
 */
export async function findSession(
  db: Db,
  now: number,
  token: string,
  used: boolean,
): Promise<Session | null> {
  const hash = digest(token);
  const row = await db
    .selectFrom("session as s")
    .innerJoin("app_user as u", "u.id", "s.user_id")
    .select([
      "s.id as session_id",
      "s.csrf",
      "s.last_seen_at",
      "s.expires_at",
      "u.id",
      "u.login",
      "u.name",
      "u.roles",
      "u.unit_id",
      "u.active",
    ])
    .where("s.token_hash", "=", hash)
    .executeTakeFirst();
  if (!row || !stands(row, now)) return null;
  const touched = used && now - row.last_seen_at.getTime() > TOUCH_MS;
  if (touched) {
    await db
      .updateTable("session")
      .set({ last_seen_at: new Date(now) })
      .where("token_hash", "=", hash)
      .execute();
  }
  const roles: Role[] = row.roles.filter(isRole);
  return {
    id: row.session_id,
    actor: { userId: row.id, name: row.name, roles, unitId: row.unit_id },
    login: row.login,
    csrf: row.csrf,
    expiresAt: row.expires_at.getTime(),
    idleAt: Math.min((touched ? now : row.last_seen_at.getTime()) + IDLE_MS, row.expires_at.getTime()),
  };
}

/** Whether a session still stands, without counting as use of it: what listens by itself keeps nobody signed in. */
export async function isLive(db: Db, now: number, token: string): Promise<boolean> {
  const row = await db
    .selectFrom("session as s")
    .innerJoin("app_user as u", "u.id", "s.user_id")
    .select(["s.last_seen_at", "s.expires_at", "u.active"])
    .where("s.token_hash", "=", digest(token))
    .executeTakeFirst();
  return row !== undefined && stands(row, now);
}

interface Standing {
  readonly active: boolean;
  readonly last_seen_at: Date;
  readonly expires_at: Date;
}

function stands(row: Standing, now: number): boolean {
  return row.active && row.expires_at.getTime() > now && row.last_seen_at.getTime() + IDLE_MS > now;
}

export async function signOut(db: Db, token: string): Promise<void> {
  await db.deleteFrom("session").where("token_hash", "=", digest(token)).execute();
}

/** Forgets sessions that ended by themselves; answers how many, at most a thousand at a time. */
export async function sweepSessions(db: Db, now: number): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    with gone as (
      delete from session where token_hash in (
        select token_hash from session
        where expires_at <= ${new Date(now)} or last_seen_at <= ${new Date(now - IDLE_MS)}
        limit 1000 for update skip locked)
      returning 1)
    select count(*)::text as n from gone`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

/** Ends every session of a user: after a change of password, roles or unit. Answers how many there were. */
export async function endSessionsOf(db: Db, userId: string): Promise<number> {
  const gone = await db.deleteFrom("session").where("user_id", "=", userId).executeTakeFirst();
  return Number(gone.numDeletedRows);
}

/** Ends one session; false when there is none. */
export async function endSession(db: Db, id: string): Promise<boolean> {
  const gone = await db.deleteFrom("session").where("id", "=", id).executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

/** What an audit row tells beside who and what; `changes` says each field before and after. */
export interface AuditDetail {
  readonly [field: string]: string | number | boolean | null | readonly string[] | readonly AuditChange[];
}

export interface AuditChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** 审计: writes one audit row; `detail` never holds personal data. */
export async function audit(
  db: Db,
  now: number,
  userId: string | null,
  userName: string,
  what: string,
  more: {
    ticketId?: string;
    detail?: AuditDetail;
  } = {},
): Promise<void> {
  await db
    .insertInto("audit")
    .values({
      at: new Date(now),
      user_id: userId,
      user_name: userName,
      what,
      ticket_id: more.ticketId ?? null,
      detail: JSON.stringify(more.detail ?? {}),
    })
    .execute();
}

/**
 * Counts an attempt before the password is looked at, so that guesses made at the same moment are all counted. More than
 * FAILURES: locked. A lock that has run out begins the count anew.
 */
async function takeAttempt(db: Db, now: number, userId: string): Promise<number> {
  const at = new Date(now);
  const { rows } = await sql<{ attempt: number }>`
    update app_user
    set failed_logins = case when locked_until <= ${at} then 1 else failed_logins + 1 end,
        locked_until = case when locked_until <= ${at} then null
                            when locked_until is null and failed_logins >= ${FAILURES} then ${new Date(now + LOCK_MS)}
                            else locked_until end
    where id = ${userId} and (locked_until is null or locked_until <= ${at})
    returning failed_logins as attempt`.execute(db);
  return rows[0]?.attempt ?? FAILURES + 1;
}

async function lockOut(db: Db, now: number, userId: string): Promise<void> {
  const locked_until = new Date(now + LOCK_MS);
  await db.updateTable("app_user").set({ locked_until }).where("id", "=", userId).execute();
}

function beijingMinute(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(11, 16);
}
