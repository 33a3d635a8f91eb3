/**
 * 时限规则. Dated rules that say which limit a clock gets, and their checked reader.
 *
 * A file under rules/deadline/ is one version:
 *   name, from, source, approvedBy?   as every rule version (see rules/effective.ts)
 *   appliesTo?                        "new" (clocks that start on its day or later; the usual), or "running": those already
 *                                     running come under it too on its day, the time used counting on
 *   workingPeriods?                   [{from: "08:30", to: "12:00"}, …] in order; for limits in working hours
 *   rows                              what is granted, one row each:
 *     id        name of the row, kept with the clocks that it gave
 *     clock     one of kind.ts
 *     when?     level [1 … 4], channel [来源], type [诉求类型], category [类别]; each a list of which one must fit.
 *               A category is a name at any depth ("供水"), or a path from the top ("市政->供水").
 *     limit     {unit: "hours" | "days" | "workdays" | "workHours", amount, cutoff?: "18:00" for day units}
 *     near?     {usedFraction: 0.75} or {hoursLeft: 12}
 *     tag       law | practice | ours: how much the figure is worth
 *     note?     text or place in the paper
 * The row with the most conditions wins (a category path counts its depth); among equals the first in the file.
 * Every clock that has rows needs one without conditions, so that no ticket goes without a limit by an oversight.
 * A version that says nothing of a kind of clock leaves the earlier one standing for it; the first one (backstop)
 * speaks of every kind, so that no open ticket is ever without a running clock.
 */
import { type Answer, no, yes } from "../answer.ts";
import { inForce, type NoVersion, type Version } from "../rules/effective.ts";
import {
  dayIn,
  type Fields,
  fieldsOf,
  listOf,
  type Parsed,
  parsed,
  type Say,
  wordsOf,
} from "../rules/problem.ts";
import { dayOf } from "../time/day.ts";
import type { Grant, Near } from "./clock.ts";
import { type ClockKind, isClockKind } from "./kind.ts";
import { isLevel, type Level } from "./level.ts";
import { type Limit, timeMs, type WorkPeriod } from "./limit.ts";

export interface DeadlineRules {
  /** 适用范围: clocks that start from its day on, or those running on that day as well. */
  readonly appliesTo: "new" | "running";
  readonly rows: readonly LimitRow[];
}

export interface LimitRow {
  readonly id: string;
  readonly clock: ClockKind;
  readonly when: {
    readonly level?: readonly Level[];
    readonly channel?: readonly string[];
    readonly type?: readonly string[];
    readonly category?: readonly string[];
  };
  readonly limit: Limit;
  readonly near: Near | null;
  readonly tag: "law" | "practice" | "ours";
  readonly note?: string;
}

/** What a row's conditions look at. */
export interface LimitFacts {
  readonly level: Level;
  /** 来源渠道, as the ticket has it: "市热线", "96181", "人民网" … */
  readonly channel: string;
  /** 诉求类型: 咨询 求助 投诉 … */
  readonly type: string;
  /** 类别 from the top: 一级, 二级, 三级; blanks left out. */
  readonly category: readonly string[];
}

export type LimitRefusal = NoVersion | { readonly code: "no-limit"; readonly kind: ClockKind };

/**
 * The limit of a clock that started at that instant, as things stand at `at`: by the version in force on its start day, or
 * by a later one that has begun and takes in what is running.
 */
export function limitFor(
  versions: readonly Version<DeadlineRules>[],
  kind: ClockKind,
  facts: LimitFacts,
  startedAt: number,
  at: number = startedAt,
): Answer<Grant, LimitRefusal> {
  const speaking = versions.filter((each) => each.body.rows.some((row) => row.clock === kind));
  const version = versionFor(speaking, startedAt, at);
  if (!version.ok) return version;
  let best: { row: LimitRow; weight: number } | null = null;
  for (const row of version.value.body.rows) {
    if (row.clock !== kind) continue;
    const weight = fit(row, facts);
    if (weight !== null && (best === null || weight > best.weight)) best = { row, weight };
  }
  if (best === null) return no({ code: "no-limit", kind });
  const { limit, near, id } = best.row;
  return yes({ limit, near, rule: { name: version.value.name, row: id } });
}

