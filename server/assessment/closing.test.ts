import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { bring, go } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;
let leader: Client;
const PERIOD = "2026-11"; // 2026-10-19 … 2026-11-18
let differing: string;
let silent: string;

const good = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
const city = (id: string, answers: object, scope: string | null = null) =>
  go(assessor, id, "cityResult", { outcome: "answered", answers, scope });

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  leader = await town.as("leader");
  town.at("2026-11-04", "10:00"); // a Wednesday
  await city(await bring(town, "closed", "香山"), good);
  await city(await bring(town, "closed", "清河"), { ...good, satisfied: "basically" });
  differing = await bring(town, "closed", "清河"); // the caller heard that all was well
  await city(differing, { contacted: "yes", solved: "no", satisfied: "dissatisfied" });
  silent = await bring(town, "handling", "温泉镇");
});
after(() => town?.close());

const close = (who: Client, body: object = {}) => who.post(`/api/assessment/closings/${PERIOD}`, body);

test("own and city callbacks are compared question by question, by caller, unit and month", async () => {
  const rows = (await assessor.get(`/api/assessment/callbacks/discrepancies?period=${PERIOD}`)).body;
  assert.deepEqual(
    rows.map((row: { ticketId: string }) => row.ticketId),
    [differing, rows[1]?.ticketId],
  );
  assert.deepEqual([rows[0].own.solved, rows[0].city.solved, rows[0].caller], ["yes", "no", "caller"]);
  const [caller] = (await assessor.get(`/api/assessment/callbacks/accuracy?period=${PERIOD}&by=caller`)).body;
  assert.deepEqual(
    [caller.pairs, caller.agreed, caller.contacted, caller.solved, caller.satisfied],
    [3, 1, { both: 3, same: 3 }, { both: 3, same: 2 }, { both: 3, same: 1 }],
  );
  const units = (await assessor.get(`/api/assessment/callbacks/accuracy?period=${PERIOD}&by=unit`)).body;
  assert.deepEqual(
    units.map((u: { name: string; pairs: number; agreed: number }) => [u.name, u.pairs, u.agreed]).sort(),
    [
      ["清河", 2, 0],
      ["香山", 1, 1],
    ],
  );
  const months = (await assessor.get(`/api/assessment/callbacks/accuracy?period=${PERIOD}&by=month`)).body;
  assert.deepEqual(
    months.map((m: { key: string }) => m.key),
    ["2026-11"],
  );
});

test("a period is not closed while it runs, nor while something is unsettled without a word why", async () => {
  town.at("2026-11-18", "23:59");
  assert.equal((await close(assessor)).body.code, "period-open");
  town.at("2026-11-19", "00:00");
  const checks = (await assessor.get(`/api/assessment/closings/${PERIOD}/checks`)).body;
  assert.deepEqual(
    checks.map((c: { check: string; found: number }) => [c.check, c.found]),
    [
      ["noResult", 1],
      ["exemptionPending", 0],
      ["callbacksConflict", 2],
    ],
  );
  assert.equal(checks[0].tickets[0].ticketId, silent);
  const refused = await close(assessor);
  assert.deepEqual([refused.status, refused.body.code, refused.body.detail.found], [409, "checks-open", 3]);
  assert.equal((await assessor.get(`/api/assessment/closings/${PERIOD}`)).status, 404);
});

test("a closed period gives the same figures to the byte after rules, names, kinds, categories and answers have changed", async () => {
  town.at("2026-11-20", "09:00");
  const rankBefore = (await assessor.get(`/api/assessment/rank?period=${PERIOD}`)).body;
  const closed = await close(assessor, { waived: "温泉镇一件诉求人失联" });
  assert.equal(closed.status, 200, JSON.stringify(closed.body));
  assert.deepEqual([closed.body.intact, closed.body.entries, closed.body.closedBy], [true, 4, "assessor"]);
  assert.equal((await close(leader, { waived: "再封" })).body.code, "already-closed");

  const { db } = town.shell;
  await sql`update unit set name = '香山新街道', short_name = '新香山', kind = 'bureau' where short_name = '香山'`.execute(
    db,
  );
  await sql`update ticket set category1 = '别的', street = '别处' where id = ${differing}`.execute(db);
  await city(differing, good);
  const { status: _status, approvedBy: _approved, ...district } = districtFile;
  const body = { ...district, name: "since-october", from: "2026-10-01", minimumVolume: 2 };
  await assessor.post("/api/assessment/rules", { body });
  await leader.post("/api/assessment/rules/since-october/review");
  const told = (await leader.get("/api/assessment/rules/since-october/backwards")).body.backwards;
  assert.match(told, /^该规则自 2026-10-19 起执行/);
  assert.match(told, /考核期 2026-12 尚未封账，2026-11-19 至 2026-1/, "what is closed is not among it");
  assert.equal(
    (await leader.post("/api/assessment/rules/since-october/approve", { confirmBackwards: true })).status,
    200,
  );

  const again = (await assessor.get(`/api/assessment/closings/${PERIOD}`)).body;
  assert.deepEqual(again, closed.body);
  const { asOf: _then, closed: _open, ...shownThen } = rankBefore;
  const {
    asOf: _now,
    closed: isClosed,
    ...shownNow
  } = (await assessor.get(`/api/assessment/rank?period=${PERIOD}`)).body;
  assert.deepEqual(shownNow, shownThen);
  assert.equal(isClosed, true);
  // The next period is under the new rule, with the new name.
  assert.equal((await assessor.get("/api/assessment/rank?period=2026-12")).body.rules.name, "since-october");
});

