/**
 * 履约事件的发现. Follows the events by a cursor: rejections by the city and clocks that ran out; looks for supervision that was
 * not passed on in its time, and what the sweeps found. At least once, and once by the key; every third of a kind in its term raises the alarm.
 */
import { isClockKind } from "@jiesu/core/deadline/kind.ts";
import { alarmsAt, type Happened, incidentOf } from "@jiesu/core/incident/found.ts";
import { INCIDENTS, type IncidentKind } from "@jiesu/core/incident/kinds.ts";
import { incidentRulesOn, type Term, termOn } from "@jiesu/core/incident/rules.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { DAY_MS, dayOf, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { NO_STEP } from "@jiesu/core/watch/reasons.ts";
import { isLoose, LOOSE } from "@jiesu/core/watch/sweep.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { type ConsumedEvent, consume } from "../platform/events/consumer.ts";
import { CENTRE } from "../platform/http/who.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { countInTerm, keepIncidents, lockIncidents, type NewIncident, raiseAlarms } from "./store.ts";

/** Terms of supervision are in hours at the least: a look a minute is plenty. */
const LATE_EVERY_MS = MINUTE_MS;

/** What happened, before it is judged: where, when, and who stood behind it. */
interface Case {
  readonly happened: Happened;
  readonly ticketId: string | null;
  /** The 督办件, where it is about one. */
  readonly itemId?: string;
  readonly round: number;
  readonly at: number;
  readonly unitId: string | null;
  readonly person: NewIncident["person"];
}

/** The worker's step: a page of events, supervision that is late, and the newest sweep. */
export function incidentStep(): (shell: Shell) => Promise<number> {
  let swept = "";
  let looked = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    const seen = await consume(shell.db, "incident", async (tx, events) => {
      await keep(shell, tx, [...(await rejections(tx, events)), ...(await overdues(tx, events))]);
    });
    const now = shell.now();
    if (Math.abs(now - looked) >= LATE_EVERY_MS) {
      await shell.db.transaction().execute(async (tx) => keep(shell, tx, await forwardedLate(tx, now)));
      looked = now;
    }
    const newest = await newestSweep(shell.db);
    if (newest !== swept) {
      await shell.db.transaction().execute(async (tx) => keep(shell, tx, await looseNow(tx, shell.now())));
      swept = newest;
    }
    return seen;
  };
}

async function keep(shell: Shell, tx: Db, cases: readonly Case[]): Promise<void> {
  if (cases.length === 0) return;
  const now = shell.now();
  const found = cases.flatMap((each): NewIncident[] => {
    const day = dayOf(each.at);
    const incident = incidentOf(each.happened, incidentRulesOn(shell.rules.incidents, day).body);
    const { ticketId, itemId = null, round, at, unitId, person } = each;
    const term = termOn(shell.rules.incidents, day);
    if (incident === null) return [];
    const whose = { unitId, person: incident.side === "unit" ? null : person };
    return [{ ...incident, ticketId, itemId, round, at, ...whose, term }];
  });
  if (found.length === 0) return;
  await lockIncidents(tx);
  const rule = incidentRulesOn(shell.rules.incidents, dayOf(now));
  const kept = await keepIncidents(tx, found, rule.name, now);
  const fresh = [...new Map(found.filter((f) => kept.has(f.key)).map((f) => [f.key, f])).values()];
  await tellFound(tx, fresh, kept, now);
  const counted = new Map(fresh.map((f) => [`${f.kind} ${f.term.from}`, f]));
  for (const { kind, term } of counted.values()) await alarm(tx, kind, term, rule.body.alarmEvery, now);
}

