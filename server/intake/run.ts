/**
 * 一次运行. Reads a file's rows in chunks and writes each chunk in two lanes, side by side: tickets with even and with odd
 * digests of their numbers. Every lane is one transaction with the counts of its rows, so that a kill at any moment
 * leaves whole lanes, and a chunk of which one lane is done is finished by the other.
 */
import type { ImportedRow, RawRow, RowFault } from "@jiesu/core/intake/row.ts";
import type { Db } from "../platform/db/open.ts";
import { readUnitBook } from "../ticket/unitbook.ts";
import { applyRows } from "./chunk.ts";
import { placeRows, shortDigest } from "./readyrow.ts";
import { keepRefused } from "./refused.ts";
import type { Run } from "./runstate.ts";
import { addErrors, advance, type Counts, lockLane } from "./store.ts";
import { addUnits } from "./unitnames.ts";

/** Lanes of a chunk; their number is part of what a batch remembers of a chunk under way. */
const LANES = [0, 1] as const;
export const ALL_LANES = 3;

export interface ChunkResult {
  readonly counts: Counts;
  readonly faults: readonly RowFault[];
}

export const NO_COUNTS: Counts = { rows: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 };

export interface Chunk {
  readonly rows: readonly ImportedRow[];
  readonly faults: readonly RowFault[];
  readonly rejected: number;
  /** The rows as they stood in the file, by number: what is refused is kept to be mended. */
  readonly raw: ReadonlyMap<number, RawRow>;
}

/** Reads the cells of a chunk: no database, so that it can be done while the chunk before is being written. */
export function readChunk(run: Run, raw: readonly RawRow[]): Chunk {
  const rows: ImportedRow[] = [];
  const faults: RowFault[] = [];
  let rejected = 0;
  for (const each of raw) {
    const read = run.read(each);
    if (read.ok) rows.push(read.row);
    else {
      rejected += 1;
      faults.push(...read.faults);
    }
  }
  return { rows, faults, rejected, raw: new Map(raw.map((each) => [each.number, each])) };
}

/** Writes a chunk, or only looks at it: without a batch, and where an earlier run has written it. */
export async function applyChunk(run: Run, chunk: Chunk): Promise<ChunkResult> {
  const end = run.done + chunk.rows.length + chunk.rejected;
  const again = run.done < run.from;
  const { batchId } = run;
  if (batchId === null || again) {
    const result = await applyLane(run, run.shell.db, chunk, false);
    run.done = end;
    return again ? { counts: NO_COUNTS, faults: [] } : result;
  }
  if (run.createUnits) await createUnits(run, chunk.rows);
  const lanes = lanesOf(chunk);
  const written = run.done === run.from ? run.lanesDone : 0;
  // Both are waited for even when one fails: nothing of a run may go on after it has ended.
  const results = await Promise.allSettled(
    LANES.map((lane) =>
      written & (1 << lane)
        ? applyLane(run, run.shell.db, lanes[lane], false)
        : run.shell.db.transaction().execute(async (tx) => {
            await lockLane(tx, lane);
            const result = await applyLane(run, tx, lanes[lane], true);
            await addErrors(tx, batchId, result.faults);
            await keepRefused(tx, run.shell.secrets, batchId, refusedIn(chunk, result.faults));
            await advance(tx, batchId, { lane: 1 << lane, all: ALL_LANES, end }, result.counts);
            return result;
          }),
    ),
  );
  const failed = results.find((r) => r.status === "rejected");
  if (failed) throw failed.reason;
  run.done = end;
  return addUp(results.flatMap((r) => (r.status === "fulfilled" ? [r.value] : [])));
}

async function applyLane(run: Run, tx: Db, chunk: Chunk, write: boolean): Promise<ChunkResult> {
  const placed = placeRows(run, chunk.rows);
  const tally = await applyRows(run, tx, placed.ready, write);
  const rejected = chunk.rejected + placed.faults.length;
  const faults = [...chunk.faults, ...placed.faults].sort((a, b) => a.row - b.row);
  return { counts: { ...tally, rows: chunk.rows.length + chunk.rejected, rejected }, faults };
}

/** Rows of one number are always in one lane; rows that could not be read count in the first. */
function lanesOf(chunk: Chunk): readonly [Chunk, Chunk] {
  const odd = (row: ImportedRow): boolean => shortDigest(row.number) % 2 === 1;
  return [
    { ...chunk, rows: chunk.rows.filter((row) => !odd(row)) },
    { ...chunk, rows: chunk.rows.filter(odd), faults: [], rejected: 0 },
  ];
}

function refusedIn(chunk: Chunk, faults: readonly RowFault[]): readonly RawRow[] {
  return [...new Set(faults.map((f) => f.row))].flatMap((row) => chunk.raw.get(row) ?? []);
}

/** Before the lanes part: what one of them adds, the other could not see. */
async function createUnits(run: Run, rows: readonly ImportedRow[]): Promise<void> {
  const names = new Set(
    rows.flatMap((r) => (r.unit !== "" && run.units.find(r.unit) === null ? [r.unit] : [])),
  );
  if (names.size === 0) return;
  await addUnits(run.shell.db, [...names].sort());
  run.units = await readUnitBook(run.shell.db);
}

function addUp(results: readonly ChunkResult[]): ChunkResult {
  const sum = (of: keyof Counts): number => results.reduce((n, r) => n + r.counts[of], 0);
  return {
    counts: {
      rows: sum("rows"),
      created: sum("created"),
      updated: sum("updated"),
      unchanged: sum("unchanged"),
      rejected: sum("rejected"),
    },
    faults: results.flatMap((r) => r.faults).sort((a, b) => a.row - b.row),
  };
}
