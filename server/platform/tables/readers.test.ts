import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import * as XLSX from "@e965/xlsx";
import { parse } from "csv-parse/sync";
import ExcelJS from "exceljs";
import fc from "fast-check";
import { bookOf, textRows } from "../../testing/sheets.ts";
import { CsvRecords } from "./csvrecords.ts";
import { openTable, plainFileName } from "./open.ts";
import { FileRefused } from "./table.ts";
import { isDateFormat } from "./xlsx.ts";

let folder = "";
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "jiesu-readers-"));
});
after(() => rm(folder, { recursive: true, force: true }));

async function read(name: string, content: Buffer | string) {
  const path = join(folder, name);
  await writeFile(path, content);
  const table = await openTable(path, name);
  const rows = [];
  for await (const batch of table.rows(0)) rows.push(...batch);
  return { table, rows, cells: rows.map((r) => r.cells) };
}

const refusal = (fault: string) => (error: unknown) => error instanceof FileRefused && error.fault === fault;

test("CSV is split as csv-parse splits it, wherever the text is cut", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", "，", '"', ",", "\n", "\r\n", " ", "字") });
  const quoted = cell.map((text) => `"${text.replaceAll('"', '""')}"`);
  const bare = cell.map((text) => text.replace(/[",\r\n]/g, ""));
  const file = fc.array(fc.array(fc.oneof(quoted, bare), { minLength: 1, maxLength: 5 }), {
    minLength: 1,
    maxLength: 6,
  });
  fc.assert(
    fc.property(
      file,
      fc.constantFrom("\n", "\r\n"),
      fc.array(fc.nat(200), { maxLength: 6 }),
      (rows, end, cuts) => {
        const text = rows.map((cells) => cells.join(",")).join(end) + end;
        const wanted: string[][] = parse(text, {
          relax_column_count: true,
          skip_empty_lines: false,
          record_delimiter: end,
        });
        const got: string[][] = [];
        const records = new CsvRecords(",");
        let from = 0;
        for (const cut of [...cuts].sort((a, b) => a - b)) {
          records.feed(text.slice(from, cut), (cells) => got.push(cells));
          from = Math.max(from, cut);
        }
        records.feed(text.slice(from), (cells) => got.push(cells));
        assert.equal(
          records.end((cells) => got.push(cells)),
          true,
        );
        assert.deepEqual(got, wanted);
      },
    ),
  );
});

test("a quote that is never closed is known at the end", () => {
  const records = new CsvRecords(",");
  records.feed('甲,"乙\n丙', () => {});
  assert.equal(
    records.end(() => {}),
    false,
  );
});

test("the encoding of a CSV file is told from its bytes", async () => {
  const text = "工单编号,内容\r\n热线-1,路灯不亮\r\n";
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
  const big = Buffer.from(utf16).swap16();
  // 路灯不亮, as GB18030 has it
  const gb = Buffer.concat([
    Buffer.from([0xb1, 0xe0, 0xba, 0xc5]),
    Buffer.from(",a\r\n1,"),
    Buffer.from([0xc2, 0xb7, 0xb5, 0xc6, 0xb2, 0xbb, 0xc1, 0xc1]),
    Buffer.from("\r\n"),
  ]);
  assert.equal((await read("a.csv", text)).table.encoding, "utf-8");
  assert.deepEqual((await read("b.csv", Buffer.from(`\ufeff${text}`))).cells[0], ["工单编号", "内容"]);
  assert.deepEqual((await read("c.csv", utf16)).cells[1], ["热线-1", "路灯不亮"]);
  assert.deepEqual((await read("d.csv", big)).cells[1], ["热线-1", "路灯不亮"]);
  const read18030 = await read("e.csv", gb);
  assert.equal(read18030.table.encoding, "gb18030");
  assert.deepEqual(read18030.cells, [
    ["编号", "a"],
    ["1", "路灯不亮"],
  ]);
});

test("tabs and semicolons separate where they are what separates", async () => {
  assert.deepEqual((await read("t.csv", "编号\t内容，有逗号,\n1\t甲,乙\n")).cells[1], ["1", "甲,乙"]);
  assert.deepEqual((await read("s.csv", "编号;内容\n1;甲\n")).cells[1], ["1", "甲"]);
});

test("a workbook that Excel writes is read cell by cell: texts, runs, dates, results, errors, links", async () => {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("工单");
  sheet.addRow(["编号", "内容", "时间", "结果", "链接", "是"]);
  const row = sheet.addRow([
    2549,
    { richText: [{ text: "路灯" }, { text: "不亮", font: { bold: true } }] },
    new Date(Date.UTC(2020, 11, 31, 18, 43, 24)),
    { formula: "A1&B1", result: "已修复" },
    { text: "网页", hyperlink: "https://example.com" },
    true,
  ]);
  row.getCell(3).numFmt = 'yyyy"年"m"月"d"日" h:mm:ss';
  sheet.addRow(["1", { error: "#REF!" }, { formula: "B9", result: undefined }]);
  const { rows } = await read("a.xlsx", Buffer.from(await book.xlsx.writeBuffer()));
  assert.deepEqual(rows[1]?.cells, ["2549", "路灯不亮", "2020-12-31 18:43:24", "已修复", "网页", "TRUE"]);
  assert.deepEqual(
    rows[2]?.faults?.map((f) => [f.index, f.value]),
    [
      [1, "#REF!"],
      [2, ""],
    ],
  );
});

test("the reading aid of a name is no part of it; all runs of an inline text are", async () => {
  const strings = `<si><t>北京</t><rPh sb="0" eb="2"><t>BEIJING</t></rPh></si><si><r><t>四季</t></r><r><t xml:space="preserve"> 青镇</t></r></si>`;
  const rows = `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="inlineStr"><is><r><t>甲</t></r><r><t>乙_x000D_丙</t></r></is></c></row>`;
  assert.deepEqual((await read("r.xlsx", bookOf({ rows, strings }))).cells, [
    ["北京", "四季 青镇", "甲乙\r丙"],
  ]);
});

test("cells merged downwards say the same in every row that holds something", async () => {
  const rows = textRows([
    ["分类", "内容"],
    ["供水", "甲"],
    ["", "乙"],
    ["", ""],
    ["供热", "丙"],
  ]);
  const book = bookOf({ rows, after: `<mergeCells count="1"><mergeCell ref="A2:A4"/></mergeCells>` });
  assert.deepEqual((await read("m.xlsx", book)).cells.slice(1), [
    ["供水", "甲"],
    ["供水", "乙"],
    ["供热", "丙"],
  ]);
});

test("a book that counts its days from 1904 is read by its own count", async () => {
  const styles = `<cellXfs><xf numFmtId="0"/><xf numFmtId="22"/></cellXfs>`;
  const rows = `<row r="1"><c r="A1" s="1"><v>42734.7801388889</v></c><c r="B1"><v>42734</v></c></row>`;
  const cells = async (workbookPr: string) =>
    (await read("d.xlsx", bookOf({ rows, styles, workbookPr }))).cells[0];
  assert.deepEqual(await cells(`<workbookPr date1904="1"/>`), ["2020-12-31 18:43:24", "42734"]);
  assert.deepEqual(await cells(""), ["2016-12-30 18:43:24", "42734"]);
});

test("formats that show a date are told from those that show an amount", () => {
  for (const code of ["yyyy/m/d h:mm", 'yyyy"年"m"月"', "m/d/yy", "[$-804]yyyy-mm-dd", "[h]:mm"])
    assert.equal(isDateFormat(code), true, code);
  for (const code of ["General", "0.00", "#,##0", '0"元"', "[Red]0.00", "_-* #,##0_-", "@", '"d"0'])
    assert.equal(isDateFormat(code), false, code);
});

test("names with a prefix, rows without numbers and a hidden first sheet are read like any other", async () => {
  const book = bookOf({
    rows: `<x:row><x:c t="inlineStr"><x:is><x:t>甲 &amp; 乙&#x4E2D;</x:t></x:is></x:c></x:row>`,
    hiddenFirst: true,
  });
  const { table, cells } = await read("p.xlsx", book);
  assert.deepEqual(table.sheets, ["工单"]);
  assert.deepEqual(cells, [["甲 & 乙中"]]);
});

test("seventy thousand empty rows below the data are not rows", async () => {
  const empty = Array.from(
    { length: 70_000 },
    (_, i) => `<row r="${i + 3}" spans="1:2"><c r="A${i + 3}" s="0"/></row>`,
  ).join("");
  const { rows } = await read(
    "e.xlsx",
    bookOf({
      rows:
        textRows([
          ["编号", "内容"],
          ["1", "甲"],
        ]) + empty,
    }),
  );
  assert.equal(rows.length, 2);
});

test("an old .xls is read like the new one", async () => {
  const sheet = XLSX.utils.aoa_to_sheet([
    ["编号", "时间"],
    ["热线-1", { t: "n", v: 44196.7801388889, z: "yyyy/m/d h:mm" }],
    ["热线-2", { t: "e", v: 0x17 }],
  ]);
  const book = XLSX.utils.book_new(sheet, "工单");
  const { rows, table } = await read("old.xls", XLSX.write(book, { type: "buffer", bookType: "biff8" }));
  assert.equal(table.format, "xls");
  assert.deepEqual(rows[1]?.cells, ["热线-1", "2020-12-31 18:43:24"]);
  assert.equal(rows[2]?.faults?.[0]?.value, "#REF!");
});

test("a cell beyond what a spreadsheet holds spoils its own row alone", async () => {
  const long = "长".repeat(40_000);
  for (const [name, content] of [
    ["l.csv", `编号,内容\n1,${long}\n2,短\n`],
    [
      "l.xlsx",
      bookOf({
        rows: textRows([
          ["编号", "内容"],
          ["1", long],
          ["2", "短"],
        ]),
      }),
    ],
  ] as const) {
    const { rows } = await read(name, content);
    assert.equal(rows[1]?.faults?.[0]?.passable, false);
    assert.equal(rows[2]?.faults, null);
  }
});

test("a file is what its bytes are, not what its name says", async () => {
  const zip = bookOf({ rows: textRows([["a", "b"]]) });
  await assert.rejects(read("x.csv", zip), refusal("not-what-it-says"));
  await assert.rejects(read("x.xlsx", "a,b\n1,2\n"), refusal("not-what-it-says"));
  await assert.rejects(read("x.xls", zip), refusal("not-what-it-says"));
  await assert.rejects(read("x.pdf", "%PDF-1.4"), refusal("unknown-type"));
});

test("folders, drives and control signs of a sender's file name are cut", () => {
  assert.equal(plainFileName("C:\\用户\\张三\\..\\工单.xlsx"), "工单.xlsx");
  assert.equal(plainFileName("../../etc/passwd"), "passwd");
  assert.equal(plainFileName("a\u0000b\n.csv"), "ab.csv");
  assert.equal(plainFileName("..."), "未命名");
  const long = plainFileName(`${"很长".repeat(100)}.xlsx`);
  assert.equal(long.length, 120);
  assert.ok(long.endsWith(".xlsx"));
});
