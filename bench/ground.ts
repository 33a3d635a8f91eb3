/** 场地. A PostgreSQL of our own with real fsync, a ledger of a given size in it, and a server over it in its own process. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { resolve as absolute, join } from "node:path";
import { createInterface } from "node:readline";
import { openShell } from "@jiesu/server/cli/open.ts";
import { loadConfig } from "@jiesu/server/platform/config/config.ts";
import { openEmbedded } from "@jiesu/server/platform/postgres/embedded.ts";
import type { Opened } from "@jiesu/server/platform/shell.ts";
import pg from "pg";
import { loadDistrict } from "../seeds/district.ts";
import { seed } from "../seeds/load.ts";
import { createAccounts, type NewAccount } from "../seeds/people.ts";

const MAIN = join(import.meta.dirname, "..", "server", "main.ts");

export interface Ground {
  /** PostgreSQL's own name of its version. */
  readonly version: string;
  /** The ledger of that size, made when it is asked for first; `apart` names another one that nobody else shares. */
  ledger(tickets: number, apart?: string): Promise<Ledger>;
  close(): Promise<void>;
  /** Stops in the middle of whatever is going on; nothing is left behind either. */
  abandon(): Promise<void>;
}

const servers = new Set<ChildProcess>();

export interface Ledger {
  readonly tickets: number;
  readonly url: string;
  readonly opened: Opened;
  readonly accounts: readonly NewAccount[];
  /** Seconds that the seeding took; 0 for an empty ledger. */
  readonly seededIn: number;
  /** Writes out what is dirty, so that one measure does not pay for the one before. */
  settle(): Promise<void>;
  serve(): Promise<Served>;
  /** Starts the worker, which says nothing when it is ready. */
  work(): { stop(): Promise<void> };
}

export interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Opens a ground in a temporary folder, of which `close` leaves nothing behind; or in a folder to `keep`, whose ledgers
 * are there again the next time (a million tickets take ten minutes to seed).
 */
export async function openGround(say: (line: string) => void, keep?: string): Promise<Ground> {
  if (keep !== undefined) mkdirSync(keep, { recursive: true });
  const folder = keep === undefined ? mkdtempSync(join(tmpdir(), "jiesu-bench-")) : absolute(keep);
  const leave = (): void => {
    if (keep === undefined) rmSync(folder, { recursive: true, force: true });
  };
  chmodSync(folder, 0o711); // under root PostgreSQL runs as another user, who must pass through
  const embedded = await openEmbedded({
    dataDir: join(folder, "data"),
    pgHome: join(folder, "pg"),
    settings: { max_connections: "150" }, // three servers, three ledgers and sixteen bare writers at once
    say,
  });
  const version = await ask(embedded.adminUrl, "show server_version");
  const ledgers = new Map<string, Promise<Ledger>>();
  return {
    version,
    ledger(tickets, apart = "") {
      const name = `bench_${tickets}${apart}`;
      const known = ledgers.get(name);
      if (known) return known;
      const made = makeLedger(embedded.url, embedded.adminUrl, folder, name, tickets, say);
      ledgers.set(name, made);
      return made;
    },
    async close() {
      for (const ledger of ledgers.values()) await (await ledger.catch(() => null))?.opened.close();
      await embedded.close();
      leave();
    },
    async abandon() {
      for (const server of servers) server.kill("SIGKILL");
      await embedded.close();
      leave();
    },
  };
}

async function makeLedger(
  url: string,
  adminUrl: string,
  folder: string,
  name: string,
  tickets: number,
  say: (line: string) => void,
): Promise<Ledger> {
  const note = join(folder, `${name}.json`);
  const kept: Kept | null = existsSync(note) ? JSON.parse(readFileSync(note, "utf8")) : null;
  const key = kept?.key ?? randomBytes(16).toString("hex");
  if (kept === null) {
    await ask(adminUrl, `drop database if exists ${name} with (force)`); // of a seeding that was cut off
    await ask(adminUrl, `create database ${name} owner jiesu`);
  }
  const at = new URL(url);
  at.pathname = `/${name}`;
  const env = {
    DATABASE_URL: at.href,
    JIESU_DATA: join(folder, name),
    JIESU_KEY: key,
    JIESU_LOG: "error",
    JIESU_DEMO: "off",
    JIESU_PORT: "0",
  };
  const config = loadConfig(env, folder);
  if (!config.ok) throw new Error(config.problems.join("\n"));
  const opened = await openShell(config.config, { pool: 20 });
  const { accounts, seconds } = kept ?? (await fill(opened, tickets, say));
  const made: Kept = { key, accounts, seconds };
  if (kept === null) writeFileSync(note, JSON.stringify(made), { mode: 0o600 });
  return {
    tickets,
    url: at.href,
    opened,
    accounts,
    seededIn: seconds,
    settle: async () => {
      await ask(adminUrl, "checkpoint");
    },
    serve: () => serve(env),
    work: () => work(env),
  };
}

/** What a kept ledger needs to be used again: invented people's passwords among it, so the file is its owner's alone. */
interface Kept {
  readonly key: string;
  readonly accounts: readonly NewAccount[];
  /** Seconds that the seeding took. */
  readonly seconds: number;
}

async function fill(
  { shell, pool }: Opened,
  tickets: number,
  say: (line: string) => void,
): Promise<Omit<Kept, "key">> {
  await loadDistrict(shell.db, shell.now());
  const accounts = await createAccounts(shell.db, shell.now());
  if (tickets > 0) say(`seeding ${tickets} tickets …`);
  const { seconds } = tickets > 0 ? await seed(shell, { tickets }) : { seconds: 0 };
  if (tickets > 0) say(`seeded ${tickets} tickets in ${seconds.toFixed(0)} s`);
  // Ids far from those of units and people: a replay tells them apart by their value.
  for (const [i, table] of ["ticket", "assignment", "clock", "event"].entries()) {
    await pool.query("select setval(pg_get_serial_sequence($1, 'id'), $2)", [table, 1_000_000_000 * (i + 1)]);
  }
  await pool.query("select setval('ticket_serial', 500000)");
  return { accounts, seconds };
}

/** `jiesu worker` as the server runs it. */
function work(env: Readonly<Record<string, string>>): { stop(): Promise<void> } {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [MAIN, "worker"], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "ignore", "inherit"],
  });
  return held(child);
}

/** A process of the house, ended with the ground if it is not stopped before. */
function held(child: ChildProcess): { stop(): Promise<void> } {
  servers.add(child);
  child.once("exit", () => servers.delete(child));
  return {
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
    },
  };
}

/** `jiesu serve` as users run it, on a free port, without the worker. */
async function serve(env: Readonly<Record<string, string>>): Promise<Served> {
  const { PATH = "", HOME = "" } = process.env;
  const flags = process.env.JIESU_BENCH_PROF
    ? ["--cpu-prof", `--cpu-prof-dir=${process.env.JIESU_BENCH_PROF}`]
    : [];
  const child = spawn(process.execPath, [...flags, MAIN, "serve", "--no-worker"], {
    env: { PATH, HOME, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { stop } = held(child);
  return { port: await portOf(child), stop };
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    if (!child.stdout) throw new Error("no output to read");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const port = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

async function ask(url: string, text: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return String(Object.values(rows[0] ?? {})[0] ?? "");
  } finally {
    await client.end();
  }
}
