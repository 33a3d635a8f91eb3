/** 工单操作. Load, decide, record, in one transaction: every move of every ticket goes through moveTicket. */
import { CO_STATES, type CoMove, type CoState, coTarget } from "@jiesu/core/ticket/cohandling.ts";
import { type Decision, decide } from "@jiesu/core/ticket/decide.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { MoveInput } from "@jiesu/core/ticket/moves.ts";
import { isRole, ROLES } from "@jiesu/core/ticket/role.ts";
import { STATES } from "@jiesu/core/ticket/state.ts";
import { clockText, type Day, dayOf, MINUTE_MS } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { type Refusal, Refused } from "../platform/errors.ts";
import { guardRulesOn } from "../platform/rules.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { attemptsOf } from "./callback.ts";
import { checkCited, isAppealed } from "./citing.ts";
import { moveClocks, moveCoClock } from "./clocks.ts";
import { EVENT_ZH } from "./events.ts";
import { extensionOf, extensionTold, recordExtension } from "./extension.ts";
import { guardStep, lookAtMove } from "./guard.ts";
import { madeOnce, type Outcome } from "./once.ts";
import { endedByMove, pauseOf, pauseTold, recordPause } from "./pause.ts";
import { returningOf, returnTold } from "./returning.ts";
import { keepForUndo } from "./snapshot.ts";
import { type LockedTicket, lockTicket, recordChange, recordEvent } from "./store.ts";

/**
 * Moves one ticket. `seenVersion` is the version that the person's screen showed: when somebody has moved the ticket
 * since, the move is refused as `stale` with who did it; null skips the check (machines). With a key in `once`, a move
 * that was made already and whose answer was lost is not made again.
 */
export function moveTicket<M extends Move>(
  shell: Shell,
  actor: Actor,
  id: string,
  move: M,
  input: MoveInput[M],
  seenVersion: number | null,
  once: string | null = null,
): Promise<Outcome> {
  return shell.db
    .transaction()
    .execute((tx) =>
      madeOnce(tx, shell.now(), actor, once, id, move, () =>
        moveTicketIn(tx, shell, actor, id, move, input, seenVersion),
      ),
    );
}

/** The same in a transaction of the caller's: the importer moves a ticket together with the row that said so. */
export async function moveTicketIn<M extends Move>(
  tx: Db,
  shell: Shell,
  actor: Actor,
  id: string,
  move: M,
  input: MoveInput[M],
  seenVersion: number | null,
): Promise<Outcome> {
  const now = shell.now();
  if (move === "merge") await lockBoth(tx, id, input);
  const unitFault = await checkUnits(tx, input, dayOf(now));
  const ticket = await lockTicket(tx, id);
  if (!ticket || !(await mayTouch(tx, actor, ticket))) return no({ code: "not-found" });
  if (seenVersion !== null && (seenVersion < ticket.movedVersion || seenVersion > ticket.version))
    return no(await staleRefusal(tx, ticket));
  if (unitFault) return no(unitFault);
  const citeFault = await checkCited(tx, input, dayOf(now));
  if (citeFault) return no(citeFault);
  if (move === "merge" && !(await isMergeTarget(tx, id, input))) return no({ code: "merge-target" });
  const standing = isExtension(move) ? await extensionOf(tx, ticket, now) : null;
  const resting = isPause(move) ? await pauseOf(tx, ticket, now) : null;
  const facts = {
    ...ticket,
    ...(isCall(move) ? { attemptsAt: [...(await attemptsOf(tx, ticket)), now] } : {}),
    ...(standing ? { extension: standing.facts } : {}),
    ...(resting ? { pause: resting.facts } : {}),
    ...(move === "rerule" ? { appealed: await isAppealed(tx, id) } : {}),
    ...(move === "urge" ? { lastUrge: await lastUrgeOf(tx, id, now) } : {}),
  };
  const rules = await rulesInForce(tx, shell.rules, now);
  const guards = guardRulesOn(rules, now);
  const returning = move === "returnToCentre" ? returningOf(ticket, guards.returns, now) : null;
  const told = returning ? { ...facts, returning } : facts;
  const decision: Decision = decide(told, actor, move, input, guards);
  if (!decision.ok) return no(decision.refusal);
  const { change } = decision;
  const look = await lookAtMove(tx, shell, id, move, input, now);
  const guarded = look && (await guardStep(tx, id, look, "", now));
  if (guarded && !guarded.ok) return no(guarded.refusal);
  const clocks = await moveClocks(tx, rules, ticket, move, change, now);
  if (!clocks.ok) return no(clocks.refusal);
  const stamp = { at: now, userId: actor.userId, userName: actor.name, role: change.as };
  await keepForUndo(tx, ticket, move, actor, now);
  const before = change.corrections ? { before: await beforeCorrection(tx, id, change.corrections) } : {};
  const extension = change.extension ? extensionTold(change.extension, clocks.extended) : {};
  const pause = change.pause ? pauseTold(change.pause) : {};
  const returned = change.returned ? returnTold(change.returned) : {};
  const data = { ...toldOf(input), ...before, ...extension, ...pause, ...returned, ...guarded?.told };
  const version = await recordChange(tx, ticket, change, move, data, stamp, clocks.due);
  await clocks.write();
  if (change.extension && standing?.clock)
    await recordExtension(tx, ticket, change.extension, standing.clock.id, clocks.extended, stamp);
  if (change.pause && resting?.clock) await recordPause(tx, ticket, change.pause, resting.clock.id, stamp);
  await endedByMove(tx, id, now);
  return { ok: true, version };
}

