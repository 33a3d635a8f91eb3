/** 盯办台账. The facts by which tickets are watched, read in one look; items and their steps, written here alone. */
import { isState, OPEN_STATES, STATES, type TicketState } from "@jiesu/core/ticket/state.ts";
import { type Found, isReason, NO_STEP, type WatchFacts } from "@jiesu/core/watch/reasons.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { levelOf } from "../ticket/store.ts";
import { mannedStates } from "./sweepstore.ts";

/** An item that has not left the list. */
export interface WatchItem {
  readonly id: string;
  readonly reasons: readonly Found[];
  readonly openedAt: number;
  readonly openedEvent: string;
  readonly person: { readonly id: string; readonly name: string } | null;
  readonly namedBy: string | null;
  readonly namedFrom: number | null;
  readonly takenAt: number | null;
}

/** A ticket that is open, or still has an item, as the list looks at it. */
export interface Looked {
  readonly ticketId: string;
  readonly open: boolean;
  readonly facts: WatchFacts;
  readonly lastStep: { readonly id: string; readonly kind: string; readonly by: string } | null;
  readonly item: WatchItem | null;
}

interface Row {
  id: string;
  state: string;
  level: number;
  returns: number;
  due_at: Date | null;
  since: Date;
  ticking: boolean;
  resting: boolean;
  unit: boolean;
  urged_at: Date | null;
  step_id: string | null;
  step_at: Date | null;
  step_kind: string | null;
  step_by: string | null;
  item_id: string | null;
  reasons: unknown;
  opened_at: Date | null;
  opened_event: string | null;
  person_id: string | null;
  person_name: string | null;
  named_by: string | null;
  named_from: Date | null;
  taken_at: Date | null;
}

/** These tickets, or all that are open or have an item. */
export async function lookAt(db: Db, now: number, ids: readonly string[] | null): Promise<readonly Looked[]> {
  const manned = await mannedStates(db);
  const only = ids === null ? sql`` : sql`and t.id = any(${[...ids]}::bigint[])`;
  const { rows } = await sql<Row>`
    select t.id, t.state, t.level, t.returns, t.due_at, coalesce(m.at, t.received_at) as since,
           coalesce(k.ticking, false) as ticking, coalesce(k.resting, false) as resting,
           n.id is not null as unit, u.at as urged_at,
           s.id as step_id, s.at as step_at, s.kind as step_kind, s.user_name as step_by,
           w.id as item_id, w.reasons, w.opened_at, w.opened_event, w.person_id, w.person_name, w.named_by,
           w.named_from, w.taken_at
    from ticket t
    left join watch_item w on w.ticket_id = t.id and w.closed_at is null
    left join unit n on n.id = t.lead_unit_id and n.merged_into is null
                    and (n.valid_to is null or n.valid_to >= (${new Date(now)}::timestamptz at time zone 'Asia/Shanghai')::date)
    left join lateral (select bool_or((c.state = 'running' or c.paused_until is not null) and c.assignment_id is null) as ticking,
                              bool_or(c.paused_until is not null) as resting
                         from clock c where c.ticket_id = t.id) k on true
    left join lateral (select e.at from event e where e.ticket_id = t.id and e.version = t.moved_version) m on true
    left join lateral (select e.id, e.at, e.kind, e.user_name from event e
                        where e.ticket_id = t.id and e.kind <> all(${[...NO_STEP]}) order by e.version desc limit 1) s on true
    left join (select ticket_id, min(at) as at from urge where answered_at is null and settled_at is null group by ticket_id) u
           on u.ticket_id = t.id
    where (t.state = any(${[...OPEN_STATES]}) or w.id is not null) ${only}
    order by t.id`.execute(db);
  return rows.map((row) => lookedOf(row, manned));
}

