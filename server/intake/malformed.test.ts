/** 坏文件. Files that senders and attackers really make, each with the answer it must get; none is a 500, none leaves a trace. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as XLSX from "@e965/xlsx";
import { sql } from "kysely";
import { bookOf, bookParts, csvOf, textRows, zipOf } from "../testing/sheets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { resumeImports } from "./jobs.ts";

let town: Town;
let triager: Client;
before(async () => {
  town = await openTown();
  triager = await town.as("triager");
});
after(() => town.close());

const HEADER = ["登记编号", "诉求编号", "派发时间", "登记时间", "诉求内容", "主办单位", "解决类型", "满意"];
const GOOD = [
  "R1",
  "热线-1",
  "2026-11-18 09:00:00",
  "2026-11-18 09:10:00",
  "市民反映，路灯不亮。",
  "",
  "",
  "",
];
const withCell = (column: string, value: string): string[][] => [
  HEADER,
  GOOD.map((cell, i) => (HEADER[i] === column ? value : cell)),
];
const csv = (rows: readonly (readonly string[])[]): Buffer => Buffer.from(csvOf(rows));
const xlsx = (rows: readonly (readonly string[])[]): Buffer => bookOf({ rows: textRows(rows) });
const cellRow = (cell: string): string =>
  `${textRows([HEADER])}<row r="2">${textRows([GOOD.slice(0, 2)], 2).replace(/<\/?row[^>]*>/g, "")}${cell}</row>`;
const MEGABYTES = "长".repeat(3_500_000); // 10 MB of UTF-8

interface Case {
  readonly what: string;
  readonly name: string;
  readonly content: () => Buffer;
  /** Refused whole, with this in the sentence; or its rows rejected, with this as the reason. */
  readonly refused?: RegExp;
  readonly rejected?: RegExp;
  /** Rows of the file; 1 unless said. */
  readonly rows?: number;
}

