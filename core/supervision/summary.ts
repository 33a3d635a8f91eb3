/** 督办汇总. What every unit has under supervision and how it stands; proposals and what was never taken up count nowhere. */
import type { ReportDocument, Table } from "../report/document.ts";
import { dayText } from "../report/wording.ts";
import { clockText, type Day } from "../time/day.ts";
import {
  SUPERVISION_LEVELS,
  SUPERVISION_STATES,
  type SupervisionLevel,
  type SupervisionState,
} from "./lifecycle.ts";

export interface SummaryItem {
  readonly id: string;
  readonly title: string;
  readonly level: SupervisionLevel;
  readonly state: SupervisionState;
  /** Its lead unit; null before one is named. */
  readonly unit: { readonly id: string; readonly name: string } | null;
  readonly tickets: readonly string[];
  readonly dueAt: number | null;
  readonly overdue: boolean;
  readonly late: boolean;
  readonly word: { readonly text: string; readonly by: string; readonly at: number } | null;
}

/** The columns of numbers: what an item must be to count in each; each opens into exactly its items. */
export const SUMMARY_COUNTS = {
  total: { zh: "督办件", about: "列入督办的件数：不含待立项和不予立项的线索。", states: null, level: null },
  arrived: { zh: "待转办", about: "已列入督办、还没有转给责任单位。", states: ["arrived"], level: null },
  handling: { zh: "办理中", about: "责任单位首次办理，还没有报办结。", states: ["handling"], level: null },
  rework: { zh: "重办", about: "退回重办或恢复督办，还没有再报办结。", states: ["rework"], level: null },
  checking: {
    zh: "核查中",
    about: "单位已报办结，等待核查或销号。",
    states: ["answered", "review"],
    level: null,
  },
  closed: { zh: "已销号", about: "已经销号。", states: ["closed"], level: null },
  general: { zh: "一般", about: "督办等级为一般。", states: null, level: "general" },
  key: { zh: "重点", about: "督办等级为重点。", states: null, level: "key" },
  listed: { zh: "挂牌", about: "督办等级为挂牌。", states: null, level: "listed" },
  overdue: { zh: "现超期", about: "现行时限已过、还没有办完这一步。", states: null, level: null },
  late: { zh: "迟转", about: "转办时已超过督办转办时限。", states: null, level: null },
} as const satisfies Record<
  string,
  {
    zh: string;
    about: string;
    states: readonly SupervisionState[] | null;
    level: SupervisionLevel | null;
  }
>;

export type SummaryCount = keyof typeof SUMMARY_COUNTS;
export const ALL_SUMMARY_COUNTS = Object.keys(SUMMARY_COUNTS) as readonly SummaryCount[];
export const CLOSING_RATE = { zh: "销号率", about: "已销号 ÷ 督办件。没有督办件的为“—”。" } as const;

export interface SummaryLine {
  /** Null: of no unit yet. */
  readonly unit: SummaryItem["unit"];
  readonly counts: Readonly<Record<SummaryCount, number>>;
  /** 销号率 as it is shown. */
  readonly rate: string;
  /** The last word on any of its items, and on which. */
  readonly last: (NonNullable<SummaryItem["word"]> & { readonly id: string; readonly title: string }) | null;
}

/** The states that count at all. */
export const COUNTED_STATES: readonly SupervisionState[] = (
  Object.keys(SUPERVISION_STATES) as readonly SupervisionState[]
).filter((state) => state !== "proposed" && state !== "dismissed");

/** A line a unit, the one with most open first, those of nobody last; and all together. */
export function summaryOf(all: readonly SummaryItem[]): {
  readonly lines: readonly SummaryLine[];
  readonly total: SummaryLine;
} {
  const counted = all.filter((item) => COUNTED_STATES.includes(item.state));
  const openOf = (line: SummaryLine): number => line.counts.total - line.counts.closed;
  const lines = [...Map.groupBy(counted, (item) => item.unit?.id ?? "")]
    .map(([, items]) => lineOf(items[0]?.unit ?? null, items))
    .sort(
      (a, b) =>
        Number(a.unit === null) - Number(b.unit === null) ||
        openOf(b) - openOf(a) ||
        b.counts.total - a.counts.total ||
        ((a.unit?.name ?? "") < (b.unit?.name ?? "") ? -1 : 1),
    );
  return { lines, total: { ...lineOf(null, counted), last: null } };
}

function lineOf(unit: SummaryItem["unit"], items: readonly SummaryItem[]): SummaryLine {
  const count = (key: SummaryCount): number => items.filter((item) => isCounted(key, item)).length;
  const counts = {
    ...{
      total: count("total"),
      arrived: count("arrived"),
      handling: count("handling"),
      rework: count("rework"),
    },
    ...{ checking: count("checking"), closed: count("closed"), general: count("general"), key: count("key") },
    ...{ listed: count("listed"), overdue: count("overdue"), late: count("late") },
  };
  const spoken = items
    .flatMap(({ id, title, word }) => (word === null ? [] : [{ ...word, id, title }]))
    .sort((a, b) => b.at - a.at);
  return {
    ...{ unit, counts, last: spoken[0] ?? null },
    rate: counts.total === 0 ? "—" : `${((counts.closed / counts.total) * 100).toFixed(1)}%`,
  };
}

