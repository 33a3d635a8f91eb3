/** Deadlines against real public files: how many of how many the clocks reproduce. Skipped where the files are not. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type TestContext, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { type CalendarYear, calendarOf } from "../time/calendar.ts";
import { type Day, dayOf, instant, parseDay } from "../time/day.ts";
import { isLate, startClock } from "./clock.ts";
import { type Limit, spent } from "./limit.ts";
import { type LimitFacts, limitFor, parseDeadlineRules } from "./rules.ts";

const DATA = new URL("../../../shared/data/", import.meta.url);
const ORDERS = new URL("beijing12345/orders.csv", DATA);
const BOSTON = new URL("boston311/cases_2015.csv.gz", DATA);
const ABSENT = "the public data folder ../shared/data is not here";

/** Rows of a CSV by column; quotes, doubled quotes and line ends inside them understood. */
function rowsOf(text: string): ReadonlyMap<string, string>[] {
  const rows: string[][] = [[]];
  let field = "";
  const cut = () => rows.at(-1)?.push(field.replace(/\r$/, ""));
  for (const [, quoted, plain, end] of text
    .replace(/^\uFEFF/, "")
    .matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    field = quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"');
    cut();
    if (end === "\n") rows.push([]);
    else if (end === "") break;
  }
  const [head, ...body] = rows;
  return body
    .filter((row) => row.length > 1)
    .map((row) => new Map((head ?? []).map((name, i) => [name, row[i] ?? ""])));
}

/** "2020-12-10 17:40:14.0" as written on the paper; null when blank. */
function when(text: string | undefined): number | null {
  const m = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.\d+)?$/.exec((text ?? "").trim());
  const day = parseDay(m?.[1] ?? "");
  return day !== null && m?.[2] !== undefined ? instant(day, m[2]) : null;
}

interface Order {
  readonly dispatchedAt: number;
  readonly registeredAt: number;
  readonly dueAt: number;
}

/** The orders that the city sent, with a time of dispatch and of registration and a deadline. */
function cityOrders(): readonly Order[] {
  return rowsOf(readFileSync(ORDERS, "utf8")).flatMap((row) => {
    const dispatchedAt = when(row.get("派发时间"));
    const dueAt = when(row.get("时限要求"));
    const registeredAt = when(row.get("登记时间"));
    if (row.get("来源") !== "市级" || dispatchedAt === null || dueAt === null || registeredAt === null)
      return [];
    return [{ dispatchedAt, registeredAt, dueAt }];
  });
}

const RULES_FOLDER = new URL("../../rules/deadline/", import.meta.url);
const RULES = readdirSync(RULES_FOLDER).map((name) => {
  const read = parseDeadlineRules(JSON.parse(readFileSync(new URL(name, RULES_FOLDER), "utf8")));
  assert.ok(read.ok);
  return read.value;
});
const FACTS: LimitFacts = { level: 3, channel: "市热线", type: "投诉", category: [] };
const NO_CALENDAR = calendarOf([]);

function dueOf(limit: Limit, startedAt: number): number {
  const clock = startClock(
    "report",
    1,
    { limit, near: null, rule: { name: "test", row: "row" } },
    startedAt,
    NO_CALENDAR,
  );
  assert.ok(clock.ok);
  return clock.value.dueAt;
}

function dueByRules(startedAt: number): number {
  const grant = limitFor(RULES, "report", FACTS, startedAt);
  assert.ok(grant.ok);
  return dueOf(grant.value.limit, startedAt);
}

/** Papers write seconds. */
const sameSecond = (a: number, b: number) => Math.floor(a / 1000) === Math.floor(b / 1000);

test("the deadlines on the city's orders of 2020", {
  skip: existsSync(ORDERS) ? false : ABSENT,
}, (t: TestContext) => {
  const orders = cityOrders();
  const hour = (o: Order) => Math.floor(((o.dispatchedAt / 3_600_000) % 24) + 8) % 24;
  const early = orders.filter((o) => hour(o) < 18);
  const day = (o: Order): Day => dayOf(o.dispatchedAt);
  const settled = (o: Order) => day(o) >= "2020-07-21";
  /** The last week of an assessment period (it ends on the 18th), when the city shortens deadlines by hand. */
  const lastWeek = (o: Order) => Number(day(o).slice(8)) >= 12 && Number(day(o).slice(8)) <= 18;

  const readings = {
    "two natural days": (o: Order) => dueOf({ unit: "days", amount: 2 }, o.dispatchedAt),
    "dated rules": (o: Order) => dueByRules(o.dispatchedAt),
    "dated rules, from registration": (o: Order) => {
      const from = Math.max(o.dispatchedAt, o.registeredAt);
      const grant = limitFor(RULES, "report", FACTS, from);
      assert.ok(grant.ok && grant.value.limit.unit === "days");
      return dueOf({ unit: "days", amount: grant.value.limit.amount }, from);
    },
  };
  const cuts = {
    "before 18:00": early,
    "before 18:00, since 21 July": early.filter(settled),
    "before 18:00, since 21 July, 19th–11th": early.filter((o) => settled(o) && !lastWeek(o)),
    "before 18:00, since 21 July, 12th–18th": early.filter((o) => settled(o) && lastWeek(o)),
    "before 18:00, since September, 19th–11th": early.filter((o) => day(o) >= "2020-09-01" && !lastWeek(o)),
    "18:00 and later, since 21 July": orders.filter((o) => settled(o) && hour(o) >= 18),
  };
  const shares = new Map<string, number>();
  for (const [cut, rows] of Object.entries(cuts)) {
    for (const [reading, due] of Object.entries(readings)) {
      const agree = rows.filter((o) => sameSecond(due(o), o.dueAt)).length;
      t.diagnostic(
        `${cut}: ${reading}: ${agree} of ${rows.length} (${((100 * agree) / rows.length).toFixed(1)} %)`,
      );
      shares.set(`${cut}: ${reading}`, agree / rows.length);
    }
  }
  const share = (cut: keyof typeof cuts, reading: keyof typeof readings) =>
    shares.get(`${cut}: ${reading}`) ?? Number.NaN;

  assert.ok(early.length > 500);
  // The dated rules say more than one rule for the whole year; where that rule holds, they are that rule.
  assert.ok(share("before 18:00", "dated rules") > share("before 18:00", "two natural days") + 0.1);
  assert.equal(
    share("before 18:00, since 21 July", "dated rules"),
    share("before 18:00, since 21 July", "two natural days"),
  );
  assert.ok(share("before 18:00, since 21 July, 19th–11th", "two natural days") > 0.85);
  assert.ok(share("before 18:00, since September, 19th–11th", "two natural days") > 0.9);
  // The cut-off hour is what makes evening orders fit at all.
  assert.ok(
    share("18:00 and later, since 21 July", "dated rules") >
      share("18:00 and later, since 21 July", "two natural days") + 0.2,
  );
});

