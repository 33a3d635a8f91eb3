/**
 * 成绩单的其他统计. Exemptions, shelvings, returns and rework of a period. Each is one list of rows: its count and the tickets
 * that it opens into are taken from the same list, so they cannot differ.
 */
import { SIDE_KEYS, type SideCounts, type SideKey } from "@jiesu/core/assessment/scoresheet.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../platform/db/open.ts";

/** From … before in epoch ms, and now: what is still to come of a running period does not count yet. */
export interface SideSpan {
  readonly fromAt: number;
  readonly beforeAt: number;
  readonly now: number;
}

interface SideRow {
  readonly unit_id: string;
  readonly ticket_id: string;
  readonly round: number;
  readonly at: Date;
}

/** How many of each, by unit; a unit with none of any is not there. */
export async function sideCounts(db: Db, span: SideSpan): Promise<ReadonlyMap<string, SideCounts>> {
  const all = sql.join(
    SIDE_KEYS.map(
      (key) => sql`select ${key}::text as key, unit_id from (${rowsOf(key, span)}) ${sql.ref(key)}`,
    ),
    sql` union all `,
  );
  const { rows } = await sql<{ key: SideKey; unit_id: string; n: number }>`
    select key, unit_id, count(*)::int as n from (${all}) side group by 1, 2`.execute(db);
  return new Map(
    [...Map.groupBy(rows, (row) => row.unit_id)].map(([unitId, its]) => {
      const counts = new Map(its.map((row) => [row.key, row.n]));
      return [unitId, countsFrom((key) => counts.get(key) ?? 0)];
    }),
  );
}

export function noSideCounts(): SideCounts {
  return countsFrom(() => 0);
}

export function addSideCounts(a: SideCounts, b: SideCounts): SideCounts {
  return countsFrom((key) => a[key] + b[key]);
}

export interface SideTicket {
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly round: number;
  readonly unitName: string;
  readonly at: Date;
}

/** The tickets behind one count, newest first; of one unit, or of all of some. */
export async function sideTickets(
  db: Db,
  span: SideSpan,
  key: SideKey,
  unitIds: readonly string[],
  limit: number,
): Promise<readonly SideTicket[]> {
  const { rows } = await sql<SideTicket>`
    select s.ticket_id as "ticketId", t.number, coalesce(nullif(t.title, ''), left(t.content, 90)) as title, s.round,
           u.short_name as "unitName", s.at
      from (${rowsOf(key, span)}) s join ticket t on t.id = s.ticket_id join unit u on u.id = s.unit_id
     where s.unit_id = any(${unitIds}::bigint[])
     order by s.at desc, s.ticket_id desc limit ${limit}`.execute(db);
  return rows;
}

/** As core/assessment/scoresheet.ts defines each. */
function rowsOf(key: SideKey, { fromAt, beforeAt, now }: SideSpan): RawBuilder<SideRow> {
  const [from, before, end] = [new Date(fromAt), new Date(beforeAt), new Date(Math.min(beforeAt, now + 1))];
  const exemption = (which: RawBuilder<unknown>) => sql<SideRow>`
    select x.unit_id, x.ticket_id, x.round, x.applied_at as at
      from exemption x join result r on r.ticket_id = x.ticket_id and r.round = x.round
     where r.counted_at >= ${from} and r.counted_at < ${before} and not r.void
           and x.appeal_of is null and x.state <> 'withdrawn' and ${which}`;
  const upheld = sql`(x.state = 'upheld' or exists (select from exemption a where a.appeal_of = x.id and a.state = 'upheld'))`;
  const shelving = (at: RawBuilder<unknown>, which: RawBuilder<unknown>) => sql<SideRow>`
    select s.unit_id, s.ticket_id, s.round, ${at} as at from shelving s
     where s.state in ('shelved', 'ended') and ${which}`;
  const rows: Readonly<Record<SideKey, () => RawBuilder<SideRow>>> = {
    exemptApplied: () => exemption(sql`true`),
    exemptUpheld: () => exemption(upheld),
    exemptDenied: () => exemption(sql`x.state = 'denied' and not ${upheld}`),
    shelvedNew: () =>
      shelving(sql`s.approved_at`, sql`s.approved_at >= ${from} and s.approved_at < ${before}`),
    shelvedLive: () =>
      shelving(
        sql`s.approved_at`,
        sql`s.approved_at < ${end} and (s.ended_at is null or s.ended_at >= ${end})`,
      ),
    shelvedEnded: () => shelving(sql`s.ended_at`, sql`s.ended_at >= ${from} and s.ended_at < ${before}`),
    returned: () => sql<SideRow>`
      select a.unit_id, a.ticket_id, a.round, a.ended_at as at from assignment a
       where a.part = 'lead' and a.ended_as = 'returned' and a.ended_at >= ${from} and a.ended_at < ${before}`,
    reworked: () => sql<SideRow>`
      select a.unit_id, e.ticket_id, e.round, e.at
        from event e join assignment a on a.ticket_id = e.ticket_id and a.round = e.round and a.part = 'lead'
       where e.kind = 'rework' and e.at >= ${from} and e.at < ${before}`,
  };
  return rows[key]();
}

function countsFrom(count: (key: SideKey) => number): SideCounts {
  return {
    exemptApplied: count("exemptApplied"),
    exemptUpheld: count("exemptUpheld"),
    exemptDenied: count("exemptDenied"),
    shelvedNew: count("shelvedNew"),
    shelvedLive: count("shelvedLive"),
    shelvedEnded: count("shelvedEnded"),
    returned: count("returned"),
    reworked: count("reworked"),
  };
}
