import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_CELLS, type Entry } from "../assessment/entry.ts";
import { compare } from "../assessment/fraction.ts";
import { type Contender, type RankedUnit, ranking } from "../assessment/ranking.ts";
import { addEntry, type Counts, noCounts, type Reading } from "../assessment/rates.ts";
import { district, equal } from "../assessment/rules.fixture.ts";
import { resultOf } from "../assessment/score.ts";
import { endedWell, leversOf, type OpenTicket, standingWith } from "./levers.ts";

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

const cells = fc.constantFrom(...ALL_CELLS.filter((cell) => cell.valid));
const units = fc.array(fc.array(fc.tuple(cells, fc.nat({ max: 20 })), { maxLength: 6 }), {
  minLength: 2,
  maxLength: 12,
});

test("making the first so many changes gives exactly the rank and the score that were foretold", () => {
  fc.assert(
    fc.property(
      units,
      fc.array(fc.option(cells), { maxLength: 15 }),
      fc.constantFrom(district, equal),
      (lists, nows, rules) => {
        const read: Reading = { rules, scope: "assessed" };
        const contenders = lists.map((list, at) => ({
          key: `u${at}`,
          kind: "street",
          counts: list.reduce((sum, [entry, times]) => addEntry(sum, entry, read, times), noCounts()),
        }));
        const tickets = nows.map((now, at) => open(`t${at}`, now, at, read));
        const mine = contenders[0];
        if (!mine) return;
        // What stands in the ledger already is counted already.
        const counts = nows.reduce((sum, now) => (now ? addEntry(sum, now, read) : sum), mine.counts);
        const all = contenders.with(0, { ...mine, counts });
        const standing = { rules, contenders: all };
        const { levers, rungs } = leversOf("u0", tickets, standing);
        for (const rung of rungs) {
          const after = levers.slice(0, rung.count).reduce((sum, lever) => endedWell(sum, lever), counts);
          const ranked: RankedUnit | undefined = ranking(all.with(0, { ...mine, counts: after }), rules)
            .flatMap((group) => group.units)
            .find((unit) => unit.key === "u0");
          assert.equal(rung.rank, ranked?.rank);
          assert.deepEqual(rung.score, ranked?.score);
        }
        for (const { alone } of levers) {
          const today = resultOf(counts, rules).score;
          assert.ok(alone !== null && (today === null || compare(alone, today) > 0));
        }
        assert.equal(standingWith("u0", counts, standing).rank, rungs[0]?.rank);
      },
    ),
  );
});
