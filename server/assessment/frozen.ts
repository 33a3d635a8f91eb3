/** 封账副本的读取. A closed period out of its frozen text, and whether that text still gives the figures it was closed with. */
import { createHash } from "node:crypto";
import { closedFigures, type Frozen } from "@jiesu/core/assessment/closed.ts";
import type { Entry } from "@jiesu/core/assessment/entry.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import { type Period, parsePeriodName } from "@jiesu/core/time/period.ts";
import type { Db } from "../platform/db/open.ts";
import { ruleSetOf } from "./rulebook.ts";

export interface Closed {
  readonly id: string;
  readonly level: Level;
  readonly period: Period;
  readonly ruleSet: RuleSet;
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
  const ruleSet = ruleSetOf(frozen.rules, "inForce", approvedBy(frozen.rules));
  const [period, from, to] = [parsePeriodName(row.period), parseDay(row.from_day), parseDay(row.to_day)];
  if (period === null || from === null || to === null)
    throw new Error(`closing ${row.id} has no such period`);
  const digest = createHash("sha256").update(row.frozen).digest("hex");
  return {
    id: row.id,
    level,
    period: { name: period, from, to },
    ruleSet,
    frozen,
    figures,
    digest: row.digest,
    intact: digest === row.digest && closedFigures(frozen, ruleSet) === figures,
    entries: row.entries,
    waived: row.waived,
    closedAt: row.closed_at,
    closedBy: row.closed_name,
  };
}

/** The entries that were counted for a unit. */
export async function frozenRows(db: Db, closed: Closed, unitId: string): Promise<readonly Entry[]> {
  const rows = await db
    .selectFrom("closing_row")
    .select(["scope", "valid", "contacted", "solved", "satisfied"])
    .where("closing_id", "=", closed.id)
    .where("unit_id", "=", unitId)
    .execute();
  return rows.map((row) => row as Entry); // copied from columns whose checks allow only these
}

function approvedBy(rules: unknown): string | null {
  return typeof rules === "object" &&
    rules !== null &&
    "approvedBy" in rules &&
    typeof rules.approvedBy === "string"
    ? rules.approvedBy
    : null;
}
