/** 互斥锁. A lock between processes that the kernel frees when its holder dies, kill -9 included: no stale lock files. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes the lock of that name, or undefined when another process (or this one) holds it.
 * Linux: an abstract socket; Windows: a named pipe; macOS: a file opened with O_EXLOCK. Processes in different containers
 * do not see each other's locks; PostgreSQL's own lock file still guards its data there.
 */
export async function tryLock(name: string): Promise<Lock | undefined> {
  const id = `jiesu-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  if (process.platform === "linux") return listenAt(`\0${id}`);
  if (process.platform === "win32") return listenAt(`\\\\.\\pipe\\${id}`);
  return openExclusively(path.join(tmpdir(), `${id}.lock`));
}

/** Waits for the lock; `onWait` is called once when it is not free at once. Undefined after `timeoutMs`. */
export async function waitForLock(
  name: string,
  timeoutMs: number,
  onWait: () => void,
): Promise<Lock | undefined> {
  const until = performance.now() + timeoutMs;
  for (let round = 0; ; round++) {
    const lock = await tryLock(name);
    if (lock !== undefined || performance.now() > until) return lock;
    if (round === 0) onWait();
    await sleep(Math.min(20 + round * 20, 200));
  }
}

function listenAt(address: string): Promise<Lock | undefined> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.destroy());
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

async function openExclusively(file: string): Promise<Lock | undefined> {
  const EXLOCK = 0x20; // <fcntl.h> of the BSDs; Node names no constant for it
  const flags = fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_NONBLOCK | EXLOCK;
  try {
    const handle = await fs.promises.open(file, flags, 0o666);
    return { release: () => handle.close() };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EAGAIN") return undefined;
    throw error;
  }
}
