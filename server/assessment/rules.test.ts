import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { bring, go } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { foldTally } from "./tally.ts";

let town: Town;
let assessor: Client;
let leader: Client;
before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  leader = await town.as("leader");
});
after(() => town?.close());

const { status: _status, approvedBy: _approved, ...district } = districtFile;
const heavier = (name: string, from: string) => ({
  ...district,
  name,
  from,
  title: "响应加重",
  weights: { response: "0.60", solution: "0.30", satisfaction: "0.10" },
  ties: "shared",
});

test("a draft with faults is not kept, and every fault is told in place", async () => {
  const body = {
    ...heavier("faulty", "2026-12-01"),
    weights: { response: "0.6", solution: "0.6", satisfaction: "0.1" },
    period: "moon",
  };
  const checked = await assessor.post("/api/assessment/rules/check", { body });
  assert.deepEqual(checked.body.problems, [{ path: "weights", text: "三项权重之和应为 1" }]);
  const period = await assessor.post("/api/assessment/rules/check", {
    body: { ...heavier("x", "2026-12-01"), period: "moon" },
  });
  assert.equal(period.body.problems[0].path, "period");
  const refused = await assessor.post("/api/assessment/rules", { body });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.code, "rule-faults");
  assert.equal((await assessor.get("/api/assessment/rules/faulty")).status, 404);
});

