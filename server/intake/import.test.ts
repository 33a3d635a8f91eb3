import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sql } from "kysely";
import { importerFor } from "../platform/auth/actor.ts";
import { csvOf } from "../testing/sheets.ts";
import { openTown, type Town } from "../testing/town.ts";
import { type ImportFileOptions, importFile } from "./actions.ts";

let town: Town;
let folder = "";
before(async () => {
  town = await openTown();
  folder = await mkdtemp(join(tmpdir(), "jiesu-import-"));
});
after(async () => {
  await town.close();
  await rm(folder, { recursive: true, force: true });
});

const HEADER = [
  "序号",
  "登记编号",
  "是否为驳回件",
  "诉求编号",
  "派发时间",
  "登记时间",
  "时限要求",
  "诉求内容",
  "主办单位",
  "办理结果",
  "解决类型",
  "响应",
  "解决",
  "满意",
  "热词",
];

interface Line {
  readonly registration: string;
  readonly number: string;
  readonly at?: string;
  readonly rejected?: string;
  readonly text?: string;
  readonly unit?: string;
  readonly result?: string;
  readonly kind?: string;
  readonly answers?: readonly [string, string, string];
  readonly word?: string;
}

function fileOf(lines: readonly Line[]): string {
  const rows = lines.map((l, i) => {
    const at = l.at ?? "2026-11-18 09:00:00";
    const [contacted, solved, satisfied] = l.answers ?? ["", "", ""];
    return [
      String(i + 1),
      l.registration,
      l.rejected ?? "",
      l.number,
      at,
      at,
      "2026-11-21 23:59:59",
      l.text ?? "市民反映，路灯不亮。",
      l.unit ?? "",
      l.result ?? "",
      l.kind ?? "",
      contacted,
      solved,
      satisfied,
      l.word ?? "",
    ];
  });
  return csvOf([HEADER, ...rows]);
}

async function bring(
  content: string | Buffer,
  options: ImportFileOptions = {},
  name = `${randomUUID()}.csv`,
) {
  const path = join(folder, name);
  await writeFile(path, content);
  const outcome = await importFile(town.shell, importerFor("测试"), path, options);
  assert.ok(outcome.ok, JSON.stringify(outcome));
  const { rows, created, updated, unchanged, rejected, errors, unknownUnits } = outcome.value;
  return { counts: { rows, created, updated, unchanged, rejected }, errors, unknownUnits };
}

async function ticket(number: string) {
  const { db } = town.shell;
  const t = await db.selectFrom("ticket").selectAll().where("number", "=", number).executeTakeFirstOrThrow();
  const rounds = await db
    .selectFrom("assignment as a")
    .innerJoin("unit as u", "u.id", "a.unit_id")
    .select(["a.round", "a.part", "a.state", "a.ended_as", "u.name as unit"])
    .where("a.ticket_id", "=", t.id)
    .orderBy("a.round")
    .orderBy("a.part", "desc")
    .execute();
  const results = await db
    .selectFrom("result")
    .selectAll()
    .where("ticket_id", "=", t.id)
    .orderBy("round")
    .execute();
  const events = await db
    .selectFrom("event")
    .selectAll()
    .where("ticket_id", "=", t.id)
    .orderBy("version")
    .execute();
  const clocks = await db
    .selectFrom("clock")
    .selectAll()
    .where("ticket_id", "=", t.id)
    .orderBy("id")
    .execute();
  return { t, rounds, results, events, clocks };
}

test("the same file twice changes nothing", async () => {
  const file = fileOf([
    {
      registration: "T1",
      number: "热线-T1",
      unit: "学院路街道",
      result: "已修复",
      answers: ["响应", "解决", "满意"],
    },
    { registration: "T2", number: "热线-T2", unit: "学院路街道" },
    { registration: "T3", number: "热线-T3" },
  ]);
  assert.deepEqual((await bring(file)).counts, {
    rows: 3,
    created: 3,
    updated: 0,
    unchanged: 0,
    rejected: 0,
  });
  const before = await traces();
  assert.deepEqual((await bring(file)).counts, {
    rows: 3,
    created: 0,
    updated: 0,
    unchanged: 3,
    rejected: 0,
  });
  assert.deepEqual(await traces(), before);
});

