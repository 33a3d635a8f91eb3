import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { calendarOf, parseCalendarYear } from "../time/calendar.ts";
import { addDays, type Day, dayOf, HOUR_MS, instant, MINUTE_MS } from "../time/day.ts";
import {
  type Clock,
  cancelClock,
  changeLimit,
  extendClock,
  type Near,
  pauseClock,
  resumeClock,
  standingOf,
  startClock,
  stopClock,
  usedBy,
} from "./clock.ts";
import type { Limit } from "./limit.ts";

const CALENDAR = calendarOf(
  [2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026].map((year) => {
    const file = new URL(`../../rules/calendar/${year}.json`, import.meta.url);
    const read = parseCalendarYear(JSON.parse(readFileSync(file, "utf8")));
    assert.ok(read.ok);
    return read.value;
  }),
);

/** "2020-12-31 18:43" in Beijing. */
function at(text: string): number {
  const [day, time] = text.split(" ");
  return instant(day as Day, time ?? "00:00");
}

function shown(ms: number): string {
  return new Date(ms + 8 * HOUR_MS).toISOString().slice(0, 19).replace("T", " ");
}

function told<T>(answer: { ok: true; value: T } | { ok: false; refusal: unknown }): T {
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.value;
}

const RULE = { name: "test", row: "row" };

function started(limit: Limit, startedAt: number, near: Near | null = null): Clock {
  return told(startClock("report", 1, { limit, near, rule: RULE }, startedAt, CALENDAR));
}

const OFFICE = [
  { from: "08:30", to: "12:00" },
  { from: "13:30", to: "17:30" },
];
const TWO_HOURS: Limit = { unit: "hours", amount: 2 };
const TWO_DAYS: Limit = { unit: "days", amount: 2, cutoff: "18:00" };
const THREE_WORKDAYS: Limit = { unit: "workdays", amount: 3 };
const FOUR_WORK_HOURS: Limit = { unit: "workHours", amount: 4, periods: OFFICE };

test("two natural days end at 23:59:59 of the second day after dispatch, weekend or holiday or not", () => {
  assert.equal(shown(started(TWO_DAYS, at("2020-12-30 15:30")).dueAt), "2021-01-01 23:59:59");
  assert.equal(shown(started(TWO_DAYS, at("2020-12-31 17:59")).dueAt), "2021-01-02 23:59:59");
});

test("dispatched at the cut-off hour, or after it, the clock counts from the next day", () => {
  assert.equal(shown(started(TWO_DAYS, at("2020-12-31 18:00")).dueAt), "2021-01-03 23:59:59");
  assert.equal(shown(started(TWO_DAYS, at("2020-12-31 18:43")).dueAt), "2021-01-03 23:59:59");
});

test("workdays step over National Day and count the Sunday that is worked instead", () => {
  // Friday 2020-09-25; Sunday 09-27 is worked; 10-01 … 10-08 are off; Friday 10-09 and Saturday 10-10 are worked
  assert.equal(shown(started(THREE_WORKDAYS, at("2020-09-25 10:00")).dueAt), "2020-09-29 23:59:59");
  assert.equal(shown(started(THREE_WORKDAYS, at("2020-09-29 10:00")).dueAt), "2020-10-10 23:59:59");
});

test("after the cut-off on a Friday a workday clock counts from Saturday, so Monday is still its first day", () => {
  const limit: Limit = { unit: "workdays", amount: 1, cutoff: "17:30" };
  assert.equal(shown(started(limit, at("2020-12-11 18:00")).dueAt), "2020-12-14 23:59:59"); // Friday
  assert.equal(shown(started(limit, at("2020-12-10 18:00")).dueAt), "2020-12-14 23:59:59"); // Thursday
  assert.equal(shown(started(limit, at("2020-12-10 17:00")).dueAt), "2020-12-11 23:59:59");
});

test("working hours run through two periods a day, rest at noon, at night and over the weekend", () => {
  assert.equal(shown(started(FOUR_WORK_HOURS, at("2020-12-11 11:00")).dueAt), "2020-12-11 16:30:00"); // Friday
  assert.equal(shown(started(FOUR_WORK_HOURS, at("2020-12-11 16:30")).dueAt), "2020-12-14 11:30:00"); // Monday
  assert.equal(shown(started(FOUR_WORK_HOURS, at("2020-12-11 12:30")).dueAt), "2020-12-11 17:30:00"); // at noon
  assert.equal(shown(started(FOUR_WORK_HOURS, at("2020-09-26 20:00")).dueAt), "2020-09-27 14:00:00"); // to 调休
  assert.equal(shown(started(FOUR_WORK_HOURS, at("2020-09-30 15:30")).dueAt), "2020-10-09 10:30:00");
});

