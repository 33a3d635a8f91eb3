import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { DAY_MS } from "@jiesu/core/time/day.ts";
import { seed } from "../../seeds/load.ts";
import { done, go, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;
before(async () => {
  town = await openTown();
  town.pass(12 * DAY_MS); // into the middle of a period
  const to = town.shell.now();
  await seed(town.shell, { tickets: 16_000, seed: 7, from: to - 480 * DAY_MS, to });
  assessor = await town.as("assessor");
});
after(() => town?.close());

interface Ahead {
  readonly unit: { readonly id: string; readonly name: string };
  readonly group: string | null;
  readonly rank: number | null;
  readonly score: number | null;
  readonly scoreText: string;
  readonly endScore: { low: number; middle: number; high: number } | null;
  readonly endRank: { low: number; middle: number; high: number } | null;
}

test("the outlook's provisional ranks are the ranking's, its end lies about where units stand, and asked twice it is the same", async () => {
  const first = (await assessor.get("/api/assessment/outlook")).body;
  const again = (await assessor.get("/api/assessment/outlook")).body;
  assert.deepEqual(again, first);
  const rank = (await assessor.get(`/api/assessment/rank?period=${first.period.name}`)).body;
  const ranked = new Map<string, number | null>(
    rank.groups.flatMap((group: { units: { unit: { id: string }; rank: number | null }[] }) =>
      group.units.map(({ unit, rank }) => [unit.id, rank] as const),
    ),
  );
  const units: readonly Ahead[] = first.units;
  assert.ok(units.length > 40, `${units.length}`);
  for (const { unit, rank, endScore, endRank } of units) {
    assert.equal(rank, ranked.get(unit.id) ?? null, unit.name);
    if (endScore === null || endRank === null) continue;
    assert.ok(endScore.low <= endScore.middle && endScore.middle <= endScore.high);
    assert.ok(endScore.low >= 0 && endScore.high <= 100);
    assert.ok(endRank.low >= 1 && endRank.low <= endRank.high);
  }
});

test("what the outlook says of itself was measured on past periods: four of five stated ends hold in 75 to 85 of 100", async () => {
  const { calibration, stated } = (await assessor.get("/api/assessment/outlook")).body;
  assert.equal(stated, 0.8);
  assert.ok(calibration.periods >= 5 && calibration.of >= 200, JSON.stringify(calibration));
  assert.ok(calibration.share >= 0.75 && calibration.share <= 0.85, JSON.stringify(calibration));
  assert.equal(calibration.share, calibration.held / calibration.of);
});

test("“these solved, and the rank is that”: told exactly, a unit's people see their own unit alone", async () => {
  const { units, period } = (await assessor.get("/api/assessment/outlook")).body;
  const streets = units.filter((each: Ahead) => each.group === "街镇" && each.rank !== null);
  const lowestFirst: readonly Ahead[] = streets.toSorted(
    (a: Ahead, b: Ahead) => (b.rank ?? 0) - (a.rank ?? 0),
  );
  const leversOf = async (each: Ahead) =>
    (await assessor.get(`/api/assessment/outlook/levers?unit=${each.unit.id}`)).body;
  const abouts = await Promise.all(lowestFirst.map(leversOf));
  const at = abouts.findIndex((each) => each.levers.length > 0);
  const [last, about] = [lowestFirst[at], abouts[at]];
  assert.ok(last && about, "no street has a ticket that could better its score");
  assert.equal(about.period.name, period.name);
  assert.equal(about.rungs[0].count, 0);
  assert.equal(about.rungs[0].rank, last.rank);
  assert.equal(about.rungs[0].scoreText, last.scoreText);
  const gains: readonly number[] = about.levers.map((lever: { gain: number }) => lever.gain);
  for (const [place, gain] of gains.entries())
    assert.ok(gain > 0 && gain <= (gains[place - 1] ?? 100) + 1e-9, `${gains.join(" ")}`);
  const other = lowestFirst.find((each) => each.unit.id !== last.unit.id);
  assert.ok(other);
  const handler = await town.as("handler", other.unit.name);
  const own = (await handler.get("/api/assessment/outlook")).body.units;
  assert.deepEqual(
    own.map((each: Ahead) => each.unit.name),
    [other.unit.name],
  );
  assert.equal((await handler.get(`/api/assessment/outlook/levers?unit=${last.unit.id}`)).status, 404);
});

/** The rest of a ticket's road from where it stands, by those who owe each step, until its callback says that all is well. */
async function endWell(
  lever: { readonly ticketId: string; readonly now: unknown },
  unit: string,
): Promise<void> {
  const id = lever.ticketId;
  const well = { outcome: "answered", answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" } };
  if (lever.now !== null) return void (await go(assessor, id, "cityResult", well)); // answered already: the city's counts
  const [handler, supervisor, caller] = await Promise.all([
    town.as("handler", unit),
    town.as("supervisor"),
    town.as("caller"),
  ]);
  const { state, assignments } = await look(assessor, id);
  if (state === "dispatched") await go(handler, id, "accept");
  const lead = assignments.findLast((each: { part: string }) => each.part === "lead");
  if (state === "dispatched" || (state === "handling" && lead.contactedAt === null))
    await go(handler, id, "contact", { way: "电话" });
  if (state === "dispatched" || state === "handling")
    await go(handler, id, "report", { text: "已办好并告知", outcome: "solved" });
  if (state !== "calling") await go(supervisor, id, "passReview");
  await go(caller, id, "callback", well);
}

test("tickets that are solved and called back well through the moves give exactly the score and rank that were foretold", async () => {
  const { units } = (await assessor.get("/api/assessment/outlook")).body;
  const walkable = ["待接收", "承办中", "反馈待审", "待回访", "结案待审批"];
  let tried = 0;
  for (const { unit, group } of units as readonly Ahead[]) {
    const url = `/api/assessment/outlook/levers?unit=${unit.id}`;
    const before = (await assessor.get(url)).body;
    const some = before.levers
      .filter((each: { stateZh: string }) => walkable.includes(each.stateZh))
      .slice(0, 4);
    if (group !== "街镇" || some.length < 3) continue;
    const ids = some.map((each: { ticketId: string }) => each.ticketId);
    const foretold = done(
      await assessor.get(`/api/assessment/outlook/what-if?unit=${unit.id}&tickets=${ids.join(",")}`),
    );
    assert.deepEqual(foretold.now, { rank: before.rungs[0].rank, scoreText: before.rungs[0].scoreText });
    for (const lever of some) await endWell(lever, unit.name);
    const rank = done(await assessor.get("/api/assessment/rank"));
    const own = rank.groups
      .flatMap((each: { units: unknown[] }) => each.units)
      .find((each: { unit: { id: string } }) => each.unit.id === unit.id);
    assert.deepEqual(foretold.after, { rank: own.rank, scoreText: own.text.score }, unit.name);
    refused(await assessor.get(`/api/assessment/outlook/what-if?unit=${unit.id}&tickets=999999999`), 422);
    tried += 1;
    if (tried === 2) return;
  }
  assert.fail(`only ${tried} streets had three tickets to be walked to their end`);
});
