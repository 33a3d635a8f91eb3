import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { pausedUntil } from "../deadline/clock.ts";
import { isLevel, type Level } from "../deadline/level.ts";
import { type LimitFacts, parseDeadlineRules } from "../deadline/rules.ts";
import { ARRIVAL } from "../deadline/tracks.ts";
import { type LiveClock, relimitClocks, type TurnRules, turnClocks } from "../deadline/turn.ts";
import { decide, type LeadFacts, type TicketFacts } from "../ticket/decide.ts";
import { LIFECYCLE, type Move } from "../ticket/lifecycle.ts";
import type { MoveInput } from "../ticket/moves.ts";
import { ALL_ROLES, sideOf } from "../ticket/role.ts";
import { ALL_STATES, STATES, type TicketState } from "../ticket/state.ts";
import { UNDO } from "../ticket/undo.ts";
import { calendarOf } from "../time/calendar.ts";
import { HOUR_MS, instant } from "../time/day.ts";
import { looseOf } from "./sweep.ts";

const FOLDER = new URL("../../rules/deadline/", import.meta.url);
const RULES: TurnRules = {
  versions: readdirSync(FOLDER).map((name) => {
    const read = parseDeadlineRules(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")));
    assert.ok(read.ok);
    return read.value;
  }),
  calendar: calendarOf([]),
};
const UNIT = "7";
const CENTRE = ALL_ROLES.filter((role) => sideOf(role) !== "unit");
const GUARDS = { maxReturns: 3, contactBeforeReport: true };

const INPUTS: { readonly [M in Move]?: MoveInput[M] } = {
  recordCityClosing: { reply: "已办结" },
  replyDirectly: { reply: "已答复" },
  handleDirectly: { reply: "已办理" },
  dispatch: { leadUnitId: UNIT, coUnitIds: [], opinion: "请办理", designated: false },
  merge: { into: "1" },
  contact: { way: "电话", note: "" },
  report: { text: "已修复", outcome: "solved" },
  returnToCentre: { ground: "非职责", suggestUnit: "" },
  refuseReturn: { reason: "属职责" },
  openOwnership: { reason: "争议" },
  rule: { leadUnitId: UNIT, coUnitIds: [], basis: "三定方案" },
  applyWithdraw: { ground: "非本区" },
  rejectWithdraw: { reason: "属本区" },
  rework: { reason: "未解决" },
  callback: { outcome: "answered", answers: {}, reason: "", note: "" },
  refuseReply: { reason: "请修改" },
  reopen: { reason: "未解决" },
  shelve: { reason: "待规划" },
  note: { text: "备注" },
  urge: { text: "请尽快" },
  correct: { fields: { level: 2 } },
  cityResult: { outcome: null, answers: {}, reason: "", scope: null, scopeNote: "" },
};
/** Moves whose rules are not of holding: they ask for more time or a pause to a day, or plan another call. */
const BESIDE: readonly Move[] = [
  ...(["askExtension", "grantExtension", "refuseExtension", "callbackMissed"] as const),
  ...(["askPause", "grantPause", "refusePause", "endPause"] as const),
];
const STEPS = LIFECYCLE.map((step) => step.move).filter((move) => !BESIDE.includes(move));

/** A ticket as the ledger keeps it: what deciding needs, and its live clocks. */
interface Kept {
  readonly facts: TicketFacts;
  readonly limits: LimitFacts;
  readonly clocks: readonly LiveClock[];
}

/** The ticket after a move that the table and the guards allow; null where they do not. */
function moved(kept: Kept, move: Move, now: number, nextId: () => string): Kept | null {
  const input = INPUTS[move] ?? {};
  const roles = kept.facts.leadUnitId === null ? CENTRE : ALL_ROLES;
  const said = decide(kept.facts, { roles, unitId: UNIT }, move, input as MoveInput[Move], GUARDS);
  if (!said.ok) return null;
  const { change } = said;
  const round = kept.facts.round + (change.newRound ? 1 : 0);
  const level: Level = change.corrections?.level ?? kept.limits.level;
  const limits = { ...kept.limits, level };
  const clocks = new Map(kept.clocks.map((each) => [each.id, each]));
  if (change.corrections) {
    const turned = relimitClocks(kept.clocks, limits, RULES, now);
    assert.ok(turned.ok);
    for (const each of turned.value) clocks.set(each.id, each);
  } else {
    const turned = turnClocks(kept.clocks, move, round, limits, now, RULES);
    assert.ok(turned.ok);
    assert.deepEqual(turned.value.without, [], `${move}: no limit`);
    for (const each of turned.value.changed) clocks.set(each.id, each);
    for (const clock of turned.value.started) {
      const id = nextId();
      clocks.set(id, { id, clock });
    }
  }
  const live = [...clocks.values()].filter(({ clock }) => clock.endedAt === null);
  return { facts: factsAfter(kept.facts, change, move, round, now), limits, clocks: live };
}

type Change = Extract<ReturnType<typeof decide>, { ok: true }>["change"];

function factsAfter(t: TicketFacts, change: Change, move: Move, round: number, now: number): TicketFacts {
  const fresh: LeadFacts = {
    designated: change.newRound?.designated ?? false,
    acceptedAt: null,
    contactedAt: null,
    reportedAt: null,
  };
  const before = change.newRound ? fresh : change.lead?.reopened ? { ...fresh, ...designated(t) } : t.lead;
  const lead =
    before === null || change.endLead
      ? null
      : {
          ...before,
          ...(change.lead?.accepted ? { acceptedAt: now } : {}),
          ...(change.lead?.contacted ? { contactedAt: now } : {}),
          ...(change.lead?.reported ? { reportedAt: now } : {}),
        };
  const none = change.endLead === "returned" || move === "reopen";
  return {
    ...{ state: change.to, round, returns: t.returns + (change.returned ? 1 : 0) },
    leadUnitId: change.newRound?.leadUnitId ?? (none ? null : t.leadUnitId),
    lead,
  };
}

const designated = (t: TicketFacts) => ({ designated: t.lead?.designated ?? false });

test("law: after every prefix of every allowed sequence of moves, corrections and undoings, under whatever version of the limits, an open ticket has a running clock and a holder, a closed one no running clock", () => {
  const met = new Set<TicketState>();
  fc.assert(
    fc.property(
      fc.integer({ min: 2001, max: 2027 }),
      fc.constantFrom(1, 2, 3, 4),
      fc.array(fc.record({ pick: fc.nat(), hours: fc.integer({ min: 0, max: 2000 }), undo: fc.nat(5) }), {
        minLength: 20,
        maxLength: 60,
      }),
      (year, level, choices) => {
        if (!isLevel(level)) throw new Error("no such level");
        let ids = 0;
        const nextId = () => String(++ids);
        let now = instant(`${year}-06-01`, "09:00");
        const limits: LimitFacts = { level, channel: "市热线", type: "投诉", category: [] };
        const arrived = turnClocks([], ARRIVAL, 0, limits, now, RULES);
        assert.ok(arrived.ok);
        let kept: Kept = {
          facts: { state: "received", round: 0, returns: 0, leadUnitId: null, lead: null },
          limits,
          clocks: arrived.value.started.map((clock) => ({ id: nextId(), clock })),
        };
        assertHeld(kept, "arrival");
        for (const choice of choices) {
          now += choice.hours * HOUR_MS;
          const allowed = STEPS.flatMap((move) => {
            const after = moved(kept, move, now, nextId);
            if (after === null) return [];
            const onward = after.facts.state !== kept.facts.state; // more often than a note
            return Array.from({ length: onward ? 4 : 1 }, () => ({ move, after }));
          });
          const made = allowed[choice.pick % Math.max(1, allowed.length)];
          if (made === undefined) break;
          assertHeld(made.after, `${kept.facts.state} --${made.move}-->`);
          met.add(made.after.facts.state);
          if (choice.undo === 0 && UNDO[made.move] !== null) {
            assertHeld(kept, `${made.move} taken back`); // its clocks stand as they stood
            continue;
          }
          kept = made.after;
        }
      },
    ),
    { numRuns: 400 },
  );
  const unmet = ALL_STATES.filter((state) => state !== "received" && state !== "voided" && !met.has(state));
  assert.deepEqual(unmet, [], "every state was met");
});

function assertHeld({ facts, clocks }: Kept, told: string): void {
  const ticking = clocks.some(({ clock }) => clock.state === "running" || pausedUntil(clock) !== null);
  const { state } = facts;
  assert.deepEqual(
    looseOf({ state, ticking, unit: facts.leadUnitId !== null, desk: true }),
    [],
    told + state,
  );
  if (!STATES[state].open) assert.equal(ticking, false, `${told} ${state}: a clock runs on`);
}

test("a ticket without a running clock, a unit's without a unit, a centre's without a desk are each told; a closed one never", () => {
  const held = { ticking: true, unit: true, desk: true };
  assert.deepEqual(looseOf({ ...held, state: "handling", ticking: false }), ["no-clock"]);
  assert.deepEqual(looseOf({ ...held, state: "handling", unit: false, desk: false }), ["no-holder"]);
  assert.deepEqual(looseOf({ ...held, state: "triage", unit: false, desk: false }), ["no-desk"]);
  assert.deepEqual(looseOf({ ...held, state: "withdrawing", unit: false, desk: false }), []);
  assert.deepEqual(looseOf({ state: "closed", ticking: false, unit: false, desk: false }), []);
});