/** Whether an item counts in a column, as the table of columns says. */
function isCounted(key: SummaryCount, item: SummaryItem): boolean {
  if (key === "overdue") return item.overdue;
  if (key === "late") return item.late;
  const { states, level }: { states: readonly SupervisionState[] | null; level: SupervisionLevel | null } =
    SUMMARY_COUNTS[key];
  return (states === null || states.includes(item.state)) && (level === null || level === item.level);
}

interface SummaryPaper {
  /** "2020-12", or null for all periods. */
  readonly period: string | null;
  readonly at: number;
  readonly on: Day;
}

/** 督办情况汇总 as an official paper: its figures in words and a table, every open item with its last word annexed. */
export function summaryDocument(all: readonly SummaryItem[], paper: SummaryPaper): ReportDocument {
  const { lines, total } = summaryOf(all);
  const { counts } = total;
  const open = all.filter((item) => COUNTED_STATES.includes(item.state) && item.state !== "closed");
  const worst = lines.filter((line) => line.unit !== null && line.counts.overdue > 0);
  return {
    head: null,
    title: "督办情况汇总",
    subtitle: `（${paper.period === null ? "全部考核期" : `${paper.period} 考核期`}，统计至 ${clockText(paper.at)}）`,
    body: [
      { kind: "heading", level: 1, text: "总体情况" },
      {
        kind: "paragraph",
        text: `列入督办 ${counts.total} 件，其中挂牌 ${counts.listed} 件、重点 ${counts.key} 件；已销号 ${counts.closed} 件，销号率 ${total.rate}；办理中 ${counts.handling} 件、重办 ${counts.rework} 件、核查中 ${counts.checking} 件、待转办 ${counts.arrived} 件；现超期 ${counts.overdue} 件，迟转 ${counts.late} 件。`,
      },
      ...(worst.length === 0
        ? []
        : [
            {
              kind: "paragraph",
              text: `现超期的单位：${worst.map((line) => `${line.unit?.name ?? ""} ${line.counts.overdue} 件`).join("、")}。`,
            } as const,
          ]),
      { kind: "heading", level: 1, text: "各单位情况" },
      { kind: "table", table: unitTable(lines, total) },
      { kind: "note", text: `${SUMMARY_COUNTS.total.about}${CLOSING_RATE.about}按主责单位统计。` },
    ],
    signature: { by: "区市民服务热线中心", on: paper.on },
    annexes: [
      {
        title: "未销号督办件及最新情况",
        wide: true,
        body: [
          open.length === 0
            ? { kind: "paragraph", text: "没有未销号的督办件。" }
            : { kind: "table", table: itemTable(open) },
          { kind: "note", text: `统计至 ${dayText(paper.on)}。` },
        ],
      },
    ],
    imprint: null,
  };
}

const SHOWN: readonly SummaryCount[] = [
  "total",
  "arrived",
  "handling",
  "rework",
  "checking",
  "closed",
  "overdue",
];

function unitTable(lines: readonly SummaryLine[], total: SummaryLine): Table {
  const cells = (line: SummaryLine): readonly string[] => [
    ...SHOWN.map((key) => String(line.counts[key])),
    line.rate,
  ];
  return {
    caption: "",
    columns: [
      { title: "单位", align: "left", weight: 2.4 },
      ...SHOWN.map((key) => ({ title: SUMMARY_COUNTS[key].zh, align: "right", weight: 1.1 }) as const),
      { title: CLOSING_RATE.zh, align: "right", weight: 1.3 },
    ],
    rows: [
      ...lines.map((line) => ({ cells: [line.unit?.name ?? "未定单位", ...cells(line)] })),
      { cells: ["合计", ...cells(total)], strong: true },
    ],
  };
}

function itemTable(items: readonly SummaryItem[]): Table {
  return {
    caption: "",
    columns: [
      { title: "单位", align: "left", weight: 1.4 },
      { title: "等级", align: "center", weight: 0.7 },
      { title: "督办件", align: "left", weight: 3 },
      { title: "状态", align: "center", weight: 0.9 },
      { title: "到期", align: "center", weight: 1.2 },
      { title: "最新情况", align: "left", weight: 4 },
    ],
    rows: [...items]
      .sort((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
      .map((item) => ({
        cells: [
          ...[item.unit?.name ?? "未定单位", SUPERVISION_LEVELS[item.level], item.title],
          ...[SUPERVISION_STATES[item.state].zh, item.dueAt === null ? "—" : clockText(item.dueAt)],
          item.word === null ? "—" : `${item.word.text}（${item.word.by}）`,
        ],
      })),
  };
}
