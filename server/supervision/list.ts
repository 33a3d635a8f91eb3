/** 督办件清单. Which items a person sees, filtered; one of them with its steps, files, clocks and the steps that are theirs now. */
import { standingOf } from "@jiesu/core/deadline/clock.ts";
import { stepsNow } from "@jiesu/core/supervision/decide.ts";
import {
  INNER_STEPS,
  OPEN_SUPERVISION,
  SUPERVISION_CLOCKS,
  SUPERVISION_LEVELS,
  SUPERVISION_ORIGINS,
  SUPERVISION_STATES,
  type SupervisionClock,
  type SupervisionLevel,
  type SupervisionOrigin,
  type SupervisionState,
  stepWords,
} from "@jiesu/core/supervision/lifecycle.ts";
import { COUNTED_STATES, SUMMARY_COUNTS } from "@jiesu/core/supervision/summary.ts";
import { isRole, ROLES } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { rulesNow } from "./actions.ts";
import type { DetailOut, RowOut } from "./shape.ts";
import { itemFacts, levelOf, originOf, stateOf } from "./store.ts";

interface ItemFilter {
  readonly states?: readonly SupervisionState[] | undefined;
  readonly level?: SupervisionLevel | undefined;
  readonly origin?: SupervisionOrigin | undefined;
  /** A unit's id, or "none" for items that nobody has yet. */
  readonly unit?: string | undefined;
  /** Only as the lead 主责; counts of the summary are of these. */
  readonly lead?: boolean | undefined;
  readonly period?: string | undefined;
  readonly due?: "near" | "overdue" | undefined;
  readonly late?: boolean | undefined;
  readonly ticket?: string | undefined;
  readonly q?: string | undefined;
}

/** What a person may see at all: the centre everything, a unit what was sent to it. */
function inScope(actor: Actor): RawBuilder<boolean> {
  if (actor.unitId === null) return sql<boolean>`true`;
  return sql<boolean>`i.forwarded_at is not null and exists (
    select from supervision_unit s where s.item_id = i.id and s.unit_id = ${actor.unitId})`;
}

function conditions(actor: Actor, f: ItemFilter, now: number): RawBuilder<boolean> {
  const at = new Date(now);
  const all = [inScope(actor)];
  if (f.states !== undefined) all.push(sql`i.state = any(${[...f.states]}::text[])`);
  if (f.level !== undefined) all.push(sql`i.level = ${f.level}`);
  if (f.origin !== undefined) all.push(sql`i.origin = ${f.origin}`);
  if (f.period !== undefined) all.push(sql`i.period = ${f.period}`);
  if (f.unit === "none") all.push(sql`not exists (select from supervision_unit s where s.item_id = i.id)`);
  else if (f.unit !== undefined)
    all.push(sql`exists (select from supervision_unit s where s.item_id = i.id and s.unit_id = ${f.unit}
                           ${f.lead ? sql`and s.place = 0` : sql``})`);
  if (f.due === "overdue") all.push(sql`i.due_at < ${at}`);
  if (f.due === "near") all.push(sql`i.near_at <= ${at} and i.due_at >= ${at}`);
  if (f.late) all.push(sql`i.forwarded_late`);
  if (f.ticket !== undefined)
    all.push(
      sql`exists (select from supervision_ticket s where s.item_id = i.id and s.ticket_id = ${f.ticket})`,
    );
  for (const word of (f.q ?? "").trim().split(/\s+/).filter(Boolean).slice(0, 8)) {
    const like = `%${word.replace(/[\\%_]/g, (c) => `\\${c}`)}%`;
    all.push(sql`(i.title ilike ${like} or i.matter ilike ${like} or exists (
      select from supervision_ticket s join ticket t on t.id = s.ticket_id where s.item_id = i.id and t.number ilike ${like}))`);
  }
  return sql.join(all, sql` and `);
}

interface Read {
  readonly id: string;
  readonly origin: string;
  readonly title: string;
  readonly matter: string;
  readonly level: string;
  readonly state: string;
  readonly version: number;
  readonly period: string;
  readonly arrived_at: Date;
  readonly given_due: Date | null;
  readonly leader: string;
  readonly noted_on: string | null;
  readonly forwarded_at: Date | null;
  readonly forwarded_late: boolean | null;
  readonly answered_at: Date | null;
  readonly ended_at: Date | null;
  readonly clock: string | null;
  readonly due_at: Date | null;
  readonly near_at: Date | null;
  readonly asked: number | null;
  readonly last_word: string;
  readonly last_word_at: Date | null;
  readonly last_word_by: string;
  readonly created_name: string;
  readonly units: { id: string; name: string }[];
  readonly tickets: { id: string; number: string; title: string; state: string }[];
}

