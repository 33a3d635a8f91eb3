/** 对账的表格: the differences line by line, and the levels beside one another, as the screens show them. */

import { COMPARISONS, ENTRY_SCOPE_NAMES, MEASURE_NAMES as N } from "@jiesu/core/assessment/measures.ts";
import { DIFFERING_NAMES } from "@jiesu/core/assessment/reconcile.ts";
import ExcelJS from "exceljs";
import type { z } from "zod";
import type { ComparisonOut, LineOut, SummaryOut } from "./shape.ts";

type Line = z.infer<typeof LineOut>;
type Reading = Line["city"];
type Unit = z.infer<typeof ComparisonOut>["units"][number];

const STATE_ZH: Readonly<Record<Line["state"], string>> = {
  equal: "相同",
  open: "待处置",
  disputed: "已提异议",
  answered: "异议已答复",
};
const ANSWER_ZH: Readonly<Record<"contacted" | "solved" | "satisfied", Readonly<Record<string, string>>>> = {
  contacted: { yes: "是", no: "否" },
  solved: { yes: "解决", partly: "部分解决", no: "未解决" },
  satisfied: { satisfied: "满意", basically: "基本满意", dissatisfied: "不满意" },
};
const RANK = COMPARISONS.rank.name;
const READING = ["单位", "口径", N.base, "是否联系", "是否解决", "是否满意"];

/** A row a line, the city's reading and ours side by side. */
export async function differencesBook(
  summary: z.infer<typeof SummaryOut>,
  lines: readonly Line[],
  now: number,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("逐件差异", { views: [{ state: "frozen", ySplit: 3 }] });
  const { period, file } = summary;
  sheet.addRow([`${period.name} 市级结果差异`]);
  sheet.addRow([
    `${period.from} 至 ${period.to} · 市级逐件结果第 ${file.version} 版 ${summary.lines} 行，相同 ${summary.equal}，差异 ${lines.length} · 统计至 ${minute(now)}`,
  ]);
  sheet.addRow([
    ...["文件行", "工单编号", "轮次", "可能原因", "不同之处", "处置"],
    ...READING.map((name) => `市级：${name}`),
    ...READING.map((name) => `本区：${name}`),
    ...["市级剔除依据"],
  ]);
  for (const line of lines)
    sheet.addRow([
      line.row ?? "—",
      line.number,
      line.ticket?.round ?? "—",
      line.causeZh,
      line.fields.map((field) => DIFFERING_NAMES[field]).join("、"),
      STATE_ZH[line.state],
      ...readingCells(line.city, line.unitSaid),
      ...readingCells(line.ours, ""),
      line.ground,
    ]);
  return finished(book, sheet, [8, 22, 6, 28, 20]);
}

function readingCells(reading: Reading, said: string): readonly string[] {
  if (reading === null) return ["不计入", "", "", "", "", ""];
  const answer = (question: keyof typeof ANSWER_ZH) => {
    const value = reading[question];
    return value === null ? "未评价" : (ANSWER_ZH[question][value] ?? value);
  };
  return [
    reading.unit?.name ?? said,
    ENTRY_SCOPE_NAMES[reading.scope],
    reading.valid ? "是" : "否",
    answer("contacted"),
    answer("solved"),
    answer("satisfied"),
  ];
}

/** A row a unit. */
export async function comparisonBook(
  comparison: z.infer<typeof ComparisonOut>,
  now: number,
): Promise<Buffer> {
  const { period, rules, districtRules } = comparison;
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("市区对照", { views: [{ state: "frozen", xSplit: 1, ySplit: 3 }] });
  const standIn = rules.standIn ? "（市级尚无考核规则，暂用区级）" : "";
  sheet.addRow([`${period.name} 市区对照`]);
  sheet.addRow([
    `${period.from} 至 ${period.to} · 市级口径：${rules.title}${standIn} · 区级口径：${districtRules} · 统计至 ${minute(now)}`,
  ]);
  sheet.addRow([
    "单位",
    ...[`市级公布：${N.tickets}`, N.base, N.response, N.solution, N.satisfaction, N.score, RANK],
    ...[`逐件推算：${N.base}`, N.score, RANK],
    ...[`本区市级口径：${N.base}`, N.score, RANK],
    ...[`区级：${N.base}`, N.score, RANK],
    ...["差异件数", "仍差件数"],
  ]);
  for (const unit of comparison.units) sheet.addRow(comparedCells(unit));
  return finished(book, sheet, [22]);
}

function comparedCells(unit: Unit): readonly (string | number)[] {
  const { published } = unit;
  const place = (of: Unit["ours"]) =>
    of === null ? ["—", "—", "—"] : [of.base, of.score ?? "—", of.rank ?? "—"];
  const number = (text: string | null | undefined) => (text == null ? "—" : Number(text));
  return [
    unit.unit?.shortName ?? unit.said,
    published?.tickets ?? "—",
    published?.base ?? "—",
    number(published?.response),
    number(published?.solution),
    number(published?.satisfaction),
    number(published?.score),
    published?.rank ?? "—",
    ...place(unit.lines),
    ...place(unit.ours),
    ...place(unit.district),
    unit.differing,
    unit.unexplained,
  ];
}

async function finished(
  book: ExcelJS.Workbook,
  sheet: ExcelJS.Worksheet,
  widths: readonly number[],
): Promise<Buffer> {
  sheet.getRow(1).font = { bold: true, size: 14 };
  sheet.getRow(3).font = { bold: true };
  sheet.columns.forEach((column, i) => {
    column.width = widths[i] ?? 13;
  });
  return Buffer.from(await book.xlsx.writeBuffer());
}

const minute = (at: number): string =>
  new Date(at + 8 * 3_600_000).toISOString().replace("T", " ").slice(0, 16);
