/**
 * 直派盯办. Tickets that the city sent straight to a street or bureau and the centre only watches: whose they are, their clock, and
 * what the unit said last (an answer to an urge, a note, a report).
 */
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

interface WatchedFilter {
  readonly unit?: string | undefined;
  readonly due?: "near" | "overdue" | undefined;
}

/** A watched ticket is its lead unit's; without one, that of the street it is about. */
const WATCHED = sql`
  from ticket t
  left join lateral (
    select u.id, u.short_name from unit u
     where u.id = t.lead_unit_id or (t.lead_unit_id is null and t.street in (u.name, u.short_name))
     order by u.id limit 1) u on true
 where t.state = 'watching'`;

function scoped(actor: Actor): RawBuilder<unknown> {
  return actor.unitId === null ? sql`` : sql`and u.id = ${actor.unitId}`;
}

export async function listWatched(db: Db, actor: Actor, f: WatchedFilter, limit: number, now: number) {
  const at = new Date(now);
  const due =
    f.due === "overdue"
      ? sql`and t.due_at < ${at}`
      : f.due === "near"
        ? sql`and t.near_at <= ${at} and t.due_at >= ${at}`
        : sql``;
  const unit =
    f.unit === undefined ? sql`` : f.unit === "none" ? sql`and u.id is null` : sql`and u.id = ${f.unit}`;
  const { rows } = await sql<{
    id: string;
    number: string;
    title: string;
    excerpt: string;
    street: string;
    state: string;
    version: number;
    unit_id: string | null;
    unit: string | null;
    received_at: Date;
    due_at: Date | null;
    near_at: Date | null;
    word: string | null;
    word_at: Date | null;
    word_by: string | null;
    urged_at: Date | null;
  }>`
    with page as (
      select t.id, t.number, t.title, left(t.content, 60) as excerpt, t.street, t.state, t.version, u.id as unit_id,
             u.short_name as unit, t.received_at, t.due_at, t.near_at
      ${WATCHED} ${scoped(actor)} ${due} ${unit}
       order by t.due_at nulls last, t.id limit ${limit})
    select p.*, w.word, w.at as word_at, w.user_name as word_by, g.at as urged_at
      from page p
      left join lateral (
        select e.data ->> 'text' as word, e.at, e.user_name from event e
         where e.ticket_id = p.id and e.role in ('handler', 'unitLead') and coalesce(e.data ->> 'text', '') <> ''
         order by e.id desc limit 1) w on true
      left join lateral (
        select e.at from event e where e.ticket_id = p.id and e.kind in ('urge', 'timer.urge') order by e.id desc limit 1) g on true
     order by p.due_at nulls last, p.id`.execute(db);
  return rows.map((row) => ({
    ...{ id: row.id, number: row.number, street: row.street, version: row.version },
    title: row.title === "" ? row.excerpt : row.title,
    stateZh: isState(row.state) ? STATES[row.state].zh : row.state,
    unit: row.unit_id === null ? null : { id: row.unit_id, name: row.unit ?? "" },
    receivedAt: row.received_at.toISOString(),
    dueAt: row.due_at?.toISOString() ?? null,
    standing: standingOf(row.due_at, row.near_at, now),
    word:
      row.word === null || row.word_at === null
        ? null
        : { text: row.word, by: row.word_by ?? "", at: row.word_at.toISOString() },
    urgedAt: row.urged_at?.toISOString() ?? null,
  }));
}

/** Watched tickets by unit: how many, how many near and over; those of nobody as null. */
export async function countWatched(db: Db, actor: Actor, now: number) {
  const at = new Date(now);
  const { rows } = await sql<{
    unit_id: string | null;
    unit: string | null;
    n: number;
    near: number;
    overdue: number;
  }>`
    select u.id as unit_id, max(u.short_name) as unit, count(*)::int as n,
           count(*) filter (where t.near_at <= ${at} and t.due_at >= ${at})::int as near,
           count(*) filter (where t.due_at < ${at})::int as overdue
    ${WATCHED} ${scoped(actor)} group by 1 order by 5 desc, 4 desc, 3 desc, 1`.execute(db);
  return rows.map(({ unit_id, unit, ...counts }) => ({
    ...counts,
    unit: unit_id === null ? null : { id: unit_id, name: unit ?? "" },
  }));
}

function standingOf(due: Date | null, near: Date | null, now: number): "plain" | "near" | "overdue" {
  if (due === null) return "plain";
  if (due.getTime() < now) return "overdue";
  return near !== null && near.getTime() <= now ? "near" : "plain";
}
