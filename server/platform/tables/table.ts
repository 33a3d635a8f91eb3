/** 表格文件. What every reader of a file gives: sheets of rows, in order, without holding the file in memory. */
import type { RawRow } from "@jiesu/core/intake/row.ts";

export interface Table {
  readonly format: "csv" | "xlsx" | "xls";
  /** Encoding of a text file: utf-8, utf-16le, gb18030. */
  readonly encoding: string | null;
  /** Names of the visible sheets; a text file has one, "". */
  readonly sheets: readonly string[];
  /** Batches of rows of one sheet, rows without any content left out. Throws FileRefused. */
  rows(sheet: number): AsyncGenerator<readonly RawRow[]>;
}

export type FileFault =
  | "empty"
  | "not-what-it-says"
  | "unknown-type"
  | "encoding"
  | "damaged"
  | "too-large"
  | "encrypted"
  | "quotes"
  | "too-wide"
  | "no-sheet";

const WHY: Record<FileFault, string> = {
  empty: "文件是空的",
  "not-what-it-says": "文件内容与扩展名不符",
  "unknown-type": "只能导入 .xlsx、.xls、.csv 文件",
  encoding: "文字编码无法识别，请另存为 UTF-8 或 GB18030 的 CSV，或 .xlsx",
  damaged: "文件已损坏或不完整，请重新导出",
  "too-large": "文件展开后过大，请分成几个文件导入",
  encrypted: "文件有打开密码，请取消密码后再导入",
  quotes: "文件的引号不成对，各列无法分开，请重新导出",
  "too-wide": "列数过多，请检查是否选对了文件",
  "no-sheet": "文件里没有可见的工作表",
};

/** The whole file is refused: it is not what it says, or cannot be read to its end. */
export class FileRefused extends Error {
  readonly fault: FileFault;
  readonly why: string;
  constructor(fault: FileFault, detail = "") {
    const why = detail === "" ? WHY[fault] : `${WHY[fault]}（${detail}）`;
    super(why);
    this.fault = fault;
    this.why = why;
  }
}

/** Columns beyond this are no table of tickets. */
export const MAX_COLUMNS = 400;
/** Rows of one batch. */
export const BATCH_ROWS = 500;

export const TOO_LONG = "单元格内容过长，最多 32767 字";