test("what comes in is closed, with its unit or waiting for the centre, as its columns say", async () => {
  const closed = await ticket("热线-T1");
  assert.deepEqual(
    [closed.t.state, closed.t.closing_kind, closed.t.round, closed.clocks.length],
    ["closed", "transfer", 1, 0],
  );
  assert.deepEqual(
    [closed.results[0]?.valid, closed.results[0]?.satisfied, closed.results[0]?.source],
    [true, "satisfied", "city"],
  );
  const dispatched = await ticket("热线-T2");
  assert.deepEqual(
    [dispatched.t.state, dispatched.rounds[0]?.unit, dispatched.t.version],
    ["dispatched", "学院路街道", 1],
  );
  assert.ok(dispatched.clocks.some((c) => c.kind === "accept" && c.state === "running"));
  assert.deepEqual(
    dispatched.results.map((r) => [r.valid, r.source]),
    [[false, null]],
  );
  const waiting = await ticket("热线-T3");
  assert.deepEqual([waiting.t.state, waiting.t.round, waiting.results.length], ["received", 0, 0]);
  assert.deepEqual(
    waiting.clocks.map((c) => c.kind),
    ["dispatch"],
  );
  assert.equal(waiting.t.due_at?.getTime(), waiting.clocks[0]?.due_at.getTime());
});

test("an imported ticket goes on through the screens like any other", async () => {
  const triager = await town.as("triager");
  const { t } = await ticket("热线-T3");
  assert.equal((await triager.move(t.id, "sign")).status, 200);
  const dispatch = {
    leadUnitId: await town.unit("中关村街道"),
    coUnitIds: [],
    opinion: "请办理",
    designated: false,
  };
  const sent = await triager.move(t.id, "dispatch", dispatch);
  assert.equal(sent.status, 200, sent.raw.toString());
  assert.equal(sent.body.ticket.round, 1);
});

test("the same number after a rejection is a new round of the same ticket, whichever file comes first", async () => {
  const first: Line = {
    registration: "R1",
    number: "热线-R",
    at: "2026-11-01 09:00:00",
    unit: "上地街道",
    result: "非本街道权属",
    text: "第一次",
  };
  const again: Line = {
    registration: "R2",
    number: "热线-R",
    at: "2026-11-10 09:00:00",
    rejected: "1",
    unit: "清河街道",
    result: "已修复",
    text: "再次",
    answers: ["响应", "未解决", "不满意"],
  };
  assert.equal((await bring(fileOf([again]))).counts.created, 1);
  assert.deepEqual((await bring(fileOf([first]))).counts, {
    rows: 1,
    created: 0,
    updated: 1,
    unchanged: 0,
    rejected: 0,
  });
  const { t, rounds, results, events } = await ticket("热线-R");
  assert.deepEqual(
    rounds.map((r) => [r.round, r.unit]),
    [
      [1, "上地街道"],
      [2, "清河街道"],
    ],
  );
  assert.deepEqual([t.round, t.content, t.returns, t.version], [2, "再次", 0, 2]);
  assert.deepEqual(
    results.map((r) => [r.round, r.satisfied, r.valid]),
    [
      [1, null, false],
      [2, "dissatisfied", true],
    ],
  );
  assert.deepEqual(
    events.map((e) => [e.kind, e.version, e.round]),
    [
      ["import", 1, 1],
      ["importRound", 2, 1],
    ],
  );
  const callbacks = await town.shell.db
    .selectFrom("callback")
    .select(["round", "solved"])
    .where("ticket_id", "=", t.id)
    .execute();
  assert.deepEqual(callbacks, [{ round: 2, solved: "no" }]);
  assert.deepEqual((await bring(fileOf([first, again]))).counts.unchanged, 2);
});

test("rows that share number and registration are told apart by what they say, in any order", async () => {
  const a: Line = { registration: "D1", number: "热线-D", unit: "上地街道", result: "一" };
  const b: Line = { ...a, unit: "清河街道", result: "二" };
  assert.deepEqual((await bring(fileOf([a, b, a]))).counts, {
    rows: 3,
    created: 1,
    updated: 1,
    unchanged: 1,
    rejected: 0,
  });
  assert.equal((await bring(fileOf([b, a]))).counts.unchanged, 2);
  assert.deepEqual((await bring(fileOf([b, { ...a, result: "一，补充" }]))).counts, {
    rows: 2,
    created: 0,
    updated: 1,
    unchanged: 1,
    rejected: 0,
  });
  assert.equal((await ticket("热线-D")).rounds.length, 2);
});

