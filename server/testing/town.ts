/**
 * 试验城. A fresh migrated database, the whole house over it, a clock that the test holds, and people who sign in.
 *
 * JIESU_TEST_PG is the superuser address of a running PostgreSQL (the test command starts one). Databases are cloned
 * from a migrated template named by the migrations' digest, so a test file costs a clone, not a migration.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { type Day, instant } from "@jiesu/core/time/day.ts";
import type { FastifyBaseLogger } from "fastify";
import pg from "pg";
import { loadDistrict } from "../../seeds/district.ts";
import { buildHouse } from "../app.ts";
import { createUser } from "../people/users.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { migrate, readMigrations } from "../platform/db/migrate.ts";
import { openDb } from "../platform/db/open.ts";
import { loadRules, type Rules } from "../platform/rules.ts";
import { secretsOf } from "../platform/secrets.ts";
import type { Shell } from "../platform/shell.ts";

const rules: Rules = loadRules();

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape and fail where it is another
  readonly body: any;
  readonly headers: Record<string, unknown>;
  readonly raw: Buffer;
}

/** A signed-in person, calling the routes as the browser does. */
export interface Client {
  readonly actor: Actor & { readonly userId: string };
  readonly login: string;
  readonly cookie: string;
  readonly csrf: string;
  get(url: string): Promise<Answer>;
  post(url: string, body?: unknown): Promise<Answer>;
  patch(url: string, body?: unknown): Promise<Answer>;
  put(url: string, body?: unknown): Promise<Answer>;
  delete(url: string): Promise<Answer>;
  upload(url: string, fileName: string, content: Buffer, type?: string): Promise<Answer>;
  /** Moves a ticket, looking up its version first unless one is given. */
  move(ticketId: string, move: string, input?: unknown, version?: number): Promise<Answer>;
}

export interface Town {
  readonly shell: Shell;
  readonly house: Awaited<ReturnType<typeof buildHouse>>;
  readonly databaseUrl: string;
  /** Holds the clock at a Beijing time: `at("2026-11-20", "09:00")`. */
  at(day: Day, time: string): void;
  /** Lets time pass. */
  pass(ms: number): void;
  /** An account of that role (made when new) signed in; unit roles name their unit by its short name. */
  as(role: Role, unit?: string): Promise<Client>;
  /** The same person signed in anew: when so much time has passed that sessions have run out. */
  afresh(role: Role, unit?: string): Promise<Client>;
  /** Id of a unit by short name or name. */
  unit(name: string): Promise<string>;
  close(): Promise<void>;
}

/** Opens a town with Haidian's units in it; it is Friday 2026-11-20, 09:00 in Beijing. Silent unless given a log. */
export async function openTown(log: FastifyBaseLogger | false = false): Promise<Town> {
  const { admin, template } = await templateDb();
  const name = `t_${randomBytes(6).toString("hex")}`;
  await withTemplateLock(admin, () => adminQuery(admin, `create database ${name} template ${template}`));
  const databaseUrl = onDatabase(admin, name);
  const { db, close } = openDb(databaseUrl, 8);
  const files = await mkdtemp(join(tmpdir(), "jiesu-files-"));
  let now = instant("2026-11-20", "09:00");
  const shell: Shell = {
    db,
    now: () => now,
    secrets: secretsOf(Buffer.alloc(32, 7)),
    rules: { ...rules },
    files,
    localGateways: true, // the tests' mail server and gateways
  };
  const house = await buildHouse(shell, log);
  const clients = new Map<string, Client>();
  const passwords = new Map<string, string>();
  const town: Town = {
    shell,
    house,
    databaseUrl,
    at: (day, time) => {
      now = instant(day, time);
    },
    pass: (ms) => {
      now += ms;
    },
    async as(role, unitName) {
      const login = `${role.toLowerCase()}${unitName ? `.${createHash("sha256").update(unitName).digest("hex").slice(0, 6)}` : ""}`;
      const known = clients.get(login);
      if (known) return known;
      const unitId = unitName ? await unitIdOf(shell, unitName) : null;
      const password = `test-${randomBytes(6).toString("hex")}-1`;
      const userId = await createUser(
        db,
        now,
        { login, name: `${unitName ?? ""}${role}`, roles: [role], unitId, password },
        { userId: null, name: "test" },
      );
      const client = await signIn(house.app, login, password, {
        userId,
        name: `${unitName ?? ""}${role}`,
        roles: [role],
        unitId,
      });
      clients.set(login, client);
      passwords.set(login, password);
      return client;
    },
    async afresh(role, unitName) {
      const { login, actor } = await town.as(role, unitName);
      const client = await signIn(house.app, login, passwords.get(login) ?? "", actor);
      clients.set(login, client);
      return client;
    },
    unit: (unitName) => unitIdOf(shell, unitName),
    async close() {
      await house.app.close();
      await close();
      await adminQuery(admin, `drop database if exists ${name} with (force)`);
      await rm(files, { recursive: true, force: true });
    },
  };
  return town;
}