test("what is corrected after closing is listed as a difference, frozen and now", async () => {
  const rows = (await assessor.get(`/api/assessment/closings/${PERIOD}/differences`)).body;
  assert.equal(rows.length, 1);
  assert.equal(rows[0].ticketId, differing);
  assert.deepEqual([rows[0].frozen.solved, rows[0].now.solved], ["no", "yes"]);
});

test("a figure of a closed period opens into the tickets that were counted, and marks the one corrected since", async () => {
  const open = async (measure: string, more = "") =>
    (await assessor.get(`/api/assessment/tickets?period=${PERIOD}&measure=${measure}${more}`)).body;
  const told = await open("unsolved");
  assert.deepEqual([told.closed, told.count, told.rules.name], [true, 1, "district-2025"]);
  assert.deepEqual(
    told.rows.map(
      (row: { ticketId: string; changed: boolean; solution: { answer: string }; street: string }) => [
        row.ticketId,
        row.changed,
        row.solution.answer,
        row.street === "别处",
      ],
    ),
    [[differing, true, "未解决", false]],
  );
  const ranked = (await assessor.get(`/api/assessment/rank?period=${PERIOD}`)).body.groups;
  for (const group of ranked) {
    for (const measure of ["tickets", "base", "solved", "satisfactionBase"]) {
      const opened = await open(measure, `&group=${encodeURIComponent(group.group)}`);
      assert.equal(opened.count, group.total[measure], `${group.group} ${measure}`);
      assert.equal(opened.rows.length, opened.count);
    }
  }
  const first = await open("tickets", "&limit=2");
  const rest = await open("tickets", `&limit=2&after=${first.next}`);
  const ids = [...first.rows, ...rest.rows].map((row: { ticketId: string }) => row.ticketId);
  assert.equal(new Set(ids).size, 4);
  const [renamed] = (await open("tickets", `&unit=${await town.unit("新香山")}`)).rows;
  assert.deepEqual([renamed.unit.name, renamed.changed], ["香山", false]);
  // By other rules, or by days, it is no closed period that is asked for.
  assert.equal((await open("unsolved", "&rules=since-october")).closed, false);
});

test("the explanation of a closed period is replayed from its frozen rows", async () => {
  const told = (
    await assessor.get(`/api/assessment/explain?unit=${await town.unit("清河")}&period=${PERIOD}`)
  ).body;
  assert.deepEqual([told.closed, told.entries, told.replayAgrees], [true, 2, true]);
  assert.equal(told.result.unsolved, 1);
});

test("a frozen copy cannot be changed, and one that somebody tampered with is told as such", async () => {
  const { db } = town.shell;
  await assert.rejects(
    sql`update closing set frozen = replace(frozen, '香山', '清河')`.execute(db),
    /append-only/,
  );
  await assert.rejects(sql`delete from closing_row`.execute(db), /append-only/);
  await sql`alter table closing disable trigger closing_append_only`.execute(db);
  await sql`update closing set frozen = replace(frozen, '"times":1', '"times":7')`.execute(db);
  assert.equal((await assessor.get(`/api/assessment/closings/${PERIOD}`)).body.intact, false);
});

test("a unit's people close nothing and see no closing", async () => {
  const handler = await town.as("handler", "学院路");
  assert.equal((await close(handler)).status, 403);
  assert.equal((await handler.get(`/api/assessment/closings/${PERIOD}`)).status, 403);
});
