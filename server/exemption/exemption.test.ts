import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, go } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let handler: Client;
let supervisor: Client;
let assessor: Client;
const PERIOD = "2026-12";
const bad = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
const proof = [
  { kind: "legalBasis", text: "《北京市物业管理条例》第三十六条" },
  { kind: "contactRecord", text: "11月20日电话沟通" },
];

before(async () => {
  town = await openTown();
  handler = await town.as("handler", "香山");
  supervisor = await town.as("supervisor");
  assessor = await town.as("assessor");
});
after(() => town?.close());

/** A ticket of Xiangshan's that the city found unsolved. */
async function unsolved(): Promise<string> {
  const id = await bring(town, "reported", "香山");
  await go(assessor, id, "cityResult", { outcome: "answered", answers: bad });
  return id;
}
const applied = (ticketId: string, more: object = {}): Promise<Answer> =>
  handler.post("/api/exemptions", {
    ticketId,
    round: 1,
    ground: "unreasonable",
    reason: "诉求没有政策依据",
    evidence: proof,
    ...more,
  });
const review = (id: string, decision: string, note = "") =>
  supervisor.post(`/api/exemptions/${id}/review`, { decision, note });
const outcome = (id: string, said: string) =>
  assessor.post(`/api/exemptions/${id}/outcome`, { outcome: said, paper: "市热线〔2026〕31号" });
const unsolvedIn = async (scope: string): Promise<number> =>
  (await assessor.get(`/api/assessment/rates?period=${PERIOD}&scope=${scope}`)).body.total.unsolved;
