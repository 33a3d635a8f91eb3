/**
 * 考核周期. Which days make the period "2020-12", and which days it is compared with.
 *
 * A period is kept by its first day alone; it lasts until the day before the next one begins, so there is never a day in
 * none or in two. Settings have versions: a period that begins before a version's first day (施行日) keeps the cut of the
 * version before. 办结 may count from another day of the month (办结起计日): what is dispatched from then on is due to be
 * reported in that period.
 */
import { type Answer, no, yes } from "../answer.ts";
import {
  dayIn,
  fieldsOf,
  listOf,
  type Parsed,
  type Problem,
  parsed,
  type Say,
  wordsOf,
} from "../rules/problem.ts";
import { addDays, type Day, daysBetween, instant, startOfDay } from "./day.ts";

/** "2020-12": year and month. */
export type PeriodName = `${number}-${number}`;

export interface PeriodSettings {
  /** Short name, as rule sets of the assessment refer to it. */
  readonly name: string;
  readonly source: string;
  /** 施行日: periods that begin on it or later are cut by this version; absent of the first version. */
  readonly from?: Day;
  /** The version that earlier periods keep. */
  readonly before?: PeriodSettings;
  /**
   * The day of the previous month with which a period begins, 2 … 28; 1 means the calendar month itself.
   */
  readonly startDay: number;
  /** First days of periods that begin on another day than the rule says. */
  readonly starts: Readonly<Partial<Record<PeriodName, Day>>>;
  /** 日报口径: the clock time at which a reported day ends, "12:00" (昨日 12:00 – 今日 12:00). */
  readonly reportAt: string;
  /** 办结起计日, as `startDay` counts; absent where 办结 counts with the period's own days. */
  readonly doneDay?: number;
}

export interface Period {
  readonly name: PeriodName;
  readonly from: Day;
  readonly to: Day;
}

/** Days from … to, both counted. */
export interface DayRange {
  readonly from: Day;
  readonly to: Day;
}

export function parsePeriodName(text: string): PeriodName | null {
  const m = /^([0-9]{4})-(0[1-9]|1[0-2])$/.exec(text);
  return m && Number(m[1]) > 0 ? (text as PeriodName) : null; // the parser of this type
}

export function periodNamed(settings: PeriodSettings, name: PeriodName): Period {
  return { name, from: firstDay(settings, name), to: addDays(firstDay(settings, shift(name, 1)), -1) };
}

/**
 * 办结的起止: tickets dispatched on these days count in the period where it is asked whether they were done in time. Every
 * day lies in exactly one period's, as it does in one period.
 */
export function doneDays(settings: PeriodSettings, name: PeriodName): DayRange {
  return { from: firstDoneDay(settings, name), to: addDays(firstDoneDay(settings, shift(name, 1)), -1) };
}

/** The versions of one family drawn together: the latest, with those before it behind. */
export function versionsTogether(versions: readonly PeriodSettings[]): PeriodSettings | null {
  const inOrder = versions
    .flatMap((version) => singly(version))
    .sort((a, b) => ((a.from ?? "") < (b.from ?? "") ? -1 : 1));
  return inOrder.reduce<PeriodSettings | null>(
    (before, version) => (before === null ? version : { ...version, before }),
    null,
  );
}

/** Each version by itself. */
function singly({ before, ...version }: PeriodSettings): readonly PeriodSettings[] {
  return before === undefined ? [version] : [...singly(before), version];
}

/** The names from one to another, both counted, in order. */
export function namesBetween(from: PeriodName, to: PeriodName): readonly PeriodName[] {
  const names: PeriodName[] = [];
  for (let name = from; name <= to; name = shift(name, 1)) names.push(name);
  return names;
}

/** So many months on, or back. */
export function nameAfter(name: PeriodName, months: number): PeriodName {
  return shift(name, months);
}

/** What is wrong with where these periods begin: each must have a day at least, of its own and of 办结. */
export function orderProblems(settings: PeriodSettings, names: readonly PeriodName[]): readonly Problem[] {
  return names.flatMap((name) => {
    const [period, done] = [periodNamed(settings, name), doneDays(settings, name)];
    if (period.to < period.from)
      return [
        { path: "overrides", text: `考核期 ${name} 没有一天：起于 ${period.from}，下一期也在此前开始` },
      ];
    if (done.to < done.from)
      return [
        { path: "doneDay", text: `考核期 ${name} 的办结没有一天：起于 ${done.from}，下一期也在此前开始` },
      ];
    return [];
  });
}

