import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { type Day, endOfDay, HOUR_MS, instant } from "@jiesu/core/time/day.ts";
import { lookThrough } from "../duty/sweepstore.ts";
import { lookAt } from "../duty/watchstore.ts";
import { ledgerDigest } from "../testing/digest.ts";
import { unsound } from "../testing/soundness.ts";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { ladderOf } from "../testing/urging.ts";
import { endPauses } from "./pause.ts";
import { fireTimers } from "./timers.ts";

const DAY = 24 * HOUR_MS;
let town: Town;
let ladder: ReturnType<typeof ladderOf>;
let handler: Client;
let supervisor: Client;

before(async () => {
  town = await openTown();
  ladder = ladderOf(town);
  await ladder.work();
  handler = await town.as("handler", "香山");
  supervisor = await town.as("supervisor");
  for (const role of ["triager", "shiftLead", "caller", "closer"] as const) await town.as(role);
  await town.as("handler", "清河");
});
after(() => town?.close());
beforeEach(() => later("2026-11-23", "09:00")); // a Monday

async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

const ask = (id: string, more: object = {}, who: Client = handler) =>
  who.move(id, "askPause", { ground: "appraisal", evidence: "京检委〔2026〕18号", days: 5, ...more });
const clockOf = (ticket: Answer["body"], kind: string, state: string): Answer["body"] =>
  ticket.clocks.find((c: { kind: string; state: string }) => c.kind === kind && c.state === state);
const reportClock = (ticket: Answer["body"], state = "running"): Answer["body"] =>
  clockOf(ticket, "report", state) ?? assert.fail(`no report clock is ${state}`);
const waiting = async (): Promise<number> =>
  done(await supervisor.get("/api/queues")).find((q: { key: string }) => q.key === "pause").count;
const paused = async (id: string): Promise<Answer["body"]> => {
  done(await ask(id));
  return go(supervisor, id, "grantPause", { opinion: "请催促鉴定" });
};

test("a pause is asked for with its papers and granted: the clock rests to the end of its last day, and no time is used", async () => {
  const id = await bring(town, "handling", "香山");
  const first = reportClock(await look(handler, id));
  const asked = done(await ask(id)).ticket;
  assert.equal(reportClock(asked).dueAt, first.dueAt, "asking moves nothing");
  assert.ok(!asked.moves.includes("askPause") && !asked.moves.includes("endPause"));
  assert.equal(await waiting(), 1);
  const [listed, ...others] = done(await supervisor.get("/api/tickets?queue=pause")).rows;
  assert.deepEqual([listed.id, others.length], [id, 0]);

  const given = await go(supervisor, id, "grantPause", { opinion: "请催促鉴定" });
  const resting = reportClock(given, "paused");
  const until = new Date(endOfDay("2026-11-28")).toISOString();
  assert.deepEqual([resting.dueAt, resting.pausedUntil], [first.dueAt, until]);
  assert.deepEqual(
    [given.pause.running.until, given.pause.running.groundZh, given.pause.running.clocksZh],
    [until, "等待第三方鉴定", ["办理反馈"]],
  );
  assert.equal(await waiting(), 0);
  assert.deepEqual(
    given.events[0].changes.map((c: { zh: string; after: string }) => [c.zh, c.after]),
    [["暂停至", "11-28 23:59"]],
  );

  await later("2026-11-29", "00:01"); // Sunday, a minute after its day
  assert.equal(await endPauses(town.shell), 1);
  assert.equal(await endPauses(town.shell), 0);
  const after = await look(handler, id);
  const clock = reportClock(after);
  assert.deepEqual([clock.startedAt, clock.rule], [first.startedAt, first.rule]);
  assert.equal(Date.parse(clock.dueAt), Date.parse(first.dueAt) + 5 * DAY, "five midnights have passed");
  assert.deepEqual([after.pause.running, after.events[0].zh], [null, "暂停到期，恢复计时"]);
  assert.deepEqual(await unsound(town.shell.db), []);
});

