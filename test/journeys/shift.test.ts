/** 一个班。 A lead hands over and the next takes over; everything found from one box; what one is told of; the tour. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inboxStep } from "@jiesu/server/inbox/jobs.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

const UNIT = "清河街道";
let house: OpenHouse;

before(async () => {
  house = await openHouse();
  await inboxStep(house.town.shell);
});
after(() => house.close());

async function lodged(title: string): Promise<{ id: string; number: string }> {
  const triager = await house.town.as("triager");
  const made = await triager.post("/api/tickets", {
    channel: "96181",
    title,
    content: `市民反映，清河街道${title}。`,
    street: "清河街道",
  });
  assert.equal(made.status, 200);
  return made.body.ticket;
}

/** The command box, opened and typed into by keys alone. */
async function ask(page: Page, words: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /输入工单编号/ }).waitFor();
  await page.keyboard.type(words);
}

test("a lead hands over by keyboard what was typed before a reload, and the next lead takes it over; then it is on record", async () => {
  await lodged("下水道堵塞");
  const first = await house.seat("shiftLead", { name: "林海" });
  const { page } = first;
  await page.getByRole("link", { name: /^当前班次：\s*白班/ }).click();
  const give = page.getByRole("region", { name: "交班", exact: true });
  await give.getByLabel("交班内容").fill("供热报修增多，留意田村路。");
  await page.reload();
  assert.equal(await give.getByLabel("交班内容").inputValue(), "供热报修增多，留意田村路。");
  await give.getByText(/^白班/).click();
  await give.getByLabel("交班内容").focus();
  await page.keyboard.press("Control+Enter");
  await page.getByText("已交班，等待下一班接班").waitFor();
  assert.equal(
    await give.getByLabel("交班内容").inputValue(),
    "",
    "what was handed over is no draft any more",
  );
  const past = page.getByRole("region", { name: "历次交接" });
  await past.getByText("待接班").waitFor();
  assert.equal(await page.getByRole("region", { name: "接班", exact: true }).count(), 0);
  await assertReachable(page, "duty");

  const next = await house.seat("shiftLead", { name: "许蔓蔓" });
  await next.page.getByText("待接班").first().waitFor();
  await next.page.getByRole("link", { name: /^当前班次/ }).click();
  const take = next.page.getByRole("region", { name: "接班", exact: true });
  await take.getByText("供热报修增多，留意田村路。").waitFor();
  await take.getByText("待签收").first().waitFor();
  await take.getByLabel("接班回复").fill("已阅，夜间加派一人。");
  await next.page.keyboard.press("Control+Enter");
  await next.page.getByText("已接班", { exact: true }).waitFor();
  await take.waitFor({ state: "detached" });
  await next.page.getByText("接班回复：已阅，夜间加派一人。").waitFor();
});

test("a lead puts somebody on the next shift; the bar shows who leads from then on", async () => {
  const { page } = await house.seat("shiftLead", { name: "秦岚" });
  await page.goto(`${house.url}/duty`);
  await page.getByRole("button", { name: /^(排班|调整)：11-20 周五 白班/ }).click();
  const form = page.getByRole("dialog", { name: "排班：11-20 周五 白班" });
  await form.getByLabel("值班长").focus();
  await page.keyboard.type("秦岚");
  await page.locator(".ant-select-item-option", { hasText: "秦岚" }).first().waitFor();
  await page.keyboard.press("Enter");
  await form.getByRole("button", { name: "保存" }).click();
  await page.getByText("排班已保存").waitFor();
  await page.getByRole("link", { name: /当前班次：\s*白班\s*秦岚/ }).waitFor();
});

test("from one box, by keys alone: a ticket by its number, a unit's tickets, a page, a move of the open ticket", async () => {
  const { number } = await lodged("护栏缺失");
  const { page } = await house.seat("triager", { name: "周晓岚" });
  await ask(page, number);
  await page.getByRole("option", { name: new RegExp(number) }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "护栏缺失" }).waitFor();

  await ask(page, "签收");
  await page.getByRole("option", { name: /^→\s*签收/ }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /^派单/ }).waitFor();

  await ask(page, "清河街道");
  const unit = page.getByRole("option", { name: /清河街道.*的工单/ });
  await unit.waitFor();
  while ((await unit.getAttribute("aria-selected")) !== "true") await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/unit=\d+/);

  await ask(page, "队伍值班");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "队伍值班" }).waitFor();

  await page.keyboard.press("Control+k");
  await page.getByText("最近使用").waitFor();
  await page.getByRole("option", { name: new RegExp(number) }).waitFor();
  await assertReachable(page, "command box");
});

