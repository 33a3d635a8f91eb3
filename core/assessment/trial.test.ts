import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_CELLS, QUESTIONS } from "./entry.ts";
import { add, compare, decimalText, ZERO } from "./fraction.ts";
import type { KeyedEntries } from "./rates.ts";
import { district, equal } from "./rules.fixture.ts";
import { trial } from "./trial.ts";

const kinds = new Map([
  ["xiangshan", "street"],
  ["wenquan", "town"],
  ["water", "bureau"],
]);
const full = { scope: "full", valid: true } as const;
const solves = { ...full, contacted: "no", solved: "yes", satisfied: "dissatisfied" } as const;
const answersPhone = { ...full, contacted: "yes", solved: "no", satisfied: "satisfied" } as const;

test("a street that solves but does not call falls behind one that calls when response weighs more", () => {
  const entries = [
    { key: "xiangshan", entry: solves, times: 5 },
    { key: "wenquan", entry: answersPhone, times: 4 },
  ];
  const moved = trial(entries, kinds, district, equal, "assessed");
  assert.deepEqual(
    moved.map(({ key, before, after }) => [key, before.rank, after.rank]),
    [
      ["wenquan", 2, 1],
      ["xiangshan", 1, 2],
    ],
    "50 each, the busier first; under 30/35/35 it is 35 and 65",
  );
});

const someEntries: fc.Arbitrary<readonly KeyedEntries[]> = fc.array(
  fc.record({
    key: fc.constantFrom(...kinds.keys()),
    entry: fc.constantFrom(...ALL_CELLS),
    times: fc.integer({ min: 1, max: 30 }),
  }),
  { maxLength: 40 },
);

test("a trial of the rules that are in force moves nobody", () => {
  fc.assert(
    fc.property(someEntries, (entries) =>
      assert.deepEqual(trial(entries, kinds, district, { ...district }, "assessed"), []),
    ),
  );
});

test("the parts of a score add up to it, and every move has its reason", () => {
  fc.assert(
    fc.property(someEntries, (entries) => {
      for (const moved of trial(entries, kinds, district, equal, "all")) {
        assert.ok(moved.why.length > 0);
        for (const { score, parts } of [moved.before, moved.after]) {
          if (score === null) continue;
          const sum = QUESTIONS.map((question) => parts[question]).reduce(add, ZERO);
          assert.equal(compare(sum, score), 0, `${decimalText(sum, 6)} is not ${decimalText(score, 6)}`);
        }
      }
    }),
  );
});
