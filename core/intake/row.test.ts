import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "./header.ts";
import { writeInstant } from "./instant.ts";
import { BOARD, ORDERS } from "./profile.fixture.ts";
import type { Profile } from "./profile.ts";
import { type ImportedRow, type RowFault, rowAgain, rowReader } from "./row.ts";

type Cells = Readonly<Record<string, string>>;

const GOOD: Cells = {
  诉求编号: "热线-201231-000001",
  登记编号: "202000001",
  派发时间: "2020-12-31 18:43:24",
  诉求内容: "市民反映，路灯不亮。",
};

function reading(profile: Profile, cells: Cells) {
  const headers = Object.keys(cells);
  const read = rowReader(profile, describe(0, headers, profile).columns, (text) => `n${text.length}`);
  return read({ number: 7, cells: Object.values(cells), faults: null });
}

function row(cells: Cells, profile: Profile = ORDERS): ImportedRow {
  const answer = reading(profile, cells);
  assert.ok(answer.ok, JSON.stringify(answer));
  return answer.row;
}

function faults(cells: Cells): readonly RowFault[] {
  const answer = reading(ORDERS, cells);
  assert.equal(answer.ok, false);
  return answer.ok ? [] : answer.faults;
}

test("a row of the city's list is read as what it says of the ticket", () => {
  const r = row({
    ...GOOD,
    诉求来源: "市民热线",
    "街/乡/镇": "海淀区温泉镇",
    诉求类型一级: "其它",
    时限要求: "2021-01-02 23:59:59",
    主办单位: "温泉镇",
  });
  assert.equal(r.number, "热线-201231-000001");
  assert.equal(r.facts.channel, "热线");
  assert.equal(r.facts.street, "温泉镇");
  assert.equal(r.facts.category1, "其他");
  assert.equal(writeInstant(r.facts.cityDueAt ?? 0), "2021-01-02 23:59:59");
  assert.equal(r.unit, "温泉镇");
  assert.equal(r.closing, null);
});

test("tabs, full-width spaces and zero-width signs around a cell are cut, blank words are blank", () => {
  const r = row({
    ...GOOD,
    诉求内容: "\n\t\t　\u200b路灯不亮。　\r\n第二行\t",
    主办单位: "无",
    "街/乡/镇": "不详",
  });
  assert.equal(r.facts.content, "路灯不亮。　\n第二行");
  assert.equal(r.unit, "");
  assert.equal(r.facts.street, "");
});

test("a blank answer is not assessed, never a no", () => {
  const r = row({ ...GOOD, 响应: "响应", 解决: "", 满意: "" });
  assert.deepEqual(r.answers, { contacted: "yes", solved: undefined, satisfied: undefined });
  assert.equal(r.validSaid, null);
});

test("a word that nobody knows is reported with those that could stand there", () => {
  assert.deepEqual(faults({ ...GOOD, 满意: "还行吧" }), [
    { row: 7, column: "满意", value: "还行吧", why: "无法识别的取值，可填：满意、基本满意、不满意" },
  ]);
});

test("every fault of a row is reported at once: the day that is none and the text that is missing", () => {
  assert.deepEqual(
    faults({ ...GOOD, 派发时间: "2020-02-30 10:00:00", 诉求内容: " " }).map((f) => [f.column, f.why]),
    [
      ["派发时间", "没有这一天或这一时刻"],
      ["诉求内容", "缺少主要内容"],
    ],
  );
});

test("a row without any time cannot be placed", () => {
  assert.match(faults({ ...GOOD, 派发时间: "" })[0]?.why ?? "", /无法确定受理时间/);
});

test("a number that a spreadsheet has rounded is refused rather than made a ticket", () => {
  assert.match(faults({ ...GOOD, 诉求编号: "2.01231E+11" })[0]?.why ?? "", /科学计数法/);
});

test("剔除 takes the round out of the assessment with its reason, 挂账 leaves it in and says so", () => {
  assert.equal(row({ ...GOOD, 解决类型: "剔除" }).scope, "exempt");
  const shelved = row({ ...GOOD, 解决类型: "挂账" });
  assert.deepEqual([shelved.scope, shelved.scopeNote], ["full", "解决类型：挂账"]);
  assert.equal(row({ ...GOOD, 解决类型: "已解决" }).scope, "full");
});

