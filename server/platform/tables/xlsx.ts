/**
 * XLSX 文件. Streams the rows of a sheet: shared and rich texts, dates of both systems, cached results of formulas,
 * cells merged downwards.
 *
 * Our own reader on the zip and its XML rather than exceljs's: that one takes the reading aid of a name for the name
 * (rPh), loses all but the last run of an inline text, knows no merged cells, and has no limits.
 */
import { fromSerial, writeInstant } from "@jiesu/core/intake/instant.ts";
import type { CellFault, RawRow } from "@jiesu/core/intake/row.ts";
import { MAX_CELL } from "@jiesu/core/intake/text.ts";
import { type Merge, MergeFill, readMerges } from "./merges.ts";
import { BATCH_ROWS, FileRefused, MAX_COLUMNS, type Table, TOO_LONG } from "./table.ts";
import { attribute, type XmlHandler, XmlScanner } from "./xml.ts";
import { openZip, type Zip } from "./zip.ts";

/** Texts of a file are held in memory while it is read. */
const MAX_STRINGS_BYTES = 600 * 1024 ** 2;
const MAX_PART_BYTES = 64 * 1024 ** 2;

export async function openXlsx(path: string): Promise<Table> {
  const zip = await openZip(path);
  const book = await readBook(zip);
  const sheets = book.sheets.filter((sheet) => sheet.visible && zip.has(sheet.part));
  if (sheets.length === 0) throw new FileRefused("no-sheet");
  const styles = await readDateStyles(zip, book.stylesPart);
  let strings: Promise<readonly Text[]> | null = null;
  const merges = new Map<string, readonly Merge[]>();
  return {
    format: "xlsx",
    encoding: null,
    sheets: sheets.map((sheet) => sheet.name),
    async *rows(index) {
      const part = sheets[index]?.part;
      if (part === undefined) throw new Error(`no sheet ${index}`);
      strings ??= readStrings(zip, book.stringsPart);
      const texts = await strings;
      // The first pass inflates and checks the whole sheet, and finds the merged cells that stand after its rows.
      const merged = merges.get(part) ?? (await readMerges(zip.read(part)));
      merges.set(part, merged);
      yield* readSheet(zip, part, { strings: texts, styles, date1904: book.date1904 }, merged);
    },
  };
}

interface Book {
  readonly sheets: readonly { readonly name: string; readonly part: string; readonly visible: boolean }[];
  readonly stringsPart: string | null;
  readonly stylesPart: string | null;
  readonly date1904: boolean;
}

/** A text and whether it is beyond what a cell can hold. */
type Text = string;

interface Context {
  readonly strings: readonly Text[];
  /** Whether the style of this index shows a date. */
  readonly styles: readonly boolean[];
  readonly date1904: boolean;
}

async function readBook(zip: Zip): Promise<Book> {
  if (!zip.has("[Content_Types].xml"))
    throw new FileRefused("not-what-it-says", "是压缩包，但不是 Excel 工作簿");
  const roots = await readRelations(zip, "", "_rels/.rels");
  const bookPart = roots.find((r) => r.type.endsWith("/officeDocument"))?.target ?? "xl/workbook.xml";
  if (!zip.has(bookPart)) throw new FileRefused("not-what-it-says", "是压缩包，但不是 Excel 工作簿");
  const folder = bookPart.slice(0, bookPart.lastIndexOf("/") + 1);
  const relations = await readRelations(zip, folder, `${folder}_rels/${bookPart.slice(folder.length)}.rels`);
  const byId = new Map(relations.map((r) => [r.id, r.target]));
  const sheets: { name: string; part: string; visible: boolean }[] = [];
  let date1904 = false;
  let isBook = false;
  await scan(zip, bookPart, {
    open(name, tag) {
      if (name === "workbook") isBook = true;
      if (name === "workbookPr") date1904 = ["1", "true"].includes(attribute(tag, "date1904") ?? "");
      if (name !== "sheet") return;
      const state = attribute(tag, "state");
      const part = byId.get(attribute(tag, "id") ?? "") ?? "";
      sheets.push({
        name: attribute(tag, "name") ?? "",
        part,
        visible: state === null || state === "visible",
      });
    },
    close() {},
    text() {},
  });
  if (!isBook) throw new FileRefused("not-what-it-says", "不是 Excel 工作簿");
  const partOf = (type: string): string | null =>
    relations.find((r) => r.type.endsWith(`/${type}`))?.target ?? null;
  return { sheets, stringsPart: partOf("sharedStrings"), stylesPart: partOf("styles"), date1904 };
}

