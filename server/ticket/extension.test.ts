import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { clockText, type Day, instant } from "@jiesu/core/time/day.ts";
import { ledgerDigest } from "../testing/digest.ts";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { fireTimers } from "./timers.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let town: Town;
let handler: Client;
let supervisor: Client;

before(async () => {
  town = await openTown();
  handler = await town.as("handler", "香山");
  supervisor = await town.as("supervisor");
  for (const role of ["triager", "shiftLead", "caller", "closer"] as const) await town.as(role);
  await town.as("handler", "清河");
});
after(() => town?.close());
beforeEach(() => later("2026-11-23", "09:00")); // a Monday

/** Goes to a moment at which everybody is still signed in. */
async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  await signInAnew();
}

async function pass(ms: number): Promise<void> {
  town.pass(ms);
  await signInAnew();
}

async function signInAnew(): Promise<void> {
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR) };
  await town.shell.db.updateTable("session").set(session).execute();
}

const ask = (id: string, more: object = {}, who: Client = handler) =>
  who.move(id, "askExtension", { ground: "works", reason: "管件后日到货", days: 2, ...more });
const reportClock = (ticket: Answer["body"]): Answer["body"] =>
  ticket.clocks.find((c: { kind: string; state: string }) => c.kind === "report" && c.state === "running") ??
  assert.fail("no report clock runs");
const waiting = async (): Promise<number> =>
  done(await supervisor.get("/api/queues")).find((q: { key: string }) => q.key === "extension").count;
const reminders = async (id: string): Promise<string[]> =>
  (await look(supervisor, id)).events
    .map((e: { kind: string; data: { clock?: string } }) => `${e.kind} ${e.data.clock ?? ""}`)
    .filter((told: string) => told.startsWith("timer.") && told.endsWith("report"));

test("time that is granted is added to the same clock: its start, its use and its rule stay", async () => {
  const id = await bring(town, "handling", "香山", { ticket: { level: 3 } });
  const first = reportClock(await look(handler, id));
  await pass(3 * HOUR);
  const asked = done(await ask(id)).ticket;
  assert.equal(reportClock(asked).dueAt, first.dueAt, "asking moves nothing");
  const would = Date.parse(first.dueAt) + 2 * DAY;
  assert.deepEqual(
    [asked.extension.pending.days, asked.extension.pending.groundZh, asked.extension.pending.wouldBeDueAt],
    [2, "需现场施工或备料", new Date(would).toISOString()],
  );
  assert.ok(!asked.moves.includes("askExtension"), "nothing more to ask while it waits");
  assert.equal(await waiting(), 1);
  const [listed, ...others] = done(await supervisor.get("/api/tickets?queue=extension")).rows;
  assert.deepEqual([listed.id, others.length], [id, 0]);

  await pass(HOUR);
  const given = await go(supervisor, id, "grantExtension", { opinion: "请到货后当日修复" });
  const clock = reportClock(given);
  assert.deepEqual([clock.startedAt, clock.rule], [first.startedAt, first.rule]);
  assert.equal(Date.parse(clock.dueAt), would);
  assert.match(clock.limitZh, /，已延期 (2 天|48 小时)$/);
  assert.equal(given.state, "handling");
  assert.deepEqual([given.extension.pending, given.extension.granted], [null, 1]);
  assert.equal(await waiting(), 0);
  const event = given.events[0];
  assert.deepEqual(
    [event.zh, event.userName, event.data.opinion],
    ["同意延期", supervisor.actor.name, "请到货后当日修复"],
  );
  const words = event.changes.map((c: { zh: string; before: string; after: string }) => [
    c.zh,
    c.before,
    c.after,
  ]);
  assert.deepEqual(words[0], ["延期", null, "2 天"]);
  assert.deepEqual([words[1][0], words[1][2]], ["办理反馈到期", clockText(would)]);
});

test("a refusal moves no clock, says why, and the unit may ask again", async () => {
  const id = await bring(town, "handling", "香山");
  done(await ask(id));
  const clocks = async () => (await ledgerDigest(town.databaseUrl)).get("clock");
  const before = await clocks();
  assert.equal(refused(await supervisor.move(id, "refuseExtension", { opinion: " " }), 422), "field-missing");
  const answered = await go(supervisor, id, "refuseExtension", { opinion: "现场已具备条件" });
  assert.equal(await clocks(), before);
  assert.deepEqual([answered.extension.pending, answered.extension.granted], [null, 0]);
  assert.ok(!answered.moves.includes("grantExtension"), "nothing waits for an answer");
  assert.equal(refused(await supervisor.move(id, "grantExtension", {}), 409), "extension-none");
  done(await ask(id, { days: 1 }));
});

