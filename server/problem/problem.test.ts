import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Day } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { bring, done, go, lodge, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { fireTimers } from "../ticket/timers.ts";
import { problemStep } from "./jobs.ts";

let town: Town;
let supervisor: Client;
let handler: Client;
let shiftLead: Client;

before(async () => {
  town = await openTown();
  await later("2026-11-20", "09:00"); // Friday
});
after(() => town.close());

/** Moves the clock and signs in anew: sessions that rest so long have run out. */
async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  supervisor = await town.afresh("supervisor");
  handler = await town.afresh("handler", "学院路");
  shiftLead = await town.afresh("shiftLead");
  await town.afresh("triager");
}

const DAYS = "from=2026-11-01&to=2026-11-30";

const list = async (who: Client, query: string) => done(await who.get(`/api/problems?${query}`)).rows;
const find = async (day: string) => done(await supervisor.post("/api/problems/find", { day }));
const step = (who: Client, id: string, name: string, body: object) =>
  who.post(`/api/problems/${id}/steps/${name}`, body);

async function timersAt(day: Day, time: string): Promise<void> {
  town.at(day, time);
  while ((await fireTimers(town.shell.db, town.shell.now())) > 0);
}

/** Taken in, handed straight to a street by the city, which closes it with these words. */
async function closedByCity(reply: string): Promise<string> {
  const triager = await town.as("triager");
  const id = await lodge(town, {
    content: "市民反映学院路20号院3号楼电梯故障，多日未修。",
    category1: "住房物业",
  });
  await go(triager, id, "watch");
  await go(triager, id, "recordCityClosing", { reply });
  return id;
}

test("near-due and overdue of a day are found once each, of the unit whose clock it is, however often one looks", async () => {
  const id = await bring(town, "dispatched", "学院路"); // accept due in 12 hours, contact in 24
  await timersAt("2026-11-20", "21:30");
  await later("2026-11-20", "21:30");
  const first = await find("2026-11-20");
  const rows = await list(supervisor, `ticket=${id}`);
  assert.deepEqual(rows.map((r: Record<string, unknown>) => [r.kind, r.state, r.said]).sort(), [
    ["near", "noted", "接收临期，应于 11-20 21:00 前完成"],
    ["overdue", "open", "接收超期，应于 11-20 21:00 前完成"],
  ]);
  assert.equal(first.found, rows.length);
  assert.equal((await find("2026-11-20")).found, 0);
  assert.equal((await list(supervisor, `ticket=${id}`)).length, 2);
  const [overdue] = await list(supervisor, `ticket=${id}&kind=overdue`);
  assert.deepEqual([overdue.unit.name, overdue.dueAt], ["学院路", "2026-11-23T15:59:59.999Z"]);
});

test("the unit answers with cause and remedy, the centre sends it back, passes it, and confirms what was promised", async () => {
  const [problem] = await list(handler, "kind=overdue&state=open");
  const open = done(await handler.get(`/api/problems/${problem.id}`));
  assert.deepEqual(
    open.mine.map((m: { step: string }) => m.step),
    ["answer", "dispute"],
  );
  const said = {
    version: open.version,
    text: "已约谈经办人，改为两小时一查。",
    cause: "late",
    remedyDay: "2026-11-22",
  };
  assert.equal(
    refused(await step(handler, problem.id, "answer", { ...said, cause: null }), 422),
    "field-missing",
  );
  assert.equal(
    refused(await step(handler, problem.id, "answer", { ...said, cause: "rain" }), 422),
    "problem-cause",
  );
  assert.equal(
    refused(await step(handler, problem.id, "answer", { ...said, remedyDay: "2026-11-19" }), 422),
    "problem-remedy-day",
  );
  assert.equal(refused(await step(supervisor, problem.id, "answer", said), 403), "problem-role");
  const answered = done(await step(handler, problem.id, "answer", said));
  assert.deepEqual(
    [answered.state, answered.causeZh, answered.remedyDay],
    ["answered", "接单或派转内部科室延误", "2026-11-22"],
  );
  const back = done(
    await step(supervisor, problem.id, "return", { version: answered.version, text: "未写明责任人" }),
  );
  assert.equal(back.state, "open");
  // Who looked before it was sent back says nothing over what has changed.
  assert.equal(refused(await step(handler, problem.id, "answer", said), 409), "problem-moved");
  const again = done(await step(handler, problem.id, "answer", { ...said, version: back.version }));
  const passed = done(await step(supervisor, problem.id, "accept", { version: again.version }));
  const told = done(
    await step(handler, problem.id, "remedied", { version: passed.version, text: "已执行两小时一查" }),
  );
  const rejected = done(
    await step(supervisor, problem.id, "reject", { version: told.version, text: "昨日仍有漏接" }),
  );
  const anew = done(
    await step(handler, problem.id, "remedied", { version: rejected.version, text: "已补查并通报" }),
  );
  const ended = done(await step(supervisor, problem.id, "confirm", { version: anew.version }));
  assert.deepEqual([ended.state, ended.mine.length], ["done", 0]);
  assert.deepEqual(ended.steps.map((s: { zh: string }) => s.zh).reverse(), [
    "答复",
    "退回补充",
    "答复",
    "审核通过",
    "报告整改完成",
    "整改不到位",
    "报告整改完成",
    "确认办结",
  ]);
});

