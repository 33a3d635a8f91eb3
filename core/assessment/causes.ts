/**
 * 差异原因. Why a line of the city's and our round probably differ: a table in order, the first that fits. A cause is a
 * hint for the person who settles it; the two readings beside it are what is true.
 */
import type { Unmatched } from "../cityresult/match.ts";
import type { PeriodName } from "../time/period.ts";
import type { EntryScope } from "./entry.ts";
import type { Differing, Pair } from "./reconcile.ts";

/** What is known beside the two readings. */
export interface Evidence {
  /** Why the line has no round of ours; null where it has one. */
  readonly unmatched: Unmatched | null;
  /** Whether the unit that the file names is one of ours. */
  readonly unitKnown: boolean;
  /** Whose callback our answers come from. */
  readonly source: "own" | "city" | null;
  /** The last application for exemption of this round. */
  readonly exemption:
    | "applied"
    | "returned"
    | "refused"
    | "passed"
    | "sent"
    | "upheld"
    | "denied"
    | "withdrawn"
    | null;
  /** Whether its outcome came after the file was taken in. */
  readonly outcomeAfterFile: boolean;
  /** How many times the city's callback was recorded, and whether once after the file was taken in. */
  readonly cityCallbacks: number;
  readonly calledAfterFile: boolean;
  /** Whether the ticket was merged into another. */
  readonly merged: boolean;
  /** Whether the two units are one since a merger. */
  readonly unitMerged: boolean;
  /** Whether another round of the ticket was with the unit that the file names. */
  readonly otherRound: boolean;
  /** A period whose file names this round. */
  readonly elsewhere: PeriodName | null;
}

interface CauseRow {
  readonly cause: string;
  readonly zh: string;
  /** What a person does about it. */
  readonly todo: string;
  readonly when: (pair: Pair, evidence: Evidence) => boolean;
}

const differs = (...fields: readonly Differing[]) => {
  const wanted = new Set(fields);
  return ({ fields: its }: Pair): boolean => its.some((field) => wanted.has(field));
};
const NARROWNESS: Readonly<Record<EntryScope, number>> = { full: 0, responseOnly: 1, exempt: 2 };
/** Above zero where the city leaves out more than we do. */
const narrower = ({ city, ours }: Pair): number =>
  city === null || ours === null ? 0 : NARROWNESS[city.entry.scope] - NARROWNESS[ours.entry.scope];

