import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { add, compare, fraction, ZERO } from "@jiesu/core/assessment/fraction.ts";
import ExcelJS from "exceljs";
import fc from "fast-check";
import { sql } from "kysely";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;
let leader: Client;
const PERIOD = "2026-11"; // 2026-10-19 … 2026-11-18
const { status: _status, approvedBy: _approved, ...district } = districtFile;
const item = (key: string, name: string, kind: string, mostEach: string, mostPerUnit: string) => ({
  ...{ key, name, kind, mostEach, mostPerUnit },
  evidence: "文件文号",
  source: "海政热〔2026〕5号",
});
const adjustments = {
  items: [
    item("praised", "市级通报表扬", "bonus", "1", "2"),
    item("late", "迟报漏报", "penalty", "0.5", "1.5"),
    item("false", "虚假办理", "penalty", "3", "6"),
  ],
  mostBonus: "2",
  mostPenalty: "6",
  score: { least: "0", most: "102" },
};

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  leader = await town.as("leader");
  town.at("2026-11-04", "10:00"); // a Wednesday
  for (const unit of ["香山", "清河"]) await answered(unit, "satisfied");
  await answered("清河", "basically");
  await putInForce({ ...district, name: "with-points", from: "2026-10-01", adjustments });
});
after(() => town?.close());

async function answered(unit: string, satisfied: string): Promise<void> {
  const id = await bring(town, "closed", unit);
  const answers = { contacted: "yes", solved: "yes", satisfied };
  await go(assessor, id, "cityResult", { outcome: "answered", answers, scope: null });
}

async function putInForce(body: { readonly name: string; readonly [field: string]: unknown }): Promise<void> {
  done(await assessor.post("/api/assessment/rules", { body, documentNo: "海政热〔2026〕5号" }));
  done(await leader.post(`/api/assessment/rules/${body.name}/review`));
  done(await leader.post(`/api/assessment/rules/${body.name}/approve`, { confirmBackwards: true }));
}

const draft = async (who: Client, unit: string, key: string, points: string, more: object = {}) =>
  who.post("/api/assessment/adjustments", {
    period: PERIOD,
    unit: await town.unit(unit),
    item: key,
    points,
    reason: "11 月 3 日专报迟报",
    evidence: "督办单 2026-118",
    key: randomUUID(),
    ...more,
  });
const step = (who: Client, id: string, name: string, body: object = {}) =>
  who.post(`/api/assessment/adjustments/${id}/${name}`, body);
const rankOf = async (unit: string, period = PERIOD, more = "") => {
  const { groups } = done(await assessor.get(`/api/assessment/rank?period=${period}${more}`));
  for (const group of groups)
    for (const row of group.units) if (row.unit.shortName === unit) return { ...row, group: group.group };
  throw new Error(`${unit} is not ranked`);
};

test("points drafted by the assessor count only when the leader has approved them; the rank follows at once", async () => {
  assert.deepEqual([(await rankOf("香山")).rank, (await rankOf("清河")).rank], [1, 2], "100.0 and 98.0");
  const made = done(await draft(assessor, "香山", "false", "2.5"));
  assert.deepEqual([made.state, made.points, made.stateZh], ["proposed", "-2.5", "待批准"]);
  assert.equal((await rankOf("香山")).text.score, "100.0");
  assert.equal(refused(await step(assessor, made.id, "approve"), 403), "not-allowed");
  const approved = done(await step(leader, made.id, "approve"));
  assert.deepEqual([approved.state, approved.steps[0].by], ["approved", "leader"]);
  assert.deepEqual(done(await step(leader, made.id, "approve")).steps.length, 1, "asked again, done once");
  const row = await rankOf("香山");
  assert.deepEqual([row.rank, row.text.basic, row.text.points, row.text.score], [2, "100.0", "-2.5", "97.5"]);
  assert.equal((await rankOf("清河")).rank, 1);
  assert.equal((await rankOf("香山", PERIOD, "&scope=all")).text.score, "97.5");
  done(await step(leader, made.id, "revoke", { reason: "核查属实办理" }));
});

test("nobody approves what he drafted himself, nor is a settled one decided on again", async () => {
  const made = done(await draft(leader, "清河", "praised", "1"));
  assert.equal(refused(await step(leader, made.id, "approve"), 409), "adjust-same-person");
  assert.equal(refused(await step(assessor, made.id, "withdraw"), 409), "adjust-not-drafter");
  done(await step(leader, made.id, "withdraw"));
  const other = done(await draft(assessor, "清河", "praised", "1"));
  assert.equal(refused(await step(leader, other.id, "refuse"), 422), "adjust-reason");
  done(await step(leader, other.id, "refuse", { reason: "表扬对象为区级" }));
  const again = await step(leader, other.id, "approve");
  assert.equal(refused(again, 409), "adjust-settled");
  assert.match(again.body.message, /已是“未批准”/);
  assert.equal((await rankOf("清河")).text.points, "0");
});