test("a clock that needs a workday of 2027 is refused, and one in natural days is not", () => {
  const start = (limit: Limit) =>
    startClock("report", 1, { limit, near: null, rule: RULE }, at("2026-12-30 10:00"), CALENDAR);
  const refused = { ok: false, refusal: { code: "calendar-unpublished", year: 2027 } };
  assert.deepEqual(start(THREE_WORKDAYS), refused);
  assert.deepEqual(start({ ...FOUR_WORK_HOURS, amount: 16 }), refused);
  assert.ok(start({ ...FOUR_WORK_HOURS, amount: 8 }).ok);
  assert.ok(start(TWO_DAYS).ok);
});

test("a pause of an hours clock moves its due time by the paused span, to the millisecond", () => {
  const clock = started(TWO_HOURS, at("2020-12-10 10:00"));
  const paused = told(pauseClock(clock, at("2020-12-10 11:30")));
  const resumed = told(resumeClock(paused, at("2020-12-10 21:15"), CALENDAR));
  assert.equal(shown(resumed.dueAt), "2020-12-10 21:45:00");
});

test("a pause of a natural-days clock moves it by the midnights that passed, not by part of a day", () => {
  const clock = started(TWO_DAYS, at("2020-12-10 10:00"));
  assert.equal(shown(clock.dueAt), "2020-12-12 23:59:59");
  const paused = told(pauseClock(clock, at("2020-12-11 09:00")));
  assert.equal(
    shown(told(resumeClock(paused, at("2020-12-11 20:00"), CALENDAR)).dueAt),
    "2020-12-12 23:59:59",
  );
  assert.equal(
    shown(told(resumeClock(paused, at("2020-12-12 08:00"), CALENDAR)).dueAt),
    "2020-12-13 23:59:59",
  );
  assert.equal(
    shown(told(resumeClock(paused, at("2020-12-20 08:00"), CALENDAR)).dueAt),
    "2020-12-21 23:59:59",
  );
});

test("a pause over a holiday moves a workday clock only by the workdays in it", () => {
  const clock = started(THREE_WORKDAYS, at("2020-09-28 10:00")); // Monday; due Friday 10-09
  assert.equal(shown(clock.dueAt), "2020-10-09 23:59:59");
  const paused = told(pauseClock(clock, at("2020-09-30 18:00"))); // Wednesday: one workday left
  const resumed = told(resumeClock(paused, at("2020-10-08 09:00"), CALENDAR)); // last day of the holiday
  assert.equal(shown(resumed.dueAt), "2020-10-09 23:59:59");
  assert.equal(
    shown(told(resumeClock(paused, at("2020-10-09 09:00"), CALENDAR)).dueAt),
    "2020-10-10 23:59:59",
  );
});

test("a deadline that was missed before the pause stays missed at its own hour", () => {
  const clock = started(TWO_HOURS, at("2020-12-10 10:00"));
  const paused = told(pauseClock(clock, at("2020-12-10 13:00")));
  const resumed = told(resumeClock(paused, at("2020-12-11 13:00"), CALENDAR));
  assert.equal(shown(resumed.dueAt), "2020-12-10 12:00:00");
  assert.equal(told(stopClock(resumed, at("2020-12-11 14:00"))).late, true);
});

test("paused at the very instant of the due time nothing is missed yet: it is due when it goes on", () => {
  const paused = told(pauseClock(started(TWO_HOURS, at("2020-12-10 10:00")), at("2020-12-10 12:00")));
  assert.equal(
    shown(told(resumeClock(paused, at("2020-12-11 09:00"), CALENDAR)).dueAt),
    "2020-12-11 09:00:00",
  );
});

test("an extension of three hours becomes a whole day when the clock goes over to days: never taken away", () => {
  const clock = told(extendClock(started(TWO_HOURS, at("2020-12-10 10:00")), 3, CALENDAR));
  const changed = told(changeLimit(clock, { limit: TWO_DAYS, near: null, rule: RULE }, CALENDAR));
  assert.equal(changed.extended, 1);
  assert.equal(shown(changed.dueAt), "2020-12-13 23:59:59");
});

