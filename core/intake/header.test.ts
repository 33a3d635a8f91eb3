import assert from "node:assert/strict";
import { test } from "node:test";
import { describe, findHeader, headerSignature, normaliseHeader, remap } from "./header.ts";
import { BOARD, ORDERS } from "./profile.fixture.ts";

const ORDER_HEADER = [
  "序号",
  "登记编号",
  "诉求编号",
  "派发时间",
  "登记时间",
  "诉求内容",
  "主办单位",
  "办理结果",
  "备注",
];

test("the header is found below titles and notes, and tells the sender", () => {
  const rows = [["海淀区接诉即办工单台账"], ["", "统计日期：2026-11-20"], [], ORDER_HEADER, ["1", "2026001"]];
  const found = findHeader(rows, [BOARD, ORDERS]);
  assert.equal(found?.at, 3);
  assert.equal(found?.profile?.name, "orders");
});

test("blanks, widths, brackets and marks of a required column do not hide a header", () => {
  for (const text of [
    "诉求编号",
    " 诉求 编号 ",
    "诉求编号*",
    "诉求编号（必填）",
    "\ufeff诉求编号",
    "诉求编号：",
  ])
    assert.equal(normaliseHeader(text), "诉求编号", text);
  assert.equal(normaliseHeader("工单性质（主办/协办）"), normaliseHeader("工单性质(主办/协办)"));
});

test("a file that lacks a required column is not of that shape", () => {
  const found = findHeader([ORDER_HEADER.filter((h) => h !== "诉求编号")], [BOARD, ORDERS]);
  assert.equal(found?.profile, null);
});

test("columns that common words alone share with a profile do not make a file its", () => {
  assert.equal(findHeader([["诉求编号", "诉求内容"]], [ORDERS])?.profile, null);
});

test("unknown columns are kept under their own header; two of one name are told apart", () => {
  const { columns } = describe(0, [...ORDER_HEADER, "热词", "热词"], ORDERS);
  assert.deepEqual(
    columns.slice(-2).map((c) => [c.header, c.field]),
    [
      ["热词", null],
      ["热词(2)", null],
    ],
  );
});

test("two columns of one name that would both be the same field are reported", () => {
  assert.deepEqual(describe(0, [...ORDER_HEADER, "诉求编号"], ORDERS).duplicated, ["诉求编号"]);
  assert.deepEqual(describe(0, ORDER_HEADER, ORDERS).duplicated, []);
});

test("a person's mapping goes before the profile; a field given twice is told", () => {
  const { columns } = describe(0, [...ORDER_HEADER, "群众诉求"], ORDERS);
  const mapped = remap(columns, { 群众诉求: "content", 诉求内容: "", 备注: "-" });
  assert.deepEqual(mapped.twice, []);
  assert.equal(mapped.columns.find((c) => c.header === "群众诉求")?.field, "content");
  assert.equal(mapped.columns.find((c) => c.header === "诉求内容")?.field, null);
  assert.equal(mapped.columns.find((c) => c.header === "备注")?.field, "-");
  assert.deepEqual(remap(columns, { 群众诉求: "content" }).twice, ["content"]);
});

test("a header is recognised again with its columns in another order", () => {
  const of = (row: readonly string[]) => headerSignature(describe(0, row, ORDERS).columns);
  assert.equal(of(ORDER_HEADER), of([...ORDER_HEADER].reverse()));
  assert.notEqual(of(ORDER_HEADER), of(ORDER_HEADER.slice(1)));
});
