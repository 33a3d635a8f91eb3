/**
 * 折叠中的断电. The worker is killed with -9 again and again while it folds a mountain of deltas into the counters, a second
 * worker beside it: what was folded is folded once, what was not is still there.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { compareTally } from "@jiesu/server/assessment/recount.ts";
import { foldTally } from "@jiesu/server/assessment/tally.ts";
import { sql } from "kysely";
import { type House, openHouse } from "./house.ts";

const KILLS = Number(process.env.JIESU_TEST_KILLS ?? 3);
const RESULTS = 30_000;
const STRETCHES_MS = 120_000;

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house?.clear());

/** Results of one more callback each: two deltas a result, one statement a hundred of them, as an import writes. */
async function writeMany(first: number): Promise<void> {
  for (let from = first; from < first + RESULTS; from += 100)
    await sql`
      insert into result (ticket_id, round, unit_id, counted_at, source, valid, solved)
      select n, 1, (select min(id) from unit) + n % 20, now() - make_interval(days => n % 60), 'own', true, case when n % 3 = 0 then 'no' else 'yes' end
        from generate_series(${from}::int, ${from}::int + 99) n`.execute(house.ledger.db);
}

const waiting = async (): Promise<number> => {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from tally_delta`.execute(
    house.ledger.db,
  );
  return rows[0]?.n ?? 0;
};

interface Kept {
  readonly days: number;
  readonly sums: number;
}

async function kept(): Promise<Kept | undefined> {
  const { rows } = await sql<Kept>`
    select (select sum(n)::int from tally) as days, (select coalesce(sum(n), 0)::int from tally_sum) as sums`.execute(
    house.ledger.db,
  );
  return rows[0];
}

const isWhole = (now: Kept | undefined): boolean => now !== undefined && now.days === now.sums;

test(`kill -9 of the worker, ${KILLS} times while it folds: no delta is lost and none is folded twice`, async () => {
  let caught = 0;
  for (let kill = 0; kill < KILLS; kill++) {
    const writing = writeMany(1_000_000 + kill * RESULTS);
    await sleep(300 + kill * 170);
    const [, left] = await Promise.all([house.kill("worker"), waiting()]);
    if (left > 0) caught += 1;
    // A second folder beside the worker that has just come up again.
    while ((await foldTally(house.ledger.db, 200)) > 0 && (await waiting()) > RESULTS / 3);
    await writing;
  }
  assert.ok(caught > 0, "the worker was never killed with deltas waiting");
  while ((await waiting()) > 0) await sleep(100);
  assert.deepEqual(await compareTally(house.ledger.db), []);
  // The stretches are looked at once a minute, and made one after another: figures do not wait for them, only this test does.
  for (const until = Date.now() + STRETCHES_MS; Date.now() < until && !isWhole(await kept()); )
    await sleep(500);
  assert.deepEqual(await kept(), { days: KILLS * RESULTS, sums: KILLS * RESULTS });
  assert.deepEqual(await compareTally(house.ledger.db), []);
  await house.stop();
});
