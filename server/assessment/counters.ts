/**
 * 计数的读取. Whole days of a unit added up: the sums of stretches that lie within what is asked for, the counters of the days that
 * no such stretch has, and what has not been folded yet; in one statement, so that no change is seen twice or missed.
 */
import type { Day } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

/** Results of one kind of entry. */
export interface Counted {
  readonly cell: string;
  /** The place of the part of the days that they count in; 0 where the days are not parted. */
  readonly part: number;
  /** How many, by key; none of them 0. */
  readonly times: ReadonlyMap<string, number>;
}

/**
 * Results counted by kind of entry, and by unit where that is asked for ("" for none): days from … to, both counted. `starts`
 * are first days of all parts but the first, where parts of the days are told apart.
 */
export async function addCounters(
  db: Db,
  from: Day,
  to: Day,
  narrowed: {
    readonly unitId?: string | undefined;
    readonly unitIds?: readonly string[] | undefined;
    readonly kinds?: readonly string[] | undefined;
  },
  by: "unit" | null,
  starts: readonly Day[] = [],
): Promise<readonly Counted[]> {
  const { unitId, unitIds, kinds } = narrowed;
  const conditions: RawBuilder<boolean>[] = [sql`true`];
  if (unitId !== undefined) conditions.push(sql`unit_id = ${unitId}`);
  if (unitIds !== undefined) conditions.push(sql`unit_id = any(${unitIds}::bigint[])`);
  if (kinds !== undefined)
    conditions.push(sql`unit_id in (select id from unit where kind = any(${kinds}::text[]))`);
  const where = sql.join(conditions, sql` and `);
  const key = by === "unit" ? sql`unit_id` : sql`0::bigint`;
  const part = starts.length === 0 ? sql`0` : sql`width_bucket(day, ${starts}::date[])`;
  // A kind of entry a row, its units and their counts as one text each: thousands of rows would take longer to hand over than to read.
  const { rows } = await sql<Row>`
    with whole as materialized (
      select from_day, to_day from tally_span
       where from_day >= ${from} and to_day <= ${to}
         and not exists (select from unnest(${starts}::date[]) as s(day) where s.day > from_day and s.day <= to_day))
    select cell, ${part} as part, string_agg((${key})::text, ' ') as keys, string_agg(n::text, ' ') as times
      from (select from_day as day, unit_id, cell, n from tally_sum where from_day = any(array(select from_day from whole)) and ${where}
            union all
            select day, unit_id, cell, n from tally
             where day = any(array(select d::date from generate_series(${from}::date, ${to}::date, interval '1 day') d
                                    where not exists (select from whole w where d between w.from_day and w.to_day)))
               and ${where}
            union all
            select day, unit_id, cell, n from tally_delta where day between ${from} and ${to} and ${where}) kept
     group by 1, 2`.execute(db);
  return rows.map(added);
}

interface Row {
  readonly cell: string;
  readonly part: number;
  readonly keys: string;
  readonly times: string;
}

/** Each key once; what adds up to nothing is left out, as if it had never been there. */
function added({ cell, part, keys, times }: Row): Counted {
  const counts = times.split(" ");
  const sums = new Map<string, number>();
  for (const [at, id] of keys.split(" ").entries()) {
    const key = id === "0" ? "" : id;
    const n = (sums.get(key) ?? 0) + Number(counts[at]);
    if (n === 0) sums.delete(key);
    else sums.set(key, n);
  }
  return { cell, part, times: sums };
}
