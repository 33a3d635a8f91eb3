/** 回访名单. The tickets that wait for a call, in the order of the rule in force, each with why it stands there. */
import { type Call, callList, type RankedCall } from "@jiesu/core/callback/order.ts";
import { isLevel } from "@jiesu/core/deadline/level.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { callbackRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";

/** More than the callers of a district can call in a week; what waits longest beyond that comes as others are done. */
const MOST = 5000;

export interface ListedCall extends RankedCall {
  readonly ticket: TicketFacts;
}

interface TicketFacts {
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly category: string;
  readonly street: string;
  readonly unitName: string | null;
  readonly dueAt: Date | null;
  readonly version: number;
}

export interface Calls {
  readonly now: readonly ListedCall[];
  readonly later: readonly ListedCall[];
  /** How many wait in each, beyond those listed. */
  readonly counts: { readonly now: number; readonly later: number };
}

/** At most `limit` of those to be called now, and of those planned for later. */
export async function listCalls(shell: Shell, limit: number): Promise<Calls> {
  const now = shell.now();
  const { order } = callbackRulesOn(shell.rules, now).body;
  const ranked = callList(await waiting(shell.db), order, now);
  const shown = { now: ranked.now.slice(0, limit), later: ranked.later.slice(0, limit) };
  const facts = await factsOf(
    shell.db,
    [...shown.now, ...shown.later].map((each) => each.call.id),
  );
  const listed = (of: readonly RankedCall[]): readonly ListedCall[] =>
    of.flatMap((each) => {
      const ticket = facts.get(each.call.id);
      return ticket ? [{ ...each, ticket }] : [];
    });
  return {
    now: listed(shown.now),
    later: listed(shown.later),
    counts: { now: ranked.now.length, later: ranked.later.length },
  };
}

async function waiting(db: Db): Promise<readonly Call[]> {
  const { rows } = await sql<CallRow>`
    select t.id, t.level, t.due_at, t.near_at, e.at as since, p.at as planned_at, a.attempts
      from (select id, level, due_at, near_at, moved_version, round from ticket
             where state = 'calling' order by due_at, id limit ${MOST}) t
      join event e on e.ticket_id = t.id and e.version = t.moved_version
      left join call_plan p on p.ticket_id = t.id
      cross join lateral (
        select coalesce(json_agg(extract(epoch from c.at) * 1000 order by c.at), '[]'::json) as attempts
          from callback c
         where c.ticket_id = t.id and c.round = t.round and c.source = 'own' and c.outcome = 'missed' and c.at > e.at) a`.execute(
    db,
  );
  return rows.map((row) => {
    if (!isLevel(row.level)) throw new Error(`unknown level in the ledger: ${row.level}`);
    return {
      id: row.id,
      level: row.level,
      dueAt: row.due_at?.getTime() ?? null,
      nearAt: row.near_at?.getTime() ?? null,
      waitingSince: row.since.getTime(),
      attemptsAt: row.attempts.map(Math.round),
      plannedAt: row.planned_at?.getTime() ?? null,
    };
  });
}

async function factsOf(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, TicketFacts>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("ticket as t")
    .leftJoin("unit as u", "u.id", "t.lead_unit_id")
    .select(["t.id", "t.number", "t.title", "t.category1", "t.street", "t.due_at", "t.version"])
    .select([sql<string>`left(t.content, 90)`.as("excerpt"), "u.short_name as unit_name"])
    .where("t.id", "in", ids)
    .execute();
  return new Map(
    rows.map((row) => [
      row.id,
      {
        number: row.number,
        title: row.title,
        excerpt: row.excerpt,
        category: row.category1,
        street: row.street,
        unitName: row.unit_name,
        dueAt: row.due_at,
        version: row.version,
      },
    ]),
  );
}

/** Since when a ticket waits for a call; null when it does not. */
export async function waitingSince(db: Db, ticketId: string): Promise<number | null> {
  const row = await db
    .selectFrom("ticket as t")
    .innerJoin("event as e", (j) =>
      j.onRef("e.ticket_id", "=", "t.id").onRef("e.version", "=", "t.moved_version"),
    )
    .select("e.at")
    .where("t.id", "=", ticketId)
    .where("t.state", "=", "calling")
    .executeTakeFirst();
  return row?.at.getTime() ?? null;
}

interface CallRow {
  readonly id: string;
  readonly level: number;
  readonly due_at: Date | null;
  readonly near_at: Date | null;
  readonly since: Date;
  readonly planned_at: Date | null;
  readonly attempts: readonly number[];
}
