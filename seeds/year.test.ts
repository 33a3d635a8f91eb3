/** 一年重放. A year of the district at speed: whatever happened last to a ticket, somebody holds it and a clock runs, or it is closed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { STATES } from "@jiesu/core/ticket/state.ts";
import { instant } from "@jiesu/core/time/day.ts";
import { looseOf } from "@jiesu/core/watch/sweep.ts";
import { loadRules } from "@jiesu/server/platform/rules.ts";
import fc from "fast-check";
import { generate } from "./generator.ts";
import type { Tale } from "./tale.ts";

const rules = loadRules();
/** Of a year; JIESU_TEST_YEAR=240000 is a year of the whole district. */
const TICKETS = Number(process.env.JIESU_TEST_YEAR ?? 8_000);
const FROM = instant("2025-11-20", "00:00");
const TO = instant("2026-11-20", "00:00");

/** What a ticket lacks at this moment, and what runs on for one that is closed. */
function faultsOf(tale: Tale): readonly string[] {
  const own = tale.clocks.filter((c) => c.assignment === null && c.clock.endedAt === null);
  const ticking = own.some((c) => c.clock.state === "running");
  const lacks: string[] = [
    ...looseOf({ state: tale.state, ticking, unit: tale.leadUnit !== null, desk: true }),
  ];
  if (!STATES[tale.state].open && ticking) lacks.push("a clock runs on");
  if (STATES[tale.state].held === "unit" && tale.leadUnit !== null) {
    const holds = tale.assignments.some(
      (a) => a.part === "lead" && a.round === tale.round && a.endedAt === null && a.unit === tale.leadUnit,
    );
    if (!holds) lacks.push("the unit in whose name it is does not have it in hand");
  }
  return lacks;
}

test("a year of the seeded district: after every event of every ticket it has a holder and a running clock, or is closed", () => {
  let events = 0;
  const met = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
      const found: string[] = [];
      const onEvent = (tale: Tale): void => {
        events += 1;
        const last = tale.events.at(-1);
        met.add(tale.state);
        for (const fault of faultsOf(tale))
          found.push(`${tale.number} ${last?.kind} → ${tale.state}: ${fault}`);
      };
      for (const _tale of generate({ tickets: TICKETS, seed, from: FROM, to: TO, rules, onEvent }));
      assert.deepEqual(found.slice(0, 5), []);
    }),
    { numRuns: 3 },
  );
  assert.ok(events > TICKETS * 3 * 8, `only ${events} events`);
  const unmet = [
    "triage",
    "withdrawing",
    "ownership",
    "returnReview",
    "calling",
    "shelved",
    "rework",
    "watching",
  ];
  assert.deepEqual(
    unmet.filter((state) => !met.has(state)),
    [],
    "the year goes through every kind of waiting",
  );
  console.log(`  ${events} events of ${TICKETS * 3} tickets`);
});
