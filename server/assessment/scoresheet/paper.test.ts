import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import {
  type Cells,
  SHEET_KEYS,
  type SheetFigures,
  type SheetRow,
} from "@jiesu/core/assessment/scoresheet.ts";
import { sheetDocument } from "@jiesu/core/assessment/scoresheetdocument.ts";
import { wordsOf } from "@jiesu/core/assessment/scoresheetwords.ts";
import { documentText } from "@jiesu/core/report/document.ts";
import { instant } from "@jiesu/core/time/day.ts";
import { strFromU8, unzipSync } from "fflate";
import { docxOf } from "../../platform/documents/docx.ts";
import { loadRules } from "../../platform/rules.ts";

const GOLDEN = join(import.meta.dirname, "paper.golden.txt");
const [version] = loadRules().scoreSheets;
assert.ok(version);
const rules = version.body;

const NONE = {
  ...{ exemptApplied: "0", exemptUpheld: "0", exemptDenied: "0", shelvedNew: "0", shelvedLive: "0" },
  ...{ shelvedEnded: "0", returned: "0", reworked: "0" },
};
function cells(figures: string, more: Partial<Cells> = {}): Cells {
  const [rank = "", tickets = "", base = "", response = "", solution = "", satisfaction = "", score = ""] =
    figures.split(" ");
  return {
    ...{ rank, tickets, base, response, solution, satisfaction, score, ...NONE },
    ...{ basic: score, points: "—", density: "—" },
    ...{ rankChange: "—", scoreChange: "—", onTime: "100.0%", overdue: "0", ...more },
  };
}
const row = (id: string, shortName: string, its: Cells, problems: SheetRow["problems"] = []): SheetRow => ({
  unit: { id, name: `${shortName}街道`, shortName },
  unranked: its.rank === "—" ? "件数 1，未达到参评下限 5" : null,
  cells: its,
  problems,
});
const heating = { category: "供暖", unsolved: 12, dissatisfied: 9 };
const parking = { category: "停车管理", unsolved: 3, dissatisfied: 0 };

const FIGURES: SheetFigures = {
  level: "district",
  period: { name: "2026-11", from: "2026-10-19", to: "2026-11-18" },
  basis: "closed",
  takenAt: "2026-11-20T01:00:00.000Z",
  rules: { name: "district-2025", title: "区级考核规则（10/50/40）", source: "海接诉〔2025〕3号" },
  scopeZh: "不含剔除",
  columns: SHEET_KEYS.filter((key) => !["basic", "points", "density"].includes(key)),
  notes: ["合计行为各单位之率的平均值"],
  groups: [
    {
      group: "街镇",
      ranked: 3,
      rows: [
        row(
          "9",
          "学院路",
          cells("1 402 311 99.0% 95.2% 96.0% 95.9", { rankChange: "升 4", scoreChange: "+2.1" }),
        ),
        row(
          "16",
          "清河",
          cells("2 511 398 98.5% 91.0% 92.4% 92.3", {
            rankChange: "降 1",
            exemptApplied: "6",
            exemptUpheld: "4",
            exemptDenied: "1",
          }),
          [parking],
        ),
        row(
          "25",
          "温泉",
          cells("3 372 248 96.8% 78.9% 82.3% 82.0", { overdue: "5", onTime: "98.7%", reworked: "3" }),
          [heating, parking],
        ),
        row("28", "上庄", cells("— 1 1 100.0% 100.0% 100.0% 100.0")),
      ],
      total: cells("- 1286 958 98.1% 88.4% 90.2% 90.1", {
        rank: "",
        rankChange: "",
        scoreChange: "",
        exemptApplied: "6",
        overdue: "5",
      }),
    },
  ],
  overall: cells("- 1286 958 98.1% 88.4% 90.2% 90.1", {
    onTime: "99.4%",
    overdue: "5",
    exemptApplied: "6",
    exemptUpheld: "4",
    exemptDenied: "1",
    reworked: "3",
  }),
  overallBefore: cells("- 1403 1022 98.1% 87.2% 91.0% 90.2"),
  problems: [heating, parking],
};

