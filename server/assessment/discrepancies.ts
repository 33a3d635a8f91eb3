/**
 * 回访差异. The centre's own callback foretells the city's; where both asked about one round, do they agree, question by
 * question? The last answered callback of each counts. A question that one of them left blank is not compared.
 */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export interface Span {
  /** Epoch ms of the day a round counts on, the end left out. */
  readonly fromAt: number;
  readonly beforeAt: number;
  readonly unitId?: string | undefined;
}

export interface Discrepancy {
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly unitId: string | null;
  readonly unitName: string | null;
  readonly caller: string;
  readonly ownAt: Date;
  readonly cityAt: Date;
  readonly own: Answers;
  readonly city: Answers;
}
interface Answers {
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
}

/** Rounds whose own and city callbacks disagree, newest first, `limit` at most. */
export function discrepancies(db: Db, span: Span, limit: number): Promise<readonly Discrepancy[]> {
  return listPairs(db, span, { which: "differing" }, limit);
}

/** Which pairs a figure of the accuracy counts: of one caller, unit or month; all, those that agree, or those that do not. */
export const PAIRS_SHOWN = ["all", "agreed", "differing"] as const;
export interface Shown {
  readonly which: (typeof PAIRS_SHOWN)[number];
  readonly of?: { readonly by: AccuracyBy; readonly key: string };
}

/** Rounds that both have asked about, newest first, `limit` at most. */
export async function listPairs(
  db: Db,
  span: Span,
  { which, of }: Shown,
  limit: number,
): Promise<readonly Discrepancy[]> {
  const conditions = [WHICH[which], of ? sql<boolean>`${KEYS[of.by].key} = ${of.key}` : sql<boolean>`true`];
  const { rows } = await sql<PairRow>`
    select * from (${pairs(span)}) p where ${sql.join(conditions, sql` and `)}
     order by counted_at desc, ticket_id desc, round desc limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ticketId: row.ticket_id,
    number: row.number,
    round: row.round,
    unitId: row.unit_id,
    unitName: row.unit_name,
    caller: row.caller,
    ownAt: row.own_at,
    cityAt: row.city_at,
    own: { contacted: row.own_contacted, solved: row.own_solved, satisfied: row.own_satisfied },
    city: { contacted: row.city_contacted, solved: row.city_solved, satisfied: row.city_satisfied },
  }));
}

export const ACCURACY_BY = ["caller", "unit", "month"] as const;
export type AccuracyBy = (typeof ACCURACY_BY)[number];

export interface Accuracy {
  readonly key: string;
  readonly name: string;
  /** Rounds that both have asked about. */
  readonly pairs: number;
  /** Rounds in which every question that both answered has the same answer. */
  readonly agreed: number;
  readonly contacted: Agreement;
  readonly solved: Agreement;
  readonly satisfied: Agreement;
}
/** Of so many answered by both, so many the same. */
export interface Agreement {
  readonly both: number;
  readonly same: number;
}

/** How often own callbacks foretold the city's, by caller, unit or calendar month. */
export async function accuracy(db: Db, span: Span, by: AccuracyBy): Promise<readonly Accuracy[]> {
  const { rows } = await sql<Record<string, string>>`
    select ${KEYS[by].key} as key, ${KEYS[by].name} as name, count(*)::text as pairs,
           count(*) filter (where ${WHICH.agreed})::text as agreed,
           ${both("contacted")}, ${both("solved")}, ${both("satisfied")}
      from (${pairs(span)}) p
     group by 1 order by 1`.execute(db);
  const agreement = (row: Record<string, string>, question: string): Agreement => ({
    both: Number(row[`${question}_both`]),
    same: Number(row[`${question}_same`]),
  });
  return rows.map((row) => ({
    key: row.key ?? "",
    name: row.name ?? "",
    pairs: Number(row.pairs),
    agreed: Number(row.agreed),
    contacted: agreement(row, "contacted"),
    solved: agreement(row, "solved"),
    satisfied: agreement(row, "satisfied"),
  }));
}

const MONTH = sql<string>`to_char(tally_day(counted_at), 'YYYY-MM')`;
const KEYS: Readonly<Record<AccuracyBy, Record<"key" | "name", RawBuilder<string>>>> = {
  caller: { key: sql`coalesce(caller_id::text, caller)`, name: sql`max(caller)` },
  unit: { key: sql`coalesce(unit_id::text, '')`, name: sql`coalesce(max(unit_name), '')` },
  month: { key: MONTH, name: sql`max(${MONTH})` },
};

type Asked = "contacted" | "solved" | "satisfied";
const differs = (question: Asked): RawBuilder<boolean> =>
  sql`(coalesce(${sql.ref(`own_${question}`)} <> ${sql.ref(`city_${question}`)}, false))`;
const DIFFERS = {
  contacted: differs("contacted"),
  solved: differs("solved"),
  satisfied: differs("satisfied"),
};

const ANY_DIFFERS = sql<boolean>`(${DIFFERS.contacted} or ${DIFFERS.solved} or ${DIFFERS.satisfied})`;
const WHICH: Readonly<Record<(typeof PAIRS_SHOWN)[number], RawBuilder<boolean>>> = {
  all: sql`true`,
  agreed: sql`not ${ANY_DIFFERS}`,
  differing: ANY_DIFFERS,
};

function both(question: Asked): RawBuilder<unknown> {
  const [own, city] = [sql.ref(`own_${question}`), sql.ref(`city_${question}`)];
  return sql`count(*) filter (where ${own} is not null and ${city} is not null)::text as ${sql.ref(`${question}_both`)},
    count(*) filter (where ${own} = ${city})::text as ${sql.ref(`${question}_same`)}`;
}

/** Every round of the span that both have asked about, with the last answers of each. */
function pairs({ fromAt, beforeAt, unitId }: Span): RawBuilder<PairRow> {
  return sql`
    select r.ticket_id, t.number, r.round, r.counted_at, r.unit_id, u.short_name as unit_name,
           o.user_id as caller_id, o.user_name as caller, o.at as own_at, c.at as city_at,
           o.contacted as own_contacted, o.solved as own_solved, o.satisfied as own_satisfied,
           c.contacted as city_contacted, c.solved as city_solved, c.satisfied as city_satisfied
      from result r
      join ticket t on t.id = r.ticket_id
      left join unit u on u.id = r.unit_id
      join lateral (select * from callback b where b.ticket_id = r.ticket_id and b.round = r.round and b.source = 'own'
                       and b.outcome = 'answered' order by b.id desc limit 1) o on true
      join lateral (select * from callback b where b.ticket_id = r.ticket_id and b.round = r.round and b.source = 'city'
                       and b.outcome = 'answered' order by b.id desc limit 1) c on true
     where r.source = 'city' and not r.void and r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)}
           ${unitId === undefined ? sql`` : sql`and r.unit_id = ${unitId}`}`;
}

interface PairRow {
  readonly ticket_id: string;
  readonly number: string;
  readonly round: number;
  readonly unit_id: string | null;
  readonly unit_name: string | null;
  readonly caller: string;
  readonly own_at: Date;
  readonly city_at: Date;
  readonly own_contacted: string | null;
  readonly own_solved: string | null;
  readonly own_satisfied: string | null;
  readonly city_contacted: string | null;
  readonly city_solved: string | null;
  readonly city_satisfied: string | null;
}
