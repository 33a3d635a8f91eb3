/**
 * 考核台账的读取. Counts result rows by kind of entry; which kinds count in what is the core's to say, so that no
 * rule of assessment is written a second time in SQL. A voided round (退单, 改派) counts for nobody.
 */
import { cellKey, type Entry } from "@jiesu/core/assessment/entry.ts";
import type { KeyedEntries } from "@jiesu/core/assessment/rates.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

/** What rows may be grouped by: 承办单位, 街乡镇, 一级分类. */
export const GROUPINGS = ["unit", "street", "category"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which results are read: counted from … before, epoch ms; everything else narrows. */
export interface Extent {
  readonly fromAt: number;
  readonly beforeAt: number;
  readonly unitId?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  readonly street?: string | undefined;
  readonly category?: string | undefined;
}

/** Entries counted by kind, under the key asked for: a unit's id, a street, a category; null puts all under "". */
export async function countEntries(
  db: Db,
  extent: Extent,
  by: Grouping | null,
): Promise<readonly KeyedEntries[]> {
  const needsTicket =
    by === "street" || by === "category" || extent.street !== undefined || extent.category !== undefined;
  const { rows } = await sql<EntryRow & { key: string; times: string }>`
    select ${KEYS[by ?? "all"]} as key, r.scope, r.valid, r.contacted, r.solved, r.satisfied, count(*) as times
      from result r ${needsTicket ? sql`join ticket t on t.id = r.ticket_id` : sql``}
     where ${within(extent)}
     group by 1, r.scope, r.valid, r.contacted, r.solved, r.satisfied`.execute(db);
  return rows.map((row) => ({ key: row.key, entry: entryOf(row), times: Number(row.times) }));
}

/** One line of the ledger as a drill-down shows it. */
export interface LedgerLine {
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly round: number;
  readonly unit: { readonly id: string; readonly name: string };
  readonly street: string;
  readonly category: string;
  readonly countedAt: Date;
  readonly scopeNote: string;
  readonly source: "own" | "city" | null;
  readonly entry: Entry;
}

/** Where a page of lines goes on: after this line, newest first. */
export interface LineKey {
  readonly ticketId: string;
  readonly round: number;
}

/** The lines whose kind of entry is one of these, newest first; `limit` at most, after `after`. */
export async function listLines(
  db: Db,
  extent: Extent,
  kinds: readonly Entry[],
  limit: number,
  after: LineKey | null,
): Promise<readonly LedgerLine[]> {
  const beyond = after
    ? sql`and (r.counted_at, r.ticket_id, r.round) <
        (select counted_at, ticket_id, round from result where ticket_id = ${after.ticketId} and round = ${after.round})`
    : sql``;
  const { rows } = await sql<LineRow>`
    select r.ticket_id, r.round, r.counted_at, r.scope, r.scope_note, r.source, r.valid, r.contacted, r.solved, r.satisfied,
           t.number, t.title, left(t.content, 90) as excerpt, t.street, t.category1, r.unit_id, u.short_name
      from result r
      join ticket t on t.id = r.ticket_id
      join unit u on u.id = r.unit_id
     where ${within(extent)} and ${cell()} = any(${kinds.map(cellKey)}::text[]) ${beyond}
     order by r.counted_at desc, r.ticket_id desc, r.round desc
     limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    number: row.number,
    title: row.title,
    excerpt: row.excerpt,
    round: row.round,
    unit: { id: row.unit_id, name: row.short_name },
    street: row.street,
    category: row.category1,
    countedAt: row.counted_at,
    scopeNote: row.scope_note,
    source: row.source,
    entry: entryOf(row),
  }));
}

export interface UnitName {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
}

export async function unitNames(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, UnitName>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("unit")
    .select(["id", "name", "short_name as shortName", "kind"])
    .where("id", "in", ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

const KEYS: Readonly<Record<Grouping | "all", RawBuilder<string>>> = {
  unit: sql`r.unit_id`,
  street: sql`t.street`,
  category: sql`t.category1`,
  all: sql`''::text`,
};

function within(extent: Extent): RawBuilder<boolean> {
  const conditions = [
    sql<boolean>`r.counted_at >= ${new Date(extent.fromAt)}`,
    sql<boolean>`r.counted_at < ${new Date(extent.beforeAt)}`,
    sql<boolean>`not r.void`,
  ];
  if (extent.unitId !== undefined) conditions.push(sql`r.unit_id = ${extent.unitId}`);
  if (extent.kinds !== undefined)
    conditions.push(sql`r.unit_id in (select id from unit where kind = any(${extent.kinds}::text[]))`);
  if (extent.street !== undefined) conditions.push(sql`t.street = ${extent.street}`);
  if (extent.category !== undefined) conditions.push(sql`t.category1 = ${extent.category}`);
  return sql.join(conditions, sql` and `);
}

/** The row's kind of entry as text: the same text as cellKey of the core makes. */
function cell(): RawBuilder<string> {
  return sql`(r.scope || '|' || case when r.valid then 'valid' else 'invalid' end || '|' ||
    coalesce(r.contacted, '-') || '|' || coalesce(r.solved, '-') || '|' || coalesce(r.satisfied, '-'))`;
}

/** The answers as the table's checks allow them. */
type EntryRow = Entry;

interface LineRow extends EntryRow {
  readonly ticket_id: string;
  readonly round: number;
  readonly counted_at: Date;
  readonly scope_note: string;
  readonly source: "own" | "city" | null;
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly street: string;
  readonly category1: string;
  readonly unit_id: string;
  readonly short_name: string;
}

function entryOf({ scope, valid, contacted, solved, satisfied }: EntryRow): Entry {
  return { scope, valid, contacted, solved, satisfied };
}
