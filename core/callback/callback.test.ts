import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { HOUR_MS, instant, MINUTE_MS } from "../time/day.ts";
import { judgeAttempts, nextAttempt, planFault } from "./attempts.ts";
import { type Call, callList } from "./order.ts";
import { parseCallbackRules, scriptFor } from "./rules.ts";

const FILE: unknown = JSON.parse(
  readFileSync(new URL("../../rules/callback/2019-default.json", import.meta.url), "utf8"),
);
const read = parseCallbackRules(FILE);
assert.ok(read.ok);
const RULES = read.value.body;

const FRIDAY = "2026-11-20";
const NOW = instant(FRIDAY, "10:00");
const call = (id: string, facts: Partial<Call> = {}): Call => ({
  id,
  level: 3,
  dueAt: NOW + 72 * HOUR_MS,
  nearAt: NOW + 60 * HOUR_MS,
  waitingSince: NOW - HOUR_MS,
  attemptsAt: [],
  plannedAt: null,
  ...facts,
});
const ids = (calls: readonly { readonly call: Call }[]) => calls.map((each) => each.call.id);

test("the overdue are called first, then the near due, then who was promised this hour, then the urgent", () => {
  const calls = [
    call("1", { waitingSince: NOW - 9 * HOUR_MS }),
    call("2", { level: 1 }),
    call("3", { plannedAt: NOW - 5 * MINUTE_MS, attemptsAt: [NOW - 3 * HOUR_MS] }),
    call("4", { nearAt: NOW - HOUR_MS, dueAt: NOW + HOUR_MS }),
    call("5", { nearAt: NOW - 9 * HOUR_MS, dueAt: NOW - HOUR_MS }),
  ];
  const list = callList(calls, RULES.order, NOW);
  assert.deepEqual(ids(list.now), ["5", "4", "3", "2", "1"]);
  assert.deepEqual(
    list.now.map((each) => each.why[0]?.zh),
    ["超期 1 小时", "临期 剩 1 小时", "约定时间已到（5 分前）", "一级紧急", "已等 9 小时"],
  );
});

test("who did not answer before is called after who was not called yet, and who waits longest first among them", () => {
  const calls = [
    call("1", { attemptsAt: [NOW - 4 * HOUR_MS], waitingSince: NOW - 30 * HOUR_MS }),
    call("2", { waitingSince: NOW - HOUR_MS }),
    call("3", { waitingSince: NOW - 2 * HOUR_MS }),
  ];
  assert.deepEqual(ids(callList(calls, RULES.order, NOW).now), ["3", "2", "1"]);
});

test("a call planned for the afternoon waits until then, unless its deadline comes near before", () => {
  const at = instant(FRIDAY, "15:00");
  const calls = [
    call("1", { plannedAt: at }),
    call("2", { plannedAt: at, nearAt: NOW - HOUR_MS, dueAt: NOW + 2 * HOUR_MS }),
  ];
  const list = callList(calls, RULES.order, NOW);
  assert.deepEqual(ids(list.now), ["2"]);
  assert.deepEqual(ids(list.later), ["1"]);
  assert.deepEqual(ids(callList(calls, RULES.order, at).later), []);
});

test("law: the list holds every call once, and the order in which they come changes nothing", () => {
  const time = fc.option(fc.integer({ min: -50, max: 50 }).map((h) => NOW + h * HOUR_MS));
  const anyCall = fc.record({
    level: fc.constantFrom(1, 2, 3, 4),
    dueAt: time,
    nearAt: time,
    waitingSince: fc.integer({ min: 0, max: 90 }).map((h) => NOW - h * HOUR_MS),
    attemptsAt: fc.array(fc.integer({ min: 1, max: 50 }).map((h) => NOW - h * HOUR_MS)),
    plannedAt: time,
  });
  const anyCalls = fc
    .array(anyCall, { maxLength: 30 })
    .map((all) => all.map((each, i): Call => ({ ...each, id: String(i + 1) }) as Call));
  fc.assert(
    fc.property(anyCalls, fc.integer(), (calls, turn) => {
      const list = callList(calls, RULES.order, NOW);
      const all = [...ids(list.now), ...ids(list.later)];
      assert.deepEqual(all.toSorted(), calls.map((each) => each.id).toSorted());
      const by = calls.length === 0 ? 0 : Math.abs(turn % calls.length);
      const turned = [...calls.slice(by), ...calls.slice(0, by)];
      assert.deepEqual(callList(turned, RULES.order, NOW), list);
    }),
  );
});

