/** 催办. A supervisor urges, the handler answers on the telephone, the supervisor reads it; an administrator sets a gateway. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { notifyStep } from "@jiesu/server/notify/jobs.ts";
import { openHookSink } from "@jiesu/server/testing/gateways.ts";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import { deliverMessages, ladderOf } from "@jiesu/server/testing/urging.ts";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

const UNIT = "清河街道";

let house: OpenHouse;
let ladder: ReturnType<typeof ladderOf>;
before(async () => {
  house = await openHouse();
  ladder = ladderOf(house.town);
  await ladder.work(); // the cursor begins before anything happens
});
after(() => house.close());

test("urged from the desk, answered with a thumb, read at the desk", async () => {
  const id = await bring(house.town, "handling", UNIT, { ticket: { title: "暖气不热" } });
  const desk = await house.seat("supervisor", { name: "范建国" });
  await desk.page.goto(`${house.url}/tickets/${id}`);
  await desk.page.getByRole("heading", { name: "暖气不热" }).waitFor();
  await desk.page.keyboard.press("u");
  const form = desk.page.getByRole("form", { name: "催办" });
  await form.getByLabel("催办内容").fill("老人家中无暖，请今日到场。");
  await desk.page.keyboard.press("Control+Enter");
  await form.waitFor({ state: "detached" });
  await ladder.work();

  const { page } = await house.seat("handler", { unit: UNIT, size: PHONE, name: "任志恒" });
  await page.getByRole("link", { name: /待回复的催办 1 条/ }).click();
  await page.getByText("老人家中无暖，请今日到场。").waitFor();
  await assertReachable(page, "催办（手机）");
  await page.getByRole("link", { name: /区收-/ }).click();
  await page.getByRole("heading", { name: "暖气不热" }).waitFor();
  await page.getByRole("button", { name: /^回复催办/ }).click();
  const answer = page.getByRole("form", { name: /回复催办/ });
  await answer.getByLabel("办理进展").fill("已到场，更换阀门，两小时内供暖。");
  await page.reload(); // what was typed is still there
  assert.equal(await answer.getByLabel("办理进展").inputValue(), "已到场，更换阀门，两小时内供暖。");
  await answer.getByRole("button", { name: "提交回复" }).click();
  await answer.waitFor({ state: "detached" });
  await page.getByText("任志恒", { exact: false }).first().waitFor();

  await deliverMessages(house.town);
  await desk.page.keyboard.press("Alt+m");
  const drawer = desk.page.getByRole("dialog", { name: "消息" });
  await drawer.getByText("任志恒回复催办").waitFor();
  await desk.page.keyboard.press("Escape");
  await desk.page.locator(".urges-on-ticket").getByText("已到场，更换阀门，两小时内供暖。").waitFor();
  await assertReachable(desk.page, "催办（工单页）");
  await desk.page.goto(`${house.url}/urging?tab=answered`);
  await desk.page.locator(".urge-row").getByText("已到场，更换阀门，两小时内供暖。").waitFor();
});

test("an administrator takes a ready-made gateway, tries it, reads the answer, and the next urge arrives there", async () => {
  const hook = await openHookSink();
  try {
    const { page } = await house.seat("sysadmin", { name: "甘为民" });
    await page.goto(`${house.url}/notify`);
    await page.getByText("还没有通知通道").waitFor();
    await page.getByRole("button", { name: "新建通道：外发接口" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("套用样例").click();
    await page.getByTitle("企业微信群机器人").click();
    await dialog.getByLabel("名称").fill("值班群");
    await dialog.getByLabel("接口地址").fill(`${hook.url}/send?key={密钥}`);
    await dialog.getByLabel("密钥").fill("robot-key-1");
    await dialog.getByLabel("启用").check();
    await assertReachable(page, "通知通道：外发接口");
    await dialog.getByRole("button", { name: "保存" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "试发" }).click();
    await page.getByRole("button", { name: "发送测试消息" }).click();
    await page.getByText(/对方已接收：HTTP 200/).waitFor();
    assert.equal(hook.calls[0]?.url, "/send?key=robot-key-1");
    await page.keyboard.press("Escape");
    const id = await bring(house.town, "handling", UNIT, { ticket: { title: "路灯不亮" } });
    await go(await house.town.as("shiftLead"), id, "urge", { text: "请尽快修复" });
    await ladder.work();
    const arrived = () => hook.calls.some((call) => call.body.includes("请尽快修复"));
    for (let i = 0; i < 600 && !arrived(); i++)
      if ((await notifyStep(house.town.shell)) === 0) await sleep(50);
    assert.ok(arrived());
    await page.getByText("外发记录").click();
    await page
      .getByText(/第 1 次 .*HTTP 200/)
      .first()
      .waitFor();
  } finally {
    await hook.close();
  }
});
