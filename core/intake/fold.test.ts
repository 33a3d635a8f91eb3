import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type FoldRow, foldTicket } from "./fold.ts";
import { describe } from "./header.ts";
import { writeInstant } from "./instant.ts";
import { ORDERS } from "./profile.fixture.ts";
import { rowReader } from "./row.ts";

const HEADERS = [
  "诉求编号",
  "登记编号",
  "派发时间",
  "诉求内容",
  "工单性质",
  "办理结果",
  "响应",
  "解决",
  "满意",
  "工单状态",
] as const;
const read = rowReader(ORDERS, describe(0, HEADERS, ORDERS).columns, String);

interface Told {
  readonly registration: string;
  readonly at: string;
  readonly unit: string | null;
  readonly text?: string;
  readonly part?: string;
  readonly result?: string;
  readonly satisfied?: string;
  readonly state?: string;
  readonly profile?: string;
}

function line(t: Told): FoldRow {
  const cells = [
    "热线-1",
    t.registration,
    t.at,
    t.text ?? "路灯不亮",
    t.part ?? "",
    t.result ?? "",
    "",
    "",
    t.satisfied ?? "",
    t.state ?? "",
  ];
  const answer = read({ number: 2, cells, faults: null });
  assert.ok(answer.ok);
  const profile = t.profile ?? "orders";
  return { key: `${profile}|${t.registration}|${t.part ?? ""}`, row: answer.row, unitId: t.unit, profile };
}

const FIRST: Told = {
  registration: "A1",
  at: "2020-12-03 11:50:03",
  unit: "1",
  result: "非本单位权属",
  text: "第一次派发",
};
const AGAIN: Told = {
  registration: "A2",
  at: "2020-12-27 17:48:56",
  unit: "2",
  result: "已修复",
  satisfied: "满意",
  text: "驳回后再派",
};
const THIRD: Told = { registration: "A3", at: "2021-01-05 08:00:00", unit: null, text: "又派来，尚未分拣" };

test("a rejection is a second round of the same ticket, and the ticket says what the last round says", () => {
  const t = foldTicket([line(FIRST), line(AGAIN)]);
  assert.equal(t.round, 2);
  assert.deepEqual(
    t.rounds.map((r) => r.unitId),
    ["1", "2"],
  );
  assert.equal(t.facts.content, "驳回后再派");
  assert.equal(t.leadUnitId, "2");
  assert.equal(t.state, "closed");
  assert.equal(t.rounds[0]?.callback, null);
  assert.equal(t.rounds[1]?.callback, "answered");
  assert.equal(writeInstant(t.receivedAt), "2020-12-03 11:50:03");
});

test("rounds stand in the order of dispatch, whatever the order of rows and files", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([FIRST, AGAIN, THIRD], { minLength: 3 }), (rows) => {
      assert.deepEqual(foldTicket(rows.map(line)), foldTicket([FIRST, AGAIN, THIRD].map(line)));
    }),
  );
});

test("an open row without a unit waits for the centre and opens no round", () => {
  const fresh = foldTicket([line(THIRD)]);
  assert.deepEqual([fresh.state, fresh.round, fresh.leadUnitId], ["received", 0, null]);
  const after = foldTicket([line(FIRST), line(AGAIN), line(THIRD)]);
  assert.deepEqual(
    [after.state, after.round, after.leadUnitId, after.facts.content],
    ["received", 2, null, "又派来，尚未分拣"],
  );
  assert.equal(after.roundOf.get("orders|A3|"), 2);
});

test("an open row with a unit is dispatched, unless the file knows better", () => {
  assert.equal(foldTicket([line({ ...THIRD, unit: "3" })]).state, "dispatched");
  assert.equal(foldTicket([line({ ...THIRD, unit: "3", state: "承办中" })]).state, "handling");
  // who holds a ticket in hand must be known
  assert.equal(foldTicket([line({ ...THIRD, state: "承办中" })]).state, "received");
});

test("a round that the next dispatch overtook is ended by it", () => {
  const t = foldTicket([line({ ...FIRST, result: "" }), line(AGAIN)]);
  assert.equal(t.rounds[0]?.ended?.as, "superseded");
  assert.equal(writeInstant(t.rounds[0]?.ended?.at ?? 0), AGAIN.at);
});

test("a co-handler's row is no round: it joins the one it helped in", () => {
  const t = foldTicket([line(FIRST), line({ ...FIRST, unit: "9", part: "协办" })]);
  assert.equal(t.round, 1);
  assert.deepEqual(
    t.rounds[0]?.co.map((c) => c.unitId),
    ["9"],
  );
  const alone = foldTicket([line({ ...FIRST, unit: "9", part: "协办" })]);
  assert.deepEqual([alone.round, alone.state], [0, "received"]);
});

test("another sender's table completes the round that it tells of and makes none of its own", () => {
  const statistics = line({ ...AGAIN, result: "", satisfied: "不满意", profile: "statistics" });
  const t = foldTicket([line(FIRST), line({ ...AGAIN, satisfied: "" }), statistics]);
  assert.equal(t.round, 2);
  assert.equal(t.rounds[1]?.answers.satisfied, "dissatisfied");
  // one that names another unit is another dispatch
  assert.equal(foldTicket([line(FIRST), line({ ...AGAIN, unit: "7", profile: "statistics" })]).round, 2);
});

test("a ticket has as many rounds as rows of one sender that open one", () => {
  const row = fc.record({
    registration: fc.constantFrom("B1", "B2", "B3", "B4", "B5"),
    at: fc.constantFrom("2020-01-01 00:00:00", "2020-06-01 00:00:00", "2020-06-02 00:00:00"),
    unit: fc.constantFrom(null, "1", "2"),
    result: fc.constantFrom("", "已办"),
  });
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: (r) => r.registration, minLength: 1 }), (rows) => {
      const t = foldTicket(rows.map(line));
      assert.equal(t.round, rows.filter((r) => r.unit !== null || r.result !== "").length);
      assert.deepEqual(
        t.rounds.map((r) => r.round),
        Array.from({ length: t.round }, (_, i) => i + 1),
      );
      assert.equal(t.roundOf.size, rows.length);
    }),
  );
});
