/** 表头. Finds the header row of a file, tells by it which profile the file is of, and what each column means. */
import { type Field, isField } from "./fields.ts";

/** Rows looked at for a header: titles and notes may stand above it. */
export const HEADER_WITHIN = 20;

/** The columns that a file of refused rows has more than the sender's: what is wrong, how to mend it. They are not data. */
export const NOTE_HEADERS = ["错误", "怎样改"] as const;

/** What a header is told by: the names of each field, the fields that must be there, and those that tell it from others. */
export interface HeaderShape<F extends string> {
  readonly fields: Readonly<Partial<Record<F, readonly string[]>>>;
  readonly required: readonly F[];
  readonly signature: readonly F[];
}

/** What one column of a file is. */
export interface Column<F extends string = Field> {
  /** Position in the row, from 0. */
  readonly index: number;
  /** Its header, made unique within the file: 备注, 备注(2). */
  readonly header: string;
  /** null: kept as an extra field under its header. "-": left out. */
  readonly field: F | null | "-";
}

export interface FoundHeader<F extends string, P> {
  /** Index among the rows looked at. */
  readonly at: number;
  readonly profile: P | null;
  readonly columns: readonly Column<F>[];
  /** Headers that stand twice and would both be the same field. */
  readonly duplicated: readonly string[];
}

/** Header text for comparison: no blanks, no marks of a required column, brackets and digits in one width. */
export function normaliseHeader(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/[\s\u200b\ufeff_*:]/g, "")
    .replace(/\((?:必填|选填)\)$/, "")
    .toLowerCase();
}

/** The header row and its profile; the row that fits one best. Null when no row within the first 20 could be a header. */
export function findHeader<F extends string, P extends HeaderShape<F>>(
  rows: readonly (readonly string[])[],
  profiles: readonly (P & HeaderShape<F>)[],
): FoundHeader<F, P> | null {
  let best: { at: number; profile: P & HeaderShape<F>; score: number } | null = null;
  const looked = rows.slice(0, HEADER_WITHIN);
  for (const [at, row] of looked.entries()) {
    for (const profile of profiles) {
      const score = scoreOf(profile, row);
      if (score > 0 && (best === null || score > best.score)) best = { at, profile, score };
    }
  }
  if (best) return describe<F, P>(best.at, looked[best.at] ?? [], best.profile);
  const at = looked.findIndex((row) => row.filter((cell) => cell.trim() !== "").length >= 2);
  return at < 0 ? null : describe<F, P>(at, looked[at] ?? [], null);
}

/** The columns of a header row under a profile (null: all extra), each field taken by the first alias that is there. */
export function describe<F extends string, P extends HeaderShape<F>>(
  at: number,
  row: readonly string[],
  profile: (P & HeaderShape<F>) | null,
): FoundHeader<F, P> {
  const headers = uniqueHeaders(row);
  const normal = row.map(normaliseHeader);
  const fieldAt = new Map<number, F>();
  const duplicated: string[] = [];
  for (const field of profile === null ? [] : namedFields(profile)) {
    for (const alias of profile?.fields[field] ?? []) {
      const wanted = normaliseHeader(alias);
      const places = normal.flatMap((text, index) => (text === wanted && !fieldAt.has(index) ? [index] : []));
      const [first, second] = places;
      if (first === undefined) continue;
      fieldAt.set(first, field);
      if (second !== undefined) duplicated.push(row[first]?.trim() ?? alias);
      break;
    }
  }
  const notes = new Set(notesIn(headers));
  const columns = headers.flatMap((header, index): Column<F>[] =>
    header === "" ? [] : [{ index, header, field: notes.has(index) ? "-" : (fieldAt.get(index) ?? null) }],
  );
  return { at, profile, columns, duplicated };
}

/**
 * Columns as a person mapped them: header → field, "" for an extra field, "-" to leave it out. Headers that are not
 * named keep what the profile says. Answers the fields that were given twice, if any.
 */
export function remap(
  columns: readonly Column[],
  mapping: Readonly<Record<string, string>>,
): { readonly columns: readonly Column[]; readonly twice: readonly Field[] } {
  const mapped = columns.map((column): Column => {
    const said = Object.hasOwn(mapping, column.header) ? mapping[column.header] : undefined;
    if (said === undefined) return column;
    if (said === "-") return { ...column, field: "-" };
    return { ...column, field: isField(said) ? said : null };
  });
  const fields = mapped.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field]));
  return { columns: mapped, twice: fields.filter((f, i) => fields.indexOf(f) !== i) };
}

/** One text for one header, whatever its order of columns and blanks: what a learned mapping is found by. */
export function headerSignature(columns: readonly Pick<Column, "header">[]): string {
  const notes = new Set(notesIn(columns.map((c) => c.header)));
  return columns
    .filter((_, i) => !notes.has(i))
    .map((c) => normaliseHeader(c.header))
    .sort()
    .join("|");
}

/** Places of the two columns that we have added ourselves: the last that have a header. */
function notesIn(headers: readonly string[]): readonly number[] {
  const named = headers.flatMap((header, index) => (header === "" ? [] : [index]));
  const last = named.slice(-NOTE_HEADERS.length);
  return NOTE_HEADERS.every((note, i) => headers[last[i] ?? -1] === note) ? last : [];
}

/** How well a row fits as the header of a profile; 0 when a required column or every telling one is missing. */
function scoreOf<F extends string>(profile: HeaderShape<F>, row: readonly string[]): number {
  const present = new Set(row.map(normaliseHeader));
  const has = (field: F): boolean =>
    (profile.fields[field] ?? []).some((alias) => present.has(normaliseHeader(alias)));
  if (!profile.required.every(has)) return 0;
  const telling = profile.signature.filter(has).length;
  if (telling === 0) return 0;
  return namedFields(profile).filter(has).length + telling * 3;
}

/** The fields that a shape has names for, in its order. The keys of what a parser made are fields. */
function namedFields<F extends string>({ fields }: HeaderShape<F>): readonly F[] {
  return Object.keys(fields) as F[];
}

function uniqueHeaders(row: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return row.map((cell) => {
    const header = cell.replace(/\s+/g, " ").trim().slice(0, 100);
    if (header === "") return "";
    const times = (seen.get(header) ?? 0) + 1;
    seen.set(header, times);
    return times === 1 ? header : `${header}(${times})`;
  });
}