const COLUMNS = sql`
  i.id, i.origin, i.title, i.matter, i.level, i.state, i.version, i.period, i.arrived_at, i.given_due, i.leader,
  i.noted_on, i.forwarded_at, i.forwarded_late, i.answered_at, i.ended_at, i.clock, i.due_at, i.near_at, i.asked,
  i.last_word, i.last_word_at, i.last_word_by, i.created_name,
  coalesce((select json_agg(json_build_object('id', u.id::text, 'name', u.short_name) order by s.place)
              from supervision_unit s join unit u on u.id = s.unit_id where s.item_id = i.id), '[]') as units,
  coalesce((select json_agg(json_build_object('id', t.id::text, 'number', t.number, 'title', t.title, 'state', t.state) order by t.id)
              from supervision_ticket s join ticket t on t.id = s.ticket_id where s.item_id = i.id), '[]') as tickets`;

/** A page of items, what is due first, then what has ended; and how many there are. */
export async function listItems(
  db: Db,
  actor: Actor,
  filter: ItemFilter,
  page: { readonly limit: number; readonly skip: number },
  now: number,
): Promise<{ rows: RowOut[]; total: number }> {
  const where = conditions(actor, filter, now);
  const [{ rows }, counted] = await Promise.all([
    sql<Read>`
      select ${COLUMNS} from supervision_item i where ${where}
       order by i.due_at is null, i.due_at, i.ended_at desc, i.id desc limit ${page.limit} offset ${page.skip}`.execute(
      db,
    ),
    sql<{ n: number }>`select count(*)::int as n from supervision_item i where ${where}`.execute(db),
  ]);
  return { rows: rows.map((row) => rowOut(row, now)), total: counted.rows[0]?.n ?? 0 };
}

/** How many items a person sees in each state; those near and over; and how many wait for this side of the house. */
export async function countItems(db: Db, actor: Actor, now: number) {
  const at = new Date(now);
  const { rows } = await sql<{ state: string; n: number; near: number; overdue: number }>`
    select i.state, count(*)::int as n, count(*) filter (where i.near_at <= ${at} and i.due_at >= ${at})::int as near,
           count(*) filter (where i.due_at < ${at})::int as overdue
      from supervision_item i where ${inScope(actor)} group by 1`.execute(db);
  const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
  const side = actor.unitId === null ? "centre" : "unit";
  return {
    states: rows.map((row) => ({ state: stateOf(row.state), n: row.n })),
    near: sum((row) => row.near),
    overdue: sum((row) => row.overdue),
    waiting: sum((row) => (SUPERVISION_STATES[stateOf(row.state)].held === side ? row.n : 0)),
  };
}

