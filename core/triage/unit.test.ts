import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildGazetteer } from "./gazetteer.ts";
import { COMMUNITIES, HAIDIAN, UNITS, WEIGHTS, WEIGHTS_FILE } from "./town.fixture.ts";
import { suggestUnits, type TriageFacts } from "./unit.ts";
import { parseTriageWeights } from "./weights.ts";

const NOTHING: TriageFacts = {
  title: "",
  content: "",
  address: "",
  street: "",
  community: "",
  category: null,
  earlier: [],
};
const suggest = (facts: Partial<TriageFacts>) => suggestUnits({ ...NOTHING, ...facts }, HAIDIAN, WEIGHTS);

test("a ticket that says nothing of a place gets no suggestion", () => {
  assert.deepEqual(suggest({ content: "护栏没了，高差三米，非常危险" }), []);
});

test("a street named in the text is suggested, with its place in the text", () => {
  const content = "市民反映，在羊坊店街道路边乱停车";
  const [best, ...rest] = suggest({ content });
  assert.equal(best?.name, "羊坊店街道");
  assert.deepEqual(rest, []);
  assert.deepEqual(best?.reasons, [
    {
      kind: "streetInText",
      points: WEIGHTS.points.streetInText,
      text: "文中写明“羊坊店街道”",
      evidence: { start: 6, end: 11 },
    },
  ]);
  assert.equal(content.slice(6, 11), "羊坊店街道");
});

test("a street named five times is named once; of two, the first gets the lead", () => {
  const once = suggest({ content: "上地街道" })[0]?.score;
  assert.equal(suggest({ content: "上地街道上地街道，上地街道。在上地" })[0]?.score, once);
  const two = suggest({ content: "在羊坊店街道，邻近甘家口街道" });
  assert.deepEqual(
    two.map((u) => u.name),
    ["羊坊店街道", "甘家口街道"],
  );
});

test("a street that only an office's note names is not suggested", () => {
  const names = suggest({ content: "颐和园南门有人游泳。工单流转：四季青镇退回，请转曙光街道" }).map(
    (u) => u.name,
  );
  assert.deepEqual(names, ["青龙桥街道"]);
});

test("the ticket's own fields outweigh the text", () => {
  assert.equal(suggest({ content: "从甘家口街道路过", street: "海淀区温泉镇" })[0]?.name, "温泉镇");
  assert.equal(suggest({ content: "从甘家口街道路过", community: "恩济里社区" })[0]?.name, "八里庄街道");
});

test("a category with a default unit leads, the street stays in the list", () => {
  const names = suggest({
    content: "清河街道停水",
    category: { name: "供水排水·供水·停水", defaultUnitId: "海淀区水务局", toStreet: false },
  }).map((u) => u.name);
  assert.deepEqual(names, ["海淀区水务局", "清河街道"]);
});

test("a category for streets strengthens the streets that other evidence names, and names none itself", () => {
  const category = { name: "污水外溢", defaultUnitId: null, toStreet: true };
  const plain = suggest({ content: "清河街道污水" })[0]?.score ?? 0;
  assert.equal(
    suggest({ content: "清河街道污水", category })[0]?.score,
    plain + WEIGHTS.points.categoryStreet,
  );
  assert.deepEqual(suggest({ content: "污水", category }), []);
});

test("the caller's earlier tickets count, those of the category more, and never beyond their limit", () => {
  const earlier = (n: number, sameCategory: boolean) =>
    Array.from({ length: n }, () => ({ unitId: "上庄镇", sameCategory }));
  assert.equal(suggest({ earlier: earlier(1, false) })[0]?.score, WEIGHTS.points.earlier);
  assert.equal(suggest({ earlier: earlier(1, true) })[0]?.score, WEIGHTS.points.earlierSameCategory);
  assert.equal(suggest({ earlier: earlier(50, true) })[0]?.score, WEIGHTS.points.earlierMost);
  assert.match(
    suggest({ earlier: earlier(2, true) })[0]?.reasons[0]?.text ?? "",
    /2 件由该单位承办，其中同类 2 件/,
  );
});

