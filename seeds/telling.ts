/**
 * 记一笔. Moves a ticket in memory exactly as the server would: the core decides and turns the clocks, this file writes
 * the rows and the event. A move that the core refuses is a mistake of the generator and throws.
 */
import { isValidCallback } from "@jiesu/core/assessment/entry.ts";
import { CO_STATES, type CoMove, type CoState, coTarget } from "@jiesu/core/ticket/cohandling.ts";
import { type Change, decide } from "@jiesu/core/ticket/decide.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { MoveInput } from "@jiesu/core/ticket/moves.ts";
import { guardRulesOn, type Rules } from "@jiesu/server/platform/rules.ts";
import { returnTold } from "@jiesu/server/ticket/returning.ts";
import type { Person } from "./people.ts";
import type { Answers, Arrived, EventData, Tale, TaleAssignment, TaleEvent, Teller } from "./tale.ts";
import { leadOf } from "./tale.ts";
import { firstTimer, markFired, startCoClocks, turnCoClock, turnOwnClocks } from "./ticking.ts";

const IMPORTER: Teller = { login: null, name: "批量导入", role: "importer" };
const SYSTEM: Teller = { login: null, name: "系统", role: "system" };
const NO_ANSWERS: Answers = { contacted: null, solved: null, satisfied: null };

export const tellerOf = (person: Person): Teller => ({
  login: person.login,
  name: person.name,
  role: person.role,
});

/** The ticket arrives; one sent straight to a street or bureau (直派) arrives with its first round. */
export function arrive(
  rules: Rules,
  from: Arrived,
  directUnit: string | null,
  onEvent: (tale: Tale) => void = () => {},
): Tale {
  const at = from.cityDispatchedAt ?? from.receivedAt;
  const tale: Tale = {
    ...from,
    state: "received",
    round: 0,
    returns: 0,
    leadUnit: null,
    closingKind: null,
    reply: "",
    signedAt: null,
    dispatchedAt: null,
    closedAt: null,
    mergedInto: null,
    version: 0,
    movedVersion: 1,
    updatedAt: at,
    assignments: [],
    callbacks: [],
    results: [],
    events: [],
    clocks: [],
    onEvent,
  };
  if (directUnit !== null) {
    openRound(
      tale,
      { leadUnitId: directUnit, coUnitIds: [], opinion: "市级直派", designated: false },
      at,
      IMPORTER,
      "received",
    );
  }
  turnOwnClocks(rules, tale, "receive", at);
  note(tale, from.cityDispatchedAt === null ? "receive" : "import", null, at, IMPORTER, { plain: {} });
  return tale;
}

/** One move by one person, or by the importer (null). */
export function tell<M extends Move>(
  rules: Rules,
  tale: Tale,
  person: Person | null,
  unit: string | null,
  move: M,
  input: MoveInput[M],
  at: number,
  data: EventData,
): void {
  fireTimers(tale, at);
  const lead = leadOf(tale);
  const facts = {
    state: tale.state,
    round: tale.round,
    returns: tale.returns,
    leadUnitId: tale.leadUnit,
    lead,
  };
  const by = person === null ? IMPORTER : tellerOf(person);
  const doer = { roles: [by.role === "system" ? ("importer" as const) : by.role], unitId: unit };
  const decision = decide(facts, doer, move, input, guardRulesOn(rules, at));
  if (!decision.ok)
    throw new Error(
      `the generator told of a move that is refused: ${move} in ${tale.state}: ${JSON.stringify(decision.refusal)}`,
    );
  const { change } = decision;
  const before = tale.state;
  const unitBefore = tale.leadUnit;
  if (lead) recordLead(tale, lead, change, at);
  if (change.voidResult) for (const r of tale.results) if (r.round === tale.round) r.void = true;
  turnOwnClocks(rules, tale, move, at, change);
  if (change.newRound) {
    openRound(tale, change.newRound, at, by, change.to);
    tale.dispatchedAt = at;
    startCoClocks(rules, tale, at);
  } else if (change.endLead === "returned" || move === "reopen") {
    tale.leadUnit = null;
  }
  tale.state = change.to;
  if (move === "sign") tale.signedAt = at;
  if (change.to === "closed" && before !== "closed") tale.closedAt = at;
  if (move === "reopen") tale.closedAt = null;
  if (change.returned) tale.returns += 1;
  if (change.closingKind) tale.closingKind = change.closingKind;
  if (change.reply !== undefined) tale.reply = change.reply;
  if (move === "merge") tale.mergedInto = data.into ?? null;
  recordAnswers(tale, change, at, by);
  const told = change.returned ? { ...data, plain: { ...data.plain, ...returnTold(change.returned) } } : data;
  note(tale, move, before, at, by, told, tale.leadUnit ?? unitBefore);
}

