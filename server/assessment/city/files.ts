/**
 * 市级结果文件的存放. The bytes of a file lie sealed under the folder of files by their SHA-256: they may name people, and
 * what was reconciled must stay provable. They are opened for reading into a folder of their own that goes at once.
 */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, extname, join } from "node:path";
import type { Readable } from "node:stream";
import { addWordings, Refused } from "../../platform/errors.ts";
import type { Shell } from "../../platform/shell.ts";
import { openTable } from "../../platform/tables/open.ts";
import { FileRefused, type Table } from "../../platform/tables/table.ts";

addWordings({
  "city-file-refused": { status: 422, zh: (r) => `不能导入这个文件：${String(r.why)}。` },
});

/** A month of a district's results is a few megabytes. */
const MAX_BYTES = 30 * 1024 * 1024;

export const digestOf = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

/** The whole of an upload; refused when it breaks off or is larger than such a file can be. */
export async function bytesOf(content: Readable & { readonly truncated?: boolean }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of content) {
      if (!Buffer.isBuffer(chunk)) throw new Error("an upload gave text");
      size += chunk.length;
      if (size > MAX_BYTES) throw new Refused({ code: "city-file-refused", why: "文件超过 30 MB" });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refused || !content.errored) throw error;
    throw new Refused({ code: "city-file-refused", why: "上传中断，文件不完整，请重新上传" });
  }
  if (content.truncated) throw new Refused({ code: "city-file-refused", why: "文件超过 30 MB" });
  return Buffer.concat(chunks);
}

/** Keeps the bytes under seal and answers when they are on the disk; a file that is there already is left as it is. */
export async function keepSealed(shell: Shell, bytes: Buffer): Promise<void> {
  const path = pathOf(shell, digestOf(bytes));
  if (await stat(path).catch(() => null)) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const half = `${path}.${randomBytes(6).toString("hex")}.half`;
  try {
    const file = await open(half, "wx", 0o600);
    try {
      await file.writeFile(shell.secrets.seal(bytes.toString("base64")));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(half, path);
  } catch (error) {
    await rm(half, { force: true });
    throw error;
  }
}

/** The bytes of a kept file. Refused when they are gone or are no longer what they were. */
export async function readSealed(shell: Shell, sha256: Buffer): Promise<Buffer> {
  const sealed = await readFile(pathOf(shell, sha256)).catch(() => null);
  const bytes = sealed === null ? null : Buffer.from(shell.secrets.open(sealed), "base64");
  if (bytes === null || !digestOf(bytes).equals(sha256))
    throw new Refused({ code: "city-file-refused", why: "文件已不在，请重新上传" });
  return bytes;
}

/** Opens the bytes as a table while `work` runs. Refused when they are none. */
export async function withTable<T>(
  bytes: Buffer,
  fileName: string,
  work: (table: Table) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "jiesu-city-"));
  try {
    const path = join(folder, `file${extname(fileName).toLowerCase()}`);
    await writeFile(path, bytes, { mode: 0o600 });
    return await work(await openTable(path, fileName));
  } catch (error) {
    if (error instanceof FileRefused)
      throw new Refused({ code: "city-file-refused", fault: error.fault, why: error.why });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const pathOf = (shell: Shell, sha256: Buffer): string =>
  join(shell.files, "city-results", `${sha256.toString("hex")}.sealed`);
