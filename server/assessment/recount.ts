/**
 * 计数核对. Compares the counters of days and of stretches with a recount of the results, every night: one stretch after the
 * other, each in one snapshot, so that neither writers nor folding wait. A mismatch is an alarm, not a repair: it is left
 * standing for a person to look into.
 */
import { addDays, type Day, dayOf, HOUR_MS, parseDay, startOfDay } from "@jiesu/core/time/day.ts";
import { type DayRange, instantsOf } from "@jiesu/core/time/period.ts";
import { sql, type Transaction } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { DB } from "../platform/db/types.ts";
import type { Shell } from "../platform/shell.ts";

export interface WrongCounter {
  /** First day of the stretch where it is one's sum. */
  readonly day: string;
  /** Last day of the stretch; null: the counter of one day. */
  readonly to: string | null;
  readonly unitId: string;
  readonly cell: string;
  readonly kept: number;
  readonly counted: number;
}

/** How many are named at most; of a ledger that is wrong all over nobody reads the rest. */
const NAMED = 1000;
/** Days of no stretch that are compared at once: few enough to be counted in memory. */
const AT_ONCE = 31;
/** Any fixed number: of several workers one recounts. */
const RECOUNT_LOCK = 7_212_347;
const THREE_O_CLOCK = 3 * HOUR_MS;

/** Every counter that differs from a recount of the results. */
export async function compareTally(db: Db): Promise<readonly WrongCounter[]> {
  const wrong: WrongCounter[] = [];
  for (const days of await parts(db)) {
    wrong.push(...(await compareDays(db, days)));
    if (wrong.length >= NAMED) break;
  }
  return wrong.slice(0, NAMED);
}

/** All days that there is anything of: the stretches, and what lies between them in smaller parts. */
async function parts(db: Db): Promise<readonly DayRange[]> {
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select least(tally_day((select min(counted_at) from result)), (select min(day) from tally), (select min(day) from tally_delta))::text as first,
           greatest(tally_day((select max(counted_at) from result)), (select max(day) from tally), (select max(day) from tally_delta))::text as last`.execute(
    db,
  );
  const [first, last] = [parseDay(rows[0]?.first ?? ""), parseDay(rows[0]?.last ?? "")];
  if (first === null || last === null) return [];
  const spans = await db.selectFrom("tally_span").selectAll().orderBy("from_day").execute();
  const kept = spans.flatMap(({ from_day, to_day }): DayRange[] => {
    const [from, to] = [parseDay(from_day), parseDay(to_day)];
    return from === null || to === null ? [] : [{ from, to }];
  });
  const found: DayRange[] = [];
  let next: Day = first;
  const upTo = (day: Day): void => {
    for (; next <= day; next = addDays(next, AT_ONCE)) {
      const to = addDays(next, AT_ONCE - 1);
      found.push({ from: next, to: to < day ? to : day });
    }
  };
  for (const span of kept) {
    upTo(addDays(span.from, -1));
    found.push(span);
    next = addDays(span.to, 1);
  }
  upTo(last);
  return found;
}

async function compareDays(db: Db, { from, to }: DayRange): Promise<readonly WrongCounter[]> {
  const { fromAt, beforeAt } = instantsOf({ from, to });
  const { rows } = await sql<{
    day: string;
    to: string | null;
    unit_id: string;
    cell: string;
    kept: string;
    counted: string;
  }>`
    with counted as materialized (
      select tally_day(counted_at) as day, coalesce(unit_id, 0) as unit_id,
             tally_cell(scope, city_scope, source, valid, contacted, solved, satisfied) as cell, count(*) as n
        from result where not void and counted_at >= ${new Date(fromAt)} and counted_at < ${new Date(beforeAt)} group by 1, 2, 3),
    deltas as materialized (
      select day, unit_id, cell, n from tally_delta where day between ${from} and ${to}),
    days as (
      select day, unit_id, cell, sum(n) as n
        from (select day, unit_id, cell, n from tally where day between ${from} and ${to}
              union all select day, unit_id, cell, n from deltas) k
       group by 1, 2, 3 having sum(n) <> 0),
    sums as (
      select unit_id, cell, sum(n) as n
        from (select unit_id, cell, n from tally_sum where from_day = ${from}
              union all select unit_id, cell, n from deltas) k
       group by 1, 2 having sum(n) <> 0),
    counted_sums as (select unit_id, cell, sum(n) as n from counted group by 1, 2)
    select day::text as day, null as to, unit_id::text as unit_id, cell, coalesce(k.n, 0)::text as kept, coalesce(c.n, 0)::text as counted
      from days k full join counted c using (day, unit_id, cell)
     where k.n is distinct from c.n
    union all
    select ${from}::text, ${to}::text, unit_id::text, cell, coalesce(k.n, 0)::text, coalesce(c.n, 0)::text
      from sums k full join counted_sums c using (unit_id, cell)
     where k.n is distinct from c.n
       and exists (select from tally_span where from_day = ${from} and to_day = ${to})
     order by 1, 2, 3, 4
     limit ${NAMED}`.execute(db);
  return rows.map((row) => ({
    day: row.day,
    to: row.to,
    unitId: row.unit_id,
    cell: row.cell,
    kept: Number(row.kept),
    counted: Number(row.counted),
  }));
}

/** Compares, and keeps that it was done and what was found as alarms; answers them. */
export async function recountTally(db: Db, now: number): Promise<readonly WrongCounter[]> {
  const began = performance.now();
  const wrong = await compareTally(db);
  const ms = Math.round(performance.now() - began);
  await db.transaction().execute((tx) => keepCheck(tx, now, ms, wrong));
  return wrong;
}

async function keepCheck(
  tx: Transaction<DB>,
  now: number,
  ms: number,
  wrong: readonly WrongCounter[],
): Promise<void> {
  const at = new Date(now);
  const { id } = await tx
    .insertInto("tally_check")
    .values({ at, ms, wrong: wrong.length })
    .returning("id")
    .executeTakeFirstOrThrow();
  if (wrong.length === 0) return;
  const rows = wrong.map((each) => ({
    check_id: id,
    at,
    day: each.day,
    to_day: each.to,
    unit_id: each.unitId,
    cell: each.cell,
    kept: each.kept,
    counted: each.counted,
  }));
  await tx.insertInto("tally_alarm").values(rows).execute();
}

/** Whether this night's recount has still to be done. */
async function isOwed(shell: Shell): Promise<boolean> {
  const due = startOfDay(dayOf(shell.now())) + THREE_O_CLOCK;
  if (shell.now() < due) return false;
  const done = await shell.db
    .selectFrom("tally_check")
    .select("id")
    .where("at", ">=", new Date(due))
    .limit(1)
    .executeTakeFirst();
  return done === undefined;
}

/** 后台步骤: recounts once a night, at the first look after three o'clock, by one of the workers. */
export async function recountStep(shell: Shell): Promise<number> {
  if (!(await isOwed(shell))) return 0;
  await shell.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{
      got: boolean;
    }>`select pg_try_advisory_xact_lock(${RECOUNT_LOCK}) as got`.execute(tx);
    // Asked again: another worker may have done it between the question and the lock.
    if (rows[0]?.got && (await isOwed(shell))) await recountTally(shell.db, shell.now());
  });
  return 0;
}
