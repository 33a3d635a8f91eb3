/**
 * 封账. Looks for what is not settled, then freezes a period: the entries counted, the rules, the units as they are called
 * now. From then on the ranking of the period is reckoned from the frozen copy; later corrections are listed as differences.
 */
import { createHash } from "node:crypto";
import { plainText } from "@jiesu/core/assessment/adjustment.ts";
import { choosePeriod, settingsOf } from "@jiesu/core/assessment/choice.ts";
import {
  closedFigures,
  type Frozen,
  type FrozenOnTime,
  type FrozenSegment,
  type FrozenUnit,
} from "@jiesu/core/assessment/closed.ts";
import { cellKey, type Entry, STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import { type Segment, startsOf } from "@jiesu/core/assessment/segments.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import {
  type DayRange,
  doneDays,
  instantsOf,
  type Period,
  type PeriodName,
} from "@jiesu/core/time/period.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { discrepancies } from "./discrepancies.ts";
import { ruleSetNamed } from "./drafts.ts";
import { onTimeNow, refuseRules } from "./figures.ts";
import { type Closed, closedPeriod } from "./frozen.ts";
import { rulebook } from "./rulebook.ts";
import { ENTRY_AT, onTimeOf, segmentAt } from "./store.ts";
import { factsOf } from "./unitfacts.ts";

addWordings({
  "period-open": { status: 409, zh: (r) => `考核期 ${r.period} 到 ${r.to} 才结束，不能封账。` },
  "already-closed": { status: 409, zh: (r) => `考核期 ${r.period} 已封账。` },
  "checks-open": {
    status: 409,
    zh: (r) => `封账检查发现 ${r.found} 件未了事项；请先处理，确需封账的请填写理由。`,
  },
  "not-closed": { status: 404, zh: (r) => `考核期 ${r.period} 尚未封账。` },
});

/** What has to be settled before a period is closed; at most 200 tickets of each are named. */
export interface Check {
  readonly check: "noResult" | "exemptionPending" | "callbacksConflict";
  readonly zh: string;
  readonly found: number;
  readonly tickets: readonly { readonly ticketId: string; readonly number: string }[];
}

const NAMED = 200;

export async function checksOf(
  shell: Shell,
  db: Db,
  level: Level,
  name: PeriodName,
): Promise<readonly Check[]> {
  const { period } = await chosenFor(shell, level, name);
  const { fromAt, beforeAt } = instantsOf(period);
  const counted = sql`r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)} and not r.void`;
  const unanswered = level === "city" ? sql`r.source is distinct from 'city'` : sql`r.source is null`;
  const silent = await sql<Found>`
    select r.ticket_id as "ticketId", t.number, count(*) over ()::int as found
      from result r join ticket t on t.id = r.ticket_id
     where ${counted} and ${unanswered} and r.scope <> 'exempt' order by r.ticket_id limit ${NAMED}`.execute(
    db,
  );
  const pending = await sql<Found>`
    select r.ticket_id as "ticketId", t.number, count(*) over ()::int as found
      from exemption x join result r on r.ticket_id = x.ticket_id and r.round = x.round join ticket t on t.id = r.ticket_id
     where ${counted} and x.state in ('applied', 'returned', 'passed', 'sent') order by r.ticket_id limit ${NAMED}`.execute(
    db,
  );
  const differing = await discrepancies(db, { fromAt, beforeAt }, 10_000);
  return [
    { check: "noResult", zh: "尚无回访结果", ...named(silent.rows) },
    { check: "exemptionPending", zh: "不纳入考核申请尚未了结", ...named(pending.rows) },
    {
      check: "callbacksConflict",
      zh: "本中心与市级回访结果不一致",
      found: differing.length,
      tickets: differing.slice(0, NAMED).map(({ ticketId, number }) => ({ ticketId, number })),
    },
  ];
}