/** One item as this person sees it; null when it is not theirs to see. */
export async function readItem(
  shell: Shell,
  actor: Actor & { readonly userId: string },
  id: string,
): Promise<DetailOut | null> {
  const { db } = shell;
  const now = shell.now();
  const { rows } = await sql<Read>`
    select ${COLUMNS} from supervision_item i where i.id = ${id} and ${inScope(actor)}`.execute(db);
  const [row] = rows;
  if (!row) return null;
  const [facts, steps, files, clocks] = await Promise.all([
    itemFacts(db, id),
    db
      .selectFrom("supervision_step as s")
      .leftJoin("unit as u", "u.id", "s.unit_id")
      .select([
        "s.id",
        "s.step",
        "s.at",
        "s.user_name",
        "s.role",
        "s.text",
        "s.data",
        "s.file_ids",
        "u.short_name",
      ])
      .where("s.item_id", "=", id)
      .$if(actor.unitId !== null, (q) => q.where("s.step", "not in", [...INNER_STEPS]))
      .orderBy("s.id", "desc")
      .execute(),
    db
      .selectFrom("supervision_file")
      .select(["id", "name", "mime", "size", "user_name", "at"])
      .where("item_id", "=", id)
      .orderBy("id")
      .execute(),
    db
      .selectFrom("supervision_clock")
      .select(["kind", "state", "started_at", "due_at", "ended_at", "late"])
      .where("item_id", "=", id)
      .orderBy("id", "desc")
      .execute(),
  ]);
  if (facts === null) return null;
  const rules = rulesNow(shell, now);
  const shownFiles = new Set(steps.flatMap((step) => step.file_ids));
  return {
    ...rowOut(row, now),
    leftMs: facts.running === null ? null : standingOf(facts.running, now).leftMs,
    steps: steps.map((step) => ({
      ...{ id: step.id, step: step.step, zh: stepWords(step.step), at: step.at.toISOString() },
      ...{ by: step.user_name, roleZh: isRole(step.role) ? ROLES[step.role].zh : "系统" },
      ...{ unit: step.short_name, text: step.text, fileIds: [...step.file_ids], told: toldWords(step.data) },
    })),
    // A file that no step which this person sees has named is not for them.
    files: files
      .filter((file) => actor.unitId === null || shownFiles.has(file.id))
      .map((file) => ({ ...file, by: file.user_name, at: file.at.toISOString() })),
    clocks: clocks.map((clock) => ({
      ...{ kind: clock.kind, zh: clockWords(clock.kind), state: clock.state, late: clock.late },
      startedAt: clock.started_at.toISOString(),
      dueAt: clock.due_at.toISOString(),
      endedAt: clock.ended_at?.toISOString() ?? null,
    })),
    moves: [...stepsNow(facts, actor, rules.body, now)],
    rules: { name: rules.name, source: rules.source, maxDays: rules.body.extension.maxDays },
  };
}

const TOLD: readonly (readonly [string, string])[] = [
  ["supervisedUnits", "责任单位"],
  ["level", "等级"],
  ["days", "延长天数"],
  ["place", "地点"],
  ["result", "现场结果"],
];

function toldWords(data: unknown): { zh: string; text: string }[] {
  return TOLD.flatMap(([key, zh]) => {
    const value: unknown = Object(data)[key];
    return typeof value === "string" || typeof value === "number" ? [{ zh, text: String(value) }] : [];
  });
}

function rowOut(row: Read, now: number): RowOut {
  const [origin, state, level] = [originOf(row.origin), stateOf(row.state), levelOf(row.level)];
  const due = row.due_at?.getTime() ?? null;
  const near = row.near_at !== null && row.near_at.getTime() <= now;
  return {
    ...{ id: row.id, title: row.title, matter: row.matter, version: row.version, period: row.period },
    ...{ origin, originZh: SUPERVISION_ORIGINS[origin], state, stateZh: SUPERVISION_STATES[state].zh },
    ...{ level, levelZh: SUPERVISION_LEVELS[level], leader: row.leader, notedOn: row.noted_on },
    arrivedAt: row.arrived_at.toISOString(),
    givenDueAt: row.given_due?.toISOString() ?? null,
    forwardedAt: row.forwarded_at?.toISOString() ?? null,
    forwardedLate: row.forwarded_late,
    answeredAt: row.answered_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    clockZh: row.clock === null ? null : clockWords(row.clock),
    dueAt: row.due_at?.toISOString() ?? null,
    standing: due === null ? "ended" : due < now ? "overdue" : near ? "near" : "plain",
    asked: row.asked,
    units: row.units,
    tickets: row.tickets.map((t) => ({ ...t, stateZh: isState(t.state) ? STATES[t.state].zh : t.state })),
    lastWord:
      row.last_word_at === null
        ? null
        : { text: row.last_word, by: row.last_word_by, at: row.last_word_at.toISOString() },
    createdBy: row.created_name,
  };
}

const clockWords = (kind: string): string => (isClock(kind) ? SUPERVISION_CLOCKS[kind].zh : kind);
const isClock = (kind: string): kind is SupervisionClock => Object.hasOwn(SUPERVISION_CLOCKS, kind);

/** The states of a filter: one by name, everything open, all that count in the summary, or those being looked into. */
export function statesOf(
  state: SupervisionState | "open" | "counted" | "checking" | undefined,
): readonly SupervisionState[] | undefined {
  if (state === undefined) return undefined;
  if (state === "open") return OPEN_SUPERVISION;
  if (state === "counted") return COUNTED_STATES;
  return state === "checking" ? SUMMARY_COUNTS.checking.states : [state];
}
