/** 台账的一致. What must hold in any ledger, whether its tickets were lodged or imported, whatever was killed or undone. */

import { sql } from "kysely";
import { compareTally } from "../assessment/recount.ts";
import { foldTally } from "../assessment/tally.ts";
import type { Db } from "../platform/db/open.ts";

/** Each rule as a query that answers what breaks it. */
export const SOUND: Readonly<Record<string, string>> = {
  "a ticket's version is the number of its events and the last of their versions": `
    select t.id, t.version, count(e.*) as events, max(e.version) as last from ticket t left join event e on e.ticket_id = t.id
    group by t.id having t.version <> count(e.*) or t.version <> max(e.version) or min(e.version) <> 1`,
  "every event begins where the last one ended": `
    select * from (select id, ticket_id, version, kind, from_state, lag(to_state) over w as before, lag(id) over w as before_id
                   from event window w as (partition by ticket_id order by version)) e
    where (version = 1) <> (from_state is null) or from_state is distinct from before or before_id > id`,
  "a ticket stands where its last event left it": `
    select t.id, t.state, e.to_state from ticket t join event e on e.ticket_id = t.id and e.version = t.version where t.state <> e.to_state`,
  "moved_version is that of the last event that changed the state": `
    select t.id, t.moved_version, max(e.version) from ticket t join event e on e.ticket_id = t.id
    where e.from_state is distinct from e.to_state group by t.id having t.moved_version <> max(e.version)`,
  "a ticket shows the nearest of its running clocks": `
    select t.id, t.due_at, c.due_at from ticket t
    cross join lateral (select min(due_at) as due_at from clock c where c.ticket_id = t.id and c.state = 'running' and c.assignment_id is null) c
    where t.due_at is distinct from c.due_at`,
  "a closed ticket has no clock that runs": `
    select c.id, t.state, c.kind from clock c join ticket t on t.id = c.ticket_id
    where c.state in ('running', 'paused') and t.state in ('closed', 'withdrawn', 'voided')`,
  "a clock that runs has its timer, one that does not has none that waits": `
    select c.id, c.state, tm.what, tm.fired_at from clock c left join timer tm on tm.clock_id = c.id and tm.what = 'overdue'
    where (c.state = 'running' and tm.clock_id is null)
    union all
    select c.id, c.state, tm.what, tm.fired_at from clock c join timer tm on tm.clock_id = c.id where c.state <> 'running' and tm.fired_at is null`,
  "no reminder is told twice": `
    select data ->> 'clockId' as clock, kind, count(*) from event where kind like 'timer.%' and kind <> 'timer.urge' group by 1, 2 having count(*) > 1`,
  "no step of the ladder urges twice for one clock": `
    select clock_id, step, count(*) from urge where clock_id is not null and step <> 'hand' group by 1, 2 having count(*) > 1`,
  "every urge of the ladder was told once, and none that is not there": `
    select coalesce(u.ticket_id, e.ticket_id) as ticket, u.n as urged, e.n as told
      from (select ticket_id, count(*) as n from urge where step <> 'hand' group by 1) u
      full join (select ticket_id, count(*) as n from event where kind = 'timer.urge' group by 1) e on e.ticket_id = u.ticket_id
     where u.n is distinct from e.n`,
  "every reminder that is marked was told, and every one that was told is marked": `
    select tm.clock_id, tm.what, tm.fired_at, e.id from timer tm
    full join event e on e.kind = 'timer.' || tm.what and e.data ->> 'clockId' = tm.clock_id::text
    where (tm.clock_id is null and e.kind like 'timer.%' and e.kind <> 'timer.urge') or (tm.clock_id is not null and (tm.fired_at is null) <> (e.id is null))`,
  "the ledger's last word on a round is its result": `
    select r.ticket_id, r.round, l.solved, r.solved from result r
    left join lateral (select * from ledger l where l.ticket_id = r.ticket_id and l.round = r.round order by seq desc limit 1) l on true
    where l.ticket_id is null or (l.void, l.valid, l.source, l.contacted, l.solved, l.satisfied)
      is distinct from (r.void, r.valid, r.source, r.contacted, r.solved, r.satisfied)`,
  "nothing hangs on a ticket, a unit or a person that is not there": `
    select 'event' as kept, e.id from event e where not exists (select from ticket t where t.id = e.ticket_id)
      or (e.unit_id is not null and not exists (select from unit u where u.id = e.unit_id))
      or (e.user_id is not null and not exists (select from app_user p where p.id = e.user_id))
    union all select 'assignment', a.id from assignment a where not exists (select from ticket t where t.id = a.ticket_id)
      or not exists (select from unit u where u.id = a.unit_id)
    union all select 'callback', c.id from callback c where not exists (select from ticket t where t.id = c.ticket_id)
      or (c.user_id is not null and not exists (select from app_user p where p.id = c.user_id))
    union all select 'result', r.ticket_id from result r where not exists (select from ticket t where t.id = r.ticket_id)
      or (r.unit_id is not null and not exists (select from unit u where u.id = r.unit_id))
    union all select 'requester', q.ticket_id from requester q where not exists (select from ticket t where t.id = q.ticket_id)
    union all select 'import_row', i.ticket_id from import_row i where not exists (select from ticket t where t.id = i.ticket_id)
    union all select 'urge', u.id from urge u where not exists (select from ticket t where t.id = u.ticket_id)
      or (u.unit_id is not null and not exists (select from unit o where o.id = u.unit_id))
    union all select 'urge_plan', p.clock_id from urge_plan p where not exists (select from ticket t where t.id = p.ticket_id)
    union all select 'notice', n.id from notice n where n.ticket_id is not null and not exists (select from ticket t where t.id = n.ticket_id)
    union all select 'inbox_message', m.id from inbox_message m
      where m.ticket_id is not null and not exists (select from ticket t where t.id = m.ticket_id)
    union all select 'ticket', t.id from ticket t
      where t.lead_unit_id is not null and not exists (select from unit u where u.id = t.lead_unit_id)`,
};

/** Every fault found, a line each; none in a sound ledger. */
export async function unsound(db: Db): Promise<string[]> {
  const faults: string[] = [];
  for (const [rule, query] of Object.entries(SOUND)) {
    const { rows } = await sql.raw(query).execute(db);
    if (rows.length > 0) faults.push(`${rule}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
  }
  while ((await foldTally(db)) > 0);
  for (const wrong of await compareTally(db)) faults.push(`a counter is wrong: ${JSON.stringify(wrong)}`);
  return faults;
}
