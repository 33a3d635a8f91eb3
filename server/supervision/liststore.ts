/** 市级清单的存取. Confirmed files with their lines, and every round of ours that a line may mean. */
import type { RoundThere } from "@jiesu/core/cityresult/match.ts";
import type { RowFault } from "@jiesu/core/intake/row.ts";
import type { ListLine } from "@jiesu/core/supervision/list.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

type Person = Actor & { readonly userId: string };
const Mapping = z.record(z.string(), z.string());
export type Mapping = z.infer<typeof Mapping>;

export interface CandidateRound extends RoundThere {
  readonly title: string;
}

/** Every round of the tickets of these numbers, by number; a ticket never dispatched has one, of no unit. */
export async function roundsOf(
  db: Db,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, readonly CandidateRound[]>> {
  const { rows } = await sql<{
    ticket_id: string;
    number: string;
    title: string;
    round: number;
    unit_id: string | null;
    at: Date;
    void: boolean;
  }>`
    select t.id as ticket_id, t.number, t.title, coalesce(a.round, t.round) as round,
           coalesce(a.unit_id, t.lead_unit_id) as unit_id, coalesce(a.dispatched_at, t.received_at) as at,
           coalesce(r.void, false) as void
      from ticket t
      left join assignment a on a.ticket_id = t.id and a.part = 'lead'
      left join result r on r.ticket_id = t.id and r.round = a.round
     where t.number = any(${[...numbers]}::text[]) and t.state <> 'voided'
     order by t.id, 4`.execute(db);
  const read = rows.map((row) => ({
    number: row.number,
    round: {
      ...{ ticketId: row.ticket_id, title: row.title, round: row.round, unitId: row.unit_id },
      ...{ countedAt: row.at.getTime(), void: row.void },
    },
  }));
  return new Map(
    [...Map.groupBy(read, (each) => each.number)].map(([number, its]) => [
      number,
      its.map((each) => each.round),
    ]),
  );
}

/** Items of the city's lists of a period that these tickets have already, by "ticket round". */
export async function itemsOfPeriod(
  db: Db,
  period: string,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (ticketIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("supervision_item as i")
    .innerJoin("supervision_ticket as s", "s.item_id", "i.id")
    .select(["i.id", "s.ticket_id", "s.round"])
    .where("i.origin", "=", "city")
    .where("i.period", "=", period)
    .where("s.ticket_id", "in", [...new Set(ticketIds)])
    .execute();
  return new Map(rows.map((row) => [`${row.ticket_id} ${row.round}`, row.id]));
}

/** One confirmation of a period at a time: the second finds what the first has done. */
export async function lockPeriod(tx: Db, period: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`supervision-list ${period}`}, 0))`.execute(tx);
}

/** The list that these very bytes are already; null when they were never confirmed. */
export async function sameList(db: Db, period: string, sha256: Buffer): Promise<string | null> {
  const row = await db
    .selectFrom("supervision_list")
    .select("id")
    .where("period", "=", period)
    .where("sha256", "=", sha256)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** What a person last confirmed for a file with the same header; nothing when nobody has. */
export async function earlierMapping(db: Db, signature: string): Promise<Mapping> {
  const row = await db
    .selectFrom("supervision_list")
    .select("mapping")
    .where("signature", "=", signature)
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? Mapping.parse(row.mapping) : {};
}

interface NewList {
  readonly period: string;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly signature: string;
  readonly mapping: Mapping;
  readonly rows: number;
  readonly refused: readonly RowFault[];
}

export async function addList(tx: Db, list: NewList, by: Person, at: number): Promise<string> {
  const { id } = await tx
    .insertInto("supervision_list")
    .values({
      ...{ period: list.period, file_name: list.fileName, sha256: list.sha256, rows: list.rows },
      ...{ signature: list.signature, mapping: JSON.stringify(list.mapping) },
      ...{ refused: JSON.stringify(list.refused), created_at: new Date(at) },
      ...{ user_id: by.userId, user_name: by.name },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export interface NewLine {
  readonly line: ListLine;
  readonly ticketId: string | null;
  readonly itemId: string | null;
  readonly why: string | null;
}

export async function addLines(tx: Db, listId: string, lines: readonly NewLine[]): Promise<void> {
  const rows = lines.map(({ line, ticketId, itemId, why }) => ({
    ...{ row: line.row, number: line.number, said: line, ticket_id: ticketId, item_id: itemId, why },
  }));
  await sql`
    insert into supervision_line (list_id, row, number, said, ticket_id, item_id, why)
    select ${listId}, r.row, r.number, r.said, r.ticket_id, r.item_id, r.why
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(
        row integer, number text, said jsonb, ticket_id bigint, item_id bigint, why text)`.execute(tx);
}

/** A line that had no round of ours has one now. */
export async function matchedLine(tx: Db, lineId: string, ticketId: string, itemId: string): Promise<void> {
  await tx
    .updateTable("supervision_line")
    .set({ ticket_id: ticketId, item_id: itemId, why: null })
    .where("id", "=", lineId)
    .where("item_id", "is", null)
    .execute();
}

export async function listLists(db: Db, id: string | null = null) {
  const { rows } = await sql<{
    id: string;
    period: string;
    file_name: string;
    rows: number;
    refused: unknown;
    created_at: Date;
    user_name: string;
    items: number;
    unmatched: number;
  }>`
    select l.id, l.period, l.file_name, l.rows, l.refused, l.created_at, l.user_name,
           count(n.item_id)::int as items, count(n.why)::int as unmatched
      from supervision_list l left join supervision_line n on n.list_id = l.id
     where ${id === null ? sql`true` : sql`l.id = ${id}`}
     group by l.id order by l.id desc limit 200`.execute(db);
  return rows;
}

/** The lines of a list: those without an item first. */
export async function linesOf(db: Db, listId: string) {
  const { rows } = await sql<{
    id: string;
    row: number;
    number: string;
    said: ListLine;
    ticket_id: string | null;
    item_id: string | null;
    why: string | null;
    state: string | null;
  }>`
    select n.id, n.row, n.number, n.said, n.ticket_id, n.item_id, n.why, i.state
      from supervision_line n left join supervision_item i on i.id = n.item_id
     where n.list_id = ${listId} order by n.why is null, n.row`.execute(db);
  return rows;
}
