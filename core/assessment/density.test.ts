import assert from "node:assert/strict";
import { test } from "node:test";
import { densityText, perTenThousand, yearOf } from "./density.ts";
import { district } from "./rules.fixture.ts";

test("512 tickets among 104,000 people are 49.2 for every ten thousand; without a population there is no figure", () => {
  const population = { year: 2026, people: 104_000, source: "区统计局" };
  assert.equal(densityText(perTenThousand(512, population), district), "49.2");
  assert.equal(densityText(perTenThousand(512, null), district), "—");
});

test("the population of the period's own year counts: December's period that ends in December is 2020, January's 2021", () => {
  assert.deepEqual([yearOf("2020-12"), yearOf("2021-01")], [2020, 2021]);
});
