/** 导入的运行. Runs a batch to its end from wherever it stands, or looks through a file without writing. */
import { hash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Column } from "@jiesu/core/intake/header.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import { type RawRow, type RowFault, rowReader } from "@jiesu/core/intake/row.ts";
import type { Db } from "../platform/db/open.ts";
import type { Refusal } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import type { Table } from "../platform/tables/table.ts";
import { readUnitBook } from "../ticket/unitbook.ts";
import { type Answer, dataRows } from "./inspect.ts";
import { prepareBatch } from "./prepare.ts";
import { applyChunk, NO_COUNTS, readChunk } from "./run.ts";
import type { Run, Seen } from "./runstate.ts";
import {
  type Batch,
  type Counts,
  finishBatch,
  forgetFile,
  forgottenBatches,
  listErrors,
  readBatch,
  type Shape,
  stillRuns,
  whileHolding,
} from "./store.ts";

/** Rows written in one transaction. */
export const CHUNK_ROWS = 1000;
/** Errors that an answer carries; all of them are kept with the batch. */
const SHOWN_ERRORS = 10_000;

export interface ImportReport extends Counts {
  readonly profile: string;
  readonly errors: readonly RowFault[];
  readonly unknownUnits: readonly UnknownUnit[];
  /** Of a look only. */
  readonly seen?: Seen;
}

export interface UnknownUnit {
  readonly name: string;
  readonly rows: number;
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
      if (!(await stillRuns(shell.db, id))) return { ok: true, value: null };
    }
    if (!(await stillRuns(shell.db, id))) return { ok: true, value: null };
    await finishBatch(shell.db, id, "done", null, shell.now());
    await dropFile(shell, batch);
    return { ok: true, value: null };
  });
  return held ?? no({ code: "batch-held" });
}

/** Gives up batches that nobody has confirmed, or gone on with, since; their files go too. Answers how many. */
export async function dropForgotten(shell: Shell, before: number): Promise<number> {
  const forgotten = await forgottenBatches(shell.db, before);
  for (const batch of forgotten) {
    const why = batch.status === "failed" ? "中断后一直没有继续" : "上传后一直没有确认";
    if (await finishBatch(shell.db, batch.id, "cancelled", why, shell.now())) await dropFile(shell, batch);
  }
  return forgotten.length;
}

/** The file behind a batch that is over is not kept: it holds personal data in clear. */
export async function dropFile(shell: Shell, batch: Batch): Promise<void> {
  if (batch.stored === null) return;
  await rm(join(shell.files, batch.stored), { force: true });
  await forgetFile(shell.db, batch.id);
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
    seen: more.batchId === null ? { created: [], updated: [] } : null,
    ...more,
  };
}

/** What a file would do, row by row; nothing is written. */
export async function lookThrough(
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
  return { ...total, profile: profile.name, errors, unknownUnits, ...(run.seen ? { seen: run.seen } : {}) };
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

/** What came of a batch. */
export async function reportOf(db: Db, id: string, profile: string): Promise<ImportReport> {
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
