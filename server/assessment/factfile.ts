/** 小表文件. The rows of a small table, uploaded or pasted; nothing of it is kept. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TableRow } from "@jiesu/core/assessment/facttable.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { openTable, plainFileName } from "../platform/tables/open.ts";
import { FileRefused } from "../platform/tables/table.ts";

addWordings({
  "table-refused": { status: 422, zh: (r) => `不能读取这个表：${String(r.why)}。` },
});

/** A district has some two hundred units; a table of many years of them is still small. */
const MOST_ROWS = 5000;

/** The rows of the first sheet, as the file's own program numbers them. Throws Refused. */
export async function rowsOfFile(
  shell: Pick<Shell, "files">,
  fileName: string,
  bytes: Buffer,
): Promise<readonly TableRow[]> {
  const folder = await mkdtemp(join(shell.files, "table-"));
  const name = plainFileName(fileName);
  try {
    const path = join(folder, `${randomUUID()}${/\.[a-z0-9]{1,5}$/i.exec(name)?.[0] ?? ""}`);
    await writeFile(path, bytes, { mode: 0o600 });
    const rows: TableRow[] = [];
    for await (const batch of (await openTable(path, name)).rows(0)) {
      for (const { number, cells } of batch) rows.push({ number, cells });
      if (rows.length > MOST_ROWS) throw new Refused({ code: "table-refused", why: `超过 ${MOST_ROWS} 行` });
    }
    return rows;
  } catch (error) {
    if (error instanceof FileRefused) throw new Refused({ code: "table-refused", why: error.why });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Cells copied out of a workbook (tabs between them), or text with commas. */
export function rowsOfPaste(shell: Pick<Shell, "files">, text: string): Promise<readonly TableRow[]> {
  return rowsOfFile(shell, "粘贴.csv", Buffer.from(text.trimEnd(), "utf8"));
}

/** The rows as they would be copied out of a workbook; what was empty between them stays, so that rows keep their numbers. */
export function pasteOf(rows: readonly TableRow[]): string {
  const lines: string[] = [];
  for (const { number, cells } of rows) lines[number - 1] = cells.map(pastedCell).join("\t");
  return Array.from(lines, (line) => line ?? "").join("\n");
}

const pastedCell = (cell: string): string =>
  /["\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
