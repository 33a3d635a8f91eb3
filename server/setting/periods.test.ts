import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let sysadmin: Client;
let leader: Client;
let assessor: Client;

before(async () => {
  town = await openTown();
  sysadmin = await town.as("sysadmin");
  leader = await town.as("leader");
  assessor = await town.as("assessor");
  await later("2026-11-04", "10:00"); // a Wednesday of 2026-11: 2026-10-19 … 2026-11-18
  const good = { outcome: "answered", answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" } };
  await go(assessor, await bring(town, "closed", "香山"), "cityResult", good);
  await later("2026-11-19", "09:00");
  done(await assessor.post("/api/assessment/closings/2026-11", { waived: "试验" }));
  await later("2026-11-27", "09:00");
});
after(() => town?.close());

/** Goes to a moment at which everybody is still signed in. */
async function later(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

const draftOf = (from: string, more: object = {}) => ({
  ...{ kind: "period", from, source: "海热线〔2026〕21号" },
  body: { name: "month-19th", startDay: 19, reportAt: "12:00", overrides: [], ...more },
});
const lookAt = async (draft: object) => done(await sysadmin.post("/api/settings/rules/look", draft));
const keep = async (draft: object): Promise<string> =>
  done(await sysadmin.post("/api/settings/rules", draft)).name;
const putInForce = (name: string, more: object = {}, who = leader) =>
  who.post(`/api/settings/drafts/${name}/put-in-force`, { version: 1, ...more });
const versions = async () => done(await assessor.get("/api/settings/rules/period"));
const counted = async (period: string, measure = "tickets") =>
  done(await assessor.get(`/api/assessment/tickets?period=${period}&measure=${measure}`)) as {
    count: number;
    closed: boolean;
    from: string;
    to: string;
    rows: { ticketId: string; unit: { name: string } }[];
  };

/** The closed period as anybody sees it, and as it is kept. */
async function asClosed(): Promise<string> {
  const urls = [
    "closings/2026-11",
    "rank?period=2026-11",
    "on-time?period=2026-11",
    "rates?period=2026-11&by=unit",
  ];
  const seen = await Promise.all(
    urls.map(async (url) => (await assessor.get(`/api/assessment/${url}`)).raw.toString()),
  );
  const { db } = town.shell;
  const kept = await db.selectFrom("closing").select(["frozen", "digest", "from_day", "to_day"]).execute();
  return JSON.stringify([seen, kept]);
}

test("the settings shipped are the first version, told in words", async () => {
  const [first, ...others] = await versions();
  assert.deepEqual([first.name, first.standing, first.from, others.length], ["month-19th", "now", "", 0]);
  assert.deepEqual(first.words, [
    { zh: "每期起始日", text: "上月 19 日" },
    { zh: "日报截止时刻", text: "12:00" },
    { zh: "办结起计日", text: "与考核期相同" },
  ]);
});

test("start days, gaps, overlaps, periods written twice and a second version of one day are told with their remedy", async () => {
  const told = async (draft: object): Promise<string[]> =>
    (await lookAt(draft)).problems.map((p: { path: string; text: string }) => `${p.path} ${p.text}`);
  assert.deepEqual(await told(draftOf("2026-12-19", { startDay: 29 })), ["startDay 应为 1 到 28 的整数"]);
  const short = { period: "2027-01", from: "2026-12-19", to: "2027-01-15" };
  assert.deepEqual(await told(draftOf("2026-12-19", { overrides: [short] })), [
    "overrides[0] 考核期 2027-01 止于 2027-01-15，2027-02 起于 2027-01-19：中间 3 天不属于任何一期，请同时写明两期的起止",
  ]);
  const long = { period: "2027-02", from: "2027-01-14", to: "2027-02-18" };
  assert.match((await told(draftOf("2026-12-19", { overrides: [short, long] }))).join(), /重叠 2 天/);
  const fits = { ...long, from: "2027-01-16" };
  assert.match(
    (await told(draftOf("2026-12-19", { overrides: [short, fits, fits] }))).join(),
    /2027-02 写了两次/,
  );
  assert.deepEqual(await told(draftOf("2026-12-19", { overrides: [fits, short] })), []);
  assert.equal(
    refused(await sysadmin.post("/api/settings/rules", draftOf("2026-12-19", { doneDay: 40 })), 422),
    "setting-faults",
  );
});

test("a closed period is moved by nobody: the version is refused with the day from which it may begin", async () => {
  const draft = draftOf("2026-11-01", { startDay: 1 });
  const { problems, periods } = await lookAt(draft);
  assert.equal(periods, null);
  assert.equal(
    problems[0].text,
    "考核期 2026-11 已封账（2026-10-19 至 2026-11-18），起止日和办结不能再变；请把施行日改到 2026-11-19 之后开始的考核期",
  );
  // 办结 of the closed period would lose its last days too.
  const done = await lookAt(draftOf("2026-11-19", { doneDay: 10 }));
  assert.match(done.problems[0].text, /2026-11 已封账/);
});

test("a day that is past comes into another period only when that is confirmed; its tickets are told, moved and opened", async () => {
  await later("2026-12-17", "09:00"); // a Thursday
  const moved = await bring(town, "dispatched", "香山");
  await later("2026-12-21", "09:00");
  const closed = await asClosed();
  const whole = draftOf("2026-12-16", {
    overrides: [{ period: "2027-01", from: "2026-12-16", to: "2027-01-18" }],
  });
  const { problems, periods } = await lookAt(whole);
  assert.deepEqual(problems, []);
  assert.deepEqual(periods.moves, [
    { from: "2026-12", to: "2027-01", days: { from: "2026-12-16", to: "2026-12-18" }, tickets: 1 },
  ]);
  assert.equal(
    periods.backwards,
    "考核期 2026-12、2027-01 已经开始、尚未封账，起止日或办结将倒推改变：2026-12-16 至 2026-12-18 的 1 件由 2026-12 改计入 2027-01。",
  );
  assert.equal((await counted("2027-01")).count, 0);
  const name = await keep(whole);
  const asked = await putInForce(name);
  assert.equal(refused(asked, 409), "setting-backwards");
  assert.match(asked.body.message, /1 件由 2026-12 改计入 2027-01。请核对后勾选“确认倒推”再启用/);
  assert.deepEqual(done(await putInForce(name, { confirmBackwards: true })), { moved: 1 });
  const january = await counted("2027-01");
  assert.deepEqual([january.count, january.rows[0]?.ticketId], [1, moved]);
  assert.equal(await asClosed(), closed);
  const audited = done(await (await town.as("auditadmin")).get("/api/audit?what=rule-in-force"));
  assert.ok(
    audited.some(
      (row: { detail: { name: string; tickets: number } }) =>
        row.detail.name === name && row.detail.tickets === 1,
    ),
  );
});

test("a calendar month from February on: what differs in words, which periods are cut otherwise, and two persons put it in force", async () => {
  const closed = await asClosed();
  const draft = draftOf("2027-02-01", { startDay: 1, reportAt: "18:00" });
  const looked = await lookAt(draft);
  assert.deepEqual([looked.problems, looked.against, looked.clocks], [[], "period-2026-12-16", null]);
  assert.deepEqual(looked.differences, [
    { path: "每期起始日", before: "上月 19 日", after: "当月 1 日（自然月）" },
    { path: "日报截止时刻", before: "12:00", after: "18:00" },
    { path: "考核期 2027-01", before: "2026-12-16 至 2027-01-18", after: null },
  ]);
  const [jan, feb] = looked.periods.changed;
  assert.deepEqual(
    [jan.name, jan.before.to, jan.after.to, feb.name, feb.before.from, feb.after.from],
    ["2027-01", "2027-01-18", "2027-01-31", "2027-02", "2027-01-19", "2027-02-01"],
  );
  assert.equal(looked.periods.backwards, null, "only days to come");
  const name = await keep(draft);
  assert.equal(refused(await putInForce(name, {}, sysadmin), 403), "not-allowed");
  const own = done(await leader.post("/api/settings/rules", draftOf("2027-03-19"))).name;
  assert.equal(refused(await putInForce(own), 409), "setting-own-draft");
  done(await putInForce(name));
  assert.equal(refused(await putInForce(name), 409), "setting-in-force");
  assert.deepEqual(
    (await versions()).map((v: { name: string; standing: string }) => `${v.name} ${v.standing}`).sort(),
    ["month-19th past", "period-2026-12-16 now", "period-2027-02-01 coming", "period-2027-03-19 draft"],
  );
  const january = await counted("2027-01");
  assert.deepEqual([january.from, january.to], ["2026-12-16", "2027-01-31"]);
  assert.equal(await asClosed(), closed, "the closed period stays as it was, to the byte");
});

test("办结 that counts from another day: judged in the period that its day lies in, frozen with that, and opened as frozen", async () => {
  const from = "2027-03-01";
  const draft = draftOf(from, { startDay: 1, reportAt: "18:00", doneDay: 20 });
  assert.deepEqual(
    (await lookAt(draft)).periods.changed
      .slice(0, 2)
      .map((c: { name: string; doneBefore: object; doneAfter: object }) => [
        c.name,
        c.doneBefore,
        c.doneAfter,
      ]),
    [
      ["2027-02", { from: "2027-02-01", to: "2027-02-28" }, { from: "2027-02-01", to: "2027-02-19" }],
      ["2027-03", { from: "2027-03-01", to: "2027-03-31" }, { from: "2027-02-20", to: "2027-03-19" }],
    ],
  );
  done(await putInForce(await keep(draft)));
  await later("2027-02-24", "10:00"); // counts in February, its 办结 in March
  const early = await bring(town, "reported", "清河");
  await later("2027-03-10", "10:00");
  const march = await bring(town, "reported", "香山");
  await later("2027-03-25", "10:00"); // counts in March, its 办结 in April
  await bring(town, "reported", "香山");
  await later("2027-04-01", "10:00");
  const rate = async (period: string) =>
    done(await assessor.get(`/api/assessment/on-time?period=${period}`)) as {
      stands: string;
      rows: { due: number; onTime: number }[];
    };
  const due = (report: Awaited<ReturnType<typeof rate>>) =>
    report.rows.reduce((sum, row) => sum + row.due, 0);
  assert.deepEqual([due(await rate("2027-02")), due(await rate("2027-03"))], [0, 2]);
  assert.equal((await counted("2027-03")).count, 2, "the base goes by the period's own days");
  done(await assessor.post("/api/assessment/closings/2027-03", { waived: "试验" }));
  assert.deepEqual([(await rate("2027-03")).stands, due(await rate("2027-03"))], ["frozen", 2]);
  const opened = await counted("2027-03", "onTime");
  assert.deepEqual(
    [opened.closed, opened.from, opened.to, opened.rows.map((row) => row.ticketId).sort()],
    [true, "2027-02-20", "2027-03-19", [early, march].sort()],
  );
  assert.ok(opened.rows.every((row) => ["清河", "香山"].includes(row.unit.name)));
  assert.deepEqual(done(await assessor.get("/api/assessment/closings/2027-03/differences")), []);
  assert.equal(done(await assessor.get("/api/assessment/closings/2027-03")).intact, true);
  // A ticket judged there that loses its unit's round is a difference of that closing, though it counts in another period.
  const { db } = town.shell;
  await db.updateTable("result").set({ void: true }).where("ticket_id", "=", early).execute();
  const [difference, ...more] = done(await assessor.get("/api/assessment/closings/2027-03/differences"));
  assert.deepEqual(
    [difference.ticketId, difference.frozen.onTime, difference.now, more],
    [early, true, null, []],
  );
});
