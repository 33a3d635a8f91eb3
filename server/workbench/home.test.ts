import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addDays } from "@jiesu/core/time/day.ts";
import { bring, done, go, lodge, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

const UNIT = "学院路街道";
const MINUTE = 60_000;

let town: Town;
before(async () => {
  town = await openTown();
  // Six Fridays of a growing town before today's, 2026-11-20
  for (let week = 6; week >= 1; week--) {
    for (let i = 0; i < week; i++) await lodgedAt(`${fridayBefore(week)} 08:00+08:00`);
    await lodgedAt(`${fridayBefore(week)} 16:00+08:00`);
  }
  town.at("2026-11-20", "09:30");
  for (const stop of [
    "received",
    "triage",
    "dispatched",
    "handling",
    "reported",
    "calling",
    "closing",
  ] as const) {
    await bring(town, stop, UNIT);
    await bring(town, stop, "清河街道");
  }
  town.at("2026-11-20", "10:20");
});
after(() => town.close());

const fridayBefore = (weeks: number) => addDays("2026-11-20", -7 * weeks);

/** A ticket as if it had come then: history is made directly, for nobody stays signed in for weeks. */
async function lodgedAt(at: string): Promise<void> {
  const id = await lodge(town);
  await town.shell.db
    .updateTable("ticket")
    .set({ received_at: new Date(at.replace(" ", "T")) })
    .where("id", "=", id)
    .execute();
}

interface Opens {
  readonly count: number;
  readonly open: Record<string, string>;
}

/** How many tickets the address behind a number lists. */
async function behind(who: Client, open: Record<string, string>): Promise<number> {
  let count = 0;
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ ...open, limit: "200", ...(after === null ? {} : { after }) });
    const page: { rows: unknown[]; next: string | null } = done(
      await who.get(`/api/tickets?${query}`),
      String(query),
    );
    count += page.rows.length;
    after = page.next;
  } while (after !== null);
  return count;
}

const EVERYBODY = [
  ["triager"],
  ["supervisor"],
  ["caller"],
  ["closer"],
  ["assessor"],
  ["leader"],
  ["shiftLead"],
  ["handler", UNIT],
  ["unitLead", UNIT],
] as const;

for (const [role, unit] of EVERYBODY) {
  test(`every number on the home page of the ${role} is that of the list which it opens`, async () => {
    const who = await town.as(role, unit);
    for (const time of ["10:20", "10:47"]) {
      town.at("2026-11-20", time as "10:20");
      const home = done(await who.get("/api/home"));
      const numbers: Opens[] = [...home.mine, ...home.alarms, ...(home.due?.hours ?? [])];
      if (home.due) numbers.push({ count: home.due.total, open: home.due.open });
      numbers.push({ count: home.volume.today, open: home.volume.open });
      for (const week of home.volume.weeks) numbers.push({ count: week.wholeDay, open: week.open });
      for (const { count, open } of numbers)
        assert.equal(await behind(who, open), count, `${role} ${JSON.stringify(open)}`);
      const total = (home.due?.hours ?? []).reduce((sum: number, h: Opens) => sum + h.count, 0);
      if (home.due) assert.equal(total, home.due.total);
    }
    town.at("2026-11-20", "10:20");
  });
}

test("today's volume stands beside the median of the same weekday up to the same hour, and of the whole day", async () => {
  const { volume } = done(await (await town.as("leader")).get("/api/home"));
  // Fridays at 10:20 had 1 … 6 tickets, each one more by the evening
  assert.deepEqual([volume.weeks.length, volume.usual, volume.usualDay], [6, 3.5, 4.5]);
  assert.equal(volume.today, 14);
});

test("a unit with too little history is told no usual number", async () => {
  const { volume } = done(await (await town.as("handler", UNIT)).get("/api/home"));
  assert.equal(volume.usual, null);
});

test("a unit sees its own work alone", async () => {
  const home = done(await (await town.as("handler", "清河街道")).get("/api/home"));
  const count = (key: string) => home.mine.find((q: { key: string }) => q.key === key).count;
  assert.deepEqual([count("unit-new"), count("unit-handling")], [1, 1]);
  assert.equal(home.due.open.unit, await town.unit("清河街道"));
  assert.ok(home.rates.rows.every((row: { unit: { name: string } | null }) => row.unit?.name === "清河"));
});

test("a ticket nobody signed for half an hour is an alarm; seen, it is quiet until another joins it", async () => {
  const triager = await town.as("triager");
  const unsigned = async () =>
    done(await triager.get("/api/alarms")).find((a: { key: string }) => a.key === "unsigned");
  town.at("2026-11-20", "10:20");
  assert.equal((await unsigned()).fresh, true);
  const before = (await unsigned()).count;
  done(await triager.post("/api/alarms/unsigned/seen"));
  assert.equal((await unsigned()).fresh, false);
  await lodge(town);
  town.pass(29 * MINUTE);
  assert.deepEqual([(await unsigned()).count, (await unsigned()).fresh], [before, false]);
  town.pass(2 * MINUTE);
  assert.deepEqual([(await unsigned()).count, (await unsigned()).fresh], [before + 1, true]);
  refused(await triager.post("/api/alarms/nothing/seen"), 422);
  town.at("2026-11-20", "10:20");
});

test("a ticket that a unit lets lie for two hours is the unit's alarm and the supervisor's; accepted, it is nobody's", async () => {
  const handler = await town.as("handler", UNIT);
  const supervisor = await town.as("supervisor");
  for (const time of ["10:55", "11:31"] as const) {
    town.at("2026-11-20", time); // hands on the screen meanwhile
    for (const who of [handler, supervisor]) done(await who.get("/api/session"));
  }
  const mine = async (who: Client) =>
    done(await who.get("/api/alarms")).find((a: { key: string }) => a.key === "unaccepted")?.count ?? 0;
  assert.deepEqual([await mine(handler), await mine(supervisor)], [1, 2]);
  const [row] = done(await handler.get("/api/tickets?queue=unit-new")).rows;
  await go(handler, row.id, "accept");
  assert.deepEqual([await mine(handler), await mine(supervisor)], [0, 1]);
  town.at("2026-11-20", "10:20");
});

test("the administrators see whether the house stands, and no ticket", async () => {
  const home = done(await (await town.as("sysadmin")).get("/api/home"));
  assert.deepEqual([home.mine, home.due, home.volume, home.rates, home.alarms], [[], null, null, null, []]);
  assert.equal(home.system.backup, null);
  assert.ok(home.system.databaseBytes > 0);
  assert.ok(home.system.people.active > 5);
  const secadmin = await town.as("secadmin");
  await town.house.app.inject({
    method: "POST",
    url: "/api/session",
    payload: { login: secadmin.login, password: "wrong-password-1" },
  });
  assert.equal(done(await secadmin.get("/api/home")).system.today.signInsRefused, 1);
  assert.deepEqual(done(await secadmin.get("/api/home")).system.imports, []);
  refused(await secadmin.get("/api/alarms"), 403);
});
