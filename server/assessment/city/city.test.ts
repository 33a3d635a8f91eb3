import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { BASE, type CityMonth, HEADER, openCityMonth, PERIOD, workbookOf } from "../../testing/citymonth.ts";
import { csvOf, gb18030Of } from "../../testing/sheets.ts";
import { done, look, refused } from "../../testing/tickets.ts";
import type { Answer, Client, Town } from "../../testing/town.ts";

let month: CityMonth;
let town: Town;
let assessor: Client;
let firstFile = "";

before(async () => {
  month = await openCityMonth();
  ({ town, assessor } = month);
});
after(() => town?.close());

const summary = async () => done(await assessor.get(BASE));

test("a workbook with title rows is understood, previewed with its reasons, and written when it is confirmed", async () => {
  const sent = done(await month.send(workbookOf(month.rows()), "11月考核结果.xlsx"));
  firstFile = sent.id;
  assert.deepEqual([sent.kind, sent.status, sent.headerRow, sent.same], ["lines", "uploaded", 3, false]);
  const preview = done(await month.step(sent.id, "preview"));
  assert.deepEqual([preview.rows, preview.refused, preview.totals], [8, 0, 1]);
  const unit = preview.columns.find((column: { header: string }) => column.header === "承办单位");
  assert.deepEqual([unit.field, unit.why], ["unit", "表头相同"]);
  assert.equal(refused(await assessor.get(BASE), 404), "city-no-lines");
  const kept = done(await month.step(sent.id, "confirm"));
  assert.deepEqual([kept.status, kept.version, kept.rows], ["confirmed", 1, 8]);
  assert.equal(refused(await month.step(sent.id, "confirm"), 409), "city-file-settled");
});

test("every difference is listed with its probable cause, both readings beside one another", async () => {
  assert.deepEqual(await month.causes(), {
    noTicket: 1,
    notInFile: 2, // the one that the city called about, and the misnumbered one
    otherPeriod: 1,
    unitDiffers: 1,
    exemptByCity: 1,
    noCityCallback: 1,
    ownCallback: 1,
    answersDiffer: 1,
  });
  const all = await summary();
  assert.deepEqual([all.lines, all.equal, all.differing, all.unnamed, all.unheard], [8, 1, 7, 2, 0]);
  const [typed] = await month.lines("cause=answersDiffer");
  assert.deepEqual(
    [typed.number, typed.row, typed.fields, typed.city.solved, typed.ours.solved, typed.ticket.id],
    [month.numbers.typed, 6, ["solved", "satisfied"], "no", "yes", month.ids.typed],
  );
  const own = await month.lines("cause=ownCallback");
  assert.deepEqual([own[0].ours.valid, own[0].city.satisfied], [false, "dissatisfied"]);
  const qinghe = await town.unit("清河");
  assert.equal((await month.lines(`unit=${qinghe}`)).length, 3);
});

test("the same file again changes nothing; a corrected one is a new version; a withdrawn one gives way to the one before", async () => {
  const again = done(await month.send(workbookOf(month.rows()), "又一份.xlsx"));
  assert.deepEqual([again.id, again.same, again.version], [firstFile, true, 1]);
  const corrected = month
    .rows()
    .map((cells) => (cells[0] === "3" ? cells.with(4, "是").with(5, "满意") : cells));
  const gb = gb18030Of(csvOf([["2026年11月"], HEADER, ...corrected]));
  const second = done(await month.send(gb, "更正.csv"));
  assert.deepEqual([second.encoding, second.headerRow, second.same], ["gb18030", 2, false]);
  assert.equal(done(await month.step(second.id, "confirm")).version, 2);
  assert.equal((await month.causes()).answersDiffer, undefined);
  const withdrawn = done(await month.step(second.id, "withdraw", { reason: "发错了文件" }));
  assert.deepEqual([withdrawn.status, withdrawn.withdrawnWhy], ["withdrawn", "发错了文件"]);
  assert.equal((await month.causes()).answersDiffer, 1);
  assert.equal(
    refused(await month.step(second.id, "withdraw", { reason: "再撤" }), 409),
    "city-file-not-confirmed",
  );
  const [listed] = done(await assessor.get("/api/assessment/city-results"));
  assert.deepEqual(
    listed.files.map((file: { version: number; status: string }) => [file.version, file.status]),
    [
      [2, "withdrawn"],
      [1, "confirmed"],
    ],
  );
});

