/** 试导入的样例. The first rows of each kind that a look would create or change, with what they were and would be. */
import { FIELDS, isField } from "@jiesu/core/intake/fields.ts";
import type { Db } from "../platform/db/open.ts";
import type { ChangedRow } from "./readyrow.ts";
import { type KeptRow, type KnownTicket, readSaid, touchedTickets } from "./rowstore.ts";
import type { Seen, SeenChange, SeenRow } from "./runstate.ts";

/** Rows of a kind that are shown. */
const SHOWN = 50;

/** Adds the rows of a chunk that are still wanted. */
export async function showRows(
  db: Db,
  seen: Seen,
  changed: ReadonlyMap<string, readonly ChangedRow[]>,
  tickets: ReadonlyMap<string, KnownTicket>,
  isNew: (number: string) => boolean,
): Promise<void> {
  const known: { readonly ticket: KnownTicket | null; readonly of: ChangedRow }[] = [];
  for (const [number, of] of changed) {
    const ticket = tickets.get(number) ?? null;
    const [first, ...others] = of;
    const fresh = isNew(number);
    if (fresh && first && seen.created.length < SHOWN)
      seen.created.push(shownRow(first, null, "create", false, null));
    for (const each of fresh ? others : of)
      if (seen.updated.length + known.length < SHOWN) known.push({ ticket, of: each });
  }
  const ids = [...new Set(known.flatMap((k) => k.ticket?.id ?? []))];
  const touched = await touchedTickets(db, ids);
  const said = await readSaid(db, ids);
  const names = await unitNames(db, [
    ...[...said.values()].flat().map((k) => k.unitId),
    ...known.map((k) => k.of.unitId),
  ]);
  for (const { ticket, of } of known) {
    const before = ticket ? (said.get(ticket.id)?.find((k) => k.key === of.key) ?? null) : null;
    const row = shownRow(
      of,
      ticket?.id ?? null,
      before ? "change" : "round",
      ticket !== null && touched.has(ticket.id),
      before ? changesOf(before, of, names) : null,
    );
    seen.updated.push(row);
  }
}

function shownRow(
  of: ChangedRow,
  ticketId: string | null,
  kind: SeenRow["kind"],
  touched: boolean,
  changes: readonly SeenChange[] | null,
): SeenRow {
  const { facts, row, number, unit } = of.row;
  const title = facts.title === "" ? short(facts.content) : short(facts.title);
  return { row, number, ticketId, title, unit, kind, touched, changes: changes ?? [] };
}

/** What a row says otherwise than before: texts as they are kept, personal data covered. */
function changesOf(
  before: KeptRow,
  of: ChangedRow,
  units: ReadonlyMap<string, string>,
): readonly SeenChange[] {
  const { unit: _unit, ...fields } = of.row.fields;
  const all = [
    ...between(before.said.fields, fields, (f) => (isField(f) ? FIELDS[f].zh : f)),
    ...between(before.said.extra, of.row.extra, (header) => header),
  ];
  if (before.unitId !== of.unitId)
    all.push({
      field: FIELDS.unit.zh,
      before: before.unitId === null ? "" : (units.get(before.unitId) ?? ""),
      after: of.unitId === null ? "" : (units.get(of.unitId) ?? of.row.unit),
    });
  return all;
}

function between(
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
  name: (key: string) => string,
): SeenChange[] {
  return [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((key) => was[key] !== is[key])
    .map((key) => ({ field: name(key), before: short(was[key] ?? ""), after: short(is[key] ?? "") }));
}

async function unitNames(db: Db, ids: readonly (string | null)[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter((id): id is string => id !== null && /^\d+$/.test(id));
  if (wanted.length === 0) return new Map();
  const rows = await db.selectFrom("unit").select(["id", "name"]).where("id", "in", wanted).execute();
  return new Map(rows.map((u) => [u.id, u.name]));
}

const short = (text: string): string => {
  const signs = [...text.replace(/\s+/g, " ")];
  return signs.length > 80 ? `${signs.slice(0, 79).join("")}…` : signs.join("");
};
