/**
 * 实时更新. Follows the event table and tells live screens, without a gap and without a notification bus.
 *
 * A reader by id alone would skip rows: a smaller id may be committed later. Rows below the oldest running transaction
 * (pg_snapshot_xmin) are complete, so the cursor is (txid, id). One query every 200 ms a process, only while somebody
 * listens; NOTIFY would serialise the commits of all writers (docs/adr).
 */
import { sql } from "kysely";
import type { Db } from "../db/open.ts";

export interface FeedEvent {
  /** "txid.id": where to go on after this event. */
  readonly cursor: string;
  readonly id: string;
  readonly ticketId: string;
  readonly kind: string;
  readonly state: string | null;
  readonly version: number;
  readonly at: Date;
  readonly unitId: string | null;
  /** Every unit that leads, led or helps: those that may see the ticket, and so hear of it. */
  readonly units: readonly string[];
  readonly userName: string;
}

const EVERY_MS = 200;
const PAGE = 500;
const LAST = 9_223_372_036_854_775_807n;

/** Events after a cursor in commit-safe order, at most one page. */
export async function eventsAfter(db: Db, cursor: string): Promise<FeedEvent[]> {
  const [txid = "0", id = "0"] = cursor.split(".");
  const { rows } = await sql<{
    id: string;
    txid: string;
    ticket_id: string;
    kind: string;
    to_state: string | null;
    version: number;
    at: Date;
    unit_id: string | null;
    units: string[];
    user_name: string;
  }>`
    select id, txid::text as txid, ticket_id, kind, to_state, version, at, unit_id, user_name,
           array(select distinct a.unit_id::text from assignment a where a.ticket_id = event.ticket_id) as units
    from event
    where (txid, id) > (${txid}::xid8, ${id}::bigint) and txid < pg_snapshot_xmin(pg_current_snapshot())
    order by event.txid, event.id
    limit ${PAGE}`.execute(db);
  return rows.map((r) => ({
    cursor: `${r.txid}.${r.id}`,
    id: r.id,
    ticketId: r.ticket_id,
    kind: r.kind,
    state: r.to_state,
    version: r.version,
    at: r.at,
    unitId: r.unit_id,
    units: r.units,
    userName: r.user_name,
  }));
}

/** The cursor of "from now on": nothing that is complete already comes again. */
export async function cursorNow(db: Db): Promise<string> {
  const { rows } = await sql<{
    xmin: string;
  }>`select (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - 1)::text as xmin`.execute(db);
  return `${rows[0]?.xmin ?? "0"}.${LAST}`;
}

/** Whether a text is a cursor that PostgreSQL can compare: both numbers fit into a bigint. */
export function isCursor(text: string): boolean {
  const [, txid, id] = /^(\d{1,19})\.(\d{1,19})$/.exec(text) ?? [];
  return txid !== undefined && id !== undefined && BigInt(txid) <= LAST && BigInt(id) <= LAST;
}

/** Whether a cursor lies after another one's transaction. */
export function isBeyond(cursor: string, now: string): boolean {
  const [txid = "0", current = "0"] = [cursor.split(".")[0], now.split(".")[0]];
  return BigInt(txid) > BigInt(current);
}

export interface Feed {
  /** Calls back for every event after the cursor until `close` is called. */
  listen(cursor: string, tell: (events: readonly FeedEvent[]) => void): () => void;
  stop(): void;
}

interface Listener {
  cursor: string;
  readonly tell: (events: readonly FeedEvent[]) => void;
}

/** One poller for all listeners of a process. `onError` hears of failed polls; the next poll tries again. */
export function startFeed(db: Db, onError: (error: unknown) => void): Feed {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | null = null;
  let busy = false;
  const poll = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      // Listeners mostly share one cursor: one query serves all that stand at the same place.
      const places = Map.groupBy(listeners, (l) => l.cursor);
      for (const [cursor, group] of places) {
        const events = await eventsAfter(db, cursor);
        const last = events.at(-1);
        if (!last) continue;
        for (const listener of group) {
          listener.cursor = last.cursor;
          listener.tell(events);
        }
      }
    } catch (error) {
      onError(error);
    } finally {
      busy = false;
    }
  };
  const settle = (): void => {
    if (listeners.size > 0 && timer === null) timer = setInterval(poll, EVERY_MS);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
  return {
    listen(cursor, tell) {
      const listener = { cursor, tell };
      listeners.add(listener);
      settle();
      return () => {
        listeners.delete(listener);
        settle();
      };
    },
    stop() {
      listeners.clear();
      settle();
    },
  };
}
