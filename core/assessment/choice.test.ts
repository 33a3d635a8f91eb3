import assert from "node:assert/strict";
import { test } from "node:test";
import type { PeriodSettings } from "../time/period.ts";
import { choosePeriod, chooseRuleSet } from "./choice.ts";
import { district, equal } from "./rules.fixture.ts";
import type { RuleSet } from "./ruleset.ts";

const from19th: PeriodSettings = {
  name: "month-19th",
  source: "practice",
  startDay: 19,
  starts: {},
  reportAt: "12:00",
};
const calendarMonth: PeriodSettings = { ...from19th, name: "calendar-month", startDay: 1 };
const settings = [from19th, calendarMonth];

const later: RuleSet = { ...district, name: "district-2026", from: "2026-01-19" }; // a Monday
const all = [later, equal, district];

test("days are reckoned under the rule set in force on the first of them, and a trial says that it is one", () => {
  assert.deepEqual(chooseRuleSet(all, "2026-01-18"), { ruleSet: district, trial: false });
  assert.deepEqual(chooseRuleSet(all, "2026-01-19"), { ruleSet: later, trial: false });
  assert.deepEqual(chooseRuleSet(all, "2026-02-19", "district-2025"), { ruleSet: district, trial: true });
  assert.deepEqual(chooseRuleSet(all, "2026-02-19", "equal-30-35-35"), { ruleSet: equal, trial: true });
  assert.deepEqual(chooseRuleSet(all, "2026-02-19", "district-2026"), { ruleSet: later, trial: false });
  assert.deepEqual(chooseRuleSet(all, "2020-11-19"), { ruleSet: district, trial: true });
  assert.equal(chooseRuleSet(all, "2026-02-19", "nowhere"), null);
  assert.equal(chooseRuleSet([equal], "2026-02-19"), null);
});

test("a rule of January 19th binds the period of February and not the one of January, already under way", () => {
  const january = choosePeriod(all, settings, "2026-01");
  assert.deepEqual(january, {
    ruleSet: district,
    segments: [{ from: "2025-12-19", to: "2026-01-18", ruleSet: district }],
    trial: false,
    period: { name: "2026-01", from: "2025-12-19", to: "2026-01-18" },
  });
  const february = choosePeriod(all, settings, "2026-02");
  assert.equal(february?.ruleSet, later);
  assert.equal(february?.trial, false);
  assert.equal(february?.period.from, "2026-01-19");
});

test("a new rule that cuts its months elsewhere begins with its own first month", () => {
  const recut: RuleSet = { ...later, from: "2026-01-01", period: "calendar-month" };
  const rules = [district, recut];
  assert.deepEqual(choosePeriod(rules, settings, "2026-01")?.period, {
    name: "2026-01",
    from: "2026-01-01",
    to: "2026-01-31",
  });
  assert.equal(choosePeriod(rules, settings, "2025-12")?.period.from, "2025-11-19");
});

test("a period before the first rule, and one under a rule asked for by name, are trials", () => {
  const early = choosePeriod(all, settings, "2020-12");
  assert.deepEqual([early?.ruleSet, early?.trial, early?.period.from], [district, true, "2020-11-19"]);
  const other = choosePeriod(all, settings, "2025-06", "equal-30-35-35");
  assert.deepEqual([other?.ruleSet, other?.trial], [equal, true]);
  const own = choosePeriod(all, settings, "2025-06", "district-2025");
  assert.deepEqual([own?.ruleSet, own?.trial], [district, false]);
  assert.equal(choosePeriod(all, settings, "2025-06", "nowhere"), null);
});

test("a period cut by settings that do not exist is our own mistake and throws", () => {
  assert.throws(() => choosePeriod([district], [], "2025-06"));
});
