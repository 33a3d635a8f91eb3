import assert from "node:assert/strict";
import { test } from "node:test";
import { measureOf, measures, rankingNotes } from "./measures.ts";
import { FIGURES } from "./rates.ts";
import { district, equal, november, sharedBase, someAdjustments } from "./rules.fixture.ts";

test("every figure, every rate and the score is in the catalogue once, with its words and its source", () => {
  const catalogue = measures(district);
  assert.deepEqual(
    catalogue.map((measure) => measure.key),
    [...FIGURES, "response", "solution", "satisfaction", "score", "density", "onTime", "late"],
  );
  for (const measure of catalogue) {
    assert.match(measure.name, /\p{Script=Han}/u);
    assert.match(measure.definition, /\p{Script=Han}/u);
    // 按期 rests on the deadlines and 万人诉求比 on the population, not on the rule set
    const clocks = "办理反馈时限，见时限规则";
    const elsewhere = { onTime: clocks, late: clocks, density: "分类与人口页登记的常住人口及其依据" };
    assert.equal(measure.source, { ...elsewhere }[measure.key as "onTime"] ?? district.source);
    assert.ok(FIGURES.some((figure) => figure === measure.opens));
    assert.equal(measure.denominator !== null, measure.unit === "%" || measure.unit === "件/万人");
  }
  const names = catalogue.map((measure) => measure.name);
  assert.equal(new Set(names).size, names.length);
});

test("the words follow the rule set: another weight, base or worth reads differently", () => {
  assert.equal(measureOf("satisfaction", november(district))?.numerator, "满意 + 0.9×基本满意");
  assert.equal(
    measureOf("score", november(district))?.numerator,
    "（响应率×10% + 解决率×50% + 满意率×40%）×100",
  );
  assert.equal(
    measureOf("score", november(equal))?.numerator,
    "（响应率×30% + 解决率×35% + 满意率×35%）×100",
  );
  assert.match(measureOf("solutionBase", november(district))?.definition ?? "", /本题答复为空的不计入基数/);
  assert.match(
    measureOf("solutionBase", november(sharedBase("exclude")))?.definition ?? "",
    /任一题答复为空的整件不计/,
  );
  assert.match(measureOf("base", november(sharedBase("keep")))?.definition ?? "", /仍计入/);
  assert.equal(
    measureOf("tickets", november(district))?.scope,
    "全口径（含剔除）：全部工单计入三率；不含剔除：仅响应率工单只计响应率，不纳入工单不计",
  );
});

test("where points may be given, the score is told as the weighted rates with the points, each with its own words", () => {
  const rules = { ...district, adjustments: someAdjustments };
  assert.deepEqual(
    measures(rules)
      .map((measure) => measure.key)
      .slice(-6),
    ["basic", "points", "score", "density", "onTime", "late"],
  );
  assert.equal(
    measureOf("basic", november(rules))?.numerator,
    measureOf("score", november(district))?.numerator,
  );
  assert.equal(
    measureOf("score", november(rules))?.numerator,
    "基础得分 + 加减分，不低于 0 分、不高于 105 分",
  );
  assert.match(
    measureOf("points", november(rules))?.definition ?? "",
    /加分合计不超过 5 分、减分合计不超过 6 分/,
  );
  assert.equal(measureOf("points", november(rules))?.opens, "items");
  assert.match(rankingNotes(rules).join(), /综合得分含已批准的加减分/);
});

test("how units are ranked is told from the rule set", () => {
  assert.deepEqual(rankingNotes(district), [
    "分组排名：街镇、委办局、区属企业、其他",
    "按四舍五入后的得分排名",
    "同分时件数多者在前，仍相同则并列",
    "件数不足 1 件的单位列出但不排名",
    "合计行为各单位之率的平均值",
  ]);
  assert.match(rankingNotes(equal).join(), /同分并列，其后名次顺延.*全部工单合并计算/);
});

test("a key that is not in the catalogue is no measure", () => {
  assert.equal(measureOf("luck", november(district)), null);
});
