/** 履约事件台账. Incidents, their steps and alarms: the only writer of the three tables; and how they are read. */
import { type FoundIncident, rejectionIn } from "@jiesu/core/incident/found.ts";
import { ALL_INCIDENTS, type IncidentKind, isIncident } from "@jiesu/core/incident/kinds.ts";
import {
  type IncidentFacts,
  type IncidentState,
  type IncidentStep,
  isIncidentState,
} from "@jiesu/core/incident/life.ts";
import type { Term } from "@jiesu/core/incident/rules.ts";
import { ROLES } from "@jiesu/core/ticket/role.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

/** What was found, with whose it is and when it was. */
export interface NewIncident extends FoundIncident {
  /** Null where it is about a 督办件 that names no ticket. */
  readonly ticketId: string | null;
  readonly itemId: string | null;
  readonly round: number;
  readonly at: number;
  readonly unitId: string | null;
  readonly person: { readonly id: string; readonly name: string } | null;
  readonly term: Term;
}

/** One writer of incidents at a time: counts of a term are what they are counted from. */
export async function lockIncidents(tx: Db): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('incident'))`.execute(tx);
}

/** Keeps incidents with their first step; those that are known by their key stay. Answers those that are new, by key. */
export async function keepIncidents(
  tx: Db,
  found: readonly NewIncident[],
  rule: string,
  now: number,
): Promise<ReadonlyMap<string, string>> {
  if (found.length === 0) return new Map();
  const rows = found.map((f) => ({
    ...{ kind: f.kind, key: f.key, ticket_id: f.ticketId, item_id: f.itemId, round: f.round },
    ...{ cause: f.cause, side: f.side },
    ...{ occurred_at: new Date(f.at).toISOString(), unit_id: f.side === "unit" ? f.unitId : null },
    ...{ person_id: f.person?.id ?? null, person_name: f.person?.name ?? "" },
    ...{ post: f.post === null ? "" : ROLES[f.post].zh, term_from: f.term.from, term_to: f.term.to },
  }));
  const at = new Date(now);
  const { rows: kept } = await sql<{ id: string; key: string }>`
    with kept as (
      insert into incident (kind, key, ticket_id, item_id, round, occurred_at, found_at, cause, side, unit_id, person_id, person_name,
                            post, rule, term_from, term_to, state)
      select kind, key, ticket_id, item_id, round, occurred_at, ${at}, cause, side, unit_id, person_id, person_name,
             post, ${rule}, term_from, term_to, 'open'
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(
        kind text, key text, ticket_id bigint, item_id bigint, round smallint, occurred_at timestamptz, cause text, side text,
        unit_id bigint, person_id bigint, person_name text, post text, term_from date, term_to date)
      on conflict (key) do nothing
      returning id, key, cause
    ), told as (
      insert into incident_step (incident_id, step, from_state, to_state, at, user_name, words)
      select id, 'found', null, 'open', ${at}, '系统', cause from kept order by id
    )
    select id, key from kept`.execute(tx);
  return new Map(kept.map((row) => [row.key, row.id]));
}

/** How many of a kind count in a term: all but those that were found not to be. */
export async function countInTerm(tx: Db, kind: IncidentKind, term: Term): Promise<number> {
  const { n } = await tx
    .selectFrom("incident")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("kind", "=", kind)
    .where(sql<boolean>`term_from = ${term.from}::date`)
    .where("state", "<>", "dismissed")
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Raises the alarm of each count, once; answers those that are new. */
export async function raiseAlarms(
  tx: Db,
  kind: IncidentKind,
  term: Term,
  counts: readonly number[],
  now: number,
): Promise<readonly { readonly id: string; readonly nth: number }[]> {
  if (counts.length === 0) return [];
  const { rows } = await sql<{ id: string; nth: number }>`
    insert into incident_alarm (kind, term_from, term_to, nth, raised_at)
    select ${kind}, ${term.from}::date, ${term.to}::date, nth, ${new Date(now)} from unnest(${[...counts]}::int[]) as nth
    on conflict (kind, term_from, nth) do nothing
    returning id, nth`.execute(tx);
  return rows;
}

/** Alarms that nobody has acknowledged, or all. */
export async function readAlarms(db: Db, asked: { readonly all: boolean; readonly limit: number }) {
  const rows = await db
    .selectFrom("incident_alarm")
    .select(["id", "kind", "nth", "raised_at", "acknowledged_at", "by_name", "words"])
    .select([dayText("term_from").as("from"), dayText("term_to").as("to")])
    .$if(!asked.all, (q) => q.where("acknowledged_at", "is", null))
    .orderBy("id", "desc")
    .limit(asked.limit)
    .execute();
  return rows.flatMap(({ kind, ...row }) => (isIncident(kind) ? [{ ...row, kind }] : []));
}

/** Acknowledges an alarm, once; null where there is none, else who did, now or before. */
export async function acknowledgeAlarm(
  tx: Db,
  id: string,
  words: string,
  by: { readonly userId: string; readonly name: string },
  now: number,
): Promise<{ readonly byId: string; readonly byName: string; readonly words: string } | null> {
  await tx
    .updateTable("incident_alarm")
    .set({ acknowledged_at: new Date(now), by_id: by.userId, by_name: by.name, words })
    .where("id", "=", id)
    .where("acknowledged_at", "is", null)
    .execute();
  const row = await tx
    .selectFrom("incident_alarm")
    .select(["by_id", "by_name", "words"])
    .where("id", "=", id)
    .executeTakeFirst();
  return row ? { byId: row.by_id ?? "", byName: row.by_name ?? "", words: row.words ?? "" } : null;
}

export interface IncidentTicket {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly state: string;
}

export interface Incident extends IncidentFacts {
  readonly id: string;
  readonly key: string;
  readonly kind: IncidentKind;
  /** One of the two at the least. */
  readonly ticket: IncidentTicket | null;
  readonly item: { readonly id: string; readonly title: string } | null;
  readonly round: number;
  readonly occurredAt: Date;
  readonly foundAt: Date;
  readonly cause: string;
  readonly unitName: string | null;
  readonly personName: string;
  readonly post: string;
  readonly rule: string;
  readonly term: Term;
  readonly remedy: string;
  readonly remedyDue: string | null;
  readonly answer: string;
}

export interface IncidentFilter {
  readonly id?: string | undefined;
  readonly ticketId?: string | undefined;
  readonly kind?: IncidentKind | undefined;
  readonly states?: readonly IncidentState[] | undefined;
  readonly termFrom?: string | undefined;
  readonly after?: string | undefined;
  readonly limit: number;
}

/** The newest first; a unit sees its own. */
export async function readIncidents(db: Db, actor: Actor, f: IncidentFilter): Promise<readonly Incident[]> {
  const rows = await db
    .selectFrom("incident as i")
    .leftJoin("ticket as t", "t.id", "i.ticket_id")
    .leftJoin("supervision_item as s", "s.id", "i.item_id")
    .leftJoin("unit as u", "u.id", "i.unit_id")
    .selectAll("i")
    .select(["t.number", "t.title", "t.state as ticket_state", "s.title as item_title"])
    .select(["u.short_name as unit_name"])
    .select([dayText("i.term_from").as("from"), dayText("i.term_to").as("to")])
    .select(dayText("i.remedy_due").as("due"))
    .$if(actor.unitId !== null, (q) => q.where("i.unit_id", "=", actor.unitId))
    .$if(f.id !== undefined, (q) => q.where("i.id", "=", f.id ?? "0"))
    .$if(f.ticketId !== undefined, (q) => q.where("i.ticket_id", "=", f.ticketId ?? "0"))
    .$if(f.kind !== undefined, (q) => q.where("i.kind", "=", f.kind ?? ""))
    .$if(f.states !== undefined, (q) => q.where("i.state", "in", [...(f.states ?? [])]))
    .$if(f.termFrom !== undefined, (q) => q.where(sql<boolean>`i.term_from = ${f.termFrom ?? ""}::date`))
    .$if(f.after !== undefined, (q) => q.where("i.id", "<", f.after ?? "0"))
    .orderBy("i.id", "desc")
    .limit(f.limit)
    .execute();
  return rows.map((r): Incident => {
    if (!isIncident(r.kind) || !isIncidentState(r.state)) throw new Error(`unknown incident ${r.id}`);
    return {
      ...{ id: r.id, key: r.key, kind: r.kind, state: r.state, side: r.side === "unit" ? "unit" : "centre" },
      ticket:
        r.ticket_id === null
          ? null
          : {
              ...{ id: r.ticket_id, number: r.number ?? "", title: r.title ?? "" },
              state: r.ticket_state ?? "",
            },
      item: r.item_id === null ? null : { id: r.item_id, title: r.item_title ?? "" },
      ...{ round: r.round, occurredAt: r.occurred_at, foundAt: r.found_at, cause: r.cause },
      ...{ unitId: r.unit_id, unitName: r.unit_name, personId: r.person_id, personName: r.person_name },
      ...{ post: r.post, rule: r.rule, term: { from: day(r.from), to: day(r.to) } },
      ...{ remedy: r.remedy, remedyDue: r.due, answer: r.answer, answeredBy: r.answered_by },
    };
  });
}

/** Holds one incident until the transaction ends. */
export async function lockIncident(tx: Db, actor: Actor, id: string): Promise<Incident | null> {
  await sql`select from incident where id = ${id} for update`.execute(tx);
  const [incident] = await readIncidents(tx, actor, { id, limit: 1 });
  return incident ?? null;
}

export interface TakenStep {
  readonly step: IncidentStep;
  readonly to: IncidentState;
  readonly words: string;
  readonly due: Day | null;
  readonly by: { readonly userId: string; readonly name: string };
  readonly at: number;
}

export async function keepStep(tx: Db, incident: Incident, taken: TakenStep): Promise<void> {
  const { step, to, words, by } = taken;
  const asks = step === "ask" || step === "back";
  await tx
    .updateTable("incident")
    .set({
      ...{ state: to, version: sql`version + 1` },
      ...(asks ? { remedy: words, remedy_due: sql`${taken.due}::date` } : {}),
      ...(step === "answer" ? { answer: words, answered_by: by.userId } : {}),
    })
    .where("id", "=", incident.id)
    .execute();
  await tx
    .insertInto("incident_step")
    .values({
      ...{ incident_id: incident.id, step, from_state: incident.state, to_state: to },
      ...{ at: new Date(taken.at), user_id: by.userId, user_name: by.name, words },
      due: sql`${taken.due}::date`,
    })
    .execute();
}

/** The steps of an incident, the first first. */
export function readSteps(db: Db, id: string) {
  return db
    .selectFrom("incident_step")
    .select(["id", "step", "to_state", "at", "user_id", "user_name", "words"])
    .select(dayText("due").as("due"))
    .where("incident_id", "=", id)
    .orderBy("id")
    .execute();
}

export interface KindCount {
  readonly kind: IncidentKind;
  readonly count: number;
  readonly live: number;
  readonly dismissed: number;
}

/** By kind, in a term: how many count, how many are not closed, how many were found not to be. */
export async function countKinds(db: Db, actor: Actor, termFrom: string): Promise<readonly KindCount[]> {
  const rows = await db
    .selectFrom("incident")
    .select((eb) => [
      "kind",
      eb.fn.countAll<string>().filterWhere("state", "<>", "dismissed").as("count"),
      eb.fn.countAll<string>().filterWhere("state", "in", ["open", "asked", "answered"]).as("live"),
      eb.fn.countAll<string>().filterWhere("state", "=", "dismissed").as("dismissed"),
    ])
    .where(sql<boolean>`term_from = ${termFrom}::date`)
    .$if(actor.unitId !== null, (q) => q.where("unit_id", "=", actor.unitId))
    .groupBy("kind")
    .execute();
  const byKind = new Map(rows.map((row) => [row.kind, row]));
  return ALL_INCIDENTS.map((kind) => {
    const row = byKind.get(kind);
    const of = (n: string | undefined) => Number(n ?? 0);
    return { kind, count: of(row?.count), live: of(row?.live), dismissed: of(row?.dismissed) };
  });
}

/** Terms in which something was found, the newest first. */
export async function readTerms(db: Db): Promise<readonly Term[]> {
  const rows = await db
    .selectFrom("incident")
    .select([dayText("term_from").as("from"), dayText("term_to").as("to")])
    .distinct()
    .orderBy("from", "desc")
    .execute();
  return rows.map(({ from, to }) => ({ from: day(from), to: day(to) }));
}

/**
 * 退市驳回: what was kept on the application that the city rejected: what the checks before it found, and who let it pass.
 * Null for other kinds.
 */
export async function readApplication(
  db: Db,
  { ticket, key }: Incident,
): Promise<Readonly<Record<string, unknown>> | null> {
  const eventId = rejectionIn(key);
  if (ticket === null || eventId === null) return null;
  const { rows } = await sql<{ data: Record<string, unknown> }>`
    select s.data from event e join event s on s.ticket_id = e.ticket_id and s.version < e.version and s.kind = 'applyWithdraw'
     where e.id = ${eventId} and e.ticket_id = ${ticket.id} order by s.version desc limit 1`.execute(db);
  return rows[0]?.data ?? null;
}

/** How many wait for this person: to be answered, or to be reviewed. */
export async function countWaiting(
  db: Db,
  who: Actor & { readonly userId: string },
  reviews: boolean,
): Promise<number> {
  const { n } = await db
    .selectFrom("incident")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where((eb) => {
      if (who.unitId !== null)
        return eb.and([eb("unit_id", "=", who.unitId), eb("state", "in", ["open", "asked"])]);
      const own = eb.and([eb("person_id", "=", who.userId), eb("state", "in", ["open", "asked"])]);
      return reviews ? eb.or([own, eb("state", "in", ["open", "answered"])]) : own;
    })
    .executeTakeFirstOrThrow();
  return Number(n);
}

const dayText = (column: string) => sql<string | null>`to_char(${sql.ref(column)}, 'YYYY-MM-DD')`;
const day = (text: string | null): Day => dayOf(Date.parse(`${text}T00:00:00+08:00`));
