import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Day } from "@jiesu/core/time/day.ts";
import { bring, go } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let handler: Client;
let supervisor: Client;
before(async () => {
  town = await openTown();
  handler = await town.as("handler", "香山");
  supervisor = await town.as("supervisor");
});
after(() => town?.close());

const asked = (ticketId: string, more: object = {}) =>
  handler.post("/api/shelving", {
    ...{
      ticketId,
      kind: "planned",
      reason: "管线改造列入明年计划",
      plan: "明年3月开工",
      termDay: "2027-04-30",
    },
    ...more,
  });
function done(answer: Answer): Answer["body"] {
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}
const stateOf = async (id: string) => (await supervisor.get(`/api/tickets/${id}`)).body.state;

test("a ticket that cannot be shelved now leaves the application as it was", async () => {
  const ticket = await bring(town, "handling", "香山");
  const { id } = done(await asked(ticket));
  const refused = await supervisor.post(`/api/shelving/${id}/decide`, { approve: true });
  assert.deepEqual([refused.status, refused.body.code], [409, "wrong-state"]);
  assert.equal(done(await supervisor.get(`/api/shelving/${id}`)).state, "applied");
  assert.equal(
    (await supervisor.post(`/api/shelving/${id}/decide`, { approve: false })).body.code,
    "field-missing",
  );
  const no = done(
    await supervisor.post(`/api/shelving/${id}/decide`, { approve: false, note: "可立即解决" }),
  );
  assert.equal(no.state, "refused");
});

test("terms, kinds and other units' tickets are refused in words", async () => {
  const ticket = await bring(town, "reported", "香山");
  assert.equal((await asked(ticket, { termDay: "2026-11-20" })).body.code, "shelving-term");
  assert.equal(
    (await asked(ticket, { termDay: "2028-01-01" })).body.message,
    "销账期限应在今天之后，且不超过 365 天。",
  );
  assert.equal((await asked(ticket, { kind: "moon" })).body.code, "shelving-kind");
  assert.equal((await asked(await bring(town, "reported", "清河"))).body.code, "shelving-round");
  const { id } = done(await asked(ticket));
  const stranger = await town.as("handler", "清河");
  assert.equal((await stranger.get(`/api/shelving/${id}`)).status, 404);
  assert.equal((await stranger.get("/api/shelving")).body.length, 0);
  assert.equal((await handler.post(`/api/shelving/${id}/decide`, { approve: true })).status, 403);
});

test("a ticket moved back by hand is only written off", async () => {
  const ticket = await bring(town, "reported", "香山");
  const { id } = done(await asked(ticket));
  done(await supervisor.post(`/api/shelving/${id}/decide`, { approve: true }));
  await go(supervisor, ticket, "unshelve", { note: "已可办理" });
  assert.equal(done(await supervisor.post(`/api/shelving/${id}/end`, { note: "已办" })).state, "ended");
  assert.equal(await stateOf(ticket), "handling");
});

test("a plan that is approved shelves the ticket, is looked at on its days, and is written off", async () => {
  const ticket = await bring(town, "reported", "香山");
  const made = done(await asked(ticket));
  assert.deepEqual([made.state, made.kindZh, made.ageDays], ["applied", "列入计划", null]);
  assert.equal(await stateOf(ticket), "reported");
  assert.equal((await asked(ticket)).body.code, "shelving-live");
  const shelved = done(await supervisor.post(`/api/shelving/${made.id}/decide`, { approve: true }));
  assert.deepEqual([shelved.state, shelved.reviewDay, shelved.daysLeft], ["shelved", "2026-12-20", 161]);
  assert.equal(await stateOf(ticket), "shelved");

  town.at("2026-12-20", "09:00"); // a Sunday
  const lead = await town.as("shiftLead"); // nobody stays signed in for a month
  const [row] = done(await lead.get(`/api/shelving?state=shelved&unit=${await town.unit("香山")}`));
  assert.deepEqual([row.ageDays, row.reviewDue], [30, true]);
  const looked = done(await lead.post(`/api/shelving/${made.id}/review`, { note: "已立项" }));
  assert.deepEqual([looked.reviewDay, looked.reviewDue], ["2027-01-19", false]);
  const ended = done(await lead.post(`/api/shelving/${made.id}/end`, { note: "提前完工" }));
  assert.deepEqual(
    ended.steps.map((each: { step: string }) => each.step),
    ["apply", "approve", "review", "end"],
  );
  assert.equal((await lead.get(`/api/tickets/${ticket}`)).body.state, "handling");
  assert.equal(
    (await lead.post(`/api/shelving/${made.id}/end`, { note: "再销" })).body.code,
    "shelving-state",
  );
});

