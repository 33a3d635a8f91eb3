/**
 * 日. A Beijing civil day as text, "YYYY-MM-DD", and the only conversions between it and instants.
 *
 * Instants are epoch milliseconds. Beijing is UTC+8 without daylight saving (none since 1992; earlier days are not
 * this ledger's business). The end of a day is its last millisecond: papers write it 23:59:59, and a report filed
 * within that second is in time.
 */
export type Day = `${number}-${number}-${number}`;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
const OFFSET_MS = 8 * HOUR_MS;

/** The day named by the text, or null: "2020-02-30", "2020-2-3" and " 2020-02-03" are not days. */
export function parseDay(text: string): Day | null {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return null;
  const ms = Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, Number(text.slice(8, 10)));
  // Date.UTC reads years 0–99 as 1900–1999 and rolls 02-30 into March: both come back as another text.
  const day = toText(ms);
  return day === text ? day : null;
}

/** The Beijing day on which an instant falls. */
export function dayOf(at: number): Day {
  return toText(at + OFFSET_MS);
}

/** Milliseconds since that instant's Beijing midnight, 0 … 86,399,999. */
export function msOfDay(at: number): number {
  return (((at + OFFSET_MS) % DAY_MS) + DAY_MS) % DAY_MS;
}

/** An instant in Beijing as a sentence has it: "11-20 09:32". */
export function clockText(at: number): string {
  const minutes = Math.floor(msOfDay(at) / MINUTE_MS);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${dayOf(at).slice(5)} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Beijing midnight with which the day begins. */
export function startOfDay(day: Day): number {
  return civilMs(day) - OFFSET_MS;
}

/** The day's last millisecond, written 23:59:59. */
export function endOfDay(day: Day): number {
  return startOfDay(day) + DAY_MS - 1;
}

/** The instant of a Beijing clock time: `instant("2020-12-31", "18:43:24")`. Throws on a time that is none. */
export function instant(day: Day, time: string): number {
  const m = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(time);
  if (!m) throw new Error(`not a time of day: ${time}`);
  return startOfDay(day) + Number(m[1]) * HOUR_MS + Number(m[2]) * MINUTE_MS + Number(m[3] ?? 0) * 1000;
}

export function addDays(day: Day, days: number): Day {
  return toText(civilMs(day) + days * DAY_MS);
}

/** Days from one day to another; negative when `to` is the earlier. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((civilMs(to) - civilMs(from)) / DAY_MS);
}

/** 0 Sunday … 6 Saturday. */
export function weekdayOf(day: Day): number {
  return new Date(civilMs(day)).getUTCDay();
}

export function yearOf(day: Day): number {
  return Number(day.slice(0, 4));
}

/** The later of two days (the text sorts as the days do). */
export function laterDay(a: Day, b: Day): Day {
  return a > b ? a : b;
}

function civilMs(day: Day): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(5, 7)) - 1, Number(day.slice(8, 10)));
}

function toText(civil: number): Day {
  const d = new Date(civil);
  const year = String(d.getUTCFullYear()).padStart(4, "0");
  const month = String(d.getUTCMonth() + 1).padStart(2, "0");
  const date = String(d.getUTCDate()).padStart(2, "0");
  return `${year}-${month}-${date}` as Day; // the parser of this type
}
