import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { calendarOf } from "../time/calendar.ts";
import { HOUR_MS, instant } from "../time/day.ts";
import { boundByCity } from "./bound.ts";
import { type Clock, extendClock, pauseClock, resumeClock, startClock, stopClock } from "./clock.ts";
import type { ClockKind } from "./kind.ts";

const CALENDAR = calendarOf([]);

function clockOf(kind: ClockKind, start: number, hours: number): Clock {
  const grant = {
    limit: { unit: "hours", amount: hours },
    near: { hoursLeft: 2 },
    rule: { name: "t", row: "r" },
  } as const;
  const clock = startClock(kind, 1, grant, start, CALENDAR);
  assert.ok(clock.ok);
  return clock.value;
}

test("a report due on Thursday by our rule is due on Wednesday when the city wrote Wednesday", () => {
  const start = instant("2026-11-17", "09:00"); // Tuesday
  const city = instant("2026-11-18", "23:59:59"); // Wednesday
  const clock = boundByCity(clockOf("report", start, 48), city);
  assert.equal(clock.dueAt, city);
  assert.equal(clock.nearAt, city - 2 * HOUR_MS);
});

test("a later city deadline, one that had passed at the start, and clocks that are no answer to the city are left alone", () => {
  const start = instant("2026-11-17", "09:00");
  const clock = clockOf("report", start, 24);
  assert.equal(boundByCity(clock, start + 30 * HOUR_MS), clock);
  assert.equal(boundByCity(clock, start - HOUR_MS), clock);
  assert.equal(boundByCity(clock, null), clock);
  const accept = clockOf("accept", start, 24);
  assert.equal(boundByCity(accept, start + HOUR_MS), accept);
});

test("neither a pause nor an extension of ours moves the city's deadline, and a report after it is late", () => {
  const start = instant("2026-11-17", "09:00");
  const city = start + 10 * HOUR_MS;
  const bound = boundByCity(clockOf("report", start, 24), city);
  const paused = pauseClock(bound, start + HOUR_MS);
  assert.ok(paused.ok);
  const resumed = resumeClock(paused.value, start + 5 * HOUR_MS, CALENDAR);
  assert.ok(resumed.ok);
  const extended = extendClock(resumed.value, 24, CALENDAR);
  assert.ok(extended.ok);
  const again = boundByCity(extended.value, city);
  assert.equal(again.dueAt, city);
  const stopped = stopClock(again, city + 1);
  assert.equal(stopped.ok && stopped.value.late, true);
});

test("bound twice is bound once, and never later than before", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), fc.integer({ min: -100, max: 500 }), (hours, cityHours) => {
      const start = instant("2026-11-17", "09:00");
      const clock = clockOf("report", start, hours);
      const city = start + cityHours * HOUR_MS;
      const once = boundByCity(clock, city);
      assert.deepEqual(boundByCity(once, city), once);
      assert.ok(once.dueAt <= clock.dueAt && once.nearAt <= once.dueAt && once.nearAt >= start);
    }),
  );
});
