/** The real files, where they are at hand: counted here from the file by other means than the importer's. */
import assert from "node:assert/strict";
import { createWriteStream, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { parse } from "csv-parse/sync";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import { importerFor } from "../platform/auth/actor.ts";
import { openTown, type Town } from "../testing/town.ts";
import { importFile } from "./actions.ts";
import { writeExport } from "./export.ts";
import { findProfile } from "./profiles.ts";

const DATA = join(import.meta.dirname, "..", "..", "..", "shared", "data");
const ORDERS = join(DATA, "beijing12345", "orders.csv");
const BOARD = join(DATA, "teddy", "附件4.xlsx");
const QUESTIONS = join(DATA, "teddy", "附件3.xlsx");
const at = (path: string) => ({ skip: existsSync(path) ? false : `${path} is not on this machine` });

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

const bring = async (path: string, createUnits = false) => {
  const outcome = await importFile(town.shell, importerFor("测试"), path, { createUnits });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  const { errors, rows, created, updated, unchanged, rejected } = outcome.value;
  assert.equal(created + updated + unchanged + rejected, rows);
  return { errors, rows, created, updated, unchanged, rejected };
};

test(
  "every one of the 2020 orders is accounted for, and a second run creates nothing",
  at(ORDERS),
  async () => {
    const lines = readOrders();
    const first = await bring(ORDERS, true);
    assert.equal(first.rows, lines.length);
    assert.deepEqual(first.errors, []);
    assert.equal(first.created, new Set(lines.map((l) => l.诉求编号)).size);
    assert.equal(first.updated, lines.length - first.created);
    const second = await bring(ORDERS, true);
    assert.deepEqual([second.created, second.updated, second.unchanged], [0, 0, lines.length]);
  },
);

test("the answers in the ledger are those in the file, counted apart", at(ORDERS), async () => {
  const lines = readOrders();
  const inFile = (column: "响应" | "解决" | "满意", word?: string) =>
    lines.filter((l) => (word === undefined ? l[column] !== "" : l[column] === word)).length;
  for (const table of ["callback", "result"]) {
    const { rows } = await sql<Record<string, number>>`
      select count(contacted)::int as contacted, count(solved)::int as solved, count(satisfied)::int as satisfied,
             (count(*) filter (where contacted = 'yes'))::int as yes, (count(*) filter (where solved = 'yes'))::int as done,
             (count(*) filter (where solved = 'no'))::int as undone, (count(*) filter (where satisfied = 'satisfied'))::int as glad,
             (count(*) filter (where satisfied = 'dissatisfied'))::int as cross
        from ${sql.table(table)}`.execute(town.shell.db);
    assert.deepEqual(rows[0], {
      contacted: inFile("响应"),
      solved: inFile("解决"),
      satisfied: inFile("满意"),
      yes: inFile("响应", "响应"),
      done: inFile("解决", "解决"),
      undone: inFile("解决", "未解决"),
      glad: inFile("满意", "满意"),
      cross: inFile("满意", "不满意"),
    });
  }
  const { rows } = await sql<{ exempt: number; units: number }>`
    select (count(*) filter (where scope = 'exempt'))::int as exempt, count(distinct unit_id)::int as units from result`.execute(
    town.shell.db,
  );
  assert.equal(rows[0]?.exempt, lines.filter((l) => l.解决类型 === "剔除").length);
  assert.equal(rows[0]?.units, new Set(lines.map((l) => l.主办单位).filter((u) => u !== "")).size);
});

test("rounds of one number stand in the order of their dispatch and registration", at(ORDERS), async () => {
  const { rows } = await sql<{ number: string; registrations: string[] }>`
    select t.number, array_agg(i.said->'fields'->>'registration' order by i.round) as registrations
      from import_row i join ticket t on t.id = i.ticket_id group by 1 having count(*) > 1`.execute(
    town.shell.db,
  );
  const byNumber = Map.groupBy(readOrders(), (l) => l.诉求编号);
  assert.equal(rows.length, [...byNumber.values()].filter((of) => of.length > 1).length);
  for (const { number, registrations } of rows) {
    const wanted = (byNumber.get(number) ?? [])
      .map((l) => [(l.派发时间 || l.登记时间).slice(0, 19), l.登记时间, l.登记编号] as const)
      .sort((a, b) => (a.join() < b.join() ? -1 : 1))
      .map(([, , registration]) => registration);
    assert.deepEqual(registrations, wanted, number);
  }
});

test(
  "deadlines, times and texts of the file stand on the tickets as the file writes them",
  at(ORDERS),
  async () => {
    const { rows } = await sql<{ number: string; due: string; length: number }>`
    select number, to_char(city_due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS') as due, length(content) as length
      from ticket where round = 1 and version = 1`.execute(town.shell.db);
    const byNumber = new Map(readOrders().map((l) => [l.诉求编号, l]));
    assert.ok(rows.length > 1000);
    for (const row of rows) assert.equal(row.due, byNumber.get(row.number)?.时限要求, row.number);
  },
);

test("an export of the orders comes back with nothing to change", at(ORDERS), async () => {
  const path = join(town.shell.files, "orders-back.xlsx");
  const profile = findProfile("city-orders-2020");
  assert.ok(profile);
  const { rows } = await writeExport(town.shell, importerFor("测试"), profile, {}, createWriteStream(path));
  assert.equal(rows, readOrders().length);
  const back = await bring(path);
  assert.deepEqual([back.created, back.updated, back.rejected], [0, 0, 0]);
});

for (const [path, closed] of [
  [BOARD, true],
  [QUESTIONS, false],
] as const) {
  test(
    `a message board's file comes in whole, ${closed ? "answered" : "unanswered"}, and twice changes nothing`,
    at(path),
    async () => {
      const book = new ExcelJS.Workbook();
      await book.xlsx.readFile(path);
      const numbers = new Set<string>();
      let lines = -1;
      book.worksheets[0]?.eachRow((row) => {
        lines += 1;
        if (lines > 0) numbers.add(String(row.getCell(1).value));
      });
      const first = await bring(path);
      assert.deepEqual([first.rows, first.errors], [lines, []]);
      assert.equal(first.created, numbers.size);
      const again = await bring(path);
      assert.equal(again.unchanged, lines);
      const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from ticket where channel = '网络留言' and state = ${closed ? "closed" : "received"}`.execute(
        town.shell.db,
      );
      assert.equal(rows[0]?.n, numbers.size);
    },
  );
}

function readOrders(): readonly Record<string, string>[] &
  readonly {
    诉求编号: string;
    派发时间: string;
    登记时间: string;
    登记编号: string;
    时限要求: string;
    响应: string;
    解决: string;
    满意: string;
    解决类型: string;
    主办单位: string;
  }[] {
  return parse(readFileSync(ORDERS, "utf8"), { columns: true, bom: true });
}
