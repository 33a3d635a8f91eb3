import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Version } from "../rules/effective.ts";
import { calendarOf, parseCalendarYear } from "../time/calendar.ts";
import { type Day, HOUR_MS, instant } from "../time/day.ts";
import { ladderDifferences } from "./difference.ts";
import { type Ladder, ladderOn } from "./ladder.ts";
import { parseLadder } from "./ladderfile.ts";
import { allowedFrom, nextStep, type UrgedClock } from "./schedule.ts";
import { filledWords, stepInWords, unknownFields } from "./words.ts";

const RULES = join(import.meta.dirname, "..", "..", "rules");
const fileOf = (path: string): unknown => JSON.parse(readFileSync(join(RULES, path), "utf8"));
function told<T>(parsed: { ok: true; value: T } | { ok: false; problems: unknown }): T {
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}
const CALENDAR = calendarOf([told(parseCalendarYear(fileOf("calendar/2026.json")))]);
const LADDER = told(parseLadder(fileOf("urging/2026-default.json")));

const at = (day: Day, time: string) => instant(day, time);
const clock = (dueAt: number, more: Partial<UrgedClock> = {}): UrgedClock => ({
  ...{ kind: "report", level: 3, nearAt: dueAt - 6 * HOUR_MS, dueAt, made: new Set() },
  ...more,
});
const idAndTime = (c: UrgedClock, now: number) => {
  const next = nextStep(LADDER, c, now, CALENDAR);
  return next && [next.step.id, next.fireAt];
};
const allowed = (level: 1 | 2 | 3 | 4, when: number) =>
  allowedFrom(LADDER.body.quiet, { level, kind: "report" }, when, CALENDAR);

test("an ordinary ticket near its end on a Friday night is urged on Monday morning, not before", () => {
  // Friday 2026-11-20, 22:30
  assert.equal(allowed(3, at("2026-11-20", "22:30")), at("2026-11-23", "08:00"));
  assert.equal(
    allowed(3, at("2026-11-23", "08:00")),
    at("2026-11-23", "08:00"),
    "the first minute after the night counts",
  );
  assert.equal(allowed(3, at("2026-11-23", "20:59")), at("2026-11-23", "20:59"));
});

test("quiet lasts across midnight: a minute before it and a minute after it wait for the same morning", () => {
  // Tuesday to Wednesday
  assert.equal(allowed(3, at("2026-11-24", "23:59")), at("2026-11-25", "08:00"));
  assert.equal(allowed(3, at("2026-11-25", "00:01")), at("2026-11-25", "08:00"));
});

test("an emergency is urged at any hour of any day; an urgent one on a holiday too, but not in the small hours", () => {
  assert.equal(allowed(1, at("2026-10-02", "03:00")), at("2026-10-02", "03:00"));
  assert.equal(allowed(2, at("2026-10-02", "10:00")), at("2026-10-02", "10:00"));
  assert.equal(allowed(2, at("2026-10-02", "23:30")), at("2026-10-03", "07:00"));
});

test("in the National Day holiday nobody is urged for an ordinary ticket; a made-up workday is a workday", () => {
  // 2026-10-01 to 10-07 off; Saturday 2026-10-10 is worked, Saturday 10-17 is not
  assert.equal(allowed(3, at("2026-10-01", "10:00")), at("2026-10-08", "08:00"));
  assert.equal(allowed(3, at("2026-10-10", "10:00")), at("2026-10-10", "10:00"));
  assert.equal(allowed(3, at("2026-10-17", "10:00")), at("2026-10-19", "08:00"));
});

test("the centre works in shifts: its own clocks are urged at night", () => {
  const night = at("2026-11-24", "23:30");
  const own = { level: 3, kind: "dispatch" } as const;
  assert.equal(allowedFrom(LADDER.body.quiet, own, night, CALENDAR), night);
});

