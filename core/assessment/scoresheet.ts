/**
 * Monthly score sheet 月度考核成绩单: what stands in a unit's row, and how two sheets of one period differ. The figures are the
 * ledger's own, as text with the digits that every screen shows; nothing is reckoned here.
 */
import type { Question } from "./entry.ts";
import type { Level } from "./level.ts";
import { COMPARISONS, FIGURE_NAMES, MEASURE_NAMES } from "./measures.ts";

/** What is counted beside the ledger: the records of exemptions, shelvings, returns and rework. */
export const SIDE_COUNTS = {
  exemptApplied: {
    zh: "申请",
    group: "不纳入考核",
    definition: "对计入本期的工单提出的不纳入考核申请件数；撤回的、申诉不另计",
  },
  exemptUpheld: { zh: "认定", group: "不纳入考核", definition: "其中市级认定的件数，含申诉后认定的" },
  exemptDenied: { zh: "查否", group: "不纳入考核", definition: "其中市级查否、申诉也未改认定的件数" },
  shelvedNew: { zh: "新增", group: "挂账", definition: "本期内批准挂账的件数" },
  shelvedLive: { zh: "在挂", group: "挂账", definition: "期末（本期未结束的为统计时）仍在挂账的件数" },
  shelvedEnded: { zh: "销账", group: "挂账", definition: "本期内销账的件数" },
  returned: { zh: "退单", group: null, definition: "本期内中心同意退单、不再由本单位承办的轮次" },
  reworked: { zh: "重办", group: null, definition: "本期内退回本单位重办的次数" },
} as const satisfies Record<string, { zh: string; group: string | null; definition: string }>;
export type SideKey = keyof typeof SIDE_COUNTS;
export const SIDE_KEYS = Object.keys(SIDE_COUNTS) as readonly SideKey[];
export type SideCounts = Readonly<Record<SideKey, number>>;

/** The columns in their order. `measure` names the one of the catalogue whose words and tickets it has. */
export const SHEET_COLUMNS = [
  { key: "rank", zh: COMPARISONS.rank.name, measure: null },
  { key: "tickets", zh: MEASURE_NAMES.tickets, measure: "tickets" },
  { key: "base", zh: MEASURE_NAMES.base, measure: "base" },
  { key: "response", zh: MEASURE_NAMES.response, measure: "response" },
  { key: "solution", zh: MEASURE_NAMES.solution, measure: "solution" },
  { key: "satisfaction", zh: MEASURE_NAMES.satisfaction, measure: "satisfaction" },
  { key: "basic", zh: MEASURE_NAMES.basic, measure: "basic" },
  { key: "points", zh: MEASURE_NAMES.points, measure: "points" },
  { key: "score", zh: MEASURE_NAMES.score, measure: "score" },
  { key: "rankChange", zh: COMPARISONS.rankChange.name, measure: null },
  { key: "scoreChange", zh: COMPARISONS.scoreChange.name, measure: null },
  { key: "density", zh: MEASURE_NAMES.density, measure: "density" },
  { key: "onTime", zh: MEASURE_NAMES.onTime, measure: "onTime" },
  { key: "overdue", zh: MEASURE_NAMES.late, measure: "late" },
] as const;
export type SheetColumn = (typeof SHEET_COLUMNS)[number]["key"] | SideKey;
export const SHEET_KEYS: readonly SheetColumn[] = [...SHEET_COLUMNS.map(({ key }) => key), ...SIDE_KEYS];

/** What everybody may be told of everybody where units see the ranking: rates, scores and ranks. */
export const RANKING_KEYS: readonly SheetColumn[] = SHEET_KEYS.slice(0, SHEET_KEYS.indexOf("onTime"));

/** As shown: "96.4%", "12", "升 2", "—". */
export type Cells = Readonly<Record<SheetColumn, string>>;

/** Those that the ranking itself gives. */
export type ResultCells = Pick<Cells, "tickets" | "base" | Question | "basic" | "points" | "score">;

/** 主要问题: a category with its tickets that were not solved, or whose requester was dissatisfied. */
export interface SheetProblem {
  readonly category: string;
  readonly unsolved: number;
  readonly dissatisfied: number;
}

export interface SheetRow {
  readonly unit: { readonly id: string; readonly name: string; readonly shortName: string };
  /** Why it has no rank, in Chinese; null when it has one. */
  readonly unranked: string | null;
  readonly cells: Cells;
  readonly problems: readonly SheetProblem[];
}

