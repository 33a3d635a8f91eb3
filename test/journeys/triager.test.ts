/** 分拣员的一班. A triager clears fifty tickets with the keyboard alone: signs, dispatches by suggestion, signs many, takes back. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, lodge } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

const TO_SIGN = 20;
const TO_DISPATCH = 10;
const AT_ONCE = 20;

let house: OpenHouse;
let page: Page;
before(async () => {
  house = await openHouse();
  for (let i = 1; i <= TO_SIGN + AT_ONCE; i++)
    await lodge(house.town, { title: `待签收第${i}件`, content: "市民反映学院路东口路灯不亮。" });
  for (let i = 1; i <= TO_DISPATCH; i++)
    await bring(house.town, "triage", "学院路", {
      ticket: { title: `待分拣第${i}件`, content: "市民反映，清河街道清河中街路灯不亮。" },
    });
  page = (await house.seat("triager", { name: "周晓岚" })).page;
});
after(() => house.close());

test("twenty are signed one after another, each by one key; the next is there at once", async () => {
  await page.goto(`${house.url}/tickets?queue=received`);
  for (let i = 1; i <= TO_SIGN; i++) {
    await open(`待签收第${i}件`);
    await page.keyboard.press("s");
  }
  await open(`待签收第${TO_SIGN + 1}件`);
  await until(async () => (await standing("received")) === AT_ONCE, "the last one is on its way still");
});

test("twenty more are chosen with Shift and signed at once; taken back with z they stand where they stood", async () => {
  await page.keyboard.press("x");
  for (let i = 1; i < AT_ONCE; i++) await page.keyboard.press("Shift+ArrowDown");
  await page.getByText(`已选 ${AT_ONCE} 件`).waitFor();
  await assertReachable(page, "已选多件");
  await page.keyboard.press("s");
  await page.getByRole("dialog", { name: `批量签收：${AT_ONCE} 件` }).waitFor();
  await assertReachable(page, "批量签收");
  await page.keyboard.press("Enter");
  await page.getByText(`已签收 ${AT_ONCE} 件`).waitFor();
  await page.getByText("本队列没有工单").waitFor();
  assert.equal(await standing("received"), 0);

  await page.keyboard.press("z");
  await page.getByText(`已撤销 ${AT_ONCE} 件，均恢复原状`).waitFor();
  await open(`待签收第${TO_SIGN + 1}件`);
  assert.equal(await standing("received"), AT_ONCE);

  await page.keyboard.press("x");
  await page.getByRole("button", { name: "选中全部符合条件的" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText(`已选 ${AT_ONCE} 件`).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("dialog", { name: `批量签收：${AT_ONCE} 件` }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("本队列没有工单").waitFor();
  assert.equal(await standing("received"), 0);
});

test("ten are dispatched by the first suggestion, found by a condition added with the slash", async () => {
  await page.goto(`${house.url}/tickets?queue=triage&sort=received`);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("待分拣第");
  await page.keyboard.press("Enter");
  await page.getByText(`已显示全部 ${TO_DISPATCH} 件`).waitFor();
  await assertReachable(page, "待分拣，已筛选");
  for (let i = 1; i <= TO_DISPATCH; i++) {
    await open(`待分拣第${i}件`);
    await page.keyboard.press("d");
    const form = page.getByRole("form", { name: "派单", exact: true });
    await form.locator(".suggestion").first().waitFor();
    await page.keyboard.press("Alt+1");
    await form.getByTitle("清河（清河街道）").waitFor();
    await page.keyboard.press("Control+Enter");
  }
  await page.getByText("没有符合条件的工单").waitFor();
  await until(async () => (await standing("dispatched")) === TO_DISPATCH, "the last one is on its way still");
});

test("what somebody else did meanwhile is refused one by one with its reason; the others are done", async () => {
  const lead = await house.town.as("shiftLead");
  await page.goto(`${house.url}/tickets?queue=triage&sort=received`);
  await page.getByRole("option").nth(4).waitFor();
  const taken = await page.getByRole("option").first().getAttribute("id");
  await page.keyboard.press("x");
  for (let i = 1; i < 3; i++) await page.keyboard.press("Shift+ArrowDown");
  await page.getByText("已选 3 件").waitFor();
  await page.keyboard.press("t");
  const dialog = page.getByRole("dialog", { name: "批量申请退市：3 件" });
  await dialog.getByRole("textbox").first().fill("点位不在本区。");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.keyboard.press("t");
  await dialog.getByText("已带出上次批量填写但没有提交的内容").waitFor();
  assert.equal(await dialog.getByRole("textbox").first().inputValue(), "点位不在本区。");
  await assertReachable(page, "批量表单");
  await lead.move(taken?.replace("row-", "") ?? "", "applyWithdraw", { ground: "不在本区" });
  await page.keyboard.press("Control+Enter");
  const report = page.getByRole("dialog", { name: "批量申请退市的结果" });
  await report.getByText("办成 2 件").waitFor();
  await report.getByText("未办成 1 件").first().waitFor();
  await assertReachable(page, "批量结果");

  // Taken back in one step: what somebody has gone on with stays, in one report.
  const [gone] = await house.town.shell.db
    .selectFrom("event")
    .select("ticket_id")
    .where("kind", "=", "applyWithdraw")
    .where("user_name", "!=", "shiftLead")
    .execute();
  await lead.move(gone?.ticket_id ?? "", "note", { text: "已与市级沟通" });
  await report.getByRole("button", { name: "撤销办成的 2 件" }).press("Enter");
  await page.getByText("已撤销 1 件，1 件未能撤销").waitFor();
  const back = page.getByRole("dialog", { name: "撤销的结果" });
  await back.getByText("shiftLead已接续办理，不能再撤销。").waitFor();
  await assertReachable(page, "撤销的结果");
  await back.getByRole("button", { name: "关闭" }).last().press("Enter");
  await back.waitFor({ state: "detached" });

  // What was sent is no draft any more.
  await page.getByText("已选 1 件").waitFor();
  await page.keyboard.press("t");
  const again = page.getByRole("dialog", { name: "批量申请退市：1 件" });
  assert.equal(await again.getByRole("textbox").first().inputValue(), "");
  await page.keyboard.press("Escape");
});

test("the list as a table: sorted by a heading, columns of one's own, kept when one comes back; a view holds it all", async () => {
  await page.goto(`${house.url}/tickets?queue=all`);
  await page.getByRole("option").first().waitFor();
  await page.keyboard.press("v");
  const grid = page.getByRole("grid", { name: "工单列表" });
  await grid.waitFor();
  await assertReachable(page, "宽表");
  await grid.getByRole("button", { name: "标题" }).focus();
  await page.keyboard.press("Enter");
  await grid.locator('[role="columnheader"][aria-sort="ascending"]', { hasText: "标题" }).waitFor();
  const titles = await grid.locator('[role="gridcell"][data-key="title"]').allTextContents();
  assert.deepEqual(titles, [...titles].sort());

  await page.getByRole("button", { name: "列与显示" }).click();
  await page.getByRole("checkbox", { name: "派单轮次" }).click();
  await assertReachable(page, "列与显示");
  await page.keyboard.press("Escape");
  await grid.getByRole("columnheader", { name: "派单轮次" }).waitFor();

  await page.getByRole("button", { name: "存为视图" }).click();
  await page.getByLabel("视图名称").fill("按标题");
  await assertReachable(page, "存为视图");
  await page.keyboard.press("Enter");
  await page.getByText("视图“按标题”已保存").waitFor();
  await page.waitForTimeout(800); // settings are written a breath later
  await page.reload();
  const view = page.getByRole("link", { name: /^按标题/ });
  await view.getByText(String(TO_SIGN + AT_ONCE + TO_DISPATCH), { exact: true }).waitFor();
  await view.click();
  await grid.getByRole("columnheader", { name: "派单轮次" }).waitFor();
  await page.keyboard.press("v");
  await page.getByRole("option").first().waitFor();
});

/** The ticket of this title is open beside the list. */
const open = (title: string) => page.getByRole("heading", { name: title, exact: true }).waitFor();

async function standing(state: string): Promise<number> {
  const { n } = await house.town.shell.db
    .selectFrom("ticket")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("state", "=", state)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** What leaves the screen at once reaches the ledger a moment later. */
async function until(holds: () => Promise<boolean>, what: string): Promise<void> {
  for (let i = 0; i < 50; i++) {
    if (await holds()) return;
    await page.waitForTimeout(100);
  }
  assert.fail(what);
}
