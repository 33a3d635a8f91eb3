/** 电话抽访的存取. The frame that a sample is drawn from, the plans as they were drawn, their calls, and what came of them. */
import type { CallOutcome, JudgedCall, SampledCall } from "@jiesu/core/sampling/call.ts";
import type { Drawable, Strata } from "@jiesu/core/sampling/sample.ts";
import { STRATA } from "@jiesu/core/sampling/sample.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import { instantsOf } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Stamp } from "../ticket/store.ts";

export interface FrameTicket extends Drawable {
  readonly round: number;
}

/** Closed tickets of the days by channel: how many, and of how many there is a number to call. */
export async function channelsIn(db: Db, days: DayRange) {
  const { fromAt, beforeAt } = instantsOf(days);
  const { rows } = await sql<{ channel: string; tickets: number; withNumber: number }>`
    select t.channel, count(*)::int as tickets, count(q.phone_hash)::int as "withNumber"
      from ticket t left join requester q on q.ticket_id = t.id
     where t.state = 'closed' and t.closed_at >= ${new Date(fromAt)} and t.closed_at < ${new Date(beforeAt)}
     group by 1 order by 2 desc, 1`.execute(db);
  return rows;
}

/** Those that may be drawn: closed in these days, of these channels, with a number to call. */
export async function frameOf(db: Db, days: DayRange, channels: readonly string[]): Promise<FrameTicket[]> {
  const { fromAt, beforeAt } = instantsOf(days);
  const { rows } = await sql<FrameTicket>`
    select t.id, t.round, t.channel, coalesce(t.lead_unit_id::text, '') as "unitId"
      from ticket t join requester q on q.ticket_id = t.id
     where t.state = 'closed' and t.closed_at >= ${new Date(fromAt)} and t.closed_at < ${new Date(beforeAt)}
           and t.channel = any(${[...channels]}::text[]) and q.phone_hash is not null
     order by t.id`.execute(db);
  return rows;
}

export interface Plan {
  readonly id: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly channels: readonly string[];
  readonly strata: Strata;
  readonly size: number;
  readonly seed: string;
  readonly counted: boolean;
  readonly rules: string;
  readonly drawnAt: Date;
  readonly drawnBy: string;
}

export interface Progress {
  readonly frame: number;
  readonly drawn: number;
  readonly answered: number;
  readonly refused: number;
  readonly unreached: number;
}

