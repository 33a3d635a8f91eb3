/** 日历、时限与考核周期版本. Every version there is, of the files and of the table, with what counts today. */
import { CLOCKS } from "@jiesu/core/deadline/kind.ts";
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { limitWords } from "@jiesu/core/deadline/limit-words.ts";
import type { DeadlineRules, LimitRow } from "@jiesu/core/deadline/rules.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import type { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import { ladderInside } from "./ladders.ts";
import { RuleKind as Kinds, type RowOut, type RuleKind, type VersionOut } from "./shape.ts";

/** Every version of a kind, the latest first; drafts before all. */
export async function versionsOf(
  shell: { readonly db: Db; readonly rules: Rules },
  kind: RuleKind,
  at: number,
): Promise<readonly VersionOut[]> {
  const today = dayOf(at);
  const shipped = SHIPPED[kind](shell.rules);
  const rows = await shell.db
    .selectFrom("dated_rule")
    .selectAll()
    .where("kind", "=", kind)
    .orderBy("from_day")
    .orderBy("approved_at")
    .execute();
  const entered = rows.map(
    (r): VersionOut => ({
      name: r.name,
      kind: Kinds.parse(r.kind),
      from: r.from_day,
      source: r.source,
      origin: "entered",
      status: r.status === "inForce" ? "inForce" : "draft",
      standing: "draft",
      version: r.version,
      drafted: { name: r.drafted_name, at: r.drafted_at.toISOString() },
      approved: r.approved_at ? { name: r.approved_name ?? "", at: r.approved_at.toISOString() } : null,
      body: r.kind === "urging" ? ladderInside(bodyIn(r.body)) : bodyIn(r.body),
    }),
  );
  const all = [...shipped, ...entered];
  const inForce = all.filter((v) => v.status === "inForce");
  // Of several versions of one calendar year, or of periods of one name, the last one begun counts; limits follow one another
  // by their day.
  const now = new Map(
    inForce
      .filter((v) => v.from <= today || (kind === "calendar" && v.origin === "shipped"))
      .sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
      .map((v) => [lineOf(v), v.name]),
  );
  const counting = new Set(now.values());
  return all
    .map((v) => ({ ...v, standing: standingOf(v, counting, today) }))
    .sort(
      (a, b) =>
        Number(b.status === "draft") - Number(a.status === "draft") ||
        (kind === "calendar" ? Number(b.body.year) - Number(a.body.year) : 0) ||
        (a.from < b.from ? 1 : a.from > b.from ? -1 : 0),
    );
}

/** Which versions follow one another: those of a year, of the limits, of periods of one name. */
function lineOf({ kind, body }: VersionOut): string {
  return kind === "calendar" ? String(body.year) : kind === "period" ? String(body.name) : "";
}

function standingOf(v: VersionOut, counting: ReadonlySet<string>, today: Day): VersionOut["standing"] {
  if (v.status === "draft") return "draft";
  if (counting.has(v.name)) return "now";
  return v.from > today ? "coming" : "past";
}

/** The first version of each name: every period that no later one cuts. */
function shippedPeriods(rules: Rules): VersionOut[] {
  return rules.periods.map(({ name, source, from, startDay, reportAt, doneDay }) => ({
    ...shipped("period"),
    ...{ name, from: from ?? "", source },
    body: { name, startDay, reportAt, ...(doneDay === undefined ? {} : { doneDay }), overrides: [] },
  }));
}

const SHIPPED = {
  calendar: shippedYears,
  deadline: shippedLimits,
  period: shippedPeriods,
  urging: shippedLadders,
} as const satisfies Record<RuleKind, (rules: Rules) => VersionOut[]>;

function shippedLadders(rules: Rules): VersionOut[] {
  return rules.urgings.map(({ name, from, source, body }) => ({
    ...shipped("urging"),
    ...{ name, from, source, body: { ...body } },
  }));
}

/** A file's year counts from its first day on; its notice is its source. */
function shippedYears(rules: Rules): VersionOut[] {
  return rules.calendarYears.map((year) => ({
    ...shipped("calendar"),
    name: `calendar-${year.year}`,
    from: `${year.year}-01-01`,
    source: year.source,
    body: { year: year.year, off: year.off, work: year.work },
  }));
}

function shippedLimits(rules: Rules): VersionOut[] {
  return rules.deadlines.map((version) => ({
    ...shipped("deadline"),
    name: version.name,
    from: version.from,
    source: version.source,
    approved: null,
    body: writtenLimits(version),
  }));
}

const shipped = (kind: RuleKind) => ({
  kind,
  origin: "shipped" as const,
  status: "inForce" as const,
  standing: "past" as const,
  version: 1,
  drafted: null,
  approved: null,
});

/** The version as its file has it, so that the next one can be drafted from it. */
function writtenLimits(version: Version<DeadlineRules>): Record<string, unknown> {
  const { rows } = version.body;
  const periods = rows.flatMap((row) => (row.limit.unit === "workHours" ? [row.limit.periods] : []))[0];
  return {
    name: version.name,
    from: version.from,
    source: version.source,
    ...(version.body.appliesTo === "running" ? { appliesTo: "running" } : {}),
    ...(periods ? { workingPeriods: periods } : {}),
    rows: rows.map(({ id, clock, when, limit, near, tag, note }) => ({
      ...{ id, clock },
      ...(Object.keys(when).length > 0 ? { when } : {}),
      limit: limit.unit === "workHours" ? { unit: limit.unit, amount: limit.amount } : limit,
      ...(near ? { near } : {}),
      tag,
      ...(note ? { note } : {}),
    })),
  };
}

/** A row of limits in words. */
export function rowInWords(row: LimitRow): z.infer<typeof RowOut> {
  const { level, channel, type, category } = row.when;
  const when = [
    level ? `等级：${level.map((l) => (isLevel(l) ? LEVELS[l].zh : String(l))).join("、")}` : "",
    channel ? `来源：${channel.join("、")}` : "",
    type ? `诉求类型：${type.join("、")}` : "",
    category ? `类别：${category.join("、")}` : "",
  ].filter((words) => words !== "");
  return {
    id: row.id,
    clock: row.clock,
    clockZh: CLOCKS[row.clock].zh,
    whenZh: when.length > 0 ? when.join("；") : "其余",
    limitZh: limitWords(row.limit),
    nearZh: nearWords(row.near),
    tag: row.tag,
    note: row.note ?? "",
  };
}

function nearWords(near: LimitRow["near"]): string {
  if (near === null) return "不提醒";
  return "hoursLeft" in near ? `剩 ${near.hoursLeft} 小时` : `用去 ${Math.round(near.usedFraction * 100)}%`;
}

function bodyIn(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
