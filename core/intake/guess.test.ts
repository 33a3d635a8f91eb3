import assert from "node:assert/strict";
import { test } from "node:test";
import { maskFileName } from "./filename.ts";
import { doubtOf, guessFields, guessProfile } from "./guess.ts";
import { describe, headerSignature } from "./header.ts";
import { BOARD, ORDERS } from "./profile.fixture.ts";
import { remedyOf } from "./remedy.ts";

const ORDER = Object.values(ORDERS.fields).map((names) => names?.[0] ?? "");

test("a column under nearly the same header is guessed, and says what it resembles", () => {
  const header = ORDERS.fields.content?.[0] ?? "";
  const { columns } = describe(0, [...ORDER.filter((h) => h !== header), `${header}（详细）`], ORDERS);
  const guess = guessFields(columns, ORDERS).get(`${header}（详细）`);
  assert.deepEqual([guess?.field, guess?.like], ["content", header]);
});

test("no field is guessed twice, nor one that a header names already", () => {
  const { columns } = describe(0, [...ORDER, `${ORDER[0]}（副本）`, `${ORDER[0]}二`], ORDERS);
  assert.deepEqual([...guessFields(columns, ORDERS).values()], []);
});

test("a header near to no profile is not guessed at all", () => {
  assert.equal(guessProfile(["甲", "乙", "丙", "丁", "戊"], [ORDERS, BOARD]), null);
});

test("samples that are no dates speak against a column of dates; most of them must", () => {
  const at = ORDERS.receivedAt[0] ?? "receivedAt";
  assert.equal(doubtOf(at, ["清河街道", "上地街道"], ORDERS), "样例不像日期时间");
  assert.equal(doubtOf(at, ["2020-12-31 18:43:24", "2020-12-31 18:43:24", "昨天"], ORDERS), null);
  assert.equal(doubtOf("satisfied", ["很好", "还行"], ORDERS), "样例里的取值认不出");
  assert.equal(doubtOf("", ["什么"], ORDERS), null, "an extra column means nothing that could be wrong");
});

test("the two columns of a file of refused rows are no data, and the mapping of its header is found again", () => {
  const mended = describe(0, [...ORDER, "错误", "怎样改"], ORDERS);
  assert.deepEqual(
    mended.columns.slice(-2).map((c) => c.field),
    ["-", "-"],
  );
  assert.equal(headerSignature(mended.columns), headerSignature(describe(0, ORDER, ORDERS).columns));
  const own = describe(0, ["错误", "怎样改", ...ORDER], ORDERS);
  assert.deepEqual(
    own.columns.slice(0, 2).map((c) => c.field),
    [null, null],
    "columns of these names elsewhere are the sender's own",
  );
});

test("every fault of a row comes with what to do", () => {
  const fault = (why: string) => remedyOf({ row: 2, column: "满意", value: "", why });
  assert.equal(fault("缺少工单编号"), "在“满意”列补填");
  assert.equal(fault("无法识别的取值，可填：满意、不满意"), "改成其中之一：满意、不满意");
  assert.equal(fault("从没见过的原因"), "按原因改正后重新导入");
});

test("numbers of people are covered in a file's name; its dates stay", () => {
  assert.equal(maskFileName("李雷13800001234来信.xlsx"), "李雷［电话］来信.xlsx");
  assert.equal(maskFileName("来电62345678.csv"), "来电［号码］.csv");
  assert.equal(maskFileName("派单20261120.xlsx"), "派单20261120.xlsx");
  assert.equal(maskFileName("派单20261120083000.csv"), "派单20261120083000.csv");
  assert.equal(maskFileName("第47周.csv"), "第47周.csv");
});
