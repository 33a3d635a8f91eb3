import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addDays, type Day } from "@jiesu/core/time/day.ts";
import fc from "fast-check";
import { sql } from "kysely";
import { openDb } from "../platform/db/open.ts";
import { bring, go } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { addCounters } from "./counters.ts";
import { compareTally, recountStep } from "./recount.ts";
import { foldTally, keepStretches, stretchStep, wantedStretches } from "./tally.ts";

let town: Town;
let assessor: Client;
before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
});
after(() => town?.close());

const PERIOD = "2026-12"; // 2026-11-19 … 2026-12-18
const good = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
const bad = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
const fold = async (batch?: number): Promise<void> => {
  while ((await foldTally(town.shell.db, batch)) > 0);
};
const makeStretches = async (): Promise<void> => {
  while ((await keepStretches(town.shell.db, await wantedStretches(town.shell))) > 0);
};

async function ranked(unit: string) {
  const id = await town.unit(unit);
  const { body } = await assessor.get(`/api/assessment/rank?period=${PERIOD}`);
  const groups: { units: { unit: { id: string }; base: number; unsolved: number }[] }[] = body.groups;
  return groups.flatMap((group) => group.units).find((row) => row.unit.id === id);
}

test("a callback is in the next ranking, whether the counters were folded into stretches before or not", async () => {
  const id = await bring(town, "closed", "香山");
  await fold();
  await makeStretches();
  const stood = await ranked("香山");
  assert.equal(stood?.unsolved, 0);
  await go(assessor, id, "cityResult", { outcome: "answered", answers: bad, scope: null, scopeNote: "" });
  assert.equal((await ranked("香山"))?.unsolved, 1);
  await fold();
  assert.equal((await ranked("香山"))?.unsolved, 1);
  assert.deepEqual(await compareTally(town.shell.db), []);
});

test("the worker keeps one stretch a period, and makes them anew where the rules come to cut the days elsewhere", async () => {
  await bring(town, "closed", "香山");
  await fold();
  await keepStretches(town.shell.db, [{ from: "2026-11-01", to: "2026-11-25" }]); // as an older rule cut them
  const step = stretchStep();
  while ((await step(town.shell)) > 0);
  const spans = await town.shell.db.selectFrom("tally_span").selectAll().orderBy("from_day").execute();
  assert.deepEqual(spans, [{ from_day: "2026-11-19", to_day: "2026-12-18" }]);
  assert.deepEqual(await compareTally(town.shell.db), []);
});

/** What happens to the results and the counters of a small ledger. */
const DAYS = Array.from({ length: 8 }, (_, n) => addDays("2025-03-15", n));
const day = fc.constantFrom(...DAYS);
const happening = fc.oneof(
  fc.record({
    what: fc.constant("result" as const),
    ticket: fc.integer({ min: 900_001, max: 900_006 }),
    unit: fc.integer({ min: 0, max: 2 }),
    day,
    source: fc.constantFrom("own", "city", null),
    solved: fc.constantFrom("yes", "no", null),
    scope: fc.constantFrom("full", "exempt"),
    gone: fc.boolean(),
  }),
  fc.record({ what: fc.constant("fold" as const), batch: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ what: fc.constant("shuffle" as const) }),
  fc.record({
    what: fc.constant("stretches" as const),
    cuts: fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { maxLength: 4 }),
  }),
);

