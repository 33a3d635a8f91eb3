/**
 * 工作日历 (放假·调休). Which days are workdays, from one published notice a year; an unpublished year is refused.
 *
 * Monday to Friday are workdays unless the State Council's notice names them off; Saturday and Sunday are not,
 * unless the notice makes them workdays (调休上班). Every library guesses beyond what was published; here the answer
 * is a refusal, since a guessed deadline is a wrong one. A notice sometimes reaches back into the last days of the
 * year before it (2022-12-31 was off by the notice for 2023): such days stand in the file of their own year.
 */
import { type Answer, no, yes } from "../answer.ts";
import { fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { addDays, type Day, parseDay, weekdayOf, yearOf } from "./day.ts";

export interface CalendarYear {
  readonly year: number;
  /** The notice (发文字号) that published it. */
  readonly source: string;
  readonly off: readonly Day[];
  /** 调休上班: Saturdays and Sundays that are worked. */
  readonly work: readonly Day[];
}

export interface Calendar {
  readonly years: ReadonlySet<number>;
  readonly off: ReadonlySet<Day>;
  readonly work: ReadonlySet<Day>;
}

export type CalendarUnpublished = { readonly code: "calendar-unpublished"; readonly year: number };

export function calendarOf(years: readonly CalendarYear[]): Calendar {
  return {
    years: new Set(years.map((y) => y.year)),
    off: new Set(years.flatMap((y) => y.off)),
    work: new Set(years.flatMap((y) => y.work)),
  };
}

export function isWorkday(calendar: Calendar, day: Day): Answer<boolean, CalendarUnpublished> {
  const year = yearOf(day);
  if (!calendar.years.has(year)) return no({ code: "calendar-unpublished", year });
  if (calendar.work.has(day)) return yes(true);
  if (calendar.off.has(day)) return yes(false);
  const weekday = weekdayOf(day);
  return yes(weekday !== 0 && weekday !== 6);
}

/** The day itself if it is a workday, else the first one after it. */
export function workdayFrom(calendar: Calendar, day: Day): Answer<Day, CalendarUnpublished> {
  for (let d = day; ; d = addDays(d, 1)) {
    const work = isWorkday(calendar, d);
    if (!work.ok) return work;
    if (work.value) return yes(d);
  }
}

/**
 * The n-th workday after a day; the day itself is not counted (次日起算).
 *
 * With 0 it is the day itself, or the next workday when the day is not one. Throws when n is negative or broken.
 */
export function addWorkdays(calendar: Calendar, day: Day, n: number): Answer<Day, CalendarUnpublished> {
  if (!Number.isInteger(n) || n < 0) throw new Error(`not a count of workdays: ${n}`);
  if (n === 0) return workdayFrom(calendar, day);
  let at = day;
  for (let left = n; left > 0; left -= 1) {
    const next = workdayFrom(calendar, addDays(at, 1));
    if (!next.ok) return next;
    at = next.value;
  }
  return yes(at);
}

/** Workdays after `from`, up to and with `to`; 0 when `to` is not later. */
export function workdaysBetween(calendar: Calendar, from: Day, to: Day): Answer<number, CalendarUnpublished> {
  let count = 0;
  for (let d = addDays(from, 1); d <= to; d = addDays(d, 1)) {
    const work = isWorkday(calendar, d);
    if (!work.ok) return work;
    if (work.value) count += 1;
  }
  return yes(count);
}

/** A year's file as it was read, checked: every problem is named, none is mended. */
export function parseCalendarYear(input: unknown): Parsed<CalendarYear> {
  return parsed((say) => {
    const raw = fieldsOf(input, "", ["year", "source", "off", "work"], say);
    const year = typeof raw.year === "number" && Number.isInteger(raw.year) ? raw.year : 0;
    if (year < 1993 || year > 9998) say("year", "应为 1993 年以后的年份");
    const source = wordsOf(raw.source, "source", say);
    const off = daysOf(raw.off, "off", year, say);
    const work = daysOf(raw.work, "work", year, say);
    for (const [i, day] of work.entries()) {
      if (off.includes(day)) say(`work[${i}]`, `${day} 同时列为放假`);
      if (weekdayOf(day) % 6 !== 0) say(`work[${i}]`, `${day} 不是周六或周日，不需要调休上班`);
    }
    return { year, source, off, work };
  });
}

function daysOf(input: unknown, field: string, year: number, say: Say): readonly Day[] {
  const found: Day[] = [];
  for (const [i, item] of listOf(input, field, say).entries()) {
    const path = `${field}[${i}]`;
    const day = typeof item === "string" ? parseDay(item) : null;
    if (day === null) say(path, "应为日期，如 2025-01-01");
    else if (yearOf(day) !== year) say(path, `${day} 不在 ${year} 年`);
    else if (found.includes(day)) say(path, `${day} 重复`);
    else found.push(day);
  }
  return found;
}
