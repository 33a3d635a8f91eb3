/** 一行导入数据. Reads one row of a file under its profile: what it says of a ticket and its round, or why it cannot. */
import type { CallbackAnswers } from "../ticket/moves.ts";
import { isState, type TicketState } from "../ticket/state.ts";
import { readCell, type Sheet, shown, type Tools, wordBooks } from "./cell.ts";
import { FIELDS, type Field, isField } from "./fields.ts";
import type { Column } from "./header.ts";
import { instantReader, writeInstant } from "./instant.ts";
import type { ClosingKind, InstantField, Profile } from "./profile.ts";

/** A cell that the reader of the file could not take: an error value, a cell that is too long. */
export interface CellFault {
  readonly index: number;
  readonly why: string;
  readonly value: string;
  /** Whether the row can come in without this cell when its column means nothing to us. */
  readonly passable: boolean;
}

export interface RawRow {
  /** As the file's own program numbers it, from 1. */
  readonly number: number;
  readonly cells: readonly string[];
  readonly faults: readonly CellFault[] | null;
}

/** One fault of one row. `value` holds no personal data and at most 40 signs. */
export interface RowFault {
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly why: string;
}

/** What the row says, in our words. Texts are masked; `requester` is in clear and goes under seal. */
export interface ImportedRow {
  readonly row: number;
  readonly number: string;
  /** Equal in two files for the same row of the same ticket. */
  readonly key: string;
  /** Sorts the rounds of one ticket. */
  readonly order: string;
  readonly facts: RowFacts;
  /** As written; "" when the row names none. */
  readonly unit: string;
  readonly part: "lead" | "co";
  readonly closing: { readonly kind: ClosingKind; readonly at: number | null } | null;
  /** The state that the file names for an open row; null when it names none. */
  readonly stateSaid: TicketState | null;
  readonly dispatchedAt: number;
  readonly report: string;
  readonly scope: "full" | "responseOnly" | "exempt";
  readonly scopeNote: string;
  readonly answers: CallbackAnswers;
  readonly validSaid: boolean | null;
  readonly reason: string;
  readonly note: string;
  readonly requester: {
    readonly name: string;
    readonly phone: string;
    readonly account: string;
    readonly content: string;
  };
  /** Everything the row says, normalised and masked: equal rows have equal fields. */
  readonly fields: Readonly<Record<string, string>>;
  /** Columns that we have no field for, by header. */
  readonly extra: Readonly<Record<string, string>>;
}

export interface RowFacts {
  readonly title: string;
  readonly content: string;
  readonly kind: string;
  readonly level: 1 | 2 | 3 | 4;
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly channel: string;
  readonly path: Profile["path"];
  readonly district: string;
  readonly street: string;
  readonly community: string;
  readonly address: string;
  readonly enterprise: string;
  readonly reply: string;
  readonly receivedAt: number;
  readonly cityDispatchedAt: number | null;
  readonly cityDueAt: number | null;
  /** For the ticket's page: what no column of the ledger holds. */
  readonly extra: Readonly<Record<string, string>>;
}

export type ReadRow =
  | { readonly ok: true; readonly row: ImportedRow }
  | { readonly ok: false; readonly faults: readonly RowFault[] };
export type RowReader = (raw: RawRow) => ReadRow;

/** `numberOf` makes a number for rows of files that have none: a digest of the text it is given. */
export function rowReader(
  profile: Profile,
  columns: readonly Column[],
  numberOf: (text: string) => string,
): RowReader {
  const readInstant = instantReader(profile.dates);
  const words = wordBooks(profile);
  const blank = new Set(profile.blank);
  const plan = columns.filter(
    (c) => c.field !== "-" && (c.field === null || FIELDS[c.field].kind !== "ignored"),
  );
  const headerOf = new Map(
    plan.flatMap((c) => (c.field === null || c.field === "-" ? [] : [[c.field, c.header] as const])),
  );
  const tools: Tools = { profile, readInstant, words, blank, plan, headerOf, numberOf };
  return (raw) => readRow(tools, raw);
}

