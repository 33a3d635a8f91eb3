/**
 * 列的猜测. What a column probably means where no profile names its header so, and which understandings a person should
 * look at again: a guess says why it was made, and what in the samples speaks against it.
 */
import { wordBooks } from "./cell.ts";
import { ALL_FIELDS, FIELDS, type Field, isField } from "./fields.ts";
import { type Column, describe, normaliseHeader } from "./header.ts";
import { instantReader } from "./instant.ts";
import type { Profile } from "./profile.ts";
import { cleanText } from "./text.ts";

export interface Guess {
  readonly field: Field;
  /** The known header that it resembles. */
  readonly like: string;
}

/** Which profile a header without one is nearest to, and what its columns probably mean there; null when it is near to none. */
export function guessProfile(
  row: readonly string[],
  profiles: readonly Profile[],
): { readonly profile: Profile; readonly mapping: Readonly<Record<string, string>> } | null {
  let best: { profile: Profile; mapping: Record<string, string>; score: number } | null = null;
  for (const profile of profiles) {
    const { columns } = describe(0, row, profile);
    const guesses = guessFields(columns, profile);
    const exact = columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field]));
    const have = new Set<Field>([...exact, ...[...guesses.values()].map((g) => g.field)]);
    if (!profile.required.every((field) => have.has(field)) || have.size < LEAST) continue;
    const telling = profile.signature.filter((field) => have.has(field)).length;
    const score = 2 * exact.length + guesses.size + telling;
    if (best && score <= best.score) continue;
    best = {
      profile,
      score,
      mapping: Object.fromEntries([...guesses].map(([header, g]) => [header, g.field])),
    };
  }
  return best;
}

/** Fewer known columns than this are a coincidence. */
const LEAST = 4;

/** The columns that a profile does not name, by what known headers they resemble; no field twice. */
export function guessFields(columns: readonly Column[], profile: Profile): ReadonlyMap<string, Guess> {
  const taken = new Set(columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field])));
  const guesses = new Map<string, Guess>();
  const candidates = columns
    .filter((c) => c.field === null)
    .flatMap((c) => likeness(c.header, profile).map((l) => ({ header: c.header, ...l })))
    .sort((a, b) => b.score - a.score);
  for (const { header, field, like } of candidates) {
    if (taken.has(field) || guesses.has(header)) continue;
    taken.add(field);
    guesses.set(header, { field, like });
  }
  return guesses;
}

interface Likeness extends Guess {
  readonly score: number;
}

/** One within the other, or most of their signs in common: 来电时间(北京) is like 来电时间. */
function likeness(header: string, profile: Profile): readonly Likeness[] {
  return ALL_FIELDS.flatMap((field): Likeness[] => {
    if (FIELDS[field].kind === "ignored") return [];
    const known = [...(profile.fields[field] ?? []), FIELDS[field].zh.replace(/（.*?）/g, "")];
    let best: Likeness | null = null;
    for (const like of known) {
      const score = resemblance(header, like);
      if (score !== null && (best === null || score > best.score)) best = { field, like, score };
    }
    return best ? [best] : [];
  });
}

const ENOUGH = 0.6;

/** How well two headers resemble one another, from 0.6 to 1; null when they do not. */
export function resemblance(said: string, known: string): number | null {
  const bare = normaliseHeader(said).replace(/\(.*?\)/g, "");
  const score = bare.length < 2 ? 0 : likenessOf(bare, normaliseHeader(known));
  return score >= ENOUGH ? score : null;
}

/** 1 for equal texts; Dice's measure over pairs of signs, at least 0.7 where one holds the other. */
function likenessOf(a: string, b: string): number {
  if (b.length < 2) return 0;
  if (a === b) return 1;
  const pairs = (text: string): Set<string> =>
    new Set(Array.from({ length: text.length - 1 }, (_, i) => text.slice(i, i + 2)));
  const [of, other] = [pairs(a), pairs(b)];
  const common = [...of].filter((pair) => other.has(pair)).length;
  const dice = (2 * common) / (of.size + other.size);
  const holds = (a.includes(b) || b.includes(a)) && Math.min(a.length, b.length) >= 2;
  return holds ? Math.max(0.7, dice) : dice;
}

/** What in the samples speaks against a column's field; null when nothing does. */
export function doubtOf(field: string, samples: readonly string[], profile: Profile): string | null {
  if (!isField(field) || samples.length === 0) return null;
  const texts = samples.map(cleanText).filter((text) => text !== "" && !profile.blank.includes(text));
  const wrong = texts.filter((text) => !fits(field, text, profile));
  if (texts.length === 0 || wrong.length * 2 < texts.length) return null;
  return DOUBTS[FIELDS[field].kind] ?? `样例不像${FIELDS[field].zh}`;
}

const DOUBTS: Readonly<Record<string, string>> = {
  instant: "样例不像日期时间",
  word: "样例里的取值认不出",
};

function fits(field: Field, text: string, profile: Profile): boolean {
  if (FIELDS[field].kind === "instant") return instantReader(profile.dates)(text).ok;
  if (FIELDS[field].kind === "word")
    return field === "level" || wordBooks(profile).get(field)?.has(text) === true;
  if (field === "stateText") return wordBooks(profile).get("stateText")?.has(text) === true;
  if (field === "number") return /\d/.test(text) && text.length <= 60;
  if (field === "content") return text.length >= 4;
  return true;
}
