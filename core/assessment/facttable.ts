/**
 * 分类表、人口表. Reads a small table of unit classes, or of populations, as a centre keeps it: one header row, one unit a row.
 * Every fault is told with its row, its column and what to do; a table with a fault gives no entries at all.
 */
import { cleanText } from "../intake/text.ts";
import { type Day, parseDay } from "../time/day.ts";
import { type Fraction, fraction, multiply, parseDecimal } from "./fraction.ts";

/** A row as the file's own program numbers it, from 1. */
export interface TableRow {
  readonly number: number;
  readonly cells: readonly string[];
}

export interface TableFault {
  readonly row: number;
  /** As the header calls it. */
  readonly column: string;
  readonly text: string;
}

export interface ReadClass {
  readonly row: number;
  readonly unitId: string;
  /** Null: none any more. */
  readonly unitClass: string | null;
  readonly from: Day;
  readonly source: string;
}

export interface ReadPopulation {
  readonly row: number;
  readonly unitId: string;
  readonly year: number;
  /** Null: what was entered does not hold, the figure is not known. */
  readonly people: number | null;
  readonly source: string;
}

export interface TableTools {
  /** Id of the unit that a name means; null for none. */
  readonly unitOf: (name: string) => string | null;
  /** First day of a period by its name, "2026-12"; null when it is none. */
  readonly periodFrom: (name: string) => Day | null;
  /** What holds for rows that name no paper of their own; "" for none. */
  readonly source: string;
}

export type ReadTable<T> =
  | { readonly ok: true; readonly entries: readonly T[] }
  | { readonly ok: false; readonly faults: readonly TableFault[] };

/** 单位 · 分类 · 自 · 依据. */
export function readClassTable(rows: readonly TableRow[], tools: TableTools): ReadTable<ReadClass> {
  return readTable(rows, CLASS_COLUMNS, tools, ({ cell, unit, source, number }) => ({
    row: number,
    ...unit,
    unitClass: cell<string | null>("class", null, (text) =>
      NONE.has(text) ? { value: null } : text.length <= 20 ? { value: text } : "分类名称不超过 20 个字",
    ),
    from: cell<Day>("from", "0001-01-01", (text) => {
      const day = tools.periodFrom(monthText(text)) ?? parseDay(dayText(text));
      return day === null ? "应为考核期（如 2026-12）或日期（如 2026-11-19）" : { value: day };
    }),
    ...source,
  }));
}

/** 单位 · 年份 · 常住人口 · 依据. */
export function readPopulationTable(rows: readonly TableRow[], tools: TableTools): ReadTable<ReadPopulation> {
  return readTable(rows, POPULATION_COLUMNS, tools, ({ cell, unit, source, number, header }) => ({
    row: number,
    ...unit,
    year: cell("year", 0, (text) => {
      const year = /^(20\d\d)年?$/.exec(text)?.[1];
      return year === undefined ? "应为四位年份，如 2026" : { value: Number(year) };
    }),
    people: cell<number | null>("people", null, (text) =>
      NONE.has(text) ? { value: null } : peopleIn(text, header("people")),
    ),
    ...source,
  }));
}

/** Words that say that there is none: an earlier entry is taken back. */
const NONE: ReadonlySet<string> = new Set(["无", "不详", "—", "-", "取消"]);

interface Columns {
  readonly [key: string]: {
    readonly name: string;
    readonly also: readonly string[];
    readonly optional?: true;
  };
}
const UNIT = { name: "单位", also: ["单位名称", "承办单位", "街镇", "街道", "街乡镇", "单位简称"] } as const;
const SOURCE = {
  name: "依据",
  also: ["文号", "依据文号", "来源", "来源文件", "数据来源"],
  optional: true,
} as const;
const CLASS_COLUMNS = {
  unit: UNIT,
  class: { name: "分类", also: ["单位分类", "类别", "类型", "街镇分类"] },
  from: { name: "自", also: ["起始", "起始日", "起始日期", "起始考核期", "考核期", "自何时起", "执行日"] },
  source: SOURCE,
} as const satisfies Columns;
const POPULATION_COLUMNS = {
  unit: UNIT,
  year: { name: "年份", also: ["年度", "年"] },
  people: {
    name: "常住人口",
    also: ["人口", "人口数", "常住人口数", "常住人口人", "常住人口万人", "人口万人"],
  },
  source: SOURCE,
} as const satisfies Columns;

interface Row<K> {
  readonly number: number;
  readonly unit: { readonly unitId: string };
  readonly source: { readonly source: string };
  readonly header: (key: K) => string;
  /** The cell's value, or `wrong` when it is none (and said). */
  readonly cell: <V>(key: K, wrong: V, read: (text: string) => { readonly value: V } | string) => V;
}

