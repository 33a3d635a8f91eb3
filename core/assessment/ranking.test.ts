import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fraction } from "./fraction.ts";
import { type Contender, ranking, totalOf, unrankedText } from "./ranking.ts";
import { type Counts, noCounts, rateText } from "./rates.ts";
import { district, earning, equal } from "./rules.fixture.ts";
import type { RuleSet } from "./ruleset.ts";
import { resultOf, scoreText } from "./score.ts";

/** A unit of which `good` of `asked` callbacks went well in every respect, out of `tickets`. */
function unit(key: string, kind: string, good: number, asked: number, tickets = asked): Contender {
  return { key, kind, counts: answered(good, asked, tickets) };
}

function answered(good: number, asked: number, tickets = asked): Counts {
  const bad = asked - good;
  return earning({
    ...noCounts(),
    tickets,
    base: asked,
    responseBase: asked,
    contacted: good,
    notContacted: bad,
    solutionBase: asked,
    solved: good,
    unsolved: bad,
    satisfactionBase: asked,
    satisfied: good,
    dissatisfied: bad,
  });
}

function ranksOf(
  contenders: readonly Contender[],
  rules: RuleSet,
  group = "街镇",
): readonly [string, number | null][] {
  const found = ranking(contenders, rules).find((each) => each.group === group);
  return (found?.units ?? []).map((each) => [each.key, each.rank]);
}

test("streets and towns run in one list, bureaus and companies each in their own", () => {
  const groups = ranking(
    [
      unit("水务局", "bureau", 5, 10),
      unit("温泉镇", "town", 8, 10),
      unit("学院路街道", "street", 9, 10),
      unit("热力公司", "company", 10, 10),
      unit("香山街道", "street", 7, 10),
    ],
    district,
  );
  assert.deepEqual(
    groups.map((group) => [group.group, group.units.map((each) => `${each.rank} ${each.key}`)]),
    [
      ["街镇", ["1 学院路街道", "2 温泉镇", "3 香山街道"]],
      ["委办局", ["1 水务局"]],
      ["区属企业", ["1 热力公司"]],
    ],
  );
});

const tied = [
  unit("上地街道", "street", 9, 10, 40),
  unit("八里庄街道", "street", 9, 10, 60),
  unit("曙光街道", "street", 9, 10, 60),
  unit("清河街道", "street", 8, 10, 90),
];

test("equal scores: the one with more tickets first, and two with as many share the rank", () => {
  assert.deepEqual(ranksOf(tied, { ...district, ties: "volumeDesc" }), [
    ["八里庄街道", 1],
    ["曙光街道", 1],
    ["上地街道", 3],
    ["清河街道", 4],
  ]);
});

test("equal scores under the other tie rules: fewer first, shared with a gap, shared without one", () => {
  const ranks = (ties: RuleSet["ties"]) => Object.fromEntries(ranksOf(tied, { ...district, ties }));
  assert.deepEqual(ranks("volumeAsc"), { 上地街道: 1, 八里庄街道: 2, 曙光街道: 2, 清河街道: 4 });
  assert.deepEqual(ranks("shared"), { 上地街道: 1, 八里庄街道: 1, 曙光街道: 1, 清河街道: 4 });
  assert.deepEqual(ranks("dense"), { 上地街道: 1, 八里庄街道: 1, 曙光街道: 1, 清河街道: 2 });
});

test("scores that look alike are a tie under rounded ranking and are parted under exact ranking", () => {
  // 865/1000 = 86.50, 8652/10000 = 86.52: both shown as 86.5
  const pair = [unit("海淀街道", "street", 865, 1000), unit("北太平庄街道", "street", 8652, 10000)];
  const shared: RuleSet = { ...district, ties: "shared" };
  assert.deepEqual(
    ranksOf(pair, shared).map(([, rank]) => rank),
    [1, 1],
  );
  assert.deepEqual(ranksOf(pair, { ...shared, rankBy: "exact" }), [
    ["北太平庄街道", 1],
    ["海淀街道", 2],
  ]);
});

