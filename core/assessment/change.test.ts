import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { rankChange, scoreChange } from "./change.ts";

test("a smaller number is a better rank; a unit without one in either period is not compared", () => {
  assert.equal(rankChange(1, 3), "升 2");
  assert.equal(rankChange(4, 3), "降 1");
  assert.equal(rankChange(3, 3), "持平");
  assert.equal(rankChange(null, 3), "—");
  assert.equal(rankChange(3, null), "—");
});

test("the difference of two shown scores is what a reader gets who subtracts them", () => {
  assert.equal(scoreChange(90.3, 89.1, 1), "+1.2");
  assert.equal(scoreChange(89.1, 90.3, 1), "-1.2");
  assert.equal(scoreChange(90.3, 90.3, 1), "0.0");
  assert.equal(scoreChange(null, 90.3, 1), "—");
});

test("law: what one period gains on another, that one loses", () => {
  const score = fc.integer({ min: 0, max: 1000 }).map((n) => n / 10);
  fc.assert(
    fc.property(score, score, (a, b) => {
      assert.equal(Number(scoreChange(a, b, 1)), -Number(scoreChange(b, a, 1)) + 0);
    }),
  );
});