const DAY = 86_400_000;
const shelfOf = (ticket: Answer["body"]) =>
  ticket.clocks.find((c: { kind: string; state: string }) => c.kind === "shelf" && c.state === "running");
const see = async (who: Client, id: string) => done(await who.get(`/api/tickets/${id}`));

/** Nine in the morning of a day, with everybody still signed in. */
async function later(day: Day): Promise<void> {
  town.at(day, "09:00");
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + 3_600_000) };
  await town.shell.db.updateTable("session").set(session).execute();
}

/** A ticket reported on Monday the 23rd and shelved on the same day. */
async function shelvedOn(more: object = {}) {
  await later("2026-11-23"); // a Monday
  const ticket = await bring(town, "reported", "香山");
  const { id } = done(await asked(ticket, more));
  const shelved = done(await supervisor.post(`/api/shelving/${id}/decide`, { approve: true }));
  return { ticket, id, shelved };
}

test("the shelf clock runs to the end of the approved term's last day, under the rule that it was approved by", async () => {
  const { ticket, id, shelved } = await shelvedOn();
  const clock = shelfOf(await see(supervisor, ticket));
  assert.equal(clock.dueAt, "2027-04-30T15:59:59.999Z");
  assert.equal(clock.nearAt, "2027-04-23T15:59:59.999Z");
  assert.equal(clock.rule, "shelving-2020/planned");
  assert.equal(shelved.clockDueAt, clock.dueAt);
  const [row] = done(await supervisor.get(`/api/shelving?ticket=${ticket}`));
  assert.deepEqual([row.id, row.clockDueAt], [id, clock.dueAt]);
  const told = (await see(supervisor, ticket)).events.find((e: { kind: string }) => e.kind === "shelve");
  assert.deepEqual(told.changes.at(-1), { zh: "销账期限", before: null, after: "2027-04-30" });
});

test("a term that has come while nobody answered is not approved any more", async () => {
  await later("2026-11-23");
  const ticket = await bring(town, "reported", "香山");
  const { id } = done(await asked(ticket, { termDay: "2026-11-25" }));
  await later("2026-11-25");
  const late = await supervisor.post(`/api/shelving/${id}/decide`, { approve: true });
  assert.deepEqual([late.status, late.body.code], [409, "shelving-term-past"]);
  assert.equal(await stateOf(ticket), "reported");
});

