import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { bring, done, go, refused } from "../testing/tickets.ts";
import { openTown, type Town } from "../testing/town.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

async function at(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

/** One ticket of that unit, called back with these answers. */
async function answered(unit: string, satisfied: "satisfied" | "dissatisfied"): Promise<void> {
  const id = await bring(town, "calling", unit);
  const answers = { contacted: "yes", solved: "yes", satisfied };
  await go(await town.as("caller"), id, "callback", { outcome: "answered", answers });
}

test("two periods: who was second is first now, with the change of rank and score, and the trend of both", async () => {
  await at("2026-10-20", "10:00"); // Tuesday, in period 2026-11
  await answered("清河", "satisfied");
  await answered("学院路", "dissatisfied");
  await at("2026-11-20", "10:00"); // Friday, in period 2026-12
  await answered("清河", "dissatisfied");
  await answered("学院路", "satisfied");
  const assessor = await town.as("assessor");
  const { periods, units } = done(await assessor.get("/api/assessment/trend?count=3"));
  assert.deepEqual(
    periods.map((each: { name: string }) => each.name),
    ["2026-10", "2026-11", "2026-12"],
  );
  const of = (name: string) =>
    units
      .find((each: { unit: { shortName: string } }) => each.unit.shortName === name)
      .points.map(
        (each: { rank: number; text: { score: string } } | null) => each && [each.rank, each.text.score],
      );
  assert.deepEqual(of("清河"), [null, [1, "100.0"], [2, "60.0"]]);
  assert.deepEqual(of("学院路"), [null, [2, "60.0"], [1, "100.0"]]);
});

test("the workbook holds the ranking as it is shown, numbers as numbers", async () => {
  const assessor = await town.as("assessor");
  const answer = await assessor.get("/api/assessment/rank.xlsx");
  assert.equal(answer.status, 200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
  const sheet = book.worksheets[0];
  assert.ok(sheet);
  const row = (name: string) => {
    const found = sheet.getRows(1, sheet.rowCount)?.find((each) => each.getCell(2).text === name);
    assert.ok(found, name);
    return (found.values as unknown[]).slice(1);
  };
  assert.deepEqual(row("学院路"), [1, "学院路", 1, 1, 1, 1, 1, 100, "升 1", "+40.0", "100.0%", "—"]);
  assert.deepEqual(row("清河"), [2, "清河", 1, 1, 1, 1, 0, 60, "降 1", "-40.0", "100.0%", "—"]);
  assert.equal(sheet.getRow(5).getCell(5).numFmt, "0.0%");
});

test("reports in time and late: the rate of each unit, and its denominator opens into exactly those tickets", async () => {
  await at("2026-11-20", "11:00");
  await bring(town, "handling", "香山"); // still in hand, and in time: not judged yet
  const late = await bring(town, "handling", "香山");
  const handler = await town.as("handler", "香山");
  await go(handler, late, "contact", { way: "电话" });
  await at("2026-12-10", "11:00"); // both deadlines have passed
  await go(handler, late, "report", { text: "已办理", outcome: "solved" });
  const assessor = await town.as("assessor");
  const { stands, rows: rates } = done(await assessor.get("/api/assessment/on-time?period=2026-12"));
  assert.equal(stands, "live");
  const of = async (name: string) => {
    const unitId = await town.unit(name);
    const { due, onTime, text } = rates.find((each: { unitId: string }) => each.unitId === unitId);
    return [due, onTime, text];
  };
  assert.deepEqual(await of("香山"), [2, 0, "0.0%"]);
  assert.deepEqual(await of("清河"), [1, 1, "100.0%"]);
  const unit = await town.unit("香山");
  const opened = done(
    await assessor.get(`/api/assessment/tickets?period=2026-12&measure=onTime&unit=${unit}`),
  );
  assert.equal(opened.count, 2);
  assert.equal(opened.rows.length, 2);
  assert.equal(opened.measure.name, "按期办结率");
});

test("a unit has its own row and trend alone, and asks in vain for another's", async () => {
  const lead = await town.as("unitLead", "清河");
  const { units } = done(await lead.get("/api/assessment/trend"));
  assert.deepEqual(
    units.map((each: { unit: { shortName: string } }) => each.unit.shortName),
    ["清河"],
  );
  const other = await town.unit("学院路");
  assert.equal(refused(await lead.get(`/api/assessment/trend?unit=${other}`), 404), "not-found");
  const answer = await lead.get("/api/assessment/rank.xlsx");
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
  const names = book.worksheets[0]?.getColumn(2).values.filter((each) => typeof each === "string") ?? [];
  assert.ok(names.includes("清河") && !names.includes("学院路"), names.join());
});
