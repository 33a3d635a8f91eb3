/** The checks that follow a storm are checked themselves: a sound ledger has no fault, each way of breaking it is found. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type OpenedDb, openDb } from "@jiesu/server/platform/db/open.ts";
import { bring, go, lodge } from "@jiesu/server/testing/tickets.ts";
import { openTown, type Town } from "@jiesu/server/testing/town.ts";
import { fireTimers } from "@jiesu/server/ticket/timers.ts";
import { faultsIn } from "./ledger.ts";

let town: Town;
let opened: OpenedDb;

before(async () => {
  town = await openTown();
  town.pass(Date.now() - town.shell.now()); // what is due is asked of the clock on the wall
  opened = openDb(town.databaseUrl, 1);
  await bring(town, "closed", "学院路", { co: ["中关村"] });
  const back = await bring(town, "handling", "学院路");
  await go(await town.as("handler", "学院路"), back, "returnToCentre", { ground: "非本辖区" });
  await go(await town.as("supervisor"), back, "acceptReturn");
  await lodge(town, { level: 1 });
  await fireTimers(town.shell.db, town.shell.now() + 2 * 3_600_000);
});
after(async () => {
  await opened?.close();
  await town?.close();
});

test("a ledger that was written by moves and reminders has no fault", async () => {
  assert.deepEqual(await faultsIn(opened, []), []);
});

const BROKEN: readonly { how: string; sql: string; found: RegExp }[] = [
  {
    how: "an event without its change",
    sql: "insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role) select id, version + 1, 'note', state, state, round, now(), 'x', 'triager' from ticket where id = 1",
    found: /version is the number of its events/,
  },
  {
    how: "a change without its event",
    sql: "update ticket set state = 'triage' where id = 1",
    found: /stands where its last event left it/,
  },
  {
    how: "an event lost in the middle",
    sql: "delete from event where ticket_id = 1 and version = 3",
    found: /begins where the last one ended/,
  },
  {
    how: "a step that the table does not have",
    sql: "update event set role = 'caller' where kind = 'approveClosing'",
    found: /no step of the table/,
  },
  {
    how: "a round without its result",
    sql: "delete from result where ticket_id = 1",
    found: /one lead and one result each/,
  },
  {
    how: "a result that still counts after a return",
    sql: "update result set void = false where void",
    found: /void when it gave the ticket back/,
  },
  {
    how: "a helper forgotten at the end",
    sql: "update assignment set state = 'accepted' where part = 'co'",
    found: /no helper of an ended round/,
  },
  { how: "a callback lost", sql: "delete from callback", found: /every callback is an event/ },
  {
    how: "a due time that is nobody's",
    sql: "update ticket set due_at = now() where id = 1",
    found: /shows the nearest of its running clocks/,
  },
  {
    how: "a reminder told twice",
    sql: "insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role, data) select ticket_id, 99, kind, from_state, to_state, round, at, user_name, role, data from event where kind = 'timer.near' limit 1",
    found: /told twice/,
  },
  {
    how: "a reminder marked and not told",
    sql: "delete from event where kind = 'timer.overdue'",
    found: /marked was told/,
  },
  {
    how: "a reminder too early",
    sql: "update event set at = at - interval '1 day' where kind = 'timer.near'",
    found: /before its time/,
  },
  {
    how: "a reminder never told",
    sql: "insert into timer (clock_id, what, ticket_id, fire_at) select id, 'near', ticket_id, now() - interval '1 hour' from clock where state = 'running' on conflict (clock_id, what) do update set fired_at = null, fire_at = excluded.fire_at",
    found: /still untold/,
  },
  {
    how: "a clock that nobody will end",
    sql: "delete from timer where what = 'overdue' and fired_at is null",
    found: /has its timer/,
  },
  { how: "a counter that is wrong", sql: "update tally set n = n + 1", found: /counter is wrong/ },
  {
    how: "a ledger's line lost",
    sql: "delete from ledger where ticket_id = 1",
    found: /last word on a round/,
  },
];

for (const { how, sql, found } of BROKEN) {
  test(`${how} is found`, async () => {
    await opened.pool.query("begin");
    try {
      await opened.pool.query("set local session_replication_role = replica"); // past the guards of append-only tables
      const { rowCount } = await opened.pool.query(sql);
      assert.ok(rowCount, "nothing was broken");
      const faults = await faultsIn(opened, []);
      assert.ok(
        faults.some((fault) => found.test(fault)),
        faults.join("\n"),
      );
    } finally {
      await opened.pool.query("rollback");
    }
  });
}

test("a move that was acknowledged and is not there is found", async () => {
  const lost = { eventId: "987654321", ticketId: "1", kind: "sign", userName: "分甲", toState: "triage" };
  assert.match((await faultsIn(opened, [lost])).join(), /acknowledged and lost/);
});