test("what is refused leaves the whole ledger as it was", async () => {
  const id = await bring(town, "handling", "香山");
  done(await ask(id));
  const stranger = await town.as("handler", "清河");
  const before = await ledgerDigest(town.databaseUrl);
  assert.equal(refused(await ask(id), 409), "extension-pending");
  assert.equal(refused(await ask(id, {}, stranger), 404), "not-found");
  assert.equal(refused(await ask(id, {}, supervisor), 403), "wrong-role");
  assert.equal(refused(await handler.move(id, "grantExtension", {}), 403), "wrong-role");
  assert.deepEqual(await ledgerDigest(town.databaseUrl), before);
});

test("grounds and days are those of the rule in force", async () => {
  const id = await bring(town, "handling", "香山");
  assert.equal(refused(await ask(id, { ground: "holiday" }), 422), "reason-unknown");
  assert.equal(refused(await ask(id, { reason: "  " }), 422), "field-missing");
  const long = await ask(id, { days: 6 });
  assert.deepEqual(
    [refused(long, 422), long.body.message],
    ["extension-days", "延期天数应为 1 至 5 的整数。"],
  );
  assert.equal((await ask(id, { days: 1.5 })).status, 422);
});

test("a round is given more time once; a round begun anew may ask again", async () => {
  const id = await bring(town, "handling", "香山");
  done(await ask(id));
  await go(supervisor, id, "grantExtension");
  assert.equal(refused(await ask(id), 409), "extension-used-up");
  const triager = await town.as("triager");
  await go(handler, id, "returnToCentre", { ground: "非本辖区" });
  await go(triager, id, "acceptReturn", { note: "" });
  await go(triager, id, "dispatch", { leadUnitId: await town.unit("香山"), opinion: "请办理" });
  await go(handler, id, "accept");
  done(await ask(id));
});

test("after the due time nobody asks any more; asked in time, a late answer still counts from the old due time", async () => {
  const [slow, waitingId] = [await bring(town, "handling", "香山"), await bring(town, "handling", "香山")];
  const due = Date.parse(reportClock(await look(handler, slow)).dueAt);
  await pass(due - town.shell.now() - HOUR);
  done(await ask(waitingId));
  await pass(2 * HOUR);
  await fireTimers(town.shell.db, town.shell.now());
  assert.equal(refused(await ask(slow), 409), "extension-overdue");
  assert.ok((await reminders(waitingId)).includes("timer.overdue report"));

  const given = await go(supervisor, waitingId, "grantExtension");
  assert.equal(Date.parse(reportClock(given).dueAt), due + 2 * DAY);
  assert.equal(reportClock(given).late, false);
  await pass(2 * DAY);
  await fireTimers(town.shell.db, town.shell.now());
  const told = (await reminders(waitingId)).filter((each) => each === "timer.overdue report");
  assert.equal(told.length, 2, "the new due time is told of as the old one was");
});

test("a report given while the asking waits ends it, and its undoing brings it back", async () => {
  const id = await bring(town, "handling", "香山");
  await go(handler, id, "contact", { way: "电话" });
  done(await ask(id));
  const before = await waiting();
  await go(handler, id, "report", { text: "已修复", outcome: "solved" });
  assert.equal(await waiting(), before - 1);
  assert.equal(refused(await supervisor.move(id, "grantExtension", {}), 409), "wrong-state");
  done(await handler.post(`/api/tickets/${id}/undo`, {}));
  assert.equal(await waiting(), before);
  assert.ok((await look(supervisor, id)).moves.includes("grantExtension"));
});

test("the city's own deadline is moved by nobody here", async () => {
  const id = await bring(town, "dispatched", "香山");
  const cityDueAt = new Date(instant("2026-11-23", "20:00"));
  await town.shell.db.updateTable("ticket").set({ city_due_at: cityDueAt }).where("id", "=", id).execute();
  // Paused and resumed: the clock is bound anew.
  await go(handler, id, "returnToCentre", { ground: "非本辖区" });
  const back = await go(await town.as("triager"), id, "refuseReturn", { reason: "在辖区内" });
  assert.equal(reportClock(back).dueAt, cityDueAt.toISOString());
  assert.equal(refused(await ask(id), 409), "extension-city");
});
