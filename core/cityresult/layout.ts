/** 市级结果文件的样式: how a kind of the city's files names its columns and writes its words, as dated data. */
import type { HeaderShape } from "../intake/header.ts";
import type { Words } from "../intake/profile.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import type { Day } from "../time/day.ts";
import {
  ALL_CITY_FIELDS,
  CITY_WORD_FIELDS,
  type CityField,
  type CityWordField,
  isCityField,
} from "./fields.ts";

/** 逐件结果 tells of tickets, 单位成绩表 of units. */
export const CITY_FILE_KINDS = ["lines", "units"] as const;
export type CityFileKind = (typeof CITY_FILE_KINDS)[number];

export interface CityLayout extends HeaderShape<CityField> {
  readonly name: string;
  readonly zh: string;
  readonly kind: CityFileKind;
  readonly from: Day;
  readonly source: string;
  /** Meaning → the words for it; the first is the one that an error names. */
  readonly words: Readonly<Partial<Record<CityWordField, Words>>>;
  readonly blank: readonly string[];
  readonly dates: readonly string[];
  /** Rows of these names add up or average others: they are no unit and no ticket. */
  readonly totals: readonly string[];
}

/** The meanings that a word of each field must have one of. */
const MEANINGS: Readonly<Record<CityWordField, readonly string[]>> = {
  validCallback: ["yes", "no"],
  contacted: ["yes", "no"],
  solved: ["yes", "partly", "no"],
  satisfied: ["satisfied", "basically", "dissatisfied"],
  scope: ["full", "responseOnly", "exempt"],
  excluded: ["yes", "no"],
  counted: ["yes", "no"],
};

export function parseCityLayout(input: unknown): Parsed<CityLayout> {
  return parsed((say) => {
    const top = fieldsOf(
      input,
      "",
      [
        ...["name", "zh", "kind", "from", "source", "fields", "required", "signature"],
        ...["words", "blank", "dates", "totals"],
      ],
      say,
    );
    const kind = CITY_FILE_KINDS.find((each) => each === top.kind);
    if (kind === undefined) say("kind", "应为 lines 或 units");
    const named = fieldsOf(top.fields, "fields", ALL_CITY_FIELDS, say);
    const fields: Partial<Record<CityField, readonly string[]>> = {};
    for (const [field, names] of Object.entries(named))
      if (isCityField(field)) fields[field] = texts(names, `fields.${field}`, say);
    const fieldList = (value: unknown, path: string): readonly CityField[] =>
      texts(value, path, say).filter((field): field is CityField => {
        const known = isCityField(field) && fields[field] !== undefined;
        if (!known) say(path, `没有名为 ${field} 的列`);
        return known;
      });
    return {
      name: wordsOf(top.name, "name", say),
      zh: wordsOf(top.zh, "zh", say),
      kind: kind ?? "lines",
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      fields,
      required: fieldList(top.required, "required"),
      signature: fieldList(top.signature, "signature"),
      words: wordBooksIn(top.words, fields, say),
      blank: texts(top.blank, "blank", say),
      dates: texts(top.dates, "dates", say),
      totals: texts(top.totals, "totals", say),
    };
  });
}

function wordBooksIn(
  input: unknown,
  named: Readonly<Partial<Record<CityField, readonly string[]>>>,
  say: Say,
): CityLayout["words"] {
  const given = fieldsOf(input, "words", CITY_WORD_FIELDS, say);
  const books: Partial<Record<CityWordField, Words>> = {};
  for (const field of CITY_WORD_FIELDS) {
    if (given[field] === undefined) {
      if (named[field] !== undefined) say(`words.${field}`, "这一列没有写明取值");
      continue;
    }
    const path = `words.${field}`;
    const book = fieldsOf(given[field], path, MEANINGS[field], say);
    const words = Object.entries(book).map(
      ([meaning, said]) => [meaning, texts(said, `${path}.${meaning}`, say)] as const,
    );
    const all = words.flatMap(([, said]) => said);
    if (new Set(all).size < all.length) say(path, "同一个词有两种含义");
    books[field] = Object.fromEntries(words);
  }
  return books;
}

function texts(input: unknown, path: string, say: Say): readonly string[] {
  return listOf(input, path, say).map((each, at) => wordsOf(each, `${path}[${at}]`, say));
}
