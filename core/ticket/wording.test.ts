import assert from "node:assert/strict";
import { test } from "node:test";
import { MOVES } from "./lifecycle.ts";
import { doubtsOf } from "./wording.ts";

const codes = (move: Parameters<typeof doubtsOf>[0], input: Record<string, unknown>): string[] =>
  doubtsOf(move, input).map((doubt) => doubt.code);

test("a report that says unsolved under “已解决”, or solved under “未解决”, is asked about; one that agrees is not", () => {
  const unsolved = "因权属争议，井盖问题尚未解决，已报街道协调。";
  const solved = "井盖已更换，问题已解决，诉求人知晓。";
  assert.deepEqual(codes("report", { outcome: "solved", text: unsolved }), ["contradiction"]);
  assert.deepEqual(codes("report", { outcome: "unsolved", text: solved }), ["contradiction"]);
  assert.deepEqual(codes("report", { outcome: "solved", text: solved }), []);
  assert.deepEqual(codes("report", { outcome: "unsolved", text: unsolved }), []);
});

test("a report that tells of what is done and of what is not contradicts nothing", () => {
  const both = "路灯已修复，电线未能处理，产权单位周五到场。";
  for (const outcome of ["solved", "unsolved", "partly"])
    assert.deepEqual(codes("report", { outcome, text: both }), []);
});

test("the words beside a callback's answers are held against them", () => {
  const answers = { contacted: "yes", solved: "no", satisfied: "satisfied" };
  assert.deepEqual(
    codes("callback", { outcome: "answered", answers, reason: "垃圾已清，问题已解决", note: "" }),
    ["contradiction"],
  );
  assert.deepEqual(codes("callback", { answers, reason: "", note: "诉求人表示不满意" }), ["contradiction"]);
  assert.deepEqual(codes("callback", { answers: { satisfied: "dissatisfied" }, note: "表示感谢" }), [
    "contradiction",
  ]);
  assert.deepEqual(
    codes("callback", { answers: { satisfied: "dissatisfied" }, note: "仍不满意，但表示感谢" }),
    [],
  );
});

test("a citizen's number in any text is pointed out with the same words covered, and covered words are not", () => {
  const [doubt] = doubtsOf("note", { text: "请致电 13812345678 说明" });
  assert.equal(doubt?.code, "personal-data");
  assert.ok(doubt?.mended && !doubt.mended.includes("13812345678"));
  assert.deepEqual(doubtsOf("note", { text: doubt.mended }), []);
});

test("words that an office does not say are pointed out in every move, with what to say instead", () => {
  for (const move of MOVES)
    assert.ok(
      codes(move, { text: "这不归我们管，请自己想办法。" }).filter((c) => c === "forbidden").length === 2,
    );
});

test("nine signs are no report, ten are; an empty form is not asked about", () => {
  assert.deepEqual(codes("report", { outcome: "solved", text: "一二三四五六七八九" }), ["too-short"]);
  assert.deepEqual(codes("report", { outcome: "solved", text: "一二三四五六七八九十" }), []);
  assert.deepEqual(codes("report", { text: "", outcome: undefined }), []);
});
