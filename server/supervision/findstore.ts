/** 线索所读. Tickets that came again, and the matters that are under supervision already. */
import type { Repeated } from "@jiesu/core/supervision/find.ts";
import { OPEN_SUPERVISION } from "@jiesu/core/supervision/lifecycle.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

/** Tickets of one find are linked so far; the others are counted in its words. */
const MOST_TICKETS = 50;

interface Row {
  readonly key: string;
  readonly words: string;
  readonly ticket_ids: string[];
  readonly unit_id: string | null;
}

/** Places (address, or community where there is none) and categories of which so many tickets came since then. */
export async function samePlaces(db: Db, since: Date, times: number): Promise<readonly Repeated[]> {
  const { rows } = await sql<Row>`
    with came as (
      select t.id, t.street, coalesce(nullif(t.address, ''), t.community) as place, t.category1, t.category2, t.lead_unit_id
        from ticket t
       where t.received_at >= ${since} and t.state not in ('voided', 'merged', 'withdrawn')
         and (t.address <> '' or t.community <> '') and t.category1 <> '')
    select encode(sha256(convert_to(street || '|' || place || '|' || category1 || '|' || category2, 'UTF8')), 'hex') as key,
           street || case when place = street then '' else place end || '（' || category1
             || case when category2 = '' then '' else '·' || category2 end || '）' as words,
           array_agg(id::text order by id) as ticket_ids,
           (array_agg(lead_unit_id::text order by id desc) filter (where lead_unit_id is not null))[1] as unit_id
      from came group by street, place, category1, category2 having count(*) >= ${times}
     order by count(*) desc, 1 limit 200`.execute(db);
  return rows.map(repeatedOf);
}

/** Requesters (known by their sealed number alone) who came so often since then with one category. */
export async function sameRequesters(db: Db, since: Date, times: number): Promise<readonly Repeated[]> {
  const { rows } = await sql<Row>`
    with came as (
      select r.phone_hash, t.category1, t.id, t.lead_unit_id
        from ticket t join requester r on r.ticket_id = t.id
       where t.received_at >= ${since} and t.state not in ('voided', 'merged', 'withdrawn')
         and r.phone_hash is not null and t.category1 <> ''),
    often as (
      select phone_hash, category1, array_agg(id::text order by id) as ticket_ids,
             (array_agg(lead_unit_id::text order by id desc) filter (where lead_unit_id is not null))[1] as unit_id
        from came group by phone_hash, category1 having count(*) >= ${times} order by count(*) desc limit 200)
    -- the first ticket ever of this number names the requester, whatever the day
    select (select min(r.ticket_id) from requester r where r.phone_hash = o.phone_hash)::text || ':' || o.category1 as key,
           o.category1 as words, o.ticket_ids, o.unit_id
      from often o order by 1`.execute(db);
  return rows.map(repeatedOf);
}

/** Open tickets that were returned so often. */
export async function oftenReturned(db: Db, times: number): Promise<readonly Repeated[]> {
  const { rows } = await sql<Row>`
    select t.id::text as key, t.number || case when t.title = '' then '' else ' ' || t.title end as words,
           array[t.id::text] as ticket_ids, t.lead_unit_id::text as unit_id
      from ticket t where t.returns >= ${times} and t.state = any(${[...OPEN_STATES]}::text[]) order by t.id limit 200`.execute(
    db,
  );
  return rows.map(repeatedOf);
}

/** Of these subjects, those that are in this period already, and those that are still open of an earlier one. */
export async function subjectsTaken(
  db: Db,
  subjects: readonly string[],
  period: string,
): Promise<ReadonlySet<string>> {
  if (subjects.length === 0) return new Set();
  const rows = await db
    .selectFrom("supervision_item")
    .select("subject")
    .where("origin", "=", "rule")
    .where("subject", "in", [...subjects])
    .where((eb) => eb.or([eb("period", "=", period), eb("state", "in", [...OPEN_SUPERVISION])]))
    .execute();
  return new Set(rows.flatMap((row) => (row.subject === null ? [] : [row.subject])));
}

export async function roundsOfTickets(db: Db, ids: readonly string[]) {
  if (ids.length === 0) return [];
  return db
    .selectFrom("ticket")
    .select(["id", "round"])
    .where("id", "in", ids.slice(-MOST_TICKETS))
    .execute();
}

const repeatedOf = ({ key, words, ticket_ids, unit_id }: Row): Repeated => ({
  ...{ key, words, ticketIds: ticket_ids, unitId: unit_id },
});
