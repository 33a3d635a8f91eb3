/** 承接. What a unit has open, and handing all of it to the unit that takes its place: rounds, clocks and results run on. */
import { STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Stamp } from "./store.ts";

export interface OpenWork {
  readonly total: number;
  /** The first few, by number. */
  readonly tickets: readonly {
    readonly id: string;
    readonly number: string;
    readonly stateZh: string;
    readonly part: "lead" | "co";
  }[];
}

const SHOWN = 50;

/** Open tickets that the unit leads now, or helps with and has not yet answered. */
export async function openWorkOf(db: Db, unitId: string): Promise<OpenWork> {
  const { rows } = await sql<{
    id: string;
    number: string;
    state: string;
    part: "lead" | "co";
    total: string;
  }>`
    with work as (${openRounds(unitId)})
    select w.ticket_id::text as id, t.number, t.state, w.part, count(*) over () as total
      from work w join ticket t on t.id = w.ticket_id
     order by t.number limit ${SHOWN}`.execute(db);
  return {
    total: Number(rows[0]?.total ?? 0),
    tickets: rows.map(({ id, number, state, part }) => ({ id, number, part, stateZh: stateZh(state) })),
  };
}

export type Succession =
  | { readonly ok: true; readonly moved: number }
  /** Tickets of which the heir holds a part already: one unit cannot hold two parts of a round. */
  | { readonly ok: false; readonly held: readonly string[] };

/**
 * Hands the open work of `from` to `to` in the caller's transaction. The round, its clocks and the result that counts
 * go on under the heir; rounds that have ended stay with whose they were. One event on every ticket.
 */
export async function succeedUnit(
  tx: Db,
  from: { readonly id: string; readonly name: string },
  to: { readonly id: string; readonly name: string },
  source: string,
  stamp: Stamp,
): Promise<Succession> {
  await sql`
    select id from ticket where id in (select ticket_id from (${openRounds(from.id)}) w) order by id for update`.execute(
    tx,
  );
  const { rows: twice } = await sql<{ number: string }>`
    select distinct t.number from (${openRounds(from.id)}) w
      join assignment b on b.ticket_id = w.ticket_id and b.round = w.round and b.unit_id = ${to.id}
      join ticket t on t.id = w.ticket_id
     order by t.number limit ${SHOWN}`.execute(tx);
  if (twice.length > 0) return { ok: false, held: twice.map((t) => t.number) };
  const data = JSON.stringify({ fromUnitId: from.id, toUnitId: to.id, from: from.name, to: to.name, source });
  const at = new Date(stamp.at);
  const { rows } = await sql<{ moved: string }>`
    with work as (${openRounds(from.id)}),
    handed as (
      update assignment a set unit_id = ${to.id} from work w where a.id = w.assignment_id),
    counted as (
      update result r set unit_id = ${to.id} from work w
       where w.part = 'lead' and r.ticket_id = w.ticket_id and r.round = w.round),
    led as (
      update ticket t set lead_unit_id = case when w.part = 'lead' then ${to.id} else t.lead_unit_id end,
             version = t.version + 1, updated_at = ${at}
        from work w where t.id = w.ticket_id
      returning t.id, t.version, t.state, t.round, t.lead_unit_id),
    told as (
      insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_id, user_name, role, unit_id, data)
      select id, version, 'succeed', state, state, round, ${at}, ${stamp.userId}, ${stamp.userName}, ${stamp.role},
             lead_unit_id, ${data}::jsonb from led)
    select count(*) as moved from work`.execute(tx);
  return { ok: true, moved: Number(rows[0]?.moved ?? 0) };
}

/** The unit's live parts of open tickets, a row each; each half goes by an index of its own. */
const openRounds = (unitId: string) => sql`
  select a.id as assignment_id, t.id as ticket_id, t.round, 'lead' as part
    from ticket t
    left join assignment a on a.ticket_id = t.id and a.round = t.round and a.part = 'lead'
   where t.lead_unit_id = ${unitId} and t.state not in ('closed', 'withdrawn', 'merged')
  union all
  select a.id, t.id, t.round, 'co'
    from assignment a join ticket t on t.id = a.ticket_id and t.round = a.round
   where a.unit_id = ${unitId} and a.part = 'co' and a.state in ('assigned', 'accepted')
     and t.state not in ('closed', 'withdrawn', 'merged')`;

function stateZh(state: string): string {
  const found = Object.entries(STATES).find(([key]) => key === state);
  return found ? found[1].zh : state;
}
