/** 封账. Checks first, closed with a reason, and a later correction stands as a difference beside unchanged figures. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let page: Page;
let corrected: string;
let digest: string | null;
let ranked: string[];

before(async () => {
  house = await openHouse();
  await at("2026-11-04", "10:00");
  corrected = await bring(house.town, "closed", "清河");
  await city(corrected, { contacted: "yes", solved: "no", satisfied: "dissatisfied" });
  await bring(house.town, "handling", "温泉镇"); // nobody has answered for it
  await at("2026-11-20", "09:00");
  page = (await house.seat("assessor", { name: "沈一航" })).page;
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

const rowsOf = async (): Promise<string[]> => {
  await page.goto(`${house.url}/assessment?period=2026-11`);
  await page.locator(".work-table tbody tr").first().waitFor();
  await page.locator(".sparkline").first().waitFor();
  return page.locator(".work-table tbody tr").allTextContents();
};

test("the callbacks that differ are seen beside one another", async () => {
  await page.goto(`${house.url}/assessment/discrepancies?period=2026-11`);
  await page.getByText("解决 → 未解决").waitFor();
  await assertReachable(page, "回访差异");
  await page.goto(`${house.url}/assessment/accuracy?period=2026-11`);
  await page.getByRole("cell", { name: "100.0% 1 / 1" }).waitFor();
  await assertReachable(page, "回访准确率");
});

test("what is unsettled is listed with its tickets, and the period closes only with a reason", async () => {
  ranked = await rowsOf();
  await page.goto(`${house.url}/assessment/closing?period=2026-11`);
  const checks = page.getByRole("region", { name: "封账检查" });
  await checks.getByText("尚无回访结果").waitFor();
  assert.equal(await checks.getByRole("listitem").getByRole("link").count(), 2);
  const act = checks.getByRole("button", { name: "封账", exact: true });
  assert.equal(await act.isDisabled(), true);
  await page.getByLabel("未了事项的封账理由").fill("温泉镇一件诉求人失联");
  await assertReachable(page, "封账检查");
  await act.click();
  await page.getByRole("button", { name: "封账 2026-11" }).click();
  await page.getByText("已复核：由冻结副本重算，与封账数字逐字相同。").waitFor();
  await page.getByText("封账后没有更正。").waitFor();
  digest = await page.locator(".ledger-digest").textContent();
});

test("a later correction is a difference; the closed figures, their tickets and explanation stay as they were", async () => {
  await city(corrected, { contacted: "yes", solved: "yes", satisfied: "satisfied" });
  await page.reload();
  const differences = page.getByRole("region", { name: "封账后的更正", exact: true });
  await differences.getByText("是否解决 未解决").waitFor();
  await differences.getByText("是否解决 解决").waitFor();
  assert.equal(await page.locator(".ledger-digest").textContent(), digest);
  await assertReachable(page, "封账后的更正");
  assert.deepEqual(await rowsOf(), ranked);
  await page
    .getByRole("link", { name: /^清河 综合得分|^清河 评价基数|^清河 诉求量|^清河 解决率/ })
    .first()
    .click();
  await page.getByText("封账后有更正", { exact: true }).waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "清河", exact: true }).click();
  await page.getByRole("link", { name: "2026-11 台账解释" }).click();
  await page.getByText(/由 1 条台账记录重放，与排名所示一致。 本期已封账/).waitFor();
  await assertReachable(page, "台账解释");
});

test("a ticket tells where it counts, by which rule, and who changed it", async () => {
  await page.goto(`${house.url}/tickets/${corrected}`);
  const panel = page.getByRole("region", { name: "考核", exact: true });
  await panel.getByText("台账解释").click();
  await panel.getByText(/2026-11 · .* · 区级考核规则/).waitFor();
  await panel.getByText("解决率：解决", { exact: true }).waitFor();
  await assertReachable(page, "工单的考核解释");
});
