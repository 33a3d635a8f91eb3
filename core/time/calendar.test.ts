import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import chineseDays from "chinese-days";
import fc from "fast-check";
import {
  addWorkdays,
  calendarOf,
  isWorkday,
  parseCalendarYear,
  workdayFrom,
  workdaysBetween,
} from "./calendar.ts";
import { addDays, type Day, yearOf } from "./day.ts";

const FIRST = 2019;
const LAST = 2026;

function yearFile(year: number): unknown {
  return JSON.parse(readFileSync(new URL(`../../rules/calendar/${year}.json`, import.meta.url), "utf8"));
}

const YEARS = Array.from({ length: LAST - FIRST + 1 }, (_, i) => {
  const read = parseCalendarYear(yearFile(FIRST + i));
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
});
const CALENDAR = calendarOf(YEARS);

function everyDay(): readonly Day[] {
  const days: Day[] = [];
  for (let d: Day = `${FIRST}-01-01`; yearOf(d) <= LAST; d = addDays(d, 1)) days.push(d);
  return days;
}

test("every year's file names its own year and the notice that published it", () => {
  for (const [i, y] of YEARS.entries()) {
    assert.equal(y.year, FIRST + i);
    assert.match(
      y.source,
      new RegExp(`关于${y.year}年部分节假日安排的通知（国办发明电〔${y.year - 1}〕\\d+号）`),
    );
  }
});

test("each day of 2019–2026 is a workday exactly when the chinese-days library says so", () => {
  const days = everyDay();
  assert.equal(days.length, 2922);
  for (const day of days) {
    assert.deepEqual(isWorkday(CALENDAR, day), { ok: true, value: chineseDays.isWorkday(day) }, day);
  }
});

const HOLIDAYS = new URL("../../../shared/data/holidays/holiday_cn.csv", import.meta.url);

test("each day of 2019–2026 is as the published list of holidays has it", {
  skip: existsSync(HOLIDAYS) ? false : "the public data folder ../shared/data is not here",
}, () => {
  const listed = new Map(
    readFileSync(HOLIDAYS, "utf8")
      .split(/\r?\n/)
      .map((line) => line.split(","))
      .map(([date, , kind]) => [date, kind]),
  );
  let seen = 0;
  for (const day of everyDay()) {
    const kind = listed.get(day);
    if (kind === undefined) continue;
    seen += 1;
    assert.deepEqual(isWorkday(CALENDAR, day), { ok: true, value: kind === "work" }, day);
  }
  assert.equal(seen, 283);
});

test("a year that was not published is refused with its number, before and after", () => {
  const refused = (year: number) => ({ ok: false, refusal: { code: "calendar-unpublished", year } });
  assert.deepEqual(isWorkday(CALENDAR, "2027-10-01"), refused(2027));
  assert.deepEqual(isWorkday(CALENDAR, "2018-12-31"), refused(2018));
  assert.deepEqual(addWorkdays(CALENDAR, "2026-12-31", 1), refused(2027)); // Thursday
  assert.deepEqual(addWorkdays(CALENDAR, "2026-12-30", 1), { ok: true, value: "2026-12-31" });
  assert.deepEqual(workdaysBetween(CALENDAR, "2026-12-30", "2027-01-04"), refused(2027));
});

test("around Spring Festival 2020, lengthened by a second notice, the next workday is Monday 3 February", () => {
  assert.deepEqual(workdayFrom(CALENDAR, "2020-01-24"), { ok: true, value: "2020-02-03" });
  assert.deepEqual(addWorkdays(CALENDAR, "2020-01-22", 2), { ok: true, value: "2020-02-03" }); // Wednesday
  assert.deepEqual(isWorkday(CALENDAR, "2020-01-19"), { ok: true, value: true }); // Sunday, 调休上班
});

test("the day of receipt is not counted: received on Friday, one workday is Monday, and a worked Sunday counts", () => {
  assert.deepEqual(addWorkdays(CALENDAR, "2020-12-11", 1), { ok: true, value: "2020-12-14" });
  assert.deepEqual(addWorkdays(CALENDAR, "2020-09-25", 1), { ok: true, value: "2020-09-27" }); // Sunday 调休
  assert.deepEqual(addWorkdays(CALENDAR, "2020-09-30", 1), { ok: true, value: "2020-10-09" }); // after National Day
});

const someDay = fc.integer({ min: 0, max: 2600 }).map((n) => addDays("2019-01-01", n));
const fewDays = fc.integer({ min: 0, max: 40 });

test("more workdays never mean an earlier day, a later start never an earlier end, and counting back agrees", () => {
  fc.assert(
    fc.property(someDay, fewDays, fewDays, (day, n, later) => {
      const a = addWorkdays(CALENDAR, day, n);
      const b = addWorkdays(CALENDAR, day, n + 1);
      const c = addWorkdays(CALENDAR, addDays(day, later), n);
      assert.ok(a.ok && b.ok && c.ok);
      assert.ok(a.value <= b.value);
      assert.ok(a.value <= c.value);
      if (n > 0) assert.deepEqual(workdaysBetween(CALENDAR, day, a.value), { ok: true, value: n });
    }),
  );
});

test("a calendar file with faults is refused whole, each fault named", () => {
  const read = parseCalendarYear({
    year: 2025,
    source: " ",
    off: ["2025-01-01", "2025-02-30", "2024-12-31", "2025-01-01", 5],
    work: ["2025-01-27", "2025-01-26"],
    weekend: [],
  });
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map((p) => p.path),
    ["weekend", "source", "off[1]", "off[2]", "off[3]", "off[4]", "work[0]"],
  );
  assert.ok(!parseCalendarYear("2025").ok);
  assert.ok(!parseCalendarYear(null).ok);
});
