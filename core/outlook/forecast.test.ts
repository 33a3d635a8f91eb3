import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../assessment/entry.ts";
import { addEntry, noCounts, type Reading } from "../assessment/rates.ts";
import { district } from "../assessment/rules.fixture.ts";
import { roughScore } from "../assessment/score.ts";
import { coverageOf, loosenessOf, type PastPeriod } from "./calibration.ts";
import { drawsOf } from "./draws.ts";
import { forecast, type Outlook, type Tallied, type UnitSoFar } from "./forecast.ts";

const reading: Reading = { rules: district, scope: "assessed" };
const good: Entry = { scope: "full", valid: true, contacted: "yes", solved: "yes", satisfied: "satisfied" };
const bad: Entry = { ...good, solved: "no", satisfied: "dissatisfied" };
const some = (well: number, ill: number): readonly Tallied[] => [
  { entry: good, times: well },
  { entry: bad, times: ill },
];

function unit(key: string, change: Partial<UnitSoFar> = {}): UnitSoFar {
  const now = change.now ?? some(40, 10);
  return {
    key,
    kind: "street",
    now,
    sofar: now.reduce((sum, { entry, times }) => addEntry(sum, entry, reading, times), noCounts()),
    past: some(800, 200),
    restOfPast: [50, 48, 55, 47],
    open: new Map(),
    ...change,
  };
}

function outlook(units: readonly UnitSoFar[], change: Partial<Outlook> = {}): Outlook {
  return {
    units,
    byCategory: new Map([
      ["噪声", some(20, 80)],
      ["供暖", some(95, 5)],
    ]),
    rules: district,
    reading,
    looseness: 0.01,
    seed: "2020-12",
    rounds: 300,
    ...change,
  };
}

test("the forecast is the same each time it is asked for, and another under another seed", () => {
  const units = [unit("上地街道"), unit("香山街道", { past: some(600, 400) })];
  assert.deepEqual(forecast(outlook(units)), forecast(outlook(units)));
  assert.notDeepEqual(forecast(outlook(units)), forecast(outlook(units, { seed: "2021-01" })));
});

test("a unit with nothing to come ends as it stands; the more is to come, the wider the spread", () => {
  const [settled, some, many] = forecast(
    outlook([
      unit("settled", { restOfPast: [0, 0, 0, 0] }),
      unit("some", { restOfPast: [5, 5, 5, 5] }),
      unit("many", { restOfPast: [200, 210, 190, 205] }),
    ]),
  );
  const width = (one: typeof settled) => (one?.score ? one.score.high - one.score.low : Number.NaN);
  assert.ok(width(settled) < 1, `${width(settled)}`); // half an entry of doubt remains
  assert.ok(width(settled) < width(some) && width(some) < width(many));
  assert.equal(settled?.toCome, 0);
});

test("a unit without a past leans on the categories of its open tickets", () => {
  const blank = { now: [], past: [], restOfPast: [30, 30, 30] };
  const [noise, heating] = forecast(
    outlook([
      unit("noise", { ...blank, open: new Map([["噪声", 12]]) }),
      unit("heating", { ...blank, open: new Map([["供暖", 12]]) }),
    ]),
  );
  assert.ok(noise?.score && heating?.score && noise.score.high < heating.score.low);
  assert.equal(heating.rank?.middle, 1);
  assert.equal(noise.rank?.middle, 2);
});

test("a rough score is the exact one to nine digits", () => {
  for (let n = 1; n < 200; n += 7) {
    const counts = addEntry(addEntry(noCounts(), good, reading, n), bad, reading, 200 - n);
    const exact = 10 + (50 * n) / 200 + (40 * n) / 200;
    assert.ok(Math.abs((roughScore(counts, district) ?? 0) - exact) < 1e-9);
  }
});

/** Past periods of a town whose units' months differ by more than chance: each month has its own share of good ends. */
function past(looseness: number, periods: number, seed: string): readonly PastPeriod[] {
  const draws = drawsOf(seed);
  const firm = 1 / looseness - 1;
  return Array.from({ length: periods }, (_, period) => {
    const ended = new Map<string, readonly Tallied[]>();
    const units = Array.from({ length: 40 }, (_, at) => {
      const usual = 0.5 + at / 100;
      const a = draws.gamma(usual * firm);
      const share = a / (a + draws.gamma((1 - usual) * firm));
      const [early, late] = [30, draws.poisson(60)];
      const [goodEarly, goodLate] = [draws.binomial(early, share), draws.binomial(late, share)];
      ended.set(`u${at}`, some(goodEarly + goodLate, early + late - goodEarly - goodLate));
      return unit(`u${at}`, {
        now: some(goodEarly, early - goodEarly),
        past: some(Math.round(1000 * usual), Math.round(1000 * (1 - usual))),
        restOfPast: [60, 60, 60, 60, 60, 60],
      });
    });
    return { name: `p${period}`, outlook: { ...outlook(units), byCategory: new Map() }, ended };
  });
}

test("measured on past periods, the stated four of five hold in 75 to 85 of 100 periods that it has not seen", () => {
  for (const looseness of [0.02, 0.08]) {
    const found = loosenessOf(past(looseness, 8, "training"));
    const { held, of } = coverageOf(past(looseness, 12, "later"), found);
    assert.ok(of > 400);
    assert.ok(held / of >= 0.75 && held / of <= 0.85, `${held} of ${of} at ${found}`);
  }
});