/** The period in which a day falls. */
export function periodOn(settings: PeriodSettings, day: Day): Period {
  // An override moves a start by days, not by months: no period begins earlier than two months before its name.
  let name = shift(monthOf(day), 2);
  while (firstDay(settings, name) > day) name = shift(name, -1);
  return periodNamed(settings, name);
}

/** 上期. */
export function previousPeriod(settings: PeriodSettings, period: Period): Period {
  return periodNamed(settings, shift(period.name, -1));
}

/** 上年同期. */
export function samePeriodLastYear(settings: PeriodSettings, period: Period): Period {
  return periodNamed(settings, shift(period.name, -12));
}

export interface Comparison {
  readonly current: DayRange;
  /** 环比: the same number of days from the start of the previous period. */
  readonly previous: DayRange;
  /** 同比: the same number of days from the start of the same period last year. */
  readonly lastYear: DayRange;
}

/**
 * What a period, or its part up to a day, is compared with: as many days of the other period, and the whole of it
 * where it is shorter, or where the current one is complete. Refused when the day is outside of the period.
 */
export function compared(
  settings: PeriodSettings,
  period: Period,
  upTo: Day = period.to,
): Answer<Comparison, { readonly code: "day-outside-period"; readonly day: Day }> {
  if (upTo < period.from || upTo > period.to) return no({ code: "day-outside-period", day: upTo });
  const length = daysBetween(period.from, upTo);
  const part = (other: Period): DayRange => {
    const same = addDays(other.from, length);
    return { from: other.from, to: upTo === period.to || same > other.to ? other.to : same };
  };
  return yes({
    current: { from: period.from, to: upTo },
    previous: part(previousPeriod(settings, period)),
    lastYear: part(samePeriodLastYear(settings, period)),
  });
}

/** Instants of a range of days, the end left out: `fromAt <= at < beforeAt`. */
export function instantsOf(range: DayRange): { readonly fromAt: number; readonly beforeAt: number } {
  return { fromAt: startOfDay(range.from), beforeAt: startOfDay(addDays(range.to, 1)) };
}

/** 日报时段: what the report of a day counts, from yesterday's reporting hour to today's, the end left out. */
export function reportWindow(
  settings: PeriodSettings,
  day: Day,
): { readonly fromAt: number; readonly beforeAt: number } {
  // From one report to the next, though the hour be another from today on: no hour in none or in two.
  return {
    fromAt: instant(addDays(day, -1), reportAtOn(settings, addDays(day, -1))),
    beforeAt: instant(day, reportAtOn(settings, day)),
  };
}

/** The first version of a file under rules/period, or one entered on screen (with `from`). */
export function parsePeriodSettings(input: unknown): Parsed<PeriodSettings> {
  return parsed((say) => {
    const raw = fieldsOf(
      input,
      "",
      ["name", "source", "from", "startDay", "overrides", "reportAt", "doneDay"],
      say,
    );
    const startDay = dayOfMonthIn(raw.startDay, "startDay", say);
    const reportAt = typeof raw.reportAt === "string" ? raw.reportAt : "";
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(reportAt)) say("reportAt", "应为时刻，如 12:00");
    const from = raw.from === undefined ? undefined : dayIn(raw.from, "from", say);
    const overrides = raw.overrides === undefined ? [] : listOf(raw.overrides, "overrides", say);
    return {
      name: nameIn(raw.name, say),
      source: wordsOf(raw.source, "source", say),
      ...(from === undefined ? {} : { from }),
      startDay,
      starts: startsIn(overrides, startDay, from, say),
      reportAt,
      ...(raw.doneDay === undefined ? {} : { doneDay: dayOfMonthIn(raw.doneDay, "doneDay", say) }),
    };
  });
}

interface Override {
  readonly path: string;
  readonly name: PeriodName;
  readonly from: Day;
  readonly to: Day;
}

/**
 * 个别期的起止. Each is written whole, from … to, and must touch its neighbours as they are written, or else as the rule has them:
 * what one period loses the other has to say that it gains.
 */