const CASES: readonly Case[] = [
  // 文件不是它说的那样
  { what: "an empty file", name: "空.csv", content: () => Buffer.alloc(0), refused: /空的/ },
  {
    what: "an empty workbook by name only",
    name: "空.xlsx",
    content: () => Buffer.alloc(0),
    refused: /空的/,
  },
  { what: "blanks only", name: "a.csv", content: () => Buffer.from(" \r\n \r\n"), refused: /空的/ },
  { what: "no extension", name: "工单", content: () => csv([HEADER, GOOD]), refused: /只能导入/ },
  { what: "a program", name: "工单.exe", content: () => Buffer.from("MZ\x90\0"), refused: /只能导入/ },
  {
    what: "a PDF called .xlsx",
    name: "a.xlsx",
    content: () => Buffer.from("%PDF-1.7\n1 0 obj"),
    refused: /不符/,
  },
  { what: "a CSV called .xlsx", name: "b.xlsx", content: () => csv([HEADER, GOOD]), refused: /不符/ },
  {
    what: "a web page called .xls, as old systems export",
    name: "c.xls",
    content: () => Buffer.from("<html><table><tr><td>诉求编号</td></tr></table></html>"),
    refused: /不符/,
  },
  {
    what: "a web page called .csv",
    name: "d.csv",
    content: () => Buffer.from("<!DOCTYPE html><table><tr><td>诉求编号</td></tr></table>"),
    refused: /网页/,
  },
  { what: "a workbook called .csv", name: "e.csv", content: () => xlsx([HEADER, GOOD]), refused: /不符/ },
  { what: "a workbook called .xls", name: "f.xls", content: () => xlsx([HEADER, GOOD]), refused: /不符/ },
  { what: "an old workbook called .xlsx", name: "g.xlsx", content: oldBook, refused: /旧版/ },
  {
    what: "a picture called .csv",
    name: "h.csv",
    content: () =>
      Buffer.from([
        0x89,
        0x50,
        0x4e,
        0x47,
        0x0d,
        0x0a,
        0x1a,
        0x0a,
        ...Array.from({ length: 600 }, (_, i) => (i * 7) % 256),
      ]),
    refused: /编码|二进制/,
  },
  {
    what: "bytes that are neither UTF-8 nor GB18030",
    name: "i.csv",
    content: () => Buffer.concat([csv([HEADER]), Buffer.from([0xff, 0xff, 0x80, 0x0a, 0xc3, 0x28])]),
    refused: /编码/,
  },
  {
    what: "UTF-8 by its mark and broken after it",
    name: "j.csv",
    content: () => Buffer.concat([Buffer.from("\ufeff诉求编号,诉求内容\n1,"), Buffer.from([0xe5, 0xa4])]),
    refused: /编码/,
  },
  {
    what: "half a UTF-16 character",
    name: "k.csv",
    content: () => Buffer.concat([Buffer.from("\ufeff诉求编号", "utf16le"), Buffer.from([0x31])]),
    refused: /编码/,
  },
  {
    what: "NULs all over a CSV",
    name: "l.csv",
    content: () => Buffer.from(`${csvOf([HEADER, GOOD])}${"\0".repeat(500)}`),
    refused: /二进制/,
  },
  // 压缩包
  { what: "a zip cut in half", name: "a1.xlsx", content: () => half(xlsx([HEADER, GOOD])), refused: /损坏/ },
  {
    what: "a zip without its end",
    name: "a2.xlsx",
    content: () => xlsx([HEADER, GOOD]).subarray(0, -22),
    refused: /损坏/,
  },
  { what: "a zip with a flipped byte in the sheet", name: "a3.xlsx", content: flipped, refused: /损坏/ },
  {
    what: "a sheet whose checksum lies",
    name: "a4.xlsx",
    content: () => bookOf({ rows: textRows([HEADER, GOOD]), claim: { crc: 7 } }),
    refused: /损坏/,
  },
  {
    what: "a sheet that says it is smaller than it is",
    name: "a5.xlsx",
    content: () => bookOf({ rows: textRows([HEADER, GOOD]), claim: { size: 10 } }),
    refused: /损坏/,
  },
  {
    what: "a bomb: a gigabyte by its own word",
    name: "a6.xlsx",
    content: () => bookOf({ rows: textRows([HEADER, GOOD]), claim: { size: 1_500_000_000 } }),
    refused: /过大/,
  },
  {
    what: "a bomb: sixty megabytes of one letter",
    name: "a7.xlsx",
    content: () => bookOf({ rows: textRows([HEADER]) + " ".repeat(60_000_000) }),
    refused: /过大/,
  },
  {
    what: "an encrypted zip",
    name: "a8.xlsx",
    content: () => bookOf({ rows: textRows([HEADER, GOOD]), claim: { flags: 1 } }),
    refused: /密码/,
  },
  {
    what: "an unknown way of packing",
    name: "a9.xlsx",
    content: () => bookOf({ rows: textRows([HEADER, GOOD]), claim: { method: 99 } }),
    refused: /损坏/,
  },
  {
    what: "a zip of other things",
    name: "b1.xlsx",
    content: () => zipOf([{ name: "读我.txt", content: "你好" }]),
    refused: /不是 Excel/,
  },
  {
    what: "a Word document",
    name: "b2.xlsx",
    content: () =>
      zipOf([
        { name: "[Content_Types].xml", content: "<Types/>" },
        { name: "word/document.xml", content: "<w:document/>" },
      ]),
    refused: /不是 Excel/,
  },
  {
    what: "a workbook without its sheet",
    name: "b3.xlsx",
    content: () => zipOf(bookParts({ rows: "" }).slice(0, -1)),
    refused: /没有可见的工作表/,
  },
  {
    what: "path names inside the zip",
    name: "b4.xlsx",
    content: () => zipOf([{ name: "../../etc/passwd", content: "x" }]),
    refused: /不是 Excel/,
  },
  {
    what: "an old workbook of rubbish",
    name: "b5.xls",
    content: () =>
      Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]), Buffer.alloc(2000, 3)]),
    refused: /损坏|密码|工作表/,
  },
  // XML
  {
    what: "a DOCTYPE with entities",
    name: "c1.xlsx",
    content: () => replaced("xl/sharedStrings.xml", `<!DOCTYPE s [<!ENTITY a "b">]><sst>&a;</sst>`),
    refused: /损坏/,
  },
  {
    what: "tags that do not match",
    name: "c2.xlsx",
    content: () => bookOf({ rows: `<row r="1"><c r="A1"></row></c>` }),
    refused: /损坏/,
  },
  {
    what: "a sheet that stops in the middle of a row",
    name: "c3.xlsx",
    content: () =>
      replaced(
        "xl/worksheets/sheet1.xml",
        `<worksheet><sheetData>${textRows([HEADER, GOOD])}<row r="3"><c r="A3"`,
      ),
    refused: /损坏/,
  },
  {
    what: "a column that no spreadsheet has",
    name: "c4.xlsx",
    content: () => bookOf({ rows: `<row r="1"><c r="ZZZZ1" t="inlineStr"><is><t>x</t></is></c></row>` }),
    refused: /损坏/,
  },
  {
    what: "a thousand columns",
    name: "c5.xlsx",
    content: () => xlsx([[...HEADER, ...Array.from({ length: 1000 }, (_, i) => `列${i}`)]]),
    refused: /列数过多/,
  },
  {
    what: "a thousand columns in a CSV",
    name: "c6.csv",
    content: () => csv([[...HEADER, ...Array.from({ length: 1000 }, (_, i) => `列${i}`)]]),
    refused: /列数过多/,
  },
  // 表头
  {
    what: "a quote that never closes",
    name: "d1.csv",
    content: () => Buffer.from(`${csvOf([HEADER, GOOD])}\r\nR2,"热线-2,没有收尾`),
    refused: /引号/,
  },
  {
    what: "a sheet without any header",
    name: "d2.xlsx",
    content: () => bookOf({ rows: "" }),
    refused: /没有找到表头/,
  },
  {
    what: "seventy thousand empty rows and nothing else",
    name: "d3.xlsx",
    content: () =>
      bookOf({
        rows: Array.from(
          { length: 70_000 },
          (_, i) => `<row r="${i + 1}"><c r="A${i + 1}" s="0"/></row>`,
        ).join(""),
      }),
    refused: /没有找到表头/,
  },
  {
    what: "headers of another world",
    name: "d4.csv",
    content: () =>
      csv([
        ["品名", "单价", "数量"],
        ["水", "2", "3"],
      ]),
    refused: /认不出表头/,
  },
  {
    what: "the header below the twentieth row",
    name: "d5.csv",
    content: () => csv([...Array.from({ length: 25 }, () => ["说明", "说明"]), HEADER, GOOD]),
    refused: /认不出表头/,
  },
  {
    what: "two columns of the same name",
    name: "d6.csv",
    content: () =>
      csv([
        [...HEADER, "诉求内容"],
        [...GOOD, "另一份"],
      ]),
    refused: /表头重复/,
  },
  {
    what: "a required column missing",
    name: "d7.csv",
    content: () => csv([HEADER.filter((h) => h !== "诉求内容"), GOOD]),
    refused: /认不出表头/,
  },
  // 行
  {
    what: "the thirtieth of February",
    name: "e1.csv",
    content: () => csv(withCell("派发时间", "2020-02-30 08:00:00")),
    rejected: /没有这一天/,
  },
  {
    what: "the hour twenty-five",
    name: "e2.csv",
    content: () => csv(withCell("登记时间", "2026-11-18 25:00:00")),
    rejected: /没有这一天/,
  },
  {
    what: "the year 0202",
    name: "e3.csv",
    content: () => csv(withCell("派发时间", "0202-11-18")),
    rejected: /年份/,
  },
  {
    what: "words for a date",
    name: "e4.csv",
    content: () => csv(withCell("派发时间", "昨天下午")),
    rejected: /无法识别的日期/,
  },
  {
    what: "no number",
    name: "e5.csv",
    content: () => csv(withCell("诉求编号", "　")),
    rejected: /缺少工单编号/,
  },
  {
    what: "a number rounded by a spreadsheet",
    name: "e6.csv",
    content: () => csv(withCell("诉求编号", "2.01231E+14")),
    rejected: /科学计数法/,
  },
  {
    what: "a number of a thousand signs",
    name: "e7.csv",
    content: () => csv(withCell("诉求编号", "9".repeat(1000))),
    rejected: /过长/,
  },
  {
    what: "no text",
    name: "e8.csv",
    content: () => csv(withCell("诉求内容", "\u200b \u3000")),
    rejected: /缺少主要内容/,
  },
  {
    what: "a cell of ten megabytes in a CSV",
    name: "e9.csv",
    content: () => csv(withCell("诉求内容", MEGABYTES)),
    rejected: /32767/,
  },
  {
    what: "a cell of ten megabytes in a workbook",
    name: "f1.xlsx",
    content: () => xlsx(withCell("诉求内容", MEGABYTES.slice(0, 3_400_000).replace(/长{3}/g, "长短高"))),
    rejected: /32767/,
  },
  {
    what: "an answer that is none",
    name: "f2.csv",
    content: () => csv(withCell("满意", "<script>alert(1)</script>")),
    rejected: /无法识别的取值/,
  },
  {
    what: "an error in place of the number",
    name: "f3.xlsx",
    content: () => bookOf({ rows: cellRow(`<c r="E2" t="e"><v>#REF!</v></c>`) }),
    rejected: /公式错误/,
  },
  {
    what: "a formula that was never reckoned",
    name: "f4.xlsx",
    content: () => bookOf({ rows: cellRow(`<c r="E2"><f>A1&amp;"x"</f></c>`) }),
    rejected: /没有计算结果/,
  },
  {
    what: "a unit of nowhere",
    name: "f5.csv",
    content: () => csv(withCell("主办单位", "'; drop table unit; --")),
    rejected: /没有这个单位/,
  },
  {
    what: "a row of fewer cells than the header",
    name: "f6.csv",
    content: () => csv([HEADER, ["R1", "热线-1"]]),
    rejected: /缺少主要内容/,
  },
  {
    what: "only NULs and controls for text",
    name: "f7.csv",
    content: () => csv(withCell("诉求内容", "\u0001\u0002")),
    rejected: /缺少主要内容/,
  },
  {
    what: "half a character for text",
    name: "f8.xlsx",
    content: () => bookOf({ rows: cellRow(`<c r="C2" t="inlineStr"><is><t>&#xD800;</t></is></c>`) }),
    rejected: /./,
  },
];

