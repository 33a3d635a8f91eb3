/** 统计时段. What a span of days is compared with (环比), and which days a week or month of the statistics has. */
import { addDays, type Day, daysBetween, weekdayOf } from "../time/day.ts";
import type { DayRange } from "../time/period.ts";

/**
 * 环比: of a calendar month, or its part from the 1st on, the same days of the month before (all of it where the month
 * is whole, or the month before is shorter); of any other span, as many days just before it.
 */
export function spanBefore({ from, to }: DayRange): DayRange {
  if (from.endsWith("-01") && to.slice(0, 7) === from.slice(0, 7)) {
    const lastBefore = addDays(from, -1);
    const first = firstOfMonth(lastBefore);
    const whole = addDays(to, 1).slice(0, 7) !== to.slice(0, 7);
    const same = addDays(first, daysBetween(from, to));
    return { from: first, to: whole || same > lastBefore ? lastBefore : same };
  }
  const days = daysBetween(from, to) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

export function firstOfMonth(day: Day): Day {
  return addDays(day, 1 - Number(day.slice(8)));
}

/** Monday of the day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, -((weekdayOf(day) + 6) % 7));
}