function startsIn(
  input: readonly unknown[],
  startDay: number,
  from: Day | undefined,
  say: Say,
): PeriodSettings["starts"] {
  const overrides = input
    .flatMap((each, at) => overrideIn(each, `overrides[${at}]`, startDay, say))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const named = new Map<PeriodName, Override>();
  for (const each of overrides) {
    if (named.has(each.name)) say(each.path, `考核期 ${each.name} 写了两次`);
    else named.set(each.name, each);
  }
  const starts: Partial<Record<PeriodName, Day>> = {};
  for (const [name, each] of named) {
    starts[name] = each.from;
    const [before, next] = [shift(name, -1), shift(name, 1)];
    const first = named.get(next)?.from ?? ruleFirstDay(startDay, next);
    touches(each.path, name, each.to, next, first, say);
    // The period before the first one of this version ends where this one begins, whatever its own version says.
    const own = ruleFirstDay(startDay, before);
    if (!named.has(before) && (from === undefined || own >= from))
      touches(each.path, before, addDays(ruleFirstDay(startDay, name), -1), name, each.from, say);
  }
  return starts;
}

function touches(path: string, name: PeriodName, to: Day, next: PeriodName, first: Day, say: Say): void {
  const gap = daysBetween(to, first) - 1;
  if (gap > 0)
    say(
      path,
      `考核期 ${name} 止于 ${to}，${next} 起于 ${first}：中间 ${gap} 天不属于任何一期，请同时写明两期的起止`,
    );
  if (gap < 0)
    say(path, `考核期 ${name} 止于 ${to}，${next} 起于 ${first}：重叠 ${-gap} 天，请同时写明两期的起止`);
}

function overrideIn(input: unknown, path: string, startDay: number, say: Say): readonly Override[] {
  const raw = fieldsOf(input, path, ["period", "from", "to"], say);
  const name = typeof raw.period === "string" ? parsePeriodName(raw.period) : null;
  if (name === null) {
    say(`${path}.period`, "应以考核期命名，如 2020-12");
    return [];
  }
  const [from, to] = [dayIn(raw.from, `${path}.from`, say), dayIn(raw.to, `${path}.to`, say)];
  if (to < from) say(`${path}.to`, "不能早于起始日");
  if (Math.abs(daysBetween(ruleFirstDay(startDay, name), from)) > MOST_DAYS_MOVED)
    say(`${path}.from`, `与常规起始日相差不能超过 ${MOST_DAYS_MOVED} 天`);
  return [{ path, name, from, to }];
}

/** A start moves by days, not by months: a period is found from its days alone. */
const MOST_DAYS_MOVED = 14;

/** 1 where it is none (and said). */
function dayOfMonthIn(value: unknown, path: string, say: Say): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 28) return value;
  say(path, "应为 1 到 28 的整数");
  return 1;
}

function nameIn(input: unknown, say: Say): string {
  if (typeof input === "string" && /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(input)) return input;
  say("name", "应为字母、数字、连字符组成的短名");
  return "";
}

function firstDay(settings: PeriodSettings, name: PeriodName): Day {
  return ownFirstDay(cutBy(settings, name), name);
}

function firstDoneDay(settings: PeriodSettings, name: PeriodName): Day {
  const version = cutBy(settings, name);
  return version.doneDay === undefined ? ownFirstDay(version, name) : ruleFirstDay(version.doneDay, name);
}

/** The version that cuts a period: the latest in force on the first day that it would give it. */
function cutBy(settings: PeriodSettings, name: PeriodName): PeriodSettings {
  const { from, before } = settings;
  if (from === undefined || before === undefined || ownFirstDay(settings, name) >= from) return settings;
  return cutBy(before, name);
}

function ownFirstDay(version: PeriodSettings, name: PeriodName): Day {
  return version.starts[name] ?? ruleFirstDay(version.startDay, name);
}

function reportAtOn({ from, before, reportAt }: PeriodSettings, day: Day): string {
  return from === undefined || before === undefined || day >= from ? reportAt : reportAtOn(before, day);
}

function ruleFirstDay(startDay: number, name: PeriodName): Day {
  const month = startDay === 1 ? name : shift(name, -1);
  return addDays(`${month}-01` as Day, startDay - 1); // month is a checked name
}

function monthOf(day: Day): PeriodName {
  return day.slice(0, 7) as PeriodName; // the month of a checked day
}

function shift(name: PeriodName, months: number): PeriodName {
  const all = Number(name.slice(0, 4)) * 12 + Number(name.slice(5, 7)) - 1 + months;
  const year = String(Math.floor(all / 12)).padStart(4, "0");
  return `${year}-${String((all % 12) + 1).padStart(2, "0")}` as PeriodName; // made of a checked name
}
