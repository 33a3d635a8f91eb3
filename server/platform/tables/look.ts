/**
 * 看表格文件. Takes an upload whole, finds the sheet and the header among the shapes that it may have, and reads every row
 * below the header once, before any of them counts.
 */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import {
  type FoundHeader,
  findHeader,
  HEADER_WITHIN,
  type HeaderShape,
  headerSignature,
} from "@jiesu/core/intake/header.ts";
import type { RawRow } from "@jiesu/core/intake/row.ts";
import { cleanText } from "@jiesu/core/intake/text.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { z } from "zod";
import { addWordings, Refused } from "../errors.ts";
import { openTable } from "./open.ts";
import { FileRefused, type Table } from "./table.ts";

addWordings({
  "file-refused": { status: 422, zh: (r) => `不能导入这个文件：${String(r.why)}。` },
});

/** Rows shown and looked at for a header that a person points to. */
export const TOP_ROWS = 15;
export const MAX_TOP_CELLS = 30;
const HEADER_BY_HAND_WITHIN = 200;
const SAMPLE_ROWS = 20;
const MAX_ROWS = 300_000;
/** A month of a district's results is a few megabytes. */
const MAX_BYTES = 30 * 1024 * 1024;

/** Where a person says the header is; what is not said is found. */
export interface Place {
  readonly sheet?: number | undefined;
  /** Number of the row, as the file's own program numbers it. */
  readonly headerRow?: number | undefined;
}

export interface FoundSheet<F extends string, P> {
  readonly index: number;
  readonly header: FoundHeader<F, P>;
  readonly headerRow: number;
  readonly top: readonly RawRow[];
}

/** The sheet whose header fits a shape; else the first that has something like a header. Refused when none has. */
export async function findSheet<F extends string, P extends HeaderShape<F>>(
  table: Table,
  shapes: readonly (P & HeaderShape<F>)[],
  place: Place,
): Promise<FoundSheet<F, P>> {
  let fallback: FoundSheet<F, P> | null = null;
  const within = place.headerRow === undefined ? HEADER_WITHIN : HEADER_BY_HAND_WITHIN;
  for (const index of table.sheets.keys()) {
    if (place.sheet !== undefined && place.sheet !== index) continue;
    const all = await topRows(table, index, within);
    const top = place.headerRow === undefined ? all : all.filter((row) => row.number === place.headerRow);
    const header = findHeader<F, P>(
      top.map((row) => row.cells),
      shapes,
    );
    const headerRow = header ? top[header.at]?.number : undefined;
    if (!header || headerRow === undefined) continue;
    const found = { index, header, headerRow, top: all.slice(0, TOP_ROWS) };
    if (header.profile) return found;
    fallback ??= found;
  }
  if (fallback) return fallback;
  const why =
    place.headerRow === undefined
      ? "没有找到表头，文件里没有数据"
      : `第 ${place.headerRow} 行不像表头，至少要有两列有字`;
  throw new Refused({ code: "file-refused", why });
}

const Cells = z.array(z.object({ row: z.number(), cells: z.array(z.string()) }));
/** What is known of a file that was read whole: where its header is and what stands at its head. */
export const LookedAt = z.object({
  sheet: z.string(),
  sheetIndex: z.number(),
  sheets: z.array(z.string()),
  format: z.enum(["csv", "xlsx", "xls"]),
  encoding: z.string().nullable(),
  headerRow: z.number(),
  headers: z.array(z.object({ index: z.number(), header: z.string() })),
  /** One text for one header, by which an earlier mapping is found again. */
  signature: z.string(),
  rows: z.number(),
  /** The first rows, personal data covered: in the order of the headers. */
  samples: Cells,
  /** The rows at the head of the sheet, among which another header may be chosen. */
  top: Cells,
});
export type LookedAt = z.infer<typeof LookedAt>;

export interface Looked<P> {
  readonly shape: LookedAt;
  /** What it is by its header; null when no shape fits. */
  readonly layout: P | null;
  readonly rows: readonly RawRow[];
}

