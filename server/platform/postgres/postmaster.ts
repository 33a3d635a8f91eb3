/** PostgreSQL 主进程. Starting it, noticing that it runs, stopping it; by what is on disk and what the kernel says. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../config/start-error.ts";
import type { Binaries } from "./binaries.ts";
import { type Cluster, cannotRun, runAs, startFailure } from "./cluster.ts";
import { ownerFor } from "./owner.ts";
import type { Settings } from "./settings.ts";

const RETRY_MS = 20_000; // after kill -9 the old backends take seconds to let go of the shared memory
const UNREACHABLE_MS = 60_000;
const RECOVERY_MS = 15 * 60_000; // replaying the log after a crash

/**
 * Starts the server, detached (a Ctrl+C in our terminal must not reach it before we have drained), and answers its port
 * once it takes connections. Throws StartError.
 */
export async function startPostmaster(
  cluster: Cluster,
  binaries: Binaries,
  settings: Settings,
  say: (line: string) => void,
): Promise<number> {
  const until = performance.now() + RETRY_MS;
  let wanted = cluster.port;
  for (;;) {
    const port = await freePort(wanted);
    const failure = await tryStart(cluster.folder, binaries, settings, port, say);
    if (failure === undefined) return port;
    const taken = /Address already in use|could not create any TCP/.test(failure);
    const lingering = /lock file ".*" already exists|shared memory block .* is still in use/.test(failure);
    if (!(taken || lingering) || performance.now() > until) throw startFailure(failure, cluster.folder);
    if (taken) wanted = undefined;
    await sleep(300);
  }
}

/**
 * What `reach` answers for the running server's port; undefined when none runs. While a live process is there but is not
 * reached (recovery, shutdown) this waits for the one or the other.
 */
export async function waitWhileUnreachable<T>(
  folder: string,
  reach: (port: number) => Promise<T | undefined>,
): Promise<T | undefined> {
  const until = performance.now() + UNREACHABLE_MS;
  for (;;) {
    const running = runningPostmaster(folder);
    if (running === undefined) return undefined;
    const reached = running.port === undefined ? undefined : await reach(running.port);
    if (reached !== undefined) return reached;
    if (performance.now() > until) {
      throw new StartError(
        `数据库进程 ${running.pid} 还在，但一分钟没有应答。请查看 ${path.join(folder, "log")}，必要时结束该进程后重试。`,
      );
    }
    await sleep(250);
  }
}

/** Fast shutdown: open transactions are rolled back, everything acknowledged is on disk. */
export async function stopPostmaster(folder: string, binaries: Binaries): Promise<void> {
  const args = ["stop", "-D", folder, "-m", "fast", "-w", "-t", "60", "-s"];
  const child = spawn(binaries.pgCtl, args, { ...runAs(ownerFor(folder), binaries), stdio: "ignore" });
  await new Promise<void>((resolve, reject) => {
    child.once("error", (error) => reject(cannotRun(error)));
    child.once("exit", () => resolve());
  });
  if (runningPostmaster(folder) !== undefined) {
    throw new StartError(`数据库一分钟内未能停止。请查看 ${path.join(folder, "log")}。`);
  }
}

/** The process that postmaster.pid names, when it lives and is PostgreSQL: after a reboot the number may be anybody's. */
export function runningPostmaster(folder: string): { pid: number; port: number | undefined } | undefined {
  const file = path.join(folder, "postmaster.pid");
  if (!fs.existsSync(file)) return undefined;
  const lines = fs.readFileSync(file, "utf8").split("\n"); // pid, data directory, start time, port, …
  const pid = Number(lines[0]);
  if (!(pid > 0)) return undefined;
  if (!isAlive(pid)) return undefined;
  if (commandOf(pid)?.includes("postgres") !== false) return { pid, port: Number(lines[3]) || undefined };
  // Another program has that number now (a container started again); PostgreSQL would refuse to start because of it.
  fs.rmSync(file, { force: true });
  return undefined;
}

