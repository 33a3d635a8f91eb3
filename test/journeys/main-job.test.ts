/** 主业务全程. The main job in four roles, in a real browser: from the city's file to the ranking. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { assertReachable, type Desk, type OpenHouse, openHouse, PHONE } from "./house.ts";

const REAL = path.join(import.meta.dirname, "..", "..", "..", "shared", "data");
const ORDERS = path.join(REAL, "beijing12345", "orders.csv");
const BOARD = path.join(REAL, "teddy", "附件4.xlsx");

/** A file as the city sends it, of invented tickets: two to work on, one closed, one of a unit under a strange name, one broken. */
const HEADER =
  "工单编号,工单类型,标题,主要内容,工单状态,来电人,来电人电话/账号,被反映区,被反映街乡镇,处理受理方式,主办单位,来电时间,办结时间,是否联系,是否解决,是否满意";
const ROWS = [
  "热线-261120-900001,投诉,清河中街路灯不亮,市民反映，清河街道清河中街12号院门前路灯连续三晚不亮，来电反映照明的问题。,待签收,方女士,13500000001,海淀区,清河街道,市民热线,,2026-11-20 08:10,,,,",
  "热线-261120-900002,求助,清河毛纺路积水,市民反映，清河街道毛纺路路口雨后积水，来电反映排水的问题。,待签收,康先生,13500000002,海淀区,清河街道,市民热线,,2026-11-20 08:20,,,,",
  "热线-261119-900003,投诉,学院路噪声,市民反映，学院路街道某院夜间施工噪声。,转办结案,石先生,13500000003,海淀区,学院路街道,市民热线,学院路街道,2026-11-19 09:00,2026-11-19 17:00,是,解决,基本满意",
  "热线-261119-900004,投诉,河道垃圾,市民反映，河道边有垃圾堆放。,转办结案,安女士,13500000004,海淀区,清河街道,市民热线,河湖保洁三队,2026-11-19 10:00,2026-11-19 18:00,是,未解决,不满意",
  "热线-261120-900005,投诉,日期有误的一行,市民反映，这一行的日期不存在。,待签收,江先生,13500000005,海淀区,清河街道,市民热线,,2026-02-30 08:00,,,,",
];

let house: OpenHouse;
const desks: Record<string, Desk> = {};

before(async () => {
  house = await openHouse();
});
after(() => house.close());

test("the triager imports the city's file, mends what is unknown and sees the broken row", async () => {
  const file = path.join(house.scratch, "市级派单-1120.csv");
  writeFileSync(file, `\ufeff${[HEADER, ...ROWS].join("\r\n")}\r\n`);
  desks.triager = await house.seat("triager", { name: "周晓岚" });
  const { page } = desks.triager;
  await page.getByRole("link", { name: "导入" }).click();
  await page.getByRole("heading", { name: "导入", exact: true }).waitFor();
  await assertReachable(page, "导入");
  await page.setInputFiles("input[type=file]", file);

  await page.getByRole("heading", { name: "本区没有的单位（1）" }).waitFor();
  assert.deepEqual(await counts(page), { 行数: 5, 将新增: 3, 将更新: 0, 无变化: 0, 退回: 2 });
  await assertReachable(page, "对应与试导入");
  await pick(page, "“河湖保洁三队”对应到", "海淀区水务局");
  await page.getByRole("button", { name: "保存 1 个对应" }).click();
  await page.getByRole("button", { name: "确认导入（4 行有变化）" }).click();

  await page.getByText("已完成", { exact: true }).waitFor();
  assert.deepEqual(await counts(page), { 新增: 4, 更新: 0, 无变化: 0, 退回: 1 });
  await page.getByRole("cell", { name: "2026-02-30 08:00" }).waitFor();
  await assertReachable(page, "导入结果");
});

test("the same file a second time changes nothing", async () => {
  const { page } = deskOf("triager");
  await page.getByRole("link", { name: "返回导入记录" }).click();
  await page.setInputFiles("input[type=file]", path.join(house.scratch, "市级派单-1120.csv"));
  await page.getByRole("button", { name: "确认导入（0 行有变化）" }).click();
  await page.getByText("已完成", { exact: true }).waitFor();
  assert.deepEqual(await counts(page), { 新增: 0, 更新: 0, 无变化: 4, 退回: 1 });
});

