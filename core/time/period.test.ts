import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { addDays, type Day, instant } from "./day.ts";
import {
  compared,
  doneDays,
  instantsOf,
  nameAfter,
  namesBetween,
  orderProblems,
  type PeriodSettings,
  parsePeriodName,
  parsePeriodSettings,
  periodNamed,
  periodOn,
  previousPeriod,
  reportWindow,
  samePeriodLastYear,
  versionsTogether,
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
    overrides: [
      { period: "2020-13", from: "2020-12-01", to: "2020-12-31" },
      { period: "2021-03", from: "2021-05-01", to: "2021-04-30" },
      { period: "2021-06", from: "2021-02-30", to: "2021-06-30" },
    ],
    reportAt: "24:00",
    doneDay: 0,
  });
  assert.ok(!read.ok);
  assert.deepEqual(
    [...new Set(read.problems.map((p) => p.path))],
    [
      ...["startDay", "reportAt", "source"],
      ...["overrides[0].period", "overrides[1].to", "overrides[1].from"],
      ...["overrides[2].from", "overrides[1]", "overrides[2]", "doneDay"],
    ],
  );
});

const written = (more: object) =>
  parsePeriodSettings({
    name: "month-19th",
    source: "海热线〔2026〕9号",
    startDay: 19,
    reportAt: "12:00",
    ...more,
  });
const toldOf = (more: object): readonly string[] => {
  const read = written(more);
  return read.ok ? [] : read.problems.map((p) => p.text);
};

test("an override touches its neighbours: a gap and an overlap are told with their days, both periods written are taken", () => {
  const short = { period: "2026-12", from: "2026-11-19", to: "2026-12-15" };
  assert.deepEqual(toldOf({ overrides: [short] }), [
    "考核期 2026-12 止于 2026-12-15，2027-01 起于 2026-12-19：中间 3 天不属于任何一期，请同时写明两期的起止",
  ]);
  const early = { period: "2027-01", from: "2026-12-14", to: "2027-01-18" };
  assert.deepEqual(toldOf({ overrides: [early, short] }), [
    "考核期 2026-12 止于 2026-12-15，2027-01 起于 2026-12-14：重叠 2 天，请同时写明两期的起止",
  ]);
  assert.deepEqual(toldOf({ overrides: [short, short] }).length, 2, "twice, and still not touching");
  const read = written({ overrides: [{ ...early, from: "2026-12-16" }, short] });
  assert.ok(read.ok);
  assert.deepEqual(periodNamed(read.value, "2026-12"), {
    name: "2026-12",
    from: "2026-11-19",
    to: "2026-12-15",
  });
  assert.deepEqual(periodNamed(read.value, "2027-01"), {
    name: "2027-01",
    from: "2026-12-16",
    to: "2027-01-18",
  });
});

const FROM_2027: PeriodSettings = { ...MONTHLY, from: "2027-01-01" };
const TOGETHER = versionsTogether([FROM_2027, FROM_19TH]) ?? assert.fail("no versions");

test("a version cuts the periods that begin on its first day or later; the one before it lasts until then", () => {
  assert.deepEqual(periodNamed(TOGETHER, "2026-12"), {
    name: "2026-12",
    from: "2026-11-19",
    to: "2026-12-31",
  });
  assert.deepEqual(periodNamed(TOGETHER, "2027-01"), {
    name: "2027-01",
    from: "2027-01-01",
    to: "2027-01-31",
  });
  assert.deepEqual(periodNamed(TOGETHER, "2026-11"), periodNamed(FROM_19TH, "2026-11"));
  assert.deepEqual(versionsTogether([TOGETHER]), TOGETHER);
});

test("law: with any version on any day, every day is in one period and one period's 办结, and what began before stays", () => {
  const settings = fc.record({
    startDay: fc.integer({ min: 1, max: 28 }),
    doneDay: fc.option(fc.integer({ min: 1, max: 28 }), { nil: undefined }),
    from: fc.integer({ min: 300, max: 900 }),
  });
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 1200 }), ({ startDay, doneDay, from }, n) => {
      const first = addDays("2025-01-01", from);
      const version: PeriodSettings = {
        ...{ ...FROM_19TH, startDay, from: first },
        ...(doneDay === undefined ? {} : { doneDay }),
      };
      const together = versionsTogether([FROM_19TH, version]) ?? assert.fail("no versions");
      const around = namesBetween("2024-10", "2028-12");
      fc.pre(orderProblems(together, around).length === 0);
      const day = addDays("2025-01-01", n);
      const period = periodOn(together, day);
      assert.ok(period.from <= day && day <= period.to);
      const done = around.filter((name) => {
        const days = doneDays(together, name);
        return days.from <= day && day <= days.to;
      });
      assert.equal(done.length, 1, `${day} ${done.join()}`);
      if (periodNamed(together, nameAfter(period.name, 1)).from < first)
        assert.deepEqual(period, periodNamed(FROM_19TH, period.name));
    }),
  );
});

test("办结 that counts from the 10th: dispatched from 10 November to 9 December, so that all of it is due by the 18th", () => {
  const settings: PeriodSettings = { ...FROM_19TH, doneDay: 10 };
  assert.deepEqual(doneDays(settings, "2026-12"), { from: "2026-11-10", to: "2026-12-09" });
  assert.deepEqual(doneDays(FROM_19TH, "2026-12"), { from: "2026-11-19", to: "2026-12-18" });
});

test("a version whose 办结 would end before it began is told", () => {
  const late: PeriodSettings = { ...FROM_19TH, from: "2027-01-19", doneDay: 28 };
  const early: PeriodSettings = { ...FROM_19TH, from: "2027-03-01", startDay: 1, doneDay: 1 };
  const together = versionsTogether([FROM_19TH, late, early]) ?? assert.fail("no versions");
  assert.deepEqual(
    orderProblems(together, namesBetween("2026-12", "2027-06")).map((p) => p.path),
    [],
  );
  const moved: PeriodSettings = {
    ...FROM_19TH,
    starts: { "2027-02": "2027-02-02", "2027-03": "2027-02-05" },
  };
  assert.deepEqual(orderProblems(moved, ["2027-02"]), []);
  const none: PeriodSettings = { ...FROM_19TH, starts: { "2027-02": "2027-02-02", "2027-03": "2027-02-02" } };
  assert.deepEqual(
    orderProblems(none, ["2027-02"]).map((p) => p.path),
    ["overrides"],
  );
});

test("the hour of the daily report changes with its version: the day between lasts from the old hour to the new", () => {
  const evening: PeriodSettings = { ...FROM_19TH, from: "2027-01-19", reportAt: "18:00" };
  const together = versionsTogether([FROM_19TH, evening]) ?? assert.fail("no versions");
  assert.deepEqual(reportWindow(together, "2027-01-19"), {
    fromAt: instant("2027-01-18", "12:00"),
    beforeAt: instant("2027-01-19", "18:00"),
  });
});
