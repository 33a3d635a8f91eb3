import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ARRIVAL, CO_ASSIGNED, TRACKS } from "../deadline/tracks.ts";
import type { PauseFacts } from "../pause/rules.ts";
import { CO_LIFECYCLE } from "./cohandling.ts";
import { type Doer, decide, type GuardRules, movesNow, type TicketFacts } from "./decide.ts";
import { isMove, LIFECYCLE, MOVES, type Move, movesFor, stepOf, targetOf } from "./lifecycle.ts";
import type { MoveInput } from "./moves.ts";
import { ALL_ROLES, type Role, rolesConflict, sideOf } from "./role.ts";
import { ALL_STATES, isState, STATES, type TicketState, VALID_STATES } from "./state.ts";

const RULES: GuardRules = {
  maxReturns: 3,
  contactBeforeReport: true,
  extension: { maxTimes: 1, maxDays: 5, afterDue: false, grounds: [{ code: "works", zh: "需现场施工" }] },
  pause: {
    grounds: [
      {
        code: "appraisal",
        zh: "等待第三方鉴定",
        evidence: "委托书",
        clocks: ["report"],
        maxDays: 30,
        maxTimes: 1,
      },
    ],
  },
};

/** Inputs that suffice for every move, so that what is refused is refused by the table or a named guard. */
const FULL: MoveInput = {
  sign: {},
  watch: {},
  recordCityClosing: { reply: "市级已办结" },
  replyDirectly: { reply: "已答复" },
  handleDirectly: { reply: "已核实" },
  dispatch: { leadUnitId: "1", coUnitIds: ["2"], opinion: "请办理", designated: false },
  merge: { into: "9" },
  unmerge: {},
  accept: {},
  contact: { way: "电话", note: "" },
  report: { text: "已清理", outcome: "solved" },
  askExtension: { ground: "works", reason: "管件明日到货", days: 2 },
  grantExtension: { opinion: "" },
  refuseExtension: { opinion: "可当日修复" },
  askPause: { ground: "appraisal", evidence: "委托书", reason: "", days: 7 },
  grantPause: { opinion: "" },
  refusePause: { opinion: "可先行处置" },
  endPause: { note: "" },
  returnToCentre: { ground: "非本辖区", suggestUnit: "" },
  acceptReturn: { note: "" },
  refuseReturn: { reason: "属本辖区" },
  openOwnership: { reason: "两家均称非本单位" },
  rule: { leadUnitId: "2", coUnitIds: [], basis: "按属地" },
  rerule: { leadUnitId: "2", coUnitIds: [], basis: "复议查明属道路范围" },
  applyWithdraw: { ground: "非本区" },
  acceptWithdraw: { note: "" },
  rejectWithdraw: { reason: "属海淀" },
  passReview: { note: "" },
  rework: { reason: "未联系" },
  callback: {
    outcome: "answered",
    answers: { contacted: "yes", solved: "yes", satisfied: "basically" },
    reason: "",
    note: "",
  },
  callbackMissed: { note: "无人接听" },
  approveClosing: { note: "" },
  refuseReply: { reason: "答非所问" },
  reopen: { reason: "市级未解决" },
  shelve: { reason: "待审批" },
  unshelve: { note: "" },
  urge: { text: "" },
  note: { text: "已知悉" },
  correct: { fields: { level: 2 } },
  cityResult: { outcome: "answered", answers: { solved: "no" }, reason: "", scope: null, scopeNote: "" },
};

/** A ticket led by unit 1, contacted, as it would stand in that state. */
function ticketIn(state: TicketState): TicketFacts {
  const withUnit = ![
    "received",
    "triage",
    "watching",
    "replied",
    "withdrawing",
    "withdrawn",
    "withdrawRejected",
    "merged",
    "ownership",
  ].includes(state);
  const lead = withUnit ? { designated: false, acceptedAt: 1, contactedAt: 2, reportedAt: null } : null;
  return { state, round: withUnit ? 1 : 0, returns: 0, leadUnitId: withUnit ? "1" : null, lead };
}

/** The same, where an extension or a pause can be asked for, waits for the answer, or lasts. */
function ticketFor(state: TicketState, move: Move): TicketFacts {
  const waits = move === "grantExtension" || move === "refuseExtension";
  const pending = waits ? { id: "5", days: 2 } : null;
  const pausing = move === "grantPause" || move === "refusePause";
  const { code, zh, clocks } = { code: "appraisal", zh: "等待第三方鉴定", clocks: ["report"] as const };
  const pause: PauseFacts = {
    pending: pausing ? { id: "6", days: 7, code, zh, clocks } : null,
    running: move === "endPause" ? { id: "7", until: 20 } : null,
    granted: {},
    ...{ dueAt: 10, cityDueAt: null, now: 3 },
  };
  const extension = { pending, granted: 0, dueAt: 10, cityDue: false, now: 3 };
  return { ...ticketIn(state), appealed: move === "rerule", extension, pause };
}

