/**
 * 考核台账的读取. Counts result rows by kind of entry; which kinds count in what is the core's to say, so that no
 * rule of assessment is written a second time in SQL. A voided round (退单, 改派) counts for nobody.
 */
import { cellKey, type Entry } from "@jiesu/core/assessment/entry.ts";
import { atLevel, type Level, parseKeptKey } from "@jiesu/core/assessment/level.ts";
import type { SegmentEntries } from "@jiesu/core/assessment/segments.ts";
import { addDays, type Day, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { addCounters, type Counted } from "./counters.ts";

/** What rows may be grouped by: 承办单位, 街乡镇, 一级分类. */
export const GROUPINGS = ["unit", "street", "category"] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which results are read: counted from … before, epoch ms; everything else narrows. */
export interface Extent {
  readonly level: Level;
  readonly fromAt: number;
  readonly beforeAt: number;
  /** First days of the segments but the first: entries are told apart by the segment that they count in. */
  readonly starts?: readonly Day[] | undefined;
  readonly unitId?: string | undefined;
  readonly kinds?: readonly string[] | undefined;
  /** Only these units: a group that is more than its kinds. */
  readonly unitIds?: readonly string[] | undefined;
  readonly street?: string | undefined;
  readonly category?: string | undefined;
  /** Only rounds whose report was made, or owed, by this instant: the denominator of 按期办结率. */
  readonly reportedOrDueBy?: number | undefined;
  /** Of those, the ones whose reports were not all in time. */
  readonly late?: boolean | undefined;
}

/**
 * Entries counted by kind and segment, under the key asked for: a unit's id ("" for none), a street, a category; null puts all
 * under "". Whole days by unit are added up from the counters, everything else is counted in the results.
 */
export async function countEntries(
  db: Db,
  extent: Extent,
  by: Grouping | null,
): Promise<readonly SegmentEntries[]> {
  const needsTicket =
    by === "street" || by === "category" || extent.street !== undefined || extent.category !== undefined;
  const whole = [extent.fromAt, extent.beforeAt].every((at) => startOfDay(dayOf(at)) === at);
  const rows =
    whole && !needsTicket && extent.reportedOrDueBy === undefined
      ? await addCounters(
          db,
          dayOf(extent.fromAt),
          addDays(dayOf(extent.beforeAt), -1),
          extent,
          by === "unit" ? by : null,
          extent.starts,
        )
      : await countResults(db, extent, by, needsTicket);
  // The same sums as a moment ago are the same entries.
  const made = entriesOf.get(rows)?.get(extent.level);
  if (made !== undefined) return made;
  const entries: SegmentEntries[] = [];
  for (const { cell, part, times } of rows) {
    const entry = atLevel(parseKeptKey(cell), extent.level); // the same one for all of a kind
    for (const [key, n] of times) entries.push({ key, segment: part, entry, times: n });
  }
  entriesOf.set(rows, new Map([...(entriesOf.get(rows) ?? []), [extent.level, entries]]));
  return entries;
}

const entriesOf = new WeakMap<readonly Counted[], ReadonlyMap<Level, readonly SegmentEntries[]>>();

async function countResults(
  db: Db,
  extent: Extent,
  by: Grouping | null,
  needsTicket: boolean,
): Promise<readonly Counted[]> {
  const { rows } = await sql<{ key: string; part: number; cell: string; times: number }>`
    select coalesce(${KEYS[by ?? "all"]}::text, '') as key,
           ${segmentAt(extent.starts)} as part,
           tally_cell(r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied) as cell, count(*)::int as times
      from result r ${needsTicket ? sql`join ticket t on t.id = r.ticket_id` : sql``}
     where ${within(extent)}
     group by 1, 2, 3`.execute(db);
  return [...Map.groupBy(rows, ({ cell, part }) => `${part} ${cell}`).values()].flatMap((its) => {
    const [first] = its;
    const times = new Map(its.map((row) => [row.key, row.times]));
    return first === undefined ? [] : [{ cell: first.cell, part: first.part, times }];
  });
}

/** The place of the segment in which the result r counts. */
export function segmentAt(starts: readonly Day[] = []): RawBuilder<number> {
  const instants = starts.map((day) => new Date(startOfDay(day)));
  return instants.length === 0 ? sql`0` : sql`width_bucket(r.counted_at, ${instants}::timestamptz[])`;
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
  /** The place of the segment it counts in. */
  readonly segment: number;
  readonly scopeNote: string;
  readonly source: "own" | "city" | null;
  readonly entry: Entry;
  /** In a closed period: the result says something else by now. */
  readonly changed: boolean;
}

/** Where a page of lines goes on: after this line, newest first. */
export interface LineKey {
  readonly ticketId: string;
  readonly round: number;
}

/** The kinds of entry that count, one list a segment. */
export type KindsCounted = readonly (readonly Entry[])[];

/** The lines whose kind of entry counts in their segment, newest first; `limit` at most, after `after`. */
export async function listLines(
  db: Db,
  extent: Extent,
  kinds: KindsCounted,
  limit: number,
  after: LineKey | null,
): Promise<readonly LedgerLine[]> {
  const beyond = after
    ? sql`and (r.counted_at, r.ticket_id, r.round) <
        (select counted_at, ticket_id, round from result where ticket_id = ${after.ticketId} and round = ${after.round})`
    : sql``;
  const { rows } = await sql<LineRow>`
    select r.ticket_id, r.round, r.counted_at, ${segmentAt(extent.starts)} as segment, r.scope_note, r.source, e.scope, e.valid, e.contacted, e.solved, e.satisfied,
           t.number, t.title, left(t.content, 90) as excerpt, t.street, t.category1, r.unit_id, u.short_name
      from result r
      cross join lateral (select ${ENTRY_AT[extent.level]}) e
      join ticket t on t.id = r.ticket_id
      left join unit u on u.id = r.unit_id
     where ${within(extent)} and ${isOneOf(kinds, segmentAt(extent.starts))} ${beyond}
     order by r.counted_at desc, r.ticket_id desc, r.round desc
     limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    number: row.number,
    title: row.title,
    excerpt: row.excerpt,
    round: row.round,
    unit: { id: row.unit_id ?? "", name: row.short_name ?? "（无承办单位）" }, // answered, but never with a unit
    street: row.street,
    category: row.category1,
    countedAt: row.counted_at,
    segment: row.segment,
    scopeNote: row.scope_note,
    source: row.source,
    entry: entryOf(row),
    changed: false,
  }));
}

export interface UnitName {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: string;
}

/** Of these units, or of all (null). */
export async function unitNames(
  db: Db,
  ids: readonly string[] | null,
): Promise<ReadonlyMap<string, UnitName>> {
  if (ids?.length === 0) return new Map();
  const units = db.selectFrom("unit").select(["id", "name", "short_name as shortName", "kind"]);
  const rows = await (ids === null ? units : units.where("id", "in", ids)).execute();
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
  if (extent.unitIds !== undefined) conditions.push(sql`r.unit_id = any(${extent.unitIds}::bigint[])`);
  if (extent.kinds !== undefined)
    conditions.push(sql`r.unit_id in (select id from unit where kind = any(${extent.kinds}::text[]))`);
  if (extent.street !== undefined) conditions.push(sql`t.street = ${extent.street}`);
  if (extent.category !== undefined) conditions.push(sql`t.category1 = ${extent.category}`);
  if (extent.reportedOrDueBy !== undefined)
    conditions.push(
      extent.late
        ? sql`not ${onTimeOf(extent.reportedOrDueBy)}` // null where nothing can be judged: not listed either
        : sql`exists (select 1 from clock c where ${judgedClock(extent.reportedOrDueBy)})`,
    );
  return sql.join(conditions, sql` and `);
}

/** The report clocks c of the result r that can be judged: the report came, or its time is over. */
function judgedClock(by: number): RawBuilder<boolean> {
  return sql`c.ticket_id = r.ticket_id and c.round = r.round and c.kind = 'report'
    and (c.state = 'stopped' or (c.state = 'running' and c.due_at < ${new Date(by)}))`;
}

/** Whether every report of the result r was in time, of those that can be judged; null where none can. */
export function onTimeOf(by: number): RawBuilder<boolean | null> {
  return sql`(select bool_and(c.state = 'stopped' and c.stopped_at <= c.due_at) from clock c where ${judgedClock(by)})`;
}

/** 按期: of the rounds of each unit that can be judged, how many whose every report was in time. */
export async function countOnTime(
  db: Db,
  extent: Extent & { readonly reportedOrDueBy: number },
  kinds: KindsCounted,
): Promise<readonly { readonly unitId: string; readonly due: number; readonly onTime: number }[]> {
  const { rows } = await sql<{ unit_id: string; due: string; on_time: string }>`
    select r.unit_id, count(*)::text as due, count(*) filter (where j.on_time)::text as on_time
      from result r
      cross join lateral (select ${ENTRY_AT[extent.level]}) e
      cross join lateral (select ${onTimeOf(extent.reportedOrDueBy)} as on_time) j
     where ${within({ ...extent, reportedOrDueBy: undefined })} and ${isOneOf(kinds, segmentAt(extent.starts))}
           and j.on_time is not null and r.unit_id is not null
     group by r.unit_id`.execute(db);
  return rows.map((row) => ({ unitId: row.unit_id, due: Number(row.due), onTime: Number(row.on_time) }));
}

/** The result r as a level reads it: what atLevel of the core does, for the rows of a page. */
export const ENTRY_AT: Readonly<Record<Level, RawBuilder<Entry>>> = {
  district: sql`r.scope, r.valid, r.contacted, r.solved, r.satisfied`,
  city: sql`coalesce(r.city_scope, r.scope) as scope, r.valid and r.source is not distinct from 'city' as valid,
    case when r.source = 'city' then r.contacted end as contacted, case when r.source = 'city' then r.solved end as solved,
    case when r.source = 'city' then r.satisfied end as satisfied`,
};

/** The kind of entry e as text: the same text as cellKey of the core makes. */
const CELL: RawBuilder<string> = sql`(e.scope || '|' || case when e.valid then 'valid' else 'invalid' end || '|' ||
    coalesce(e.contacted, '-') || '|' || coalesce(e.solved, '-') || '|' || coalesce(e.satisfied, '-'))`;

/** Whether the entry e is of a kind that counts in its segment. */
export function isOneOf(kinds: KindsCounted, segment: RawBuilder<number>): RawBuilder<boolean> {
  const lists = kinds.map((each) => each.map(cellKey).sort());
  const one = (list: readonly string[]) => sql<boolean>`${CELL} = any(${list}::text[])`;
  const alike = lists.every((list) => list.join() === lists[0]?.join());
  if (alike) return one(lists[0] ?? []);
  const each = lists.map((list, at) => sql<boolean>`(${segment} = ${at} and ${one(list)})`);
  return sql`(${sql.join(each, sql` or `)})`;
}

/** The answers as the table's checks allow them. */
type EntryRow = Entry;

interface LineRow extends EntryRow {
  readonly ticket_id: string;
  readonly round: number;
  readonly counted_at: Date;
  readonly segment: number;
  readonly scope_note: string;
  readonly source: "own" | "city" | null;
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly street: string;
  readonly category1: string;
  readonly unit_id: string | null;
  readonly short_name: string | null;
}

function entryOf({ scope, valid, contacted, solved, satisfied }: EntryRow): Entry {
  return { scope, valid, contacted, solved, satisfied };
}
