import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { Version } from "../rules/effective.ts";
import { ALL_ROLES, type Role, sideOf } from "../ticket/role.ts";
import { type Calendar, calendarOf, parseCalendarYear } from "../time/calendar.ts";
import { endOfDay, instant } from "../time/day.ts";
import { type ClockWorld, enterState, type ItemClock, isGiven, turnClock } from "./clocks.ts";
import { decideStep, type ItemFacts, type StepInput, type StepPerson, stepsNow } from "./decide.ts";
import {
  ALL_SUPERVISION_LEVELS,
  ALL_SUPERVISION_STATES,
  ALL_SUPERVISION_STEPS,
  SUPERVISION_STATES,
  type SupervisionLevel,
  type SupervisionState,
  type SupervisionStep,
  supervisionStep,
} from "./lifecycle.ts";
import { parseSupervisionRules, type SupervisionRules } from "./rules.ts";

const RULES = join(import.meta.dirname, "..", "..", "rules");
const json = (...path: string[]): unknown => JSON.parse(readFileSync(join(RULES, ...path), "utf8"));
const valid = <T>(from: { ok: true; value: T } | { ok: false; problems: unknown }): T => {
  assert.ok(from.ok, JSON.stringify(from));
  return from.value;
};
const rules: Version<SupervisionRules> = valid(
  parseSupervisionRules(json("supervision", "2026-default.json")),
);
const calendar: Calendar = calendarOf([valid(parseCalendarYear(json("calendar", "2026.json")))]);
const NOW = instant("2026-11-20", "09:00"); // Friday
const UNIT = "7";
const HELPER = "8";

const facts = (state: SupervisionState, more: Partial<ItemFacts> = {}): ItemFacts => ({
  ...{ state, level: "general", unitIds: [UNIT, HELPER], asked: null, granted: 0, givenDue: false },
  ...{ dueAt: NOW + 1, checked: null, passedBy: null, ...more },
});
const person = (role: Role, unitId: string | null = sideOf(role) === "unit" ? UNIT : null): StepPerson => ({
  ...{ userId: `${role}-${unitId}`, roles: [role], unitId },
});
const FULL: StepInput = {
  ...{ text: "请按期办结", unitIds: [UNIT], level: "key", days: 2, place: "学院路东口", result: "good" },
};
const told = (
  state: SupervisionState | ItemFacts,
  step: SupervisionStep,
  role: StepPerson | Role,
  input: StepInput = FULL,
) =>
  decideStep(
    typeof state === "string" ? facts(state) : state,
    step,
    typeof role === "string" ? person(role) : role,
    input,
    rules.body,
    NOW,
  );
const codeOf = (answer: ReturnType<typeof told>): string => (answer.ok ? "yes" : answer.refusal.code);

test("every role, state and step is allowed exactly where the table says so", () => {
  // what a row cannot say is made to stand in nobody's way
  const open = (step: SupervisionStep): Partial<ItemFacts> =>
    step === "grantExtension" || step === "refuseExtension" ? { asked: 2 } : { checked: "good" };
  let allowed = 0;
  for (const role of ALL_ROLES)
    for (const state of ALL_SUPERVISION_STATES)
      for (const step of ALL_SUPERVISION_STEPS) {
        const row = supervisionStep(step);
        const answer = told(facts(state, open(step)), step, role);
        const listed = row.by.includes(role) && row.from.includes(state);
        assert.equal(answer.ok, listed, `${role} ${state} ${step}: ${JSON.stringify(answer)}`);
        if (answer.ok) assert.equal(answer.value.to, row.to === "same" ? state : row.to);
        allowed += answer.ok ? 1 : 0;
      }
  assert.ok(allowed > 60, `the table allows ${allowed}`);
});

test("the buttons offered are exactly the steps that would be taken", () => {
  for (const role of ALL_ROLES)
    for (const state of ALL_SUPERVISION_STATES) {
      const offered = stepsNow(facts(state), person(role), rules.body, NOW);
      const taken = ALL_SUPERVISION_STEPS.filter((step) => told(state, step, role).ok);
      assert.deepEqual(offered, taken, `${role} ${state}`);
    }
});