test("while it rests nothing is near, overdue or urged; when it goes on, reminders and urges follow the new due time", async () => {
  const id = await bring(town, "handling", "香山");
  const due = Date.parse(reportClock(await look(handler, id)).dueAt); // 2026-11-30, 23:59:59
  await paused(id);
  await ladder.work();
  const plan = async () =>
    (
      await town.shell.db
        .selectFrom("urge_plan as p")
        .innerJoin("clock as c", "c.id", "p.clock_id")
        .select("p.fire_at")
        .where("p.ticket_id", "=", id)
        .where("c.kind", "=", "report")
        .executeTakeFirst()
    )?.fire_at ?? null;
  assert.equal(await plan(), null, "a clock that rests urges nobody");
  const timers = () =>
    town.shell.db
      .selectFrom("timer as t")
      .innerJoin("clock as c", "c.id", "t.clock_id")
      .select(["t.what", "t.fire_at"])
      .where("t.ticket_id", "=", id)
      .where("c.kind", "=", "report")
      .where("t.fired_at", "is", null)
      .orderBy("t.what")
      .execute();
  assert.deepEqual(await timers(), []);
  await later("2026-11-29", "08:00");
  await endPauses(town.shell);
  await ladder.work();
  assert.ok((await plan()) !== null);
  assert.deepEqual(
    (await timers()).map((t) => [t.what, t.fire_at.getTime()]),
    [
      ["near", due + 4 * DAY],
      ["overdue", due + 5 * DAY],
    ],
  );
});

test("it is resumed by a hand before its day, by the unit or the centre, with what was left", async () => {
  const id = await bring(town, "handling", "香山");
  const due = Date.parse(reportClock(await look(handler, id)).dueAt);
  const given = await paused(id);
  assert.ok(given.moves.includes("endPause") && !given.moves.includes("askPause"));
  await later("2026-11-25", "09:00");
  assert.equal(refused(await ask(id, { ground: "procedure" }), 409), "pause-runs");
  const back = await go(handler, id, "endPause", { note: "鉴定结论已出具" });
  assert.equal(Date.parse(reportClock(back).dueAt), due + 2 * DAY);
  assert.equal(refused(await supervisor.move(id, "endPause", {}), 409), "pause-not-running");
  assert.equal(refused(await ask(id), 409), "pause-used-up", "once a round on this ground");
  done(await ask(id, { ground: "procedure" }));
});

test("a move ends it: a report is judged as the clock stood, and its undoing lets the clock rest again to its day", async () => {
  const id = await bring(town, "handling", "香山");
  await go(handler, id, "contact", { way: "电话" });
  await paused(id);
  await later("2026-11-24", "09:00");
  const reported = await go(handler, id, "report", { text: "已按鉴定结论整改", outcome: "solved" });
  assert.equal(reportClock(reported, "stopped").late, false);
  done(await handler.post(`/api/tickets/${id}/undo`, {}));
  const again = await look(handler, id);
  assert.equal(reportClock(again, "paused").pausedUntil, new Date(endOfDay("2026-11-28")).toISOString());
  assert.ok(again.pause.running !== null);
  await later("2026-11-29", "00:01");
  assert.equal(await endPauses(town.shell), 1);
  assert.equal((await look(handler, id)).pause.running, null);
});

test("a move made after its day, before any worker looked, finds the clock as the day left it", async () => {
  const id = await bring(town, "handling", "香山");
  const due = Date.parse(reportClock(await look(handler, id)).dueAt);
  await paused(id);
  await later("2026-11-30", "10:00");
  const contacted = await go(handler, id, "contact", { way: "电话" });
  assert.equal(Date.parse(reportClock(contacted).dueAt), due + 5 * DAY);
  assert.equal(contacted.pause.running, null);
  assert.equal(await endPauses(town.shell), 0);
  assert.deepEqual(await unsound(town.shell.db), []);
});

test("handed back while it rests, the clock rests on for the centre's answer and no day brings it back before", async () => {
  const id = await bring(town, "handling", "香山");
  const due = Date.parse(reportClock(await look(handler, id)).dueAt);
  await paused(id);
  await go(handler, id, "returnToCentre", { ground: "非本辖区" });
  await later("2026-11-30", "09:00");
  assert.equal(await endPauses(town.shell), 0);
  const back = await go(await town.as("triager"), id, "refuseReturn", { reason: "在辖区内" });
  assert.equal(Date.parse(reportClock(back).dueAt), due + 7 * DAY);
  assert.equal(back.pause.running, null);
});

