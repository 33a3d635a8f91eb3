/** 督办. The city's list comes in, is forwarded, the unit answers in the street with a photo, it is looked at on site, closed, summed up. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { bring, look } from "@jiesu/server/testing/tickets.ts";
import ExcelJS from "exceljs";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

const UNIT = "清河街道";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** One grey point: the smallest picture that a browser takes for one. */
const PHOTO = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);

test("from the city's list to the closing: looked at, forwarded, answered on a telephone with a photo, checked on site, closed by the leader, in the summary", async () => {
  const id = await bring(house.town, "handling", UNIT, { ticket: { title: "楼道堆物反复" } });
  const { number } = await look(await house.town.as("supervisor"), id);
  const desk = await house.seat("supervisor");
  const { page } = desk;

  // 市级清单
  await page.goto(`${house.url}/supervision/lists`);
  await page.locator("main button", { hasText: "选择清单文件" }).waitFor();
  const lines = [
    "工单编号,责任单位,督办等级,督办要求,办理期限",
    `${number},${UNIT}办事处,重点,请核实解决,2026-11-30`,
    "热线-000000-000404,,,,",
  ];
  await page.locator('main input[type="file"]').setInputFiles({
    ...{ name: "十一月未办结清单.csv", mimeType: "text/csv" },
    buffer: Buffer.from(`\ufeff${lines.join("\r\n")}`),
  });
  await page.getByText(/台账里没有这个编号/).waitFor();
  await assertReachable(page, "清单预览");
  await page.getByRole("button", { name: "确认导入，列入督办 1 件" }).click();
  await page.getByRole("link", { name: "待转办" }).click();

  // 转办, by the keyboard
  await page.getByRole("heading", { name: "楼道堆物反复", level: 1 }).waitFor();
  await page.getByRole("toolbar", { name: "办理" }).waitFor();
  await page.keyboard.press("f");
  const forward = page.getByRole("form", { name: "转办" });
  await forward.getByLabel("督办要求").fill("请本周内清理并建立巡查。");
  await assertReachable(page, "转办");
  await forward.getByLabel("督办要求").press("Control+Enter");
  await forward.waitFor({ state: "detached" });
  await page.getByText("办理中").first().waitFor();
  const address = page.url();

  // 承办单位, on a telephone
  const street = await house.seat("handler", { unit: UNIT, size: PHONE });
  await street.page.goto(`${house.url}/supervision`);
  await street.page.getByRole("link", { name: "楼道堆物反复" }).click();
  await street.page.getByRole("button", { name: "报办结" }).click();
  const answer = street.page.getByRole("form", { name: "报办结" });
  await answer.getByLabel("办理结果").fill("已清理完毕，已告知居民。");
  await answer
    .locator('input[type="file"][capture]')
    .setInputFiles({ name: "现场.png", mimeType: "image/png", buffer: PHOTO });
  await answer.locator('.upload[data-state="done"]').waitFor();
  await assertReachable(street.page, "报办结");
  await answer.getByRole("button", { name: "确认报办结" }).click();
  await answer.waitFor({ state: "detached" });
  await street.page.getByRole("link", { name: "现场.png" }).waitFor();

  // 核查, on site; then passed
  await page.goto(address);
  await page.getByRole("toolbar", { name: "办理" }).getByRole("button", { name: "登记核查" }).waitFor();
  assert.equal(
    await page.getByRole("toolbar", { name: "办理" }).getByRole("button", { name: "核查通过" }).count(),
    0,
    "an item of weight is not passed before it was looked at",
  );
  await page.keyboard.press("c");
  const check = page.getByRole("form", { name: "登记核查" });
  await check.getByLabel("核查地点").fill("清河小区 3 号楼");
  await check.getByRole("radio", { name: "符合要求", exact: true }).click();
  await check.getByLabel("现场情况").fill("楼道已清空。");
  await check.getByRole("button", { name: "确认登记核查" }).click();
  await check.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "核查通过" }).waitFor();
  await page.keyboard.press("s");
  await page.getByRole("form", { name: "核查通过" }).getByRole("button", { name: "确认核查通过" }).click();
  await page.getByText("待销号").first().waitFor();

  // 销号, by another
  const leader = await house.seat("leader");
  await leader.page.goto(address);
  await leader.page
    .getByRole("toolbar", { name: "办理" })
    .getByRole("button", { name: "销号", exact: false })
    .first()
    .waitFor();
  await leader.page.keyboard.press("x");
  await leader.page.getByRole("form", { name: "销号" }).getByRole("button", { name: "确认销号" }).click();
  await leader.page.getByText("已销号").first().waitFor();

  // 汇总: the number opens into the item, and the workbook says the same
  await leader.page.goto(`${house.url}/supervision/summary`);
  const table = leader.page.getByRole("table");
  await table.getByText("100.0%").first().waitFor();
  await assertReachable(leader.page, "督办汇总");
  const [file] = await Promise.all([
    leader.page.waitForEvent("download"),
    leader.page.getByRole("link", { name: "Excel" }).click(),
  ]);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(readFileSync(await file.path())).buffer);
  const items = book.getWorksheet("督办件");
  assert.deepEqual([items?.rowCount, items?.getRow(2).getCell(5).value], [2, "已销号"]);
  await table.getByRole("link", { name: "1", exact: true }).first().click();
  await leader.page.getByRole("link", { name: "楼道堆物反复" }).waitFor();

  // the ticket's own history has every step
  const zh = (await look(await house.town.as("supervisor"), id)).events.map((e: { zh: string }) => e.zh);
  for (const step of ["列入督办", "转办", "报办结", "登记核查", "核查通过", "销号"])
    assert.ok(zh.includes(`督办：${step}`), step);
});
