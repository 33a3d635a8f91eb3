import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_CELLS, ENTRY_SCOPES } from "./entry.ts";
import { atLevel, type KeptEntry, keptKey, parseKeptKey } from "./level.ts";
import { addEntry, noCounts } from "./rates.ts";
import { district } from "./rules.fixture.ts";

const kept: fc.Arbitrary<KeptEntry> = fc
  .record({
    cell: fc.constantFrom(...ALL_CELLS),
    source: fc.constantFrom("own" as const, "city" as const, null),
    cityScope: fc.constantFrom(...ENTRY_SCOPES, null),
  })
  .map(({ cell, source, cityScope }) => ({ ...cell, source, cityScope }));

test("the city does not count what only the centre has asked; the district does, until the city calls", () => {
  const own: KeptEntry = {
    scope: "full",
    cityScope: null,
    source: "own",
    valid: true,
    contacted: "yes",
    solved: "yes",
    satisfied: "satisfied",
  };
  assert.equal(atLevel(own, "district").valid, true);
  assert.deepEqual(atLevel(own, "city"), {
    scope: "full",
    valid: false,
    contacted: null,
    solved: null,
    satisfied: null,
  });
  assert.deepEqual(atLevel({ ...own, source: "city" }, "city"), atLevel(own, "district"));
});

test("a ticket that only the district exempts still counts for the city", () => {
  const entry: KeptEntry = { ...parseKeptKey("exempt|full|city|valid|yes|yes|satisfied") };
  assert.equal(atLevel(entry, "district").scope, "exempt");
  assert.equal(atLevel(entry, "city").scope, "full");
});

test("every kind of entry reads back from its text", () => {
  fc.assert(fc.property(kept, (entry) => assert.deepEqual(parseKeptKey(keptKey(entry)), entry)));
  assert.throws(() => parseKeptKey("full|valid|yes|yes|-"), /not a kind of ledger entry/);
});

test("a ticket that is exempt at a level moves none of its rates, whatever was answered", () => {
  const reading = { rules: district, scope: "assessed" as const };
  fc.assert(
    fc.property(kept, (entry) => {
      assert.deepEqual(
        addEntry(noCounts(), atLevel({ ...entry, scope: "exempt" }, "district"), reading),
        noCounts(),
      );
      assert.deepEqual(
        addEntry(noCounts(), atLevel({ ...entry, cityScope: "exempt" }, "city"), reading),
        noCounts(),
      );
    }),
  );
});