/** Moves one co-handling assignment; the ticket's own state stays. With a key in `once`, as a move of the ticket. */
export function moveCoHandling(
  shell: Shell,
  actor: Actor,
  ticketId: string,
  assignmentId: string,
  move: CoMove,
  text: string,
  once: string | null = null,
): Promise<Outcome> {
  const make = async (tx: Db): Promise<Outcome> => {
    const now = shell.now();
    const ticket = await lockTicket(tx, ticketId);
    const co = await tx
      .selectFrom("assignment")
      .select(["id", "unit_id", "state", "round"])
      .where("id", "=", assignmentId)
      .where("ticket_id", "=", ticketId)
      .where("part", "=", "co")
      .executeTakeFirst();
    if (!ticket || !co || co.round !== ticket.round || (actor.unitId !== null && actor.unitId !== co.unit_id))
      return no({ code: "not-found" });
    const state = co.state;
    const role = isCoState(state) ? actor.roles.find((r) => coTarget(r, state, move) !== null) : undefined;
    const to = role && isCoState(state) ? coTarget(role, state, move) : null;
    if (!role || !to) {
      return no({
        code: "wrong-state",
        state,
        stateZh: isCoState(state) ? CO_STATES[state] : state,
        move,
        moveZh: "执行此协办操作",
      });
    }
    if (move === "coReport" && text.trim() === "")
      return no({ code: "field-missing", field: "text", fieldZh: "协办情况" });
    if (move === "coDecline" && text.trim() === "")
      return no({ code: "field-missing", field: "text", fieldZh: "退回理由" });
    const at = new Date(now);
    await tx
      .updateTable("assignment")
      .set({
        state: to,
        ...(move === "coAccept" ? { accepted_at: at } : {}),
        ...(move === "coReport" ? { reported_at: at, report: text, ended_at: at, ended_as: "reported" } : {}),
        ...(move === "coDecline" || move === "coCancel" ? { ended_at: at, ended_as: to, report: text } : {}),
      })
      .where("id", "=", co.id)
      .execute();
    const rules = await rulesInForce(tx, shell.rules, now);
    const clockFault = await moveCoClock(tx, rules, ticket, co.id, move, now);
    if (clockFault) throw new Refused(clockFault);
    const stamp = { at: now, userId: actor.userId, userName: actor.name, role };
    const version = await recordEvent(
      tx,
      ticket,
      move,
      { assignmentId: co.id, unitId: co.unit_id, text },
      stamp,
    );
    return { ok: true, version };
  };
  return shell.db
    .transaction()
    .execute((tx) =>
      madeOnce(tx, shell.now(), actor, once, ticketId, `${move}:${assignmentId}`, () => make(tx)),
    );
}

async function lastUrgeOf(tx: Db, id: string, now: number) {
  const last = await tx
    .selectFrom("event")
    .select(["user_name", "at"])
    .where("ticket_id", "=", id)
    .where("kind", "=", "urge")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!last) return null;
  const at = last.at.getTime();
  return { by: last.user_name, at, minutesAgo: (now - at) / MINUTE_MS };
}