/** Closes a period that is over. What the checks found must be settled, or `waived` says why it is closed all the same. */
export async function closePeriod(
  shell: Shell,
  actor: Actor,
  level: Level,
  name: PeriodName,
  waived: string,
): Promise<Closed> {
  const { period, ruleSet, segments, done } = await chosenFor(shell, level, name);
  if (dayOf(shell.now()) <= period.to)
    throw new Refused({ code: "period-open", period: name, to: period.to });
  const written = await Promise.all(
    segments.map(async ({ from, to, ruleSet: rules }): Promise<FrozenSegment> => {
      const { body } = await ruleSetNamed(shell, rules.name);
      return { from, to, rules: { ...body, approvedBy: rules.approvedBy } };
    }),
  );
  await shell.db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (tx) => {
      if (await closedPeriod(tx, level, name)) throw new Refused({ code: "already-closed", period: name });
      const found = (await checksOf(shell, tx, level, name)).reduce((sum, each) => sum + each.found, 0);
      if (found > 0 && waived.trim() === "") throw new Refused({ code: "checks-open", found });
      const frozen: Frozen = {
        level,
        period: { name, from: period.from, to: period.to },
        rules: written.at(-1)?.rules,
        ...(await standingNow(tx, level, period, startsOf(segments))),
        onTime: await onTimeAt(tx, shell.now(), level, segments, done),
        ...(sameDays(done, period) ? {} : { doneDays: done }),
        ...(written.length > 1 ? { segments: written } : {}),
      };
      const text = JSON.stringify({ ...frozen, figures: closedFigures(frozen, segments) });
      const row = await tx
        .insertInto("closing")
        .values({
          level,
          period: name,
          rule_set: ruleSet.name,
          from_day: period.from,
          to_day: period.to,
          frozen: text,
          digest: createHash("sha256").update(text).digest("hex"),
          entries: frozen.units.reduce(
            (n, unit) => n + unit.entries.reduce((m, each) => m + each.times, 0),
            0,
          ),
          waived: waived.trim(),
          closed_at: new Date(shell.now()),
          closed_by: actor.userId,
          closed_name: actor.name,
        })
        .onConflict((conflict) => conflict.columns(["level", "period"]).doNothing())
        .returning("id")
        .executeTakeFirst();
      if (!row) throw new Refused({ code: "already-closed", period: name });
      const { fromAt, beforeAt } = instantsOf(period);
      await sql`
        insert into closing_row (closing_id, ticket_id, round, seq, segment, unit_id, street, category1, scope, valid, contacted, solved, satisfied, on_time)
        select ${row.id}, r.ticket_id, r.round,
               coalesce((select max(l.seq) from ledger l where l.ticket_id = r.ticket_id and l.round = r.round), 0),
               ${segmentAt(startsOf(segments))}, r.unit_id, t.street, t.category1, e.scope, e.valid, e.contacted, e.solved, e.satisfied,
               ${onTimeWithin(shell.now(), done, period)}
          from result r cross join lateral (select ${ENTRY_AT[level]}) e join ticket t on t.id = r.ticket_id
         where r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)} and not r.void`.execute(
        tx,
      );
      // Judged in this period though they count in another: what the rate opens into.
      if (!sameDays(done, period))
        await sql`
          insert into closing_done (closing_id, ticket_id, round, seq, segment, unit_id, street, category1, scope, valid, contacted, solved, satisfied, on_time)
          select ${row.id}, r.ticket_id, r.round,
                 coalesce((select max(l.seq) from ledger l where l.ticket_id = r.ticket_id and l.round = r.round), 0),
                 ${segmentAt(startsOf(segments))}, r.unit_id, t.street, t.category1, e.scope, e.valid, e.contacted, e.solved, e.satisfied, j.on_time
            from result r cross join lateral (select ${ENTRY_AT[level]}) e cross join lateral (select ${onTimeOf(shell.now())} as on_time) j
            join ticket t on t.id = r.ticket_id
           where ${within(done)} and not ${within(period)} and not r.void and j.on_time is not null`.execute(
          tx,
        );
    });
  return closedOrRefuse(shell.db, level, name);
}

