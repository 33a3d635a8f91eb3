/** 主密钥. Loads the key that seals personal data, or makes one outside the repository on the first start. */
import { hkdfSync, randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import type { KeySource } from "./config.ts";
import { makeDataDir } from "./instance.ts";
import { StartError } from "./start-error.ts";

export interface Key {
  /** 32 bytes for `secretsOf`: SM4 key and HMAC-SM3 key, derived from the 16 bytes of the master key (HKDF-SM3). */
  readonly bytes: Buffer;
  /** Names the key without telling it: a database keeps it, so that another key is noticed before anything is sealed. */
  readonly id: string;
  /** The file that holds it; undefined when it came from the environment. */
  readonly file: string | undefined;
  readonly created: boolean;
}

/** What the data directory remembers of its key: never the key itself. */
const Remembered = z.object({ id: z.string(), file: z.string().optional() });
type Remembered = z.infer<typeof Remembered>;

/**
 * The key for a data directory. Throws StartError when the file is open to others, lies in a git work tree, is not a key,
 * is another key than the one this data was sealed with, or has gone: a new one is never made in its place.
 */
export function loadKey(source: KeySource, dataDir: string): Key {
  const note = path.join(dataDir, "key.json");
  const remembered = readNote(note);
  const key = source.from === "environment" ? keyOf(source.master, undefined) : fromFiles(source, remembered);
  if (remembered !== undefined && remembered.id !== key.id) {
    throw new StartError(
      `密钥与数据不符：数据目录 ${dataDir} 的个人信息是用另一把密钥加密的（编号 ${remembered.id}，现为 ${key.id}）。` +
        `请换回原来的密钥${remembered.file === undefined ? "（原由 JIESU_KEY 提供）" : `（${remembered.file}）`}，或用 JIESU_DATA 另设数据目录。`,
    );
  }
  if (remembered === undefined || remembered.file !== key.file) writeNote(note, key);
  return key;
}

function fromFiles(source: Extract<KeySource, { from: "file" }>, remembered: Remembered | undefined): Key {
  const earlier = source.named || remembered?.file === undefined ? [] : [remembered.file];
  const candidates = [...new Set([...earlier, ...source.candidates])];
  const found = candidates.find((file) => fs.existsSync(file));
  if (found !== undefined) return readKey(found);
  if (remembered !== undefined) {
    throw new StartError(
      `找不到密钥文件 ${remembered.file ?? candidates[0]}，没有它就无法解密已有的个人信息。` +
        "请从备份中放回原处，或用 JIESU_KEY_FILE 指出它现在的位置。",
    );
  }
  return createKey(candidates);
}

function readKey(file: string): Key {
  refuseInRepository(file);
  const { mode } = fs.statSync(file);
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    throw new StartError(
      `密钥文件 ${file} 可被其他用户读取。请运行 chmod 600 ${file} 后重试；如已外泄请更换密钥。`,
    );
  }
  const text = fs.readFileSync(file, "utf8").trim();
  if (!/^[0-9a-fA-F]{32}$/.test(text)) {
    throw new StartError(`密钥文件 ${file} 的内容不是 32 位十六进制字符。请从备份中恢复它。`);
  }
  return keyOf(text, file);
}

/** In the first place that can be written and is not in a repository. */
function createKey(candidates: readonly string[]): Key {
  let refused: unknown;
  for (const file of candidates) {
    try {
      refuseInRepository(file);
      writeWhole(file, `${randomBytes(16).toString("hex")}\n`);
      return { ...readKey(file), created: true };
    } catch (error) {
      refused ??= error;
    }
  }
  if (refused instanceof StartError) throw refused;
  const why = refused instanceof Error ? refused.message : String(refused);
  throw new StartError(
    `无法保存密钥文件 ${candidates.join(" 或 ")}（${why}）。请用 JIESU_KEY_FILE 指定一个可写、在代码仓库之外的位置，或直接设 JIESU_KEY。`,
  );
}

/** Appears whole or not at all; when another process was first, its file stands. */
function writeWhole(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  const handle = fs.openSync(draft, "w", 0o600);
  try {
    fs.writeSync(handle, text);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if (!fs.existsSync(file)) throw error;
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** A key in a work tree is one `git add` away from everybody. */
function refuseInRepository(file: string): void {
  for (let folder = realFolder(path.dirname(path.resolve(file))); ; folder = path.dirname(folder)) {
    if (fs.existsSync(path.join(folder, ".git"))) {
      throw new StartError(
        `密钥文件 ${file} 位于 git 仓库 ${folder} 之内，容易被误提交。请用 JIESU_KEY_FILE 指定仓库之外的位置。`,
      );
    }
    if (folder === path.dirname(folder)) return;
  }
}

/** Follows links as far as the folder exists. */
function realFolder(folder: string): string {
  if (fs.existsSync(folder)) return fs.realpathSync(folder);
  return path.join(realFolder(path.dirname(folder)), path.basename(folder));
}

function keyOf(master: string, file: string | undefined): Key {
  const derive = (purpose: string, length: number) =>
    Buffer.from(hkdfSync("sm3", Buffer.from(master, "hex"), "jiesu", purpose, length));
  return {
    bytes: derive("personal data", 32),
    id: derive("key id", 4).toString("hex"),
    file,
    created: false,
  };
}

function readNote(note: string): Remembered | undefined {
  if (!fs.existsSync(note)) return undefined;
  try {
    return Remembered.parse(JSON.parse(fs.readFileSync(note, "utf8")));
  } catch {
    throw new StartError(`${note} 已损坏。请从备份中恢复它；它记着这批数据用的是哪一把密钥。`);
  }
}

function writeNote(note: string, key: Key): void {
  const draft = `${note}.${process.pid}`;
  makeDataDir(path.dirname(note));
  fs.writeFileSync(draft, `${JSON.stringify({ id: key.id, file: key.file })}\n`, { mode: 0o600 });
  fs.renameSync(draft, note);
}
