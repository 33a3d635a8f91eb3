import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;
let leader: Client;
const { status: _status, approvedBy: _approved, ...district } = districtFile;
const apart = [
  { name: "治理类街镇", kinds: ["street", "town"], classes: ["治理类", "整改类"] },
  ...district.groups,
];

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  leader = await town.as("leader");
  for (const day of ["2026-11-04", "2026-11-25"] as const) {
    town.at(day, "10:00");
    await town.afresh("triager");
    assessor = await town.afresh("assessor");
    for (const unit of ["香山", "清河", "学院路"]) await answered(unit);
  }
  leader = await town.afresh("leader");
  const body = { ...district, name: "classes-apart", from: "2026-10-01", groups: apart };
  done(await assessor.post("/api/assessment/rules", { body }));
  done(await leader.post("/api/assessment/rules/classes-apart/review"));
  done(await leader.post("/api/assessment/rules/classes-apart/approve", { confirmBackwards: true }));
});
after(() => town?.close());

async function answered(unit: string): Promise<void> {
  const triaged = await bring(town, "triage", unit);
  const triager = await town.as("triager");
  await go(triager, triaged, "dispatch", {
    leadUnitId: await town.unit(unit),
    coUnitIds: [],
    opinion: "请办理",
  });
  const answers = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  await go(assessor, triaged, "cityResult", { outcome: "answered", answers, scope: null });
}

const groupsIn = async (period: string): Promise<Record<string, readonly string[]>> => {
  const { groups } = done(await assessor.get(`/api/assessment/rank?period=${period}`));
  return Object.fromEntries(
    groups.map((group: { group: string; units: { unit: { shortName: string } }[] }) => [
      group.group,
      group.units.map(({ unit }) => unit.shortName).sort(),
    ]),
  );
};
const paste = (kind: "classes" | "population", rows: string[][], source = "") =>
  assessor.post(`/api/assessment/unit-facts/${kind}/paste`, {
    text: rows.map((cells) => cells.join("\t")).join("\n"),
    source,
  });
const enter = (kind: "classes" | "population", entries: object[]) =>
  assessor.post(`/api/assessment/unit-facts/${kind}`, { entries });

test("a street that becomes 治理类 from a period on is ranked apart from that period, and before it as it was", async () => {
  const all = ["学院路", "清河", "香山"];
  assert.deepEqual(await groupsIn("2026-11"), { 街镇: all });
  const look = done(
    await paste("classes", [
      ["街镇", "分类", "考核期", "文号"],
      ["香山街道", "治理类", "2026-12", "海政热〔2026〕11号"],
      ["清河", "进步类", "2026年12月", "海政热〔2026〕11号"],
    ]),
  );
  assert.deepEqual(look.faults, []);
  assert.deepEqual(look.unusedClasses, ["进步类"], "no rule set ranks it apart: perhaps misspelt");
  assert.deepEqual(await groupsIn("2026-12"), { 街镇: all }, "looked at, not entered");
  const entries = look.rows.map(({ entry: { row: _row, ...entry } }: { entry: { row: number } }) => entry);
  assert.equal(done(await enter("classes", entries)).entered, 2);
  assert.equal(done(await enter("classes", entries)).entered, 0, "sent again, entered once");
  assert.deepEqual(await groupsIn("2026-12"), { 治理类街镇: ["香山"], 街镇: ["学院路", "清河"] });
  assert.deepEqual(await groupsIn("2026-11"), { 街镇: all });
});

test("a figure of a group of classes opens into the tickets of its units alone", async () => {
  for (const [group, units] of Object.entries(await groupsIn("2026-12"))) {
    const opened = done(
      await assessor.get(
        `/api/assessment/tickets?period=2026-12&measure=tickets&group=${encodeURIComponent(group)}`,
      ),
    );
    assert.equal(opened.count, units.length);
    assert.deepEqual(opened.rows.map((row: { unit: { name: string } }) => row.unit.name).sort(), units);
  }
});

test("a change within a period begins with the next; the later of two entries for one day counts, and both are kept", async () => {
  const unitId = await town.unit("学院路");
  const entry = (unitClass: string | null, from: string, source: string) => ({
    unitId,
    unitClass,
    from,
    source,
  });
  done(await enter("classes", [entry("整改类", "2026-11-25", "12号")]));
  assert.deepEqual((await groupsIn("2026-12")).治理类街镇, ["香山"], "it began on the 19th");
  assert.deepEqual((await groupsIn("2026-12")).街镇, ["学院路", "清河"]);
  done(await enter("classes", [entry("整改类", "2026-11-19", "12号更正")]));
  assert.deepEqual((await groupsIn("2026-12")).治理类街镇, ["学院路", "香山"]);
  done(await enter("classes", [entry(null, "2026-11-19", "13号")]));
  assert.deepEqual((await groupsIn("2026-12")).治理类街镇, ["香山"]);
  const { units } = done(await assessor.get("/api/assessment/unit-facts"));
  const its = units.find((each: { unit: { id: string } }) => each.unit.id === unitId).classes;
  assert.deepEqual(
    its.map((each: { unitClass: string | null; source: string; by: string }) => [
      each.unitClass,
      each.source,
      each.by,
    ]),
    [
      ["整改类", "12号", "assessor"],
      [null, "13号", "assessor"],
      ["整改类", "12号更正", "assessor"],
    ],
  );
});

