import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { bring, go, lodge } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { compareTally, recountTally } from "./recount.ts";
import { foldTally } from "./tally.ts";

let town: Town;
let assessor: Client;
before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
});
after(() => town?.close());

const good = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
const bad = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
const PERIOD = "2026-12"; // 2026-11-19 … 2026-12-18

const city = (id: string, answers: object, scope: string | null = null) =>
  go(assessor, id, "cityResult", { outcome: "answered", answers, scope, scopeNote: scope ? "市级剔除" : "" });

async function explained(unit: string, more = ""): Promise<Answer["body"]> {
  const answer = await assessor.get(
    `/api/assessment/explain?unit=${await town.unit(unit)}&period=${PERIOD}${more}`,
  );
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

test("a ticket's explanation tells each change of what it counts for, who made it, and by which callback", async () => {
  const id = await bring(town, "closed", "香山");
  await city(id, bad);
  const told = (await assessor.get(`/api/assessment/explain/tickets/${id}`)).body;
  const [round] = told.rounds;
  assert.deepEqual(
    round.entries.map((e: { seq: number; source: string; solved: string; by: { event: string } }) => [
      e.seq,
      e.source,
      e.solved,
      e.by.event,
    ]),
    [
      [1, null, null, "dispatch"],
      [2, "own", "yes", "callback"],
      [3, "city", "no", "cityResult"],
    ],
  );
  assert.equal(round.unit.name, "香山街道");
  const [district] = round.levels;
  assert.deepEqual(
    [district.level, district.period, district.rules.name],
    ["district", PERIOD, "district-2025"],
  );
  assert.equal(district.callbackId, round.entries[2].callbackId);
  assert.notEqual(round.entries[1].callbackId, round.entries[2].callbackId);
  assert.equal(
    district.questions.find((q: { question: string }) => q.question === "solution").answer,
    "未解决",
  );
});

test("a unit's explanation gives numerator, denominator and who was left out why, and its replay is what the ranking shows", async () => {
  for (const answers of [good, good, { ...good, satisfied: "basically" }])
    await city(await bring(town, "handling", "温泉镇"), answers);
  await city(await bring(town, "handling", "温泉镇"), bad, "exempt");
  await bring(town, "handling", "温泉镇"); // nobody has called
  const told = await explained("温泉镇");
  const satisfaction = told.rates.find((r: { question: string }) => r.question === "satisfaction");
  assert.deepEqual(satisfaction, {
    question: "satisfaction",
    name: "满意率",
    numerator: 2.9,
    parts: [
      { answer: "满意", times: 2, worth: 1 },
      { answer: "基本满意", times: 1, worth: 0.9 },
      { answer: "不满意", times: 0, worth: 0 },
    ],
    denominator: 3,
    text: "96.7%",
    excluded: [
      { reason: "noValidCallback", why: "未有效回访", times: 1 },
      { reason: "scope", why: "不纳入本率", times: 1 },
    ],
  });
  assert.equal(told.replayAgrees, true);
  assert.equal(told.entries, 5);
  const full = await explained("温泉镇", "&scope=all");
  assert.equal(full.result.base, 4);
});

test("a return voids the round: the entry stays in the history and counts for nobody", async () => {
  const id = await bring(town, "handling", "上庄镇");
  const handler = await town.as("handler", "上庄镇");
  await go(handler, id, "returnToCentre", { ground: "不属本镇管辖" });
  await go(await town.as("triager"), id, "acceptReturn", {});
  const told = await explained("上庄镇");
  assert.deepEqual([told.entries, told.voided, told.replayAgrees], [1, 1, true]);
  const [round] = (await assessor.get(`/api/assessment/explain/tickets/${id}`)).body.rounds;
  assert.deepEqual([round.void, round.levels, round.entries.length], [true, [], 2]);
});

test("the ranking follows a callback before anything is folded, and folding changes no figure", async () => {
  const rates = async () =>
    (await assessor.get(`/api/assessment/rates?period=${PERIOD}&by=unit`)).body.rows.map(
      ({ key, text, base }: { key: string; text: object; base: number }) => ({ key, text, base }),
    );
  while ((await foldTally(town.shell.db)) > 0);
  const before = await rates();
  const id = await bring(town, "closing", "清河");
  const after = await rates();
  assert.notDeepEqual(after, before);
  while ((await foldTally(town.shell.db)) > 0);
  assert.deepEqual(await rates(), after);
  await city(id, bad);
  while ((await foldTally(town.shell.db)) > 0);
  const { rows } = await sql<{ n: string }>`select count(*) as n from tally where n <= 0`.execute(
    town.shell.db,
  );
  assert.equal(rows[0]?.n, "0");
  assert.deepEqual(await compareTally(town.shell.db), []);
});

test("a counter that is wrong raises an alarm and is left as it is", async () => {
  assert.deepEqual((await assessor.get("/api/assessment/tally")).body, []);
  while ((await foldTally(town.shell.db)) > 0);
  await sql`update tally set n = n + 1 where (day, unit_id, cell) = (select day, unit_id, cell from tally limit 1)`.execute(
    town.shell.db,
  );
  const [wrong] = (await assessor.get("/api/assessment/tally")).body;
  assert.equal(wrong.kept, wrong.counted + 1);
  assert.equal((await recountTally(town.shell.db, town.shell.now())).length, 1);
  const alarms = await town.shell.db.selectFrom("tally_alarm").selectAll().execute();
  assert.equal(alarms.length, 1);
  assert.equal((await compareTally(town.shell.db)).length, 1);
  await sql`update tally set n = n - 1 where day = ${wrong.day} and unit_id = ${wrong.unitId} and cell = ${wrong.cell}`.execute(
    town.shell.db,
  );
});

test("entries of the ledger cannot be changed or deleted", async () => {
  await assert.rejects(sql`update ledger set scope = 'exempt'`.execute(town.shell.db), /append-only/);
  await assert.rejects(sql`delete from ledger`.execute(town.shell.db), /append-only/);
});

test("a unit's person is told of that unit's figures and rounds alone", async () => {
  const id = await bring(town, "handling", "香山");
  const other = await town.as("handler", "清河");
  const own = await town.as("handler", "香山");
  const unit = await town.unit("香山");
  assert.equal((await other.get(`/api/assessment/explain?unit=${unit}&period=${PERIOD}`)).status, 404);
  assert.equal((await other.get(`/api/assessment/explain/tickets/${id}`)).status, 404);
  assert.equal((await own.get(`/api/assessment/explain?unit=${unit}&period=${PERIOD}`)).status, 200);
  assert.equal((await own.get(`/api/assessment/explain/tickets/${id}`)).status, 200);
});

test("a ticket that was never dispatched has no entry to explain", async () => {
  const id = await lodge(town);
  assert.equal((await assessor.get(`/api/assessment/explain/tickets/${id}`)).status, 404);
});
