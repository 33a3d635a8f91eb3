/**
 * 测算的取数. What the ledger said at one point of a period and what became of it, for several periods in one look. What was
 * said then is put together again from the callbacks: the city's last answer, else the centre's; a scope other than 三率
 * from the decision on.
 */
import type { Day } from "@jiesu/core/time/day.ts";
import { instantsOf, type Period } from "@jiesu/core/time/period.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { CutText } from "./outlookwork.ts";
import { segmentAt } from "./store.ts";

/** A period and the instant at which it is cut; `knownBy` the instant at which the next one is. */
export interface CutAt {
  readonly period: Period;
  readonly cutAt: number;
  readonly knownBy: number;
}

/**
 * The periods' entries, parted on these days, each period as JSON text that the forecast's thread reads: the server itself does not wait for a
 * hundred thousand rows to be parsed.
 */
export async function cutTexts(
  db: Db,
  cuts: readonly CutAt[],
  starts: readonly Day[] = [],
): Promise<readonly CutText[]> {
  if (cuts.length === 0) return [];
  const { rows } = await sql<{
    n: number;
    turned: string | null;
    waiting: string | null;
    categories: string | null;
  }>`
    with span (n, from_at, before_at, cut_at, known_by) as (values ${spansOf(cuts)}),
    entry as (
      select s.n, r.unit_id, t.category1 as category, ${THEN} as then_cell, ${END} as end_cell, ${segmentAt(starts)} as segment,
             coalesce(greatest(final.at, decided.at) < s.known_by, true) as soon
        from span s
        join result r on r.counted_at >= s.from_at and r.counted_at < s.before_at and r.unit_id is not null
        join ticket t on t.id = r.ticket_id
        ${FINAL}
        ${EARLIER}
        ${DECIDED}
        ${ENDED}
       where not r.void or (r.counted_at < s.cut_at and ended.at > s.cut_at)),
    counted as (
      select n, unit_id, category, then_cell, end_cell, soon, segment, count(*) as times,
             grouping(unit_id) as any_unit, grouping(category) as any_category
        from entry
       group by grouping sets ((n, unit_id, then_cell, end_cell, soon, segment), (n, unit_id, category, then_cell), (n, category, end_cell)))
    select n,
           json_agg(json_build_array(unit_id::text, then_cell, end_cell, soon, segment, times)
                    order by unit_id, then_cell, end_cell, soon, segment) filter (where any_unit = 0 and any_category = 1)::text as turned,
           json_agg(json_build_array(unit_id::text, category, then_cell, times) order by unit_id, category, then_cell)
             filter (where any_unit = 0 and any_category = 0 and then_cell not like '%|city|%')::text as waiting,
           json_agg(json_build_array(category, end_cell, times) order by category, end_cell)
             filter (where any_unit = 1 and end_cell is not null)::text as categories
      from counted group by n`.execute(db);
  return cuts.map(({ period }, at) => {
    const row = rows.find(({ n }) => n === at);
    return {
      name: period.name,
      turned: row?.turned ?? "[]",
      waiting: row?.waiting ?? "[]",
      categories: row?.categories ?? "[]",
    };
  });
}

function spansOf(cuts: readonly CutAt[]): RawBuilder<unknown> {
  return sql.join(
    cuts.map(({ period, cutAt, knownBy }, n) => {
      const { fromAt, beforeAt } = instantsOf(period);
      return sql`(${n}::int, ${new Date(fromAt)}::timestamptz, ${new Date(beforeAt)}::timestamptz, ${new Date(cutAt)}::timestamptz, ${new Date(knownBy)}::timestamptz)`;
    }),
  );
}

/** When the answers that count now were given. */
const FINAL = sql`left join lateral (
  select max(c.at) as at from callback c
   where r.source is not null and c.ticket_id = r.ticket_id and c.round = r.round and c.source = r.source and c.outcome = 'answered') final on true`;

/** The answers that counted at the cut, where others took their place later. */
const EARLIER = sql`left join lateral (
  select c.source, c.contacted, c.solved, c.satisfied from callback c
   where final.at >= s.cut_at and c.ticket_id = r.ticket_id and c.round = r.round and c.outcome = 'answered' and c.at < s.cut_at
   order by c.source = 'city' desc, c.at desc, c.id desc limit 1) earlier on true`;

/** When a scope other than 三率 was decided: by its exemption, else with the city's callback. */
const DECIDED = sql`left join lateral (
  select case when r.exemption_id is not null then (select x.outcome_at from exemption x where x.id = r.exemption_id)
         else (select max(c.at) from callback c where c.ticket_id = r.ticket_id and c.round = r.round and c.source = 'city') end as at
   where r.scope <> 'full' or r.city_scope is not null) decided on true`;

/** When a round that counts no more was given back or handed on. */
const ENDED = sql`left join lateral (
  select a.ended_at as at from assignment a
   where r.void and a.ticket_id = r.ticket_id and a.round = r.round and a.part = 'lead') ended on true`;

const THEN = sql`case when r.counted_at < s.cut_at then tally_cell(
    case when decided.at >= s.cut_at then 'full' else r.scope end,
    case when decided.at >= s.cut_at then null else r.city_scope end,
    case when final.at >= s.cut_at then earlier.source else r.source end,
    case when final.at >= s.cut_at
         then coalesce(earlier.contacted, earlier.solved, earlier.satisfied) is not null else r.valid end,
    case when final.at >= s.cut_at then earlier.contacted else r.contacted end,
    case when final.at >= s.cut_at then earlier.solved else r.solved end,
    case when final.at >= s.cut_at then earlier.satisfied else r.satisfied end) end`;

const END = sql`case when not r.void
  then tally_cell(r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied) end`;