test("before the work, the unit has no rank", async () => {
  desks.assessor = await house.seat("assessor", { name: "沈一航" });
  const { page } = desks.assessor;
  await page.getByRole("link", { name: "考核", exact: true }).click();
  assert.deepEqual(await cells(page, "学院路"), [
    "1",
    "学院路",
    "1",
    "1",
    "100.0%",
    "100.0%",
    "90.0%",
    "96.0",
  ]);
  assert.equal(await page.getByRole("row", { name: /^清河/ }).count(), 0);
  await assertReachable(page, "三率排名");
});

test("with the keyboard alone the triager signs, reads why, and dispatches; the next ticket is there at once", async () => {
  const { page } = deskOf("triager");
  await page.getByRole("link", { name: /^工单/ }).click();
  await page.getByRole("heading", { name: "清河中街路灯不亮" }).waitFor();
  await assertReachable(page, "待签收");
  await page.keyboard.press("s");
  await page.getByRole("heading", { name: "清河毛纺路积水" }).waitFor();
  await page.keyboard.press("s");
  await page.getByText("本队列没有工单").waitFor();

  await page.getByRole("link", { name: /^待分拣/ }).click();
  await page.getByRole("heading", { name: "清河中街路灯不亮" }).waitFor();
  await page.locator("mark", { hasText: "清河" }).first().waitFor();
  await page.keyboard.press("d");
  const form = page.getByRole("form", { name: "派单" });
  await form.getByText("工单登记的街乡镇为“清河街道”").waitFor();
  await assertReachable(page, "派单");
  await page.keyboard.press("Alt+1");
  await form.getByTitle("清河（清河街道）").waitFor();
  await form.getByLabel("派单意见").fill("请核实照明情况，并联系诉求人。");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("heading", { name: "清河毛纺路积水" }).waitFor();
  await page.getByText("热线-261120-900001 已派单").waitFor();
});

test("the handler takes the ticket on a phone: accepts, contacts, reports", async () => {
  house.town.pass(20 * 60_000);
  desks.handler = await house.seat("handler", { unit: "清河", name: "肖亚楠", size: PHONE });
  const { page } = desks.handler;
  await page.getByRole("link", { name: /^工单/ }).click();
  await page.getByRole("option", { name: /清河中街路灯不亮/ }).click();
  await page.getByRole("heading", { name: "清河中街路灯不亮" }).waitFor();
  await assertReachable(page, "手机上的工单");
  await page.getByRole("button", { name: "接收", exact: true }).click();
  const bar = page.getByRole("toolbar", { name: "可用操作" });
  await bar.getByRole("button", { name: "联系" }).click();
  await page.getByRole("button", { name: "不看号码，直接登记联系" }).click();
  await page.getByRole("radio", { name: "上门" }).check();
  await page.getByLabel("联系情况").fill("已到现场，与诉求人见面。");
  await page.getByRole("button", { name: "确认首次联系" }).click();
  await page.getByText("首次联系", { exact: false }).first().waitFor();

  house.town.pass(15 * 60_000);
  await bar.getByRole("button", { name: "反馈" }).click();
  await page.getByRole("button", { name: "确认办理反馈" }).click();
  await page.getByText("请填写办理结果。").waitFor(); // refused in place, nothing sent
  await page.getByRole("radio", { name: "已解决" }).check();
  await page.getByLabel("办理情况").fill("当日更换损坏灯具三盏，已恢复照明，诉求人认可。");
  await page.getByRole("button", { name: "确认办理反馈" }).click();
  await page.getByText("反馈待审", { exact: true }).first().waitFor();
});

test("the closer reviews, the caller calls back at the desk, the closer closes", async () => {
  desks.closer = await house.seat("closer", { name: "魏佳禾" });
  const closer = desks.closer.page;
  await closer.getByRole("link", { name: /^工单/ }).click();
  await closer.getByRole("heading", { name: "清河中街路灯不亮" }).waitFor();
  await closer.getByText("当日更换损坏灯具三盏").first().waitFor();
  await closer.keyboard.press("p");
  await closer.getByRole("form", { name: "审核通过" }).waitFor();
  await closer.keyboard.press("Enter");
  await closer.getByText("热线-261120-900001 已审核通过").waitFor();

  desks.caller = await house.seat("caller", { name: "孙悦彤" });
  const caller = desks.caller.page;
  await caller.getByRole("link", { name: /^回访/ }).click();
  const form = caller.getByRole("form", { name: "回访", exact: true });
  await form.waitFor();
  await assertReachable(caller, "回访台");

  await form.getByText("135****0001").waitFor();
  await caller.keyboard.press("d");
  await caller.getByRole("link", { name: "13500000001" }).waitFor();

  await form.getByRole("group", { name: "是否联系" }).getByRole("radio", { name: "是" }).check();
  await form.getByRole("radio", { name: "解决", exact: true }).check();
  await form.getByRole("radio", { name: "满意", exact: true }).check();
  await form.getByLabel("备注").press("Control+Enter");
  await caller.getByText("热线-261120-900001 已回访").waitFor();

  await closer.getByRole("link", { name: /^待结案审批/ }).click();
  await closer.getByRole("heading", { name: "清河中街路灯不亮" }).waitFor();
  await assertReachable(closer, "结案审批");
  await closer.getByRole("button", { name: /^同意结案/ }).waitFor();
  await closer.keyboard.press("c");
  await closer.getByRole("form", { name: "同意结案" }).waitFor();
  await closer.keyboard.press("Enter");
  await closer.getByText("热线-261120-900001 已同意结案").waitFor();
});

