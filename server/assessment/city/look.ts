/** 看文件. Finds the sheet and the header of a city file and what kind it is, and reads every row below the header once. */
import { settleColumns } from "@jiesu/core/cityresult/columns.ts";
import type { CityField } from "@jiesu/core/cityresult/fields.ts";
import type { CityFileKind, CityLayout } from "@jiesu/core/cityresult/layout.ts";
import { type FoundHeader, findHeader, HEADER_WITHIN, headerSignature } from "@jiesu/core/intake/header.ts";
import type { RawRow } from "@jiesu/core/intake/row.ts";
import { cleanText } from "@jiesu/core/intake/text.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { Refused } from "../../platform/errors.ts";
import type { Table } from "../../platform/tables/table.ts";
import { withTable } from "./files.ts";
import type { Shape } from "./filestore.ts";

const MAX_ROWS = 300_000;
const SAMPLE_ROWS = 20;
const TOP_ROWS = 15;
const MAX_TOP_CELLS = 30;
const HEADER_BY_HAND_WITHIN = 200;
/** Fewer known columns than this are a coincidence. */
const LEAST = 3;

/** Where a person says the header is, and what kind of file it is; what is not said is found. */
export interface Place {
  readonly sheet?: number | undefined;
  readonly headerRow?: number | undefined;
  readonly kind?: CityFileKind | undefined;
}

export interface Seen {
  readonly shape: Shape;
  /** What it is by its header; null when no kind fits. */
  readonly layout: CityLayout | null;
  readonly rows: readonly RawRow[];
}

/** Refuses what is no table, what has no header, and what has more rows than such a file can have. */
export function lookInto(
  bytes: Buffer,
  fileName: string,
  layouts: readonly CityLayout[],
  place: Place = {},
): Promise<Seen> {
  return withTable(bytes, fileName, async (table) => {
    const fitting = layouts.filter(({ kind }) => place.kind === undefined || kind === place.kind);
    const found = await findSheet(table, fitting, place);
    if (found === null) {
      const why =
        place.headerRow === undefined
          ? "没有找到表头，文件里没有数据"
          : `第 ${place.headerRow} 行不像表头，至少要有两列有字`;
      throw new Refused({ code: "city-file-refused", why });
    }
    const rows: RawRow[] = [];
    for await (const batch of table.rows(found.index)) {
      rows.push(...batch.filter((row) => row.number > found.headerRow));
      if (rows.length > MAX_ROWS)
        throw new Refused({ code: "city-file-refused", why: `数据超过 ${MAX_ROWS} 行，请核对文件` });
    }
    const headers = found.header.columns.map(({ index, header }) => ({ index, header }));
    const layout = found.header.profile ?? nearestLayout(headers, fitting);
    return { shape: shapeOf(table, found, headers, rows), layout, rows };
  });
}

interface FoundSheet {
  readonly index: number;
  readonly header: FoundHeader<CityField, CityLayout>;
  readonly headerRow: number;
  readonly top: readonly RawRow[];
}

/** The sheet whose header fits a layout; else the first that has something like a header. */
async function findSheet(
  table: Table,
  layouts: readonly CityLayout[],
  place: Place,
): Promise<FoundSheet | null> {
  let fallback: FoundSheet | null = null;
  for (const index of table.sheets.keys()) {
    if (place.sheet !== undefined && place.sheet !== index) continue;
    const all = await topRows(
      table,
      index,
      place.headerRow === undefined ? HEADER_WITHIN : HEADER_BY_HAND_WITHIN,
    );
    const top = place.headerRow === undefined ? all : all.filter((row) => row.number === place.headerRow);
    const header = findHeader<CityField, CityLayout>(
      top.map((row) => row.cells),
      layouts,
    );
    const headerRow = header ? top[header.at]?.number : undefined;
    if (!header || headerRow === undefined) continue;
    const found = { index, header, headerRow, top: all.slice(0, TOP_ROWS) };
    if (header.profile) return found;
    fallback ??= found;
  }
  return fallback;
}

async function topRows(table: Table, sheet: number, count: number): Promise<readonly RawRow[]> {
  const top: RawRow[] = [];
  for await (const batch of table.rows(sheet)) {
    top.push(...batch.slice(0, count - top.length));
    if (top.length >= count) break;
  }
  return top;
}

/** The layout of which a header without an exact one has every required column, nearly named. */
function nearestLayout(headers: Shape["headers"], layouts: readonly CityLayout[]): CityLayout | null {
  let best: { layout: CityLayout; known: number } | null = null;
  for (const layout of layouts) {
    const { columns, missing } = settleColumns(rowOf(headers), layout, {});
    const known = columns.filter((column) => column.field !== null && column.field !== "-").length;
    if (missing.length === 0 && known >= LEAST && known > (best?.known ?? 0)) best = { layout, known };
  }
  return best?.layout ?? null;
}

function shapeOf(table: Table, found: FoundSheet, headers: Shape["headers"], rows: readonly RawRow[]): Shape {
  const headerAt = new Map(headers.map(({ index, header }) => [index, header]));
  return {
    sheet: table.sheets[found.index] ?? "",
    sheetIndex: found.index,
    sheets: [...table.sheets],
    format: table.format,
    encoding: table.encoding,
    headerRow: found.headerRow,
    headers: [...headers],
    signature: headerSignature(headers),
    rows: rows.length,
    samples: rows.slice(0, SAMPLE_ROWS).map((row) => ({
      row: row.number,
      cells: headers.map(({ index, header }) => shown(row.cells[index] ?? "", header)),
    })),
    top: found.top.map((row) => ({
      row: row.number,
      cells: row.cells
        .slice(0, MAX_TOP_CELLS)
        .map((cell, i) => shown(cell, row.number > found.headerRow ? (headerAt.get(i) ?? "") : "")),
    })),
  };
}

/** The row that `describe` reads, out of its kept headers. */
export function rowOf(headers: Shape["headers"]): readonly string[] {
  const row: string[] = [];
  for (const { index, header } of headers) row[index] = header;
  return Array.from(row, (header) => header ?? "");
}

/** Columns that may name people: nothing of them is needed here, and nothing of them is shown. */
const OF_PEOPLE = /姓名|来电|诉求人|联系人|电话|手机|账号|证件|住址|地址|内容|描述/;

function shown(cell: string, header: string): string {
  const text = cleanText(cell);
  if (text !== "" && OF_PEOPLE.test(header)) return "［已遮盖］";
  const masked = maskText(text).text;
  return masked.length > 60 ? `${masked.slice(0, 59)}…` : masked;
}
