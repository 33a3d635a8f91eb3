import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import { bring, done, go } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;
const PERIOD = "2026-11"; // 2026-10-19 … 2026-11-18
const good = { outcome: "answered", answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" } };

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  await at("2026-11-04", "10:00"); // a Wednesday
  await go(assessor, await bring(town, "closed", "香山"), "cityResult", good);
  await bring(town, "handling", "香山"); // its report is overdue when the period ends
  await at("2026-11-18", "16:00");
  await bring(town, "handling", "香山"); // not due yet when the period is closed
  await at("2026-11-19", "09:00");
});
after(() => town?.close());

/** The clock on, with everybody still signed in. */
async function at(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

const url = `/api/assessment/on-time?period=${PERIOD}`;
const opened = async (measure = "onTime") =>
  done(await assessor.get(`/api/assessment/tickets?period=${PERIOD}&measure=${measure}`)) as {
    closed: boolean;
    count: number;
    rows: { ticketId: string }[];
  };

test("the rate of reports in time is frozen with the period: what is reported or falls due later moves it no more", async () => {
  const before = done(await assessor.get(url));
  assert.equal(before.stands, "live");
  assert.deepEqual(
    before.rows.map((row: { due: number; onTime: number; text: string }) => [row.due, row.onTime, row.text]),
    [[2, 1, "50.0%"]],
  );
  const late = await opened("late");
  assert.deepEqual(
    [late.closed, late.count, late.rows.length],
    [false, 1, 1],
    "超期 opens the late one alone",
  );
  done(await assessor.post(`/api/assessment/closings/${PERIOD}`, { waived: "两件在办" }));

  await at("2026-12-20", "10:00"); // the third ticket's report is overdue too
  const then = done(await assessor.get(url));
  assert.deepEqual(then, { stands: "frozen", rows: before.rows });
  const told = await opened();
  assert.deepEqual([told.closed, told.count, told.rows.length], [true, 2, 2]);
  assert.deepEqual(
    (await opened("late")).rows.map((row) => row.ticketId),
    late.rows.map((row) => row.ticketId),
    "the late one of the closing, not those of later",
  );
  const unit = await town.as("unitLead", "清河");
  assert.deepEqual(done(await unit.get(url)).rows, []);

  const closing = done(await assessor.get(`/api/assessment/closings/${PERIOD}`));
  assert.equal(closing.intact, true);
  assert.deepEqual(
    JSON.parse(closing.figures).onTime.map((each: { scope: string; due: number; onTime: number }) => [
      each.scope,
      each.due,
      each.onTime,
    ]),
    [
      ["all", 2, 1],
      ["assessed", 2, 1],
    ],
  );
});

test("what the clocks say otherwise by now is a difference, not a change", async () => {
  const rows = done(await assessor.get(`/api/assessment/closings/${PERIOD}/differences`));
  assert.deepEqual(
    rows.map((row: { frozen: { onTime: boolean }; now: { onTime: boolean } }) => [
      row.frozen.onTime,
      row.now.onTime,
    ]),
    [[null, false]],
  );
});

test("the workbook says that the rate is that of the closing", async () => {
  const answer = await assessor.get(`/api/assessment/rank.xlsx?period=${PERIOD}`);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
  const notes = book.worksheets[0]?.getColumn(1).values ?? [];
  assert.ok(notes.includes("按期办结率为封账时的数"), notes.join());
});

test("a period closed before this was frozen stays as it is and says so", async () => {
  const { db } = town.shell;
  await sql`alter table closing disable trigger closing_append_only`.execute(db);
  const { rows } = await sql<{ frozen: string }>`select frozen from closing`.execute(db);
  const { onTime: _since, figures, ...frozen } = JSON.parse(rows[0]?.frozen ?? "");
  const { onTime: _too, ...figuresThen } = JSON.parse(figures);
  const text = JSON.stringify({ ...frozen, figures: JSON.stringify(figuresThen) });
  const digest = createHash("sha256").update(text).digest("hex");
  await sql`update closing set frozen = ${text}, digest = ${digest}`.execute(db);
  const closing = done(await assessor.get(`/api/assessment/closings/${PERIOD}`));
  assert.equal(closing.intact, true);
  const told = done(await assessor.get(url));
  assert.equal(told.stands, "unfrozen");
  assert.deepEqual([told.rows[0].due, told.rows[0].onTime], [3, 1]);
  assert.deepEqual([(await opened()).closed, (await opened()).count], [false, 3]);
  assert.deepEqual(done(await assessor.get(`/api/assessment/closings/${PERIOD}/differences`)), []);
});
