import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addDays } from "../time/day.ts";
import { inForce, type Version } from "./effective.ts";

const version = (name: string, from: Version<string>["from"]): Version<string> => ({
  name,
  from,
  source: "test",
  body: name,
});
const FIRST = version("first", "2020-04-20");
const SECOND = version("second", "2020-07-21");
const PLANNED = version("planned", "2027-01-01");

test("a rule binds from its first day on, not a day earlier, and one that is only planned not yet", () => {
  const rules = [FIRST, SECOND, PLANNED];
  assert.deepEqual(inForce(rules, "2020-07-20"), { ok: true, value: FIRST });
  assert.deepEqual(inForce(rules, "2020-07-21"), { ok: true, value: SECOND });
  assert.deepEqual(inForce(rules, "2026-12-31"), { ok: true, value: SECOND });
});

test("before the first rule nothing is guessed", () => {
  assert.deepEqual(inForce([FIRST], "2020-04-19"), {
    ok: false,
    refusal: { code: "no-rule-in-force", on: "2020-04-19" },
  });
  assert.equal(inForce([], "2020-04-19").ok, false);
});

test("two versions beginning on one day are a mistake of ours", () => {
  assert.throws(() => inForce([FIRST, version("twin", FIRST.from)], "2020-05-01"), /two versions begin/);
});

test("the order in which versions are given changes nothing, and the answer never begins after the day", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 0, max: 500 }), { minLength: 1 }),
      fc.integer({ min: 0, max: 500 }),
      (starts, n) => {
        const rules = starts.map((s) => version(`v${s}`, addDays("2020-01-01", s)));
        const on = addDays("2020-01-01", n);
        const found = inForce(rules, on);
        assert.deepEqual(inForce([...rules].reverse(), on), found);
        if (found.ok) {
          assert.ok(found.value.from <= on);
          assert.ok(rules.every((r) => r.from <= found.value.from || r.from > on));
        } else assert.ok(rules.every((r) => r.from > on));
      },
    ),
  );
});