function done(answer: Answer): Answer["body"] {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

test("from the unit's application to the city's 认定: the ticket leaves the assessed rates at once and stays in the full scope", async () => {
  const ticket = await unsolved();
  assert.deepEqual([await unsolvedIn("assessed"), await unsolvedIn("all")], [1, 1]);
  const { id, checks, stateZh } = done(await applied(ticket));
  assert.equal(stateZh, "待审核");
  assert.ok(checks.every((each: { ok: boolean }) => each.ok));
  assert.equal(done(await review(id, "pass")).state, "passed");
  assert.equal(await unsolvedIn("assessed"), 1, "approved is not decided");
  const told = done(await outcome(id, "upheld"));
  assert.deepEqual(
    told.steps.map((each: { step: string }) => each.step),
    ["apply", "pass", "upheld"],
  );
  assert.deepEqual([await unsolvedIn("assessed"), await unsolvedIn("all")], [0, 1]);
  const [round] = (await assessor.get(`/api/assessment/explain/tickets/${ticket}`)).body.rounds;
  const last = round.entries.at(-1);
  assert.deepEqual(
    [last.scope, last.exemptionId, last.by.event, last.by.name],
    ["exempt", id, "exempt", "assessor"],
  );
  assert.equal(round.levels[0].questions[1].leftOut, "不纳入本率");
  assert.equal((await applied(ticket)).body.code, "exemption-done");
});

test("查否 moves no rate, and the unit may appeal once, in time", async () => {
  const ticket = await unsolved();
  const before = await unsolvedIn("assessed");
  const { id } = done(await applied(ticket));
  assert.equal(
    (await handler.post(`/api/exemptions/${id}/appeal`, { reason: "早了" })).body.code,
    "exemption-state",
  );
  done(await review(id, "pass"));
  done(await outcome(id, "denied"));
  assert.equal(await unsolvedIn("assessed"), before);
  const appeal = done(
    await handler.post(`/api/exemptions/${id}/appeal`, { reason: "补充新证据", evidence: proof }),
  );
  assert.deepEqual([appeal.appealOf, appeal.state], [id, "applied"]);
  assert.equal(appeal.checks.find((c: { check: string }) => c.check === "duplicate").ok, true);
  done(await review(appeal.id, "pass", "同一情形以往有查否"));
  done(await outcome(appeal.id, "upheld"));
  assert.equal(await unsolvedIn("assessed"), before - 1);
  assert.equal(
    (await handler.post(`/api/exemptions/${id}/appeal`, { reason: "再来" })).body.code,
    "exemption-appealed",
  );
});

test("missing evidence is seen before the review; it is sent back and comes again with it", async () => {
  const ticket = await unsolved();
  const { id, checks } = done(await applied(ticket, { evidence: proof.slice(0, 1) }));
  const missing = checks.find((each: { check: string }) => each.check === "evidence");
  assert.deepEqual([missing.ok, missing.text], [false, "缺少：与诉求人沟通记录"]);
  assert.equal((await review(id, "pass")).body.code, "exemption-note");
  assert.equal((await review(id, "return")).body.code, "exemption-note");
  assert.equal(done(await review(id, "return", "请补沟通记录")).state, "returned");
  assert.equal((await applied(ticket)).body.code, "exemption-live");
  done(await handler.post(`/api/exemptions/${id}/supplement`, { reason: "已补", evidence: proof }));
  const again = done(await handler.get(`/api/exemptions/${id}`));
  assert.ok(again.checks.find((each: { check: string }) => each.check === "evidence").ok);
  done(await handler.post(`/api/exemptions/${id}/withdraw`, { note: "自行撤回" }));
  assert.equal((await review(id, "pass")).body.detail.stateZh, "已撤回");
});

test("what fails the checks is passed on by two people alone, and the step says who", async () => {
  const ticket = await unsolved();
  const empty = await applied(ticket, { reason: "申请剔除。" });
  assert.equal(empty.body.code, "guard-stopped");
  const written = { ticketId: ticket, round: 1, ground: "unreasonable", evidence: proof.slice(0, 1) };
  const seen = done(await handler.post("/api/exemptions/guard", { ...written, reason: "申请剔除。" }));
  assert.deepEqual(
    seen.checks
      .filter((c: { ok: boolean }) => !c.ok)
      .map((c: { key: string; severity: string }) => [c.key, c.severity]),
    [
      ["empty", "stops"],
      ["evidence", "warns"],
    ],
  );
  const { id } = done(await applied(ticket, { evidence: proof.slice(0, 1) }));
  const stopped = await review(id, "pass", "录音随后补");
  assert.equal(stopped.body.code, "guard-stopped");
  assert.deepEqual(
    stopped.body.detail.checks.map((c: { key: string }) => c.key),
    ["evidence"],
  );
  const asked = done(
    await supervisor.post(`/api/exemptions/${id}/guard/override`, { reason: "沟通录音在移动硬盘，明日补传" }),
  );
  const leader = await town.as("leader");
  done(await leader.post(`/api/overrides/${asked.id}/decide`, { granted: true }));
  assert.equal(done(await supervisor.get(`/api/exemptions/${id}/guard`)).override.state, "confirmed");
  assert.equal(done(await review(id, "pass", "录音随后补")).state, "passed");
  const step = await town.shell.db
    .selectFrom("exemption_step")
    .select("data")
    .where("exemption_id", "=", id)
    .where("step", "=", "pass")
    .executeTakeFirstOrThrow();
  assert.match(JSON.stringify(step.data), /"confirmedBy": ?"leader"/);
  done(await outcome(id, "denied"));
});

test("a ground that the centre decides leaves the city's scope as it is", async () => {
  const ticket = await unsolved();
  const { id } = done(
    await applied(ticket, { ground: "longTerm", evidence: [{ kind: "plan", text: "明年改造" }] }),
  );
  assert.equal(done(await review(id, "pass")).state, "upheld");
  const row = await town.shell.db
    .selectFrom("result")
    .select(["scope", "city_scope", "scope_note"])
    .where("ticket_id", "=", ticket)
    .executeTakeFirstOrThrow();
  assert.deepEqual(row, { scope: "responseOnly", city_scope: "full", scope_note: "列入计划的长期问题" });
});

test("after the window nothing is accepted, and only for a round that counts for the unit", async () => {
  const ticket = await unsolved();
  const other = await bring(town, "handling", "清河");
  assert.equal((await applied(other)).body.code, "exemption-round");
  assert.equal((await applied(ticket, { round: 2 })).body.code, "exemption-round");
  assert.equal((await applied(ticket, { ground: "moonlight" })).body.code, "exemption-ground");
  const file = [{ kind: "legalBasis", text: "", file: "999999" }];
  assert.equal((await applied(ticket, { evidence: file })).body.code, "exemption-file");
  const { dueAt } = done(await applied(ticket));
  assert.equal(dueAt, "2027-01-04T15:59:59.999Z"); // Monday 4 January to its end in Beijing, 45 days after 20 November
});

test("an application is pending for closing until it is decided", async () => {
  const checks = (await assessor.get(`/api/assessment/closings/${PERIOD}/checks`)).body;
  const pending = checks.find((each: { check: string }) => each.check === "exemptionPending");
  assert.equal(pending.found, 1);
});

test("units see their own applications alone; accuracy is told by unit and by reviewer", async () => {
  const stranger = await town.as("handler", "清河");
  assert.equal((await stranger.get("/api/exemptions")).body.rows.length, 0);
  const rows = (await assessor.get("/api/exemptions?limit=2")).body;
  assert.equal(rows.rows.length, 2);
  assert.equal((await stranger.get(`/api/exemptions/${rows.rows[0].id}`)).status, 404);
  const rest = (await assessor.get(`/api/exemptions?after=${rows.next}`)).body.rows;
  assert.equal(new Set([...rows.rows, ...rest].map((each: { id: string }) => each.id)).size, rest.length + 2);
  const [unit] = (await assessor.get("/api/exemptions/accuracy?by=unit")).body;
  assert.deepEqual(
    [unit.name, unit.applied, unit.upheld, unit.denied, unit.overturned],
    ["香山", 5, 2, 2, 1],
  );
  const [reviewer] = (await assessor.get("/api/exemptions/accuracy?by=reviewer")).body;
  assert.deepEqual([reviewer.name, reviewer.applied], ["supervisor", 4]);
});

test("the unit does not review, and the centre does not apply", async () => {
  const ticket = await unsolved();
  assert.equal((await supervisor.post("/api/exemptions", {})).status, 403);
  const { id } = done(await applied(ticket));
  assert.equal((await handler.post(`/api/exemptions/${id}/review`, { decision: "pass" })).status, 403);
  assert.equal((await supervisor.post(`/api/exemptions/${id}/outcome`, { outcome: "upheld" })).status, 403);
});

test("what never went to the city in a batch is decided by hand only on the city's paper", async () => {
  const { id } = done(await applied(await unsolved()));
  done(await review(id, "pass", "同一情形以往有查否"));
  const bare = await assessor.post(`/api/exemptions/${id}/outcome`, { outcome: "denied", paper: " " });
  assert.equal(bare.body.code, "exemption-unsent");
  assert.equal(done(await outcome(id, "denied")).state, "denied");
});