test("a closed-against-standard ticket becomes a problem event: an empty reply of the city's closing, of the unit or the centre", async () => {
  await later("2026-11-23", "09:00"); // Monday
  const empty = await closedByCity("已处理。");
  const sound = await bring(town, "triage", "学院路");
  const { looked } = await find("2026-11-23");
  assert.ok(looked >= 1);
  const kinds = (await list(supervisor, `ticket=${empty}`)).map((r: { kind: string; group: string }) => [
    r.kind,
    r.group,
  ]);
  assert.ok(kinds.length > 0, "the empty reply must be found");
  assert.ok(kinds.every(([, group]: string[]) => group === "closing"));
  assert.deepEqual(await list(supervisor, `ticket=${sound}`), []);
});

test("reported as solved within ten minutes of the acceptance is found as closed before it was handled, and counted for its unit", async () => {
  const id = await bring(town, "closed", "中关村"); // all at one instant
  await find("2026-11-23");
  const [problem] = await list(supervisor, `ticket=${id}&kind=beforeHandled`);
  assert.deepEqual([problem.unit.name, problem.said], ["中关村", "接收后 0 分钟即反馈已解决"]);
  await go(supervisor, id, "reopen", { reason: "复查发现未实际办理" });
  // Closed again another day it would be another event; opened again, the finding stays on record.
  assert.equal((await list(supervisor, `ticket=${id}&kind=beforeHandled`)).length, 1);
});

test("the centre's reply approved by who wrote it is the centre's own problem, and its desk answers", async () => {
  const id = await bring(town, "triage", "学院路");
  const reply = "经核实，学院路东口路灯已列入本周检修，预计周五前恢复，届时再向您回电说明情况。";
  await go(shiftLead, id, "replyDirectly", { reply });
  await go(shiftLead, id, "approveClosing");
  await find("2026-11-23");
  const [problem] = await list(supervisor, `ticket=${id}&kind=unapproved`);
  assert.deepEqual([problem.unit, problem.said], [null, "回复人和结案审批人是同一人"]);
  assert.deepEqual(await list(handler, `ticket=${id}`), []);
  const triager = await town.as("triager");
  const answer = { version: problem.version, text: "今后由结案员审批", cause: "careless" };
  assert.equal(done(await step(triager, problem.id, "answer", answer)).state, "answered");
});

test("a dispute that is upheld against the unit leaves the answer to it; one that is granted takes the event out of every count", async () => {
  const mine = await bring(town, "closed", "学院路");
  const other = await bring(town, "closed", "学院路");
  await find("2026-11-23");
  const of = async (id: string) => (await list(handler, `ticket=${id}&kind=beforeHandled`))[0];
  const [first, second] = [await of(mine), await of(other)];
  const counted = async () => {
    const { units } = done(await supervisor.get(`/api/problems/summary?${DAYS}`));
    return units.find((u: { name: string }) => u.name === "学院路").kinds.beforeHandled;
  };
  const before = await counted();
  const why = "到场时电梯已由物业修复，现场照片见附件。";
  const asked = done(await step(handler, first.id, "dispute", { version: first.version, text: why }));
  const dropped = done(await step(supervisor, first.id, "drop", { version: asked.version, text: "属实" }));
  assert.equal(dropped.state, "dropped");
  assert.equal(await counted(), before - 1);
  assert.equal((await list(supervisor, `ticket=${mine}&state=dropped`)).length, 1);
  const told = done(await step(handler, second.id, "dispute", { version: second.version, text: why }));
  const upheld = done(
    await step(supervisor, second.id, "uphold", { version: told.version, text: "照片为事后" }),
  );
  assert.equal(
    refused(await step(handler, second.id, "dispute", { version: upheld.version, text: why }), 409),
    "problem-disputed",
  );
  // Struck out, it is not found a second time.
  assert.equal((await find("2026-11-23")).found, 0);
});

