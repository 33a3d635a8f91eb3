import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Day } from "@jiesu/core/time/day.ts";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;
let handler: Client;

before(async () => {
  town = await openTown();
  await later("2026-11-20", "09:00"); // Friday
});
after(() => town.close());

/** Moves the clock and signs in anew: sessions that rest so long have run out. */
async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  triager = await town.afresh("triager");
  handler = await town.afresh("handler", "学院路");
}

const CLAIM = {
  kind: "duty",
  ground: "该路段为市管道路，不属我街道。",
  evidence: "市管道路目录第 12 页",
  suggestUnit: "区城管委",
};
const LAMP = { category1: "市政", title: "路灯不亮" };

test("a return names its ground, its evidence and whose the ticket should be; the history and the reviewer read the same words", async () => {
  const id = await bring(town, "handling", "学院路", { ticket: LAMP });
  assert.equal(
    refused(await handler.move(id, "returnToCentre", { ...CLAIM, evidence: "" }), 422),
    "field-missing",
  );
  assert.equal(
    refused(await handler.move(id, "returnToCentre", { ...CLAIM, kind: "nothing" }), 422),
    "reason-unknown",
  );
  await go(handler, id, "returnToCentre", CLAIM);
  const { own, nth, max, next, matter } = done(await triager.get(`/api/tickets/${id}/returns`));
  assert.deepEqual([nth, max], [1, 3]);
  assert.match(next, /第 1 次退单；满 3 次后由中心指定/);
  assert.deepEqual(
    own.map((r: Record<string, unknown>) => [r.groundZh, r.evidence, r.suggestUnit, r.standing, r.unitName]),
    [["非职责（不属本单位职责）", CLAIM.evidence, "区城管委", "waiting", "学院路"]],
  );
  assert.ok(matter);
  const event = (await look(triager, id)).events[0];
  assert.deepEqual(
    event.changes.filter((c: { zh: string }) => c.zh !== "状态").map((c: { after: string }) => c.after),
    ["暂停"],
  );
  assert.deepEqual(
    [event.data.groundZh, event.data.ground, event.data.evidence],
    ["非职责（不属本单位职责）", CLAIM.ground, CLAIM.evidence],
  );
});

test("a unit may return for 48 hours from the dispatch of an ordinary ticket, and a minute later no more", async () => {
  const [last, late] = [await bring(town, "handling", "学院路"), await bring(town, "handling", "学院路")];
  const { returning } = await look(handler, last);
  assert.deepEqual([returning.nth, returning.until], [1, "2026-11-22T01:00:00.000Z"]);
  await later("2026-11-22", "09:00"); // Sunday
  await go(handler, last, "returnToCentre", CLAIM);
  town.pass(60_000);
  assert.equal(refused(await handler.move(late, "returnToCentre", CLAIM), 409), "return-window-over");
  assert.equal((await look(handler, late)).state, "handling");
});

test("a version whose clocks run on: two hours of review on Monday are used up, and a refusal gives nothing back", async () => {
  await later("2026-11-23", "09:00"); // Monday
  const { returns } = town.shell.rules;
  const [version] = returns;
  assert.ok(version);
  Object.assign(town.shell.rules, {
    returns: [{ ...version, body: { ...version.body, inReview: "run" as const } }],
  });
  try {
    const id = await bring(town, "dispatched", "学院路");
    await go(handler, id, "accept");
    const waiting = await go(handler, id, "returnToCentre", CLAIM);
    const due = (ticket: typeof waiting, kind: string) =>
      ticket.clocks.find((c: { kind: string }) => c.kind === kind);
    assert.deepEqual([due(waiting, "contact").state, due(waiting, "report").state], ["running", "running"]);
    const before = due(waiting, "contact").dueAt;
    assert.match(done(await handler.get(`/api/tickets/${id}/returns`)).clocks, /照常计时/);
    await later("2026-11-23", "11:00");
    const back = await go(triager, id, "refuseReturn", { reason: "在辖区内" });
    assert.deepEqual([due(back, "contact").state, due(back, "contact").dueAt], ["running", before]);
  } finally {
    Object.assign(town.shell.rules, { returns });
  }
});

