/** 附件的存放. Bytes of what people attach lie under the folder of files by their SHA-256: written whole or not at all, once. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";

export const digestOf = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

/** Writes the bytes and answers when they are on the disk; a file that is there already is left as it is. */
export async function keepFile(folder: string, sha256: Buffer, bytes: Buffer): Promise<void> {
  const path = pathOf(folder, sha256);
  const there = await stat(path).catch(() => null);
  if (there?.size === bytes.length) return;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const half = `${path}.${randomBytes(6).toString("hex")}.half`;
  try {
    const file = await open(half, "wx", 0o600);
    try {
      await file.writeFile(bytes);
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

/** The bytes of a kept file; null when it is gone or is no longer what it was. */
export async function readKept(folder: string, sha256: Buffer): Promise<Buffer | null> {
  const bytes = await readFile(pathOf(folder, sha256)).catch(() => null);
  return bytes && digestOf(bytes).equals(sha256) ? bytes : null;
}

function pathOf(folder: string, sha256: Buffer): string {
  const hex = sha256.toString("hex");
  return join(folder, "attachments", hex.slice(0, 2), hex);
}
