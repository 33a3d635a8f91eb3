import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importerFor } from "../platform/auth/actor.ts";
import { csvOf } from "../testing/sheets.ts";
import { openTown, type Town } from "../testing/town.ts";
import { importFile } from "./actions.ts";
import { resumeImports } from "./jobs.ts";
import { dropForgotten } from "./running.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

const HEADER = [
  "工单编号",
  "标题",
  "主要内容",
  "工单状态",
  "来电人",
  "来电人电话/账号",
  "来电时间",
  "办结时间",
  "主办单位",
  "办理结果",
  "是否解决",
  "是否满意",
  "备注栏",
];
const ROWS = [
  [
    "热线-261118-000001",
    "路灯不亮",
    "=1+1，路灯不亮，请回电13800001234",
    "已办结",
    "李雷",
    "13800001234",
    "2026/11/18 9:05",
    "2026-11-19 10:00:00",
    "上地街道",
    "已修复\n第二段",
    "解决",
    "基本满意",
    "甲",
  ],
  [
    "热线-261118-000002",
    "占道",
    "+占道经营",
    "承办中",
    "韩梅梅",
    "010-62345678",
    "2026-11-18 10:00:00",
    "",
    "清河街道",
    "",
    "",
    "",
    "",
  ],
  ["热线-261118-000003", "", "-无主", "", "", "", "2026年11月18日 11时", "", "", "", "", "", "乙"],
  ["热线-261118-000004", "坏行", "时间不对", "", "", "", "2026-02-30", "", "", "", "", "", ""],
];
const FILE = Buffer.from(csvOf([HEADER, ...ROWS]));

test("a file is uploaded, looked at, confirmed, imported by the worker, and its errors are there to take away", async () => {
  const triager = await town.as("triager");
  const uploaded = await triager.upload("/api/imports", "十一月.csv", FILE);
  assert.equal(uploaded.status, 200, uploaded.raw.toString());
  const { id } = uploaded.body;
  assert.deepEqual(
    [
      uploaded.body.status,
      uploaded.body.profile,
      uploaded.body.profileZh,
      uploaded.body.headerRow,
      uploaded.body.rows,
    ],
    ["uploaded", "city-export", "市级工单导出表", 1, 4],
  );
  assert.deepEqual(uploaded.body.columns.at(-1), {
    header: "备注栏",
    field: "",
    fieldZh: "保留为附加项",
    samples: ["甲", "乙"],
    because: "none",
    why: "没有相同的表头；与“备注”相近",
    doubt: null,
  });
  assert.doesNotMatch(uploaded.raw.toString(), /13800001234|李雷|62345678/);

  const look = await triager.post(`/api/imports/${id}/preview`, { mapping: {}, createUnits: false });
  assert.deepEqual(
    [look.body.toCreate, look.body.toUpdate, look.body.unchanged, look.body.rejected, look.body.unknownUnits],
    [3, 0, 0, 1, []],
  );
  assert.deepEqual(look.body.errors, [
    {
      row: 5,
      column: "来电时间",
      value: "2026-02-30",
      why: "没有这一天或这一时刻",
      remedy: "改成确有的日期和时刻，如 2026-11-20 08:10",
    },
  ]);

  const confirmed = await triager.post(`/api/imports/${id}/confirm`, { mapping: {}, createUnits: false });
  assert.equal(confirmed.body.status, "running");
  assert.equal(await resumeImports(town.shell), 1);
  assert.equal(await resumeImports(town.shell), 0);
  const done = (await triager.get(`/api/imports/${id}`)).body;
  assert.deepEqual([done.status, done.nextRow, done.created, done.rejected], ["done", 4, 3, 1]);
  const errors = (await triager.get(`/api/imports/${id}/errors`)).body;
  assert.deepEqual([errors.rows.length, errors.rows[0].row, errors.next], [1, 5, null]);
  const csv = await triager.get(`/api/imports/${id}/errors.csv`);
  assert.match(String(csv.headers["content-type"]), /text\/csv/);
  assert.equal(
    csv.raw.toString(),
    `\ufeff行,列,值,原因,怎样改\r\n"5","来电时间","2026-02-30","没有这一天或这一时刻","改成确有的日期和时刻，如 2026-11-20 08:10"\r\n`,
  );
  assert.equal((await triager.get("/api/imports")).body.rows[0].id, id);
  assert.equal(
    (await triager.post(`/api/imports/${id}/confirm`, { mapping: {}, createUnits: false })).body.code,
    "batch-begun",
  );
});

