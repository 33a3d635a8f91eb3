import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ADJUSTMENT_STATES, ADJUSTMENT_STEPS, type AdjustmentState, mayGive, stepTo } from "./adjusting.ts";
import type { Given } from "./adjustment.ts";
import { pointsOf } from "./adjustment.ts";
import { compare, fraction } from "./fraction.ts";
import { someAdjustments } from "./rules.fixture.ts";

const assessor = { roles: ["assessor"], isDrafter: true } as const;
const leader = { roles: ["leader"], isDrafter: false } as const;

test("points drafted by one are approved by another, and taken back only by a further step", () => {
  assert.deepEqual(stepTo("approve", "proposed", leader), { ok: true, value: "approved" });
  assert.deepEqual(stepTo("approve", "proposed", assessor), {
    ok: false,
    refusal: { code: "adjust-not-yours" },
  });
  const own = { ...leader, isDrafter: true };
  assert.deepEqual(stepTo("approve", "proposed", own), {
    ok: false,
    refusal: { code: "adjust-same-person" },
  });
  assert.deepEqual(stepTo("withdraw", "proposed", assessor), { ok: true, value: "withdrawn" });
  assert.deepEqual(stepTo("withdraw", "proposed", leader), {
    ok: false,
    refusal: { code: "adjust-not-drafter" },
  });
  assert.deepEqual(stepTo("revoke", "approved", leader), { ok: true, value: "revoked" });
});

test("a step is taken from its own state alone", () => {
  const states = Object.keys(ADJUSTMENT_STATES) as AdjustmentState[];
  for (const { step, from, who } of ADJUSTMENT_STEPS)
    for (const state of states) {
      const person = { roles: ["assessor", "leader"], isDrafter: who === "drafter" } as const;
      assert.equal(stepTo(step, state, person).ok, state === from, `${step} from ${state}`);
    }
});

test("what may be given never goes beyond what counts: each time, each item, all of a kind", () => {
  const tries = fc.array(
    fc.record({
      item: fc.constantFrom("praised", "example", "late", "false", "gone"),
      points: fc.integer({ min: 1, max: 12 }).map((quarters) => fraction(quarters, 4)),
    }),
    { maxLength: 20 },
  );
  fc.assert(
    fc.property(tries, (asked) => {
      const already: Given[] = [];
      for (const [at, { item, points }] of asked.entries())
        if (mayGive(item, points, already, someAdjustments).ok)
          already.push({ id: String(at), item, points });
      const told = pointsOf(already, someAdjustments);
      assert.equal(told.unknown.length, 0);
      for (const { given, counted } of told.items) assert.equal(compare(given, counted), 0);
    }),
  );
});

test("a refusal says the cap and what is left of it", () => {
  const late = (id: string, n: number): Given => ({ id, item: "late", points: fraction(n, 4) });
  const ask = (item: string, points: number, already: readonly Given[] = []) =>
    mayGive(item, fraction(points, 4), already, someAdjustments);
  assert.deepEqual(ask("late", 3), {
    ok: false,
    refusal: { code: "adjust-over-each", item: "迟报漏报", most: "0.5" },
  });
  const seven = [late("1", 2), late("2", 2), late("3", 2), late("4", 1)];
  assert.deepEqual(ask("late", 2, seven), {
    ok: false,
    refusal: { code: "adjust-over-unit", item: "迟报漏报", most: "2", left: "0.25" },
  });
  const false5 = [{ id: "9", item: "false", points: fraction(5) }];
  assert.deepEqual(ask("late", 2, [...seven.slice(0, 2), ...false5]), {
    ok: false,
    refusal: { code: "adjust-over-total", kind: "penalty", most: "6", left: "0" },
  });
  assert.deepEqual(mayGive("late", fraction(1, 4), [], undefined), {
    ok: false,
    refusal: { code: "adjust-no-item" },
  });
});
