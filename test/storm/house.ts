/** 风暴之屋. The real processes (server, worker, PostgreSQL with fsync) in a folder of their own, to be killed and started. */
import assert from "node:assert/strict";
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { migrate } from "@jiesu/server/platform/db/migrate.ts";
import { type OpenedDb, openDb } from "@jiesu/server/platform/db/open.ts";
import {
  type Embedded,
  type EmbeddedOptions,
  openEmbedded,
} from "@jiesu/server/platform/postgres/embedded.ts";
import { runningPostmaster } from "@jiesu/server/platform/postgres/postmaster.ts";
import { loadDistrict } from "../../seeds/district.ts";

const MAIN = join(import.meta.dirname, "..", "..", "server", "main.ts");
const PG_HOME = process.env.JIESU_TEST_PG_HOME ?? "/var/lib/jiesu";
const READY_MS = 60_000;

export type Victim = "server" | "worker" | "postgres" | "all";

export interface Account {
  readonly login: string;
  readonly password: string;
}

export interface House {
  readonly address: string;
  /** The test's own connections; they break when PostgreSQL is killed and come again. */
  readonly ledger: OpenedDb;
  /** How to open its database when server and worker have stopped. */
  readonly embedded: EmbeddedOptions;
  /** kill -9, then up again, the worker on a machine whose clock is so many ms off; answers the milliseconds until the house was ready. */
  kill(victim: Victim, clockOff?: number): Promise<number>;
  /** SIGTERM; asserts that both end by themselves and cleanly. */
  stop(): Promise<void>;
  /** Whatever still lives is killed and the folder removed. */
  clear(): Promise<void>;
  /** Runs a command of `jiesu` and answers its JSON. */
  jiesu(...args: string[]): Promise<unknown>;
}

/** Makes the database, loads the district, starts server and worker. */
export async function openHouse(): Promise<House> {
  const scratch = mkdtempSync(join(tmpdir(), "jiesu-storm-"));
  chmodSync(scratch, 0o711); // under root PostgreSQL runs as another user, who must pass through
  const dataDir = join(scratch, "data");
  const port = randomInt(20_000, 32_000);
  const address = `http://127.0.0.1:${port}`;
  const env = {
    PATH: process.env.PATH,
    HOME: scratch,
    JIESU_DATA: dataDir,
    JIESU_PORT: String(port),
    JIESU_KEY: randomBytes(16).toString("hex"),
    JIESU_DEMO: "off",
    JIESU_LOG: "info",
    JIESU_PG_HOME: PG_HOME,
  };
  const embedded = await openEmbedded({ dataDir, pgHome: PG_HOME });
  const ledger = openDb(embedded.url, 4);
  assert.equal((await ledger.pool.query<{ fsync: string }>("show fsync")).rows[0]?.fsync, "on");
  await migrate(ledger.pool);
  await loadDistrict(ledger.db, Date.now());

  const start = (...args: string[]): Process =>
    processOf(spawn(process.execPath, [MAIN, ...args], { env, cwd: scratch }));
  const startWorker = (clockOff: number): Process =>
    clockOff === 0
      ? start("worker")
      : processOf(
          spawn(process.execPath, ["--import", offBy(clockOff), MAIN, "worker"], { env, cwd: scratch }),
        );
  let server = start("serve", "--no-worker");
  let worker = start("worker");
  const isReady = async (): Promise<boolean> => {
    const answer = await fetch(`${address}/api/ready`, { signal: AbortSignal.timeout(2000) }).catch(
      () => null,
    );
    return answer?.status === 200;
  };
  const ready = async (): Promise<void> => {
    for (const until = performance.now() + READY_MS; !(await isReady()); await sleep(50))
      assert.ok(performance.now() < until, `not ready after a minute:\n${server.said()}\n${worker.said()}`);
  };
  /** A worker says so in its log; one that is only starting has nothing yet that a kill could break. */
  let workers = 0;
  const working = async (): Promise<void> => {
    workers += 1;
    for (
      const until = performance.now() + READY_MS;
      startsIn(join(dataDir, "log", "worker.log")) < workers;
      await sleep(50)
    ) {
      assert.ok(worker.lives(), `the worker did not start:\n${worker.said()}`);
      assert.ok(performance.now() < until, `no worker after a minute:\n${worker.said()}`);
    }
  };
  await Promise.all([ready(), working()]);

  const killPostgres = (): void => {
    const running = runningPostmaster(embedded.folder);
    if (running) process.kill(running.pid, "SIGKILL");
  };
  return {
    address,
    ledger,
    embedded: { dataDir, pgHome: PG_HOME },
    async kill(victim, clockOff = 0) {
      const began = performance.now();
      if (victim === "postgres" || victim === "all") killPostgres();
      if (victim === "server" || victim === "all") await server.kill();
      if (victim === "worker" || victim === "all") await worker.kill();
      // A server whose database is killed under it must stand through it; only what we killed is started again.
      if (victim === "server" || victim === "all") server = start("serve", "--no-worker");
      if (victim === "worker" || victim === "all") worker = startWorker(clockOff);
      if (victim === "postgres") {
        for (const until = performance.now() + 5000; performance.now() < until && (await isReady()); )
          await sleep(20);
      }
      await ready();
      if (victim === "worker" || victim === "all") await working();
      assert.ok(server.lives(), `the server is gone:\n${server.said()}`);
      assert.ok(worker.lives(), `the worker is gone:\n${worker.said()}`);
      return performance.now() - began;
    },
    async stop() {
      for (const [name, each] of [
        ["server", server],
        ["worker", worker],
      ] as const)
        assert.equal(await each.stop(), 0, `${name} should end by itself:\n${each.said()}`);
    },
    async clear() {
      await Promise.all([server.kill(), worker.kill()]);
      await ledger.close().catch(() => {});
      await leave(embedded);
      killPostgres();
      await sleep(200);
      rmSync(scratch, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
    async jiesu(...args) {
      const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args, "--json"], {
        env,
        cwd: scratch,
      });
      return JSON.parse(stdout);
    },
  };
}

/** A module that sets the clock of a process off, as a machine's is that was set wrong. */
const offBy = (ms: number): string =>
  `data:text/javascript,const now = Date.now; Date.now = () => now() + (${ms});`;

const startsIn = (log: string): number =>
  existsSync(log) ? readFileSync(log, "utf8").split("worker started").length - 1 : 0;

interface Process {
  /** What it has written so far, for the message of a failure. */
  said(): string;
  lives(): boolean;
  kill(): Promise<void>;
  stop(): Promise<number | null>;
}

function processOf(child: ChildProcess): Process {
  let said = "";
  const keep = (chunk: unknown): void => {
    said = `${said}${String(chunk)}`.slice(-4000);
  };
  child.stdout?.on("data", keep);
  child.stderr?.on("data", keep);
  const gone = once(child, "exit");
  const lives = (): boolean => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (lives()) child.kill(signal);
    if (lives()) await gone;
  };
  return {
    said: () => said,
    lives,
    kill: () => end("SIGKILL"),
    async stop() {
      const timer = setTimeout(() => child.kill("SIGKILL"), 30_000);
      await end("SIGTERM");
      clearTimeout(timer);
      return child.exitCode;
    },
  };
}

const leave = (embedded: Embedded): Promise<void> => embedded.close().catch(() => {});
