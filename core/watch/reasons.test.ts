import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { OPEN_STATES } from "../ticket/state.ts";
import { HOUR_MS, instant, MINUTE_MS } from "../time/day.ts";
import { isDone, isNameless, type Naming, reasonsOf, type WatchFacts } from "./reasons.ts";
import { parseWatchRules, silentHours } from "./rules.ts";

const read = parseWatchRules(
  JSON.parse(readFileSync(new URL("../../rules/watch/2019-default.json", import.meta.url), "utf8")),
);
assert.ok(read.ok);
const NOW = instant("2026-11-20", "09:00");
const BY = {
  watch: read.value.body,
  duty: { shifts: [], untouchedMinutes: { received: 30, dispatched: 120 }, nearMinutes: 60 },
  shiftEndsAt: instant("2026-11-20", "20:00"),
};
const QUIET: WatchFacts = {
  ...{ state: "handling", level: 3, returns: 0, dueAt: NOW + 48 * HOUR_MS },
  ...{ since: NOW - HOUR_MS, lastStepAt: NOW - HOUR_MS, urgedAt: null, resting: false },
  ...{ ticking: true, unit: true, desk: true },
};
const why = (facts: Partial<WatchFacts>) => reasonsOf({ ...QUIET, ...facts }, BY, NOW).map((f) => f.reason);

test("a ticket in hand, with time beyond this shift, is not watched", () => {
  assert.deepEqual(why({}), []);
});

test("what falls due before the shift ends is watched, what falls due as it ends is the next one's; past due is overdue", () => {
  assert.deepEqual(why({ dueAt: BY.shiftEndsAt - 1 }), ["due"]);
  assert.deepEqual(why({ dueAt: BY.shiftEndsAt }), []);
  assert.deepEqual(why({ dueAt: NOW }), ["due"]);
  assert.deepEqual(why({ dueAt: NOW - 1 }), ["overdue"]);
});

test("what was returned, rejected or sent back is watched at once; what nobody took up, after the minutes of the rule", () => {
  assert.deepEqual(why({ state: "returnReview" }), ["returned"]);
  assert.deepEqual(why({ state: "triage", returns: 1 }), ["returned"]);
  assert.deepEqual(why({ state: "triage" }), []);
  assert.deepEqual(why({ state: "withdrawRejected" }), ["rejected"]);
  assert.deepEqual(why({ state: "rework" }), ["rework"]);
  const waits = (state: "received" | "dispatched" | "rework", minutes: number) =>
    why({ state, since: NOW - minutes * MINUTE_MS });
  assert.deepEqual([waits("received", 29), waits("received", 30)], [[], ["unheld"]]);
  assert.deepEqual([waits("dispatched", 119), waits("dispatched", 120)], [[], ["unheld"]]);
  assert.deepEqual(waits("rework", 120), ["rework", "unheld"]);
});

test("silence is by state and level; an urge is watched an hour after nobody answered", () => {
  const silent = (level: 1 | 3 | 4, hours: number) => why({ level, lastStepAt: NOW - hours * HOUR_MS });
  assert.deepEqual(
    [silent(1, 1), silent(3, 71), silent(3, 72), silent(4, 72)],
    [["silent"], [], ["silent"], []],
  );
  assert.deepEqual(why({ lastStepAt: NOW - 99 * HOUR_MS, resting: true }), [], "it waits by permission");
  assert.deepEqual(why({ urgedAt: NOW - 59 * MINUTE_MS }), []);
  assert.deepEqual(why({ urgedAt: NOW - HOUR_MS }), ["urged"]);
});

test("all reasons are told, the gravest first, each with its instant", () => {
  const all = {
    state: "rework",
    ticking: false,
    dueAt: NOW - 5,
    lastStepAt: 0,
    urgedAt: 7,
    since: 3,
  } as const;
  assert.deepEqual(reasonsOf({ ...QUIET, ...all }, BY, NOW), [
    { reason: "loose", at: 3 },
    { reason: "overdue", at: NOW - 5 },
    { reason: "rework", at: 3 },
    { reason: "urged", at: 7 },
    { reason: "unheld", at: 3 },
    { reason: "silent", at: 0 },
  ]);
});

test("law: time alone takes nothing off the list, it only adds", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...OPEN_STATES),
      fc.constantFrom(1 as const, 2 as const, 3 as const, 4 as const),
      fc.integer({ min: -100, max: 100 }),
      fc.nat(200),
      fc.option(fc.nat(100), { nil: null }),
      fc.nat(300),
      (state, level, dueIn, ago, urged, later) => {
        const facts: WatchFacts = {
          ...{ ...QUIET, state, level, dueAt: NOW + dueIn * HOUR_MS, since: NOW - ago * HOUR_MS },
          ...{ lastStepAt: NOW - ago * HOUR_MS, urgedAt: urged === null ? null : NOW - urged * HOUR_MS },
        };
        const then = NOW + later * HOUR_MS;
        const next = reasonsOf(facts, { ...BY, shiftEndsAt: then + 11 * HOUR_MS }, then).map((f) => f.reason);
        for (const reason of reasonsOf(facts, BY, NOW).map((f) => f.reason))
          assert.ok(next.includes(reason) || (reason === "due" && next.includes("overdue")), reason);
      },
    ),
  );
});

test("an item leaves only when something was done and no reason is left, or the ticket is closed", () => {
  const still = [{ reason: "due" as const, at: NOW }];
  assert.deepEqual(
    [isDone(true, [], true), isDone(true, [], false), isDone(true, still, true), isDone(false, still, true)],
    [true, false, false, true],
  );
});

test("an item goes over nameless unless somebody else was named in this shift by somebody else", () => {
  const shift = { startsAt: NOW - HOUR_MS, endsAt: BY.shiftEndsAt };
  const item = { personId: "2", namedBy: "1", namedFrom: shift.startsAt, openedAt: NOW };
  const nameless = (more: Partial<Naming>) => isNameless({ ...item, ...more }, shift, "1");
  assert.equal(nameless({}), false);
  assert.equal(nameless({ personId: null }), true);
  assert.equal(nameless({ personId: "1" }), true, "who leaves");
  assert.equal(nameless({ namedBy: "2" }), true, "taken for oneself");
  assert.equal(nameless({ namedFrom: shift.startsAt - 1 }), true, "named in the shift before");
  assert.equal(nameless({ personId: null, openedAt: shift.endsAt }), false, "came after the shift");
});

test("rules that leave a state without a time of silence, or name none, are refused with the place", () => {
  const bad = parseWatchRules({
    ...{ name: "x", from: "2026-01-01", source: "制度" },
    body: { urgedMinutes: 0, silent: [{ id: "a", states: ["closed"], level: [9], hours: -1 }] },
  });
  assert.ok(!bad.ok);
  const paths = new Set(bad.problems.map((p) => p.path));
  for (const path of ["body.urgedMinutes", "body.silent", "body.silent[0].states", "body.silent[0].level"])
    assert.ok(paths.has(path), path);
  for (const state of OPEN_STATES) assert.ok(silentHours(BY.watch, state, 2) > 0);
});