test("every number of the table opens into as many items as it says, for the centre and for a unit its own", async () => {
  const { units, total, kinds, causes } = done(await supervisor.get(`/api/problems/summary?${DAYS}`));
  for (const unit of units) {
    assert.equal((await list(supervisor, `${DAYS}&unit=${unit.key}&limit=100`)).length, unit.all, unit.name);
    for (const [kind, n] of Object.entries(unit.kinds))
      assert.equal(
        (await list(supervisor, `${DAYS}&unit=${unit.key}&kind=${kind}&limit=100`)).length,
        n,
        `${unit.name} ${kind}`,
      );
    assert.equal(
      (await list(supervisor, `${DAYS}&unit=${unit.key}&state=unfinished&limit=100`)).length,
      unit.open,
    );
  }
  assert.equal(
    kinds.reduce((sum: number, k: { n: number }) => sum + k.n, 0),
    total.all,
  );
  for (const { cause, n } of causes)
    if (cause !== "")
      assert.equal((await list(supervisor, `${DAYS}&cause=${cause}&limit=100`)).length, n, cause);
  const own = done(await handler.get(`/api/problems/summary?${DAYS}`));
  assert.deepEqual(
    own.units.map((u: { name: string }) => u.name),
    ["学院路"],
  );
  const theirs = (await list(supervisor, `${DAYS}&unit=${await town.unit("中关村")}`))[0];
  assert.equal((await handler.get(`/api/problems/${theirs.id}`)).status, 404);
  assert.equal(
    (await step(handler, theirs.id, "answer", { version: 1, text: "代答", cause: "late" })).status,
    404,
  );
});

test("the worker goes through yesterday after half past six, and through days that it has missed, each once", async () => {
  const late = await bring(town, "dispatched", "上地");
  await timersAt("2026-11-23", "22:00");
  town.at("2026-11-24", "06:00"); // Tuesday
  const work = problemStep();
  assert.equal(await work(town.shell), 0);
  town.at("2026-11-24", "06:31");
  let days = 0;
  while ((await work(town.shell)) > 0) days += 1;
  assert.ok(days >= 2, `${days}`);
  await later("2026-11-24", "06:45");
  assert.equal((await list(supervisor, `ticket=${late}&kind=overdue`)).length, 1);
  assert.equal(await work(town.shell), 0);
  const { lastRun } = done(await supervisor.get(`/api/problems/summary?${DAYS}`));
  assert.deepEqual([lastRun.day, lastRun.by], ["2026-11-23", "系统"]);
});

test("a day that is not over may be looked at, one to come may not, and only who supervises may look", async () => {
  assert.equal(
    refused(await supervisor.post("/api/problems/find", { day: "2026-11-25" }), 422),
    "problem-day",
  );
  assert.equal(refused(await handler.post("/api/problems/find", { day: "2026-11-23" }), 403), "not-allowed");
  done(await supervisor.post("/api/problems/find", { day: "2026-11-24" }));
});

test("the workbook sums up units by kinds and lists every item", async () => {
  const answer = await supervisor.get(`/api/problems/book.xlsx?${DAYS}`);
  assert.equal(answer.status, 200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(answer.raw).buffer);
  const { units, total } = done(await supervisor.get(`/api/problems/summary?${DAYS}`));
  assert.equal(book.getWorksheet("单位汇总")?.rowCount, 2 + units.length + 1);
  assert.equal(book.getWorksheet("清单")?.rowCount, 1 + total.all);
});