test("the ladder is climbed step by step, each step once", () => {
  const due = at("2026-11-24", "15:00"); // a Tuesday
  const made = new Set<string>();
  const climbed: unknown[] = [];
  for (let now = due - 24 * HOUR_MS; ; ) {
    const next = nextStep(LADDER, clock(due, { made }), now, CALENDAR);
    if (!next) break;
    climbed.push([next.step.id, new Date(next.fireAt).toISOString()]);
    made.add(next.step.id);
    now = next.fireAt;
  }
  assert.deepEqual(climbed, [
    ["near", "2026-11-24T01:00:00.000Z"],
    ["due", "2026-11-24T07:00:00.000Z"],
    ["overdue-1d", "2026-11-25T07:00:00.000Z"],
    ["overdue-3d", "2026-11-27T07:00:00.000Z"],
    ["overdue-5d", "2026-12-01T07:00:00.000Z"],
  ]);
});

test("steps that fall into one night are one urge in the morning: the gravest", () => {
  const due = at("2026-11-24", "23:30");
  const near = clock(due, { nearAt: at("2026-11-24", "21:30") });
  assert.deepEqual(idAndTime(near, at("2026-11-24", "12:00")), ["due", at("2026-11-25", "08:00")]);
});

test("a due time that is moved later takes the steps to come with it; those made are not made again", () => {
  const due = at("2026-11-24", "15:00");
  const made = new Set(["near", "due"]);
  const now = at("2026-11-24", "16:00");
  assert.deepEqual(idAndTime(clock(due, { made }), now), ["overdue-1d", at("2026-11-25", "15:00")]);
  const later = clock(at("2026-11-26", "15:00"), { made });
  assert.deepEqual(idAndTime(later, now), ["overdue-1d", at("2026-11-27", "15:00")]);
});

test("what a stopped worker left for longer than the rule's term is not made up for; a holiday does not let it lapse", () => {
  const due = at("2026-11-10", "15:00");
  assert.deepEqual(idAndTime(clock(due), at("2026-11-16", "09:00")), [
    "overdue-3d",
    at("2026-11-13", "15:00"),
  ]);
  assert.equal(idAndTime(clock(due), at("2026-11-27", "09:00")), null);
  const holiday = clock(at("2026-09-30", "23:00"), { made: new Set(["near"]) });
  assert.deepEqual(idAndTime(holiday, at("2026-10-08", "08:00")), ["due", at("2026-10-08", "08:00")]);
});

test("before the ladder's first day there is none, and it does not reach behind that day", () => {
  assert.equal(ladderOn([LADDER], "2025-12-31"), null);
  const old = clock(at("2025-12-31", "15:00"));
  assert.notEqual(idAndTime(old, at("2026-01-01", "09:00"))?.[0], "due");
});

test("a day whose calendar is not published is neither quiet nor counted", () => {
  assert.equal(allowed(3, at("2027-01-03", "10:00")), at("2027-01-03", "10:00"));
  const made = new Set(["near", "due"]);
  assert.equal(idAndTime(clock(at("2026-12-31", "15:00"), { made }), at("2026-12-31", "16:00")), null);
});

test("the words name the clock and its end, and a field that does not exist is refused in the file", () => {
  const [near] = LADDER.body.steps;
  assert.ok(near);
  const due = at("2026-11-24", "15:00");
  assert.equal(filledWords(near.words, clock(due)), "办理反馈将于 11-24 15:00 到期，请抓紧办理。");
  assert.deepEqual(unknownFields("{诉求人}催{到期}"), ["诉求人"]);
  assert.equal(stepInWords(near).when, "全部");
});

test("a wrong file is told place by place", () => {
  const file = structuredClone(fileOf("urging/2026-default.json"));
  const steps: Record<string, unknown>[] = Object(file).body.steps;
  Object.assign(steps[0] ?? {}, { to: ["everybody"], words: "{诉求人}" });
  Object.assign(steps[1] ?? {}, { id: "near", at: { overdue: 0, unit: "workdays" } });
  const read = parseLadder(file);
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map((p) => p.path),
    ["body.steps[0].words", "body.steps[0].to[0]", "body.steps[1].at.overdue", "body.steps[1].id"],
  );
});

