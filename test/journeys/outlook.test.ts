/**
 * 什么影响我的名次. The head of a unit sees which open tickets would move its rank, ticks three, and is told score and rank;
 * then they are called back by those who owe it, and the ledger says exactly that.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let page: Page;
/** Titles of the unit's open tickets by their id. */
const open = new Map<string, string>();

before(async () => {
  house = await openHouse();
  // Friday 2026-11-20, in the period of December.
  await answered("学院路", "yes", "satisfied");
  await answered("上地", "yes", "satisfied");
  await answered("上地", "no", "dissatisfied");
  await answered("清河", "yes", "dissatisfied");
  await answered("清河", "no", "dissatisfied");
  for (const title of ["供暖不热", "路灯不亮", "井盖松动", "夜间施工"])
    open.set(await bring(house.town, "calling", "清河", { ticket: { title } }), title);
  page = (await house.seat("unitLead", { unit: "清河", name: "陆尚平" })).page;
});
after(() => house.close());

async function answered(unit: string, solved: string, satisfied: string): Promise<void> {
  const id = await bring(house.town, "calling", unit);
  await callBack(id, solved, satisfied);
  await go(await house.town.as("closer"), id, "approveClosing");
}

async function callBack(id: string, solved = "yes", satisfied = "satisfied"): Promise<void> {
  const answers = { contacted: "yes", solved, satisfied };
  await go(await house.town.as("caller"), id, "callback", { outcome: "answered", answers });
}

const ticked = () => page.locator(".levers tbody tr[data-marked]");

test("from the home page to the open tickets in order of effect, each with its effect and its clock", async () => {
  await page.locator(".home-expected").getByRole("link", { name: "什么影响我的名次" }).click();
  await page.getByRole("heading", { name: "清河街道：什么影响名次" }).waitFor();
  await page.getByText("第 3 名（共 3）").waitFor();
  const rows = page.locator(".levers tbody tr");
  assert.equal(await rows.count(), 4);
  // 10 + 50 × 1/2 + 0 = 35 of two answers; a third one, all well, gives 10 + 50 × 2/3 + 40 × 1/3.
  const first = (await rows.first().textContent()) ?? "";
  assert.match(first, /\+21\.67/);
  assert.match(first, /56\.7 分 · 第 2 名/);
  assert.match(first, /未回访 → 已联系、解决、满意/);
  await assertReachable(page, "什么影响我的名次");
});

test("three are ticked with the keyboard, and the score and the rank are there at once", async () => {
  await page.locator(".levers tbody tr").first().focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  assert.equal(await ticked().count(), 3);
  await page.getByText("已选 3 件").waitFor();
  // Five answers: 10 + 50 × 4/5 + 40 × 3/5.
  await page.getByText("35.0 分 → 74.0 分（+39.00 分）").waitFor();
  await page.getByText("第 3 名 → 第 2 名", { exact: true }).waitFor();
});

test("the address keeps what was ticked; a ticket is opened by Enter, and going back finds it as it was", async () => {
  await page.reload();
  await page.getByText("已选 3 件").waitFor();
  const row = page.locator(".levers tbody tr").first();
  const title = await row.getByRole("link").textContent();
  await row.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: title ?? "" }).waitFor();
  await page.goBack();
  await page.getByText("35.0 分 → 74.0 分（+39.00 分）").waitFor();
});

test("the three are called back as solved and satisfying: the rank and the score are those that were foretold", async () => {
  const titles = await ticked().getByRole("link").allTextContents();
  const ids = [...open].filter(([, title]) => titles.includes(title)).map(([id]) => id);
  assert.equal(ids.length, 3);
  for (const id of ids) await callBack(id);
  const assessor = await house.town.as("assessor");
  const rank = done(await assessor.get("/api/assessment/rank"));
  const own = rank.groups
    .flatMap((group: { units: unknown[] }) => group.units)
    .find((each: { unit: { shortName: string } }) => each.unit.shortName === "清河");
  assert.deepEqual([own.rank, own.text.score], [2, "74.0"]);
  await page.reload();
  await page.getByText("第 2 名（共 3）").waitFor();
  await page.getByText("74.0 分", { exact: true }).waitFor();
  assert.equal(await page.locator(".levers tbody tr").count(), 1);
  assert.equal(await ticked().count(), 0);
});

test("the outlook shows a unit's people their own line; another unit's levers are not theirs to see", async () => {
  await page.getByRole("link", { name: "测算", exact: true }).click();
  await page.getByRole("heading", { name: "测算", exact: true }).waitFor();
  await page.locator(".rank-group tbody tr").first().waitFor();
  assert.equal(await page.locator(".rank-group tbody tr").count(), 1);
  await assertReachable(page, "测算（承办单位）");
  await page.goto(`${house.url}/assessment/outlook/${await house.town.unit("上地")}`);
  await page.getByRole("alert").waitFor();
});
