/** 看清单文件. Opens the bytes of a city list, finds its sheet and header, and reads every row below the header once. */
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import type { Readable } from "node:stream";
import { findHeader, HEADER_WITHIN, headerSignature } from "@jiesu/core/intake/header.ts";
import type { RawRow } from "@jiesu/core/intake/row.ts";
import { cleanText } from "@jiesu/core/intake/text.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import type { ListField, ListLayout } from "@jiesu/core/supervision/list.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { openTable } from "../platform/tables/open.ts";
import { FileRefused, type Table } from "../platform/tables/table.ts";

addWordings({
  "list-refused": { status: 422, zh: (r) => `不能导入这个文件：${String(r.why)}。` },
});

/** A month's unresolved tickets of a district are a few thousand rows. */
const MAX_BYTES = 20 * 1024 * 1024;
const MAX_ROWS = 50_000;
const HEADER_BY_HAND_WITHIN = 200;
const TOP_ROWS = 12;
const MAX_TOP_CELLS = 30;

/** Where a person says the header is; what is not said is found. */
export interface Place {
  readonly sheet?: number | undefined;
  readonly headerRow?: number | undefined;
}

export interface SeenList {
  readonly sheet: number;
  readonly sheets: readonly string[];
  readonly headerRow: number;
  /** The header row cell by cell, "" where it is empty. */
  readonly headers: readonly string[];
  /** One text for one header, by which an earlier mapping is found again. */
  readonly signature: string;
  /** The rows at the head of the sheet, covered, among which another header may be chosen. */
  readonly top: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly layout: ListLayout;
  readonly rows: readonly RawRow[];
}

export const digestOf = (bytes: Buffer): Buffer => createHash("sha256").update(bytes).digest();

/** The whole of an upload; refused when it breaks off or is larger than such a file can be. */
export async function bytesOf(content: Readable & { readonly truncated?: boolean }): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of content) {
      if (!Buffer.isBuffer(chunk)) throw new Error("an upload gave text");
      size += chunk.length;
      if (size > MAX_BYTES) throw new Refused({ code: "list-refused", why: "文件超过 20 MB" });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof Refused || !content.errored) throw error;
    throw new Refused({ code: "list-refused", why: "上传中断，文件不完整，请重新上传" });
  }
  if (size === 0) throw new Refused({ code: "list-refused", why: "文件是空的" });
  return Buffer.concat(chunks);
}

/** Refuses what is no table, what has no header, and what has more rows than such a list can have. */
export async function lookIntoList(
  bytes: Buffer,
  fileName: string,
  layouts: readonly ListLayout[],
  place: Place,
): Promise<SeenList> {
  const folder = await mkdtemp(join(tmpdir(), "jiesu-list-"));
  try {
    const path = join(folder, `file${extname(fileName).toLowerCase()}`);
    await writeFile(path, bytes, { mode: 0o600 });
    return await lookInto(await openTable(path, fileName), layouts, place);
  } catch (error) {
    if (error instanceof FileRefused) throw new Refused({ code: "list-refused", why: error.why });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function lookInto(table: Table, layouts: readonly ListLayout[], place: Place): Promise<SeenList> {
  const found = await findSheet(table, layouts, place);
  if (found === null) {
    const why =
      place.headerRow === undefined
        ? "没有找到表头，文件里没有数据"
        : `第 ${place.headerRow} 行不像表头，至少要有两列有字`;
    throw new Refused({ code: "list-refused", why });
  }
  const rows: RawRow[] = [];
  for await (const batch of table.rows(found.sheet)) {
    rows.push(...batch.filter((row) => row.number > found.headerRow));
    if (rows.length > MAX_ROWS)
      throw new Refused({ code: "list-refused", why: `数据超过 ${MAX_ROWS} 行，请核对文件` });
  }
  return { ...found, sheets: table.sheets, rows };
}

type FoundSheet = Omit<SeenList, "sheets" | "rows"> & { readonly fits: boolean };

/** The sheet whose header fits a layout; else the first that has something like a header. */
async function findSheet(
  table: Table,
  layouts: readonly ListLayout[],
  place: Place,
): Promise<FoundSheet | null> {
  const [first] = layouts;
  if (!first) throw new Error("no layout of a city list");
  let fallback: FoundSheet | null = null;
  for (const sheet of table.sheets.keys()) {
    if (place.sheet !== undefined && place.sheet !== sheet) continue;
    const all = await topRows(
      table,
      sheet,
      place.headerRow === undefined ? HEADER_WITHIN : HEADER_BY_HAND_WITHIN,
    );
    const looked = place.headerRow === undefined ? all : all.filter((row) => row.number === place.headerRow);
    const header = findHeader<ListField, ListLayout>(
      looked.map((row) => row.cells),
      layouts,
    );
    const row = header === null ? undefined : looked[header.at];
    if (header === null || row === undefined) continue;
    const found: FoundSheet = {
      ...{ sheet, headerRow: row.number, headers: row.cells, fits: header.profile !== null },
      ...{ layout: header.profile ?? first, signature: headerSignature(header.columns) },
      top: all.slice(0, TOP_ROWS).map((each) => ({
        row: each.number,
        cells: each.cells
          .slice(0, MAX_TOP_CELLS)
          .map((cell, i) => shown(cell, row.cells[i] ?? "", each.number > row.number)),
      })),
    };
    if (found.fits) return found;
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

/** Columns that may name people: nothing of them is needed here, and nothing of them is shown. */
const OF_PEOPLE = /姓名|来电|诉求人|联系人|电话|手机|账号|证件|住址|地址|内容|描述/;

function shown(cell: string, header: string, below: boolean): string {
  const text = cleanText(cell);
  if (below && text !== "" && OF_PEOPLE.test(header)) return "［已遮盖］";
  const masked = maskText(text).text;
  return masked.length > 60 ? `${masked.slice(0, 59)}…` : masked;
}