test("a misnumbered line is matched by hand, on record, and the matching can be taken back", async () => {
  const [line] = await month.lines("cause=noTicket");
  const match = (number: string, round: number) =>
    assessor.post(`${BASE}/matches`, { key: line.key, to: { number, round }, reason: "编号抄错，电话核对" });
  assert.equal(refused(await match(month.numbers.misnumbered, 2), 422), "city-round-unknown");
  done(await match(month.numbers.misnumbered, 1));
  assert.deepEqual([(await month.causes()).noTicket, (await month.causes()).notInFile], [undefined, 1]);
  const seen = done(await assessor.get(`${BASE}/lines/${line.key}`));
  assert.deepEqual([seen.line.state, seen.line.byHand, seen.matchings.length], ["equal", true, 1]);
  done(await assessor.post(`${BASE}/matches`, { key: line.key, to: null, reason: "再核" }));
  assert.equal((await month.causes()).noTicket, 1);
  done(await match(month.numbers.misnumbered, 1));
  const mine = await month.lines("cause=answersDiffer");
  const taken = await assessor.post(`${BASE}/matches`, {
    key: mine[0].key,
    to: { number: month.numbers.misnumbered, round: 1 },
    reason: "误",
  });
  assert.equal(refused(taken, 409), "city-round-taken");
});

test("the city's word for a unit is learned once for all months", async () => {
  const rows = month.rows().map((cells) => (cells[0] === "1" ? cells.with(2, "清河地区") : cells));
  const sent = done(await month.send(workbookOf(rows), "改名.xlsx"));
  done(await month.step(sent.id, "confirm"));
  assert.equal((await month.causes()).unitUnknown, 1);
  assert.deepEqual((await summary()).unknownUnits, [{ name: "清河地区", lines: 1 }]);
  done(
    await assessor.post("/api/assessment/city-results/units", {
      name: "清河地区",
      unitId: await town.unit("清河"),
    }),
  );
  assert.equal((await month.causes()).unitUnknown, undefined);
  done(await month.step(sent.id, "withdraw", { reason: "改回" }));
});

test("a cause adopted moves every ticket with its event and ledger entry, once; our city figure is then the city's", async () => {
  const before = await look(assessor, month.ids.own);
  const adopt = () => assessor.post(`${BASE}/adopt`, { cause: "ownCallback" });
  assert.deepEqual(done(await adopt()), { adopted: 1, refused: [], left: 0 });
  assert.deepEqual(done(await adopt()), { adopted: 0, refused: [], left: 0 });
  const after = await look(assessor, month.ids.own);
  assert.equal(after.version, before.version + 1);
  const told = done(await assessor.get(`/api/assessment/explain/tickets/${month.ids.own}`));
  assert.ok(JSON.stringify(told).includes("cityResult"), JSON.stringify(told));
  const keys = [
    ...(await month.lines("cause=exemptByCity")),
    ...(await month.lines("cause=answersDiffer")),
    ...(await month.lines("cause=noCityCallback")),
  ].map((line: { key: string }) => line.key);
  assert.equal(done(await assessor.post(`${BASE}/adopt`, { keys })).adopted, 3);
  assert.deepEqual(await month.causes(), { notInFile: 1, otherPeriod: 1, unitDiffers: 1 });
  const unit = await town.unit("清河");
  const explained = done(
    await assessor.get(`/api/assessment/explain?unit=${unit}&period=${PERIOD}&level=district`),
  );
  assert.equal(explained.replayAgrees, true);
  const equal: Answer["body"][] = await month.lines("state=equal&limit=500");
  const exempt = equal.find((each) => each.number === month.numbers.exempt);
  assert.deepEqual([exempt.ours.scope, exempt.city.scope, exempt.ground], ["exempt", "exempt", "无政策依据"]);
});
