/** 两人一单. Two people in front of one ticket: both see it, nothing is lost, and the second is told what the first did. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { go, lodge, look } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;

before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** A ticket of Qinghe 清河, signed for and waiting to be sorted. */
async function sortable(title: string): Promise<string> {
  const id = await lodge(house.town, { title, content: `市民反映，清河街道${title}，多次反映，要求回复。` });
  await go(await house.town.as("triager"), id, "sign");
  return id;
}

async function openTicket(page: Page, id: string, title: string): Promise<void> {
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByRole("heading", { name: title }).waitFor();
}

/** Run in the browser: what a screenshot tool leaves on the clipboard, pasted on the page. */
const PASTE = `(async () => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 64;
  canvas.getContext("2d").fillRect(8, 8, 40, 40);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  const data = new DataTransfer();
  data.items.add(new File([blob], "image.png", { type: "image/png" }));
  document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
})()`;

const here = (page: Page) => page.getByRole("list", { name: "同时打开本单的人" });

const kindsOf = async (id: string) =>
  (
    await house.town.shell.db
      .selectFrom("event")
      .select("kind")
      .where("ticket_id", "=", id)
      .orderBy("id")
      .execute()
  ).map((e) => e.kind);

test("two people on one ticket see each other and what each is filling in, and who leaves is gone", async () => {
  const title = "路灯闪烁";
  const id = await sortable(title);
  const first = await house.seat("triager", { name: "何明涛" });
  const second = await house.seat("shiftLead", { name: "罗雨晴" });
  await openTicket(first.page, id, title);
  await openTicket(second.page, id, title);
  await here(first.page).getByText("罗雨晴").waitFor();
  await here(second.page).getByText("何明涛").waitFor();

  await first.page.keyboard.press("d");
  await here(second.page).getByText("正在填写“派单”").waitFor();
  await second.page.keyboard.press("d");
  await second.page.getByText("何明涛（分拣员）正在填写“派单”，请先沟通，避免重复办理。").waitFor();
  await assertReachable(second.page, "两人同时打开的工单");

  await first.page.goto(`${house.url}/tickets?queue=triage`);
  await first.page.getByRole("option", { name: new RegExp(`${title}.*罗雨晴.*正在填写“派单”`) }).waitFor();
  await first.page.goto(`${house.url}/`);
  await here(second.page).waitFor({ state: "detached" });
});

test("of two who dispatch one is first; the other is told at once who did what and when, and keeps what was typed", async () => {
  const title = "井盖缺失";
  const id = await sortable(title);
  const first = await house.seat("triager", { name: "何明涛" });
  const second = await house.seat("triager", { name: "罗雨晴" });
  for (const { page } of [first, second]) {
    await openTicket(page, id, title);
    await page.keyboard.press("d");
    await page.getByText("文中写明“清河街道”").first().waitFor();
    await page.keyboard.press("Alt+1");
  }
  const typed = "请先设围挡，再补装井盖，并联系诉求人。";
  await second.page.getByLabel("派单意见").fill(typed);
  await first.page.keyboard.press("Control+Enter");
  await first.page
    .getByText(/已派单/)
    .first()
    .waitFor();
  await second.page
    .getByText(/何明涛.*11-20 \d\d:\d\d.*派单/)
    .first()
    .waitFor();
  await second.page.getByText(typed).first().waitFor();
  const after = await look(await house.town.as("shiftLead"), id);
  assert.deepEqual(await kindsOf(id), ["receive", "sign", "dispatch"]);
  assert.equal(after.assignments.length, 1);
  assert.equal(after.assignments[0].opinion, "");
});

test("who sends without knowing that somebody was quicker is refused, told what happened, and keeps what was typed", async () => {
  const title = "护栏倾斜";
  const id = await sortable(title);
  const { page } = await house.seat("triager", { name: "罗雨晴" });
  await openTicket(page, id, title);
  await page.keyboard.press("e");
  const typed = "已告知由街道设施科处理。";
  await page.getByLabel("回复内容").fill(typed);
  const lead = await house.town.as("shiftLead");
  // In the very moment of sending, before the news can arrive: the server alone knows.
  await page.route("**/moves/replyDirectly", async (route) => {
    await go(lead, id, "dispatch", { leadUnitId: await house.town.unit("清河街道") });
    await route.continue();
  });
  await page.getByRole("button", { name: "确认直接回复" }).click();
  await page.getByText(/shiftLead · 值班长 已于 11-20 \d\d:\d\d 做了“派单”/).waitFor();
  await page.getByText("本单已变为“待接收”，不能再直接回复；草稿仍保留。").waitFor();
  await page.getByText(typed).first().waitFor();
  assert.deepEqual(await kindsOf(id), ["receive", "sign", "dispatch"]);
});

test("a picture pasted on the page is on the ticket, and is taken out of sight for a reason", async () => {
  const title = "墙面渗水";
  const id = await sortable(title);
  const { page } = await house.seat("shiftLead", { name: "罗雨晴" });
  await openTicket(page, id, title);
  await page.evaluate(PASTE);
  await page.getByRole("button", { name: /^粘贴图片-/ }).click();
  const preview = page.getByRole("dialog", { name: /^预览：粘贴图片-/ });
  await preview.getByRole("img").waitFor();
  await preview.getByRole("button", { name: "移除" }).click();
  await preview.getByLabel("移除理由").fill("传错工单");
  await preview.getByRole("button", { name: "移除并留痕" }).click();
  await page.getByText("已移除 1 个").waitFor();
  assert.deepEqual((await kindsOf(id)).slice(-2), ["attach", "detach"]);
});

test("a talk with the city is put on record from the page; the sheet is printed masked and the printing is audited", async () => {
  const title = "树枝断落";
  const id = await sortable(title);
  const { page } = await house.seat("shiftLead", { name: "罗雨晴" });
  await openTicket(page, id, title);
  await page.getByRole("button", { name: "登记沟通" }).click();
  const form = page.getByRole("dialog", { name: "登记市级沟通" });
  await form.getByLabel("市级联系人").fill("市热线派单组 王老师");
  await form.getByLabel("沟通内容").fill("说明该路段属市管。");
  await form.getByLabel("结果").fill("同意提交退市申请");
  await form.getByLabel("结果").press("Control+Enter");
  await page.getByRole("heading", { name: "市级沟通（1）" }).waitFor();
  await assertReachable(page, "工单页");

  await page.getByRole("link", { name: "打印工单" }).click();
  await page.getByRole("heading", { name: "打印工单" }).waitFor();
  await assertReachable(page, "打印工单");
  await page.evaluate('window.print = () => document.body.setAttribute("data-printed", "yes")');
  await page.getByRole("button", { name: "打印", exact: true }).click();
  await page.locator("body[data-printed]").waitFor();
  const prints = await house.town.shell.db
    .selectFrom("audit")
    .select(["what", "user_name"])
    .where("ticket_id", "=", id)
    .execute();
  assert.deepEqual(prints, [{ what: "print", user_name: "罗雨晴" }]);
});
