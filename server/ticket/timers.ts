/**
 * 临期、超期与约定回访提醒. Due timers are fired in batches, each exactly once: the mark and its event are one statement.
 *
 * The ticket row is locked first, as every move does, so a timer and a move never wait for each other in a circle;
 * tickets that somebody is moving are skipped and come again. The second statement looks at the timer anew: a clock
 * stopped in between has none left.
 */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

const BATCH = 500;

/** Fires up to 500 timers that are due at `now`; answers how many. */
export function fireTimers(db: Db, now: number, batch = BATCH): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const at = new Date(now);
    const { rows: due } = await sql<{ clock_id: string; what: string }>`
      select tm.clock_id, tm.what
      from timer tm join ticket t on t.id = tm.ticket_id
      where tm.fired_at is null and tm.fire_at <= ${at}
      order by tm.fire_at
      limit ${batch}
      for update of t skip locked`.execute(tx);
    if (due.length === 0) return 0;
    const { rows } = await sql<{ fired: string }>`
      with fired as (
        update timer set fired_at = ${at}
        where (clock_id, what) in (select * from unnest(${due.map((d) => d.clock_id)}::bigint[], ${due.map((d) => d.what)}::text[]))
          and fired_at is null and fire_at <= ${at}
        returning clock_id, what, ticket_id, fire_at
      ), numbered as (
        select f.*, row_number() over (partition by f.ticket_id order by f.fire_at, f.clock_id, f.what) as nth from fired f
      ), told as (
        insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role, unit_id, data)
        select n.ticket_id, t.version + n.nth, 'timer.' || n.what, t.state, t.state, t.round, ${at}, '系统', 'system', t.lead_unit_id,
               jsonb_build_object('clock', c.kind, 'clockId', c.id::text, 'dueAt', c.due_at)
        from numbered n join ticket t on t.id = n.ticket_id join clock c on c.id = n.clock_id
        returning ticket_id
      ), counted as (
        update ticket set version = version + told_of.n, updated_at = ${at}
        from (select ticket_id, count(*)::int as n from fired group by ticket_id) told_of
        where ticket.id = told_of.ticket_id
      )
      select count(*)::text as fired from told`.execute(tx);
    return Number(rows[0]?.fired ?? 0);
  });
}

/** Tells, once each, the planned calls whose time has come; answers how many. The ticket is in the call list again. */
export function firePlans(db: Db, now: number, batch = BATCH): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const at = new Date(now);
    const { rows } = await sql<{ fired: string }>`
      with due as (
        select p.ticket_id, p.at
        from call_plan p join ticket t on t.id = p.ticket_id
        where p.told_at is null and p.at <= ${at} and t.state = 'calling'
        order by p.at
        limit ${batch}
        for update of p, t skip locked
      ), marked as (
        update call_plan p set told_at = ${at} from due d where p.ticket_id = d.ticket_id returning p.ticket_id
      ), counted as (
        update ticket t set version = t.version + 1, updated_at = ${at} from due d where t.id = d.ticket_id
        returning t.id, t.version, t.state, t.round, t.lead_unit_id
      ), told as (
        insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role, unit_id, data)
        select c.id, c.version, 'timer.call', c.state, c.state, c.round, ${at}, '系统', 'system', c.lead_unit_id,
               jsonb_build_object('plannedAt', d.at)
        from counted c join due d on d.ticket_id = c.id
        returning ticket_id
      )
      select count(*)::text as fired from told`.execute(tx);
    return Number(rows[0]?.fired ?? 0);
  });
}