test("columns that nobody knows are mapped by hand once, and remembered for the same header", async () => {
  const triager = await town.as("triager");
  const odd = Buffer.from(
    csvOf([
      ["流水", "群众说的话", "什么时候", "归谁管"],
      ["X-1", "井盖丢失", "2026-11-18 08:00", "上地街道"],
    ]),
  );
  const first = (await triager.upload("/api/imports", "odd.csv", odd)).body;
  assert.deepEqual(
    [first.profile, first.columns.map((c: { field: string }) => c.field)],
    ["", ["", "", "", ""]],
  );
  assert.equal(
    (await triager.post(`/api/imports/${first.id}/preview`, { mapping: {} })).body.code,
    "header-unknown",
  );
  const mapping = { 流水: "number", 群众说的话: "content", 什么时候: "receivedAt", 归谁管: "unit" };
  const short = await triager.post(`/api/imports/${first.id}/preview`, {
    profile: "generic",
    mapping: { 流水: "number" },
  });
  assert.equal(short.body.code, "column-missing");
  const twice = await triager.post(`/api/imports/${first.id}/preview`, {
    profile: "generic",
    mapping: { ...mapping, 归谁管: "content" },
  });
  assert.equal(twice.body.code, "field-twice");
  assert.equal(
    (await triager.post(`/api/imports/${first.id}/preview`, { profile: "generic", mapping })).body.toCreate,
    1,
  );
  assert.equal(
    (await triager.post(`/api/imports/${first.id}/confirm`, { profile: "generic", mapping })).status,
    200,
  );
  await resumeImports(town.shell);
  const again = (await triager.upload("/api/imports", "odd2.csv", odd)).body;
  assert.deepEqual(
    [again.profile, again.columns.map((c: { field: string }) => c.field)],
    ["generic", ["number", "content", "receivedAt", "unit"]],
  );
  assert.equal((await triager.post(`/api/imports/${again.id}/preview`, { mapping })).body.unchanged, 1);
  assert.equal((await triager.post(`/api/imports/${again.id}/cancel`)).body.status, "cancelled");
});

test("a column that stands twice has to be chosen", async () => {
  const triager = await town.as("triager");
  const file = Buffer.from(
    csvOf([
      [...HEADER, "主要内容"],
      [...(ROWS[2] ?? []), "另一份内容"].map((c) => c.replace("000003", "000031")),
    ]),
  );
  const { id, duplicated } = (await triager.upload("/api/imports", "twice.csv", file)).body;
  assert.deepEqual(duplicated, ["主要内容"]);
  assert.equal((await triager.post(`/api/imports/${id}/preview`, { mapping: {} })).body.code, "header-twice");
  const look = await triager.post(`/api/imports/${id}/preview`, {
    mapping: { 主要内容: "content", "主要内容(2)": "-" },
  });
  assert.equal(look.body.toCreate, 1);
});

test("an unknown unit is mapped to one of ours on the way, and stays its alias", async () => {
  const triager = await town.as("triager");
  const file = Buffer.from(
    csvOf([
      HEADER,
      ["热线-261118-000009", "", "内容", "", "", "", "2026-11-18", "", "上地街道办（北区）", "", "", "", ""],
    ]),
  );
  const { id } = (await triager.upload("/api/imports", "u.csv", file)).body;
  const look = await triager.post(`/api/imports/${id}/preview`, { mapping: {} });
  assert.deepEqual(look.body.unknownUnits, [{ name: "上地街道办（北区）", rows: 1 }]);
  const unitId = await town.unit("上地街道");
  const mapped = await triager.post(`/api/imports/${id}/unknown-units`, {
    map: [{ name: "上地街道办（北区）", unitId }],
  });
  assert.equal(mapped.status, 200);
  assert.equal((await triager.post(`/api/imports/${id}/preview`, { mapping: {} })).body.toCreate, 1);
  const forged = await triager.post(`/api/imports/${id}/unknown-units`, {
    map: [{ name: "甲", unitId: "999999" }],
  });
  assert.equal(forged.body.code, "unit-unknown");
  // What already means a unit is not turned to another by somebody who imports a file.
  const another = await town.unit("清河");
  const turned = { map: [{ name: "上地街道", unitId: another }] };
  assert.equal((await triager.post(`/api/imports/${id}/unknown-units`, turned)).body.code, "duplicate");
  const anew = { map: [{ name: "上地街道办（北区）", unitId: another }] };
  assert.equal((await triager.post(`/api/imports/${id}/unknown-units`, anew)).status, 200);
});

