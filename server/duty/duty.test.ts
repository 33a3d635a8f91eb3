import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { instant } from "@jiesu/core/time/day.ts";
import { createUser } from "../people/users.ts";
import { bring, done, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let lead: Client;
let otherId: string;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  lead = await town.as("shiftLead");
  otherId = await createUser(
    town.shell.db,
    town.shell.now(),
    { login: "xumm", name: "许蔓蔓", roles: ["shiftLead"], unitId: null, password: "Other-lead-12" },
    { userId: null, name: "test" },
  );
});
after(() => town.close());

const iso = (day: `${number}-${number}-${number}`, time: string) =>
  new Date(instant(day, time)).toISOString();
async function other(): Promise<Client> {
  const answer = await town.house.app.inject({
    method: "POST",
    url: "/api/session",
    payload: { login: "xumm", password: "Other-lead-12" },
  });
  const headers = {
    cookie: answer.cookies.map((c) => `${c.name}=${c.value}`).join("; "),
    "x-csrf-token": answer.json().csrf,
  };
  const call = async (method: "GET" | "POST", url: string, payload?: object) => {
    const reply = await town.house.app.inject({ method, url, headers, ...(payload ? { payload } : {}) });
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers, raw: reply.rawPayload };
  };
  return {
    ...lead,
    login: "xumm",
    get: (url) => call("GET", url),
    post: (url, body = {}) => call("POST", url, Object(body)),
  };
}

test("on a Friday morning the day shift of the rule is on, led by nobody yet; the night shift comes at eight", async () => {
  const now = done(await (await town.as("triager")).get("/api/duty/now"));
  assert.deepEqual(
    [now.current.name, now.current.id, now.current.lead, now.current.endsAt, now.next.name],
    ["白班", null, null, iso("2026-11-20", "20:00"), "夜班"],
  );
  refused(await (await town.as("handler", "学院路街道")).get("/api/duty/now"), 403);
});

test("the lead enters who is on; the week shows it, and a shift that overlaps another is refused by its name", async () => {
  const triager = await town.as("triager");
  const shift = {
    name: "白班",
    startsAt: iso("2026-11-20", "08:00"),
    endsAt: iso("2026-11-20", "20:00"),
    leadId: lead.actor.userId,
    memberIds: [triager.actor.userId],
  };
  done(await lead.put("/api/duty/shifts", shift));
  done(await lead.put("/api/duty/shifts", shift)); // twice is once
  const now = done(await triager.get("/api/duty/now"));
  assert.equal(now.current.lead.id, lead.actor.userId);
  assert.deepEqual(
    now.current.members.map((m: { id: string }) => m.id),
    [triager.actor.userId],
  );
  const week = done(await triager.get("/api/duty/shifts?from=2026-11-16&days=7"));
  assert.equal(week.rows.length, 14);
  assert.equal(week.rows.filter((s: { id: string | null }) => s.id !== null).length, 1);
  const late = {
    ...shift,
    name: "保障班",
    startsAt: iso("2026-11-20", "18:00"),
    endsAt: iso("2026-11-20", "22:00"),
  };
  assert.equal(refused(await lead.put("/api/duty/shifts", late), 409), "shift-overlap");
  assert.equal(
    refused(await lead.put("/api/duty/shifts", { ...late, endsAt: late.startsAt }), 422),
    "shift-length",
  );
  const handler = await town.as("handler", "学院路街道");
  const stranger = { ...shift, memberIds: [handler.actor.userId] };
  assert.equal(refused(await lead.put("/api/duty/shifts", stranger), 422), "shift-people");
  assert.equal(
    refused(await lead.put("/api/duty/shifts", { ...shift, leadId: triager.actor.userId }), 422),
    "shift-people",
  );
  const past = { ...shift, startsAt: iso("2026-11-18", "08:00"), endsAt: iso("2026-11-18", "20:00") };
  assert.equal(refused(await lead.put("/api/duty/shifts", past), 409), "shift-over");
  refused(await triager.put("/api/duty/shifts", shift), 403);
});

