import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  add,
  compare,
  decimalText,
  fraction,
  multiply,
  parseDecimal,
  roundHalfUp,
  toNumber,
} from "./fraction.ts";

test("a figure exactly half way is rounded up, where floating point would round 1.005 down", () => {
  assert.equal((1.005).toFixed(2), "1.00");
  assert.equal(decimalText(fraction(1005, 1000), 2), "1.01");
  assert.equal(decimalText(fraction(8645, 100), 1), "86.5");
  assert.equal(decimalText(fraction(8644, 100), 1), "86.4");
  assert.equal(decimalText(fraction(-5, 100), 1), "-0.1");
  assert.equal(decimalText(fraction(5, 100), 0), "0");
  assert.equal(decimalText(fraction(1, 2), 0), "1");
});

test("a weight is read exactly as written, and anything but a plain decimal is refused", () => {
  assert.deepEqual(parseDecimal("0.9"), fraction(9, 10));
  assert.deepEqual(parseDecimal(0.35), fraction(7, 20));
  assert.deepEqual(parseDecimal("1"), fraction(1));
  for (const bad of [
    "",
    "-1",
    "1e-3",
    ".5",
    "0.",
    "０.５",
    "0.1234567",
    " 1",
    null,
    undefined,
    Number.NaN,
    1e-7,
    {},
  ]) {
    assert.equal(parseDecimal(bad), null, String(bad));
  }
});

test("ten tenths added up are one, and a fraction keeps its lowest terms", () => {
  const tenths = Array.from({ length: 10 }, () => fraction(1, 10)).reduce(add);
  assert.deepEqual(tenths, fraction(1));
  assert.deepEqual(fraction(-6, -4), { num: 3n, den: 2n });
  assert.throws(() => fraction(1, 0), RangeError);
});

const small = fc.tuple(fc.integer({ min: -9999, max: 9999 }), fc.integer({ min: 1, max: 9999 }));

test("rounding moves a figure by half a digit at most and never changes the order of two figures", () => {
  fc.assert(
    fc.property(small, small, fc.integer({ min: 0, max: 4 }), ([a, b], [c, d], digits) => {
      const [x, y] = [fraction(a, b), fraction(c, d)];
      const half = fraction(1, 2n * 10n ** BigInt(digits));
      const moved = add(roundHalfUp(x, digits), multiply(x, fraction(-1)));
      assert.ok(compare(moved, half) <= 0 && compare(moved, multiply(half, fraction(-1))) >= 0);
      if (compare(x, y) <= 0) assert.ok(compare(roundHalfUp(x, digits), roundHalfUp(y, digits)) <= 0);
    }),
  );
});

test("the number given to a chart is near the fraction even when its terms are beyond any float", () => {
  const third = fraction(10n ** 400n, 3n * 10n ** 400n + 1n);
  assert.ok(Math.abs(toNumber(third) - 1 / 3) < 1e-15);
  assert.equal(toNumber(fraction(9, 10)), 0.9);
});