test("a ground that names the first contact rests that clock too", async () => {
  const id = await bring(town, "dispatched", "香山");
  await go(handler, id, "accept");
  done(await ask(id, { ground: "unreachable", evidence: "11-23 来电要求周四再联系", days: 3 }));
  const given = await go(supervisor, id, "grantPause");
  assert.deepEqual(given.pause.running.clocksZh, ["办理反馈", "首次联系"]);
  assert.ok(clockOf(given, "contact", "paused") && clockOf(given, "report", "paused"));
  await go(supervisor, id, "endPause");
  const back = await look(handler, id);
  assert.ok(clockOf(back, "contact", "running") && clockOf(back, "report", "running"));
});

test("the city's own deadline is paused by nobody: refused in words where it is due, and no pause reaches it", async () => {
  const id = await bring(town, "handling", "香山");
  const city = (at: number) =>
    town.shell.db
      .updateTable("ticket")
      .set({ city_due_at: new Date(at) })
      .where("id", "=", id)
      .execute();
  await city(instant("2026-11-27", "18:00"));
  const far = await ask(id, { days: 4 });
  assert.equal(refused(far, 409), "pause-city");
  assert.match(far.body.message, /市级时限要求 11-27 18:00 不能暂停/);
  done(await ask(id, { days: 3 }));
  await later("2026-11-24", "09:00"); // answered a day later it would reach it
  assert.equal(refused(await supervisor.move(id, "grantPause", {}), 409), "pause-city");
  await city(instant("2026-11-26", "12:00"));
  await go(supervisor, id, "refusePause", { opinion: "已临近市级时限" });
  await city(Date.parse(reportClock(await look(handler, id)).dueAt));
  assert.equal(refused(await ask(id, { days: 1 }), 409), "pause-city");
});

test("grounds, days and papers are those of the rule in force, and what is refused leaves the ledger as it was", async () => {
  const id = await bring(town, "handling", "香山");
  const stranger = await town.as("handler", "清河");
  const before = await ledgerDigest(town.databaseUrl);
  assert.equal(refused(await ask(id, { ground: "holiday" }), 422), "reason-unknown");
  assert.equal(refused(await ask(id, { evidence: "  " }), 422), "field-missing");
  const long = await ask(id, { days: 31 });
  assert.deepEqual(
    [refused(long, 422), long.body.message],
    ["pause-days", "以“等待第三方鉴定”暂停的天数应为 1 至 30 的整数。"],
  );
  assert.equal(refused(await ask(id, {}, stranger), 404), "not-found");
  assert.equal(refused(await handler.move(id, "grantPause", {}), 403), "wrong-role");
  assert.equal(refused(await supervisor.move(id, "grantPause", {}), 409), "pause-none");
  assert.deepEqual(await ledgerDigest(town.databaseUrl), before);
});

test("a refusal says why and moves no clock; the unit may ask again, but not once it is overdue", async () => {
  const id = await bring(town, "handling", "香山");
  const due = reportClock(await look(handler, id)).dueAt;
  done(await ask(id));
  assert.equal(refused(await supervisor.move(id, "refusePause", { opinion: "" }), 422), "field-missing");
  const answered = await go(supervisor, id, "refusePause", { opinion: "可先行处置" });
  assert.deepEqual([answered.pause.pending, reportClock(answered).dueAt], [null, due]);
  done(await ask(id));
  await later("2026-12-01", "09:00"); // overdue since midnight
  await fireTimers(town.shell.db, town.shell.now());
  assert.equal(refused(await supervisor.move(id, "grantPause", {}), 409), "pause-overdue");
  await go(supervisor, id, "refusePause", { opinion: "已超期" });
  assert.equal(refused(await ask(id), 409), "pause-overdue");
});

test("the sweep finds nothing wrong with a ticket that rests to its day: it goes on by itself", async () => {
  const id = await bring(town, "handling", "香山");
  await go(handler, id, "contact", { way: "电话" });
  await paused(id);
  const { suspects } = await lookThrough(town.shell.db, town.shell.now());
  assert.ok(suspects.every((each) => each.id !== id));
  const [seen] = await lookAt(town.shell.db, town.shell.now(), [id]);
  assert.equal(seen?.facts.ticking, true);
});
