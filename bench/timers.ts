/**
 * 同时到期. A hundred thousand timers due at one instant until all are told, by the worker as users run it: a clock is two
 * timers, its overdue mark and the ladder's step. Beside it the same rows written by bare SQL in one transaction.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { raiseMountain, wornDown } from "../seeds/mountain.ts";
import type { Ground, Ledger } from "./ground.ts";
import { measured, type Tell } from "./measure.ts";

/** So long before they are due the worker is up and the ladder's plans are made: so much a thousand clocks, and to begin with. */
const LEAD_MS = { each: 1 / 3, least: 15_000 };

export async function timers(ground: Ground, tell: Tell, count: number): Promise<void> {
  const ledger = await ground.ledger(0, "_timers");
  const clocks = count / 2;
  const { db } = ledger.opened.shell;
  const bare = await bareSql(ledger, clocks);
  const before = await wornDown(db);
  const dueAt = Date.now() + LEAD_MS.least + clocks * LEAD_MS.each;
  await raiseMountain(db, clocks, dueAt, "W");
  await ledger.settle();
  const worker = ledger.work();
  try {
    const since = async (done: (now: Awaited<ReturnType<typeof wornDown>>) => number): Promise<number> => {
      while (done(await wornDown(db)) < clocks) await sleep(100);
      return Date.now() - dueAt;
    };
    await sleep(dueAt - Date.now());
    const told = await since((now) => Math.min(now.marks - before.marks, now.urges - before.urges));
    const { rows } = await sql<{ n: number }>`
      select sum(cardinality(user_ids))::int as n from notice where kind = 'urge' and at >= ${new Date(dueAt)}`.execute(
      db,
    );
    const owed = rows[0]?.n ?? 0;
    const messages = await since((now) => (now.messages < owed ? 0 : clocks));
    const title = `timers ${count} due at once`;
    tell(
      measured(
        `${title}, all told`,
        told / 1000,
        "s",
        bare / 1000,
        "the same rows by bare SQL in one transaction",
      ),
    );
    tell(measured(`${title}, all messages there`, messages / 1000, "s", 30, "the promised half minute"));
  } finally {
    await worker.stop();
  }
}

/** Milliseconds that the marks, events, urges and notices of as many clocks take by themselves. */
async function bareSql({ opened: { shell } }: Ledger, clocks: number): Promise<number> {
  const { db } = shell;
  const at = new Date(shell.now() - 1000);
  await raiseMountain(db, clocks, at.getTime(), "B");
  const began = performance.now();
  await db.transaction().execute(async (tx) => {
    await sql`update timer set fired_at = ${at} where fired_at is null`.execute(tx);
    await sql`
      insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role, data)
      select t.id, t.version + n, case n when 1 then 'timer.overdue' else 'timer.urge' end, t.state, t.state, t.round, ${at}, '系统', 'system',
             jsonb_build_object('clock', c.kind, 'clockId', c.id::text, 'dueAt', c.due_at)
      from ticket t join clock c on c.ticket_id = t.id cross join generate_series(1, 2) n`.execute(tx);
    await sql`update ticket set version = version + 2, updated_at = ${at}`.execute(tx);
    await sql`
      insert into urge (ticket_id, round, clock_id, clock, due_at, step, step_zh, rule, user_ids, people, means, words, at, by_name)
      select ticket_id, round, id, kind, due_at, 'due', '到期催办', 'urging-default', array[1::bigint], '[]', array['workbench'],
             '派单已到期，仍未办理，请立即办理并回复原因。', ${at}, '系统' from clock`.execute(tx);
    await sql`
      insert into notice (cause, kind, ticket_id, user_ids, means, title, body, at, outward_at)
      select 'urge:' || id, 'urge', ticket_id, user_ids, means, step_zh, words, at, at from urge`.execute(tx);
  });
  const took = performance.now() - began;
  // Not to be worked on, nor to be told of, when the worker comes.
  await sql`update clock set state = 'cancelled'`.execute(db);
  await sql`insert into event_cursor (consumer, txid, id) select 'inbox-notices', max(txid), max(id) from notice
    on conflict (consumer) do update set txid = excluded.txid, id = excluded.id`.execute(db);
  return took;
}