interface Relation {
  readonly id: string;
  readonly type: string;
  readonly target: string;
}

async function readRelations(zip: Zip, folder: string, part: string): Promise<readonly Relation[]> {
  const relations: Relation[] = [];
  if (!zip.has(part)) return relations;
  await scan(zip, part, {
    open(name, tag) {
      if (name !== "Relationship") return;
      const target = attribute(tag, "Target") ?? "";
      relations.push({
        id: attribute(tag, "Id") ?? "",
        type: attribute(tag, "Type") ?? "",
        target: target.startsWith("/") ? target.slice(1) : folder + target,
      });
    },
    close() {},
    text() {},
  });
  return relations;
}

/** Built-in number formats that show a date or a time. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

async function readDateStyles(zip: Zip, part: string | null): Promise<readonly boolean[]> {
  if (part === null || !zip.has(part)) return [];
  const custom = new Map<number, boolean>();
  const styles: boolean[] = [];
  let inCells = false;
  await scan(zip, part, {
    open(name, tag) {
      if (name === "numFmt")
        custom.set(Number(attribute(tag, "numFmtId")), isDateFormat(attribute(tag, "formatCode") ?? ""));
      else if (name === "cellXfs") inCells = true;
      else if (name === "xf" && inCells) {
        const id = Number(attribute(tag, "numFmtId") ?? 0);
        styles.push(custom.get(id) ?? isBuiltInDate(id));
      }
    },
    close(name) {
      if (name === "cellXfs") inCells = false;
    },
    text() {},
  });
  return styles;
}

/** Whether a number format shows a date: y, m, d, h or s outside quotes, brackets and escapes. */
export function isDateFormat(code: string): boolean {
  const bare = code.replace(/"[^"]*"|\[(?!h+\]|m+\]|s+\])[^\]]*\]|\\.|_.|\*./gi, "");
  return /[ymdhs]/i.test(bare.replace(/general/gi, ""));
}

async function readStrings(zip: Zip, part: string | null): Promise<readonly Text[]> {
  const strings: Text[] = [];
  if (part === null || !zip.has(part)) return strings;
  let text = "";
  let inText = false;
  let aside = 0;
  await scan(
    zip,
    part,
    {
      open(name) {
        if (name === "si") text = "";
        else if (name === "rPh") aside += 1;
        else if (name === "t") inText = aside === 0;
      },
      close(name) {
        if (name === "t") inText = false;
        else if (name === "rPh") aside -= 1;
        else if (name === "si") strings.push(unescapeCell(text));
      },
      text(more) {
        // One sign too many is kept: it tells a text that is too long.
        if (inText && text.length <= MAX_CELL)
          text += more.length > MAX_CELL ? more.slice(0, MAX_CELL + 1) : more;
      },
    },
    MAX_STRINGS_BYTES,
  );
  return strings;
}

async function scan(zip: Zip, part: string, handler: XmlHandler, limit = MAX_PART_BYTES): Promise<void> {
  const scanner = new XmlScanner(handler);
  for await (const text of decoded(zip.read(part, limit))) scanner.feed(text);
  scanner.end();
}

