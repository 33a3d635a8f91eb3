import assert from "node:assert/strict";
import { test } from "node:test";
import { readClassTable, readPopulationTable, type TableTools } from "./facttable.ts";

const tools: TableTools = {
  unitOf: (name) => ({ 香山街道: "1", 香山: "1", 温泉镇: "2" })[name] ?? null,
  periodFrom: (name) => (name === "2026-12" ? "2026-11-19" : null),
  source: "",
};
const table = (...rows: string[][]) => rows.map((cells, at) => ({ number: at + 1, cells }));

test("a table of classes names each unit, its class, from which period or day, and the paper", () => {
  const read = readClassTable(
    table(
      ["序号", "街镇", "类别", "考核期", "文号"],
      ["1", "香山", "治理类", "2026-12", "海政热〔2026〕9号"],
      ["2", " 温泉镇", "无", "2026年10月1日", "海政热〔2026〕8号"],
    ),
    tools,
  );
  assert.deepEqual(read, {
    ok: true,
    entries: [
      { row: 2, unitId: "1", unitClass: "治理类", from: "2026-11-19", source: "海政热〔2026〕9号" },
      { row: 3, unitId: "2", unitClass: null, from: "2026-10-01", source: "海政热〔2026〕8号" },
    ],
  });
});

test("people may be written plainly, with commas, or in ten thousands where the header or the cell says so", () => {
  const peopleOf = (header: string, cell: string) => {
    const read = readPopulationTable(table(["单位", "年份", header], ["香山", "2026", cell]), {
      ...tools,
      source: "区统计局",
    });
    return read.ok ? read.entries[0]?.people : read.faults[0]?.text;
  };
  assert.equal(peopleOf("常住人口", "104000"), 104_000);
  assert.equal(peopleOf("常住人口（人）", "104,000"), 104_000);
  assert.equal(peopleOf("常住人口（万人）", "10.4"), 104_000);
  assert.equal(peopleOf("人口", "10.4万"), 104_000);
  assert.equal(peopleOf("人口", "不详"), null);
  assert.match(String(peopleOf("常住人口", "10.4")), /应为人数/);
  assert.match(String(peopleOf("常住人口", "0")), /应为人数/);
  assert.match(String(peopleOf("常住人口", "-5")), /应为人数/);
});

test("every fault is told with its row, its column and what to do, and then nothing is taken", () => {
  const read = readClassTable(
    table(
      ["单位名称", "分类", "自"],
      ["香山", "治理类", "2026-12"],
      ["香山街道", "整改类", "2026-11-19"],
      ["月球镇", "", "明年"],
    ),
    { ...tools, source: "海政热〔2026〕9号" },
  );
  assert.ok(!read.ok);
  assert.deepEqual(
    read.faults.map(({ row, column }) => [row, column]),
    [
      [3, "单位名称"],
      [4, "单位名称"],
      [4, "分类"],
      [4, "自"],
    ],
  );
  assert.match(read.faults[0]?.text ?? "", /与第 2 行是同一单位/);
  assert.match(read.faults[1]?.text ?? "", /“月球镇”不是本区的单位/);
  assert.match(read.faults[3]?.text ?? "", /如 2026-12/);
});

test("a table without a header, a column or a paper says which", () => {
  const faultsOf = (rows: string[][]) => {
    const read = readPopulationTable(table(...rows), tools);
    return read.ok ? [] : read.faults.map(({ row, column }) => `${row} ${column}`);
  };
  assert.deepEqual(faultsOf([]), ["1 表头"]);
  assert.deepEqual(faultsOf([["单位", "人口"]]), ["1 年份"]);
  assert.deepEqual(faultsOf([["单位", "年份", "人口"]]), ["2 单位"]);
  assert.deepEqual(
    faultsOf([
      ["单位", "年份", "人口"],
      ["香山", "26", "5"],
    ]),
    ["2 依据", "2 年份"],
  );
});
