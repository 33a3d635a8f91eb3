import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import { BASE, type CityMonth, openCityMonth, PERIOD, workbookOf } from "../../testing/citymonth.ts";
import { bring, done, look, refused } from "../../testing/tickets.ts";
import type { Answer, Client, Town } from "../../testing/town.ts";

let month: CityMonth;
let town: Town;
let assessor: Client;
let leader: Client;

const UNITS = ["排名", "单位", "件数", "有效回访", "响应率", "解决率", "满意率", "综合得分"];

before(async () => {
  month = await openCityMonth();
  ({ town, assessor } = month);
  leader = await town.as("leader");
  await month.bringIn(month.rows());
});
after(() => town?.close());

const comparison = async () => done(await leader.get(`${BASE}/comparison`));
const unitRow = async (shortName: string): Promise<Answer["body"]> =>
  (await comparison()).units.find((each: Answer["body"]) => each.unit?.shortName === shortName);

test("a dispute is put on record with its reason, answered later, and is made once", async () => {
  const [line] = await month.lines("cause=unitDiffers");
  const answer = (body: object) => assessor.post(`${BASE}/disputes/answer`, { keys: [line.key], ...body });
  assert.equal(refused(await answer({ answer: "kept" }), 409), "city-not-disputed");
  const dispute = (reason: string) => assessor.post(`${BASE}/disputes`, { keys: [line.key], reason });
  assert.equal(refused(await dispute("  "), 422), "bad-input");
  assert.equal(done(await dispute("该单由温泉镇承办，附派单记录")).disputed, 1);
  assert.equal(done(await dispute("再提一次")).disputed, 0);
  assert.equal((await month.lines("state=disputed")).length, 1);
  assert.equal(done(await answer({ answer: "kept", note: "市级复核维持" })).answered, 1);
  const seen = done(await assessor.get(`${BASE}/lines/${line.key}`));
  assert.equal(seen.line.state, "answered");
  assert.deepEqual(
    seen.acts.map((act: { act: string; note: string; by: string }) => [act.act, act.note, act.by]),
    [
      ["disputed", "该单由温泉镇承办，附派单记录", "assessor"],
      ["kept", "市级复核维持", "assessor"],
    ],
  );
});

test("the city's sheet stands beside its own lines, our reckoning and the district's; what does not follow from the lines is said", async () => {
  const sheet = workbookOf(
    [
      ["1", "学院路街道", "1", "1", "100.0%", "100.0%", "100.0%", "100.0"],
      ["2", "清河街道", "3", "3", "100%", "66.7%", "66.7%", "71.0"],
      ["3", "香山街道办事处", "2", "2", "1", "50%", "50%", "55.0"],
      ["", "不存在的街道", "1", "1", "100%", "100%", "100%", "100"],
      ["", "合计", "6", "6", "", "", "", ""],
    ],
    UNITS,
  );
  const sent = done(await month.send(sheet, "成绩.xlsx"));
  assert.equal(sent.kind, "units");
  done(await month.step(sent.id, "confirm"));
  const all = await comparison();
  assert.equal(all.rules.standIn, true);
  const qinghe = await unitRow("清河");
  // lines: same, typed, later and the exempt one, which is in no base
  assert.deepEqual([qinghe.published.base, qinghe.lines.base, qinghe.published.unlike], [3, 3, ["score"]]);
  assert.deepEqual([qinghe.lines.text.solution, qinghe.lines.text.score], ["66.7%", "70.0"]);
  assert.deepEqual([qinghe.ours.base, qinghe.differing, qinghe.unexplained], [3, 3, 0]);
  assert.equal(qinghe.district.rank, qinghe.ours.rank);
  const stranger = all.units.find((each: Answer["body"]) => each.unit === null);
  assert.deepEqual([stranger.said, stranger.published.unlike.length > 0], ["不存在的街道", true]);
});

