import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { STATED, type Stated } from "../cityresult/line.ts";
import { causeOf, type Evidence } from "./causes.ts";
import { ALL_CELLS, ENTRY_SCOPES, type Entry } from "./entry.ts";
import { atLevel, type KeptEntry } from "./level.ts";
import { FIGURES, type Reading } from "./rates.ts";
import {
  ADOPTED,
  adopted,
  applied,
  type CityRow,
  compareLine,
  compareUnnamed,
  gapsByUnit,
  type OurRound,
  type Pair,
  sumsOf,
} from "./reconcile.ts";
import { district, sharedBase } from "./rules.fixture.ts";

const HERE = "2026-10" as const;
const all = { period: HERE, stated: new Set<Stated>(STATED) };
const good: Entry = {
  scope: "full",
  valid: true,
  contacted: "yes",
  solved: "yes",
  satisfied: "satisfied",
};
const blank: Entry = { scope: "full", valid: false, contacted: null, solved: null, satisfied: null };
const byCity = (entry: Entry): KeptEntry => ({ ...entry, cityScope: null, source: "city" });
const round = (kept: KeptEntry, more: Partial<OurRound> = {}): OurRound => ({
  unitId: "1",
  void: false,
  period: HERE,
  ...more,
  kept,
});
const line = (entry: Entry, unitId: string | null = "1"): CityRow => ({
  key: "k",
  unitId,
  unitSaid: unitId === null ? "某某街道" : "清河",
  entry,
});
const nothing: Evidence = {
  unmatched: null,
  unitKnown: true,
  source: "city",
  exemption: null,
  outcomeAfterFile: false,
  cityCallbacks: 1,
  calledAfterFile: false,
  merged: false,
  unitMerged: false,
  otherRound: false,
  elsewhere: null,
};

test("the same reading on both sides is equal; every other one says in what it differs", () => {
  assert.deepEqual(compareLine(line(good), round(byCity(good)), all).fields, []);
  const unsolved = compareLine(line({ ...good, solved: "no", satisfied: null }), round(byCity(good)), all);
  assert.deepEqual(unsolved.fields, ["solved", "satisfied"]);
  assert.deepEqual(compareLine(line(good, "2"), round(byCity(good)), all).fields, ["unit"]);
  assert.deepEqual(compareLine(line(good, null), round(byCity(good)), all).fields, ["unit"]);
  const exempt = compareLine(line({ ...good, scope: "exempt" }), round(byCity(good)), all);
  assert.deepEqual(exempt.fields, ["scope"]);
  assert.deepEqual(compareLine(line(good), null, all).fields, ["base"]);
  const gone = compareLine(line(good), round(byCity(good), { void: true }), all);
  assert.deepEqual([gone.fields, gone.ours], [["base"], null]);
  const elsewhere = compareLine(line(good), round(byCity(good), { period: "2026-11" }), all);
  assert.deepEqual([elsewhere.fields, elsewhere.ours], [["period"], null]);
});

test("what the file has no column for is not compared", () => {
  const noScope = { period: HERE, stated: new Set<Stated>(["contacted", "solved", "satisfied"]) };
  const ours = round(byCity({ ...good, scope: "exempt" }));
  const pair = compareLine({ ...line(good), unitSaid: "", unitId: null }, ours, noScope);
  assert.deepEqual(pair.fields, []);
  assert.equal(pair.city?.unitId, "1");
  const onlySolved = { period: HERE, stated: new Set<Stated>(["solved"]) };
  const said = { ...blank, valid: true, solved: "no" as const };
  assert.deepEqual(compareLine(line(said), ours, onlySolved).fields, ["solved"]);
});

test("a callback that does not count has no answers to differ in", () => {
  const loud = { ...good, valid: false };
  assert.deepEqual(compareLine(line(loud), round(byCity(blank)), all).fields, []);
});

test("a round that the file does not name differs only when the city has called", () => {
  assert.deepEqual(compareUnnamed(round(byCity(good))).fields, ["base"]);
  assert.deepEqual(compareUnnamed(round({ ...good, cityScope: null, source: "own" })).fields, []);
});

