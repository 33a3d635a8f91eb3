/** 导入全程. A triager's hardest file: header not where it is looked for, columns under other names, rows that are wrong; and the wrong file, taken back. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import type ExcelJSModule from "exceljs";
import type { Page } from "playwright-core";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

const require = createRequire(path.join(import.meta.dirname, "..", "..", "server", "package.json"));
const ExcelJS: typeof ExcelJSModule = require("exceljs");

let house: OpenHouse;
let desk: Desk;

before(async () => {
  house = await openHouse();
  desk = await house.seat("triager", { name: "周晓岚" });
});
after(() => house.close());

const HEADER = ["编号", "事项标题", "诉求内容", "承办单位名称", "来电时间（北京时间）", "机主号码"];
const ROWS = [
  ["周报-001", "路灯不亮", "清河中街路灯连续三晚不亮。", "清河街道", "2026-11-20 08:10", "13500000001"],
  ["周报-002", "积水", "毛纺路路口雨后积水。", "清河街道", "2026-02-30 08:20", "13500000002"],
  ["周报-003", "噪声", "学院路夜间施工噪声。", "学院路街道", "2026-11-19 09:00", "13500000003"],
  ["", "垃圾", "河道边有垃圾堆放。", "清河街道", "2026-11-19 10:00", "13500000004"],
  ["周报-005", "占道", "上地信息路占道经营。", "上地街道", "前天下午", "13500000005"],
  ["周报-006", "井盖", "上地东路井盖松动。", "上地街道", "2026-11-20 08:50", "13500000006"],
];

test("the triager points to the header, checks the guesses and says what one column means", async () => {
  const { page } = desk;
  await page.getByRole("link", { name: "导入" }).click();
  await page.getByRole("heading", { name: "导入", exact: true }).waitFor();
  const file = await workbook("热线周报13500000009.xlsx", [
    ["热线周报（示例）", "2026 年第 47 周"],
    ["制表：某科", "审核：某某"],
    HEADER,
    ...ROWS,
  ]);
  await dropOn(page, file);
  await page.getByText("没有把握：请看看哪一行写着各列的名称").waitFor();
  assert.match(await page.getByRole("heading", { level: 1 }).innerText(), /^热线周报［电话］/);
  await assertReachable(page, "没有把握的表头");

  await page.getByRole("button", { name: "第 3 行选作表头" }).press("Enter");
  await page.getByText("第 3 行是表头").waitFor();
  await page.getByText("表头与“来电时间”相近").waitFor();
  await page.getByText("按相近的表头猜的").first().waitFor();
  await pick(page, "“机主号码”对应为", "来电号码");
  await page.getByRole("button", { name: /试导入$/ }).click();
  await page.getByRole("button", { name: "退回 3 行，查看" }).waitFor();
  assert.deepEqual(await counts(page), { 行数: 6, 将新增: 3, 将更新: 0, 无变化: 0, 退回: 3 });
  await page.getByRole("cell", { name: "改成确有的日期和时刻，如 2026-11-20 08:10" }).waitFor();
  await page.getByRole("button", { name: "将新增 3 行，查看" }).click();
  await page.getByRole("cell", { name: "周报-006" }).waitFor();
  await assertReachable(page, "试导入");

  await page.getByRole("button", { name: "确认导入（3 行有变化）" }).click();
  await page.getByText("已完成", { exact: true }).waitFor();
  assert.deepEqual(await counts(page), { 新增: 3, 更新: 0, 无变化: 0, 退回: 3 });
  await assertReachable(page, "导入结果");
});

test("the refused rows come in one file with what is wrong; mended and dropped again, only they are worked", async () => {
  const { page } = desk;
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载退回的 3 行，改好再导入" }).click();
  const mendFile = path.join(house.scratch, "退回.xlsx");
  await (await download).saveAs(mendFile);
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(mendFile);
  const sheet = book.worksheets[0];
  assert.ok(sheet);
  assert.deepEqual(textOf(sheet, 1), [...HEADER, "错误", "怎样改"]);
  assert.deepEqual(
    [2, 3, 4].map((r) => textOf(sheet, r).slice(5)),
    [
      [
        "13500000002",
        "来电时间（北京时间）：没有这一天或这一时刻",
        "改成确有的日期和时刻，如 2026-11-20 08:10",
      ],
      ["13500000004", "编号：缺少工单编号", "在“编号”列补填"],
      [
        "13500000005",
        "来电时间（北京时间）：无法识别的日期时间，可写作 2020-12-31 18:43:24",
        "改成 2026-11-20 08:10 这样的写法",
      ],
    ],
  );
  sheet.getCell("E2").value = "2026-11-20 08:20";
  sheet.getCell("A3").value = "周报-004";
  sheet.getCell("E4").value = "2026-11-18 15:00";
  await book.xlsx.writeFile(mendFile);

  await page.getByRole("link", { name: "返回导入记录" }).click();
  await page.setInputFiles("input[type=file]", mendFile);
  await page.getByText("上次确认的对应").first().waitFor();
  await page.getByRole("button", { name: "确认导入（3 行有变化）" }).click();
  await page.getByText("已完成", { exact: true }).waitFor();
  assert.deepEqual(await counts(page), { 新增: 3, 更新: 0, 无变化: 0, 退回: 0 });
});

test("a change shows what was and what would be, before it is made", async () => {
  const { page } = desk;
  await upload(page, "更正.csv", [HEADER, ["周报-001", "路灯全灭", ...(ROWS[0]?.slice(2) ?? [])]]);
  await page.getByRole("button", { name: "将更新 1 行，查看" }).click();
  const changed = page.getByRole("row").filter({ has: page.getByRole("link", { name: "周报-001" }) });
  assert.match(await changed.innerText(), /标题\s*路灯不亮\s*→\s*改为\s*路灯全灭/);
  await page.getByRole("button", { name: "放弃" }).click();
  await page.getByRole("heading", { name: "导入记录" }).waitFor();
});

test("the wrong file is taken back whole, but for what somebody has begun to work on", async () => {
  const { page } = desk;
  await upload(page, "错的一批.csv", [
    HEADER,
    ...["A", "B", "C"].map((n) => [
      `错批-${n}`,
      "误导入",
      "不该导入的一行。",
      "",
      "2026-11-20 08:00",
      "13500000007",
    ]),
  ]);
  await page.getByRole("button", { name: "确认导入（3 行有变化）" }).click();
  await page.getByText("已完成", { exact: true }).waitFor();
  const worked = await ticketCalled("错批-B");
  const lead = await house.town.as("shiftLead");
  const moved = await lead.move(worked, "sign");
  assert.equal(moved.status, 200);

  await page.getByRole("button", { name: "撤销这次导入" }).press("Enter");
  await page.getByRole("button", { name: "确认撤销" }).click();
  await page.getByText("请写明撤销的原因。").waitFor();
  await assertReachable(page, "撤销导入");
  await page.getByLabel("撤销的原因").fill("选错了文件");
  await page.getByRole("button", { name: "确认撤销" }).click();
  await page.getByText("作废 2 件，恢复 0 件，保留 1 件。").waitFor();
  const kept = page.getByRole("row").filter({ has: page.getByRole("link", { name: "错批-B" }) });
  assert.match(await kept.innerText(), /已签收/);
  await assertReachable(page, "撤销的结果");

  await page.getByRole("link", { name: "错批-B" }).click();
  await page.getByText("不该导入的一行。").first().waitFor();
  await page.goBack();
  await page.getByRole("link", { name: "返回导入记录" }).click();
  await page.getByRole("cell", { name: "已撤销（部分）" }).waitFor();
});

async function ticketCalled(number: string): Promise<string> {
  const row = await house.town.shell.db
    .selectFrom("ticket")
    .select("id")
    .where("number", "=", number)
    .executeTakeFirstOrThrow();
  return row.id;
}

async function upload(page: Page, name: string, rows: readonly (readonly string[])[]): Promise<void> {
  if (await page.getByRole("link", { name: "返回导入记录" }).isVisible())
    await page.getByRole("link", { name: "返回导入记录" }).click();
  const file = path.join(house.scratch, name);
  writeFileSync(file, `\ufeff${rows.map((r) => r.join(",")).join("\r\n")}\r\n`);
  await page.getByRole("heading", { name: "导入记录" }).waitFor();
  await page.setInputFiles("input[type=file]", file);
}

async function workbook(name: string, rows: readonly (readonly string[])[]): Promise<string> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("第47周");
  for (const row of rows) sheet.addRow([...row]);
  const file = path.join(house.scratch, name);
  await book.xlsx.writeFile(file);
  return file;
}

/** Lets a file go over the page's heading, far from the marked zone. */
async function dropOn(page: Page, file: string): Promise<void> {
  const bytes = readFileSync(file).toString("base64");
  const dropped = await page.evaluateHandle(`(() => {
    const data = new DataTransfer();
    const bytes = Uint8Array.from(atob("${bytes}"), (c) => c.charCodeAt(0));
    data.items.add(new File([bytes], ${JSON.stringify(path.basename(file))}));
    return data;
  })()`);
  const heading = page.getByRole("heading", { level: 1 });
  await heading.dispatchEvent("dragenter", { dataTransfer: dropped });
  await page.getByText("松开，即上传这个文件").waitFor();
  await heading.dispatchEvent("drop", { dataTransfer: dropped });
}

const textOf = (sheet: ExcelJSModule.Worksheet, row: number): string[] =>
  Array.from({ length: sheet.columnCount }, (_, i) => sheet.getRow(row).getCell(i + 1).text);

async function counts(page: Page): Promise<Record<string, number>> {
  const names = await page.locator(".import-counts dt").allTextContents();
  const values = await page.locator(".import-counts dd").allTextContents();
  return Object.fromEntries(names.map((name, i) => [name, Number(values[i])]));
}

async function pick(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole("combobox", { name: label }).click();
  await page.getByRole("combobox", { name: label }).fill(option);
  await page.locator(".ant-select-item-option", { hasText: option }).first().click();
}
