/**
 * 计数的读取. Whole days of a unit added up: the sums of stretches that lie within what is asked for, the counters of the days that
 * no such stretch has, and what has not been folded yet; in one statement, so that no change is seen twice or missed.
 *
 * What is folded stays in memory, and is read again only when the counters of one of its days have changed: one small statement
 * tells that, together with what has not been folded.
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

interface Narrowed {
  readonly unitId?: string | undefined;
  readonly unitIds?: readonly string[] | undefined;
  readonly kinds?: readonly string[] | undefined;
}

/** Sums as they were folded, and how often the counters of their days had changed by then. */
interface Kept {
  readonly changes: string;
  readonly counted: readonly Counted[];
}

/** So many questions are remembered of each database; the one asked longest ago is forgotten first. */
const REMEMBERED = 32;
const memory = new WeakMap<Db, Map<string, Kept>>();

/**
 * Results counted by kind of entry, and by unit where that is asked for ("" for none): days from … to, both counted. `starts`
 * are first days of all parts but the first, where parts of the days are told apart.
 */
export async function addCounters(
  db: Db,
  from: Day,
  to: Day,
  narrowed: Narrowed,
  by: "unit" | null,
  starts: readonly Day[] = [],
): Promise<readonly Counted[]> {
  const { unitId, unitIds, kinds } = narrowed;
  const conditions: RawBuilder<boolean>[] = [sql`true`];
  if (unitId !== undefined) conditions.push(sql`unit_id = ${unitId}`);
  if (unitIds !== undefined) conditions.push(sql`unit_id = any(${unitIds}::bigint[])`);
  if (kinds !== undefined)
    conditions.push(sql`unit_id in (select id from unit where kind = any(${kinds}::text[]))`);
  const asked: Asked = {
    ...{ db, from, to, starts, where: sql.join(conditions, sql` and `) },
    key: by === "unit" ? sql`unit_id` : sql`0::bigint`,
    part: starts.length === 0 ? sql`0` : sql`width_bucket(day, ${starts}::date[])`,
  };
  if (kinds !== undefined) return (await readAll(asked)).counted; // a unit may change its kind, which no counter tells
  const kept = memory.get(db) ?? new Map<string, Kept>();
  memory.set(db, kept);
  const question = JSON.stringify([from, to, unitId, unitIds, by, starts]);
  const known = kept.get(question);
  if (known !== undefined) {
    const { changes, fresh } = await readFresh(asked);
    if (changes === known.changes) {
      keep(kept, question, known);
      return merged(known.counted, fresh);
    }
  }
  const { changes, folded, counted } = await readAll(asked);
  keep(kept, question, { changes, counted: folded });
  return counted;
}

/** As the question asked last. */
function keep(kept: Map<string, Kept>, question: string, sums: Kept): void {
  kept.delete(question);
  kept.set(question, sums);
  for (const oldest of kept.keys()) {
    if (kept.size <= REMEMBERED) break;
    kept.delete(oldest);
  }
}

interface Asked {
  readonly db: Db;
  readonly from: Day;
  readonly to: Day;
  readonly starts: readonly Day[];
  readonly where: RawBuilder<unknown>;
  readonly key: RawBuilder<string>;
  readonly part: RawBuilder<number>;
}

const changesIn = ({ from, to }: Asked): RawBuilder<string> =>
  sql`(select coalesce(sum(times), 0)::text from tally_change where day between ${from} and ${to})`;

/** What has not been folded yet. */
async function readFresh(asked: Asked): Promise<{ changes: string; fresh: readonly Counted[] }> {
  const { db, from, to, where, key, part } = asked;
  const { rows } = await sql<Row>`
    select c.changes, k.* from (select ${changesIn(asked)} as changes) c left join (
      select cell, ${part} as part, true as fresh, string_agg((${key})::text, ' ') as keys, string_agg(n::text, ' ') as times
        from tally_delta where day between ${from} and ${to} and ${where} group by 1, 2) k on true`.execute(
    db,
  );
  return { changes: rows[0]?.changes ?? "", fresh: countedIn(rows, true) };
}

async function readAll(
  asked: Asked,
): Promise<{ changes: string; folded: readonly Counted[]; counted: readonly Counted[] }> {
  const { db, from, to, starts, where, key, part } = asked;
  // A kind of entry a row, its units and their counts as one text each: thousands of rows would take longer to hand over than to read.
  const { rows } = await sql<Row>`
    with whole as materialized (
      select from_day, to_day from tally_span
       where from_day >= ${from} and to_day <= ${to}
         and not exists (select from unnest(${starts}::date[]) as s(day) where s.day > from_day and s.day <= to_day))
    select c.changes, k.* from (select ${changesIn(asked)} as changes) c left join (
      select cell, ${part} as part, fresh, string_agg((${key})::text, ' ') as keys, string_agg(n::text, ' ') as times
        from (select from_day as day, unit_id, cell, n, false as fresh from tally_sum where from_day = any(array(select from_day from whole)) and ${where}
              union all
              select day, unit_id, cell, n, false from tally
               where day = any(array(select d::date from generate_series(${from}::date, ${to}::date, interval '1 day') d
                                      where not exists (select from whole w where d between w.from_day and w.to_day)))
                 and ${where}
              union all
              select day, unit_id, cell, n, true from tally_delta where day between ${from} and ${to} and ${where}) kept
       group by 1, 2, 3) k on true`.execute(db);
  const folded = countedIn(rows, false);
  return { changes: rows[0]?.changes ?? "", folded, counted: merged(folded, countedIn(rows, true)) };
}

/** The first with the second added; the very same where there is nothing to add. */
function merged(folded: readonly Counted[], fresh: readonly Counted[]): readonly Counted[] {
  if (fresh.length === 0) return folded;
  const named = ({ cell, part }: Counted): string => `${part} ${cell}`;
  const more = new Map(fresh.map((each) => [named(each), each]));
  const sums = folded.map((each): Counted => {
    const its = more.get(named(each));
    if (its === undefined) return each;
    more.delete(named(each));
    const times = new Map(each.times);
    for (const [key, n] of its.times) addTo(times, key, n);
    return { ...each, times };
  });
  return [...sums, ...more.values()];
}

/** Where nothing is counted one row tells the changes alone. */
type Row = { readonly changes: string } & (
  | {
      readonly cell: string;
      readonly part: number;
      readonly fresh: boolean;
      readonly keys: string;
      readonly times: string;
    }
  | { readonly cell: null }
);

/** Each key once; what adds up to nothing is left out, as if it had never been there. */
function countedIn(rows: readonly Row[], fresh: boolean): readonly Counted[] {
  return rows.flatMap((row) => {
    if (row.cell === null || row.fresh !== fresh) return [];
    const counts = row.times.split(" ");
    const times = new Map<string, number>();
    for (const [at, id] of row.keys.split(" ").entries())
      addTo(times, id === "0" ? "" : id, Number(counts[at]));
    return [{ cell: row.cell, part: row.part, times }];
  });
}

function addTo(sums: Map<string, number>, key: string, n: number): void {
  const sum = (sums.get(key) ?? 0) + n;
  if (sum === 0) sums.delete(key);
  else sums.set(key, sum);
}
