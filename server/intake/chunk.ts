/**
 * 一批行. Turns rows into what they change of the ledger, and writes that in the caller's transaction.
 *
 * Every row is accounted for: created (the first row of a new ticket), updated (a new round of a known ticket, or a row
 * that says something else than before), unchanged, or rejected.
 */
import { type FoldRow, foldTicket } from "@jiesu/core/intake/fold.ts";
import { type ImportedRow, rowAgain } from "@jiesu/core/intake/row.ts";
import { isCovered } from "@jiesu/core/privacy/mask.ts";
import { isState, type TicketState } from "@jiesu/core/ticket/state.ts";
import type { Db } from "../platform/db/open.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import { newTicketIds, writeTickets } from "../ticket/bulk.ts";
import type { TicketEvent, TicketWrite } from "../ticket/bulkwrite.ts";
import type { Requester } from "../ticket/requester.ts";
import { profileOf } from "./profiles.ts";
import { type ChangedRow, differences, type ReadyRow, shortDigest } from "./readyrow.ts";
import {
  type KeptRow,
  type KnownTicket,
  moveRows,
  type RowWrite,
  readSaid,
  readTickets,
  saveRows,
  touchedTickets,
} from "./rowstore.ts";
import type { Run } from "./runstate.ts";
import { showRows } from "./seen.ts";
import type { Counts } from "./store.ts";
import { recordOnTouched, type TouchedRow } from "./touched.ts";
import { keepBefore } from "./undostore.ts";

type Tally = Pick<Counts, "created" | "updated" | "unchanged">;

/** What the rows come to; written in the caller's transaction when `write`. */
export async function applyRows(run: Run, tx: Db, rows: readonly ReadyRow[], write: boolean): Promise<Tally> {
  const numbers = [...new Set(rows.map((r) => r.row.number))];
  const tickets = await readTickets(tx, numbers, write);
  const changed = Map.groupBy(pickChanged(run, rows, tickets), (c) => c.row.number);
  const all = [...changed.values()].reduce((sum, of) => sum + of.length, 0);
  const created = [...changed.keys()].filter(
    (number) => isFresh(tickets.get(number)) && !isImagined(run, number),
  ).length;
  const tally = { created, updated: all - created, unchanged: rows.length - all };
  if (!write) {
    if (run.seen)
      await showRows(tx, run.seen, changed, tickets, (n) => isFresh(tickets.get(n)) && !isImagined(run, n));
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
  const known = [...changed].flatMap(([number, of]) => {
    const ticket = tickets.get(number);
    return ticket && !isFresh(ticket) ? of.map((c) => ({ key: c.key, ticket_id: ticket.id })) : [];
  });
  const untouched = [...new Set(known.map((k) => k.ticket_id))].filter((id) => !touched.has(id));
  await keepBefore(tx, run.batchId ?? "", known, untouched);
  const rules = await rulesInForce(tx, run.shell.rules, run.stamp.at);
  await writeTickets(tx, run.shell.secrets, rules, writes, run.stamp);
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
      kind: isFresh(ticket) && i === 0 ? "import" : c.isNew ? "importRound" : "importUpdate",
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
      requester: owner ? requesterOf(owner.row, !isFresh(ticket)) : null,
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

/** Not there yet, or taken back since: then a file that holds it brings it as if for the first time. */
const isFresh = (ticket: KnownTicket | null | undefined): boolean => !ticket || ticket.state === "voided";

const isImagined = (run: Run, number: string): boolean =>
  run.batchId === null && run.imagined.has(shortDigest(number));

function occurrenceOf(key: string): number {
  const at = key.lastIndexOf(AGAIN);
  return at < 0 ? 1 : Number(key.slice(at + 1));
}

function stateOf(text: string): TicketState {
  if (!isState(text)) throw new Error(`unknown ticket state in the ledger: ${text}`);
  return text;
}
