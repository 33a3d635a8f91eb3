import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { bring, done, look, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";

const UNIT = "学院路街道";
let town: Town;
before(async () => {
  town = await openTown();
});
beforeEach(() => town.at("2026-11-20", "09:00"));
after(() => town?.close());

const talk = (more: object = {}) => ({
  key: randomUUID(),
  person: "市热线派单组 王老师",
  way: "电话",
  talkedAt: "2026-11-20T00:40:00.000Z",
  said: "说明该路段属市管，申请退回市级。",
  outcome: "同意提交退市申请",
  ...more,
});
const talksOf = (ticket: { events: { kind: string; data: Record<string, string> }[] }) =>
  ticket.events.filter((e) => e.kind === "cityTalk").map((e) => e.data);

test("a talk with the city is an event of the ticket; sent twice it is one, and nobody can take it back", async () => {
  const id = await bring(town, "triage", UNIT);
  const triager = await town.as("triager");
  const said = talk({ said: "请与诉求人 13812345678 联系后再报。" });
  done(await triager.post(`/api/tickets/${id}/talks`, said));
  const { ticket } = done(await triager.post(`/api/tickets/${id}/talks`, said));
  const [only, ...more] = talksOf(ticket);
  assert.equal(more.length, 0);
  assert.deepEqual(
    [only?.person, only?.way, only?.talkedAt, only?.outcome],
    [said.person, said.way, said.talkedAt, said.outcome],
  );
  assert.ok(!only?.said?.includes("13812345678"), "a number said in a talk is covered");
  assert.equal(ticket.events[0].zh, "市级沟通");
  assert.equal(ticket.state, "triage");
  const { db } = town.shell;
  await assert.rejects(db.deleteFrom("event").where("kind", "=", "cityTalk").execute());
  await assert.rejects(db.updateTable("event").set({ data: "{}" }).where("kind", "=", "cityTalk").execute());
  for (const method of ["put", "patch", "delete"] as const)
    assert.equal((await triager[method](`/api/tickets/${id}/talks`)).status, 404);
});

test("a talk that is yet to come, without a partner or without words is refused with what to mend", async () => {
  const id = await bring(town, "triage", UNIT);
  const triager = await town.as("triager");
  const url = `/api/tickets/${id}/talks`;
  assert.equal(
    refused(await triager.post(url, talk({ talkedAt: "2026-11-20T01:01:00.000Z" })), 422),
    "talk-in-future",
  );
  const nobody = await triager.post(url, talk({ person: " " }));
  assert.equal(refused(nobody, 422), "bad-input");
  assert.match(nobody.body.message, /请填写市级联系人/);
  assert.equal(refused(await triager.post(url, talk({ said: "" })), 422), "bad-input");
  assert.equal(talksOf(await look(triager, id)).length, 0);
});

test("a unit neither reads nor writes what the centre and the city said to each other", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  assert.equal(refused(await handler.post(`/api/tickets/${id}/talks`, talk()), 403), "not-allowed");
  const supervisor = await town.as("supervisor");
  done(await supervisor.post(`/api/tickets/${id}/talks`, talk()));
  assert.equal(talksOf(await look(supervisor, id)).length, 1);
  assert.deepEqual(talksOf(await look(handler, id)), []);
});