test("causes are tried in order: what cannot be matched before what differs in it", () => {
  const of = (pair: Pair, more: Partial<Evidence> = {}) => causeOf(pair, { ...nothing, ...more });
  const equal = compareLine(line(good), round(byCity(good)), all);
  assert.equal(of(equal), null);
  const missing = compareLine(line(good), null, all);
  assert.equal(of(missing, { unmatched: "noTicket" }), "noTicket");
  assert.equal(of(missing, { unmatched: "roundUnclear" }), "roundUnclear");
  const unnamed = compareUnnamed(round(byCity(good)));
  assert.equal(of(unnamed), "notInFile");
  assert.equal(of(unnamed, { merged: true }), "mergedTicket");
  assert.equal(of(unnamed, { merged: true, elsewhere: "2026-11" }), "namedElsewhere");
  assert.equal(of(compareLine(line(good), round(byCity(good), { period: "2026-11" }), all)), "otherPeriod");
  assert.equal(of(compareLine(line(good), round(byCity(good), { void: true }), all)), "voidRound");
  const unit = compareLine(line(good, "2"), round(byCity(good)), all);
  assert.equal(of(unit), "unitDiffers");
  assert.equal(of(unit, { unitMerged: true }), "unitMerged");
  assert.equal(of(unit, { unitKnown: false, unitMerged: true }), "unitUnknown");
  assert.equal(of(unit, { otherRound: true }), "otherRound");
  const out = compareLine(line({ ...good, scope: "exempt" }), round(byCity(good)), all);
  assert.equal(of(out), "exemptByCity");
  assert.equal(of(out, { exemption: "sent" }), "exemptPending");
  assert.equal(of(out, { exemption: "denied" }), "exemptDenied");
  const still = compareLine(line(good), round(byCity({ ...good, scope: "exempt" })), all);
  assert.equal(of(still), "exemptOwn");
  assert.equal(of(still, { exemption: "upheld" }), "exemptIgnored");
  assert.equal(of(still, { exemption: "upheld", outcomeAfterFile: true }), "exemptLater");
  const answers = compareLine(line({ ...good, solved: "no" }), round(byCity(good)), all);
  assert.equal(of(answers, { source: null }), "noCityCallback");
  assert.equal(of(answers, { source: "own" }), "ownCallback");
  assert.equal(of(answers, { cityCallbacks: 2 }), "corrected");
  assert.equal(of(answers), "answersDiffer");
});

const units = fc.constantFrom("1", "2", "3", null);
const keptEntries: fc.Arbitrary<KeptEntry> = fc
  .record({
    cell: fc.constantFrom(...ALL_CELLS),
    source: fc.constantFrom("own" as const, "city" as const, null),
    cityScope: fc.constantFrom(...ENTRY_SCOPES, null),
  })
  .map(({ cell, source, cityScope }) => ({ ...cell, source, cityScope }));
const rounds: fc.Arbitrary<OurRound> = fc.record({
  unitId: units,
  kept: keptEntries,
  void: fc.boolean(),
  period: fc.constantFrom(HERE, "2026-11" as const),
});
const statedColumns = fc.subarray([...STATED]).map((list) => new Set<Stated>(list));
const months = statedColumns.chain((stated) =>
  fc
    .array(
      fc.oneof(
        fc
          .record({ entry: fc.constantFrom(...ALL_CELLS), unitId: units, ours: fc.option(rounds) })
          .map(({ entry, unitId, ours }) =>
            compareLine({ key: "", unitId, unitSaid: unitId ?? "别处", entry }, ours, {
              period: HERE,
              stated,
            }),
          ),
        rounds.map((ours) => compareUnnamed({ ...ours, void: false, period: HERE })),
      ),
      { maxLength: 40 },
    )
    // what neither has heard of is in neither's sum
    .map((pairs) => pairs.filter(({ city, fields }) => city !== null || fields.length > 0)),
);
const readings: fc.Arbitrary<Reading> = fc.record({
  rules: fc.constantFrom(district, sharedBase("exclude"), sharedBase("keep")),
  scope: fc.constantFrom("all" as const, "assessed" as const),
});
const plain = (sums: ReturnType<typeof sumsOf>) =>
  [...sums]
    .filter(([, counts]) => FIGURES.some((figure) => counts[figure] !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));

test("the differences listed, applied to our figures, give the city's in every count of every unit", () => {
  fc.assert(
    fc.property(months, readings, (pairs, reading) => {
      const theirs = pairs.flatMap((pair) => pair.city ?? []);
      assert.deepEqual(plain(sumsOf(applied(pairs), reading)), plain(sumsOf(theirs, reading)));
    }),
  );
});

test("a unit without a listed difference has the same counts on both sides, whatever the order of the lines", () => {
  fc.assert(
    fc.property(months, readings, (pairs, reading) => {
      const gaps = gapsByUnit(pairs, reading);
      for (const gap of gaps.values()) if (gap.differing === 0) assert.deepEqual(gap.city, gap.ours);
      const again = gapsByUnit(pairs.toReversed(), reading);
      for (const [id, gap] of gaps) assert.deepEqual(again.get(id), gap);
      assert.equal(again.size, gaps.size);
    }),
  );
});

test("after the city's reading is adopted only what it cannot say still differs, and adopting it again changes nothing", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ALL_CELLS),
      rounds,
      statedColumns,
      units,
      (entry, ours, stated, unitId) => {
        const said: CityRow = { key: "", unitId, unitSaid: unitId ?? "别处", entry };
        const before = compareLine(said, ours, { period: HERE, stated });
        const reading = before.city?.entry ?? entry;
        const kept = adopted(ours.kept, reading);
        const after = compareLine(said, { ...ours, kept }, { period: HERE, stated });
        assert.deepEqual(
          after.fields,
          before.fields.filter((field) => !ADOPTED.includes(field)),
        );
        assert.deepEqual(adopted(kept, reading), kept);
        assert.deepEqual(atLevel(kept, "city"), after.city?.entry);
      },
    ),
  );
});
