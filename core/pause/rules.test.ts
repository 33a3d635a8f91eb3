import assert from "node:assert/strict";
import { test } from "node:test";
import file from "../../rules/pause/2019-default.json" with { type: "json" };
import { DAY_MS, instant } from "../time/day.ts";
import { type PauseFacts, parsePauseRules, pauseAskBarred, pauseEnd, pauseGrantBarred } from "./rules.ts";

const read = parsePauseRules(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const RULES = read.value.body;
const named = (code: string) => RULES.grounds.find((each) => each.code === code) ?? assert.fail(code);
const APPRAISAL = named("appraisal");

const NOW = instant("2026-11-23", "09:00"); // a Monday
const FREE: PauseFacts = {
  ...{ pending: null, running: null, granted: {} },
  ...{ dueAt: NOW + 3 * DAY_MS, cityDueAt: null, now: NOW },
};

test("a pause lasts to the end of its last day, no longer than its ground allows", () => {
  assert.deepEqual(pauseEnd(FREE, APPRAISAL, 30), { ok: true, value: "2026-12-23" });
  const long = pauseEnd(FREE, APPRAISAL, 31);
  assert.deepEqual(!long.ok && long.refusal, {
    ...{ code: "pause-days", field: "days", groundZh: "等待第三方鉴定", maxDays: 30 },
  });
  assert.ok(!pauseEnd(FREE, APPRAISAL, 0).ok && !pauseEnd(FREE, APPRAISAL, 1.5).ok);
});

test("each ground has so many pauses a round; when all are used up nothing may be asked for", () => {
  const once = { ...FREE, granted: { appraisal: 1, procedure: 1 } };
  const again = pauseEnd(once, APPRAISAL, 3);
  assert.equal(!again.ok && again.refusal.code, "pause-used-up");
  assert.ok(pauseEnd(once, named("procedure"), 3).ok, "another ground, and one that allows two");
  assert.equal(pauseAskBarred(once, RULES), null);
  const granted = Object.fromEntries(RULES.grounds.map((each) => [each.code, each.maxTimes]));
  assert.equal(pauseAskBarred({ ...FREE, granted }, RULES)?.code, "pause-used-up");
});

test("the city's deadline rests for nobody: where it is what is due nothing may be asked, and no pause reaches it", () => {
  const cityDueAt = instant("2026-11-27", "18:00");
  assert.equal(pauseAskBarred({ ...FREE, cityDueAt, dueAt: cityDueAt }, RULES)?.code, "pause-city");
  const later = { ...FREE, cityDueAt };
  assert.equal(pauseAskBarred(later, RULES), null);
  assert.deepEqual(pauseEnd(later, APPRAISAL, 3), { ok: true, value: "2026-11-26" });
  const reaches = pauseEnd(later, APPRAISAL, 4);
  assert.deepEqual(!reaches.ok && reaches.refusal, { code: "pause-city", cityDue: "11-27 18:00" });
  assert.ok(pauseEnd({ ...FREE, cityDueAt: NOW - 1 }, APPRAISAL, 30).ok, "one that has passed binds nothing");
});

test("what is overdue, waits already or rests already is not paused", () => {
  assert.equal(pauseAskBarred({ ...FREE, dueAt: NOW - 1 }, RULES)?.code, "pause-overdue");
  assert.equal(pauseAskBarred({ ...FREE, dueAt: null }, RULES)?.code, "pause-no-clock");
  const running = { id: "1", until: NOW + DAY_MS };
  assert.equal(pauseAskBarred({ ...FREE, running }, RULES)?.code, "pause-runs");
  const pending = { ...APPRAISAL, id: "2", days: 3 };
  assert.equal(pauseAskBarred({ ...FREE, pending }, RULES)?.code, "pause-pending");
  assert.equal(pauseGrantBarred({ ...FREE, pending }), null);
  assert.equal(pauseGrantBarred({ ...FREE, pending, dueAt: NOW - 1 })?.code, "pause-overdue");
  assert.equal(pauseGrantBarred(FREE)?.code, "pause-none");
});

test("a file of grounds that is faulty is told where", () => {
  const bad = parsePauseRules({
    ...file,
    body: {
      grounds: [{ code: "x", zh: "某", evidence: "", clocks: ["closing"], maxDays: 0, maxTimes: 1 }],
    },
  });
  assert.deepEqual(!bad.ok && bad.problems.map((each) => each.path), [
    ...["body.grounds[0].clocks", "body.grounds[0].clocks"],
    ...["body.grounds[0].evidence", "body.grounds[0].maxDays"],
  ]);
});
