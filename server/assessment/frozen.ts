/** 封账副本的读取. A closed period out of its frozen text, and whether that text still gives the figures it was closed with. */
import { createHash } from "node:crypto";
import { closedFigures, type Frozen, type FrozenSegment } from "@jiesu/core/assessment/closed.ts";
import type { Entry } from "@jiesu/core/assessment/entry.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { lastOf, type Segment } from "@jiesu/core/assessment/segments.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import { type Period, type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { ruleSetOf } from "./rulebook.ts";

export interface Closed {
  readonly id: string;
  readonly level: Level;
  readonly period: Period;
  /** That of the last segment. */
  readonly ruleSet: RuleSet;
  readonly segments: readonly Segment[];
  readonly frozen: Frozen;
  /** As they were when it was closed. */
  readonly figures: string;
  readonly digest: string;
  /** Whether the text has its digest and gives those figures again, to the byte. */
  readonly intact: boolean;
  readonly entries: number;
  readonly waived: string;
  readonly closedAt: Date;
  readonly closedBy: string;
}

/** Null while the period is not closed. */
export async function closedPeriod(db: Db, level: Level, name: string): Promise<Closed | null> {
  const row = await db
    .selectFrom("closing")
    .selectAll()
    .where("level", "=", level)
    .where("period", "=", name)
    .executeTakeFirst();
  if (!row) return null;
  // We wrote this text, and its digest tells whether anybody else has.
  const { figures, ...frozen } = JSON.parse(row.frozen) as Frozen & { readonly figures: string };
  const segments = segmentsOf(frozen.segments ?? [{ ...frozen.period, rules: frozen.rules }]);
  const [period, from, to] = [parsePeriodName(row.period), parseDay(row.from_day), parseDay(row.to_day)];
  if (period === null || from === null || to === null)
    throw new Error(`closing ${row.id} has no such period`);
  const digest = createHash("sha256").update(row.frozen).digest("hex");
  return {
    id: row.id,
    level,
    period: { name: period, from, to },
    ruleSet: lastOf(segments).ruleSet,
    segments,
    frozen,
    figures,
    digest: row.digest,
    intact: digest === row.digest && closedFigures(frozen, segments) === figures,
    entries: row.entries,
    waived: row.waived,
    closedAt: row.closed_at,
    closedBy: row.closed_name,
  };
}

/** The rule sets that a closed period was reckoned under, without reckoning it again; null while it is not closed. */
export async function closedSegments(
  db: Db,
  level: Level,
  name: PeriodName,
): Promise<readonly Segment[] | null> {
  const { rows } = await sql<{ segments: readonly FrozenSegment[] }>`
    select coalesce(f.said -> 'segments', jsonb_build_array(f.said -> 'period' || jsonb_build_object('rules', f.said -> 'rules'))) as segments
      from closing c cross join lateral (select c.frozen::jsonb as said) f
     where c.level = ${level} and c.period = ${name}`.execute(db);
  return rows[0] === undefined ? null : segmentsOf(rows[0].segments);
}

/** An entry that was counted for a unit, of which ticket, in which segment. */
export interface FrozenRow {
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly seq: number;
  /** When it counted, by the ledger; null for what was never written there. */
  readonly countedAt: Date | null;
  readonly segment: number;
  readonly entry: Entry;
}

/** The entries that were counted for a unit. */
export async function frozenRows(db: Db, closed: Closed, unitId: string): Promise<readonly FrozenRow[]> {
  const rows = await db
    .selectFrom("closing_row as c")
    .innerJoin("ticket as t", "t.id", "c.ticket_id")
    .leftJoin("ledger as l", (join) =>
      join
        .onRef("l.ticket_id", "=", "c.ticket_id")
        .onRef("l.round", "=", "c.round")
        .onRef("l.seq", "=", "c.seq"),
    )
    .select(["c.ticket_id", "t.number", "c.round", "c.seq", "c.segment", "l.counted_at"])
    .select(["c.scope", "c.valid", "c.contacted", "c.solved", "c.satisfied"])
    .where("c.closing_id", "=", closed.id)
    .where("c.unit_id", "=", unitId)
    .orderBy("c.ticket_id")
    .orderBy("c.round")
    .execute();
  return rows.map(({ ticket_id, number, round, seq, segment, counted_at, ...entry }) => ({
    ...{ ticketId: ticket_id, number, round, seq, segment, countedAt: counted_at },
    entry: entry as Entry, // copied from columns whose checks allow only these
  }));
}

function segmentsOf(frozen: readonly FrozenSegment[]): readonly Segment[] {
  return frozen.map(({ from, to, rules }) => {
    const [first, last] = [parseDay(from), parseDay(to)];
    if (first === null || last === null) throw new Error(`a closing has no such days: ${from} … ${to}`);
    return { from: first, to: last, ruleSet: ruleSetOf(rules, "inForce", approvedBy(rules)) };
  });
}

function approvedBy(rules: unknown): string | null {
  return typeof rules === "object" &&
    rules !== null &&
    "approvedBy" in rules &&
    typeof rules.approvedBy === "string"
    ? rules.approvedBy
    : null;
}
