import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { go, lodge, look } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;

before(async () => {
  town = await openTown();
  triager = await town.as("triager");
});
after(() => town?.close());

const liveClock = async (id: string, kind: string) =>
  (await look(triager, id)).clocks.find(
    (c: { kind: string; state: string }) => c.kind === kind && c.state === "running",
  );

test("a ticket raised to 紧急 half an hour after it came is due an hour after it came, not after it was raised", async () => {
  town.at("2026-11-20", "09:00"); // Friday
  const id = await lodge(town, { level: 3 });
  assert.equal((await liveClock(id, "dispatch")).dueAt, "2026-11-21T01:00:00.000Z"); // Saturday 09:00 in Beijing
  town.at("2026-11-20", "09:30");
  const raised = await go(triager, id, "correct", { fields: { level: 1 } });
  assert.equal(raised.level, 1);
  const clock = await liveClock(id, "dispatch");
  assert.equal(clock.dueAt, "2026-11-20T02:00:00.000Z"); // Friday 10:00
  assert.match(clock.rule, /dispatch-1$/);
  assert.equal(raised.dueAt, "2026-11-20T02:00:00.000Z");
  const timers = await town.shell.db
    .selectFrom("timer")
    .select(["what", "fire_at"])
    .where("ticket_id", "=", id)
    .orderBy("what")
    .execute();
  assert.deepEqual(
    timers.map((t) => [t.what, t.fire_at.toISOString()]),
    [
      ["near", "2026-11-20T01:45:00.000Z"],
      ["overdue", "2026-11-20T02:00:00.000Z"],
    ],
  );
});

test("correcting the address restarts no clock", async () => {
  town.at("2026-11-20", "09:00");
  const id = await lodge(town, { level: 3 });
  const before = await liveClock(id, "dispatch");
  town.at("2026-11-20", "09:50");
  await go(triager, id, "correct", { fields: { address: "学院路 30 号" } });
  assert.deepEqual(await liveClock(id, "dispatch"), before);
});
