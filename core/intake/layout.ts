/** 文件样式: how a kind of file names its columns and writes its words, as dated data; and its reader. */
import { dayIn, type Fields, fieldsOf, listOf, type Say, wordsOf } from "../rules/problem.ts";
import type { Day } from "../time/day.ts";
import type { HeaderShape } from "./header.ts";
import type { Words } from "./profile.ts";

export interface Layout<F extends string> extends HeaderShape<F> {
  readonly name: string;
  readonly zh: string;
  readonly from: Day;
  readonly source: string;
  /** Meaning → the words for it; the first is the one that an error names. */
  readonly words: Readonly<Partial<Record<F, Words>>>;
  readonly blank: readonly string[];
  readonly dates: readonly string[];
  /** Rows of these names add up or average others: they are no unit and no ticket. */
  readonly totals: readonly string[];
}

/** The names that stand at the top of every layout file. */
export const LAYOUT_KEYS = [
  ...["name", "zh", "from", "source", "fields", "required", "signature", "words", "blank", "dates", "totals"],
] as const;

/** What a file of that kind can say: its fields, and of those that are words the meanings that they can have. */
export interface LayoutBook<F extends string> {
  readonly all: readonly F[];
  readonly isField: (text: string) => text is F;
  readonly meanings: Readonly<Partial<Record<F, readonly string[]>>>;
}

export function layoutIn<F extends string>(top: Fields, book: LayoutBook<F>, say: Say): Layout<F> {
  const named = fieldsOf(top.fields, "fields", book.all, say);
  const fields = new Map<F, readonly string[]>();
  for (const [field, names] of Object.entries(named))
    if (book.isField(field)) fields.set(field, textsIn(names, `fields.${field}`, say));
  const fieldList = (value: unknown, path: string): readonly F[] =>
    textsIn(value, path, say).filter((field): field is F => {
      const known = book.isField(field) && fields.has(field);
      if (!known) say(path, `没有名为 ${field} 的列`);
      return known;
    });
  return {
    name: wordsOf(top.name, "name", say),
    zh: wordsOf(top.zh, "zh", say),
    from: dayIn(top.from, "from", say),
    source: wordsOf(top.source, "source", say),
    fields: recordOf(fields),
    required: fieldList(top.required, "required"),
    signature: fieldList(top.signature, "signature"),
    words: wordBooksIn(top.words, fields, book, say),
    blank: textsIn(top.blank, "blank", say),
    dates: textsIn(top.dates, "dates", say),
    totals: textsIn(top.totals, "totals", say),
  };
}

function wordBooksIn<F extends string>(
  input: unknown,
  named: ReadonlyMap<F, unknown>,
  { all, meanings }: LayoutBook<F>,
  say: Say,
): Layout<F>["words"] {
  const wordFields = all.filter((field) => meanings[field] !== undefined);
  const given = fieldsOf(input, "words", wordFields, say);
  const books = new Map<F, Words>();
  for (const field of wordFields) {
    if (given[field] === undefined) {
      if (named.has(field)) say(`words.${field}`, "这一列没有写明取值");
      continue;
    }
    const path = `words.${field}`;
    const book = fieldsOf(given[field], path, meanings[field] ?? [], say);
    const words = Object.entries(book).map(
      ([meaning, said]) => [meaning, textsIn(said, `${path}.${meaning}`, say)] as const,
    );
    const said = words.flatMap(([, each]) => each);
    if (new Set(said).size < said.length) say(path, "同一个词有两种含义");
    books.set(field, Object.fromEntries(words));
  }
  return recordOf(books);
}

export function textsIn(input: unknown, path: string, say: Say): readonly string[] {
  return listOf(input, path, say).map((each, at) => wordsOf(each, `${path}[${at}]`, say));
}

/** A parser's record: its keys are the fields that it was given. */
function recordOf<F extends string, T>(map: ReadonlyMap<F, T>): Readonly<Partial<Record<F, T>>> {
  return Object.fromEntries(map) as Partial<Record<F, T>>;
}
