/** 工单计数. Several filters counted in one pass; each count is that of the list which the same filter opens. */
import { type SelectExpression, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { DB } from "../platform/db/types.ts";
import { listConditions, type TicketFilter } from "./list.ts";

export interface Counted {
  readonly count: number;
  /** The latest of the asked times among those counted, epoch ms; null where none was asked for or none has it. */
  readonly lastAt: number | null;
}

/** A filter, and the time of which the latest is told beside its count. */
export interface Part {
  readonly filter: TicketFilter;
  readonly last?: "due_at" | "received_at" | "dispatched_at";
}

/** How many tickets each filter lists for this person; all are parts of `all`, which narrows what is read. */
export async function countFilters(
  db: Db,
  actor: Actor,
  all: TicketFilter,
  parts: Readonly<Record<string, Part>>,
  now: number,
): Promise<ReadonlyMap<string, Counted>> {
  const named = Object.entries(parts);
  if (named.length === 0) return new Map();
  const row = await db
    .selectFrom("ticket as t")
    .select((eb) =>
      named.flatMap(([key, { filter, last }]): SelectExpression<DB & { t: DB["ticket"] }, "t">[] => {
        const part = eb.and(listConditions(eb, db, actor, filter, now));
        const count = eb.fn.countAll<string>().filterWhere(() => part);
        const latest = last && eb.fn.max<Date | null>(`t.${last}`).filterWhere(() => part);
        return [count.as(`n ${key}`), ...(latest ? [latest.as(`last ${key}`)] : [])];
      }),
    )
    .where((eb) => eb.and(listConditions(eb, db, actor, all, now)))
    .executeTakeFirst();
  const found: Record<string, unknown> = { ...row };
  return new Map(
    named.map(([key]) => [
      key,
      { count: Number(found[`n ${key}`] ?? 0), lastAt: msOf(found[`last ${key}`]) },
    ]),
  );
}

/** How many tickets were received in each stretch of time. */
export async function countReceived(
  db: Db,
  unitId: string | null,
  spans: readonly { readonly from: number; readonly before: number }[],
): Promise<number[]> {
  if (spans.length === 0) return [];
  const own = sql`(${unitId}::bigint is null or t.lead_unit_id = ${unitId}::bigint)`;
  const within = sql`t.received_at >= s.from_at and t.received_at < s.before_at and ${own}`;
  // Two looks into an index each, instead of one at every ticket's state.
  const { rows } = await sql<{ n: string }>`
    select ((select count(*) from ticket t where ${within})
          - (select count(*) from ticket t where t.state = 'voided' and ${within}))::text as n
    from unnest(${spans.map((s) => new Date(s.from))}::timestamptz[], ${spans.map((s) => new Date(s.before))}::timestamptz[])
      with ordinality as s(from_at, before_at, i)
    order by s.i`.execute(db);
  return rows.map((r) => Number(r.n));
}

/** When the ledger's first ticket (of a unit) was received; null where there is none. */
export async function firstReceived(db: Db, unitId: string | null): Promise<number | null> {
  const row = await db
    .selectFrom("ticket")
    .select("received_at")
    .$if(unitId !== null, (q) => q.where("lead_unit_id", "=", unitId ?? "0"))
    .orderBy("received_at")
    .limit(1)
    .executeTakeFirst();
  return row?.received_at.getTime() ?? null;
}

const msOf = (value: unknown): number | null => (value instanceof Date ? value.getTime() : null);
