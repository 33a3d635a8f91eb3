/** 市级结果文件的样子: how a file, its columns and its faults leave the house. */
import { ALL_CITY_FIELDS, CITY_FIELDS } from "@jiesu/core/cityresult/fields.ts";
import { CITY_FILE_KINDS } from "@jiesu/core/cityresult/layout.ts";
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import type { RowFault } from "@jiesu/core/intake/row.ts";
import { z } from "zod";
import type { Shell } from "../../platform/shell.ts";
import { layoutOf, type ReadFile } from "./fileactions.ts";
import type { CityFile } from "./filestore.ts";

const count = z.number().int();
const At = z.iso.datetime().nullable();

/** A file in a list. */
export const FileLine = z.object({
  id: z.string(),
  period: z.string(),
  kind: z.enum(CITY_FILE_KINDS),
  kindZh: z.string(),
  status: z.enum(["uploaded", "confirmed", "withdrawn", "cancelled"]),
  version: count.nullable(),
  fileName: z.string(),
  rows: count,
  refused: count,
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  confirmedAt: At,
  confirmedBy: z.string().nullable(),
  withdrawnAt: At,
  withdrawnBy: z.string().nullable(),
  withdrawnWhy: z.string(),
});

export function fileLine(shell: Shell, file: CityFile): z.infer<typeof FileLine> {
  const { id, period, kind, status, version, fileName, rows, createdBy, confirmedBy } = file;
  return {
    ...{ id, period, kind, status, version, fileName, rows, createdBy, confirmedBy },
    kindZh: layoutOf(shell, kind).zh,
    refused: new Set(file.refused.map(({ row }) => row)).size,
    createdAt: file.createdAt.toISOString(),
    confirmedAt: file.confirmedAt?.toISOString() ?? null,
    withdrawnAt: file.withdrawnAt?.toISOString() ?? null,
    withdrawnBy: file.withdrawnBy,
    withdrawnWhy: file.withdrawnWhy,
  };
}

const FaultOut = z.object({
  row: count,
  column: z.string(),
  value: z.string(),
  why: z.string(),
  remedy: z.string(),
});

const CellsOut = z.array(z.object({ row: count, cells: z.array(z.string()) }));

export const FileOut = FileLine.extend({
  sheet: z.string(),
  sheetIndex: count,
  sheets: z.array(z.string()),
  headerRow: count,
  encoding: z.string().nullable(),
  dataRows: count,
  mapping: z.record(z.string(), z.string()),
  top: CellsOut,
  faults: z.array(FaultOut),
  /** True where this very file is in force already: nothing was changed. */
  same: z.boolean(),
});

export function fileOut(shell: Shell, file: CityFile, same = false): z.infer<typeof FileOut> {
  const { sheet, sheetIndex, sheets, headerRow, encoding, rows, top } = file.shape;
  return {
    ...fileLine(shell, file),
    ...{ sheet, sheetIndex, sheets, headerRow, encoding, top, same },
    dataRows: rows,
    mapping: { ...file.mapping },
    faults: file.refused.map(faultOut),
  };
}

export const PreviewOut = z.object({
  columns: z.array(
    z.object({
      header: z.string(),
      field: z.string(),
      why: z.string(),
      doubt: z.string().nullable(),
      samples: z.array(z.string()),
    }),
  ),
  fields: z.array(z.object({ field: z.string(), zh: z.string(), required: z.boolean() })),
  missing: z.array(z.string()),
  twice: z.array(z.string()),
  /** Rows that can be taken, that cannot, and rows of totals that were passed over. */
  rows: count,
  refused: count,
  totals: count,
  faults: z.array(FaultOut),
});

const MOST_FAULTS = 200;

export function previewOut(shell: Shell, file: CityFile, read: ReadFile): z.infer<typeof PreviewOut> {
  const layout = layoutOf(shell, file.kind);
  const { columns, missing, twice } = read.columns;
  return {
    columns: columns.map(({ header, field, why, doubt }, i) => {
      const cells = file.shape.samples.map(({ cells: row }) => row[i] ?? "").filter((cell) => cell !== "");
      return { header, field: field ?? "", why, doubt, samples: [...new Set(cells)].slice(0, 3) };
    }),
    fields: ALL_CITY_FIELDS.filter((field) => layout.fields[field] !== undefined).map((field) => ({
      field,
      zh: CITY_FIELDS[field].zh,
      required: layout.required.includes(field),
    })),
    missing: missing.map((field) => CITY_FIELDS[field].zh),
    twice: [...new Set(twice)].map((field) => CITY_FIELDS[field].zh),
    rows: read.lines.length + read.units.length,
    refused: read.refused,
    totals: read.totals,
    faults: read.faults.slice(0, MOST_FAULTS).map(faultOut),
  };
}

export const faultOut = (fault: RowFault): z.infer<typeof FaultOut> => ({
  ...fault,
  remedy: remedyOf(fault),
});
