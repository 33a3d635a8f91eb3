/** 考核周期. Drafted by the administrator, with its faults and what it moves told; put in force by the leader, backwards only when confirmed. */
import { after, before, test } from "node:test";
import { bring } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let admin: Desk;
let leader: Desk;
before(async () => {
  house = await openHouse();
  house.town.at("2026-11-19", "10:00"); // a Thursday, the first day of 2026-12
  await bring(house.town, "dispatched", "清河", { ticket: { title: "改计期次的路灯" } });
  house.town.at("2026-11-20", "09:00");
  admin = await house.seat("sysadmin", { name: "韩管理" });
  leader = await house.seat("leader", { name: "林海" });
});
after(() => house?.close());

async function periods(page: Page): Promise<void> {
  await page.goto(`${house.url}/rules`);
  await page.getByText("考核周期", { exact: true }).click();
  await page.getByRole("heading", { name: "month-19th" }).waitFor();
}

/** The form of a new version of what was shipped. */
async function drafting(page: Page, from: string) {
  await periods(page);
  await page.getByLabel("month-19th", { exact: true }).getByRole("button", { name: "据此起草新版" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(/^施行日/).fill(from);
  await form.getByLabel(/^文号或依据/).fill("海热线〔2026〕21号");
  return form;
}

async function override(page: Page, period: string, from: string, to: string): Promise<void> {
  await page.getByRole("button", { name: "增加一期" }).click();
  await page.getByLabel("第 1 行考核期").fill(period);
  await page.getByLabel("第 1 行起日").fill(from);
  await page.getByLabel("第 1 行止日").fill(to);
}

test("the administrator drafts a version: a gap is told with its days, and what changes before it is kept", async () => {
  const { page } = admin;
  const form = await drafting(page, "2026-12-19");
  await override(page, "2027-01", "2026-12-19", "2027-01-15");
  await form.getByRole("button", { name: "检查" }).click();
  await form.getByText(/2027-01 止于 2027-01-15，2027-02 起于 2027-01-19：中间 3 天不属于任何一期/).waitFor();
  await form.getByRole("button", { name: "去掉第 1 行" }).click();
  await form.getByLabel(/^办结起计日/).fill("10");
  await form.getByRole("button", { name: "检查" }).click();
  await form.getByText("没有发现问题").waitFor();
  await form.getByText("办结起计日：与考核期相同 → 上月 10 日").waitFor();
  await form.getByRole("region", { name: "启用前预览" }).getByText("没有已计入的工单改计期次").waitFor();
  await assertReachable(page, "起草考核周期");
  await form.getByRole("button", { name: "保存" }).click();
  await page.getByText(/草稿 period-2026-12-19 已保存/).waitFor();
});

test("the leader puts it in force; it waits for its day beside the version that counts now", async () => {
  const { page } = leader;
  await periods(page);
  await assertReachable(page, "考核周期");
  await page.getByRole("button", { name: "批准启用" }).click();
  const approving = page.getByRole("dialog");
  await approving.getByRole("region", { name: "启用前预览" }).waitFor();
  await approving.getByRole("button", { name: "批准启用" }).click();
  await page.getByText("period-2026-12-19 已启用").waitFor();
  await page.getByLabel("period-2026-12-19", { exact: true }).getByText("待启用").waitFor();
});

test("a version that binds a day already past names its tickets, opens them, and is put in force only when that is confirmed", async () => {
  const form = await drafting(admin.page, "2026-11-20");
  await override(admin.page, "2026-12", "2026-11-20", "2026-12-18");
  await form.getByRole("button", { name: "保存" }).click();
  await admin.page.getByText(/草稿 period-2026-11-20 已保存/).waitFor();

  const { page } = leader;
  await periods(page);
  await page.getByRole("button", { name: "批准启用" }).click();
  const approving = page.getByRole("dialog");
  await approving.getByText(/2026-11-19 的 1 件由 2026-12 改计入 2026-11/).waitFor();
  await assertReachable(page, "确认倒推");
  await approving.getByRole("link", { name: "1", exact: true }).click();
  await page.getByText("改计期次的路灯").waitFor();

  await periods(page);
  await page.getByRole("button", { name: "批准启用" }).click();
  await approving.getByText(/2026-11-19 的 1 件/).waitFor();
  await approving.getByRole("button", { name: "批准启用", disabled: true }).waitFor();
  await approving.getByLabel(/^确认倒推/).check();
  await approving.getByRole("button", { name: "批准启用" }).click();
  await page.getByText("period-2026-11-20 已启用，1 件工单改计期次").waitFor();
});
