/**
 * 考核计数. Folds the appended deltas into the counters, and recounts the counters against the results every night.
 * Figures never wait for the fold: they add what is folded and what is not. A mismatch is an alarm, not a repair.
 */
import { dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";

const BATCH = 5000;
/** Any fixed number: two workers must not fold the same counter at once, each waiting for the other. */
const FOLD_LOCK = 7_212_346;

/** Folds one batch; answers how many deltas it took. What was added up to nothing leaves no row. */
export async function foldTally(db: Db): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      got: boolean;
    }>`select pg_try_advisory_xact_lock(${FOLD_LOCK}) as got`.execute(tx);
    if (!rows[0]?.got) return 0;
    const folded = await sql<{ taken: string }>`
      with taken as (
        delete from tally_delta where id in (select id from tally_delta order by id limit ${BATCH})
        returning day, unit_id, cell, n),
      summed as (select day, unit_id, cell, sum(n) as n from taken group by 1, 2, 3),
      kept as (
        insert into tally (day, unit_id, cell, n) select day, unit_id, cell, n from summed where n <> 0
        on conflict (day, unit_id, cell) do update set n = tally.n + excluded.n
        returning 1)
      select count(*)::text as taken from taken`.execute(tx);
    const taken = Number(folded.rows[0]?.taken ?? 0);
    if (taken > 0) await sql`delete from tally where n = 0`.execute(tx);
    return taken;
  });
}

export interface WrongCounter {
  readonly day: string;
  readonly unitId: string;
  readonly cell: string;
  readonly kept: number;
  readonly counted: number;
}

/** Every counter that differs from a recount of the results, in one snapshot. */
export async function compareTally(db: Db): Promise<readonly WrongCounter[]> {
  const { rows } = await sql<{ day: string; unit_id: string; cell: string; kept: string; counted: string }>`
    with kept as (
      select day, unit_id, cell, sum(n) as n
        from (select day, unit_id, cell, n from tally union all select day, unit_id, cell, n from tally_delta) k
       group by 1, 2, 3 having sum(n) <> 0),
    counted as (
      select tally_day(counted_at) as day, coalesce(unit_id, 0) as unit_id,
             tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied) as cell, count(*) as n
        from result where not void group by 1, 2, 3)
    select day::text as day, unit_id::text as unit_id, cell, coalesce(k.n, 0)::text as kept, coalesce(c.n, 0)::text as counted
      from kept k full join counted c using (day, unit_id, cell)
     where k.n is distinct from c.n
     order by day, unit_id, cell
     limit 1000`.execute(db);
  return rows.map((row) => ({
    day: row.day,
    unitId: row.unit_id,
    cell: row.cell,
    kept: Number(row.kept),
    counted: Number(row.counted),
  }));
}

/** Compares, and keeps what was found as alarms; answers them. */
export async function recountTally(db: Db, now: number): Promise<readonly WrongCounter[]> {
  const wrong = await compareTally(db);
  if (wrong.length > 0)
    await db
      .insertInto("tally_alarm")
      .values(
        wrong.map((each) => ({
          at: new Date(now),
          day: each.day,
          unit_id: each.unitId,
          cell: each.cell,
          kept: each.kept,
          counted: each.counted,
        })),
      )
      .execute();
  return wrong;
}

/** 后台步骤: folds while there is something to fold. */
export const foldStep = (shell: Shell): Promise<number> => foldTally(shell.db);

/** 后台步骤: recounts once a night, at the first look after three o'clock. */
export function recountStep(): (shell: Shell) => Promise<number> {
  let last: string | null = null;
  return async (shell) => {
    const today = dayOf(shell.now());
    if (last === today || shell.now() < startOfDay(today) + THREE_O_CLOCK) return 0;
    last = today;
    await recountTally(shell.db, shell.now());
    return 0;
  };
}

const THREE_O_CLOCK = 3 * 3_600_000;
