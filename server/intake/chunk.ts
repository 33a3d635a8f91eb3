/**
 * 一批行. Turns a chunk of rows into what it changes, and writes that in one transaction with the batch's progress.
 *
 * Every row is accounted for: created (the first row of a new ticket), updated (a new round of a known ticket, or a row
 * that says something else than before), unchanged, or rejected.
 */
import { hash as digest } from "node:crypto";
import { FIELDS, isField } from "@jiesu/core/intake/fields.ts";
import { type FoldRow, foldTicket } from "@jiesu/core/intake/fold.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import {
  type ImportedRow,
  type RawRow,
  type RowFault,
  type RowReader,
  rowAgain,
} from "@jiesu/core/intake/row.ts";
import { isCovered } from "@jiesu/core/privacy/mask.ts";
import { isState, type TicketState } from "@jiesu/core/ticket/state.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { newTicketIds, type TicketEvent, type TicketWrite, writeTickets } from "../ticket/bulk.ts";
import type { Requester } from "../ticket/requester.ts";
import type { Stamp } from "../ticket/store.ts";
import { findProfile, GENERIC } from "./profiles.ts";
import {
  addErrors,
  advance,
  type Counts,
  type KeptRow,
  type KnownTicket,
  lockWriting,
  moveRows,
  type RowWrite,
  readSaid,
  readTickets,
  saveRows,
  touchedTickets,
} from "./store.ts";
import { recordOnTouched, type TouchedRow } from "./touched.ts";
import { addUnits, readUnitBook, type UnitBook } from "./unitbook.ts";

/** What one run of a file needs to know and remembers from chunk to chunk. */
export interface Run {
  readonly shell: Shell;
  readonly profile: Profile;
  readonly read: RowReader;
  readonly stamp: Stamp;
  readonly createUnits: boolean;
  /** What the file calls the column of units. */
  readonly unitHeader: string;
  /** null: only look, write nothing. */
  readonly batchId: string | null;
  /** Rows before this one are done: they are read again only to know what they were. */
  readonly from: number;
  units: UnitBook;
  /** Digest of a row's key → which of its occurrences this file has used, a bit each. */
  readonly used: Map<number, number>;
  /** For a look: what would exist by now, as digests. */
  readonly imagined: Set<number>;
  readonly unknownUnits: Map<string, number>;
  done: number;
}

export interface ChunkResult {
  readonly counts: Counts;
  readonly faults: readonly RowFault[];
}

export const NO_COUNTS: Counts = { rows: 0, created: 0, updated: 0, unchanged: 0, rejected: 0 };

/** A row that can come in, with its unit and its fingerprint. */
export interface ReadyRow {
  readonly row: ImportedRow;
  readonly unitId: string | null;
  /** Hexadecimal digest of everything that the row says. */
  readonly hash: string;
}

/** Reads the cells of a chunk: no database, so that it can be done while the chunk before is being written. */
export function readChunk(
  run: Run,
  raw: readonly RawRow[],
): { readonly rows: readonly ImportedRow[]; readonly faults: RowFault[]; readonly rejected: number } {
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
  return { rows, faults, rejected };
}

/** Writes a chunk (or only looks): everything or nothing of it, with the batch's counts. */
export async function applyChunk(run: Run, chunk: ReturnType<typeof readChunk>): Promise<ChunkResult> {
  const total = chunk.rows.length + chunk.rejected;
  const again = run.done < run.from;
  const { batchId, shell } = run;
  const work = async (tx: Db, write: boolean): Promise<ChunkResult> => {
    if (write) await lockWriting(tx);
    const placed = await placeRows(run, tx, chunk.rows, write);
    const tally = await applyRows(run, tx, placed.ready, write);
    const counts: Counts = { ...tally, rows: total, rejected: chunk.rejected + placed.faults.length };
    const faults = [...chunk.faults, ...placed.faults].sort((a, b) => a.row - b.row);
    if (write && batchId !== null) {
      await addErrors(tx, batchId, faults);
      await advance(tx, batchId, run.done + total, counts);
    }
    return { counts, faults };
  };
  // Rows that were done before are only looked at, to know which occurrences they were.
  const look = batchId === null || again;
  const result = look
    ? await work(shell.db, false)
    : await shell.db.transaction().execute((tx) => work(tx, true));
  run.done += total;
  return again ? { counts: NO_COUNTS, faults: [] } : result;
}