export interface SheetGroup {
  readonly group: string | null;
  readonly ranked: number;
  readonly rows: readonly SheetRow[];
  /** 合计 by the rule set's total rule; counts are added up. */
  readonly total: Cells;
}

/** Of what the figures were made: the running ledger, the frozen copy, or the ledger as corrected after the closing. */
export type Basis = "open" | "closed" | "corrected";

export interface SheetFigures {
  readonly level: Level;
  readonly period: { readonly name: string; readonly from: string; readonly to: string };
  readonly basis: Basis;
  /** ISO instant at which they were taken. */
  readonly takenAt: string;
  readonly rules: { readonly name: string; readonly title: string; readonly source: string };
  readonly scopeZh: string;
  readonly notes: readonly string[];
  /** Those that say something under this rule set: no 加减分 without points, no 万人诉求比 without a population. */
  readonly columns: readonly SheetColumn[];
  readonly groups: readonly SheetGroup[];
  /** All units together. */
  readonly overall: Cells;
  /** The same of the period before. */
  readonly overallBefore: ResultCells;
  readonly problems: readonly SheetProblem[];
}

/** One figure that is another by now; a null side has no such unit. */
export interface SheetDifference {
  readonly unit: { readonly id: string; readonly shortName: string };
  readonly column: SheetColumn;
  readonly was: string | null;
  readonly now: string | null;
}

/** Every figure of a unit that differs, in the order of the sheet. */
export function sheetDifferences(was: SheetFigures, now: SheetFigures): readonly SheetDifference[] {
  const [before, after] = [rowsById(was), rowsById(now)];
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((id) => {
    const [old, young] = [before.get(id), after.get(id)];
    const unit = old?.unit ?? young?.unit;
    if (unit === undefined) return [];
    return SHEET_KEYS.filter((key) => old?.cells[key] !== young?.cells[key]).map((column) => ({
      unit: { id, shortName: unit.shortName },
      column,
      was: old?.cells[column] ?? null,
      now: young?.cells[column] ?? null,
    }));
  });
}

export function columnName(key: SheetColumn): string {
  if (isSide(key)) {
    const { zh, group } = SIDE_COUNTS[key];
    return group === null ? zh : `${group}${zh}`;
  }
  return SHEET_COLUMNS.find((column) => column.key === key)?.zh ?? key;
}

/** The same over a narrow column: "名次\n较上期". A group's name stands over its columns, or before theirs on screen. */
export function columnHead(key: SheetColumn): string {
  const name = isSide(key) ? SIDE_COUNTS[key].zh : columnName(key);
  return name.length > 3 ? `${name.slice(0, 2)}\n${name.slice(2)}` : name;
}

export function isSide(key: SheetColumn): key is SideKey {
  return Object.hasOwn(SIDE_COUNTS, key);
}

/** "供暖（未解决 3、不满意 2）"; "—" where there are none. */
export function problemsText(problems: readonly SheetProblem[]): string {
  const one = ({ category, unsolved, dissatisfied }: SheetProblem): string => {
    const parts = [
      ...(unsolved > 0 ? [`${FIGURE_NAMES.unsolved} ${unsolved}`] : []),
      ...(dissatisfied > 0 ? [`${FIGURE_NAMES.dissatisfied} ${dissatisfied}`] : []),
    ];
    return `${categoryText(category)}（${parts.join("、")}）`;
  };
  return problems.length === 0 ? "—" : problems.map(one).join("、");
}

export const categoryText = (category: string): string => (category === "" ? "未分类" : category);

/** The heaviest first: by tickets not solved, then by dissatisfied ones; `most` at most. */
export function topProblems(found: readonly SheetProblem[], most: number): readonly SheetProblem[] {
  return found
    .filter(({ unsolved, dissatisfied }) => unsolved + dissatisfied > 0)
    .toSorted(
      (a, b) =>
        b.unsolved - a.unsolved || b.dissatisfied - a.dissatisfied || (a.category < b.category ? -1 : 1),
    )
    .slice(0, most);
}

function rowsById(figures: SheetFigures): ReadonlyMap<string, SheetRow> {
  return new Map(figures.groups.flatMap(({ rows }) => rows).map((row) => [row.unit.id, row]));
}
