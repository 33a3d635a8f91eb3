import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CO_LIFECYCLE } from "@jiesu/core/ticket/cohandling.ts";
import { isMove, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { ALL_STATES, STATES, type TicketState } from "@jiesu/core/ticket/state.ts";
import { DAY_MS, HOUR_MS, instant } from "@jiesu/core/time/day.ts";
import { loadRules } from "@jiesu/server/platform/rules.ts";
import fc from "fast-check";
import { generate, spanFor } from "./generator.ts";
import { hourOf } from "./rhythm.ts";
import type { Tale, TaleEvent } from "./tale.ts";

const rules = loadRules();
const NOW = instant("2026-11-20", "10:30"); // Friday, five days into the heating season
const ORDERS = join(import.meta.dirname, "..", "..", "shared", "data", "beijing12345", "orders.csv");

const tales = (tickets: number, seed: number, to = NOW): Tale[] => [
  ...generate({ tickets, seed, ...spanFor(tickets, to), rules }),
];
const town = tales(3000, 1);

test("the same seed tells the same tickets, another seed others", () => {
  const digest = (t: Tale[]) => createHash("sha256").update(JSON.stringify(t)).digest("hex");
  const first = digest(tales(400, 5));
  assert.equal(digest(tales(400, 5)), first);
  assert.notEqual(digest(tales(400, 6)), first);
});

test("exactly as many tickets as asked for, each with its own number, in order of arrival", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 1e9 }), (count, seed) => {
      const some = tales(count, seed);
      assert.equal(some.length, count);
      assert.equal(new Set(some.map((t) => t.number)).size, count);
      assert.deepEqual(
        some.map((t) => t.index),
        some.map((_, i) => i),
      );
      for (const [i, t] of some.entries()) assert.ok(t.receivedAt >= (some[i - 1]?.receivedAt ?? 0));
    }),
    { numRuns: 15 },
  );
});

test("every step of every ticket is one that the table allows to that role, and the story never goes back or ends too late", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), fc.integer({ min: 0, max: 700 }), (seed, daysBefore) => {
      const to = NOW - daysBefore * DAY_MS;
      for (const tale of tales(150, seed, to)) checkChain(tale, to);
    }),
    { numRuns: 20 },
  );
  for (const tale of town) checkChain(tale, NOW);
});

test("units told to wait get a ticket each in turn: dispatched to them within the hour and not taken", () => {
  const waitingFor = ["四季青镇", "海淀区北部供热有限公司"];
  for (const hour of ["02:30", "10:30", "23:50"]) {
    const to = instant("2026-11-20", hour);
    const made = [...generate({ tickets: 8, seed: 1, from: to - HOUR_MS, to, rules, waitingFor })];
    for (const tale of made) {
      checkChain(tale, to);
      assert.ok(["received", "triage", "dispatched"].includes(tale.state), tale.state);
    }
    const sent = made.filter((t) => t.state === "dispatched");
    assert.ok(sent.length >= 4, `${sent.length} at ${hour}`);
    for (const tale of sent) assert.equal(tale.leadUnit, waitingFor[tale.index % 2]);
    for (const name of waitingFor)
      assert.ok(
        sent.some((t) => t.leadUnit === name),
        `${name} at ${hour}`,
      );
  }
});

function checkChain(tale: Tale, to: number): void {
  let state: TicketState | null = null;
  let at = 0;
  let moved = 1;
  for (const [i, e] of tale.events.entries()) {
    assert.equal(e.version, i + 1, `${tale.number}: versions count the events`);
    assert.equal(e.from, state, `${tale.number}: ${e.kind} follows on`);
    assert.ok(e.at >= at && e.at <= to, `${tale.number}: ${e.kind} comes after what went before`);
    checkStep(tale, e);
    if (e.from !== e.to) moved = e.version;
    state = e.to;
    at = e.at;
  }
  assert.equal(tale.version, tale.events.length);
  assert.equal(tale.movedVersion, moved);
  assert.equal(tale.state, state);
  assert.equal(tale.closedAt !== null, tale.state === "closed");
}

function checkStep(tale: Tale, e: TaleEvent): void {
  const where = `${tale.number}: ${e.kind} in ${e.from}`;
  if (isMove(e.kind)) {
    const step = stepOf(e.kind);
    const { role } = e.by;
    assert.ok(e.from !== null && step.from.includes(e.from), where);
    assert.equal(e.to, step.to === "same" ? e.from : step.to, where);
    assert.ok(role !== "system" && step.by.includes(role), `${where} by ${role}`);
    return;
  }
  if (e.kind === "import" || e.kind === "receive") {
    assert.deepEqual([e.version, e.from, e.to], [1, null, "received"], where);
    return;
  }
  assert.equal(e.to, e.from, where);
  assert.ok(e.kind.startsWith("timer.") || CO_LIFECYCLE.some((s) => s.move === e.kind), where);
}

