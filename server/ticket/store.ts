/** 工单台账. Locks a ticket, and writes a decided change with its event: the only writer of the ticket's tables. */

import { isValidCallback } from "@jiesu/core/assessment/entry.ts";
import type { Change, LeadFacts, TicketFacts } from "@jiesu/core/ticket/decide.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { isState, type TicketState } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { recordPlan } from "./callback.ts";

/** A ticket locked for a change, with what deciding and clocks need. */
export interface LockedTicket extends TicketFacts {
  readonly id: string;
  readonly number: string;
  readonly version: number;
  readonly movedVersion: number;
  readonly channel: string;
  readonly kind: string;
  readonly level: 1 | 2 | 3 | 4;
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly cityDueAt: number | null;
  readonly receivedAt: number;
  readonly cityDispatchedAt: number | null;
  readonly leadId: string | null;
}

/** Who did it, when: what every event row carries. */
export interface Stamp {
  readonly at: number;
  readonly userId: string | null;
  readonly userName: string;
  readonly role: Role | "system";
}

/** Locks the row until the transaction ends; null when there is no such ticket. */
export async function lockTicket(tx: Db, id: string): Promise<LockedTicket | null> {
  const row = await tx
    .selectFrom("ticket as t")
    .select([
      "t.id",
      "t.number",
      "t.version",
      "t.moved_version",
      "t.state",
      "t.round",
      "t.returns",
      "t.lead_unit_id",
      "t.channel",
      "t.kind",
      "t.level",
      "t.category1",
      "t.category2",
      "t.category3",
      "t.city_due_at",
      "t.received_at",
      "t.city_dispatched_at",
    ])
    .where("t.id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  // A statement of its own: one that waited for the lock would show the assignment as it was before the wait.
  const live = await tx
    .selectFrom("assignment")
    .select(["id", "designated", "dispatched_at", "accepted_at", "contacted_at", "reported_at"])
    .where("ticket_id", "=", id)
    .where("round", "=", row.round)
    .where("part", "=", "lead")
    .where("ended_at", "is", null)
    .executeTakeFirst();
  const lead: LeadFacts | null = live
    ? {
        designated: live.designated,
        dispatchedAt: live.dispatched_at.getTime(),
        acceptedAt: ms(live.accepted_at),
        contactedAt: ms(live.contacted_at),
        reportedAt: ms(live.reported_at),
      }
    : null;
  return {
    id: row.id,
    number: row.number,
    version: row.version,
    movedVersion: row.moved_version,
    state: stateOf(row.state),
    round: row.round,
    returns: row.returns,
    leadUnitId: row.lead_unit_id,
    lead,
    leadId: live?.id ?? null,
    channel: row.channel,
    kind: row.kind,
    level: levelOf(row.level),
    category1: row.category1,
    category2: row.category2,
    category3: row.category3,
    cityDueAt: ms(row.city_due_at),
    receivedAt: row.received_at.getTime(),
    cityDispatchedAt: ms(row.city_dispatched_at),
  };
}

/** Due time of the nearest running clock, kept on the ticket for its lists. */
export interface NearestDue {
  readonly dueAt: number | null;
  readonly dueKind: string | null;
  readonly nearAt: number | null;
}

/**
 * Records a decided change and its one event in the caller's transaction; answers the ticket's new version.
 * `data` is what the event shows of the input; it never holds the requester's data.
 */
export async function recordChange(
  tx: Db,
  ticket: LockedTicket,
  change: Change,
  move: Move,
  data: Record<string, unknown>,
  stamp: Stamp,
  due: NearestDue,
): Promise<number> {
  const at = new Date(stamp.at);
  const version = ticket.version + 1;
  const round = change.newRound ? ticket.round + 1 : ticket.round;
  const leadUnitId = leadAfter(ticket, change, move);
  await tx
    .updateTable("ticket")
    .set({
      state: change.to,
      version,
      updated_at: at,
      round,
      lead_unit_id: leadUnitId,
      due_at: due.dueAt === null ? null : new Date(due.dueAt),
      due_kind: due.dueKind,
      near_at: due.nearAt === null ? null : new Date(due.nearAt),
      ...(change.to !== ticket.state ? { moved_version: version } : {}),
      ...(move === "sign" ? { signed_at: at } : {}),
      ...(change.newRound ? { dispatched_at: at } : {}),
      // A note or the city's answer on a closed ticket does not close it again.
      ...(change.to === "closed" && ticket.state !== "closed" ? { closed_at: at } : {}),
      ...(move === "reopen" ? { closed_at: null } : {}),
      ...(change.returned ? { returns: ticket.returns + 1 } : {}),
      ...(change.closingKind ? { closing_kind: change.closingKind } : {}),
      ...(change.reply === undefined ? {} : { reply: change.reply }),
      ...(change.mergedInto === undefined ? {} : { merged_into: change.mergedInto }),
      ...corrections(change),
    })
    .where("id", "=", ticket.id)
    .execute();
  await recordLead(tx, ticket, change, at);
  if (change.newRound) await openRound(tx, ticket, round, change.newRound, stamp);
  await recordAnswers(tx, ticket, change, stamp);
  await recordPlan(tx, ticket, change, stamp);
  await tx
    .insertInto("event")
    .values({
      ticket_id: ticket.id,
      version,
      kind: move,
      from_state: ticket.state,
      to_state: change.to,
      round,
      at,
      user_id: stamp.userId,
      user_name: stamp.userName,
      role: stamp.role,
      unit_id: leadUnitId ?? ticket.leadUnitId,
      data: JSON.stringify(data),
    })
    .execute();
  return version;
}

/** Records something that changes no field of the ticket (a co-handler's step, a timer): event and version only. */
export async function recordEvent(
  tx: Db,
  ticket: Pick<LockedTicket, "id" | "version" | "state" | "round" | "leadUnitId">,
  kind: string,
  data: Record<string, unknown>,
  stamp: Stamp,
): Promise<number> {
  const version = ticket.version + 1;
  const at = new Date(stamp.at);
  await tx.updateTable("ticket").set({ version, updated_at: at }).where("id", "=", ticket.id).execute();
  await tx
    .insertInto("event")
    .values({
      ticket_id: ticket.id,
      version,
      kind,
      from_state: ticket.state,
      to_state: ticket.state,
      round: ticket.round,
      at,
      user_id: stamp.userId,
      user_name: stamp.userName,
      role: stamp.role,
      unit_id: ticket.leadUnitId,
      data: JSON.stringify(data),
    })
    .execute();
  return version;
}

/** Whose ticket it is after the move: sent back or opened again, it is nobody's until the next dispatch. */
function leadAfter(ticket: LockedTicket, change: Change, move: Move): string | null {
  if (change.newRound) return change.newRound.leadUnitId;
  return change.endLead === "returned" || move === "reopen" ? null : ticket.leadUnitId;
}

/** The nearest due time anew, where clocks were moved by something that is no move of the ticket. */
export async function recordDue(tx: Db, ticketId: string, due: NearestDue): Promise<void> {
  await tx
    .updateTable("ticket")
    .set({
      due_at: due.dueAt === null ? null : new Date(due.dueAt),
      due_kind: due.dueKind,
      near_at: due.nearAt === null ? null : new Date(due.nearAt),
    })
    .where("id", "=", ticketId)
    .execute();
}

async function recordLead(tx: Db, ticket: LockedTicket, change: Change, at: Date): Promise<void> {
  if (ticket.leadId === null) return;
  const { lead, endLead } = change;
  if (!lead && !endLead) {
    await tx.updateTable("assignment").set({ state: change.to }).where("id", "=", ticket.leadId).execute();
    return;
  }
  await tx
    .updateTable("assignment")
    .set({
      state: change.to,
      ...(lead?.accepted ? { accepted_at: at } : {}),
      ...(lead?.contacted ? { contacted_at: at, contact_way: lead.contacted.way } : {}),
      ...(lead?.reported
        ? { reported_at: at, report: lead.reported.text, outcome: lead.reported.outcome }
        : {}),
      ...(lead?.reopened ? { accepted_at: null, contacted_at: null, reported_at: null } : {}),
      ...(endLead ? { ended_at: at, ended_as: endLead } : {}),
    })
    .where("id", "=", ticket.leadId)
    .execute();
  if (endLead) {
    await tx
      .updateTable("assignment")
      .set({ state: "cancelled", ended_at: at, ended_as: endLead })
      .where("ticket_id", "=", ticket.id)
      .where("round", "=", ticket.round)
      .where("part", "=", "co")
      .where("state", "in", ["assigned", "accepted"])
      .execute();
  }
  if (change.voidResult) {
    await tx
      .updateTable("result")
      .set({ void: true })
      .where("ticket_id", "=", ticket.id)
      .where("round", "=", ticket.round)
      .execute();
  }
}

async function openRound(
  tx: Db,
  ticket: LockedTicket,
  round: number,
  to: NonNullable<Change["newRound"]>,
  stamp: Stamp,
): Promise<void> {
  const at = new Date(stamp.at);
  const common = {
    ticket_id: ticket.id,
    round,
    opinion: to.opinion,
    dispatched_at: at,
    dispatched_by: stamp.userId,
  };
  await tx
    .insertInto("assignment")
    .values([
      { ...common, part: "lead", unit_id: to.leadUnitId, state: "dispatched", designated: to.designated },
      ...to.coUnitIds.map((unit_id) => ({ ...common, part: "co", unit_id, state: "assigned" })),
    ])
    .execute();
  await tx
    .insertInto("result")
    .values({ ticket_id: ticket.id, round, unit_id: to.leadUnitId, counted_at: at })
    .execute();
}

async function recordAnswers(tx: Db, ticket: LockedTicket, change: Change, stamp: Stamp): Promise<void> {
  const { callback, scope } = change;
  if (callback) {
    const answers = {
      contacted: callback.answers.contacted ?? null,
      solved: callback.answers.solved ?? null,
      satisfied: callback.answers.satisfied ?? null,
    };
    await tx
      .insertInto("callback")
      .values({
        ticket_id: ticket.id,
        round: callback.round ?? ticket.round,
        source: callback.source,
        outcome: callback.outcome,
        ...answers,
        reason: callback.reason,
        note: callback.note,
        reasons: JSON.stringify(callback.reasons ?? {}),
        talk_seconds: callback.talkSeconds ?? null,
        recording: callback.recording ?? null,
        at: new Date(stamp.at),
        user_id: stamp.userId,
        user_name: stamp.userName,
      })
      .execute();
    if (callback.outcome === "answered") {
      // The city's answers are assessed; the centre's own stand in until they arrive, and never replace them.
      const valid = isValidCallback(callback.valid ?? null, callback.answers);
      let update = tx
        .updateTable("result")
        .set({ ...answers, valid, source: callback.source })
        .where("ticket_id", "=", ticket.id)
        .where("round", "=", callback.round ?? ticket.round);
      if (callback.source === "own")
        update = update.where((eb) => eb.or([eb("source", "is", null), eb("source", "=", "own")]));
      await update.execute();
    }
  }
  if (scope) {
    // Where the centre has decided the scope itself, that stays the district's; otherwise both levels follow the city.
    await tx
      .updateTable("result")
      .set({
        scope: sql`case when city_scope is null then ${scope.scope} else scope end`,
        city_scope: sql`case when city_scope is not null then ${scope.scope} end`,
        scope_note: scope.note,
      })
      .where("ticket_id", "=", ticket.id)
      .where("round", "=", scope.round ?? ticket.round)
      .execute();
  }
}

function corrections(change: Change): Record<string, string | number> {
  return Object.fromEntries(
    Object.entries(change.corrections ?? {}).filter(
      (pair): pair is [string, string | number] => pair[1] !== undefined,
    ),
  );
}

function stateOf(text: string): TicketState {
  if (!isState(text)) throw new Error(`unknown ticket state in the ledger: ${text}`);
  return text;
}

export function levelOf(level: number): 1 | 2 | 3 | 4 {
  if (level === 1 || level === 2 || level === 3 || level === 4) return level;
  throw new Error(`unknown level in the ledger: ${level}`);
}

const ms = (at: Date | null): number | null => at?.getTime() ?? null;
