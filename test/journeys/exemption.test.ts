/** 不纳入考核全程. The unit applies with a file, the centre finds evidence missing, it goes to the city in a batch, the file that comes back upholds it, the ranking follows; an appeal. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, go } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
let unit: Desk;
let supervisor: Desk;
let assessor: Desk;
const bad = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };

before(async () => {
  house = await openHouse();
  await unsolved("地下室渗水");
  await unsolved("违建举报");
  unit = await house.seat("handler", { unit: "香山", name: "任志恒" });
  supervisor = await house.seat("supervisor", { name: "范建国" });
  assessor = await house.seat("assessor", { name: "沈一航" });
});
after(() => house?.close());

async function unsolved(title: string): Promise<void> {
  const id = await bring(house.town, "reported", "香山", { ticket: { title } });
  await go(await house.town.as("assessor"), id, "cityResult", { outcome: "answered", answers: bad });
}

async function openCase(desk: Desk, tab: string): Promise<void> {
  await desk.page.goto(`${house.url}/exemption?tab=${tab}`);
  await desk.page.locator(".work-table tbody tr").first().focus();
  await desk.page.keyboard.press("Enter");
  await desk.page.getByRole("heading", { name: "预审" }).waitFor();
}

async function startApplication(title: string): Promise<void> {
  const { page } = unit;
  await page.getByRole("link", { name: "不纳入考核" }).first().click();
  const row = page.getByRole("row", { name: new RegExp(title) });
  await row.getByText("剩 45 天").waitFor();
  await row.getByRole("link", { name: /^申请不纳入考核/ }).click();
  await page.getByLabel("申请情形").click();
  await page.getByText("诉求无法律法规政策依据", { exact: true }).click();
  await page.getByLabel("申请理由").fill("诉求没有政策依据，已当面说明。");
}

test("the unit applies with a file before the last day; a draft outlives a reload; what is missing is listed", async () => {
  const { page } = unit;
  await startApplication("地下室渗水");
  await page.getByLabel("上传法律法规政策条文").setInputFiles({
    name: "条例摘录.txt",
    mimeType: "text/plain",
    buffer: Buffer.from("《北京市物业管理条例》第三十六条"),
  });
  await page.getByRole("button", { name: "不用 条例摘录.txt" }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "不用 条例摘录.txt" }).waitFor();
  assert.equal(await page.getByLabel("申请理由").inputValue(), "诉求没有政策依据，已当面说明。");
  await page.getByText("尚缺：与诉求人沟通记录").waitFor();
  await assertReachable(page, "申请不纳入考核");
  await page.getByRole("button", { name: "提交申请" }).click();
  await page.getByText("缺少：与诉求人沟通记录").waitFor();
  await page.getByRole("link", { name: "条例摘录.txt" }).waitFor();
});

test("the centre's pre-check finds the missing evidence; sent back, filled up, it is passed on to the city", async () => {
  const { page } = supervisor;
  await openCase(supervisor, "applied");
  await page.getByText("缺少：与诉求人沟通记录").first().waitFor();
  await page.getByRole("button", { name: "退回补充" }).click();
  await page.getByText("请填写意见：预审有未通过项").waitFor();
  await page.getByLabel("意见").fill("请补充与市民的沟通记录");
  await page.getByRole("button", { name: "退回补充" }).click();
  await page.getByRole("heading", { name: "审核" }).waitFor({ state: "detached" });

  await openCase(unit, "returned");
  await unit.page.getByText("退回补充：请补充与市民的沟通记录").waitFor();
  await unit.page.getByLabel("与诉求人沟通记录", { exact: true }).fill("11月20日上门沟通，市民表示知晓。");
  await unit.page.getByRole("button", { name: "补充后再报" }).click();
  await unit.page.getByText("必需佐证齐全").first().waitFor();

  await openCase(supervisor, "applied");
  await page.getByText("必需佐证齐全").waitFor();
  await assertReachable(page, "审核不纳入考核申请");
  await page.getByRole("button", { name: "同意，报市级" }).click();
  await page.getByText("待报市级", { exact: true }).first().waitFor();
});

test("it goes to the city in one batch, whatever is pressed twice; the file that comes back upholds it and the ranking follows", async () => {
  const { page } = assessor;
  await openCase(assessor, "passed");
  const assessed = page.locator(".effect-scope", { hasText: "不含剔除" });
  const score = assessed.getByRole("row", { name: /^参评工单/ });
  await score.waitFor();
  assert.deepEqual(await score.getByRole("cell").allTextContents(), ["参评工单", "2", "1"]);

  await page.getByRole("link", { name: "报市批次", exact: true }).click();
  await page.getByText("还没有报市批次").waitFor();
  await page.keyboard.press("n");
  await page.getByRole("heading", { name: "可报 1 件" }).waitFor();
  await assertReachable(page, "制作报市批次");
  await page.getByRole("button", { name: "制作批次（1 件）" }).dblclick();
  await page.getByRole("heading", { name: "海剔报〔2026〕1号" }).waitFor();
  await page.getByText("您是制批人，撤回须由另一人进行。").waitFor();
  const [form] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "报市表", exact: true }).click(),
  ]);
  assert.equal(form.suggestedFilename(), "不纳入考核工单申报表-海剔报〔2026〕1号.xlsx");
  await assertReachable(page, "报市批次");
  const number = await page.getByRole("row", { name: /香山/ }).getByRole("link").first().innerText();

  await page.getByRole("link", { name: "结果导入", exact: true }).click();
  await page.getByText("还没有导入过认定结果").waitFor();
  await page.locator(".drop-zone input[type=file]").setInputFiles({
    name: "认定结果.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(`工单编号,认定结果,文号\r\n${number},认定,市热线〔2026〕31号\r\n热线-错号,认定,\r\n`),
  });
  await page.getByRole("heading", { name: "逐行核对" }).waitFor();
  await page.getByText("本区没有这个工单编号，请核对编号").waitFor();
  await assertReachable(page, "认定结果文件");
  await page.getByRole("button", { name: "登记 1 件结果" }).click();
  await page.getByText("已登记 1 件，三率已更新").waitFor();
  await page.getByRole("heading", { name: "逐行处理" }).waitFor();
  await page.getByRole("link", { name: number, exact: true }).click();
  await page.getByRole("heading", { name: "预审" }).waitFor();
  await page.getByRole("link", { name: "查看排名" }).click();
  await page
    .getByRole("link", { name: /^香山 .* 1$/ })
    .first()
    .waitFor();
  const period = new URL(page.url()).searchParams.get("period");
  await page.goto(`${house.url}/assessment?period=${period}&scope=all`);
  await page
    .getByRole("link", { name: /^香山 \S+ 2$/ })
    .first()
    .click();
  const row = page.getByRole("row", { name: /地下室渗水/ });
  await row.getByText("不纳入", { exact: true }).waitFor();
  await row.getByRole("link").first().click();
  await page.getByRole("heading", { name: "地下室渗水" }).waitFor();
  await page.getByRole("link", { name: "不纳入考核：诉求无法律法规政策依据" }).waitFor();
});

test("查否 may be appealed once, in time, and is counted in the accuracy", async () => {
  await startApplication("违建举报");
  await unit.page.getByLabel("法律法规政策条文", { exact: true }).fill("第三十六条");
  await unit.page.getByLabel("与诉求人沟通记录", { exact: true }).fill("11月20日电话沟通");
  await unit.page.getByRole("button", { name: "提交申请" }).click();
  await unit.page.getByRole("heading", { name: "预审" }).waitFor();
  await openCase(supervisor, "applied");
  await supervisor.page.getByRole("button", { name: "同意，报市级" }).click();
  await supervisor.page.getByText("待报市级", { exact: true }).first().waitFor();
  await openCase(assessor, "passed");
  await assessor.page.getByLabel("市级文号").fill("市热线〔2026〕32号");
  await assessor.page.getByRole("button", { name: "查否" }).click();
  await assessor.page.getByText("已登记：查否").waitFor();

  await openCase(unit, "denied");
  await unit.page.getByText("对结果有异议可申诉一次，2026-11-30 截止。").waitFor();
  await unit.page.getByLabel("申请理由").fill("补充新证据，请复核。");
  await unit.page.getByRole("button", { name: "申诉", exact: true }).click();
  await unit.page.getByText("对原申请的申诉").waitFor();
  await assertReachable(unit.page, "申诉");

  await assessor.page.goto(`${house.url}/exemption?tab=accuracy`);
  const row = assessor.page.getByRole("row", { name: /^香山/ });
  await row.waitFor();
  assert.deepEqual((await row.getByRole("cell").allTextContents()).slice(0, 6), [
    ...["香山", "2", "1", "1", "0", "50.0%"],
  ]);
  await assertReachable(assessor.page, "认定情况");
});
