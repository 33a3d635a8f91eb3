import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import { unsound } from "../testing/soundness.ts";
import { bring, done, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { beginRules } from "./jobs.ts";

let town: Town;
let sysadmin: Client;
let leader: Client;

before(async () => {
  town = await openTown();
  sysadmin = await town.as("sysadmin");
  leader = await town.as("leader");
});
after(() => town?.close());

/** Today's limits with one natural day for ordinary reports. */
async function oneDay(appliesTo: "new" | "running") {
  const versions = done(await sysadmin.get("/api/settings/rules/deadline"));
  const { body } = versions.find((each: { standing: string }) => each.standing === "now");
  const rows = body.rows.map((row: { id: string }) =>
    row.id === "report" ? { ...row, limit: { unit: "days", amount: 1 }, near: { hoursLeft: 6 } } : row,
  );
  return {
    kind: "deadline",
    from: "2026-11-20",
    source: "海热线〔2026〕8号",
    body: { ...body, appliesTo, rows },
  };
}

const report = async (id: string) =>
  (await look(await town.as("supervisor"), id)).clocks.find(
    (each: { kind: string }) => each.kind === "report",
  );

test("limits say before they are put in force which clocks they move and which become overdue; then just those move, and time used stays used", async () => {
  const fresh = await bring(town, "handling", "上地");
  town.at("2026-11-17", "09:00"); // Tuesday
  const old = await bring(town, "handling", "上地");
  town.at("2026-11-15", "09:00");
  const done1 = await bring(town, "reported", "清河");
  town.at("2026-11-20", "09:30"); // Friday

  const forNew = done(await sysadmin.post("/api/settings/rules/look", await oneDay("new"))).clocks;
  assert.equal(forNew.moved, 0);
  assert.ok(forNew.recent.clocks >= 3);
  assert.ok(forNew.recent.wouldBeLate > forNew.recent.late);

  const running = await oneDay("running");
  const { problems, clocks } = done(await sysadmin.post("/api/settings/rules/look", running));
  assert.deepEqual(problems, []);
  assert.deepEqual(
    clocks.first.map((each: Record<string, unknown>) => [
      each.ticketId,
      each.unit,
      each.kindZh,
      each.after,
      each.overdue,
    ]),
    [
      [fresh, "上地", "办理反馈", "2026-11-21T15:59:59.999Z", false],
      [old, "上地", "办理反馈", "2026-11-18T15:59:59.999Z", true], // one day from Tuesday was over on Wednesday
    ],
  );
  assert.deepEqual([clocks.moved, clocks.earlier, clocks.later, clocks.overdue], [2, 2, 0, 1]);
  assert.deepEqual(clocks.byUnit, [{ name: "上地", moved: 2, earlier: 2, later: 0, overdue: 1 }]);
  assert.equal((await report(old)).dueAt, "2026-11-24T15:59:59.999Z"); // a look moves nothing

  const { name } = done(await sysadmin.post("/api/settings/rules", running));
  const { moved } = done(await leader.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1 }));
  assert.equal(moved, 2);
  assert.equal((await report(old)).dueAt, "2026-11-18T15:59:59.999Z");
  assert.equal((await report(old)).rule, `${name}/report`);
  assert.equal((await report(fresh)).dueAt, "2026-11-21T15:59:59.999Z");
  assert.equal((await report(done1)).state, "stopped");
  const { events } = await look(await town.as("supervisor"), old);
  assert.equal(events.filter((each: { kind: string }) => each.kind === "reckon").length, 1);
  assert.equal(await beginRules()(town.shell), 0); // a second time by the same rules moves nothing
  assert.deepEqual(await unsound(town.shell.db), []);
});

test("a corrected level afterwards comes under the limits that took in what was running, not those of its first day", async () => {
  const id = await bring(town, "handling", "香山");
  const before = await report(id);
  done(await (await town.as("triager")).move(id, "correct", { fields: { level: 4 } }));
  const corrected = await report(id);
  assert.equal(corrected.rule.split("/")[0], before.rule.split("/")[0]);
  assert.notEqual(corrected.dueAt, before.dueAt);
});

test("the clocks that would move come as a workbook, row by row; a draft with faults has none", async () => {
  const draft = { ...(await oneDay("running")), from: "2026-11-21" };
  draft.body.rows = draft.body.rows.map((row: { id: string }) =>
    row.id === "report" ? { ...row, limit: { unit: "days", amount: 9 } } : row,
  );
  const looked = done(await sysadmin.post("/api/settings/rules/look", draft)).clocks;
  const book = await sysadmin.post("/api/settings/rules/look.xlsx", draft);
  assert.equal(book.status, 200);
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(book.raw as unknown as ArrayBuffer);
  const sheet = workbook.worksheets[0];
  assert.match(sheet?.getCell("A1").text ?? "", new RegExp(`共 ${looked.moved} 个在办时限变化`));
  assert.ok(looked.moved > 0);
  assert.equal(sheet?.rowCount, looked.moved + 2);
  const faulty = { ...draft, body: { ...draft.body, appliesTo: "some" } };
  assert.equal(done(await sysadmin.post("/api/settings/rules/look", faulty)).clocks, null);
  assert.equal(refused(await sysadmin.post("/api/settings/rules/look.xlsx", faulty), 422), "setting-faults");
});
