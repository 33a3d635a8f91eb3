/** 断电. An import that is killed in the middle goes on where it stood: nothing is lost, nothing doubled, all counted once. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { importerFor } from "../platform/auth/actor.ts";
import { csvOf } from "../testing/sheets.ts";
import { openTown, type Town } from "../testing/town.ts";
import { importFile } from "./actions.ts";
import { resumeImports } from "./jobs.ts";

const ROWS = 12_000;
const HEADER = ["登记编号", "诉求编号", "派发时间", "登记时间", "诉求内容", "主办单位", "办理结果", "满意"];

/** Every tenth number comes twice, far apart; every hundredth row is broken. */
function lines(): string[][] {
  return Array.from({ length: ROWS }, (_, i) => {
    const again = i >= ROWS / 2 && i % 10 === 0;
    const number = again ? `热线-${i - ROWS / 2}` : `热线-${i}`;
    const at = i % 100 === 99 ? "2026-02-30" : `2026-11-1${again ? 8 : 7} 09:00:00`;
    return [
      `R${i}`,
      number,
      at,
      "2026-11-18 09:10:00",
      `市民反映第 ${i} 盏路灯不亮`,
      "上地街道",
      "已修复",
      "满意",
    ];
  });
}

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

test("killed twice in the middle, the file is imported once", async () => {
  const path = join(town.shell.files, "storm.csv");
  await writeFile(path, csvOf([HEADER, ...lines()]));
  for (const until of [1000, 5000]) {
    const child = importInChild(path);
    const ended = once(child, "exit");
    await reached(until);
    child.kill("SIGKILL");
    assert.deepEqual(await ended, [null, "SIGKILL"]);
  }
  const [cutOff] = await batches();
  assert.equal(cutOff?.status, "running");
  assert.ok(
    (cutOff?.next_row ?? 0) >= 5000 && (cutOff?.next_row ?? 0) < ROWS,
    `stood at ${cutOff?.next_row}`,
  );
  while ((await resumeImports(town.shell)) > 0);

  const broken = ROWS / 100;
  const twice = lines().filter((l, i) => i >= ROWS / 2 && i % 10 === 0 && l[2] !== "2026-02-30").length;
  const all = await batches();
  assert.deepEqual(
    all.map((b) => [b.status, b.rows, b.created, b.updated, b.unchanged, b.rejected]),
    [["done", ROWS, ROWS - broken - twice, twice, 0, broken]],
  );
  const { rows } = await sql<Record<string, number>>`
    select (select count(*)::int from ticket) as tickets, (select count(*)::int from result) as results,
           (select count(*)::int from callback) as callbacks, (select count(*)::int from import_row) as kept,
           (select count(*)::int from import_error) as errors,
           (select count(*)::int from ticket t where version <> (select count(*) from event e where e.ticket_id = t.id)) as torn`.execute(
    town.shell.db,
  );
  const good = ROWS - broken;
  assert.deepEqual(rows[0], {
    tickets: good - twice,
    results: good,
    callbacks: good,
    kept: good,
    errors: broken,
    torn: 0,
  });
  const again = await importFile(town.shell, importerFor("测试"), path);
  assert.ok(again.ok);
  assert.deepEqual([again.value.created, again.value.updated, again.value.unchanged], [0, 0, good]);
});

/** The command line's way of importing, in a process of its own. */
function importInChild(path: string) {
  const at = (file: string) => JSON.stringify(new URL(file, import.meta.url).href);
  const code = `
    import { importFile } from ${at("./actions.ts")};
    import { importerFor } from ${at("../platform/auth/actor.ts")};
    import { openDb } from ${at("../platform/db/open.ts")};
    import { loadRules } from ${at("../platform/rules.ts")};
    import { secretsOf } from ${at("../platform/secrets.ts")};
    const { db } = openDb(${JSON.stringify(town.databaseUrl)}, 4);
    const shell = { db, now: Date.now, secrets: secretsOf(Buffer.alloc(32, 7)), rules: loadRules(), files: ${JSON.stringify(town.shell.files)} };
    await importFile(shell, importerFor("命令行"), ${JSON.stringify(path)});`;
  return spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function reached(row: number): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    const [batch] = await batches();
    if (batch && batch.next_row >= row) return;
    await sleep(5);
  }
  throw new Error(`the import did not reach row ${row}`);
}

const batches = () => town.shell.db.selectFrom("import_batch").selectAll().orderBy("id").execute();