test("two people who adopt one cause at the same time move each ticket once", async () => {
  const chosen = { cause: "answersDiffer" };
  const before = await look(assessor, month.ids.typed);
  const both = await Promise.all([
    assessor.post(`${BASE}/adopt`, chosen),
    assessor.post(`${BASE}/adopt`, chosen),
  ]);
  assert.equal(
    both.reduce((sum, answer) => sum + done(answer).adopted, 0),
    1,
  );
  assert.equal((await look(assessor, month.ids.typed)).version, before.version + 1);
  const qinghe = await unitRow("清河");
  assert.deepEqual(qinghe.ours.text, { ...qinghe.ours.text, solution: "33.3%" });
});

test("after every line was adopted that can be, what is left is what the city's file cannot tell", async () => {
  for (const cause of ["exemptByCity", "ownCallback", "noCityCallback"])
    assert.equal(done(await assessor.post(`${BASE}/adopt`, { cause })).adopted, 1, cause);
  assert.deepEqual(await month.causes(), { noTicket: 1, notInFile: 2, otherPeriod: 1, unitDiffers: 1 });
  const other = await assessor.post(`${BASE}/adopt`, { cause: "otherPeriod" });
  assert.deepEqual(done(other), { adopted: 0, refused: [], left: 0 });
  for (const unit of (await comparison()).units) assert.equal(unit.unexplained, 0);
});

test("in a closed period an adopted line is a later difference; the closed figures stay", async () => {
  const close = () =>
    leader.post(`/api/assessment/closings/${PERIOD}`, { level: "district", waived: "试验封账" });
  const closed = done(await close());
  const corrected = month
    .rows()
    .map((cells) => (cells[0] === "1" ? cells.with(4, "否").with(5, "不满意") : cells));
  await month.bringIn(corrected);
  assert.equal(done(await assessor.post(`${BASE}/adopt`, { cause: "answersDiffer" })).adopted, 1);
  const after = done(await leader.get(`/api/assessment/closings/${PERIOD}`));
  assert.deepEqual([after.figures, after.digest, after.intact], [closed.figures, closed.digest, true]);
  const differences = done(await leader.get(`/api/assessment/closings/${PERIOD}/differences`));
  assert.deepEqual(
    differences.map((each: { ticketId: string }) => each.ticketId),
    [month.ids.same],
  );
});

test("the workbooks hold the rows that the screens show", async () => {
  const load = async (path: string) => {
    const answer = await leader.get(`${BASE}/${path}`);
    assert.equal(answer.status, 200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
    return book.worksheets[0];
  };
  const differences = await load("differences.xlsx");
  const listed = await month.lines();
  assert.deepEqual(
    listed.map((line: { number: string }) => line.number),
    Array.from({ length: listed.length }, (_, i) => differences?.getRow(4 + i).getCell(2).text),
  );
  const levels = await load("comparison.xlsx");
  const shown = (await comparison()).units;
  assert.deepEqual(
    shown.map((unit: Answer["body"]) => unit.unit?.shortName ?? unit.said),
    Array.from({ length: shown.length }, (_, i) => levels?.getRow(4 + i).getCell(1).text),
  );
});

test("a round that was left earlier takes the city's reading on its own line; a round that never was is refused", async () => {
  const answers = { contacted: "yes", solved: "no" };
  const id = await bring(town, "handling", "温泉镇");
  const said = (round: number) => assessor.move(id, "cityResult", { outcome: "answered", answers, round });
  assert.equal(refused(await said(2), 422), "round-unknown");
  const triager = await town.afresh("triager");
  const handler = await town.afresh("handler", "温泉镇");
  done(await handler.move(id, "returnToCentre", { ground: "非本辖区" }));
  done(await triager.move(id, "acceptReturn", {}));
  const lead = { leadUnitId: await town.unit("清河"), coUnitIds: [], opinion: "请办理" };
  done(await triager.move(id, "dispatch", lead));
  done(await said(1));
  const told = done(await assessor.get(`/api/assessment/explain/tickets/${id}`));
  const last = (round: number) =>
    told.rounds.find((each: Answer["body"]) => each.round === round).entries.at(-1);
  assert.deepEqual([last(1).solved, last(1).void, last(2).solved], ["no", true, null]);
});
