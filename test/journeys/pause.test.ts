/** 暂停计时. A handler at a telephone asks that the clock rest, with the papers of its ground; the centre grants it; it is resumed by hand. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, look } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, type Desk, type OpenHouse, openHouse, PHONE } from "./house.ts";

const UNIT = "清河街道";
let house: OpenHouse;
let unit: Desk;
let id: string;
before(async () => {
  house = await openHouse();
  id = await bring(house.town, "handling", UNIT, { ticket: { title: "墙体开裂待鉴定" } });
  unit = await house.seat("handler", { unit: UNIT, size: PHONE });
});
after(() => house?.close());

test("the unit asks for a pause on a ground of the list, is told which papers it wants, and sees that it waits", async () => {
  const { page } = unit;
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByRole("toolbar", { name: "可用操作" }).getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "申请暂停计时" }).click();
  const form = page.getByRole("form", { name: "申请暂停计时" });
  await form.getByText("等待第三方鉴定").click();
  await form.getByText("须提供：鉴定（检测、评估）委托书").waitFor();
  await form.getByLabel("暂停天数").fill("5");
  await form.getByLabel(/^佐证材料/).fill("京检委〔2026〕18号委托书，预计25日出具。");
  await assertReachable(page, "申请暂停计时");
  await form.getByRole("button", { name: "确认申请暂停计时" }).click();
  await page.getByRole("region", { name: "暂停计时待批" }).getByText("等待中心审批").waitFor();
});

test("the centre finds it in its queue, grants it, and the ticket leaves the queue; its clock rests to the day", async () => {
  const { page } = await house.seat("supervisor");
  await page.goto(`${house.url}/tickets?queue=pause`);
  const asked = page.getByRole("region", { name: "暂停计时待批" });
  await asked.getByText("申请暂停 5 天（办理反馈）").waitFor();
  await asked.getByText(/京检委〔2026〕18号委托书/).waitFor();
  await page.getByRole("button", { name: "同意暂停计时", exact: true }).click();
  const form = page.getByRole("form", { name: "同意暂停计时" });
  await form.waitFor();
  await assertReachable(page, "同意暂停计时");
  await form.getByRole("button", { name: "确认同意暂停计时" }).click();
  await page.getByText(/已同意暂停计时/).waitFor();
  await page.getByRole("option", { name: /墙体开裂/ }).waitFor({ state: "detached" });
  const { pause, clocks } = await look(await house.town.as("supervisor"), id);
  assert.equal(pause.running.groundZh, "等待第三方鉴定");
  assert.equal(clocks.find((c: { kind: string }) => c.kind === "report").state, "paused");
});

test("the unit sees until when it rests, and resumes it before its day", async () => {
  const { page } = unit;
  await page.goto(`${house.url}/tickets/${id}`);
  const resting = page.getByRole("region", { name: "暂停计时中：等待第三方鉴定" });
  await resting.getByText("办理反馈暂停至 2026-11-25 23:59").waitFor();
  await assertReachable(page, "暂停计时中");
  await page.getByRole("toolbar", { name: "可用操作" }).getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "恢复计时" }).click();
  const form = page.getByRole("form", { name: "恢复计时" });
  await form.getByLabel(/^恢复原因/).fill("鉴定结论已出具。");
  await form.getByRole("button", { name: "确认恢复计时" }).click();
  await resting.waitFor({ state: "detached" });
  const { pause, clocks } = await look(await house.town.as("supervisor"), id);
  assert.equal(pause.running, null);
  assert.equal(clocks.find((c: { kind: string }) => c.kind === "report").state, "running");
});
