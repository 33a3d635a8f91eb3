/**
 * 市级未办结清单. What the city's monthly list of unresolved tickets looks like (dated data: header aliases, words, date forms) and
 * what one row of it says, or why it cannot be taken.
 */
import { type Column, describe, type HeaderShape } from "../intake/header.ts";
import { instantReader } from "../intake/instant.ts";
import type { RawRow, RowFault } from "../intake/row.ts";
import { cleanText, isScientific } from "../intake/text.ts";
import { maskText } from "../privacy/mask.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { type Day, dayOf, endOfDay } from "../time/day.ts";
import { ALL_SUPERVISION_LEVELS, type SupervisionLevel } from "./lifecycle.ts";

/** Everything that a column of the list can mean; the only list of it. */
export const LIST_FIELDS = {
  number: "工单编号",
  round: "派单轮次",
  dispatchedAt: "派发时间",
  unit: "责任单位",
  level: "督办等级",
  asked: "督办要求",
  due: "办理期限",
  note: "未办结原因、备注",
} as const;
export type ListField = keyof typeof LIST_FIELDS;
export const ALL_LIST_FIELDS = Object.keys(LIST_FIELDS) as readonly ListField[];

function isListField(text: string): text is ListField {
  return Object.hasOwn(LIST_FIELDS, text);
}

export interface ListLayout extends HeaderShape<ListField> {
  readonly name: string;
  readonly zh: string;
  readonly from: Day;
  readonly source: string;
  readonly levels: Readonly<Record<SupervisionLevel, readonly string[]>>;
  readonly blank: readonly string[];
  readonly dates: readonly string[];
  /** Rows of these words add up others: they are no ticket. */
  readonly totals: readonly string[];
}

export interface ListLine {
  /** As the file's own program numbers it. */
  readonly row: number;
  readonly number: string;
  readonly round: number | null;
  readonly dispatchedAt: number | null;
  /** As written; "" where the row names none. */
  readonly unit: string;
  readonly level: SupervisionLevel | null;
  readonly asked: string;
  /** 办理期限 of the city; a day without an hour lasts to its end. */
  readonly dueAt: number | null;
  readonly note: string;
}

export interface ReadList {
  readonly lines: readonly ListLine[];
  readonly faults: readonly RowFault[];
  /** Rows that are refused: one may have several faults. */
  readonly refused: number;
  readonly totals: number;
}

/** The columns of a header row under a person's mapping: header → field, "" to leave it out. */
export function listColumns(
  headers: readonly string[],
  layout: ListLayout,
  mapping: Readonly<Record<string, string>>,
): {
  readonly columns: readonly Column<ListField>[];
  readonly missing: readonly ListField[];
  readonly twice: readonly ListField[];
} {
  const columns = describe<ListField, ListLayout>(0, headers, layout).columns.map(
    (column): Column<ListField> => {
      const said = Object.hasOwn(mapping, column.header) ? mapping[column.header] : undefined;
      if (said === undefined) return column;
      return { ...column, field: isListField(said) ? said : null };
    },
  );
  const fields = columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field]));
  return {
    columns,
    missing: layout.required.filter((field) => !fields.includes(field)),
    twice: fields.filter((field, i) => fields.indexOf(field) !== i),
  };
}

/** Every row of the file; the same ticket's same round a second time is refused. */
export function readList(
  layout: ListLayout,
  columns: readonly Column<ListField>[],
  rows: readonly RawRow[],
): ReadList {
  const readInstant = instantReader(layout.dates);
  const known = columns.flatMap(({ index, header, field }) =>
    field === null || field === "-" ? [] : [{ index, header, field }],
  );
  const headerOf = (field: ListField): string =>
    known.find((c) => c.field === field)?.header ?? LIST_FIELDS[field];
  const seen = new Map<string, number>();
  const lines: ListLine[] = [];
  const faults: RowFault[] = [];
  const refused = new Set<number>();
  let totals = 0;
  for (const raw of rows) {
    if (raw.cells.some((cell) => layout.totals.includes(cleanText(cell).replace(/\s/g, "")))) {
      totals += 1;
      continue;
    }
    const fault = (field: ListField, value: string, why: string): void => {
      refused.add(raw.number);
      faults.push({
        row: raw.number,
        column: headerOf(field),
        value: maskText(value).text.slice(0, 40),
        why,
      });
    };
    for (const cell of raw.faults ?? []) {
      const column = known.find(({ index }) => index === cell.index);
      if (column) fault(column.field, cell.value, cell.why);
    }
    const cells: Partial<Record<ListField, string>> = {};
    for (const { index, field } of known) {
      const text = cleanText(raw.cells[index] ?? "");
      if (text === "" || layout.blank.includes(text)) continue;
      if (text.length > LONGEST) fault(field, text, `过长：${text.length} 字，最多 ${LONGEST} 字`);
      else cells[field] = text;
    }
    const line = lineOf(raw.number, cells, layout, readInstant, fault);
    if (refused.has(raw.number)) continue;
    const identity = [line.number, line.round, line.dispatchedAt].join("|");
    const before = seen.get(identity);
    if (before !== undefined) fault("number", line.number, `与第 ${before} 行是同一工单的同一轮次`);
    else {
      seen.set(identity, raw.number);
      lines.push(line);
    }
  }
  return { lines, faults, refused: refused.size, totals };
}

