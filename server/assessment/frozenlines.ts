/**
 * 封账期的所计工单. Opens a figure of a closed period into its frozen rows: exactly those that were counted when it was
 * closed, as they were then; a line whose result says something else by now is marked.
 */
import type { Entry } from "@jiesu/core/assessment/entry.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Closed } from "./frozen.ts";
import { ENTRY_AT, isOneOf, type KindsCounted, type LedgerLine, type LineKey } from "./store.ts";

/** Which of the frozen rows: of a unit, of the units of a group (as it was then), of a street, of a category. */
export interface Narrowed {
  readonly unitId?: string | undefined;
  readonly unitIds?: readonly string[] | undefined;
  readonly street?: string | undefined;
  readonly category?: string | undefined;
  /** Only those whose reports could be judged, the denominator of 按期办结率; or of these the late ones. */
  readonly judged?: "all" | "late" | undefined;
}

/** How many rows there are whose kind of entry counts in its segment. */
export async function countFrozen(
  db: Db,
  closed: Closed,
  narrowed: Narrowed,
  kinds: KindsCounted,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from ${rowsOf(narrowed)} e where ${within(closed, narrowed, kinds)}`.execute(
    db,
  );
  return rows[0]?.n ?? 0;
}

/** The rows, the latest ticket first; `limit` at most, after `after`. */
export async function listFrozen(
  db: Db,
  closed: Closed,
  narrowed: Narrowed,
  kinds: KindsCounted,
  limit: number,
  after: LineKey | null,
): Promise<readonly LedgerLine[]> {
  const beyond = after
    ? sql`and (e.ticket_id, e.round) < (${after.ticketId}, ${after.round}::smallint)`
    : sql``;
  const { rows } = await sql<FrozenLine>`
    select e.ticket_id, e.round, e.segment, e.unit_id, e.street, e.category1, e.scope, e.valid, e.contacted, e.solved, e.satisfied,
           u.short_name, t.number, t.title, left(t.content, 90) as excerpt,
           coalesce(l.counted_at, n.counted_at) as counted_at, coalesce(l.scope_note, '') as scope_note, l.source,
           n.said is null or n.void or n.said is distinct from
             jsonb_build_array(e.unit_id, e.scope, e.valid, e.contacted, e.solved, e.satisfied) as changed
      from ${rowsOf(narrowed)} e
      join ticket t on t.id = e.ticket_id
      left join unit u on u.id = e.unit_id
      left join ledger l on l.ticket_id = e.ticket_id and l.round = e.round and l.seq = e.seq
      left join lateral (
        select r.counted_at, r.void, jsonb_build_array(r.unit_id, s.scope, s.valid, s.contacted, s.solved, s.satisfied) as said
          from result r cross join lateral (select ${ENTRY_AT[closed.level]}) s
         where r.ticket_id = e.ticket_id and r.round = e.round) n on true
     where ${within(closed, narrowed, kinds)} ${beyond}
     order by e.ticket_id desc, e.round desc
     limit ${limit}`.execute(db);
  const names = new Map(closed.frozen.units.map((unit) => [unit.id, unit.shortName]));
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    number: row.number,
    title: row.title,
    excerpt: row.excerpt,
    round: row.round,
    unit: { id: row.unit_id ?? "", name: names.get(row.unit_id ?? "") ?? row.short_name ?? "（无承办单位）" },
    street: row.street,
    category: row.category1,
    countedAt: row.counted_at,
    segment: row.segment,
    scopeNote: row.scope_note,
    source: row.source,
    entry: {
      scope: row.scope,
      valid: row.valid,
      contacted: row.contacted,
      solved: row.solved,
      satisfied: row.satisfied,
    },
    changed: row.changed,
  }));
}

/** The rows counted, and where it is about the verdict, those that count in another period and were judged in this one. */
function rowsOf({ judged }: Narrowed): RawBuilder<unknown> {
  const columns = sql.raw(
    "closing_id, ticket_id, round, seq, segment, unit_id, street, category1, scope, valid, contacted, solved, satisfied, on_time",
  );
  return judged === undefined
    ? sql`closing_row`
    : sql`(select ${columns} from closing_row union all select ${columns} from closing_done)`;
}

function within(closed: Closed, narrowed: Narrowed, counted: KindsCounted): RawBuilder<boolean> {
  const { unitId, unitIds, street, category, judged } = narrowed;
  const conditions = [sql<boolean>`e.closing_id = ${closed.id}`, isOneOf(counted, sql`e.segment`)];
  if (unitId !== undefined) conditions.push(sql`e.unit_id = ${unitId}`);
  if (unitIds !== undefined) conditions.push(sql`e.unit_id = any(${unitIds}::bigint[])`);
  if (street !== undefined) conditions.push(sql`e.street = ${street}`);
  if (category !== undefined) conditions.push(sql`e.category1 = ${category}`);
  if (judged === "all") conditions.push(sql`e.on_time is not null`);
  if (judged === "late") conditions.push(sql`e.on_time = false`);
  return sql.join(conditions, sql` and `);
}

/** As the table's checks allow. */
interface FrozenLine extends Entry {
  readonly ticket_id: string;
  readonly round: number;
  readonly segment: number;
  readonly unit_id: string | null;
  /** As it is called now: of a unit that had nothing counted in the period, and so no frozen name. */
  readonly short_name: string | null;
  readonly street: string;
  readonly category1: string;
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly counted_at: Date;
  readonly scope_note: string;
  readonly source: "own" | "city" | null;
  readonly changed: boolean;
}
