import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { bring, done, go, goCo, lodge, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { lockTicket, recordChange } from "./store.ts";

let town: Town;
let triager: Client;
let shiftLead: Client;
let supervisor: Client;
let caller: Client;
let closer: Client;
let assessor: Client;
let xueyuanlu: Client;
let zhongguancun: Client;
let water: Client;

before(async () => {
  town = await openTown();
  triager = await town.as("triager");
  shiftLead = await town.as("shiftLead");
  supervisor = await town.as("supervisor");
  caller = await town.as("caller");
  closer = await town.as("closer");
  assessor = await town.as("assessor");
  xueyuanlu = await town.as("handler", "学院路");
  zhongguancun = await town.as("handler", "中关村");
  water = await town.as("handler", "海淀区水务局");
});
after(() => town?.close());

const dispatchTo = async (unit: string, ...co: string[]) => ({
  leadUnitId: await town.unit(unit),
  coUnitIds: await Promise.all(co.map((name) => town.unit(name))),
  opinion: "请现场核实",
});

/** What counts for the unit of each round, as the ledger has it. */
async function results(id: string) {
  return town.shell.db
    .selectFrom("result as r")
    .innerJoin("unit as u", "u.id", "r.unit_id")
    .select(["r.round", "u.short_name as unit", "r.void", "r.valid", "r.source", "r.scope"])
    .select(["r.contacted", "r.solved", "r.satisfied"])
    .where("r.ticket_id", "=", id)
    .orderBy("r.round")
    .execute();
}

const kinds = (ticket: Answer["body"]): string[] =>
  [...ticket.events].reverse().map((e: { kind: string }) => e.kind);

test("a ticket goes from the triager's desk through a unit with two helpers, a callback and the review to its end", async () => {
  const id = await lodge(town, { level: 3, requesterName: "李某", requesterPhone: "13912345678" });
  assert.match((await look(triager, id)).number, /^区收-261120-\d{6}$/);
  assert.equal((await go(triager, id, "sign")).stateZh, "待分拣");
  const sent = await go(triager, id, "dispatch", await dispatchTo("学院路", "中关村", "海淀区水务局"));
  assert.equal(sent.state, "dispatched");
  assert.equal(sent.leadUnit.name, "学院路");
  assert.deepEqual(
    sent.assignments.map((a: { part: string; unit: { name: string }; stateZh: string }) => [
      a.part,
      a.unit.name,
      a.stateZh,
    ]),
    [
      ["lead", "学院路", "待接收"],
      ["co", "中关村", "待接收"],
      ["co", "区水务局", "待接收"],
    ],
  );
  assert.equal((await go(xueyuanlu, id, "accept")).stateZh, "承办中");
  await goCo(zhongguancun, id, "coAccept");
  await goCo(zhongguancun, id, "coReport", "我方路段灯杆已查，无故障");
  await goCo(water, id, "coDecline", "与供水无关");
  assert.equal(
    refused(await xueyuanlu.move(id, "report", { text: "已修", outcome: "solved" }), 409),
    "contact-first",
  );
  await go(xueyuanlu, id, "contact", { way: "电话" });
  assert.equal(
    refused(await xueyuanlu.move(id, "report", { text: "  ", outcome: "solved" }), 422),
    "field-missing",
  );
  assert.equal(
    (await go(xueyuanlu, id, "report", { text: "已更换灯头", outcome: "solved" })).stateZh,
    "反馈待审",
  );
  assert.equal((await go(supervisor, id, "passReview")).stateZh, "待回访");
  assert.equal((await go(caller, id, "callbackMissed", { note: "无人接听" })).state, "calling");
  const answers = { contacted: "yes", solved: "yes" }; // 是否满意 was not answered
  assert.equal((await go(caller, id, "callback", { outcome: "answered", answers })).stateZh, "结案待审批");
  const closed = await go(closer, id, "approveClosing");
  assert.equal(closed.stateZh, "已结案");
  assert.equal(closed.closingKind, "transfer");
  assert.equal(closed.reply, "已更换灯头");
  assert.equal(closed.dueAt, null);
  assert.deepEqual(kinds(closed), [
    "receive",
    "sign",
    "dispatch",
    "accept",
    "coAccept",
    "coReport",
    "coDecline",
    "contact",
    "report",
    "passReview",
    "callbackMissed",
    "callback",
    "approveClosing",
  ]);
  assert.deepEqual(
    closed.assignments.map((a: { stateZh: string; endedAs: string }) => [a.stateZh, a.endedAs]),
    [
      ["已结案", "done"],
      ["已反馈主办", "reported"],
      ["已退回", "declined"],
    ],
  );
  assert.deepEqual(await results(id), [
    {
      round: 1,
      unit: "学院路",
      void: false,
      valid: true,
      source: "own",
      scope: "full",
      contacted: "yes",
      solved: "yes",
      satisfied: null,
    },
  ]);
});

test("a callback without a single answer leaves the ticket out of the base, and one that was refused too", async () => {
  const silent = await bring(town, "calling", "学院路");
  await go(caller, silent, "callback", { outcome: "answered", answers: {} });
  const rude = await bring(town, "calling", "学院路");
  await go(caller, rude, "callback", { outcome: "refused", answers: { solved: "no" }, reason: "不愿回答" });
  for (const id of [silent, rude]) {
    const [result] = await results(id);
    assert.equal(result?.valid, false);
    assert.deepEqual([result?.contacted, result?.solved, result?.satisfied], [null, null, null]);
  }
});

test("a returned ticket goes to another unit in a new round, and the first round no longer counts for the first unit", async () => {
  const id = await bring(town, "handling", "学院路");
  await go(xueyuanlu, id, "returnToCentre", { ground: "属中关村街道辖区", suggestUnit: "中关村街道" });
  const back = await go(supervisor, id, "acceptReturn", { note: "属实" });
  assert.deepEqual([back.state, back.leadUnit, back.returns], ["triage", null, 1]);
  const sent = await go(triager, id, "dispatch", await dispatchTo("中关村"));
  assert.deepEqual([sent.round, sent.leadUnit.name], [2, "中关村"]);
  assert.equal(refused(await xueyuanlu.move(id, "accept"), 403), "not-your-unit");
  assert.equal((await go(zhongguancun, id, "accept")).state, "handling");
  assert.deepEqual(
    (await results(id)).map((r) => [r.round, r.unit, r.void]),
    [
      [1, "学院路", true],
      [2, "中关村", false],
    ],
  );
});

test("a return that is refused puts the ticket back into the unit's hands, accepted, in the same round", async () => {
  const id = await bring(town, "dispatched", "学院路");
  await go(xueyuanlu, id, "returnToCentre", { ground: "非本辖区" });
  await go(triager, id, "refuseReturn", { reason: "地址在辖区内" });
  const held = await look(xueyuanlu, id);
  assert.deepEqual([held.state, held.round, held.leadUnit.name], ["handling", 1, "学院路"]);
  assert.notEqual(held.assignments[0].acceptedAt, null);
});

test("after three returns a fourth is refused, and a unit that the centre designated may not return at all", async () => {
  const id = await bring(town, "triage", "学院路");
  for (const unit of ["学院路", "中关村", "学院路"]) {
    const handler = await town.as("handler", unit);
    await go(triager, id, "dispatch", await dispatchTo(unit));
    await go(handler, id, "returnToCentre", { ground: "非本单位职责" });
    await go(shiftLead, id, "acceptReturn");
  }
  await go(triager, id, "dispatch", await dispatchTo("中关村"));
  assert.equal(
    refused(await zhongguancun.move(id, "returnToCentre", { ground: "再退" }), 409),
    "returns-used-up",
  );

  const chosen = await bring(town, "triage", "学院路");
  await go(triager, chosen, "dispatch", { ...(await dispatchTo("学院路")), designated: true });
  assert.equal(
    refused(await xueyuanlu.move(chosen, "returnToCentre", { ground: "非本辖区" }), 409),
    "designated",
  );
});

test("two units that both disown a ticket get a ruling, and the unit that it names may not return it", async () => {
  const id = await bring(town, "handling", "学院路");
  await go(xueyuanlu, id, "returnToCentre", { ground: "属市管道路" });
  await go(supervisor, id, "openOwnership", { reason: "两家均称非本单位" });
  assert.equal((await look(supervisor, id)).leadUnit, null);
  const ruling = { ...(await dispatchTo("中关村")), basis: "按属地管理" };
  const ruled = await go(shiftLead, id, "rule", ruling);
  assert.deepEqual([ruled.state, ruled.round, ruled.leadUnit.name], ["dispatched", 2, "中关村"]);
  assert.equal(refused(await zhongguancun.move(id, "returnToCentre", { ground: "不服" }), 409), "designated");
  assert.deepEqual(
    (await results(id)).map((r) => r.void),
    [true, false],
  );
});

test("rework asks the unit to accept, contact and report anew, in the same round", async () => {
  const id = await bring(town, "reported", "学院路");
  const again = await go(supervisor, id, "rework", { reason: "未说明何时修复" });
  assert.deepEqual([again.stateZh, again.round], ["重办", 1]);
  await go(xueyuanlu, id, "accept");
  assert.equal(
    refused(await xueyuanlu.move(id, "report", { text: "已修", outcome: "solved" }), 409),
    "contact-first",
  );
  await go(xueyuanlu, id, "contact", { way: "上门" });
  assert.equal(
    (await go(xueyuanlu, id, "report", { text: "今日已修", outcome: "solved" })).state,
    "reported",
  );
  assert.deepEqual(
    (await results(id)).map((r) => [r.round, r.void]),
    [[1, false]],
  );
});

test("a question answered at the desk closes without a unit, and a poor answer comes back to the desk first", async () => {
  const id = await bring(town, "triage", "");
  await go(triager, id, "replyDirectly", { reply: "请看官网" });
  await go(closer, id, "refuseReply", { reason: "请写明办理时间" });
  await go(triager, id, "replyDirectly", { reply: "工作日 9 时至 17 时均可办理" });
  const closed = await go(closer, id, "approveClosing");
  assert.deepEqual([closed.state, closed.closingKind, closed.round], ["closed", "reply", 0]);
  assert.deepEqual(await results(id), []);
});

test("a ticket handled by the centre itself cannot be shelved or reworked: there is no unit to keep it", async () => {
  const id = await bring(town, "triage", "");
  assert.equal((await go(triager, id, "handleDirectly", { reply: "已电话协调解决" })).state, "calling");
  assert.equal(refused(await shiftLead.move(id, "rework", { reason: "再办" }), 409), "no-lead");
  assert.equal(refused(await shiftLead.move(id, "shelve", { reason: "待研究" }), 409), "no-lead");
});

test("the city agrees that a ticket is not ours; or it does not, and the ticket is on the desk again", async () => {
  const gone = await bring(town, "triage", "");
  await go(triager, gone, "applyWithdraw", { ground: "地址在昌平区" });
  assert.equal((await go(triager, gone, "acceptWithdraw")).stateZh, "已退市");
  const kept = await bring(town, "triage", "");
  await go(triager, kept, "applyWithdraw", { ground: "地址不详" });
  assert.equal((await go(triager, kept, "rejectWithdraw", { reason: "地址属海淀" })).stateZh, "退市驳回");
  assert.equal((await go(triager, kept, "dispatch", await dispatchTo("学院路"))).state, "dispatched");
});

test("a ticket merged into another waits there, and comes back to the desk when the merging is undone", async () => {
  const main = await bring(town, "triage", "");
  const twin = await lodge(town);
  const merged = await go(triager, twin, "merge", { into: main });
  assert.deepEqual([merged.state, merged.mergedInto.id], ["merged", main]);
  assert.equal(refused(await triager.move(main, "merge", { into: twin }), 422), "merge-target");
  const back = await go(shiftLead, twin, "unmerge");
  assert.deepEqual([back.state, back.mergedInto], ["triage", null]);
});

test("a ticket cannot be merged into itself, however its number is written", async () => {
  const id = await lodge(town);
  for (const into of [id, `0${id}`, `000000${id}`]) {
    const answer = await triager.move(id, "merge", { into });
    assert.equal(answer.status, 422, `into ${into}`);
  }
  assert.equal((await look(triager, id)).state, "received");
});

test("a ticket that the city sent straight to a street is watched and its ending put on record", async () => {
  const id = await lodge(town);
  assert.equal((await go(triager, id, "watch")).stateZh, "直派盯办");
  const closed = await go(supervisor, id, "recordCityClosing", { reply: "街道已办结" });
  assert.deepEqual([closed.state, closed.closingKind], ["closed", "city"]);
});

test("a ticket that cannot be solved yet is shelved, and goes back to its unit when it is taken up again", async () => {
  const id = await bring(town, "reported", "学院路");
  assert.equal((await go(supervisor, id, "shelve", { reason: "待道路大修立项" })).stateZh, "挂账中");
  const taken = await go(supervisor, id, "unshelve", { note: "已立项" });
  assert.deepEqual([taken.state, taken.leadUnit.name], ["handling", "学院路"]);
});

test("a closed ticket that the city found unsolved is opened again for a new round, and the old round's result stays", async () => {
  const id = await bring(town, "closed", "学院路");
  const open = await go(supervisor, id, "reopen", { reason: "市级回访未解决" });
  assert.deepEqual([open.state, open.closedAt, open.leadUnit], ["triage", null, null]);
  const unit = await town.unit("学院路");
  const ofUnit = async (who: Client) =>
    done(await who.get(`/api/tickets?unit=${unit}&limit=200`)).rows.map((row: { id: string }) => row.id);
  assert.ok(!(await ofUnit(triager)).includes(id), "an opened ticket is not counted with the unit it had");
  assert.equal((await look(xueyuanlu, id)).state, "triage"); // who handled it still sees what became of it
  await go(triager, id, "dispatch", await dispatchTo("学院路"));
  assert.ok((await ofUnit(triager)).includes(id));
  assert.deepEqual(
    (await results(id)).map((r) => [r.round, r.void, r.solved]),
    [
      [1, false, "yes"],
      [2, false, null],
    ],
  );
});

test("the city's answers replace the centre's own, and the centre's own never replace the city's", async () => {
  const id = await bring(town, "calling", "学院路");
  const own = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  await go(caller, id, "callback", { outcome: "answered", answers: own });
  const city = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
  await go(assessor, id, "cityResult", { outcome: "answered", answers: city, reason: "灯仍不亮" });
  const [after] = await results(id);
  assert.deepEqual([after?.source, after?.solved, after?.satisfied], ["city", "no", "dissatisfied"]);
  await go(closer, id, "rework", { reason: "市级未解决" });
  await go(xueyuanlu, id, "accept");
  await go(xueyuanlu, id, "contact", { way: "电话" });
  await go(xueyuanlu, id, "report", { text: "已再修", outcome: "solved" });
  await go(supervisor, id, "passReview");
  const ticket = await go(caller, id, "callback", { outcome: "answered", answers: own });
  assert.equal(ticket.callbacks.length, 3);
  const [still] = await results(id);
  assert.deepEqual([still?.source, still?.solved, still?.satisfied], ["city", "no", "dissatisfied"]);
  await go(assessor, id, "cityResult", { scope: "exempt", scopeNote: "市级剔除" });
  assert.deepEqual(
    (await results(id)).map((r) => [r.scope, r.solved]),
    [["exempt", "no"]],
  );
});

test("of two people on one ticket the second is told who was first, and nothing of the second is kept", async () => {
  const id = await bring(town, "triage", "");
  const seen = (await look(triager, id)).version;
  done(await triager.move(id, "dispatch", await dispatchTo("学院路"), seen));
  const second = await shiftLead.move(id, "dispatch", await dispatchTo("中关村"), seen);
  assert.equal(refused(second, 409), "stale");
  assert.match(
    second.body.message,
    /^triager（分拣员）已先一步于 11-20 \d\d:\d\d 做了“派单”，主办学院路，工单现为“待接收”。您填写的内容没有提交/,
  );
  assert.equal((await look(triager, id)).leadUnit.name, "学院路");
});

test("two who press the same button at the same moment: one is first, the other is told", async () => {
  const id = await bring(town, "triage", "");
  const seen = (await look(triager, id)).version;
  const there = await dispatchTo("学院路");
  const answers = await Promise.all([
    triager.move(id, "dispatch", there, seen),
    shiftLead.move(id, "dispatch", there, seen),
  ]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 409]);
  assert.equal((await look(triager, id)).round, 1);
});