/** undefined: it runs; otherwise what it said. */
async function tryStart(
  folder: string,
  binaries: Binaries,
  settings: Settings,
  port: number,
  say: (line: string) => void,
): Promise<string | undefined> {
  const output = path.join(folder, "start.log");
  const before = logSizes(folder);
  const handle = fs.openSync(output, "w", 0o600);
  const options = Object.entries({ ...settings, port: String(port) }).flatMap(([k, v]) => [
    "-c",
    `${k}=${v}`,
  ]);
  const child = spawn(binaries.postgres, ["-D", folder, ...options], {
    ...runAs(ownerFor(folder), binaries),
    stdio: ["ignore", handle, handle],
    detached: true,
  });
  fs.closeSync(handle);
  const ended = endOf(child);
  const began = performance.now();
  for (let round = 0; performance.now() - began < RECOVERY_MS; round++) {
    const code = await Promise.race([ended, sleep(round < 20 ? 50 : 250)]);
    if (typeof code === "string") {
      return `${fs.readFileSync(output, "utf8")}\n${logSince(folder, before)}\n${code}`;
    }
    if (isReady(folder, child.pid)) {
      child.removeAllListeners();
      child.unref();
      return undefined;
    }
    if (round > 0 && round % 40 === 0) say("数据库正在从上次的中断中恢复，请稍候…");
  }
  child.kill("SIGQUIT");
  throw new StartError(`数据库一刻钟仍未就绪。请查看 ${path.join(folder, "log")}。`);
}

/** PostgreSQL writes its state into the last line of postmaster.pid: the same that pg_ctl waits for. */
function isReady(folder: string, pid: number | undefined): boolean {
  try {
    const lines = fs.readFileSync(path.join(folder, "postmaster.pid"), "utf8").split("\n");
    return Number(lines[0]) === pid && lines[7]?.trim() === "ready"; // a killed one left its own "ready" behind
  } catch {
    return false;
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(cannotRun(error)));
    child.once("exit", (code, signal) => resolve(`(exit ${code ?? signal})`));
  });
}

function logSizes(folder: string): ReadonlyMap<string, number> {
  const log = path.join(folder, "log");
  const names = fs.existsSync(log) ? fs.readdirSync(log) : [];
  return new Map(names.map((name) => [path.join(log, name), fs.statSync(path.join(log, name)).size]));
}

/** What the log files gained since `before`. */
function logSince(folder: string, before: ReadonlyMap<string, number>): string {
  const gained = [...logSizes(folder)].map(([file, size]) => {
    const known = before.get(file) ?? 0;
    return fs
      .readFileSync(file)
      .subarray(size < known ? 0 : known)
      .toString("utf8");
  });
  return gained.join("").slice(-20_000);
}

/**
 * The wanted port, or any other that is free. Below 32768 the kernel gives no port to outgoing connections, so that the
 * server finds its own free again when it is restarted.
 */
async function freePort(wanted: number | undefined): Promise<number> {
  for (let round = 0; round < 100; round++) {
    const port = round === 0 && wanted !== undefined ? wanted : randomInt(20_000, 32_000);
    if (await isFree(port)) return port;
  }
  throw new StartError("找不到空闲的本机端口给数据库使用。请检查本机的网络设置。");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Clients that are waiting for the server to come back may catch the probe instead.
    const probe = net.createServer((socket) => socket.destroy());
    probe.once("error", () => resolve(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve(true)));
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The program of a process; undefined when the system does not tell. */
function commandOf(pid: number): string | undefined {
  if (process.platform === "win32") return undefined;
  try {
    if (process.platform === "linux") return fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0];
    return spawnSync("ps", ["-o", "comm=", "-p", String(pid)], { encoding: "utf8" }).stdout.trim();
  } catch {
    return undefined;
  }
}
