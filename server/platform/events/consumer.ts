/**
 * 事件的读者. A feature that follows the event table at its own pace, by a cursor kept in the database.
 *
 * What is done with a page and the cursor's step are one transaction, so a kill between them repeats the page: at least
 * once, and what is done must bear repetition. One process at a time follows for one name; the others find it taken
 * and rest.
 */
import { sql } from "kysely";
import type { Db } from "../db/open.ts";
import { cursorNow } from "./feed.ts";

export interface ConsumedEvent {
  readonly id: string;
  readonly ticketId: string;
  readonly kind: string;
  readonly fromState: string | null;
  readonly toState: string | null;
  readonly round: number;
  readonly at: Date;
  readonly userId: string | null;
  readonly userName: string;
  readonly unitId: string | null;
  readonly data: unknown;
}

const PAGE = 1000;

/**
 * Hands the next page of complete events to `work` and steps on; answers how many there were. A name that is new begins
 * with what comes from now on.
 */
export async function consume(
  db: Db,
  consumer: string,
  work: (tx: Db, events: readonly ConsumedEvent[]) => Promise<void>,
): Promise<number> {
  await beginAt(db, consumer);
  return placeOf(db, consumer, async (tx, place) => {
    const { rows } = await sql<{
      id: string;
      txid: string;
      ticket_id: string;
      kind: string;
      from_state: string | null;
      to_state: string | null;
      round: number;
      at: Date;
      user_id: string | null;
      user_name: string;
      unit_id: string | null;
      data: unknown;
    }>`
      select id, txid::text as txid, ticket_id, kind, from_state, to_state, round, at, user_id, user_name, unit_id, data
      from event
      where (txid, id) > (${place.txid}::xid8, ${place.id}::bigint) and txid < pg_snapshot_xmin(pg_current_snapshot())
      order by event.txid, event.id
      limit ${PAGE}`.execute(tx);
    const last = rows.at(-1);
    if (!last) return 0;
    await work(
      tx,
      rows.map((r) => ({
        id: r.id,
        ticketId: r.ticket_id,
        kind: r.kind,
        fromState: r.from_state,
        toState: r.to_state,
        round: r.round,
        at: r.at,
        userId: r.user_id,
        userName: r.user_name,
        unitId: r.unit_id,
        data: r.data,
      })),
    );
    await stepOn(tx, consumer, last);
    return rows.length;
  });
}

interface Place {
  readonly txid: string;
  readonly id: string;
}

/** Works on from the place of a reader that has begun, one process at a time; 0 where another is at it. */
export async function placeOf(
  db: Db,
  consumer: string,
  work: (tx: Db, place: Place) => Promise<number>,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<Place>`
      select txid::text as txid, id from event_cursor where consumer = ${consumer} for update skip locked`.execute(
      tx,
    );
    return rows[0] ? work(tx, rows[0]) : 0;
  });
}

export async function stepOn(tx: Db, consumer: string, last: Place): Promise<void> {
  await sql`update event_cursor set txid = ${last.txid}::xid8, id = ${last.id}::bigint where consumer = ${consumer}`.execute(
    tx,
  );
}

/** Makes the cursor of a new name; in a transaction of its own, so that what comes after is surely after it. */
export async function beginAt(db: Db, consumer: string): Promise<void> {
  const known = await db
    .selectFrom("event_cursor")
    .select("consumer")
    .where("consumer", "=", consumer)
    .executeTakeFirst();
  if (known) return;
  const [txid = "0", id = "0"] = (await cursorNow(db)).split(".");
  await sql`insert into event_cursor (consumer, txid, id) values (${consumer}, ${txid}::xid8, ${id}::bigint)
    on conflict do nothing`.execute(db);
}

/** The same for a table that is read from its first row on. */
export async function beginAtStart(db: Db, consumer: string): Promise<void> {
  await sql`insert into event_cursor (consumer, txid, id) values (${consumer}, '0'::xid8, 0) on conflict do nothing`.execute(
    db,
  );
}