test("results change, deltas are folded in any order and size, stretches come and go: the counters add up to a recount, over any days", async () => {
  const { db } = town.shell;
  const units = ["0", await town.unit("香山"), await town.unit("清河")];
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 25 }), day, day, async (all, a, b) => {
      await sql`delete from result where ticket_id between 900001 and 900006`.execute(db);
      for (const each of all) {
        if (each.what === "fold") await foldTally(db, each.batch);
        else if (each.what === "shuffle") await shuffle();
        else if (each.what === "stretches") await cut(each.cuts);
        else {
          const unit = each.unit === 0 ? null : units[each.unit];
          await sql`
            insert into result (ticket_id, round, unit_id, counted_at, scope, void, source, valid, solved)
            values (${each.ticket}, 1, ${unit}, ${`${each.day}T10:00:00+08:00`}, ${each.scope}, ${each.gone}, ${each.source}, ${each.source !== null}, ${each.solved})
            on conflict (ticket_id, round) do update set unit_id = excluded.unit_id, counted_at = excluded.counted_at, scope = excluded.scope,
              void = excluded.void, source = excluded.source, valid = excluded.valid, solved = excluded.solved`.execute(
            db,
          );
        }
        assert.deepEqual(await compareTally(db), []);
      }
      const [from, to] = a < b ? [a, b] : [b, a];
      assert.deepEqual(await counted(from, to), await recounted(from, to));
      const middle = addDays(from, 1);
      if (middle <= to) {
        const parts = [...(await recounted(from, from, 0)), ...(await recounted(middle, to, 1))];
        assert.deepEqual(await counted(from, to, [middle]), inOrder(parts));
      }
    }),
    { numRuns: 25 },
  );
  await sql`delete from result where ticket_id between 900001 and 900006`.execute(db);
  await cut([]);
  await fold();
});

/** The deltas that wait, in another order. */
async function shuffle(): Promise<void> {
  await sql`with taken as (delete from tally_delta returning id, day, unit_id, cell, n)
    insert into tally_delta (day, unit_id, cell, n) select day, unit_id, cell, n from taken order by hashint8(id)`.execute(
    town.shell.db,
  );
}

async function cut(at: readonly number[]): Promise<void> {
  const starts = [...at].sort((a, b) => a - b).map((n) => addDays("2025-03-15", n));
  const wanted = starts.slice(0, -1).flatMap((from, n) => {
    const next = starts[n + 1];
    return next === undefined ? [] : [{ from, to: addDays(next, -1) }];
  });
  while ((await keepStretches(town.shell.db, wanted)) > 0);
}

type Line = readonly [unit: string, part: number, cell: string, times: number];
const inOrder = (lines: readonly Line[]): readonly Line[] =>
  [...lines].sort((a, b) => (a.join(" ") < b.join(" ") ? -1 : 1));

async function counted(
  from: Day,
  to: Day,
  starts: readonly Day[] = [],
  db = town.shell.db,
): Promise<readonly Line[]> {
  const found = await addCounters(db, from, to, {}, "unit", starts);
  return inOrder(
    found.flatMap(({ part, cell, times }) => [...times].map(([key, n]): Line => [key, part, cell, n])),
  );
}

async function recounted(from: Day, to: Day, part = 0): Promise<readonly Line[]> {
  const { rows } = await sql<{ unit: string; cell: string; times: number }>`
    select coalesce(unit_id::text, '') as unit, tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied) as cell, count(*)::int as times
      from result where not void and tally_day(counted_at) between ${from} and ${to} group by 1, 2`.execute(
    town.shell.db,
  );
  return inOrder(rows.map(({ unit, cell, times }): Line => [unit, part, cell, times]));
}

test("what is remembered of the counters is never old: whoever asks for the first time is told the same after every kind of change", async () => {
  const { db } = town.shell;
  const id = await bring(town, "closed", "香山");
  const says = (answers: object) =>
    go(assessor, id, "cityResult", { outcome: "answered", answers, scope: null, scopeNote: "" });
  const first = sql`(select day, unit_id, cell from tally where day >= '2026-11-19' order by 1, 2, 3 limit 1)`;
  const seen = new Set<string>();
  for (const change of [
    () => fold(),
    () => says(bad),
    () => foldTally(db, 1), // a part of it
    () => fold(),
    () => makeStretches(),
    () => says(good),
    () => sql`update tally set n = n + 7 where (day, unit_id, cell) = ${first}`.execute(db),
    () => sql`update tally set n = n - 7 where (day, unit_id, cell) = ${first}`.execute(db),
    () => makeStretches(),
    () => sql`update tally_sum set n = n + 5`.execute(db),
    () => sql`update tally_sum set n = n - 5`.execute(db),
    () => fold(),
    () => sql`delete from tally_span`.execute(db).then(() => sql`delete from tally_sum`.execute(db)),
  ]) {
    await change();
    const anew = openDb(town.databaseUrl, 1);
    try {
      const told = await counted("2026-11-19", "2026-12-18");
      assert.deepEqual(told, await counted("2026-11-19", "2026-12-18"));
      assert.deepEqual(told, await counted("2026-11-19", "2026-12-18", [], anew.db));
      seen.add(JSON.stringify(told));
    } finally {
      await anew.close();
    }
  }
  assert.ok(seen.size > 2, "the answers did change");
});