export async function closedOrRefuse(db: Db, level: Level, name: PeriodName): Promise<Closed> {
  const closed = await closedPeriod(db, level, name);
  if (!closed) throw new Refused({ code: "not-closed", period: name });
  return closed;
}

/** What the results say now against what was frozen; a null side means that it was, or is, not counted there. */
export interface Correction {
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly frozen: Side | null;
  readonly now: Side | null;
}
export interface Side extends Entry {
  /** The place of the segment it counts in: a day moved over a change of rules is a difference too. */
  readonly segment: number;
  readonly unitId: string | null;
  /** 按期; null while no report could be judged. Only where the closing froze it. */
  readonly onTime?: boolean | null;
}

export async function correctionsOf(
  db: Db,
  closed: Closed,
  now: number,
  limit: number,
): Promise<readonly Correction[]> {
  const { period } = closed;
  const done = closed.frozen.doneDays ?? period;
  const segment = segmentAt(startsOf(closed.segments));
  const freezes = closed.frozen.onTime !== undefined;
  const [judgedNow, judgedThen] = freezes
    ? [sql`, 'onTime', ${onTimeWithin(now, done, period)}`, sql`, 'onTime', on_time`]
    : [sql``, sql``];
  const said = sql`jsonb_build_object('segment', ${segment}, 'unitId', r.unit_id::text, 'scope', e.scope, 'valid', e.valid,
               'contacted', e.contacted, 'solved', e.solved, 'satisfied', e.satisfied`;
  const kept = sql`jsonb_build_object('segment', segment, 'unitId', unit_id::text, 'scope', scope, 'valid', valid,
               'contacted', contacted, 'solved', solved, 'satisfied', satisfied`;
  // Of what counts elsewhere and is only judged here, unit, scope and verdict alone are compared.
  const more = sameDays(done, period)
    ? { now: sql``, was: sql`` }
    : {
        now: sql` union all
      select ticket_id, round, said, said - ${ANSWERS}::text[] from (
        select r.ticket_id, r.round, ${said}, 'onTime', j.on_time) as said
          from result r cross join lateral (select ${ENTRY_AT[closed.level]}) e cross join lateral (select ${onTimeOf(now)} as on_time) j
         where ${within(done)} and not ${within(period)} and not r.void and j.on_time is not null) d`,
        was: sql` union all
      select ticket_id, round, said, said - ${ANSWERS}::text[] from (
        select ticket_id, round, ${kept}, 'onTime', on_time) as said from closing_done where closing_id = ${closed.id}) d`,
      };
  const { rows } = await sql<{
    ticketId: string;
    number: string;
    round: number;
    was: Side | null;
    now: Side | null;
  }>`
    with now_rows as (
      select r.ticket_id, r.round, ${said}${judgedNow}) as said, null::jsonb as part
        from result r cross join lateral (select ${ENTRY_AT[closed.level]}) e
       where ${within(period)} and not r.void${more.now}),
    was_rows as (
      select ticket_id, round, ${kept}${judgedThen}) as said, null::jsonb as part
        from closing_row where closing_id = ${closed.id}${more.was})
    select p.ticket_id as "ticketId", t.number, p.round, p.was, p.now
      from (select ticket_id, round, w.said as was, n.said as now
              from was_rows w full join now_rows n using (ticket_id, round)
             where coalesce(w.part, w.said) is distinct from coalesce(n.part, n.said)) p
      join ticket t on t.id = p.ticket_id
     order by p.ticket_id, p.round limit ${limit}`.execute(db);
  return rows.map(({ was, ...row }) => ({ ...row, frozen: was }));
}

async function chosenFor(shell: Shell, level: Level, name: PeriodName) {
  const settings = await periodsInForce(shell);
  const chosen = choosePeriod(await rulebook(shell, level), settings, name) ?? refuseRules(undefined);
  return { ...chosen, done: doneDays(settingsOf(chosen.ruleSet, settings), name) };
}

