/** 工单列表. Filters, data scope, keyset pages and queue counts; units see only tickets that they lead, led or help. */

import { CLOCKS, isClockKind } from "@jiesu/core/deadline/kind.ts";
import type { Sort } from "@jiesu/core/ticket/listing.ts";
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { type Expression, type ExpressionBuilder, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { DB } from "../platform/db/types.ts";
import { isAsked } from "./extension.ts";
import { beyond, isGathered, orderOf, placeText, readPlace, stretchesOf } from "./order.ts";
import { isPauseAsked } from "./pause.ts";
import type { Queue } from "./queues.ts";
import type { TicketRow } from "./schema.ts";
import { needles, tsqueryOf, unitWord } from "./words.ts";

export interface TicketFilter {
  readonly queue?: Queue | undefined;
  readonly ids?: readonly string[] | undefined;
  readonly states?: readonly string[] | undefined;
  readonly unitId?: string | undefined;
  readonly street?: string | undefined;
  readonly category?: string | undefined;
  readonly channel?: string | undefined;
  readonly level?: number | undefined;
  readonly due?: "near" | "overdue" | undefined;
  /** Received from (inclusive) and before (exclusive), epoch ms. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Open tickets whose nearest clock is due from (inclusive) and before (exclusive), epoch ms. */
  readonly dueFrom?: number | undefined;
  readonly dueTo?: number | undefined;
  /** Dispatched before (exclusive), epoch ms. */
  readonly dispatchedTo?: number | undefined;
  /** A ticket number, its beginning, or words of title and text. */
  readonly q?: string | undefined;
}

type Eb = ExpressionBuilder<DB & { t: DB["ticket"] }, "t">;

/** What a person may see at all: the centre everything, a unit what it leads, led or helps with. */
export function inScope(eb: Eb, actor: Actor): Expression<SqlBool> {
  if (actor.roles.some((r) => sideOf(r) !== "unit")) return sql<boolean>`true`;
  const unit = actor.unitId ?? "0";
  return eb.or([
    eb("t.lead_unit_id", "=", unit),
    eb.exists(
      eb
        .selectFrom("assignment as a")
        .select(sql`1`.as("one"))
        .whereRef("a.ticket_id", "=", "t.id")
        .where("a.unit_id", "=", unit),
    ),
  ]);
}

/** One page of rows with the key of the next; `limit` rows at most. */
export async function listTickets(
  db: Db,
  actor: Actor,
  filter: TicketFilter,
  sort: Sort,
  limit: number,
  after: string | null,
  now: number,
): Promise<{ rows: TicketRow[]; next: string | null }> {
  const from = await narrowed(db, actor, filter);
  const stretches = stretchesOf(sort, filter.queue?.states ?? filter.states);
  const place = after === null ? null : await readPlace(db, stretches, after);
  const gathered = isGathered(sort, {
    openOnly: isOpenOnly(filter),
    few: from.hits !== null || filter.ids !== undefined,
    local:
      from.source !== null ||
      filter.street !== undefined ||
      filter.unitId !== undefined ||
      filter.level === 1, // one in a hundred, and of few categories
  });
  const found: { readonly id: string; readonly stretch: number }[] = [];
  for (const [i, stretch] of stretches.entries()) {
    if (found.length > limit) break;
    if (place !== null && i < place.stretch) continue;
    const keys = await matching(db, actor, filter, from, now)
      .select("t.id")
      .$if(stretch.where !== null, (b) => b.where(stretch.where ?? sql<boolean>`true`))
      .$if(place?.stretch === i, (b) => b.where(place ? beyond(stretch, place) : sql<boolean>`true`))
      .orderBy(orderOf(stretch, gathered))
      .limit(limit + 1 - found.length)
      .execute();
    for (const { id } of keys) found.push({ id, stretch: i });
  }
  const shown = found.slice(0, limit);
  const rows = await rowsOf(
    db,
    shown.map(({ id }) => id),
  );
  const last = shown.at(-1);
  const lastRow = rows.at(-1);
  const by = last && stretches[last.stretch]?.by;
  const next = found.length > limit && last && lastRow && by ? placeText(last.stretch, by, lastRow) : null;
  return { next, rows: rows.map((row) => toRow(row)) };
}

/** These tickets as a list shows them, in this order. */
async function rowsOf(db: Db, ids: readonly string[]): Promise<readonly Found[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("ticket as t")
    .leftJoin("unit as u", "u.id", "t.lead_unit_id")
    .select([
      "t.id",
      "t.number",
      "t.title",
      "t.channel",
      "t.level",
      "t.state",
      "t.category1",
      "t.category2",
      "t.category3",
      "t.street",
      "t.community",
      "t.lead_unit_id",
      "t.received_at",
      "t.due_at",
      "t.due_kind",
      "t.near_at",
      "t.round",
      "t.returns",
      "t.version",
    ])
    .select([sql<string>`left(t.content, 90)`.as("excerpt"), "u.short_name as unit_name"])
    .where(sql<boolean>`t.id = any(${ids}::bigint[])`)
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

/** What has been found out before the tickets are asked for. */
interface From {
  /** The tickets that the words of the query stand in; null where that would not help. */
  readonly hits: readonly string[] | null;
  /** A unit's tickets: those that it leads, and those that it led or helps with. Null for the centre, which sees all. */
  readonly source: RawBuilder<DB["ticket"]> | null;
}

async function narrowed(db: Db, actor: Actor, filter: TicketFilter): Promise<From> {
  const hits = await foundByWords(db, actor, filter.q);
  if (filter.queue?.unit || actor.roles.some((r) => sideOf(r) !== "unit")) return { hits, source: null };
  const unit = actor.unitId ?? "0";
  const others = await db
    .selectFrom("assignment as a")
    .select("a.ticket_id")
    .where("a.unit_id", "=", unit)
    .except(db.selectFrom("ticket as led").select("led.id as ticket_id").where("led.lead_unit_id", "=", unit))
    .execute();
  const ids = others.map((o) => o.ticket_id);
  const source = sql<DB["ticket"]>`(select * from ticket where lead_unit_id = ${unit}
    union all select * from ticket where id = any(${ids}::bigint[]) and lead_unit_id is distinct from ${unit})`;
  return { hits, source };
}

/** The tickets of a filter that this person may see. */
function matching(db: Db, actor: Actor, filter: TicketFilter, from: From, now: number) {
  const { hits, source } = from;
  return db
    .selectFrom((source ?? sql<DB["ticket"]>`ticket`).as("t"))
    .where((eb) => eb.and(conditions(eb, db, actor, filter, now)))
    .$if(hits !== null, (b) => b.where(sql<boolean>`t.id = any(${hits}::bigint[])`));
}

function isOpenOnly(filter: TicketFilter): boolean {
  const states = filter.queue?.states ?? filter.states;
  const open = states !== undefined && states.length > 0 && states.every((s) => isState(s) && STATES[s].open);
  return open || filter.due !== undefined || filter.dueFrom !== undefined || filter.dueTo !== undefined;
}

/** How many tickets a filter holds, at most `most`: nobody reads a number beyond that at a glance. */
export async function countTickets(
  db: Db,
  actor: Actor,
  filter: TicketFilter,
  most: number,
  now: number,
): Promise<number> {
  const from = await narrowed(db, actor, filter);
  const { n } = await db
    .selectFrom(
      matching(db, actor, filter, from, now).select(sql<number>`1`.as("one")).limit(most).as("some"),
    )
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** How many tickets are in each of these queues; those of one shape are counted in one pass over the open tickets. */
export async function countQueues(
  db: Db,
  actor: Actor,
  queues: readonly Queue[],
  now: number,
): Promise<Map<string, number>> {
  const shapes = [...Map.groupBy(queues, (q) => q.unit).values()];
  const counted = await Promise.all(shapes.map((group) => countOneShape(db, actor, group, now)));
  return new Map(counted.flat());
}

async function countOneShape(
  db: Db,
  actor: Actor,
  queues: readonly Queue[],
  now: number,
): Promise<[string, number][]> {
  const unit = actor.unitId ?? "0";
  const shape = queues[0]?.unit;
  const counts = await db
    .selectFrom("ticket as t")
    .select((eb) =>
      queues.map((q) =>
        eb.fn
          .countAll<string>()
          .filterWhere((f) => f.and(stateAndDue(f, q, now)))
          .as(q.key),
      ),
    )
    .where("t.state", "not in", ["closed", "withdrawn", "merged", "voided"])
    .$if(shape === "lead", (b) => b.where("t.lead_unit_id", "=", unit))
    .$if(shape === "co", (b) => b.where("t.id", "in", helping(db, unit)))
    .executeTakeFirstOrThrow();
  return queues.map((q) => [q.key, Number(counts[q.key] ?? 0)]);
}

/** Tickets that a unit helps with now. */
function helping(db: Db, unitId: string) {
  return db
    .selectFrom("assignment as a")
    .select("a.ticket_id")
    .where("a.unit_id", "=", unitId)
    .where("a.part", "=", "co")
    .where("a.state", "in", ["assigned", "accepted"]);
}

/** What a ticket must fulfil to be in the list of a filter; words of `q` are sought beside it. */
export function listConditions(
  eb: Eb,
  db: Db,
  actor: Actor,
  filter: TicketFilter,
  now: number,
): Expression<SqlBool>[] {
  const scope = filter.queue?.unit ? [] : [inScope(eb, actor)]; // a unit's queue is narrower than its scope
  return [...scope, ...conditions(eb, db, actor, filter, now)];
}

function conditions(eb: Eb, db: Db, actor: Actor, f: TicketFilter, now: number): Expression<SqlBool>[] {
  const all: Expression<SqlBool>[] = [];
  if (f.queue) all.push(...queueConditions(eb, db, actor, f.queue, now));
  if (f.ids) all.push(f.ids.length === 0 ? sql<boolean>`false` : eb("t.id", "in", f.ids));
  if (f.states && f.states.length > 0) all.push(eb("t.state", "in", f.states));
  // What came in by mistake and was taken back is shown to who asks for it: by state, by number, by a word, one by one.
  else if (!f.queue && !f.ids && !f.q) all.push(eb("t.state", "<>", "voided"));
  if (f.unitId) all.push(eb("t.lead_unit_id", "=", f.unitId));
  if (f.street) all.push(eb("t.street", "=", f.street));
  if (f.category) all.push(eb("t.category1", "=", f.category));
  if (f.channel) all.push(eb("t.channel", "=", f.channel));
  if (f.level) all.push(eb("t.level", "=", f.level));
  if (f.due) all.push(...dueConditions(eb, f.due, now));
  if (f.from !== undefined) all.push(eb("t.received_at", ">=", new Date(f.from)));
  if (f.to !== undefined) all.push(eb("t.received_at", "<", new Date(f.to)));
  if (f.dueFrom !== undefined || f.dueTo !== undefined) all.push(isOpen(eb));
  if (f.dueFrom !== undefined) all.push(eb("t.due_at", ">=", new Date(f.dueFrom)));
  if (f.dueTo !== undefined) all.push(eb("t.due_at", "<", new Date(f.dueTo)));
  if (f.dispatchedTo !== undefined) all.push(eb("t.dispatched_at", "<", new Date(f.dispatchedTo)));
  if (f.q) all.push(isNumber(f.q) ? numberLike(eb, f.q) : textLike(eb, f.q));
  return all;
}

const isNumber = (q: string): boolean => /^[\p{L}\d-]*\d{4,}[\d-]*$/u.test(q);

/** Every word of the query stands somewhere in what people read of the ticket; no more than eight words count. */
function textLike(eb: Eb, q: string): Expression<SqlBool> {
  const read = sql`(t.title || E'\\n' || t.content || E'\\n' || t.address || E'\\n' || t.street || t.community || E'\\n' || t.enterprise)`;
  const terms = q.trim().split(/\s+/).slice(0, 8);
  return eb.and(
    terms.map((term) => sql<boolean>`${read} ilike ${`%${term.replace(/[\\%_]/g, (c) => `\\${c}`)}%`}`),
  );
}

const COMMON = 2000;

/**
 * The tickets that the index of words answers; null where it would not help: a number, no whole word, or words so
 * common that walking the list in its own order meets a page of them sooner than the index has gathered all of them.
 */
async function foundByWords(db: Db, actor: Actor, q: string | undefined): Promise<readonly string[] | null> {
  const words = q === undefined || isNumber(q) ? null : await needles(db, q);
  if (words === null) return null;
  const hits = await indexed(db, actor, words).limit(COMMON).execute();
  return hits.length < COMMON ? hits.map((h) => h.ticket_id) : null;
}

/** What the index of words is asked; a unit's scope is asked of it too, and checked again outside. */
function indexed(db: Db, actor: Actor, words: readonly string[]) {
  const ofUnit = actor.roles.every((r) => sideOf(r) === "unit");
  const all = ofUnit ? [...words, unitWord(actor.unitId ?? "0")] : words;
  return db
    .selectFrom("ticket_search as s")
    .select("s.ticket_id")
    .where(sql<boolean>`s.words @@ ${tsqueryOf(all)}::tsquery`);
}

/** A ticket number by its beginning or its last signs; both from an index. */
function numberLike(eb: Eb, q: string): Expression<SqlBool> {
  return eb.or([
    eb("t.number", "like", `${q}%`),
    sql<boolean>`reverse(t.number) like ${`${[...q].reverse().join("")}%`}`,
  ]);
}

function queueConditions(eb: Eb, db: Db, actor: Actor, queue: Queue, now: number): Expression<SqlBool>[] {
  const unit = actor.unitId ?? "0";
  const all = stateAndDue(eb, queue, now);
  if (queue.unit === "lead") all.push(eb("t.lead_unit_id", "=", unit));
  if (queue.unit === "co") all.push(eb("t.id", "in", helping(db, unit)));
  return all;
}

function stateAndDue(eb: Eb, queue: Queue, now: number): Expression<SqlBool>[] {
  return [
    eb("t.state", "in", queue.states),
    ...(queue.due ? dueConditions(eb, queue.due, now) : []),
    ...(queue.asked === "extension" ? [isAsked()] : []),
    ...(queue.asked === "pause" ? [isPauseAsked()] : []),
  ];
}

function dueConditions(eb: Eb, due: "near" | "overdue", now: number): Expression<SqlBool>[] {
  const at = new Date(now);
  const open = isOpen(eb);
  return due === "overdue"
    ? [open, eb("t.due_at", "<", at)]
    : [open, eb("t.near_at", "<=", at), eb("t.due_at", ">=", at)];
}

function isOpen(eb: Eb): Expression<SqlBool> {
  return eb("t.state", "not in", ["closed", "withdrawn", "merged", "voided"]);
}

interface Found {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly channel: string;
  readonly level: number;
  readonly state: string;
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly street: string;
  readonly community: string;
  readonly lead_unit_id: string | null;
  readonly unit_name: string | null;
  readonly received_at: Date;
  readonly due_at: Date | null;
  readonly due_kind: string | null;
  readonly near_at: Date | null;
  readonly round: number;
  readonly returns: number;
  readonly version: number;
}

/** The list's row of a ticket, as the web shows it. */
export function toRow(row: Found): TicketRow {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    excerpt: row.excerpt,
    channel: row.channel,
    level: row.level,
    state: row.state,
    stateZh: isState(row.state) ? STATES[row.state].zh : row.state,
    category: [row.category1, row.category2, row.category3].filter((c) => c !== "").join(" / "),
    street: row.street,
    community: row.community,
    leadUnit: row.lead_unit_id ? { id: row.lead_unit_id, name: row.unit_name ?? "" } : null,
    receivedAt: row.received_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    dueKind: row.due_kind,
    dueKindZh: clockName(row.due_kind),
    nearAt: row.near_at?.toISOString() ?? null,
    round: row.round,
    returns: row.returns,
    version: row.version,
  };
}

export function clockName(kind: string | null): string | null {
  return kind !== null && isClockKind(kind) ? CLOCKS[kind].zh : kind;
}
