import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../time/day.ts";
import { matchLines, type RoundThere, type SaidRound } from "./match.ts";

const PERIOD = { from: "2026-09-19", to: "2026-10-18" } as const;
const first: RoundThere = {
  ticketId: "7",
  round: 1,
  unitId: "1",
  countedAt: instant("2026-09-21", "09:00"),
  void: false,
};
const second: RoundThere = { ...first, round: 2, unitId: "2", countedAt: instant("2026-10-09", "15:30") };
const later: RoundThere = { ...first, round: 3, unitId: "2", countedAt: instant("2026-10-20", "10:00") };

const said = (more: Partial<SaidRound> = {}): SaidRound => ({
  key: "a",
  number: "热线-7",
  round: null,
  dispatchedAt: null,
  unitId: null,
  ...more,
});
const match = (line: SaidRound, rounds: readonly RoundThere[], hand = new Map()) => {
  const found = matchLines([line], new Map([["热线-7", rounds]]), hand, PERIOD).get(line.key);
  return found?.ok ? found.ref.round : found?.why;
};

test("a number that came once is its only round; an unknown number has none", () => {
  assert.equal(match(said(), [first]), 1);
  assert.equal(match(said({ number: "热线-8" }), [first]), "noTicket");
});

test("a number that came again is told by round, by day of dispatch, by unit, by period, in this order", () => {
  const rounds = [first, second, later];
  assert.equal(match(said({ round: 2 }), rounds), 2);
  assert.equal(match(said({ round: 4 }), rounds), "noRound");
  assert.equal(match(said({ dispatchedAt: instant("2026-10-09", "15:30"), unitId: "1" }), rounds), 2);
  assert.equal(match(said({ dispatchedAt: instant("2026-09-21", "00:00") }), rounds), 1);
  assert.equal(match(said({ unitId: "1" }), rounds), 1);
  assert.equal(match(said({ unitId: "2" }), rounds), 2, "two rounds of the unit: the one within the period");
  assert.equal(match(said(), [{ ...first, void: true }, second]), 2);
});

test("what two rounds fit is left to a person, whose word then counts", () => {
  assert.equal(match(said(), [first, second]), "roundUnclear");
  assert.equal(match(said(), [first, second], new Map([["a", { ticketId: "7", round: 1 }]])), 1);
});

test("no round is given to two lines; a person's matching goes before the order of the file", () => {
  const lines = [said(), said({ key: "b" })];
  const there = new Map([["热线-7", [first]]]);
  const plain = matchLines(lines, there, new Map(), PERIOD);
  assert.deepEqual([plain.get("a")?.ok, plain.get("b")?.ok], [true, false]);
  const byHand = matchLines(lines, there, new Map([["b", { ticketId: "7", round: 1 }]]), PERIOD);
  assert.deepEqual([byHand.get("a")?.ok, byHand.get("b")?.ok], [false, true]);
});
