/** 问题事件清单与统计. Filtered pages, one in full, and the table of units by kinds with the weeks beside it. */
import {
  isProblemState,
  PROBLEM_STATES,
  PROBLEM_STEPS,
  problemStep,
  problemStepsFor,
} from "@jiesu/core/problem/lifecycle.ts";
import { isRole, ROLES } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Instant } from "../ticket/schema.ts";

const Named = z.object({ id: z.string(), name: z.string() });
export const ProblemRow = z.object({
  id: z.string(),
  kind: z.string(),
  kindZh: z.string(),
  group: z.string(),
  ticket: z.object({ id: z.string(), number: z.string(), title: z.string(), stateZh: z.string() }),
  round: z.number().int(),
  /** Null: the centre itself. */
  unit: Named.nullable(),
  day: z.string(),
  at: Instant,
  said: z.string(),
  state: z.string(),
  stateZh: z.string(),
  dueAt: Instant.nullable(),
  late: z.boolean(),
  causeZh: z.string().nullable(),
  remedy: z.string().nullable(),
  remedyDay: z.string().nullable(),
  version: z.number().int(),
});
export const ProblemOut = ProblemRow.extend({
  standard: z.string(),
  rule: z.string(),
  foundAt: Instant,
  steps: z.array(
    z.object({
      id: z.string(),
      zh: z.string(),
      toZh: z.string(),
      text: z.string(),
      causeZh: z.string().nullable(),
      remedyDay: z.string().nullable(),
      at: Instant,
      by: z.string(),
      roleZh: z.string(),
    }),
  ),
  /** The steps that are this person's now. */
  mine: z.array(z.object({ step: z.string(), zh: z.string(), text: z.string().nullable() })),
});

/** 未办结: what the unit or the centre still owes. */
export const OPEN_STATES = ["open", "answered", "disputed", "remedying", "checking"] as const;

export interface ProblemFilter {
  readonly days: DayRange | null;
  readonly kind: string | null;
  readonly group: string | null;
  /** An id; "centre" for what the centre did itself. */
  readonly unit: string | null;
  readonly cause: string | null;
  /** A state, "unfinished", or "late". */
  readonly state: string | null;
  readonly ticketId: string | null;
}