/** A co-handler's step; `position` is the assignment's place in the ticket. */
export function tellCo(
  rules: Rules,
  tale: Tale,
  person: Person,
  position: number,
  move: CoMove,
  text: string,
  at: number,
): void {
  fireTimers(tale, at);
  const co = tale.assignments[position];
  if (co?.part !== "co" || !isCoState(co.state)) throw new Error("no such co-handler");
  const to = coTarget(person.role, co.state, move);
  if (to === null)
    throw new Error(`the generator told of a co-handler's move that is refused: ${move} in ${co.state}`);
  co.state = to;
  if (move === "coAccept") co.acceptedAt = at;
  else {
    co.endedAt = at;
    co.endedAs = move === "coReport" ? "reported" : to;
    co.report = text;
    if (move === "coReport") co.reportedAt = at;
  }
  turnCoClock(rules, tale, position, move, at);
  note(
    tale,
    move,
    tale.state,
    at,
    tellerOf(person),
    { plain: { text }, units: { unitId: co.unit }, assignment: position },
    tale.leadUnit,
  );
}

/** 临期、超期 of running clocks up to an instant, in order, each once: what the worker would have put on record. */
export function fireTimers(tale: Tale, upTo: number): void {
  for (let next = firstTimer(tale, upTo); next !== null; next = firstTimer(tale, upTo)) {
    const { position, what, clock } = next;
    const at = Math.max(next.at, tale.updatedAt);
    markFired(tale, position, what, at);
    const plain = { clock: clock.kind, dueAt: new Date(clock.dueAt).toISOString() };
    note(tale, `timer.${what}`, tale.state, at, SYSTEM, { plain, clock: position }, tale.leadUnit);
  }
}

function openRound(
  tale: Tale,
  to: NonNullable<Change["newRound"]>,
  at: number,
  by: Teller,
  state: Tale["state"],
): void {
  tale.round += 1;
  tale.leadUnit = to.leadUnitId;
  const blank = {
    acceptedAt: null,
    contactedAt: null,
    contactWay: null,
    reportedAt: null,
    report: null,
    outcome: null,
    endedAt: null,
    endedAs: null,
  };
  const common = { round: tale.round, opinion: to.opinion, dispatchedAt: at, dispatchedBy: by.login };
  tale.assignments.push({
    ...common,
    ...blank,
    part: "lead",
    unit: to.leadUnitId,
    state,
    designated: to.designated,
  });
  for (const unit of to.coUnitIds)
    tale.assignments.push({ ...common, ...blank, part: "co", unit, state: "assigned", designated: false });
  tale.results.push({
    round: tale.round,
    unit: to.leadUnitId,
    countedAt: at,
    scope: "full",
    scopeNote: "",
    void: false,
    source: null,
    valid: false,
    answers: NO_ANSWERS,
  });
}

function recordLead(tale: Tale, lead: TaleAssignment, change: Change, at: number): void {
  lead.state = change.to;
  if (change.lead?.accepted) lead.acceptedAt = at;
  if (change.lead?.contacted) {
    lead.contactedAt = at;
    lead.contactWay = change.lead.contacted.way;
  }
  if (change.lead?.reported) {
    lead.reportedAt = at;
    lead.report = change.lead.reported.text;
    lead.outcome = change.lead.reported.outcome;
  }
  if (change.lead?.reopened) {
    lead.acceptedAt = null;
    lead.contactedAt = null;
    lead.reportedAt = null;
  }
  if (!change.endLead) return;
  lead.endedAt = at;
  lead.endedAs = change.endLead;
  for (const co of tale.assignments) {
    if (co.part !== "co" || co.round !== tale.round || co.endedAt !== null) continue;
    co.state = "cancelled";
    co.endedAt = at;
    co.endedAs = change.endLead;
  }
}

function recordAnswers(tale: Tale, change: Change, at: number, by: Teller): void {
  const { callback, scope } = change;
  const result = tale.results.find((r) => r.round === tale.round);
  if (callback) {
    const { contacted, solved, satisfied } = callback.answers;
    const answers: Answers = {
      contacted: contacted ?? null,
      solved: solved ?? null,
      satisfied: satisfied ?? null,
    };
    tale.callbacks.push({
      ...answers,
      round: tale.round,
      source: callback.source,
      outcome: callback.outcome,
      reason: callback.reason,
      note: callback.note,
      at,
      by,
    });
    if (
      result &&
      callback.outcome === "answered" &&
      (callback.source === "city" || result.source !== "city")
    ) {
      result.answers = answers;
      result.source = callback.source;
      result.valid = isValidCallback(null, callback.answers);
    }
  }
  if (scope && result) {
    result.scope = scope.scope;
    result.scopeNote = scope.note;
  }
}

function note(
  tale: Tale,
  kind: string,
  from: TaleEvent["from"],
  at: number,
  by: Teller,
  data: EventData,
  unit: string | null = tale.leadUnit,
): void {
  tale.version += 1;
  if (from !== tale.state) tale.movedVersion = tale.version;
  tale.updatedAt = at;
  tale.events.push({
    version: tale.version,
    kind,
    from,
    to: tale.state,
    round: tale.round,
    at,
    by,
    unit,
    data,
  });
  tale.onEvent(tale);
}

const isCoState = (state: string): state is CoState => Object.hasOwn(CO_STATES, state);
