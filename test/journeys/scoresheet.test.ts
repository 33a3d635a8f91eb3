/** 成绩单. Made by the assessor, returned once and reviewed by another, published by the leader; corrected later; read by a unit. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

let house: OpenHouse;
let assessor: Page;
let supervisor: Page;
let leader: Page;
let unit: Page;
let corrected: string;
let address: string;

before(async () => {
  house = await openHouse();
  await at("2026-11-04", "10:00"); // a Wednesday
  corrected = await bring(house.town, "closed", "清河", { ticket: { category1: "供暖" } });
  await city(corrected, { contacted: "yes", solved: "no", satisfied: "dissatisfied" });
  await bring(house.town, "closed", "学院路", { ticket: { category1: "供水" } });
  const again = await bring(house.town, "reported", "清河");
  await go(await house.town.as("supervisor"), again, "rework", { reason: "未说明处理结果" });
  await at("2026-11-20", "09:00"); // Friday, the period is over
  assessor = (await house.seat("assessor", { name: "沈一航" })).page;
  supervisor = (await house.seat("supervisor", { name: "范建国" })).page;
  leader = (await house.seat("leader", { name: "秦致远" })).page;
  unit = (await house.seat("unitLead", { name: "陆尚平", unit: "清河", size: PHONE })).page;
});
after(() => house.close());

async function at(day: Day, time: string): Promise<void> {
  house.town.at(day, time);
  const now = house.town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await house.town.shell.db.updateTable("session").set(session).execute();
}

async function city(id: string, answers: object): Promise<void> {
  await go(await house.town.as("assessor"), id, "cityResult", { outcome: "answered", answers });
}

const state = (page: Page, words: string) => page.getByText(words, { exact: true }).first().waitFor();

test("the assessor makes the sheet of the period that is over, opens its numbers and writes the advice", async () => {
  await assessor
    .getByRole("navigation", { name: "主导航" })
    .getByRole("link", { name: "考核", exact: true })
    .click();
  await assessor.getByRole("navigation", { name: "考核各页" }).getByRole("link", { name: "成绩单" }).click();
  await assessor.getByRole("button", { name: "草拟成绩单" }).click();
  const row = assessor.getByRole("row").filter({ hasText: "清河" }).first();
  await row.waitFor();
  address = assessor.url();
  await row.getByRole("button", { name: "清河 重办 1" }).click();
  const dialog = assessor.getByRole("dialog");
  await dialog.getByText("成绩单所载 1 件").waitFor();
  assert.equal(await dialog.getByRole("row").count(), 2);
  await assertReachable(assessor, "成绩单所计工单");
  await assessor.keyboard.press("Escape");
  await row.getByRole("link", { name: "未解决 1" }).click();
  await assessor.getByRole("heading", { name: "未解决：1 件" }).waitFor();
  await assessor.goBack();

  await assessor.getByLabel("工作建议").fill("入冬前完成重点小区管网排查。");
  await assessor.reload(); // what is typed is kept
  await assessor.getByText("有未保存的改动").waitFor();
  assert.equal(await assessor.getByLabel("工作建议").inputValue(), "入冬前完成重点小区管网排查。");
  await assessor.getByLabel("发文字号").fill("海接诉发〔2026〕11号");
  await assessor.getByRole("button", { name: "保存文字" }).click();
  await assessor.getByText("文字已保存").waitFor();
  await assertReachable(assessor, "成绩单草稿");
});

async function submit(): Promise<void> {
  await assessor.getByRole("button", { name: "送审" }).click();
  await assessor.getByRole("dialog").getByRole("button", { name: "送审" }).click();
  await state(assessor, "待审核");
}

test("another person returns it with words, then passes it; the leader publishes it as provisional", async () => {
  await submit();
  await supervisor.goto(address);
  await supervisor.getByRole("button", { name: "退回修改" }).click();
  const send = supervisor.getByRole("dialog").getByRole("button", { name: "退回修改" });
  assert.equal(await send.isDisabled(), true);
  await supervisor.getByLabel("退回的意见").fill("请写明完成时限");
  await assertReachable(supervisor, "退回成绩单");
  await send.click();
  await state(supervisor, "草拟");

  await assessor.reload();
  await assessor.getByText("退回修改：请写明完成时限").waitFor();
  await assessor.getByLabel("工作建议").fill("十二月五日前完成重点小区管网排查。");
  await assessor.getByRole("button", { name: "保存文字" }).click();
  await assessor.getByText("文字已保存").waitFor();
  await submit();
  await supervisor.reload();
  await supervisor.getByRole("button", { name: "审核通过" }).click();
  await supervisor.getByRole("dialog").getByRole("button", { name: "审核通过" }).click();
  await state(supervisor, "待发布");

  await leader.goto(address);
  await leader.getByRole("button", { name: "发布", exact: true }).click();
  const publish = leader.getByRole("dialog").getByRole("button", { name: "发布", exact: true });
  assert.equal(await publish.isDisabled(), true); // the period is not closed
  await leader.getByLabel("数字取自尚未封账的考核期，以“暂定”发布").check();
  await publish.click();
  await state(leader, "已发布");
  await leader.getByRole("heading", { name: "关于2026年11月接诉即办考核情况的通报（暂定）" }).waitFor();
  const [download] = await Promise.all([
    leader.waitForEvent("download"),
    leader.getByRole("link", { name: "下载公文（Word）" }).click(),
  ]);
  assert.equal(download.suggestedFilename(), "关于2026年11月接诉即办考核情况的通报（暂定）.docx");
});

test("a correction of the ledger shows beside the published figure, which stays; the unit reads its row as published", async () => {
  await city(corrected, { contacted: "yes", solved: "yes", satisfied: "satisfied" });
  await assessor.reload();
  const differences = assessor.getByRole("region", { name: "与台账现数的差异", exact: true });
  await differences.getByRole("row", { name: "清河 解决率 0.0% 100.0%" }).waitFor();
  await assessor.getByRole("link", { name: "清河 解决率 0.0%" }).waitFor();
  await assertReachable(assessor, "已发布的成绩单与差异");

  await unit.goto(`${house.url}/assessment/sheets`);
  await unit.getByRole("link", { name: /关于2026年11月/ }).click();
  await unit.getByText("清河（本单位）").first().waitFor();
  const own = unit.getByRole("region", { name: "本单位（表）" });
  await own.getByRole("link", { name: "清河 解决率 0.0%" }).waitFor();
  await own.getByRole("button", { name: "清河 重办 1" }).waitFor();
  await unit.getByRole("row").filter({ hasText: "学院路" }).first().waitFor();
  assert.equal(await unit.getByRole("link", { name: /^学院路/ }).count(), 0); // another unit's tickets stay shut
  assert.equal(await unit.getByRole("link", { name: /下载/ }).count(), 0);
  assert.equal(await unit.getByRole("region", { name: "办理经过" }).count(), 0);
  await assertReachable(unit, "单位看成绩单");
});

test("the correction is begun with its reason, as a version of its own", async () => {
  await assessor.getByRole("button", { name: "更正成绩单" }).click();
  await assessor.getByLabel("更正原因").fill("一件市级回访结果更正");
  await assessor.getByRole("button", { name: "开始更正" }).click();
  await assessor.getByText("一件市级回访结果更正").first().waitFor();
  await assessor.getByRole("link", { name: "清河 解决率 100.0%" }).waitFor();
  await assessor.getByText("十二月五日前完成重点小区管网排查。").waitFor();
});
