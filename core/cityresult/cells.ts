/** 单元格的读法. Reads a row of a city file field by field: words understood, numbers checked, what cannot be read said. */
import { shown } from "../intake/cell.ts";
import type { Column } from "../intake/header.ts";
import type { InstantReader } from "../intake/instant.ts";
import type { RawRow, RowFault } from "../intake/row.ts";
import { cleanText, isScientific } from "../intake/text.ts";
import { maskText } from "../privacy/mask.ts";
import { CITY_FIELDS, CITY_WORD_FIELDS, type CityField, type CityWordField } from "./fields.ts";
import type { CityLayout } from "./layout.ts";

export interface Cells {
  readonly text: Partial<Record<CityField, string>>;
  readonly word: Partial<Record<CityWordField, string>>;
  readonly count: Partial<Record<CityField, number>>;
  readonly at: Partial<Record<CityField, number>>;
  /** Rates and scores as plain decimals, with whether a percent sign stood there. */
  readonly decimal: Partial<Record<CityField, { readonly text: string; readonly percent: boolean }>>;
}

export interface ReadCells {
  readonly cells: Cells;
  readonly faults: readonly RowFault[];
  /** 合计 and the like. */
  readonly isTotal: boolean;
}

const LONGEST = 200;

export function cellReader(
  layout: CityLayout,
  columns: readonly Column<CityField>[],
  readInstant: InstantReader,
): (raw: RawRow) => ReadCells {
  const words = new Map(
    CITY_WORD_FIELDS.map((field) => [
      field,
      new Map(
        Object.entries(layout.words[field] ?? {}).flatMap(([meaning, said]) =>
          said.map((word) => [word, meaning] as const),
        ),
      ),
    ]),
  );
  const blank = new Set(layout.blank);
  const totals = new Set(layout.totals);
  const known = columns.flatMap(({ index, header, field }) =>
    field === null || field === "-" || field === "sequence" ? [] : [{ index, header, field }],
  );
  const byIndex = new Map(known.map((column) => [column.index, column]));
  return (raw) => {
    const cells: Cells = { text: {}, word: {}, count: {}, at: {}, decimal: {} };
    const faults: RowFault[] = [];
    const isTotal = raw.cells.some((cell) => cell !== "" && totals.has(cleanText(cell).replace(/\s/g, "")));
    if (isTotal) return { cells, faults, isTotal };
    for (const { index, why, value } of raw.faults ?? []) {
      const column = byIndex.get(index);
      if (column) faults.push({ row: raw.number, column: column.header, value: shown(value), why });
    }
    for (const { index, header, field } of known) {
      const text = cleanText(raw.cells[index] ?? "");
      if (text === "" || blank.has(text)) continue;
      const why = readCell(field, text, cells, words, layout, readInstant);
      if (why !== null) faults.push({ row: raw.number, column: header, value: shown(text), why });
    }
    return { cells, faults, isTotal };
  };
}

/** Puts what the cell says among the row's; answers why it cannot. */
function readCell(
  field: CityField,
  text: string,
  cells: Cells,
  words: ReadonlyMap<CityWordField, ReadonlyMap<string, string>>,
  layout: CityLayout,
  readInstant: InstantReader,
): string | null {
  const { kind } = CITY_FIELDS[field];
  if (text.length > LONGEST) return `过长：${text.length} 字，最多 ${LONGEST} 字`;
  if (isWordField(field)) {
    const meaning = words.get(field)?.get(text);
    if (meaning === undefined) return `无法识别的取值，可填：${wordsShown(layout, field)}`;
    cells.word[field] = meaning;
    return null;
  }
  switch (kind) {
    case "number":
      if (isScientific(text)) return "编号被表格软件改成了科学计数法，请把该列设为文本后重新导出";
      cells.text[field] = text.replace(/\s+/g, "");
      return null;
    case "instant": {
      const read = readInstant(text);
      if (!read.ok) return INSTANT_FAULTS[read.why];
      cells.at[field] = read.at;
      return null;
    }
    case "count": {
      const digits = /^(\d{1,9})(?:\.0+)?$/.exec(text.replaceAll(",", ""))?.[1];
      if (digits === undefined) return "不是整数";
      cells.count[field] = Number(digits);
      return null;
    }
    case "percent":
    case "decimal": {
      const found = /^(\d{1,4}(?:\.\d{1,12})?)(%|％)?$/.exec(text.replace(/\s/g, ""));
      if (!found?.[1]) return "不是数值";
      cells.decimal[field] = { text: found[1], percent: found[2] !== undefined };
      return null;
    }
    default:
      cells.text[field] = maskText(text).text;
      return null;
  }
}

const isWordField = (field: CityField): field is CityWordField => CITY_FIELDS[field].kind === "word";

function wordsShown(layout: CityLayout, field: CityWordField): string {
  return Object.values(layout.words[field] ?? {})
    .map((said) => said[0] ?? "")
    .join("、");
}

const INSTANT_FAULTS = {
  "no-such-day": "没有这一天或这一时刻",
  unreadable: "无法识别的日期时间，可写作 2020-12-31 18:43:24",
  "out-of-range": "年份超出 1990—2099",
} as const;