test("a unit without answers is listed after the ranked ones, without a rank, and takes nobody's place", () => {
  const rows = [
    unit("燕园街道", "street", 0, 0, 12),
    unit("苏家坨镇", "town", 1, 10),
    unit("上庄镇", "town", 9, 10),
  ];
  assert.deepEqual(ranksOf(rows, district), [
    ["上庄镇", 1],
    ["苏家坨镇", 2],
    ["燕园街道", null],
  ]);
  const silent = ranking(rows, district)[0]?.units.at(-1);
  assert.ok(silent?.unranked);
  assert.equal(unrankedText(silent.unranked), "响应率、解决率、满意率无有效基数");
});

test("a unit below the minimum volume keeps its score and has no rank", () => {
  const rules: RuleSet = { ...district, volume: "base", minimumVolume: 20 };
  const rows = [unit("清华园街道", "street", 19, 19, 99), unit("马连洼街道", "street", 10, 20)];
  assert.deepEqual(ranksOf(rows, rules), [
    ["马连洼街道", 1],
    ["清华园街道", null],
  ]);
  const small = ranking(rows, rules)[0]?.units.at(-1);
  assert.ok(small?.unranked);
  assert.equal(scoreText(small.score, rules), "100.0");
  assert.equal(unrankedText(small.unranked), "有效回访 19，未达到参评下限 20");
});

test("a unit whose kind belongs to no group is listed apart and unranked, not dropped", () => {
  const groups = ranking([unit("临时指挥部", "taskForce", 5, 5)], district);
  assert.deepEqual(
    groups.map(({ group, units }) => [group, units.map((each) => [each.rank, each.unranked?.code])]),
    [[null, [[null, "noGroup"]]]],
  );
});

test("the total row is the mean of the units' rates or the pooled rate, as the rules say", () => {
  const rows = [
    unit("花园路街道", "street", 90, 100),
    unit("香山街道", "street", 1, 2),
    unit("燕园街道", "street", 0, 0),
  ];
  const total = (rules: RuleSet) => ranking(rows, rules)[0]?.total;
  const mean = total({ ...district, total: "mean" });
  assert.deepEqual(mean?.rates.solution, fraction(7, 10)); // (90% + 50%) / 2; the silent street is not taken as 0%
  assert.equal(scoreText(mean?.score ?? null, district), "70.0");
  const pooled = total({ ...district, total: "pooled" });
  assert.equal(rateText(pooled?.rates.solution ?? null, 1), "89.2%"); // 91 / 102
  assert.deepEqual(pooled?.counts, mean?.counts);
  assert.equal(pooled?.counts.tickets, 102);
});

test("a total over no unit has no rates", () => {
  assert.deepEqual(totalOf([], district).rates, { response: null, solution: null, satisfaction: null });
  assert.equal(totalOf([], { ...district, total: "pooled" }).score, null);
});

const contenders = fc.uniqueArray(
  fc
    .tuple(
      fc.nat({ max: 60 }),
      fc.constantFrom("street", "town", "bureau", "company", "other", "none"),
      fc.nat({ max: 6 }),
      fc.nat({ max: 6 }),
    )
    .map(([key, kind, a, b]) => unit(`u${key}`, kind, Math.min(a, b), Math.max(a, b))),
  { selector: (each) => each.key, maxLength: 40 },
);
const rules = fc
  .record({
    base: fc.constantFrom(district, equal),
    ties: fc.constantFrom("volumeDesc" as const, "volumeAsc" as const, "shared" as const, "dense" as const),
    minimumVolume: fc.nat({ max: 4 }),
    rankBy: fc.constantFrom("rounded" as const, "exact" as const),
    total: fc.constantFrom("pooled" as const, "mean" as const),
  })
  .map(({ base, ...rest }): RuleSet => ({ ...base, ...rest }));

