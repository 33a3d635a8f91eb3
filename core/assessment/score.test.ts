import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compare, decimalText, fraction, ZERO } from "./fraction.ts";
import { type Counts, noCounts } from "./rates.ts";
import { district, earning, equal } from "./rules.fixture.ts";
import { missingRates, rankingScore, resultOf, scoreText } from "./score.ts";

/** Counts in which every answered question has a base, sometimes an empty one. */
const someCounts: fc.Arbitrary<Counts> = fc
  .array(fc.nat({ max: 400 }), { minLength: 8, maxLength: 8 })
  .map((n) => {
    const [yes = 0, no = 0, solved = 0, partly = 0, unsolved = 0, happy = 0, basically = 0, unhappy = 0] = n;
    return earning({
      tickets: 4000,
      base: 3000,
      responseBase: yes + no,
      contacted: yes,
      notContacted: no,
      solutionBase: solved + partly + unsolved,
      solved,
      partlySolved: partly,
      unsolved,
      satisfactionBase: happy + basically + unhappy,
      satisfied: happy,
      basicallySatisfied: basically,
      dissatisfied: unhappy,
    });
  });

const march: Counts = earning({
  ...noCounts(),
  tickets: 320,
  base: 290,
  responseBase: 290,
  contacted: 283,
  notContacted: 7,
  solutionBase: 281,
  solved: 214,
  partlySolved: 12,
  unsolved: 55,
  satisfactionBase: 276,
  satisfied: 190,
  basicallySatisfied: 31,
  dissatisfied: 55,
});

test("a street's March scores 79.4 under 10/50/40 and 83.6 under 30/35/35: the weights are data", () => {
  // 283/290 = .97586, 214/281 = .76157, (190 + 27.9)/276 = .78949
  assert.equal(scoreText(resultOf(march, district).score, district), "79.4");
  assert.equal(scoreText(resultOf(march, equal).score, equal), "83.6");
});

test("each rule set's score equals one reckoned with whole numbers only, to the last digit", () => {
  const percent = { "district-2025": [10n, 50n, 40n], "equal-30-35-35": [30n, 35n, 35n] } as const;
  fc.assert(
    fc.property(someCounts, fc.constantFrom(district, equal), (counts, rules) => {
      const score = resultOf(counts, rules).score;
      const [c, s, h] = [counts.responseBase, counts.solutionBase, counts.satisfactionBase].map(BigInt) as [
        bigint,
        bigint,
        bigint,
      ];
      if (c === 0n || s === 0n || h === 0n) {
        assert.equal(score, null);
        return;
      }
      const [wr, ws, wh] = percent[rules.name as keyof typeof percent];
      const tenfold = 10n * BigInt(counts.satisfied) + 9n * BigInt(counts.basicallySatisfied);
      const top =
        wr * BigInt(counts.contacted) * s * h * 10n +
        ws * BigInt(counts.solved) * c * h * 10n +
        wh * tenfold * c * s;
      const bottom = c * s * h * 10n;
      const tenths = (top * 10n * 2n + bottom) / (2n * bottom);
      assert.equal(scoreText(score, rules), `${tenths / 10n}.${tenths % 10n}`);
    }),
  );
});

test("a score lies between 0 and 100, and is 100 only when everyone was reached, helped and satisfied", () => {
  fc.assert(
    fc.property(someCounts, fc.constantFrom(district, equal), (counts, rules) => {
      const { score } = resultOf(counts, rules);
      if (score === null) return;
      assert.ok(compare(score, ZERO) >= 0 && compare(score, fraction(100)) <= 0);
      const perfect =
        counts.notContacted +
          counts.unsolved +
          counts.partlySolved +
          counts.basicallySatisfied +
          counts.dissatisfied ===
        0;
      assert.equal(compare(score, fraction(100)) === 0, perfect);
    }),
  );
});

test("two rule sets part a responsive street from one that solves", () => {
  const responsive = earning({
    ...march,
    contacted: 290,
    notContacted: 0,
    solved: 150,
    partlySolved: 0,
    unsolved: 131,
  });
  const solving = earning({ ...march, contacted: 203, notContacted: 87, solved: 214 });
  const under = (rules: typeof district) =>
    compare(resultOf(responsive, rules).score ?? ZERO, resultOf(solving, rules).score ?? ZERO);
  assert.ok(under(district) < 0);
  assert.ok(under(equal) > 0);
});

test("a unit with no satisfaction answers has no score, and is told which rate is missing", () => {
  const silent = { ...march, satisfactionBase: 0, satisfied: 0, basicallySatisfied: 0, dissatisfied: 0 };
  const result = resultOf(silent, district);
  assert.equal(result.score, null);
  assert.equal(scoreText(result.score, district), "—");
  assert.deepEqual(missingRates(result.rates, district), ["satisfaction"]);
  const unasked = {
    ...district,
    weights: { response: fraction(1, 2), solution: fraction(1, 2), satisfaction: ZERO },
  };
  assert.notEqual(resultOf(silent, unasked).score, null);
});

test("the score that ranks is the shown one or the unrounded one, as the rules say", () => {
  const score = fraction(86449, 1000);
  assert.equal(decimalText(rankingScore(score, { rankBy: "rounded", scoreDigits: 1 }), 3), "86.400");
  assert.equal(decimalText(rankingScore(score, { rankBy: "exact", scoreDigits: 1 }), 3), "86.449");
});
