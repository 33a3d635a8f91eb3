/** 加减分. The assessor drafts a penalty, the leader approves it, the rank changes, and the figure opens into the item. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let assessor: Page;
let leader: Page;
const PERIOD = "2026-12"; // the running one

before(async () => {
  house = await openHouse(); // Friday 2026-11-20, 09:00
  await answered("清河", "satisfied");
  await answered("学院路", "basically");
  const { status: _status, approvedBy: _approved, ...district } = districtFile;
  const late = {
    ...{ key: "late", name: "专报迟报漏报", kind: "penalty", mostEach: "5", mostPerUnit: "6" },
    ...{ evidence: "通报文号或督办单编号", source: "试用" },
  };
  const adjustments = {
    ...{ items: [late], mostBonus: "0", mostPenalty: "6" },
    score: { least: "0", most: "100" },
  };
  const body = { ...district, name: "with-points", from: "2026-11-19", adjustments };
  const [writer, approver] = [await house.town.as("assessor"), await house.town.as("leader")];
  done(await writer.post("/api/assessment/rules", { body }));
  done(await approver.post("/api/assessment/rules/with-points/review"));
  done(await approver.post("/api/assessment/rules/with-points/approve", { confirmBackwards: true }));
  assessor = (await house.seat("assessor", { name: "沈一航" })).page;
  leader = (await house.seat("leader", { name: "秦致远" })).page;
});
after(() => house.close());

async function answered(unit: string, satisfied: string): Promise<void> {
  const id = await bring(house.town, "calling", unit);
  const answers = { contacted: "yes", solved: "yes", satisfied };
  await go(await house.town.as("caller"), id, "callback", { outcome: "answered", answers });
}

/** Rank, unit, weighted score, points and score of each row. */
async function ranked(page: Page): Promise<readonly string[][]> {
  await page.goto(`${house.url}/assessment?period=${PERIOD}`);
  await page.getByRole("columnheader", { name: "加减分" }).first().waitFor();
  const rows = await page.locator(".work-table tbody tr").all();
  const cells = await Promise.all(rows.map((row) => row.getByRole("cell").allTextContents()));
  return cells.map((each) => [...each.slice(0, 2), ...each.slice(7, 10)]);
}

test("the assessor drafts a penalty by keyboard; a share beyond the cap is refused in words and nothing typed is lost", async () => {
  assert.deepEqual(await ranked(assessor), [
    ["1", "清河", "100.0", "0", "100.0"],
    ["2", "学院路", "96.0", "0", "96.0"],
  ]);
  await assessor.getByRole("link", { name: "加减分", exact: true }).click();
  await assessor.getByText("本期没有加减分").waitFor();
  await assertReachable(assessor, "加减分");
  await assessor.getByRole("button", { name: "登记加减分" }).focus();
  await assessor.keyboard.press("Enter");
  const form = assessor.getByRole("dialog");
  await form.getByLabel("单位（必填）").selectOption({ label: "清河街道" });
  await form.getByLabel("项目（必填）").selectOption({ label: "专报迟报漏报" });
  await form.getByText("每次最多 5 分，每单位每期最多 6 分；应附：通报文号或督办单编号").waitFor();
  await form.getByLabel("分数（必填）").fill("5.5");
  await form.getByLabel("事由（必填）").fill("11 月 19 日专报晚报两小时");
  await form.getByLabel("佐证（必填）").fill("督办单 2026-118");
  await form.getByRole("button", { name: "登记，送领导批准" }).click();
  await form.getByText("“专报迟报漏报”每次最多 5 分，请改小分数。").waitFor();
  await assertReachable(assessor, "登记加减分");
  await assessor.reload();
  await assessor.getByRole("button", { name: "登记加减分" }).click();
  assert.equal(await form.getByLabel("事由（必填）").inputValue(), "11 月 19 日专报晚报两小时");
  await form.getByLabel("分数（必填）").fill("4.5");
  await form.getByRole("button", { name: "登记，送领导批准" }).click();
  await assessor.getByRole("cell", { name: "待批准" }).waitFor();
  assert.equal((await ranked(assessor))[0]?.[1], "清河", "what waits does not count");
});

