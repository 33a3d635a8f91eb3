/** 挂账的存取. Applications with their ticket's state, their steps, and the list by age. */
import type { EntryScope } from "@jiesu/core/assessment/entry.ts";
import { type Day, parseDay } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

export interface Shelving {
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly ticketState: string;
  readonly unitId: string;
  readonly unitName: string;
  readonly state: "applied" | "shelved" | "refused" | "ended";
  readonly kind: string;
  readonly reason: string;
  readonly plan: string;
  readonly termDay: Day;
  readonly reviewDay: Day;
  readonly appliedAt: Date;
  readonly appliedBy: string;
  readonly approvedAt: Date | null;
  readonly approvedBy: string | null;
  /** The longer term that is asked for and waits for its answer. */
  readonly asked: {
    readonly term: Day;
    readonly reason: string;
    readonly at: Date;
    readonly by: string;
  } | null;
  /** Longer terms granted so far. */
  readonly extended: number;
  /** When the shelf clock is due; null where none runs. */
  readonly clockDueAt: Date | null;
}

/** Which unit leads the ticket now, and in which round. */
export async function leadRound(tx: Db, ticketId: string) {
  const row = await tx
    .selectFrom("ticket")
    .select(["round", "lead_unit_id"])
    .where("id", "=", ticketId)
    .executeTakeFirst();
  return row?.lead_unit_id ? { round: row.round, unitId: row.lead_unit_id } : null;
}

export interface NewShelving {
  readonly ticketId: string;
  readonly round: number;
  readonly unitId: string;
  readonly kind: string;
  readonly reason: string;
  readonly plan: string;
  readonly termDay: Day;
  readonly reviewDay: Day;
  readonly at: number;
  readonly by: Actor;
}

