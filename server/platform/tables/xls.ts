/** 旧版 XLS 文件. At most 65,536 rows a sheet: read whole by the SheetJS fork, given out like the others. */
import { readFile } from "node:fs/promises";
import * as XLSX from "@e965/xlsx";
import { fromSerial, writeInstant } from "@jiesu/core/intake/instant.ts";
import type { CellFault, RawRow } from "@jiesu/core/intake/row.ts";
import { MAX_CELL } from "@jiesu/core/intake/text.ts";
import { MergeFill } from "./merges.ts";
import { BATCH_ROWS, FileRefused, MAX_COLUMNS, type Table, TOO_LONG } from "./table.ts";
import { isDateFormat } from "./xlsx.ts";

const MAX_BYTES = 80 * 1024 ** 2;

export async function openXls(path: string): Promise<Table> {
  const bytes = await readFile(path);
  if (bytes.length > MAX_BYTES) throw new FileRefused("too-large");
  if (bytes.includes(Buffer.from("EncryptedPackage", "utf16le"))) throw new FileRefused("encrypted");
  const book = parse(bytes);
  const date1904 = book.Workbook?.WBProps?.date1904 === true;
  const names = book.SheetNames.filter((_name, i) => !book.Workbook?.Sheets?.[i]?.Hidden);
  if (names.length === 0) throw new FileRefused("no-sheet");
  return {
    format: "xls",
    encoding: null,
    sheets: names,
    async *rows(index) {
      const sheet = book.Sheets[names[index] ?? ""];
      if (!sheet) throw new Error(`no sheet ${index}`);
      yield* rowsOf(sheet, date1904);
    },
  };
}

function parse(bytes: Buffer): XLSX.WorkBook {
  try {
    return XLSX.read(bytes, { type: "buffer", dense: true, cellNF: true, cellText: false, cellHTML: false });
  } catch (error) {
    const text = error instanceof Error ? error.message : "";
    throw new FileRefused(/password|encrypt/i.test(text) ? "encrypted" : "damaged");
  }
}

async function* rowsOf(sheet: XLSX.WorkSheet, date1904: boolean): AsyncGenerator<readonly RawRow[]> {
  const merges = (sheet["!merges"] ?? []).flatMap((m) =>
    m.e.r > m.s.r ? [{ column: m.s.c, from: m.s.r + 1, to: m.e.r + 1 }] : [],
  );
  const fill = new MergeFill(merges);
  let batch: RawRow[] = [];
  for (const [index, row] of (sheet["!data"] ?? []).entries()) {
    const read = row ? rowOf(index + 1, row, date1904) : null;
    if (!read) continue;
    fill.apply(read.number, read.cells);
    batch.push(read);
    if (batch.length === BATCH_ROWS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function rowOf(
  number: number,
  row: readonly (XLSX.CellObject | undefined)[],
  date1904: boolean,
): (RawRow & { cells: string[] }) | null {
  const faults: CellFault[] = [];
  const cells = Array.from(row, (cell, index) => {
    if (!cell || cell.t === "z") return "";
    const value = textOf(cell, date1904);
    if (value.length > MAX_CELL) {
      faults.push({ index, why: TOO_LONG, value: value.slice(0, 60), passable: false });
      return "";
    }
    if (cell.t === "e") faults.push({ index, why: "单元格是公式错误", value, passable: true });
    return value;
  });
  if (cells.every((cell) => cell.trim() === "") && faults.length === 0) return null;
  if (cells.length > MAX_COLUMNS && cells.slice(MAX_COLUMNS).some((cell) => cell !== ""))
    throw new FileRefused("too-wide");
  return { number, cells, faults: faults.length > 0 ? faults : null };
}

const ERRORS: Readonly<Record<number, string>> = {
  0: "#NULL!",
  7: "#DIV/0!",
  15: "#VALUE!",
  23: "#REF!",
  29: "#NAME?",
  36: "#NUM!",
  42: "#N/A",
};

function textOf(cell: XLSX.CellObject, date1904: boolean): string {
  const { v, t } = cell;
  if (t === "e") return ERRORS[Number(v)] ?? "#N/A";
  if (t === "b") return v === true ? "TRUE" : "FALSE";
  if (t === "n" && typeof v === "number") {
    if (typeof cell.z === "string" && isDateFormat(cell.z)) {
      const read = fromSerial(v, date1904);
      if (read.ok) return writeInstant(read.at);
    }
    return String(v);
  }
  return v === undefined || v === null ? "" : String(v);
}
