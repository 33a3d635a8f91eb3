/** 催办台账. Rows of plans and urges: the only writer of both tables. */
import type { ClockKind } from "@jiesu/core/deadline/kind.ts";
import { isClockKind } from "@jiesu/core/deadline/kind.ts";
import type { Level } from "@jiesu/core/deadline/level.ts";
import { isLevel } from "@jiesu/core/deadline/level.ts";
import type { Means } from "@jiesu/core/notify/means.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import type { UrgedClock } from "@jiesu/core/urging/schedule.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Urged } from "./recipients.ts";

/** A live clock as the ladder sees it. */
export interface LiveClock extends UrgedClock {
  readonly id: string;
  readonly running: boolean;
  readonly round: number;
  readonly ticketId: string;
  readonly number: string;
  /** That owes its answer by the ticket: the helper of a co-handling clock, else the lead. */
  readonly unitId: string | null;
}

/** Live clocks whose plan is missing or was made of another due time, level, state or ladder. */
export function unplanned(tx: Db, rule: string, ticketIds: readonly string[] | null, limit: number) {
  return readClocks(
    tx,
    sql`(p.clock_id is null or p.rule <> ${rule} or p.due_at <> c.due_at or p.near_at <> c.near_at
         or p.level <> t.level or p.running <> (c.state = 'running'))
        ${ticketIds === null ? sql`` : sql`and c.ticket_id = any(${[...ticketIds]}::bigint[])`}
        limit ${limit}`,
  );
}

/** Those clocks, if they are still live. */
export function clocksById(tx: Db, ids: readonly string[]): Promise<readonly LiveClock[]> {
  return readClocks(tx, sql`c.id = any(${[...ids]}::bigint[])`);
}

async function readClocks(tx: Db, where: RawBuilder<unknown>): Promise<readonly LiveClock[]> {
  const { rows } = await sql<{
    id: string;
    kind: string;
    running: boolean;
    round: number;
    due_at: Date;
    near_at: Date;
    ticket_id: string;
    number: string;
    level: number;
    unit_id: string | null;
    made: string[];
  }>`
    select c.id, c.kind, c.state = 'running' as running, c.round, c.due_at, c.near_at, c.ticket_id, t.number, t.level,
           coalesce(a.unit_id, t.lead_unit_id) as unit_id,
           array(select u.step from urge u where u.clock_id = c.id and u.step <> 'hand') as made
    from clock c join ticket t on t.id = c.ticket_id
      left join urge_plan p on p.clock_id = c.id
      left join assignment a on a.id = c.assignment_id
    where c.state in ('running', 'paused') and ${where}`.execute(tx);
  return rows.map((r) => ({
    id: r.id,
    kind: kindOf(r.kind),
    running: r.running,
    round: r.round,
    dueAt: r.due_at.getTime(),
    nearAt: r.near_at.getTime(),
    ticketId: r.ticket_id,
    number: r.number,
    level: levelOf(r.level),
    unitId: r.unit_id,
    made: new Set(r.made),
  }));
}

export interface Plan {
  readonly clock: LiveClock;
  readonly rule: string;
  readonly next: { readonly step: string; readonly nominalAt: number; readonly fireAt: number } | null;
}

export async function keepPlans(tx: Db, plans: readonly Plan[]): Promise<void> {
  if (plans.length === 0) return;
  const rows = plans.map(({ clock, rule, next }) => ({
    ...{ clock_id: clock.id, ticket_id: clock.ticketId, running: clock.running, level: clock.level, rule },
    ...{ due_at: iso(clock.dueAt), near_at: iso(clock.nearAt), step: next?.step ?? null },
    nominal_at: next && iso(next.nominalAt),
    fire_at: next && clock.running ? iso(next.fireAt) : null,
  }));
  await sql`
    insert into urge_plan (clock_id, ticket_id, running, level, rule, due_at, near_at, step, nominal_at, fire_at)
    select clock_id, ticket_id, running, level, rule, due_at, near_at, step, nominal_at, fire_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      clock_id bigint, ticket_id bigint, running boolean, level smallint, rule text, due_at timestamptz,
      near_at timestamptz, step text, nominal_at timestamptz, fire_at timestamptz)
    order by clock_id
    on conflict (clock_id) do update set
      running = excluded.running, level = excluded.level, rule = excluded.rule, due_at = excluded.due_at,
      near_at = excluded.near_at, step = excluded.step, nominal_at = excluded.nominal_at, fire_at = excluded.fire_at`.execute(
    tx,
  );
}

/** Forgets the plans of clocks that have ended: of these tickets, or of all. */
export async function dropEnded(tx: Db, ticketIds: readonly string[] | null): Promise<void> {
  await sql`
    delete from urge_plan p using clock c
    where c.id = p.clock_id and c.state not in ('running', 'paused')
      ${ticketIds === null ? sql`` : sql`and p.ticket_id = any(${[...ticketIds]}::bigint[])`}`.execute(tx);
}