const doer = (role: Role): Doer => ({ roles: [role], unitId: sideOf(role) === "unit" ? "1" : null });

test("every role × state × move is allowed exactly where the table has it", () => {
  let allowed = 0;
  for (const role of ALL_ROLES) {
    for (const state of ALL_STATES) {
      for (const move of MOVES) {
        const row = LIFECYCLE.find((s) => s.move === move);
        assert.ok(row);
        const inTable =
          (row.by as readonly Role[]).includes(role) && (row.from as readonly TicketState[]).includes(state);
        assert.equal(targetOf(role, state, move) !== null, inTable, `${role} ${state} ${move}`);
        const decision = decide(ticketFor(state, move), doer(role), move, FULL[move], RULES);
        if (!inTable) {
          assert.ok(
            !decision.ok && ["wrong-state", "wrong-role"].includes(decision.refusal.code),
            `${role} ${state} ${move} must be refused`,
          );
          continue;
        }
        allowed += 1;
        if (decision.ok) {
          assert.equal(decision.change.to, row.to === "same" ? state : row.to);
          assert.equal(decision.change.as, role);
        } else {
          // What the table allows and a guard still refuses: no unit to send back to, or one to send back to instead.
          assert.ok(
            ["no-lead", "has-lead", "not-your-unit"].includes(decision.refusal.code),
            `${role} ${state} ${move}: ${decision.refusal.code}`,
          );
        }
      }
    }
  }
  assert.ok(allowed > 150, `the table allows ${allowed} triples`);
});

test("a refusal names the state in Chinese when the role may make the move elsewhere, and the move when it never may", () => {
  const early = decide(ticketIn("received"), doer("triager"), "dispatch", FULL.dispatch, RULES);
  assert.deepEqual(early, {
    ok: false,
    refusal: { code: "wrong-state", state: "received", stateZh: "待签收", move: "dispatch", moveZh: "派单" },
  });
  const never = decide(ticketIn("triage"), doer("handler"), "dispatch", FULL.dispatch, RULES);
  assert.deepEqual(never, { ok: false, refusal: { code: "wrong-role", move: "dispatch", moveZh: "派单" } });
});

test("a unit moves only the tickets that it leads", () => {
  const other: Doer = { roles: ["handler"], unitId: "2" };
  const decision = decide(ticketIn("handling"), other, "report", FULL.report, RULES);
  assert.equal(!decision.ok && decision.refusal.code, "not-your-unit");
  assert.deepEqual(movesNow(ticketIn("handling"), other, MOVES), []);
  assert.ok(movesNow(ticketIn("handling"), doer("handler"), MOVES).includes("report"));
});

test("a unit that has not contacted the citizen cannot report", () => {
  const silent: TicketFacts = {
    ...ticketIn("handling"),
    lead: { designated: false, acceptedAt: 1, contactedAt: null, reportedAt: null },
  };
  const decision = decide(silent, doer("handler"), "report", FULL.report, RULES);
  assert.equal(!decision.ok && decision.refusal.code, "contact-first");
  assert.ok(
    decide(silent, doer("handler"), "report", FULL.report, { ...RULES, contactBeforeReport: false }).ok,
  );
});

test("after the third return, and in a designated round, the unit cannot return again", () => {
  const thrice = { ...ticketIn("dispatched"), returns: 3 };
  const decision = decide(thrice, doer("handler"), "returnToCentre", FULL.returnToCentre, RULES);
  assert.deepEqual(!decision.ok && decision.refusal, { code: "returns-used-up", returns: 3, limit: 3 });
  const designated: TicketFacts = {
    ...ticketIn("dispatched"),
    lead: { designated: true, acceptedAt: null, contactedAt: null, reportedAt: null },
  };
  const refused = decide(designated, doer("handler"), "returnToCentre", FULL.returnToCentre, RULES);
  assert.equal(!refused.ok && refused.refusal.code, "designated");
});