test("a longer term is asked for and granted: the same clock runs on to its end, its start kept; refused, it stays", async () => {
  const { ticket, id } = await shelvedOn();
  const first = shelfOf(await see(supervisor, ticket));
  const longer = (termDay: string) =>
    handler.post(`/api/shelving/${id}/extension`, { termDay, reason: "招标流标，顺延一季" });
  const decide = (approve: boolean, note = "") =>
    supervisor.post(`/api/shelving/${id}/extension/decide`, { approve, note });
  assert.equal((await longer("2027-04-30")).body.code, "shelving-extend-term");
  assert.equal((await longer("2027-10-28")).body.code, "shelving-extend-term", "180 days are allowed");
  assert.equal((await decide(true)).body.code, "shelving-extend-none");
  const pending = done(await longer("2027-07-31"));
  assert.deepEqual([pending.asked.term, pending.termDay], ["2027-07-31", "2027-04-30"]);
  assert.equal((await longer("2027-07-31")).body.code, "shelving-extend-pending");
  assert.equal(shelfOf(await see(supervisor, ticket)).dueAt, first.dueAt, "asking moves nothing");
  assert.equal(done(await supervisor.get("/api/shelving/counts")).asked, 1);
  assert.equal((await decide(false)).body.code, "field-missing");
  const no = done(await decide(false, "请先报施工计划"));
  assert.deepEqual([no.asked, no.termDay, no.extendLeft], [null, "2027-04-30", 1]);

  done(await longer("2027-07-31"));
  const yes = done(await decide(true, "同意"));
  assert.deepEqual([yes.termDay, yes.extendLeft, yes.asked], ["2027-07-31", 0, null]);
  const moved = shelfOf(await see(supervisor, ticket));
  assert.deepEqual([moved.startedAt, moved.dueAt], [first.startedAt, "2027-07-31T15:59:59.999Z"]);
  assert.equal((await see(supervisor, ticket)).dueAt, moved.dueAt);
  const [event] = (await see(supervisor, ticket)).events;
  assert.deepEqual(
    [event.zh, event.changes],
    ["延长销账期限", [{ zh: "销账期限", before: "2027-04-30", after: "2027-07-31" }]],
  );
  assert.equal((await longer("2027-08-31")).body.code, "shelving-extend-used");
  const stranger = await town.as("handler", "清河");
  const other = await stranger.post(`/api/shelving/${id}/extension`, { termDay: "2027-08-31", reason: "x" });
  assert.equal(other.status, 404);
});

test("written off early, the unit's report goes on with what was left of its time, and the shelf clock was in time", async () => {
  await later("2026-11-23");
  const ticket = await bring(town, "handling", "香山");
  const first = (await see(handler, ticket)).clocks.find((c: { kind: string }) => c.kind === "report");
  await later("2026-11-25"); // two of seven days are used
  await go(handler, ticket, "contact", { way: "电话" });
  await go(handler, ticket, "report", { text: "已列入计划", outcome: "explained" });
  const { id } = done(await asked(ticket));
  done(await supervisor.post(`/api/shelving/${id}/decide`, { approve: true }));
  await later("2026-12-15"); // twenty days on
  done(await supervisor.post(`/api/shelving/${id}/end`, { note: "提前开工" }));
  const { clocks } = await see(supervisor, ticket);
  const reports = clocks.filter((c: { kind: string }) => c.kind === "report");
  assert.deepEqual(
    reports.map((c: { state: string; startedAt: string; late: boolean }) => [c.state, c.startedAt, c.late]),
    [
      ["running", first.startedAt, false],
      ["stopped", first.startedAt, false],
    ],
  );
  assert.equal(Date.parse(reports[0].dueAt), Date.parse(first.dueAt) + 20 * DAY);
  assert.equal(clocks.find((c: { kind: string }) => c.kind === "shelf").late, false);
});

test("limits that take in what is running leave the shelf clock at its approved term", async () => {
  const { ticket } = await shelvedOn();
  const [sysadmin, leader] = [await town.as("sysadmin"), await town.as("leader")];
  const all = done(await sysadmin.get("/api/settings/rules/deadline"));
  const { body } = all.find((v: { standing: string }) => v.standing === "now");
  const rows = body.rows.map((row: { id: string }) =>
    row.id === "shelf" ? { ...row, limit: { unit: "days", amount: 10 } } : row,
  );
  const draft = { kind: "deadline", from: "2026-11-23", source: "海热线〔2026〕9号" };
  const written = { ...draft, body: { ...body, appliesTo: "running", rows } };
  const looked = done(await sysadmin.post("/api/settings/rules/look", written));
  assert.ok(looked.clocks.byClock.every((each: { name: string }) => each.name !== "挂账"));
  const { name } = done(await sysadmin.post("/api/settings/rules", written));
  done(await leader.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1 }));
  assert.equal(shelfOf(await see(supervisor, ticket)).dueAt, "2027-04-30T15:59:59.999Z");
  // A correction of level or category leaves it too.
  await go(await town.as("triager"), ticket, "correct", { fields: { level: 1 } });
  assert.equal(shelfOf(await see(supervisor, ticket)).dueAt, "2027-04-30T15:59:59.999Z");
});
