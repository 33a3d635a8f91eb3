/** 排名表. The ranking as a workbook, exactly as the screen shows it: its groups, columns, words and digits. */
import { rankChange, scoreChange } from "@jiesu/core/assessment/change.ts";
import { LEVEL_NAMES } from "@jiesu/core/assessment/level.ts";
import { COMPARISONS, MEASURE_NAMES as N, ON_TIME_NOTES } from "@jiesu/core/assessment/measures.ts";
import { segmentsText } from "@jiesu/core/assessment/segments.ts";
import ExcelJS from "exceljs";
import type { z } from "zod";
import type { OnTime, OnTimeReport, RankReport } from "./figures.ts";
import { type RankOut, rankOut } from "./shape.ts";
import { rowOf } from "./trend.ts";

type Out = z.infer<typeof RankOut>;
type Row = Out["groups"][number]["units"][number];
type Result = Out["groups"][number]["total"];

const RATES = ["response", "solution", "satisfaction"] as const;
const COUNTS = [
  "contacted",
  "solved",
  "partlySolved",
  "unsolved",
  "satisfied",
  "basicallySatisfied",
  "dissatisfied",
] as const;

export interface Asked {
  /** With the counts of every answer. */
  readonly counts: boolean;
  /** That unit's row alone; null for all. */
  readonly ownUnit: string | null;
  /** 按期办结率 of the units. */
  readonly onTime: readonly OnTime[];
  readonly stands: OnTimeReport["stands"];
}

/** The bytes of the workbook; `before` is the period before, to compare with. */
export async function rankBook(
  report: RankReport,
  before: RankReport | null,
  now: number,
  asked: Asked,
): Promise<Buffer> {
  const out = rankOut(report, now, asked.ownUnit);
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("三率排名", { views: [{ state: "frozen", ySplit: 3 }] });
  const shown = { counts: asked.counts, adjusts: out.adjusts };
  const headers = headersOf(shown);
  sheet.addRow([`${out.period.name} 三率排名（${LEVEL_NAMES[report.ruleSet.level]}，${out.scopeZh}）`]);
  sheet.addRow([
    `${out.period.from} 至 ${out.period.to} · ${segmentsText(out.rules.segments) ?? out.rules.title}${out.rules.trial ? "（试算）" : ""} · 统计至 ${minute(now)}`,
  ]);
  sheet.addRow(headers);
  sheet.getRow(1).font = { bold: true, size: 14 };
  sheet.getRow(3).font = { bold: true };
  for (const group of out.groups) {
    sheet.addRow([group.group ?? "未编组"]).font = { bold: true };
    for (const row of group.units) addUnit(sheet, row, report, before, asked, shown);
    const total = sheet.addRow(["", "合计", ...figuresOf(group.total, shown)]);
    total.font = { bold: true };
    formatRow(total, group.total, shown);
  }
  const notes = [...out.notes, ...onTimeNotes(asked.stands), `依据：${out.rules.source}`];
  for (const note of notes) sheet.addRow([note]);
  sheet.columns.forEach((column, i) => {
    column.width = i === 1 ? 22 : 12;
  });
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** What is shown beside the usual: the counts of every answer, 基础得分 and 加减分. */
interface Shown {
  readonly counts: boolean;
  readonly adjusts: boolean;
}

function headersOf({ counts, adjusts }: Shown): readonly string[] {
  return [
    COMPARISONS.rank.name,
    "单位",
    N.tickets,
    N.base,
    ...RATES.map((key) => N[key]),
    ...(adjusts ? [N.basic, N.points] : []),
    N.score,
    ...(counts ? COUNTS.map((key) => N[key]) : []),
    ...[COMPARISONS.rankChange.name, COMPARISONS.scoreChange.name, N.onTime, N.density],
  ];
}

function addUnit(
  sheet: ExcelJS.Worksheet,
  row: Row,
  report: RankReport,
  before: RankReport | null,
  { onTime }: Asked,
  shown: Shown,
): void {
  const then = before === null ? null : rowOf(before, row.unit.id);
  const thenOut = before === null || then === null ? null : rankOut(before, 0, row.unit.id);
  const thenRow = thenOut?.groups[0]?.units[0] ?? null;
  const changes = [
    rankChange(row.rank, thenRow?.rank ?? null),
    scoreChange(row.score, thenRow?.score ?? null, report.ruleSet.scoreDigits),
    onTime.find((each) => each.unitId === row.unit.id)?.text ?? "—",
    row.density.value === null ? "—" : Number(row.density.text),
  ];
  const name = row.unranked === null ? row.unit.shortName : `${row.unit.shortName}（${row.unranked}）`;
  formatRow(sheet.addRow([row.rank ?? "—", name, ...figuresOf(row, shown, changes)]), row, shown);
}

function figuresOf(
  of: Result,
  { counts, adjusts }: Shown,
  rest: readonly (string | number)[] = ["", "", "", ""],
): readonly (string | number)[] {
  return [
    of.tickets,
    of.base,
    // the rounded rate as it is shown, as a number that can be reckoned with
    ...RATES.map((rate) =>
      of[rate] === null ? "—" : Number((Number.parseFloat(of.text[rate]) / 100).toFixed(6)),
    ),
    ...(adjusts ? [of.basic ?? "—", of.points ?? "—"] : []),
    of.score ?? "—",
    ...(counts ? COUNTS.map((key) => of[key]) : []),
    ...rest,
  ];
}

/** As many digits as on the screen. */
function formatRow(row: ExcelJS.Row, of: Result, { adjusts }: Shown): void {
  const digits = (text: string) => "0".repeat(/\.(\d+)/.exec(text)?.[1]?.length ?? 0);
  const format = (text: string, end: string) => {
    const decimals = digits(text);
    return `0${decimals === "" ? "" : `.${decimals}`}${end}`;
  };
  RATES.forEach((rate, i) => {
    row.getCell(5 + i).numFmt = format(of.text[rate], "%");
  });
  if (adjusts) {
    row.getCell(8).numFmt = format(of.text.basic, "");
    const points = format(of.text.points, "");
    row.getCell(9).numFmt = `+${points};-${points};0`;
  }
  row.getCell(adjusts ? 10 : 8).numFmt = format(of.text.score, "");
  for (let cell = 3; cell <= row.cellCount; cell++) row.getCell(cell).alignment = { horizontal: "right" };
}

const onTimeNotes = (stands: OnTimeReport["stands"]): readonly string[] =>
  stands === "live" ? [] : [ON_TIME_NOTES[stands]];

const minute = (at: number): string =>
  new Date(at + 8 * 3_600_000).toISOString().replace("T", " ").slice(0, 16);
