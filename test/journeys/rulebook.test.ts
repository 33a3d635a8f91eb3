/** 考核规则. The assessor drafts and tries a rule, the leader reviews and approves it, and the ranking follows from its day. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let page: Page;

before(async () => {
  house = await openHouse();
  await at("2026-11-05", "10:00"); // in the period 2026-11
  // Solved but displeased against pleased but unsolved: the weights decide who is first.
  await answered("清河", "yes", "dissatisfied");
  await answered("学院路", "no", "satisfied");
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

async function answered(unit: string, solved: string, satisfied: string): Promise<void> {
  const id = await bring(house.town, "calling", unit);
  const answers = { contacted: "yes", solved, satisfied };
  await go(await house.town.as("caller"), id, "callback", { outcome: "answered", answers });
}

test("a draft is checked as it is typed, and kept once it is faultless", async () => {
  await page.goto(`${house.url}/assessment/rules`);
  await page.getByRole("link", { name: "以此起草新版：区级考核规则（10/50/40）" }).click();
  await page.getByLabel("短名（字母、数字、连字符）").fill("district-2027");
  await page.getByLabel("规则名称").fill("满意加重规则");
  await page.getByLabel("执行日").fill("2026-11-21");
  await page.getByLabel("权重：解决率").fill("0.20");
  await page.getByText("三项权重之和应为 1").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "保存草稿" }).isDisabled(), true);
  await page.getByLabel("权重：满意率").fill("0.70");
  await page.getByLabel("文号").fill("海政热〔2026〕8号");
  await page.getByText("检查无误，可以保存。").waitFor();
  await assertReachable(page, "起草考核规则");
  await page.getByRole("button", { name: "保存草稿" }).click();
  await page.getByRole("heading", { name: "满意加重规则" }).waitFor();
});

test("the difference to the version before is told in words", async () => {
  const diff = page.getByRole("region", { name: "与上一版的差异", exact: true });
  const row = diff.getByRole("row").filter({ hasText: "权重：解决率" });
  await row.waitFor();
  assert.deepEqual(await row.getByRole("cell").allTextContents(), ["权重：解决率", "0.50", "0.20"]);
});

test("the trial shows who would move, from where to where, and why", async () => {
  const trial = page.getByRole("region", { name: "试算", exact: true });
  await trial.getByRole("button", { name: "开始试算" }).click();
  const rows = trial.getByRole("region", { name: "试算 2026-11（表）" }).locator("tbody tr");
  await rows.first().waitFor();
  const cells = await Promise.all((await rows.all()).map((row) => row.getByRole("cell").allTextContents()));
  assert.deepEqual(
    cells.map((each) => each.slice(0, 4)).sort(),
    [
      ["清河", "街镇", "1 → 2", "60.0 → 30.0"],
      ["学院路", "街镇", "2 → 1", "50.0 → 80.0"],
    ].sort(),
  );
  assert.match(
    cells.find((each) => each[0] === "清河")?.[4] ?? "",
    /解决率得分由 50\.00 变为 20\.00（-30\.00 分）/,
  );
  await assertReachable(page, "考核规则试算");
});

test("its drafter may not review it; the leader reviews and approves, and the ranking follows from its day", async () => {
  await page.getByRole("button", { name: "审核通过" }).click();
  await page.getByText("起草人不能审核或批准自己的规则，请由他人办理。").waitFor();
  const leader = (await house.seat("leader", { name: "魏局长" })).page;
  await leader.goto(`${house.url}/assessment/rules/district-2027`);
  await leader.getByRole("button", { name: "审核通过" }).click();
  await leader.getByRole("button", { name: "批准启用" }).click();
  await leader.getByText("“满意加重规则”已批准，执行日 2026-11-21，自下一考核期起生效").waitFor();
  await page.goto(`${house.url}/assessment?period=2027-01`); // begins 2026-12-19, after its day
  await page
    .getByText(/满意加重规则/)
    .first()
    .waitFor();
  await page.goto(`${house.url}/assessment?period=2026-12`); // began 2026-11-19, before it
  await page
    .getByText(/区级考核规则（10\/50\/40）/)
    .first()
    .waitFor();
});

test("a rule that binds from a day in the running period is drafted, tried, approved, and the ranking tells both", async () => {
  await at("2026-11-20", "10:00");
  await answered("温泉镇", "yes", "basically");
  await at("2026-11-24", "10:00"); // a Tuesday
  await answered("温泉镇", "yes", "basically");
  await page.goto(`${house.url}/assessment/rules`);
  await page.getByRole("link", { name: "以此起草新版：区级考核规则（10/50/40）" }).click();
  await page.getByLabel("短名（字母、数字、连字符）").fill("half-2026-11-24");
  await page.getByLabel("规则名称").fill("基本满意按半计");
  await page.getByLabel("执行日").fill("2026-11-24");
  await page.getByLabel("生效方式").selectOption("自该日起");
  await page.getByText(/执行日当日及以后派单的工单按本版计入/).waitFor();
  await page.getByLabel("基本满意", { exact: true }).fill("0.5");
  await page.getByText("检查无误，可以保存。").waitFor();
  await assertReachable(page, "起草自该日起的规则");
  await page.getByRole("button", { name: "保存草稿" }).click();
  await page.getByRole("heading", { name: "基本满意按半计" }).waitFor();
  const diff = page.getByRole("region", { name: "与上一版的差异", exact: true });
  const row = diff.getByRole("row").filter({ hasText: "生效方式" });
  await row.waitFor();
  assert.deepEqual(await row.getByRole("cell").allTextContents(), ["生效方式", "自下一考核期起", "自该日起"]);

  // The running period is among those to be tried: it would be parted.
  const trial = page.getByRole("region", { name: "试算", exact: true });
  await trial.getByRole("button", { name: "开始试算" }).click();
  const parts = "11-19 至 11-23 适用《区级考核规则（10/50/40）》，11-24 起适用《基本满意按半计》";
  await trial.getByText(`本期分段试算：${parts}。`).waitFor();
  const moved = trial.getByRole("region", { name: "试算 2026-12（表）" }).locator("tbody tr");
  assert.deepEqual((await moved.first().getByRole("cell").allTextContents()).slice(0, 4), [
    "温泉",
    "街镇",
    "1 → 1",
    "96.0 → 88.0",
  ]);

  const leader = (await house.seat("leader", { name: "魏局长" })).page;
  await leader.goto(`${house.url}/assessment/rules/half-2026-11-24`);
  await leader.getByRole("button", { name: "审核通过" }).click();
  await leader.getByRole("button", { name: "批准启用" }).click();
  await leader.getByText("“基本满意按半计”已批准，执行日 2026-11-24，自该日起生效").waitFor();

  await page.goto(`${house.url}/assessment?period=2026-12`);
  await page.getByText(parts).waitFor();
  const wenquan = page.getByRole("row").filter({ hasText: "温泉" });
  assert.match((await wenquan.allTextContents()).join(), /70\.0%.*88\.0/);
  await assertReachable(page, "三率排名：期内规则变更");
  await page.goto(`${house.url}/assessment/tickets?period=2026-12&measure=satisfactionBase`);
  await page.getByRole("columnheader", { name: "适用规则" }).waitFor();
  const versions = page.locator("tbody tr").filter({ hasText: "温泉" });
  assert.deepEqual(
    (await versions.allTextContents()).map((text) => (text.includes("基本满意按半计") ? "new" : "old")),
    ["new", "old"],
  );
  await assertReachable(page, "所计工单：期内规则变更");
  await page.goto(`${house.url}/assessment/explain?period=2026-12&unit=${await house.town.unit("温泉镇")}`);
  await page.getByRole("region", { name: "11-24 起：基本满意按半计", exact: true }).waitFor();
  const satisfied = page
    .getByRole("region", { name: "11-24 起：基本满意按半计（表）" })
    .getByRole("row")
    .filter({ hasText: "满意率" });
  assert.match((await satisfied.allTextContents()).join(), /基本满意 1 × 0\.5.*50\.0%/);
  await assertReachable(page, "台账解释：期内规则变更");
});
