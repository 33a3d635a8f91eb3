import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { remind } from "../inbox/reminders.ts";
import { bring, done } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let handler: Client;
let lead: Client;
before(async () => {
  town = await openTown();
  handler = await town.as("handler", "香山");
  lead = await town.as("shiftLead");
});
after(() => town?.close());

const counts = async (who: Client) => done(await who.get("/api/shelving/counts"));
const titles = async (who: Client): Promise<string[]> =>
  done(await who.get("/api/inbox?limit=100")).rows.map((m: { title: string }) => m.title);

test("a shelved ticket's clocks and its place in the base are told; its review day and its term once each", async () => {
  const ticketId = await bring(town, "reported", "香山");
  const plan = { kind: "planned", reason: "列入明年计划", plan: "明年3月开工", termDay: "2027-01-10" };
  const { id } = done(await handler.post("/api/shelving", { ticketId, ...plan }));
  assert.deepEqual([(await counts(lead)).waiting, (await counts(handler)).waiting], [1, 0]);
  done(await lead.post(`/api/shelving/${id}/decide`, { approve: true }));
  const shelved = done(await lead.get(`/api/shelving/${id}`));
  assert.deepEqual(
    shelved.clocks.map((clock: { kind: string }) => clock.kind),
    ["shelf"],
  );
  assert.equal(shelved.counted.scopeZh, "三率");
  await remind(town.shell);
  assert.deepEqual([(await counts(lead)).reviewDue, await titles(lead)], [0, []]);

  town.at("2027-01-04", "09:00"); // Monday, past the review day, six days before the term
  await remind(town.shell);
  await remind(town.shell); // as after a restart
  [lead, handler] = [await town.afresh("shiftLead"), await town.afresh("handler", "香山")];
  assert.deepEqual([(await counts(lead)).reviewDue, (await counts(lead)).waiting], [1, 1]);
  assert.deepEqual((await titles(lead)).toSorted(), ["挂账工单到复核日", "挂账工单销账期限临近"].toSorted());
  assert.deepEqual(await titles(handler), ["挂账工单销账期限临近"]);
});
