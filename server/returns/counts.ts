/**
 * 采集与退单统计的计数. Whole sets in SQL; the figures of a table and the tickets behind each are read by the same conditions,
 * so that what a number says is what it opens into. Definitions: core/returns/measures.ts.
 */
import type { ReturnStanding } from "@jiesu/core/returns/measures.ts";
import { type DayRange, instantsOf } from "@jiesu/core/time/period.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export const RETURN_BY = ["unit", "ground", "category", "outcome", "week", "month"] as const;
export const WITHDRAWAL_BY = ["channel", "category", "street", "week", "month"] as const;
export const COLLECTION_BY = ["channel", "path", "kind", "hour", "category", "week", "month"] as const;
export type ReturnBy = (typeof RETURN_BY)[number];
export type WithdrawalBy = (typeof WITHDRAWAL_BY)[number];
export type CollectionBy = (typeof COLLECTION_BY)[number];

type Text = RawBuilder<string>;

/** Beijing's Monday, month and hour of an instant. */
const weekOf = (at: Text): Text =>
  sql`to_char(date_trunc('week', ${at} at time zone 'Asia/Shanghai'), 'YYYY-MM-DD')`;
const monthOf = (at: Text): Text => sql`to_char(${at} at time zone 'Asia/Shanghai', 'YYYY-MM')`;
const hourOf = (at: Text): Text => sql`to_char(${at} at time zone 'Asia/Shanghai', 'HH24')`;

/** Where it stands: what followed the review decides whether the centre designated. */
export const standing: Text = sql`case when r.outcome is null then 'waiting' when r.outcome = 'refused' then 'refused'
  when coalesce(n.designated, false) then 'designated' when r.outcome = 'ownership' then 'ownership' else 'accepted' end`;

const asked: Text = sql`r.asked_at`;
const RETURN_KEYS: Readonly<Record<ReturnBy, Text>> = {
  unit: sql`r.unit_id::text`,
  ground: sql`coalesce(r.ground, '')`,
  category: sql`r.category1`,
  outcome: standing,
  week: weekOf(asked),
  month: monthOf(asked),
};

/** Returns asked for in these days, not taken back; a unit's own only where one is named. */
export function returnsIn(days: DayRange, unitId: string | null): RawBuilder<unknown> {
  const { fromAt, beforeAt } = instantsOf(days);
  return sql`unit_return r
    left join assignment n on n.ticket_id = r.ticket_id and n.round = r.round + 1 and n.part = 'lead'
   where r.undone_at is null and r.asked_at >= ${new Date(fromAt)} and r.asked_at < ${new Date(beforeAt)}
         ${unitId === null ? sql`` : sql`and r.unit_id = ${unitId}`}`;
}

export const returnKey = (by: ReturnBy): Text => RETURN_KEYS[by];

export type ReturnCounts = Readonly<Record<ReturnStanding | "asked", number>> & { readonly key: string };

export async function countReturns(
  db: Db,
  days: DayRange,
  by: ReturnBy,
  unitId: string | null,
): Promise<readonly ReturnCounts[]> {
  const { rows } = await sql<ReturnCounts>`
    select s.key, count(*)::int as asked,
           (count(*) filter (where s.standing = 'waiting'))::int as waiting,
           (count(*) filter (where s.standing = 'accepted'))::int as accepted,
           (count(*) filter (where s.standing = 'designated'))::int as designated,
           (count(*) filter (where s.standing = 'refused'))::int as refused,
           (count(*) filter (where s.standing = 'ownership'))::int as ownership
      from (select ${returnKey(by)} as key, ${standing} as standing from ${returnsIn(days, unitId)}) s
     group by 1`.execute(db);
  return rows;
}

/** Rounds of dispatch in these days by unit, category or time; null where a round has no such key (ground, outcome). */
export async function countRounds(
  db: Db,
  days: DayRange,
  by: ReturnBy,
  unitId: string | null,
): Promise<ReadonlyMap<string, number> | null> {
  if (by === "ground" || by === "outcome") return null;
  const { fromAt, beforeAt } = instantsOf(days);
  const at: Text = sql`a.dispatched_at`;
  const key = {
    ...{ unit: sql`a.unit_id::text`, category: sql`t.category1`, week: weekOf(at), month: monthOf(at) },
  }[by];
  const { rows } = await sql<{ key: string; n: number }>`
    select ${key} as key, count(*)::int as n
      from assignment a ${by === "category" ? sql`join ticket t on t.id = a.ticket_id` : sql``}
     where a.part = 'lead' and a.dispatched_at >= ${new Date(fromAt)} and a.dispatched_at < ${new Date(beforeAt)}
           ${unitId === null ? sql`` : sql`and a.unit_id = ${unitId}`}
     group by 1`.execute(db);
  return new Map(rows.map((row) => [row.key, row.n]));
}

