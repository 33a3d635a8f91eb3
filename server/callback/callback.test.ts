import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { firePlans } from "../ticket/timers.ts";

let town: Town;
let caller: Client;
before(async () => {
  town = await openTown();
  caller = await town.as("caller");
});
after(() => town.close());

/** The clock goes on to a Beijing time, and everybody has signed in again in between. */
async function at(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

const list = async () => done(await caller.get("/api/callback/list"));
const numbersOf = (calls: { id: string }[]) => calls.map((each) => each.id);
const dialsOf = (id: string) =>
  town.shell.db
    .selectFrom("audit")
    .select(["user_name", "detail"])
    .where("ticket_id", "=", id)
    .where("what", "=", "reveal")
    .execute();

test("the urgent ticket stands before the ordinary one, and the list says why", async () => {
  await at("2026-11-20", "09:00"); // Friday
  const ordinary = await bring(town, "calling", "清河", { ticket: { title: "路灯不亮" } });
  town.pass(10 * MINUTE_MS);
  const urgent = await bring(town, "calling", "清河", { ticket: { title: "井盖缺失", level: 1 } });
  town.pass(5 * MINUTE_MS);
  const { now, counts } = await list();
  assert.deepEqual(numbersOf(now), [urgent, ordinary]);
  assert.ok(now[0].why.some((why: { zh: string }) => why.zh === "一级紧急"));
  assert.ok(now[1].why.some((why: { zh: string }) => why.zh === "已等 15 分"));
  assert.equal(counts.now, 2);
  for (const id of [ordinary, urgent]) await go(caller, id, "callback", { outcome: "refused" });
  assert.deepEqual((await list()).now, []);
});

test("the number is shown to call, and one waiting leaves one audit row however often it is dialled", async () => {
  const id = await bring(town, "calling", "清河", {
    ticket: { requesterName: "方静", requesterPhone: "13500000001" },
  });
  assert.equal((await look(caller, id)).requester.phone, "135****0001");
  for (let i = 0; i < 3; i++)
    assert.deepEqual(done(await caller.post(`/api/callback/tickets/${id}/dial`)), {
      name: "方静",
      phone: "13500000001",
    });
  const lead = await town.as("shiftLead");
  done(await lead.post(`/api/callback/tickets/${id}/dial`));
  const rows = await dialsOf(id);
  assert.deepEqual(
    rows.map((row) => row.user_name),
    ["caller", "shiftLead"],
  );
  assert.deepEqual(rows[0]?.detail, { reason: "回访", standing: "callback", found: true });
  assert.equal(
    refused(await (await town.as("triager")).post(`/api/callback/tickets/${id}/dial`), 403),
    "not-allowed",
  );
  await go(caller, id, "callback", { outcome: "refused" });
  assert.equal(refused(await caller.post(`/api/callback/tickets/${id}/dial`), 409), "not-calling");
  assert.equal((await dialsOf(id)).length, 2);
});

test("a call that nobody takes is planned again by the rule, waits until then, and comes back by itself", async () => {
  await at("2026-11-20", "10:00"); // Friday
  const id = await bring(town, "calling", "清河");
  await go(caller, id, "callbackMissed", { note: "", reasons: { missed: "no-answer" } });
  const waiting = await list();
  assert.deepEqual(numbersOf(waiting.now), []);
  assert.deepEqual(numbersOf(waiting.later), [id]);
  assert.equal(waiting.later[0].plannedAt, "2026-11-20T06:00:00.000Z"); // 14:00, the afternoon not tried yet
  assert.equal(await firePlans(town.shell.db, town.shell.now()), 0);

  await at("2026-11-20", "14:01");
  assert.deepEqual(numbersOf((await list()).now), [id]);
  assert.equal(await firePlans(town.shell.db, town.shell.now()), 1);
  assert.equal(await firePlans(town.shell.db, town.shell.now()), 0); // a second run tells nothing twice
  const ticket = await look(caller, id);
  assert.equal(ticket.events[0].zh, "约定回访时间到");
  assert.deepEqual(ticket.callbacks[0].reasons, { missed: "无人接听" });
  await go(caller, id, "callback", { outcome: "answered", answers: { contacted: "yes" } });
  assert.deepEqual(await town.shell.db.selectFrom("call_plan").selectAll().execute(), []);
});

test("a time that the citizen asked for is kept; one in the past or beyond a week is refused", async () => {
  await at("2026-11-20", "15:00"); // Friday
  const id = await bring(town, "calling", "清河");
  const plan = (nextAt: string) => caller.move(id, "callbackMissed", { nextAt });
  assert.equal(refused(await plan("2026-11-20T06:59:00.000Z"), 422), "next-attempt-past");
  assert.equal(refused(await plan("2026-11-30T07:00:00.000Z"), 422), "next-attempt-far");
  assert.equal((await look(caller, id)).callbacks.length, 0);
  done(await plan("2026-11-20T13:30:00.000Z"));
  assert.equal((await list()).later[0].plannedAt, "2026-11-20T13:30:00.000Z");
  // back at the unit, the plan is forgotten; the new waiting begins with no attempts
  await go(await town.as("supervisor"), id, "rework", { reason: "请先联系诉求人" });
  assert.deepEqual((await list()).later, []);
  const handler = await town.as("handler", "清河");
  await go(handler, id, "accept");
  await go(handler, id, "contact", { way: "电话" });
  await go(handler, id, "report", { text: "已联系", outcome: "solved" });
  await go(await town.as("supervisor"), id, "passReview");
  const [again] = (await list()).now;
  assert.deepEqual([again.id, again.attempts], [id, []]);
  await go(caller, id, "callback", { outcome: "refused" });
});

test("nobody reached: refused until three calls lie apart in two parts of the day, then the ticket goes on unassessed", async () => {
  await at("2026-11-20", "09:00"); // Friday
  const id = await bring(town, "calling", "清河");
  town.pass(MINUTE_MS);
  const missed = () => go(caller, id, "callbackMissed", { reasons: { missed: "off" } });
  const unreached = () => caller.move(id, "callback", { outcome: "unreached", reasons: { missed: "off" } });
  assert.equal(refused(await unreached(), 409), "attempts-too-few");
  await missed();
  town.pass(MINUTE_MS);
  await missed(); // pressed again at once: counts as the same call
  await at("2026-11-20", "11:30");
  assert.equal(refused(await unreached(), 409), "attempts-too-few");
  await missed();
  await at("2026-11-20", "14:30");
  const ticket = done(await unreached()).ticket;
  assert.equal(ticket.state, "closing");
  assert.equal(ticket.callbacks[0].outcome, "unreached");
  assert.deepEqual(ticket.callbacks[0].reasons, { missed: "关机或停机" });
  const result = await town.shell.db
    .selectFrom("result")
    .select(["valid", "source", "contacted", "solved", "satisfied"])
    .where("ticket_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.deepEqual(result, { valid: false, source: null, contacted: null, solved: null, satisfied: null });
});

test("the reasons of every no are kept in the words of the day; one from no list is refused", async () => {
  await at("2026-11-20", "15:00");
  const id = await bring(town, "calling", "清河");
  const input = {
    outcome: "answered",
    answers: { contacted: "yes", solved: "no", satisfied: "dissatisfied" },
    reason: "说好周三来，一直没来。",
  };
  assert.equal(
    refused(await caller.move(id, "callback", { ...input, reasons: { solved: "bad-luck" } }), 422),
    "reason-unknown",
  );
  const ticket = await go(caller, id, "callback", {
    ...input,
    reasons: { solved: "in-progress", satisfied: "slow" },
    talkSeconds: 95,
  });
  const [kept] = ticket.callbacks;
  assert.deepEqual(kept.reasons, { solved: "答应处理，尚未完成", satisfied: "办理时间过长" });
  assert.deepEqual([kept.talkSeconds, kept.recorded], [95, false]);
  const { valid, solved, satisfied } = await town.shell.db
    .selectFrom("result")
    .select(["valid", "solved", "satisfied"])
    .where("ticket_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.deepEqual({ valid, solved, satisfied }, { valid: true, solved: "no", satisfied: "dissatisfied" });
});

test("a recording's address is kept with the callback, heard by those who may, each time on record", async () => {
  const id = await bring(town, "calling", "清河");
  assert.equal(
    refused(
      await caller.move(id, "callback", { outcome: "answered", recording: "javascript:alert(1)" }),
      422,
    ),
    "bad-input",
  );
  const address = "https://phone.example/rec/20261120-0007.wav";
  const ticket = await go(caller, id, "callback", { outcome: "answered", recording: address });
  const [kept] = ticket.callbacks;
  assert.equal(kept.recorded, true);
  const unit = await look(await town.as("handler", "清河"), id);
  assert.ok(!JSON.stringify(unit).includes(address));
  const listen = `/api/tickets/${id}/callbacks/${kept.id}/listen`;
  assert.equal(refused(await (await town.as("handler", "清河")).post(listen), 403), "not-allowed");
  assert.deepEqual(done(await (await town.as("inspector")).post(listen)), { address });
  const heard = await town.shell.db
    .selectFrom("audit")
    .select(["what", "user_name"])
    .where("ticket_id", "=", id)
    .where("what", "=", "listen")
    .execute();
  assert.deepEqual(heard, [{ what: "listen", user_name: "inspector" }]);
  const again = { address: "https://phone.example/rec/other.wav" };
  assert.equal(
    refused(await caller.post(`/api/tickets/${id}/callbacks/${kept.id}/recording`, again), 409),
    "recording-kept",
  );
});

test("a recording that comes later is added to its callback, once", async () => {
  const id = await bring(town, "closing", "清河");
  const [kept] = (await look(caller, id)).callbacks;
  assert.equal(kept.recorded, false);
  const url = `/api/tickets/${id}/callbacks/${kept.id}/recording`;
  done(await caller.post(url, { address: "https://phone.example/rec/1.wav" }));
  const ticket = await look(caller, id);
  assert.equal(ticket.callbacks[0].recorded, true);
  assert.equal(ticket.events[0].zh, "登记录音地址");
});
