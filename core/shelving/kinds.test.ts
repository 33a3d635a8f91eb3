import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import file from "../../rules/shelving/2020-default.json" with { type: "json" };
import { addDays } from "../time/day.ts";
import { isTermAllowed, nextReview, parseShelvingRules } from "./kinds.ts";

const read = parseShelvingRules(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const [planned] = read.value.body.kinds;
if (!planned) throw new Error("no kind");

test("a term may lie as far ahead as the kind allows and not a day further, and never today", () => {
  assert.equal(isTermAllowed(planned, "2026-11-20", "2027-11-20"), true);
  assert.equal(isTermAllowed(planned, "2026-11-20", "2027-11-21"), false);
  assert.equal(isTermAllowed(planned, "2026-11-20", "2026-11-20"), false);
});

test("the next look never comes after the term, nor before the day it is reckoned from", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 400 }), (days) => {
      const term = addDays("2026-11-20", days);
      const next = nextReview(planned, "2026-11-20", term);
      assert.ok(next <= term && next > "2026-11-20");
    }),
  );
});

test("a file of kinds that is faulty is told where", () => {
  const bad = parseShelvingRules({
    ...file,
    body: { kinds: [{ code: "x", name: "", maxDays: 0, reviewDays: 1 }] },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(
    bad.problems.map((each) => each.path),
    ["body.kinds[0].name", "body.kinds[0].maxDays"],
  );
});
