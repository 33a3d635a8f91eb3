import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HOUR_MS, instant, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { createUser } from "../people/users.ts";
import { bring, done, go, lodge, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { follow, ladderOf } from "../testing/urging.ts";
import { watchStep } from "./watch.ts";

const UNIT = "学院路街道";

let town: Town;
let lead: Client;
let work: () => Promise<void>;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00; the day shift ends at 20:00
  lead = await town.as("shiftLead");
  for (const role of ["triager", "supervisor", "caller", "closer"] as const) await town.as(role);
  work = () => follow(town, "watch", watchStep());
  await work(); // the cursor begins before anything happens
});
after(() => town.close());

interface Line {
  readonly ticket: { readonly id: string };
  readonly reasons: readonly { readonly reason: string; readonly at: string }[];
  readonly person: { readonly id: string; readonly name: string } | null;
  readonly taken: boolean;
  readonly mayAct: boolean;
}

/** Everybody signed in anew: sessions run out while time passes. */
async function anew(): Promise<void> {
  for (const role of ["triager", "supervisor", "caller", "closer"] as const) await town.afresh(role);
  await town.afresh("handler", UNIT);
  lead = await town.afresh("shiftLead");
}

async function listed(who: Client, query = ""): Promise<Map<string, Line>> {
  const { rows } = done(await who.get(`/api/watch${query}`));
  return new Map(rows.map((row: Line) => [row.ticket.id, row]));
}

const whyOf = (line: Line | undefined) => line?.reasons.map((r) => r.reason) ?? null;

test("a ticket comes upon the list at the minute of the rule and leaves it when it is taken up: read right before the worker looked", async () => {
  const id = await lodge(town, { title: "路灯不亮" });
  assert.equal((await listed(lead)).has(id), false);
  town.pass(30 * MINUTE_MS);
  assert.deepEqual(whyOf((await listed(lead)).get(id)), ["unheld"]);
  await work();
  assert.deepEqual(whyOf((await listed(lead)).get(id)), ["unheld"]);
  await go(await town.as("triager"), id, "note", { text: "已看到" }); // nothing done
  assert.ok((await listed(lead)).has(id));
  await go(await town.as("triager"), id, "sign");
  assert.equal((await listed(lead)).has(id), false, "gone at once");
  await work();
  const { rows } = done(await lead.get(`/api/watch/leavings?ticket=${id}`));
  assert.deepEqual(
    rows.map((s: { what: string; by: string; words: string }) => [s.what, s.by, s.words]),
    [
      ["done", "triager", "签收"],
      ["opened", "系统", ""],
    ],
  );
});

test("what falls due in the shift, was returned, rejected or sent back, or is urged without an answer is there, the gravest first", async () => {
  const triager = await town.as("triager");
  const urgent = await lodge(town, { level: 1 }); // to be dispatched within the hour
  const returned = await bring(town, "handling", UNIT);
  await go(await town.as("handler", UNIT), returned, "returnToCentre", { ground: "非本单位职责" });
  const rejected = await bring(town, "triage", UNIT);
  await go(triager, rejected, "applyWithdraw", { ground: "不属本区" });
  await go(triager, rejected, "rejectWithdraw", { reason: "属本区职责" });
  const again = await bring(town, "reported", UNIT);
  await go(await town.as("supervisor"), again, "rework", { reason: "未见照片" });
  const list = await listed(lead);
  assert.deepEqual(
    [urgent, returned, rejected, again].map((id) => whyOf(list.get(id))),
    [["due"], ["returned"], ["rejected"], ["rework"]],
  );
  const { reasons, rows } = done(await lead.get("/api/watch"));
  const order = rows.map((row: Line) => row.reasons[0]?.reason);
  assert.deepEqual(order, ["rejected", "rework", "returned", "due"]);
  assert.equal(reasons.find((r: { reason: string }) => r.reason === "due").count, 1);
  assert.deepEqual([...(await listed(lead, "?reason=returned")).keys()], [returned]);
  town.pass(61 * MINUTE_MS);
  await anew();
  assert.deepEqual(whyOf((await listed(lead)).get(urgent)), ["overdue", "unheld", "silent"]);
});

test("an urge that nobody answers is watched an hour later, and an answer takes it off", async () => {
  const ladder = ladderOf(town);
  await ladder.work();
  const id = await bring(town, "handling", UNIT);
  await go(await town.as("supervisor"), id, "urge", { text: "请尽快办理" });
  await ladder.work();
  town.pass(HOUR_MS - 1);
  assert.equal((await listed(lead)).has(id), false);
  town.pass(1);
  await anew();
  assert.deepEqual(whyOf((await listed(lead)).get(id)), ["urged"]);
  await work();
  const handler = await town.as("handler", UNIT);
  const [urge] = done(await handler.get(`/api/urges?ticket=${id}`)).rows;
  done(await handler.post(`/api/urges/${urge.id}/answer`, { text: "已到场，今日办结" }));
  assert.equal((await listed(lead)).has(id), false);
});

test("a reason that ends without anything done leaves the item where it is", async () => {
  const { db } = town.shell;
  const id = await bring(town, "handling", UNIT);
  const due = new Date(instant("2026-11-20", "18:00"));
  await db.updateTable("ticket").set({ due_at: due }).where("id", "=", id).execute();
  await work();
  assert.deepEqual(whyOf((await listed(lead)).get(id)), ["due"]);
  await db
    .updateTable("ticket")
    .set({ due_at: new Date(due.getTime() + 96 * HOUR_MS) })
    .where("id", "=", id)
    .execute();
  await work();
  assert.deepEqual(whyOf((await listed(lead)).get(id)), ["due"], "nobody has done anything");
  await assert.rejects(
    db.deleteFrom("watch_item").where("ticket_id", "=", id).execute(),
    /done or handed over/,
  );
  await go(await town.as("handler", UNIT), id, "report", { text: "已修复并告知", outcome: "solved" });
  assert.equal((await listed(lead)).has(id), false);
});