test("a unit that is not on the item may do nothing; a helping unit reports its progress but never the result", () => {
  for (const step of ALL_SUPERVISION_STEPS)
    assert.equal(told("handling", step, person("handler", "9")).ok, false, step);
  assert.equal(codeOf(told("handling", "progress", person("handler", HELPER))), "yes");
  assert.equal(codeOf(told("handling", "answer", person("handler", HELPER))), "supervision-not-lead");
  assert.equal(codeOf(told("handling", "askExtension", person("unitLead", HELPER))), "supervision-not-lead");
});

test("what must be filled in is asked for by name, and blanks are nothing", () => {
  for (const step of ALL_SUPERVISION_STEPS)
    for (const { field, zh, must } of supervisionStep(step).asks) {
      if (!must) continue;
      const [state] = supervisionStep(step).from;
      const [role] = supervisionStep(step).by;
      assert.ok(state && role);
      const without = {
        ...FULL,
        [field === "units" ? "unitIds" : field]: field === "text" ? "  " : undefined,
      };
      const stands = facts(state, {
        checked: "good",
        asked: step.endsWith("Extension") && step !== "askExtension" ? 2 : null,
      });
      const answer = told(stands, step, role, without);
      assert.ok(!answer.ok && answer.refusal.code === "supervision-missing", `${step} ${field}`);
      assert.equal(answer.refusal.fieldZh, zh);
    }
});

test("an item of weight is not passed without a look at the place since the unit's answer, and never after a bad one", () => {
  for (const level of ALL_SUPERVISION_LEVELS) {
    const unlooked = level === "general" ? "yes" : "supervision-check-first";
    assert.equal(codeOf(told(facts("answered", { level }), "pass", "supervisor")), unlooked, level);
    assert.equal(codeOf(told(facts("answered", { level, checked: "good" }), "pass", "supervisor")), "yes");
    assert.equal(
      codeOf(told(facts("answered", { level, checked: "bad" }), "pass", "supervisor")),
      "supervision-check-bad",
    );
  }
  const again = told(facts("handling", { checked: "good" }), "answer", "handler");
  assert.ok(again.ok && again.value.checked === null, "an answer asks for a look of its own");
});

test("who passed an item on does not close it", () => {
  const lead = person("shiftLead");
  const passed = told("answered", "pass", lead);
  assert.ok(passed.ok);
  const stands = facts("review", { passedBy: passed.value.passedBy });
  assert.equal(codeOf(told(stands, "close", lead)), "supervision-same-person");
  assert.equal(codeOf(told(stands, "close", "leader")), "yes");
});

test("more time is asked for once, in time, within the rule's days, and not of a day that was given from above", () => {
  assert.equal(
    codeOf(told(facts("handling", { asked: 3 }), "askExtension", "handler")),
    "supervision-extension-pending",
  );
  assert.equal(
    codeOf(told(facts("handling", { granted: 1 }), "askExtension", "handler")),
    "supervision-extension-used",
  );
  assert.equal(codeOf(told(facts("handling", { dueAt: NOW }), "askExtension", "handler")), "yes");
  assert.equal(
    codeOf(told(facts("handling", { dueAt: NOW - 1 }), "askExtension", "handler")),
    "supervision-extension-late",
  );
  assert.equal(
    codeOf(told(facts("handling", { givenDue: true }), "askExtension", "handler")),
    "supervision-extension-given",
  );
  for (const days of [0, -1, 1.5, rules.body.extension.maxDays + 1])
    assert.equal(
      codeOf(told("handling", "askExtension", "handler", { ...FULL, days })),
      "supervision-extension-days",
    );
  assert.equal(codeOf(told("handling", "grantExtension", "supervisor")), "supervision-extension-none");
});

test("forwarding an item of weight is due the same day; the unit's days are workdays, and a given day binds", () => {
  const world: ClockWorld = { rules, calendar, now: NOW, givenDueAt: null };
  const started = (to: SupervisionState, level: SupervisionLevel, w = world): ItemClock => {
    const turned = enterState(null, to, level, w);
    assert.ok(turned.ok && turned.value.running);
    return turned.value.running;
  };
  assert.equal(started("arrived", "listed").dueAt, instant("2026-11-20", "13:00"));
  assert.equal(started("arrived", "general").dueAt, instant("2026-11-21", "09:00"));
  // Friday's five workdays: Monday 23 to Friday 27
  const handling = started("handling", "general");
  assert.equal(handling.dueAt, endOfDay("2026-11-27"));
  const givenDueAt = instant("2026-11-25", "18:00");
  const given = started("handling", "general", { ...world, givenDueAt });
  assert.equal(given.dueAt, givenDueAt);
  assert.ok(given.nearAt < given.dueAt && isGiven(given, givenDueAt) && !isGiven(handling, givenDueAt));
  const turned = (clock: "extend" | "relevel", w: ClockWorld): ItemClock => {
    const change = told("handling", "note", "supervisor");
    assert.ok(change.ok);
    const done = turnClock(handling, { ...change.value, level: "key", clock }, 2, w);
    assert.ok(done.ok && done.value.running);
    return done.value.running;
  };
  assert.equal(turned("extend", world).dueAt, endOfDay("2026-12-01"));
  const other = turned("relevel", { ...world, now: instant("2026-11-24", "10:00") });
  assert.equal(other.startedAt, NOW, "time used stays used");
  assert.equal(other.dueAt, endOfDay("2026-12-01"));
});