test("the ranking has moved, and its figure opens into that very ticket with its whole history", async () => {
  const { page } = deskOf("assessor");
  await page.reload();
  assert.deepEqual(await cells(page, "清河"), ["1", "清河", "1", "1", "100.0%", "100.0%", "100.0%", "100.0"]);
  assert.deepEqual((await cells(page, "学院路")).slice(0, 2), ["2", "学院路"]);
  await page.getByRole("link", { name: "清河 解决率 100.0%" }).click();
  await page.getByRole("heading", { name: "解决基数：1 件" }).waitFor();
  await assertReachable(page, "所计工单");
  await page.getByRole("link", { name: "热线-261120-900001" }).click();
  await page.getByRole("heading", { name: "清河中街路灯不亮" }).waitFor();
  const told = await page.locator(".timeline strong").allTextContents();
  assert.deepEqual(told, [
    "同意结案",
    "回访",
    "审核通过",
    "办理反馈",
    "首次联系",
    "接收",
    "派单",
    "签收",
    "导入",
  ]);
  await assertReachable(page, "工单整页");
});

test("a figure under another rule set is a trial and says so", async () => {
  const { page } = deskOf("assessor");
  await page.getByRole("link", { name: "考核", exact: true }).click();
  await pick(page, "考核规则", "对照考核规则（30/35/35）");
  await page.getByText("试算：“对照考核规则（30/35/35）”").waitFor();
});

test("the real files come in from the screen, every row accounted for", {
  skip: existsSync(ORDERS) && existsSync(BOARD) ? false : "../shared/data is absent",
  timeout: 240_000,
}, async () => {
  const { page } = deskOf("triager");
  for (const file of [ORDERS, BOARD]) {
    await page.getByRole("link", { name: "导入", exact: true }).click();
    await page.setInputFiles("input[type=file]", file);
    await page.getByRole("region", { name: "试导入" }).getByText("将新增").waitFor({ timeout: 60_000 });
    const create = page.getByRole("checkbox", { name: "其余的全部新建为单位" });
    if (await create.isVisible()) {
      await create.check();
      await page.getByRole("button", { name: "重新试导入" }).click();
    }
    await page.getByRole("button", { name: /确认导入（\d+ 行有变化）/ }).click({ timeout: 60_000 });
    await page.getByText("已完成", { exact: true }).waitFor({ timeout: 120_000 });
    const came = await counts(page);
    const rows = Number((await page.locator(".import-facts dd").allTextContents())[file === ORDERS ? 1 : 2]);
    assert.ok(rows > 1_000);
    assert.equal(
      Object.values(came).reduce((sum, n) => sum + n, 0),
      rows,
    );
    assert.ok((came.新增 ?? 0) > 1_000);
  }
});

function deskOf(role: string): Desk {
  const desk = desks[role];
  assert.ok(desk, `${role} has not sat down`);
  return desk;
}

/** The big figures of an import, by their names. */
async function counts(page: Page): Promise<Record<string, number>> {
  const names = await page.locator(".import-counts dt").allTextContents();
  const values = await page.locator(".import-counts dd").allTextContents();
  return Object.fromEntries(names.map((name, i) => [name, Number(values[i])]));
}

async function cells(page: Page, unit: string): Promise<string[]> {
  const row = page.getByRole("row").filter({ has: page.getByRole("cell", { name: unit, exact: true }) });
  await row.first().waitFor();
  return (await row.first().getByRole("cell").allTextContents()).slice(0, 8); // beyond: against the period before
}

/** Chooses an option of a searching select. */
async function pick(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page
    .getByRole("combobox", { name: label })
    .fill(option.slice(0, 8))
    .catch(() => {});
  await page.locator(".ant-select-item-option", { hasText: option }).first().click();
}