function where(actor: Actor, f: ProblemFilter, now: number): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`];
  if (actor.unitId !== null) parts.push(sql`p.unit_id = ${actor.unitId}`);
  if (f.days) parts.push(sql`p.day between ${f.days.from}::date and ${f.days.to}::date`);
  if (f.kind !== null) parts.push(sql`p.kind = ${f.kind}`);
  if (f.group !== null) parts.push(sql`p.grp = ${f.group}`);
  if (f.unit === "centre") parts.push(sql`p.unit_id is null`);
  else if (f.unit !== null) parts.push(sql`p.unit_id = ${f.unit}`);
  if (f.cause !== null) parts.push(sql`p.cause = ${f.cause}`);
  if (f.ticketId !== null) parts.push(sql`p.ticket_id = ${f.ticketId}`);
  if (f.state === "unfinished") parts.push(sql`p.state = any(${[...OPEN_STATES]}::text[])`);
  else if (f.state === "late") parts.push(sql`p.state = 'open' and p.due_at < ${new Date(now)}`);
  else if (f.state !== null) parts.push(sql`p.state = ${f.state}`);
  // What was struck out counts for nobody; who asks for it by its state finds it.
  else parts.push(sql`p.state <> 'dropped'`);
  return sql.join(parts, sql` and `);
}

interface Found {
  readonly id: string;
  readonly kind: string;
  readonly kindZh: string;
  readonly group: string;
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly ticketState: string;
  readonly round: number;
  readonly unitId: string | null;
  readonly unitName: string | null;
  readonly day: string;
  readonly at: Date;
  readonly said: string;
  readonly state: string;
  readonly dueAt: Date | null;
  readonly causeZh: string | null;
  readonly remedy: string | null;
  readonly remedyDay: string | null;
  readonly version: number;
  readonly standard: string;
  readonly rule: string;
  readonly foundAt: Date;
  readonly disputed: boolean;
}

const COLUMNS = sql`p.id, p.kind, p.kind_zh as "kindZh", p.grp as "group", p.ticket_id as "ticketId", t.number, t.title,
  t.state as "ticketState", p.round, p.unit_id as "unitId", u.short_name as "unitName", p.day::text, p.at, p.said, p.state,
  p.due_at as "dueAt", p.cause_zh as "causeZh", p.remedy, p.remedy_day::text as "remedyDay", p.version, p.standard, p.rule,
  p.found_at as "foundAt", p.disputed`;

/** One page, the newest first. */
export async function listProblems(
  db: Db,
  actor: Actor,
  filter: ProblemFilter,
  page: { readonly after: string | null; readonly limit: number },
  now: number,
) {
  const { rows } = await sql<Found>`
    select ${COLUMNS} from problem p join ticket t on t.id = p.ticket_id left join unit u on u.id = p.unit_id
     where ${where(actor, filter, now)} ${page.after === null ? sql`` : sql`and p.id < ${page.after}::bigint`}
     order by p.id desc limit ${page.limit + 1}`.execute(db);
  const shown = rows.slice(0, page.limit);
  return {
    rows: shown.map((row) => rowOut(row, now)),
    next: rows.length > page.limit ? (shown.at(-1)?.id ?? null) : null,
  };
}

/** Null when there is none, or it is not this person's to see. */
export async function readProblem(
  db: Db,
  actor: Actor,
  id: string,
  now: number,
): Promise<z.infer<typeof ProblemOut> | null> {
  const { rows } = await sql<Found>`
    select ${COLUMNS} from problem p join ticket t on t.id = p.ticket_id left join unit u on u.id = p.unit_id
     where p.id = ${id} ${actor.unitId === null ? sql`` : sql`and p.unit_id = ${actor.unitId}`}`.execute(db);
  const [row] = rows;
  if (!row) return null;
  const steps = await db
    .selectFrom("problem_step")
    .selectAll()
    .where("problem_id", "=", id)
    .orderBy("id", "desc")
    .execute();
  const state = isProblemState(row.state) ? row.state : "noted";
  const mine = problemStepsFor({ state, unitId: row.unitId, disputed: row.disputed }, actor);
  return {
    ...rowOut(row, now),
    ...{ standard: row.standard, rule: row.rule, foundAt: row.foundAt.toISOString() },
    steps: steps.map((each) => {
      const { causeZh = null, remedyDay = null } = Given.parse(each.data);
      return {
        ...{ id: each.id, zh: STEP_ZH.get(each.step) ?? each.step, text: each.text, causeZh, remedyDay },
        toZh: stateZh(each.to_state),
        ...{ at: each.at.toISOString(), by: each.user_name },
        roleZh: isRole(each.role) ? ROLES[each.role].zh : "系统",
      };
    }),
    mine: mine.map((step) => {
      const { zh, text } = problemStep(step);
      return { step, zh, text };
    }),
  };
}

const Given = z.object({ causeZh: z.string().nullish(), remedyDay: z.string().nullish() }).catch({});
const STEP_ZH: ReadonlyMap<string, string> = new Map(PROBLEM_STEPS.map(({ step, zh }) => [step, zh]));
const stateZh = (state: string): string => (isProblemState(state) ? PROBLEM_STATES[state].zh : state);

function rowOut(row: Found, now: number): z.infer<typeof ProblemRow> {
  const { kind, kindZh, group, round, day, said, state, causeZh, remedy, remedyDay, version } = row;
  return {
    ...{ id: row.id, kind, kindZh, group, round, day, said, state, causeZh, remedy, remedyDay, version },
    ticket: {
      ...{ id: row.ticketId, number: row.number, title: row.title },
      stateZh: isState(row.ticketState) ? STATES[row.ticketState].zh : row.ticketState,
    },
    unit: row.unitId === null ? null : { id: row.unitId, name: row.unitName ?? "" },
    at: row.at.toISOString(),
    stateZh: stateZh(state),
    dueAt: row.dueAt?.toISOString() ?? null,
    late: state === "open" && row.dueAt !== null && row.dueAt.getTime() < now,
  };
}

export interface ProblemCounts {
  readonly unitId: string | null;
  readonly unitName: string | null;
  readonly kind: string;
  readonly kindZh: string;
  readonly group: string;
  readonly n: number;
  readonly open: number;
  readonly late: number;
}

/** How many by unit and kind, what was struck out left aside. */
export async function countProblems(
  db: Db,
  actor: Actor,
  days: DayRange,
  now: number,
): Promise<readonly ProblemCounts[]> {
  const { rows } = await sql<ProblemCounts>`
    select p.unit_id as "unitId", u.short_name as "unitName", p.kind, max(p.kind_zh) as "kindZh", p.grp as "group",
           count(*)::int as n,
           (count(*) filter (where p.state = any(${[...OPEN_STATES]}::text[])))::int as open,
           (count(*) filter (where p.state = 'open' and p.due_at < ${new Date(now)}))::int as late
      from problem p left join unit u on u.id = p.unit_id
     where p.day between ${days.from}::date and ${days.to}::date and p.state <> 'dropped'
           ${actor.unitId === null ? sql`` : sql`and p.unit_id = ${actor.unitId}`}
     group by 1, 2, 3, 5`.execute(db);
  return rows;
}

/** By cause, those without an answer as "". */
export async function countCauses(db: Db, actor: Actor, days: DayRange) {
  const { rows } = await sql<{ cause: string; causeZh: string; n: number }>`
    select coalesce(p.cause, '') as cause, coalesce(max(p.cause_zh), '未答复') as "causeZh", count(*)::int as n
      from problem p
     where p.day between ${days.from}::date and ${days.to}::date and p.state not in ('dropped', 'noted')
           ${actor.unitId === null ? sql`` : sql`and p.unit_id = ${actor.unitId}`}
     group by 1 order by 3 desc, 1`.execute(db);
  return rows;
}

/** The weeks up to the end of the span, by group: Mondays, the earliest first. */
export async function countWeeks(db: Db, actor: Actor, to: string, weeks: number) {
  const { rows } = await sql<{ week: string; near: number; overdue: number; closing: number }>`
    with weeks as (
      select (date_trunc('week', ${to}::date) - make_interval(weeks => n))::date as week
        from generate_series(0, ${weeks - 1}::int) n
    )
    select w.week::text, (count(p.id) filter (where p.grp = 'near'))::int as near,
           (count(p.id) filter (where p.grp = 'overdue'))::int as overdue,
           (count(p.id) filter (where p.grp = 'closing'))::int as closing
      from weeks w
      left join problem p on p.day >= w.week and p.day < w.week + 7 and p.day <= ${to}::date and p.state <> 'dropped'
           ${actor.unitId === null ? sql`` : sql`and p.unit_id = ${actor.unitId}`}
     group by 1 order by 1`.execute(db);
  return rows;
}

export async function lastRun(db: Db) {
  const row = await db
    .selectFrom("problem_run")
    .select([sql<string>`day::text`.as("day"), "at", "user_name", "looked", "found"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!row) return null;
  const { day, looked, found } = row;
  return { day, at: row.at.toISOString(), by: row.user_name, looked, found };
}