test("a remark by a colleague does not make a move stale", async () => {
  const id = await bring(town, "triage", "");
  const seen = (await look(triager, id)).version;
  await go(supervisor, id, "note", { text: "请尽快" });
  done(await triager.move(id, "dispatch", await dispatchTo("学院路"), seen));
});

test("a report that had to wait for a colleague's registering of the contact knows of it", async () => {
  const id = await bring(town, "dispatched", "学院路");
  await go(xueyuanlu, id, "accept");
  const seen = (await look(xueyuanlu, id)).version;
  const stamp = { at: town.shell.now(), userId: null, userName: "同事", role: "handler" as const };
  const due = { dueAt: null, dueKind: null, nearAt: null };
  let report: Promise<Answer> | undefined;
  await town.shell.db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, id);
    assert.ok(ticket);
    report = xueyuanlu.move(id, "report", { text: "已修", outcome: "solved" }, seen);
    await waitsForLock(tx);
    const change = { as: "handler", to: "handling", lead: { contacted: { way: "电话" } } } as const;
    await recordChange(tx, ticket, change, "contact", { way: "电话" }, stamp, due);
  });
  done((await report) ?? assert.fail("no report"));
});

test("two tickets merged into each other at the same moment: one merging is made, neither waits for ever", async () => {
  const [one, other] = [await lodge(town), await lodge(town)];
  const answers = await Promise.all([
    triager.move(one, "merge", { into: other }),
    shiftLead.move(other, "merge", { into: one }),
  ]);
  assert.deepEqual(answers.map((a) => a.status).sort(), [200, 422]);
});