/** Whoever answers for it hears of it; where nobody does, the unit's head or the shift leads. */
async function tellFound(
  tx: Db,
  found: readonly NewIncident[],
  ids: ReadonlyMap<string, string>,
  now: number,
): Promise<void> {
  if (found.length === 0) return;
  const people = await tx
    .selectFrom("app_user")
    .select(["id", "unit_id", "roles"])
    .where("active", "=", true)
    .where(sql<boolean>`roles && array['unitLead', 'shiftLead']`)
    .execute();
  const responsible = (f: NewIncident) => {
    if (f.person) return [f.person.id];
    const of = people.filter((p) =>
      f.side === "unit" ? p.unit_id === f.unitId && p.unit_id !== null : p.roles.includes("shiftLead"),
    );
    return of.map((p) => p.id);
  };
  await enqueue(
    tx,
    found.map((f) => ({
      ...{ cause: `incident:${ids.get(f.key)}`, kind: "notice" as const, to: responsible(f) },
      ...{ means: ["workbench"] as const, ticketId: f.ticketId, link: `/incidents/${ids.get(f.key)}` },
      ...{ title: `履约事件：${INCIDENTS[f.kind].zh}`, body: f.cause, at: now },
    })),
  );
}

/** 报警. */
async function alarm(tx: Db, kind: IncidentKind, term: Term, every: number, now: number): Promise<void> {
  const count = await countInTerm(tx, kind, term);
  const raised = await raiseAlarms(tx, kind, term, alarmsAt(count, every), now);
  if (raised.length === 0) return;
  const leaders = await tx
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where(sql<boolean>`roles && array['leader']`)
    .execute();
  await enqueue(
    tx,
    raised.map(({ id, nth }) => ({
      ...{ cause: `incident-alarm:${id}`, kind: "overdue" as const, to: leaders.map((leader) => leader.id) },
      ...{ means: ["workbench", "email", "webhook"] as const, ticketId: null, at: now },
      ...{ title: `履约报警：${INCIDENTS[kind].zh}已达 ${nth} 起`, link: `/incidents?kind=${kind}` },
      body: `本任期（${term.from} 至 ${term.to}）${INCIDENTS[kind].zh}已达 ${nth} 起，请查看并说明处理意见。`,
    })),
  );
}

/** 退市驳回, with who applied for the withdrawal. */
async function rejections(tx: Db, events: readonly ConsumedEvent[]): Promise<readonly Case[]> {
  const ids = events.filter((e) => e.kind === "rejectWithdraw").map((e) => e.id);
  if (ids.length === 0) return [];
  const { rows } = await sql<{
    id: string;
    ticket_id: string;
    round: number;
    at: Date;
    reason: string | null;
    user_id: string | null;
    user_name: string | null;
  }>`
    select e.id, e.ticket_id, e.round, e.at, e.data ->> 'reason' as reason, a.user_id, a.user_name
    from event e
    left join lateral (select s.user_id, s.user_name from event s
                        where s.ticket_id = e.ticket_id and s.version < e.version and s.kind = 'applyWithdraw'
                        order by s.version desc limit 1) a on true
    where e.id = any(${ids}::bigint[]) order by e.id`.execute(tx);
  return rows.map((r) => ({
    happened: { what: "rejected", eventId: r.id, reason: r.reason ?? "" },
    ...{ ticketId: r.ticket_id, round: r.round, at: r.at.getTime(), unitId: null },
    person: r.user_id === null ? null : { id: r.user_id, name: r.user_name ?? "" },
  }));
}

/**
 * 超期: the clock, whether anything was done while it ran, and whose it was: of the centre who last moved the ticket since,
 * else the lead of the shift in which it ran out.
 */