test("a later file with an answer updates the round that it is about, and the ledger says what it was", async () => {
  const row: Line = { registration: "U1", number: "热线-U", unit: "上地街道", result: "已办" };
  await bring(fileOf([row]));
  await bring(fileOf([{ ...row, answers: ["响应", "解决", ""] }]));
  await bring(fileOf([{ ...row, answers: ["响应", "解决", "基本满意"] }]));
  const { results, events, t } = await ticket("热线-U");
  assert.deepEqual([results[0]?.solved, results[0]?.satisfied, t.version], ["yes", "basically", 3]);
  assert.deepEqual(
    events.map((e) => [e.kind, (e.data as { changed?: string[] }).changed]),
    [
      ["import", undefined],
      ["importUpdate", ["响应（是否联系）", "是否解决"]],
      ["importUpdate", ["是否满意"]],
    ],
  );
  const ledger = await town.shell.db
    .selectFrom("ledger")
    .select(["seq", "satisfied"])
    .where("ticket_id", "=", t.id)
    .orderBy("seq")
    .execute();
  assert.deepEqual(
    ledger.map((l) => l.satisfied),
    [null, null, "basically"],
  );
  const callbacks = await town.shell.db
    .selectFrom("callback")
    .select("satisfied")
    .where("ticket_id", "=", t.id)
    .execute();
  assert.deepEqual(callbacks, [{ satisfied: "basically" }]);
});

test("an open ticket that a later file closes stops its clocks", async () => {
  const row: Line = { registration: "O1", number: "热线-O", unit: "上地街道" };
  await bring(fileOf([row]));
  await bring(fileOf([{ ...row, result: "已办结", kind: "已解决" }]));
  const { t, clocks } = await ticket("热线-O");
  assert.deepEqual([t.state, t.due_at], ["closed", null]);
  assert.ok(clocks.length > 0 && clocks.every((c) => c.state === "stopped" || c.state === "cancelled"));
  const timers = await town.shell.db
    .selectFrom("timer")
    .selectAll()
    .where("ticket_id", "=", t.id)
    .where("fired_at", "is", null)
    .execute();
  assert.equal(timers.length, 0);
});

test("a ticket that people work on is not changed behind their backs: answers are the city's result, a new dispatch reopens", async () => {
  const row: Line = { registration: "W1", number: "热线-W", text: "原文" };
  await bring(fileOf([row]));
  const triager = await town.as("triager");
  const { t } = await ticket("热线-W");
  await triager.move(t.id, "sign");
  await triager.move(t.id, "applyWithdraw", { ground: "不属本区" });
  await triager.move(t.id, "acceptWithdraw", { note: "市级同意" });
  assert.equal((await ticket("热线-W")).t.state, "withdrawn");
  const counts = (
    await bring(
      fileOf([{ ...row, registration: "W2", at: "2026-11-19 10:00:00", rejected: "1", text: "改过的文" }]),
    )
  ).counts;
  assert.deepEqual(counts, { rows: 1, created: 0, updated: 1, unchanged: 0, rejected: 0 });
  const after = await ticket("热线-W");
  assert.deepEqual([after.t.state, after.t.content], ["withdrawRejected", "原文"]);
  assert.deepEqual(
    after.events.slice(-2).map((e) => e.kind),
    ["rejectWithdraw", "importRound"],
  );
  await triager.move(t.id, "dispatch", {
    leadUnitId: await town.unit("上地街道"),
    coUnitIds: [],
    opinion: "请办理",
    designated: false,
  });
  await bring(fileOf([{ ...row, answers: ["响应", "未解决", "不满意"] }]));
  const answered = await ticket("热线-W");
  assert.deepEqual(
    [answered.t.state, answered.results[0]?.source, answered.results[0]?.solved],
    ["dispatched", "city", "no"],
  );
  assert.equal(answered.events.at(-1)?.version, answered.t.version);
});

