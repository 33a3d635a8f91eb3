/** 唯一实例: one server to a data directory. A second one is told who was first, in one line. */
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { type Lock, tryLock } from "./lock.ts";
import { StartError } from "./start-error.ts";

const About = z.object({ pid: z.number(), address: z.string() });

/**
 * Holds the data directory until released (or until the process ends, however it ends). `address` is shown to a second
 * instance. Makes the directory when it is absent. Throws StartError when another server holds it.
 */
export async function holdDataDir(dataDir: string, address: string): Promise<Lock> {
  makeDataDir(dataDir);
  const lock = await tryLock(`server ${fs.realpathSync(dataDir)}`);
  const note = path.join(dataDir, "server.json");
  if (lock === undefined) {
    throw new StartError(
      `已有一个接诉服务在使用数据目录 ${dataDir}${whoHolds(note)}。请先停止它，或用 JIESU_DATA 为这一个另设数据目录。`,
    );
  }
  fs.writeFileSync(note, `${JSON.stringify({ pid: process.pid, address })}\n`);
  return lock;
}

/** Private to its owner; under root passable, because the embedded PostgreSQL runs as another user inside it. */
export function makeDataDir(dataDir: string): void {
  if (fs.existsSync(dataDir)) return;
  fs.mkdirSync(dataDir, { recursive: true });
  fs.chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
}

function whoHolds(note: string): string {
  try {
    const about = About.parse(JSON.parse(fs.readFileSync(note, "utf8")));
    return `（进程 ${about.pid}，${about.address}）`;
  } catch {
    return ""; // it is just starting, and has not written who it is
  }
}
