import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import type { Day } from "@jiesu/core/time/day.ts";
import { instant } from "@jiesu/core/time/day.ts";
import { bring, go, goCo, lodge, look } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { fireTimers } from "./timers.ts";

const HOUR = 3_600_000;

let town: Town;
let triager: Client;
let xueyuanlu: Client;
let zhongguancun: Client;

before(async () => {
  town = await openTown();
  triager = await town.as("triager");
  xueyuanlu = await town.as("handler", "学院路");
  zhongguancun = await town.as("handler", "中关村");
  for (const role of ["supervisor", "caller", "closer", "shiftLead"] as const) await town.as(role);
});
after(() => town?.close());
beforeEach(() => later("2026-11-20", "09:00"));

/** Goes to a moment of Beijing time at which everybody has just signed in again. */
async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR) };
  await town.shell.db.updateTable("session").set(session).execute();
}

const dispatchTo = async (unit: string, ...co: string[]) => ({
  leadUnitId: await town.unit(unit),
  coUnitIds: await Promise.all(co.map((name) => town.unit(name))),
});

/** "2026-11-20 09:00:00" of an instant, in Beijing. */
const beijing = (iso: string): string =>
  new Date(Date.parse(iso) + 8 * HOUR).toISOString().slice(0, 19).replace("T", " ");

/** Kind, state and due time of every clock of the page, oldest first. */
const clocksOf = (ticket: Answer["body"]): string[][] =>
  [...ticket.clocks]
    .reverse()
    .map((c: { kind: string; state: string; dueAt: string }) => [c.kind, c.state, beijing(c.dueAt)]);

const clock = (ticket: Answer["body"], kind: string): Answer["body"] =>
  ticket.clocks.find((c: { kind: string }) => c.kind === kind) ?? assert.fail(`no clock ${kind}`);

/** The reminders of a ticket as the ledger has them, in order: what, of which clock. */
async function reminders(id: string): Promise<string[]> {
  const rows = await town.shell.db
    .selectFrom("event")
    .select(["kind", "data"])
    .where("ticket_id", "=", id)
    .where("kind", "like", "timer.%")
    .orderBy("version")
    .execute();
  return rows.map((r) => `${r.kind} ${(r.data as { clock: string }).clock}`);
}

/** Lets the worker look at its timers at a moment of Beijing time. */
const workerAt = (day: Day, time: string): Promise<number> => fireTimers(town.shell.db, instant(day, time));

test("taken in on Friday 2026-11-20 at 09:00: an emergency is due for dispatch at 10:00, water and heat at 11:00, the rest on Saturday at 09:00", async () => {
  const emergency = await look(triager, await lodge(town, { level: 1 }));
  const heating = await look(triager, await lodge(town, { category1: "供暖" }));
  const usual = await look(triager, await lodge(town));
  assert.deepEqual(
    [emergency, heating, usual].map((t) => [beijing(t.dueAt), t.dueKindZh, clock(t, "dispatch").rule]),
    [
      ["2026-11-20 10:00:00", "派单", "standard-2022/dispatch-1"],
      ["2026-11-20 11:00:00", "派单", "standard-2022/dispatch-utilities"],
      ["2026-11-21 09:00:00", "派单", "standard-2022/dispatch"],
    ],
  );
});

test("dispatched on Friday 2026-11-20: accepted by 21:00, contacted by Saturday 09:00, helped by Wednesday, reported by Friday 2026-11-27 at midnight", async () => {
  const id = await bring(town, "dispatched", "学院路", { co: ["中关村"] });
  const ticket = await look(triager, id);
  assert.deepEqual(clocksOf(ticket), [
    ["dispatch", "stopped", "2026-11-21 09:00:00"],
    ["accept", "running", "2026-11-20 21:00:00"],
    ["contact", "running", "2026-11-21 09:00:00"],
    ["report", "running", "2026-11-27 23:59:59"],
    ["coReport", "running", "2026-11-25 23:59:59"],
  ]);
  assert.deepEqual([ticket.dueKind, beijing(ticket.dueAt)], ["accept", "2026-11-20 21:00:00"]);
});

test("reported on Friday 2026-11-20, the closing is due on Monday 2026-11-23 at midnight, and is judged on time", async () => {
  const id = await bring(town, "closed", "学院路");
  const closing = clock(await look(triager, id), "closing");
  assert.deepEqual(
    [beijing(closing.dueAt), closing.state, closing.late],
    ["2026-11-23 23:59:59", "stopped", false],
  );
});