function lookedOf(row: Row, manned: ReadonlySet<TicketState>): Looked {
  if (!isState(row.state)) throw new Error(`unknown state in the ledger: ${row.state}`);
  const { state, ticking, resting, unit, returns } = row;
  return {
    ticketId: row.id,
    open: STATES[state].open,
    facts: {
      ...{ state, ticking, resting, unit, returns, desk: manned.has(state), level: levelOf(row.level) },
      ...{ dueAt: row.due_at?.getTime() ?? null, since: row.since.getTime() },
      ...{ lastStepAt: (row.step_at ?? row.since).getTime(), urgedAt: row.urged_at?.getTime() ?? null },
    },
    lastStep:
      row.step_id === null ? null : { id: row.step_id, kind: row.step_kind ?? "", by: row.step_by ?? "" },
    item:
      row.item_id === null
        ? null
        : {
            ...{ id: row.item_id, reasons: foundIn(row.reasons), openedAt: row.opened_at?.getTime() ?? 0 },
            ...{ openedEvent: row.opened_event ?? "0", namedBy: row.named_by },
            person: row.person_id === null ? null : { id: row.person_id, name: row.person_name ?? "" },
            ...{ namedFrom: row.named_from?.getTime() ?? null, takenAt: row.taken_at?.getTime() ?? null },
          },
  };
}

/** Reasons as they were kept. */
function foundIn(kept: unknown): Found[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((each: unknown) => {
    const { reason, at } = Object(each);
    return typeof reason === "string" && isReason(reason) && typeof at === "number" ? [{ reason, at }] : [];
  });
}

