/** 指标释义. Every figure of the assessment's tables says what it is when its heading is focused; the catalogue lists them all. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COMPARISONS, MEASURE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
  const { town } = house;
  const id = await bring(town, "calling", "清河");
  const answers = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
  const reasons = { solved: "came-back", satisfied: "slow" };
  await go(await town.as("caller"), id, "callback", { outcome: "answered", answers, reasons });
  await go(await town.as("assessor"), id, "cityResult", { outcome: "answered", answers });
});
after(() => house?.close());

const NAMES = new Set([
  ...Object.values(MEASURE_NAMES),
  ...Object.values(COMPARISONS).map((each) => each.name),
]);
/** Whose row it is, which period, and the small line. */
const OTHERS = /^(单位|考核期|考核规则|规则|起止|近 \d+ 期|状态|)$/;

async function headingsDefined(page: Page, where: string): Promise<void> {
  await page.locator("main tbody tr").first().waitFor();
  const headings = page.locator("main thead th");
  const told: string[] = [];
  for (const heading of await headings.all()) {
    const name = (await heading.innerText()).trim();
    if (!NAMES.has(name)) {
      assert.match(name, OTHERS, `${where}: ${name} is no measure of the catalogue`);
      continue;
    }
    const focusable = heading.locator("[tabindex='0']");
    assert.equal(await focusable.count(), 1, `${where}: ${name} says nothing`);
    told.push(name);
  }
  assert.ok(told.length >= 6, `${where}: ${told}`);
}

test("every figure of the ranking and of a unit is a measure of the catalogue and says so by the keyboard", async () => {
  const { page } = await house.seat("assessor");
  await page.goto(`${house.url}/assessment`);
  await headingsDefined(page, "ranking");
  await page.locator("main thead th").getByText("响应率", { exact: true }).focus();
  const tip = page.getByRole("tooltip");
  await tip.getByText(/分子：/).waitFor();
  for (const words of [/分母：响应基数/, /不含剔除/, /依据：/]) await tip.getByText(words).waitFor();
  await page.goto(`${house.url}/assessment/unit?unit=${await house.town.unit("清河")}`);
  await headingsDefined(page, "unit");
});

test("the catalogue lists every measure under the rule in force", async () => {
  const { page } = await house.seat("assessor");
  await page.goto(`${house.url}/assessment/measures`);
  await page.locator("main tbody tr").first().waitFor();
  const names = await page.locator("main tbody tr td:first-child").allInnerTexts();
  for (const name of NAMES)
    if (name !== MEASURE_NAMES.basic && name !== MEASURE_NAMES.points) assert.ok(names.includes(name), name);
  await assertReachable(page, "the catalogue of measures");
});

test("reasons of a no, and the accuracy of callbacks, open into their tickets", async () => {
  const { page } = await house.seat("assessor");
  await page.goto(`${house.url}/assessment/reasons?period=2026-12`);
  await page.getByRole("link", { name: /清河 未解决.*处理后又出现 1/ }).click();
  await page.getByRole("region", { name: /对应工单 1 件$/ }).waitFor();
  await assertReachable(page, "reasons of a no");
  await page.goto(`${house.url}/assessment/accuracy?period=2026-12`);
  await page.getByRole("link", { name: "caller 三题均一致 1" }).click();
  await page.getByRole("region", { name: "caller 三题均一致 1 件", exact: true }).waitFor();
});
