/** 市级认定结果文件: what its columns can mean, how its words are read, and what one row of it says. */
import { cellReader } from "../intake/cells.ts";
import { type SettledColumns, settleColumns } from "../intake/columns.ts";
import type { Column } from "../intake/header.ts";
import { instantReader } from "../intake/instant.ts";
import { LAYOUT_KEYS, type Layout, layoutIn } from "../intake/layout.ts";
import type { RawRow, RowFault } from "../intake/row.ts";
import { fieldsOf, type Parsed, parsed } from "../rules/problem.ts";

export const OUTCOME_FIELDS = {
  sequence: { zh: "序号（不导入）", kind: "ignored" },
  application: { zh: "申请编号", kind: "count" },
  number: { zh: "工单编号", kind: "number" },
  round: { zh: "派单轮次", kind: "count" },
  unit: { zh: "承办单位", kind: "text" },
  outcome: { zh: "认定结果", kind: "word" },
  reason: { zh: "认定或查否理由", kind: "text" },
  paper: { zh: "市级文号", kind: "text" },
} as const;
export type OutcomeField = keyof typeof OUTCOME_FIELDS;
export const ALL_OUTCOME_FIELDS = Object.keys(OUTCOME_FIELDS) as readonly OutcomeField[];

export const OUTCOMES = ["upheld", "denied"] as const;
export type Outcome = (typeof OUTCOMES)[number];
export const OUTCOME_ZH: Readonly<Record<Outcome, string>> = { upheld: "认定", denied: "查否" };

export type OutcomeLayout = Layout<OutcomeField>;

function isOutcomeField(text: string): text is OutcomeField {
  return Object.hasOwn(OUTCOME_FIELDS, text);
}

export function parseOutcomeLayout(input: unknown): Parsed<OutcomeLayout> {
  return parsed((say) => {
    const top = fieldsOf(input, "", LAYOUT_KEYS, say);
    const book = { all: ALL_OUTCOME_FIELDS, isField: isOutcomeField, meanings: { outcome: OUTCOMES } };
    return layoutIn(top, book, say);
  });
}

export function settleOutcomeColumns(
  row: readonly string[],
  layout: OutcomeLayout,
  mapping: Readonly<Record<string, string>>,
): SettledColumns<OutcomeField> {
  const book = { fields: OUTCOME_FIELDS, isField: isOutcomeField, unused: "登记结果用不到，不导入" };
  return settleColumns(row, layout, mapping, book);
}

/** What one row says. */
export interface OutcomeLine {
  /** As the file's own program numbers it. */
  readonly row: number;
  readonly number: string;
  /** 申请编号 where the city has handed it back. */
  readonly application: string | null;
  readonly round: number | null;
  readonly unit: string;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly paper: string;
}

export interface ReadOutcomes {
  readonly lines: readonly OutcomeLine[];
  readonly faults: readonly RowFault[];
}

/** All rows of a sheet: each says its number and its outcome, or why it cannot be read. */
export function readOutcomes(
  layout: OutcomeLayout,
  columns: readonly Column<OutcomeField>[],
  rows: readonly RawRow[],
): ReadOutcomes {
  const read = cellReader(layout, OUTCOME_FIELDS, columns, instantReader(layout.dates));
  const headerOf = (field: OutcomeField) =>
    columns.find((column) => column.field === field)?.header ?? OUTCOME_FIELDS[field].zh;
  const lines: OutcomeLine[] = [];
  const faults: RowFault[] = [];
  for (const raw of rows) {
    const { cells, faults: its, isTotal } = read(raw);
    const { text, word, count } = cells;
    const isBlank = text.size + word.size + count.size === 0 && its.length === 0;
    if (isTotal || isBlank) continue;
    const lack = (field: OutcomeField): RowFault => ({
      ...{ row: raw.number, column: headerOf(field), value: "", why: `缺少${OUTCOME_FIELDS[field].zh}` },
    });
    const number = text.get("number") ?? "";
    const outcome = OUTCOMES.find((each) => each === word.get("outcome"));
    if (its.length > 0) faults.push(...its);
    else if (number === "") faults.push(lack("number"));
    else if (outcome === undefined) faults.push(lack("outcome"));
    else
      lines.push({
        ...{ row: raw.number, number, outcome },
        application: count.has("application") ? String(count.get("application")) : null,
        round: count.get("round") ?? null,
        unit: text.get("unit") ?? "",
        reason: text.get("reason") ?? "",
        paper: text.get("paper") ?? "",
      });
  }
  return { lines, faults };
}
