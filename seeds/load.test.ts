import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { compareTally } from "@jiesu/server/assessment/recount.ts";
import { openDb } from "@jiesu/server/platform/db/open.ts";
import { openTown, type Town } from "@jiesu/server/testing/town.ts";
import { takeOff } from "./bulk.ts";
import { loadDistrict } from "./district.ts";
import { seed } from "./load.ts";
import { createAccounts } from "./people.ts";
import { TABLE_NAMES } from "./rows.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

async function query<Row>(text: string): Promise<Row[]> {
  const { pool, close } = openDb(town.databaseUrl, 1);
  try {
    return (await pool.query(text)).rows;
  } finally {
    await close();
  }
}

test("the district is loaded once; what the centre has renamed since stays renamed", async () => {
  const { db } = town.shell;
  await db.updateTable("unit").set({ name: "四季青地区办" }).where("code", "=", "110108027").execute();
  assert.deepEqual(await loadDistrict(db, town.shell.now()), {
    units: 0,
    aliases: 0,
    communities: 0,
    categories: 0,
  });
});

test("accounts are made once, with passwords that only the first answer shows", async () => {
  const { db } = town.shell;
  const made = await createAccounts(db, town.shell.now());
  assert.ok(made.length >= 30);
  assert.equal(new Set(made.map((a) => a.password)).size, made.length);
  assert.deepEqual(await createAccounts(db, town.shell.now()), []);
  const triager = made.find((a) => a.login === "zhouxl");
  const sign = (login: string, password: string) =>
    town.house.app.inject({ method: "POST", url: "/api/session", payload: { login, password } });
  assert.equal((await sign("zhouxl", triager?.password ?? "")).statusCode, 200);
  assert.equal(
    (await sign("jbr01", triager?.password ?? "")).statusCode,
    401,
    "who is not let in yet cannot sign in",
  );
});

test("a seeded ledger is whole: versions count events, clocks have their timers, the ids go on", async () => {
  const made = await seed(town.shell, { tickets: 600, seed: 3 });
  assert.equal(made.tickets, 600);
  const [sums] = await query<Record<string, string>>(`select
    (select count(*) from ticket) as tickets, (select sum(version) from ticket) as versions, (select count(*) from event) as events,
    (select count(*) from ticket t where not exists (select from event e where e.ticket_id = t.id and e.version = t.version and e.to_state = t.state)) as astray,
    (select count(*) from clock c where state = 'running' and not exists (select from timer m where m.clock_id = c.id and m.what = 'overdue')) as untimed,
    (select count(*) from timer m join clock c on c.id = m.clock_id where m.fired_at is null and c.state <> 'running') as idle,
    (select count(*) from ticket t where t.due_at is distinct from (select min(c.due_at) from clock c where c.ticket_id = t.id and c.state = 'running' and c.assignment_id is null)) as misdated,
    (select count(*) from requester) as requesters`);
  assert.deepEqual(sums, {
    tickets: "600",
    versions: String(made.events),
    events: String(made.events),
    astray: "0",
    untimed: "0",
    idle: "0",
    misdated: "0",
    requesters: "600",
  });
});

test("the counters of the assessment agree with a recount of what was seeded", async () => {
  assert.deepEqual(await compareTally(town.shell.db), []);
  const [counted] = await query<{ n: string; left: string }>(
    "select sum(n)::text as n, (select count(*)::text from tally_delta) as left from tally",
  );
  const [results] = await query<{ n: string }>("select count(*)::text as n from result where not void");
  assert.deepEqual(counted, { n: results?.n, left: "0" });
});

test("a second load adds other numbers, and nothing of the first changes", async () => {
  const [first] = await query<{ digest: string }>(
    "select md5(string_agg(t::text, '' order by id)) as digest from ticket t",
  );
  await seed(town.shell, { tickets: 50, seed: 3 });
  const [second] = await query<{ digest: string; all: string }>(
    "select md5(string_agg(t::text, '' order by id) filter (where id <= 600)) as digest, count(distinct number)::text as all from ticket t",
  );
  assert.deepEqual([second?.digest, second?.all], [first?.digest, "650"]);
});

test("work goes on from what was seeded: a waiting ticket is signed, sorted and dispatched through the routes", async () => {
  const triager = await town.as("triager");
  const list = await triager.get("/api/tickets?queue=received&limit=1");
  assert.equal(list.status, 200, JSON.stringify(list.body));
  const id: string = list.body.rows[0].id;
  assert.equal((await triager.move(id, "sign")).status, 200);
  const sent = await triager.move(id, "dispatch", {
    leadUnitId: await town.unit("清河"),
    coUnitIds: [],
    opinion: "请办理",
    designated: false,
  });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  const detail = sent.body.ticket;
  assert.equal(detail.events.length, detail.version);
  assert.match(detail.requester.phone, /^199\*+\d{4}$/);
});

test("after a bulk load the very same keys and indexes are back", async () => {
  const parts = `select pg_get_indexdef(indexrelid) as def from pg_index where indrelid = any (array['${TABLE_NAMES.join("','")}']::regclass[])
    union all select conrelid::regclass || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid = any (array['${TABLE_NAMES.join("','")}']::regclass[]) order by 1`;
  const whole = await query(parts);
  const { pool, close } = openDb(town.databaseUrl, 1);
  const client = await pool.connect();
  await client.query("begin");
  const restore = await takeOff(client, TABLE_NAMES);
  const { rows: bare } = await client.query(parts);
  await restore();
  await client.query("commit");
  client.release();
  await close();
  assert.ok(bare.length < whole.length - 20, `${bare.length} of ${whole.length} left`);
  assert.deepEqual(await query(parts), whole);
});