test("points beyond a cap are refused in words that say the cap and what is left", async () => {
  const each = await draft(assessor, "香山", "late", "0.75");
  assert.equal(refused(each, 422), "adjust-over-each");
  assert.match(each.body.message, /“迟报漏报”每次最多 0\.5 分/);
  const ids: string[] = [];
  for (const _ of [1, 2, 3]) ids.push(done(await draft(assessor, "香山", "late", "0.5")).id);
  const fourth = await draft(assessor, "香山", "late", "0.1");
  assert.equal(refused(fourth, 422), "adjust-over-unit");
  assert.match(fourth.body.message, /最多 1\.5 分，该单位本期还可登记 0 分（含待批准的）/);
  done(await step(assessor, ids[0] ?? "", "withdraw"));
  for (const id of ids.slice(1)) done(await step(leader, id, "approve"));
  for (const _ of [1, 2])
    done(await step(leader, done(await draft(assessor, "香山", "false", "2")).id, "approve"));
  const total = await draft(assessor, "香山", "false", "1.5");
  assert.equal(refused(total, 422), "adjust-over-total");
  assert.match(total.body.message, /减分合计最多 6 分，该单位本期还可登记 1 分/);
  assert.equal((await rankOf("香山")).text.points, "-5");
  for (const bad of ["0", "-1", "一分", "0.0000001"])
    assert.equal(refused(await draft(assessor, "香山", "late", bad), 422), "adjust-points", bad);
  assert.equal(refused(await draft(assessor, "香山", "luck", "1"), 422), "adjust-no-item");
  const next = await draft(assessor, "香山", "praised", "0.1", { period: "2026-12" });
  assert.equal(refused(next, 409), "adjust-not-begun");
});

test("two leaders' approvals at one moment do not carry a unit over the cap", async () => {
  const ids: string[] = [];
  for (const _ of [1, 2]) ids.push(done(await draft(assessor, "清河", "praised", "1")).id);
  // What was drafted before the cap was lowered: the rule of the period decides at the approval.
  const { db } = town.shell;
  await sql`insert into adjustment (level, period, unit_id, item, item_name, kind, points, rules, reason, evidence, key, at, by_name)
            select level, period, unit_id, item, item_name, kind, points, rules, reason, evidence, 'third', at, '别人'
              from adjustment where id = ${ids[0]}`.execute(db);
  const third = await sql<{ id: string }>`select id from adjustment where key = 'third'`.execute(db);
  ids.push(third.rows[0]?.id ?? "");
  const answers = await Promise.all(ids.map((id) => step(leader, id, "approve")));
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 200, 422]);
  assert.equal((await rankOf("清河")).text.points, "+2");
  assert.equal((await rankOf("清河")).text.score, "100.0", "98.0 and two");
});

test("the explanation's parts add up to the score to the last digit, and each point has its reason and approver", async () => {
  for (const unit of ["香山", "清河"]) {
    const told = done(
      await assessor.get(`/api/assessment/explain?unit=${await town.unit(unit)}&period=${PERIOD}`),
    );
    const read = (text: string) => {
      const [num = "", den = ""] = text.split("/");
      return fraction(BigInt(num), BigInt(den));
    };
    const sum = told.made.parts.map((part: { exact: string }) => read(part.exact)).reduce(add, ZERO);
    assert.equal(compare(sum, read(told.made.exact)), 0);
    assert.equal(told.replayAgrees, true);
    for (const { records } of told.made.items)
      for (const record of records) {
        assert.equal(record.state, "approved");
        assert.equal(record.steps[0].by, "leader");
        assert.ok(record.reason.length > 2 && record.evidence.length > 2);
      }
  }
  const { made } = done(
    await assessor.get(`/api/assessment/explain?unit=${await town.unit("香山")}&period=${PERIOD}`),
  );
  assert.deepEqual(
    made.items.map((each: { name: string; counted: string }) => [each.name, each.counted]),
    [
      ["迟报漏报", "-1"],
      ["虚假办理", "-4"],
    ],
  );
});

test("whatever is given and taken back, in any order, the figure comes back to the digit", async () => {
  const before = await rankOf("香山");
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), async (order) => {
      const ids: string[] = [];
      for (const points of ["0.25", "0.5", "0.125"]) {
        const { id } = done(await draft(assessor, "香山", "praised", points));
        ids.push(done(await step(leader, id, "approve")).id);
      }
      assert.equal((await rankOf("香山")).points, before.points + 0.875);
      for (const at of order) done(await step(leader, ids[at] ?? "", "revoke", { reason: "重复登记" }));
      assert.deepEqual(await rankOf("香山"), before);
    }),
    { numRuns: 4 },
  );
});