test("the usual version rests the clocks: what a refused return used before stays used, the review itself is not", async () => {
  await later("2026-11-24", "09:00"); // Tuesday
  const id = await bring(town, "dispatched", "学院路");
  await go(handler, id, "accept");
  await later("2026-11-24", "12:00");
  const waiting = await go(handler, id, "returnToCentre", CLAIM);
  const contact = (ticket: typeof waiting) =>
    ticket.clocks.find((c: { kind: string }) => c.kind === "contact");
  assert.equal(contact(waiting).state, "paused");
  await later("2026-11-24", "17:00");
  const back = await go(triager, id, "refuseReturn", { reason: "在辖区内" });
  // 24 hours of contact from Tuesday 09:00, with five of review between: Wednesday 14:00.
  assert.equal(contact(back).dueAt, "2026-11-25T06:00:00.000Z");
});

test("beside a return in review stand the earlier ones of the same matter and place, and of the same unit, counted", async () => {
  const ticket = { ...LAMP, category1: "供热", content: "市民反映学院路小区暖气不热。" };
  const first = await bring(town, "handling", "学院路", { ticket });
  await go(handler, first, "returnToCentre", { ...CLAIM, kind: "owner" });
  await go(triager, first, "acceptReturn", { note: "由供热单位负责" });
  const second = await bring(town, "handling", "学院路", { ticket });
  await go(handler, second, "returnToCentre", { ...CLAIM, kind: "area" });
  await go(triager, second, "refuseReturn", { reason: "点位在辖区内" });
  const third = await bring(town, "handling", "学院路", { ticket });
  await go(handler, third, "returnToCentre", { ...CLAIM, kind: "owner" });
  const { matter } = done(await triager.get(`/api/tickets/${third}/returns`));
  assert.deepEqual(matter.unit, { accepted: 1, refused: 1 });
  assert.deepEqual(
    matter.rows.map((r: Record<string, unknown>) => [r.ticketId, r.standing, r.words, r.sameUnit]),
    [
      [second, "refused", "点位在辖区内", true],
      [first, "accepted", "由供热单位负责", true],
    ],
  );
  // The unit reads of its own return; what was decided about others' tickets is the centre's.
  assert.equal(done(await handler.get(`/api/tickets/${third}/returns`)).matter, null);
  const other = await town.as("handler", "中关村");
  assert.equal((await other.get(`/api/tickets/${third}/returns`)).status, 404);
});

test("a return taken back within minutes is none: it is neither counted nor shown, and the next is the first again", async () => {
  const id = await bring(town, "handling", "学院路");
  await go(handler, id, "returnToCentre", CLAIM);
  done(await handler.post(`/api/tickets/${id}/undo`));
  assert.deepEqual(done(await handler.get(`/api/tickets/${id}/returns`)).own, []);
  await go(handler, id, "returnToCentre", CLAIM);
  await go(triager, id, "refuseReturn", { reason: "请办理" });
  done(await triager.post(`/api/tickets/${id}/undo`));
  const { own, nth } = done(await triager.get(`/api/tickets/${id}/returns`));
  assert.deepEqual([nth, own.map((r: { standing: string }) => r.standing)], [1, ["waiting"]]);
});

test("after the third return the centre designates whether or not it was ticked, and that return is counted as designated", async () => {
  const id = await bring(town, "triage", "学院路", { ticket: { category1: "噪声" } });
  for (const name of ["学院路", "中关村", "学院路"]) {
    const unit = await town.as("handler", name);
    await go(triager, id, "dispatch", { leadUnitId: await town.unit(name) });
    await go(unit, id, "returnToCentre", CLAIM);
    await go(triager, id, "acceptReturn");
  }
  assert.match(done(await triager.get(`/api/tickets/${id}/returns`)).next, /已退单 3 次，达到 3 次上限/);
  const sent = await go(triager, id, "dispatch", { leadUnitId: await town.unit("中关村") });
  assert.equal(sent.assignments[0].designated, true);
  const own = done(await triager.get(`/api/tickets/${id}/returns`)).own;
  assert.deepEqual(
    own.map((r: { nth: number; standing: string; nextUnit: string }) => [r.nth, r.standing, r.nextUnit]),
    [
      [3, "designated", "中关村"],
      [2, "accepted", "学院路"],
      [1, "accepted", "中关村"],
    ],
  );
});