test("the leader opens it with Enter, sees why, and approves; the drafter cannot", async () => {
  await assessor.goto(`${house.url}/assessment/adjustments?period=${PERIOD}`);
  await assessor.getByRole("button", { name: "打开 清河 专报迟报漏报" }).click();
  await assessor.getByText("您是起草人，须由他人批准").waitFor();
  assert.equal(await assessor.getByRole("button", { name: "批准", exact: true }).count(), 0);
  await leader.goto(`${house.url}/assessment/adjustments?period=${PERIOD}`);
  await leader.locator(".work-table tbody tr").first().focus();
  await leader.keyboard.press("Enter");
  const one = leader.getByRole("dialog");
  await one.getByText("督办单 2026-118").waitFor();
  await assertReachable(leader, "一项加减分");
  await one.getByRole("button", { name: "批准", exact: true }).focus();
  await leader.keyboard.press("Enter");
  await leader.getByRole("cell", { name: "已批准" }).waitFor();
});

test("the rank changes, and the points open into the item with its reason and approver", async () => {
  assert.deepEqual(await ranked(assessor), [
    ["1", "学院路", "96.0", "0", "96.0"],
    ["2", "清河", "100.0", "-4.5", "95.5"],
  ]);
  await assessor.getByRole("link", { name: "清河 加减分 -4.5" }).focus();
  await assessor.keyboard.press("Enter");
  await assessor.getByRole("heading", { name: "加减分", level: 1 }).waitFor();
  const row = assessor.getByRole("row").filter({ hasText: "专报迟报漏报" });
  assert.match((await row.textContent()) ?? "", /-4\.5.*专报晚报两小时.*督办单 2026-118.*沈一航.*秦致远/);
  await row.getByRole("button", { name: "打开 清河 专报迟报漏报" }).click();
  await assessor.getByRole("link", { name: "看得分构成" }).click();
  const made = assessor.getByRole("region", { name: "得分构成" });
  await made.getByText("综合得分 95.5").waitFor();
  assert.match(
    (await made.textContent()) ?? "",
    /响应率 10\.000 \+ 解决率 50\.000 \+ 满意率 40\.000 \+ 加减分 -4\.5/,
  );
  await assertReachable(assessor, "得分构成");
});

test("a street becomes 治理类 by a pasted table: looked over first, refused by row and column, then entered whole", async () => {
  await assessor.goto(`${house.url}/assessment/units`);
  await assessor.getByRole("button", { name: "从表格粘贴或上传" }).click();
  const dialog = assessor.getByRole("dialog");
  const table = dialog.getByLabel("表格内容（必填）");
  await table.fill("单位\t分类\t自\n清河街道\t治理类\t2026-12\n月球镇\t治理类\t2026-12");
  await dialog.getByLabel("依据（表内没有依据列时填）").fill("海政热〔2026〕11号");
  await dialog.getByRole("button", { name: "核对" }).click();
  await dialog.getByText("有 1 处需要改正").waitFor();
  await dialog.getByRole("cell", { name: /“月球镇”不是本区的单位/ }).waitFor();
  await assertReachable(assessor, "粘贴分类表");
  await table.fill("单位\t分类\t自\n清河街道\t治理类\t2026-12");
  await dialog.getByRole("button", { name: "核对" }).click();
  await dialog.getByRole("button", { name: "登记这 1 行" }).click();
  const row = assessor.getByRole("row").filter({ hasText: "清河街道" });
  await row.getByRole("cell", { name: "治理类", exact: true }).waitFor();
  assert.match((await row.textContent()) ?? "", /2026-11-19海政热〔2026〕11号/);
  await assertReachable(assessor, "分类与人口");
});

test("populations are typed down the column, and 万人诉求比 follows", async () => {
  await assessor.goto(`${house.url}/assessment/units?tab=population`);
  await assessor.getByLabel("依据（文号）（必填）").fill("区统计局 2026 年公报");
  const cell = assessor.getByLabel("清河 登记为（人）");
  await cell.fill("很多");
  assert.equal(await assessor.getByRole("button", { name: "登记 1 行" }).isDisabled(), true);
  await cell.fill("125,000");
  await assessor.getByRole("button", { name: "登记 1 行" }).click();
  await assessor.getByRole("cell", { name: "125,000 人", exact: true }).waitFor();
  await assertReachable(assessor, "常住人口");
  await assessor.goto(`${house.url}/assessment?period=${PERIOD}`);
  const row = assessor.getByRole("row").filter({ hasText: "清河" });
  await row.getByTitle("按 2026 年常住人口 125,000 人（区统计局 2026 年公报）").waitFor();
  assert.equal(await row.getByTitle(/常住人口/).textContent(), "0.1");
});