interface Entry {
  readonly row: number;
  readonly unitId: string;
}

function readTable<C extends Columns, T extends Entry>(
  rows: readonly TableRow[],
  columns: C,
  tools: TableTools,
  read: (row: Row<keyof C & string>) => T,
): ReadTable<T> {
  const [top, ...body] = rows;
  const names = Object.entries(columns);
  const wanted = names.map(([, { name }]) => name).join("、");
  if (top === undefined)
    return { ok: false, faults: [{ row: 1, column: "表头", text: `表是空的；首行应为表头：${wanted}` }] };
  const headers = top.cells.map((cell) => cleanText(cell));
  const placeOf = new Map(
    names.map(([key, { name, also }]) => [
      key,
      headers.findIndex((header) => [name, ...also].includes(bare(header))),
    ]),
  );
  const missing = names.filter(([key, { optional }]) => placeOf.get(key) === -1 && optional !== true);
  if (missing.length > 0)
    return {
      ok: false,
      faults: missing.map(([, { name }]) => ({
        row: top.number,
        column: name,
        text: `表头没有“${name}”一列；首行应为表头：${wanted}`,
      })),
    };
  if (body.length === 0)
    return { ok: false, faults: [{ row: top.number + 1, column: "单位", text: "只有表头，没有数据行" }] };
  const faults: TableFault[] = [];
  const seen = new Map<string, number>();
  const entries: T[] = [];
  for (const { number, cells } of body) {
    const textOf = (key: string): string => cleanText(cells[placeOf.get(key) ?? -1] ?? "");
    const header = (key: string): string => headers[placeOf.get(key) ?? -1] || (columns[key]?.name ?? key);
    const before = faults.length;
    const say = (key: string, text: string): void => {
      faults.push({ row: number, column: header(key), text });
    };
    const cell = <V>(key: string, wrong: V, take: (text: string) => { readonly value: V } | string): V => {
      const text = textOf(key);
      const taken = text === "" ? "不能为空" : take(text);
      if (typeof taken !== "string") return taken.value;
      say(key, text === "" ? taken : `“${text.slice(0, 20)}”${taken}`);
      return wrong;
    };
    const unitId = cell("unit", "", (name) => {
      const id = tools.unitOf(name);
      return id === null ? "不是本区的单位，或可指两个单位；请按单位页的名称、简称或别名填写" : { value: id };
    });
    const source = textOf("source") || tools.source;
    if (source === "") say("source", "应写明依据（文号）；全表同一依据的，可填在表外的“依据”里");
    const value = read({ number, unit: { unitId }, source: { source }, header, cell });
    if (faults.length > before) continue;
    const key = JSON.stringify([
      value.unitId,
      "from" in value ? value.from : "year" in value ? value.year : "",
    ]);
    const twin = seen.get(key);
    if (twin !== undefined) say("unit", `与第 ${twin} 行是同一单位、同一时间，请只留一行`);
    seen.set(key, number);
    entries.push(value);
  }
  return faults.length === 0 ? { ok: true, entries } : { ok: false, faults };
}

function peopleIn(text: string, header: string): { readonly value: number } | string {
  const inTenThousand = /万人|（万）|\(万\)/.test(header) || /万人?$/.test(text);
  const number = parseDecimal(text.replace(/[,，\s]/g, "").replace(/万?人?$/, ""));
  const people: Fraction | null = number && (inTenThousand ? multiply(number, fraction(10_000)) : number);
  if (people === null || people.den !== 1n || people.num <= 0n)
    return "应为人数，如 104000；以万人为单位的，请在表头写明“常住人口（万人）”";
  return people.num <= MOST_PEOPLE ? { value: Number(people.num) } : "人数过大，请核对单位是人还是万人";
}

/** More than live in any city: a figure beyond it was written in another unit. */
const MOST_PEOPLE = 100_000_000n;

const bare = (header: string): string => header.replace(/[（）()\s]/g, "");

/** "2026年12月" → "2026-12". */
function monthText(text: string): string {
  const [, year, month] = /^(\d{4})[-/.年](\d{1,2})月?$/.exec(text) ?? [];
  return year && month ? `${year}-${month.padStart(2, "0")}` : text;
}

/** "2026/11/9", "2026年11月9日", "2026-11-09 00:00:00" → "2026-11-09". */
function dayText(text: string): string {
  const [, year, month, day] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?$/.exec(text) ?? [];
  return year && month && day ? `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}` : text;
}