test("two workers that fold at once, while people record callbacks, lose nothing and double nothing", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await bring(town, "closed", n % 2 === 0 ? "香山" : "清河"));
  const pools = [openDb(town.databaseUrl, 2), openDb(town.databaseUrl, 2)];
  let writing = true;
  let taken = 0;
  try {
    const folding = pools.map(async ({ db }) => {
      while (writing) taken += await foldTally(db, 2);
    });
    for (let round = 0; round < 3; round++)
      await Promise.all(
        ids.map((id) =>
          go(assessor, id, "cityResult", {
            outcome: "answered",
            answers: round % 2 === 0 ? bad : good,
            scope: null,
            scopeNote: "",
          }),
        ),
      );
    writing = false;
    await Promise.all(folding);
  } finally {
    writing = false;
    for (const pool of pools) await pool.close();
  }
  await fold();
  assert.ok(taken > 0);
  assert.deepEqual(await compareTally(town.shell.db), []);
});

/** Days pass between one question and the next: signed in anew each time. */
async function lastRecount() {
  return (await (await town.afresh("assessor")).get("/api/assessment/tally/last")).body;
}

test("a counter that is wrong is found at three at night by one recount, shown as an alarm, and left standing", async () => {
  const { db } = town.shell;
  const id = await bring(town, "closed", "香山");
  await go(assessor, id, "cityResult", { outcome: "answered", answers: good, scope: null, scopeNote: "" });
  await fold();
  await makeStretches();
  town.at("2026-12-01", "02:50");
  await recountStep(town.shell);
  assert.equal(await lastRecount(), null);
  town.at("2026-12-01", "03:00");
  await recountStep(town.shell);
  assert.equal((await lastRecount()).wrong, 0);

  await sql`update tally set n = n + 7 where (day, unit_id, cell) = (select day, unit_id, cell from tally order by 1, 2, 3 limit 1)`.execute(
    db,
  );
  await recountStep(town.shell); // this night's was done already
  assert.equal((await lastRecount()).wrong, 0);
  town.at("2026-12-02", "03:10");
  await Promise.all([recountStep(town.shell), recountStep(town.shell)]); // two workers
  const last = await lastRecount();
  assert.deepEqual([last.wrong, last.alarms.length], [1, 1]);
  const [alarm] = last.alarms;
  assert.equal(alarm.kept, alarm.counted + 7);
  assert.equal(alarm.from, alarm.to);
  assert.match(alarm.kind, /^三率 · 市级回访 · /);
  const checks = await db.selectFrom("tally_check").selectAll().execute();
  assert.equal(checks.length, 2);

  const still = await compareTally(db);
  assert.equal(still[0]?.kept, alarm.kept);
  assert.equal((await (await town.afresh("triager")).get("/api/assessment/tally/last")).status, 403);
});

test("a stretch that is not what its days come to is an alarm of its own", async () => {
  const { db } = town.shell;
  await sql`update tally set n = n - 7 where (day, unit_id, cell) = (select day, unit_id, cell from tally order by 1, 2, 3 limit 1)`.execute(
    db,
  );
  await sql`update tally_sum set n = n + 1 where (from_day, unit_id, cell) = (select from_day, unit_id, cell from tally_sum limit 1)`.execute(
    db,
  );
  const wrong = await compareTally(db);
  assert.deepEqual(
    wrong.map(({ day, to, kept, counted }) => [day, to, kept - counted]),
    [["2026-11-19", "2026-12-18", 1]],
  );
});