test("a row with a result is closed: by transfer when a unit of ours had it, by the city when none had", () => {
  assert.equal(row({ ...GOOD, 主办单位: "温泉镇", 办理结果: "已修复" }).closing?.kind, "transfer");
  assert.equal(row({ ...GOOD, 办理结果: "已修复" }).closing?.kind, "city");
});

test("a state that the file names goes before what its columns suggest; one that nobody knows is reported", () => {
  assert.equal(row({ ...GOOD, 工单状态: "承办中", 办理结果: "正在办理" }).stateSaid, "handling");
  assert.equal(row({ ...GOOD, 工单状态: "直办结案" }).closing?.kind, "direct");
  assert.equal(faults({ ...GOOD, 工单状态: "漂流中" })[0]?.why, "无法识别的工单状态");
});

test("unknown columns are kept; numbers of people in any text are covered and kept in clear for the seal alone", () => {
  const r = row({ ...GOOD, 诉求内容: "请回电13800001234", 热词: "路灯", 现场联系人: "李师傅 13900001234" });
  assert.deepEqual(r.extra, { 热词: "路灯", 现场联系人: "李师傅 ［电话］" });
  assert.equal(r.facts.content, "请回电［电话］");
  assert.equal(r.requester.content, "请回电13800001234\n现场联系人：李师傅 13900001234");
  assert.equal(JSON.stringify([r.fields, r.extra, r.facts]).includes("138000"), false);
});

test("a caller's name and phone are kept for the seal, covered everywhere else", () => {
  const r = row({ ...GOOD, 来电人: "李雷", "来电人电话/账号": "138 0000 1234" });
  assert.deepEqual([r.requester.name, r.requester.phone, r.requester.account], ["李雷", "138 0000 1234", ""]);
  assert.equal(r.fields.requesterName, "李*");
  assert.equal(r.fields.requesterContact, "138****1234");
  assert.equal(row({ ...GOOD, "来电人电话/账号": "weixin_abc" }).requester.account, "weixin_abc");
});

test("errors quote no personal data and no essays", () => {
  const [fault] = faults({ ...GOOD, 派发时间: `打13800001234问${"很".repeat(100)}` });
  assert.equal(fault?.value.includes("138"), false);
  assert.equal(fault?.value.length, 40);
});

test("a message board's short number is told from a hotline's by its prefix", () => {
  const r = row(
    {
      留言编号: "2549",
      留言用户: "A00045581",
      留言主题: "物业",
      留言时间: "2019-04-25 09:32:09",
      留言详情: "物业要退出",
      答复意见: "已协调",
    },
    BOARD,
  );
  assert.equal(r.number, "留言-2549");
  assert.equal(r.closing?.kind, "reply");
  assert.equal(r.facts.reply, "已协调");
});

test("an error cell in a column of ours refuses the row, in a foreign column it is kept as it is", () => {
  const headers = [...Object.keys(GOOD), "比例"];
  const { columns } = describe(0, headers, ORDERS);
  const read = rowReader(ORDERS, columns, String);
  const at = (index: number) =>
    read({
      number: 3,
      cells: [...Object.values(GOOD), "#DIV/0!"],
      faults: [{ index, why: "单元格是公式错误", value: "#DIV/0!", passable: true }],
    });
  assert.equal(at(4).ok, true);
  assert.equal(at(3).ok, false);
});

test("a row can be read again from what was kept of it", () => {
  const r = row({
    ...GOOD,
    时限要求: "2021-01-02",
    主办单位: "温泉镇",
    办理结果: "已修复",
    响应: "响应",
    满意: "基本满意",
    是否为驳回件: "1",
    热词: "路灯",
  });
  const {
    requester: _sealed,
    row: _number,
    ...rest
  } = rowAgain(ORDERS, JSON.parse(JSON.stringify({ fields: r.fields, extra: r.extra })));
  const { requester: _clear, row: _seven, ...first } = r;
  assert.deepEqual(rest, first);
});