test("a lead hands one over by name; the hand-over of the shift is refused while the rest has none, and then goes through; the next lead takes it over", async () => {
  const triager = await town.as("triager");
  const other = await createUser(
    town.shell.db,
    town.shell.now(),
    { login: "xumm", name: "许蔓蔓", roles: ["shiftLead"], unitId: null, password: "Other-lead-12" },
    { userId: null, name: "test" },
  );
  const iso = (day: "2026-11-20" | "2026-11-21", time: string) => new Date(instant(day, time)).toISOString();
  done(
    await lead.put("/api/duty/shifts", {
      ...{ name: "夜班", startsAt: iso("2026-11-20", "20:00"), endsAt: iso("2026-11-21", "08:00") },
      ...{ leadId: other, memberIds: [] },
    }),
  );
  const all = [...(await listed(lead)).keys()];
  const [one = ""] = all;
  assert.ok(all.length >= 4);
  const give = (to: string, tickets = [one]) => lead.post("/api/watch/give", { tickets, to, words: "盯住" });
  assert.equal(refused(await give(lead.actor.userId), 422), "watch-self");
  assert.equal(refused(await give(triager.actor.userId), 422), "watch-not-on-next");
  assert.equal(
    refused(await triager.post("/api/watch/give", { tickets: [one], to: other }), 403),
    "watch-not-yours",
  );
  done(await give(other));
  assert.deepEqual((await listed(lead)).get(one)?.person, { id: other, name: "许蔓蔓" });
  assert.equal((await listed(lead)).get(one)?.taken, false);

  const before = done(await lead.get("/api/watch/handover"));
  assert.deepEqual(
    [before.total, before.nameless.length, before.next.leadId],
    [all.length, all.length - 1, other],
  );
  assert.deepEqual(
    before.people.map((p: { id: string }) => p.id),
    [other],
  );
  const shift = { startsAt: iso("2026-11-20", "08:00"), text: "留意供热。" };
  assert.equal(refused(await lead.post("/api/duty/handovers", shift), 409), "watch-nameless");
  const given = done(await lead.post("/api/duty/handovers", { ...shift, watchTo: other }));
  assert.deepEqual(given.open.watch, [{ to: "许蔓蔓", count: all.length }]);
  assert.equal(done(await lead.get("/api/watch/handover")).nameless.length, 0);

  town.at("2026-11-20", "20:05");
  const answer = await town.house.app.inject({
    ...{ method: "POST", url: "/api/session", payload: { login: "xumm", password: "Other-lead-12" } },
  });
  const headers = {
    cookie: answer.cookies.map((c) => `${c.name}=${c.value}`).join("; "),
    "x-csrf-token": answer.json().csrf,
  };
  const ack = await town.house.app.inject({
    ...{ method: "POST", url: `/api/duty/handovers/${given.id}/ack`, headers, payload: {} },
  });
  assert.equal(ack.statusCode, 200, ack.body);
  const mine = (await town.house.app.inject({ url: "/api/watch?mine=true", headers })).json().rows;
  assert.equal(mine.length, all.length);
  assert.ok(mine.every((row: Line) => row.taken));
  await anew();
  assert.equal(done(await (await town.as("triager")).get("/api/watch")).total, 0, "others see theirs alone");

  const steps = done(await lead.get(`/api/watch/leavings?ticket=${one}`)).rows;
  assert.deepEqual(
    steps.map((s: { what: string; to: string | null }) => [s.what, s.to]),
    [
      ["taken", null],
      ["named", "许蔓蔓"],
      ["opened", null],
    ],
  );
});

test("who is named takes an item and may pass it on; what has left the list is refused by its count; home and menu count the same", async () => {
  const triager = await town.as("triager");
  const id = await bring(town, "triage", UNIT);
  await go(triager, id, "applyWithdraw", { ground: "不属本区" });
  await go(triager, id, "rejectWithdraw", { reason: "属本区职责" });
  done(await lead.post("/api/watch/give", { tickets: [id], to: triager.actor.userId }));
  assert.deepEqual([...(await listed(triager)).keys()], [id]);
  done(await triager.post("/api/watch/take", { tickets: [id] }));
  assert.equal((await listed(triager)).get(id)?.taken, true);
  assert.deepEqual(done(await triager.get("/api/watch/count")), { open: 1, alone: 0 });
  assert.deepEqual(done(await triager.get("/api/home")).watch, { open: 1, alone: 0 });
  const supervisor = await town.as("supervisor");
  assert.equal(refused(await supervisor.post("/api/watch/take", { tickets: [id] }), 403), "watch-not-yours");
  done(await triager.post("/api/watch/give", { tickets: [id], to: supervisor.actor.userId }));
  assert.equal((await listed(triager)).size, 0);
  await go(triager, id, "dispatch", { leadUnitId: await town.unit(UNIT), coUnitIds: [], opinion: "请办理" });
  assert.equal(refused(await supervisor.post("/api/watch/take", { tickets: [id] }), 409), "watch-not-listed");
  await work();
  assert.deepEqual(done(await supervisor.get("/api/watch/count")), { open: 0, alone: 0 });
  refused(await (await town.as("handler", UNIT)).get("/api/watch"), 403);
});
