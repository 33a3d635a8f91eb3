/** 导入. Takes a file in, shows what it would do, runs it in chunks that a kill cannot double, and goes on with what was cut off. */
import { createHash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { maskFileName } from "@jiesu/core/intake/filename.ts";
import { guessProfile } from "@jiesu/core/intake/guess.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { type Refusal, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import type { Place } from "../platform/tables/look.ts";
import { plainFileName } from "../platform/tables/open.ts";
import { FileRefused } from "../platform/tables/table.ts";
import { type Answer, headerHash, type Inspected, inspectFile } from "./inspect.ts";
import { type Choice, prepare, prepareBatch } from "./prepare.ts";
import { profiles } from "./profiles.ts";
import { dropFile, type ImportReport, lookThrough, reportOf, runBatch } from "./running.ts";
import {
  addBatch,
  type Batch,
  findCutOff,
  finishBatch,
  learnedMapping,
  learnMapping,
  type Mapping,
  reshapeBatch,
  restartBatch,
  type Shape,
  startBatch,
  stopBatch,
} from "./store.ts";
import { addAlias } from "./unitnames.ts";

export interface ImportFileOptions {
  readonly profile?: string | undefined;
  readonly createUnits?: boolean | undefined;
  readonly mapping?: Mapping | undefined;
  readonly dryRun?: boolean | undefined;
  readonly onProgress?: ((done: number, of: number) => void) | undefined;
}

/** Imports a file of this machine from beginning to end: the command line's way. A dry run leaves no trace. */
export async function importFile(
  shell: Shell,
  actor: Actor,
  path: string,
  options: ImportFileOptions = {},
): Promise<Answer<ImportReport>> {
  const fileName = maskFileName(plainFileName(path));
  const ready = await prepare(shell.db, path, fileName, options.profile, options.mapping);
  if (!ready.ok) return ready;
  const { inspected, profile, columns, mapping } = ready.value;
  const importOptions = { createUnits: options.createUnits === true };
  if (options.dryRun) {
    const look = await lookThrough(
      shell,
      inspected.table,
      inspected.shape,
      profile,
      columns,
      importOptions.createUnits,
    );
    return { ok: true, value: look };
  }
  const sha256 = await digestOf(path);
  const known = await findCutOff(shell.db, sha256, profile.name);
  const id =
    known ??
    (await takeIn(shell, actor, path, {
      fileName,
      sha256,
      profile,
      mapping,
      options: importOptions,
      shape: inspected.shape,
    }));
  let outcome = await runBatch(shell, id, options.onProgress);
  while (!outcome.ok && outcome.refusal.code === "batch-held") {
    await sleep(300); // the worker was quicker: it finishes what it began
    outcome = await runBatch(shell, id, options.onProgress);
  }
  if (!outcome.ok) return outcome;
  return { ok: true, value: await reportOf(shell.db, id, profile.name) };
}

/** Keeps an uploaded file and says what it is; nothing is imported yet. The stream may break off: then nothing stays. */
export async function uploadFile(
  shell: Shell,
  actor: Actor,
  name: string,
  content: Readable & { truncated?: boolean },
): Promise<Answer<string>> {
  const fileName = maskFileName(plainFileName(name));
  const stored = await storedName(shell, fileName);
  const path = join(shell.files, stored);
  const sha256 = createHash("sha256");
  try {
    content.on("data", (chunk: Buffer) => sha256.update(chunk));
    await pipeline(content, createWriteStream(path, { mode: 0o600 }));
    if (content.truncated) throw new FileRefused("too-large");
    const seen = await inspectFile(path, fileName);
    if (!seen.ok) {
      await rm(path, { force: true });
      return seen;
    }
    const understood = await understand(shell, seen.value);
    const id = await addBatch(shell.db, {
      fileName,
      sha256: sha256.digest(),
      stored,
      status: "uploaded",
      options: { createUnits: false },
      ...understood,
      userId: actor.userId,
      userName: actor.name,
      at: shell.now(),
    });
    return { ok: true, value: id };
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof FileRefused) return no({ code: "file-refused", fault: error.fault, why: error.why });
    if (content.errored) return no({ code: "file-refused", why: "上传中断，文件不完整，请重新上传" });
    throw error;
  }
}

/** What the columns of a file are taken to mean: as a person confirmed for this header, as a profile names them, or nearly so. */
async function understand(
  shell: Shell,
  { shape, profile }: Inspected,
): Promise<{ readonly shape: Shape; readonly profile: string; readonly mapping: Mapping }> {
  const learned = await learnedMapping(shell.db, headerHash(shape));
  if (learned) return { ...learned, shape: { ...shape, guess: "learned" } };
  if (profile) return { profile: profile.name, mapping: {}, shape };
  const row: string[] = [];
  for (const h of shape.headers) row[h.index] = h.header;
  const guess = guessProfile(
    Array.from(row, (header) => header ?? ""),
    profiles(),
  );
  return guess
    ? { profile: guess.profile.name, mapping: { ...guess.mapping }, shape: { ...shape, guess: "like" } }
    : { profile: "", mapping: {}, shape };
}