function readRow(tools: Tools, raw: RawRow): ReadRow {
  const faults: RowFault[] = [];
  const fault = (column: string, value: string, why: string): void => {
    faults.push({ row: raw.number, column, value: shown(value), why });
  };
  const sheet: Sheet = {
    text: {},
    at: {},
    extra: {},
    clear: { name: "", phone: "", account: "", content: "", hidden: [] },
  };
  for (const column of tools.plan) {
    const bad = raw.faults?.find((f) => f.index === column.index);
    if (bad && !(bad.passable && column.field === null)) fault(column.header, bad.value, bad.why);
    else readCell(tools, column, raw.cells[column.index] ?? "", sheet, fault);
  }
  for (const field of tools.profile.required) {
    const given = sheet.text[field] !== undefined || sheet.at[field] !== undefined;
    const header = tools.headerOf.get(field) ?? FIELDS[field].zh;
    if (!given && !faults.some((f) => f.column === header)) fault(header, "", `缺少${FIELDS[field].zh}`);
  }
  const receivedAt = firstOf(tools.profile.receivedAt, sheet.at);
  if (receivedAt === null && faults.length === 0) {
    const field = tools.profile.receivedAt[0] ?? "receivedAt";
    fault(tools.headerOf.get(field) ?? FIELDS[field].zh, "", `缺少${FIELDS[field].zh}，无法确定受理时间`);
  }
  if (faults.length > 0 || receivedAt === null) return { ok: false, faults };
  const { profile } = tools;
  if (profile.numberFrom && sheet.text.number === undefined) {
    const from = profile.numberFrom.fields.map((f) => textOf(sheet, f)).join("\n");
    sheet.text.number = `${profile.numberFrom.prefix}${tools.numberOf(from)}`;
  }
  const state = stateOf(profile, tools.words.get("stateText"), sheet);
  if (state === null) {
    fault(tools.headerOf.get("stateText") ?? "工单状态", sheet.text.stateText ?? "", "无法识别的工单状态");
    return { ok: false, faults };
  }
  return { ok: true, row: rowOf(profile, raw.number, sheet, receivedAt, state) };
}

type StateRead = Pick<ImportedRow, "closing" | "stateSaid">;

/** Closed by what the file says of the state, else by what it holds; null for a state that the profile does not know. */
function stateOf(
  profile: Profile,
  words: ReadonlyMap<string, string> | undefined,
  sheet: Sheet,
): StateRead | null {
  const at = sheet.at.closedAt ?? sheet.at.repliedAt ?? null;
  const said = sheet.text.stateText;
  if (said !== undefined) {
    const meaning = words?.get(said);
    if (meaning === undefined) return null;
    const [state, kind] = meaning.split(":");
    if (state === "closed")
      return { closing: { kind: isClosing(kind) ? kind : profile.closed.kind, at }, stateSaid: null };
    return { closing: null, stateSaid: state !== undefined && isState(state) ? state : null };
  }
  const closed = profile.closed.when.some(
    (field) => sheet.text[field] !== undefined || sheet.at[field] !== undefined,
  );
  if (!closed) return { closing: null, stateSaid: null };
  // Without a unit of ours the district transferred nothing: the city closed it.
  const kind =
    profile.closed.kind === "transfer" && sheet.text.unit === undefined ? "city" : profile.closed.kind;
  return { closing: { kind, at }, stateSaid: null };
}

/** What an imported row said, as it is kept: enough to read it again without the file. */
export interface Said {
  readonly fields: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, string>>;
}

/** The row of an earlier import from what was kept of it; nothing of the requester is. */
export function rowAgain(profile: Profile, said: Said): ImportedRow {
  const sheet: Sheet = {
    text: {},
    at: {},
    extra: { ...said.extra },
    clear: { name: "", phone: "", account: "", content: "", hidden: [] },
  };
  const instant = instantReader(["yyyy-M-d H:m:s"]);
  for (const [field, value] of Object.entries(said.fields)) {
    if (!isField(field)) continue;
    const read = FIELDS[field].kind === "instant" ? instant(value) : null;
    if (read?.ok) sheet.at[field] = read.at;
    else sheet.text[field] = value;
  }
  const state = stateOf(profile, wordBooks(profile).get("stateText"), sheet);
  const receivedAt = firstOf(profile.receivedAt, sheet.at) ?? 0;
  return rowOf(profile, 0, sheet, receivedAt, state ?? { closing: null, stateSaid: null });
}

