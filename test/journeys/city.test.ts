/** 市级结果. The assessor takes the city's file in, looks at the differences, adopts a cause by keyboard, and the figures agree. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bookOf, textRows } from "@jiesu/server/testing/sheets.ts";
import { bring, go, look } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

const PERIOD = "2026-11"; // 2026-10-19 … 2026-11-18
let house: OpenHouse;
let page: Page;
let typed: string;
let own: string;

before(async () => {
  house = await openHouse();
  await at("2026-11-04", "10:00"); // a Wednesday
  const assessor = await house.town.as("assessor");
  const good = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  typed = await bring(house.town, "closed", "清河");
  await go(assessor, typed, "cityResult", { outcome: "answered", answers: good });
  own = await bring(house.town, "closed", "清河"); // the centre alone has called
  const unnamed = await bring(house.town, "closed", "香山");
  await go(assessor, unnamed, "cityResult", { outcome: "answered", answers: good });
  await at("2026-11-20", "09:00");
  const number = async (id: string): Promise<string> => (await look(assessor, id)).number;
  const lines = [
    ["2026年11月接诉即办考核结果"],
    ["工单编号", "承办单位", "是否响应", "是否解决", "是否满意", "是否剔除"],
    [await number(typed), "清河街道", "是", "未解决", "不满意", "否"],
    [await number(own), "清河街道", "是", "解决", "基本满意", "否"],
    ["热线-没有", "清河街道", "是", "也许", "满意", "否"],
  ];
  const units = [
    ["单位", "有效回访", "响应率", "解决率", "满意率", "综合得分", "排名"],
    ["清河街道", "2", "100%", "50%", "45%", "53.0", "1"],
  ];
  writeFileSync(path.join(house.scratch, "逐件.xlsx"), bookOf({ rows: textRows(lines) }));
  writeFileSync(path.join(house.scratch, "成绩.xlsx"), bookOf({ rows: textRows(units) }));
  page = (await house.seat("assessor", { name: "沈一航" })).page;
});
after(() => house.close());

async function at(day: Day, time: string): Promise<void> {
  house.town.at(day, time);
  const now = house.town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await house.town.shell.db.updateTable("session").set(session).execute();
}

async function send(name: string): Promise<void> {
  await page.goto(`${house.url}/assessment/city`);
  await page.locator(".city-take button:enabled").waitFor();
  await page.locator(".city-take input[type=file]").setInputFiles(path.join(house.scratch, name));
  await page.getByRole("region", { name: "列的对应", exact: true }).waitFor();
}

test("the file is looked at: columns with their reasons, a row that cannot be read with what to do, then taken in", async () => {
  await page.goto(`${house.url}/assessment/city`);
  await page.getByText("尚未导入市级结果").waitFor();
  await assertReachable(page, "市级结果");
  await send("逐件.xlsx");
  await page.getByText("有 1 行读不出").first().waitFor();
  await page.getByText("改成其中之一：是、部分解决、否").waitFor();
  const confirm = page.getByRole("button", { name: "确认导入" });
  assert.equal(await confirm.isDisabled(), true);
  await assertReachable(page, "市级结果文件");
  await page.getByLabel("有误的行不导入，其余照常导入").check();
  await confirm.click();
  await page.getByRole("heading", { name: `${PERIOD} 市级结果对账` }).waitFor();
});

test("differences stand by their cause; a line shows both readings beside one another", async () => {
  const causes = page.getByRole("navigation", { name: "可能原因" });
  await causes.getByRole("link", { name: /登记的市级答复与文件不同/ }).click();
  const row = page.locator(".city-lines tbody tr").first();
  await row.focus();
  await page.keyboard.press("Enter");
  const readings = page.locator(".city-readings");
  await readings.getByRole("row", { name: /是否解决 未解决 解决/ }).waitFor();
  await assertReachable(page, "市级结果对账");
  await readings.getByRole("link").first().waitFor();
});

test("a cause is adopted by keyboard, and what is left differs no more in it", async () => {
  const causes = page.getByRole("navigation", { name: "可能原因" });
  await causes.getByRole("link", { name: /本区结果来自本中心回访/ }).click();
  await page.getByRole("button", { name: /采用本类全部 1 件/ }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByText("采用 1 件的市级结果？").waitFor();
  await page.keyboard.press("Enter");
  await causes.getByRole("link", { name: /本区结果来自本中心回访/ }).waitFor({ state: "detached" });
  await causes.getByRole("link", { name: /登记的市级答复与文件不同/ }).click();
  await page.getByRole("button", { name: /采用本类全部 1 件/ }).waitFor();
  await page.keyboard.press("a");
  await page.getByRole("dialog").getByText("采用 1 件的市级结果？").waitFor();
  await page.keyboard.press("Enter");
  await causes.getByRole("link", { name: /登记的市级答复与文件不同/ }).waitFor({ state: "detached" });
  await causes.getByRole("link", { name: /市级文件中没有这一件/ }).waitFor();
});

test("a line is disputed with its reason, and the answer is put on record", async () => {
  const causes = page.getByRole("navigation", { name: "可能原因" });
  await causes.getByRole("link", { name: /市级文件中没有这一件/ }).click();
  await page.locator(".city-lines tbody input[type=checkbox]").first().check();
  await page.keyboard.press("y");
  await page.getByLabel(/异议理由/).fill("已有市级回访，请补列");
  await page.getByRole("dialog").getByRole("button", { name: "对 1 件提出异议" }).click();
  await page.locator(".city-lines tbody").getByText("已提异议").waitFor();
  await page.locator(".city-open").first().click();
  await page.getByRole("button", { name: "登记答复" }).click();
  await page.getByRole("dialog").getByLabel("市级维持").check();
  await page.getByRole("dialog").getByRole("button", { name: "登记答复" }).click();
  await page.getByText("提出异议 · 已有市级回访，请补列").waitFor();
  await page.locator(".city-lines tbody").getByText("异议已答复").waitFor();
});

test("with the unit's sheet beside it, the city's figure and ours agree; only the unnamed one ranks above", async () => {
  await send("成绩.xlsx");
  await page.getByRole("button", { name: "确认导入" }).click();
  await page.getByRole("heading", { name: `${PERIOD} 市区对照` }).waitFor();
  const row = page.getByRole("row", { name: /^清河/ });
  await row.waitFor();
  const cells = await row.getByRole("cell").allTextContents();
  assert.deepEqual(cells.slice(1, 10), ["2", "53.0 ", "1", "2", "53.0", "1", "2", "53.0", "2"]);
  await assertReachable(page, "市区对照");
  await page.goto(`${house.url}/tickets/${own}`);
  await page
    .getByText(/采用市级结果：2026-11 市级逐件结果第 1 版第 4 行/)
    .first()
    .waitFor();
});