test("the level rises after five hours: the hours used count against the new limit", () => {
  const clock = started({ unit: "hours", amount: 24 }, at("2020-12-10 10:00"));
  const urgent = {
    limit: { unit: "hours", amount: 6 } as const,
    near: null,
    rule: { name: "test", row: "urgent" },
  };
  const raised = told(changeLimit(clock, urgent, CALENDAR));
  assert.equal(shown(raised.dueAt), "2020-12-10 16:00:00");
  assert.equal(usedBy(raised, at("2020-12-10 15:00"), CALENDAR).ok, true);
  assert.deepEqual(usedBy(raised, at("2020-12-10 15:00"), CALENDAR), { ok: true, value: 5 * HOUR_MS });
  assert.equal(raised.rule.row, "urgent");
});

test("the rule changes from workdays to working hours mid-way, over a pause: what was used stays used", () => {
  const clock = started(THREE_WORKDAYS, at("2020-12-09 09:30")); // Wednesday
  const paused = told(pauseClock(clock, at("2020-12-09 11:30")));
  const resumed = told(resumeClock(paused, at("2020-12-10 08:30"), CALENDAR));
  const changed = told(changeLimit(resumed, { limit: FOUR_WORK_HOURS, near: null, rule: RULE }, CALENDAR));
  assert.equal(shown(changed.dueAt), "2020-12-10 10:30:00"); // two hours used on Wednesday, two left
});

test("an extension granted in days becomes the working hours of those days when the unit changes", () => {
  const clock = told(extendClock(started(THREE_WORKDAYS, at("2020-12-07 08:30")), 1, CALENDAR)); // Monday
  const changed = told(changeLimit(clock, { limit: FOUR_WORK_HOURS, near: null, rule: RULE }, CALENDAR));
  assert.equal(changed.extended, 7.5);
  assert.equal(shown(changed.dueAt), "2020-12-08 14:00:00"); // 4 + 7.5 working hours
  const back = told(changeLimit(changed, { limit: THREE_WORKDAYS, near: null, rule: RULE }, CALENDAR));
  assert.equal(back.extended, 1);
});

test("the near-due point: a fraction used, or hours left, and of a working-hours clock working hours", () => {
  const near = (limit: Limit, start: string, point: Near) => shown(started(limit, at(start), point).nearAt);
  assert.equal(near(TWO_HOURS, "2020-12-10 10:00", { usedFraction: 0.75 }), "2020-12-10 11:30:00");
  assert.equal(near(TWO_HOURS, "2020-12-10 10:00", { hoursLeft: 5 }), "2020-12-10 10:00:00");
  assert.equal(near(TWO_DAYS, "2020-12-10 10:00", { hoursLeft: 12 }), "2020-12-12 11:59:59");
  assert.equal(near(TWO_DAYS, "2020-12-10 10:00", { usedFraction: 0.5 }), "2020-12-11 23:59:59");
  assert.equal(near(FOUR_WORK_HOURS, "2020-12-11 16:30", { hoursLeft: 1 }), "2020-12-14 10:30:00");
});

test("how a clock stands: running, near, overdue; in time to the last second of the day, late after it", () => {
  const clock = started(TWO_DAYS, at("2020-12-10 10:00"), { hoursLeft: 12 });
  const standing = (time: string) => standingOf(clock, at(time));
  assert.deepEqual(standing("2020-12-12 11:00"), {
    state: "running",
    near: false,
    overdue: false,
    leftMs: 13 * HOUR_MS - 1,
  });
  assert.equal(standing("2020-12-12 12:00").near, true);
  assert.equal(standing("2020-12-12 23:59:59").overdue, false);
  assert.equal(standing("2020-12-13 00:00").overdue, true);
  assert.equal(standing("2020-12-13 00:00").near, false);
  assert.equal(told(stopClock(clock, at("2020-12-12 23:59:59") + 400)).late, false);
  assert.equal(told(stopClock(clock, at("2020-12-13 00:00"))).late, true);
});

test("a clock at rest is neither near nor overdue, however long; stopped in the pause it is in time", () => {
  const paused = told(
    pauseClock(started(TWO_HOURS, at("2020-12-10 10:00"), { hoursLeft: 1 }), at("2020-12-10 10:30")),
  );
  const standing = standingOf(paused, at("2020-12-20 10:00"));
  assert.deepEqual(standing, { state: "paused", near: false, overdue: false, leftMs: 90 * MINUTE_MS });
  const stopped = told(stopClock(paused, at("2020-12-20 10:00")));
  assert.equal(stopped.late, false);
  assert.equal(standingOf(stopped, at("2021-12-20 10:00")).leftMs, 90 * MINUTE_MS);
});