test("three calls are not enough when they were made within minutes, or all in one morning", () => {
  const at = (...times: string[]) => times.map((time) => instant(FRIDAY, time));
  const judged = (attempts: readonly number[]) => judgeAttempts(attempts, RULES.attempts);
  assert.equal(judged(at("09:00", "09:01", "09:02")).counted.length, 1);
  assert.equal(judged(at("09:00", "09:01", "14:30")).enough, false);
  const mornings = ["2026-11-18", "2026-11-19", "2026-11-20"].map((day) =>
    instant(day as `${number}-${number}-${number}`, "09:00"),
  );
  assert.equal(judged(mornings).counted.length, 3);
  assert.equal(judged(mornings).enough, false);
  assert.equal(judged(at("09:00", "14:30", "18:30")).enough, true);
});

test("the next attempt is tried in a part of the day that was not tried yet", () => {
  const next = (now: number, ...before: number[]) => nextAttempt([...before, now], RULES.attempts, now);
  const morning = instant(FRIDAY, "10:02");
  const afternoon = instant(FRIDAY, "16:10");
  assert.equal(next(morning), instant(FRIDAY, "14:00"));
  assert.equal(next(afternoon, morning), instant(FRIDAY, "18:10"));
  assert.equal(next(instant(FRIDAY, "18:30"), morning, afternoon), instant("2026-11-21", "08:30"));
});

test("law: the next attempt lies in a daypart, at least a gap after the last call, and may be planned", () => {
  const earlier = fc.array(fc.integer({ min: 0, max: 72 * 60 }), { maxLength: 6 });
  const minute = fc.integer({ min: 0, max: 30 * 24 * 60 });
  fc.assert(
    fc.property(minute, earlier, (m, before) => {
      const now = NOW + m * MINUTE_MS;
      const attempts = [...before.map((b) => now - b * MINUTE_MS), now];
      const at = nextAttempt(attempts, RULES.attempts, now);
      assert.ok(at >= now + RULES.attempts.gapMs);
      assert.equal(judgeAttempts([at], RULES.attempts).dayparts.length, 1);
      assert.equal(planFault(at, RULES.attempts, now), null);
    }),
  );
});

test("law: one more call never makes enough attempts too few", () => {
  const attempts = fc.array(fc.integer({ min: 0, max: 96 * 60 }), { maxLength: 12 });
  fc.assert(
    fc.property(attempts, fc.integer({ min: 0, max: 600 }), (before, later) => {
      const at = before.map((m) => NOW + m * MINUTE_MS);
      const last = Math.max(NOW, ...at) + later * MINUTE_MS;
      if (judgeAttempts(at, RULES.attempts).enough)
        assert.ok(judgeAttempts([...at, last], RULES.attempts).enough);
    }),
  );
});

test("a plan in the past or beyond a week is refused", () => {
  assert.deepEqual(planFault(NOW, RULES.attempts, NOW), { code: "next-attempt-past" });
  assert.deepEqual(planFault(NOW + 9 * 24 * HOUR_MS, RULES.attempts, NOW), {
    code: "next-attempt-far",
    days: 7,
  });
});

test("a heating complaint has its own script, every other the one for everybody", () => {
  assert.match(scriptFor(RULES, "供热").solved, /温度/);
  assert.equal(scriptFor(RULES, "市容环卫").category1, "");
});

test("rules with a misspelt order, overlapping dayparts or no general script are told where", () => {
  const broken = structuredClone(FILE) as { body: Record<string, unknown> };
  Object.assign(broken.body, {
    order: ["due", "luck"],
    scripts: [],
    attempts: {
      max: 1,
      gapMinutes: 0,
      minDayparts: 2,
      maxDays: 7,
      dayparts: [{ name: "早", from: "08:00", to: "25:00" }],
    },
  });
  const answer = parseCallbackRules(broken);
  assert.ok(!answer.ok);
  const places = answer.problems.map((each) => each.path);
  for (const place of [
    "body.order",
    "body.scripts",
    "body.attempts.minDayparts",
    "body.attempts.dayparts[0].to",
  ])
    assert.ok(places.includes(place), place);
});