test("too few like tickets say nothing; enough give each unit its share", () => {
  const history = (a: number, b: number) => [
    { unitId: "上庄镇", tickets: a },
    { unitId: "温泉镇", tickets: b },
  ];
  assert.deepEqual(suggest({ history: history(1, 1) }), []);
  assert.deepEqual(
    suggest({ history: history(3, 1) }).map((u) => [u.name, u.score]),
    [
      ["上庄镇", 15],
      ["温泉镇", 5],
    ],
  );
});

test("a unit that is no longer in the table is not suggested", () => {
  assert.deepEqual(suggest({ earlier: [{ unitId: "撤销的单位", sameCategory: true }] }), []);
});

const parts = fc.constantFrom(
  ...UNITS.map((u) => u.name),
  ...COMMUNITIES.map((c) => c.name),
  "海淀区",
  "，",
  "在",
  "清河",
  "学院路",
  "2号楼",
);
const text = fc.array(parts, { maxLength: 8 }).map((p) => p.join(""));
const unitId = fc.constantFrom(...UNITS.map((u) => u.id));
const facts: fc.Arbitrary<TriageFacts> = fc.record({
  title: text,
  content: text,
  address: text,
  street: fc.oneof(unitId, fc.constant("不详")),
  community: fc.constantFrom("", ...COMMUNITIES.map((c) => c.name)),
  category: fc.option(
    fc.record({ name: fc.constant("停水"), defaultUnitId: fc.option(unitId), toStreet: fc.boolean() }),
  ),
  earlier: fc.array(fc.record({ unitId, sameCategory: fc.boolean() }), { maxLength: 6 }),
  history: fc.array(fc.record({ unitId, tickets: fc.nat(9) }), { maxLength: 6 }),
});

test("a score is the sum of the points of its reasons, all of them positive, and units come best first", () => {
  fc.assert(
    fc.property(facts, (f) => {
      const units = suggest(f);
      for (const unit of units) {
        assert.equal(
          unit.score,
          unit.reasons.reduce((sum, r) => sum + r.points, 0),
        );
        assert.ok(unit.reasons.every((r) => r.points > 0 && r.text !== ""));
      }
      const scores = units.map((u) => u.score);
      assert.deepEqual(
        scores,
        [...scores].sort((a, b) => b - a),
      );
    }),
  );
});

test("the order of units, communities, earlier tickets and history changes nothing", () => {
  const turned = buildGazetteer([...UNITS].reverse(), [...COMMUNITIES].reverse(), WEIGHTS.place);
  fc.assert(
    fc.property(facts, (f) => {
      const back = { ...f, earlier: [...f.earlier].reverse(), history: [...(f.history ?? [])].reverse() };
      assert.deepEqual(suggestUnits(back, turned, WEIGHTS), suggest(f));
    }),
  );
});

test("whatever offices write after 工单流转 changes no suggestion", () => {
  fc.assert(
    fc.property(facts, text, (f, note) =>
      assert.deepEqual(suggest({ ...f, content: `${f.content}工单流转：${note}` }), suggest(f)),
    ),
  );
});

test("the shipped weights are read, and what is wrong in a file is said with its place", () => {
  assert.ok(parseTriageWeights(WEIGHTS_FILE).ok);
  const bad = parseTriageWeights({
    name: "x",
    from: "2020-02-30",
    source: "[ours]",
    points: { streetInText: -1, stret: 3 },
    historyLeast: 0,
    place: {},
  });
  assert.ok(!bad.ok);
  const paths = bad.problems.map((p) => p.path);
  for (const path of [
    "from",
    "points.streetInText",
    "points.stret",
    "points.categoryUnit",
    "historyLeast",
    "place.district",
    "place.commonWords",
  ]) {
    assert.ok(paths.includes(path), path);
  }
});
