import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import { bring, done, go, lodge, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;
let closer: Client;
let caller: Client;
let supervisor: Client;
let shiftLead: Client;
let leader: Client;
let handler: Client;

const SOUND = "今日到学院路东口核实，更换路灯灯头两只，路灯恢复照明，已电话告知诉求人。";
const WELL = { contacted: "yes", solved: "yes", satisfied: "satisfied" };

before(async () => {
  town = await openTown();
  triager = await town.as("triager");
  closer = await town.as("closer");
  caller = await town.as("caller");
  supervisor = await town.as("supervisor");
  shiftLead = await town.as("shiftLead");
  leader = await town.as("leader");
  handler = await town.as("handler", "学院路");
});
after(() => town?.close());

/** A ticket at its closing, reported in these words. */
async function closing(text: string, answers: object = WELL): Promise<string> {
  const id = await bring(town, "handling", "学院路");
  await go(handler, id, "contact", { way: "电话" });
  await reported(id, text, answers);
  return id;
}
async function reported(id: string, text: string, answers: object): Promise<void> {
  await go(handler, id, "report", { text, outcome: "solved" });
  await go(supervisor, id, "passReview");
  await go(caller, id, "callback", { outcome: "answered", answers });
}
const keysOf = (answer: Answer): string[] =>
  answer.body.detail.checks
    .filter((c: { severity: string }) => c.severity === "stops")
    .map((c: { key: string }) => c.key);
const lastOf = async (id: string, kind: string) =>
  (await look(leader, id)).events.find((e: { kind: string }) => e.kind === kind);
const ask = (who: Client, id: string, step: string, input: object = {}) =>
  who.post(`/api/tickets/${id}/guard/${step}/override`, { input, reason: "诉求人出国，短期无法再联系" });
const decide = (who: Client, id: string, granted: boolean, opinion = "") =>
  who.post(`/api/overrides/${id}/decide`, { granted, opinion });

test("a closing that says nothing is refused with its remedy and leaves no trace; mended by the unit it passes, and its event tells the checks", async () => {
  const id = await closing("已处理，请知悉。");
  const { version } = await look(closer, id);
  const answer = await closer.move(id, "approveClosing");
  assert.equal(refused(answer, 409), "guard-stopped");
  assert.deepEqual(keysOf(answer), ["empty"]);
  const empty = answer.body.detail.checks.find((c: { key: string }) => c.key === "empty");
  assert.deepEqual([empty.move, empty.remedy !== ""], ["rework", true]);
  const told = done(await closer.post(`/api/tickets/${id}/guard/approveClosing`));
  assert.deepEqual(
    told.checks.filter((c: { ok: boolean }) => !c.ok),
    answer.body.detail.checks,
    "what is shown before is what refuses",
  );
  assert.equal((await look(closer, id)).version, version);
  await go(closer, id, "rework", { reason: "请写明何时到场、如何办理" });
  await go(handler, id, "accept");
  await go(handler, id, "contact", { way: "电话" });
  await reported(id, SOUND, WELL);
  assert.equal((await go(closer, id, "approveClosing")).state, "closed");
  const { guard } = (await lastOf(id, "approveClosing")).data;
  assert.ok(guard.passed.includes("empty") && guard.override === undefined);
  assert.deepEqual(
    guard.warned.map((w: { key: string }) => w.key),
    ["fields"],
  );
});

test("a citizen who said no, where the unit says they were content, is not closed over", async () => {
  const id = await closing(`${SOUND}诉求人非常满意。`, {
    contacted: "yes",
    solved: "no",
    satisfied: "dissatisfied",
  });
  assert.deepEqual(keysOf(await closer.move(id, "approveClosing")), ["callback"]);
});

test("two people let a closing pass: a reason, another person of fitting role, once; both stand on the event and in the audit", async () => {
  const id = await closing("已处理，请知悉。");
  assert.equal(refused(await ask(handler, id, "approveClosing"), 403), "wrong-role");
  const asked = done(await ask(shiftLead, id, "approveClosing"));
  assert.deepEqual([asked.state, asked.mine, asked.stops[0].key], ["asked", true, "empty"]);
  assert.equal(refused(await ask(closer, id, "approveClosing"), 409), "override-live");
  const notice = await town.shell.db
    .selectFrom("notice")
    .select(["title", "user_ids"])
    .where("cause", "=", `override:${asked.id}:asked`)
    .executeTakeFirstOrThrow();
  assert.equal(notice.title, "待复核：同意结案放行");
  assert.ok(notice.user_ids.includes(leader.actor.userId));
  assert.ok(!notice.user_ids.includes(shiftLead.actor.userId), "who asked is not asked");
  assert.equal(refused(await decide(shiftLead, asked.id, true), 403), "override-same-person");
  assert.equal((await decide(closer, asked.id, true)).status, 403);
  assert.equal(keysOf(await closer.move(id, "approveClosing")).length, 1, "asked is not let pass");
  assert.equal(done(await leader.get("/api/overrides")).rows[0].id, asked.id);
  done(await decide(leader, asked.id, true, "同意，情况特殊"));
  assert.equal(refused(await decide(leader, asked.id, true), 409), "override-settled");
  assert.equal((await go(closer, id, "approveClosing")).state, "closed");
  const { guard } = (await lastOf(id, "approveClosing")).data;
  assert.deepEqual(
    [guard.overridden[0].key, guard.override.askedBy, guard.override.confirmedBy, guard.override.opinion],
    ["empty", "shiftLead", "leader", "同意，情况特殊"],
  );
  const audits = await town.shell.db
    .selectFrom("audit")
    .select("what")
    .where("ticket_id", "=", id)
    .orderBy("id")
    .execute();
  assert.deepEqual(
    audits.map((a) => a.what),
    ["override-ask", "override-confirm"],
  );
  await go(supervisor, id, "reopen", { reason: "市级未解决" });
  const row = await town.shell.db
    .selectFrom("guard_override")
    .select("state")
    .where("id", "=", asked.id)
    .executeTakeFirstOrThrow();
  assert.equal(row.state, "used", "it holds once");
  const [line] = done(await leader.get("/api/overrides/statistics?by=check"));
  assert.deepEqual([line.key, line.asked, line.used], ["empty", 1, 1]);
  const [person] = done(await leader.get("/api/overrides/statistics?by=second"));
  assert.deepEqual([person.name, person.confirmed], ["leader", 1]);
});

test("refused, taken back or out of its time it lets nothing pass, and may be asked for anew", async () => {
  const id = await closing("已处理，请知悉。");
  const first = done(await ask(closer, id, "approveClosing"));
  assert.equal(refused(await decide(leader, first.id, false), 422), "field-missing");
  done(await decide(leader, first.id, false, "请退回重办"));
  assert.equal(refused(await closer.move(id, "approveClosing"), 409), "guard-stopped");
  const second = done(await ask(closer, id, "approveClosing"));
  assert.equal(refused(await shiftLead.post(`/api/overrides/${second.id}/drop`), 404), "not-found");
  done(await closer.post(`/api/overrides/${second.id}/drop`));
  const third = done(await ask(closer, id, "approveClosing"));
  done(await decide(leader, third.id, true));
  town.pass(25 * HOUR_MS);
  const late = await town.afresh("closer");
  assert.equal(refused(await late.move(id, "approveClosing"), 409), "guard-stopped");
  const fourth = done(await ask(late, id, "approveClosing"));
  town.pass(25 * HOUR_MS);
  assert.equal(refused(await decide(await town.afresh("leader"), fourth.id, true), 409), "override-expired");
  town.at("2026-11-20", "09:00");
});

test("a sound step needs no second person, and what was let pass holds for the very words", async () => {
  const sound = await closing(SOUND);
  assert.equal(refused(await ask(closer, sound, "approveClosing"), 409), "override-nothing");
  const id = await bring(town, "triage", "");
  const vague = { ground: "申请退市，请批准。" };
  assert.deepEqual(keysOf(await triager.move(id, "applyWithdraw", vague)), ["empty"]);
  const asked = done(await ask(triager, id, "applyWithdraw", vague));
  done(await decide(leader, asked.id, true));
  assert.deepEqual(keysOf(await triager.move(id, "applyWithdraw", { ground: "请予退市。" })), ["empty"]);
  assert.equal((await go(triager, id, "applyWithdraw", vague)).state, "withdrawing");
});

test("a ground that the city has refused does not go there again without anything new, nor after the window", async () => {
  const id = await bring(town, "triage", "");
  const ground = "点位在昌平区，请改派";
  await go(triager, id, "applyWithdraw", { ground });
  await go(triager, id, "rejectWithdraw", { reason: "地址属海淀" });
  const again = await triager.move(id, "applyWithdraw", { ground: "经查位于昌平区，请退回市级" });
  assert.deepEqual(keysOf(again), ["refusedBefore"]);
  assert.match(again.body.message, /曾以同一理由申请退市，11-20 09:00 被市级驳回/);
  town.pass(60_000);
  done(await triager.upload(`/api/tickets/${id}/attachments`, "定位.txt", Buffer.from("昌平区定位")));
  await go(triager, id, "applyWithdraw", { ground: "经查位于昌平区，附定位" });

  const old = await lodge(town);
  await go(triager, old, "sign");
  town.pass(49 * HOUR_MS);
  const late = await (await town.afresh("triager")).move(old, "applyWithdraw", { ground });
  assert.deepEqual(keysOf(late), ["window"]);
  town.at("2026-11-20", "09:00");
});

test("the same caller's matter that the city kept before is told, and stops nothing by itself", async () => {
  const ticket = { category1: "道路设施", requesterPhone: "13912345678" };
  const first = await bring(town, "triage", "", { ticket });
  await go(triager, first, "applyWithdraw", { ground: "点位在昌平区" });
  await go(triager, first, "rejectWithdraw", { reason: "地址属海淀" });
  const second = await bring(town, "triage", "", { ticket });
  await go(triager, second, "applyWithdraw", { ground: "点位在昌平区" });
  const { guard } = (await lastOf(second, "applyWithdraw")).data;
  assert.ok(guard.warned.some((w: { key: string }) => w.key === "refusedBefore"));
});

test("another ticket's reply, with another place in it, is not closed", async () => {
  const words = "接单后到五道口西街8号楼核实，清运积存垃圾三车，地面冲洗干净，结果已电话告知来电人。";
  const there = await bring(town, "handling", "学院路", {
    ticket: { content: "市民反映五道口西街8号楼垃圾成堆。" },
  });
  await go(handler, there, "contact", { way: "电话" });
  await go(handler, there, "report", { text: words, outcome: "solved" });
  const here = await bring(town, "handling", "学院路", {
    ticket: { content: "市民反映知春里南路3号楼垃圾成堆。" },
  });
  await go(handler, here, "contact", { way: "电话" });
  await reported(here, words, WELL);
  assert.deepEqual(keysOf(await closer.move(here, "approveClosing")), ["numbers", "copied"]);
});

test("many at once are guarded one by one: the sound are closed, the faulty are told why", async () => {
  const [sound, faulty] = [await closing(SOUND), await closing("已处理，请知悉。")];
  const report = done(
    await closer.post("/api/tickets/bulk-moves", { ids: [sound, faulty], move: "approveClosing" }),
  );
  assert.deepEqual(
    [
      report.done.map((d: { id: string }) => d.id),
      report.refused.map((r: { id: string; code: string }) => [r.id, r.code]),
    ],
    [[sound], [[faulty, "guard-stopped"]]],
  );
  assert.match(report.refused[0].message, /言之有物（只有套话/);
});

test("a unit looks at no ticket of others through the checks, and the rules are there to read with their source", async () => {
  const id = await closing(SOUND);
  const stranger = await town.as("handler", "清河");
  assert.equal((await stranger.post(`/api/tickets/${id}/guard/approveClosing`)).status, 404);
  assert.equal((await stranger.get("/api/overrides")).status, 403);
  const rules = done(await stranger.get("/api/guards"));
  assert.match(rules.source, /本系统默认设置/);
  assert.ok(
    rules.checks.every((c: { steps: unknown[]; remedy: string }) => c.steps.length > 0 && c.remedy !== ""),
  );
});
