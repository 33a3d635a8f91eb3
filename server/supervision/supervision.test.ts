import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import {
  ALL_SUPERVISION_STATES,
  ALL_SUPERVISION_STEPS,
  SUPERVISION_STATES,
  type SupervisionState,
  supervisionStep,
} from "@jiesu/core/supervision/lifecycle.ts";
import { ALL_ROLES, sideOf } from "@jiesu/core/ticket/role.ts";
import { bringItem, note, step } from "../testing/supervision.ts";
import { bring, done, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages } from "../testing/urging.ts";
import { tellDue } from "./telling.ts";

const UNIT = "学院路街道";
const OTHER = "清河街道";
let town: Town;
let supervisor: Client;
let handler: Client;
let stranger: Client;
let leader: Client;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  supervisor = await town.as("supervisor");
  handler = await town.as("handler", UNIT);
  stranger = await town.as("handler", OTHER);
  leader = await town.as("leader");
});
after(() => town?.close());

/** Another hour; those who were signed in longest are signed in anew. */
const at = async (...hour: Parameters<Town["at"]>): Promise<void> => {
  town.at(...hour);
  supervisor = await town.afresh("supervisor");
  handler = await town.afresh("handler", UNIT);
};
const item = async (who: Client, id: string): Promise<Answer["body"]> =>
  done(await who.get(`/api/supervision/${id}`));
const JPEG = Buffer.concat([Buffer.from("ffd8ffe000104a4649460001", "hex"), Buffer.alloc(200, 1)]);
const messages = async (who: Client, id: string): Promise<string[]> => {
  await deliverMessages(town);
  return done(await who.get("/api/inbox?limit=100"))
    .rows.filter((m: { link: string }) => m.link === `/supervision/${id}`)
    .map((m: { title: string }) => m.title);
};

test("a leader's note goes to its unit, is answered with a photo, looked at on site, passed by one and closed by another", async () => {
  const ticket = await bring(town, "handling", UNIT, { ticket: { title: "夜间施工" } });
  const { number } = await look(supervisor, ticket);
  const { id, state, dueAt, tickets } = await note(town, { level: "key", numbers: [number] });
  assert.deepEqual([state, tickets[0].number], ["arrived", number]);
  assert.equal(dueAt, "2026-11-20T09:00:00.000Z", "of weight: forwarded within eight hours");
  assert.equal((await handler.get(`/api/supervision/${id}`)).status, 404, "nobody of the unit sees it yet");
  done(
    await step(supervisor, id, "forward", {
      unitIds: [await town.unit(UNIT), await town.unit(OTHER)],
      text: "请于本周内整改到位",
    }),
  );
  assert.deepEqual(
    (await item(handler, id)).moves,
    ["progress", "answer", "askExtension"],
    "the lead unit's own steps",
  );
  assert.deepEqual((await item(stranger, id)).moves, ["progress"]);
  done(await step(stranger, id, "progress", { text: "已协助疏导" }));
  const photo = done(await handler.upload(`/api/supervision/${id}/files`, "现场.jpg", JPEG, "image/jpeg"));
  const answered = done(await step(handler, id, "answer", { text: "已停工整改", fileIds: [photo.id] }));
  assert.equal(answered.state, "answered");
  const refusal = await step(supervisor, id, "pass", {});
  assert.equal(refused(refusal, 409), "supervision-check-first");
  done(await step(supervisor, id, "check", { place: "学院路东口", result: "good", text: "现场已停工" }));
  done(await step(supervisor, id, "pass", { text: "整改到位" }));
  const closed = done(await step(leader, id, "close", { text: "同意销号" }));
  assert.deepEqual([closed.state, closed.dueAt, closed.moves], ["closed", null, ["reopen"]]);
  const seen = await handler.get(`/api/supervision/${id}/files/${photo.id}?show=1`);
  assert.deepEqual([seen.status, seen.raw.equals(JPEG)], [200, true]);
  const told = (await item(handler, id)).steps.map((s: { zh: string }) => s.zh);
  assert.deepEqual(
    told,
    ["销号", "登记核查", "报办结", "报进展", "转办", "列入督办"],
    "what the centre says among itself is not told to units",
  );
  const { events } = await look(supervisor, ticket);
  assert.deepEqual(
    events
      .filter((e: { kind: string }) => e.kind.startsWith("supervision."))
      .map((e: { zh: string }) => e.zh),
    [
      "督办：销号",
      "督办：核查通过",
      "督办：登记核查",
      "督办：报办结",
      "督办：报进展",
      "督办：转办",
      "督办：列入督办",
    ],
  );
  const unitReads = (await look(handler, ticket)).events.map((e: { kind: string }) => e.kind);
  assert.ok(unitReads.includes("supervision.check") && !unitReads.includes("supervision.pass"));
  assert.deepEqual(await messages(handler, id), ["督办件销号", "督办件登记核查", "督办件转办"]);
  assert.deepEqual(await messages(supervisor, id), ["督办件报办结", "督办件报进展"]);
  assert.deepEqual(await messages(leader, id), ["督办件核查通过"]);
});

