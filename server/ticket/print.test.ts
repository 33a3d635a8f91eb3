import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";

const UNIT = "学院路街道";
let town: Town;
before(async () => {
  town = await openTown();
});
beforeEach(() => town.at("2026-11-20", "09:00"));
after(() => town?.close());

const REQUESTER = { requesterName: "齐静文", requesterPhone: "13800138000" };

async function prints(id: string) {
  const rows = await town.shell.db
    .selectFrom("audit")
    .select(["what", "user_name", "detail"])
    .where("ticket_id", "=", id)
    .orderBy("id")
    .execute();
  return rows.map((r) => [r.what, r.user_name, r.detail]);
}

test("a printed sheet hides the requester, and every printing is in the audit with what was on it", async () => {
  const id = await bring(town, "handling", UNIT, { ticket: REQUESTER });
  const caller = await town.as("caller");
  const sheet = done(await caller.post(`/api/tickets/${id}/print`, { parts: ["history"] }));
  assert.equal(sheet.requester, null);
  assert.ok(!JSON.stringify(sheet).includes("13800138000"));
  assert.equal(sheet.printedAt, "2026-11-20T01:00:00.000Z");
  assert.deepEqual(await prints(id), [["print", "caller", { parts: ["history"], clear: false }]]);
});

test("in clear it takes a reason and the right to see, and leaves both a printing and a reveal on record", async () => {
  const id = await bring(town, "handling", UNIT, { ticket: REQUESTER });
  const handler = await town.as("handler", UNIT);
  const url = `/api/tickets/${id}/print`;
  assert.equal(refused(await handler.post(url, { parts: [], clear: true }), 422), "print-reason");
  const asked = { parts: [], clear: true, reason: "上门核实携带" };
  const sheet = done(await handler.post(url, asked));
  assert.deepEqual([sheet.requester.name, sheet.requester.phone], ["齐静文", "13800138000"]);
  assert.deepEqual(
    (await prints(id)).map(([action]) => action),
    ["print", "reveal"],
  );
  await go(handler, id, "returnToCentre", { ground: "不属于本单位" });
  await go(await town.as("supervisor"), id, "acceptReturn");
  assert.equal(refused(await handler.post(url, asked), 403), "not-your-unit");
  const stranger = await town.as("handler", "清河街道");
  assert.equal(refused(await stranger.post(url, asked), 404), "not-found");
  assert.equal((await prints(id)).length, 2);
});

test("the history says in words what each event changed, before and after, and whether people or machines did it", async () => {
  const id = await bring(town, "triage", UNIT, { ticket: { title: "路灯" } });
  const triager = await town.as("triager");
  await go(triager, id, "correct", { fields: { title: "路灯不亮", level: 2, street: "清河街道" } });
  const lead = await town.unit(UNIT);
  const co = await town.unit("清河街道");
  const ticket = await go(triager, id, "dispatch", { leadUnitId: lead, coUnitIds: [co], designated: true });
  const told = (kind: string) =>
    ticket.events
      .find((e: { kind: string }) => e.kind === kind)
      .changes.map((c: { zh: string; before: string | null; after: string }) => [c.zh, c.before, c.after]);
  assert.deepEqual(told("correct"), [
    ["等级", "三级 · 一般", "二级 · 急"],
    ["标题", "路灯", "路灯不亮"],
    ["街镇", "（空）", "清河街道"],
  ]);
  assert.deepEqual(told("dispatch"), [
    ["状态", "待分拣", "待接收"],
    ["主办单位", null, "学院路"],
    ["协办单位", null, "清河"],
    ["指定承办", null, "是（本轮不得退单）"],
  ]);
  const kinds = (await look(triager, id)).events.map((e: { kind: string; by: string; step: boolean }) => [
    e.kind,
    e.by,
    e.step,
  ]);
  assert.deepEqual(kinds.slice(0, 2), [
    ["dispatch", "person", true],
    ["correct", "person", false],
  ]);
});