function rowOf(
  profile: Profile,
  row: number,
  sheet: Sheet,
  receivedAt: number,
  state: StateRead,
): ImportedRow {
  const { text, at, extra, clear } = sheet;
  const t = (field: Field): string => text[field] ?? "";
  const fields: Record<string, string> = { ...text };
  for (const field of INSTANTS) {
    const moment = at[field];
    if (moment !== undefined) fields[field] = writeInstant(moment);
  }
  const resolution = profile.resolutions[t("resolution")];
  const hidden = clear.content !== "" || clear.hidden.length > 0;
  const content = hidden
    ? [clear.content === "" ? t("content") : clear.content, ...clear.hidden].join("\n")
    : "";
  const dispatchedAt = at.dispatchedAt ?? at.registeredAt ?? receivedAt;
  return {
    row,
    number: t("number"),
    key: [profile.name, ...profile.rowKey.map((f) => textOf(sheet, f))].join("|"),
    order: [writeInstant(dispatchedAt), ...profile.order.map((f) => textOf(sheet, f))].join("|"),
    facts: {
      title: t("title"),
      content: t("content"),
      kind: t("kind"),
      level: levelOf(text.level),
      category1: t("category1"),
      category2: t("category2"),
      category3: t("category3"),
      channel: text.channel ?? profile.channel,
      path: profile.path,
      district: t("district"),
      street: t("street"),
      community: t("community"),
      address: t("address"),
      enterprise: t("enterprise"),
      reply: text.reply ?? (state.closing ? t("result") : ""),
      receivedAt,
      cityDispatchedAt: at.dispatchedAt ?? null,
      cityDueAt: at.dueAt ?? null,
      extra: { ...shownExtra(text), ...extra },
    },
    unit: t("unit"),
    part: text.part === "co" ? "co" : "lead",
    ...state,
    dispatchedAt,
    report: text.result ?? t("reply"),
    scope: resolution?.scope ?? "full",
    scopeNote: resolution ? `${FIELDS.resolution.zh}：${t("resolution")}` : "",
    answers: answersOf(text),
    validSaid: text.validCallback === undefined ? null : text.validCallback === "yes",
    reason: t("reason"),
    note: t("note"),
    requester: { name: clear.name, phone: clear.phone, account: clear.account, content },
    fields,
    extra,
  };
}

const INSTANTS: readonly InstantField[] = [
  "receivedAt",
  "dispatchedAt",
  "registeredAt",
  "dueAt",
  "repliedAt",
  "closedAt",
];
const ON_TICKET_PAGE: readonly Field[] = ["registration", "source", "rejected", "resolution", "note"];
function shownExtra(text: Partial<Record<Field, string>>): Record<string, string> {
  return Object.fromEntries(
    ON_TICKET_PAGE.flatMap((field) => {
      const value = text[field];
      if (value === undefined || (field === "rejected" && value === "no")) return [];
      return [[FIELDS[field].zh, field === "rejected" ? "是" : value]];
    }),
  );
}

function textOf(sheet: Sheet, field: Field): string {
  const at = sheet.at[field];
  return at === undefined ? (sheet.text[field] ?? "") : writeInstant(at);
}

function firstOf(fields: readonly InstantField[], at: Partial<Record<Field, number>>): number | null {
  for (const field of fields) {
    const moment = at[field];
    if (moment !== undefined) return moment;
  }
  return null;
}

function answersOf(text: Partial<Record<Field, string>>): CallbackAnswers {
  const { contacted, solved, satisfied } = text;
  return {
    contacted: contacted === "yes" || contacted === "no" ? contacted : undefined,
    solved: solved === "yes" || solved === "partly" || solved === "no" ? solved : undefined,
    satisfied:
      satisfied === "satisfied" || satisfied === "basically" || satisfied === "dissatisfied"
        ? satisfied
        : undefined,
  };
}

function levelOf(text: string | undefined): 1 | 2 | 3 | 4 {
  return text === "1" ? 1 : text === "2" ? 2 : text === "4" ? 4 : 3;
}

function isClosing(text: string | undefined): text is ClosingKind {
  return text === "reply" || text === "direct" || text === "transfer" || text === "city";
}