for (const c of CASES) {
  test(`${c.what} is ${c.refused ? "refused whole" : "reported with its row"}, and leaves no trace`, async () => {
    const before = await traces();
    const uploaded = await triager.upload("/api/imports", c.name, c.content());
    if (c.refused) {
      // A header that is not recognised, or stands twice, is for a person to map: without that nothing can be confirmed.
      const answer =
        uploaded.status === 200
          ? await triager.post(`/api/imports/${uploaded.body.id}/confirm`, { mapping: {} })
          : uploaded;
      assert.equal(answer.status, 422, answer.raw.toString().slice(0, 300));
      assert.match(answer.body.message, c.refused);
    } else {
      assert.equal(uploaded.status, 200, uploaded.raw.toString().slice(0, 300));
      const { id } = uploaded.body;
      assert.equal((await triager.post(`/api/imports/${id}/confirm`, { mapping: {} })).status, 200);
      await resumeImports(town.shell);
      const done = (await triager.get(`/api/imports/${id}`)).body;
      assert.deepEqual([done.status, done.rows, done.rejected], ["done", c.rows ?? 1, c.rows ?? 1]);
      const { rows } = (await triager.get(`/api/imports/${id}/errors`)).body;
      assert.ok(
        rows.some((r: { why: string }) => c.rejected?.test(r.why)),
        JSON.stringify(rows),
      );
      assert.ok(rows.every((r: { value: string }) => r.value.length <= 40));
    }
    assert.deepEqual(await traces(), before);
  });
}