test("Enter that ends a word of the Chinese input method opens nothing", async () => {
  const { page } = await house.seat("triager", { name: "罗雨晴" });
  await ask(page, "duiwu");
  const box = page.getByRole("combobox", { name: /输入工单编号/ });
  // what the browser sends while the input method still makes the word
  await box.evaluate(
    `(input) => input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, isComposing: true, bubbles: true }))`,
  );
  await box.fill("队伍值班");
  assert.ok(await box.isVisible());
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "队伍值班" }).waitFor();
});

test("a message arrives while the page stands, is opened by keyboard, and is read", async () => {
  const { page } = await house.seat("unitLead", { unit: UNIT, name: "陆尚平" });
  const { id } = await lodged("路灯不亮");
  const triager = await house.town.as("triager");
  const handler = await house.town.as("handler", UNIT);
  const supervisor = await house.town.as("supervisor");
  const go = async (who: typeof triager, move: string, input: unknown = {}) =>
    assert.equal((await who.move(id, move, input)).status, 200, move);
  await go(triager, "sign");
  await go(triager, "dispatch", {
    leadUnitId: await house.town.unit(UNIT),
    coUnitIds: [],
    opinion: "请办理",
  });
  await go(handler, "accept");
  await go(handler, "contact", { way: "电话" });
  await go(handler, "report", { text: "已修复并告知诉求人。", outcome: "solved" });
  await go(supervisor, "rework", { reason: "未见修复照片" });
  for (let i = 0; i < 40; i++) if ((await inboxStep(house.town.shell)) === 0 && i > 3) break;
  await page.getByRole("button", { name: /条未读/ }).waitFor();
  await page.keyboard.press("Alt+m");
  const drawer = page.getByRole("dialog", { name: "消息" });
  await drawer.getByText("工单退回重办").waitFor();
  await assertReachable(page, "inbox");
  const line = drawer.getByRole("button", { name: /工单退回重办/ });
  await line.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "路灯不亮" }).waitFor();
  await page.getByRole("button", { name: "消息（Alt+M）" }).waitFor();
});

test("an alarm tells of what lies unsigned, opens into it, and is quiet once it is known", async () => {
  await lodged("树枝折断");
  house.town.pass(31 * 60_000);
  const { page } = await house.seat("triager", { name: "何明涛" });
  await page.getByRole("button", { name: /项未知悉/ }).waitFor();
  await page.keyboard.press("Alt+a");
  const panel = page.getByRole("dialog", { name: "提醒" });
  await panel.getByText("来单超过 30 分钟未签收").waitFor();
  const line = panel.getByRole("listitem").filter({ hasText: "未签收" });
  await line.getByRole("button", { name: "知悉" }).click();
  await line.getByText("已知悉").waitFor();
  await line.getByRole("link").click();
  await page.getByText("树枝折断").first().waitFor();
});

test("the tour is walked by arrows, left midway, gone on with after a reload, and every page has its help", async () => {
  const { page } = await house.seat("triager", { name: "赵一鸣" });
  await page.getByRole("button", { name: "五分钟导览" }).click();
  await page.getByText("工作台：此刻轮到您的工作").waitFor();
  await assertReachable(page, "home");
  await page.getByRole("button", { name: "下一步" }).click();
  await page.getByText("接下来几小时到期的").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("接下来几小时到期的").waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("button", { name: "继续导览（第 2 步）" }).click();
  await page.getByText("接下来几小时到期的").waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("接下来几小时到期的").waitFor({ state: "detached" });
  for (const [address, heading] of [
    ["/", "工作台"],
    ["/tickets", "工单队列"],
    ["/duty", "队伍值班"],
    ["/assessment", "三率排名"],
  ] as const) {
    await page.goto(house.url + address);
    await page.getByRole("main").waitFor();
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: heading }).waitFor();
    await page.keyboard.press("Escape");
  }
});

test("an unattended screen is told before it is signed out, and one key keeps it", async () => {
  const { page, context } = await house.seat("caller", { name: "孙悦彤" });
  await page.getByText(/^数据时间/).waitFor();
  // the screen first: what it asks from here on, it asks by itself
  await context.clock.fastForward(56 * 60_000);
  house.town.pass(56 * 60_000);
  const told = page.getByRole("dialog", { name: "长时间没有操作" });
  await told.waitFor();
  await page.keyboard.press("Enter");
  await told.waitFor({ state: "detached" });
  await context.clock.fastForward(30 * 60_000);
  house.town.pass(30 * 60_000);
  await page.reload();
  await page.getByRole("navigation", { name: "主导航" }).waitFor();
});
