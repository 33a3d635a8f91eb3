import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { instant } from "@jiesu/core/time/day.ts";
import { bring, done, go, lodge, look } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages, ladderOf } from "../testing/urging.ts";
import { urgeStep } from "./jobs.ts";
import { fireUrges } from "./ladder.ts";

const UNIT = "学院路街道";
let town: Town;
let ladder: ReturnType<typeof ladderOf>;
let handler: Client;
let unitLead: Client;
let lead: Client;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  ladder = ladderOf(town);
  await ladder.work(); // the cursor begins before anything happens
  handler = await town.as("handler", UNIT);
  unitLead = await town.as("unitLead", UNIT);
  lead = await town.as("shiftLead");
});
after(() => town?.close());

const at = async (day: `${number}-${number}-${number}`, time: string) => {
  town.at(day, time);
  await ladder.work();
};
const morning = () => at("2026-11-20", "09:00");
const about = async (who: Client, id: string): Promise<{ title: string; body: string; kind: string }[]> => {
  await deliverMessages(town);
  town.at("2026-11-20", "09:00"); // sessions end in the night
  return done(await who.get("/api/inbox?limit=100")).rows.filter(
    (m: { ticket: { id: string } | null; kind: string }) => m.ticket?.id === id && m.kind === "urge",
  );
};
const mine = async (id: string, clock: string) =>
  (await ladder.urges(id)).filter((u) => u.startsWith(`${clock} `));
const planned = async (id: string, clock: string) => {
  const row = await town.shell.db
    .selectFrom("urge_plan as p")
    .innerJoin("clock as c", "c.id", "p.clock_id")
    .select(["p.step", "p.fire_at"])
    .where("p.ticket_id", "=", id)
    .where("c.kind", "=", clock)
    .executeTakeFirst();
  return row && [row.step, row.fire_at?.toISOString() ?? null];
};

test("who took the ticket up hears when it is nearly due, and the unit's lead too when it is due; all of it stands on the ticket", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT, { ticket: { level: 1 } }); // report within two hours
  await at("2026-11-20", "10:25");
  assert.deepEqual(await mine(id, "report"), []);
  await at("2026-11-20", "10:31");
  assert.deepEqual(await mine(id, "report"), ["report near"]);
  await at("2026-11-20", "11:01");
  assert.deepEqual(await mine(id, "report"), ["report near", "report due"]);
  assert.deepEqual(
    (await about(handler, id)).filter((m) => m.title.includes("办理反馈")).map((m) => m.title),
    ["到期催办：办理反馈", "临期提醒：办理反馈"],
  );
  const [due] = (await about(unitLead, id)).filter((m) => m.title === "到期催办：办理反馈");
  assert.match(due?.body ?? "", /区收-[^\n]*\n办理反馈已于 11-20 11:00 到期/);
  const ticket = await look(lead, id);
  const told = ticket.events.filter((e: { kind: string }) => e.kind === "timer.urge");
  assert.match(told[0].data.to, /经办人|单位负责人/);
  assert.equal(told[0].by, "machine");
  assert.equal(ticket.version, ticket.events.length);
});

test("no urge at night: an ordinary ticket that falls due at midnight is urged in the morning, and a worker at night does nothing", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT); // report by Friday 2026-11-27, 23:59:59
  await at("2026-11-26", "20:59"); // its near point, a day before the end, lies in the night
  await at("2026-11-27", "23:30");
  const before = await mine(id, "report");
  await at("2026-11-28", "03:00"); // Saturday
  assert.deepEqual(await mine(id, "report"), before, "nobody is called at night");
  await at("2026-11-29", "12:00"); // Sunday
  assert.deepEqual(await mine(id, "report"), before, "nor on a day off");
  await at("2026-11-30", "08:00"); // Monday
  assert.deepEqual(await mine(id, "report"), [...before, "report due"]);
});