test("a shift entered by mistake is taken off again, and the rule's own stands", async () => {
  const { id } = done(
    await lead.put("/api/duty/shifts", {
      name: "保障班",
      startsAt: iso("2026-11-25", "07:00"),
      endsAt: iso("2026-11-25", "21:00"),
      leadId: null,
      memberIds: [],
    }),
  );
  const names = async () =>
    done(await lead.get("/api/duty/shifts?from=2026-11-25&days=1")).rows.map((s: { name: string }) => s.name);
  assert.deepEqual(await names(), ["保障班"]);
  done(await lead.delete(`/api/duty/shifts/${id}`));
  assert.deepEqual(await names(), ["白班", "夜班"]);
});

test("a hand-over keeps the words and the work open at that moment, for ever; the other lead takes it over, once", async () => {
  const waiting = await bring(town, "received", "学院路街道");
  const queue = async () =>
    done(await lead.get("/api/queues")).find((q: { key: string }) => q.key === "received").count;
  const then = await queue();
  const given = done(
    await lead.post("/api/duty/handovers", {
      startsAt: iso("2026-11-20", "08:00"),
      text: "供热投诉增多，留意田村路。",
    }),
  );
  assert.equal(given.shift.name, "白班");
  const again = { startsAt: iso("2026-11-20", "08:00"), text: "供热投诉增多，留意田村路。" };
  assert.equal(done(await lead.post("/api/duty/handovers", again)).id, given.id, "sent twice is there once");
  assert.equal(given.taken, null);
  assert.equal(given.open.queues.find((q: { key: string }) => q.key === "received").count, then);
  done(await (await town.as("triager")).move(waiting, "sign"));
  const kept = done(await lead.get("/api/duty/handovers")).rows[0];
  assert.deepEqual(kept.open, given.open, "what moved since does not change what was handed over");
  assert.equal(await queue(), then - 1);

  assert.equal(refused(await lead.post(`/api/duty/handovers/${given.id}/ack`), 409), "handover-own");
  const xumm = await other();
  const pending = done(await xumm.get("/api/duty/now"));
  assert.deepEqual([pending.handover.id, pending.handover.taken, pending.me], [given.id, null, otherId]);
  const taken = done(await xumm.post(`/api/duty/handovers/${given.id}/ack`, { note: "已阅" }));
  assert.deepEqual([taken.taken.by, taken.taken.note], ["许蔓蔓", "已阅"]);
  assert.equal(refused(await xumm.post(`/api/duty/handovers/${given.id}/ack`), 409), "handover-taken");
  refused(await (await town.as("triager")).post(`/api/duty/handovers/${given.id}/ack`), 403);
  const { id } = kept.shift;
  assert.equal(refused(await lead.delete(`/api/duty/shifts/${id}`), 409), "shift-handed-over");
  await assert.rejects(town.shell.db.deleteFrom("handover_ack").execute(), /append-only/);
});

test("only the shift that is on, or one that has just ended, can be handed over; an empty word is refused", async () => {
  const give = (day: `${number}-${number}-${number}`, time: string, text = "无特别事项") =>
    lead.post("/api/duty/handovers", { startsAt: iso(day, time), text });
  assert.equal(refused(await give("2026-11-20", "20:00"), 409), "handover-when");
  assert.equal(refused(await give("2026-11-18", "20:00"), 409), "handover-when");
  assert.equal(refused(await give("2026-11-20", "09:00"), 409), "handover-when");
  assert.equal(refused(await give("2026-11-20", "08:00", "  "), 422), "bad-input");
  done(await give("2026-11-19", "20:00")); // the night shift, an hour after its end
  const longer = {
    name: "夜班",
    startsAt: iso("2026-11-19", "20:00"),
    endsAt: iso("2026-11-20", "12:00"),
    leadId: null,
    memberIds: [],
  };
  assert.equal(refused(await lead.put("/api/duty/shifts", longer), 409), "shift-over");
});
