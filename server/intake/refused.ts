/**
 * 退回行文件. The rows that an import refused, with their own columns and two more: what is wrong, and how to mend it.
 * Mended and uploaded again, only these rows are worked. The cells are kept sealed, as they hold personal data.
 */
import { PassThrough, type Readable } from "node:stream";
import { NOTE_HEADERS } from "@jiesu/core/intake/header.ts";
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import type { RawRow, RowFault } from "@jiesu/core/intake/row.ts";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import type { Secrets } from "../platform/secrets.ts";
import type { Batch } from "./store.ts";

const PAGE = 500;
const Cells = z.array(z.string());

/** Keeps refused rows as they stood in the file, in the transaction that refuses them. */
export async function keepRefused(
  tx: Db,
  secrets: Secrets,
  batchId: string,
  rows: readonly RawRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into import_refused (batch_id, row, cells_enc)
    select ${batchId}::bigint, r.row, r.cells
      from unnest(${rows.map((r) => r.number)}::integer[],
                  ${rows.map((r) => secrets.seal(JSON.stringify(r.cells)))}::bytea[]) as r(row, cells)
    on conflict do nothing`.execute(tx);
}

/** How many refused rows are still kept in full. */
export async function countRefused(db: Db, batchId: string): Promise<number> {
  const row = await db
    .selectFrom("import_refused")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("batch_id", "=", batchId)
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** The refused rows as a workbook: the file's own columns, 错误 and 怎样改, texts only. */
export function refusedBook(db: Db, secrets: Secrets, batch: Batch): Readable {
  const out = new PassThrough();
  const write = async (): Promise<void> => {
    const book = new ExcelJS.stream.xlsx.WorkbookWriter({ stream: out, useSharedStrings: false });
    const sheet = book.addWorksheet("退回的行", { views: [{ state: "frozen", ySplit: 1 }] });
    const head = sheet.addRow(headersOf(batch));
    head.font = { bold: true };
    head.commit();
    for await (const cells of linesOf(db, secrets, batch)) {
      const row = sheet.addRow(cells);
      row.eachCell((cell) => {
        cell.numFmt = "@"; // text: what is typed into it stays as typed
      });
      row.commit();
    }
    sheet.commit();
    await book.commit();
  };
  write().catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))));
  return out;
}

const headersOf = (batch: Batch): string[] => [...batch.shape.headers.map((h) => h.header), ...NOTE_HEADERS];

async function* linesOf(db: Db, secrets: Secrets, batch: Batch): AsyncGenerator<string[]> {
  let after = -1;
  for (;;) {
    const rows = await db
      .selectFrom("import_refused")
      .select(["row", "cells_enc"])
      .where("batch_id", "=", batch.id)
      .where("row", ">", after)
      .orderBy("row")
      .limit(PAGE)
      .execute();
    const last = rows.at(-1);
    if (!last) return;
    const faults = Map.groupBy(await faultsBetween(db, batch.id, after, last.row), (f) => f.row);
    for (const { row, cells_enc } of rows) {
      const cells = Cells.parse(JSON.parse(secrets.open(cells_enc)));
      const of = faults.get(row) ?? [];
      yield [
        ...batch.shape.headers.map((h) => cells[h.index] ?? ""),
        of.map((f) => `${f.column}：${f.why}`).join("；"),
        [...new Set(of.map(remedyOf))].join("；"),
      ];
    }
    after = last.row;
  }
}

function faultsBetween(db: Db, batchId: string, after: number, upTo: number): Promise<RowFault[]> {
  return db
    .selectFrom("import_error")
    .select(["row", "column", "value", "why"])
    .where("batch_id", "=", batchId)
    .where("row", ">", after)
    .where("row", "<=", upTo)
    .orderBy("row")
    .execute();
}