/** What stood in the fields that are about to be corrected, for the history. */
async function beforeCorrection(
  tx: Db,
  id: string,
  corrections: object,
): Promise<Readonly<Record<string, string | number>>> {
  const row = await tx
    .selectFrom("ticket")
    .select(["level", "kind", "title", "category1", "category2", "category3"])
    .select(["street", "community", "address"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow();
  return Object.fromEntries(Object.entries(row).filter(([field]) => field in corrections));
}

/** A unit may act only on tickets that it leads now; the centre and machines on all. */
async function mayTouch(tx: Db, actor: Actor, ticket: LockedTicket): Promise<boolean> {
  if (actor.unitId === null || ticket.leadUnitId === actor.unitId) return true;
  // A unit that led or helped earlier sees the ticket, so it is told why not; another unit is told nothing.
  const known = await tx
    .selectFrom("assignment")
    .select("id")
    .where("ticket_id", "=", ticket.id)
    .where("unit_id", "=", actor.unitId)
    .limit(1)
    .executeTakeFirst();
  return known !== undefined;
}

/** Who was quicker, when, and what they did, in words that the second one can act on. */
async function staleRefusal(tx: Db, ticket: LockedTicket): Promise<Refusal> {
  const last = await tx
    .selectFrom("event as e")
    .leftJoin("unit as u", "u.id", "e.unit_id")
    .select(["e.user_name", "e.role", "e.kind", "e.at", "e.to_state", "u.short_name"])
    .where("e.ticket_id", "=", ticket.id)
    .where("e.version", "=", ticket.movedVersion)
    .executeTakeFirst();
  const role = last && isRole(last.role) ? `（${ROLES[last.role].zh}）` : "";
  const to = last?.to_state === "dispatched" && last.short_name ? `，主办${last.short_name}` : "";
  return {
    code: "stale",
    by: last ? `${last.user_name}${role}` : "他人",
    did: last
      ? `于 ${clockText(last.at.getTime())} 做了“${EVENT_ZH.get(last.kind) ?? last.kind}”${to}`
      : "做了操作",
    state: ticket.state,
    stateZh: STATES[ticket.state].zh,
    version: ticket.version,
  };
}

/**
 * Units named by a dispatch must exist and be valid today, and stay so until it is recorded: they are held, before the
 * ticket as a merger of units holds them, so that neither waits for the other in a circle.
 */
async function checkUnits(tx: Db, input: object, today: Day): Promise<Refusal | null> {
  const named = "leadUnitId" in input && typeof input.leadUnitId === "string" ? [input.leadUnitId] : [];
  const co =
    "coUnitIds" in input && Array.isArray(input.coUnitIds)
      ? input.coUnitIds.filter((id): id is string => typeof id === "string")
      : [];
  const ids = [...new Set([...named, ...co])];
  if (ids.length === 0) return null;
  const found = await tx
    .selectFrom("unit")
    .select("id")
    .where("id", "in", ids)
    .where("valid_from", "<=", today)
    .where((eb) => eb.or([eb("valid_to", "is", null), eb("valid_to", ">=", today)]))
    .orderBy("id")
    .forKeyShare()
    .execute();
  return found.length === ids.length ? null : { code: "unit-unknown" };
}

/** Both tickets of a merging, in the order of their ids: two that are merged into each other at once must not circle. */
async function lockBoth(tx: Db, id: string, input: object): Promise<void> {
  const into = "into" in input && typeof input.into === "string" ? input.into : id;
  await tx
    .selectFrom("ticket")
    .select("id")
    .where("id", "in", [id, into])
    .orderBy("id")
    .forUpdate()
    .execute();
}

async function isMergeTarget(tx: Db, id: string, input: object): Promise<boolean> {
  const into = "into" in input && typeof input.into === "string" ? input.into : "";
  if (into === id) return false;
  const main = await tx.selectFrom("ticket").select("state").where("id", "=", into).executeTakeFirst();
  return main !== undefined && main.state !== "merged";
}

/** Throws the refusal of an outcome for the HTTP layer; answers the new version. */
export function orRefuse(outcome: Outcome): number {
  if (!outcome.ok) throw new Refused(outcome.refusal);
  return outcome.version;
}

/** What the event tells of the input: everything but where a recording is, which only some may hear, and a term's rule. */
function toldOf(input: object): Record<string, unknown> {
  const { term, ...rest }: { readonly term?: unknown } = input;
  const day = typeof term === "object" && term !== null && "day" in term ? { termDay: term.day } : {};
  return { ...Object.fromEntries(Object.entries(rest).filter(([key]) => key !== "recording")), ...day };
}

const isExtension = (move: Move): boolean =>
  move === "askExtension" || move === "grantExtension" || move === "refuseExtension";
const isPause = (move: Move): boolean =>
  move === "askPause" || move === "grantPause" || move === "refusePause" || move === "endPause";
const isCall = (move: Move): boolean => move === "callback" || move === "callbackMissed";
const no = (refusal: Refusal): Outcome => ({ ok: false, refusal });
const isCoState = (state: string): state is CoState => Object.hasOwn(CO_STATES, state);
