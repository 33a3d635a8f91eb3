import assert from "node:assert/strict";
import { test } from "node:test";
import readingFile from "../../rules/reading/2020-default.json" with { type: "json" };
import { alikeTo } from "./alike.ts";
import { marksIn, unitBook } from "./marks.ts";
import { parseReadingRules, type ReadingRules } from "./reading.ts";
import { HAIDIAN } from "./town.fixture.ts";

const RULES: ReadingRules = (() => {
  const answer = parseReadingRules(readingFile);
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.value.body;
})();
const UNITS = unitBook(HAIDIAN);

const marked = (text: string) =>
  marksIn(text, HAIDIAN, UNITS, RULES).map((m) => `${m.kind} ${text.slice(m.start, m.end)}`);

test("place, unit, sensitive word and standard phrase are each marked where they stand", () => {
  assert.deepEqual(marked("清河街道燃气泄漏，已找过区城市管理委，多次反映至今未解决，要求保密。"), [
    "place 清河街道",
    "sensitive 燃气泄漏",
    "unit 区城市管理委",
    "phrase 多次反映",
    "phrase 至今未解决",
    "phrase 要求保密",
  ]);
});

test("marks never lie over each other, the longer word of a kind wins, and each says why", () => {
  const text = "市民称将集体上访，占用消防通道。";
  const marks = marksIn(text, HAIDIAN, UNITS, RULES);
  assert.deepEqual(
    marks.map((m) => text.slice(m.start, m.end)),
    ["集体上访", "占用消防通道"],
  );
  for (const [i, mark] of marks.entries()) {
    assert.ok(mark.why.length > 0);
    assert.ok(mark.start >= (marks[i - 1]?.end ?? 0));
  }
});

test("a unit is found by its name, its short name and an alias, and told by its full name", () => {
  const bureau = [...HAIDIAN.units.values()].find(
    (u) => u.kind === "bureau" && u.shortName.length >= 3 && u.shortName !== u.name,
  );
  assert.ok(bureau);
  for (const name of [bureau.name, bureau.shortName]) {
    const mark = marksIn(`请${name}核实。`, HAIDIAN, UNITS, RULES).find((m) => m.kind === "unit");
    assert.equal(mark?.why, bureau.name);
  }
});

test("rules with a repeated word, a word of one sign or an unknown field are refused, each with its place", () => {
  const answer = parseReadingRules({
    ...readingFile,
    phrases: [{ why: "甲", words: ["急", "要求回复", "要求回复"], colour: "red" }],
  });
  assert.ok(!answer.ok);
  assert.deepEqual(
    answer.problems.map((p) => p.path),
    ["phrases[0].colour", "phrases[0].words", "phrases[0].words"],
  );
});

const told = (text: string, community = "", street = "清河街道") => ({ text, street, community });

test("alike is the same matter in the same community first, then like wording anywhere; the rest is left out", () => {
  const mine = told("小区暖气不热，室内温度只有十四度，要求供暖公司尽快维修。", "安宁里社区");
  const near = told("楼道照明灯不亮。", "安宁里社区");
  const like = told("小区暖气不热，室内温度只有十五度，要求供暖公司维修。", "学院路社区", "学院路街道");
  const other = told("共享单车乱停乱放堵住出入口。", "学院路社区", "学院路街道");
  const found = alikeTo(mine, [other, like, near], RULES.alike);
  assert.deepEqual(
    found.map((t) => [t.text === near.text ? "near" : "like", t.likeness.place]),
    [
      ["near", "community"],
      ["like", null],
    ],
  );
  assert.equal(alikeTo(mine, [mine], RULES.alike)[0]?.likeness.percent, 100);
  assert.equal(alikeTo(told(""), [told("")], RULES.alike).length, 0);
});