/** The rows with their units; rows whose unit the district lacks are rejected, or the unit is added. */
async function placeRows(
  run: Run,
  tx: Db,
  rows: readonly ImportedRow[],
  write: boolean,
): Promise<{ readonly ready: readonly ReadyRow[]; readonly faults: readonly RowFault[] }> {
  const unknown = Map.groupBy(
    rows.filter((r) => r.unit !== "" && run.units.find(r.unit) === null),
    (r) => r.unit,
  );
  for (const [name, of] of unknown) run.unknownUnits.set(name, (run.unknownUnits.get(name) ?? 0) + of.length);
  if (unknown.size > 0 && run.createUnits && write) {
    await addUnits(tx, [...unknown.keys()]);
    run.units = await readUnitBook(tx);
  }
  const ready: ReadyRow[] = [];
  const faults: RowFault[] = [];
  for (const row of rows) {
    const found = row.unit === "" ? null : run.units.find(row.unit);
    // A look with createUnits: the unit would be added; until then its name stands for it.
    const unitId = found ?? (row.unit !== "" && run.createUnits ? `new:${row.unit}` : null);
    if (row.unit !== "" && unitId === null) {
      const why = "本区没有这个单位：请对应到已有单位（作为别名），或允许新建单位后再导入";
      faults.push({ row: row.row, column: run.unitHeader, value: row.unit.slice(0, 40), why });
    } else ready.push({ row, unitId, hash: fingerprint(row, unitId) });
  }
  return { ready, faults };
}

type Tally = Pick<Counts, "created" | "updated" | "unchanged">;

/** A row that changes something, and whether its key was known. */
interface ChangedRow extends ReadyRow {
  readonly key: string;
  readonly isNew: boolean;
}

async function applyRows(run: Run, tx: Db, rows: readonly ReadyRow[], write: boolean): Promise<Tally> {
  const numbers = [...new Set(rows.map((r) => r.row.number))];
  const tickets = await readTickets(tx, numbers, write);
  const changed = Map.groupBy(pickChanged(run, rows, tickets), (c) => c.row.number);
  const all = [...changed.values()].reduce((sum, of) => sum + of.length, 0);
  const created = [...changed.keys()].filter(
    (number) => !tickets.has(number) && !isImagined(run, number),
  ).length;
  const tally = { created, updated: all - created, unchanged: rows.length - all };
  if (!write) {
    for (const number of changed.keys()) run.imagined.add(shortDigest(number));
    return tally;
  }
  const knownIds = [...changed.keys()].flatMap((number) => tickets.get(number)?.id ?? []);
  const touched = await touchedTickets(tx, knownIds);
  const said = await readSaid(tx, knownIds);
  const freshIds = await newTicketIds(tx, changed.size - knownIds.length);
  let next = 0;
  const writes: TicketWrite[] = [];
  const rowWrites: RowWrite[] = [];
  const moved: { key: string; round: number }[] = [];
  const onTouched: TouchedRow[] = [];
  for (const [number, of] of changed) {
    const ticket = tickets.get(number) ?? null;
    const kept = ticket ? (said.get(ticket.id) ?? []) : [];
    if (ticket && touched.has(ticket.id)) {
      onTouched.push(
        ...of.map((c) => ({ ...c, ticketId: ticket.id, before: kept.find((k) => k.key === c.key) ?? null })),
      );
      continue;
    }
    const id = ticket?.id ?? freshIds[next++];
    if (id === undefined) throw new Error("too few ids for new tickets");
    const made = foldInto(run, id, number, ticket, kept, of);
    writes.push(made.write);
    rowWrites.push(...made.rows);
    moved.push(...made.moved);
  }
  await writeTickets(tx, run.shell.secrets, run.shell.rules, writes, run.stamp);
  for (const row of onTouched)
    rowWrites.push(rowWrite(run, row, row.ticketId, await recordOnTouched(tx, run, row)));
  await saveRows(tx, run.batchId ?? "", rowWrites);
  await moveRows(tx, moved);
  return tally;
}

/**
 * The rows that say something new. A row is known by its key; where a file holds one key several times, rows that are
 * the same as before are found first, whatever their order, and the others take the occurrences that are left.
 */
function pickChanged(
  run: Run,
  rows: readonly ReadyRow[],
  tickets: ReadonlyMap<string, KnownTicket>,
): readonly ChangedRow[] {
  const changed: ChangedRow[] = [];
  for (const [base, same] of Map.groupBy(rows, (r) => r.row.key)) {
    const number = same[0]?.row.number ?? "";
    const known = (tickets.get(number)?.rows ?? []).filter(
      (k) => k.key === base || k.key.startsWith(base + AGAIN),
    );
    const hashes = new Map(known.map((k) => [k.hash, occurrenceOf(k.key)]));
    const baseDigest = shortDigest(base);
    let used = run.used.get(baseDigest) ?? 0;
    const left: ReadyRow[] = [];
    for (const each of same) {
      const occurrence = hashes.get(each.hash);
      if (occurrence !== undefined) used |= 1 << occurrence;
      else if (!(run.batchId === null && run.imagined.has(shortDigest(base + each.hash)))) left.push(each);
    }
    const inChunk = new Set<string>();
    for (const each of left) {
      if (inChunk.has(each.hash)) continue; // the same row twice in one file
      inChunk.add(each.hash);
      let occurrence = 1;
      while (used & (1 << occurrence) && occurrence < MAX_OCCURRENCE) occurrence += 1;
      used |= 1 << occurrence;
      const key = occurrence === 1 ? base : `${base}${AGAIN}${occurrence}`;
      changed.push({ ...each, key, isNew: !known.some((k) => k.key === key) });
      if (run.batchId === null) run.imagined.add(shortDigest(base + each.hash));
    }
    run.used.set(baseDigest, used);
  }
  return changed;
}

