/** 协调单清单. Items that a person may see, cut by tab, party, words and day; how many are in each tab. */
import {
  isLiaisonState,
  LIAISON_STATES,
  type LiaisonState,
  liaisonWord,
} from "@jiesu/core/liaison/lifecycle.ts";
import { ANSWERS, type AnswerStanding, answerStanding } from "@jiesu/core/liaison/standing.ts";
import { type Day, endOfDay, startOfDay } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { RowOut } from "./shape.ts";

export const TABS = ["mine", "asking", "overdue", "answered", "closed", "cancelled", "all"] as const;
export type Tab = (typeof TABS)[number];

export interface LiaisonFilter {
  readonly tab: Tab;
  /** A unit by its id, or a side. */
  readonly party: string | null;
  readonly pace: string | null;
  readonly outcome: string | null;
  readonly words: string;
  readonly ticketId: string | null;
  /** Day on which it was begun. */
  readonly from: Day | null;
  readonly to: Day | null;
  /** Items that a figure counts; null: not cut by one. */
  readonly ids: readonly string[] | null;
}

/** A unit sees what it is party to. */
export function seesItem(actor: Actor): RawBuilder<unknown> {
  if (actor.unitId === null) return sql`true`;
  return sql`exists (select from liaison_party p where p.liaison_id = l.id and p.unit_id = ${actor.unitId})`;
}

/** Of a step: what was said to all, to the person's unit or by it; the centre reads everything. */
export function seesStep(actor: Actor): RawBuilder<unknown> {
  if (actor.unitId === null) return sql`true`;
  return sql`(s.to_ids = '{}' or exists (select from liaison_party own where own.liaison_id = s.liaison_id
    and own.unit_id = ${actor.unitId} and (own.id = s.party_id or own.id = any(s.to_ids))))`;
}

const WAITS = sql`a.answered_at is null and a.let_off_at is null`;
const OPEN = sql`l.state in ('asking', 'answered')`;

function tabIs(tab: Tab, actor: Actor, now: number): RawBuilder<unknown> {
  switch (tab) {
    case "mine":
      return actor.unitId === null
        ? sql`(l.state = 'answered' or exists (select from liaison_ask a join liaison_party p on p.id = a.party_id
            where a.liaison_id = l.id and ${WAITS} and p.side = 'centre'))`
        : sql`exists (select from liaison_ask a join liaison_party p on p.id = a.party_id
            where a.liaison_id = l.id and ${WAITS} and p.unit_id = ${actor.unitId})`;
    case "overdue":
      return sql`(${OPEN} and (l.due_at < ${new Date(now)} or exists (select from liaison_ask a
        where a.liaison_id = l.id and ${WAITS} and a.due_at < ${new Date(now)})))`;
    case "all":
      return sql`true`;
    default:
      return sql`l.state = ${tab}`;
  }
}

export async function countTabs(db: Db, actor: Actor, now: number): Promise<Record<Tab, number>> {
  const { rows } = await sql<Record<Tab, number>>`
    select ${sql.join(TABS.map((tab) => sql`count(*) filter (where ${tabIs(tab, actor, now)})::int as ${sql.ref(tab)}`))}
    from liaison l where ${seesItem(actor)}`.execute(db);
  const [counts] = rows;
  if (!counts) throw new Error("a count without a row");
  return counts;
}