async function overdues(tx: Db, events: readonly ConsumedEvent[]): Promise<readonly Case[]> {
  const ids = events.filter((e) => e.kind === "timer.overdue").map((e) => e.id);
  if (ids.length === 0) return [];
  const centre: readonly Role[] = CENTRE;
  const { rows } = await sql<{
    ticket_id: string;
    round: number;
    at: Date;
    clock: string;
    started_at: Date;
    unit_id: string | null;
    touched: boolean;
    user_id: string | null;
    user_name: string | null;
  }>`
    select e.ticket_id, e.round, e.at, c.kind as clock, c.started_at, coalesce(a.unit_id, e.unit_id) as unit_id,
           exists (select from event s where s.ticket_id = e.ticket_id and s.version < e.version and s.at > c.started_at
                    and s.kind <> all(${[...NO_STEP]})) as touched,
           coalesce(h.user_id, l.id) as user_id, coalesce(h.user_name, l.name) as user_name
    from event e
    join clock c on c.id = (e.data ->> 'clockId')::bigint
    left join assignment a on a.id = c.assignment_id
    left join lateral (select s.user_id, s.user_name from event s
                        where s.ticket_id = e.ticket_id and s.version < e.version and s.at >= c.started_at
                          and s.user_id is not null and s.role = any(${[...centre]}) and s.kind <> all(${[...NO_STEP]})
                        order by s.version desc limit 1) h on true
    left join lateral (select u.id, u.name from shift f join app_user u on u.id = f.lead_id
                        where f.starts_at <= c.due_at and f.ends_at > c.due_at order by f.starts_at desc limit 1) l on true
    where e.id = any(${ids}::bigint[]) order by e.id`.execute(tx);
  return rows.flatMap((r): Case[] => {
    const { clock, touched } = r;
    if (!isClockKind(clock)) return [];
    const startedAt = r.started_at.getTime();
    return [
      {
        happened: { what: "overdue", ticketId: r.ticket_id, clock, startedAt, touched },
        ...{ ticketId: r.ticket_id, round: r.round, at: r.at.getTime(), unitId: r.unit_id },
        person: r.user_id === null ? null : { id: r.user_id, name: r.user_name ?? "" },
      },
    ];
  });
}

/**
 * 督办迟转: items whose forwarding clock ran out before they were passed on, whether they have been since or not, and whether
 * they name a ticket or not; those that no incident tells of yet.
 */
async function forwardedLate(tx: Db, now: number): Promise<readonly Case[]> {
  const { rows } = await sql<{
    item: string;
    due_at: Date;
    ticket_id: string | null;
    round: number | null;
    user_id: string | null;
    user_name: string | null;
  }>`
    select distinct on (c.item_id) c.item_id::text as item, c.due_at, t.ticket_id, t.round, s.user_id, s.user_name
    from supervision_clock c
    left join lateral (select k.ticket_id, k.round from supervision_ticket k
                        where k.item_id = c.item_id order by k.ticket_id limit 1) t on true
    left join lateral (select p.user_id, p.user_name from supervision_step p
                        where p.item_id = c.item_id and p.step = 'forward' and p.at >= c.started_at order by p.id limit 1) s on true
    where c.kind = 'forward' and (c.late or c.state = 'running') and c.due_at < ${new Date(now)}
      and not exists (select from incident i where i.item_id = c.item_id and i.kind = 'supervision')
    order by c.item_id, c.id`.execute(tx);
  return rows.map((r) => ({
    happened: { what: "forwardedLate", item: r.item },
    ...{ ticketId: r.ticket_id, itemId: r.item, round: r.round ?? 0, at: r.due_at.getTime(), unitId: null },
    person: r.user_id === null ? null : { id: r.user_id, name: r.user_name ?? "" },
  }));
}

/** A worker that was long away looks at the sweeps of so many days. */
const LOOK_BACK_MS = 7 * DAY_MS;

/** 无主工单 that the sweeps of late found and no incident tells of yet. */
async function looseNow(tx: Db, now: number): Promise<readonly Case[]> {
  const { rows } = await sql<{
    ticket_id: string;
    moved_version: number;
    lacks: string[];
    round: number;
    at: Date;
  }>`
    select distinct on (f.ticket_id, f.moved_version) f.ticket_id, f.moved_version, f.lacks, t.round, r.at
    from sweep_run r join sweep_found f on f.run_id = r.id join ticket t on t.id = f.ticket_id
    where r.at >= ${new Date(now - LOOK_BACK_MS)} and r.found > 0
    order by f.ticket_id, f.moved_version, r.at`.execute(tx);
  return rows.map((r) => ({
    happened: {
      ...{ what: "loose", ticketId: r.ticket_id, movedVersion: r.moved_version },
      lacks: r.lacks.filter(isLoose).map((each) => LOOSE[each]),
    },
    ...{ ticketId: r.ticket_id, round: r.round, at: r.at.getTime(), unitId: null, person: null },
  }));
}

async function newestSweep(db: Db): Promise<string> {
  const row = await db
    .selectFrom("sweep_run")
    .select("id")
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? "";
}
