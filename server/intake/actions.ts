/** 导入. Takes a file in, shows what it would do, runs it in chunks that a kill cannot double, and goes on with what was cut off. */
import { createHash, hash, randomUUID } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Column } from "@jiesu/core/intake/header.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import { type RawRow, type RowFault, rowReader } from "@jiesu/core/intake/row.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import {
  type Answer,
  columnsOf,
  dataRows,
  headerHash,
  type Inspected,
  inspectFile,
  reopenFile,
} from "./inspect.ts";
import { findProfile, GENERIC } from "./profiles.ts";
import { plainFileName } from "./readers/open.ts";
import { FileRefused, type Table } from "./readers/table.ts";
import { applyChunk, NO_COUNTS, readChunk } from "./run.ts";
import type { Run } from "./runstate.ts";
import {
  addBatch,
  type Batch,
  type Counts,
  findCutOff,
  finishBatch,
  forgetFile,
  forgottenBatches,
  learnedMapping,
  learnMapping,
  listErrors,
  type Mapping,
  readBatch,
  restartBatch,
  type Shape,
  startBatch,
  whileHolding,
} from "./store.ts";
import { addAlias, readUnitBook } from "./unitbook.ts";

addWordings({
  "batch-begun": { status: 409, zh: () => "这个文件已经开始导入，不能再改。" },
  "batch-held": { status: 409, zh: () => "这个文件正在由另一进程导入。" },
  "batch-not-failed": { status: 409, zh: () => "这个文件没有中断，不需要继续。" },
});

/** Rows written in one transaction. */
export const CHUNK_ROWS = 1000;
/** Errors that an answer carries; all of them are kept with the batch. */
const SHOWN_ERRORS = 10_000;

export interface ImportReport extends Counts {
  readonly profile: string;
  readonly errors: readonly RowFault[];
  readonly unknownUnits: readonly UnknownUnit[];
}

export interface UnknownUnit {
  readonly name: string;
  readonly rows: number;
}

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
  const fileName = plainFileName(path);
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
  const fileName = plainFileName(name);
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
    const { shape, profile } = seen.value;
    const learned = await learnedMapping(shell.db, headerHash(shape));
    const id = await addBatch(shell.db, {
      fileName,
      sha256: sha256.digest(),
      stored,
      profile: learned?.profile ?? profile?.name ?? "",
      status: "uploaded",
      options: { createUnits: false },
      mapping: learned?.mapping ?? {},
      shape,
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

export interface Choice {
  readonly profile?: string | undefined;
  readonly mapping: Mapping;
  readonly createUnits: boolean;
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

/** Gives up a batch that is not confirmed or has failed; its file goes. */
export async function cancelBatch(shell: Shell, actor: Actor, batch: Batch): Promise<Answer<null>> {
  if (batch.status !== "uploaded" && batch.status !== "failed") return no({ code: "batch-begun" });
  await finishBatch(shell.db, batch.id, "cancelled", `${actor.name}放弃`, shell.now());
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
      await addAlias(tx, name, unitId, shell.now());
      await audit(tx, shell.now(), actor.userId, actor.name, "alias-added", {
        detail: { unit: unitId, alias: name },
      });
    }
    return { ok: true, value: null };
  });
}

/**
 * Runs a batch from where it stands to its end. Answers not-held when another process has it. A fault of the file ends
 * it as failed; any other (the database went away) leaves it running, to be gone on with.
 */