test("whatever is done, an item has a holder and its state's clock in every moment, and leaves only by closing or by never being taken up", () => {
  const begins = fc.constantFrom<SupervisionState>("proposed", "arrived");
  const act = fc.record({
    pick: fc.nat(),
    level: fc.constantFrom(...ALL_SUPERVISION_LEVELS),
    result: fc.constantFrom<"good" | "bad">("good", "bad"),
    hours: fc.integer({ min: 0, max: 30 }),
    given: fc.boolean(),
  });
  const seen = new Set<SupervisionState>();
  fc.assert(
    fc.property(begins, fc.array(act, { maxLength: 40 }), (begin, acts) => {
      let now = NOW;
      const first = enterState(null, begin, "general", { rules, calendar, now, givenDueAt: null });
      assert.ok(first.ok);
      let clock = first.value.running;
      let stands = facts(begin, { unitIds: [], dueAt: clock?.dueAt ?? null });
      let last: SupervisionStep | null = null;
      const check = (): void => {
        seen.add(stands.state);
        const { held, clock: kind } = SUPERVISION_STATES[stands.state];
        assert.equal(clock?.kind ?? null, kind, `${stands.state} after ${last}`);
        assert.ok(clock === null || clock.state === "running");
        if (held === "unit") assert.ok(stands.unitIds.length > 0, "with a unit that is none");
        if (held === "nobody") assert.ok(last === "close" || last === "dismiss", `left by ${last}`);
        if (stands.state === "dismissed") assert.equal(begin, "proposed");
      };
      check();
      for (const { pick, level, result, hours, given } of acts) {
        now += hours * 3_600_000;
        const may = ALL_ROLES.flatMap((role) =>
          stepsNow(stands, person(role), rules.body, now).map((step) => ({ role, step })),
        );
        const chosen = may[pick % Math.max(1, may.length)];
        if (!chosen) break; // dismissed for good
        const { step, role } = chosen;
        const world = { rules, calendar, now, givenDueAt: given ? NOW + 5 * 86_400_000 : null };
        const answer = decideStep(stands, step, person(role), { ...FULL, level, result }, rules.body, now);
        if (!answer.ok) continue; // the same level again
        const turned = turnClock(clock, answer.value, stands.asked ?? 1, world);
        if (!turned.ok) break; // the year after is not published: refused, and nothing is changed
        clock = turned.value.running;
        const { value } = answer;
        stands = {
          ...stands,
          ...{ state: value.to, level: value.level, unitIds: value.unitIds ?? stands.unitIds },
          ...{ asked: value.asked, granted: value.granted, checked: value.checked },
          ...{ passedBy: value.passedBy, dueAt: clock?.dueAt ?? null },
        };
        last = step;
        check();
      }
    }),
    { numRuns: 3000 },
  );
  assert.deepEqual([...seen].sort(), [...ALL_SUPERVISION_STATES].sort(), "every state was reached");
});

test("a rules file that leaves a clock without a limit, or names what does not exist, is refused with its place", () => {
  const file = structuredClone(json("supervision", "2026-default.json"));
  const body: { limits: { clock: string }[]; triggers: { key: string }[] } = Reflect.get(
    Object(file),
    "body",
  );
  body.limits = body.limits.filter((row) => row.clock !== "check");
  const [trigger] = body.triggers;
  assert.ok(trigger);
  trigger.key = "fullMoon";
  const read = parseSupervisionRules(file);
  assert.ok(!read.ok);
  assert.deepEqual(read.problems.map((p) => p.path).sort(), ["body.limits", "body.triggers[0].key"]);
});