test("through the routes too, every role may take in every state exactly the steps of the table", async () => {
  const stops: readonly ("arrived" | "handling" | "answered" | "review" | "closed")[] = [
    ...(["arrived", "handling", "answered", "review", "closed"] as const),
  ];
  let allowed = 0;
  for (const stop of stops) {
    const id = await bringItem(town, stop, UNIT);
    for (const role of ALL_ROLES) {
      if (sideOf(role) === "machine" || sideOf(role) === "admin") continue; // no step is theirs (routes.golden.txt)
      const who = await town.as(role, role === "handler" || role === "unitLead" ? UNIT : undefined);
      for (const name of ALL_SUPERVISION_STEPS) {
        const row = supervisionStep(name);
        const [mine, here] = [row.by.some((each) => each === role), row.from.some((each) => each === stop)];
        const listed: boolean = mine && here;
        if (!mine && !here) continue; // forbidden twice
        // an empty form is refused for what it lacks (or for the version), never for who sends it
        const answer = await step(who, id, name, {}, { version: 0 });
        const barred = ["not-allowed", "supervision-role", "supervision-state", "not-found"];
        const code: string = answer.body.code;
        assert.equal(barred.includes(code), !listed, `${role} ${stop} ${name}: ${code}`);
        allowed += listed ? 1 : 0;
      }
    }
    assert.equal((await item(leader, id)).state, stop, "nothing was done by the way");
  }
  assert.ok(allowed > 40);
});

test("forwarded within its clock it is in time; after it, it is late for good, and each of its tickets says so", async () => {
  const ticket = await bring(town, "handling", UNIT);
  const { number } = await look(supervisor, ticket);
  const [inTime, late] = [
    await note(town, { level: "listed" }),
    await note(town, { level: "listed", numbers: [number] }),
  ];
  await at("2026-11-20", "13:00"); // four hours: due, not over
  const forward = async (id: string) =>
    done(await step(supervisor, id, "forward", { unitIds: [await town.unit(UNIT)], text: "请办理" }));
  assert.equal((await forward(inTime.id)).forwardedLate, false);
  await at("2026-11-20", "13:01");
  const overdue = done(await supervisor.get("/api/supervision?state=arrived&due=overdue"));
  assert.deepEqual(
    overdue.rows.map((row: { id: string }) => row.id),
    [late.id],
  );
  assert.equal((await forward(late.id)).forwardedLate, true);
  const kinds = (await look(supervisor, ticket)).events.map((e: { kind: string }) => e.kind);
  assert.deepEqual(kinds.slice(0, 2), ["supervision.forwardedLate", "supervision.forward"]);
  const counted = done(await supervisor.get("/api/supervision?late=1"));
  assert.deepEqual(
    counted.rows.map((row: { id: string }) => row.id),
    [late.id],
  );
  town.at("2026-11-20", "09:00");
});

test("a term that comes near or is over is told once to who owes it, however often the worker looks", async () => {
  const id = await bringItem(town, "handling", UNIT);
  assert.equal((await item(handler, id)).dueAt, "2026-11-27T15:59:59.999Z", "five workdays from Friday");
  await at("2026-11-27", "09:00");
  await tellDue(town.shell);
  await tellDue(town.shell);
  assert.equal((await messages(handler, id)).filter((title) => title === "督办件督办办理临期").length, 1);
  await at("2026-11-28", "00:00");
  await tellDue(town.shell);
  await tellDue(town.shell);
  for (const who of [handler, supervisor])
    assert.equal((await messages(who, id)).filter((title) => title === "督办件督办办理超期").length, 1);
  assert.deepEqual((await item(handler, id)).standing, "overdue");
  town.at("2026-11-20", "09:00");
});

