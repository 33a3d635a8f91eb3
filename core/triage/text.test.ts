import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fold, notesFrom, said } from "./text.ts";

const CALLER = "市民反映，清河街道安宁里路灯不亮，来电反映路灯问题。注：请及时向来电人反馈办理情况。";

test("a flow note is cut with a full-width colon, a half-width one, a comma or none", () => {
  for (const note of [
    "工单流转：清河街道退回",
    "工单流转:清河街道退回",
    "工单流转，清河街道退回",
    "工单流转退回：",
    "工单扭转：转水务局",
  ]) {
    assert.equal(said(CALLER + note), CALLER, note);
  }
});

test("an office's answer pasted under the text is cut from where its sentence begins", () => {
  assert.equal(said(`${CALLER}海淀区退回：请转水务局`), CALLER);
  assert.equal(said(`${CALLER}来信人您好，您反映的信件，水务局进行了调查，并答复如下：`), CALLER);
  assert.equal(said(`${CALLER}注：经核实，反映点位非我街道管辖`), CALLER);
  assert.equal(said("地址：清河街道三孔桥【经与海淀区核实——上地街道进行了调查】"), "地址：清河街道三孔桥【");
});

test("an office's name goes with its note, the caller's words before it stay", () => {
  assert.equal(said("四季青镇路灯不亮，海淀区退回：转水务局"), "四季青镇路灯不亮，");
  assert.equal(said("海淀区退回：转水务局"), "");
});

test("a text without notes is left whole, also when the caller speaks of a street that answered", () => {
  assert.equal(said(CALLER), CALLER);
  assert.equal(notesFrom(""), 0);
  const heard = "经了解，物业在翠微南里办公；经核实，收费不公。";
  assert.equal(said(heard), heard);
  const asked = "清河街道说不归他们管，回复不满意。";
  assert.equal(said(asked), asked);
});

test("whatever follows 工单流转 changes nothing before it", () => {
  const part = fc.constantFrom(
    "市民反映",
    "清河街道",
    "海淀区",
    "退回",
    "回复",
    "经核实",
    "工单",
    "，",
    "。",
    "：",
    "注：",
    "翠微南里",
  );
  const text = fc.array(part, { maxLength: 9 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, text, (before, after) => {
      assert.equal(said(`${before}工单流转：${after}`), said(before));
    }),
    { numRuns: 2000 },
  );
});

test("folding writes full-width digits and letters half-width and keeps every position", () => {
  assert.equal(fold("万寿路２８号社区（北）"), "万寿路28号社区(北)");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => fold(text).length === text.length));
});
