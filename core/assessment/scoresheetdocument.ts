/** 通报. The score sheet as an official paper: its text with a small table a group, and the whole table as an annex. */
import type { Annex, Block, ReportDocument, Table, TableColumn } from "../report/document.ts";
import { dayText, monthText } from "../report/wording.ts";
import { type Day, dayOf } from "../time/day.ts";
import {
  type Cells,
  columnHead,
  isSide,
  problemsText,
  type SheetColumn,
  type SheetFigures,
  type SheetGroup,
  type SheetRow,
  SIDE_COUNTS,
} from "./scoresheet.ts";
import type { ScoreSheetRules } from "./scoresheetrules.ts";
import { SHEET_SECTION_KEYS, SHEET_SECTIONS, type SheetWords } from "./scoresheetwords.ts";

/** What the paper says beside figures and text. */
export interface SheetPaper {
  /** 发文字号; "" for none. */
  readonly number: string;
  /** 1 the first, from 2 on corrections. */
  readonly version: number;
  /** Why there is a correction. */
  readonly reason: string;
  /** 暂定: published before the period was closed. */
  readonly provisional: boolean;
  /** The day it is published on; null while it is not. */
  readonly on: Day | null;
}

export function sheetDocument(
  figures: SheetFigures,
  words: SheetWords,
  paper: SheetPaper,
  rules: ScoreSheetRules,
): ReportDocument {
  return {
    head: paper.number === "" ? null : { issuer: `${rules.issuer}文件`, number: paper.number },
    title: sheetTitle(figures, rules),
    subtitle: marks(paper),
    body: [
      ...correction(paper),
      ...SHEET_SECTION_KEYS.filter((key) => words[key].trim() !== "").flatMap((key): readonly Block[] => [
        { kind: "heading", level: 1, text: SHEET_SECTIONS[key] },
        ...paragraphs(words[key]),
        ...(key === "ranking" ? figures.groups.map(rankingTable) : []),
      ]),
    ],
    signature: paper.on === null ? null : { by: rules.issuer, on: paper.on },
    annexes: [wholeTable(figures), problemTable(figures)],
    imprint:
      paper.on === null ? null : { copies: `${rules.copies}。`, printedBy: rules.issuer, on: paper.on },
  };
}

export function sheetTitle({ period }: Pick<SheetFigures, "period">, rules: ScoreSheetRules): string {
  return rules.title.replaceAll("{month}", monthText(period.name));
}

/** "（暂定）", "（更正）", "（草拟，尚未发布）": what a reader must see under the title. */
export function marks({ version, provisional, on }: SheetPaper): string {
  const said = [
    ...(on === null ? ["草拟，尚未发布"] : []),
    ...(version > 1 ? ["更正"] : []),
    ...(provisional ? ["暂定"] : []),
  ];
  return said.length === 0 ? "" : `（${said.join("，")}）`;
}

function correction({ version, reason, provisional }: SheetPaper): readonly Block[] {
  const said = [
    ...(version > 1 ? [`本通报为第 ${version} 版，更正此前发布的内容。更正原因：${reason}`] : []),
    ...(provisional ? ["本期尚未封账，本通报数字为暂定，以封账后的更正为准。"] : []),
  ];
  return said.map((text) => ({ kind: "paragraph", text }));
}

const paragraphs = (text: string): readonly Block[] =>
  text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => ({ kind: "paragraph", text: line.trim() }));

const SHORT: readonly (SheetColumn | "unit")[] = [
  ...(["rank", "unit", "tickets", "response", "solution", "satisfaction", "score", "rankChange"] as const),
];

function rankingTable(group: SheetGroup): Block {
  return { kind: "table", table: tableOf(group, SHORT, `${group.group ?? "未编组"}排名`) };
}

/** Annex 1: every figure of every unit, on wide paper. */
function wholeTable(figures: SheetFigures): Annex {
  const keys: readonly (SheetColumn | "unit")[] = [
    "rank",
    "unit",
    ...figures.columns.filter((key) => key !== "rank"),
  ];
  const taken = dayText(dayOf(Date.parse(figures.takenAt)));
  return {
    title: `${monthText(figures.period.name)}各单位考核成绩表`,
    wide: true,
    body: [
      ...figures.groups.map(
        (group): Block => ({ kind: "table", table: tableOf(group, keys, group.group ?? "未编组") }),
      ),
      {
        kind: "note",
        text: `${figures.scopeZh}口径；${figures.rules.title}（${figures.rules.source}）；统计至 ${taken}。带 * 的列出而不排名。${figures.notes.join("；")}。`,
      },
    ],
  };
}

/** Annex 2: the main problems of every unit that has any. */
function problemTable(figures: SheetFigures): Annex {
  const columns: readonly TableColumn[] = [
    { title: "分组", align: "left", weight: 2 },
    { title: "单位", align: "left", weight: 3 },
    { title: "主要问题（件）", align: "left", weight: 7 },
  ];
  const rows = figures.groups.flatMap(({ group, rows: units }) =>
    units
      .filter((row) => row.problems.length > 0)
      .map((row) => ({ cells: [group ?? "未编组", row.unit.shortName, problemsText(row.problems)] })),
  );
  return {
    title: `${monthText(figures.period.name)}各单位主要问题`,
    wide: false,
    body: [
      rows.length === 0
        ? { kind: "paragraph", text: "本期没有未解决、不满意的诉求。" }
        : { kind: "table", table: { caption: "", columns, rows } },
    ],
  };
}

function tableOf(group: SheetGroup, keys: readonly (SheetColumn | "unit")[], caption: string): Table {
  return {
    caption,
    columns: keys.map((key) => (key === "unit" ? UNIT : column(key))),
    rows: [
      ...group.rows.map((row) => ({ cells: keys.map((key) => cellOf(row, key)) })),
      { cells: keys.map((key) => totalOf(group.total, key)), strong: true },
    ],
  };
}

const UNIT: TableColumn = { title: "单位", align: "left", weight: 2.6 };

function column(key: SheetColumn): TableColumn {
  const align = key === "rank" ? "center" : "right";
  const group = isSide(key) ? SIDE_COUNTS[key].group : null;
  return { title: columnHead(key), align, weight: WEIGHTS[key] ?? 1.1, ...(group === null ? {} : { group }) };
}

const WEIGHTS: Readonly<Partial<Record<SheetColumn, number>>> = {
  ...{
    response: 1.35,
    solution: 1.35,
    satisfaction: 1.35,
    onTime: 1.35,
    rankChange: 1.25,
    scoreChange: 1.25,
  },
};

function cellOf(row: SheetRow, key: SheetColumn | "unit"): string {
  if (key !== "unit") return row.cells[key];
  return row.unranked === null ? row.unit.shortName : `${row.unit.shortName}*`;
}

function totalOf(total: Cells, key: SheetColumn | "unit"): string {
  if (key === "unit") return "合计";
  return key === "rank" ? "" : total[key];
}
