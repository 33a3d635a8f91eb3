import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Given } from "../assessment/adjustment.ts";
import { ALL_CELLS, cellKey, type Entry, STAT_SCOPES } from "../assessment/entry.ts";
import { compare, fraction } from "../assessment/fraction.ts";
import { type Contender, ranking } from "../assessment/ranking.ts";
import { addEntry, type Counts, noCounts, type Reading } from "../assessment/rates.ts";
import { district, equal, someAdjustments } from "../assessment/rules.fixture.ts";
import type { RuleSet } from "../assessment/ruleset.ts";
import { leversOf, type OpenTicket, standingAfter } from "./levers.ts";

const reading: Reading = { rules: district, scope: "assessed" };
const good: Entry = { scope: "full", valid: true, contacted: "yes", solved: "yes", satisfied: "satisfied" };
const bad: Entry = { scope: "full", valid: true, contacted: "yes", solved: "no", satisfied: "dissatisfied" };

function counted(...entries: readonly (readonly [Entry, number])[]): Counts {
  return entries.reduce((sum, [entry, times]) => addEntry(sum, entry, reading, times), noCounts());
}

const street = (key: string, well: number, ill: number): Contender => ({
  key,
  kind: "street",
  counts: counted([good, well], [bad, ill]),
});

const open = (id: string, now: Entry | null, leftMs = 3_600_000, read = reading): OpenTicket => ({
  id,
  now,
  well: good,
  leftMs,
  reading: read,
});

test("a ticket answered “no” and open again moves more than one not answered yet, and stands first", () => {
  const standing = {
    rules: district,
    contenders: [street("四季青镇", 7, 3), street("上地街道", 8, 2), street("香山街道", 9, 1)],
  };
  const { levers, rungs } = leversOf(
    "四季青镇",
    [open("new", null), open("again", bad), open("late", null, -1)],
    standing,
  );
  assert.deepEqual(
    levers.map(({ id }) => id),
    ["again", "late", "new"],
  );
  assert.deepEqual(
    rungs.map(({ count, rank }) => [count, rank]),
    [
      [0, 3],
      [1, 2],
    ],
  );
});

test("an exempt ticket is no lever", () => {
  const standing = { rules: district, contenders: [street("四季青镇", 7, 3)] };
  const exempt = {
    ...open("exempt", { ...bad, scope: "exempt" }),
    well: { ...good, scope: "exempt" as const },
  };
  assert.deepEqual(leversOf("四季青镇", [exempt], standing).levers, []);
});

test("of many levers the strongest are listed, and how many there are beyond", () => {
  const standing = { rules: district, contenders: [street("四季青镇", 7, 3)] };
  const many = Array.from({ length: 12 }, (_, at) => open(`t${at}`, null, at));
  const { levers, more } = leversOf("四季青镇", many, standing, 5);
  assert.deepEqual(
    levers.map(({ id }) => id),
    ["t0", "t1", "t2", "t3", "t4"],
  );
  assert.equal(more, 7);
});

/** Rules that give points for named items: they do not hang on answers, but they decide ranks. */
const generous: RuleSet = { ...district, adjustments: someAdjustments };
const points = fc.record({
  id: fc.constant("1"),
  item: fc.constantFrom(...someAdjustments.items.map(({ key }) => key)),
  points: fc.integer({ min: 1, max: 8 }).map((quarters) => fraction(quarters, 4)),
});

/** An entry and the segment of the period that it counts in. */
type Dated = readonly [Entry, number];
interface Invented {
  readonly rules: RuleSet;
  readonly readings: readonly Reading[];
  /** What stands in the ledger for each unit, the first is ours. */
  readonly ledger: readonly (readonly Dated[])[];
  readonly given: readonly (readonly Given[])[];
  /** Our open tickets, some answered already, and the segment of each. */
  readonly tickets: readonly (readonly [OpenTicket, number])[];
}