async function* decoded(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8");
  for await (const chunk of chunks) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* readSheet(
  zip: Zip,
  part: string,
  context: Context,
  merges: readonly Merge[],
): AsyncGenerator<readonly RawRow[]> {
  const sheet = new SheetHandler(context, new MergeFill(merges));
  const scanner = new XmlScanner(sheet);
  for await (const text of decoded(zip.read(part))) {
    scanner.feed(text);
    if (sheet.rows.length >= BATCH_ROWS) yield sheet.rows.splice(0);
  }
  scanner.end();
  if (sheet.rows.length > 0) yield sheet.rows.splice(0);
}

class SheetHandler implements XmlHandler {
  readonly rows: RawRow[] = [];
  private readonly context: Context;
  private readonly fill: MergeFill;
  private inData = false;
  private number = 0;
  private cells: string[] = [];
  private faults: CellFault[] | null = null;
  private filled = false;
  private column = -1;
  private type = "";
  private style = -1;
  private value = "";
  private reading = false;
  private hasFormula = false;
  private hasValue = false;
  private aside = 0;

  constructor(context: Context, fill: MergeFill) {
    this.context = context;
    this.fill = fill;
  }

  open(name: string, tag: string): void {
    if (!this.inData) {
      if (name === "sheetData") this.inData = true;
      return;
    }
    switch (name) {
      case "row":
        this.number = Number(attribute(tag, "r") ?? this.number + 1) || this.number + 1;
        this.cells = [];
        this.faults = null;
        this.filled = false;
        this.column = -1;
        break;
      case "c":
        this.openCell(tag);
        break;
      case "v":
        this.hasValue = true;
        this.reading = true;
        break;
      case "t":
        this.hasValue = true;
        this.reading = this.aside === 0;
        break;
      case "f":
        this.hasFormula = true;
        break;
      case "rPh":
        this.aside += 1;
        break;
      default:
    }
  }

  close(name: string): void {
    if (!this.inData) return;
    switch (name) {
      case "v":
      case "t":
        this.reading = false;
        break;
      case "rPh":
        this.aside -= 1;
        break;
      case "c":
        this.closeCell();
        break;
      case "row":
        if (this.filled) {
          this.fill.apply(this.number, this.cells);
          this.rows.push({ number: this.number, cells: this.cells, faults: this.faults });
        }
        break;
      case "sheetData":
        this.inData = false;
        break;
      default:
    }
  }

  text(more: string): void {
    if (this.reading && this.value.length <= MAX_CELL)
      this.value += more.length > MAX_CELL ? more.slice(0, MAX_CELL + 1) : more;
  }

  private openCell(tag: string): void {
    const at = attribute(tag, "r");
    this.column = at === null ? this.column + 1 : columnOf(at);
    this.type = attribute(tag, "t") ?? "n";
    const style = attribute(tag, "s");
    this.style = style === null ? -1 : Number(style);
    this.value = "";
    this.hasFormula = false;
    this.hasValue = false;
  }

  private closeCell(): void {
    const value = this.hasValue ? this.textOf(this.value) : "";
    const fault = this.faultOf(value);
    if (value === "" && fault === null) return;
    if (this.column >= MAX_COLUMNS) throw new FileRefused("too-wide");
    while (this.cells.length < this.column) this.cells.push("");
    this.cells[this.column] = fault && !fault.passable ? "" : value;
    if (fault) this.faults = [...(this.faults ?? []), fault];
    if (fault || value.trim() !== "") this.filled = true;
  }

  private faultOf(value: string): CellFault | null {
    const index = this.column;
    if (value.length > MAX_CELL) return { index, why: TOO_LONG, value: value.slice(0, 60), passable: false };
    if (this.type === "e") return { index, why: "单元格是公式错误", value, passable: true };
    if (this.hasFormula && !this.hasValue)
      return { index, why: "公式没有计算结果，请用表格软件打开、保存后再导入", value: "", passable: true };
    return null;
  }

  private textOf(text: string): string {
    switch (this.type) {
      case "s":
        return this.context.strings[Number(text)] ?? "";
      case "inlineStr":
      case "str":
        return unescapeCell(text);
      case "b":
        return text.trim() === "1" ? "TRUE" : "FALSE";
      case "e":
        return text;
      case "d":
        return text.replace("T", " ").replace(/(?:\.\d+)?Z?$/, "");
      default:
        return this.numberOf(text.trim());
    }
  }

  private numberOf(text: string): string {
    const number = Number(text);
    if (text === "" || !Number.isFinite(number)) return text;
    if (this.context.styles[this.style] === true) {
      const read = fromSerial(number, this.context.date1904);
      if (read.ok) return writeInstant(read.at);
    }
    return /^-?\d{1,15}$/.test(text) ? text : String(number);
  }
}

/** "AB12" → 27. */
function columnOf(at: string): number {
  let column = 0;
  for (let i = 0; i < at.length; i++) {
    const c = at.charCodeAt(i);
    if (c < 0x41 || c > 0x5a) break;
    column = column * 26 + (c - 0x40);
  }
  if (column === 0 || column > 16_384) throw new FileRefused("damaged");
  return column - 1;
}

/** _x000D_ is how a spreadsheet writes a control sign. */
function unescapeCell(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_whole, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
