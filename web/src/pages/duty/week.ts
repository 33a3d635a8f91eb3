/** 一周. The Monday of a day's week, and days as text; Beijing days throughout. */
import { addDays, type Day, dayOf, parseDay, weekdayOf } from "@jiesu/core/time/day.ts";
import { DUTY } from "../../texts/duty.ts";

export function mondayOf(at: number): Day {
  const today = dayOf(at);
  return addDays(today, -((weekdayOf(today) + 6) % 7));
}

export function shiftWeek(monday: Day, weeks: number): Day {
  return addDays(monday, 7 * weeks);
}

/** "11-20 周五" */
export function dayWords(text: string): string {
  const day = parseDay(text);
  return day === null ? text : `${day.slice(5)} ${DUTY.weekdays[weekdayOf(day)] ?? ""}`;
}
