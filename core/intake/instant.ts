/**
 * 日期时间的写法. Reads the moments of a file by the patterns of its profile; Beijing time, no zone in the text.
 *
 * A pattern is written with yyyy M d H m s and f (a fraction of a second); M d H m s take one or two digits. "excel"
 * is the serial number of a spreadsheet. What matches a pattern but is no day (2020-02-30) is refused, never rolled on.
 */
import { HOUR_MS } from "../time/day.ts";

export type InstantReader = (text: string) => ReadInstant;
export type ReadInstant =
  | { readonly ok: true; readonly at: number }
  | { readonly ok: false; readonly why: "no-such-day" | "unreadable" | "out-of-range" };

const PARTS: Readonly<Record<string, string>> = {
  yyyy: "(?<y>\\d{4})",
  M: "(?<M>\\d{1,2})",
  d: "(?<d>\\d{1,2})",
  H: "(?<H>\\d{1,2})",
  m: "(?<m>\\d{1,2})",
  s: "(?<s>\\d{1,2})",
  f: "\\d{1,9}",
  MM: "(?<M>\\d{2})",
  dd: "(?<d>\\d{2})",
  HH: "(?<H>\\d{2})",
  mm: "(?<m>\\d{2})",
  ss: "(?<s>\\d{2})",
};

/** The years that a ticket can bear; anything else is a slip of the pen (0202, 2200). */
const FIRST_YEAR = 1990;
const LAST_YEAR = 2099;

/** A reader of these patterns, tried in order; the one that fitted last is tried first. */
export function instantReader(patterns: readonly string[]): InstantReader {
  const shapes = patterns.filter((p) => p !== "excel").map(shapeOf);
  const serial = patterns.includes("excel");
  let last = 0;
  return (written) => {
    const text = written.trim();
    for (let i = 0; i < shapes.length; i++) {
      const at = (last + i) % shapes.length;
      const found = shapes[at]?.exec(text);
      if (!found) continue;
      last = at;
      return momentOf(found.groups ?? {});
    }
    if (serial && /^\d{5}(?:\.\d+)?$/.test(text)) return fromSerial(Number(text), false);
    return { ok: false, why: "unreadable" };
  };
}

/** The moment of a spreadsheet's serial number, to the second; `from1904` for books that count from 1904. */
export function fromSerial(serial: number, from1904: boolean): ReadInstant {
  // Day 60 of the 1900 system is a 29 February that never was; no ticket is as old as that.
  const days = from1904 ? serial + 1462 : serial;
  const civil = Math.round((days - 25_569) * 86_400) * 1000;
  const year = new Date(civil).getUTCFullYear();
  if (!Number.isFinite(civil) || year < FIRST_YEAR || year > LAST_YEAR)
    return { ok: false, why: "out-of-range" };
  return { ok: true, at: civil - 8 * HOUR_MS };
}

/** "2020-12-31 18:43:24", Beijing time: how moments are written into exports. */
export function writeInstant(at: number): string {
  return new Date(at + 8 * HOUR_MS).toISOString().slice(0, 19).replace("T", " ");
}

function shapeOf(pattern: string): RegExp {
  const source = pattern.replace(/yyyy|MM|dd|HH|mm|ss|[MdHmsf]|[^A-Za-z]|T/g, (token) => {
    if (token === " ") return "\\s*";
    return PARTS[token] ?? token.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  });
  return new RegExp(`^${source}$`);
}

function momentOf(parts: Record<string, string | undefined>): ReadInstant {
  const n = (part: string): number => Number(parts[part] ?? 0);
  const [y, M, d, H, m, s] = [n("y"), n("M"), n("d"), n("H"), n("m"), n("s")];
  if (y < FIRST_YEAR || y > LAST_YEAR) return { ok: false, why: "out-of-range" };
  const midnight = Date.UTC(y, M - 1, d);
  const day = new Date(midnight);
  if (day.getUTCMonth() !== M - 1 || day.getUTCDate() !== d) return { ok: false, why: "no-such-day" };
  if (H > 23 || m > 59 || s > 59) return { ok: false, why: "no-such-day" };
  return { ok: true, at: midnight + ((H * 60 + m) * 60 + s) * 1000 - 8 * HOUR_MS };
}