const ANSWERS = ["segment", "valid", "contacted", "solved", "satisfied"];

const sameDays = (a: DayRange, b: DayRange): boolean => a.from === b.from && a.to === b.to;

function within(days: DayRange): RawBuilder<boolean> {
  const { fromAt, beforeAt } = instantsOf(days);
  return sql<boolean>`(r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)})`;
}

/** The verdict of a result r of the period, where its 办结 counts in it; null where it counts in another. */
function onTimeWithin(at: number, done: DayRange, period: DayRange): RawBuilder<boolean | null> {
  return sameDays(done, period) ? onTimeOf(at) : sql`case when ${within(done)} then ${onTimeOf(at)} end`;
}

async function onTimeAt(
  tx: Db,
  at: number,
  level: Level,
  segments: readonly Segment[],
  done: DayRange,
): Promise<readonly FrozenOnTime[]> {
  const kept: FrozenOnTime[] = [];
  for (const scope of STAT_SCOPES) {
    const counted = await onTimeNow(tx, at, segments, done, { scope, level }, null);
    const byUnit = [...counted].sort((a, b) => Number(a.unitId) - Number(b.unitId));
    kept.push(...byUnit.map(({ unitId, due, onTime }) => ({ unitId, scope, due, onTime })));
  }
  return kept;
}

async function unitsNow(
  tx: Db,
  level: Level,
  period: Period,
  starts: readonly Day[],
): Promise<readonly FrozenUnit[]> {
  const { fromAt, beforeAt } = instantsOf(period);
  const { rows } = await sql<
    Entry & { id: string; name: string; shortName: string; kind: string; segment: number; times: number }
  >`
    select u.id, u.name, u.short_name as "shortName", u.kind, ${segmentAt(starts)} as segment, e.scope, e.valid, e.contacted, e.solved, e.satisfied, count(*)::int as times
      from result r cross join lateral (select ${ENTRY_AT[level]}) e join unit u on u.id = r.unit_id
     where r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)} and not r.void
     group by 1, 2, 3, 4, 5, e.scope, e.valid, e.contacted, e.solved, e.satisfied`.execute(tx);
  return [...Map.groupBy(rows, (row) => row.id)]
    .sort(([a], [b]) => Number(a) - Number(b))
    .flatMap(([id, its]) => {
      const [first] = its;
      if (!first) return [];
      const { name, shortName, kind } = first;
      const entries = its
        .map(({ scope, valid, contacted, solved, satisfied, times, segment }) => ({
          entry: { scope, valid, contacted, solved, satisfied },
          times,
          ...(segment > 0 ? { segment } : {}),
        }))
        .sort(
          (a, b) => (a.segment ?? 0) - (b.segment ?? 0) || (cellKey(a.entry) < cellKey(b.entry) ? -1 : 1),
        );
      return [{ id, name, shortName, kind, entries }];
    });
}

/** Units with their entries, class and population, and the points approved, as all of them stand now. */
async function standingNow(
  tx: Db,
  level: Level,
  period: Period,
  starts: readonly Day[],
): Promise<Pick<Frozen, "units" | "adjustments">> {
  const units = await unitsNow(tx, level, period, starts);
  const { classes, populations, given } = await factsOf(tx, level, period);
  return {
    units: units.map((unit) => ({
      ...unit,
      unitClass: classes.get(unit.id) ?? null,
      population: populations.get(unit.id) ?? null,
    })),
    adjustments: [...given]
      .flatMap(([unitId, its]) =>
        its.map(({ id, item, points }) => ({ id, unitId, item, points: plainText(points) })),
      )
      .sort((a, b) => Number(a.id) - Number(b.id)),
  };
}

interface Found {
  readonly ticketId: string;
  readonly number: string;
  readonly found: number;
}

function named(rows: readonly Found[]) {
  return {
    found: rows[0]?.found ?? 0,
    tickets: rows.map(({ ticketId, number }) => ({ ticketId, number })),
  };
}