test("a unit sees its own approved points, and nothing of others or of what waits", async () => {
  const lead = await town.as("unitLead", "香山");
  done(await draft(assessor, "香山", "praised", "0.5"));
  const { rows, waiting } = done(await lead.get(`/api/assessment/adjustments?period=${PERIOD}`));
  assert.equal(waiting, 0);
  assert.ok(rows.length > 0);
  for (const row of rows) assert.deepEqual([row.unit.name, row.state], ["香山", "approved"]);
  const other = await town.unit("清河");
  const asked = done(await lead.get(`/api/assessment/adjustments?period=${PERIOD}&unit=${other}`));
  assert.ok(asked.rows.every((row: { unit: { name: string } }) => row.unit.name === "香山"));
  assert.equal((await draft(lead, "香山", "praised", "1")).status, 403);
});

test("what is sent twice is drafted once; numbers of persons are not taken into reasons", async () => {
  const key = randomUUID();
  const first = done(await draft(assessor, "清河", "late", "0.5", { key }));
  const again = done(await draft(assessor, "清河", "late", "0.5", { key }));
  assert.equal(again.id, first.id);
  assert.equal(
    (await draft(assessor, "清河", "late", "0.5", { reason: "致电 13812345678 核实" })).status,
    422,
  );
  done(await step(assessor, first.id, "withdraw"));
});

test("a draft of other rules is tried on the period, and says who moves by which points", async () => {
  const body = { ...district, name: "no-points", from: "2027-01-01" };
  done(await assessor.post("/api/assessment/rules", { body }));
  const told = done(await assessor.post("/api/assessment/rules/no-points/trial", { periods: [PERIOD] }))
    .periods[0];
  const moved = told.moved.find((each: { unit: { name: string } }) => each.unit.name === "香山");
  assert.deepEqual(
    moved.why.map((why: { code: string; points: number }) => [why.code, why.points]),
    [["points", 5]],
  );
  assert.match(moved.why[0].text, /加减分由 -5 变为 0/);
});

test("the workbook has the weighted score and the points beside the score", async () => {
  const answer = await assessor.get(`/api/assessment/rank.xlsx?period=${PERIOD}`);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
  const rows = book.worksheets[0]?.getSheetValues() ?? [];
  const headers = rows[3] as readonly string[];
  assert.deepEqual(headers.slice(8, 11), ["基础得分", "加减分", "综合得分"]);
  const row = rows.find((each) => Array.isArray(each) && each[2] === "香山") as readonly unknown[];
  assert.deepEqual(row.slice(8, 11), [100, -5, 95]);
  const opened = await assessor.get(`/api/assessment/tickets?period=${PERIOD}&measure=points`);
  assert.equal(refused(opened, 422), "measure-of-items");
});

test("a closed period keeps its points; what is given or revoked afterwards is said to be late and stands as a difference", async () => {
  town.at("2026-11-20", "09:00");
  const before = await rankOf("香山");
  const closed = done(await assessor.post(`/api/assessment/closings/${PERIOD}`, { waived: "试验" }));
  const refusedLate = await draft(assessor, "香山", "praised", "1");
  assert.equal(refused(refusedLate, 409), "adjust-closed");
  assert.match(refusedLate.body.message, /作为封账后的差异/);
  const late = done(await draft(assessor, "香山", "praised", "1", { late: true }));
  assert.equal(refused(await step(leader, late.id, "approve"), 409), "adjust-closed");
  done(await step(leader, late.id, "approve", { late: true }));
  const list = done(await assessor.get(`/api/assessment/adjustments?period=${PERIOD}&state=approved`)).rows;
  const frozen = list.find(
    (row: { difference: string | null; unit: { name: string } }) =>
      row.unit.name === "香山" && !row.difference,
  );
  done(await step(leader, frozen.id, "revoke", { reason: "申诉成立", late: true }));
  const { density: _d, ...shown } = await rankOf("香山");
  const { density: _b, ...then } = before;
  assert.deepEqual(shown, then);
  const after = done(await assessor.get(`/api/assessment/adjustments?period=${PERIOD}`));
  assert.equal(after.closed, true);
  const difference = (id: string) => after.rows.find((row: { id: string }) => row.id === id).difference;
  assert.deepEqual([difference(late.id), difference(frozen.id)], ["added", "removed"]);
  const again = done(await assessor.get(`/api/assessment/closings/${PERIOD}`));
  assert.deepEqual([again.intact, again.figures, again.digest], [true, closed.figures, closed.digest]);
});

test("nobody edits what was given, in the database neither; each step is in the audit", async () => {
  const { db } = town.shell;
  await assert.rejects(sql`update adjustment set points = 9`.execute(db), /append-only/);
  await assert.rejects(sql`delete from adjustment_step`.execute(db), /append-only/);
  const { rows } = await sql<{
    what: string;
  }>`select distinct what from audit where what like 'adjustment-%' order by what`.execute(db);
  assert.deepEqual(
    rows.map(({ what }) => what),
    [
      "adjustment-approved",
      "adjustment-drafted",
      "adjustment-refused",
      "adjustment-revoked",
      "adjustment-withdrawn",
    ],
  );
});
