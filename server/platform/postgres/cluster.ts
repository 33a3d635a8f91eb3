/** 数据库簇. Where a data directory keeps its PostgreSQL cluster, with which passwords, and how a new one is made. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { makeDataDir } from "../config/instance.ts";
import { StartError } from "../config/start-error.ts";
import { type Binaries, makePassable } from "./binaries.ts";
import { mayPass, type Owner } from "./owner.ts";

/** postgres.json in the data directory, mode 0600. */
const Note = z.object({
  /** Relative to the data directory, or absolute when it lies elsewhere. */
  cluster: z.string(),
  /** false while initdb has not ended. */
  made: z.boolean(),
  adminPassword: z.string(),
  appPassword: z.string(),
  /** Of the last start; kept from start to start where it is free. */
  port: z.number().optional(),
  /** Which program and settings it was last started with. */
  build: z.string().optional(),
});
type Note = z.infer<typeof Note>;

export interface Cluster extends Note {
  readonly dataDir: string;
  readonly folder: string;
}

const MAJOR = 18;

/** The cluster that the data directory names; undefined when it has none yet, or its making was cut short. */
export function knownCluster(dataDir: string): Cluster | undefined {
  const note = readNote(dataDir);
  if (note === undefined) return undefined;
  const folder = path.resolve(dataDir, note.cluster);
  const version = path.join(folder, "PG_VERSION");
  if (!fs.existsSync(version)) {
    if (!note.made) return undefined;
    throw new StartError(
      `${noteFile(dataDir)} 所指的数据库 ${folder} 不在了。请从备份恢复；若确实不要旧数据，请删除整个 ${dataDir} 后重试。`,
    );
  }
  const major = fs.readFileSync(version, "utf8").trim();
  if (major !== String(MAJOR)) {
    throw new StartError(
      `数据库 ${folder} 是 PostgreSQL ${major} 的，现在的程序是 ${MAJOR}。请先用旧版导出，再导入。`,
    );
  }
  return { ...note, dataDir, folder };
}

/**
 * Makes a cluster: inside the data directory, or, when PostgreSQL runs as another user who cannot pass through to it,
 * in `home` under a name of its own. The note comes first and the cluster appears whole (initdb fills a folder beside
 * it), so that a start that is cut short at any point can be made again, and no cluster is ever taken for rubbish.
 */
export function createCluster(
  dataDir: string,
  home: string,
  owner: Owner | undefined,
  binaries: Binaries,
): Cluster {
  makeDataDir(dataDir);
  const note =
    readNote(dataDir) ?? newNote(owner === undefined || mayPass(owner, dataDir) ? undefined : home);
  const folder = path.resolve(dataDir, note.cluster);
  if (fs.existsSync(folder)) {
    throw new StartError(
      `${folder} 里有数据库，但记着它的密码的 ${noteFile(dataDir)} 不见了。请从备份中恢复该文件；若确实不要旧数据，请删除 ${folder}。`,
    );
  }
  const cluster = { ...note, dataDir, folder };
  rememberCluster(cluster);
  const draft = `${folder}.new`;
  makePassable(path.dirname(folder));
  fs.rmSync(draft, { recursive: true, force: true });
  fs.mkdirSync(draft, { mode: 0o700 });
  try {
    if (owner !== undefined) fs.chownSync(draft, owner.uid, owner.gid);
    initdb(draft, note.adminPassword, owner, binaries);
    fs.renameSync(draft, folder);
  } catch (error) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  const made = { ...cluster, made: true };
  rememberCluster(made);
  return made;
}

function newNote(outside: string | undefined): Note {
  return {
    cluster:
      outside === undefined
        ? `postgres-${MAJOR}`
        : path.join(outside, `data-${randomBytes(6).toString("hex")}`),
    made: false,
    adminPassword: randomBytes(18).toString("hex"),
    appPassword: randomBytes(18).toString("hex"),
  };
}

export function rememberCluster({ dataDir, folder: _folder, ...note }: Cluster): void {
  const file = noteFile(dataDir);
  const draft = `${file}.${process.pid}`;
  fs.writeFileSync(draft, `${JSON.stringify(note)}\n`, { mode: 0o600 });
  if (process.getuid?.() === 0) {
    const { uid, gid } = fs.statSync(dataDir); // the directory's own user must still be able to read it
    fs.chownSync(draft, uid, gid);
  }
  fs.renameSync(draft, file);
}

function initdb(folder: string, password: string, owner: Owner | undefined, binaries: Binaries): void {
  const passwordFile = `${folder}.pw`;
  const args = ["-D", folder, "-U", "postgres", `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
  args.push("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8", "--builtin-locale=C.UTF-8");
  args.push("--no-instructions");
  try {
    fs.writeFileSync(passwordFile, password, { mode: 0o600 });
    if (owner !== undefined) fs.chownSync(passwordFile, owner.uid, owner.gid);
    const result = spawnSync(binaries.initdb, args, { ...runAs(owner, binaries), encoding: "utf8" });
    if (result.error !== undefined) throw cannotRun(result.error);
    if (result.status !== 0) throw startFailure(`${result.stdout}\n${result.stderr}`, folder);
  } finally {
    fs.rmSync(passwordFile, { force: true });
  }
}

/** How PostgreSQL's programs are spawned: as their user, from a folder that user can enter, with messages in English. */
export function runAs(owner: Owner | undefined, binaries: Binaries) {
  const { NODE_OPTIONS: _node, ...env } = process.env;
  const ours = Object.entries(env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return {
    ...(owner ?? {}),
    cwd: path.dirname(binaries.postgres),
    env: { ...Object.fromEntries(ours), LC_ALL: "C" },
    windowsHide: true,
  };
}

/** The programs could not be started at all. */
export function cannotRun(error: Error): StartError {
  return new StartError(
    `内嵌的 PostgreSQL 无法在本机运行（${error.message}）。请自备 PostgreSQL 15–18，并用 DATABASE_URL 指明。`,
    { cause: error },
  );
}

/** What PostgreSQL said, as one line. */
export function startFailure(output: string, folder: string): StartError {
  if (/No space left on device|Disk quota exceeded/.test(output)) {
    return new StartError(
      `磁盘已满，数据库无法启动（${folder}）。请清出空间（约需 1 GB）后重试；已有数据不会丢失。`,
    );
  }
  if (/Permission denied|Operation not permitted/.test(output)) {
    return new StartError(
      `没有权限使用数据库目录 ${folder}。请用拥有它的用户运行，或用 JIESU_DATA 换一个数据目录。`,
    );
  }
  if (/could not (map|create) .*shared memory|Cannot allocate memory/.test(output)) {
    return new StartError("内存不足，数据库无法启动。请释放内存（至少约 1 GB）后重试。");
  }
  const said = output.split("\n").filter((line) => /FATAL|PANIC|ERROR|error:|HINT/.test(line));
  const last = (said.length > 0 ? said : output.trim().split("\n")).slice(-3).join("；");
  return new StartError(`数据库无法启动：${last}（日志在 ${path.join(folder, "log")}）`);
}

function readNote(dataDir: string): Note | undefined {
  const file = noteFile(dataDir);
  if (!fs.existsSync(file)) return undefined;
  try {
    return Note.parse(JSON.parse(fs.readFileSync(file, "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error) throw error;
    throw new StartError(`${file} 已损坏，无法连接内嵌数据库。请从备份中恢复它。`);
  }
}

function noteFile(dataDir: string): string {
  return path.join(dataDir, "postgres.json");
}