type App = Awaited<ReturnType<typeof buildHouse>>["app"];

async function signIn(app: App, login: string, password: string, actor: Client["actor"]): Promise<Client> {
  const answer = await app.inject({ method: "POST", url: "/api/session", payload: { login, password } });
  if (answer.statusCode !== 200) throw new Error(`sign-in of ${login} failed: ${answer.body}`);
  const cookie = answer.cookies.map((c) => `${c.name}=${c.value}`).join("; ");
  const { csrf } = answer.json<{ csrf: string }>();
  const call = async (
    method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE",
    url: string,
    payload?: unknown,
  ): Promise<Answer> => {
    const reply = await app.inject({
      method,
      url,
      headers: { cookie, "x-csrf-token": csrf },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
    const isJson = String(reply.headers["content-type"] ?? "").includes("json");
    return {
      status: reply.statusCode,
      body: isJson ? reply.json() : reply.body,
      headers: reply.headers,
      raw: reply.rawPayload,
    };
  };
  return {
    login,
    cookie,
    csrf,
    actor,
    get: (url) => call("GET", url),
    post: (url, body = {}) => call("POST", url, body),
    patch: (url, body = {}) => call("PATCH", url, body),
    put: (url, body = {}) => call("PUT", url, body),
    delete: (url) => call("DELETE", url),
    async upload(url, fileName, content, type = "application/octet-stream") {
      const boundary = `b${randomBytes(12).toString("hex")}`;
      const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="${fileName}"\r\ncontent-type: ${type}\r\n\r\n`;
      const payload = Buffer.concat([Buffer.from(head), content, Buffer.from(`\r\n--${boundary}--\r\n`)]);
      const reply = await app.inject({
        method: "POST",
        url,
        headers: {
          cookie,
          "x-csrf-token": csrf,
          "content-type": `multipart/form-data; boundary=${boundary}`,
        },
        payload,
      });
      const isJson = String(reply.headers["content-type"] ?? "").includes("json");
      return {
        status: reply.statusCode,
        body: isJson ? reply.json() : reply.body,
        headers: reply.headers,
        raw: reply.rawPayload,
      };
    },
    async move(ticketId, move, input = {}, version) {
      const seen = version ?? (await call("GET", `/api/tickets/${ticketId}`)).body?.version ?? 1;
      return call("POST", `/api/tickets/${ticketId}/moves/${move}`, { version: seen, input });
    },
  };
}

async function unitIdOf(shell: Shell, name: string): Promise<string> {
  const row = await shell.db
    .selectFrom("unit")
    .select("id")
    .where((eb) => eb.or([eb("short_name", "=", name), eb("name", "=", name)]))
    .executeTakeFirst();
  if (!row) throw new Error(`the district has no unit ${name}`);
  return row.id;
}

async function templateDb(): Promise<{ admin: string; template: string }> {
  const admin = process.env.JIESU_TEST_PG;
  if (!admin) throw new Error("JIESU_TEST_PG is not set: run the tests by npm test");
  const digest = createHash("sha256");
  for (const m of await readMigrations()) digest.update(m.sha256);
  const template = `template_${digest.digest("hex").slice(0, 16)}`;
  await withTemplateLock(admin, async () => {
    const found = await adminQuery(admin, `select 1 from pg_database where datname = '${template}'`);
    if (found.length > 0) return;
    const making = `${template}_making`;
    await adminQuery(admin, `drop database if exists ${making} with (force)`);
    await adminQuery(admin, `create database ${making}`);
    const { db, pool, close } = openDb(onDatabase(admin, making), 2);
    await migrate(pool);
    await loadDistrict(db, instant("2026-01-01", "00:00"));
    await close();
    await adminQuery(admin, `alter database ${making} rename to ${template}`);
  });
  return { admin, template };
}

/** Test files run side by side: making and cloning the template happen one at a time. */
async function withTemplateLock(admin: string, work: () => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(12345)");
    await work();
  } finally {
    await client.end();
  }
}

async function adminQuery(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function onDatabase(url: string, name: string): string {
  const at = new URL(url);
  at.pathname = `/${name}`;
  return at.href;
}
