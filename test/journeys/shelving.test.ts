/** 挂账销账全程. The unit plans, the centre approves, it is looked at, and written off. */
import { after, before, test } from "node:test";
import { bring } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let unit: Desk;
let supervisor: Desk;
let ticket: string;

before(async () => {
  house = await openHouse();
  ticket = await bring(house.town, "reported", "香山", { ticket: { title: "管线老化" } });
  unit = await house.seat("handler", { unit: "香山" });
  supervisor = await house.seat("supervisor");
});
after(() => house?.close());

test("from the ticket the unit asks to shelve it, with plan and term", async () => {
  const { page } = unit;
  await page.goto(`${house.url}/tickets/${ticket}`);
  await page.getByRole("link", { name: "申请挂账" }).click();
  await page.getByLabel("类别").click();
  await page.getByText("列入计划", { exact: true }).click();
  await page.getByLabel("挂账理由").fill("管线改造列入明年计划");
  await page.getByLabel("解决计划").fill("明年3月开工");
  await page.getByLabel("销账期限").fill("2027-04-30");
  await assertReachable(page, "申请挂账");
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.getByText("待审批", { exact: true }).first().waitFor();
});

test("the centre approves: clock and base are told; it is looked at and written off", async () => {
  const { page } = supervisor;
  await page.goto(`${house.url}/shelving?tab=applied`);
  await page.locator(".work-table tbody tr").first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "同意挂账" }).click();
  await page.getByRole("heading", { name: "复核与销账" }).waitFor();
  await page.getByText(/计时中/).waitFor();
  await page.getByText(/仍计入本单位（口径：三率/).waitFor();
  await assertReachable(page, "一件挂账");
  await page.getByRole("button", { name: "记录复核" }).click();
  await page.getByText("请先填写情况说明。").waitFor();
  await page.getByLabel("复核情况").fill("已立项");
  await page.getByRole("button", { name: "记录复核" }).click();
  await page.getByText("已立项").first().waitFor();

  await page.goto(`${house.url}/shelving`);
  await page.getByText("账龄分布：30 天内 1").waitFor();
  await assertReachable(page, "挂账清单");
  await page.locator(".work-table tbody a").first().click();
  await page.getByLabel("复核情况").fill("提前完工");
  await page.getByRole("button", { name: "销账", exact: true }).click();
  await page.getByText("已销账", { exact: true }).first().waitFor();
});
