import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closedFigures, type Frozen } from "./closed.ts";
import { ALL_CELLS } from "./entry.ts";
import { adjustmentsFile, district, equal, files, november, someAdjustments } from "./rules.fixture.ts";

const frozen: fc.Arbitrary<Frozen> = fc
  .uniqueArray(fc.integer({ min: 1, max: 50 }), { maxLength: 12 })
  .chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc.record({
          id: fc.constant(String(id)),
          name: fc.constant(`${id}号街道`),
          shortName: fc.constant(`${id}号`),
          kind: fc.constantFrom("street", "bureau"),
          entries: fc.array(
            fc.record({ entry: fc.constantFrom(...ALL_CELLS), times: fc.integer({ min: 1, max: 9 }) }),
            { minLength: 1, maxLength: 6 },
          ),
        }),
      ),
    ),
  )
  .map((units) => ({
    level: "district",
    period: { name: "2026-11", from: "2026-10-19", to: "2026-11-18" },
    rules: files.district,
    units,
  }));

test("a closed period gives the same figures to the byte, from its text and in whatever order its units stand", () => {
  fc.assert(
    fc.property(frozen, (copy) => {
      const figures = closedFigures(copy, november(district));
      const read: Frozen = JSON.parse(JSON.stringify(copy));
      assert.equal(closedFigures(read, november(district)), figures);
      assert.equal(closedFigures({ ...copy, units: [...copy.units].reverse() }, november(district)), figures);
    }),
  );
});

test("other rules or another answer give other figures: the text tells them apart", () => {
  const unit = { id: "1", name: "香山街道", shortName: "香山", kind: "street" };
  const entry = {
    scope: "full",
    valid: true,
    contacted: "yes",
    solved: "yes",
    satisfied: "basically",
  } as const;
  const copy = (solved: "yes" | "no"): Frozen => ({
    level: "district",
    period: { name: "2026-11", from: "2026-10-19", to: "2026-11-18" },
    rules: files.district,
    units: [{ ...unit, entries: [{ entry: { ...entry, solved }, times: 1 }] }],
  });
  assert.notEqual(
    closedFigures(copy("yes"), november(district)),
    closedFigures(copy("no"), november(district)),
  );
  assert.notEqual(
    closedFigures(copy("yes"), november(district)),
    closedFigures(copy("yes"), november(equal)),
  );
});

const answered = (solved: "yes" | "no", satisfied: "satisfied" | "basically" | "dissatisfied") =>
  ({ scope: "full", valid: true, contacted: "yes", solved, satisfied }) as const;
const exempt = { scope: "exempt", valid: false, contacted: null, solved: null, satisfied: null } as const;

/** As copies were written before there were points, classes and populations. */
const early: Frozen = {
  level: "district",
  period: { name: "2026-11", from: "2026-10-19", to: "2026-11-18" },
  rules: files.district,
  units: [
    {
      ...{ id: "3", name: "香山街道", shortName: "香山", kind: "street" },
      entries: [
        { entry: answered("yes", "satisfied"), times: 7 },
        { entry: answered("no", "basically"), times: 2 },
      ],
    },
    {
      ...{ id: "5", name: "温泉镇", shortName: "温泉镇", kind: "town" },
      entries: [{ entry: answered("yes", "dissatisfied"), times: 3 }],
    },
    {
      ...{ id: "9", name: "水务局", shortName: "水务局", kind: "bureau" },
      entries: [{ entry: exempt, times: 1 }],
    },
  ],
};

test("a copy closed before there were points, classes and populations gives the same text as on that day, to the byte", () => {
  assert.equal(closedFigures(early, november(district)), EARLY_FIGURES);
});

test("points, class and population are part of a copy: the figures come from what was frozen, in whatever order", () => {
  const rules = {
    ...district,
    adjustments: someAdjustments,
    groups: [{ name: "治理类", kinds: ["town"], classes: ["治理"] }, ...district.groups],
  };
  const [xiangshan, wenquan, water] = early.units;
  assert.ok(xiangshan && wenquan && water);
  const population = { year: 2026, people: 60_000, source: "区统计局" };
  const copy: Frozen = {
    ...early,
    rules: { ...files.district, adjustments: adjustmentsFile },
    units: [
      { ...xiangshan, unitClass: null, population },
      { ...wenquan, unitClass: "治理", population: null },
      { ...water, unitClass: null, population: null },
    ],
    adjustments: [
      { id: "1", unitId: "3", item: "late", points: "0.5" },
      { id: "2", unitId: "3", item: "praised", points: "0.25" },
    ],
  };
  const told = JSON.parse(closedFigures(copy, november(rules))).assessed;
  assert.deepEqual(
    told.map((g: { group: string; units: { name: string }[] }) => [g.group, g.units[0]?.name]),
    [
      ["治理类", "温泉镇"],
      ["街镇", "香山街道"],
      ["委办局", "水务局"],
    ],
  );
  const { basic, points, score, density } = told[1].units[0];
  assert.deepEqual([basic, points, score, density], ["88/1", "-1/4", "351/4", "3/2"], "9 ÷ 60000 × 10000");
  const turned = { ...copy, adjustments: copy.adjustments?.toReversed() ?? [] };
  assert.equal(closedFigures(turned, november(rules)), closedFigures(copy, november(rules)));
});

/** What closedFigures gave for `early` on the day it was first written. */
const EARLY_FIGURES =
  '{"period":{"name":"2026-11","from":"2026-10-19","to":"2026-11-18"},"level":"district","all":[{"group":"街镇","units":[{"id":"3","name":"香山街道","rank":1,"counts":[9,9,9,9,0,9,7,0,2,9,7,2,0],"response":"1/1","solution":"7/9","satisfaction":"44/45","score":"88/1"},{"id":"5","name":"温泉镇","rank":2,"counts":[3,3,3,3,0,3,3,0,0,3,0,0,3],"response":"1/1","solution":"1/1","satisfaction":"0/1","score":"60/1"}],"total":"74/1"},{"group":"委办局","units":[{"id":"9","name":"水务局","rank":null,"counts":[1,0,0,0,0,0,0,0,0,0,0,0,0],"response":null,"solution":null,"satisfaction":null,"score":null}],"total":null}],"assessed":[{"group":"街镇","units":[{"id":"3","name":"香山街道","rank":1,"counts":[9,9,9,9,0,9,7,0,2,9,7,2,0],"response":"1/1","solution":"7/9","satisfaction":"44/45","score":"88/1"},{"id":"5","name":"温泉镇","rank":2,"counts":[3,3,3,3,0,3,3,0,0,3,0,0,3],"response":"1/1","solution":"1/1","satisfaction":"0/1","score":"60/1"}],"total":"74/1"},{"group":"委办局","units":[{"id":"9","name":"水务局","rank":null,"counts":[0,0,0,0,0,0,0,0,0,0,0,0,0],"response":null,"solution":null,"satisfaction":null,"score":null}],"total":null}]}';