test("an emergency that is accepted after 31 minutes is accepted late, and stays so", async () => {
  const id = await bring(town, "dispatched", "学院路", { ticket: { level: 1 } });
  town.pass(31 * 60_000);
  const accept = clock(await go(xueyuanlu, id, "accept"), "accept");
  assert.deepEqual(
    [accept.state, accept.late, beijing(accept.dueAt)],
    ["stopped", true, "2026-11-20 09:30:00"],
  );
});

test("a helper's report stops the helper's clock and no other", async () => {
  const id = await bring(town, "handling", "学院路", { co: ["中关村"] });
  await goCo(zhongguancun, id, "coAccept");
  const ticket = await goCo(zhongguancun, id, "coReport", "已查");
  assert.equal(clock(ticket, "coReport").state, "stopped");
  assert.equal(clock(ticket, "report").state, "running");
});

test("a refused return gives the unit back what was left: two hours of review on Friday move the contact from Saturday 09:00 to 11:00", async () => {
  const id = await bring(town, "dispatched", "学院路");
  await go(xueyuanlu, id, "accept");
  await later("2026-11-20", "15:00");
  const waiting = await go(xueyuanlu, id, "returnToCentre", { ground: "非本辖区" });
  assert.deepEqual(
    ["contact", "report"].map((kind) => clock(waiting, kind).state),
    ["paused", "paused"],
  );
  assert.deepEqual([waiting.dueKind, beijing(waiting.dueAt)], ["returnReview", "2026-11-21 15:00:00"]);
  await later("2026-11-20", "17:00");
  const back = await go(triager, id, "refuseReturn", { reason: "在辖区内" });
  assert.deepEqual(
    [clock(back, "contact").state, beijing(clock(back, "contact").dueAt)],
    ["running", "2026-11-21 11:00:00"],
  );
  // A pause inside one day moves a limit in days not at all.
  assert.equal(beijing(clock(back, "report").dueAt), "2026-11-27 23:59:59");
});

test("a new round after a return has clocks of its own: what the first unit used up on Friday does not count for the second on Saturday", async () => {
  const id = await bring(town, "dispatched", "学院路");
  await go(xueyuanlu, id, "accept");
  await later("2026-11-20", "20:00");
  await go(xueyuanlu, id, "returnToCentre", { ground: "非本辖区" });
  await go(triager, id, "acceptReturn");
  await later("2026-11-20", "21:30");
  const ticket = await go(triager, id, "dispatch", await dispatchTo("中关村"));
  const live = ticket.clocks.filter((c: { state: string }) => c.state === "running").reverse();
  assert.deepEqual(
    live.map((c: { kind: string; round: number; dueAt: string }) => [c.kind, c.round, beijing(c.dueAt)]),
    [
      ["accept", 2, "2026-11-21 09:30:00"],
      ["contact", 2, "2026-11-21 21:30:00"],
      ["report", 2, "2026-11-27 23:59:59"],
    ],
  );
  const first = await town.shell.db
    .selectFrom("clock")
    .select(["kind", "state"])
    .where("ticket_id", "=", id)
    .where("round", "=", 1)
    .where("kind", "in", ["contact", "report"])
    .orderBy("kind")
    .execute();
  assert.deepEqual(
    first.map((c) => [c.kind, c.state]),
    [
      ["contact", "cancelled"],
      ["report", "cancelled"],
    ],
  );
});

test("a returned round leaves no clock of a helper running", async () => {
  const id = await bring(town, "handling", "学院路", { co: ["中关村"] });
  await go(xueyuanlu, id, "returnToCentre", { ground: "非本辖区" });
  await go(triager, id, "acceptReturn");
  const live = await town.shell.db
    .selectFrom("clock")
    .select("kind")
    .where("ticket_id", "=", id)
    .where("state", "in", ["running", "paused"])
    .execute();
  assert.deepEqual(
    live.map((c) => c.kind),
    ["dispatch"],
  );
});

test("while a ticket is merged its dispatch clock rests, and it has what was left when the merging is undone", async () => {
  const main = await lodge(town);
  const twin = await lodge(town);
  await later("2026-11-20", "10:00");
  await go(triager, twin, "merge", { into: main });
  await later("2026-11-20", "14:00");
  const back = await go(await town.as("shiftLead"), twin, "unmerge");
  assert.deepEqual([back.dueKind, beijing(back.dueAt)], ["dispatch", "2026-11-21 13:00:00"]);
});

