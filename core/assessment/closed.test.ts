import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closedFigures, type Frozen } from "./closed.ts";
import { ALL_CELLS } from "./entry.ts";
import { district, equal, files } from "./rules.fixture.ts";

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
      const figures = closedFigures(copy, district);
      const read: Frozen = JSON.parse(JSON.stringify(copy));
      assert.equal(closedFigures(read, district), figures);
      assert.equal(closedFigures({ ...copy, units: [...copy.units].reverse() }, district), figures);
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
  assert.notEqual(closedFigures(copy("yes"), district), closedFigures(copy("no"), district));
  assert.notEqual(closedFigures(copy("yes"), district), closedFigures(copy("yes"), equal));
});
