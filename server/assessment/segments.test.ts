import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { Command } from "commander";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { registerAssessment } from "./cli.ts";
import { foldTally } from "./tally.ts";

type Body = Answer["body"];

let town: Town;
let assessor: Client;
let leader: Client;
/** 2026-11-19 … 2026-12-18; from December 1st, a Tuesday, the new rule binds. */
const PERIOD = "2026-12";
const { status: _status, approvedBy: _approved, ...district } = districtFile;
const december = {
  ...district,
  name: "since-december",
  title: "十二月新办法",
  from: "2026-12-01",
  binds: "day",
  source: "海政热〔2026〕12号",
  weights: { response: "0.2", solution: "0.4", satisfaction: "0.4" },
  answers: {
    response: { contacted: "1", notContacted: "0" },
    solution: { solved: "1", partlySolved: "0.5", unsolved: "0" },
    satisfaction: { satisfied: "1", basicallySatisfied: "0.5", dissatisfied: "0" },
  },
  scopes: {
    ...district.scopes,
    assessed: { full: ["response", "solution", "satisfaction"], responseOnly: [], exempt: [] },
  },
};

/** The tickets of 香山, by when they were dispatched and how they ended. */
const xiangshan: Record<string, string> = {};

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  leader = await town.as("leader");
  await at("2026-11-30", "23:59"); // a Monday, the last day of the old rule
  xiangshan.basicallyBefore = await ended("香山", "yes", "basically");
  xiangshan.partlyBefore = await ended("香山", "partly", "dissatisfied");
  xiangshan.onlyBefore = await ended("香山", "yes", "satisfied", "responseOnly");
  await ended("清河", "yes", "basically");
  await at("2026-12-01", "00:00");
  xiangshan.basicallyAfter = await ended("香山", "yes", "basically");
  xiangshan.partlyAfter = await ended("香山", "partly", "satisfied");
  xiangshan.onlyAfter = await ended("香山", "yes", "satisfied", "responseOnly");
  await ended("温泉镇", "partly", "basically");
});
after(() => town?.close());

