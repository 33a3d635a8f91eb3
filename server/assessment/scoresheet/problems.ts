/** 主要问题. Per unit and category, how many tickets were not solved and how many requesters dissatisfied: by the ledger's own count. */
import type { StatScope } from "@jiesu/core/assessment/entry.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { KeyedEntries } from "@jiesu/core/assessment/rates.ts";
import type { SheetProblem } from "@jiesu/core/assessment/scoresheet.ts";
import {
  countsOver,
  readingsOf,
  type Segment,
  type SegmentEntries,
  startsOf,
} from "@jiesu/core/assessment/segments.ts";
import { instantsOf, type Period } from "@jiesu/core/time/period.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../../platform/db/open.ts";
import type { Closed } from "../frozen.ts";
import { ENTRY_AT, segmentAt } from "../store.ts";

/** Of the frozen rows where the closing is given, of the results as they stand otherwise; by unit. */
export async function problemsByUnit(
  db: Db,
  of: {
    readonly level: Level;
    readonly period: Period;
    readonly segments: readonly Segment[];
    readonly closed: Closed | null;
  },
  scope: StatScope,
): Promise<ReadonlyMap<string, readonly SheetProblem[]>> {
  const { rows } = await sql<CountedEntry>`
    select unit_id, category1, segment, scope, valid, contacted, solved, satisfied, count(*)::int as times
      from (${of.closed === null ? standing(of) : frozen(of.closed)}) e
     where unit_id is not null
     group by 1, 2, 3, 4, 5, 6, 7, 8`.execute(db);
  const entries = rows.map(({ unit_id, category1, segment, times, ...entry }): SegmentEntries => {
    return { key: JSON.stringify([unit_id, category1]), segment, entry, times };
  });
  const found = [...countsOver(entries, readingsOf(of.segments, scope))].map(
    ([key, { unsolved, dissatisfied }]) => {
      const [unitId, category] = JSON.parse(key) as [string, string]; // written four lines above
      return { unitId, problem: { category, unsolved, dissatisfied } };
    },
  );
  return new Map(
    [...Map.groupBy(found, ({ unitId }) => unitId)].map(([unitId, its]) => [
      unitId,
      its.map(({ problem }) => problem),
    ]),
  );
}

/** The problems of several units together. */
export function problemsTogether(of: Iterable<readonly SheetProblem[]>): readonly SheetProblem[] {
  const sums = new Map<string, SheetProblem>();
  for (const problems of of)
    for (const { category, unsolved, dissatisfied } of problems) {
      const sum = sums.get(category);
      sums.set(category, {
        category,
        unsolved: (sum?.unsolved ?? 0) + unsolved,
        dissatisfied: (sum?.dissatisfied ?? 0) + dissatisfied,
      });
    }
  return [...sums.values()];
}

type CountedEntry = KeyedEntries["entry"] & {
  readonly unit_id: string;
  readonly category1: string;
  readonly segment: number;
  readonly times: number;
};

function standing(of: {
  readonly level: Level;
  readonly period: Period;
  readonly segments: readonly Segment[];
}): RawBuilder<unknown> {
  const { level, period, segments } = of;
  const { fromAt, beforeAt } = instantsOf(period);
  return sql`
    select r.unit_id, t.category1, ${segmentAt(startsOf(segments))} as segment, e.* from result r
      cross join lateral (select ${ENTRY_AT[level]}) e
      join ticket t on t.id = r.ticket_id
     where r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)} and not r.void`;
}

const frozen = (closed: Closed): RawBuilder<unknown> => sql`
    select unit_id, category1, segment, scope, valid, contacted, solved, satisfied from closing_row where closing_id = ${closed.id}`;
