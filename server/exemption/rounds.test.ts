import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { remind } from "../inbox/reminders.ts";
import { bring, done, go } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let handler: Client;
let supervisor: Client;
let assessor: Client;

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

async function answered(answers: object, unit = "香山"): Promise<string> {
  const id = await bring(town, "reported", unit);
  await go(assessor, id, "cityResult", { outcome: "answered", answers });
  return id;
}

const apply = async (ticketId: string, evidence: object[] = proof) =>
  done(
    await handler.post("/api/exemptions", {
      ...{ ticketId, round: 1, ground: "unreasonable", reason: "没有政策依据", evidence },
    }),
  );

const told = async (who: Client): Promise<string[]> =>
  done(await who.get("/api/inbox?limit=100")).rows.map(
    (m: { title: string; body: string }) => `${m.title}｜${m.body}`,
  );

test("what was answered badly may be applied for, the soonest last day first; what was answered well is not offered", async () => {
  const ticket = await answered(bad);
  await answered({ contacted: "yes", solved: "yes", satisfied: "satisfied" });
  await answered(bad, "清河");
  const open = done(await handler.get("/api/exemptions/rounds"));
  assert.deepEqual(
    open.map((r: { ticketId: string }) => r.ticketId),
    [ticket],
  );
  assert.deepEqual([open[0].because, open[0].daysLeft, open[0].mayApply], [["未解决", "不满意"], 45, true]);
  await apply(ticket);
  assert.deepEqual(done(await handler.get("/api/exemptions/rounds")), []);
  const [round] = done(await handler.get(`/api/exemptions/rounds?ticket=${ticket}`));
  assert.deepEqual([round.mayApply, round.whyNot], [false, "已有申请正在办理"]);
});

test("an application waits for the reviewer, then for who hears from the city, and for the unit when it is sent back", async () => {
  const waiting = async (who: Client): Promise<number> =>
    done(await who.get("/api/exemptions/counts")).waiting;
  assert.deepEqual([await waiting(supervisor), await waiting(assessor), await waiting(handler)], [1, 1, 0]);
  const [row] = done(await supervisor.get("/api/exemptions?state=applied")).rows;
  assert.equal(row.reviewBy, "2026-11-25T15:59:59.999Z"); // Wednesday, five days after Friday 20 November
  const review = (decision: string) =>
    supervisor.post(`/api/exemptions/${row.id}/review`, { decision, note: "请补充通话录音" });
  done(await review("return"));
  assert.deepEqual([await waiting(supervisor), await waiting(assessor), await waiting(handler)], [0, 0, 1]);
  done(await handler.post(`/api/exemptions/${row.id}/supplement`, { reason: "已补充", evidence: proof }));
  done(await review("pass"));
  assert.deepEqual([await waiting(supervisor), await waiting(assessor), await waiting(handler)], [0, 1, 0]);
});

test("the effect that is foreseen is the one that comes: rates of both scopes before and after", async () => {
  const [row] = done(await assessor.get("/api/exemptions?state=passed")).rows;
  const asked = `/api/assessment/effect?ticket=${row.ticketId}&round=1&to=exempt`;
  const foreseen = done(await assessor.get(asked));
  const rankRow = async (scope: string) =>
    done(await assessor.get(`/api/assessment/rank?period=${foreseen.period}&scope=${scope}`))
      .groups.flatMap((g: { units: { unit: { shortName: string } }[] }) => g.units)
      .find((u: { unit: { shortName: string } }) => u.unit.shortName === "香山");
  const [all, assessed] = foreseen.scopes;
  assert.deepEqual((await rankRow("assessed")).text, assessed.before.text);
  assert.equal(assessed.before.text.solution, "50.0%");
  done(
    await assessor.post(`/api/exemptions/${row.id}/outcome`, {
      outcome: "upheld",
      paper: "市热线〔2026〕40号",
    }),
  );
  assert.deepEqual((await rankRow("assessed")).text, assessed.after.text);
  assert.equal(assessed.after.text.solution, "100.0%");
  assert.deepEqual((await rankRow("all")).text, all.after.text);
  assert.deepEqual(all.before, all.after, "the full scope leaves nobody out");
  assert.deepEqual(done(await assessor.get(asked)), foreseen, "told again after the outcome, it is the same");
  const stranger = await town.as("handler", "清河");
  assert.equal((await stranger.get(asked)).status, 404);
});

test("a unit is told of what came of it, of its last days, and the centre of the reviews it owes: once each", async () => {
  await answered(bad);
  const late = await answered(bad);
  await apply(late);
  await remind(town.shell);
  const first = await told(handler);
  assert.equal(first.filter((m) => m.startsWith("不纳入考核：认定")).length, 1);
  assert.equal(first.filter((m) => m.startsWith("不纳入考核：申请退回补充")).length, 1);
  assert.equal(first.filter((m) => m.includes("时限临近")).length, 0, "forty-five days are left");

  town.at("2026-11-24", "09:00"); // Tuesday: the day before the review is owed
  await remind(town.shell);
  await remind(town.shell);
  supervisor = await town.afresh("supervisor");
  assert.equal((await told(supervisor)).filter((m) => m.startsWith("不纳入考核申请审核时限临近")).length, 1);

  town.at("2026-12-30", "09:00"); // Wednesday: five days before Monday 4 January
  await remind(town.shell);
  await remind(town.shell);
  handler = await town.afresh("handler", "香山");
  const [window, ...more] = (await told(handler)).filter((m) => m.startsWith("不纳入考核申请时限临近"));
  assert.equal(window, "不纳入考核申请时限临近｜1 件评价不利的工单可申请不纳入考核，2027-01-04 截止");
  assert.deepEqual(more, []);
});