test("an ended clock can be neither paused nor extended nor stopped again; a cancelled one is never late", () => {
  const ended = told(cancelClock(started(TWO_HOURS, at("2020-12-10 10:00")), at("2020-12-10 23:00")));
  assert.equal(ended.late, null);
  assert.equal(standingOf(ended, at("2021-12-20 10:00")).overdue, false);
  const refused = { ok: false, refusal: { code: "clock-ended", kind: "report" } };
  assert.deepEqual(pauseClock(ended, 0), refused);
  assert.deepEqual(resumeClock(ended, 0, CALENDAR), refused);
  assert.deepEqual(extendClock(ended, 1, CALENDAR), refused);
  assert.deepEqual(stopClock(ended, 0), refused);
  assert.deepEqual(changeLimit(ended, { limit: TWO_DAYS, near: null, rule: RULE }, CALENDAR), refused);
  const running = started(TWO_HOURS, at("2020-12-10 10:00"));
  assert.deepEqual(resumeClock(running, 0, CALENDAR), {
    ok: false,
    refusal: { code: "clock-not-paused", kind: "report" },
  });
  assert.throws(() => extendClock(started(TWO_DAYS, 0), 0.5, CALENDAR), /not an extension/);
  assert.throws(() => extendClock(running, -1, CALENDAR), /not an extension/);
});

test("a machine's clock set back an hour makes no used time negative and takes nothing from the unit", () => {
  const clock = started(TWO_HOURS, at("2020-12-10 10:00"));
  const paused = told(pauseClock(clock, at("2020-12-10 09:00")));
  const resumed = told(resumeClock(paused, at("2020-12-10 08:00"), CALENDAR));
  assert.equal(resumed.dueAt, clock.dueAt);
  assert.deepEqual(usedBy(resumed, at("2020-12-10 09:30"), CALENDAR), { ok: true, value: 0 });
});

test("a clock is plain data: it comes back from JSON as it was", () => {
  const clock = told(
    pauseClock(started(FOUR_WORK_HOURS, at("2020-12-11 11:00"), { hoursLeft: 1 }), at("2020-12-11 14:00")),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(clock)), clock);
});

// Laws, over any limit, any start between 2019 and mid-2025, and any run of pauses.

const periods = fc
  .uniqueArray(fc.integer({ min: 0, max: 48 }), { minLength: 2, maxLength: 8 })
  .map((marks) => {
    const sorted = [...marks].sort((a, b) => a - b);
    const time = (half: number) =>
      `${String(Math.floor(half / 2)).padStart(2, "0")}:${half % 2 ? "30" : "00"}`;
    return sorted.flatMap((m, i) => (i % 2 ? [{ from: time(sorted[i - 1] ?? 0), to: time(m) }] : []));
  });
const cutoff = fc.constantFrom("12:00", "17:30", "18:00", "23:59");
const anyLimit: fc.Arbitrary<Limit> = fc.oneof(
  fc.record({ unit: fc.constant("hours" as const), amount: fc.integer({ min: 1, max: 100 }) }),
  fc.record(
    {
      unit: fc.constantFrom("days" as const, "workdays" as const),
      amount: fc.integer({ min: 0, max: 15 }),
      cutoff,
    },
    { requiredKeys: ["unit", "amount"] },
  ),
  fc.record({ unit: fc.constant("workHours" as const), amount: fc.integer({ min: 1, max: 30 }), periods }),
);
const anyNear: fc.Arbitrary<Near | null> = fc.oneof(
  fc.constant(null),
  fc.record({ usedFraction: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }),
  fc.record({ hoursLeft: fc.double({ min: 0.1, max: 200, noNaN: true }) }),
);
const anyStart = fc
  .record({ day: fc.integer({ min: 0, max: 2350 }), minute: fc.integer({ min: 0, max: 1439 }) })
  .map(({ day, minute }) => instant(addDays("2019-01-01", day), "00:00") + minute * MINUTE_MS);
/** Alternately minutes of running and of pausing. */
const anySpans = fc.array(fc.integer({ min: 0, max: 6000 }), { maxLength: 6 });

function run(clock: Clock, spans: readonly number[]): Clock {
  let now = clock.startedAt;
  let next = clock;
  for (const [i, minutes] of spans.entries()) {
    now += minutes * MINUTE_MS;
    next = told(i % 2 === 0 ? pauseClock(next, now) : resumeClock(next, now, CALENDAR));
  }
  return next;
}