/** The last answer of the city before another asking: a yes that was taken back later is a no. */
const cityAnswer: Text = sql`coalesce((
  select w.kind from event w
   where w.ticket_id = e.ticket_id and w.id > e.id and w.kind in ('acceptWithdraw', 'rejectWithdraw')
         and not exists (select from event x where x.ticket_id = e.ticket_id and x.kind = 'applyWithdraw'
                                               and x.id > e.id and x.id < w.id)
   order by w.id desc limit 1), 'waiting')`;

const applied: Text = sql`e.at`;
const WITHDRAWAL_KEYS: Readonly<Record<WithdrawalBy, Text>> = {
  channel: sql`t.channel`,
  category: sql`t.category1`,
  street: sql`t.street`,
  week: weekOf(applied),
  month: monthOf(applied),
};

/** Askings of these days; one taken back within minutes was none. */
function withdrawalsIn(days: DayRange): RawBuilder<unknown> {
  const { fromAt, beforeAt } = instantsOf(days);
  return sql`event e join ticket t on t.id = e.ticket_id
   where e.kind = 'applyWithdraw' and e.at >= ${new Date(fromAt)} and e.at < ${new Date(beforeAt)}
         and not exists (select from event u where u.ticket_id = e.ticket_id and u.version = e.version + 1
                                               and u.kind = 'undo:applyWithdraw')`;
}

export interface WithdrawalCounts {
  readonly key: string;
  readonly applied: number;
  readonly waiting: number;
  readonly accepted: number;
  readonly rejected: number;
}

export async function countWithdrawals(
  db: Db,
  days: DayRange,
  by: WithdrawalBy,
): Promise<readonly WithdrawalCounts[]> {
  const { rows } = await sql<WithdrawalCounts>`
    select s.key, count(*)::int as applied,
           (count(*) filter (where s.answer = 'waiting'))::int as waiting,
           (count(*) filter (where s.answer = 'acceptWithdraw'))::int as accepted,
           (count(*) filter (where s.answer = 'rejectWithdraw'))::int as rejected
      from (select ${WITHDRAWAL_KEYS[by]} as key, ${cityAnswer} as answer from ${withdrawalsIn(days)}) s
     group by 1`.execute(db);
  return rows;
}

const received: Text = sql`t.received_at`;
const COLLECTION_KEYS: Readonly<Record<CollectionBy, Text>> = {
  channel: sql`t.channel`,
  path: sql`t.path`,
  kind: sql`t.kind`,
  hour: hourOf(received),
  category: sql`t.category1`,
  week: weekOf(received),
  month: monthOf(received),
};

/** Tickets that came in these days with their first round, and whether the centre took that one back. */
function collectedIn(days: DayRange): RawBuilder<unknown> {
  const { fromAt, beforeAt } = instantsOf(days);
  return sql`ticket t
    left join assignment a on a.ticket_id = t.id and a.round = 1 and a.part = 'lead'
    left join lateral (select true as yes from unit_return r
                        where r.ticket_id = t.id and r.round = 1 and r.undone_at is null
                              and r.outcome in ('accepted', 'ownership') limit 1) wrong on true
   where t.received_at >= ${new Date(fromAt)} and t.received_at < ${new Date(beforeAt)} and t.state <> 'voided'`;
}

const COLLECTED = {
  tickets: sql`t.state <> 'merged'`,
  merged: sql`t.state = 'merged'`,
  dispatched: sql`t.state <> 'merged' and a.id is not null`,
  firstRight: sql`t.state <> 'merged' and a.id is not null and wrong.yes is null`,
  replied: sql`t.state <> 'merged' and t.closing_kind in ('reply', 'direct')`,
  withdrawn: sql`t.state = 'withdrawn'`,
  closed: sql`t.state = 'closed'`,
} as const satisfies Readonly<Record<string, RawBuilder<unknown>>>;
export type CollectedFigure = keyof typeof COLLECTED;
const COLLECTED_KEYS = Object.keys(COLLECTED) as readonly CollectedFigure[];

