/** CSV 文件. Tells the encoding from the bytes, refuses what is no text, and reads record by record. */
import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import type { CellFault, RawRow } from "@jiesu/core/intake/row.ts";
import { MAX_CELL } from "@jiesu/core/intake/text.ts";
import { CsvRecords } from "./csvrecords.ts";
import { BATCH_ROWS, FileRefused, MAX_COLUMNS, type Table, TOO_LONG } from "./table.ts";

const CHUNK = 1 << 18;
const LOOKED_AT = 20_000;

type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030";

/** Opens a text file as a table. The whole of it is decoded once here: a bad byte refuses it before any row is read. */
export async function openCsv(path: string): Promise<Table> {
  const { encoding, delimiter } = await examine(path);
  return {
    format: "csv",
    encoding,
    sheets: [""],
    rows: () => readRows(path, encoding, delimiter),
  };
}

/** UTF-8 where every byte is UTF-8, else GB18030 where every byte is that, else refused. A byte-order mark decides. */
async function examine(path: string): Promise<{ encoding: Encoding; delimiter: string }> {
  const marked = await byteOrderMark(path);
  for (const encoding of marked ? [marked] : (["utf-8", "gb18030"] as const)) {
    const seen = await decode(path, encoding);
    if (seen === null) continue;
    if (seen.binary) throw new FileRefused("not-what-it-says", "不是文本，而是二进制内容");
    if (/^\s*(?:<!doctype html|<html|<\?xml|<table|<head|<meta)/i.test(seen.start))
      throw new FileRefused("not-what-it-says", "内容是网页，请在原系统中另存为 CSV 或 .xlsx");
    if (seen.start.trim() === "") throw new FileRefused("empty");
    return { encoding, delimiter: delimiterOf(seen.start) };
  }
  throw new FileRefused("encoding");
}

/** Null when some byte is not of this encoding. A text with many control or private signs is no text. */
async function decode(path: string, encoding: Encoding): Promise<{ binary: boolean; start: string } | null> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let start = "";
  let odd = 0;
  let length = 0;
  const look = (text: string): void => {
    if (start.length < LOOKED_AT) start += text.slice(0, LOOKED_AT);
    length += text.length;
    odd += text.match(ODD)?.length ?? 0;
  };
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }))
      look(decoder.decode(chunk, { stream: true }));
    look(decoder.decode());
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
  return { binary: odd > 8 && odd * 200 > length, start };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells a binary file
const ODD = /[\u0000-\u0008\u000e-\u001a\ue000-\uf8ff\ufffd]/g;

async function byteOrderMark(path: string): Promise<Encoding | null> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(3);
    await file.read(head, 0, 3, 0);
    if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return "utf-8";
    if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le";
    if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be";
    return null;
  } finally {
    await file.close();
  }
}

/** What a line near the top holds most of, outside quotes: tabs, semicolons or commas. */
function delimiterOf(text: string): string {
  const lines = text.replace(/"[^"]*"/g, "").split(/\r?\n|\r/, 30);
  const most = (sign: string): number => Math.max(...lines.map((line) => line.split(sign).length - 1));
  return ["\t", ";", ","].reduce((best, sign) => (most(sign) > most(best) ? sign : best));
}

async function* readRows(
  path: string,
  encoding: Encoding,
  delimiter: string,
): AsyncGenerator<readonly RawRow[]> {
  const decoder = new TextDecoder(encoding);
  const records = new CsvRecords(delimiter);
  let batch: RawRow[] = [];
  let number = 0;
  const take = (cells: string[]): void => {
    number += 1;
    const row = rowOf(number, cells);
    if (row) batch.push(row);
  };
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK })) {
    records.feed(decoder.decode(chunk, { stream: true }), take);
    while (batch.length >= BATCH_ROWS) {
      yield batch.slice(0, BATCH_ROWS);
      batch = batch.slice(BATCH_ROWS);
    }
  }
  records.feed(decoder.decode(), take);
  if (!records.end(take)) throw new FileRefused("quotes", `第 ${number + 1} 行起`);
  if (batch.length > 0) yield batch;
}

/** Null for a row without content. */
function rowOf(number: number, cells: string[]): RawRow | null {
  if (cells.every((cell) => cell === "" || cell.trim() === "")) return null;
  if (cells.length > MAX_COLUMNS && cells.slice(MAX_COLUMNS).some((cell) => cell !== ""))
    throw new FileRefused("too-wide");
  let faults: CellFault[] | null = null;
  for (const [index, cell] of cells.entries()) {
    if (cell.length <= MAX_CELL) continue;
    faults = [...(faults ?? []), { index, why: TOO_LONG, value: cell.slice(0, 60), passable: false }];
    cells[index] = "";
  }
  return { number, cells, faults };
}
