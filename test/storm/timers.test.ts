/**
 * 同时到期的风暴. Thousands of timers fall due at one instant while the worker is killed with -9 five times, PostgreSQL once,
 * and the worker's machine has its clock an hour back and then an hour ahead: each is told exactly once, none is left.
 *
 * JIESU_TEST_TIMERS=100000 is the full form (`npm run soak`); how long it took is in the test's output and in bench/.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDb } from "@jiesu/server/platform/db/open.ts";
import { openEmbedded } from "@jiesu/server/platform/postgres/embedded.ts";
import { sql } from "kysely";
import { raiseMountain, wornDown } from "../../seeds/mountain.ts";
import { type House, openHouse, type Victim } from "./house.ts";
import { faultsIn } from "./ledger.ts";

/** A clock is two timers: its overdue mark, and the ladder's step. */
const TIMERS = Number(process.env.JIESU_TEST_TIMERS ?? 12_000);
const CLOCKS = TIMERS / 2;
const HOUR_MS = 3_600_000;
/** Counting a heap takes its time too: the larger it is, the less often it is looked at. */
const LOOK_MS = Math.max(30, TIMERS / 400);
const LEAD_MS = 12_000 + CLOCKS / 4;

/** What is killed when so much is told, and how far off the clock of the machine is that comes up again. */
const KILLS: readonly { readonly victim: Victim; readonly told: number; readonly clock: number }[] = [
  { victim: "worker", told: 1 / 10, clock: -HOUR_MS },
  { victim: "worker", told: 0, clock: HOUR_MS },
  { victim: "worker", told: 2 / 10, clock: 0 },
  { victim: "postgres", told: 4 / 10, clock: 0 },
  { victim: "worker", told: 5 / 10, clock: 0 },
  { victim: "worker", told: 7 / 10, clock: 0 },
];

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house?.clear());

const told = async (): Promise<number> => {
  const { marks, urges } = await wornDown(house.ledger.db);
  return marks + urges;
};

async function until(done: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 1500; i++) {
    if (await done().catch(() => false)) return; // the test's own connection breaks with PostgreSQL
    await sleep(LOOK_MS);
  }
  assert.fail(`${what}: ${JSON.stringify(await wornDown(house.ledger.db))}`);
}

test(`${TIMERS} timers due at once, through five kills of the worker, one of PostgreSQL and a clock set back and ahead: each is told once`, async () => {
  await house.jiesu("user", "add", "zhi", "值长", "--role", "shiftLead");
  const dueAt = Date.now() + LEAD_MS;
  await raiseMountain(house.ledger.db, CLOCKS, dueAt, "S");
  await sleep(dueAt - Date.now() - 50);
  assert.equal(await told(), 0, "nothing is told before its time");

  let caught = 0;
  const began = Date.now();
  let dead = 0;
  for (const { victim, told: share, clock } of KILLS) {
    await until(async () => (await told()) >= TIMERS * share, `waiting for ${share}`);
    if (clock === HOUR_MS) {
      const before = await told();
      await sleep(1500);
      assert.equal(await told(), before, "an hour earlier nothing is due");
      dead += 1500;
    }
    dead += await house.kill(victim, clock);
    if ((await told()) < TIMERS) caught += 1;
  }
  await until(async () => (await told()) >= TIMERS, "the rest");
  const took = Date.now() - began;
  assert.ok(caught >= 4, `only ${caught} kills fell into the work`);
  await until(async () => (await wornDown(house.ledger.db)).messages >= CLOCKS, "the messages");
  await house.stop();

  const embedded = await openEmbedded(house.embedded);
  const ledger = openDb(embedded.url, 2);
  try {
    assert.deepEqual(await wornDown(ledger.db), {
      marks: CLOCKS,
      urges: CLOCKS,
      notices: CLOCKS,
      messages: CLOCKS,
    });
    const { rows } = await sql<{ kind: string; events: number; clocks: number }>`
      select kind, count(*)::int as events, count(distinct data ->> 'clockId')::int as clocks from event
      where kind like 'timer.%' group by 1 order by 1`.execute(ledger.db);
    assert.deepEqual(rows, [
      { kind: "timer.overdue", events: CLOCKS, clocks: CLOCKS },
      { kind: "timer.urge", events: CLOCKS, clocks: CLOCKS },
    ]);
    assert.deepEqual(await faultsIn(ledger, []), []);
    console.log(
      `  ${TIMERS} timers told in ${(took / 1000).toFixed(1)} s, ${(dead / 1000).toFixed(1)} s of it without a worker`,
    );
  } finally {
    await ledger.close();
    await embedded.close();
  }
});
