import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { strFromU8, unzipSync } from "fflate";
import { sql } from "kysely";
import districtFile from "../../../rules/assessment/district-2025.json" with { type: "json" };
import { createUser } from "../../people/users.ts";
import { bring, done, go, refused } from "../../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../../testing/town.ts";

let town: Town;
let assessor: Client;
let supervisor: Client;
let leader: Client;
let handler: Client;
let wrong: string;
const PERIOD = "2026-11"; // 2026-10-19 … 2026-11-18

async function at(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

type Answers = { contacted: string; solved: string; satisfied: string };
const GOOD: Answers = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
const BAD: Answers = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };

async function answered(unit: string, answers: Answers, category1: string): Promise<string> {
  const id = await bring(town, "calling", unit, { ticket: { category1 } });
  await go(await town.as("caller"), id, "callback", { outcome: "answered", answers });
  return id;
}

before(async () => {
  town = await openTown();
  [assessor, supervisor, leader] = [
    await town.as("assessor"),
    await town.as("supervisor"),
    await town.as("leader"),
  ];
  handler = await town.as("unitLead", "清河");
  await at("2026-10-13", "10:00"); // a Tuesday, in period 2026-10
  await answered("清河", GOOD, "供暖");
  await answered("学院路", BAD, "供暖");
  await at("2026-11-04", "10:00"); // a Wednesday, in period 2026-11
  await answered("清河", GOOD, "供暖");
  wrong = await answered("清河", BAD, "供暖");
  await answered("清河", BAD, "停车管理");
  await answered("学院路", GOOD, "供暖");
  await answered("温泉镇", { ...GOOD, satisfied: "basically" }, "供水");
  const back = await bring(town, "handling", "学院路");
  await go(await town.as("handler", "学院路"), back, "returnToCentre", { ground: "不属本街道管辖" });
  await go(supervisor, back, "acceptReturn", {});
  const again = await bring(town, "reported", "清河");
  await go(supervisor, again, "rework", { reason: "未说明处理结果" });
  await at("2026-11-20", "09:00"); // Friday, the period is over
});
after(() => town?.close());

const make = (body: object = {}) => assessor.post("/api/assessment/sheets", { period: PERIOD, ...body });
const open = async (who: Client, id: string) => done(await who.get(`/api/assessment/sheets/${id}`));
async function step(who: Client, id: string, name: string, body: object = {}): Promise<Answer> {
  const { edition } = await open(assessor, id);
  return who.post(`/api/assessment/sheets/${id}/steps/${name}`, { edition, ...body });
}
type SheetRow = {
  unit: { shortName: string };
  cells: Record<string, string>;
  problems: unknown;
  own: boolean;
};
const rowsIn = (sheet: Answer["body"]): SheetRow[] =>
  sheet.groups.flatMap((group: { rows: SheetRow[] }) => group.rows);
const rowIn = (sheet: Answer["body"], unit: string): SheetRow => {
  const found = rowsIn(sheet).find((row) => row.unit.shortName === unit);
  assert.ok(found, `${unit} is not in the sheet`);
  return found;
};
const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** A leader beside the town's one; answers how they post. */
async function anotherLeader(): Promise<(url: string, payload: object) => Promise<{ status: number }>> {
  const person = {
    login: "leader2",
    name: "另一位领导",
    roles: ["leader"],
    unitId: null,
    password: "test-leader-2-x",
  };
  await createUser(
    town.shell.db,
    town.shell.now(),
    { ...person, roles: ["leader"] },
    { userId: null, name: "test" },
  );
  const { app } = town.house;
  const signedIn = await app.inject({
    method: "POST",
    url: "/api/session",
    payload: { login: person.login, password: person.password },
  });
  const cookie = signedIn.cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const headers = { cookie, "x-csrf-token": signedIn.json<{ csrf: string }>().csrf };
  return async (url, payload) => ({
    status: (await app.inject({ method: "POST", url, headers, payload })).statusCode,
  });
}

