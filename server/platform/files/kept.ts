/** 附件的存放. Bytes lie under the folder of files by their SHA-256: the same file once, checked each time it is read. */
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { digestOf, writeWhole } from "./whole.ts";

/** Writes the bytes and answers when they are on the disk; a file that is there already is left as it is. */
export async function keepFile(folder: string, sha256: Buffer, bytes: Buffer): Promise<void> {
  const path = pathOf(folder, sha256);
  const there = await stat(path).catch(() => null);
  if (there?.size !== bytes.length) await writeWhole(path, bytes);
}

/** The bytes of a kept file; null when it is gone or is no longer what it was. */
export async function readKept(folder: string, sha256: Buffer): Promise<Buffer | null> {
  const bytes = await readFile(pathOf(folder, sha256)).catch(() => null);
  return bytes && digestOf(bytes).equals(sha256) ? bytes : null;
}

/** Whether a file of that size is there: a cheap look, which does not read it. */
export async function isKept(folder: string, sha256: Buffer, size: number): Promise<boolean> {
  return (await stat(pathOf(folder, sha256)).catch(() => null))?.size === size;
}

function pathOf(folder: string, sha256: Buffer): string {
  const hex = sha256.toString("hex");
  return join(folder, "attachments", hex.slice(0, 2), hex);
}
