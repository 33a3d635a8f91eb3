/** 成批记事. One event on each of many tickets that the caller has locked, in one statement: what a machine does at once. */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export interface ManyEvent {
  readonly ticketId: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Records them under one kind by the system; several of one ticket follow one another. */
export async function recordMany(
  tx: Db,
  kind: string,
  events: readonly ManyEvent[],
  at: number,
): Promise<void> {
  if (events.length === 0) return;
  const when = new Date(at);
  const rows = events.map((e, n) => ({ ticket_id: e.ticketId, n, data: e.data }));
  await sql`
    with told as (
      select r.ticket_id, r.data, row_number() over (partition by r.ticket_id order by r.n) as nth
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(ticket_id bigint, n integer, data jsonb)
    ), written as (
      insert into event (ticket_id, version, kind, from_state, to_state, round, at, user_name, role, unit_id, data)
      select t.id, t.version + told.nth, ${kind}, t.state, t.state, t.round, ${when}, '系统', 'system', t.lead_unit_id, told.data
      from told join ticket t on t.id = told.ticket_id
    )
    update ticket set version = version + of_ticket.n, updated_at = ${when}
    from (select ticket_id, count(*)::int as n from told group by ticket_id) of_ticket
    where ticket.id = of_ticket.ticket_id`.execute(tx);
}
