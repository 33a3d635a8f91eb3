import assert from "node:assert/strict";
import { test } from "node:test";
import { annexLines, type Block, columnGroups, numbered } from "./document.ts";
import { dayText, pointsChange, scoreMoved, volumeChange } from "./wording.ts";

const heading = (level: 1 | 2 | 3, text: string): Block => ({ kind: "heading", level, text });
const texts = (blocks: readonly Block[]) => blocks.map((block) => ("text" in block ? block.text : ""));

test("headings are numbered as official papers number them, each level anew under the one above", () => {
  const body = [
    heading(1, "情况"),
    heading(2, "街镇"),
    heading(3, "响应"),
    heading(3, "解决"),
    heading(2, "委办局"),
    heading(3, "响应"),
    heading(1, "问题"),
    heading(2, "供暖"),
  ];
  assert.deepEqual(texts(numbered(body)), [
    ...["一、情况", "（一）街镇", "1. 响应", "2. 解决", "（二）委办局", "1. 响应", "二、问题", "（一）供暖"],
  ]);
  const many = numbered(Array.from({ length: 21 }, () => heading(1, "")));
  assert.deepEqual([texts(many)[9], texts(many)[10], texts(many)[20]], ["十、", "十一、", "二十一、"]);
});

test("one annex has no number, several have; neighbouring columns of a group stand together", () => {
  const annex = (title: string) => ({ title, wide: false, body: [] });
  assert.deepEqual(annexLines([annex("成绩表")]), ["附件：成绩表"]);
  assert.deepEqual(annexLines([annex("甲"), annex("乙")]), ["附件：1. 甲", "　　　2. 乙"]);
  const column = (title: string, group?: string) => ({
    title,
    align: "left" as const,
    weight: 1,
    ...(group ? { group } : {}),
  });
  assert.deepEqual(
    columnGroups([column("单位"), column("申请", "不纳入"), column("认定", "不纳入"), column("退单")]),
    [
      { group: null, span: 1 },
      { group: "不纳入", span: 2 },
      { group: null, span: 1 },
    ],
  );
});

test("changes are said in points and percent, and nothing is said to rise that reads the same", () => {
  assert.deepEqual(
    [pointsChange(96.4, 95.2), pointsChange(95.2, 96.4), pointsChange(95.2, 95.2), pointsChange(95, null)],
    ["上升 1.2 个百分点", "下降 1.2 个百分点", "持平", null],
  );
  assert.equal(scoreMoved(87.3, 88), "下降 0.7 分");
  assert.deepEqual(
    [volumeChange(110, 100), volumeChange(95, 100), volumeChange(10_001, 10_000), volumeChange(5, 0)],
    ["环比上升 10.0%", "环比下降 5.0%", "环比持平", "上期无数据"],
  );
  assert.equal(dayText("2026-01-05"), "2026年1月5日");
});
