/** 通知的读者. A feature that follows the outbox by a cursor of its own, as events are followed (events/consumer.ts). */
import { sql } from "kysely";
import type { Db } from "../db/open.ts";
import { beginAtStart, placeOf, stepOn } from "../events/consumer.ts";

const PAGE = 1000;

/** Hands the ids of the next page of complete notices to `work` and steps on; answers how many there were. */
export async function followNotices(
  db: Db,
  consumer: string,
  work: (tx: Db, ids: readonly string[]) => Promise<void>,
): Promise<number> {
  await beginAtStart(db, consumer);
  return placeOf(db, consumer, async (tx, place) => {
    const { rows } = await sql<{ id: string; txid: string }>`
      select id, txid::text as txid from notice
      where (txid, id) > (${place.txid}::xid8, ${place.id}::bigint) and txid < pg_snapshot_xmin(pg_current_snapshot())
      order by notice.txid, notice.id
      limit ${PAGE}`.execute(tx);
    const last = rows.at(-1);
    if (!last) return 0;
    await work(
      tx,
      rows.map((r) => r.id),
    );
    await stepOn(tx, consumer, last);
    return rows.length;
  });
}