test("names with folders, quotes and controls are names, and nothing is written where they point", async () => {
  for (const name of [
    "../../../evil.csv",
    "C:\\\\Windows\\\\evil.csv",
    "/etc/cron.d/evil.csv",
    "a;b.csv",
    `${"长".repeat(90)}.csv`,
  ]) {
    const answer = await triager.upload("/api/imports", name, csv([HEADER, GOOD]));
    assert.equal(answer.status, 200, name);
    assert.doesNotMatch(answer.body.fileName, /[\\/]/);
    await triager.post(`/api/imports/${answer.body.id}/cancel`);
  }
});

test("requests that are no upload are told so", async () => {
  assert.equal((await triager.post("/api/imports", { file: "x" })).status, 422);
  const { app } = town.house;
  const headers = { cookie: triager.cookie, "x-csrf-token": triager.csrf };
  const broken = await app.inject({
    method: "POST",
    url: "/api/imports",
    headers: { ...headers, "content-type": "multipart/form-data; boundary=x" },
    payload: "--x\r\nnonsense",
  });
  assert.ok(broken.statusCode >= 400 && broken.statusCode < 500, String(broken.statusCode));
  const cut = await app.inject({
    method: "POST",
    url: "/api/imports",
    headers: { ...headers, "content-type": "multipart/form-data; boundary=x" },
    payload: '--x\r\ncontent-disposition: form-data; name="file"; filename="a.csv"\r\n\r\nhalf a fi',
  });
  assert.equal(cut.statusCode, 422);
  const noBoundary = await app.inject({
    method: "POST",
    url: "/api/imports",
    headers: { ...headers, "content-type": "multipart/form-data" },
    payload: "x",
  });
  assert.ok(noBoundary.statusCode >= 400 && noBoundary.statusCode < 500, String(noBoundary.statusCode));
  for (const url of [
    "/api/imports/0",
    "/api/imports/abc",
    "/api/imports/1e9",
    "/api/imports/99999999999999999999",
  ])
    assert.equal((await triager.get(url)).status, 422, url);
  assert.equal((await triager.get("/api/imports/999999")).status, 404);
  assert.equal((await triager.post("/api/imports/999999/confirm", { mapping: {} })).status, 404);
  const { id } = (await triager.upload("/api/imports", "ok.csv", csv([HEADER, GOOD]))).body;
  for (const body of [
    { mapping: { 诉求内容: "nosuchfield" } },
    { profile: "../../x", mapping: {} },
    { mapping: [] },
    { mapping: { "a\0b": "" } },
  ])
    assert.equal((await triager.post(`/api/imports/${id}/preview`, body)).status, 422, JSON.stringify(body));
  await triager.post(`/api/imports/${id}/cancel`);
});

