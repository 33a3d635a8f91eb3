/** 一行的读法. Reads a row of a file with a known layout field by field: words understood, numbers checked, what cannot be read said. */
import { maskText } from "../privacy/mask.ts";
import { shown } from "./cell.ts";
import type { Column } from "./header.ts";
import type { InstantReader } from "./instant.ts";
import type { Layout } from "./layout.ts";
import type { RawRow, RowFault } from "./row.ts";
import { cleanText, isScientific } from "./text.ts";

/** How a cell of a field is read. */
export type CellKind = "ignored" | "number" | "text" | "word" | "instant" | "count" | "percent" | "decimal";
type Kinds<F extends string> = Readonly<Record<F, { readonly kind: CellKind }>>;

export interface Cells<F extends string> {
  readonly text: ReadonlyMap<F, string>;
  readonly word: ReadonlyMap<F, string>;
  readonly count: ReadonlyMap<F, number>;
  readonly at: ReadonlyMap<F, number>;
  /** Rates and scores as plain decimals, with whether a percent sign stood there. */
  readonly decimal: ReadonlyMap<F, Decimal>;
}

export interface Decimal {
  readonly text: string;
  readonly percent: boolean;
}

export interface ReadCells<F extends string> {
  readonly cells: Cells<F>;
  readonly faults: readonly RowFault[];
  /** 合计 and the like. */
  readonly isTotal: boolean;
}

const LONGEST = 200;

export function cellReader<F extends string>(
  layout: Layout<F>,
  kinds: Kinds<F>,
  columns: readonly Column<F>[],
  readInstant: InstantReader,
): (raw: RawRow) => ReadCells<F> {
  const blank = new Set(layout.blank);
  const totals = new Set(layout.totals);
  const known = columns.flatMap(({ index, header, field }) => {
    if (field === null || field === "-" || kinds[field].kind === "ignored") return [];
    return [{ index, header, field, kind: kinds[field].kind, words: meaningsOf(layout, field) }];
  });
  const byIndex = new Map(known.map((column) => [column.index, column]));
  return (raw) => {
    const row: Row<F> = {
      ...{ text: new Map(), word: new Map(), count: new Map(), at: new Map(), decimal: new Map() },
    };
    const faults: RowFault[] = [];
    const isTotal = raw.cells.some((cell) => cell !== "" && totals.has(cleanText(cell).replace(/\s/g, "")));
    if (isTotal) return { cells: row, faults, isTotal };
    for (const { index, why, value } of raw.faults ?? []) {
      const column = byIndex.get(index);
      if (column) faults.push({ row: raw.number, column: column.header, value: shown(value), why });
    }
    for (const column of known) {
      const text = cleanText(raw.cells[column.index] ?? "");
      if (text === "" || blank.has(text)) continue;
      const why = readCell(column, text, row, readInstant);
      if (why !== null) faults.push({ row: raw.number, column: column.header, value: shown(text), why });
    }
    return { cells: row, faults, isTotal };
  };
}

interface Row<F extends string> {
  readonly text: Map<F, string>;
  readonly word: Map<F, string>;
  readonly count: Map<F, number>;
  readonly at: Map<F, number>;
  readonly decimal: Map<F, Decimal>;
}

/** The words of a field with what each means; the first of each meaning is the one that an error names. */
interface Meanings {
  readonly of: ReadonlyMap<string, string>;
  readonly shown: string;
}

function meaningsOf<F extends string>(layout: Layout<F>, field: F): Meanings {
  const said = Object.entries(layout.words[field] ?? {});
  return {
    of: new Map(said.flatMap(([meaning, words]) => words.map((word) => [word, meaning] as const))),
    shown: said.map(([, words]) => words[0] ?? "").join("、"),
  };
}

/** Puts what the cell says among the row's; answers why it cannot. */
function readCell<F extends string>(
  { field, kind, words }: { readonly field: F; readonly kind: CellKind; readonly words: Meanings },
  text: string,
  row: Row<F>,
  readInstant: InstantReader,
): string | null {
  if (text.length > LONGEST) return `过长：${text.length} 字，最多 ${LONGEST} 字`;
  switch (kind) {
    case "word": {
      const meaning = words.of.get(text);
      if (meaning === undefined) return `无法识别的取值，可填：${words.shown}`;
      row.word.set(field, meaning);
      return null;
    }
    case "number":
      if (isScientific(text)) return "编号被表格软件改成了科学计数法，请把该列设为文本后重新导出";
      row.text.set(field, text.replace(/\s+/g, ""));
      return null;
    case "instant": {
      const read = readInstant(text);
      if (!read.ok) return INSTANT_FAULTS[read.why];
      row.at.set(field, read.at);
      return null;
    }
    case "count": {
      const digits = /^(\d{1,9})(?:\.0+)?$/.exec(text.replaceAll(",", ""))?.[1];
      if (digits === undefined) return "不是整数";
      row.count.set(field, Number(digits));
      return null;
    }
    case "percent":
    case "decimal": {
      const found = /^(\d{1,4}(?:\.\d{1,12})?)(%|％)?$/.exec(text.replace(/\s/g, ""));
      if (!found?.[1]) return "不是数值";
      row.decimal.set(field, { text: found[1], percent: found[2] !== undefined });
      return null;
    }
    default:
      row.text.set(field, maskText(text).text);
      return null;
  }
}

const INSTANT_FAULTS = {
  "no-such-day": "没有这一天或这一时刻",
  unreadable: "无法识别的日期时间，可写作 2020-12-31 18:43:24",
  "out-of-range": "年份超出 1990—2099",
} as const;