export async function runBatch(
  shell: Shell,
  id: string,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<Answer<null>> {
  const held = await whileHolding(shell.db, id, async (): Promise<Answer<null>> => {
    const batch = await readBatch(shell.db, id);
    if (batch?.status !== "running") return { ok: true, value: null };
    const fail = async (refusal: Refusal, why: string): Promise<Answer<null>> => {
      await finishBatch(shell.db, id, "failed", why, shell.now());
      return no(refusal);
    };
    if (batch.stored === null) return fail({ code: "file-refused", why: "文件已不在" }, "文件已不在");
    const ready = await prepareBatch(shell, batch, {
      ...batch.options,
      profile: batch.profile,
      mapping: batch.mapping,
    });
    if (!ready.ok) return fail(ready.refusal, String(ready.refusal.why ?? ready.refusal.code));
    const { inspected, profile, columns } = ready.value;
    const run = await newRun(shell, profile, columns, {
      batchId: id,
      createUnits: batch.options.createUnits,
      from: batch.nextRow,
      lanesDone: batch.lanesDone,
      stamp: { at: shell.now(), userId: batch.userId, userName: batch.userName, role: "importer" },
    });
    for await (const chunk of ahead(
      chunksOf(inspected.table, batch.shape, [batch.nextRow, batch.lanesDone === 0 ? 0 : batch.lanesUntil]),
      (raw) => readChunk(run, raw),
    )) {
      await applyChunk(run, chunk);
      onProgress(run.done, batch.shape.rows);
    }
    await finishBatch(shell.db, id, "done", null, shell.now());
    await dropFile(shell, batch);
    return { ok: true, value: null };
  });
  return held ?? no({ code: "batch-held" });
}

/** Gives up batches that nobody has confirmed since; their files go too. Answers how many. */
export async function dropForgotten(shell: Shell, before: number): Promise<number> {
  const forgotten = await forgottenBatches(shell.db, before);
  for (const batch of forgotten) {
    await finishBatch(shell.db, batch.id, "cancelled", "上传后一直没有确认", shell.now());
    await dropFile(shell, batch);
  }
  return forgotten.length;
}

/** The file behind a batch that is over is not kept: it holds personal data in clear. */
async function dropFile(shell: Shell, batch: Batch): Promise<void> {
  if (batch.stored === null) return;
  await rm(join(shell.files, batch.stored), { force: true });
  await forgetFile(shell.db, batch.id);
}

interface Ready {
  readonly inspected: Inspected;
  readonly profile: Profile;
  readonly columns: readonly Column[];
  readonly mapping: Mapping;
}

async function prepareBatch(shell: Shell, batch: Batch, choice: Choice): Promise<Answer<Ready>> {
  if (batch.status !== "uploaded" && batch.status !== "running") return no({ code: "batch-begun" });
  if (batch.stored === null) return no({ code: "file-refused", why: "文件已不在，请重新上传" });
  const profile = choice.profile ?? batch.profile;
  return prepare(
    shell.db,
    join(shell.files, batch.stored),
    batch.fileName,
    profile === "" ? undefined : profile,
    choice.mapping,
    batch.shape,
  );
}

/** Opens a file and settles what its columns mean: by the mapping given, else the one learned for this header. */
async function prepare(
  db: Db,
  path: string,
  fileName: string,
  profileName: string | undefined,
  mapping: Mapping | undefined,
  known?: Shape,
): Promise<Answer<Ready>> {
  const byHand = profileName === GENERIC ? undefined : profileName;
  const seen = known ? await reopenFile(path, fileName, known) : await inspectFile(path, fileName, byHand);
  if (!seen.ok) return seen;
  const inspected = seen.value;
  const learned =
    mapping === undefined && profileName === undefined
      ? await learnedMapping(db, headerHash(inspected.shape))
      : null;
  const name = profileName ?? learned?.profile;
  const profile = name === undefined ? inspected.profile : findProfile(name);
  const settled = mapping ?? learned?.mapping ?? {};
  if (!profile) {
    const headers = inspected.shape.headers.map((h) => h.header).join("、");
    return no({
      code: "header-unknown",
      headers: headers.length > 200 ? `${headers.slice(0, 199)}…` : headers,
    });
  }
  const columns = columnsOf(inspected.shape, profile, settled);
  return columns.ok
    ? { ok: true, value: { inspected, profile, columns: columns.value, mapping: settled } }
    : columns;
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

async function newRun(
  shell: Shell,
  profile: Profile,
  columns: readonly Column[],
  more: Pick<Run, "batchId" | "createUnits" | "from" | "lanesDone" | "stamp">,
): Promise<Run> {
  return {
    shell,
    profile,
    read: rowReader(profile, columns, (text) => hash("sha256", text, "hex").slice(0, 16)),
    unitHeader: columns.find((c) => c.field === "unit")?.header ?? "承办单位",
    units: await readUnitBook(shell.db),
    used: new Map(),
    imagined: new Set(),
    unknownUnits: new Map(),
    done: 0,
    ...more,
  };
}

async function lookThrough(
  shell: Shell,
  table: Table,
  shape: Shape,
  profile: Profile,
  columns: readonly Column[],
  createUnits: boolean,
): Promise<ImportReport> {
  const stamp = { at: shell.now(), userId: null, userName: "", role: "importer" as const };
  const run = await newRun(shell, profile, columns, {
    batchId: null,
    createUnits,
    from: 0,
    lanesDone: 0,
    stamp,
  });
  let total = NO_COUNTS;
  const errors: RowFault[] = [];
  for await (const raw of chunksOf(table, shape, [])) {
    const { counts, faults } = await applyChunk(run, readChunk(run, raw));
    total = {
      rows: total.rows + counts.rows,
      created: total.created + counts.created,
      updated: total.updated + counts.updated,
      unchanged: total.unchanged + counts.unchanged,
      rejected: total.rejected + counts.rejected,
    };
    errors.push(...faults.slice(0, SHOWN_ERRORS - errors.length));
  }
  const unknownUnits = [...run.unknownUnits]
    .map(([name, rows]) => ({ name, rows }))
    .sort((a, b) => b.rows - a.rows);
  return { ...total, profile: profile.name, errors, unknownUnits };
}

/** Rows in chunks; none reaches across an edge, where an earlier run was cut off. */
async function* chunksOf(
  table: Table,
  shape: Shape,
  edges: readonly number[],
): AsyncGenerator<readonly RawRow[]> {
  let chunk: RawRow[] = [];
  let done = 0;
  for await (const batch of dataRows(table, shape)) {
    for (const row of batch) {
      chunk.push(row);
      if (chunk.length === CHUNK_ROWS || edges.includes(done + chunk.length)) {
        yield chunk;
        done += chunk.length;
        chunk = [];
      }
    }
  }
  if (chunk.length > 0) yield chunk;
}

/** Makes the next one ready while the one before is still being used: reading goes on while the database writes. */
async function* ahead<A, B>(source: AsyncGenerator<A>, make: (item: A) => B): AsyncGenerator<B> {
  const next = async (): Promise<{ item: B } | null> => {
    const { value, done } = await source.next();
    return done === true ? null : { item: make(value) };
  };
  let coming = next();
  try {
    for (;;) {
      const here = await coming;
      if (here === null) return;
      coming = next();
      coming.catch(() => {}); // heard when it is awaited
      yield here.item;
    }
  } finally {
    await coming.catch(() => {});
    await source.return(undefined);
  }
}

async function reportOf(db: Db, id: string, profile: string): Promise<ImportReport> {
  const batch = await readBatch(db, id);
  if (!batch) throw new Error("a batch that ran is gone");
  const { rows, created, updated, unchanged, rejected } = batch;
  const errors = await listErrors(db, id, 0, SHOWN_ERRORS);
  const unknown = Map.groupBy(
    errors.filter((e) => e.why.startsWith("本区没有这个单位")),
    (e) => e.value,
  );
  const unknownUnits = [...unknown].map(([name, of]) => ({ name, rows: of.length }));
  return { rows, created, updated, unchanged, rejected, profile, errors, unknownUnits };
}

const no = (refusal: Refusal) => ({ ok: false as const, refusal });