const words = { ...wordsOf(FIGURES, rules.listed), advice: "提前检修管网，入冬前完成重点小区排查。" };
const paper = {
  number: "海接诉发〔2026〕11号",
  version: 2,
  reason: "补录一件回访",
  provisional: false,
  on: "2026-11-20",
} as const;
const document = sheetDocument(FIGURES, words, paper, rules);

test("the notice reads as it should: the golden is the paper", async () => {
  const text = documentText(document);
  if (process.env.JIESU_TEST_WRITE) await writeFile(GOLDEN, text);
  assert.equal(text, await readFile(GOLDEN, "utf8"));
});

test("the Word file has the paper, margins, faces, sizes and lines of GB/T 9704-2012, page numbers and repeated heads", async () => {
  const at = instant("2026-11-20", "09:00");
  const bytes = await docxOf(document, at);
  assert.deepEqual(bytes, await docxOf(document, at)); // the same document, the same bytes
  const parts = unzipSync(bytes);
  const part = (name: string) => strFromU8(parts[name] ?? new Uint8Array());
  const body = part("word/document.xml");
  const paragraph = (text: string) => {
    const found = body.split("<w:p>").find((each) => each.includes(`>${text}<`));
    assert.ok(found, text);
    return found;
  };

  // in twips of 1/1440 inch: A4; 天头 37, 订口 28, 下 35, 右 26 mm. The wide annex lies on its side.
  const told = (tag: string) =>
    [...body.matchAll(new RegExp(`<w:${tag} ([^>]*)/>`, "g"))].map(([, attributes = ""]) =>
      Object.fromEntries(
        [...attributes.matchAll(/w:(\w+)="(\w+)"/g)].map(([, name, value]) => [name, value]),
      ),
    );
  assert.deepEqual(
    told("pgSz").map(({ w, h, orient }) => [w, h, orient]),
    [
      ["11906", "16838", "portrait"],
      ["16838", "11906", "landscape"],
      ["11906", "16838", "portrait"],
    ],
  );
  const [margins] = told("pgMar");
  assert.deepEqual(
    [margins?.top, margins?.left, margins?.bottom, margins?.right],
    ["2098", "1587", "1984", "1474"],
  );

  const looks = (text: string, face: string, halfPoints: number, line: number) => {
    const its = paragraph(text);
    assert.ok(its.includes(`w:eastAsia="${face}"`), `${text} is not in ${face}`);
    assert.ok(its.includes(`<w:sz w:val="${halfPoints}"/>`), `${text} is not ${halfPoints / 2} pt`);
    assert.ok(
      its.includes(`w:line="${line * 20}" w:lineRule="exact"`),
      `${text} is not on lines of ${line} pt`,
    );
  };
  looks("关于2026年11月接诉即办考核情况的通报", "方正小标宋简体", 44, 36);
  looks("一、基本情况", "黑体", 32, 28);
  looks("提前检修管网，入冬前完成重点小区排查。", "仿宋_GB2312", 32, 28);
  assert.ok(paragraph("提前检修管网，入冬前完成重点小区排查。").includes('w:firstLine="640"')); // two characters of 16 pt
  assert.ok(paragraph("海淀区接诉即办中心文件").includes('<w:color w:val="FF0000"/>'));

  assert.match(part("word/fontTable.xml"), /w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong/);
  assert.match(part("word/settings.xml"), /<w:evenAndOddHeaders\/>/);
  const footers = Object.keys(parts).filter((name) => /footer\d+\.xml$/.test(name));
  for (const footer of footers) assert.match(part(footer), /— .*PAGE.* —/s);

  const tables = body.split("<w:tbl>").slice(1);
  assert.equal(tables.length, 3); // the ranking in the text, the whole table, the problems
  const [ranking = "", whole = ""] = tables;
  assert.equal(ranking.match(/<w:tr>/g)?.length, 6); // head, four units, total
  assert.equal(ranking.match(/<w:tblHeader\/>/g)?.length, 1);
  assert.equal(whole.match(/<w:tblHeader\/>/g)?.length, 2); // groups of columns over their titles
  assert.equal(whole.match(/<w:cantSplit\/>/g)?.length, 7);
});