test("law: near ≤ due, near ≥ start, and a larger limit is never due earlier", () => {
  fc.assert(
    fc.property(anyLimit, anyNear, anyStart, anySpans, (limit, near, start, spans) => {
      const clock = run(started(limit, start, near), spans);
      const more = run(started({ ...limit, amount: limit.amount + 1 }, start, near), spans);
      assert.ok(clock.startedAt <= clock.nearAt && clock.nearAt <= clock.dueAt);
      assert.ok(clock.dueAt <= more.dueAt);
    }),
    { numRuns: 400 },
  );
});

test("law: a pause and its end never shorten a clock, and later starts are never due earlier", () => {
  fc.assert(
    fc.property(
      anyLimit,
      anyStart,
      anySpans,
      fc.integer({ min: 0, max: 5000 }),
      (limit, start, spans, minutes) => {
        const clock = started(limit, start);
        assert.ok(run(clock, spans).dueAt >= clock.dueAt);
        assert.ok(started(limit, start + minutes * MINUTE_MS).dueAt >= clock.dueAt);
      },
    ),
    { numRuns: 400 },
  );
});

test("law: hours clocks move by exactly the time paused before the due time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 200, max: 900 }), anyStart, anySpans, (amount, start, spans) => {
      const even = spans.length % 2 ? spans.slice(1) : spans;
      const paused = even.filter((_, i) => i % 2).reduce((a, b) => a + b, 0) * MINUTE_MS;
      const clock = started({ unit: "hours", amount }, start);
      const missed =
        even.filter((_, i) => i % 2 === 0).reduce((a, b) => a + b, 0) * MINUTE_MS > amount * HOUR_MS;
      if (!missed) assert.equal(run(clock, even).dueAt, clock.dueAt + paused);
    }),
  );
});

test("law: an extension adds exactly, one of n is n of one, and its order among pauses changes nothing", () => {
  fc.assert(
    fc.property(
      anyLimit,
      anyNear,
      anyStart,
      anySpans,
      fc.integer({ min: 1, max: 6 }),
      (limit, near, start, spans, n) => {
        const clock = started(limit, start, near);
        const whole = told(extendClock(clock, n, CALENDAR));
        assert.equal(whole.dueAt, started({ ...limit, amount: limit.amount + n }, start).dueAt);
        let bit = clock;
        for (let i = 0; i < n; i += 1) bit = told(extendClock(bit, 1, CALENDAR));
        assert.deepEqual(bit, whole);
        assert.deepEqual(told(extendClock(run(clock, spans), n, CALENDAR)), run(whole, spans));
      },
    ),
    { numRuns: 300 },
  );
});

test("law: used time survives any change of limit there and back, and the same limit changes nothing", () => {
  fc.assert(
    fc.property(anyLimit, anyLimit, anyStart, anySpans, (limit, other, start, spans) => {
      const grant = (l: Limit) => ({ limit: l, near: null, rule: RULE });
      const clock = run(started(limit, start), spans);
      assert.deepEqual(told(changeLimit(clock, grant(limit), CALENDAR)), clock);
      const there = told(changeLimit(clock, grant(other), CALENDAR));
      assert.deepEqual(there, run(started(other, start), spans)); // as if that limit had always been
      assert.deepEqual(told(changeLimit(there, grant(limit), CALENDAR)), clock);
      const now = start + spans.reduce((a, b) => a + b, 0) * MINUTE_MS;
      assert.deepEqual(
        usedBy(there, now, CALENDAR),
        usedBy(run(started(other, start), spans), now, CALENDAR),
      );
    }),
    { numRuns: 300 },
  );
});

test("law: stopped within the due time is in time, a millisecond later is late; time used reaches the limit", () => {
  fc.assert(
    fc.property(anyLimit, anyStart, (limit, start) => {
      const clock = started(limit, start);
      assert.equal(told(stopClock(clock, clock.dueAt)).late, false);
      assert.equal(told(stopClock(clock, clock.dueAt + 1)).late, true);
      const total =
        limit.unit === "days" || limit.unit === "workdays" ? limit.amount : limit.amount * HOUR_MS;
      const used = told(usedBy(clock, clock.dueAt, CALENDAR));
      if (limit.amount > 0) assert.equal(used, total);
      assert.ok(dayOf(clock.dueAt) >= dayOf(start));
    }),
    { numRuns: 300 },
  );
});
