/** 盯办与履约. A lead hands one over by name and the shift with it, the next lead takes it over; three rejections raise the alarm. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { watchStep } from "@jiesu/server/duty/watch.ts";
import { inboxStep } from "@jiesu/server/inbox/jobs.ts";
import { incidentStep } from "@jiesu/server/incident/find.ts";
import { bring, go, lodge } from "@jiesu/server/testing/tickets.ts";
import { deliverMessages, follow } from "@jiesu/server/testing/urging.ts";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

const UNIT = "清河街道";
let house: OpenHouse;
let work: () => Promise<void>;

before(async () => {
  house = await openHouse();
  work = async () => {
    await follow(house.town, "watch", watchStep());
    await follow(house.town, "incident", incidentStep());
    await deliverMessages(house.town);
  };
  await inboxStep(house.town.shell);
  await work(); // the cursors begin before anything happens
});
after(() => house.close());

test("a lead hands one over by name, by keys, and then the shift; the next lead takes it over; once it is signed it is gone", async () => {
  const id = await lodge(house.town, { title: "路灯不亮" });
  house.town.pass(31 * 60_000);
  await work();
  const next = await house.seat("shiftLead", { name: "许蔓蔓" });
  const { page } = await house.seat("shiftLead", { name: "林海" });
  await page.getByRole("link", { name: "值班盯办 1 件" }).click();
  const row = page.getByRole("row", { name: /路灯不亮/ });
  await row.getByText("无人接手").waitFor();
  await assertReachable(page, "值班盯办");
  await row.focus();
  await page.keyboard.press("g");
  const dialog = page.getByRole("dialog", { name: "交办 1 件" });
  await dialog.getByLabel("接办人").waitFor();
  await dialog.getByLabel("接办人").focus();
  await page.keyboard.type("许蔓蔓");
  await page.locator(".ant-select-item-option", { hasText: "许蔓蔓" }).first().waitFor();
  await page.keyboard.press("Enter");
  await dialog.getByLabel("交代事项").fill("二十时前签收派出");
  await dialog.getByRole("button", { name: "交办" }).click();
  await row.getByText("待 许蔓蔓 接办").waitFor();

  await page.goto(`${house.url}/duty`);
  const give = page.getByRole("region", { name: "交班", exact: true });
  await give.getByText(/^白班/).click();
  await give.getByText("本班盯办件均已写明接办人。").waitFor();
  await give.getByLabel("交班内容").fill("留意路灯报修。");
  await give.getByRole("button", { name: "确认交班" }).click();
  await page.getByText("已交班，等待下一班接班").waitFor();

  await next.page.goto(`${house.url}/duty`);
  const take = next.page.getByRole("region", { name: "接班", exact: true });
  await take.getByText("许蔓蔓 1 件").waitFor();
  await take.getByRole("button", { name: "确认接班" }).click();
  await take.waitFor({ state: "detached" });
  await next.page.goto(`${house.url}/watch?mine=1`);
  const mine = next.page.getByRole("row", { name: /路灯不亮/ });
  await mine.waitFor();
  assert.equal(await mine.getByText("待 许蔓蔓 接办").count(), 0, "taken over with the shift");
  await go(await house.town.as("triager"), id, "sign");
  await next.page.getByText("没有交给您的盯办件").waitFor(); // by itself
  await work();
  await next.page.goto(`${house.url}/watch?tab=leavings`);
  await next.page.getByRole("row", { name: /办结\s*签收/ }).waitFor();
  await next.page.getByRole("row", { name: /交给 许蔓蔓：二十时前签收派出/ }).waitFor();
});

test("what is left without a name goes to the one who is chosen at the hand-over", async () => {
  await lodge(house.town, { title: "井盖缺失" });
  house.town.pass(31 * 60_000);
  await work();
  const other = await house.seat("shiftLead", { name: "秦岚" });
  await other.page.goto(`${house.url}/duty`);
  const give = other.page.getByRole("region", { name: "交班", exact: true });
  await give.getByText(/^白班/).click();
  await give.getByText(/还有 1 件盯办件没有写明接办人/).waitFor();
  await give.getByLabel("交班内容").fill("井盖一件待办。");
  assert.ok(await give.getByRole("button", { name: "确认交班" }).isDisabled());
  await give.getByLabel("其余盯办件由谁接办").focus();
  await other.page.keyboard.type("许蔓蔓");
  await other.page.locator(".ant-select-item-option", { hasText: "许蔓蔓" }).first().waitFor();
  await other.page.keyboard.press("Enter");
  await give.getByRole("button", { name: "确认交班" }).click();
  await other.page.getByText("已交班，等待下一班接班").waitFor();
});

test("a rejected withdrawal is an incident, asked, answered and reviewed; the third raises the alarm on the leader's screen until words are given", async () => {
  const triager = await house.town.afresh("triager");
  const reject = async () => {
    const id = await bring(house.town, "triage", UNIT, { ticket: { title: "出租车拒载" } });
    await go(triager, id, "applyWithdraw", { ground: "不属本区" });
    await go(triager, id, "rejectWithdraw", { reason: "属本区职责" });
    await work();
  };
  const { page } = await house.seat("leader", { name: "秦致远" });
  await reject();
  await page.goto(`${house.url}/incidents?kind=rejected`);
  const row = page.getByRole("row", { name: /出租车拒载/ });
  await row.waitFor();
  await row.focus();
  await page.keyboard.press("Enter");
  const ask = page.getByRole("form", { name: "办理" });
  await ask.getByLabel("整改要求").fill("请说明退市依据。");
  await ask.getByLabel("整改要求").press("Control+Enter");
  await page.getByText("待整改").first().waitFor();

  const desk = await house.seat("triager", { name: "周晓岚" });
  await desk.page.goto(`${house.url}/incidents`);
  await desk.page.getByRole("row", { name: /出租车拒载/ }).focus();
  await desk.page.keyboard.press("Enter");
  const answer = desk.page.getByRole("form", { name: "办理" });
  await answer.getByLabel("原因与整改情况").fill("误判属地，已更正。");
  await answer.getByLabel("原因与整改情况").press("Control+Enter");
  await desk.page.getByText("待复核").first().waitFor();

  await page.reload();
  const review = page.getByRole("form", { name: "办理" });
  await review.getByText("复核：成立").click();
  await review.getByLabel("复核意见").fill("审核失误，成立。");
  await review.getByRole("button", { name: "提交" }).click();
  await page.getByText("此刻没有您要办理的事项。").waitFor();
  await assertReachable(page, "一起履约事件");

  await page.goto(`${house.url}/`);
  await page.getByText(/^数据时间/).waitFor();
  await reject();
  await reject();
  const alarm = page.getByRole("region", { name: "履约报警" });
  await alarm.getByText(/退市驳回已达 3 起/).waitFor(); // by itself, wherever the leader is
  await assertReachable(page, "履约报警");
  await alarm.getByRole("link", { name: "查看" }).click();
  await page.getByRole("heading", { name: "履约事件" }).waitFor();
  await alarm.getByRole("button", { name: "知悉并说明" }).click();
  const dialog = page.getByRole("dialog", { name: "知悉履约报警：退市驳回 3 起" });
  await dialog.getByLabel("处理意见").fill("约谈分拣组，周一复训。");
  await dialog.getByRole("button", { name: "知悉并说明" }).click();
  await alarm.waitFor({ state: "detached" });
  await page.getByText("约谈分拣组，周一复训。").waitFor();
  await assertReachable(page, "履约事件");
});