/** Null when the ticket has a live one already. */
export async function insertShelving(tx: Db, made: NewShelving): Promise<string | null> {
  const row = await tx
    .insertInto("shelving")
    .values({
      ticket_id: made.ticketId,
      round: made.round,
      unit_id: made.unitId,
      state: "applied",
      kind: made.kind,
      reason: made.reason,
      plan: made.plan,
      term_day: made.termDay,
      review_day: made.reviewDay,
      applied_at: new Date(made.at),
      applied_by: made.by.userId,
      applied_name: made.by.name,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

export interface ShelvingChange {
  readonly state: Shelving["state"];
  readonly termDay?: Day;
  readonly reviewDay?: Day;
  /** The longer term asked for; null when that is answered. */
  readonly asked?: {
    readonly term: Day;
    readonly reason: string;
    readonly at: number;
    readonly by: Actor;
  } | null;
  readonly approved?: { readonly at: number; readonly by: Actor };
  readonly ended?: { readonly at: number; readonly note: string };
}

export async function updateShelving(tx: Db, id: string, change: ShelvingChange): Promise<void> {
  const { state, termDay, reviewDay, asked, approved, ended } = change;
  await tx
    .updateTable("shelving")
    .set({
      state,
      ...(termDay === undefined ? {} : { term_day: termDay }),
      ...(reviewDay === undefined ? {} : { review_day: reviewDay }),
      ...(asked === undefined ? {} : askedColumns(asked)),
      ...(approved === undefined
        ? {}
        : {
            approved_at: new Date(approved.at),
            approved_by: approved.by.userId,
            approved_name: approved.by.name,
          }),
      ...(ended === undefined ? {} : { ended_at: new Date(ended.at), ended_note: ended.note }),
    })
    .where("id", "=", id)
    .execute();
}

function askedColumns(asked: NonNullable<ShelvingChange["asked"]> | null) {
  return {
    asked_term: asked?.term ?? null,
    asked_reason: asked?.reason ?? "",
    asked_at: asked === null ? null : new Date(asked.at),
    asked_name: asked?.by.name ?? null,
  };
}

export async function addStep(
  tx: Db,
  id: string,
  step: string,
  note: string,
  by: Actor,
  at: number,
): Promise<void> {
  const who = { user_id: by.userId, user_name: by.name };
  await tx
    .insertInto("shelving_step")
    .values({ shelving_id: id, step, at: new Date(at), note, ...who })
    .execute();
}

export async function stepsOf(db: Db, id: string) {
  return db
    .selectFrom("shelving_step")
    .select(["step", "at", "user_name as by", "note"])
    .where("shelving_id", "=", id)
    .orderBy("id")
    .execute();
}

export async function lockShelving(tx: Db, id: string): Promise<Shelving | null> {
  await tx.selectFrom("shelving").select("id").where("id", "=", id).forUpdate().execute();
  return (await read(tx, sql`s.id = ${id}`, 1))[0] ?? null;
}

/** Those asked for, the one whose term ends first at the top. */
export async function listShelvings(
  db: Db,
  filter: {
    readonly id?: string | undefined;
    readonly state?: Shelving["state"] | undefined;
    readonly unitId?: string | undefined;
    readonly ticketId?: string | undefined;
  },
  limit: number,
): Promise<readonly Shelving[]> {
  const all = [sql<boolean>`true`];
  if (filter.id !== undefined) all.push(sql`s.id = ${filter.id}`);
  if (filter.state !== undefined) all.push(sql`s.state = ${filter.state}`);
  if (filter.unitId !== undefined) all.push(sql`s.unit_id = ${filter.unitId}`);
  if (filter.ticketId !== undefined) all.push(sql`s.ticket_id = ${filter.ticketId}`);
  return read(db, sql.join(all, sql` and `), limit);
}

/** How many stand where; of those shelved, how many are to be looked at, and how many are past their term. */
export async function countShelvings(db: Db, unitId: string | null, today: Day) {
  const own = unitId === null ? sql<boolean>`true` : sql<boolean>`unit_id = ${unitId}`;
  const { rows } = await sql<{
    state: Shelving["state"];
    n: number;
    review: number;
    over: number;
    asked: number;
  }>`
    select state, count(*)::int as n, count(*) filter (where state = 'shelved' and review_day <= ${today}::date)::int as review,
           count(*) filter (where state = 'shelved' and term_day < ${today}::date)::int as over,
           count(*) filter (where state = 'shelved' and asked_term is not null)::int as asked
      from shelving where ${own} group by 1`.execute(db);
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
  return {
    states: new Map(rows.map((row) => [row.state, row.n])),
    reviewDue: sum((row) => row.review),
    termOver: sum((row) => row.over),
    asked: sum((row) => row.asked),
  };
}

/** The ticket's clocks that run or wait, and what the shelved round counts in; null where it is void. */
export async function effectsOn(db: Db, ticketId: string, round: number) {
  const clocks = await db
    .selectFrom("clock")
    .select(["kind", "state", "due_at as dueAt"])
    .where("ticket_id", "=", ticketId)
    .where("state", "in", ["running", "paused"])
    .orderBy("due_at")
    .execute();
  const { rows } = await sql<{ countedAt: Date; scope: EntryScope }>`
    select counted_at as "countedAt", scope from result where ticket_id = ${ticketId} and round = ${round} and not void`.execute(
    db,
  );
  return { clocks, counted: rows[0] ?? null };
}

async function read(db: Db, which: RawBuilder<unknown>, limit: number): Promise<readonly Shelving[]> {
  const { rows } = await sql<
    Omit<Shelving, "termDay" | "reviewDay" | "asked"> & {
      termDay: string;
      reviewDay: string;
      askedTerm: string | null;
      askedReason: string;
      askedAt: Date | null;
      askedBy: string | null;
    }
  >`
    select s.id, s.ticket_id as "ticketId", t.number, s.round, t.state as "ticketState", s.unit_id as "unitId", u.short_name as "unitName",
           s.state, s.kind, s.reason, s.plan, s.term_day as "termDay", s.review_day as "reviewDay", s.applied_at as "appliedAt",
           s.applied_name as "appliedBy", s.approved_at as "approvedAt", s.approved_name as "approvedBy",
           s.asked_term as "askedTerm", s.asked_reason as "askedReason", s.asked_at as "askedAt", s.asked_name as "askedBy",
           (select count(*)::int from shelving_step p where p.shelving_id = s.id and p.step = 'extend') as extended,
           (select c.due_at from clock c where c.ticket_id = s.ticket_id and c.kind = 'shelf' and c.state = 'running') as "clockDueAt"
      from shelving s join ticket t on t.id = s.ticket_id join unit u on u.id = s.unit_id
     where ${which} order by s.term_day, s.id limit ${limit}`.execute(db);
  return rows.map(({ askedTerm, askedReason, askedAt, askedBy, ...row }) => ({
    ...row,
    termDay: dayOrThrow(row.termDay),
    reviewDay: dayOrThrow(row.reviewDay),
    asked:
      askedTerm === null || askedAt === null
        ? null
        : { term: dayOrThrow(askedTerm), reason: askedReason, at: askedAt, by: askedBy ?? "" },
  }));
}

function dayOrThrow(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new Error(`not a day: ${text}`);
  return day;
}