function versionFor(
  versions: readonly Version<DeadlineRules>[],
  startedAt: number,
  at: number,
): Answer<Version<DeadlineRules>, NoVersion> {
  const began = inForce(versions, dayOf(startedAt));
  const takesIn = inForce(
    versions.filter((each) => each.body.appliesTo === "running"),
    dayOf(at),
  );
  if (!takesIn.ok) return began;
  return began.ok && began.value.from >= takesIn.value.from ? began : takesIn;
}

/** How many conditions of the row fit, or null when one does not. */
function fit(row: LimitRow, facts: LimitFacts): number | null {
  const { level, channel, type, category } = row.when;
  let weight = 0;
  if (level !== undefined) {
    if (!level.includes(facts.level)) return null;
    weight += 1;
  }
  if (channel !== undefined) {
    if (!channel.includes(facts.channel)) return null;
    weight += 1;
  }
  if (type !== undefined) {
    if (!type.includes(facts.type)) return null;
    weight += 1;
  }
  if (category !== undefined) {
    const depth = Math.max(0, ...category.map((c) => categoryDepth(c, facts.category)));
    if (depth === 0) return null;
    weight += depth;
  }
  return weight;
}

function categoryDepth(wanted: string, has: readonly string[]): number {
  const path = wanted.split("->");
  if (path.length === 1) return has.includes(wanted) ? 1 : 0;
  return path.every((name, i) => has[i] === name) ? path.length : 0;
}

/** A version out of parsed JSON, or everything that is wrong with it. */
export function parseDeadlineRules(input: unknown): Parsed<Version<DeadlineRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", TOP_FIELDS, say);
    const periods = top.workingPeriods === undefined ? [] : periodsIn(top.workingPeriods, say);
    const rows = listOf(top.rows, "rows", say).map((row, i) => rowIn(row, `rows[${i}]`, periods, say));
    if (rows.length === 0) say("rows", "至少要有一行");
    checkTogether(rows, say);
    return {
      name: nameIn(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      ...(top.approvedBy === undefined ? {} : { approvedBy: wordsOf(top.approvedBy, "approvedBy", say) }),
      body: { appliesTo: appliesToIn(top.appliesTo, say), rows },
    };
  });
}

const TOP_FIELDS = ["name", "from", "source", "approvedBy", "appliesTo", "workingPeriods", "rows"] as const;

function appliesToIn(input: unknown, say: Say): DeadlineRules["appliesTo"] {
  if (input === undefined || input === "new") return "new";
  if (input !== "running") say("appliesTo", "应为 new（新起算的时限）或 running（在办时限一并适用）");
  return "running";
}

function checkTogether(rows: readonly LimitRow[], say: Say): void {
  const seen = new Map<string, number>();
  for (const [i, row] of rows.entries()) {
    if (rows.findIndex((other) => other.id === row.id) < i) say(`rows[${i}].id`, `编号 ${row.id} 重复`);
    const key = JSON.stringify([
      row.clock,
      row.when.level,
      row.when.channel,
      row.when.type,
      row.when.category,
    ]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, i);
    else say(`rows[${i}].when`, `与第 ${first + 1} 行条件相同，永远轮不到`);
  }
  for (const clock of new Set(rows.map((row) => row.clock))) {
    const open = rows.some((row) => row.clock === clock && Object.keys(row.when).length === 0);
    if (!open) say("rows", `${clock} 缺少一行不带条件的时限`);
  }
}

function rowIn(input: unknown, path: string, periods: readonly WorkPeriod[], say: Say): LimitRow {
  const raw = fieldsOf(input, path, ["id", "clock", "when", "limit", "near", "tag", "note"], say);
  const clock = typeof raw.clock === "string" && isClockKind(raw.clock) ? raw.clock : null;
  if (clock === null) say(`${path}.clock`, "没有这种时限");
  const tag = raw.tag === "law" || raw.tag === "practice" || raw.tag === "ours" ? raw.tag : null;
  if (tag === null) say(`${path}.tag`, "应为 law、practice 或 ours");
  return {
    id: nameIn(raw.id, `${path}.id`, say),
    clock: clock ?? "report",
    when: raw.when === undefined ? {} : whenIn(raw.when, `${path}.when`, say),
    limit: limitIn(raw.limit, `${path}.limit`, periods, say),
    near: raw.near === undefined ? null : nearIn(raw.near, `${path}.near`, say),
    tag: tag ?? "ours",
    ...(raw.note === undefined ? {} : { note: wordsOf(raw.note, `${path}.note`, say) }),
  };
}