/** One page, the newest first. */
export async function listLiaisons(
  db: Db,
  actor: Actor,
  f: LiaisonFilter,
  page: { readonly after: string | null; readonly limit: number },
  now: number,
): Promise<{ rows: z.infer<typeof RowOut>[]; next: string | null }> {
  const where: RawBuilder<unknown>[] = [seesItem(actor), tabIs(f.tab, actor, now)];
  if (page.after !== null) where.push(sql`l.id < ${page.after}`);
  if (f.party !== null)
    where.push(sql`exists (select from liaison_party p where p.liaison_id = l.id and ${partyIs(f.party)})`);
  if (f.pace !== null) where.push(sql`l.pace = ${f.pace}`);
  if (f.outcome !== null) where.push(sql`l.outcome = ${f.outcome}`);
  if (f.ticketId !== null)
    where.push(
      sql`exists (select from liaison_ticket lt where lt.liaison_id = l.id and lt.ticket_id = ${f.ticketId})`,
    );
  if (f.from !== null) where.push(sql`l.opened_at >= ${new Date(startOfDay(f.from))}`);
  if (f.to !== null) where.push(sql`l.opened_at <= ${new Date(endOfDay(f.to))}`);
  if (f.ids !== null) where.push(sql`l.id = any(${[...f.ids]}::bigint[])`);
  if (f.words !== "") where.push(saying(f.words, actor));
  const { rows } = await sql<Row>`
    select l.id, l.number, l.title, l.pace, l.pace_name, l.state, l.opened_at, l.opened_name, l.due_at, ou.short_name as opener_unit,
      (select count(*)::int from liaison_ticket lt where lt.liaison_id = l.id) as tickets,
      (select jsonb_agg(jsonb_build_object('id', p.id::text, 'side', p.side, 'unitId', p.unit_id::text, 'name', p.name, 'ask',
          (select jsonb_build_object('dueAt', a.due_at, 'answeredAt', a.answered_at, 'letOffAt', a.let_off_at)
             from liaison_ask a where a.party_id = p.id order by a.id desc limit 1)) order by p.id)
         from liaison_party p where p.liaison_id = l.id) as parties,
      (select jsonb_build_object('at', s.at, 'by', s.user_name, 'step', s.step, 'words', left(s.words, 120))
         from liaison_step s where s.liaison_id = l.id and ${seesStep(actor)} order by s.id desc limit 1) as last
    from liaison l left join unit ou on ou.id = l.opener_unit
    where ${sql.join(where, sql` and `)}
    order by l.id desc limit ${page.limit + 1}`.execute(db);
  const shown = rows.slice(0, page.limit);
  return {
    rows: shown.map((row) => rowOut(row, actor, now)),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

function partyIs(party: string): RawBuilder<unknown> {
  return party === "centre" || party === "city" ? sql`p.side = ${party}` : sql`p.unit_id = ${party}`;
}

/** Each word stands in the number, the question, the outcome or a step that this person may see. */
function saying(words: string, actor: Actor): RawBuilder<unknown> {
  const each = words.split(/\s+/).slice(0, 8);
  return sql.join(
    each.map((word) => {
      const like = `%${word.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
      return sql`(l.number ilike ${like} or l.title ilike ${like} or l.question ilike ${like} or l.conclusion ilike ${like}
        or exists (select from liaison_step s where s.liaison_id = l.id and ${seesStep(actor)} and s.words ilike ${like})
        or exists (select from liaison_ticket lt join ticket t on t.id = lt.ticket_id where lt.liaison_id = l.id and t.number ilike ${like}))`;
    }),
    sql` and `,
  );
}

export interface KeptAsk {
  readonly dueAt: string;
  readonly answeredAt: string | null;
  readonly letOffAt: string | null;
}

interface Row {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly pace: string;
  readonly pace_name: string;
  readonly state: string;
  readonly opened_at: Date;
  readonly opened_name: string;
  readonly due_at: Date;
  readonly opener_unit: string | null;
  readonly tickets: number;
  readonly parties: readonly {
    readonly id: string;
    readonly side: "centre" | "city" | "unit";
    readonly unitId: string | null;
    readonly name: string;
    readonly ask: KeptAsk | null;
  }[];
  readonly last: { readonly at: string; readonly by: string; readonly step: string; readonly words: string };
}

function rowOut(row: Row, actor: Actor, now: number): z.infer<typeof RowOut> {
  const state = stateIn(row.state);
  const parties = row.parties.map(({ id, side, unitId, name, ask }) => {
    const standing = ask === null ? null : askStanding(ask, now);
    return {
      ...{ id, side, name, standing, standingZh: standing === null ? "" : ANSWERS[standing].zh },
      unit: unitId === null ? null : { id: unitId, name },
    };
  });
  const owed = row.parties.flatMap(({ ask }) => (ask !== null && isOwed(ask) ? [Date.parse(ask.dueAt)] : []));
  return {
    ...{
      id: row.id,
      number: row.number,
      title: row.title,
      state,
      stateZh: LIAISON_STATES[state].zh,
      parties,
    },
    ...{
      opener: row.opener_unit ?? "中心",
      openedAt: row.opened_at.toISOString(),
      openedBy: row.opened_name,
    },
    ...{ pace: { code: row.pace, name: row.pace_name }, tickets: row.tickets },
    ...dueOf(state, owed, row.due_at.getTime(), now),
    mine: isMine(
      state,
      row.parties.map(({ side, unitId, ask }) => ({ side, unitId, owes: ask !== null && isOwed(ask) })),
      actor,
    ),
    last: {
      ...{ at: new Date(row.last.at).toISOString(), by: row.last.by, words: row.last.words },
      stepZh: liaisonWord(row.last.step),
    },
  };
}

export const isOwed = (ask: KeptAsk): boolean => ask.answeredAt === null && ask.letOffAt === null;

export function askStanding({ dueAt, answeredAt, letOffAt }: KeptAsk, now: number): AnswerStanding {
  const at = (text: string | null) => (text === null ? null : Date.parse(text));
  return answerStanding(
    { dueAt: Date.parse(dueAt), answeredAt: at(answeredAt), letOffAt: at(letOffAt) },
    now,
  );
}

/** Whether something of it waits for this person: their unit's answer, the centre's, or the outcome. */
export function isMine(
  state: LiaisonState,
  parties: readonly { readonly side: string; readonly unitId: string | null; readonly owes: boolean }[],
  actor: Actor,
): boolean {
  if (actor.unitId !== null) return parties.some((party) => party.owes && party.unitId === actor.unitId);
  return state === "answered" || parties.some((party) => party.owes && party.side === "centre");
}

/** What is due next: the first answer that is owed, else the outcome. */
export function dueOf(state: LiaisonState, owed: readonly number[], conclusion: number, now: number) {
  if (!LIAISON_STATES[state].open) return { dueAt: null, dueZh: "", overdue: false };
  const answer = owed.length === 0 ? null : Math.min(...owed);
  const due = answer === null ? conclusion : Math.min(answer, conclusion);
  return {
    dueAt: new Date(due).toISOString(),
    dueZh: answer !== null && answer <= conclusion ? "答复" : "结论",
    overdue: now > due,
  };
}

export function stateIn(text: string): LiaisonState {
  if (!isLiaisonState(text)) throw new Error(`unknown state of a liaison: ${text}`);
  return text;
}
