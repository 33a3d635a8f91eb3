import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_ROLES, type Role, sideOf } from "../ticket/role.ts";
import {
  ALL_VERSION_STATES,
  holdsOn,
  PRECEDENT_STEPS,
  precedentTo,
  type Scope,
  scopeFault,
} from "./precedent.ts";
import {
  ALL_CASE_STATES,
  CASE_STATES,
  CASE_STEPS,
  type CaseFacts,
  type CaseState,
  stepsNow,
  stepTo,
  UNDECIDED,
} from "./steps.ts";

const facts = (state: CaseState, more: Partial<CaseFacts> = {}): CaseFacts => ({
  ...{ state, partyIds: ["1", "2"], ruledBy: "77", appealUntil: 1000, now: 500, ...more },
});
const person = (role: Role, unitId = "1") => ({
  ...{ roles: [role], userId: "5", unitId: sideOf(role) === "unit" ? unitId : null },
});

test("every role × state × step of a case is allowed exactly where the table has it", () => {
  let allowed = 0;
  for (const role of ALL_ROLES)
    for (const state of ALL_CASE_STATES)
      for (const row of CASE_STEPS) {
        const by: readonly Role[] = row.by;
        const from: readonly CaseState[] = row.from;
        const answer = stepTo(row.step, facts(state), person(role));
        const inTable = by.includes(role) && from.includes(state);
        assert.equal(answer.ok, inTable, `${role} ${state} ${row.step}`);
        if (answer.ok) {
          allowed += 1;
          assert.equal(answer.value, row.to === "same" ? state : row.to);
        } else {
          const code = by.includes(role) ? "ownership-state" : "ownership-not-yours";
          assert.equal(answer.refusal.code, code, `${role} ${state} ${row.step}`);
        }
      }
  assert.ok(allowed > 80, `the table allows ${allowed} triples`);
});

test("a unit that is not party to the case takes no step of it; a party's appeal is too late after its window", () => {
  const stranger = person("handler", "3");
  const claim = stepTo("claim", facts("claims"), stranger);
  assert.equal(!claim.ok && claim.refusal.code, "ownership-not-party");
  assert.deepEqual(stepsNow(facts("ruled"), stranger), []);
  assert.deepEqual(stepsNow(facts("ruled", { now: 1000 }), person("unitLead")), ["appeal"]);
  const late = stepTo("appeal", facts("ruled", { now: 1001 }), person("unitLead"));
  assert.deepEqual(!late.ok && late.refusal, { code: "ownership-appeal-late", until: 1000 });
});

test("who ruled does not decide the appeal against it", () => {
  for (const step of ["uphold", "change"] as const) {
    const own = stepTo(step, facts("appealed", { ruledBy: "5" }), person("leader"));
    assert.equal(!own.ok && own.refusal.code, "ownership-same-person");
    assert.ok(stepTo(step, facts("appealed"), person("leader")).ok);
  }
});

test("whatever steps are taken in whatever order, a case is ruled once, appealed once, and what is over stays over", () => {
  const any = fc.array(fc.tuple(fc.constantFrom(...CASE_STEPS), fc.constantFrom(...ALL_ROLES)), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(any, (tries) => {
      let state: CaseState = "claims";
      const taken: string[] = [];
      for (const [row, role] of tries) {
        const answer = stepTo(row.step, facts(state), person(role));
        if (!answer.ok) continue;
        assert.ok(CASE_STATES[state].open || state === "ruled", `${row.step} after ${state}`);
        taken.push(row.step);
        state = answer.value;
      }
      for (const once of ["rule", "appeal", "uphold", "change"])
        assert.ok(taken.filter((step) => step === once).length <= 1, taken.join(" "));
      if (taken.includes("uphold") || taken.includes("change")) assert.ok(taken.includes("appeal"));
      assert.equal(UNDECIDED.includes(state), !taken.includes("rule"));
    }),
  );
});

test("every role × state × step of a precedent is allowed exactly where the table has it; it is published by another hand", () => {
  for (const role of ALL_ROLES)
    for (const state of ALL_VERSION_STATES)
      for (const row of PRECEDENT_STEPS) {
        const by: readonly Role[] = row.by;
        for (const isWriter of [true, false]) {
          const answer = precedentTo(row.step, state, { roles: [role], isWriter });
          const mine = !(isWriter && "who" in row);
          assert.equal(
            answer.ok,
            by.includes(role) && row.from === state && mine,
            `${role} ${state} ${row.step}`,
          );
        }
      }
});

test("a precedent holds on the first and the last day of its validity, not the day before or after, and never once overruled", () => {
  const version = { state: "published", from: "2026-11-20", to: "2026-11-30" } as const;
  const on = (["2026-11-19", "2026-11-20", "2026-11-30", "2026-12-01"] as const).map((day) =>
    holdsOn(version, day),
  );
  assert.deepEqual(on, [false, true, true, false]);
  assert.equal(holdsOn({ ...version, state: "overruled" }, "2026-11-25"), false);
  assert.equal(holdsOn({ ...version, to: null }, "2036-01-01"), true);
});

test("a scope without a category, or that nothing narrows, is refused", () => {
  const none: Scope = {
    ...{ category1: "", category2: "", category3: "", street: "", community: "", spot: "", words: [] },
  };
  assert.equal(scopeFault({ ...none, words: ["路灯"] }), "scope-category");
  assert.equal(scopeFault({ ...none, category1: "市政" }), "scope-words");
  assert.equal(scopeFault({ ...none, category1: "市政", street: "学院路街道" }), null);
  assert.equal(scopeFault({ ...none, category1: "市政", words: ["路灯"] }), null);
});