export type CollectionCounts = Readonly<Record<CollectedFigure, number>> & {
  readonly key: string;
  /** Median; null where nothing was dispatched. */
  readonly minutes: number | null;
};

export async function countCollected(
  db: Db,
  days: DayRange,
  by: CollectionBy | null,
): Promise<readonly CollectionCounts[]> {
  const figures = sql.join(
    COLLECTED_KEYS.map((key) => sql`(count(*) filter (where ${COLLECTED[key]}))::int as ${sql.id(key)}`),
  );
  const { rows } = await sql<CollectionCounts>`
    select ${by === null ? sql`''` : COLLECTION_KEYS[by]} as key, ${figures},
           round((percentile_cont(0.5) within group (
             order by extract(epoch from a.dispatched_at - coalesce(t.city_dispatched_at, t.received_at)) / 60)
             filter (where t.state <> 'merged' and t.path in ('district', 'own')))::numeric, 1)::float8 as minutes
      from ${collectedIn(days)}
     group by 1`.execute(db);
  return rows;
}

/** Which tickets a list is to hold: those behind one figure of one row of a table. */
export type Behind =
  | { readonly of: "returns"; readonly figure: ReturnStanding | "asked"; readonly by: ReturnBy }
  | {
      readonly of: "withdrawals";
      readonly figure: keyof Omit<WithdrawalCounts, "key">;
      readonly by: WithdrawalBy;
    }
  | { readonly of: "collection"; readonly figure: CollectedFigure; readonly by: CollectionBy };

export interface BehindRow {
  /** Where the next page goes on. */
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly unitName: string | null;
  readonly at: Date;
  readonly nth: number | null;
  readonly groundZh: string | null;
  readonly reason: string | null;
  readonly standing: string | null;
  readonly words: string | null;
}

/** One page, the latest first; `key` null: the whole span. */
export async function ticketsBehind(
  db: Db,
  behind: Behind,
  days: DayRange,
  place: { readonly key: string | null; readonly unitId: string | null; readonly after: string | null },
  limit: number,
): Promise<readonly BehindRow[]> {
  const { key, unitId, after } = place;
  const at = (expression: Text) => (key === null ? sql`` : sql`and ${expression} = ${key}`);
  const beyond = (id: Text) => (after === null ? sql`` : sql`and ${id} < ${after}::bigint`);
  if (behind.of === "returns") {
    const { rows } = await sql<BehindRow>`
      select r.id, r.ticket_id as "ticketId", t.number, t.title, t.state, u.short_name as "unitName", r.asked_at as at, r.nth,
             coalesce(r.ground_zh, '未分类') as "groundZh", r.reason, r.standing, r.words
        from (select r.*, ${standing} as standing from ${returnsIn(days, unitId)} ${at(returnKey(behind.by))}
                     ${beyond(sql`r.id`)}) r
        join ticket t on t.id = r.ticket_id join unit u on u.id = r.unit_id
       where ${behind.figure === "asked" ? sql`true` : sql`r.standing = ${behind.figure}`}
       order by r.id desc limit ${limit}`.execute(db);
    return rows;
  }
  if (behind.of === "withdrawals") {
    const answer = {
      applied: null,
      waiting: "waiting",
      accepted: "acceptWithdraw",
      rejected: "rejectWithdraw",
    }[behind.figure];
    const { rows } = await sql<BehindRow>`
      select s.*, null as nth, null as "groundZh", null as words, null as "unitName" from (
        select e.id, e.ticket_id as "ticketId", t.number, t.title, t.state, e.at, e.data ->> 'ground' as reason,
               ${cityAnswer} as standing
          from ${withdrawalsIn(days)} ${at(WITHDRAWAL_KEYS[behind.by])} ${beyond(sql`e.id`)}) s
       where ${answer === null ? sql`true` : sql`s.standing = ${answer}`}
       order by s.id desc limit ${limit}`.execute(db);
    return rows;
  }
  const { rows } = await sql<BehindRow>`
    select t.id, t.id as "ticketId", t.number, t.title, t.state, u.short_name as "unitName", t.received_at as at,
           null as nth, null as "groundZh", null as reason, null as standing, null as words
      from (select t.id from ${collectedIn(days)} and ${COLLECTED[behind.figure]} ${at(COLLECTION_KEYS[behind.by])}
                   ${beyond(sql`t.id`)} order by t.id desc limit ${limit}) found
      join ticket t on t.id = found.id left join unit u on u.id = t.lead_unit_id
     order by t.id desc`.execute(db);
  return rows;
}