export const CAUSES = [
  {
    cause: "noTicket",
    zh: "本区没有这张工单",
    todo: "核对编号；确系本区工单的，先导入工单，对账随即更新",
    when: (_pair, e) => e.unmatched === "noTicket",
  },
  {
    cause: "noRound",
    zh: "本区没有这一派单轮次",
    todo: "核对文件中的轮次，或人工对应到实际轮次",
    when: (_pair, e) => e.unmatched === "noRound",
  },
  {
    cause: "roundUnclear",
    zh: "有几个派单轮次都对得上",
    todo: "打开后人工对应到其中一个轮次",
    when: (_pair, e) => e.unmatched === "roundUnclear",
  },
  {
    cause: "twice",
    zh: "文件中两行指向同一轮次",
    todo: "核对是否重复列出；确为另一轮次的，人工对应",
    when: (_pair, e) => e.unmatched === "twice",
  },
  {
    cause: "namedElsewhere",
    zh: "市级列入另一考核期的文件",
    todo: "核对该件按哪一天计入",
    when: ({ city }, e) => city === null && e.elsewhere !== null,
  },
  {
    cause: "mergedTicket",
    zh: "已并案，市级只计主单",
    todo: "核对主单是否在文件中",
    when: ({ city }, e) => city === null && e.merged,
  },
  {
    cause: "notInFile",
    zh: "市级文件中没有这一件",
    todo: "核对是否漏列；需要时向市级提出异议",
    when: ({ city }) => city === null,
  },
  {
    cause: "otherPeriod",
    zh: "按派发日计入另一考核期",
    todo: "核对派发时间与考核期起止日",
    when: differs("period"),
  },
  {
    cause: "voidRound",
    zh: "该轮次已退单或改派，本区不再计入",
    todo: "核对退单、改派是否得到市级认可",
    when: differs("base"),
  },
  {
    cause: "unitUnknown",
    zh: "文件中的单位认不出",
    todo: "把文件中的单位名对应到本区单位",
    when: (pair, e) => differs("unit")(pair) && !e.unitKnown,
  },
  {
    cause: "unitMerged",
    zh: "单位撤并，两边归属不同",
    todo: "核对撤并的起始日",
    when: (pair, e) => differs("unit")(pair) && e.unitMerged,
  },
  {
    cause: "otherRound",
    zh: "市级计在该工单的另一轮次",
    todo: "核对后人工对应到那一轮次",
    when: (pair, e) => differs("unit")(pair) && e.otherRound,
  },
  {
    cause: "unitDiffers",
    zh: "承办单位不同",
    todo: "核对派单记录；确系市级有误的，提出异议",
    when: differs("unit"),
  },
  {
    cause: "exemptPending",
    zh: "不纳入申请在办，市级已剔除",
    todo: "登记市级认定结果，或采用市级结果",
    when: (pair, e) => narrower(pair) > 0 && PENDING.has(e.exemption),
  },
  {
    cause: "exemptDenied",
    zh: "申请未获认定，市级文件却已剔除",
    todo: "向市级核实后采用市级结果",
    when: (pair, e) => narrower(pair) > 0 && (e.exemption === "denied" || e.exemption === "refused"),
  },
  {
    cause: "exemptByCity",
    zh: "市级剔除，本区尚未登记",
    todo: "核对剔除依据后采用市级结果",
    when: (pair) => narrower(pair) > 0,
  },
  {
    cause: "exemptLater",
    zh: "不纳入认定晚于市级出数",
    todo: "向市级提出异议，附认定文号",
    when: (pair, e) => narrower(pair) < 0 && e.exemption === "upheld" && e.outcomeAfterFile,
  },
  {
    cause: "exemptIgnored",
    zh: "已认定不纳入，市级文件仍计入",
    todo: "向市级提出异议，附认定文号",
    when: (pair, e) => narrower(pair) < 0 && e.exemption === "upheld",
  },
  {
    cause: "exemptOwn",
    zh: "本区未计入，市级仍计入",
    todo: "核对本区口径的依据；采用后市级口径以文件为准",
    when: (pair) => narrower(pair) < 0,
  },
  {
    cause: "noCityCallback",
    zh: "市级回访结果尚未登记",
    todo: "采用市级结果",
    when: (_pair, e) => e.source === null,
  },
  {
    cause: "ownCallback",
    zh: "本区结果来自本中心回访，市级结果尚未登记",
    todo: "采用市级结果",
    when: (_pair, e) => e.source === "own",
  },
  {
    cause: "corrected",
    zh: "市级结果登记后有更正",
    todo: "核对以哪一次为准，再采用或提出异议",
    when: (_pair, e) => e.cityCallbacks > 1 || e.calledAfterFile,
  },
  {
    cause: "answersDiffer",
    zh: "登记的市级答复与文件不同",
    todo: "核对录入；以文件为准的，采用市级结果",
    when: () => true,
  },
] as const satisfies readonly CauseRow[];

const PENDING: ReadonlySet<Evidence["exemption"]> = new Set(["applied", "returned", "passed", "sent"]);

export type Cause = (typeof CAUSES)[number]["cause"];
export const ALL_CAUSES: readonly Cause[] = CAUSES.map((row) => row.cause);

/** The first cause that fits; null where nothing differs. */
export function causeOf(pair: Pair, evidence: Evidence): Cause | null {
  if (pair.fields.length === 0) return null;
  const rows: readonly (CauseRow & { readonly cause: Cause })[] = CAUSES;
  const found = rows.find(({ when }) => when(pair, evidence));
  if (!found) throw new Error("the last cause fits everything");
  return found.cause;
}

export function causeRow(cause: Cause): { readonly zh: string; readonly todo: string } {
  const found = CAUSES.find((row) => row.cause === cause);
  if (!found) throw new Error(`no such cause: ${cause}`);
  return found;
}
