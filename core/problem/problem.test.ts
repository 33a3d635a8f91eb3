import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ALL_ROLES } from "../ticket/role.ts";
import { instant, MINUTE_MS } from "../time/day.ts";
import { type Course, ofCourse } from "./findings.ts";
import {
  decideProblem,
  PROBLEM_STATES,
  PROBLEM_STEPS,
  type ProblemState,
  problemStepsFor,
} from "./lifecycle.ts";
import { parseProblemRules, problemRulesOn } from "./rules.ts";

const file = new URL("../../rules/problem/2019-default.json", import.meta.url);
const raw: unknown = JSON.parse(readFileSync(file, "utf8"));
const read = parseProblemRules(raw);
assert.ok(read.ok, JSON.stringify(read));
const RULES = read.value;

const STATES = Object.keys(PROBLEM_STATES) as readonly ProblemState[];
const INPUT = { text: "已约谈经办人，限三日内整改", cause: "careless" };

test("every role × state × step: what the table lists is allowed, everything else is refused with its reason", () => {
  for (const role of ALL_ROLES)
    for (const state of STATES)
      for (const { step, from, by } of PROBLEM_STEPS) {
        const unit = role === "handler" || role === "unitLead" ? "7" : null;
        const who = { roles: [role], unitId: unit };
        const decision = decideProblem({ state, unitId: "7", disputed: false }, who, step, INPUT);
        const listed = by.includes(role) && state === from;
        assert.equal(decision.ok, listed, `${role} ${state} ${step}`);
        if (!decision.ok)
          assert.equal(decision.refusal.code, by.includes(role) ? "problem-state" : "problem-role");
        const offered = problemStepsFor({ state, unitId: "7", disputed: false }, who);
        assert.equal(offered.includes(step), listed, `offered: ${role} ${state} ${step}`);
      }
});

test("a unit answers its own problems and no other's; what the centre did itself its own desk answers", () => {
  const answer = (unitId: string | null, roles: readonly ("handler" | "triager")[], mine: string | null) =>
    decideProblem({ state: "open", unitId, disputed: false }, { roles, unitId: mine }, "answer", INPUT).ok;
  assert.equal(answer("7", ["handler"], "7"), true);
  assert.equal(answer("8", ["handler"], "7"), false);
  assert.equal(answer(null, ["handler"], "7"), false);
  assert.equal(answer(null, ["triager"], null), true);
  assert.equal(answer("7", ["triager"], null), false);
});

test("a problem is disputed once: after a refusal it can only be answered", () => {
  const who = { roles: ["unitLead"] as const, unitId: "7" };
  const again = { state: "open" as const, unitId: "7", disputed: true };
  const refused = decideProblem(again, who, "dispute", INPUT);
  assert.equal(!refused.ok && refused.refusal.code, "problem-disputed");
  assert.deepEqual(problemStepsFor(again, who), ["answer"]);
});

test("an answer names a cause of the list and what is done about it", () => {
  const problem = { state: "open" as const, unitId: "7", disputed: false };
  const who = { roles: ["handler"] as const, unitId: "7" };
  const blank = decideProblem(problem, who, "answer", { text: " ", cause: "late" });
  assert.deepEqual(!blank.ok && blank.refusal, { code: "field-missing", field: "text", fieldZh: "整改措施" });
  const bare = decideProblem(problem, who, "answer", { text: "已整改", cause: null });
  assert.equal(!bare.ok && bare.refusal.code, "field-missing");
});

const at = instant("2026-11-20", "09:00"); // Friday
const COURSE: Course = {
  ...{ byCentre: false, acceptedAt: at, contactedAt: at + 60 * MINUTE_MS, reportedAt: at + 90 * MINUTE_MS },
  ...{ outcome: "solved", repliedBy: null, approvedBy: "9", approved: true },
};

test("reported as solved nine minutes after the acceptance is closed before it was handled; after ten minutes it is not", () => {
  const soon = (minutes: number, more: Partial<Course> = {}) =>
    ofCourse({ ...COURSE, reportedAt: at + minutes * MINUTE_MS, contactedAt: at, ...more }, 10).map(
      (each) => each.finding,
    );
  assert.deepEqual(soon(9), ["beforeHandled"]);
  assert.deepEqual(soon(10), []);
  // Explained on the telephone at once is no work that was left undone; explained to nobody is.
  assert.deepEqual(soon(9, { outcome: "explained" }), []);
  assert.deepEqual(soon(9, { outcome: "explained", contactedAt: null }), ["beforeHandled"]);
});

test("the centre's own reply wants another person's approval; a unit's report has its reviewers anyway", () => {
  const own = (more: Partial<Course>) =>
    ofCourse({ ...COURSE, byCentre: true, acceptedAt: null, ...more }, 10).map((each) => each.said);
  assert.deepEqual(own({ repliedBy: "9", approvedBy: "9" }), ["回复人和结案审批人是同一人"]);
  assert.deepEqual(own({ repliedBy: "8", approvedBy: "9" }), []);
  assert.deepEqual(own({ approved: false }), ["直接回复或直办后结案，没有结案审批记录"]);
  assert.deepEqual(ofCourse({ ...COURSE, repliedBy: "9", approvedBy: "9" }, 10), []);
});

test("the rules in force on a day are the last that began by then; before the first nothing is looked for", () => {
  const later = { ...RULES, name: "later", from: "2026-11-21" as const };
  assert.equal(problemRulesOn([RULES, later], "2026-11-20")?.name, RULES.name);
  assert.equal(problemRulesOn([RULES, later], "2026-11-21")?.name, "later");
  assert.equal(problemRulesOn([later], "2026-11-20"), null);
});

test("a rules file with a finding that nobody makes, a clock that does not exist, or a kind named twice is refused", () => {
  assert.ok(typeof raw === "object" && raw !== null && "body" in raw);
  const faulty = (change: object) => parseProblemRules({ ...raw, body: { ...Object(raw.body), ...change } });
  const [first] = RULES.body.kinds;
  for (const change of [
    { kinds: [{ ...first, finds: "rain" }] },
    { kinds: [first, first] },
    { clocks: ["lunch"] },
    { causes: [] },
    { findAt: "25:00" },
    { answerDays: 0 },
  ])
    assert.equal(faulty(change).ok, false, JSON.stringify(change));
});
