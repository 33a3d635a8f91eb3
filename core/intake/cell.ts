/** 单元格的读法. Reads one cell as the field that its column is: cleaned, checked, its words understood, people covered. */
import { isCovered, maskName, maskPhone, maskText, normalisePhone } from "../privacy/mask.ts";
import { FIELDS, type Field } from "./fields.ts";
import type { Column } from "./header.ts";
import type { InstantReader } from "./instant.ts";
import type { Profile, WordField, Words } from "./profile.ts";
import { cleanText, isScientific, TEXT_LIMITS } from "./text.ts";

/** What reading cells needs to know of the file. */
export interface Tools {
  readonly profile: Profile;
  readonly readInstant: InstantReader;
  readonly words: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly blank: ReadonlySet<string>;
  readonly plan: readonly Column[];
  readonly headerOf: ReadonlyMap<Field, string>;
  readonly numberOf: (text: string) => string;
}

/** The row's cells by field, cleaned and checked; what was masked is kept beside, in clear. */
export interface Sheet {
  readonly text: Partial<Record<Field, string>>;
  readonly at: Partial<Record<Field, number>>;
  readonly extra: Record<string, string>;
  readonly clear: { name: string; phone: string; account: string; content: string; hidden: string[] };
}

export type Report = (column: string, value: string, why: string) => void;

export function readCell(tools: Tools, column: Column, cell: string, sheet: Sheet, fault: Report): void {
  const text = cleanText(cell);
  const { field } = column;
  if (text === "" || field === "-") return;
  if (field === null) {
    const masked = maskText(text);
    sheet.extra[column.header] = masked.text;
    if (masked.masked) sheet.clear.hidden.push(`${column.header}：${text}`);
    return;
  }
  const limit = TEXT_LIMITS[field];
  if (limit !== undefined && text.length > limit)
    fault(column.header, text, `过长：${text.length} 字，最多 ${limit} 字`);
  else readField(tools, column.header, field, text, sheet, fault);
}

function readField(
  tools: Tools,
  header: string,
  field: Field,
  text: string,
  sheet: Sheet,
  fault: Report,
): void {
  const { kind } = FIELDS[field];
  if (kind === "personal") {
    readPersonal(field, text, tools.blank, sheet);
    return;
  }
  if (kind !== "text" || PLACES.has(field) || CODES.has(field)) {
    if (tools.blank.has(text)) return;
  }
  if (kind === "instant") {
    const read = tools.readInstant(text);
    if (read.ok) sheet.at[field] = read.at;
    else fault(header, text, INSTANT_FAULTS[read.why]);
    return;
  }
  if (kind === "word") {
    const meaning = tools.words.get(field)?.get(text);
    if (meaning !== undefined) sheet.text[field] = meaning;
    else if (field === "level") sheet.extra[header] = text;
    else fault(header, text, `无法识别的取值，可填：${wordsShown(tools.profile.words, field)}`);
    return;
  }
  readText(tools, header, field, text, sheet, fault);
}

function readText(
  tools: Tools,
  header: string,
  field: Field,
  text: string,
  sheet: Sheet,
  fault: Report,
): void {
  const { profile } = tools;
  if (field === "number") {
    if (isScientific(text)) fault(header, text, "编号被表格软件改成了科学计数法，请把该列设为文本后重新导出");
    else sheet.text.number = profile.numberPrefix + text.replace(/\s+/g, "");
    return;
  }
  if (field === "categoryPath") {
    const levels = text.split(/\s*(?:->|—>|→|＞|>|\/|-)\s*/).map((level) => profile.sameWord[level] ?? level);
    const [category1, category2, category3] = levels;
    if (category1) sheet.text.category1 ??= category1;
    if (category2) sheet.text.category2 ??= category2;
    if (category3) sheet.text.category3 ??= levels.slice(2).join("/");
    return;
  }
  if (field === "category1" || field === "category2" || field === "category3") {
    const level = profile.sameWord[text] ?? text;
    if (!/^[.。…]+$/.test(level)) sheet.text[field] = level;
    return;
  }
  if (PLACES.has(field)) {
    const prefix = profile.prefixes[field]?.find((p) => text.startsWith(p) && text.length > p.length);
    const place = prefix ? text.slice(prefix.length) : text;
    if (!profile.unknownPlace.includes(place)) sheet.text[field] = place;
    return;
  }
  if (field === "channel") {
    sheet.text.channel = tools.words.get("channel")?.get(text) ?? text;
    return;
  }
  const masked = maskText(text);
  sheet.text[field] = masked.text;
  if (!masked.masked) return;
  if (field === "content") sheet.clear.content = text;
  else sheet.clear.hidden.push(`${header}：${text}`);
}

function readPersonal(field: Field, text: string, blank: ReadonlySet<string>, sheet: Sheet): void {
  if (blank.has(text)) return;
  const isPhone = field === "requesterContact" && (normalisePhone(text).length >= 7 || isCovered(text));
  if (field === "requesterName") {
    sheet.clear.name = text;
    sheet.text.requesterName = maskName(text);
  } else if (isPhone) {
    sheet.clear.phone = text;
    sheet.text.requesterContact = maskPhone(text);
  } else {
    sheet.clear.account = text;
    sheet.text[field] = maskName(text);
  }
}

const PLACES: ReadonlySet<Field> = new Set<Field>(["district", "street", "community", "address"]);
const CODES: ReadonlySet<Field> = new Set<Field>([
  "unit",
  "registration",
  "resolution",
  "stateText",
  "channel",
  "kind",
  "category1",
  "category2",
  "category3",
]);
const INSTANT_FAULTS = {
  "no-such-day": "没有这一天或这一时刻",
  unreadable: "无法识别的日期时间，可写作 2020-12-31 18:43:24",
  "out-of-range": "年份超出 1990—2099",
} as const;

/** field → word → meaning. */
export function wordBooks(profile: Profile): Map<string, Map<string, string>> {
  const book = (words: Words): Map<string, string> =>
    new Map(Object.entries(words).flatMap(([meaning, said]) => said.map((word) => [word, meaning] as const)));
  const books = new Map(Object.entries(profile.words).map(([field, words]) => [field, book(words)]));
  return books.set("stateText", book(profile.states));
}

function wordsShown(words: Profile["words"], field: Field): string {
  const isWordField = (f: string): f is WordField => Object.hasOwn(words, f);
  if (!isWordField(field)) return "";
  return Object.values(words[field])
    .map((said) => said[0] ?? "")
    .join("、");
}

/** A value as an error quotes it: nobody's data, at most 40 signs. */
export function shown(value: string): string {
  const text = maskText(cleanText(value)).text.replace(/\s+/g, " ");
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
