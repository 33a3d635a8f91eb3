/** 流转记录的变化. What an event changed, field by field, before and after, in words; ids are told by name. */
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { CO_LIFECYCLE } from "@jiesu/core/ticket/cohandling.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import type { Db } from "../platform/db/open.ts";

/** `before` is null where nothing stood there, or where it was not put on record. */
export interface FieldChange {
  readonly zh: string;
  readonly before: string | null;
  readonly after: string;
}

export interface HistoryEvent {
  readonly kind: string;
  readonly role: string;
  readonly from_state: string | null;
  readonly to_state: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Names of the units, numbers of the tickets and of the precedents that events refer to by id. */
export interface Names {
  /** By the version that was cited. */
  readonly precedents: ReadonlyMap<string, string>;
  readonly units: ReadonlyMap<string, string>;
  readonly tickets: ReadonlyMap<string, string>;
}

/** The columns that 修正信息 may change, as the screen calls them. */
export const CORRECTED = {
  level: "等级",
  kind: "诉求类型",
  title: "标题",
  category1: "一级分类",
  category2: "二级分类",
  category3: "三级分类",
  street: "街镇",
  community: "社区（村）",
  address: "地址",
} as const;

const WORDS: Readonly<
  Record<string, { readonly zh: string; readonly of: Readonly<Record<string, string>> }>
> = {
  outcome: {
    zh: "结果",
    of: {
      solved: "已解决",
      partly: "部分解决",
      unsolved: "未解决",
      explained: "解释说明",
      answered: "接通",
      missed: "未接通",
      refused: "拒访",
    },
  },
  contacted: { zh: "是否联系", of: { yes: "是", no: "否" } },
  solved: { zh: "是否解决", of: { yes: "解决", partly: "部分解决", no: "未解决" } },
  satisfied: {
    zh: "是否满意",
    of: { satisfied: "满意", basically: "基本满意", dissatisfied: "不满意" },
  },
  scope: { zh: "考核口径", of: { full: "三率", responseOnly: "仅响应率", exempt: "不纳入" } },
};

/** Whether people or machines did it. */
export const doneBy = (event: Pick<HistoryEvent, "role" | "kind">): "person" | "machine" =>
  event.role === "system" || event.role === "importer" || event.kind.startsWith("timer.")
    ? "machine"
    : "person";

/** Whether it is a step of the ticket or of a co-handler, and no mere record. */
export const isStep = ({ kind, from_state, to_state }: HistoryEvent): boolean =>
  from_state !== to_state || STEPS_IN_PLACE.has(kind) || CO_MOVES.has(kind);

/** Steps that leave the state as it is. */
const STEPS_IN_PLACE: ReadonlySet<string> = new Set([
  "contact",
  "askExtension",
  "grantExtension",
  "refuseExtension",
  "askPause",
  "grantPause",
  "refusePause",
  "endPause",
]);
const CO_MOVES: ReadonlySet<string> = new Set(CO_LIFECYCLE.map((step) => step.move));

export function changesOf(event: HistoryEvent, names: Names): FieldChange[] {
  const { data } = event;
  const answers = isRecord(data.answers) ? data.answers : {};
  return [
    ...stateChange(event),
    ...corrected(data),
    ...named("主办单位", data.leadUnitId, names.units),
    ...named("协办单位", data.coUnitIds, names.units),
    ...named("协办单位", data.unitId, names.units),
    ...named("并入主单", data.into, names.tickets),
    ...named("引用先例", data.precedents, names.precedents),
    ...(data.designated === true ? [{ zh: "指定承办", before: null, after: "是（本轮不得退单）" }] : []),
    ...claimed(data),
    ...coded({ ...answers, outcome: data.outcome, scope: data.scope }),
    ...guardTold(data),
    ...extended(data),
    ...shelved(data),
    ...imported(data.changed),
  ];
}

/** What the checks before a step found, and who let it pass. */
export function guardTold({ guard, stops }: Readonly<Record<string, unknown>>): FieldChange[] {
  const names = (found: unknown): string =>
    (Array.isArray(found) ? found : [])
      .flatMap((each) => (isRecord(each) && typeof each.name === "string" ? [each.name] : []))
      .join("、");
  const one = (zh: string, after: string): FieldChange[] =>
    after === "" ? [] : [{ zh, before: null, after }];
  const of = isRecord(guard) ? guard : {};
  const by = isRecord(of.override) ? of.override : null;
  return [
    ...one("未通过", names(stops)),
    ...one("检查提示", names(of.warned)),
    ...one("复核放行", names(of.overridden)),
    ...(by
      ? one("放行", `${String(by.askedBy)}申请，${String(by.confirmedBy)}复核：${String(by.reason)}`)
      : []),
  ];
}

/** The names that these events need, in a question a kind. */
export async function namesFor(db: Db, events: readonly Pick<HistoryEvent, "data">[]): Promise<Names> {
  const units = new Set<string>();
  const tickets = new Set<string>();
  const cited = new Set<string>();
  for (const { data } of events) {
    for (const id of [data.precedents].flat()) if (isId(id)) cited.add(id);
    for (const id of [data.leadUnitId, data.unitId, data.coUnitIds].flat()) if (isId(id)) units.add(id);
    if (isId(data.into)) tickets.add(data.into);
  }
  const [unitRows, ticketRows, citedRows] = await Promise.all([
    units.size === 0
      ? []
      : db
          .selectFrom("unit")
          .select(["id", "short_name as name"])
          .where("id", "in", [...units])
          .execute(),
    tickets.size === 0
      ? []
      : db
          .selectFrom("ticket")
          .select(["id", "number as name"])
          .where("id", "in", [...tickets])
          .execute(),
    cited.size === 0
      ? []
      : db
          .selectFrom("precedent_version")
          .select(["id", "precedent_id"])
          .where("id", "in", [...cited])
          .execute()
          .then((rows) => rows.map((row) => ({ id: row.id, name: `先例${row.precedent_id}` }))),
  ]);
  const byId = (rows: readonly { id: string; name: string }[]) => new Map(rows.map((r) => [r.id, r.name]));
  return { units: byId(unitRows), tickets: byId(ticketRows), precedents: byId(citedRows) };
}

function stateChange({ from_state: from, to_state: to }: HistoryEvent): FieldChange[] {
  if (from === to || to === null) return [];
  return [{ zh: "状态", before: from === null ? null : stateZh(from), after: stateZh(to) }];
}

/** 修正信息: what was entered, beside what stood there when the move was made. */
function corrected(data: HistoryEvent["data"]): FieldChange[] {
  const after = isRecord(data.fields) ? data.fields : {};
  const before = isRecord(data.before) ? data.before : {};
  return Object.entries(CORRECTED).flatMap(([field, zh]) => {
    const now = after[field];
    if (now === undefined || now === before[field]) return [];
    const was = before[field];
    return [{ zh, before: was === undefined ? null : valueZh(field, was), after: valueZh(field, now) }];
  });
}

function valueZh(field: string, value: unknown): string {
  if (field === "level" && isLevel(value)) return `${LEVELS[value].short} · ${LEVELS[value].zh}`;
  return typeof value === "string" && value !== "" ? value : "（空）";
}

function named(zh: string, ids: unknown, names: ReadonlyMap<string, string>): FieldChange[] {
  const known = [ids].flat().flatMap((id) => (isId(id) ? [names.get(id) ?? id] : []));
  return known.length === 0 ? [] : [{ zh, before: null, after: known.join("、") }];
}

function coded(values: Readonly<Record<string, unknown>>): FieldChange[] {
  return Object.entries(WORDS).flatMap(([field, { zh, of }]) => {
    const value = values[field];
    return typeof value === "string" && of[value] !== undefined
      ? [{ zh, before: null, after: of[value] }]
      : [];
  });
}

/** 退单: what the clocks do while it is reviewed. */
function claimed({ inReview }: HistoryEvent["data"]): FieldChange[] {
  if (inReview !== "pause" && inReview !== "run") return [];
  return [{ zh: "审核期间时限", before: null, after: inReview === "pause" ? "暂停" : "照常计时" }];
}

/** 延期: how many days, and the due time before and after. 暂停: for how many days, until when. */
function extended(data: HistoryEvent["data"]): FieldChange[] {
  const { days, dueBefore, dueAfter, until } = data;
  if (typeof until === "string") return [{ zh: "暂停至", before: null, after: clockText(Date.parse(until)) }];
  if (typeof data.evidence === "string" && typeof days === "number")
    return [{ zh: "申请暂停", before: null, after: `${String(days)} 天` }];
  const asked = typeof days === "number" ? [{ zh: "延期", before: null, after: `${days} 天` }] : [];
  if (typeof dueBefore !== "string" || typeof dueAfter !== "string") return asked;
  const [before, after] = [clockText(Date.parse(dueBefore)), clockText(Date.parse(dueAfter))];
  return [...asked, { zh: "办理反馈到期", before, after }];
}

/** 挂账期限 as approved, or as it was moved. */
function shelved({ termBefore, termDay }: HistoryEvent["data"]): FieldChange[] {
  if (typeof termDay !== "string") return [];
  return [{ zh: "销账期限", before: typeof termBefore === "string" ? termBefore : null, after: termDay }];
}

/** What an import says it changed: the names of columns alone; their values stand in the file's row. */
function imported(changed: unknown): FieldChange[] {
  const names = Array.isArray(changed) ? changed.filter((n): n is string => typeof n === "string") : [];
  return names.length === 0 ? [] : [{ zh: "更新的栏目", before: null, after: names.join("、") }];
}

const stateZh = (state: string): string => (isState(state) ? STATES[state].zh : state);
const isId = (value: unknown): value is string => typeof value === "string" && /^\d+$/.test(value);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
