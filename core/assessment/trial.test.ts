import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_CELLS, QUESTIONS } from "./entry.ts";
import { add, compare, decimalText, fraction, ZERO } from "./fraction.ts";
import { district, equal, november, someAdjustments } from "./rules.fixture.ts";
import type { SegmentEntries } from "./segments.ts";
import { trial } from "./trial.ts";

const units = new Map([
  ["xiangshan", { kind: "street" }],
  ["wenquan", { kind: "town" }],
  ["water", { kind: "bureau" }],
]);
const full = { scope: "full", valid: true } as const;
const solves = { ...full, contacted: "no", solved: "yes", satisfied: "dissatisfied" } as const;
const answersPhone = { ...full, contacted: "yes", solved: "no", satisfied: "satisfied" } as const;

test("a street that solves but does not call falls behind one that calls when response weighs more", () => {
  const entries = [
    { key: "xiangshan", entry: solves, times: 5, segment: 0 },
    { key: "wenquan", entry: answersPhone, times: 4, segment: 0 },
  ];
  const moved = trial(entries, units, november(district), november(equal), "assessed");
  assert.deepEqual(
    moved.map(({ key, before, after }) => [key, before.rank, after.rank]),
    [
      ["wenquan", 2, 1],
      ["xiangshan", 1, 2],
    ],
    "50 each, the busier first; under 30/35/35 it is 35 and 65",
  );
});

const someEntries: fc.Arbitrary<readonly SegmentEntries[]> = fc.array(
  fc.record({
    key: fc.constantFrom(...units.keys()),
    entry: fc.constantFrom(...ALL_CELLS),
    times: fc.integer({ min: 1, max: 30 }),
    segment: fc.constant(0),
  }),
  { maxLength: 40 },
);

test("a trial of the rules that are in force moves nobody", () => {
  fc.assert(
    fc.property(someEntries, (entries) =>
      assert.deepEqual(trial(entries, units, november(district), november({ ...district }), "assessed"), []),
    ),
  );
});

const somePoints = fc
  .array(
    fc.record({
      id: fc.uuid(),
      item: fc.constantFrom("praised", "example", "late", "false", "gone"),
      points: fc.integer({ min: 1, max: 4000 }).map((thousandths) => fraction(thousandths, 1000)),
    }),
    { maxLength: 8 },
  )
  .map((given) => new Map([...units].map(([key, facts]) => [key, { ...facts, given }])));

test("a rule set that takes points, or ranks a class apart, moves a unit, and says by how much and from where", () => {
  const entries = [
    { key: "xiangshan", entry: solves, times: 5, segment: 0 },
    { key: "wenquan", entry: solves, times: 4, segment: 0 },
  ];
  const late = { id: "1", item: "late", points: fraction(1, 2) };
  const facts = new Map([
    ["xiangshan", { kind: "street", unitClass: "治理", given: [late] }],
    ["wenquan", { kind: "town" }],
  ]);
  const [, points] = trial(
    entries,
    facts,
    november(district),
    november({ ...district, adjustments: someAdjustments }),
    "assessed",
  );
  assert.deepEqual(points?.why, [{ code: "points", before: ZERO, after: fraction(-1, 2) }]);
  assert.deepEqual([points?.before.rank, points?.after.rank], [1, 2], "50 and 49.5 against 50");
  const groups = [{ name: "治理类", kinds: ["street"], classes: ["治理"] }, ...district.groups];
  const moved = trial(entries, facts, november(district), november({ ...district, groups }), "assessed");
  assert.deepEqual(
    moved.map(({ key, why }) => [key, why]),
    [
      ["wenquan", [{ code: "others" }]],
      ["xiangshan", [{ code: "group", before: "街镇", after: "治理类" }]],
    ],
  );
});

test("the parts of a score add up to it, and every move has its reason", () => {
  fc.assert(
    fc.property(someEntries, somePoints, (entries, given) => {
      const adjusted = { ...equal, adjustments: someAdjustments };
      for (const moved of trial(entries, given, november(district), november(adjusted), "all")) {
        assert.ok(moved.why.length > 0);
        for (const { score, parts, points, bound } of [moved.before, moved.after]) {
          if (score === null) continue;
          const sum = [...QUESTIONS.map((question) => parts[question]), points, bound].reduce(add, ZERO);
          assert.equal(compare(sum, score), 0, `${decimalText(sum, 6)} is not ${decimalText(score, 6)}`);
        }
      }
    }),
  );
});