test("an emergency left lying is near due at 09:45 and overdue at 10:00, each told once however often the worker looks", async () => {
  const id = await lodge(town, { level: 1 });
  await workerAt("2026-11-20", "09:44");
  assert.deepEqual(await reminders(id), []);
  await workerAt("2026-11-20", "09:45");
  await workerAt("2026-11-20", "09:59");
  assert.deepEqual(await reminders(id), ["timer.near dispatch"]);
  await workerAt("2026-11-20", "10:00");
  await workerAt("2026-11-20", "10:00");
  await workerAt("2026-11-21", "10:00");
  assert.deepEqual(await reminders(id), ["timer.near dispatch", "timer.overdue dispatch"]);
});

test("a worker that was away for a day tells near due and overdue in their order when it is back", async () => {
  const id = await lodge(town, { level: 2 });
  await workerAt("2026-11-22", "09:00"); // Sunday
  assert.deepEqual(await reminders(id), ["timer.near dispatch", "timer.overdue dispatch"]);
  const ticket = await look(triager, id);
  assert.equal(ticket.version, 3);
  assert.deepEqual(
    ticket.events.map((e: { zh: string }) => e.zh),
    ["超期", "临期提醒", "收件"],
  );
});

test("a clock that was stopped in time tells nothing, and a reminder makes nobody's screen stale", async () => {
  const id = await lodge(town, { level: 1 });
  const seen = (await look(triager, id)).version;
  await workerAt("2026-11-20", "09:50"); // near due: told
  await later("2026-11-20", "09:55");
  assert.equal((await triager.move(id, "sign", {}, seen)).status, 200);
  await go(triager, id, "replyDirectly", { reply: "已答复" });
  await workerAt("2026-11-20", "23:00");
  assert.deepEqual(await reminders(id), ["timer.near dispatch"]);
});

test("a clock that was told near due before a return is not told so again after the return is refused, but overdue is", async () => {
  const id = await bring(town, "dispatched", "学院路", { ticket: { level: 1 } }); // contact 1 h, report 2 h
  await go(xueyuanlu, id, "accept");
  await workerAt("2026-11-20", "09:50"); // near due of the contact
  await later("2026-11-20", "09:50");
  await go(xueyuanlu, id, "returnToCentre", { ground: "非本辖区" });
  await workerAt("2026-11-20", "10:10"); // the contact's clock rests: ten minutes were left
  assert.deepEqual(await reminders(id), ["timer.near contact"]);
  await later("2026-11-20", "10:20");
  await go(triager, id, "refuseReturn", { reason: "在辖区内" });
  await workerAt("2026-11-20", "10:29");
  assert.deepEqual(await reminders(id), ["timer.near contact"]);
  await workerAt("2026-11-20", "10:30");
  assert.deepEqual(await reminders(id), ["timer.near contact", "timer.overdue contact"]);
});

test("forty tickets overdue at once and two workers: each reminder is told once, versions and events agree", async () => {
  const ids: string[] = [];
  for (let n = 0; n < 40; n++) ids.push(await lodge(town, { level: 1 }));
  const at = instant("2026-11-20", "12:00");
  const both = async () => {
    let fired = 0;
    // Small batches, so that the two meet often.
    for (let idle = 0; idle < 3; ) {
      const n = await fireTimers(town.shell.db, at, 7);
      fired += n;
      idle = n === 0 ? idle + 1 : 0;
    }
    return fired;
  };
  await Promise.all([both(), both()]);
  for (const id of ids) {
    assert.deepEqual(await reminders(id), ["timer.near dispatch", "timer.overdue dispatch"]);
    assert.equal((await look(triager, id)).version, 3);
  }
  assert.equal(await fireTimers(town.shell.db, at), 0);
});

test("a reminder that meets a move in progress waits for it, and tells nothing when the move stopped the clock", async () => {
  const id = await lodge(town, { level: 1 });
  await go(triager, id, "sign");
  await later("2026-11-20", "09:59");
  await Promise.all([
    triager.move(id, "replyDirectly", { reply: "已答复" }),
    ...Array.from({ length: 5 }, () => workerAt("2026-11-20", "10:00")),
  ]);
  await workerAt("2026-11-20", "10:00");
  const ticket = await look(triager, id);
  const told = await reminders(id);
  // Either the reminders came first, or the reply did; never both a reply and a later reminder.
  const order = [...ticket.events].reverse().map((e: { kind: string }) => e.kind);
  assert.ok(told.length === 0 || order.at(-1) === "replyDirectly", order.join(" "));
  assert.equal(ticket.version, ticket.events.length);
});
