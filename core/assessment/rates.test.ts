import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_CELLS, cellKey, type Entry, isValidCallback, QUESTIONS } from "./entry.ts";
import { compare, decimalText, fraction } from "./fraction.ts";
import {
  addEntry,
  type Counts,
  countsByKey,
  FIGURES,
  isCounted,
  leftOut,
  mergeCounts,
  noCounts,
  type Reading,
  ratesOf,
  rateText,
  SUMS,
} from "./rates.ts";
import { district, sharedBase } from "./rules.fixture.ts";

const assessed: Reading = { rules: district, scope: "assessed" };
const everything: Reading = { rules: district, scope: "all" };

const solvedAndHappy: Entry = {
  scope: "full",
  valid: true,
  contacted: "yes",
  solved: "yes",
  satisfied: "satisfied",
};
const unanswered: Entry = { scope: "full", valid: false, contacted: null, solved: null, satisfied: null };

function countAll(entries: readonly Entry[], reading: Reading): Counts {
  return entries.reduce((counts, entry) => addEntry(counts, entry, reading), noCounts());
}

const entries = fc.array(fc.constantFrom(...ALL_CELLS), { maxLength: 60 });
const readings = fc.record({
  rules: fc.constantFrom(district, sharedBase("exclude"), sharedBase("keep")),
  scope: fc.constantFrom("all" as const, "assessed" as const),
});

test("青龙桥's ten callbacks give 90.0%, 62.5% and 85.6%: each rate over the answers known to its own question", () => {
  const counts = countAll(
    [
      ...Array.from({ length: 5 }, () => solvedAndHappy),
      { ...solvedAndHappy, solved: "no", satisfied: "basically" },
      { ...solvedAndHappy, solved: "no", satisfied: "basically" },
      { ...solvedAndHappy, solved: "partly", satisfied: "basically" },
      { ...solvedAndHappy, solved: null, satisfied: "dissatisfied" },
      { ...solvedAndHappy, contacted: "no", solved: null, satisfied: null },
      unanswered,
    ],
    assessed,
  );
  assert.equal(counts.tickets, 11);
  assert.equal(counts.base, 10);
  assert.deepEqual([counts.responseBase, counts.solutionBase, counts.satisfactionBase], [10, 8, 9]);
  const rates = ratesOf(counts);
  assert.deepEqual(rates.response, fraction(9, 10));
  assert.deepEqual(rates.solution, fraction(5, 8));
  assert.deepEqual(rates.satisfaction, fraction(77, 90)); // (5 + 3 × 0.9) / 9
  assert.deepEqual(
    QUESTIONS.map((question) => rateText(rates[question], 1)),
    ["90.0%", "62.5%", "85.6%"],
  );
});

test("a unit whose callbacks were never answered has no rate, shown as a dash and not as zero", () => {
  const rates = ratesOf(countAll([unanswered, unanswered], assessed));
  assert.deepEqual(rates, { response: null, solution: null, satisfaction: null });
  assert.equal(rateText(rates.solution, 1), "—");
});

test("a blank answer is not a no: leaving satisfaction unanswered moves no satisfaction rate", () => {
  fc.assert(
    fc.property(entries, (list) => {
      const before = ratesOf(countAll(list, assessed));
      const after = ratesOf(countAll([...list, { ...solvedAndHappy, satisfied: null }], assessed));
      assert.deepEqual(after.satisfaction, before.satisfaction);
    }),
  );
});

test("an exempt ticket moves no rate and no count of the assessed scope, under any base formula", () => {
  const exempt = fc.constantFrom(...ALL_CELLS.filter((cell) => cell.scope === "exempt"));
  fc.assert(
    fc.property(entries, exempt, readings, (list, entry, { rules }) => {
      const reading: Reading = { rules, scope: "assessed" };
      assert.deepEqual(countAll([...list, entry], reading), countAll(list, reading));
    }),
  );
});

test("the full scope counts an exempt ticket like any other", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ALL_CELLS), (entry) => {
      assert.deepEqual(
        addEntry(noCounts(), { ...entry, scope: "exempt" }, everything),
        addEntry(noCounts(), { ...entry, scope: "full" }, everything),
      );
    }),
  );
});

test("a ticket that counts for response only moves response and neither of the other two rates", () => {
  const counts = countAll([{ ...solvedAndHappy, scope: "responseOnly" }], assessed);
  assert.deepEqual([counts.tickets, counts.base, counts.responseBase], [1, 1, 1]);
  assert.deepEqual([counts.solutionBase, counts.satisfactionBase, counts.satisfied], [0, 0, 0]);
});

test("under one shared base a half-answered callback is left out whole, or stays in and earns nothing, as the rules say", () => {
  const halfAnswered: Entry = { ...solvedAndHappy, satisfied: null };
  const left = countAll([solvedAndHappy, halfAnswered], { rules: sharedBase("exclude"), scope: "assessed" });
  assert.deepEqual(
    [left.tickets, left.base, left.responseBase, left.solutionBase, left.satisfactionBase],
    [2, 1, 1, 1, 1],
  );
  const kept = countAll([solvedAndHappy, halfAnswered], { rules: sharedBase("keep"), scope: "assessed" });
  assert.deepEqual(
    [kept.base, kept.responseBase, kept.solutionBase, kept.satisfactionBase, kept.satisfied],
    [2, 2, 2, 2, 1],
  );
});