export async function insertPlan(
  tx: Db,
  plan: Omit<Plan, "id" | "drawnAt" | "drawnBy">,
  frame: readonly FrameTicket[],
  places: ReadonlyMap<string, number>,
  stamp: Pick<Stamp, "at" | "userId" | "userName">,
): Promise<string> {
  const { id } = await tx
    .insertInto("sampling_plan")
    .values({
      ...{ name: plan.name, from_day: plan.from, to_day: plan.to, channels: JSON.stringify(plan.channels) },
      ...{ strata: plan.strata, size: plan.size, seed: plan.seed, counted: plan.counted, rules: plan.rules },
      ...{ drawn_at: new Date(stamp.at), drawn_by: stamp.userId, drawn_name: stamp.userName },
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  const rows = frame.map(({ id: ticket_id, round, channel, unitId }) => ({
    ...{ ticket_id, round, channel, unit_id: unitId === "" ? null : unitId },
    place: places.get(ticket_id) ?? null,
  }));
  await sql`
    insert into sampling_frame (plan_id, ticket_id, round, channel, unit_id, place)
    select ${id}, f.ticket_id, f.round, f.channel, f.unit_id, f.place
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
           as f(ticket_id bigint, round smallint, channel text, unit_id bigint, place integer)`.execute(tx);
  return id;
}

/** A plan of the same design, so that a draw sent twice is one plan. */
export async function samePlan(
  tx: Db,
  plan: Omit<Plan, "id" | "drawnAt" | "drawnBy">,
): Promise<string | null> {
  const { rows } = await sql<{ id: string }>`
    select id from sampling_plan where name = ${plan.name} and from_day = ${plan.from}::date and to_day = ${plan.to}::date
       and channels = ${JSON.stringify(plan.channels)}::jsonb and strata = ${plan.strata} and size = ${plan.size}
       and seed = ${plan.seed}`.execute(tx);
  return rows[0]?.id ?? null;
}

/** The latest first. */
export async function listPlans(db: Db, id: string | null = null): Promise<readonly (Plan & Progress)[]> {
  const { rows } = await sql<Omit<Plan, "strata"> & Progress & { strata: string }>`
    select p.id, p.name, p.from_day as "from", p.to_day as "to", p.channels, p.strata, p.size, p.seed, p.counted, p.rules,
           p.drawn_at as "drawnAt", p.drawn_name as "drawnBy", f.frame, f.drawn, c.answered, c.refused, c.unreached
      from sampling_plan p
      cross join lateral (select count(*)::int as frame, count(place)::int as drawn
                            from sampling_frame where plan_id = p.id) f
      cross join lateral (select (count(*) filter (where outcome = 'answered'))::int as answered,
                                 (count(*) filter (where outcome = 'refused'))::int as refused,
                                 (count(*) filter (where outcome = 'unreached'))::int as unreached
                            from sampling_call where plan_id = p.id) c
     where ${id === null ? sql`true` : sql`p.id = ${id}`}
     order by p.id desc limit 200`.execute(db);
  return rows.map((row) => ({ ...row, strata: STRATA.find((each) => each === row.strata) ?? "channel" }));
}

/** The frame as it was when the plan was drawn, with each ticket's place; null: not drawn. */
export async function keptFrame(db: Db, planId: string) {
  const { rows } = await sql<FrameTicket & { place: number | null }>`
    select ticket_id as id, round, channel, coalesce(unit_id::text, '') as "unitId", place
      from sampling_frame where plan_id = ${planId} order by ticket_id`.execute(db);
  return rows;
}

export async function unitNames(db: Db, planId: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select distinct u.id, u.short_name as name from sampling_frame f join unit u on u.id = f.unit_id
     where f.plan_id = ${planId}`.execute(db);
  return new Map(rows.map((row) => [row.id, row.name]));
}

/** Locks a drawn ticket; null when the plan did not draw it. */
export async function lockDrawn(tx: Db, planId: string, ticketId: string) {
  const { rows } = await sql<{ round: number; counted: boolean }>`
    select f.round, p.counted from sampling_frame f join sampling_plan p on p.id = f.plan_id
     where f.plan_id = ${planId} and f.ticket_id = ${ticketId} and f.place is not null for update of f`.execute(
    tx,
  );
  const [row] = rows;
  if (!row) return null;
  const calls = await tx
    .selectFrom("sampling_call")
    .select(["outcome", "at"])
    .where("plan_id", "=", planId)
    .where("ticket_id", "=", ticketId)
    .orderBy("id")
    .execute();
  return {
    ...row,
    done: calls.some((call) => call.outcome !== "missed"),
    before: calls.filter((call) => call.outcome === "missed").map((call) => call.at.getTime()),
  };
}

export interface SaidCall extends SampledCall {
  readonly reason: string;
  readonly note: string;
  readonly talkSeconds: number | null;
}

export async function insertCall(
  tx: Db,
  planId: string,
  ticketId: string,
  call: SaidCall,
  judged: JudgedCall,
  stamp: Stamp,
): Promise<void> {
  await tx
    .insertInto("sampling_call")
    .values({
      ...{
        plan_id: planId,
        ticket_id: ticketId,
        outcome: call.outcome,
        reason: call.reason,
        note: call.note,
      },
      ...{ contacted: call.answers.contacted ?? null, solved: call.answers.solved ?? null },
      ...{ satisfied: call.answers.satisfied ?? null, reasons: JSON.stringify(judged.reasons) },
      ...{ next_at: judged.nextAt === null ? null : new Date(judged.nextAt), talk_seconds: call.talkSeconds },
      ...{ at: new Date(stamp.at), user_id: stamp.userId, user_name: stamp.userName },
    })
    .execute();
}

/** A drawn ticket as the call list and the workbook show it. */
export interface DrawnTicket {
  readonly id: string;
  readonly place: number;
  readonly number: string;
  readonly title: string;
  readonly excerpt: string;
  readonly channel: string;
  readonly category: string;
  readonly street: string;
  readonly unitId: string;
  readonly unitName: string | null;
  readonly level: number;
  readonly version: number;
  readonly attempts: readonly number[];
  readonly nextAt: Date | null;
  readonly outcome: CallOutcome | null;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
  readonly reasons: Readonly<Record<string, { readonly code: string; readonly zh: string } | undefined>>;
  readonly reason: string;
  readonly note: string;
  readonly calledAt: Date | null;
  readonly caller: string | null;
}

export async function drawnTickets(db: Db, planId: string): Promise<readonly DrawnTicket[]> {
  const { rows } = await sql<DrawnTicket>`
    select f.ticket_id as id, f.place, t.number, t.title, left(t.content, 90) as excerpt, f.channel, t.category1 as category, t.street,
           coalesce(f.unit_id::text, '') as "unitId", u.short_name as "unitName", t.level, t.version, m.attempts, m.next_at as "nextAt",
           d.outcome, d.contacted, d.solved, d.satisfied, coalesce(d.reasons, '{}') as reasons, coalesce(d.reason, '') as reason,
           coalesce(d.note, '') as note, d.at as "calledAt", d.user_name as caller
      from sampling_frame f
      join ticket t on t.id = f.ticket_id
      left join unit u on u.id = f.unit_id
      left join sampling_call d on d.plan_id = f.plan_id and d.ticket_id = f.ticket_id and d.outcome <> 'missed'
      cross join lateral (
        select coalesce(json_agg(extract(epoch from c.at) * 1000 order by c.at), '[]'::json) as attempts, max(c.next_at) as next_at
          from sampling_call c where c.plan_id = f.plan_id and c.ticket_id = f.ticket_id and c.outcome = 'missed') m
     where f.plan_id = ${planId} and f.place is not null
     order by f.place`.execute(db);
  return rows.map((row) => ({ ...row, attempts: row.attempts.map(Math.round) }));
}
