/**
 * 同时到期. As many tickets as one likes, just received, whose dispatch clocks all fall due at one instant: what a worker
 * meets after a night or an outage. Each clock is two timers, its overdue mark and the ladder's step at the due time.
 */
import type { Db } from "@jiesu/server/platform/db/open.ts";
import { sql } from "kysely";

const HOUR_MS = 3_600_000;

/** Lays so many in one transaction, most urgent level, so that no quiet hours hold them back; `name` tells heaps apart. */
export async function raiseMountain(db: Db, clocks: number, dueAt: number, name: string): Promise<void> {
  const startedAt = dueAt - HOUR_MS;
  const body = JSON.stringify({
    ...{ kind: "dispatch", round: 0, state: "running", startedAt, limit: { unit: "hours", amount: 1 } },
    ...{ near: null, extended: 0, pauses: [], dueAt, nearAt: dueAt, endedAt: null, late: null },
    rule: { name: "standard-2022", row: "dispatch-1" },
  });
  const [from, due] = [new Date(startedAt), new Date(dueAt)];
  await db.transaction().execute(async (tx) => {
    await sql`
      insert into ticket (number, channel, path, kind, level, title, content, state, received_at, due_at, due_kind, near_at, created_at, updated_at)
      select ${name} || lpad(n::text, 8, '0'), '电话', 'district', '诉求', 1, '路面塌陷 ' || n, '路面塌陷，有人受伤', 'received',
             ${from}, ${due}, 'dispatch', ${due}, ${from}, ${from}
      from generate_series(1, ${clocks}::int) n`.execute(tx);
    await sql`
      insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role)
      select id, 1, 'receive', null, 'received', 0, ${from}, '市热线', 'system' from ticket where number like ${`${name}%`}`.execute(
      tx,
    );
    await sql`
      insert into clock (ticket_id, round, kind, state, started_at, due_at, near_at, rule, body)
      select id, 0, 'dispatch', 'running', ${from}, ${due}, ${due}, 'standard-2022', ${body}::jsonb
      from ticket where number like ${`${name}%`}`.execute(tx);
    await sql`
      insert into timer (clock_id, what, ticket_id, fire_at)
      select c.id, 'overdue', c.ticket_id, c.due_at from clock c join ticket t on t.id = c.ticket_id
      where t.number like ${`${name}%`}`.execute(tx);
  });
  await sql`analyze ticket, event, clock, timer`.execute(db);
}

/** How far it is worn down: marks, urges, notices, and what the inbox has told of them. */
export async function wornDown(
  db: Db,
): Promise<{ marks: number; urges: number; notices: number; messages: number }> {
  const { rows } = await sql<{ marks: number; urges: number; notices: number; messages: number }>`
    select (select count(*)::int from timer where fired_at is not null) as marks, (select count(*)::int from urge) as urges,
           (select count(*)::int from notice where kind = 'urge') as notices, (select count(*)::int from inbox_message where kind = 'urge') as messages`.execute(
    db,
  );
  const [counts] = rows;
  if (!counts) throw new Error("a count has a row");
  return counts;
}