const dated = fc.tuple(fc.constantFrom(...ALL_CELLS), fc.nat({ max: 1 }));
const towns: fc.Arbitrary<Invented> = fc
  .record({
    lists: fc.array(fc.array(fc.tuple(dated, fc.nat({ max: 20 })), { maxLength: 6 }), {
      minLength: 2,
      maxLength: 12,
    }),
    nows: fc.array(fc.tuple(fc.option(fc.constantFrom(...ALL_CELLS)), fc.nat({ max: 1 })), { maxLength: 15 }),
    versions: fc.tuple(
      fc.constantFrom(district, equal, generous),
      fc.constantFrom(district, equal, generous),
    ),
    scope: fc.constantFrom(...STAT_SCOPES),
    given: fc.array(fc.array(points, { maxLength: 3 }), { maxLength: 12 }),
  })
  .map(({ lists, nows, versions, scope, given }) => {
    const readings = versions.map((rules): Reading => ({ rules, scope }));
    const ledger = lists.map((list) => list.flatMap(([one, times]) => Array<Dated>(times).fill(one)));
    const tickets = nows.map(([now, segment], at): readonly [OpenTicket, number] => {
      const well = { ...good, scope: now?.scope ?? "full" };
      return [{ ...open(`t${at}`, now, at, readings[segment]), well }, segment];
    });
    // What stands in the ledger already is counted already.
    const mine = nows.flatMap(([now, segment]): Dated[] => (now ? [[now, segment]] : []));
    const whole = ledger.with(0, [...(ledger[0] ?? []), ...mine]);
    return { rules: versions[1], readings, ledger: whole, given, tickets };
  });

/** The ranking made anew of all entries: what the screen shows once the answers are recorded. */
function anew({ rules, readings, given }: Invented, ledger: Invented["ledger"]) {
  const contenders = ledger.map((entries, at): Contender => {
    const counts = entries.reduce(
      (sum, [entry, segment]) => addEntry(sum, entry, readings[segment] ?? reading, 1),
      noCounts(),
    );
    return { key: `u${at}`, kind: "street", given: given[at] ?? [], counts };
  });
  const ours = ranking(contenders, rules)
    .flatMap((group) => group.units)
    .find((unit) => unit.key === "u0");
  return { standing: { rules, contenders }, stand: { rank: ours?.rank, score: ours?.score } };
}

/** The ledger once these tickets have been answered well: what they said before is there no more. */
function answered({ ledger, tickets }: Invented, ids: readonly string[]): Invented["ledger"] {
  const mine = [...(ledger[0] ?? [])];
  for (const [{ id, now, well }, segment] of tickets) {
    if (!ids.includes(id)) continue;
    if (now === null) mine.push([well, segment]);
    else
      mine[mine.findIndex(([entry, its]) => its === segment && cellKey(entry) === cellKey(now))] = [
        well,
        segment,
      ];
  }
  return ledger.with(0, mine);
}

test("recording the first so many answers gives exactly the rank and the score that were foretold, points and parted periods too", () => {
  fc.assert(
    fc.property(towns, (town) => {
      const { standing, stand: today } = anew(town, town.ledger);
      const { levers, rungs } = leversOf(
        "u0",
        town.tickets.map(([ticket]) => ticket),
        standing,
      );
      assert.deepEqual(rungs[0], { count: 0, ...today });
      for (const [at, { after, alone }] of levers.entries()) {
        const ids = levers.slice(0, at + 1).map(({ id }) => id);
        assert.deepEqual(after, anew(town, answered(town, ids)).stand);
        assert.ok(alone !== null && (today.score == null || compare(alone, today.score) > 0));
      }
      for (const { count, ...stand } of rungs.slice(1)) assert.deepEqual(stand, levers[count - 1]?.after);
    }),
    { numRuns: 300 },
  );
});

test("any tickets that are chosen, in any order: recording their answers gives exactly what the what-if showed", () => {
  fc.assert(
    fc.property(towns, fc.infiniteStream(fc.boolean()), (town, picks) => {
      const { standing } = anew(town, town.ledger);
      const ticked = town.tickets.map(([ticket]) => ticket).filter(() => picks.next().value);
      const foretold = standingAfter("u0", ticked, standing);
      const ids = ticked.map(({ id }) => id);
      assert.deepEqual(foretold, anew(town, answered(town, ids)).stand);
      assert.deepEqual(standingAfter("u0", ticked.toReversed(), standing), foretold);
    }),
    { numRuns: 300 },
  );
});
