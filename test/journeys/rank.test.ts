/** 考核员看排名. From a rank to the ticket behind it by keyboard, and a workbook that holds what the screen shows. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import ExcelJS from "exceljs";
import type { Page } from "playwright-core";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let desk: Desk;
let page: Page;

before(async () => {
  house = await openHouse();
  await at("2026-10-20", "10:00"); // Tuesday: the period before
  await answered("清河", "satisfied", "上期路灯");
  await answered("学院路", "dissatisfied", "上期噪声");
  await at("2026-11-20", "09:00"); // Friday: this period
  await answered("清河", "dissatisfied", "本期路灯不亮");
  await answered("学院路", "satisfied", "本期施工噪声");
  await answered("学院路", "basically", "本期井盖松动");
  desk = await house.seat("assessor", { name: "沈一航" });
  page = desk.page;
});
after(() => house.close());

async function at(day: Day, time: string): Promise<void> {
  house.town.at(day, time);
  const now = house.town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await house.town.shell.db.updateTable("session").set(session).execute();
}

async function answered(unit: string, satisfied: string, title: string): Promise<void> {
  const id = await bring(house.town, "calling", unit, { ticket: { title } });
  const answers = { contacted: "yes", solved: "yes", satisfied };
  await go(await house.town.as("caller"), id, "callback", { outcome: "answered", answers });
}

const rows = async (): Promise<string[][]> => {
  await page.locator(".sparkline").first().waitFor();
  await page.getByText(/^正在统计/).waitFor({ state: "detached" });
  const found = await page.locator(".work-table tbody tr, .work-table tfoot tr").all();
  return Promise.all(found.map((row) => row.getByRole("cell").allTextContents()));
};

test("the ranking says rank, rates, score, and how each stands to the period before", async () => {
  await page.getByRole("link", { name: "考核", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "学院路 按期办结率 100.0%" }).waitFor();
  const [first, second] = await rows();
  assert.deepEqual(first?.slice(0, 11), [
    ...["1", "学院路", "2", "2", "100.0%", "100.0%", "95.0%", "98.0"],
    ...["升 1", "+38.0", "100.0%"],
  ]);
  assert.deepEqual(second?.slice(0, 11), [
    ...["2", "清河", "1", "1", "100.0%", "100.0%", "0.0%", "60.0"],
    ...["降 1", "-40.0", "100.0%"],
  ]);
  await page.getByRole("img", { name: "学院路 综合得分走势：—，—，—，—，—，—，60.0，98.0" }).waitFor();
  await assertReachable(page, "三率排名");
});

test("the workbook equals the table, cell by cell", async () => {
  const shown = (await rows()).map((cells) => cells.slice(0, 11));
  const href = await page.getByRole("link", { name: "导出本表（Excel）" }).getAttribute("href");
  const answer = await desk.context.request.get(house.url + href);
  assert.equal(answer.status(), 200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load((await answer.body()) as unknown as ArrayBuffer);
  const sheet = book.worksheets[0];
  assert.ok(sheet);
  const names = new Set(shown.map((cells) => cells[1]));
  const written = (sheet.getRows(4, sheet.rowCount - 3) ?? [])
    .filter((row) => names.has(row.getCell(2).text))
    .map((row) => Array.from({ length: 11 }, (_, i) => textOf(row.getCell(i + 1))));
  assert.deepEqual(written, shown);
  const headings = await page.locator(".work-table thead").first().locator("th").allTextContents();
  assert.deepEqual((sheet.getRow(3).values as string[]).slice(1, 12), headings.slice(0, 11));
});

test("with the keyboard from the first row to the unit's periods, from its rate to the tickets, and into one", async () => {
  await page.locator(".work-table tbody tr").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /^学院路.*各期三率$/ }).waitFor();
  const [now, then] = await rows();
  assert.deepEqual(now?.slice(2, 5), ["1 / 2", "2", "2"]);
  assert.deepEqual(then?.slice(2, 5), ["2 / 2", "1", "1"]);
  await assertReachable(page, "单位各期三率");
  await page.getByRole("link", { name: "2026-12 满意率 95.0%" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "满意基数：2 件" }).waitFor();
  const titles = await page.locator(".counted-title").allTextContents();
  assert.deepEqual(titles.toSorted(), ["本期井盖松动", "本期施工噪声"]);
  await page.locator(".work-table tbody a").first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "本期井盖松动" }).waitFor();
});

test("a level without rules says that it has none, and how they come", async () => {
  await page.goto(`${house.url}/assessment?level=city`);
  await page.getByText("市级尚无考核规则").waitFor();
  await assertReachable(page, "市级排名");
});

/** As a spreadsheet shows it. */
function textOf(cell: ExcelJS.Cell): string {
  if (typeof cell.value !== "number") return cell.text;
  const digits = /\.(0+)/.exec(cell.numFmt ?? "")?.[1]?.length ?? 0;
  if (cell.numFmt?.endsWith("%")) return `${(cell.value * 100).toFixed(digits)}%`;
  return cell.value.toFixed(digits);
}