const LONGEST = 2000;

function lineOf(
  row: number,
  cells: Partial<Record<ListField, string>>,
  layout: ListLayout,
  readInstant: ReturnType<typeof instantReader>,
  fault: (field: ListField, value: string, why: string) => void,
): ListLine {
  const number = (cells.number ?? "").replace(/\s+/g, "");
  if (number === "") fault("number", "", "缺少工单编号");
  else if (isScientific(number))
    fault("number", number, "编号被表格软件改成了科学计数法，请把该列设为文本后重新导出");
  const round = /^(\d{1,3})(?:\.0+)?$/.exec(cells.round ?? "")?.[1];
  if (cells.round !== undefined && round === undefined) fault("round", cells.round, "不是整数");
  const instantOf = (field: "dispatchedAt" | "due"): number | null => {
    const text = cells[field];
    if (text === undefined) return null;
    const read = readInstant(text);
    if (!read.ok) fault(field, text, INSTANT_FAULTS[read.why]);
    return read.ok ? read.at : null;
  };
  const due = instantOf("due");
  const level = ALL_SUPERVISION_LEVELS.find((each) => layout.levels[each].includes(cells.level ?? ""));
  if (cells.level !== undefined && level === undefined) {
    const may = ALL_SUPERVISION_LEVELS.map((each) => layout.levels[each][0] ?? "").join("、");
    fault("level", cells.level, `无法识别的取值，可填：${may}`);
  }
  const masked = (text: string | undefined): string => maskText(text ?? "").text;
  return {
    row,
    number,
    round: round === undefined ? null : Number(round),
    dispatchedAt: instantOf("dispatchedAt"),
    unit: masked(cells.unit),
    level: level ?? null,
    asked: masked(cells.asked),
    dueAt: due === null || (cells.due ?? "").includes(":") ? due : endOfDay(dayOf(due)),
    note: masked(cells.note),
  };
}

const INSTANT_FAULTS = {
  "no-such-day": "没有这一天或这一时刻",
  unreadable: "无法识别的日期时间，可写作 2020-12-31 18:43:24",
  "out-of-range": "年份超出 1990—2099",
} as const;

export function parseListLayout(input: unknown): Parsed<ListLayout> {
  return parsed((say) => {
    const top = fieldsOf(
      input,
      "",
      [
        "name",
        "zh",
        "from",
        "source",
        "fields",
        "required",
        "signature",
        "levels",
        "blank",
        "dates",
        "totals",
      ],
      say,
    );
    const named = fieldsOf(top.fields, "fields", ALL_LIST_FIELDS, say);
    const fields: Partial<Record<ListField, readonly string[]>> = {};
    for (const [field, names] of Object.entries(named))
      if (isListField(field)) fields[field] = texts(names, `fields.${field}`, say);
    const fieldList = (value: unknown, path: string): readonly ListField[] =>
      texts(value, path, say).filter((field): field is ListField => {
        const known = isListField(field) && fields[field] !== undefined;
        if (!known) say(path, `没有名为 ${field} 的列`);
        return known;
      });
    const levels = fieldsOf(top.levels, "levels", ALL_SUPERVISION_LEVELS, say);
    return {
      name: wordsOf(top.name, "name", say),
      zh: wordsOf(top.zh, "zh", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      fields,
      required: fieldList(top.required, "required"),
      signature: fieldList(top.signature, "signature"),
      levels: {
        general: texts(levels.general, "levels.general", say),
        key: texts(levels.key, "levels.key", say),
        listed: texts(levels.listed, "levels.listed", say),
      },
      blank: texts(top.blank, "blank", say),
      dates: texts(top.dates, "dates", say),
      totals: texts(top.totals, "totals", say),
    };
  });
}

function texts(input: unknown, path: string, say: Say): readonly string[] {
  return listOf(input, path, say).map((each, at) => wordsOf(each, `${path}[${at}]`, say));
}
