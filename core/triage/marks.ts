/** 正文标注. Places, units, sensitive words and standard phrases that stand in a text, each with its reason; never overlapping. */
import type { Gazetteer } from "./gazetteer.ts";
import { findPlaces } from "./place.ts";
import type { Noticed, ReadingRules } from "./reading.ts";
import { fold } from "./text.ts";

export type MarkKind = "place" | "unit" | "sensitive" | "phrase";

export interface TextMark {
  readonly kind: MarkKind;
  /** UTF-16 positions in the text; `end` is not included. */
  readonly start: number;
  readonly end: number;
  readonly why: string;
}

/** Words by their first sign, longest first. */
export type WordBook = ReadonlyMap<string, readonly { readonly text: string; readonly why: string }[]>;

/** Shorter names of units are ordinary words too often (公安, 园林). */
const LEAST_UNIT_NAME = 3;

/** Every name of the units that are no street or town (those are places), with the name by which they are known. */
export function unitBook(gazetteer: Gazetteer): WordBook {
  const names = [...gazetteer.units.values()]
    .filter((unit) => unit.kind !== "street" && unit.kind !== "town")
    .flatMap((unit) =>
      [unit.name, unit.shortName, ...unit.aliases]
        .filter((name) => name.length >= LEAST_UNIT_NAME)
        .map((name) => ({ text: fold(name), why: unit.name })),
    );
  return bookOf(names);
}

export function noticedBook(noticed: readonly Noticed[]): WordBook {
  return bookOf(noticed.flatMap(({ why, words }) => words.map((word) => ({ text: fold(word), why }))));
}

/** Marks in the order of the text. Where two lie over each other the weightier kind stays: sensitive, place, unit, phrase. */
export function marksIn(
  text: string,
  gazetteer: Gazetteer,
  units: WordBook,
  rules: ReadingRules,
): readonly TextMark[] {
  const places = findPlaces(text, gazetteer).map(
    ({ start, end, kind, name }): TextMark => ({
      kind: "place",
      start,
      end,
      why: `${kind === "street" ? "街镇" : "社区（村）"}：${name}`,
    }),
  );
  const marks: TextMark[] = [];
  for (const group of [
    found(text, "sensitive", noticedBook(rules.sensitive)),
    places,
    found(text, "unit", units),
    found(text, "phrase", noticedBook(rules.phrases)),
  ])
    for (const mark of group)
      if (!marks.some((other) => mark.start < other.end && other.start < mark.end)) marks.push(mark);
  return marks.sort((a, b) => a.start - b.start);
}

function found(text: string, kind: MarkKind, book: WordBook): readonly TextMark[] {
  const folded = fold(text);
  const marks: TextMark[] = [];
  let at = 0;
  while (at < folded.length) {
    const word = book.get(folded[at] ?? "")?.find((w) => folded.startsWith(w.text, at));
    if (word) marks.push({ kind, start: at, end: at + word.text.length, why: word.why });
    at += word?.text.length ?? 1;
  }
  return marks;
}

function bookOf(words: readonly { readonly text: string; readonly why: string }[]): WordBook {
  const longestFirst = [...words].sort((a, b) => b.text.length - a.text.length || (a.text < b.text ? -1 : 1));
  return Map.groupBy(longestFirst, (word) => word.text[0] ?? "");
}
