import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Command } from "commander";
import { openTown, type Town } from "../testing/town.ts";
import { registerAssessment } from "./cli.ts";

let town: Town;
before(async () => {
  town = await openTown();
  const triager = await town.as("triager");
  const assessor = await town.as("assessor");
  town.at("2026-11-04", "10:00"); // a Wednesday
  for (const satisfied of ["satisfied", "satisfied", "basically"]) {
    const received = await triager.post("/api/tickets", {
      channel: "96181",
      content: "垃圾未清运",
      street: "香山街道",
    });
    const id: string = received.body.ticket.id;
    await triager.move(id, "sign");
    await triager.move(id, "dispatch", { leadUnitId: await town.unit("香山") });
    await assessor.move(id, "cityResult", {
      outcome: "answered",
      answers: { contacted: "yes", solved: "yes", satisfied },
    });
  }
});
after(() => town?.close());

/** What a command prints. */
async function printed(...words: string[]): Promise<string> {
  const said: string[] = [];
  const jiesu = new Command("jiesu").exitOverride().configureOutput({ writeErr: () => {} });
  registerAssessment(
    jiesu,
    async () => ({ shell: town.shell, close: async () => {} }),
    (text) => said.push(text),
  );
  for (const command of jiesu.commands) command.exitOverride().configureOutput({ writeErr: () => {} });
  await jiesu.parseAsync(words, { from: "user" });
  return said.join("\n");
}

test("rates --json prints scope, rules, the total and a line a unit", async () => {
  const rates = JSON.parse(
    await printed("rates", "--from", "2026-11-01", "--to", "2026-11-04", "--by", "unit", "--json"),
  );
  assert.equal(rates.scope, "assessed");
  assert.equal(rates.rules, "district-2025");
  const { key, ...line } = rates.by[0];
  assert.equal(key, "香山街道");
  assert.deepEqual(line, rates.total);
  assert.deepEqual(
    [line.tickets, line.base, line.contacted, line.solved, line.satisfied, line.basicallySatisfied],
    [3, 3, 3, 3, 2, 1],
  );
  assert.deepEqual([line.response, line.solution, line.satisfaction, line.score], [1, 1, 2.9 / 3, 98.7]);
  town.at("2026-11-06", "10:00"); // a Friday
  const other = JSON.parse(await printed("rates", "--from", "2026-11-05", "--json"));
  assert.deepEqual(
    [other.to, other.total.tickets, other.total.response, other.total.score],
    ["2026-11-06", 0, null, null],
  );
});

test("rank --json prints each unit with its group and rank, the same figures as the screen", async () => {
  const rank = JSON.parse(
    await printed("rank", "--period", "2026-11", "--group", "街镇", "--rules", "equal-30-35-35", "--json"),
  );
  assert.deepEqual([rank.rules, rank.period, rank.trial], ["equal-30-35-35", "2026-11", true]);
  assert.deepEqual(
    rank.by.map((unit: Record<string, unknown>) => [unit.key, unit.group, unit.rank, unit.score]),
    [["香山街道", "街镇", 1, 98.8]],
  );
  const assessor = await town.as("assessor");
  const screen = await assessor.get("/api/assessment/rank?period=2026-11&rules=equal-30-35-35");
  const { key: _key, unitId: _id, group: _group, ...figures } = rank.by[0];
  const { unit: _unit, ...shown } = screen.body.groups[0].units[0];
  assert.deepEqual(figures, shown);
  assert.deepEqual(
    JSON.parse(await printed("rank", "--period", "2026-11", "--group", "委办局", "--json")).by,
    [],
  );
});

test("without --json a table in Chinese is printed, and a trial says that it is one", async () => {
  const table = await printed("rank", "--period", "2026-11", "--rules", "equal-30-35-35");
  assert.match(table, /考核期 2026-11（2026-10-19 至 2026-11-18）　不含剔除　.*（试算）/);
  assert.match(table, /【街镇】/);
  assert.match(table, /1 +香山街道 +3 +3 +3 +3 +2 +1 +100\.0% +100\.0% +96\.7% +98\.8/);
  assert.match(
    await printed("rates", "--from", "2026-11-01", "--by", "street", "--scope", "all"),
    /香山街道 +3 .*\n合计/,
  );
  assert.match(await printed("rank", "--period", "2026-05"), /本期没有计入考核的工单/);
});

test("a day, a period or a rule set that does not exist ends with one clear line", async () => {
  await assert.rejects(printed("rates", "--from", "2026-02-30"), /日期应写作/);
  await assert.rejects(printed("rank", "--period", "2026-13"), /考核期应写作/);
  await assert.rejects(printed("rank", "--period", "2026-11", "--rules", "nowhere"), /no-rule-set/);
  await assert.rejects(printed("rates", "--to", "2026-11-04"), /bad-input/);
});
