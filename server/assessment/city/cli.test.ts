import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Command } from "commander";
import { type CityMonth, openCityMonth, PERIOD, workbookOf } from "../../testing/citymonth.ts";
import { registerCityResults } from "./cli.ts";

let month: CityMonth;
let folder = "";
let file = "";

before(async () => {
  month = await openCityMonth();
  folder = await mkdtemp(join(tmpdir(), "jiesu-cli-"));
  file = join(folder, "考核结果.xlsx");
  await writeFile(file, workbookOf(month.rows()));
});
after(async () => {
  await month?.town.close();
  await rm(folder, { recursive: true, force: true });
});

async function printed(...words: string[]): Promise<string> {
  const said: string[] = [];
  const jiesu = new Command("jiesu").exitOverride().configureOutput({ writeErr: () => {} });
  const { shell } = month.town;
  registerCityResults(
    jiesu,
    async () => ({ shell, close: async () => {} }),
    (text) => said.push(text),
  );
  for (const command of jiesu.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  await jiesu.parseAsync(["city-results", ...words], { from: "user" });
  return said.join("\n");
}

test("a dry run tells what the file would bring and leaves no trace; the run then reconciles, and again changes nothing", async () => {
  const looked = JSON.parse(await printed(file, "--period", PERIOD, "--dry-run", "--json"));
  assert.deepEqual(
    [looked.kind, looked.rows, looked.refused, looked.version, looked.same],
    ["lines", 8, 0, null, false],
  );
  const files = await month.town.shell.db.selectFrom("city_file").select("id").execute();
  assert.deepEqual(files, []);
  const taken = JSON.parse(await printed(file, "--period", PERIOD, "--json"));
  assert.deepEqual([taken.version, taken.same, taken.reconciliation.equal], [1, false, 1]);
  assert.deepEqual(await month.causes(), {
    ...{ noTicket: 1, notInFile: 2, otherPeriod: 1, unitDiffers: 1, exemptByCity: 1 },
    ...{ noCityCallback: 1, ownCallback: 1, answersDiffer: 1 },
  });
  const again = await printed(file, "--period", PERIOD);
  assert.ok(again.includes("与在用的文件相同，没有变化（在用第 1 版）"), again);
  assert.ok(again.includes("对账：相同 1 件，差异 9 件"), again);
});

test("a file with rows that cannot be read is refused whole, or taken without them when that is said", async () => {
  const rows = month.rows();
  const wrong = join(folder, "有误.xlsx");
  await writeFile(wrong, workbookOf([...rows, ["9", "热线-9", "清河街道", "也许", "是", "满意", "否", ""]]));
  await assert.rejects(printed(wrong, "--period", PERIOD), /city-rows-faulty/);
  const taken = JSON.parse(await printed(wrong, "--period", PERIOD, "--skip-faulty", "--json"));
  assert.deepEqual([taken.version, taken.rows, taken.refused], [2, 8, 1]);
  await assert.rejects(printed(join(folder, "没有.xlsx"), "--period", PERIOD), /file-refused/);
});