/** Refuses what is no table, what has no header, and what has more rows than such a file can have. */
export function lookInto<F extends string, P extends HeaderShape<F>>(
  bytes: Buffer,
  fileName: string,
  shapes: readonly (P & HeaderShape<F>)[],
  place: Place,
): Promise<Looked<P>> {
  return withTable(bytes, fileName, async (table) => {
    const found = await findSheet<F, P>(table, shapes, place);
    const rows: RawRow[] = [];
    for await (const batch of table.rows(found.index)) {
      rows.push(...batch.filter((row) => row.number > found.headerRow));
      if (rows.length > MAX_ROWS)
        throw new Refused({ code: "file-refused", why: `数据超过 ${MAX_ROWS} 行，请核对文件` });
    }
    return { shape: shapeOf(table, found, rows), layout: found.header.profile, rows };
  });
}

/** The whole of an upload; refused when it breaks off or is larger than such a file can be. */
export async function bytesOf(content: Readable & { readonly truncated?: boolean }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of content) {
      if (!Buffer.isBuffer(chunk)) throw new Error("an upload gave text");
      size += chunk.length;
      if (size > MAX_BYTES) throw new Refused({ code: "file-refused", why: "文件超过 30 MB" });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refused || !content.errored) throw error;
    throw new Refused({ code: "file-refused", why: "上传中断，文件不完整，请重新上传" });
  }
  if (content.truncated) throw new Refused({ code: "file-refused", why: "文件超过 30 MB" });
  return Buffer.concat(chunks);
}

/** A form that breaks off has no status of its own; those that have one keep it. */
export function brokenForm(error: unknown): never {
  if (error instanceof Error && !("statusCode" in error))
    throw new Refused({ code: "bad-input", message: "上传的内容不完整，请重新上传" });
  throw error;
}

/** The row that a header is described by, out of its kept headers. */
export function headerRowOf(headers: LookedAt["headers"]): readonly string[] {
  const row: string[] = [];
  for (const { index, header } of headers) row[index] = header;
  return Array.from(row, (header) => header ?? "");
}

/** Opens the bytes as a table while `work` runs, in a folder that goes at once. Refused when they are none. */
async function withTable<T>(bytes: Buffer, fileName: string, work: (table: Table) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "jiesu-table-"));
  try {
    const path = join(folder, `file${extname(fileName).toLowerCase()}`);
    await writeFile(path, bytes, { mode: 0o600 });
    return await work(await openTable(path, fileName));
  } catch (error) {
    if (error instanceof FileRefused)
      throw new Refused({ code: "file-refused", fault: error.fault, why: error.why });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function topRows(table: Table, sheet: number, count: number): Promise<readonly RawRow[]> {
  const top: RawRow[] = [];
  for await (const batch of table.rows(sheet)) {
    top.push(...batch.slice(0, count - top.length));
    if (top.length >= count) break;
  }
  return top;
}

function shapeOf<F extends string>(
  table: Table,
  found: FoundSheet<F, unknown>,
  rows: readonly RawRow[],
): LookedAt {
  const headers = found.header.columns.map(({ index, header }) => ({ index, header }));
  const headerAt = new Map(headers.map(({ index, header }) => [index, header]));
  return {
    sheet: table.sheets[found.index] ?? "",
    sheetIndex: found.index,
    sheets: [...table.sheets],
    format: table.format,
    encoding: table.encoding,
    headerRow: found.headerRow,
    headers,
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

/** Columns that may name people: nothing of them is needed here, and nothing of them is shown. */
const OF_PEOPLE = /姓名|来电|诉求人|联系人|电话|手机|账号|证件|住址|地址|内容|描述/;

function shown(cell: string, header: string): string {
  const text = cleanText(cell);
  if (text !== "" && OF_PEOPLE.test(header)) return "［已遮盖］";
  const masked = maskText(text).text;
  return masked.length > 60 ? `${masked.slice(0, 59)}…` : masked;
}
