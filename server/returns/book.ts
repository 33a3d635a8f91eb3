/** 采集与退单统计表. The three tables by every division that is asked for each week and month, as a workbook; no requester in it. */
import type { DayRange } from "@jiesu/core/time/period.ts";
import ExcelJS from "exceljs";
import type { Shell } from "../platform/shell.ts";
import { collectionStatistics, returnStatistics, withdrawalStatistics } from "./statistics.ts";

const RETURNS = { unit: "单位", ground: "情形", category: "类别", outcome: "结果", week: "周" } as const;
const COLLECTION = { channel: "渠道", path: "路径", kind: "诉求类型", hour: "时刻" } as const;
const WITHDRAWALS = { channel: "渠道", category: "类别", street: "街镇" } as const;

type Stat = Awaited<ReturnType<typeof returnStatistics>>;

export async function returnsBook(shell: Shell, days: DayRange): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  for (const by of keysOf(RETURNS))
    sheetOf(book, `退单·按${RETURNS[by]}`, RETURNS[by], await returnStatistics(shell, days, by, null));
  for (const by of keysOf(WITHDRAWALS))
    sheetOf(book, `退市·按${WITHDRAWALS[by]}`, WITHDRAWALS[by], await withdrawalStatistics(shell, days, by));
  for (const by of keysOf(COLLECTION))
    sheetOf(book, `采集·按${COLLECTION[by]}`, COLLECTION[by], await collectionStatistics(shell, days, by));
  return Buffer.from(await book.xlsx.writeBuffer());
}

const keysOf = <K extends string>(table: Readonly<Record<K, string>>): readonly K[] =>
  Object.keys(table).filter((key): key is K => Object.hasOwn(table, key));

function sheetOf(book: ExcelJS.Workbook, name: string, what: string, stat: Stat): void {
  const sheet = book.addWorksheet(name, { views: [{ state: "frozen", xSplit: 1, ySplit: 3 }] });
  sheet.addRow([`${name}（${stat.days.from} 至 ${stat.days.to}）`]).font = { bold: true, size: 14 };
  sheet.addRow([`环比为 ${stat.before.from} 至 ${stat.before.to}；指标定义见各表头批注`]);
  const ranks = stat.rows.some((row) => row.place !== null);
  const heads = [what, ...stat.measures.map(({ name: zh, unit }) => `${zh}（${unit}）`), "上期"];
  const header = sheet.addRow(ranks ? [...heads, "退单率名次"] : heads);
  header.font = { bold: true };
  for (const [at, measure] of stat.measures.entries()) header.getCell(at + 2).note = measure.definition;
  for (const row of [...stat.rows, stat.total]) {
    const cells = stat.measures.map(({ key }) => row.figures[key] ?? "—");
    sheet.addRow([row.name, ...cells, row.before, ...(ranks ? [row.place ?? "—"] : [])]);
  }
  const last = sheet.lastRow;
  if (last) last.font = { bold: true };
  sheet.getColumn(1).width = 28;
}
