/** 无主巡查的台账. Reads who holds what of the whole ledger in one look; keeps each sweep with what it found. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { isState, OPEN_STATES, STATES, type TicketState } from "@jiesu/core/ticket/state.ts";
import type { SweptTicket } from "@jiesu/core/watch/sweep.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { QUEUES } from "../ticket/queues.ts";

/** How the open tickets were held when the sweep looked. */
export interface SweepCounts {
  readonly open: number;
  readonly centre: number;
  readonly unit: number;
  readonly city: number;
  readonly clocks: number;
}

export interface Suspect extends SweptTicket {
  readonly id: string;
  readonly movedVersion: number;
}

/** Roles in whose queue a state of the centre waits. */
export function deskOf(state: TicketState): readonly Role[] {
  const waits = QUEUES.filter((q) => !q.due && !q.unit && !q.asked && q.states.includes(state));
  return [...new Set(waits.flatMap((q) => q.roles))];
}

/** All open tickets counted, and those that may lack something, as the core judges it. */
export async function lookThrough(
  db: Db,
  now: number,
): Promise<{ readonly counts: SweepCounts; readonly suspects: readonly Suspect[] }> {
  const manned = await mannedStates(db);
  const heldBy = (holder: string) => OPEN_STATES.filter((state) => STATES[state].held === holder);
  const deskless = heldBy("centre").filter((state) => !manned.has(state));
  const { rows: counted } = await sql<{ state: string; n: number }>`
    select state, count(*)::int as n from ticket where state = any(${[...OPEN_STATES]}) group by state`.execute(
    db,
  );
  const { rows: clocks } = await sql<{ n: number }>`
    select count(*)::int as n from clock where (state = 'running' or paused_until is not null) and assignment_id is null`.execute(
    db,
  );
  const { rows } = await sql<{
    id: string;
    state: string;
    moved_version: number;
    ticking: boolean;
    unit: boolean;
  }>`
    select * from (
      select t.id, t.state, t.moved_version,
             exists (select from clock c where c.ticket_id = t.id and (c.state = 'running' or c.paused_until is not null) and c.assignment_id is null) as ticking,
             u.id is not null as unit
      from ticket t
      left join unit u on u.id = t.lead_unit_id and u.merged_into is null
                      and (u.valid_to is null or u.valid_to >= (${new Date(now)}::timestamptz at time zone 'Asia/Shanghai')::date)
      where t.state = any(${[...OPEN_STATES]})
    ) held
    where not ticking or (state = any(${heldBy("unit")}) and not unit) or state = any(${deskless})
    order by id`.execute(db);
  const of = (holder: string) =>
    counted
      .filter(({ state }) => isState(state) && STATES[state].held === holder)
      .reduce((sum, { n }) => sum + n, 0);
  const counts = { centre: of("centre"), unit: of("unit"), city: of("city"), clocks: clocks[0]?.n ?? 0 };
  return {
    counts: { open: counts.centre + counts.unit + counts.city, ...counts },
    suspects: rows.flatMap(({ id, state, moved_version, ticking, unit }) =>
      isState(state)
        ? [{ id, state, movedVersion: moved_version, ticking, unit, desk: manned.has(state) }]
        : [],
    ),
  };
}

/** States of the centre in whose queue an account in use has a role. */
export async function mannedStates(db: Db): Promise<ReadonlySet<TicketState>> {
  const { rows } = await sql<{ role: string }>`
    select distinct unnest(roles) as role from app_user where active`.execute(db);
  const roles = new Set(rows.map(({ role }) => role));
  return new Set(OPEN_STATES.filter((state) => deskOf(state).some((role) => roles.has(role))));
}

export interface SweepRun extends SweepCounts {
  readonly at: number;
  readonly by: { readonly userId: string | null; readonly name: string };
  readonly found: readonly { readonly ticket: Suspect; readonly lacks: readonly string[] }[];
}

export async function keepSweep(tx: Db, run: SweepRun): Promise<string> {
  const { open, centre, unit, city, clocks, found } = run;
  const { id } = await tx
    .insertInto("sweep_run")
    .values({
      ...{ at: new Date(run.at), by_id: run.by.userId, by_name: run.by.name },
      ...{ open, centre, unit, city, clocks, found: found.length },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (found.length > 0)
    await sql`
      insert into sweep_found (run_id, ticket_id, state, moved_version, lacks)
      select ${id}::bigint, ticket_id, state, moved_version, lacks
      from json_to_recordset(${JSON.stringify(
        found.map(({ ticket, lacks }) => ({
          ...{ ticket_id: ticket.id, state: ticket.state, moved_version: ticket.movedVersion, lacks },
        })),
      )}::json) as r(ticket_id bigint, state text, moved_version int, lacks text[])`.execute(tx);
  return id;
}

/** Sweeps, the newest first. */
export function readSweeps(db: Db, asked: { readonly id?: string; readonly limit: number }) {
  return db
    .selectFrom("sweep_run")
    .selectAll()
    .$if(asked.id !== undefined, (q) => q.where("id", "=", asked.id ?? "0"))
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(asked.limit)
    .execute();
}

/** What a sweep found, with the tickets as they are now. */
export function readFound(db: Db, runId: string) {
  return db
    .selectFrom("sweep_found as f")
    .innerJoin("ticket as t", "t.id", "f.ticket_id")
    .select(["f.ticket_id", "f.state", "f.lacks", "t.number", "t.title"])
    .where("f.run_id", "=", runId)
    .orderBy("f.ticket_id")
    .limit(FOUND_SHOWN)
    .execute();
}

/** So many are listed of one sweep; its count tells them all. */
const FOUND_SHOWN = 200;