test("a unit that is dissolved next month may still be given tickets today, one dissolved yesterday not", async () => {
  const sysadmin = await town.as("sysadmin");
  const unit = await town.unit("上地");
  const id = await bring(town, "triage", "");
  done(await sysadmin.patch(`/api/units/${unit}`, { validTo: "2026-11-19" })); // Thursday
  assert.equal(refused(await triager.move(id, "dispatch", await dispatchTo("上地")), 422), "unit-unknown");
  done(await sysadmin.patch(`/api/units/${unit}`, { validTo: "2026-12-20" })); // Sunday
  assert.equal((await go(triager, id, "dispatch", await dispatchTo("上地"))).state, "dispatched");
});

test("a version that the ticket has not reached yet is no screen of ours", async () => {
  const id = await bring(town, "triage", "");
  const seen = (await look(triager, id)).version;
  assert.equal(refused(await triager.move(id, "note", { text: "看到了未来" }, seen + 1), 409), "stale");
});

/** Answers once another connection waits for a lock that this transaction holds. */
async function waitsForLock(tx: Db): Promise<void> {
  for (let round = 0; round < 200; round++) {
    const { rows } = await sql<{ waiting: boolean }>`
      select exists (select 1 from pg_stat_activity where pg_backend_pid() = any (pg_blocking_pids(pid))) as waiting`.execute(
      tx,
    );
    if (rows[0]?.waiting) return;
    await sleep(10);
  }
  assert.fail("nobody waits");
}
