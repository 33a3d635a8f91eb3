import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, type Day, instant } from "./day.ts";
import {
  compared,
  instantsOf,
  type PeriodSettings,
  parsePeriodName,
  parsePeriodSettings,
  periodNamed,
  periodOn,
  previousPeriod,
  reportWindow,
  samePeriodLastYear,
} from "./period.ts";

const shipped = parsePeriodSettings(
  JSON.parse(readFileSync(new URL("../../rules/period/month-19th.json", import.meta.url), "utf8")),
);
assert.ok(shipped.ok, JSON.stringify(shipped));
const FROM_19TH = shipped.value;
const MONTHLY: PeriodSettings = { ...FROM_19TH, startDay: 1 };
const MOVED: PeriodSettings = { ...FROM_19TH, starts: { "2021-01": "2020-12-17" } };

test("period 2020-12 lasts from 19 November to 18 December, and 2021-01 crosses the year", () => {
  assert.deepEqual(periodNamed(FROM_19TH, "2020-12"), {
    name: "2020-12",
    from: "2020-11-19",
    to: "2020-12-18",
  });
  assert.deepEqual(periodNamed(FROM_19TH, "2021-01"), {
    name: "2021-01",
    from: "2020-12-19",
    to: "2021-01-18",
  });
  assert.deepEqual(periodNamed(MONTHLY, "2020-02"), {
    name: "2020-02",
    from: "2020-02-01",
    to: "2020-02-29",
  });
});

test("the 18th is the last day of a period, the 19th the first of the next", () => {
  assert.equal(periodOn(FROM_19TH, "2020-12-18").name, "2020-12");
  assert.equal(periodOn(FROM_19TH, "2020-12-19").name, "2021-01");
});

test("moving the start of one period ends the one before it earlier: no day in two, none in no period", () => {
  assert.equal(periodNamed(MOVED, "2020-12").to, "2020-12-16");
  assert.equal(periodOn(MOVED, "2020-12-16").name, "2020-12");
  assert.equal(periodOn(MOVED, "2020-12-17").name, "2021-01");
});

test("a period moved two weeks forward is found from a day two months before its name", () => {
  const settings: PeriodSettings = { ...FROM_19TH, startDay: 2, starts: { "2021-02": "2020-12-19" } };
  assert.equal(periodOn(settings, "2020-12-25").name, "2021-02");
  assert.equal(periodOn(settings, "2020-12-18").name, "2021-01");
});

test("every day falls in exactly the period that claims it, whatever the start day", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 0, max: 4000 }), (startDay, n) => {
      const settings = { ...MOVED, startDay, starts: startDay === 19 ? MOVED.starts : {} };
      const day = addDays("2019-01-01", n);
      const period = periodOn(settings, day);
      assert.ok(period.from <= day && day <= period.to);
      assert.equal(previousPeriod(settings, period).to, addDays(period.from, -1));
      assert.deepEqual(periodNamed(settings, period.name), period);
    }),
  );
});

test("环比 of a running period takes as many days of the one before, 同比 of the same one last year", () => {
  const period = periodNamed(FROM_19TH, "2020-12");
  assert.deepEqual(compared(FROM_19TH, period, "2020-11-28"), {
    ok: true,
    value: {
      current: { from: "2020-11-19", to: "2020-11-28" },
      previous: { from: "2020-10-19", to: "2020-10-28" },
      lastYear: { from: "2019-11-19", to: "2019-11-28" },
    },
  });
  assert.equal(samePeriodLastYear(FROM_19TH, period).name, "2019-12");
});

test("a complete period is compared with complete ones, though they are of other lengths", () => {
  const march = periodNamed(MONTHLY, "2020-03");
  const whole = compared(MONTHLY, march);
  assert.ok(whole.ok);
  assert.deepEqual(whole.value.previous, { from: "2020-02-01", to: "2020-02-29" });
  const part = compared(MONTHLY, march, "2020-03-30");
  assert.ok(part.ok);
  assert.deepEqual(part.value.previous, { from: "2020-02-01", to: "2020-02-29" });
  assert.deepEqual(compared(MONTHLY, march, "2020-04-01"), {
    ok: false,
    refusal: { code: "day-outside-period", day: "2020-04-01" },
  });
});

test("the report of 31 December counts from noon of the 30th to noon of the 31st, noon itself left out", () => {
  assert.deepEqual(reportWindow(FROM_19TH, "2020-12-31"), {
    fromAt: instant("2020-12-30", "12:00"),
    beforeAt: instant("2020-12-31", "12:00"),
  });
  const range = { from: "2020-11-19", to: "2020-12-18" } satisfies { from: Day; to: Day };
  assert.equal(instantsOf(range).beforeAt, instant("2020-12-19", "00:00"));
});

test("a name that is no month and settings that make no sense are refused", () => {
  for (const text of ["2020-13", "2020-00", "2020-1", "0000-01", "2020-12-01"])
    assert.equal(parsePeriodName(text), null);
  const read = parsePeriodSettings({
    name: "x",
    source: "",
    startDay: 29,
    starts: { "2020-13": "2020-12-01", "2021-01": "2021-03-01", "2021-02": "2021-02-30" },
    reportAt: "24:00",
  });
  assert.ok(!read.ok);
  assert.deepEqual(
    [...new Set(read.problems.map((p) => p.path))],
    ["startDay", "reportAt", "starts.2020-13", "starts.2021-01", "starts.2021-02", "source"],
  );
});