test("a unit that the district lacks is listed and its rows rejected; mapped or created they come in", async () => {
  const file = fileOf([
    { registration: "N1", number: "热线-N1", unit: "北京市凉水河管理处", result: "已办" },
    { registration: "N2", number: "热线-N2", unit: "北京市凉水河管理处" },
    { registration: "N3", number: "热线-N3", unit: "北京市海淀区人民政府学院路街道办事处" },
  ]);
  const refused = await bring(file);
  assert.deepEqual(refused.counts, { rows: 3, created: 1, updated: 0, unchanged: 0, rejected: 2 });
  assert.deepEqual(refused.unknownUnits, [{ name: "北京市凉水河管理处", rows: 2 }]);
  assert.deepEqual(
    [refused.errors[0]?.row, refused.errors[0]?.column, refused.errors[0]?.value],
    [2, "主办单位", "北京市凉水河管理处"],
  );
  const created = await bring(file, { createUnits: true });
  assert.deepEqual(created.counts, { rows: 3, created: 2, updated: 0, unchanged: 1, rejected: 0 });
  const unit = await town.shell.db
    .selectFrom("unit")
    .selectAll()
    .where("name", "=", "北京市凉水河管理处")
    .executeTakeFirstOrThrow();
  assert.deepEqual([unit.kind, unit.short_name], ["other", "凉水河管理处"]);
});

test("a broken row is reported with its place and stops nobody", async () => {
  const file = fileOf([
    { registration: "B1", number: "热线-B1" },
    { registration: "B2", number: "热线-B2", at: "2020-02-30 08:00:00" },
    { registration: "B3", number: "", text: "没有编号" },
    { registration: "B4", number: "热线-B4", text: " " },
    { registration: "B5", number: "热线-B5", answers: ["也许", "", ""] },
    { registration: "B6", number: "热线-B6" },
  ]);
  const { counts, errors } = await bring(file);
  assert.deepEqual(counts, { rows: 6, created: 2, updated: 0, unchanged: 0, rejected: 4 });
  assert.deepEqual(
    errors.map((e) => [e.row, e.column]),
    [
      [3, "派发时间"],
      [3, "登记时间"],
      [4, "诉求编号"],
      [5, "诉求内容"],
      [6, "响应"],
    ],
  );
});

test("a dry run tells what would happen and leaves no trace", async () => {
  const file = fileOf([
    { registration: "Y1", number: "热线-Y1", unit: "某某管理处" },
    { registration: "Y2", number: "热线-Y1", unit: "某某管理处" },
    {
      registration: "T1",
      number: "热线-T1",
      unit: "学院路街道",
      result: "已修复",
      answers: ["响应", "解决", "满意"],
    },
  ]);
  const before = await traces();
  const { counts } = await bring(file, { dryRun: true, createUnits: true });
  assert.deepEqual(counts, { rows: 3, created: 1, updated: 1, unchanged: 1, rejected: 0 });
  assert.deepEqual(await traces(), before);
});

test("unknown columns stay with the ticket, a phone in the text goes under seal and is found by its tail", async () => {
  const header = [
    "工单编号",
    "标题",
    "主要内容",
    "工单状态",
    "来电人",
    "来电人电话/账号",
    "来电时间",
    "主办单位",
    "问题分类(一级->二级->三级)",
    "网格员",
  ];
  const rows = [
    [
      "热线-P1",
      "路灯",
      "请回电13800001234",
      "承办中",
      "李雷",
      "13800001234",
      "2026/11/18 9:05",
      "上地街道",
      "市政->照明->路灯",
      "王五 13900002222",
    ],
  ];
  assert.equal((await bring(csvOf([header, ...rows]))).counts.created, 1);
  const { t } = await ticket("热线-P1");
  assert.deepEqual(
    [t.content, t.category2, t.state, t.extra],
    ["请回电［电话］", "照明", "handling", { 网格员: "王五 ［电话］" }],
  );
  const triager = await town.as("triager");
  assert.deepEqual(
    (await triager.post("/api/tickets/find-by-phone", { phone: "1234" })).body.rows.map(
      (r: { number: string }) => r.number,
    ),
    ["热线-P1"],
  );
  const { rows: kept } = await sql<{
    said: string;
  }>`select said::text as said from import_row where ticket_id = ${t.id}`.execute(town.shell.db);
  assert.doesNotMatch(kept[0]?.said ?? "", /138000|139000|李雷/);
  const revealed = await triager.post(`/api/tickets/${t.id}/reveal`, { reason: "核实地址" });
  assert.deepEqual([revealed.body.name, revealed.body.phone], ["李雷", "13800001234"]);
  assert.match(revealed.body.content, /13800001234[\s\S]*王五 13900002222/);
});

