import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { CO_LIFECYCLE } from "../ticket/cohandling.ts";
import { isMove, LIFECYCLE, type Move } from "../ticket/lifecycle.ts";
import { STATES, type TicketState } from "../ticket/state.ts";
import { calendarOf } from "../time/calendar.ts";
import { HOUR_MS, instant } from "../time/day.ts";
import { pausedUntil } from "./clock.ts";
import { ALL_CLOCKS, type ClockKind } from "./kind.ts";
import { type DeadlineRules, type LimitFacts, parseDeadlineRules } from "./rules.ts";
import { ARRIVAL, CO_ASSIGNED, TRACKS, tracksOf } from "./tracks.ts";
import {
  type Decided,
  type LiveClock,
  relimitClocks,
  type Turn,
  type TurnRules,
  turnClocks,
} from "./turn.ts";

const FOLDER = new URL("../../rules/deadline/", import.meta.url);
const RULES: TurnRules = {
  versions: readdirSync(FOLDER).map((name) => {
    const read = parseDeadlineRules(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
    assert.ok(read.ok);
    return read.value;
  }),
  calendar: calendarOf([]),
};
const FACTS: LimitFacts = { level: 3, channel: "市热线", type: "投诉", category: [] };
const MONDAY = instant("2026-11-23", "09:00");

/** A ticket's clocks as a ledger would keep them. */
class Ledger {
  readonly clocks = new Map<string, LiveClock["clock"]>();
  last: Turn | null = null;

  live(): LiveClock[] {
    return [...this.clocks].filter(([, c]) => c.endedAt === null).map(([id, clock]) => ({ id, clock }));
  }

  move(move: string, now: number, round = 1, decided: Decided = {}): void {
    const stopped = [...this.clocks.values()].filter((c) => c.state === "stopped");
    const turn = turnClocks(this.live(), move, round, FACTS, now, RULES, { ...decided, stopped });
    assert.ok(turn.ok, JSON.stringify(turn));
    this.last = turn.value;
    for (const { id, clock } of turn.value.changed) this.clocks.set(id, clock);
    for (const clock of turn.value.started) this.clocks.set(`${this.clocks.size + 1}`, clock);
  }

  in(state: string): ClockKind[] {
    return [...this.clocks.values()].filter((c) => c.state === state).map((c) => c.kind);
  }

  /** What an open ticket has to keep: clocks that run, and those that go on by themselves. */
  kept(): ClockKind[] {
    return [...this.clocks.values()]
      .filter((c) => c.state === "running" || pausedUntil(c) !== null)
      .map((c) => c.kind);
  }

  one(kind: ClockKind) {
    return [...this.clocks.values()].filter((c) => c.kind === kind).at(-1);
  }
}

test("every row of the table names a move that exists, and every kind of clock can start and end", () => {
  const coMoves: readonly string[] = CO_LIFECYCLE.map((s) => s.move);
  for (const { move } of TRACKS) {
    assert.ok(isMove(move) || coMoves.includes(move) || move === ARRIVAL || move === CO_ASSIGNED, move);
  }
  for (const kind of ALL_CLOCKS) {
    const does = TRACKS.filter((t) => t.clock === kind).map((t) => t.does);
    assert.ok(does.includes("start") && does.includes("stop"), kind);
    assert.equal(does.includes("pause"), does.includes("resume"), kind);
    assert.ok(!does.includes("takeUp") || does.includes("stop"), kind);
  }
});

test("a note, an urge, a correction or a city result restarts nothing", () => {
  for (const move of ["note", "urge", "correct", "cityResult", "sign", "callbackMissed"]) {
    assert.deepEqual(tracksOf(move), [], move);
  }
});

test("from arrival to closing each promise has its clock, one after the other", () => {
  const ticket = new Ledger();
  ticket.move(ARRIVAL, MONDAY);
  assert.deepEqual(ticket.in("running"), ["dispatch"]);
  ticket.move("dispatch", MONDAY + HOUR_MS);
  assert.deepEqual(ticket.in("running"), ["accept", "contact", "report"]);
  assert.equal(ticket.one("dispatch")?.late, false);
  ticket.move("accept", MONDAY + 2 * HOUR_MS);
  ticket.move("contact", MONDAY + 30 * HOUR_MS); // 24 hours were granted
  assert.equal(ticket.one("contact")?.late, true);
  assert.deepEqual(ticket.in("running"), ["report"]);
  ticket.move("report", MONDAY + 40 * HOUR_MS);
  assert.deepEqual(ticket.in("running"), ["closing"]);
  ticket.move("passReview", MONDAY + 41 * HOUR_MS);
  ticket.move("callback", MONDAY + 42 * HOUR_MS);
  ticket.move("approveClosing", MONDAY + 43 * HOUR_MS);
  assert.deepEqual(ticket.in("running"), []);
  assert.equal(ticket.one("closing")?.late, false);
});

test("a report without a first contact leaves that clock unjudged, to be found", () => {
  const ticket = new Ledger();
  for (const move of [ARRIVAL, "dispatch", "accept", "report"]) ticket.move(move, MONDAY);
  assert.equal(ticket.one("contact")?.state, "cancelled");
  assert.equal(ticket.one("contact")?.late, null);
});

test("while the centre reviews a return the unit's clocks rest; refused, they go on with what was left", () => {
  const ticket = new Ledger();
  for (const move of [ARRIVAL, "dispatch"]) ticket.move(move, MONDAY);
  const due = ticket.one("contact")?.dueAt ?? 0;
  ticket.move("returnToCentre", MONDAY + HOUR_MS);
  assert.deepEqual(ticket.in("paused"), ["contact", "report"]);
  assert.deepEqual(ticket.in("running"), ["returnReview"]);
  ticket.move("refuseReturn", MONDAY + 6 * HOUR_MS);
  assert.deepEqual(ticket.in("running"), ["contact", "report"]);
  assert.equal(ticket.one("contact")?.dueAt, due + 5 * HOUR_MS);
});

test("a return accepted ends the round's clocks unjudged, and the next dispatch starts those of a new round", () => {
  const ticket = new Ledger();
  for (const move of [ARRIVAL, "dispatch", "accept", "returnToCentre", "acceptReturn"])
    ticket.move(move, MONDAY);
  assert.equal(ticket.one("report")?.state, "cancelled");
  assert.deepEqual(ticket.in("running"), ["dispatch"]);
  ticket.move("dispatch", MONDAY + HOUR_MS, 2);
  assert.equal(ticket.one("report")?.round, 2);
  assert.equal(ticket.one("report")?.startedAt, MONDAY + HOUR_MS);
});

test("merging rests the dispatch clock: undone, the time used before counts", () => {
  const ticket = new Ledger();
  ticket.move(ARRIVAL, MONDAY);
  ticket.move("merge", MONDAY + 20 * HOUR_MS);
  ticket.move("unmerge", MONDAY + 100 * HOUR_MS);
  assert.equal(ticket.one("dispatch")?.dueAt, MONDAY + 104 * HOUR_MS);
});

const PAUSE: Decided = { pause: { clocks: ["report"], until: MONDAY + 200 * HOUR_MS } };

test("a pause granted rests the clocks of its ground to its day; ended by a hand, they go on with what was left", () => {
  const ticket = new Ledger();
  for (const move of [ARRIVAL, "dispatch", "accept"]) ticket.move(move, MONDAY);
  const { dueAt = 0 } = ticket.one("report") ?? {};
  ticket.move("grantPause", MONDAY + HOUR_MS, 1, PAUSE);
  assert.deepEqual([ticket.in("paused"), ticket.in("running")], [["report"], ["contact"]]);
  ticket.move("endPause", MONDAY + 73 * HOUR_MS);
  assert.deepEqual(ticket.in("paused"), []);
  assert.equal(ticket.one("report")?.dueAt, dueAt + 72 * HOUR_MS);
});

test("a return ends a pause: the clock rests on until the centre has answered, and no day brings it back before", () => {
  const ticket = new Ledger();
  for (const move of [ARRIVAL, "dispatch", "accept"]) ticket.move(move, MONDAY);
  ticket.move("grantPause", MONDAY + HOUR_MS, 1, PAUSE);
  ticket.move("returnToCentre", MONDAY + 2 * HOUR_MS);
  const resting = ticket.one("report");
  assert.ok(resting);
  assert.deepEqual([resting.state, pausedUntil(resting), resting.pauses.length], ["paused", null, 1]);
  ticket.move("refuseReturn", MONDAY + 3 * HOUR_MS);
  assert.equal(ticket.one("report")?.pauses[0]?.from, MONDAY + HOUR_MS);
});

test("written off, the report's clock goes on with what was left of its time, and its earlier verdict stands", () => {
  const ticket = new Ledger();
  const DAY = 24 * HOUR_MS;
  for (const move of [ARRIVAL, "dispatch", "accept", "contact"]) ticket.move(move, MONDAY);
  const { dueAt = 0 } = ticket.one("report") ?? {};
  ticket.move("report", MONDAY + 2 * DAY);
  const term = {
    limit: { unit: "days", amount: 30 },
    near: null,
    rule: { name: "shelving", row: "planned" },
    decided: true,
  } as const;
  ticket.move("shelve", MONDAY + 3 * DAY, 1, { term });
  assert.equal(ticket.one("shelf")?.rule.name, "shelving");
  ticket.move("unshelve", MONDAY + 22 * DAY);
  const reports = [...ticket.clocks.values()].filter((c) => c.kind === "report");
  assert.deepEqual(
    reports.map((c) => [c.state, c.late, c.startedAt]),
    [
      ["stopped", false, MONDAY],
      ["running", null, MONDAY],
    ],
  );
  assert.equal(ticket.one("report")?.dueAt, dueAt + 20 * DAY);
});

test("limits that take in what is running leave a shelf clock at its approved term", () => {
  const ticket = new Ledger();
  for (const move of [ARRIVAL, "dispatch", "accept", "contact", "report"]) ticket.move(move, MONDAY);
  const term = {
    limit: { unit: "days", amount: 30 },
    near: null,
    rule: { name: "shelving", row: "planned" },
    decided: true,
  } as const;
  ticket.move("shelve", MONDAY, 1, { term });
  const versions = RULES.versions.map((v) => ({ ...v, body: { ...v.body, appliesTo: "running" as const } }));
  const again = relimitClocks(
    ticket.live(),
    { ...FACTS, level: 1 },
    { ...RULES, versions },
    MONDAY + HOUR_MS,
  );
  assert.deepEqual(again, { ok: true, value: [] });
});

test("a co-handler's report stops its own assignment's clock", () => {
  const assignment = new Ledger();
  assignment.move(CO_ASSIGNED, MONDAY);
  assignment.move("coReport", MONDAY + HOUR_MS);
  assert.equal(assignment.one("coReport")?.late, false);
});

test("a kind without a limit in the rules in force is told, not started", () => {
  const reports = { ...RULES, versions: RULES.versions.filter((version) => version.name === "city-2020-07") };
  const turn = turnClocks([], ARRIVAL, 1, FACTS, instant("2020-12-31", "10:00"), reports);
  assert.deepEqual(turn, { ok: true, value: { changed: [], started: [], without: ["dispatch"] } });
});

test("a start that needs an unpublished year refuses the whole move", () => {
  const versions = RULES.versions.map((v) => ({
    ...v,
    body: {
      appliesTo: v.body.appliesTo,
      rows: v.body.rows.map((row) =>
        row.clock === "contact" ? { ...row, limit: { unit: "workdays", amount: 1 } as const } : row,
      ),
    } satisfies DeadlineRules,
  }));
  const turn = turnClocks([], "dispatch", 1, FACTS, MONDAY, { ...RULES, versions });
  assert.deepEqual(turn, { ok: false, refusal: { code: "calendar-unpublished", year: 2026 } });
});

/** The states from which nothing is owed any more. */
const isOpen = (state: TicketState) => STATES[state].open;

/** Moves that leave the state and touch clocks: they take part in every walk. */
const RESTING: readonly string[] = ["grantPause", "endPause"];

test("law: whatever the moves, an open ticket has a clock that runs or goes on by itself, and a closed one has none", () => {
  const steps: readonly { move: string; from: readonly TicketState[]; to: TicketState | "same" }[] =
    LIFECYCLE.filter((s) => s.to !== "same" || RESTING.includes(s.move));
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (choices) => {
      const ticket = new Ledger();
      let state: TicketState = "received";
      let now = MONDAY;
      ticket.move(ARRIVAL, now);
      for (const choice of choices) {
        const open = steps.filter((s) => s.from.includes(state));
        const step = open[choice % Math.max(1, open.length)];
        if (step === undefined) break;
        now += (choice % 50) * HOUR_MS;
        const was: TicketState = state;
        state = step.to === "same" ? state : step.to;
        const until = now + (1 + (choice % 9)) * 24 * HOUR_MS;
        const pause = {
          clocks: choice % 2 ? ["report" as const] : ["report" as const, "contact" as const],
          until,
        };
        ticket.move(step.move, now, 1, step.move === "grantPause" ? { pause } : {});
        const running = ticket.kept();
        const told: string = `${was} --${step.move}--> ${state}: ${running}`;
        assert.equal(running.length > 0, isOpen(state), told);
        if (!isOpen(state)) assert.deepEqual(ticket.in("running"), [], told);
        assert.equal(new Set(ticket.live().map((l) => l.clock.kind)).size, ticket.live().length, told);
      }
    }),
    { numRuns: 500 },
  );
});

test("law: moves that leave the state as it is leave an open ticket with a running clock", () => {
  const same: readonly Move[] = LIFECYCLE.filter((s) => s.to === "same" && !RESTING.includes(s.move)).map(
    (s) => s.move,
  );
  for (const move of same) {
    assert.ok(
      tracksOf(move).every((t) => (t.does === "stop" && t.clock === "contact") || t.does === "extend"),
      move,
    );
  }
});