test("an accepted return ends the round and takes it out of the unit's figures; a refused one does neither", () => {
  const accepted = decide(
    ticketIn("returnReview"),
    doer("triager"),
    "acceptReturn",
    FULL.acceptReturn,
    RULES,
  );
  assert.ok(accepted.ok && accepted.change.endLead === "returned" && accepted.change.voidResult === true);
  const refused = decide(ticketIn("returnReview"), doer("triager"), "refuseReturn", FULL.refuseReturn, RULES);
  assert.ok(refused.ok && refused.change.endLead === undefined && refused.change.voidResult === undefined);
});

test("one unit cannot both lead and help", () => {
  const twice = decide(
    ticketIn("triage"),
    doer("triager"),
    "dispatch",
    { ...FULL.dispatch, coUnitIds: ["1"] },
    RULES,
  );
  assert.equal(!twice.ok && twice.refusal.code, "unit-twice");
});

test("what must be said is not left blank", () => {
  const blank = decide(ticketIn("reported"), doer("closer"), "rework", { reason: " 　" }, RULES);
  assert.deepEqual(!blank.ok && blank.refusal, {
    code: "field-missing",
    field: "reason",
    fieldZh: "重办要求",
  });
});

test("an unanswered question stays blank; a refused call carries no answers", () => {
  const answered = decide(
    ticketIn("calling"),
    doer("caller"),
    "callback",
    { ...FULL.callback, answers: { contacted: "yes" } },
    RULES,
  );
  assert.deepEqual(answered.ok && answered.change.callback?.answers, { contacted: "yes" });
  const refused = decide(
    ticketIn("calling"),
    doer("caller"),
    "callback",
    { ...FULL.callback, outcome: "refused" },
    RULES,
  );
  assert.deepEqual(refused.ok && refused.change.callback?.answers, {});
});

test("from every open state a closed one can be reached, and every state from the first", () => {
  const edges = LIFECYCLE.flatMap((s) =>
    s.to === "same"
      ? []
      : (s.from as readonly TicketState[]).map((from) => [from, s.to as TicketState] as const),
  );
  const reach = (start: TicketState): Set<TicketState> => {
    const seen = new Set([start]);
    for (const at of seen) for (const [from, to] of edges) if (from === at) seen.add(to);
    return seen;
  };
  for (const state of ALL_STATES) {
    if (STATES[state].open)
      assert.ok(
        [...reach(state)].some((s) => !STATES[s].open),
        `${state} can never be closed`,
      );
  }
  assert.deepEqual([...reach("received")].sort(), [...VALID_STATES].sort());
  assert.ok(!edges.some((edge) => edge.includes("voided")), "no move makes or revives what was taken back");
});

test("what moves do to clocks is said of moves that there are", () => {
  const known = [...MOVES, ...CO_LIFECYCLE.map((s) => s.move), ARRIVAL, CO_ASSIGNED] as readonly string[];
  for (const track of TRACKS) assert.ok(known.includes(track.move), track.move);
});

test("keys on the keyboard are one move each where they meet", () => {
  for (const state of ALL_STATES) {
    for (const role of ALL_ROLES) {
      const keys = movesFor([role], state)
        .map((m) => stepOf(m).key)
        .filter((k) => k !== null);
      assert.equal(new Set(keys).size, keys.length, `${role} in ${state}: ${keys.join("")}`);
    }
  }
});

test("the three administrators exclude one another and every other role", () => {
  assert.ok(
    rolesConflict(["sysadmin", "auditadmin"]) &&
      rolesConflict(["secadmin", "triager"]) &&
      rolesConflict(["handler", "triager"]),
  );
  assert.ok(
    !rolesConflict(["triager", "shiftLead"]) &&
      !rolesConflict(["handler", "unitLead"]) &&
      !rolesConflict(["sysadmin"]),
  );
});

test("no word outside the table is a move or a state", () => {
  fc.assert(
    fc.property(fc.string(), (word) => {
      assert.equal(isMove(word), (MOVES as readonly string[]).includes(word));
      assert.equal(isState(word), (ALL_STATES as readonly string[]).includes(word));
    }),
  );
  for (const trap of ["constructor", "__proto__", "toString"]) assert.ok(!isMove(trap) && !isState(trap));
});

test("decisions depend on nothing but what they are told", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ALL_STATES),
      fc.constantFrom(...ALL_ROLES),
      fc.constantFrom<Move>(...MOVES),
      (state, role, move) => {
        const once = decide(ticketIn(state), doer(role), move, FULL[move], RULES);
        assert.deepEqual(decide(ticketIn(state), doer(role), move, FULL[move], RULES), once);
      },
    ),
  );
});
