import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Given, plainText, pointsOf, pointsText } from "./adjustment.ts";
import { add, compare, fraction, ZERO } from "./fraction.ts";
import { type Counts, noCounts } from "./rates.ts";
import { adjustmentsFile, district, earning, files, someAdjustments } from "./rules.fixture.ts";
import type { RuleSet } from "./ruleset.ts";
import { parseRuleSet } from "./rulesetfile.ts";
import { boundOf, resultOf, scoreText } from "./score.ts";

const rules: RuleSet = { ...district, adjustments: someAdjustments };
const half = fraction(1, 2);

/** A unit of whose ten callbacks so many went well in every respect. */
function counts(good: number): Counts {
  const bad = 10 - good;
  const three = {
    contacted: good,
    notContacted: bad,
    solved: good,
    unsolved: bad,
    satisfied: good,
    dissatisfied: bad,
  };
  return earning({
    ...noCounts(),
    ...{ tickets: 10, base: 10, responseBase: 10, solutionBase: 10, satisfactionBase: 10 },
    ...three,
  });
}

const given = (id: string, item: string, points: number): Given => ({
  id,
  item,
  points: fraction(points * 1000, 1000),
});
const someGiven: fc.Arbitrary<readonly Given[]> = fc.uniqueArray(
  fc.record({
    id: fc.integer({ min: 1, max: 999 }).map(String),
    item: fc.constantFrom("praised", "example", "late", "false", "gone"),
    points: fc.integer({ min: 1, max: 5_000_000 }).map((n) => fraction(n, 1_000_000)),
  }),
  { selector: ({ id }) => id, maxLength: 12 },
);

test("half a point for a late report taken from 90.0 leaves 89.5, and the weighted score stands beside it", () => {
  const result = resultOf(counts(9), rules, [given("1", "late", 0.5)]);
  assert.equal(scoreText(result.basic, rules), "90.0");
  assert.equal(pointsText(result.points ?? ZERO), "-0.5");
  assert.equal(scoreText(result.score, rules), "89.5");
});

test("a rule set without items knows no points: the score is the weighted rates, as before", () => {
  const result = resultOf(counts(9), district, [given("1", "late", 0.5)]);
  assert.deepEqual([result.points, result.score], [null, result.basic]);
});

test("points beyond a cap count up to it: each time, each item, all of a kind together", () => {
  const told = pointsOf(
    [given("1", "praised", 1), given("2", "praised", 1), given("3", "praised", 1), given("4", "late", 2)],
    someAdjustments,
  );
  assert.deepEqual(
    told.items.map(({ item, given, counted }) => [item.key, plainText(given), plainText(counted)]),
    [
      ["praised", "3", "2"],
      ["late", "2", "0.5"],
    ],
  );
  assert.equal(pointsText(told.total), "+1.5");
  const most = pointsOf(
    ["1", "2", "3"].flatMap((id) => [given(`p${id}`, "praised", 1), given(`e${id}`, "example", 2)]),
    someAdjustments,
  );
  assert.equal(pointsText(most.bonus), "+5", "2 + 4 is 6, all bonus points together are 5 at most");
});

test("an item that the rule set does not have counts for nothing under it, and is named", () => {
  const told = pointsOf([given("7", "gone", 1), given("8", "late", 0.5)], someAdjustments);
  assert.deepEqual([told.unknown.map(({ id }) => id), pointsText(told.total)], [["7"], "-0.5"]);
});

test("the score never leaves the bounds, and what the bounds took back makes up the difference exactly", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 }), someGiven, (good, all) => {
      const result = resultOf(counts(good), rules, all);
      const { basic, points, score } = result;
      assert.ok(basic && points && score);
      assert.ok(compare(score, someAdjustments.score.least) >= 0);
      assert.ok(compare(score, someAdjustments.score.most) <= 0);
      assert.equal(compare(add(add(basic, points), boundOf(result)), score), 0);
    }),
  );
  const sunk = resultOf(counts(0), rules, [given("1", "false", 3)]);
  assert.deepEqual([scoreText(sunk.score, rules), pointsText(boundOf(sunk))], ["0.0", "+3"]);
});

test("the order in which points were given changes nothing", () => {
  fc.assert(
    fc.property(
      someGiven.chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all], { minLength: all.length })),
      ),
      ([all, shuffled]) =>
        assert.deepEqual(pointsOf(shuffled, someAdjustments), pointsOf(all, someAdjustments)),
    ),
  );
});

test("a bonus never lowers a score, a penalty never raises one", () => {
  fc.assert(
    fc.property(someGiven, fc.boolean(), (all, bonus) => {
      const one = { id: "more", item: bonus ? "praised" : "late", points: half };
      const [before, after] = [all, [...all, one]].map((each) => resultOf(counts(8), rules, each).score);
      assert.ok(before && after);
      assert.ok(bonus ? compare(after, before) >= 0 : compare(after, before) <= 0);
    }),
  );
});

test("each mistake in the items is named with its place", () => {
  const [first, ...others] = adjustmentsFile.items;
  const withItem = (change: object) => ({ ...adjustmentsFile, items: [{ ...first, ...change }, ...others] });
  const mistakes: readonly [adjustments: unknown, at: string][] = [
    ["none", "adjustments"],
    [{ ...adjustmentsFile, mostBonus: "-1" }, "adjustments.mostBonus"],
    [{ ...adjustmentsFile, score: { least: "100", most: "100" } }, "adjustments.score"],
    [withItem({ key: "市级" }), "adjustments.items[0].key"],
    [withItem({ key: "late" }), "adjustments.items[2].key"],
    [withItem({ name: "迟报漏报" }), "adjustments.items[2].name"],
    [withItem({ kind: "gift" }), "adjustments.items[0].kind"],
    [withItem({ mostEach: "0" }), "adjustments.items[0].mostEach"],
    [withItem({ mostEach: "2.5" }), "adjustments.items[0].mostEach"],
    [withItem({ mostPerUnit: "5.5" }), "adjustments.items[0].mostPerUnit"],
    [withItem({ evidence: "" }), "adjustments.items[0].evidence"],
    [withItem({ source: undefined }), "adjustments.items[0].source"],
  ];
  const placesOf = (file: unknown) => {
    const read = parseRuleSet(file);
    return read.ok ? [] : read.problems.map(({ path }) => path);
  };
  assert.deepEqual(placesOf({ ...files.district, adjustments: adjustmentsFile }), []);
  for (const [adjustments, at] of mistakes)
    assert.ok(
      placesOf({ ...files.district, adjustments }).includes(at),
      `${at}: ${placesOf({ ...files.district, adjustments })}`,
    );
});

test("a group may name classes; a kind and class stands in one group alone, and an empty list of classes is a mistake", () => {
  const groups = (...more: object[]) => ({ ...files.district, groups: [...more, ...files.district.groups] });
  const read = parseRuleSet(groups({ name: "治理类", kinds: ["street", "town"], classes: ["治理"] }));
  assert.ok(read.ok);
  assert.deepEqual(read.value.groups[0], { name: "治理类", kinds: ["street", "town"], classes: ["治理"] });
  assert.deepEqual(read.value.groups.slice(1), district.groups);
  const bad = (...more: object[]) => {
    const told = parseRuleSet(groups(...more));
    return told.ok ? [] : told.problems.map(({ path }) => path);
  };
  const governed = { name: "治理类", kinds: ["street"], classes: ["治理"] };
  assert.deepEqual(bad(governed, { ...governed, name: "又一组" }), ["groups[1].kinds"]);
  assert.deepEqual(bad({ ...governed, classes: [] }), ["groups[0].classes"]);
});
