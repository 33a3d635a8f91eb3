import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import file from "../../rules/shelving/2020-default.json" with { type: "json" };
import { startClock } from "../deadline/clock.ts";
import { calendarOf } from "../time/calendar.ts";
import { addDays, endOfDay, instant } from "../time/day.ts";
import { isExtensionAllowed, isTermAllowed, nextReview, parseShelvingRules, termGrant } from "./kinds.ts";

const read = parseShelvingRules(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const [planned] = read.value.body.kinds;
if (!planned) throw new Error("no kind");

test("a term may lie as far ahead as the kind allows and not a day further, and never today", () => {
  assert.equal(isTermAllowed(planned, "2026-11-20", "2027-11-20"), true);
  assert.equal(isTermAllowed(planned, "2026-11-20", "2027-11-21"), false);
  assert.equal(isTermAllowed(planned, "2026-11-20", "2026-11-20"), false);
});

test("a longer term is later than the approved one, and not by a day more than the kind allows", () => {
  assert.equal(isExtensionAllowed(planned, "2026-11-20", "2027-05-19"), true);
  assert.equal(isExtensionAllowed(planned, "2026-11-20", "2027-05-20"), false);
  assert.equal(isExtensionAllowed(planned, "2026-11-20", "2026-11-20"), false);
});

test("a shelf clock is due with the last day of its term, whatever the hour it began", () => {
  const rule = { name: "shelving-2020", row: "planned" };
  for (const time of ["00:00", "09:30", "23:59"]) {
    const from = instant("2026-11-20", time); // a Friday
    const grant = termGrant({ day: "2027-03-31", nearDays: 7, rule }, from);
    const clock = startClock("shelf", 1, grant, from, calendarOf([]));
    assert.ok(clock.ok);
    assert.equal(clock.value.dueAt, endOfDay("2027-03-31"), time);
    assert.equal(clock.value.nearAt, endOfDay("2027-03-24"), time);
  }
});

test("the next look never comes after the term, nor before the day it is reckoned from", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
      const term = addDays("2026-11-20", days);
      const next = nextReview(planned, "2026-11-20", term);
      assert.ok(next <= term && next > "2026-11-20");
    }),
  );
});

test("a file of kinds that is faulty is told where", () => {
  const bad = parseShelvingRules({
    ...file,
    body: {
      nearDays: 0,
      kinds: [{ code: "x", name: "", maxDays: 0, reviewDays: 1, extendTimes: 0, extendDays: 1 }],
    },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(
    bad.problems.map((each) => each.path),
    ["body.kinds[0].name", "body.kinds[0].maxDays", "body.nearDays"],
  );
});
