/** 报市的文件: the form and the index of evidence as workbooks, and the package of the evidence, streamed file by file. */
import { type CityForm, formCells, type IndexFacts, indexCells } from "@jiesu/core/exemption/cityform.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { Zip, ZipPassThrough } from "fflate";
import { readKept } from "../platform/files/kept.ts";
import type { Item } from "./batchstore.ts";

interface Making {
  readonly form: CityForm;
  readonly number: string;
  readonly items: readonly Item[];
  readonly at: number;
}

/** 报市表: the rows as they are given, people covered or in clear. */
export function formBook({ form, number, items, at }: Making): Promise<Buffer> {
  const rows = items.map(({ facts, place }) => formCells(form.columns, facts, place));
  return book({ title: form.title, number, at, applications: items.length, columns: form.columns, rows });
}

/** 证据目录: a row a piece, in the order in which they lie in the package. */
export function indexBook({ form, number, items, at }: Making): Promise<Buffer> {
  const rows = items.flatMap(({ facts, place, evidence }) =>
    evidence.map(({ order, kind, text, file }) => {
      const piece: IndexFacts = {
        ...{ sequence: place, number: facts.number, unit: facts.unit, order, kind, text },
        ...{ file: file?.name ?? "—", size: file?.size ?? "—" },
        ...{ sha256: file?.sha256 ?? "—", path: file?.path ?? "—" },
      };
      return indexCells(form.index, piece);
    }),
  );
  const title = `${form.title}佐证目录`;
  return book({ title, number, at, applications: items.length, columns: form.index, rows });
}

async function book(of: {
  readonly title: string;
  readonly number: string;
  readonly at: number;
  readonly applications: number;
  readonly columns: readonly { readonly header: string; readonly width: number }[];
  readonly rows: readonly (readonly (string | number)[])[];
}): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  book.created = new Date(of.at);
  book.modified = new Date(of.at);
  const sheet = book.addWorksheet(of.title, { views: [{ state: "frozen", ySplit: 3 }] });
  sheet.addRow([of.title]).font = { bold: true, size: 14 };
  sheet.addRow([`批次 ${of.number} · ${of.applications} 件 · 报送日期 ${dayOf(of.at)}`]);
  sheet.addRow(of.columns.map(({ header }) => header)).font = { bold: true };
  for (const cells of of.rows) sheet.addRow([...cells]).alignment = { wrapText: true, vertical: "top" };
  for (const [at, { width }] of of.columns.entries()) sheet.getColumn(at + 1).width = width;
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** A file that is gone or is no longer what it was when it went out. */
export class EvidenceGone extends Error {}

/**
 * The package of a batch, one file in memory at a time: the index first, then every file at the place that the index
 * names. The same batch gives the same bytes; a file that is not what the index says breaks the stream off.
 */
export async function* packageOf(
  folder: string,
  index: { readonly name: string; readonly bytes: Buffer },
  items: readonly Item[],
  at: number,
): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    made.push(chunk);
  });
  const add = (path: string, bytes: Buffer): Uint8Array[] => {
    const entry = new ZipPassThrough(path); // pictures and papers are packed already
    entry.mtime = `${dayOf(at)}T12:00:00`; // read in the zone of the machine: noon is that day in every zone
    zip.add(entry);
    entry.push(bytes, true);
    return made.splice(0);
  };
  yield* add(index.name, index.bytes);
  for (const { evidence } of items)
    for (const { file } of evidence) {
      if (file === null) continue;
      const bytes = await readKept(folder, Buffer.from(file.sha256, "hex"));
      if (bytes === null) throw new EvidenceGone(`${file.path} is gone`);
      yield* add(file.path, bytes);
    }
  zip.end();
  yield* made.splice(0);
}