test("a rule set is drafted by one, reviewed and put in force by others, binds from its day, and is never edited again", async () => {
  const body = heavier("district-2027", "2026-12-25"); // in the middle of the period 2027-01
  const made = await assessor.post("/api/assessment/rules", {
    body,
    documentNo: "海政热〔2026〕8号",
    basedOn: "district-2025",
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  assert.equal(made.body.status, "draft");
  assert.equal((await assessor.post("/api/assessment/rules", { body })).status, 409);
  const diff = (await assessor.get("/api/assessment/rules/district-2027/diff")).body;
  assert.equal(diff.against, "district-2025");
  assert.deepEqual(
    diff.differences.find((d: { path: string }) => d.path === "weights.response"),
    { path: "weights.response", before: '"0.10"', after: '"0.60"' },
  );

  assert.equal(
    (await leader.post("/api/assessment/rules/district-2027/approve")).body.code,
    "rule-not-reviewed",
  );
  const own = await assessor.post("/api/assessment/rules/district-2027/review");
  assert.deepEqual([own.status, own.body.code], [409, "rule-same-person"]);
  assert.equal((await leader.post("/api/assessment/rules/district-2027/review")).body.status, "reviewed");
  const edit = await assessor.patch("/api/assessment/rules/district-2027", { body });
  assert.deepEqual([edit.status, edit.body.code], [409, "rule-not-draft"]);
  const approved = await leader.post("/api/assessment/rules/district-2027/approve");
  assert.equal(approved.status, 200, JSON.stringify(approved.body));
  assert.deepEqual([approved.body.status, approved.body.approved.name], ["inForce", "leader"]);
  assert.equal((await leader.get("/api/assessment/rules/district-2025")).body.status, "superseded");

  const rulesOf = async (period: string) =>
    (await assessor.get(`/api/assessment/rank?period=${period}`)).body.rules;
  assert.equal((await rulesOf("2027-01")).name, "district-2025"); // it began before the change
  assert.equal((await rulesOf("2027-02")).name, "district-2027");
  assert.equal((await rulesOf("2027-02")).trial, false);
  assert.equal((await rulesOf("2026-11")).name, "district-2025");
  await assert.rejects(
    sql`update rule_set set body = '{}' where name = 'district-2027'`.execute(town.shell.db),
    /no draft any more/,
  );

  const twin = heavier("district-2027b", "2026-12-25");
  await assessor.post("/api/assessment/rules", { body: twin });
  await leader.post("/api/assessment/rules/district-2027b/review");
  const taken = await leader.post("/api/assessment/rules/district-2027b/approve");
  assert.deepEqual([taken.status, taken.body.code], [409, "rule-day-taken"]);
});

test("the city's rules stand beside the district's and count the city's callbacks alone", async () => {
  const body = { ...heavier("city-2026", "2026-01-01"), level: "city" };
  assert.equal(
    (await assessor.get("/api/assessment/rank?level=city&period=2026-12")).body.code,
    "no-rule-set",
  );
  await assessor.post("/api/assessment/rules", { body });
  await leader.post("/api/assessment/rules/city-2026/review");
  const backwards = await leader.post("/api/assessment/rules/city-2026/approve");
  assert.deepEqual([backwards.status, backwards.body.code], [409, "rule-backwards"]);
  assert.match(
    backwards.body.message,
    /该规则自 2026-01-19 起执行，已过 305 天：考核期 2026-02 至 2026-12 尚未封账，2026-01-19 至 2026-11-19 派单、已计入的 \d+ 件将倒推按本规则计算/,
  );
  await leader.post("/api/assessment/rules/city-2026/approve", { confirmBackwards: true });
  const id = await bring(town, "closed", "香山"); // answered to the centre
  const base = async (level: string) =>
    (await assessor.get(`/api/assessment/rates?level=${level}&period=2026-12`)).body.total.base;
  assert.deepEqual([await base("district"), await base("city")], [1, 0]);
  const cityAnswers = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
  await go(assessor, id, "cityResult", { outcome: "answered", answers: cityAnswers });
  assert.deepEqual([await base("district"), await base("city")], [1, 1]);
  const { rounds } = (await assessor.get(`/api/assessment/explain/tickets/${id}`)).body;
  assert.deepEqual(
    rounds[0].levels.map((l: { level: string; rules: { name: string } }) => [l.level, l.rules.name]),
    [
      ["district", "district-2025"],
      ["city", "city-2026"],
    ],
  );
  const opened = await assessor.get("/api/assessment/tickets?level=city&period=2026-12&measure=unsolved");
  assert.deepEqual(
    opened.body.rows.map((row: { ticketId: string }) => row.ticketId),
    [id],
  );
});

test("a trial over twelve months of a hundred units tells who moves and why", async () => {
  const { db } = town.shell;
  await sql`insert into unit (name, short_name, kind) select '试算' || i || '街道', '试算' || i, 'street' from generate_series(1, 100) i`.execute(
    db,
  );
  await sql`insert into ticket (number, channel, path, content, state, received_at, created_at, updated_at)
    select 'T' || i, '电话', 'own', '试算', 'closed', '2025-01-01', '2025-01-01', '2025-01-01' from generate_series(1, 24000) i`.execute(
    db,
  );
  await sql`insert into result (ticket_id, round, unit_id, counted_at, source, valid, contacted, solved, satisfied)
    select t.id, 1, u.id, timestamptz '2025-10-25 08:00+08' + (row_number() over (order by t.id) % 360) * interval '1 day', 'city', true,
           case when hashint8(t.id) % 10 < 8 then 'yes' else 'no' end,
           case when hashint8(t.id * 7) % 10 < 6 then 'yes' else 'no' end,
           case when hashint8(t.id * 13) % 10 < 7 then 'satisfied' else 'dissatisfied' end
      from ticket t join (select id, row_number() over (order by id) as n from unit where short_name like '试算%') u
        on u.n = 1 + substr(t.number, 2)::int % 100
     where t.number like 'T%'`.execute(db);
  while ((await foldTally(db)) > 0);
  await assessor.post("/api/assessment/rules", { body: heavier("tried", "2027-06-01") });
  const periods = Array.from({ length: 12 }, (_, i) =>
    i < 2 ? `2025-${11 + i}` : `2026-${String(i - 1).padStart(2, "0")}`,
  );
  const tried = await assessor.post("/api/assessment/rules/tried/trial", { periods });
  assert.equal(tried.status, 200, JSON.stringify(tried.body).slice(0, 300));
  assert.equal(tried.body.periods.length, 12);
  for (const period of tried.body.periods) {
    assert.equal(period.units, 100);
    assert.ok(period.moved.length > 90);
    assert.ok(period.moved.every((each: { why: unknown[] }) => each.why.length > 0));
  }

  // What the trial foretells is what the ranking under these rules says.
  const rank = await assessor.get("/api/assessment/rank?period=2026-05&rules=tried");
  const first = rank.body.groups[0].units[0];
  const told = tried.body.periods
    .find((p: { period: string }) => p.period === "2026-05")
    .moved.find((each: { unit: { id: string } }) => each.unit.id === first.unit.id);
  assert.equal(told.after.rank, 1);
  assert.equal(told.after.score, first.text.score);
  assert.equal(rank.body.rules.trial, true);
});

test("only the centre's assessors and leaders write rules, and only a leader puts them in force", async () => {
  const handler = await town.as("handler", "香山");
  assert.equal((await handler.post("/api/assessment/rules", { body: {} })).status, 403);
  assert.equal((await assessor.post("/api/assessment/rules/tried/approve")).status, 403);
});