test("the order in which units are read changes no rank, no group and no total", () => {
  fc.assert(
    fc.property(contenders, rules, fc.infiniteStream(fc.nat()), (units, rule, keys) => {
      const shuffled = units
        .map((each) => ({ each, at: keys.next().value }))
        .sort((a, b) => a.at - b.at)
        .map(({ each }) => each);
      assert.deepEqual(ranking(shuffled, rule), ranking(units, rule));
    }),
  );
});

test("every unit stands once, a better rank never has a lower score, and ranks begin at 1", () => {
  fc.assert(
    fc.property(contenders, rules, (units, rule) => {
      const groups = ranking(units, rule);
      const listed = groups.flatMap((group) => group.units.map((each) => each.key));
      assert.deepEqual([...listed].sort(), units.map((each) => each.key).sort());
      for (const { units: rows } of groups) {
        const ranked = rows.filter((row) => row.rank !== null);
        if (ranked.length > 0) assert.equal(ranked[0]?.rank, 1);
        for (const [index, row] of ranked.entries()) {
          const next = ranked[index + 1];
          if (!next || row.rank === null || next.rank === null) continue;
          assert.ok(row.rank <= next.rank);
          assert.ok(Number(scoreText(row.score, rule)) >= Number(scoreText(next.score, rule)));
        }
        for (const row of rows) assert.equal(row.rank === null, row.unranked !== null);
      }
    }),
  );
});

test("a unit's figures do not hang on who else is ranked", () => {
  fc.assert(
    fc.property(contenders, rules, (units, rule) => {
      for (const row of ranking(units, rule).flatMap((group) => group.units)) {
        assert.deepEqual(
          { counts: row.counts, rates: row.rates, basic: row.basic, points: row.points, score: row.score },
          resultOf(row.counts, rule),
        );
      }
    }),
  );
});

test("the same unit twice in one ranking is our own mistake and throws", () => {
  assert.throws(() =>
    ranking([unit("海淀街道", "street", 1, 1), unit("海淀街道", "street", 1, 2)], district),
  );
});

const apart: RuleSet = {
  ...district,
  groups: [{ name: "治理类街镇", kinds: ["street", "town"], classes: ["治理", "整改"] }, ...district.groups],
};

test("a street of a class that has its own group is ranked there and nowhere else; the others stay among themselves", () => {
  const units = [
    { ...unit("xiangshan", "street", 9, 10), unitClass: "治理" },
    { ...unit("qinghe", "street", 8, 10), unitClass: "先进" },
    { ...unit("wenquan", "town", 7, 10), unitClass: null },
    { ...unit("water", "bureau", 6, 10), unitClass: "治理" },
  ];
  const groupsUnder = (rules: RuleSet) =>
    ranking(units, rules).map(({ group, units }) => [group, units.map(({ key, rank }) => `${key} ${rank}`)]);
  assert.deepEqual(groupsUnder(apart), [
    ["治理类街镇", ["xiangshan 1"]],
    ["街镇", ["qinghe 1", "wenquan 2"]],
    ["委办局", ["water 1"]],
  ]);
  assert.deepEqual(
    groupsUnder({ ...apart, groups: [...apart.groups].reverse() }).reverse(),
    groupsUnder(apart),
  );
  assert.deepEqual(groupsUnder(district)[0], ["街镇", ["xiangshan 1", "qinghe 2", "wenquan 3"]]);
});

test("every unit stands in exactly one group, whatever classes there are", () => {
  const classed = contenders.chain((units) =>
    fc
      .array(fc.constantFrom(null, "治理", "整改", "先进", "进步"), {
        minLength: units.length,
        maxLength: units.length,
      })
      .map((classes) => units.map((each, at) => ({ ...each, unitClass: classes[at] ?? null }))),
  );
  fc.assert(
    fc.property(classed, (units) => {
      const listed = ranking(units, apart).flatMap((group) => group.units.map(({ key }) => key));
      assert.deepEqual(listed.toSorted(), units.map(({ key }) => key).toSorted());
    }),
  );
});