test("more time is asked for and granted on the same clock; a day that a leader gave is not moved", async () => {
  const id = await bringItem(town, "handling", UNIT);
  const asked = done(await step(handler, id, "askExtension", { days: 3, text: "等待检测" }));
  assert.equal(asked.asked, 3);
  const granted = done(await step(supervisor, id, "grantExtension", {}));
  assert.deepEqual([granted.asked, granted.dueAt], [null, "2026-12-02T15:59:59.999Z"]);
  assert.equal(
    refused(await step(handler, id, "askExtension", { days: 1, text: "再等" }), 409),
    "supervision-extension-used",
  );
  const given = await bringItem(town, "handling", UNIT, { due: "2026-11-24" });
  assert.equal((await item(handler, given)).dueAt, "2026-11-24T15:59:59.999Z");
  const refusal = await step(handler, given, "askExtension", { days: 1, text: "来不及" });
  assert.equal(refused(refusal, 409), "supervision-extension-given");
  assert.match(refusal.body.message, /由市级或领导指定/);
});

test("sent back, it comes to the unit with a clock of its own; closed, it can be taken up again", async () => {
  const id = await bringItem(town, "review", UNIT);
  done(await step(leader, id, "sendBack", { text: "夜间仍有施工，请重办" }));
  const back = await item(handler, id);
  assert.deepEqual([back.state, back.clockZh, back.dueAt], ["rework", "重办", "2026-11-25T15:59:59.999Z"]);
  done(await step(handler, id, "answer", { text: "已撤场" }));
  done(await step(supervisor, id, "pass", {}));
  done(await step(leader, id, "close", {}));
  const again = done(await step(leader, id, "reopen", { text: "市级要求继续督办" }));
  assert.deepEqual([again.state, again.endedAt], ["rework", null]);
  const { clocks } = again;
  assert.deepEqual(
    clocks.map((c: { kind: string; state: string }) => `${c.kind} ${c.state}`),
    [
      "rework running",
      "close stopped",
      "check stopped",
      "rework stopped",
      "close stopped",
      "check stopped",
      "handle stopped",
      "forward stopped",
    ],
  );
});

test("who passed an item on does not close it, whatever other post they hold", async () => {
  const lead = await town.as("shiftLead");
  const id = await bringItem(town, "answered", UNIT);
  done(await step(lead, id, "pass", {}));
  assert.equal(refused(await step(lead, id, "close", {}), 403), "supervision-same-person");
  done(await step(leader, id, "close", {}));
});

test("sent twice it is one step; sent on what has changed meanwhile it is refused and nothing is lost", async () => {
  const id = await bringItem(town, "handling", UNIT);
  const { version } = await item(handler, id);
  const once = randomUUID();
  const text = "已联系施工方";
  done(await step(handler, id, "progress", { text }, { version, once }));
  done(await step(handler, id, "progress", { text }, { version, once }));
  const { steps } = await item(handler, id);
  assert.equal(steps.filter((s: { step: string }) => s.step === "progress").length, 1);
  const stale = await step(supervisor, id, "press", { text: "请加快" }, { version });
  assert.equal(refused(stale, 409), "supervision-stale");
  const stolen = await step(supervisor, id, "press", { text: "请加快" }, { once });
  assert.equal(refused(stolen, 404), "not-found", "another's key tells nothing");
  const form = {
    title: "占道经营",
    matter: "请清理",
    leader: "李区长",
    notedOn: "2026-11-20",
    level: "general",
    once: randomUUID(),
  };
  const first = done(await supervisor.post("/api/supervision", form));
  assert.equal(done(await supervisor.post("/api/supervision", form)).id, first.id);
});