test("a file whose import was stopped and that nobody goes on with for a week is not kept in clear", async () => {
  const triager = await town.as("triager");
  const file = Buffer.from(csvOf([HEADER, ["热线-261118-000077", "", "内容", "", "", "", "2026-11-18"]]));
  const { id } = (await triager.upload("/api/imports", "停.csv", file)).body;
  await triager.post(`/api/imports/${id}/confirm`, { mapping: {} });
  assert.equal((await triager.post(`/api/imports/${id}/stop`)).status, 200);
  const batch = () =>
    town.shell.db
      .selectFrom("import_batch")
      .select(["status", "stored"])
      .where("id", "=", id)
      .executeTakeFirstOrThrow();
  await dropForgotten(town.shell, town.shell.now() - 1);
  assert.equal((await batch()).status, "failed");
  const { stored } = await batch();
  assert.ok(stored && existsSync(join(town.shell.files, stored)));
  await dropForgotten(town.shell, town.shell.now() + 1);
  assert.equal((await batch()).status, "cancelled");
  assert.ok(!existsSync(join(town.shell.files, stored)));
});

test("two workers never import one file at the same time", async () => {
  const triager = await town.as("triager");
  const rows = Array.from({ length: 3000 }, (_, i) => [
    `并行-${i}`,
    "",
    "内容",
    "",
    "",
    "",
    "2026-11-18",
    "",
    "",
    "",
    "",
    "",
    "",
  ]);
  const { id } = (await triager.upload("/api/imports", "par.csv", Buffer.from(csvOf([HEADER, ...rows]))))
    .body;
  await triager.post(`/api/imports/${id}/confirm`, { mapping: {} });
  await Promise.all([resumeImports(town.shell), resumeImports(town.shell), resumeImports(town.shell)]);
  const done = (await triager.get(`/api/imports/${id}`)).body;
  assert.deepEqual([done.status, done.created, done.unchanged, done.nextRow], ["done", 3000, 0, 3000]);
});

test("only those who take in tickets may import; a unit exports what it may see", async () => {
  const handler = await town.as("handler", "上地街道");
  assert.equal((await handler.upload("/api/imports", "x.csv", FILE)).status, 403);
  assert.equal((await handler.get("/api/imports")).status, 403);
  const theirs = await exported(
    await handler.get("/api/tickets/export.xlsx?profile=city-export"),
    "theirs.xlsx",
  );
  const numbers = theirs.map((r) => r[0]);
  assert.ok(numbers.includes("热线-261118-000001"));
  assert.ok(!numbers.includes("热线-261118-000002"));
});

test("what was exported comes back unchanged, with its columns, without names and phones", async () => {
  const assessor = await town.as("assessor");
  const answer = await assessor.get(
    "/api/tickets/export.xlsx?profile=city-export&channel=%E7%83%AD%E7%BA%BF",
  );
  assert.equal(answer.status, 200);
  const rows = await exported(answer, "back.xlsx");
  const first = rows.find((r) => r[0] === "热线-261118-000001") ?? [];
  assert.ok(first.includes("=1+1，路灯不亮，请回电［电话］"));
  assert.ok(first.includes("138****1234") && first.includes("李*"));
  assert.ok(rows[0]?.includes("备注栏"));
  const back = await importFile(town.shell, importerFor("测试"), join(town.shell.files, "back.xlsx"));
  assert.ok(back.ok, JSON.stringify(back));
  const { created, updated, rejected, unchanged, errors } = back.value;
  assert.deepEqual([created, updated, rejected, errors], [0, 0, 0, []]);
  assert.equal(unchanged, rows.length - 1);
  const revealed = await town.shell.db
    .selectFrom("requester")
    .select(({ fn }) => fn.countAll<string>().as("n"))
    .where("phone_hash", "is not", null)
    .executeTakeFirstOrThrow();
  assert.equal(revealed.n, "2");
});

test("a ticket that people have worked on is exported as the ledger has it", async () => {
  const triager = await town.as("triager");
  const { id } = await town.shell.db
    .selectFrom("ticket")
    .select("id")
    .where("number", "=", "热线-261118-000003")
    .executeTakeFirstOrThrow();
  await triager.move(id, "sign");
  await triager.move(id, "dispatch", {
    leadUnitId: await town.unit("中关村街道"),
    coUnitIds: [],
    opinion: "办",
    designated: false,
  });
  const rows = await exported(
    await triager.get("/api/tickets/export.xlsx?profile=city-export"),
    "worked.xlsx",
  );
  const [header = []] = rows;
  const line = rows.find((r) => r[0] === "热线-261118-000003") ?? [];
  const of = (name: string) => line[header.indexOf(name)];
  assert.deepEqual([of("主办单位"), of("工单状态"), of("备注栏")], ["中关村街道", "待接收", "乙"]);
});

async function exported(answer: { raw: Buffer }, name: string): Promise<readonly (readonly string[])[]> {
  const path = join(town.shell.files, name);
  await writeFile(path, answer.raw);
  const { openTable } = await import("../platform/tables/open.ts");
  const rows: (readonly string[])[] = [];
  for await (const batch of (await openTable(path, name)).rows(0)) rows.push(...batch.map((r) => r.cells));
  return rows;
}