test("what was reported in time is never urged, and what waits for an answer waits no more", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT, { ticket: { level: 1 } });
  await at("2026-11-20", "10:31");
  assert.deepEqual(await mine(id, "report"), ["report near"]);
  handler = await town.afresh("handler", UNIT);
  await go(handler, id, "report", { text: "已修复", outcome: "solved" });
  await at("2026-11-20", "15:00");
  assert.deepEqual(await mine(id, "report"), ["report near"]);
  const rows = await town.shell.db
    .selectFrom("urge")
    .select(["clock", "settled_at"])
    .where("ticket_id", "=", id)
    .execute();
  assert.ok(rows.filter((r) => r.clock === "report").every((r) => r.settled_at !== null));
  assert.equal(await planned(id, "report"), undefined);
});

test("more time granted moves the steps to come; a note, a mention or a file restarts nothing", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT);
  await ladder.work();
  assert.deepEqual(await planned(id, "report"), ["near", "2026-11-27T00:00:00.000Z"]);
  await go(handler, id, "note", { text: "已约周三现场" });
  await go(handler, id, "askExtension", { ground: "works", reason: "管件后日到货", days: 3 });
  await ladder.work();
  assert.deepEqual(await planned(id, "report"), ["near", "2026-11-27T00:00:00.000Z"]);
  await go(await town.as("supervisor"), id, "grantExtension", {});
  await ladder.work();
  assert.deepEqual(await planned(id, "report"), ["near", "2026-11-30T00:00:00.000Z"]); // Monday, three days on
});

test("a unit that has handed the ticket back is not urged while the centre looks; refused, it goes on with what was left", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT, { ticket: { level: 1 } });
  town.at("2026-11-20", "09:30");
  await go(handler, id, "returnToCentre", { ground: "属清河街道" });
  await ladder.work();
  assert.deepEqual(await planned(id, "report"), ["near", null], "a clock that rests fires nothing");
  await at("2026-11-20", "11:30");
  assert.deepEqual(await mine(id, "report"), []);
  await go(await town.afresh("supervisor"), id, "refuseReturn", { reason: "属本辖区" });
  await ladder.work();
  assert.deepEqual(await planned(id, "report"), ["near", "2026-11-20T04:30:00.000Z"]); // 12:30: two hours later
});

test("raised to an emergency, a ticket whose end has thereby passed is urged at once, by the gravest step that is due", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT);
  town.at("2026-11-20", "12:00");
  lead = await town.afresh("shiftLead"); // the tests before have let days pass
  await go(lead, id, "correct", { fields: { level: 1 } });
  await ladder.work();
  assert.deepEqual(await mine(id, "report"), ["report due"]);
});

test("the machine's clock set forward an hour and back again: none twice, none missed", async () => {
  await morning();
  const id = await bring(town, "handling", UNIT, { ticket: { level: 1 } });
  await at("2026-11-20", "10:00");
  await at("2026-11-20", "11:00"); // forward
  assert.deepEqual(await mine(id, "report"), ["report due"], "what came together is one urge, the gravest");
  await at("2026-11-20", "10:00"); // and back
  await at("2026-11-20", "10:45");
  await at("2026-11-20", "11:30");
  assert.deepEqual(await mine(id, "report"), ["report due"]);
  await at("2026-11-20", "13:01");
  assert.deepEqual(await mine(id, "report"), ["report due", "report overdue-2h"]);
});

test("what the centre owes is urged of who has the ticket in hand; the shift's entered lead is the shift lead", async () => {
  await morning();
  const triager = await town.as("triager");
  const id = await bring(town, "triage", UNIT, { ticket: { level: 1 } }); // to be dispatched within the hour
  await at("2026-11-20", "10:00");
  assert.deepEqual(await mine(id, "dispatch"), ["dispatch due"]);
  assert.equal((await about(triager, id)).length, 1);
  assert.equal((await about(handler, id)).length, 0);
});