let id: string;

test("a sheet is made of the figures that the ranking shows, to the last digit, with what else the period had", async () => {
  const sheet = done(await make());
  id = sheet.id;
  const rank = done(await assessor.get(`/api/assessment/rank?period=${PERIOD}`));
  const ranked = rank.groups.flatMap((group: { units: object[] }) => group.units);
  assert.equal(rowsIn(sheet).length, ranked.length);
  for (const row of ranked) {
    const { cells } = rowIn(sheet, row.unit.shortName);
    assert.deepEqual(
      [
        cells.rank,
        cells.tickets,
        cells.base,
        cells.response,
        cells.solution,
        cells.satisfaction,
        cells.score,
      ],
      [
        ...[row.rank === null ? "—" : String(row.rank), String(row.tickets), String(row.base)],
        ...[row.text.response, row.text.solution, row.text.satisfaction, row.text.score],
      ],
    );
  }
  for (const [i, group] of rank.groups.entries())
    assert.equal(sheet.groups[i].total.score, group.total.text.score);
  const qinghe = rowIn(sheet, "清河");
  assert.deepEqual([qinghe.cells.rank, qinghe.cells.rankChange], ["3", "降 2"]);
  assert.deepEqual([qinghe.cells.reworked, rowIn(sheet, "学院路").cells.returned], ["1", "1"]);
  assert.deepEqual(qinghe.problems, [
    { category: "供暖", unsolved: 1, dissatisfied: 1 },
    { category: "停车管理", unsolved: 1, dissatisfied: 1 },
  ]);
  assert.deepEqual([sheet.state, sheet.basis, sheet.version], ["draft", "open", 1]);
  assert.match(sheet.words.situation, /环比上升/);
  assert.equal(done(await make()).id, id); // asked again, the same sheet
});

test("each count beside the ledger opens into exactly its tickets, for the centre and for the unit itself", async () => {
  const unit = await town.unit("清河");
  const url = `/api/assessment/sheets/${id}/tickets?column=reworked&unit=${unit}`;
  const { shown, rows } = done(await assessor.get(url));
  assert.equal(Number(shown), rows.length);
  assert.equal(refused(await handler.get(url), 404), "not-found"); // a draft does not exist for a unit
});

test("a draft is for the centre alone; what is written stays when the figures are taken anew", async () => {
  assert.deepEqual(done(await handler.get("/api/assessment/sheets")), []);
  assert.equal(refused(await handler.get(`/api/assessment/sheets/${id}`), 404), "not-found");
  assert.equal((await handler.get(`/api/assessment/sheets/${id}/sheet.docx`)).status, 404);
  const { words, edition } = await open(assessor, id);
  const written = { ...words, problems: "供暖诉求集中，已约谈。", advice: "提前检修管网。" };
  const put = { edition, number: "海接诉发〔2026〕11号", words: written };
  const kept = done(await assessor.patch(`/api/assessment/sheets/${id}`, put));
  assert.deepEqual(kept.written, ["problems", "advice"]);
  assert.equal(done(await assessor.patch(`/api/assessment/sheets/${id}`, put)).edition, kept.edition);
  const other = { ...put, number: "" };
  assert.equal(refused(await assessor.patch(`/api/assessment/sheets/${id}`, other), 409), "sheet-stale");

  assert.deepEqual(done(await assessor.get(`/api/assessment/sheets/${id}/differences`)), []);
  await go(assessor, wrong, "cityResult", { outcome: "answered", answers: GOOD, scope: null });
  const found = done(await assessor.get(`/api/assessment/sheets/${id}/differences`));
  assert.deepEqual(
    found
      .filter((each: { column: string }) => each.column === "solution")
      .map((each: { unit: { shortName: string }; was: string; now: string }) => [
        each.unit.shortName,
        each.was,
        each.now,
      ]),
    [["清河", "33.3%", "66.7%"]],
  );
  const fresh = done(await assessor.post(`/api/assessment/sheets/${id}/refresh`, { edition: kept.edition }));
  assert.equal(rowIn(fresh, "清河").cells.solution, "66.7%");
  assert.deepEqual([fresh.words.advice, fresh.words.problems], [written.advice, written.problems]);
  assert.notEqual(fresh.words.situation, words.situation);
});