test("a trial of rules without classes says from which group to which a street moves", async () => {
  done(
    await assessor.post("/api/assessment/rules", {
      body: { ...district, name: "all-alike", from: "2027-02-01" },
    }),
  );
  const [told] = done(
    await assessor.post("/api/assessment/rules/all-alike/trial", { periods: ["2026-12"] }),
  ).periods;
  const moved = told.moved.find((each: { unit: { name: string } }) => each.unit.name === "香山");
  assert.equal(moved.why[0].text, "排名分组由“治理类街镇”变为“街镇”");
});

test("万人诉求比 is the tickets of the period by the population of its year; without one it is “—” and says why", async () => {
  const rows = async (period: string) => {
    const { groups } = done(await assessor.get(`/api/assessment/rank?period=${period}`));
    const units = groups.flatMap((group: { units: object[] }) => group.units);
    return (name: string) =>
      units.find((row: { unit: { shortName: string } }) => row.unit.shortName === name).density;
  };
  assert.deepEqual((await rows("2026-11"))("香山"), {
    ...{ value: null, text: "—", year: 2026, people: null, source: "" },
    missing: "未登记 2026 年常住人口",
  });
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("人口");
  sheet.addRow(["单位", "年份", "常住人口（万人）", "依据"]);
  sheet.addRow(["香山街道", 2026, 0.8, "区统计局年鉴"]);
  sheet.addRow(["清河街道", 2025, 13, "区统计局年鉴"]);
  const read = "/api/assessment/unit-facts/read";
  const bytes = Buffer.from(await book.xlsx.writeBuffer());
  const { text } = done(await assessor.upload(read, "人口.xlsx", bytes));
  const look = done(await assessor.post("/api/assessment/unit-facts/population/paste", { text }));
  assert.deepEqual(look.faults, []);
  assert.deepEqual(
    look.rows.map((row: { unitName: string; entry: { people: number } }) => [row.unitName, row.entry.people]),
    [
      ["香山", 8000],
      ["清河", 130_000],
    ],
  );
  const entries = look.rows.map(({ entry: { row: _row, ...entry } }: { entry: { row: number } }) => entry);
  done(await enter("population", entries));
  const of = await rows("2026-11");
  assert.deepEqual(
    [of("香山").text, of("香山").people, of("香山").missing],
    ["1.3", 8000, null],
    "1 of 8,000: 1.25",
  );
  assert.equal(of("清河").text, "—", "of another year");
  const told = done(
    await assessor.get(`/api/assessment/explain?unit=${await town.unit("香山")}&period=2026-11`),
  );
  assert.equal(told.density.text, "1.3");
});

test("every fault of a table is told by row and column, and nothing of it is written", async () => {
  const before = done(await assessor.get("/api/assessment/unit-facts"));
  const look = done(
    await paste(
      "population",
      [
        ["单位", "年份", "人口"],
        ["温泉镇", "2026", "66000"],
        ["月球镇", "2026", "5"],
        ["温泉", "26", "很多"],
      ],
      "区统计局",
    ),
  );
  assert.deepEqual(look.rows, []);
  assert.deepEqual(
    look.faults.map((fault: { row: number; column: string }) => [fault.row, fault.column]),
    [
      [3, "单位"],
      [4, "年份"],
      [4, "人口"],
    ],
  );
  const unitId = await town.unit("温泉镇");
  const good = { unitId, year: 2026, people: 66_000, source: "区统计局" };
  for (const bad of [{ ...good, unitId: "999999" }, good])
    assert.equal(refused(await enter("population", [good, bad]), 422), "bad-input");
  assert.equal((await enter("population", [{ ...good, people: 0 }])).status, 422);
  const broken = await assessor.upload("/api/assessment/unit-facts/read", "人口.xlsx", Buffer.from("坏"));
  assert.equal(refused(broken, 422), "table-refused");
  assert.deepEqual(done(await assessor.get("/api/assessment/unit-facts")), before);
});

test("a closed period keeps the class and population that it had, whatever is entered for it later", async () => {
  town.at("2026-12-19", "09:00");
  assessor = await town.afresh("assessor");
  const before = done(await assessor.get("/api/assessment/rank?period=2026-12"));
  const closed = done(await assessor.post("/api/assessment/closings/2026-12", { waived: "试验" }));
  const unitId = await town.unit("香山");
  done(await enter("classes", [{ unitId, unitClass: null, from: "2026-11-19", source: "更正" }]));
  done(await enter("population", [{ unitId, year: 2026, people: 16_000, source: "更正" }]));
  const after = done(await assessor.get("/api/assessment/rank?period=2026-12"));
  assert.deepEqual(after.groups, before.groups);
  const again = done(await assessor.get("/api/assessment/closings/2026-12"));
  assert.deepEqual([again.intact, again.figures], [true, closed.figures]);
  assert.match(closed.figures, /"unitClass":"治理类"/);
  const opened = done(
    await assessor.get(
      `/api/assessment/tickets?period=2026-12&measure=tickets&group=${encodeURIComponent("治理类街镇")}`,
    ),
  );
  assert.deepEqual([opened.count, opened.rows[0].unit.name], [1, "香山"]);
});

test("units see no list of classes, and what was entered cannot be edited", async () => {
  const lead = await town.as("unitLead", "香山");
  assert.equal((await lead.get("/api/assessment/unit-facts")).status, 403);
  assert.equal((await lead.post("/api/assessment/unit-facts/classes", { entries: [] })).status, 403);
  const { db } = town.shell;
  await assert.rejects(sql`update unit_class set class = '先进类'`.execute(db), /append-only/);
  await assert.rejects(sql`delete from population`.execute(db), /append-only/);
});
