import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { bring, done, go, goCo, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { moveTicket } from "./actions.ts";
import { fireTimers } from "./timers.ts";

const UNIT = "学院路街道";
const MINUTE = 60_000;
let town: Town;
before(async () => {
  town = await openTown();
});
beforeEach(() => town.at("2026-11-20", "09:00"));
after(() => town.close());

const undo = (who: Client, id: string) => who.post(`/api/tickets/${id}/undo`);

/** What must be again as it was: the facts, the rounds and every clock with its start, due time and pauses. */
async function standing(id: string) {
  const { db } = town.shell;
  const ticket = await db
    .selectFrom("ticket")
    .select([
      "state",
      "round",
      "returns",
      "lead_unit_id",
      "due_at",
      "due_kind",
      "near_at",
      "closed_at",
      "reply",
    ])
    .select(["signed_at", "dispatched_at", "closing_kind", "merged_into"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  const clocks = await db
    .selectFrom("clock")
    .select(["id", "state", "due_at", "body"])
    .where("ticket_id", "=", id)
    .where("state", "in", ["running", "paused"])
    .orderBy("id")
    .execute();
  const timers = await db
    .selectFrom("timer")
    .select(["clock_id", "what", "fire_at"])
    .where("ticket_id", "=", id)
    .where("fired_at", "is", null)
    .orderBy("clock_id")
    .orderBy("what")
    .execute();
  const rounds = await db
    .selectFrom("assignment")
    .selectAll()
    .where("ticket_id", "=", id)
    .where("ended_as", "is distinct from", "undone")
    .orderBy("id")
    .execute();
  const results = await db
    .selectFrom("result")
    .select(["round", "unit_id"])
    .where("ticket_id", "=", id)
    .where("void", "=", false)
    .orderBy("round")
    .execute();
  return { ticket, clocks, timers, rounds, results };
}

const CASES = [
  { from: "received", move: "sign", by: "triager", input: {} },
  { from: "received", move: "watch", by: "triager", input: {} },
  { from: "triage", move: "replyDirectly", by: "triager", input: { reply: "已答复" } },
  { from: "triage", move: "applyWithdraw", by: "triager", input: { ground: "非本区" } },
  { from: "dispatched", move: "accept", by: "handler", input: {} },
  { from: "handling", move: "report", by: "handler", input: { text: "已修复", outcome: "solved" } },
  { from: "handling", move: "returnToCentre", by: "handler", input: { ground: "非本辖区" } },
  { from: "reported", move: "passReview", by: "supervisor", input: {} },
  { from: "reported", move: "rework", by: "supervisor", input: { reason: "无照片" } },
  { from: "closing", move: "approveClosing", by: "closer", input: {} },
  { from: "closed", move: "reopen", by: "supervisor", input: { reason: "又发生" } },
] as const;

for (const { from, move, by, input } of CASES) {
  test(`${move} is taken back whole: state, round and every clock stand as before, time goes on counting`, async () => {
    const id = await bring(town, from, UNIT, { co: from === "closing" ? ["永定路街道"] : [] });
    const who = await town.as(by, by === "handler" ? UNIT : undefined);
    const before = await standing(id);
    await go(who, id, move, input);
    assert.notDeepEqual(await standing(id), before);
    town.pass(3 * MINUTE);
    const offer = (await look(who, id)).undo;
    assert.equal(offer.move, move);
    const ticket = done(await undo(who, id)).ticket;
    assert.deepEqual(await standing(id), before);
    assert.deepEqual([ticket.events[0].kind, ticket.undo], [`undo:${move}`, null]);
    assert.match(ticket.events[0].zh, /^撤销/);
    assert.equal(refused(await undo(who, id), 409), "undo-nothing");
    await go(who, id, move, input); // and may be made again
  });
}

test("a dispatch taken back ends its round uncounted; the triager's clock runs on; the next round has the next number", async () => {
  const triager = await town.as("triager");
  const handler = await town.as("handler", UNIT);
  const id = await bring(town, "triage", UNIT);
  const before = await standing(id);
  await go(triager, id, "dispatch", {
    leadUnitId: await town.unit(UNIT),
    coUnitIds: [await town.unit("永定路街道")],
    opinion: "请办理",
  });
  town.pass(MINUTE);
  const ticket = done(await undo(triager, id)).ticket;
  const after = await standing(id);
  assert.deepEqual(after.clocks, before.clocks);
  assert.deepEqual(after.timers, before.timers);
  assert.deepEqual([ticket.state, ticket.leadUnit, ticket.round], ["triage", null, 1]);
  assert.deepEqual(after.results, [], "the round counts for nobody");
  assert.deepEqual(
    ticket.assignments.map((a: { endedAs: string }) => a.endedAs),
    ["undone", "undone"],
  );
  assert.equal(refused(await handler.move(id, "accept", {}, ticket.version), 409), "wrong-state");
  const again = await go(triager, id, "dispatch", {
    leadUnitId: await town.unit("清河街道"),
    opinion: "请办理",
  });
  assert.deepEqual([again.round, again.state], [2, "dispatched"]);
});

test("once the unit has accepted, a helper has taken it up, or somebody has noted something, it is too late", async () => {
  const triager = await town.as("triager");
  const dispatched = await bring(town, "dispatched", UNIT, { co: ["永定路街道"] });
  await goCo(await town.as("handler", "永定路街道"), dispatched, "coAccept");
  assert.equal(refused(await undo(triager, dispatched), 409), "undo-overtaken");
  const accepted = await bring(town, "handling", UNIT);
  assert.equal(refused(await undo(triager, accepted), 403), "undo-not-yours");
  const reported = await bring(town, "reported", UNIT);
  const handler = await town.as("handler", UNIT);
  await go(await town.as("supervisor"), reported, "note", { text: "已看" });
  assert.equal((await look(handler, reported)).undo, null);
  const answer = await undo(handler, reported);
  assert.equal(refused(answer, 409), "undo-overtaken");
  assert.match(answer.body.message, /supervisor已接续办理/);
});

test("after ten minutes, by another person, of a callback, or of an unknown ticket nothing is undone", async () => {
  const triager = await town.as("triager");
  const id = await bring(town, "triage", UNIT);
  assert.equal(refused(await undo(await town.as("shiftLead"), id), 403), "undo-not-yours");
  assert.equal(refused(await undo(await town.as("handler", "清河街道"), id), 404), "not-found");
  town.pass(10 * MINUTE + 1);
  assert.equal((await look(triager, id)).undo, null);
  assert.equal(refused(await undo(triager, id), 409), "undo-too-late");
  const called = await bring(town, "closing", UNIT);
  const caller = await town.as("caller");
  assert.equal((await look(caller, called)).undo, null);
  assert.notEqual((await undo(caller, called)).status, 200);
});

test("a deadline that passes before the undoing is missed, and is told once", async () => {
  const id = await bring(town, "triage", UNIT);
  const { clocks } = await standing(id);
  town.pass((clocks[0]?.due_at.getTime() ?? 0) - town.shell.now() - MINUTE);
  const leader = await town.as("leader"); // nobody signed in at nine is signed in still
  assert.equal(leader.actor.unitId, null);
  const doer = { ...leader.actor, roles: ["triager"] as const };
  const moved = await moveTicket(town.shell, doer, id, "replyDirectly", { reply: "已答复" }, null);
  assert.ok(moved.ok);
  town.pass(2 * MINUTE);
  const ticket = done(await undo(leader, id)).ticket;
  assert.equal(ticket.clocks.find((c: { kind: string }) => c.kind === "dispatch").late, true);
  while ((await fireTimers(town.shell.db, town.shell.now())) > 0);
  while ((await fireTimers(town.shell.db, town.shell.now())) > 0);
  const told = (await look(leader, id)).events.filter((e: { kind: string }) => e.kind === "timer.overdue");
  assert.equal(told.length, 1);
});
