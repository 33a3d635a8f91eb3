/** 对账所读. The city's lines in force, every round of ours that they may mean, and what is known beside the two readings. */
import type { Evidence } from "@jiesu/core/assessment/causes.ts";
import type { KeptEntry } from "@jiesu/core/assessment/level.ts";
import type { RoundRef, RoundThere } from "@jiesu/core/cityresult/match.ts";
import { type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Db } from "../../platform/db/open.ts";
import type { KeyedLine } from "./filestore.ts";

export async function linesOf(db: Db, fileId: string): Promise<readonly KeyedLine[]> {
  const { rows } = await sql<Omit<KeyedLine, "dispatchedAt"> & { dispatched_at: Date | null }>`
    select row, key, number, round, dispatched_at, unit, scope, valid, contacted, solved, satisfied, ground, note
      from city_line where file_id = ${fileId} order by row`.execute(db);
  return rows.map(({ dispatched_at, ...line }) => ({
    ...line,
    dispatchedAt: dispatched_at?.getTime() ?? null,
  }));
}

/** One round of ours with what it counts for. */
export interface RoundRow extends RoundThere {
  readonly number: string;
  readonly kept: KeptEntry;
  readonly merged: boolean;
}

/**
 * Every round of the tickets that a file names or a person has matched, and every round that counts between two instants
 * by a callback of the city's.
 */
export async function roundsFor(
  db: Db,
  fileId: string,
  matched: readonly string[],
  fromAt: number,
  beforeAt: number,
): Promise<readonly RoundRow[]> {
  const { rows } = await sql<RoundRead>`
    with asked as (
      select t.id from ticket t join city_line l on l.number = t.number where l.file_id = ${fileId}
      union select unnest(${matched}::bigint[])
      union select r.ticket_id from result r
             where r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)}
               and r.source = 'city' and r.valid and not r.void)
    select r.ticket_id, t.number, r.round, r.unit_id, r.counted_at, r.void, t.state = 'merged' as merged,
           r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied
      from asked a join ticket t on t.id = a.id join result r on r.ticket_id = a.id
     where t.state <> 'voided'
     order by r.ticket_id, r.round`.execute(db);
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    number: row.number,
    round: row.round,
    unitId: row.unit_id,
    countedAt: row.counted_at.getTime(),
    void: row.void,
    merged: row.merged,
    kept: {
      scope: row.scope,
      cityScope: row.city_scope,
      source: row.source,
      valid: row.valid,
      contacted: row.contacted,
      solved: row.solved,
      satisfied: row.satisfied,
    },
  }));
}

/** Rounds that count between two instants and that nobody of the city has called about: no base has them. */
export async function countUnheard(db: Db, fromAt: number, beforeAt: number): Promise<number> {
  const { rows } = await sql<{ n: string }>`
    select count(*)::text as n from result r
     where r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)} and not r.void
       and not (r.valid and r.source is not distinct from 'city')`.execute(db);
  return Number(rows[0]?.n ?? 0);
}

export type Applied = Pick<Evidence, "exemption"> & { readonly outcomeAt: number | null };