/** 了结: an unanswered urge waits no more once its clock has ended; a move taken back makes it wait again. */
export async function settle(tx: Db, ticketIds: readonly string[], now: number): Promise<void> {
  await sql`
    update urge u set settled_at = case when s.live then null else ${new Date(now)}::timestamptz end
    from (
      select u.id, coalesce(c.state in ('running', 'paused'), t.state = any(${[...OPEN_STATES]})) as live
      from urge u join ticket t on t.id = u.ticket_id left join clock c on c.id = u.clock_id
      where u.ticket_id = any(${[...ticketIds]}::bigint[]) and u.answered_at is null
    ) s
    where u.id = s.id and (u.settled_at is null) <> s.live`.execute(tx);
}

/** An urge to be kept; `clock` is null for one by hand on a ticket without a running clock. */
export interface NewUrge {
  readonly ticketId: string;
  readonly round: number;
  readonly clock: { readonly id: string; readonly kind: ClockKind; readonly dueAt: number } | null;
  readonly step: string;
  readonly stepZh: string;
  readonly rule: string;
  readonly eventId: string | null;
  readonly unitId: string | null;
  readonly people: readonly Urged[];
  readonly means: readonly Means[];
  readonly words: string;
  readonly at: number;
  readonly byId: string | null;
  readonly byName: string;
}

/** Keeps urges; those of a step or an event that was urged already stay as they are. Answers those that are new. */
export async function keepUrges(
  tx: Db,
  urges: readonly NewUrge[],
): Promise<readonly { readonly id: string; readonly urge: NewUrge }[]> {
  if (urges.length === 0) return [];
  const rows = urges.map((u) => ({
    ...{ ticket_id: u.ticketId, round: u.round, clock_id: u.clock?.id ?? null, clock: u.clock?.kind ?? null },
    ...{ due_at: u.clock && iso(u.clock.dueAt), step: u.step, step_zh: u.stepZh, rule: u.rule },
    ...{ event_id: u.eventId, unit_id: u.unitId, user_ids: u.people.map((p) => p.id), people: u.people },
    ...{ means: u.means, words: u.words, at: iso(u.at), by_id: u.byId, by_name: u.byName },
  }));
  const { rows: kept } = await sql<{
    id: string;
    clock_id: string | null;
    step: string;
    event_id: string | null;
  }>`
    insert into urge (ticket_id, round, clock_id, clock, due_at, step, step_zh, rule, event_id, unit_id, user_ids,
                      people, means, words, at, by_id, by_name)
    select ticket_id, round, clock_id, clock, due_at, step, step_zh, rule, event_id, unit_id, user_ids,
           people, means, words, at, by_id, by_name
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      ticket_id bigint, round smallint, clock_id bigint, clock text, due_at timestamptz, step text, step_zh text,
      rule text, event_id bigint, unit_id bigint, user_ids bigint[], people jsonb, means text[], words text,
      at timestamptz, by_id bigint, by_name text)
    on conflict do nothing
    returning id, clock_id, step, event_id`.execute(tx);
  const keyOf = (clockId: string | null, step: string, eventId: string | null) =>
    eventId === null ? `${clockId} ${step}` : eventId;
  const byKey = new Map(urges.map((u) => [keyOf(u.clock?.id ?? null, u.step, u.eventId), u]));
  return kept.flatMap((k) => {
    const urge = byKey.get(keyOf(k.clock_id, k.step, k.event_id));
    return urge ? [{ id: k.id, urge }] : [];
  });
}

export function readUrge(tx: Db, id: string) {
  return tx.selectFrom("urge").selectAll().where("id", "=", id).executeTakeFirst();
}

/** The unanswered urges of the same ticket and unit, this one among them though it was settled. */
export function openUrgesLike(tx: Db, urge: { id: string; ticket_id: string; unit_id: string | null }) {
  return tx
    .selectFrom("urge")
    .select(["id", "step", "step_zh", "by_id"])
    .where("ticket_id", "=", urge.ticket_id)
    .where(sql<boolean>`unit_id is not distinct from ${urge.unit_id}::bigint`)
    .where("answered_at", "is", null)
    .where((eb) => eb.or([eb("settled_at", "is", null), eb("id", "=", urge.id)]))
    .orderBy("id")
    .execute();
}

export async function keepAnswer(
  tx: Db,
  ids: readonly string[],
  answer: {
    readonly text: string;
    readonly at: number;
    readonly by: { readonly userId: string; readonly name: string };
  },
): Promise<void> {
  await tx
    .updateTable("urge")
    .set({
      answer: answer.text,
      answered_at: new Date(answer.at),
      answered_by: answer.by.userId,
      answered_name: answer.by.name,
    })
    .where("id", "in", ids)
    .where("answered_at", "is", null)
    .execute();
}

const iso = (at: number): string => new Date(at).toISOString();

function kindOf(kind: string): ClockKind {
  if (!isClockKind(kind)) throw new Error(`unknown clock in the ledger: ${kind}`);
  return kind;
}

function levelOf(level: number): Level {
  if (!isLevel(level)) throw new Error(`unknown level in the ledger: ${level}`);
  return level;
}
