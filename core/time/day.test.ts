import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  addDays,
  DAY_MS,
  dayOf,
  daysBetween,
  endOfDay,
  instant,
  msOfDay,
  parseDay,
  startOfDay,
  weekdayOf,
} from "./day.ts";

test("a day that does not exist is refused, however close it comes", () => {
  for (const text of [
    "2020-02-30",
    "2019-02-29",
    "2020-13-01",
    "2020-00-10",
    "2020-04-31",
    "2020-2-3",
    "20200203",
  ])
    assert.equal(parseDay(text), null, text);
  for (const text of [
    "",
    " 2020-02-03",
    "2020-02-03 ",
    "2020-02-03T00:00",
    "２０２０-02-03",
    "0000-01-01x",
    "99-01-01",
  ])
    assert.equal(parseDay(text), null, text);
  assert.equal(parseDay("2020-02-29"), "2020-02-29");
  assert.equal(parseDay("0099-01-01"), null);
});

test("a ticket that comes at 23:30 in Beijing belongs to that day, though Greenwich is at 15:30", () => {
  assert.equal(dayOf(Date.UTC(2020, 11, 31, 15, 30)), "2020-12-31");
  assert.equal(dayOf(Date.UTC(2020, 11, 31, 16, 0)), "2021-01-01");
  assert.equal(instant("2020-12-31", "18:43:24"), Date.UTC(2020, 11, 31, 10, 43, 24));
  assert.equal(msOfDay(instant("2020-12-31", "18:00")), 18 * 3_600_000);
  assert.throws(() => instant("2020-12-31", "24:00"), /not a time of day/);
});

test("the end of a day is written 23:59:59 and is still that day", () => {
  assert.equal(new Date(endOfDay("2020-12-31")).toISOString(), "2020-12-31T15:59:59.999Z");
  assert.equal(dayOf(endOfDay("2020-12-31")), "2020-12-31");
  assert.equal(dayOf(endOfDay("2020-12-31") + 1), "2021-01-01");
});

test("weekdays are those of the wall calendar", () => {
  assert.equal(weekdayOf("2020-12-31"), 4); // Thursday
  assert.equal(weekdayOf("2021-01-03"), 0); // Sunday
});

const anyDay = fc.integer({ min: -10_000, max: 30_000 }).map((n) => addDays("2000-01-01", n));

test("days and instants agree in both directions, for any day of a century", () => {
  fc.assert(
    fc.property(
      anyDay,
      fc.integer({ min: 0, max: DAY_MS - 1 }),
      fc.integer({ min: -999, max: 999 }),
      (day, ms, n) => {
        assert.equal(parseDay(day), day);
        assert.equal(dayOf(startOfDay(day) + ms), day);
        assert.equal(msOfDay(startOfDay(day) + ms), ms);
        assert.equal(daysBetween(day, addDays(day, n)), n);
        assert.equal(addDays(addDays(day, n), -n), day);
        assert.equal((weekdayOf(day) + 1) % 7, weekdayOf(addDays(day, 1)));
      },
    ),
  );
});
