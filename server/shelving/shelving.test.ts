import assert from "node:assert/strict";
import { after, before, test } from "node:test";
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
