/**
 * 内嵌数据库. Real PostgreSQL beside the application, started by whoever needs it first and stopped by whoever leaves last.
 *
 * Every process that uses it keeps one connection open, the lease (application_name `jiesu-lease`), which dies with the
 * process. Leaving, a process that sees no other lease stops the server. After kill -9 of all of them PostgreSQL goes on
 * running; the next process attaches to it. A lock freed by the kernel makes starting and stopping happen one at a time.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { makeDataDir } from "../config/instance.ts";
import { waitForLock } from "../config/lock.ts";
import { StartError } from "../config/start-error.ts";
import { type Binaries, binariesFor } from "./binaries.ts";
import { type Cluster, createCluster, knownCluster, rememberCluster } from "./cluster.ts";
import { ownerFor } from "./owner.ts";
import { startPostmaster, stopPostmaster, waitWhileUnreachable } from "./postmaster.ts";
import { type Settings, settingsFor } from "./settings.ts";

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** The system folder used under root. */
  readonly pgHome: string;
  /** Over the usual ones: the tests switch fsync off. */
  readonly settings?: Settings;
  /** One Chinese line of progress for the person waiting. */
  readonly say?: (line: string) => void;
  /** Start it again, on the same port, when it dies under us; what to do when that fails. For servers and workers. */
  readonly onLost?: (error: StartError) => void;
}

export interface Embedded {
  /** For the application: its own role, owner of its own database. */
  readonly url: string;
  /** For tests and tools: superuser, database `postgres`. */
  readonly adminUrl: string;
  /** Whether this call started it (false: it was running). */
  readonly started: boolean;
  readonly folder: string;
  /** Leaves; stops PostgreSQL when nobody else uses it. Close the pools first. */
  close(): Promise<void>;
}

const RECOVER_MS = 60_000;

/** Attaches to the running PostgreSQL of a data directory, or makes and starts it. Throws StartError. */
export async function openEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  makeDataDir(options.dataDir);
  const first = await inTurn(options, () => join(options));
  const { cluster, port, started } = first;
  let lease = first.lease;
  let closing = false;
  let recovering: Promise<void> = Promise.resolve();

  const watch = (): void => {
    void lease.ended.then(() => {
      if (!closing && options.onLost !== undefined) recovering = recover(options.onLost);
    });
  };
  const recover = async (onLost: (error: StartError) => void): Promise<void> => {
    const until = performance.now() + RECOVER_MS;
    for (;;) {
      try {
        const next = await inTurn(options, () => join(options));
        lease = next.lease;
        if (next.port === port) return watch();
        return onLost(new StartError(`数据库重启后端口变了（${port} → ${next.port}），请重启接诉。`));
      } catch (error) {
        // It may have been killed again while it was starting: that is not yet a reason to give up.
        if (closing) return;
        if (performance.now() > until) {
          return onLost(
            error instanceof StartError ? error : new StartError(`数据库中断，未能恢复：${messageOf(error)}`),
          );
        }
        await sleep(500);
      }
    }
  };
  watch();

  return {
    url: urlOf("jiesu", cluster.appPassword, port, "jiesu"),
    adminUrl: urlOf("postgres", cluster.adminPassword, port, "postgres"),
    started,
    folder: cluster.folder,
    async close() {
      if (closing) return;
      closing = true;
      await recovering;
      await inTurn(options, () => leave(options, lease));
    },
  };
}

/** The connection that says "I am using it", and its end, which may come before anybody has asked for it. */
interface Lease {
  readonly client: pg.Client;
  readonly ended: Promise<void>;
}

interface Joined {
  readonly cluster: Cluster;
  readonly port: number;
  readonly lease: Lease;
  readonly started: boolean;
}