test("who has written in it does not review it; it is returned with words, and nobody publishes what is not reviewed", async () => {
  assert.equal(refused(await step(leader, id, "publish"), 409), "sheet-state");
  done(await step(assessor, id, "submit"));
  assert.equal(done(await step(assessor, id, "submit")).state, "submitted"); // pressed twice
  assert.equal(refused(await step(assessor, id, "pass"), 409), "sheet-same-person");
  assert.equal(refused(await step(supervisor, id, "sendBack"), 422), "field-missing");
  done(await step(supervisor, id, "sendBack", { note: "建议部分请写明时限" }));
  const { words, edition, number } = await open(assessor, id);
  const written = { ...words, advice: "十二月底前提前检修管网。" };
  done(await assessor.patch(`/api/assessment/sheets/${id}`, { edition, number, words: written }));
  done(await step(assessor, id, "submit"));
  assert.equal((await step(await town.as("caller"), id, "pass")).status, 403);
  assert.equal(done(await step(supervisor, id, "pass")).state, "reviewed");
  assert.equal((await step(supervisor, id, "publish")).body.code, "not-allowed");
});

test("an open period is published as provisional only; of two who publish at once one does", async () => {
  assert.equal(refused(await step(leader, id, "publish"), 409), "sheet-open-period");
  const second = await anotherLeader();
  const { edition } = await open(assessor, id);
  const url = `/api/assessment/sheets/${id}/steps/publish`;
  const body = { edition, provisional: true };
  const both = await Promise.all([leader.post(url, body), second(url, body)]);
  assert.deepEqual(
    both.map((each) => each.status).toSorted((a, b) => a - b),
    [200, 409],
  );
  const sheet = await open(assessor, id);
  assert.deepEqual([sheet.state, sheet.provisional], ["published", true]);
  assert.equal(sheet.steps.filter((each: { step: string }) => each.step === "publish").length, 1);
  assert.match(sheet.title, /（暂定）$/);
});

test("the files are the same bytes after names, rules and answers have changed, and say what the screen said", async () => {
  const get = async (kind: string) => (await assessor.get(`/api/assessment/sheets/${id}/sheet.${kind}`)).raw;
  const [docx, xlsx] = [await get("docx"), await get("xlsx")];
  const published = await open(assessor, id);
  assert.deepEqual(
    published.files.map((file: { sha256: string }) => file.sha256),
    [sha(docx), sha(xlsx)],
  );
  await town.shell.db
    .updateTable("unit")
    .set({ short_name: "清河街" })
    .where("short_name", "=", "清河")
    .execute();
  await go(assessor, wrong, "cityResult", { outcome: "answered", answers: BAD, scope: null });
  const body = {
    ...districtFile,
    name: "district-2026-11",
    from: "2026-10-01",
    weights: { response: 1, solution: 0, satisfaction: 0 },
  };
  done(await assessor.post("/api/assessment/rules", { body, documentNo: "海接诉〔2026〕9号" }));
  done(await leader.post("/api/assessment/rules/district-2026-11/review"));
  done(await leader.post("/api/assessment/rules/district-2026-11/approve", { confirmBackwards: true }));
  assert.deepEqual([sha(await get("docx")), sha(await get("xlsx"))], [sha(docx), sha(xlsx)]);
  assert.deepEqual((await open(assessor, id)).groups, published.groups);

  const text = strFromU8(unzipSync(docx)["word/document.xml"] ?? new Uint8Array());
  for (const words of [
    "海接诉发〔2026〕11号",
    "关于2026年11月接诉即办考核情况的通报",
    "十二月底前提前检修管网。",
  ])
    assert.ok(text.includes(words), words);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(xlsx as unknown as ArrayBuffer);
  const sheet = book.getWorksheet("成绩单");
  const row = sheet?.getRows(1, sheet.rowCount)?.find((each) => each.getCell(2).text === "清河");
  assert.deepEqual([row?.getCell(6).value, row?.getCell(6).numFmt], [0.667, "0.0%"]);
});

