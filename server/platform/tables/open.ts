/** 打开表格文件. Chooses the reader by what the file is, and refuses it when its name says something else. */
import { open, stat } from "node:fs/promises";
import { openCsv } from "./csv.ts";
import { FileRefused, type Table } from "./table.ts";
import { openXls } from "./xls.ts";
import { openXlsx } from "./xlsx.ts";

type Content = "zip" | "ole" | "other";

const CONTENT_ZH: Readonly<Record<Content, string>> = {
  zip: "其实是 .xlsx 或压缩包",
  ole: "其实是旧版 .xls 或加密的文件",
  other: "不是 Excel 工作簿",
};

/** Opens the file at `path`, which was sent under `fileName`. Throws FileRefused. */
export async function openTable(path: string, fileName: string): Promise<Table> {
  const { size } = await stat(path);
  if (size === 0) throw new FileRefused("empty");
  const extension = /\.([a-z0-9]{1,5})$/i.exec(fileName)?.[1]?.toLowerCase() ?? "";
  const content = await contentOf(path);
  if (extension === "xlsx" || extension === "xlsm") {
    if (content === "ole") {
      await openXls(path); // tells an encrypted workbook from an old one
      throw new FileRefused("not-what-it-says", CONTENT_ZH.ole);
    }
    if (content !== "zip") throw new FileRefused("not-what-it-says", CONTENT_ZH.other);
    return openXlsx(path);
  }
  if (extension === "xls") {
    if (content !== "ole") throw new FileRefused("not-what-it-says", CONTENT_ZH[content]);
    return openXls(path);
  }
  if (extension === "csv" || extension === "tsv" || extension === "txt") {
    if (content !== "other") throw new FileRefused("not-what-it-says", CONTENT_ZH[content]);
    return openCsv(path);
  }
  throw new FileRefused("unknown-type");
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const UNFIT = /[\u0000-\u001f\u007f<>:"|?*]/g;

/** The name alone: folders of the sender's machine, control signs and over-length are cut. */
export function plainFileName(name: string): string {
  const last = name.replaceAll("\\", "/").split("/").at(-1) ?? "";
  const plain = last.replace(UNFIT, "").replace(/^\.+/, "").trim();
  if (plain === "") return "未命名";
  if (plain.length <= 120) return plain;
  const dot = plain.lastIndexOf(".");
  const extension = dot > 0 && plain.length - dot <= 6 ? plain.slice(dot) : "";
  return plain.slice(0, 120 - extension.length) + extension;
}

async function contentOf(path: string): Promise<Content> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(8);
    await file.read(head, 0, 8, 0);
    if (head.readUInt32BE(0) === 0x504b0304 || head.readUInt32BE(0) === 0x504b0506) return "zip";
    if (head.readUInt32BE(0) === 0xd0cf11e0) return "ole";
    return "other";
  } finally {
    await file.close();
  }
}
