/**
 * 一年不落. A small town lives a year through the routes, at random and at speed, with the watch-list, the ladder and the
 * sweep on: after every single step each ticket is held and ticking or closed, what is overdue is on the list, and nothing
 * has left the list but by something done. JIESU_TEST_STEPS lengthens it, JIESU_TEST_SEED repeats one.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { instant } from "@jiesu/core/time/day.ts";
import { NO_STEP } from "@jiesu/core/watch/reasons.ts";
import { sweep } from "@jiesu/server/duty/sweep.ts";
import { watchStep } from "@jiesu/server/duty/watch.ts";
import { openTown, type Town } from "@jiesu/server/testing/town.ts";
import { fireTimers } from "@jiesu/server/ticket/timers.ts";
import { urgeStep, urgingStep } from "@jiesu/server/urging/jobs.ts";
import { sql } from "kysely";
import { randomOf } from "../../seeds/random.ts";
import { oneStep, type Person, type Told, takeIn } from "./people.ts";

const STEPS = Number(process.env.JIESU_TEST_STEPS ?? 260);
const SEED = Number(process.env.JIESU_TEST_SEED ?? 20_251_120);
const HOUR_MS = 3_600_000;
const PEOPLE: readonly (readonly [Role, string?])[] = [
  ["triager"],
  ["shiftLead"],
  ["supervisor"],
  ["caller"],
  ["closer"],
  ["handler", "学院路"],
  ["handler", "中关村"],
];

let town: Town;
before(async () => {
  town = await openTown();
  town.at("2025-11-20", "09:00"); // a year whose calendar is published to its end
});
after(() => town?.close());

async function signIn(role: Role, unit?: string): Promise<Person> {
  const client = await town.as(role, unit);
  const call: Person["call"] = (method, url, body) =>
    method === "GET" ? client.get(url) : client.post(url, body);
  return { name: client.actor.name, role, call };
}

/** Sessions go on over nights and weeks. */
async function staySignedIn(): Promise<void> {
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

/** Tickets overdue at this moment that are not on the list, and items that left it with nothing done. */
async function missing(): Promise<unknown[]> {
  const { rows } = await sql`
    select t.number, t.state, 'not on the list' as fault from ticket t
     where t.due_at < ${new Date(town.shell.now())} and t.state not in ('closed', 'withdrawn', 'merged', 'voided')
       and not exists (select from watch_item w where w.ticket_id = t.id and w.closed_at is null)
    union all
    select t.number, e.kind, 'left by nothing done' from watch_item w join ticket t on t.id = w.ticket_id join event e on e.id = w.closed_event
     where w.closed_at is not null and (w.closed_event <= w.opened_event or e.kind = any(${[...NO_STEP]}))`.execute(
    town.shell.db,
  );
  return rows;
}

test(`a year lived at random in ${STEPS} steps with the watch-list on: after each, nothing lies anywhere`, async () => {
  const people: Person[] = [];
  for (const [role, unit] of PEOPLE) people.push(await signIn(role, unit));
  const units = new Map(
    (await town.shell.db.selectFrom("unit").select(["id", "short_name"]).execute()).map((u) => [
      u.short_name,
      u.id,
    ]),
  );
  const random = randomOf(SEED, 3);
  const told: Told[] = [];
  const ids: string[] = [];
  const [watching, urging] = [watchStep(), urgingStep()];
  const triager = people[0] ?? assert.fail();
  for (let step = 0; step < STEPS; step++) {
    town.pass(random.chance(0.6) ? random.int(10, 180) * 60_000 : random.int(20, 150) * HOUR_MS);
    await staySignedIn();
    if (ids.length < 3 || random.chance(0.15))
      ids.push((await takeIn(triager, random.chance(0.3) ? 1 : 3, told)) ?? assert.fail("not taken in"));
    const status = await oneStep(random.pick(people), ids, units, random, told);
    assert.ok(status < 500, `step ${step}: ${status}`);
    for (const work of [
      () => fireTimers(town.shell.db, town.shell.now()),
      () => urging(town.shell),
      () => urgeStep(town.shell),
      () => watching(town.shell),
    ])
      while ((await work()) > 0);
    await sweep(town.shell, { userId: null, name: "全程" });
    const { rows } = await sql<{
      found: number;
    }>`select found from sweep_run order by id desc limit 1`.execute(town.shell.db);
    assert.equal(rows[0]?.found, 0, `step ${step}, seed ${SEED}`);
    assert.deepEqual(await missing(), [], `step ${step}, seed ${SEED}`);
  }
  assert.ok(town.shell.now() > instant("2026-05-20", "09:00"), "the better part of a year has passed");
  const { rows } = await sql<{ states: number; left: number; urges: number }>`
    select (select count(distinct to_state)::int from event) as states,
           (select count(*)::int from watch_item where closed_at is not null) as left, (select count(*)::int from urge) as urges`.execute(
    town.shell.db,
  );
  const seen = rows[0] ?? assert.fail();
  assert.ok(seen.states >= 8 && seen.left > 10 && seen.urges > 10, JSON.stringify(seen));
  console.log(`  ${told.length} moves on ${ids.length} tickets, ${JSON.stringify(seen)}`);
});