/** Holds the clock there; nobody's session runs out meanwhile. */
async function at(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + 100 * HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

async function ended(unit: string, solved: string, satisfied: string, scope: string | null = null) {
  const id = await bring(town, "dispatched", unit);
  const answers = { contacted: "yes", solved, satisfied };
  await go(assessor, id, "cityResult", { outcome: "answered", answers, scope, scopeNote: scope ?? "" });
  return id;
}

async function inForce(body: typeof december): Promise<void> {
  done(await assessor.post("/api/assessment/rules", { body }));
  done(await leader.post(`/api/assessment/rules/${body.name}/review`));
  done(await leader.post(`/api/assessment/rules/${body.name}/approve`, { confirmBackwards: true }));
}

const get = async (path: string): Promise<Body> => done(await assessor.get(`/api/assessment/${path}`));
const rank = (more = "") => get(`rank?period=${PERIOD}${more}`);
const row = (report: Body, unit: string): Body =>
  report.groups
    .flatMap((group: Body) => group.units)
    .find((each: Body) => each.unit.shortName === unit || each.unit.name === unit);
const shown = ({ tickets, text }: Body) => [
  tickets,
  text.response,
  text.solution,
  text.satisfaction,
  text.score,
];
const explained = async (unit: string, more = ""): Promise<Body> =>
  get(`explain?unit=${await town.unit(unit)}&period=${PERIOD}${more}`);

test("while only the old rule is in force a draft that binds from a day shows who would move, and what is asked by its name", async () => {
  done(await assessor.post("/api/assessment/rules", { body: december }));
  const { differences } = await get("rules/since-december/diff");
  assert.deepEqual(
    differences.find((each: Body) => each.path === "binds"),
    { path: "binds", before: null, after: '"day"' },
  );
  const tried = done(
    await assessor.post("/api/assessment/rules/since-december/trial", { periods: [PERIOD, "2026-11"] }),
  ).periods;
  assert.deepEqual(
    tried[0].segments.map((each: Body) => [each.from, each.to, each.name]),
    [
      ["2026-11-19", "2026-11-30", "district-2025"],
      ["2026-12-01", "2026-12-18", "since-december"],
    ],
  );
  assert.deepEqual(
    tried[1].segments.map((each: Body) => each.name),
    ["since-december"],
    "a past period that does not hold its first day is reckoned under it as a whole",
  );
  const moved = tried[0].moved.find((each: Body) => each.unit.name === "香山");
  assert.deepEqual([moved.before.score, moved.after.score], [shown(row(await rank(), "香山"))[4], "69.0"]);
  const named = await rank("&rules=since-december");
  assert.equal(named.rules.trial, true);
  assert.equal(row(named, "香山").text.score, "69.0");
});

test("once in force, each ticket is read by the version of the day it was dispatched on, on both sides of midnight", async () => {
  done(await leader.post("/api/assessment/rules/since-december/review"));
  done(await leader.post("/api/assessment/rules/since-december/approve", { confirmBackwards: true }));
  const report = await rank();
  assert.deepEqual([report.rules.name, report.rules.trial], ["since-december", false]);
  assert.deepEqual(
    report.rules.segments.map((each: Body) => [each.from, each.to, each.title]),
    [
      ["2026-11-19", "2026-11-30", district.title],
      ["2026-12-01", "2026-12-18", "十二月新办法"],
    ],
  );
  // Response 5/5; solution (1 + 0 + 1 + 0.5)/4; satisfaction (0.9 + 0 + 0.5 + 1)/4; 20 + 40 × 0.625 + 40 × 0.6 = 69.
  // The "response only" ticket of November counts in response, that of December in nothing.
  assert.deepEqual(shown(row(report, "香山")), [5, "100.0%", "62.5%", "60.0%", "69.0"]);
  assert.deepEqual(shown(row(report, "清河")), [1, "100.0%", "100.0%", "90.0%", "96.0"]);
  assert.deepEqual(shown(row(report, "温泉镇")), [1, "100.0%", "50.0%", "50.0%", "60.0"]);
  // As if nothing had changed, or as if the new rule had begun earlier: both are trials.
  const unchanged = await rank("&rules=district-2025");
  assert.deepEqual([unchanged.rules.trial, unchanged.rules.segments.length], [true, 1]);
  assert.deepEqual(shown(row(unchanged, "香山")), [6, "100.0%", "50.0%", "70.0%", "63.0"]);
  assert.equal((await rank("&rules=since-december")).rules.trial, false);
});

test("the days of each version asked for alone add up to the period, by unit and by street, and folding changes nothing", async () => {
  const rates = async (query: string) => get(`rates?${query}&by=unit`);
  const whole = await rates(`period=${PERIOD}`);
  const [old, young] = [
    await rates("from=2026-11-19&to=2026-11-30"),
    await rates("from=2026-12-01&to=2026-12-18"),
  ];
  assert.deepEqual([old.rules.name, young.rules.name], ["district-2025", "since-december"]);
  const counts = ["tickets", "base", "responseBase", "solutionBase", "satisfactionBase", "partlySolved"];
  for (const count of counts) {
    assert.equal(whole.total[count], old.total[count] + young.total[count], count);
    const ofUnits = whole.rows.reduce((sum: number, each: Body) => sum + each[count], 0);
    assert.equal(whole.total[count], ofUnits, count);
    for (const each of whole.rows) {
      const its = [old, young].map(
        (part) => part.rows.find((one: Body) => one.key === each.key)?.[count] ?? 0,
      );
      assert.equal(
        each[count],
        its.reduce((a, b) => a + b),
        `${each.unit.name} ${count}`,
      );
    }
  }
  // Over the same days, counted in the counters or ticket by ticket, in the middle of both.
  const across = await get("rates?from=2026-11-25&to=2026-12-05");
  assert.deepEqual(shown(across.total), shown(whole.total));
  assert.equal(across.rules.segments.length, 2);
  const byStreet = await get(`rates?period=${PERIOD}&by=street`);
  assert.deepEqual(shown(byStreet.total), shown(whole.total));
  while ((await foldTally(town.shell.db)) > 0);
  assert.deepEqual((await rates(`period=${PERIOD}`)).rows, whole.rows);
});

test("every figure opens into exactly the tickets it counts, each with the version that reads it", async () => {
  const report = await rank();
  const unit = await town.unit("香山");
  for (const measure of [
    "tickets",
    "base",
    "responseBase",
    "solutionBase",
    "partlySolved",
    "basicallySatisfied",
  ]) {
    const opened = await get(`tickets?period=${PERIOD}&unit=${unit}&measure=${measure}`);
    assert.equal(opened.count, row(report, "香山")[measure], measure);
    assert.equal(opened.rows.length, opened.count, measure);
  }
  const { rows, rules } = await get(`tickets?period=${PERIOD}&unit=${unit}&measure=tickets`);
  const versions = new Map(rows.map((each: Body) => [each.ticketId, rules.segments[each.segment].name]));
  assert.deepEqual(
    [xiangshan.basicallyBefore, xiangshan.onlyBefore, xiangshan.basicallyAfter, xiangshan.onlyAfter].map(
      (id) => versions.get(id),
    ),
    ["district-2025", "district-2025", "since-december", undefined],
  );
});

test("the explanation gives numerator and denominator per version and per ticket, and what was left out and why", async () => {
  const told = await explained("香山", "&tickets=yes");
  assert.deepEqual([told.replayAgrees, told.entries, told.score], [true, 6, "69.0"]);
  const satisfaction = (rates: Body) => rates.find((each: Body) => each.question === "satisfaction");
  assert.deepEqual(
    [satisfaction(told.rates), ...told.segments.map((each: Body) => satisfaction(each.rates))].map((each) => [
      each.numerator,
      each.denominator,
      each.excluded.map(({ why, times }: Body) => [why, times]),
    ]),
    [
      [2.4, 4, [["不纳入本率", 2]]],
      [0.9, 2, [["不纳入本率", 1]]],
      [1.5, 2, [["不纳入本率", 1]]],
    ],
  );
  assert.deepEqual(
    satisfaction(told.rates).parts.filter((each: Body) => each.answer === "基本满意"),
    [
      { answer: "基本满意", times: 1, worth: 0.9 },
      { answer: "基本满意", times: 1, worth: 0.5 },
    ],
  );
  assert.deepEqual(
    told.segments.map((each: Body) => [each.from, each.to, each.rules.name, each.rules.binds, each.entries]),
    [
      ["2026-11-19", "2026-11-30", "district-2025", "period", 3],
      ["2026-12-01", "2026-12-18", "since-december", "day", 3],
    ],
  );
  const ticket = (id: string | undefined) => told.tickets.find((each: Body) => each.ticketId === id);
  assert.deepEqual(
    [ticket(xiangshan.basicallyBefore), ticket(xiangshan.basicallyAfter)].map((each) => [
      each.day,
      each.rules,
      each.questions.map(({ earned }: Body) => earned),
    ]),
    [
      ["2026-11-30", { name: "district-2025", from: "2025-01-01" }, [1, 1, 0.9]],
      ["2026-12-01", { name: "since-december", from: "2026-12-01" }, [1, 1, 0.5]],
    ],
  );
  assert.deepEqual(
    ticket(xiangshan.onlyAfter).questions.map(({ earned, leftOut }: Body) => [earned, leftOut]),
    [
      [null, "不纳入本率"],
      [null, "不纳入本率"],
      [null, "不纳入本率"],
    ],
  );
  // What the tickets earn, added up, is the numerator.
  for (const [at, rate] of told.rates.entries()) {
    const earned = told.tickets.reduce(
      (sum: number, each: Body) => sum + (each.questions[at].earned ?? 0),
      0,
    );
    assert.ok(Math.abs(earned - rate.numerator) < 1e-9, rate.name);
  }
  const [round] = (await get(`explain/tickets/${xiangshan.basicallyAfter}`)).rounds;
  assert.deepEqual(
    [round.levels[0].rules.name, round.levels[0].days],
    ["since-december", { from: "2026-12-01", to: "2026-12-18" }],
  );
});

test("the command prints the same: by version, and with --json by ticket", async () => {
  const said: string[] = [];
  const jiesu = new Command("jiesu");
  const open = async () => ({ shell: town.shell, close: async () => {} });
  registerAssessment(jiesu, open, (text) => said.push(text));
  const words = ["explain", "--unit", "香山", "--period", PERIOD];
  await jiesu.parseAsync([...words, "--json"], { from: "user" });
  await jiesu.parseAsync(words, { from: "user" });
  const [json = "", text = ""] = said;
  assert.deepEqual(JSON.parse(json), await explained("香山", "&tickets=yes"));
  assert.match(text, /11-19 至 11-30 适用《区级考核规则（10\/50\/40）》，12-01 起适用《十二月新办法》/);
  assert.match(text, /12-01 起　十二月新办法　3 件　依据：海政热〔2026〕12号/);
});

test("definitions say what each version says of its days; the score says what the period goes by", async () => {
  const measures = await get(`measures?period=${PERIOD}`);
  const of = (key: string) => measures.find((each: Body) => each.key === key);
  assert.equal(
    of("satisfaction").numerator,
    "11-19 至 11-30：满意 + 0.9×基本满意；12-01 起：满意 + 0.5×基本满意",
  );
  assert.equal(of("score").numerator, "（响应率×20% + 解决率×40% + 满意率×40%）×100");
  assert.match(of("tickets").scope, /11-19 至 11-30：.*只计响应率.*12-01 起：/);
  const plain = await get("measures?period=2026-11");
  assert.equal(plain.find((each: Body) => each.key === "satisfaction").numerator, "满意 + 0.9×基本满意");
});

test("the workbook, the outlook's levers and the effect of an exemption go by the same versions", async () => {
  const bytes = (await assessor.get(`/api/assessment/rank.xlsx?period=${PERIOD}`)).raw;
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(bytes as unknown as ArrayBuffer);
  assert.match(
    String(book.worksheets[0]?.getCell("A2").value),
    /11-19 至 11-30 适用《.*》，12-01 起适用《十二月新办法》/,
  );
  const { rungs, rules } = await get(`outlook/levers?period=${PERIOD}&unit=${await town.unit("香山")}`);
  assert.equal(rungs[0].scoreText, "69.0");
  assert.equal(rules.segments.length, 2);
  const { scopes } = await get(`effect?ticket=${xiangshan.basicallyBefore}&round=1`);
  const assessed = scopes.find((each: Body) => each.scope === "assessed");
  // Without it: response 4/4, solution 1.5/3, satisfaction (0 + 0.5 + 1)/3.
  assert.deepEqual(shown(assessed.before), [5, "100.0%", "62.5%", "60.0%", "69.0"]);
  assert.deepEqual(shown(assessed.after), [4, "100.0%", "50.0%", "50.0%", "60.0"]);
});

test("a change between periods leaves the one before alone and has the next as a whole", async () => {
  await inForce({
    ...december,
    name: "since-2027-02",
    title: "二月办法",
    binds: "period",
    from: "2027-01-19",
  });
  const segments = async (period: string) =>
    (await get(`rank?period=${period}`)).rules.segments.map((each: Body) => [each.from, each.name]);
  assert.deepEqual(await segments("2027-01"), [["2026-12-19", "since-december"]]);
  assert.deepEqual(await segments("2027-02"), [["2027-01-19", "since-2027-02"]]);
  assert.deepEqual(await segments("2026-11"), [["2026-10-19", "district-2025"]]);
});

test("a period closed over two versions stays to the byte: other rules, names, kinds, categories and answers move nothing", async () => {
  await at("2026-12-19", "09:00");
  const before = await rank();
  const explainedThen = await explained("香山", "&tickets=yes");
  const closed = done(
    await assessor.post(`/api/assessment/closings/${PERIOD}`, { level: "district", waived: "试验" }),
  );
  assert.deepEqual([closed.intact, closed.entries, closed.rules.segments.length], [true, 8, 2]);
  const { db } = town.shell;
  const { frozen } = await db.selectFrom("closing").select("frozen").executeTakeFirstOrThrow();
  assert.deepEqual(
    JSON.parse(frozen).segments.map((each: Body) => [
      each.from,
      each.to,
      each.rules.name,
      each.rules.approvedBy,
    ]),
    [
      ["2026-11-19", "2026-11-30", "district-2025", "暂用规则，待海淀区正式文件替换"],
      ["2026-12-01", "2026-12-18", "since-december", "leader"],
    ],
  );

  await inForce({ ...december, name: "since-the-10th", from: "2026-12-10" });
  await inForce({ ...december, name: "since-november-25", from: "2026-11-25" });
  await sql`update unit set name = '香山新街道', short_name = '新香山', kind = 'bureau' where short_name = '香山'`.execute(
    db,
  );
  await sql`update ticket set category1 = '别的', street = '别处'`.execute(db);
  const corrected = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };
  await go(assessor, xiangshan.basicallyAfter ?? "", "cityResult", {
    outcome: "answered",
    answers: corrected,
  });
  await sql`update result set counted_at = '2026-12-02 08:00+08' where ticket_id = ${xiangshan.onlyBefore}`.execute(
    db,
  );

  assert.deepEqual(await get(`closings/${PERIOD}`), closed);
  const { asOf: _then, closed: _open, ...shownThen } = before;
  const { asOf: _now, closed: isClosed, ...shownNow } = await rank();
  assert.deepEqual([isClosed, shownNow], [true, shownThen]);
  const { closed: _o, unit: _u, ...explainedNow } = await explained("新香山", "&tickets=yes");
  const { closed: _c, unit: _v, ...was } = explainedThen;
  assert.deepEqual(explainedNow, was);
  for (const measure of ["tickets", "responseBase", "partlySolved", "basicallySatisfied"]) {
    const opened = await get(`tickets?period=${PERIOD}&measure=${measure}`);
    const counted = before.groups.reduce((sum: number, group: Body) => sum + group.total[measure], 0);
    assert.deepEqual([opened.count, opened.rows.length], [counted, counted], measure);
  }
  const [round] = (await get(`explain/tickets/${xiangshan.basicallyAfter}`)).rounds;
  assert.deepEqual([round.levels[0].rules.name, round.levels[0].closed], ["since-december", true]);
  // The answer and the day that were corrected are told as differences.
  const differences = await get(`closings/${PERIOD}/differences`);
  assert.deepEqual(
    differences.map((each: Body) => [each.ticketId, each.frozen.segment, each.now.segment]),
    [
      [xiangshan.onlyBefore, 0, 1],
      [xiangshan.basicallyAfter, 1, 1],
    ],
  );
  // A period of one version is frozen as it always was.
  done(await assessor.post("/api/assessment/closings/2026-11", { level: "district", waived: "试验" }));
  const rows = await db.selectFrom("closing").select(["period", "frozen"]).execute();
  const plain = JSON.parse(rows.find((each) => each.period === "2026-11")?.frozen ?? "{}");
  assert.deepEqual(Object.keys(plain).includes("segments"), false);
});

test("a version that binds from its day on may not cut its months otherwise than the one before", async () => {
  const calendarMonth = {
    name: "calendar-month",
    source: "试验",
    startDay: 1,
    starts: {},
    reportAt: "12:00",
  };
  const periods = [...town.shell.rules.periods, calendarMonth];
  Object.assign(town.shell.rules, { periods });
  const body = { ...december, name: "recut", from: "2027-03-01", period: "calendar-month" };
  const { problems } = done(await assessor.post("/api/assessment/rules/check", { body }));
  assert.deepEqual(
    problems.map((each: Body) => each.path),
    ["binds"],
  );
  assert.equal(refused(await assessor.post("/api/assessment/rules", { body }), 422), "rule-faults");
  const fromNext = done(
    await assessor.post("/api/assessment/rules/check", { body: { ...body, binds: "period" } }),
  );
  assert.deepEqual(fromNext.problems, []);
});
