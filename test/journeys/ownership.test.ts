/** 确权. From the third return through claims, meeting and ruling to a precedent that the next triage is offered and cites; overruled, it is offered no more. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { claimOf, thirdReturn } from "@jiesu/server/testing/ownership.ts";
import { done, go, lodge, look } from "@jiesu/server/testing/tickets.ts";
import type { Locator, Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

const UNIT = "学院路街道";
const LAMPS = {
  title: "学院路东口路灯不亮",
  content: "市民反映海淀区学院路街道学院路东口路灯不亮已有三天。",
};
const AGAIN = { title: "路灯不亮", content: "学院路街道学院路东口的路灯又不亮了，请尽快维修。" };

let house: OpenHouse;
let desk: Page;
let ticketId: string;
let caseUrl: string;
let precedentUrl: string;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** Sends the form and waits until it is gone. */
async function send(form: Locator): Promise<void> {
  await form.page().keyboard.press("Control+Enter");
  await form.waitFor({ state: "detached" });
}

async function pick(form: Locator, label: string, typed: string): Promise<void> {
  await form.getByLabel(label, { exact: false }).first().click();
  await form.page().keyboard.type(typed);
  await form.page().keyboard.press("Enter");
}

/** Opens the form of a step by its key. */
async function step(page: Page, key: string, name: string): Promise<Locator> {
  await page.getByRole("button", { name: new RegExp(`^${name}`) }).waitFor();
  await page.keyboard.press(key);
  const form = page.getByRole("form", { name });
  await form.waitFor();
  return form;
}

test("after the third return the page offers 提交确权, and the case is opened with the units that returned it", async () => {
  ticketId = await thirdReturn(house.town, LAMPS);
  desk = (await house.seat("supervisor", { name: "范建国" })).page;
  await desk.goto(`${house.url}/tickets/${ticketId}`);
  await desk.getByText(/本单已退单 3 次，建议提交确权/).waitFor();
  await desk.getByRole("region", { name: "确权与先例" }).getByRole("button", { name: "提交确权" }).click();
  const form = desk.getByRole("form", { name: "提交确权" });
  await form.getByLabel("提交确权的理由").fill("两家均称灯杆不由本单位管护。");
  await send(form);
  await desk
    .getByRole("region", { name: "确权与先例" })
    .getByRole("link", { name: /^确权\d+$/ })
    .click();
  await desk.getByText("尚未提交意见").first().waitFor();
  caseUrl = desk.url();
  await desk.getByText("非学院路街道管理范围").first().waitFor();
});

test("a unit says with its thumb whose it is; the centre reads it beside the other's, meets, forms its opinion and rules", async () => {
  const { page } = await house.seat("handler", { unit: UNIT, size: PHONE, name: "马清渡" });
  await page.goto(`${house.url}/ownership`);
  await page.getByRole("link", { name: /^确权\d+$/ }).click();
  await page.getByRole("button", { name: /^提交意见/ }).click();
  const claim = page.getByRole("form", { name: "提交意见" });
  await claim.getByText("共同承担").click();
  await claim.getByLabel("理由").fill("灯杆在街道范围内，配电由区级负责。");
  await page.reload(); // what was typed is still there
  assert.equal(await claim.getByLabel("理由").inputValue(), "灯杆在街道范围内，配电由区级负责。");
  await claim.getByLabel("文件名称 1").fill("北京市市政设施管理办法");
  await assertReachable(page, "提交意见（手机）");
  await claim.getByRole("button", { name: "提交", exact: true }).click();
  await claim.waitFor({ state: "detached" });
  await page.getByText("配电由区级负责").waitFor();
  const { town } = house;
  const other = await town.as("handler", "清河街道");
  done(
    await other.post(
      `/api/ownership/cases/${caseUrl.split("/").at(-1)}/claims`,
      claimOf("notMine", "不在清河"),
    ),
  );

  await desk.reload();
  await desk.getByText("配电由区级负责").waitFor();
  await desk.getByText("不在清河").waitFor();
  const meeting = await step(desk, "m", "召集确权会");
  await meeting.getByLabel("时间").fill("2026-11-20T10:00");
  await meeting.getByLabel("地点").fill("学院路东口");
  await send(meeting);
  await desk.getByText("待开", { exact: true }).waitFor();
  const minutes = await step(desk, "n", "登记会议");
  await minutes.getByLabel("姓名 1").fill("马清渡");
  await minutes.getByLabel("姓名 2").fill("高志远");
  await minutes.getByLabel("会议纪要").fill("现场核对移交清单，灯杆在清单内。");
  await send(minutes);
  await desk.getByText("现场核对移交清单，灯杆在清单内。").waitFor();
  const opinion = await step(desk, "o", "拟初步意见");
  await pick(opinion, "主办单位", "学院路");
  await opinion.getByLabel("意见", { exact: false }).last().fill("建议由属地街镇主办。");
  await send(opinion);
  await desk.getByText("建议由属地街镇主办。").waitFor();
  await assertReachable(desk, "确权案");
  const ruling = await step(desk, "r", "裁定");
  await ruling.getByLabel("裁定依据", { exact: false }).fill("灯杆已列入街道管护清单。");
  await send(ruling);
  await desk.getByText("灯杆已列入街道管护清单。").first().waitFor();
  const ticket = await look(await town.as("handler", UNIT), ticketId);
  assert.deepEqual(
    [ticket.state, ticket.leadUnit.name, ticket.assignments[0].designated],
    ["dispatched", "学院路", true],
  );
});

