/** 检索的后台步骤. Keeps the words of every ticket: what changed, by following the events; all others by a backfill. */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { beginAt, consume } from "../platform/events/consumer.ts";
import type { Shell } from "../platform/shell.ts";
import { type Cutter, cutterFor, unitWord } from "../ticket/words.ts";

const CONSUMER = "search";
const BATCH = 500;

/** Indexes what has changed, then a batch of the backfill; answers how much it did. */
export async function searchStep(shell: Shell): Promise<number> {
  const cutter = await cutterFor(shell.db);
  // The cursor stands before the backfill begins, so that no ticket falls between the two.
  await beginAt(shell.db, CONSUMER);
  const changed = await consume(shell.db, CONSUMER, (tx, events) =>
    indexTickets(tx, cutter, [...new Set(events.map((e) => e.ticketId))]),
  );
  return changed + (await backfill(shell, cutter));
}

/** The next tickets by id, once for every dictionary; how far it came is kept, so it goes on after a kill. */
function backfill(shell: Shell, cutter: Cutter): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    const known = await tx
      .selectFrom("search_progress")
      .select("done_at")
      .where("dictionary", "=", cutter.digest)
      .executeTakeFirst();
    if (known?.done_at) return 0;
    if (!known)
      await tx
        .insertInto("search_progress")
        .values({ dictionary: cutter.digest, next_id: "0" })
        .onConflict((c) => c.doNothing())
        .execute();
    const place = await tx
      .selectFrom("search_progress")
      .select("next_id")
      .where("dictionary", "=", cutter.digest)
      .where("done_at", "is", null)
      .forUpdate()
      .skipLocked()
      .executeTakeFirst();
    if (!place) return 0;
    const rows = await tx
      .selectFrom("ticket")
      .select("id")
      .where("id", ">", place.next_id)
      .orderBy("id")
      .limit(BATCH)
      .execute();
    const last = rows.at(-1);
    if (last)
      await indexTickets(
        tx,
        cutter,
        rows.map((r) => r.id),
      );
    await tx
      .updateTable("search_progress")
      .set(last ? { next_id: last.id } : { done_at: new Date(shell.now()) })
      .where("dictionary", "=", cutter.digest)
      .execute();
    if (!last) await tx.deleteFrom("search_progress").where("dictionary", "!=", cutter.digest).execute();
    return rows.length;
  });
}

/** Writes the words of these tickets anew, with the units that may see them. */
export async function indexTickets(tx: Db, cutter: Cutter, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const rows = await tx
    .selectFrom("ticket as t")
    .select(["t.id", "t.title", "t.content", "t.address", "t.street", "t.community", "t.enterprise"])
    .select(
      sql<string[]>`array(select distinct a.unit_id::text from assignment a where a.ticket_id = t.id)`.as(
        "units",
      ),
    )
    .where("t.id", "in", ids)
    .orderBy("t.id") // one order for all writers: two of them never wait for each other in a circle
    .execute();
  const words = rows.map((t) => {
    const text = [t.title, t.content, t.address, t.street, t.community, t.enterprise].join("\n");
    return [...cutter.wordsOf(text), ...t.units.map(unitWord)].join(" ");
  });
  await sql`
    insert into ticket_search (ticket_id, words)
    select id, array_to_tsvector(array_remove(string_to_array(words, ' '), ''))
    from unnest(${rows.map((t) => t.id)}::bigint[], ${words}::text[]) as r(id, words)
    order by id
    on conflict (ticket_id) do update set words = excluded.words
    where ticket_search.words is distinct from excluded.words`.execute(tx);
}