/** The last application for exemption of each round of these tickets, by "ticket round". */
export async function applicationsOf(
  db: Db,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, Applied>> {
  const { rows } = await sql<{
    ticket_id: string;
    round: number;
    state: NonNullable<Evidence["exemption"]>;
    outcome_at: Date | null;
  }>`
    select distinct on (x.ticket_id, x.round) x.ticket_id, x.round, x.state, x.outcome_at
      from exemption x where x.ticket_id = any(${ticketIds}::bigint[])
     order by x.ticket_id, x.round, x.id desc`.execute(db);
  return new Map(
    rows.map((row) => [
      `${row.ticket_id} ${row.round}`,
      { exemption: row.state, outcomeAt: row.outcome_at?.getTime() ?? null },
    ]),
  );
}

export interface Called {
  readonly times: number;
  readonly lastAt: number;
}

/** How often the city's callback of each round of these tickets was recorded, and when last, by "ticket round". */
export async function cityCallsOf(
  db: Db,
  ticketIds: readonly string[],
): Promise<ReadonlyMap<string, Called>> {
  const { rows } = await sql<{ ticket_id: string; round: number; times: number; last_at: Date }>`
    select ticket_id, round, count(*)::int as times, max(at) as last_at
      from callback where ticket_id = any(${ticketIds}::bigint[]) and source = 'city' and outcome = 'answered'
     group by ticket_id, round`.execute(db);
  return new Map(
    rows.map((row) => [`${row.ticket_id} ${row.round}`, { times: row.times, lastAt: row.last_at.getTime() }]),
  );
}

/** The other period whose file in force names each of these numbers. */
export async function namedElsewhere(
  db: Db,
  period: PeriodName,
  numbers: readonly string[],
): Promise<ReadonlyMap<string, PeriodName>> {
  const { rows } = await sql<{ number: string; period: string }>`
    with standing as (
      select distinct on (period) id, period from city_file
       where kind = 'lines' and status = 'confirmed' order by period, version desc)
    select l.number, max(s.period) as period
      from standing s join city_line l on l.file_id = s.id
     where s.period <> ${period} and l.number = any(${numbers}::text[])
     group by l.number`.execute(db);
  return new Map(
    rows.flatMap((row) => {
      const name = parsePeriodName(row.period);
      return name === null ? [] : [[row.number, name] as const];
    }),
  );
}

/** What people matched by hand in a period, the last word of each line. */
export async function matchedByHand(db: Db, period: PeriodName): Promise<ReadonlyMap<string, RoundRef>> {
  const { rows } = await sql<{ key: string; ticket_id: string | null; round: number | null }>`
    select distinct on (key) key, ticket_id, round from city_match where period = ${period}
     order by key, id desc`.execute(db);
  return new Map(
    rows.flatMap(({ key, ticket_id: ticketId, round }) =>
      ticketId === null || round === null ? [] : [[key, { ticketId, round }] as const],
    ),
  );
}

export const ACTS = ["adopted", "disputed", "corrected", "kept", "dropped"] as const;
export interface Act {
  readonly act: (typeof ACTS)[number];
  readonly cause: string;
  readonly note: string;
  readonly at: Date;
  readonly by: string;
}

/** What was decided on the lines of a period, by key, in order. */
export async function actsOf(
  db: Db,
  period: PeriodName,
  key?: string,
): Promise<ReadonlyMap<string, readonly Act[]>> {
  const { rows } = await sql<Act & { key: string }>`
    select key, act, cause, note, at, user_name as by from city_act
     where period = ${period} ${key === undefined ? sql`` : sql`and key = ${key}`} order by id`.execute(db);
  return Map.groupBy(rows, (row) => row.key);
}

export interface MatchMade {
  readonly ticketId: string | null;
  readonly number: string | null;
  readonly round: number | null;
  readonly reason: string;
  readonly at: Date;
  readonly by: string;
}

/** Every matching by hand of a line, in order. */
export async function matchingsOf(db: Db, period: PeriodName, key: string): Promise<readonly MatchMade[]> {
  const { rows } = await sql<MatchMade>`
    select m.ticket_id as "ticketId", t.number, m.round, m.reason, m.at, m.user_name as by
      from city_match m left join ticket t on t.id = m.ticket_id
     where m.period = ${period} and m.key = ${key} order by m.id`.execute(db);
  return rows;
}

/** What the city calls our units, where a person has said so; the last word of each name. */
export async function cityUnitNames(db: Db): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ name: string; unit_id: string }>`
    select distinct on (name) name, unit_id from city_unit_name order by name, id desc`.execute(db);
  return new Map(rows.map((row) => [row.name, row.unit_id]));
}

/** A unit → the one that took it over, at the end of the chain. */
export async function heirs(db: Db): Promise<(id: string) => string> {
  const rows = await db
    .selectFrom("unit")
    .select(["id", "merged_into"])
    .where("merged_into", "is not", null)
    .execute();
  const into = new Map(rows.flatMap((row) => (row.merged_into === null ? [] : [[row.id, row.merged_into]])));
  const heir = (id: string): string => {
    const next = into.get(id);
    return next === undefined ? id : heir(next);
  };
  return heir;
}

interface RoundRead {
  readonly ticket_id: string;
  readonly number: string;
  readonly round: number;
  readonly unit_id: string | null;
  readonly counted_at: Date;
  readonly void: boolean;
  readonly merged: boolean;
  readonly scope: KeptEntry["scope"];
  readonly city_scope: KeptEntry["cityScope"];
  readonly source: KeptEntry["source"];
  readonly valid: boolean;
  readonly contacted: KeptEntry["contacted"];
  readonly solved: KeptEntry["solved"];
  readonly satisfied: KeptEntry["satisfied"];
}