/** One writer of items at a time, until the transaction ends. */
export async function lockWatch(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('duty.watch'))`.execute(tx);
}

/** What has come upon the list, with its first step. */
export async function openItems(
  tx: Db,
  items: readonly { readonly looked: Looked; readonly reasons: readonly Found[] }[],
  now: number,
): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(({ looked, reasons }) => ({
    ...{ ticket_id: looked.ticketId, reason: reasons[0]?.reason, reasons },
    opened_event: looked.lastStep?.id ?? "0",
  }));
  await sql`
    with opened as (
      insert into watch_item (ticket_id, reason, reasons, opened_at, opened_event)
      select ticket_id, reason, reasons, ${new Date(now)}, opened_event
      from json_to_recordset(${JSON.stringify(rows)}::json)
        as r(ticket_id bigint, reason text, reasons jsonb, opened_event bigint)
      on conflict do nothing
      returning id, reason
    )
    insert into watch_step (item_id, what, at, by_name, words)
    select id, 'opened', ${new Date(now)}, '系统', reason from opened order by id`.execute(tx);
}

export async function keepReasons(
  tx: Db,
  items: readonly { readonly id: string; readonly reasons: readonly Found[] }[],
): Promise<void> {
  if (items.length === 0) return;
  await sql`
    update watch_item w set reasons = r.reasons
    from json_to_recordset(${JSON.stringify(items)}::json) as r(id bigint, reasons jsonb)
    where w.id = r.id and w.closed_at is null`.execute(tx);
}

/** What was done, by which step and whom. */
export async function closeItems(
  tx: Db,
  items: readonly {
    readonly id: string;
    readonly event: string;
    readonly by: string;
    readonly words: string;
  }[],
  now: number,
): Promise<void> {
  if (items.length === 0) return;
  await sql`
    with r as (
      select * from json_to_recordset(${JSON.stringify(items)}::json) as r(id bigint, event bigint, by text, words text)
    ), closed as (
      update watch_item w set closed_at = ${new Date(now)}, closed_event = r.event from r
      where w.id = r.id and w.closed_at is null
      returning w.id
    )
    insert into watch_step (item_id, what, at, by_name, words)
    select r.id, 'done', ${new Date(now)}, r.by, r.words from r join closed using (id) order by r.id`.execute(
    tx,
  );
}

export interface Naming {
  readonly to: { readonly id: string; readonly name: string };
  readonly by: { readonly userId: string; readonly name: string };
  readonly from: number;
  readonly words: string;
  readonly at: number;
}

/** 交给: the person is to take these items over. */
export async function nameItems(tx: Db, ids: readonly string[], naming: Naming): Promise<void> {
  if (ids.length === 0) return;
  const { to, by, words } = naming;
  const at = new Date(naming.at);
  await tx
    .updateTable("watch_item")
    .set({
      ...{ person_id: to.id, person_name: to.name, named_at: at, named_by: by.userId },
      ...{ named_from: new Date(naming.from), taken_at: null },
    })
    .where("id", "in", ids)
    .where("closed_at", "is", null)
    .execute();
  await addSteps(tx, ids, { what: "named", at, by_name: by.name, to_name: to.name, words });
}

/** 接办: these items are this person's from now on; what was another's becomes so by the person's own hand. */
export async function takeItems(
  tx: Db,
  ids: readonly string[],
  by: Naming["by"],
  from: number,
  now: number,
): Promise<void> {
  if (ids.length === 0) return;
  const at = new Date(now);
  const other = sql<boolean>`person_id is distinct from ${by.userId}::bigint`;
  await tx
    .updateTable("watch_item")
    .set({
      ...{ person_id: by.userId, person_name: by.name, taken_at: at },
      named_at: sql`case when ${other} then ${at}::timestamptz else named_at end`,
      named_by: sql`case when ${other} then ${by.userId}::bigint else named_by end`,
      named_from: sql`case when ${other} then ${new Date(from)}::timestamptz else named_from end`,
    })
    .where("id", "in", ids)
    .where("closed_at", "is", null)
    .execute();
  await addSteps(tx, ids, { what: "taken", at, by_name: by.name, to_name: null, words: "" });
}

async function addSteps(
  tx: Db,
  ids: readonly string[],
  step: { what: string; at: Date; by_name: string; to_name: string | null; words: string },
): Promise<void> {
  await tx
    .insertInto("watch_step")
    .values(ids.map((item_id) => ({ item_id, ...step })))
    .execute();
}

/** Items that this person was named for by a shift and has not taken yet. */
export async function namedFor(tx: Db, userId: string, from: number): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("watch_item")
    .select("id")
    .where("person_id", "=", userId)
    .where("named_from", "=", new Date(from))
    .where("taken_at", "is", null)
    .where("closed_at", "is", null)
    .execute();
  return rows.map((row) => row.id);
}

/** How many items are on the list as last looked through; of one person, or all; and how many nobody has. */
export async function countItems(
  db: Db,
  userId: string | null,
): Promise<{ readonly open: number; readonly alone: number }> {
  const row = await db
    .selectFrom("watch_item")
    .select((eb) => [
      eb.fn.countAll<string>().as("open"),
      eb.fn.countAll<string>().filterWhere("person_id", "is", null).as("alone"),
    ])
    .where("closed_at", "is", null)
    .$if(userId !== null, (q) => q.where("person_id", "=", userId ?? "0"))
    .executeTakeFirstOrThrow();
  return { open: Number(row.open), alone: Number(row.alone) };
}

/** What the rows of the list show of their tickets. */
export function readTickets(db: Db, ids: readonly string[]) {
  return db
    .selectFrom("ticket as t")
    .leftJoin("unit as u", "u.id", "t.lead_unit_id")
    .select(["t.id", "t.number", "t.title", "t.state", "t.level", "t.due_kind", "u.short_name as unit"])
    .where(sql<boolean>`t.id = any(${[...ids]}::bigint[])`)
    .execute();
}

const LEAVING: RawBuilder<boolean> = sql`s.what in ('named', 'done')`;

/** 去向: what left the list or went over to somebody, the newest first; of one ticket every step. */
export function readLeavings(
  db: Db,
  asked: { readonly after: string | null; readonly ticketId: string | null; readonly limit: number },
) {
  return db
    .selectFrom("watch_step as s")
    .innerJoin("watch_item as w", "w.id", "s.item_id")
    .innerJoin("ticket as t", "t.id", "w.ticket_id")
    .select(["s.id", "s.what", "s.at", "s.by_name", "s.to_name", "s.words", "w.reason"])
    .select(["t.id as ticket_id", "t.number", "t.title"])
    .$if(asked.ticketId === null, (q) => q.where(LEAVING))
    .$if(asked.ticketId !== null, (q) => q.where("w.ticket_id", "=", asked.ticketId ?? "0"))
    .$if(asked.after !== null, (q) => q.where("s.id", "<", asked.after ?? "0"))
    .orderBy("s.id", "desc")
    .limit(asked.limit)
    .execute();
}