const instants = fc.integer({ min: at("2026-01-05", "00:00"), max: at("2026-12-01", "00:00") });
const levels = fc.constantFrom<1 | 2 | 3 | 4>(1, 2, 3, 4);

test("an allowed instant is never earlier, is itself allowed, and a later wish is never allowed earlier", () => {
  fc.assert(
    fc.property(instants, instants, levels, (a, b, level) => {
      const first = allowed(level, Math.min(a, b));
      assert.ok(first >= Math.min(a, b));
      assert.equal(allowed(level, first), first);
      assert.ok(allowed(level, Math.max(a, b)) >= first);
    }),
  );
});

test("climbing never makes a step twice, never goes back, never disturbs in the quiet, and ends", () => {
  fc.assert(
    fc.property(
      instants,
      levels,
      fc.array(fc.integer({ min: -72, max: 72 }), { maxLength: 8 }),
      (due, level, moves) => {
        const made = new Set<string>();
        let now = due - 48 * HOUR_MS;
        let dueAt = due;
        for (let i = 0; i < 20; i += 1) {
          const c = clock(dueAt, { level, made });
          const next = nextStep(LADDER, c, now, CALENDAR);
          if (!next) return;
          assert.ok(!made.has(next.step.id));
          now = Math.max(now, next.fireAt);
          assert.equal(allowed(level, next.fireAt), next.fireAt);
          made.add(next.step.id);
          dueAt += (moves[i] ?? 0) * HOUR_MS;
        }
        assert.fail("a ladder without an end");
      },
    ),
  );
});

test("the order in which steps stand in the file changes nothing", () => {
  fc.assert(
    fc.property(
      instants,
      levels,
      fc.shuffledSubarray([...LADDER.body.steps], { minLength: LADDER.body.steps.length }),
      (due, level, steps) => {
        const shuffled: Version<Ladder> = { ...LADDER, body: { ...LADDER.body, steps } };
        const c = clock(due, { level });
        assert.deepEqual(nextStep(shuffled, c, due, CALENDAR), nextStep(LADDER, c, due, CALENDAR));
      },
    ),
  );
});

test("a ladder whose steps come together, that leaves a level out after the end, or is silent all day is told as a whole", () => {
  const file = structuredClone(fileOf("urging/2026-default.json"));
  const body: Record<string, unknown> = Object(Object(file).body);
  const steps: Record<string, unknown>[] = Object(body.steps);
  const [near, due] = steps;
  body.steps = [near, { ...near, id: "again" }, { ...due, when: { level: [1, 2, 3] } }];
  body.quiet = [
    { levels: [1], owed: ["unit"], from: "00:00", to: "12:00", offDays: false },
    { levels: [1], owed: ["unit"], from: "12:00", to: "00:00", offDays: false },
  ];
  const read = parseLadder(file);
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map((p) => p.path),
    ["body.steps[1].at", "body.steps", "body.quiet"],
  );
});

test("two ladders differ setting by setting in words; a step taken out does not make the others differ", () => {
  const [near, ...others] = LADDER.body.steps;
  assert.ok(near);
  const changed: Ladder = {
    ...LADDER.body,
    ...{ repeatMinutes: 10, steps: others.map((s) => (s.id === "due" ? { ...s, to: ["leader"] } : s)) },
  };
  assert.deepEqual(ladderDifferences(LADDER.body, LADDER.body), []);
  const told = ladderDifferences(LADDER.body, changed);
  assert.deepEqual(
    told.filter((d) => !d.path.includes("临期提醒")).map((d) => [d.path, d.before, d.after]),
    [
      ["人工催办不重复", "30 分钟", "10 分钟"],
      ["步骤“到期催办”对象", "经办人、单位负责人", "中心领导"],
    ],
  );
  assert.ok(told.some((d) => d.path === "步骤“临期提醒”时刻" && d.after === null));
});