test("a unit without a single account: the shift lead hears of it", async () => {
  await morning();
  const triager = await town.as("triager");
  const id = await lodge(town, { level: 1 });
  await go(triager, id, "sign");
  await go(triager, id, "dispatch", { leadUnitId: await town.unit("上庄镇"), coUnitIds: [], opinion: "" });
  await at("2026-11-20", "09:30");
  assert.deepEqual(await mine(id, "accept"), ["accept due"]);
  assert.equal((await about(lead, id)).filter((m) => m.title === "到期催办：接收").length, 1);
});

test("more due than one batch: two workers at one ladder make each step once, and a ticket that somebody holds delays no other", async () => {
  await morning();
  const ids: string[] = [];
  for (let i = 0; i < 12; i++) ids.push(await bring(town, "dispatched", UNIT, { ticket: { level: 1 } }));
  await ladder.work();
  const before = (await Promise.all(ids.map((id) => ladder.urges(id)))).flat().length;
  town.at("2026-11-20", "09:30");
  const [held = ""] = ids;
  await town.shell.db.transaction().execute(async (tx) => {
    await tx.selectFrom("ticket").select("id").where("id", "=", held).forUpdate().execute();
    const working = async () => {
      for (let idle = 0; idle < 3; ) idle = (await fireUrges(town.shell, 2)) === 0 ? idle + 1 : 0;
    };
    await Promise.all([working(), working()]);
  });
  assert.equal((await Promise.all(ids.slice(1).map((id) => mine(id, "accept")))).flat().length, 11);
  assert.deepEqual(await mine(held, "accept"), [], "the ticket in somebody's hands comes again");
  while ((await urgeStep(town.shell)) > 0);
  const all = (await Promise.all(ids.map((id) => ladder.urges(id)))).flat().length;
  assert.equal(all - before, 12);
});

test("a worker killed in the midst of it again and again leaves no step out and makes none twice", async () => {
  await morning();
  const ids: string[] = [];
  for (let i = 0; i < 30; i++) ids.push(await bring(town, "dispatched", UNIT, { ticket: { level: 1 } }));
  await ladder.work();
  const dueAt = instant("2026-11-20", "09:30");
  for (let kill = 0; kill < 4; kill++) {
    const child = fireInChild(dueAt);
    await sleep(900 + kill * 150);
    child.kill("SIGKILL");
    await new Promise((gone) => child.once("exit", gone));
  }
  town.at("2026-11-20", "09:30");
  while ((await urgeStep(town.shell)) > 0);
  for (const id of ids) assert.deepEqual(await mine(id, "accept"), ["accept due"]);
  const { torn } = await town.shell.db
    .selectFrom("ticket as t")
    .select((eb) => eb.fn.countAll<string>().as("torn"))
    .where("t.id", "in", ids)
    .where((eb) =>
      eb(
        "t.version",
        "<>",
        eb
          .selectFrom("event as e")
          .select((c) => c.fn.countAll<number>().as("n"))
          .whereRef("e.ticket_id", "=", "t.id"),
      ),
    )
    .executeTakeFirstOrThrow();
  assert.equal(torn, "0");
  const notices = await town.shell.db
    .selectFrom("notice")
    .select("id")
    .where("ticket_id", "in", ids)
    .execute();
  const urges = await town.shell.db.selectFrom("urge").select("id").where("ticket_id", "in", ids).execute();
  assert.equal(notices.length, urges.length, "an urge and its notice are one");
});

/** A worker of its own that fires one step at a time and rests between two. */
function fireInChild(now: number) {
  const file = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const code = `
    import { setTimeout as sleep } from "node:timers/promises";
    import { fireUrges } from ${file("./ladder.ts")};
    import { openDb } from ${file("../platform/db/open.ts")};
    import { loadRules } from ${file("../platform/rules.ts")};
    const { db } = openDb(${JSON.stringify(town.databaseUrl)}, 2);
    const shell = { db, now: () => ${now}, rules: loadRules() };
    while ((await fireUrges(shell, 1)) > 0) await sleep(20);
    await sleep(60_000);`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}
