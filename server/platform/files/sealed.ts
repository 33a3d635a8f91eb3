/**
 * 封存的文件. Files that were taken in and may name people lie sealed under a folder of their own, by the SHA-256 of what
 * they say: what was decided on them must stay provable.
 */
import { readdir, readFile, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Refused } from "../errors.ts";
import type { Shell } from "../shell.ts";
import { digestOf, writeWhole } from "./whole.ts";

type Keeper = Pick<Shell, "files" | "secrets">;

/** Keeps the bytes under seal and answers when they are on the disk; a file that is there already is only made young again. */
export async function keepSealed(shell: Keeper, folder: SealedFolder, bytes: Buffer): Promise<void> {
  const path = pathOf(shell, folder, digestOf(bytes));
  const now = new Date();
  if (
    await utimes(path, now, now).then(
      () => true,
      () => false,
    )
  )
    return;
  await writeWhole(path, shell.secrets.seal(bytes.toString("base64")));
}

/** The bytes of a kept file. Refused when they are gone or are no longer what they were. */
export async function readSealed(shell: Keeper, folder: SealedFolder, sha256: Buffer): Promise<Buffer> {
  const sealed = await readFile(pathOf(shell, folder, sha256)).catch(() => null);
  const bytes = sealed === null ? null : Buffer.from(shell.secrets.open(sealed), "base64");
  if (bytes === null || !digestOf(bytes).equals(sha256))
    throw new Refused({ code: "file-refused", why: "文件已不在，请重新上传" });
  return bytes;
}

/** Removes what no row names any more and was laid down before `before`; answers how many files. */
export async function sweepSealed(
  shell: Pick<Shell, "files">,
  folder: SealedFolder,
  named: ReadonlySet<string>,
  before: number,
): Promise<number> {
  const place = join(shell.files, folder);
  let swept = 0;
  for (const name of await readdir(place).catch(() => [])) {
    if (named.has(name.split(".")[0] ?? "")) continue;
    const path = join(place, name);
    const found = await stat(path).catch(() => null);
    if (!found || found.mtimeMs >= before) continue;
    await rm(path, { force: true });
    swept += 1;
  }
  return swept;
}

/** Each kind of file has a folder of its own, so that one feature never sweeps another's. */
export type SealedFolder = "city-results" | "exemption-outcomes";

const pathOf = (shell: Keeper, folder: SealedFolder, sha256: Buffer): string =>
  join(shell.files, folder, `${sha256.toString("hex")}.sealed`);
