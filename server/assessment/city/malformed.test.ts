import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type CityMonth, HEADER, openCityMonth, workbookOf } from "../../testing/citymonth.ts";
import { bookOf, csvOf, textRows } from "../../testing/sheets.ts";
import { done, refused } from "../../testing/tickets.ts";
import type { Answer } from "../../testing/town.ts";

let month: CityMonth;

before(async () => {
  month = await openCityMonth();
});
after(() => month?.town.close());

const preview = async (content: Buffer, name: string, mapping: object = {}): Promise<Answer["body"]> => {
  const sent = done(await month.send(content, name));
  const seen = done(await month.step(sent.id, "preview", { mapping }));
  return { ...seen, id: sent.id };
};

test("what is no table is refused with the reason, and nothing is kept", async () => {
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["空.xlsx", Buffer.alloc(0), "文件是空的"],
    ["截断.xlsx", workbookOf(month.rows()).subarray(0, 400), "损坏"],
    ["改名.xlsx", Buffer.from("工单编号,是否解决\r\n1,是"), "扩展名不符"],
    ["图片.png", Buffer.from([0x89, 0x50, 0x4e, 0x47]), "只能导入"],
    ["没有表头.csv", Buffer.from("一\r\n二\r\n"), "没有找到表头"],
  ];
  for (const [name, content, why] of cases) {
    const answer = await month.send(content, name);
    assert.equal(refused(answer, 422), "file-refused", name);
    assert.ok(answer.body.message.includes(why), `${name}：${answer.body.message}`);
  }
  const unlike = await month.send(
    Buffer.from(
      csvOf([
        ["甲", "乙"],
        ["1", "2"],
      ]),
    ),
    "别的.csv",
  );
  assert.equal(refused(unlike, 422), "city-header-unknown");
  assert.equal(
    refused(await month.send(workbookOf(month.rows()), "a.xlsx", "period=2026-13"), 422),
    "bad-input",
  );
  assert.deepEqual(done(await month.assessor.get("/api/assessment/city-results")), []);
});

test("a row that cannot be read names its column and what to do, and refuses the file until a person says otherwise", async () => {
  const rows = month.rows().slice(0, 3);
  const first = rows[0] ?? [];
  const faulty = [...rows, first.with(1, ""), first.with(1, "热线-9").with(4, "也许"), first.with(0, "9")];
  const seen = await preview(workbookOf(faulty), "有误.xlsx");
  assert.deepEqual([seen.rows, seen.refused], [3, 3]);
  assert.deepEqual(
    seen.faults.map((fault: Answer["body"]) => [fault.row, fault.column, fault.why]),
    [
      [7, "工单编号", "缺少工单编号"],
      [8, "是否解决", "无法识别的取值，可填：是、部分解决、否"],
      [9, "工单编号", "与第 4 行是同一工单的同一轮次"],
    ],
  );
  assert.deepEqual(seen.faults[1].remedy, "改成其中之一：是、部分解决、否");
  assert.equal(refused(await month.step(seen.id, "confirm"), 422), "city-rows-faulty");
  const kept = done(await month.step(seen.id, "confirm", { skipFaulty: true }));
  assert.deepEqual([kept.rows, kept.refused, kept.faults.length], [3, 3, 3]);
  done(await month.step(seen.id, "withdraw", { reason: "试验" }));
});

test("columns that only resemble the known ones are guessed with the reason, and a person's word goes before", async () => {
  const header = ["工单编号(市级)", "主办部门", "响应（市级）", "解决与否", "满意程度", "来电人姓名"];
  const cells = [month.numbers.same, "清河街道", "是", "否", "满意", "张三"];
  const seen = await preview(Buffer.from(csvOf([header, cells])), "相近.csv");
  const byHeader = new Map(seen.columns.map((column: Answer["body"]) => [column.header, column]));
  const number: Answer["body"] = byHeader.get("工单编号(市级)");
  assert.deepEqual([number.field, number.why], ["number", "表头与“工单编号”相近"]);
  const person: Answer["body"] = byHeader.get("来电人姓名");
  assert.deepEqual([person.field, person.samples], ["", ["［已遮盖］"]]);
  const byHand = await month.step(seen.id, "preview", {
    mapping: { 主办部门: "unit", 解决与否: "solved", 满意程度: "satisfied" },
  });
  const columns = done(byHand).columns.map((column: Answer["body"]) => column.field);
  assert.deepEqual(columns, ["number", "unit", "contacted", "solved", "satisfied", ""]);
  const twice = await month.step(seen.id, "confirm", { mapping: { 主办部门: "solved", 解决与否: "solved" } });
  assert.equal(refused(twice, 422), "city-columns-twice");
  const missing = await month.step(seen.id, "confirm", { mapping: { "工单编号(市级)": "" } });
  assert.equal(refused(missing, 422), "city-columns-missing");
  done(await month.step(seen.id, "cancel"));
  assert.equal(refused(await month.step(seen.id, "preview"), 404), "not-found");
});

test("another sheet or header row can be pointed to, and the header of a confirmed file is remembered", async () => {
  const noise = ["说明", "本表仅供核对", "请勿外传"];
  const file = bookOf({ rows: textRows([noise, ["甲", "乙", "丙"], HEADER, ...month.rows()]) });
  const sent = done(await month.send(file, "位置.xlsx"));
  assert.equal(sent.headerRow, 3);
  const wrong = await month.step(sent.id, "header", { headerRow: 2 });
  assert.equal(done(wrong).headerRow, 2);
  assert.equal(done(await month.step(sent.id, "header", { headerRow: 3 })).headerRow, 3);
  assert.equal(refused(await month.step(sent.id, "header", { headerRow: 200 }), 422), "file-refused");
  done(await month.step(sent.id, "cancel"));
  const odd = ["工单编号", "谁办的", "是否响应", "是否解决", "是否满意"];
  const rows = [[month.numbers.same, "清河街道", "是", "是", "满意"]];
  const first = done(await month.send(Buffer.from(csvOf([odd, ...rows])), "一.csv"));
  done(await month.step(first.id, "confirm", { mapping: { 谁办的: "unit" } }));
  const later = done(await month.send(Buffer.from(csvOf([odd, ...rows])), "二.csv", "period=2026-12"));
  assert.deepEqual(later.mapping, { 谁办的: "unit" });
});

test("a number that a spreadsheet has rounded, and a formula without its value, are told apart from good rows", async () => {
  const file = bookOf({
    rows: `${textRows([HEADER])}<row r="2"><c r="B2" t="inlineStr"><is><t>4.1E+17</t></is></c></row><row r="3"><c r="B3" t="str"><f>A1&amp;"x"</f></c></row>`,
  });
  const seen = await preview(file, "公式.xlsx");
  assert.deepEqual(
    seen.faults.map((fault: Answer["body"]) => fault.why),
    [
      "编号被表格软件改成了科学计数法，请把该列设为文本后重新导出",
      "公式没有计算结果，请用表格软件打开、保存后再导入",
    ],
  );
  assert.equal(refused(await month.step(seen.id, "confirm", { skipFaulty: true }), 422), "city-rows-none");
});