/** Between a key and its occurrence, from the second on; texts of cells never hold it. */
const AGAIN = "\u001f";

/** Beyond this, rows of one key in one file go into the last occurrence: no sender repeats a dispatch thirty times. */
const MAX_OCCURRENCE = 30;

function foldInto(
  run: Run,
  id: string,
  number: string,
  ticket: KnownTicket | null,
  kept: readonly KeptRow[],
  changed: readonly ChangedRow[],
): {
  readonly write: TicketWrite;
  readonly rows: readonly RowWrite[];
  readonly moved: { key: string; round: number }[];
} {
  const byKey = new Map(changed.map((c) => [c.key, c]));
  const others = kept.filter((k) => !byKey.has(k.key));
  const folded = foldTicket([
    ...others.map(
      (k): FoldRow => ({
        key: k.key,
        row: rowAgain(profileOf(k.profile), k.said),
        unitId: k.unitId,
        profile: k.profile,
      }),
    ),
    ...changed.map((c): FoldRow => ({ key: c.key, row: c.row, unitId: c.unitId, profile: run.profile.name })),
  ]);
  const roundOf = (key: string): number => folded.roundOf.get(key) ?? 0;
  const owner = byKey.get(folded.owner);
  const events = changed.map((c, i): TicketEvent => {
    const before = kept.find((k) => k.key === c.key);
    return {
      kind: ticket === null && i === 0 ? "import" : c.isNew ? "importRound" : "importUpdate",
      round: roundOf(c.key),
      unitId: c.unitId,
      data: { batch: run.batchId, row: c.row.row, ...(before ? { changed: differences(before, c) } : {}) },
    };
  });
  return {
    write: {
      id,
      number,
      before: ticket ? { ...ticket, state: stateOf(ticket.state) } : null,
      folded,
      requester: owner ? requesterOf(owner.row, ticket !== null) : null,
      events,
    },
    rows: changed.map((c) => rowWrite(run, c, id, roundOf(c.key))),
    moved: others.map((k) => ({ key: k.key, round: roundOf(k.key) })),
  };
}

function rowWrite(run: Run, c: ChangedRow, ticketId: string, round: number): RowWrite {
  const { unit: _byId, ...fields } = c.row.fields;
  const said = { fields, extra: c.row.extra };
  return {
    key: c.key,
    ticket_id: ticketId,
    round,
    hash: c.hash,
    profile: run.profile.name,
    unit_id: c.unitId,
    said,
  };
}

/** What a known ticket's requester is replaced by: a name that comes covered says nothing. */
function requesterOf(row: ImportedRow, known: boolean): Requester {
  const { name, phone, account, content } = row.requester;
  const plain = (text: string): string => (known && isCovered(text) ? "" : text);
  return { name: plain(name), phone: plain(phone), account: plain(account), content };
}

/** The names of what a row says otherwise than before. */
export function differences(before: KeptRow, c: ReadyRow): readonly string[] {
  const names = new Set([...Object.keys(before.said.fields), ...Object.keys(c.row.fields)]);
  const fields = [...names].filter((f) => f !== "unit" && before.said.fields[f] !== c.row.fields[f]);
  const extra = [...new Set([...Object.keys(before.said.extra), ...Object.keys(c.row.extra)])].filter(
    (h) => before.said.extra[h] !== c.row.extra[h],
  );
  const unit = before.unitId === c.unitId ? [] : [FIELDS.unit.zh];
  return [...fields.map((f) => (isField(f) ? FIELDS[f].zh : f)), ...unit, ...extra];
}

/** Equal for rows that say the same, in whatever order their columns stand and by whatever name they call the unit. */
function fingerprint(row: ImportedRow, unitId: string | null): string {
  const { unit: _byId, ...fields } = row.fields;
  return digest("sha256", JSON.stringify([sorted(fields), sorted(row.extra), unitId]), "hex");
}

const sorted = (record: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** Fifty bits of a digest: enough to tell a million keys apart, small enough to keep them all in memory. */
function shortDigest(text: string): number {
  return Number.parseInt(digest("sha256", text, "hex").slice(0, 12), 16);
}

const isImagined = (run: Run, number: string): boolean =>
  run.batchId === null && run.imagined.has(shortDigest(number));

function occurrenceOf(key: string): number {
  const at = key.lastIndexOf(AGAIN);
  return at < 0 ? 1 : Number(key.slice(at + 1));
}

const profileOf = (name: string): Profile => {
  const profile = findProfile(name) ?? findProfile(GENERIC);
  if (!profile) throw new Error("no generic profile");
  return profile;
};

function stateOf(text: string): TicketState {
  if (!isState(text)) throw new Error(`unknown ticket state in the ledger: ${text}`);
  return text;
}
