/** 成绩单表. The score sheet as a workbook: every group with its total, then the main problems, with the digits of the screen. */
import {
  columnHead,
  columnName,
  isSide,
  problemsText,
  type SheetColumn,
  type SheetFigures,
  SIDE_COUNTS,
} from "@jiesu/core/assessment/scoresheet.ts";
import { columnGroups } from "@jiesu/core/report/document.ts";
import ExcelJS from "exceljs";

const HEAD_ROWS = 4;

/** `title` and `marks` as on the paper; `at` is written into the file as the moment when it was made. */
export async function sheetBook(
  figures: SheetFigures,
  title: string,
  marks: string,
  at: number,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.created = new Date(at);
  book.modified = new Date(at);
  mainSheet(book, figures, `${title}${marks}`);
  problemSheet(book, figures);
  return Buffer.from(await book.xlsx.writeBuffer());
}

function mainSheet(book: ExcelJS.Workbook, figures: SheetFigures, title: string): void {
  const sheet = book.addWorksheet("成绩单", { views: [{ state: "frozen", ySplit: HEAD_ROWS, xSplit: 2 }] });
  const { period, rules, scopeZh } = figures;
  const keys = figures.columns.filter((key) => key !== "rank");
  sheet.addRow([title]).font = { bold: true, size: 14 };
  sheet.addRow([`${period.from} 至 ${period.to} · ${scopeZh} · ${rules.title}`]);
  headRows(sheet, keys);
  for (const { group, rows, total } of figures.groups) {
    sheet.addRow([group ?? "未编组"]).font = { bold: true };
    for (const { unit, unranked, cells } of rows) {
      const name = unranked === null ? unit.shortName : `${unit.shortName}（${unranked}）`;
      addLine(sheet, [cells.rank, name, ...keys.map((key) => cells[key])]);
    }
    addLine(sheet, ["", "合计", ...keys.map((key) => total[key])]).font = { bold: true };
  }
  for (const note of [...figures.notes, `依据：${rules.source}`]) sheet.addRow([note]);
  sheet.columns.forEach((column, i) => {
    column.width = i === 1 ? 22 : 11;
  });
}

/** Groups of columns over their titles. */
function headRows(sheet: ExcelJS.Worksheet, keys: readonly SheetColumn[]): void {
  const heads = keys.map((key) => {
    const group = isSide(key) ? SIDE_COUNTS[key].group : null;
    const title = columnHead(key).replace("\n", "");
    return { title, align: "right" as const, weight: 1, ...(group === null ? {} : { group }) };
  });
  const upper = sheet.addRow([]);
  const lower = sheet.addRow([columnName("rank"), "单位", ...heads.map(({ title }) => title)]);
  let from = 3;
  for (const { group, span } of columnGroups(heads)) {
    if (group !== null) {
      upper.getCell(from).value = group;
      upper.getCell(from).alignment = { horizontal: "center" };
      sheet.mergeCells(upper.number, from, upper.number, from + span - 1);
    }
    from += span;
  }
  upper.font = { bold: true };
  lower.font = { bold: true };
}

function problemSheet(book: ExcelJS.Workbook, figures: SheetFigures): void {
  const sheet = book.addWorksheet("主要问题", { views: [{ state: "frozen", ySplit: 1 }] });
  sheet.addRow(["分组", "单位", "主要问题（件）"]).font = { bold: true };
  for (const { group, rows } of figures.groups)
    for (const { unit, problems } of rows)
      sheet.addRow([group ?? "未编组", unit.shortName, problemsText(problems)]);
  sheet.addRow(["全部", "", problemsText(figures.problems)]).font = { bold: true };
  for (const [at, width] of [14, 18, 80].entries()) sheet.getColumn(at + 1).width = width;
}

function addLine(sheet: ExcelJS.Worksheet, texts: readonly string[]): ExcelJS.Row {
  const row = sheet.addRow(texts.map((text, at) => (at === 1 ? text : shownAs(text))));
  texts.forEach((text, at) => {
    if (at === 1) return;
    const cell = row.getCell(at + 1);
    cell.alignment = { horizontal: "right" };
    const format = formatOf(text);
    if (format !== null) cell.numFmt = format;
  });
  return row;
}

/** A number that can be reckoned with where the text is one, as it is shown. */
function shownAs(text: string): string | number {
  if (/^[+-]?\d+(\.\d+)?$/.test(text)) return Number(text);
  const percent = /^(-?\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  return percent === undefined ? text : Number((Number(percent) / 100).toFixed(6));
}

/** As many digits as on the screen. */
function formatOf(text: string): string | null {
  const match = /^-?\d+(?:\.(\d+))?(%?)$/.exec(text);
  if (match === null) return null;
  const decimals = "0".repeat(match[1]?.length ?? 0);
  return `0${decimals === "" ? "" : `.${decimals}`}${match[2] ?? ""}`;
}
