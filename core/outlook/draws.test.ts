import assert from "node:assert/strict";
import { test } from "node:test";
import { drawsOf } from "./draws.ts";

/** Mean and variance of many draws. */
function moments(draw: () => number, times = 40_000): { mean: number; variance: number } {
  const values = Array.from({ length: times }, draw);
  const mean = values.reduce((a, b) => a + b, 0) / times;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / times };
}

function near(found: number, wanted: number, share: number): void {
  assert.ok(
    Math.abs(found - wanted) <= share * Math.max(1, Math.abs(wanted)),
    `${found} is not near ${wanted}`,
  );
}

test("one seed gives one course of draws, another seed another", () => {
  const course = (seed: string) => {
    const draws = drawsOf(seed);
    return Array.from({ length: 50 }, () => [draws.uniform(), draws.gamma(2.5), draws.binomial(90, 0.3)]);
  };
  assert.deepEqual(course("2020-12 海淀"), course("2020-12 海淀"));
  assert.notDeepEqual(course("2020-12 海淀"), course("2020-11 海淀"));
});

test("draws have the mean and the variance of their laws, small and large", () => {
  const draws = drawsOf("laws");
  const uniform = moments(draws.uniform);
  near(uniform.mean, 0.5, 0.01);
  near(uniform.variance, 1 / 12, 0.01);
  for (const shape of [0.3, 1, 7.5, 120]) {
    const { mean, variance } = moments(() => draws.gamma(shape));
    near(mean, shape, 0.03);
    near(variance, shape, 0.06);
  }
  for (const lambda of [0.4, 6, 29, 300]) {
    const { mean, variance } = moments(() => draws.poisson(lambda));
    near(mean, lambda, 0.03);
    near(variance, lambda, 0.06);
  }
  for (const [n, p] of [
    [10, 0.5],
    [40, 0.07],
    [900, 0.02],
    [500, 0.6],
    [7, 0.95],
  ] as const) {
    const { mean, variance } = moments(() => draws.binomial(n, p));
    near(mean, n * p, 0.03);
    near(variance, n * p * (1 - p), 0.06);
  }
});

test("draws keep their bounds", () => {
  const draws = drawsOf("bounds");
  for (let round = 0; round < 5000; round += 1) {
    const n = round % 90;
    const k = draws.binomial(n, (round % 101) / 100);
    assert.ok(Number.isInteger(k) && k >= 0 && k <= n);
    const u = draws.uniform();
    assert.ok(u > 0 && u < 1);
  }
  assert.equal(draws.binomial(5, 0), 0);
  assert.equal(draws.binomial(5, 1), 5);
  assert.equal(draws.binomial(1000, 1e-18), 0); // 1 - p is 1 in floating point
  assert.equal(draws.poisson(0), 0);
  assert.equal(draws.gamma(0), 0);
});
