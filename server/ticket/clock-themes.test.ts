/** 时限的老问题. What broke other products, each a test of that name, through the routes. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS, instant } from "@jiesu/core/time/day.ts";
import { ledgerDigest } from "../testing/digest.ts";
import { bring, done, go, look } from "../testing/tickets.ts";
import { type Answer, openTown, type Town } from "../testing/town.ts";

let town: Town;
before(async () => {
  town = await openTown();
  await later("2026-09-18", "09:00");
  for (const role of ["sysadmin", "leader", "triager", "supervisor"] as const) await town.as(role);
});
after(() => town?.close());

/** Goes to a moment at which everybody is still signed in. */
async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

/** Puts limits in force from today: as they are, but for ordinary reports. */
async function reportsWithin(limit: object, more: object = {}): Promise<void> {
  const [sysadmin, leader] = [await town.as("sysadmin"), await town.as("leader")];
  const all = done(await sysadmin.get("/api/settings/rules/deadline"));
  const { body } = all.find((v: { standing: string }) => v.standing === "now");
  const rows = body.rows.map((row: { id: string }) =>
    row.id === "report" ? { ...row, limit, near: { hoursLeft: 1 } } : row,
  );
  const from = new Date(town.shell.now() + 8 * HOUR_MS).toISOString().slice(0, 10);
  const draft = { kind: "deadline", from, source: "海热线〔2026〕8号", body: { ...body, ...more, rows } };
  const { name } = done(await sysadmin.post("/api/settings/rules", draft));
  done(await leader.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1 }));
}

async function report(id: string): Promise<Answer["body"]> {
  const { clocks } = await look(await town.as("supervisor"), id);
  return clocks.find((c: { kind: string }) => c.kind === "report") ?? assert.fail("no report clock");
}
const due = async (id: string): Promise<number> => Date.parse((await report(id)).dueAt);

test("holiday and make-up workday in the middle", async () => {
  await reportsWithin({ unit: "workdays", amount: 6 });
  const id = await bring(town, "dispatched", "香山"); // Friday 2026-09-18
  // Sunday the 20th is worked for it; 25 (Friday), 26 and 27 are the festival: 20, 21, 22, 23, 24, 28
  assert.equal(await due(id), instant("2026-09-28", "23:59:59") + 999);
  await later("2026-09-27", "09:00");
  const late = await bring(town, "dispatched", "香山"); // dispatched on the last day off: 28, 29, 30, then 8, 9 and the Saturday worked
  assert.equal(await due(late), instant("2026-10-10", "23:59:59") + 999);
});

test("several working periods a day", async () => {
  await later("2026-11-20", "11:00"); // a Friday
  await reportsWithin(
    { unit: "workHours", amount: 4 },
    {
      workingPeriods: [
        { from: "08:30", to: "12:00" },
        { from: "13:30", to: "17:30" },
      ],
    },
  );
  const morning = await bring(town, "dispatched", "香山");
  assert.equal(await due(morning), instant("2026-11-20", "16:30")); // an hour, the noon break, three hours
  await later("2026-11-20", "12:40"); // inside the break
  assert.equal(await due(await bring(town, "dispatched", "香山")), instant("2026-11-20", "17:30"));
  await later("2026-11-20", "16:00");
  const evening = await bring(town, "dispatched", "香山");
  assert.equal(await due(evening), instant("2026-11-23", "11:00")); // an hour and a half, then Monday
  await later("2026-11-20", "20:00");
  assert.equal(await due(await bring(town, "dispatched", "香山")), instant("2026-11-23", "14:00"));
});

test("rule changed mid-way keeps used time", async () => {
  await later("2026-11-23", "09:00"); // a Monday
  await reportsWithin({ unit: "days", amount: 7 });
  const id = await bring(town, "handling", "香山");
  const before = await report(id);
  assert.equal(Date.parse(before.dueAt), instant("2026-11-30", "23:59:59") + 999);
  await later("2026-11-25", "15:00");
  await reportsWithin({ unit: "days", amount: 4 }, { appliesTo: "running" });
  const shorter = await report(id);
  assert.equal(shorter.startedAt, before.startedAt);
  // Two of the four days are used: not four days from now, and not seven from Monday.
  assert.equal(Date.parse(shorter.dueAt), instant("2026-11-27", "23:59:59") + 999);
  await later("2026-11-26", "09:00");
  await reportsWithin({ unit: "hours", amount: 120 }, { appliesTo: "running" });
  assert.equal(await due(id), instant("2026-11-28", "09:00")); // 120 hours from Monday 09:00, 72 of them used
  const { events } = await look(await town.as("supervisor"), id);
  assert.equal(events.filter((e: { kind: string }) => e.kind === "reckon").length, 2);
});

test("editing a note restarts nothing", async () => {
  await later("2026-11-26", "09:00");
  const id = await bring(town, "handling", "香山");
  const [handler, triager] = [await town.as("handler", "香山"), await town.as("triager")];
  const supervisor = await town.as("supervisor");
  const clocks = async () => {
    const all = await ledgerDigest(town.databaseUrl);
    return [all.get("clock"), all.get("timer")];
  };
  const before = await clocks();
  const { dueAt } = await look(supervisor, id);
  for (const [time, text] of [
    ["10:00", "已约现场"],
    ["10:05", "已约周五上午现场"],
  ] as const) {
    await later("2026-11-26", time);
    await go(handler, id, "note", { text });
  }
  await go(triager, id, "correct", { fields: { address: "香山南路 30 号", title: "路灯不亮" } });
  await go(supervisor, id, "urge", { text: "请抓紧办理" });
  const after = await look(supervisor, id);
  assert.deepEqual(await clocks(), before);
  assert.deepEqual([after.dueAt, after.state], [dueAt, "handling"]);
});