/** Boston's clock times are taken as they are written, without a zone: all of one town, so nothing is lost. */
const boston = () => rowsOf(gunzipSync(readFileSync(BOSTON)).toString("utf8"));

test("overdue agrees with the city's own verdict on every closed row with a target", {
  skip: existsSync(BOSTON) ? false : ABSENT,
}, (t: TestContext) => {
  let closed = 0;
  let late = 0;
  let unjudged = 0;
  for (const row of boston()) {
    const dueAt = when(row.get("target_dt"));
    const doneAt = when(row.get("closed_dt"));
    const verdict = row.get("ontime_status");
    if (row.get("case_status") !== "Closed" || dueAt === null || doneAt === null) continue;
    if (verdict === "") {
      unjudged += 1; // the city gave no verdict: counted apart, not counted as agreeing
      continue;
    }
    closed += 1;
    if (isLate(dueAt, doneAt)) late += 1;
    assert.equal(isLate(dueAt, doneAt) ? "OVERDUE" : "ONTIME", verdict, row.get("case_enquiry_id"));
  }
  t.diagnostic(
    `${closed} of ${closed} judged rows agree, ${late} overdue; ${unjudged} rows without a verdict`,
  );
  assert.ok(closed > 10_000 && late > 1000);
});

/** Boston's holidays on weekdays that its targets step over. 3 July was worked. */
const BOSTON_OFF: readonly Day[] = [
  "2015-01-01",
  "2015-01-19",
  "2015-02-16",
  "2015-04-20",
  "2015-05-25",
  "2015-09-07",
  "2015-10-12",
  "2015-11-11",
  "2015-11-26",
  "2015-12-25",
  "2016-01-01",
  "2016-01-18",
  "2016-02-15",
];

/** Kinds of request and the business days that are promised for them. */
const PROMISED: Readonly<Record<string, number>> = {
  "CE Collection": 1,
  "Empty Litter Basket": 1,
  "Pick up Dead Animal": 1,
  "Sidewalk Repair (Make Safe)": 1,
  "Sticker Request": 1,
  "Building Inspection Request": 3,
  Electrical: 5,
  "Ground Maintenance": 5,
  "General Comments For a Program or Policy": 10,
  "Sign Repair": 10,
  "Street Light Outages": 10,
};

test("a clock in working hours reproduces the targets of eleven kinds of request", {
  skip: existsSync(BOSTON) ? false : ABSENT,
}, (t: TestContext) => {
  const year = (y: number): CalendarYear => ({
    year: y,
    source: "City of Boston",
    off: BOSTON_OFF.filter((d) => d.startsWith(String(y))),
    work: [],
  });
  const calendar = calendarOf([2015, 2016].map(year));
  const periods = [{ from: "08:30", to: "17:00" }];
  const tally = new Map(Object.keys(PROMISED).map((type) => [type, { agree: 0, of: 0 }]));
  for (const row of boston()) {
    const count = tally.get(row.get("type") ?? "");
    const openedAt = when(row.get("open_dt"));
    const targetAt = when(row.get("target_dt"));
    if (count === undefined || openedAt === null || targetAt === null) continue;
    const limit: Limit = { unit: "workHours", amount: (PROMISED[row.get("type") ?? ""] ?? 0) * 8.5, periods };
    const grant = { limit, near: null, rule: { name: "boston", row: "row" } };
    const clock = startClock("report", 1, grant, openedAt, calendar);
    assert.ok(clock.ok);
    // 17:00 and 08:30 of the next workday are one point of working time; opening times are cut to the minute.
    const [a, b] = [Math.min(clock.value.dueAt, targetAt), Math.max(clock.value.dueAt, targetAt)];
    const apart = b - a > 20 * 86_400_000 ? null : spent(limit, a, a, b, calendar);
    count.of += 1;
    if (apart?.ok && apart.value < 60_000) count.agree += 1;
  }
  let agree = 0;
  let of = 0;
  for (const [type, count] of tally) {
    t.diagnostic(`${type}: ${count.agree} of ${count.of}`);
    assert.ok(count.agree / count.of > 0.85, type);
    agree += count.agree;
    of += count.of;
  }
  t.diagnostic(`together: ${agree} of ${of} (${((100 * agree) / of).toFixed(1)} %)`);
  assert.ok(agree / of > 0.95);
});