test("no refused, finished or given-up file is left in the folder", async () => {
  const { rows } = await sql<{ id: string }>`select id from import_batch where status = 'uploaded'`.execute(
    town.shell.db,
  );
  for (const { id } of rows) await triager.post(`/api/imports/${id}/cancel`);
  const folder = join(town.shell.files, "imports");
  assert.deepEqual(existsSync(folder) ? await readdir(folder) : [], []);
});

function oldBook(): Buffer {
  return XLSX.write(XLSX.utils.book_new(XLSX.utils.aoa_to_sheet([HEADER, GOOD]), "工单"), {
    type: "buffer",
    bookType: "biff8",
  });
}

function half(file: Buffer): Buffer {
  return file.subarray(0, file.length >> 1);
}

/** A workbook with one bit turned in the packed bytes of its sheet. */
function flipped(): Buffer {
  const file = Buffer.from(xlsx([HEADER, GOOD]));
  const at = file.indexOf("xl/worksheets/sheet1.xml") + "xl/worksheets/sheet1.xml".length + 60;
  file.writeUInt8(file.readUInt8(at) ^ 0x20, at);
  return file;
}

function replaced(part: string, content: string): Buffer {
  return zipOf(
    bookParts({ rows: textRows([HEADER, GOOD]) }).map((p) => (p.name === part ? { name: part, content } : p)),
  );
}

/** Rows of every table, but those that say that somebody tried: batches, their errors, learned headers, audit. */
async function traces(): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE'
       and table_name not in ('import_batch', 'import_error', 'import_refused', 'import_mapping', 'audit', 'inbox_message')`.execute(
    town.shell.db,
  );
  const counts: [string, string][] = [];
  for (const { name } of rows) {
    const counted = await sql<{ n: string }>`select count(*) as n from ${sql.table(name)}`.execute(
      town.shell.db,
    );
    counts.push([name, counted.rows[0]?.n ?? ""]);
  }
  return Object.fromEntries(counts);
}