test("a unit sees its own published row whole, everybody's ranks, and nobody's problems", async () => {
  const [line] = done(await handler.get("/api/assessment/sheets"));
  assert.deepEqual([line.id, line.draftedBy], [id, null]);
  const sheet = await open(handler, id);
  const own = rowIn(sheet, "清河");
  assert.deepEqual([own.own, own.cells.reworked], [true, "1"]);
  const other = rowIn(sheet, "学院路");
  assert.deepEqual([other.cells.rank, other.cells.returned, other.problems], ["1", undefined, []]);
  assert.deepEqual([sheet.words.problems, sheet.steps, sheet.files, sheet.may], ["", [], [], []]);
  assert.equal((await handler.get(`/api/assessment/sheets/${id}/sheet.docx`)).status, 403);
  assert.equal((await handler.get(`/api/assessment/sheets/${id}/differences`)).status, 403);
  const unit = await town.unit("清河街");
  const opened = done(await handler.get(`/api/assessment/sheets/${id}/tickets?column=reworked&unit=${unit}`));
  assert.equal(opened.rows.length, 1);
});

test("whose turn it is, is told: the reviewers, the writer it is returned to, the leader, the units it is about", async () => {
  const told = async (who: Client) => {
    const { rows } = await sql<{ title: string }>`
      select title from notice where ${who.actor.userId}::bigint = any(user_ids) order by id`.execute(
      town.shell.db,
    );
    return rows.map(({ title }) => title.replace("2026年11月成绩单", ""));
  };
  assert.deepEqual(await told(assessor), ["退回修改"]);
  assert.deepEqual(await told(supervisor), ["待审核", "待审核"]);
  assert.deepEqual(await told(leader), ["待审核", "待审核", "待发布"]);
  assert.deepEqual(await told(handler), ["已发布"]);
});

test("after the closing a correction is a version of its own, with its reason; the one before stays as it was", async () => {
  assert.equal(refused(await make(), 422), "sheet-reason");
  const waived = "一件重办中、一件退回";
  done(await assessor.post(`/api/assessment/closings/${PERIOD}`, { waived }));
  await go(assessor, wrong, "cityResult", { outcome: "answered", answers: GOOD, scope: null });
  const now = done(await assessor.get(`/api/assessment/sheets/${id}/differences`));
  assert.ok(now.length > 0);
  const sheet = done(await make({ reason: "封账数字与暂定数字不同" }));
  assert.deepEqual([sheet.version, sheet.basis, sheet.state], [2, "corrected", "draft"]);
  assert.equal(rowIn(sheet, "清河街").cells.solution, "66.7%"); // the ledger as it is, not the frozen copy
  assert.equal(sheet.words.advice, "十二月底前提前检修管网。");
  done(await step(assessor, sheet.id, "submit"));
  done(await step(supervisor, sheet.id, "pass"));
  const last = done(await step(leader, sheet.id, "publish"));
  assert.deepEqual([last.provisional, last.state], [false, "published"]);
  assert.match(last.title, /（更正）$/);
  assert.deepEqual(
    done(await handler.get("/api/assessment/sheets")).map((each: { version: number }) => each.version),
    [2, 1],
  );
  assert.equal((await open(assessor, id)).title, "关于2026年11月接诉即办考核情况的通报（暂定）");
});