test("a unit sees what was sent to it and nothing else: in the list, in the counts, by number, and its files", async () => {
  const id = await bringItem(town, "handling", OTHER, { title: "井盖缺失" });
  const file = done(
    await supervisor.upload(`/api/supervision/${id}/files`, "内部材料.jpg", JPEG, "image/jpeg"),
  );
  assert.equal((await handler.get(`/api/supervision/${id}`)).status, 404);
  assert.equal((await handler.get(`/api/supervision/${id}/files/${file.id}`)).status, 404);
  assert.equal(
    (await handler.upload(`/api/supervision/${id}/files`, "x.jpg", JPEG, "image/jpeg")).status,
    404,
  );
  assert.equal(
    (await stranger.get(`/api/supervision/${id}/files/${file.id}`)).status,
    404,
    "no step has named it",
  );
  assert.equal(refused(await step(handler, id, "progress", { text: "试" }), 404), "not-found");
  const mine = done(await handler.get("/api/supervision?limit=200")).rows;
  const theirs = done(await stranger.get("/api/supervision?limit=200")).rows;
  assert.ok(
    !mine.some((row: { id: string }) => row.id === id) && theirs.some((row: { id: string }) => row.id === id),
  );
  const counts = done(await stranger.get("/api/supervision/counts"));
  assert.equal(
    counts.states.reduce((sum: number, s: { n: number }) => sum + s.n, 0),
    theirs.length,
  );
  assert.equal(done(await stranger.get(`/api/supervision?q=${encodeURIComponent("井盖")}`)).total, 1);
});

test("a unit names its own files alone, and never another item's", async () => {
  const [id, elsewhere] = [await bringItem(town, "handling", UNIT), await bringItem(town, "handling", UNIT)];
  const theirs = done(
    await supervisor.upload(`/api/supervision/${id}/files`, "批示.jpg", JPEG, "image/jpeg"),
  );
  const other = done(
    await handler.upload(`/api/supervision/${elsewhere}/files`, "a.jpg", JPEG, "image/jpeg"),
  );
  for (const fileIds of [[theirs.id], [other.id], ["999999"]])
    assert.equal(
      refused(await step(handler, id, "progress", { text: "见附件", fileIds }), 422),
      "supervision-file",
    );
  const bad = await handler.upload(
    `/api/supervision/${id}/files`,
    "run.exe",
    Buffer.from("MZ\u0000\u0001program"),
    "image/jpeg",
  );
  assert.equal(refused(bad, 422), "file-kind");
});

test("numbers of people are covered wherever they are written, and what is wrong in the form is said", async () => {
  const { id, matter } = await note(town, { title: "来电 13812345678 反映" });
  assert.doesNotMatch(JSON.stringify(await item(supervisor, id)), /13812345678/);
  assert.ok(matter);
  const form = { title: "占道", matter: "请清理", leader: "李", notedOn: "2026-11-20", level: "general" };
  const post = (more: object) =>
    supervisor.post("/api/supervision", { ...form, once: randomUUID(), ...more });
  assert.equal(refused(await post({ numbers: ["热线-0-0"] }), 422), "supervision-ticket");
  assert.equal(refused(await post({ due: "2026-11-19" }), 422), "supervision-due-past");
  assert.equal(refused(await post({ unitIds: ["999999"] }), 422), "unit-unknown");
  assert.equal(refused(await post({ title: " " }), 422), "bad-input");
  assert.equal(
    refused(await handler.post("/api/supervision", { ...form, once: randomUUID() }), 403),
    "not-allowed",
  );
});

test("in the database every open item has exactly one running clock of its state's kind, and a step for every version", async () => {
  const { db } = town.shell;
  const items = await db.selectFrom("supervision_item").selectAll().execute();
  assert.ok(items.length > 15);
  const states = new Set<string>();
  for (const row of items) {
    const state: SupervisionState | undefined = ALL_SUPERVISION_STATES.find((each) => each === row.state);
    assert.ok(state);
    states.add(state);
    const clocks = await db
      .selectFrom("supervision_clock")
      .select("kind")
      .where("item_id", "=", row.id)
      .where("state", "=", "running")
      .execute();
    const kind = SUPERVISION_STATES[state].clock;
    assert.deepEqual(
      clocks.map((c) => c.kind),
      kind === null ? [] : [kind],
    );
    assert.equal(row.clock, kind);
    const steps = await db
      .selectFrom("supervision_step")
      .select("id")
      .where("item_id", "=", row.id)
      .execute();
    assert.equal(steps.length, row.version);
  }
  assert.ok(states.size >= 5);
  const [any] = items;
  await assert.rejects(
    db
      .updateTable("supervision_step")
      .set({ text: "改" })
      .where("item_id", "=", any?.id ?? "0")
      .execute(),
    /append-only|may not|changed/i,
  );
});
