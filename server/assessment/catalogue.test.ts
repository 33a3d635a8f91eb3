import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { COMPARISONS, MEASURE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { SHEET_COLUMNS } from "@jiesu/core/assessment/scoresheet.ts";
import { Command } from "commander";
import ExcelJS from "exceljs";
import { bring, done, go } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { registerAssessment } from "./cli.ts";

let town: Town;
let assessor: Client;
before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  const id = await bring(town, "calling", "清河");
  const answers = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  await go(await town.as("caller"), id, "callback", { outcome: "answered", answers });
});
after(() => town?.close());

const CATALOGUE = new Set([
  ...Object.values(MEASURE_NAMES),
  ...Object.values(COMPARISONS).map((each) => each.name),
]);
/** Headings that say whose row it is. */
const WHOSE = ["单位", "承办单位"];

function assertKnown(headings: readonly string[], where: string): void {
  assert.ok(headings.length > 5, `${where}: ${headings}`);
  const unknown = headings.filter((each) => !CATALOGUE.has(each) && !WHOSE.includes(each));
  assert.deepEqual(unknown, [], where);
}

test("the catalogue that the screens are given has every measure by that name, with where it comes from", async () => {
  const given: { key: string; name: string; definition: string; source: string; scope: string }[] = done(
    await assessor.get("/api/assessment/measures"),
  );
  for (const { key, name, definition, source, scope } of given) {
    const names: Readonly<Record<string, string>> = MEASURE_NAMES;
    assert.equal(name, names[key]);
    assert.ok(
      [definition, source, scope].every((words) => words !== ""),
      key,
    );
  }
  // Points are told only where a rule set gives any.
  const missing = Object.keys(MEASURE_NAMES).filter((key) => !given.some((each) => each.key === key));
  assert.deepEqual(missing, ["basic", "points"]);
});

test("every heading of the ranking's workbook is in the catalogue, with and without the counts", async () => {
  for (const counts of ["", "?counts=yes"]) {
    const answer = await assessor.get(`/api/assessment/rank.xlsx${counts}`);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
    const row = book.worksheets[0]?.getRow(3).values;
    assertKnown((Array.isArray(row) ? row.slice(1) : []).map(String), `rank.xlsx${counts}`);
  }
});

test("so are those of the tables of the command line, and of the monthly score sheet", async () => {
  for (const command of [["rank"], ["rates", "--by", "unit"]]) {
    const said: string[] = [];
    const jiesu = new Command("jiesu").exitOverride();
    const open = async () => ({ shell: town.shell, close: async () => {} });
    registerAssessment(jiesu, open, (text) => said.push(text));
    await jiesu.parseAsync(command, { from: "user" });
    const headings = said
      .join("\n")
      .split("\n")
      .find((line) => line.includes(MEASURE_NAMES.response));
    assertKnown(headings?.trim().split(/ +/) ?? [], command.join(" "));
  }
  const sheet = SHEET_COLUMNS.filter((each) => each.measure !== null && each.key !== "overdue");
  for (const { zh, measure } of sheet) assert.equal(zh, MEASURE_NAMES[measure ?? "score"]);
  assertKnown(
    SHEET_COLUMNS.filter((each) => each.key !== "overdue").map((each) => each.zh),
    "score sheet",
  );
});