test("why a ticket is outside a rate is said for each reason", () => {
  const shared: Reading = { rules: sharedBase("exclude"), scope: "assessed" };
  assert.equal(leftOut(solvedAndHappy, "solution", assessed), null);
  assert.equal(leftOut({ ...solvedAndHappy, scope: "exempt" }, "solution", assessed), "scope");
  assert.equal(leftOut({ ...solvedAndHappy, scope: "responseOnly" }, "solution", assessed), "scope");
  assert.equal(leftOut({ ...solvedAndHappy, valid: false }, "solution", assessed), "noValidCallback");
  assert.equal(leftOut({ ...solvedAndHappy, solved: null }, "solution", assessed), "blank");
  assert.equal(leftOut({ ...solvedAndHappy, satisfied: null }, "solution", shared), "incomplete");
});

test("the order in which tickets arrive changes no count", () => {
  fc.assert(
    fc.property(entries, readings, fc.infiniteStream(fc.nat()), (list, reading, keys) => {
      const shuffled = list
        .map((entry) => ({ entry, at: keys.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ entry }) => entry);
      assert.deepEqual(countAll(shuffled, reading), countAll(list, reading));
    }),
  );
});

test("the streets added up are the district, however they are folded", () => {
  fc.assert(
    fc.property(fc.array(entries, { maxLength: 6 }), readings, (streets, reading) => {
      const whole = countAll(streets.flat(), reading);
      const parts = streets.map((street) => countAll(street, reading));
      assert.deepEqual(parts.reduce(mergeCounts, noCounts()), whole);
      assert.deepEqual(parts.reduceRight(mergeCounts, noCounts()), whole);
    }),
  );
});

test("counting by street in one pass gives what counting each street alone gives", () => {
  const keyed = fc.array(
    fc.record({
      key: fc.constantFrom("香山", "上地", ""),
      entry: fc.constantFrom(...ALL_CELLS),
      times: fc.integer({ min: -3, max: 9 }),
    }),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(keyed, readings, (list, reading) => {
      const counted = countsByKey(list, reading);
      assert.deepEqual(new Set(counted.keys()), new Set(list.map((each) => each.key)));
      for (const [key, counts] of counted) {
        const alone = list
          .filter((each) => each.key === key)
          .reduce((sum, { entry, times }) => addEntry(sum, entry, reading, times), noCounts());
        assert.deepEqual(counts, alone);
      }
    }),
  );
});

test("a corrected answer, taken out and put in again, leaves what a recount would give", () => {
  const cell = fc.constantFrom(...ALL_CELLS);
  fc.assert(
    fc.property(entries, cell, cell, readings, (list, wrong, right, reading) => {
      const withWrong = countAll([...list, wrong], reading);
      const corrected = addEntry(addEntry(withWrong, wrong, reading, -1), right, reading);
      assert.deepEqual(corrected, countAll([...list, right], reading));
    }),
  );
});

test("one more satisfied citizen never lowers the satisfaction rate", () => {
  fc.assert(
    fc.property(entries, readings, (list, reading) => {
      const before = ratesOf(countAll(list, reading)).satisfaction;
      const after = ratesOf(countAll([...list, solvedAndHappy], reading)).satisfaction;
      assert.ok(after !== null && (before === null || compare(after, before) >= 0));
    }),
  );
});

test("a rate is between 0% and 100%, and the answers to a question never outnumber its base", () => {
  fc.assert(
    fc.property(entries, readings, (list, reading) => {
      const counts = countAll(list, reading);
      assert.ok(counts.contacted + counts.notContacted <= counts.responseBase);
      assert.ok(counts.solved + counts.partlySolved + counts.unsolved <= counts.solutionBase);
      assert.ok(
        counts.satisfied + counts.basicallySatisfied + counts.dissatisfied <= counts.satisfactionBase,
      );
      assert.ok(Math.max(counts.responseBase, counts.solutionBase, counts.satisfactionBase) <= counts.base);
      assert.ok(counts.base <= counts.tickets);
      for (const rate of Object.values(ratesOf(counts))) {
        assert.ok(rate === null || (rate.num >= 0n && rate.num <= rate.den));
      }
    }),
  );
});

test("a figure opens into exactly the tickets it counts", () => {
  fc.assert(
    fc.property(entries, readings, (list, reading) => {
      const counts = countAll(list, reading);
      for (const figure of FIGURES) {
        assert.equal(
          list.filter((entry) => isCounted(entry, figure, reading)).length,
          counts[figure],
          figure,
        );
      }
    }),
  );
});

test("every figure is in the list of figures, and every kind of entry has a key of its own", () => {
  assert.deepEqual(Object.keys(noCounts()), [...SUMS]);
  assert.equal(ALL_CELLS.length, 3 * 2 * 3 * 4 * 4);
  assert.equal(new Set(ALL_CELLS.map(cellKey)).size, ALL_CELLS.length);
});

test("where the file does not say whether a callback was valid, a known answer makes it one", () => {
  assert.equal(isValidCallback(null, { solved: "no" }), true);
  assert.equal(isValidCallback(null, {}), false);
  assert.equal(isValidCallback(false, { contacted: "yes" }), false);
  assert.equal(isValidCallback(true, {}), true);
});

test("963.5 per thousand is shown as 96.4%: half goes up, exactly", () => {
  assert.equal(rateText(fraction(9635, 10000), 1), "96.4%");
  assert.equal(rateText(fraction(9634, 10000), 1), "96.3%");
  assert.equal(rateText(fraction(2, 3), 2), "66.67%");
  assert.equal(decimalText(fraction(1), 1), "1.0");
});
