/** 受影响的时限. The clocks that a draft would move, as a workbook: one row each, the most pressing first. */
import { isLate } from "@jiesu/core/deadline/clock.ts";
import { CLOCKS } from "@jiesu/core/deadline/kind.ts";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import type { Reckoned } from "../ticket/reckoning.ts";

const COLUMNS = [
  { header: "工单编号", width: 24 },
  { header: "承办单位", width: 20 },
  { header: "时限", width: 12 },
  { header: "现到期时间", width: 18 },
  { header: "调整后到期时间", width: 18 },
  { header: "变化（小时）", width: 12 },
  { header: "调整后是否超期", width: 14 },
] as const;

export async function movedBook(moved: readonly Reckoned[], source: string, now: number): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("受影响的时限", { views: [{ state: "frozen", ySplit: 2 }] });
  const overdue = moved.filter((each) => isLate(each.after, now)).length;
  sheet.addRow([`依据：${source}。共 ${moved.length} 个在办时限变化，其中 ${overdue} 个将变为超期。`]);
  sheet.addRow(COLUMNS.map((column) => column.header)).font = { bold: true };
  for (const [at, column] of COLUMNS.entries()) sheet.getColumn(at + 1).width = column.width;
  for (const each of moved.toSorted((a, b) => a.after - b.after || (a.number < b.number ? -1 : 1)))
    sheet.addRow([
      each.number,
      each.unit,
      CLOCKS[each.kind].zh,
      minute(each.before),
      minute(each.after),
      Math.round((10 * (each.after - each.before)) / HOUR_MS) / 10,
      isLate(each.after, now) ? "是" : "否",
    ]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** "2026-11-20 09:00" in Beijing. */
function minute(at: number): string {
  return new Date(at + 8 * HOUR_MS).toISOString().slice(0, 16).replace("T", " ");
}