test("the great majority is closed, and no queue is empty at the end of the story", () => {
  const count = (state: TicketState) => town.filter((t) => t.state === state).length;
  assert.ok(count("closed") > 0.8 * town.length);
  for (const state of ALL_STATES) {
    if (STATES[state].open) assert.ok(count(state) > 0, `nothing ${STATES[state].zh}`);
  }
  const open = town.filter((t) => STATES[t.state].open);
  const overdue = open.filter((t) =>
    t.clocks.some((c) => c.clock.state === "running" && c.clock.dueAt < NOW),
  );
  assert.ok(
    overdue.length > 0 && overdue.length < open.length / 2,
    `${overdue.length} of ${open.length} overdue`,
  );
});

test("mornings and afternoons are busy, nights are quiet, Sundays are slow", () => {
  const hours = (from: number, to: number) =>
    town.filter((t) => hourOf(t.receivedAt) >= from && hourOf(t.receivedAt) < to).length;
  assert.ok(hours(0, 6) < 0.04 * town.length);
  assert.ok(hours(12, 13) < 0.75 * hours(10, 11), "noon lies between the humps");
  assert.ok(hours(12, 13) < 0.75 * hours(15, 16));
  const usual = town.filter((t) => !t.burst);
  const onDay = (weekday: number) =>
    usual.filter((t) => new Date(t.receivedAt + 8 * 3_600_000).getUTCDay() === weekday).length;
  assert.ok(onDay(0) < 0.85 * onDay(1));
});

test("heating is complained of in November and hardly in July, catkins the other way round", () => {
  const share = (some: Tale[], category: string) =>
    some.filter((t) => t.matter.category1 === category).length / some.length;
  const summer = tales(1500, 3, instant("2026-07-31", "12:00"));
  assert.ok(share(town, "供热") > 0.04);
  assert.ok(share(summer, "供热") < 0.01);
});

test("one community's heating fails, and the calls pile up within hours", () => {
  const burst = town.filter((t) => t.burst);
  assert.ok(burst.length >= 20);
  assert.deepEqual(
    [new Set(burst.map((t) => t.at.community.code)).size, new Set(burst.map((t) => t.matter.category3)).size],
    [1, 1],
  );
  const last = burst.at(-1);
  assert.ok(last && last.receivedAt - (burst[0]?.receivedAt ?? 0) < 12 * 3_600_000);
});

test("some people call again and again, under one name and one phone, and every phone is made up", () => {
  const byPhone = Map.groupBy(town, (t) => t.requester.phone);
  assert.ok([...byPhone.values()].some((calls) => calls.length >= 5));
  for (const [phone, calls] of byPhone) {
    assert.match(phone, /^19900\d{6}$/);
    assert.equal(new Set(calls.map((t) => t.requester.name)).size, 1);
  }
});

test("callbacks have blanks, some go unanswered, the city asks again, and some tickets are left out", () => {
  const callbacks = town.flatMap((t) => t.callbacks);
  const answered = callbacks.filter((c) => c.outcome === "answered");
  for (const question of ["contacted", "solved", "satisfied"] as const) {
    const blank = answered.filter((c) => c[question] === null).length / answered.length;
    assert.ok(blank > 0.02 && blank < 0.25, `${question}: ${blank}`);
  }
  assert.ok(callbacks.some((c) => c.outcome === "missed") && callbacks.some((c) => c.outcome === "refused"));
  assert.ok(answered.some((c) => c.source === "city"));
  const results = town.flatMap((t) => t.results);
  assert.ok(results.some((r) => r.scope === "exempt" && r.scopeNote !== ""));
  assert.ok(results.some((r) => r.void) && results.some((r) => r.valid && r.source === "own"));
  for (const r of results)
    assert.equal(
      r.valid,
      Object.values(r.answers).some((a) => a !== null),
    );
});

test("tickets are returned and get a new round; rules, reworks, merges and late reports happen", () => {
  const kinds = new Set(town.flatMap((t) => t.events.map((e) => e.kind)));
  for (const kind of [
    "returnToCentre",
    "acceptReturn",
    "refuseReturn",
    "rule",
    "rework",
    "shelve",
    "merge",
    "watch",
    "reopen",
    "coReport",
  ]) {
    assert.ok(kinds.has(kind), kind);
  }
  assert.ok(town.some((t) => t.round >= 2 && t.assignments.length >= 2));
  assert.ok(town.some((t) => t.clocks.some((c) => c.clock.kind === "report" && c.clock.late === true)));
  for (const t of town)
    if (t.mergedInto !== null) assert.ok(t.mergedInto < t.index && town[t.mergedInto]?.mergedInto === null);
});

test("no text is a real one, nor holds a stretch of one", (t) => {
  if (!existsSync(ORDERS)) {
    t.skip("../shared/data is not here");
    return;
  }
  const real = readFileSync(ORDERS, "utf8");
  for (const tale of town) {
    assert.ok(!real.includes(tale.content), tale.content);
    const sentence = tale.content.split(/[，。：]/).sort((a, b) => b.length - a.length)[0] ?? "";
    assert.ok(sentence.length < 12 || !real.includes(sentence), sentence);
  }
});
