/**
 * 断电的风暴. Eight people move tickets while server, worker and PostgreSQL are killed with -9 in turn. Nothing that was
 * acknowledged is lost, no event is without its change, no reminder is told twice or never.
 *
 * Three kills here, twenty in `npm run soak` (JIESU_TEST_KILLS). JIESU_TEST_SEED repeats a storm as far as time allows.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { openDb } from "@jiesu/server/platform/db/open.ts";
import { openEmbedded } from "@jiesu/server/platform/postgres/embedded.ts";
import { sql } from "kysely";
import { randomOf } from "../../seeds/random.ts";
import { type House, openHouse, type Victim } from "./house.ts";
import { faultsIn } from "./ledger.ts";
import { crowd, makeAccounts, signIn, type Told, takeIn } from "./people.ts";

const KILLS = Number(process.env.JIESU_TEST_KILLS ?? 3);
const SEED = Number(process.env.JIESU_TEST_SEED ?? 20_261_122);
const TIMED = 60;

let house: House;
before(async () => {
  house = await openHouse();
});
after(() => house?.clear());

/** In turn for the first three, so that the short form has one of each; then at random, sometimes all at once. */
function victims(): readonly Victim[] {
  const random = randomOf(SEED);
  const first: readonly Victim[] = ["server", "postgres", "worker"];
  return Array.from(
    { length: KILLS },
    (_, n) => first[n] ?? random.pick(["server", "worker", "postgres", "all"]),
  );
}

/**
 * Set-up, before anybody works: dispatch clocks of urgent tickets are put back in time, all of it alike (start, due, near
 * due, timers, the ticket's columns), so that their due and near-due points fall into the storm. The clock on the wall
 * is real here and the shortest limit is half an hour.
 */
async function putBack(ids: readonly string[], seconds: number): Promise<void> {
  const random = randomOf(SEED, 1);
  for (const [n, id] of ids.entries()) {
    const what = n % 2 === 0 ? "overdue" : "near";
    await house.ledger.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ ms: string }>`
        select round(extract(epoch from fire_at) * 1000)::bigint::text as ms from timer where ticket_id = ${id} and what = ${what}`.execute(
        tx,
      );
      const wanted = Date.now() + random.int(2000, seconds * 1000);
      const back = Number(rows[0]?.ms) - wanted;
      const by = sql`make_interval(secs => ${back}::double precision / 1000)`;
      await sql`update clock set started_at = started_at - ${by}, due_at = due_at - ${by}, near_at = near_at - ${by},
        body = body || jsonb_build_object('startedAt', (body ->> 'startedAt')::bigint - ${back}::bigint,
          'dueAt', (body ->> 'dueAt')::bigint - ${back}::bigint, 'nearAt', (body ->> 'nearAt')::bigint - ${back}::bigint)
        where ticket_id = ${id}`.execute(tx);
      await sql`update timer set fire_at = fire_at - ${by} where ticket_id = ${id}`.execute(tx);
      await sql`update ticket set due_at = due_at - ${by}, near_at = near_at - ${by} where id = ${id}`.execute(
        tx,
      );
    });
  }
}

test(`kill -9 of server, worker and PostgreSQL, ${KILLS} times in a storm of moves: nothing acknowledged is lost, no reminder told twice or never`, async () => {
  const accounts = await makeAccounts(house);
  const triager = await signIn(house, accounts[0] ?? assert.fail());
  const taken: Told[] = [];
  const ids: string[] = [];
  for (let n = 0; n < TIMED; n++) ids.push((await takeIn(triager, 1, taken)) ?? assert.fail("not taken in"));
  const plan = victims();
  // Half of the tickets with a clock near its end are worked on in the storm, half are left lying.
  await putBack(ids, 4 + plan.length * 6);
  const storm = await crowd(
    house,
    accounts,
    ids.filter((_, n) => n % 4 < 2),
    SEED,
  );
  const random = randomOf(SEED, 2);
  const up: string[] = [];
  try {
    for (const victim of plan) {
      await sleep(random.int(800, 3000));
      up.push(`${victim} ${(await house.kill(victim)).toFixed(0)} ms`);
    }
    await sleep(2000);
  } finally {
    await storm.stop();
  }
  // The worker catches up with whatever came due while it was dead.
  await sleep(6000);
  await house.stop();

  const told = [...taken, ...storm.told];
  const embedded = await openEmbedded(house.embedded);
  const ledger = openDb(embedded.url, 2);
  try {
    const { rows } = await sql<{ events: number; told: number; tickets: number; late: number }>`
      select (select count(*)::int from event) as events, (select count(*)::int from ticket) as tickets,
             (select count(*)::int from event where kind like 'timer.%') as told,
             (select count(*)::int from clock where state = 'running' and due_at < now()) as late`.execute(
      ledger.db,
    );
    const counts = rows[0] ?? assert.fail();
    const faults = await faultsIn(ledger, told);
    assert.deepEqual(faults, [], `seed ${SEED}`);
    // The storm was one: many moves went through, some were cut off, reminders fell into it.
    assert.ok(storm.told.length > 30 * KILLS, `only ${storm.told.length} moves`);
    const cut = [...storm.answers]
      .filter(([status]) => status === 0 || status >= 500)
      .reduce((sum, [, n]) => sum + n, 0);
    assert.ok(cut > 0, "nothing was ever cut off");
    assert.ok(counts.told >= TIMED / 2, `only ${counts.told} reminders`);
    const answers = [...storm.answers].sort(([a], [b]) => a - b).map(([status, n]) => `${status}×${n}`);
    console.log(
      `  ${told.length} acknowledged of ${counts.events} events on ${counts.tickets} tickets; ${counts.told} reminders; up again: ${up.join(", ")}; answers ${answers.join(" ")}`,
    );
  } finally {
    await ledger.close();
    await embedded.close();
  }
});