/** Another sheet or another header row of an uploaded file: all is read and understood anew. */
export async function placeHeader(shell: Shell, batch: Batch, place: Place): Promise<Answer<null>> {
  if (batch.status !== "uploaded") return no({ code: "batch-begun" });
  if (batch.stored === null) return no({ code: "file-refused", why: "文件已不在，请重新上传" });
  const seen = await inspectFile(join(shell.files, batch.stored), batch.fileName, undefined, place);
  if (!seen.ok) return seen;
  return (await reshapeBatch(shell.db, batch.id, await understand(shell, seen.value)))
    ? { ok: true, value: null }
    : no({ code: "batch-begun" });
}

/** What an uploaded file would do under these choices; nothing is written. */
export async function previewBatch(
  shell: Shell,
  batch: Batch,
  choice: Choice,
): Promise<Answer<ImportReport>> {
  const ready = await prepareBatch(shell, batch, choice);
  if (!ready.ok) return ready;
  const { inspected, profile, columns } = ready.value;
  return {
    ok: true,
    value: await lookThrough(shell, inspected.table, batch.shape, profile, columns, choice.createUnits),
  };
}

/** Confirms an uploaded file: its mapping is learned, and the worker imports it. */
export async function confirmBatch(
  shell: Shell,
  actor: Actor,
  batch: Batch,
  choice: Choice,
): Promise<Answer<null>> {
  const ready = await prepareBatch(shell, batch, choice);
  if (!ready.ok) return ready;
  const { profile, mapping } = ready.value;
  return shell.db.transaction().execute(async (tx) => {
    const started = await startBatch(tx, batch.id, {
      profile: profile.name,
      mapping,
      options: { createUnits: choice.createUnits },
      userId: actor.userId,
      userName: actor.name,
    });
    if (!started) return no({ code: "batch-begun" });
    await learnMapping(tx, headerHash(batch.shape), profile.name, mapping, shell.now());
    const detail = { batch: batch.id, file: batch.fileName, profile: profile.name };
    await audit(tx, shell.now(), actor.userId, actor.name, "import", { detail });
    return { ok: true, value: null };
  });
}

/** Goes on with a batch that failed; what it has done stays done. */
export async function resumeBatch(shell: Shell, _actor: Actor, batch: Batch): Promise<Answer<null>> {
  return (await restartBatch(shell.db, batch.id))
    ? { ok: true, value: null }
    : no({ code: "batch-not-failed" });
}

/** Stops a running batch after the chunk under way; it can be gone on with, given up or undone. */
export async function haltBatch(shell: Shell, actor: Actor, batch: Batch): Promise<Answer<null>> {
  return (await stopBatch(shell.db, batch.id, `${actor.name}停止了导入`, shell.now()))
    ? { ok: true, value: null }
    : no({ code: "batch-not-running" });
}

/** Gives up a batch that is not confirmed or has failed; its file goes. */
export async function cancelBatch(shell: Shell, actor: Actor, batch: Batch): Promise<Answer<null>> {
  if (!(await finishBatch(shell.db, batch.id, "cancelled", `${actor.name}放弃`, shell.now())))
    return no({ code: "batch-begun" });
  await dropFile(shell, batch);
  return { ok: true, value: null };
}

/** Names of the file become aliases of units of ours. */
export async function mapUnits(
  shell: Shell,
  actor: Actor,
  pairs: readonly { readonly name: string; readonly unitId: string }[],
): Promise<Answer<null>> {
  return shell.db.transaction().execute(async (tx) => {
    const ids = [...new Set(pairs.map((p) => p.unitId))];
    const found =
      ids.length === 0 ? [] : await tx.selectFrom("unit").select("id").where("id", "in", ids).execute();
    if (found.length !== ids.length) return no({ code: "unit-unknown" });
    for (const { name, unitId } of pairs) {
      if (!(await addAlias(tx, name, unitId, shell.now())))
        throw new Refused({ code: "duplicate", what: `单位名称或别名“${name}”` });
      await audit(tx, shell.now(), actor.userId, actor.name, "alias-added", {
        detail: { unit: unitId, alias: name },
      });
    }
    return { ok: true, value: null };
  });
}

interface TakeIn {
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly profile: Profile;
  readonly mapping: Mapping;
  readonly options: { readonly createUnits: boolean };
  readonly shape: Shape;
}

/** Copies the file among ours, so that a worker can go on with it when this process is killed. */
async function takeIn(shell: Shell, actor: Actor, path: string, t: TakeIn): Promise<string> {
  const stored = await storedName(shell, t.fileName);
  await copyFile(path, join(shell.files, stored));
  return addBatch(shell.db, {
    ...t,
    stored,
    profile: t.profile.name,
    status: "running",
    userId: actor.userId,
    userName: actor.name,
    at: shell.now(),
  });
}

async function storedName(shell: Shell, fileName: string): Promise<string> {
  await mkdir(join(shell.files, "imports"), { recursive: true, mode: 0o700 });
  return join("imports", `${randomUUID()}${extname(fileName).toLowerCase()}`);
}

async function digestOf(path: string): Promise<Buffer> {
  const sha256 = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) sha256.update(chunk);
  return sha256.digest();
}

const no = (refusal: Refusal) => ({ ok: false as const, refusal });
