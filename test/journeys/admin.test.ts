/** 系统管理. The administrator adds a unit and an alias so that a file lands, merges two units, ends a session; then looks at every page. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { bring } from "../../server/testing/tickets.ts";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

const HEADER =
  "工单编号,工单类型,标题,主要内容,工单状态,被反映区,处理受理方式,主办单位,来电时间,办结时间,是否联系,是否解决,是否满意";
const ROW =
  "热线-261119-910001,投诉,河道垃圾,市民反映，河道边有垃圾堆放。,转办结案,海淀区,市民热线,河湖保洁三队,2026-11-19 10:00,2026-11-19 18:00,是,解决,满意";

let house: OpenHouse;
let admin: Desk;
let triager: Desk;
let file: string;

before(async () => {
  house = await openHouse();
  admin = await house.seat("sysadmin", { name: "韩管理" });
  triager = await house.seat("triager", { name: "周晓岚" });
  file = path.join(house.scratch, "河道.csv");
  writeFileSync(file, `\ufeff${HEADER}\r\n${ROW}\r\n`);
});
after(() => house?.close());

test("a file names a unit that the district does not know", async () => {
  const { page } = triager;
  await page.getByRole("link", { name: "导入", exact: true }).click();
  await page.setInputFiles("input[type=file]", file);
  await page.getByRole("heading", { name: "本区没有的单位（1）" }).waitFor();
});

test("with the keyboard alone the administrator adds the unit and the name by which the file calls it", async () => {
  const { page } = admin;
  await page.getByRole("link", { name: "单位", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("treeitem", { name: /^委办局/ }).waitFor();
  await assertReachable(page, "单位");
  await focusOn(page, "button", "新增单位");
  await page.keyboard.press("Enter");
  await page.keyboard.type("海淀区河湖保洁中心");
  await page.keyboard.press("Tab");
  await page.keyboard.type("河湖保洁");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "海淀区河湖保洁中心" }).waitFor();
  await focusOn(page, "button", "为河湖保洁添加别名");
  await page.keyboard.press("Enter");
  await page.keyboard.type("河湖保洁三队");
  await page.keyboard.press("Enter");
  await page.getByText("已添加别名“河湖保洁三队”").waitFor();
  await assertReachable(page, "一个单位");
});

test("the same file brought again lands with the new unit", async () => {
  const { page } = triager;
  await page.getByRole("link", { name: "导入", exact: true }).click();
  await page.setInputFiles("input[type=file]", file);
  await page.getByRole("button", { name: "确认导入（1 行有变化）" }).click();
  await page.getByText("已完成", { exact: true }).waitFor();
  const ticket = await house.town.shell.db
    .selectFrom("ticket")
    .innerJoin("unit", "unit.id", "ticket.lead_unit_id")
    .select("unit.name")
    .where("number", "=", "热线-261119-910001")
    .executeTakeFirstOrThrow();
  assert.equal(ticket.name, "海淀区河湖保洁中心");
});

test("the tree answers to the arrows: a street opens to its communities and closes", async () => {
  const { page } = admin;
  const street = page.getByRole("treeitem", { name: /^万寿路街道/ });
  await street.focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("treeitem", { name: /^翠微路社区/ }).waitFor();
  await page.keyboard.press("ArrowDown");
  assert.match((await page.locator(":focus").textContent()) ?? "", /社区/);
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("treeitem", { name: /^翠微路社区/ }).waitFor({ state: "detached" });
  await page.getByRole("searchbox", { name: /社区/ }).fill("翠微南里");
  await page.getByRole("treeitem", { name: /^翠微南里社区/ }).waitFor();
  assert.equal(await page.getByRole("treeitem").count(), 3); // 街道, 万寿路街道, the community
  await page.getByRole("searchbox", { name: /社区/ }).fill("");
});

test("a unit is merged: stopped while work is open, done when the work goes over", async () => {
  const { page } = admin;
  await bring(house.town, "handling", "香山");
  await page.getByRole("treeitem", { name: /^香山街道/ }).click();
  await page.getByRole("heading", { name: "香山街道" }).waitFor();
  await page.getByRole("button", { name: "撤并" }).click();
  const form = page.getByRole("dialog", { name: "撤并：香山街道" });
  await form.getByText("在办工单 1 件").waitFor();
  await form.getByLabel(/^并入/).fill("青龙桥");
  await page.locator(".ant-select-item-option", { hasText: "青龙桥街道" }).click();
  await form.getByLabel(/^自哪天起/).fill("2026-11-20");
  await form.getByLabel(/^文号或依据/).fill("区编办〔2026〕12号");
  await form.getByRole("button", { name: "撤并" }).click();
  await form.getByText("该单位还有1 件在办工单、1 个可登录账号").waitFor();
  await assertNothingLost(page, form.getByLabel(/^文号或依据/));
  await form.getByLabel("在办工单、账号一并移交").check();
  await form.getByRole("button", { name: "撤并" }).click();
  await page.getByText("已撤并，移交 1 件在办工单、1 个账号").waitFor();
  await page.getByText("已自 2026-11-20 起并入青龙桥街道").first().waitFor();
  await page.getByRole("link", { name: "青龙桥街道" }).click();
  await page.getByText("来自香山街道").first().waitFor();
});

test("a session is ended, and that screen asks to sign in again", async () => {
  const { page } = admin;
  await page.getByRole("link", { name: "会话" }).click();
  const row = page.getByRole("row", { name: /周晓岚/ });
  await row.getByText(/Chrome \d+ · Linux/).waitFor();
  await assertReachable(page, "会话");
  await row.getByRole("button", { name: /^结束周晓岚/ }).click();
  await page.getByText("已结束 周晓岚 的登录").waitFor();
  await row.waitFor({ state: "detached" });
  await triager.page.getByRole("link", { name: /^工单/ }).click();
  await triager.page.getByLabel("密码", { exact: true }).waitFor();
});

test("a calendar is drafted with a check of what it moves, and put in force by the leader", async () => {
  const { page } = admin;
  await page.getByRole("link", { name: "日历时限" }).click();
  await page.getByRole("heading", { name: "2026 年" }).waitFor();
  await assertReachable(page, "日历与时限");
  await page.getByRole("button", { name: "录入新一年" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(/^文号或依据/).fill("试验用2027年安排");
  await form.getByLabel(/^放假日期/).fill("2027-01-01\n2027-02-30");
  await form.getByRole("button", { name: "检查" }).click();
  await form.getByText("应为日期，如 2025-01-01").waitFor();
  await form.getByLabel(/^放假日期/).fill("2027-01-01\n2027-10-01 至 2027-10-07");
  await form.getByRole("button", { name: "检查" }).click();
  await form.getByText("没有发现问题").waitFor();
  await form.getByRole("button", { name: "保存" }).click();
  await page.getByText(/草稿 calendar-2027 已保存/).waitFor();
  const leader = await house.seat("leader", { name: "林海" });
  await leader.page.getByRole("link", { name: "日历时限" }).click();
  await leader.page.getByRole("button", { name: "批准启用" }).click();
  const approving = leader.page.getByRole("dialog");
  await approving.getByRole("region", { name: "启用前预览" }).waitFor();
  await approving.getByRole("button", { name: "批准启用" }).click();
  await leader.page.getByText("calendar-2027 已启用").waitFor();
  await leader.page.getByText("01-01、10-01 至 10-07（8 天）").waitFor();
});

test("every page of administration opens, shows what it should, and axe finds nothing serious", async () => {
  const { page } = admin;
  await page.getByRole("link", { name: "岗位" }).click();
  await page.getByRole("columnheader", { name: "分拣员" }).waitFor();
  await assertReachable(page, "岗位");
  await page.getByRole("link", { name: "分类" }).click();
  await page.getByRole("cell", { name: "室温不达标" }).waitFor();
  await assertReachable(page, "分类");
  await page.getByRole("link", { name: "常用语" }).click();
  await page.getByRole("heading", { name: "中心常用语" }).waitFor();
  await assertReachable(page, "常用语");
  await page.getByRole("link", { name: "设置" }).click();
  await page.getByRole("cell", { name: "JIESU_KEY", exact: true }).waitFor();
  await assertReachable(page, "设置");
  await page.getByRole("link", { name: "账号" }).click();
  await page.getByRole("cell", { name: "韩管理" }).waitFor();
  await assertReachable(page, "账号");
  await page.goto(`${house.url}/me`);
  await page.getByRole("heading", { name: "我的登录" }).waitFor();
  await page.getByText("本机").waitFor();
  await assertReachable(page, "我的账号");
});

test("the auditor finds the merger by its action, with what moved", async () => {
  const { page } = await house.seat("auditadmin", { name: "审计员" });
  await page.getByRole("link", { name: "审计" }).click();
  await page.getByRole("cell", { name: "单位撤并" }).waitFor();
  await page.goto(`${house.url}/audit?what=unit-merged`);
  await page.getByRole("cell", { name: /并入：青龙桥街道/ }).waitFor();
  assert.equal(await page.getByRole("row").count(), 2);
  await assertReachable(page, "审计");
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "导出 Excel" }).click();
  assert.equal((await coming).suggestedFilename(), "审计.xlsx");
});

async function focusOn(page: Page, role: "button" | "link", name: string): Promise<void> {
  await page.getByRole(role, { name, exact: true }).focus();
}

async function assertNothingLost(page: Page, field: ReturnType<Page["getByLabel"]>): Promise<void> {
  assert.equal(await field.inputValue(), "区编办〔2026〕12号");
  await page.getByRole("dialog").waitFor();
}
