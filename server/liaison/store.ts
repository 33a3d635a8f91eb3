/** 协调单台账. Locks an item, keeps its parties, askings, steps, tickets and files: the only writer of its tables. */
import type { LiaisonParty } from "@jiesu/core/liaison/decide.ts";
import { isLiaisonState, type LiaisonState, type Side } from "@jiesu/core/liaison/lifecycle.ts";
import type { LiaisonClock, Outcome, Pace } from "@jiesu/core/liaison/rules.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { TakenFile } from "../platform/files/upload.ts";

export interface KnownParty extends LiaisonParty {
  readonly name: string;
}

/** An item locked for a step. */
export interface LockedLiaison {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly state: LiaisonState;
  readonly version: number;
  readonly pace: string;
  readonly openedBy: string;
  readonly openerUnit: string | null;
  readonly clock: LiaisonClock;
  readonly parties: readonly KnownParty[];
}

/** Locks the row until the transaction ends; null when there is no such item. */
export async function lockLiaison(tx: Db, id: string): Promise<LockedLiaison | null> {
  const row = await tx
    .selectFrom("liaison")
    .select(["id", "number", "title", "state", "version", "pace", "opened_by", "opener_unit", "clock"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const { rows } = await sql<{
    id: string;
    side: Side;
    unit_id: string | null;
    name: string;
    waiting: boolean;
  }>`
    select p.id, p.side, p.unit_id, p.name,
           exists (select from liaison_ask a where a.party_id = p.id and a.answered_at is null and a.let_off_at is null) as waiting
    from liaison_party p where p.liaison_id = ${id} order by p.id`.execute(tx);
  return {
    ...{ id: row.id, number: row.number, title: row.title, state: stateOf(row.state), version: row.version },
    ...{ pace: row.pace, openedBy: row.opened_by, openerUnit: row.opener_unit, clock: clockIn(row.clock) },
    parties: rows.map(({ unit_id, ...p }) => ({ ...p, unitId: unit_id })),
  };
}

export interface NewLiaison {
  readonly key: string;
  readonly year: number;
  readonly title: string;
  readonly question: string;
  readonly pace: Pace;
  readonly state: LiaisonState;
  readonly openerUnit: string | null;
  readonly by: { readonly userId: string; readonly name: string };
  readonly at: number;
  readonly clock: LiaisonClock;
}

/** The number of the item that is next in its year; nobody else takes one until the transaction ends. */
export async function nextSerial(tx: Db, year: number): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`liaison ${year}`}, 0))`.execute(tx);
  const { rows } = await sql<{ next: number }>`
    select coalesce(max(serial), 0) + 1 as next from liaison where year = ${year}`.execute(tx);
  return rows[0]?.next ?? 1;
}

export async function insertLiaison(
  tx: Db,
  made: NewLiaison,
  serial: number,
  number: string,
): Promise<string> {
  const { id } = await tx
    .insertInto("liaison")
    .values({
      ...{ year: made.year, serial, number, key: made.key, title: made.title, question: made.question },
      ...{ pace: made.pace.code, pace_name: made.pace.name, state: made.state, opener_unit: made.openerUnit },
      ...{ opened_by: made.by.userId, opened_name: made.by.name, opened_at: new Date(made.at) },
      ...{ clock: JSON.stringify(made.clock), due_at: new Date(made.clock.dueAt), version: 0 },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** The item that a key has begun, with who did. */
export async function begunBy(tx: Db, key: string): Promise<{ id: string; openedBy: string } | null> {
  const row = await tx
    .selectFrom("liaison")
    .select(["id", "opened_by"])
    .where("key", "=", key)
    .executeTakeFirst();
  return row ? { id: row.id, openedBy: row.opened_by } : null;
}

export interface NewParty {
  readonly side: Side;
  readonly unitId: string | null;
  readonly name: string;
}

/** Adds a party, or finds the one that is there. */
export async function addParty(tx: Db, liaisonId: string, party: NewParty): Promise<KnownParty> {
  const { rows } = await sql<{ id: string }>`
    with made as (
      insert into liaison_party (liaison_id, side, unit_id, name)
      values (${liaisonId}, ${party.side}, ${party.unitId}::bigint, ${party.name})
      on conflict do nothing returning id)
    select id from made
    union all
    select id from liaison_party where liaison_id = ${liaisonId} and side = ${party.side}
      and unit_id is not distinct from ${party.unitId}::bigint and (side <> 'city' or name = ${party.name})
    limit 1`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error("a party is there once it was added");
  return { ...party, id: row.id, waiting: false };
}

export interface NewStep {
  readonly liaisonId: string;
  readonly once: string | null;
  readonly step: string;
  readonly from: LiaisonState | null;
  readonly to: LiaisonState;
  readonly at: number;
  readonly by: {
    readonly userId: string | null;
    readonly name: string;
    readonly role: string;
    readonly unitId: string | null;
  };
  readonly speaker: string | null;
  /** Nobody named: to all parties. */
  readonly toIds: readonly string[];
  readonly means: string;
  readonly contact: string;
  readonly saidAt: number;
  readonly words: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Records a step; the item's state and version follow. */
export async function insertStep(tx: Db, step: NewStep): Promise<string> {
  const { id } = await tx
    .insertInto("liaison_step")
    .values({
      ...{ liaison_id: step.liaisonId, once: step.once, step: step.step, from_state: step.from },
      ...{ to_state: step.to, at: new Date(step.at), user_id: step.by.userId, user_name: step.by.name },
      ...{ role: step.by.role, unit_id: step.by.unitId, party_id: step.speaker, to_ids: [...step.toIds] },
      ...{ means: step.means, contact: step.contact, said_at: new Date(step.saidAt), words: step.words },
      data: JSON.stringify(step.data),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  await tx
    .updateTable("liaison")
    .set((eb) => ({ state: step.to, version: eb("version", "+", 1) }))
    .where("id", "=", step.liaisonId)
    .execute();
  return id;
}

/** The item whose step was sent with this key, and by whom. */
export async function stepSent(tx: Db, once: string) {
  return await tx
    .selectFrom("liaison_step")
    .select(["liaison_id", "step", "user_id"])
    .where("once", "=", once)
    .executeTakeFirst();
}

export async function insertAsks(
  tx: Db,
  liaisonId: string,
  stepId: string,
  partyIds: readonly string[],
  clock: LiaisonClock,
): Promise<void> {
  if (partyIds.length === 0) return;
  await tx
    .insertInto("liaison_ask")
    .values(
      partyIds.map((party_id) => ({
        ...{ liaison_id: liaisonId, party_id, step_id: stepId, asked_at: new Date(clock.startedAt) },
        ...{ clock: JSON.stringify(clock), due_at: new Date(clock.dueAt), near_at: new Date(clock.nearAt) },
      })),
    )
    .execute();
}

/** An answer is never earlier than what it answers. */
export async function answerAsk(tx: Db, partyId: string, stepId: string, at: number): Promise<void> {
  await tx
    .updateTable("liaison_ask")
    .set({ answered_at: sql<Date>`greatest(asked_at, ${new Date(at)})`, answer_step: stepId })
    .where("party_id", "=", partyId)
    .where("answered_at", "is", null)
    .where("let_off_at", "is", null)
    .execute();
}

export async function letOffAsks(tx: Db, partyIds: readonly string[], at: number): Promise<void> {
  if (partyIds.length === 0) return;
  await tx
    .updateTable("liaison_ask")
    .set({ let_off_at: new Date(at) })
    .where("party_id", "in", [...partyIds])
    .where("answered_at", "is", null)
    .where("let_off_at", "is", null)
    .execute();
}

/** Askings of an item that still wait, with their clocks. */
export async function waitingAsks(tx: Db, liaisonId: string) {
  const rows = await tx
    .selectFrom("liaison_ask")
    .select(["id", "clock"])
    .where("liaison_id", "=", liaisonId)
    .where("answered_at", "is", null)
    .where("let_off_at", "is", null)
    .execute();
  return rows.map((row) => ({ id: row.id, clock: clockIn(row.clock) }));
}

/** Another date: what was told of the old one is told anew of this one. */
export async function moveAsk(tx: Db, id: string, clock: LiaisonClock): Promise<void> {
  await tx
    .updateTable("liaison_ask")
    .set({
      ...{ clock: JSON.stringify(clock), due_at: new Date(clock.dueAt), near_at: new Date(clock.nearAt) },
      ...{ near_told: null, overdue_told: null },
    })
    .where("id", "=", id)
    .execute();
}

export async function moveConclusion(tx: Db, id: string, clock: LiaisonClock): Promise<void> {
  await tx
    .updateTable("liaison")
    .set({ clock: JSON.stringify(clock), due_at: new Date(clock.dueAt), told_at: null })
    .where("id", "=", id)
    .execute();
}

export async function closeLiaison(
  tx: Db,
  id: string,
  end: {
    readonly at: number;
    readonly byName: string;
    readonly late: boolean | null;
    readonly clock: LiaisonClock;
    /** Null: cancelled. */
    readonly outcome: Outcome | null;
    readonly words: string;
  },
): Promise<void> {
  await tx
    .updateTable("liaison")
    .set({
      ...{ closed_at: new Date(end.at), closed_name: end.byName, closed_late: end.late },
      ...{
        outcome: end.outcome?.code ?? null,
        outcome_name: end.outcome?.name ?? null,
        conclusion: end.words,
      },
      ...{ clock: JSON.stringify(end.clock), state: end.outcome === null ? "cancelled" : "closed" },
    })
    .where("id", "=", id)
    .execute();
}

/** Open again; the outcome that stood stays in the steps. */
export async function openAgain(tx: Db, id: string, clock: LiaisonClock): Promise<void> {
  await tx
    .updateTable("liaison")
    .set({
      ...{ closed_at: null, closed_name: null, closed_late: null, outcome: null, outcome_name: null },
      ...{ conclusion: null, state: "asking", clock: JSON.stringify(clock), due_at: new Date(clock.dueAt) },
      told_at: null,
    })
    .where("id", "=", id)
    .execute();
}

export async function linkTickets(
  tx: Db,
  liaisonId: string,
  stepId: string,
  ticketIds: readonly string[],
): Promise<void> {
  if (ticketIds.length === 0) return;
  await tx
    .insertInto("liaison_ticket")
    .values(ticketIds.map((ticket_id) => ({ liaison_id: liaisonId, ticket_id, step_id: stepId })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function linkedTickets(tx: Db, liaisonId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("liaison_ticket")
    .select("ticket_id")
    .where("liaison_id", "=", liaisonId)
    .orderBy("ticket_id")
    .execute();
  return rows.map((row) => row.ticket_id);
}

/** A file that waits for its step; the same bytes by the same person are there once. */
export async function keepWaitingFile(tx: Db, userId: string, file: TakenFile, at: number): Promise<string> {
  const known = await tx
    .selectFrom("liaison_file")
    .select("id")
    .where("user_id", "=", userId)
    .where("sha256", "=", file.sha256)
    .where("step_id", "is", null)
    .executeTakeFirst();
  if (known) return known.id;
  const { id } = await tx
    .insertInto("liaison_file")
    .values({ ...file, user_id: userId, at: new Date(at) })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** Gives waiting files of this person to a step; false when one of them is not there to be given. */
export async function bindFiles(
  tx: Db,
  stepId: string,
  userId: string,
  ids: readonly string[],
): Promise<boolean> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return true;
  const bound = await tx
    .updateTable("liaison_file")
    .set({ step_id: stepId })
    .where("id", "in", wanted)
    .where("user_id", "=", userId)
    .where("step_id", "is", null)
    .returning("id")
    .execute();
  return bound.length === wanted.length;
}

function stateOf(text: string): LiaisonState {
  if (!isLiaisonState(text)) throw new Error(`unknown state of a liaison: ${text}`);
  return text;
}

/** The clock inside a stored row. */
export function clockIn(body: unknown): LiaisonClock {
  if (typeof body === "object" && body !== null && "dueAt" in body) return body as LiaisonClock; // written here alone
  throw new Error("a liaison row without a clock");
}

/** Askings whose near point or due time has come and was not told yet; marked as told. */
export async function takeDueAsks(tx: Db, liaisonId: string, now: number) {
  const at = new Date(now);
  const { rows } = await sql<{ id: string; partyId: string; dueAt: Date; overdue: boolean }>`
    update liaison_ask a set near_told = coalesce(a.near_told, ${at}::timestamptz),
      overdue_told = case when a.due_at < ${at} then ${at}::timestamptz else a.overdue_told end
    where a.liaison_id = ${liaisonId} and a.answered_at is null and a.let_off_at is null
      and (a.near_told is null and a.near_at <= ${at} or a.overdue_told is null and a.due_at < ${at})
    returning a.id, a.party_id as "partyId", a.due_at as "dueAt", a.due_at < ${at} as overdue`.execute(tx);
  return rows.map((row) => ({ ...row, dueAt: row.dueAt.getTime() }));
}

/** Whether the outcome is overdue and was not told yet; marked as told. */
export async function markConclusionTold(tx: Db, id: string, now: number): Promise<boolean> {
  const at = new Date(now);
  const told = await tx
    .updateTable("liaison")
    .set({ told_at: at })
    .where("id", "=", id)
    .where("due_at", "<", at)
    .where("told_at", "is", null)
    .returning("id")
    .execute();
  return told.length > 0;
}
