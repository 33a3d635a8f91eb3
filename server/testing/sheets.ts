/** 试验用的文件. Zips and workbooks put together byte by byte, so that tests can make the good ones and the broken ones. */
import { crc32, deflateRawSync } from "node:zlib";

export interface ZipPart {
  readonly name: string;
  readonly content: string | Buffer;
  /** What the directory shall claim instead of the truth. */
  readonly claim?: {
    readonly size?: number;
    readonly crc?: number;
    readonly flags?: number;
    readonly method?: number;
  };
}

/** A zip of these parts; `claim` lies about one. */
export function zipOf(parts: readonly ZipPart[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claim } of parts) {
    const plain = Buffer.isBuffer(content) ? content : Buffer.from(content);
    const packed = deflateRawSync(plain);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(claim?.flags ?? 0, 2);
    common.writeUInt16LE(claim?.method ?? 8, 4);
    common.writeUInt32LE(claim?.crc ?? crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claim?.size ?? plain.length, 18);
    common.writeUInt16LE(path.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), common, path, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.concat([Buffer.from("PK\x01\x02", "latin1"), Buffer.from([20, 0]), common, tail, path]),
    );
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}

export interface BookParts {
  /** XML within <sheetData>, and what follows it. */
  readonly rows: string;
  readonly after?: string;
  readonly strings?: string;
  readonly styles?: string;
  readonly workbookPr?: string;
  readonly hiddenFirst?: boolean;
  readonly claim?: ZipPart["claim"];
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/** The parts of a workbook whose sheet, texts and styles are given as XML. */
export function bookParts(book: BookParts): readonly ZipPart[] {
  const type = (name: string) => `Type="${REL}/${name}"`;
  return [
    {
      name: "[Content_Types].xml",
      content: `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    },
    {
      name: "_rels/.rels",
      content: `<Relationships><Relationship Id="r1" ${type("officeDocument")} Target="xl/workbook.xml"/></Relationships>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      content: `<Relationships><Relationship Id="s1" ${type("worksheet")} Target="worksheets/sheet1.xml"/><Relationship Id="s2" ${type("worksheet")} Target="/xl/worksheets/sheet2.xml"/><Relationship Id="t" ${type("sharedStrings")} Target="sharedStrings.xml"/><Relationship Id="y" ${type("styles")} Target="styles.xml"/></Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      content: `<workbook xmlns="${MAIN}" xmlns:r="${REL}">${book.workbookPr ?? ""}<sheets>${book.hiddenFirst ? `<sheet name="隐藏" sheetId="2" state="hidden" r:id="s2"/>` : ""}<sheet name="工单" sheetId="1" r:id="s1"/></sheets></workbook>`,
    },
    { name: "xl/sharedStrings.xml", content: `<sst xmlns="${MAIN}">${book.strings ?? ""}</sst>` },
    { name: "xl/styles.xml", content: `<styleSheet xmlns="${MAIN}">${book.styles ?? ""}</styleSheet>` },
    ...(book.hiddenFirst
      ? [{ name: "xl/worksheets/sheet2.xml", content: `<worksheet xmlns="${MAIN}"><sheetData/></worksheet>` }]
      : []),
    {
      name: "xl/worksheets/sheet1.xml",
      content: `<?xml version="1.0" encoding="UTF-8"?>\n<worksheet xmlns="${MAIN}"><sheetData>${book.rows}</sheetData>${book.after ?? ""}</worksheet>`,
      ...(book.claim ? { claim: book.claim } : {}),
    },
  ];
}

export const bookOf = (book: BookParts): Buffer => zipOf(bookParts(book));

/** Rows of plain texts as the XML of a sheet, from a row on. */
export function textRows(rows: readonly (readonly string[])[], from = 1): string {
  return rows
    .map((cells, i) => {
      const r = from + i;
      const inner = cells.map((cell, c) =>
        cell === ""
          ? ""
          : `<c r="${columnName(c)}${r}" t="inlineStr"><is><t xml:space="preserve">${escaped(cell)}</t></is></c>`,
      );
      return `<row r="${r}">${inner.join("")}</row>`;
    })
    .join("");
}

/** Rows as CSV text. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return rows
    .map((cells) =>
      cells.map((cell) => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(","),
    )
    .join("\r\n");
}

export function columnName(index: number): string {
  const high = Math.floor(index / 26);
  return (high > 0 ? columnName(high - 1) : "") + String.fromCharCode(65 + (index % 26));
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** The text as a sender's spreadsheet writes it in Windows: GB18030, for the signs that take two bytes there. */
export function gb18030Of(text: string): Buffer {
  const codes = twoByteCodes();
  return Buffer.concat(
    [...text].map((sign) => {
      if (sign.charCodeAt(0) < 0x80) return Buffer.from(sign);
      const code = codes.get(sign);
      if (!code) throw new Error(`no two bytes of GB18030 are ${sign}`);
      return code;
    }),
  );
}

function twoByteCodes(): ReadonlyMap<string, Buffer> {
  const decoder = new TextDecoder("gb18030");
  const codes = new Map<string, Buffer>();
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const code = Buffer.from([lead, trail]);
      const sign = decoder.decode(code);
      if ([...sign].length === 1 && !codes.has(sign)) codes.set(sign, code);
    }
  return codes;
}