test("the ruling becomes a precedent: drafted by one, published by another", async () => {
  await desk.getByRole("button", { name: "作为先例" }).click();
  await desk.getByRole("button", { name: "修改草稿" }).click();
  const form = desk.getByRole("form", { name: "修改草稿" });
  await form.getByLabel("一级分类").fill("市政");
  await form.getByLabel("街镇").fill(UNIT);
  await form.getByLabel("事项词").fill("路灯 不亮");
  await send(form);
  await desk.getByText("草稿待另一位督办员、值班长或领导发布。").waitFor();
  precedentUrl = desk.url();
  const { page } = await house.seat("shiftLead", { name: "林海" });
  await page.goto(`${house.url}/ownership/precedents?standing=draft`);
  await page.getByRole("link", { name: /^先例\d+$/ }).click();
  await page.getByRole("button", { name: "发布" }).click();
  await page.getByText("有效", { exact: true }).waitFor();
  await assertReachable(page, "一个先例");
});

test("the next ticket about it is offered the precedent with why, and the dispatch cites it by one key", async () => {
  const id = await lodge(house.town, AGAIN);
  await go(await house.town.as("triager"), id, "sign");
  const { page } = await house.seat("triager", { name: "周晓岚" });
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByText(/事项词 2 个中有 2 个：路灯、不亮/).waitFor();
  await page.keyboard.press("d");
  const form = page.getByRole("form", { name: "派单" });
  await form.getByRole("button", { name: /^引用/ }).waitFor();
  await page.keyboard.press("Alt+7");
  await form.getByRole("button", { name: /^已引用/ }).waitFor();
  await send(form);
  const ticket = await look(await house.town.as("triager"), id);
  assert.deepEqual([ticket.state, ticket.leadUnit.name], ["dispatched", "学院路"]);
  await page.goto(`${house.url}/tickets/${id}`);
  await page
    .getByRole("region", { name: "确权与先例" })
    .getByRole("link", { name: /^先例\d+$/ })
    .waitFor();
  await desk.goto(precedentUrl);
  await desk.getByRole("link", { name: ticket.number }).waitFor(); // who cited it is listed

  const lead = (await house.seat("shiftLead", { name: "许蔓蔓" })).page;
  await lead.goto(precedentUrl);
  await lead.getByRole("button", { name: "废止" }).click();
  const over = lead.getByRole("form", { name: "废止" });
  await over.getByLabel("废止理由").fill("移交协议已变更，改由区级管护。");
  await send(over);
  await lead.getByText("已废止", { exact: true }).waitFor();
  await lead.getByRole("link", { name: ticket.number }).waitFor();

  const later = await lodge(house.town, AGAIN);
  await go(await house.town.as("triager"), later, "sign");
  const asked = page.waitForResponse((answer) => answer.url().endsWith(`/tickets/${later}/precedents`));
  await page.goto(`${house.url}/tickets/${later}`);
  assert.deepEqual(await (await asked).json(), []);
  await page.getByRole("region", { name: "派单建议" }).waitFor();
  assert.equal(await page.locator(".offered").count(), 0, "overruled, it is offered no more");
});
