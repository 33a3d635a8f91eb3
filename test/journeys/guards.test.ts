/** 办前检查全程. A closing that says nothing is stopped, its remedy is one key away; mended it closes; another passes by two people. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let lead: Desk;
let closer: Desk;
let leader: Desk;
let answered: string;
let reported: string;

before(async () => {
  house = await openHouse();
  const { town } = house;
  answered = await bring(town, "triage", "学院路", { ticket: { title: "路灯报修咨询" } });
  await go(await town.as("triager"), answered, "replyDirectly", { reply: "已答复，请知悉。" });
  reported = await bring(town, "handling", "学院路", { ticket: { title: "路灯不亮" } });
  const handler = await town.as("handler", "学院路");
  await go(handler, reported, "contact", { way: "电话" });
  await go(handler, reported, "report", { text: "已处理，请知悉。", outcome: "solved" });
  await go(await town.as("supervisor"), reported, "passReview");
  const answers = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  await go(await town.as("caller"), reported, "callback", { outcome: "answered", answers });
  lead = await house.seat("shiftLead", { name: "高原" });
  closer = await house.seat("closer", { name: "韦嘉禾" });
  leader = await house.seat("leader", { name: "林海" });
});
after(() => house?.close());

async function openForm(page: Page, id: string, key: string, form: string): Promise<void> {
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByRole("list", { name: "可用操作" }).first().waitFor();
  await page.keyboard.press(key);
  await page.getByRole("form", { name: form }).waitFor();
}
const guard = (page: Page) => page.getByRole("region", { name: "办前检查" });

test("the shift's lead tries to close a reply that says nothing, is taken to its remedy by a key, mends it and closes", async () => {
  const { page } = lead;
  await openForm(page, answered, "c", "同意结案");
  await guard(page).getByText("只有套话，没有写出做了什么、依据什么").waitFor();
  await assertReachable(page, "办前检查");
  await page.getByRole("form", { name: "同意结案" }).getByRole("button", { name: "确认同意结案" }).click();
  await page.getByRole("alert").getByText("同意结案前检查未通过").waitFor();
  await page.keyboard.press("F8");
  await page.keyboard.press("Enter");
  await page.getByRole("form", { name: "回复退回修改" }).waitFor();
  await page.getByLabel("修改意见").fill("请写明报修渠道和办理时间");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("form", { name: "回复退回修改" }).waitFor({ state: "detached" });

  await openForm(page, answered, "e", "直接回复");
  await page
    .getByLabel("回复内容")
    .fill("已电话告知诉求人：学院路路灯由区路灯所养护，报修后两个工作日内到场修复。");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("form", { name: "直接回复" }).waitFor({ state: "detached" });
  await openForm(page, answered, "c", "同意结案");
  await guard(page).waitFor();
  assert.equal(await guard(page).getByText("未通过").count(), 0);
  await page.keyboard.press("Control+Enter");
  await page.getByText("已结案").first().waitFor();
});

test("another closing is asked for by its closer, let pass by a leader, and both are named on the ticket", async () => {
  const { page } = closer;
  await openForm(page, reported, "c", "同意结案");
  await guard(page).getByRole("button", { name: "确需办理，申请复核放行" }).click();
  await page.getByLabel("放行理由").fill("诉求人出国，电话确认灯已修好，不便再次办理");
  await assertReachable(page, "申请复核放行");
  await guard(page).getByRole("button", { name: "提交复核" }).click();
  await guard(page).getByText("待值班长或中心领导复核").waitFor();

  await leader.page.getByRole("link", { name: "复核放行" }).first().click();
  const row = leader.page.getByRole("listitem").filter({ hasText: "路灯不亮" });
  await row.getByText("诉求人出国").waitFor();
  await assertReachable(leader.page, "复核放行");
  await row.getByLabel("复核意见").fill("已听录音，同意");
  await row.getByRole("button", { name: "放行", exact: true }).click();
  await leader.page.getByText("没有相符的放行申请").waitFor();

  await openForm(page, reported, "c", "同意结案");
  await guard(page).getByText("可以办理").waitFor();
  await page.keyboard.press("Control+Enter");
  await page.getByText("已结案").first().waitFor();
  await page.getByText("韦嘉禾申请，林海复核").waitFor();
  await leader.page.goto(`${house.url}/overrides?tab=statistics`);
  await leader.page.getByRole("cell", { name: "言之有物" }).waitFor();
  await assertReachable(leader.page, "放行统计");
});
