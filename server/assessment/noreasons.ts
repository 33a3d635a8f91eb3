/**
 * “否”的原因. Why citizens said no: the reason recorded with the last answered callback of each round, question by question, the centre's
 * own and the city's apart. What has words but no code from the list counts as 其他说法; what has neither as 未记录原因.
 */
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Span } from "./discrepancies.ts";

export const REASON_SOURCES = ["own", "city"] as const;
export const REASONS_BY = ["unit", "month"] as const;
export const NO_QUESTIONS = ["contacted", "solved", "satisfied"] as const;

export interface Asked extends Span {
  readonly source: (typeof REASON_SOURCES)[number];
}

export interface ReasonCount {
  readonly key: string;
  readonly name: string;
  readonly question: (typeof NO_QUESTIONS)[number];
  readonly code: string;
  readonly zh: string;
  readonly n: number;
}

/** How often each reason was given, by unit or calendar month; the most frequent first. */
export async function countReasons(
  db: Db,
  asked: Asked,
  by: (typeof REASONS_BY)[number],
): Promise<readonly ReasonCount[]> {
  const { rows } = await sql<ReasonCount>`
    select ${KEYS[by]} as key, ${by === "unit" ? sql`max(unit_name)` : sql`max(${KEYS.month})`} as name,
           question, code, max(zh) as zh, count(*)::int as n
      from (${nos(asked)}) p
     group by 1, question, code order by n desc, 1, question, code`.execute(db);
  return rows;
}

export interface NoTicket {
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly round: number;
  readonly unitName: string;
  readonly at: Date;
  readonly by: string;
  readonly zh: string;
  /** What the citizen said, in words. */
  readonly said: string;
}

/** The rounds behind one count, the latest first. */
export async function reasonTickets(
  db: Db,
  asked: Asked,
  of: { readonly question: string; readonly code?: string | undefined; readonly month?: string | undefined },
  limit: number,
): Promise<readonly NoTicket[]> {
  const conditions = [sql<boolean>`question = ${of.question}`];
  if (of.code !== undefined) conditions.push(sql`code = ${of.code}`);
  if (of.month !== undefined) conditions.push(sql`${KEYS.month} = ${of.month}`);
  const { rows } = await sql<NoTicket>`
    select ticket_id as "ticketId", number, title, round, unit_name as "unitName", at, caller as by, zh, said
      from (${nos(asked)}) p where ${sql.join(conditions, sql` and `)}
     order by at desc, ticket_id desc, round desc limit ${limit}`.execute(db);
  return rows;
}

const KEYS = {
  unit: sql<string>`coalesce(unit_id::text, '')`,
  month: sql<string>`to_char(tally_day(counted_at), 'YYYY-MM')`,
} as const;

/** Every "no" of the span with its reason. */
function nos({ fromAt, beforeAt, unitId, source }: Asked): RawBuilder<unknown> {
  return sql`
    select r.ticket_id, t.number, coalesce(nullif(t.title, ''), left(t.content, 60)) as title, r.round, r.counted_at, r.unit_id,
           coalesce(u.short_name, '（无承办单位）') as unit_name, b.at, b.user_name as caller, q.question, b.reason as said,
           coalesce(b.reasons->q.question->>'code', case when b.reason <> '' then '-words' else '-none' end) as code,
           coalesce(b.reasons->q.question->>'zh', case when b.reason <> '' then '其他说法' else '未记录原因' end) as zh
      from result r
      join ticket t on t.id = r.ticket_id
      left join unit u on u.id = r.unit_id
      join lateral (select * from callback c where c.ticket_id = r.ticket_id and c.round = r.round and c.source = ${source}
                       and c.outcome = 'answered' order by c.id desc limit 1) b on true
      cross join lateral (values ('contacted', b.contacted = 'no'), ('solved', b.solved in ('no', 'partly')),
                                 ('satisfied', b.satisfied = 'dissatisfied')) q(question, no)
     where q.no and not r.void and r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)}
           ${unitId === undefined ? sql`` : sql`and r.unit_id = ${unitId}`}`;
}