test("a co-handler's row helps in the lead's round; a second lead is a second round", async () => {
  const header = ["工单编号", "主要内容", "工单状态", "来电时间", "主办单位", "工单性质(主办/协办/转办)"];
  const row = (unit: string, part: string) => ["热线-C1", "占道", "承办中", "2026-11-18 10:00", unit, part];
  const file = csvOf([header, row("清河街道", "协办"), row("上地街道", "主办")]);
  assert.deepEqual((await bring(file)).counts, {
    rows: 2,
    created: 1,
    updated: 1,
    unchanged: 0,
    rejected: 0,
  });
  const { rounds, t } = await ticket("热线-C1");
  assert.deepEqual(
    rounds.map((r) => [r.round, r.part, r.unit]),
    [
      [1, "lead", "上地街道"],
      [1, "co", "清河街道"],
    ],
  );
  assert.equal(t.round, 1);
});

test("the statistics table, which has no numbers, is known again by its time and text", async () => {
  const header = [
    "序号",
    "创建时间",
    "办结时间",
    "一级分类",
    "二级分类",
    "三级分类",
    "主要内容",
    "处理结果",
    "二级承办单位简称",
    "被反映街乡镇",
    "所在村社区",
    "供热公司",
    "是否有效回访",
    "是否联系",
    "是否解决",
    "是否满意",
  ];
  const row = (n: string, valid: string, satisfied: string) => [
    n,
    "2026年11月1日 8:05",
    "2026/11/3 17:00",
    "供热",
    "室温",
    "不热",
    "家里不热",
    "已调试",
    "上地街道",
    "上地街道",
    "",
    "某热力",
    valid,
    "是",
    "是",
    satisfied,
  ];
  assert.equal((await bring(csvOf([header, row("1", "是", "满意")]))).counts.created, 1);
  assert.equal((await bring(csvOf([header, row("77", "是", "满意")]))).counts.unchanged, 1);
  assert.equal((await bring(csvOf([header, row("1", "否", "满意")]))).counts.updated, 1);
  const t = await town.shell.db
    .selectFrom("ticket")
    .select(["id", "extra"])
    .where("number", "like", "统计-%")
    .executeTakeFirstOrThrow();
  const result = await town.shell.db
    .selectFrom("result")
    .select(["valid", "satisfied"])
    .where("ticket_id", "=", t.id)
    .executeTakeFirstOrThrow();
  assert.deepEqual(result, { valid: false, satisfied: "satisfied" });
  assert.deepEqual(t.extra, { 供热公司: "某热力" });
});

test("counters and ledger agree with the results after all that", async () => {
  const { compareTally } = await import("../assessment/recount.ts");
  assert.deepEqual(await compareTally(town.shell.db), []);
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from ticket t where t.version <> (select count(*) from event e where e.ticket_id = t.id)`.execute(
    town.shell.db,
  );
  assert.equal(rows[0]?.n, "0");
});

test("no file of a finished import is kept", async () => {
  const kept = join(town.shell.files, "imports");
  assert.deepEqual(existsSync(kept) ? await readdir(kept) : [], []);
});

/** How many rows every table of the ledger holds. */
async function traces(): Promise<Record<string, string>> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('import_batch', 'audit', 'schema_migration', 'session')`.execute(
    town.shell.db,
  );
  const counts = await Promise.all(
    rows.map(async ({ name }) => {
      const {
        rows: [counted],
      } = await sql<{ n: string }>`select count(*) as n from ${sql.table(name)}`.execute(town.shell.db);
      return [name, counted?.n ?? ""] as const;
    }),
  );
  return Object.fromEntries(counts);
}

test("a path that leads nowhere is told in one line", async () => {
  for (const path of [join(folder, "nowhere.csv"), folder]) {
    const outcome = await importFile(town.shell, importerFor("测试"), path);
    assert.equal(outcome.ok, false);
    assert.equal(outcome.ok ? "" : outcome.refusal.code, "file-refused");
  }
});
