/**
 * 考核周期. Which days make the period "2020-12", and which days it is compared with.
 *
 * A period is kept by its first day alone; it lasts until the day before the next one begins. So an override moves
 * two periods at once and there is never a day in none or in two.
 */
import { type Answer, no, yes } from "../answer.ts";
import { dayIn, type Fields, fieldsOf, type Parsed, parsed, wordsOf } from "../rules/problem.ts";
import { addDays, type Day, daysBetween, instant, startOfDay } from "./day.ts";

/** "2020-12": year and month. */
export type PeriodName = `${number}-${number}`;

export interface PeriodSettings {
  /** Short name, as rule sets of the assessment refer to it. */
  readonly name: string;
  readonly source: string;
  /**
   * The day of the previous month with which a period begins, 2 … 28; 1 means the calendar month itself.
   */
  readonly startDay: number;
  /** First days of periods that begin on another day than the rule says. */
  readonly starts: Readonly<Partial<Record<PeriodName, Day>>>;
  /** 日报口径: the clock time at which a reported day ends, "12:00" (昨日 12:00 – 今日 12:00). */
  readonly reportAt: string;
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
  return {
    fromAt: instant(addDays(day, -1), settings.reportAt),
    beforeAt: instant(day, settings.reportAt),
  };
}

export function parsePeriodSettings(input: unknown): Parsed<PeriodSettings> {
  return parsed((say) => {
    const raw = fieldsOf(input, "", ["name", "source", "startDay", "starts", "reportAt"], say);
    const startDay = typeof raw.startDay === "number" ? raw.startDay : 0;
    if (!Number.isInteger(startDay) || startDay < 1 || startDay > 28) say("startDay", "应为 1 到 28 的整数");
    const reportAt = typeof raw.reportAt === "string" ? raw.reportAt : "";
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(reportAt)) say("reportAt", "应为时刻，如 12:00");
    const starts: Partial<Record<PeriodName, Day>> = {};
    const given: Fields =
      raw.starts === undefined ? {} : fieldsOf(raw.starts, "starts", Object.keys(raw.starts ?? {}), say);
    for (const [key, value] of Object.entries(given)) {
      const name = parsePeriodName(key);
      if (name === null) {
        say(`starts.${key}`, "应以考核期命名，如 2020-12");
        continue;
      }
      const day = dayIn(value, `starts.${key}`, say);
      const rule = ruleFirstDay(startDay === 0 ? 1 : startDay, name);
      if (Math.abs(daysBetween(rule, day)) > 14) say(`starts.${key}`, "与常规起始日相差不能超过 14 天");
      starts[name] = day;
    }
    return {
      name: wordsOf(raw.name, "name", say),
      source: wordsOf(raw.source, "source", say),
      startDay,
      starts,
      reportAt,
    };
  });
}

function firstDay(settings: PeriodSettings, name: PeriodName): Day {
  return settings.starts[name] ?? ruleFirstDay(settings.startDay, name);
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
