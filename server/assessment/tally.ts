/**
 * 考核计数. Folds the appended deltas into the counters of days and of stretches of days (段), and keeps the stretches that the
 * rules cut. Figures never wait for either: they add what is folded and what is not (counters.ts).
 */
import { stretchesOf } from "@jiesu/core/assessment/stretches.ts";
import { dayOf, MINUTE_MS, parseDay } from "@jiesu/core/time/day.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import { sql, type Transaction } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { DB } from "../platform/db/types.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { rulebook } from "./rulebook.ts";

const BATCH = 5000;
/** Any fixed number: two workers must not fold the same counter at once, each waiting for the other. */
const FOLD_LOCK = 7_212_346;

/** Folds one batch; answers how many deltas it took. What was added up to nothing leaves no row. */
export async function foldTally(db: Db, batch = BATCH): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      got: boolean;
    }>`select pg_try_advisory_xact_lock(${FOLD_LOCK}) as got`.execute(tx);
    if (!rows[0]?.got) return 0;
    const folded = await sql<{ taken: number; days: string | null; sums: string | null }>`
      with taken as (
        delete from tally_delta where id in (select id from tally_delta order by id limit ${batch})
        returning day, unit_id, cell, n),
      summed as (select day, unit_id, cell, sum(n) as n from taken group by 1, 2, 3 having sum(n) <> 0),
      days as (
        insert into tally (day, unit_id, cell, n) select day, unit_id, cell, n from summed
        on conflict (day, unit_id, cell) do update set n = tally.n + excluded.n
        returning day, unit_id, cell, n),
      sums as (
        insert into tally_sum (from_day, unit_id, cell, n)
        select s.from_day, d.unit_id, d.cell, sum(d.n)
          from summed d join tally_span s on d.day between s.from_day and s.to_day
         group by 1, 2, 3 having sum(d.n) <> 0
        on conflict (from_day, unit_id, cell) do update set n = tally_sum.n + excluded.n
        returning from_day, unit_id, cell, n)
      select (select count(*)::int from taken) as taken,
             (select json_agg(d)::text from days d where n = 0) as days,
             (select json_agg(s)::text from sums s where n = 0) as sums`.execute(tx);
    const [done] = folded.rows;
    if (done?.days) await dropEmpty(tx, "tally", "day", done.days);
    if (done?.sums) await dropEmpty(tx, "tally_sum", "from_day", done.sums);
    return done?.taken ?? 0;
  });
}

/** Those that have just come to nothing, by their keys: looking for them would read every counter there is. */
async function dropEmpty(tx: Transaction<DB>, table: string, day: string, keys: string): Promise<void> {
  const { t, d } = { t: sql.table(table), d: sql.ref(day) };
  await sql`delete from ${t} t using json_to_recordset(${keys}::json) as e(${d} date, unit_id bigint, cell text)
    where (t.${d}, t.unit_id, t.cell) = (e.${d}, e.unit_id, e.cell) and t.n = 0`.execute(tx);
}

/**
 * Makes one stretch of those wanted that is not kept yet, from the counters of its days, in place of those that overlap it;
 * or else drops those that nobody wants. Answers how many it made; folding goes on between one and the next.
 */
export async function keepStretches(db: Db, wanted: readonly DayRange[]): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(${FOLD_LOCK})`.execute(tx);
    const kept = await tx.selectFrom("tally_span").select(["from_day", "to_day"]).execute();
    const is = (a: DayRange, b: { from_day: string; to_day: string }): boolean =>
      a.from === b.from_day && a.to === b.to_day;
    const missing = wanted.findLast((each) => !kept.some((span) => is(each, span)));
    const gone = kept
      .filter((span) => !wanted.some((each) => is(each, span)))
      .filter((span) => missing === undefined || (span.from_day <= missing.to && span.to_day >= missing.from))
      .map((span) => span.from_day);
    if (gone.length > 0) {
      await tx.deleteFrom("tally_span").where("from_day", "in", gone).execute();
      await tx.deleteFrom("tally_sum").where("from_day", "in", gone).execute();
    }
    if (missing === undefined) return 0;
    await tx.insertInto("tally_span").values({ from_day: missing.from, to_day: missing.to }).execute();
    await sql`
      insert into tally_sum (from_day, unit_id, cell, n)
      select ${missing.from}::date, unit_id, cell, sum(n) from tally
       where day between ${missing.from} and ${missing.to} group by 2, 3`.execute(tx);
    return 1;
  });
}

/** The stretches that the rules in force cut, as far back as there is anything counted. */
export async function wantedStretches(shell: Shell): Promise<readonly DayRange[]> {
  const { rows } = await sql<{ first: string | null }>`select min(day)::text as first from tally`.execute(
    shell.db,
  );
  const first = parseDay(rows[0]?.first ?? "");
  if (first === null) return [];
  const ruleSets = [...(await rulebook(shell, "district")), ...(await rulebook(shell, "city"))];
  return stretchesOf(ruleSets, await periodsInForce(shell), first, dayOf(shell.now()));
}

/** 后台步骤: folds while there is something to fold. */
export const foldStep = (shell: Shell): Promise<number> => foldTally(shell.db);

/** 后台步骤: looks once a minute whether the stretches are those that the rules cut, and makes what is missing. */
export function stretchStep(): (shell: Shell) => Promise<number> {
  let quietUntil = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    if (shell.now() < quietUntil) return 0;
    const made = await keepStretches(shell.db, await wantedStretches(shell));
    if (made === 0) quietUntil = shell.now() + MINUTE_MS;
    return made;
  };
}