async function join(options: EmbeddedOptions): Promise<Joined> {
  const say = options.say ?? (() => {});
  const { cluster, binaries, isNew } = prepare(options, say);
  const settings = { ...settingsFor(), ...options.settings };
  const build = buildOf(binaries, settings);
  const running = await attach(cluster);
  if (running !== undefined) {
    if (cluster.build === build || (await otherLeases(running.lease)) > 0) {
      return { cluster, ...running, started: false };
    }
    say("内嵌数据库的程序或参数已更新，正在重启它…");
    await running.lease.client.end();
    await stopPostmaster(cluster.folder, binaries);
  }
  say(isNew ? "正在启动新建的内嵌数据库…" : "正在启动内嵌数据库…");
  const port = await startPostmaster(cluster, binaries, settings, say);
  rememberCluster({ ...cluster, port, build });
  const lease = await connect(cluster, port);
  await ensureDatabase(cluster, lease.client);
  return { cluster, port, lease, started: true };
}

function prepare({ dataDir, pgHome }: EmbeddedOptions, say: (line: string) => void) {
  const known = knownCluster(dataDir);
  const owner = ownerFor(known?.folder ?? dataDir);
  const binaries = binariesFor({ shared: owner === undefined ? undefined : pgHome, spare: dataDir });
  if (known !== undefined) return { cluster: known, binaries, isNew: false };
  say("首次运行，正在建立内嵌数据库…");
  return { cluster: createCluster(dataDir, pgHome, owner, binaries), binaries, isNew: true };
}

/** A running server of this cluster, waiting while it is starting up or shutting down. */
async function attach(cluster: Cluster): Promise<{ port: number; lease: Lease } | undefined> {
  return waitWhileUnreachable(cluster.folder, async (port) => {
    try {
      return { port, lease: await connect(cluster, port) };
    } catch (error) {
      if (error instanceof StartError) throw error;
      return undefined;
    }
  });
}

async function connect(cluster: Cluster, port: number): Promise<Lease> {
  const client = new pg.Client({
    connectionString: urlOf("postgres", cluster.adminPassword, port, "postgres"),
    application_name: "jiesu-lease",
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on("error", () => {}); // "end" follows, and is what we watch
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  try {
    await client.connect();
    return { client, ended };
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === "28P01") {
      throw new StartError(
        `${cluster.dataDir} 里 postgres.json 的密码与数据库不符。请从备份中恢复与数据同时的那一份。`,
      );
    }
    throw error;
  }
}

async function leave(options: EmbeddedOptions, lease: Lease): Promise<void> {
  const others = await otherLeases(lease).catch(() => undefined);
  await lease.client.end().catch(() => {});
  if (others === undefined || others > 0) return; // it has gone already, or somebody still needs it
  const { cluster, binaries } = prepare(options, () => {});
  await stopPostmaster(cluster.folder, binaries);
}

async function otherLeases(lease: Lease): Promise<number> {
  const { rows } = await lease.client.query<{ others: number }>(
    "select count(*)::int as others from pg_stat_activity where application_name = 'jiesu-lease' and pid <> pg_backend_pid()",
  );
  return rows[0]?.others ?? 0;
}

/** The application's role and database; each step may have been done by a start that was cut short. */
async function ensureDatabase(cluster: Cluster, admin: pg.Client): Promise<void> {
  const role = await admin.query("select 1 from pg_roles where rolname = 'jiesu'");
  if (role.rowCount === 0) {
    await admin.query(`create role jiesu login createdb password '${cluster.appPassword}'`);
  }
  const database = await admin.query("select 1 from pg_database where datname = 'jiesu'");
  if (database.rowCount === 0) await admin.query("create database jiesu owner jiesu");
}

async function inTurn<T>({ dataDir, say }: EmbeddedOptions, work: () => Promise<T>): Promise<T> {
  const wait = () => say?.("另一个接诉进程正在启动或停止数据库，请稍候…");
  const lock = await waitForLock(`postgres ${fs.realpathSync(dataDir)}`, 120_000, wait);
  if (lock === undefined) {
    throw new StartError(
      "另一个接诉进程两分钟仍未完成数据库的启动或停止。请检查是否有卡住的进程，结束它后重试。",
    );
  }
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

function buildOf(binaries: Binaries, settings: Settings): string {
  return createHash("sha256")
    .update(JSON.stringify([binaries.version, settings]))
    .digest("hex")
    .slice(0, 16);
}

function urlOf(user: string, password: string, port: number, database: string): string {
  return `postgres://${user}:${password}@127.0.0.1:${port}/${database}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