function whenIn(input: unknown, path: string, say: Say): LimitRow["when"] {
  const raw = fieldsOf(input, path, ["level", "channel", "type", "category"], say);
  const texts = (key: "channel" | "type" | "category"): readonly string[] | undefined => {
    if (raw[key] === undefined) return undefined;
    const list = listOf(raw[key], `${path}.${key}`, say);
    if (list.length === 0) say(`${path}.${key}`, "列表不能为空");
    return list.map((item, i) => wordsOf(item, `${path}.${key}[${i}]`, say));
  };
  const channel = texts("channel");
  const type = texts("type");
  const category = texts("category");
  const level = levelsIn(raw, path, say);
  return {
    ...(level === undefined ? {} : { level }),
    ...(channel === undefined ? {} : { channel }),
    ...(type === undefined ? {} : { type }),
    ...(category === undefined ? {} : { category }),
  };
}

function levelsIn(raw: Fields, path: string, say: Say): readonly Level[] | undefined {
  if (raw.level === undefined) return undefined;
  const list = listOf(raw.level, `${path}.level`, say);
  if (list.length === 0 || !list.every(isLevel)) say(`${path}.level`, "应为 1 到 4 的列表");
  return list.filter(isLevel);
}

/** A limit as any rules file writes it. */
export function limitIn(input: unknown, path: string, periods: readonly WorkPeriod[], say: Say): Limit {
  const raw = fieldsOf(input, path, ["unit", "amount", "cutoff"], say);
  const amount = typeof raw.amount === "number" ? raw.amount : Number.NaN;
  if (raw.cutoff !== undefined && raw.unit !== "days" && raw.unit !== "workdays") {
    say(`${path}.cutoff`, "截单时刻只用于按天计算的时限");
  }
  switch (raw.unit) {
    case "hours":
    case "workHours":
      if (!(amount > 0 && amount <= 10_000)) say(`${path}.amount`, "应为大于 0 的小时数");
      if (raw.unit === "hours") return { unit: "hours", amount };
      if (periods.length === 0) say(`${path}.unit`, "按工作小时计算需要先写 workingPeriods");
      return { unit: "workHours", amount, periods };
    case "days":
    case "workdays":
      if (!Number.isInteger(amount) || amount < 0 || amount > 1000)
        say(`${path}.amount`, "应为 0 到 1000 的整天数");
      if (raw.cutoff === undefined) return { unit: raw.unit, amount };
      return { unit: raw.unit, amount, cutoff: timeIn(raw.cutoff, `${path}.cutoff`, say) };
    default:
      say(`${path}.unit`, "应为 hours、days、workdays 或 workHours");
      return { unit: "hours", amount };
  }
}

/** A near-due point as any rules file writes it. */
export function nearIn(input: unknown, path: string, say: Say): Near | null {
  const raw = fieldsOf(input, path, ["usedFraction", "hoursLeft"], say);
  const { usedFraction, hoursLeft } = raw;
  if (typeof usedFraction === "number" && hoursLeft === undefined && usedFraction > 0 && usedFraction < 1) {
    return { usedFraction };
  }
  if (typeof hoursLeft === "number" && usedFraction === undefined && hoursLeft > 0 && hoursLeft <= 10_000) {
    return { hoursLeft };
  }
  say(path, "应为 usedFraction（0 到 1 之间）或 hoursLeft（大于 0 的小时数）之一");
  return null;
}

function periodsIn(input: unknown, say: Say): readonly WorkPeriod[] {
  const periods: WorkPeriod[] = [];
  for (const [i, item] of listOf(input, "workingPeriods", say).entries()) {
    const path = `workingPeriods[${i}]`;
    const raw = fieldsOf(item, path, ["from", "to"], say);
    const from = timeIn(raw.from, `${path}.from`, say);
    const to = timeIn(raw.to, `${path}.to`, say);
    const before = periods.at(-1);
    if (timeMs(from) >= timeMs(to)) say(path, "结束应晚于开始");
    else if (before !== undefined && timeMs(before.to) > timeMs(from)) say(path, "应按先后排列且不重叠");
    periods.push({ from, to });
  }
  return periods;
}

function timeIn(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(input)) return input;
  say(path, "应为时刻，如 18:00");
  return "00:00";
}

function nameIn(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input)) return input;
  say(path, "应为字母、数字、连字符组成的短名");
  return "";
}
