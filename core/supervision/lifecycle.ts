/**
 * 督办件流转. The only place that says who may take which step on a supervision item, and what is written with it.
 *
 * The server's guard, the buttons and forms of the screen, the words of the history and the test of every role × state ×
 * step are derived from these tables. What a row cannot say (whose item it is, was it checked on site) is in decide.ts.
 */
import type { Role } from "../ticket/role.ts";

/** Every state, whose work it is, and which clock runs in it: no open state without both. */
export const SUPERVISION_STATES = {
  proposed: { zh: "待立项", held: "centre", clock: "confirm" },
  arrived: { zh: "待转办", held: "centre", clock: "forward" },
  handling: { zh: "办理中", held: "unit", clock: "handle" },
  rework: { zh: "重办", held: "unit", clock: "rework" },
  answered: { zh: "待核查", held: "centre", clock: "check" },
  review: { zh: "待销号", held: "centre", clock: "close" },
  closed: { zh: "已销号", held: "nobody", clock: null },
  dismissed: { zh: "不予立项", held: "nobody", clock: null },
} as const satisfies Record<
  string,
  { zh: string; held: "centre" | "unit" | "nobody"; clock: SupervisionClock | null }
>;

/** 时限. What each clock of an item waits for. */
export const SUPERVISION_CLOCKS = {
  confirm: { zh: "立项确认" },
  forward: { zh: "督办转办" },
  handle: { zh: "督办办理" },
  rework: { zh: "重办" },
  check: { zh: "核查" },
  close: { zh: "销号审核" },
} as const;

export type SupervisionClock = keyof typeof SUPERVISION_CLOCKS;
export type SupervisionState = keyof typeof SUPERVISION_STATES;

export const ALL_SUPERVISION_STATES = Object.keys(SUPERVISION_STATES) as readonly SupervisionState[];
export const ALL_SUPERVISION_CLOCKS = Object.keys(SUPERVISION_CLOCKS) as readonly SupervisionClock[];
export const OPEN_SUPERVISION: readonly SupervisionState[] = ALL_SUPERVISION_STATES.filter(
  (state) => SUPERVISION_STATES[state].held !== "nobody",
);

/** 督办等级. */
export const SUPERVISION_LEVELS = { general: "一般", key: "重点", listed: "挂牌" } as const;
export type SupervisionLevel = keyof typeof SUPERVISION_LEVELS;
export const ALL_SUPERVISION_LEVELS = Object.keys(SUPERVISION_LEVELS) as readonly SupervisionLevel[];

/** 来源: where an item came from. */
export const SUPERVISION_ORIGINS = { city: "市级清单", leader: "领导批示", rule: "规则发现" } as const;
export type SupervisionOrigin = keyof typeof SUPERVISION_ORIGINS;
export const ALL_SUPERVISION_ORIGINS = Object.keys(SUPERVISION_ORIGINS) as readonly SupervisionOrigin[];

/** What a step may ask for, beside who takes it. */
export type StepField = "text" | "units" | "level" | "days" | "place" | "result" | "files";

interface Step {
  readonly step: string;
  readonly zh: string;
  /** One key on the keyboard; null for what wants a mouse and a second thought. */
  readonly key: string | null;
  readonly from: readonly SupervisionState[];
  readonly to: SupervisionState | "same";
  readonly by: readonly Role[];
  /** What is asked, in the order of the form; `must` is refused when empty. */
  readonly asks: readonly { readonly field: StepField; readonly zh: string; readonly must: boolean }[];
}

const DESK = ["supervisor", "shiftLead"] as const;
const ABOVE = ["shiftLead", "leader"] as const;
const CENTRE = ["supervisor", "shiftLead", "leader"] as const;
const UNIT = ["handler", "unitLead"] as const;
const WITH_UNIT = ["handling", "rework"] as const;
const AFTER = ["handling", "rework", "answered"] as const;

const said = (zh: string) => ({ field: "text", zh, must: true }) as const;
const may = (zh: string) => ({ field: "text", zh, must: false }) as const;
const FILES = { field: "files", zh: "附件", must: false } as const;

const SUPERVISION_STEPS = [
  {
    step: "takeUp",
    zh: "立项",
    key: "t",
    from: ["proposed"],
    to: "arrived",
    by: DESK,
    asks: [{ field: "level", zh: "督办等级", must: true }, may("立项意见")],
  },
  {
    step: "dismiss",
    zh: "不予立项",
    key: null,
    from: ["proposed"],
    to: "dismissed",
    by: DESK,
    asks: [said("不予立项的理由")],
  },
  {
    step: "forward",
    zh: "转办",
    key: "f",
    from: ["arrived"],
    to: "handling",
    by: DESK,
    asks: [
      { field: "units", zh: "责任单位（第一个为主责）", must: true },
      { field: "level", zh: "督办等级", must: false },
      said("督办要求"),
      FILES,
    ],
  },
  {
    step: "progress",
    zh: "报进展",
    key: "p",
    from: WITH_UNIT,
    to: "same",
    by: UNIT,
    asks: [said("办理进展"), FILES],
  },
  {
    step: "answer",
    zh: "报办结",
    key: "a",
    from: WITH_UNIT,
    to: "answered",
    by: UNIT,
    asks: [said("办理结果"), FILES],
  },
  {
    step: "askExtension",
    zh: "申请延期",
    key: null,
    from: WITH_UNIT,
    to: "same",
    by: UNIT,
    asks: [{ field: "days", zh: "申请延长（天）", must: true }, said("延期理由"), FILES],
  },
  {
    step: "grantExtension",
    zh: "同意延期",
    key: "y",
    from: WITH_UNIT,
    to: "same",
    by: DESK,
    asks: [may("审批意见")],
  },
  {
    step: "refuseExtension",
    zh: "不同意延期",
    key: "n",
    from: WITH_UNIT,
    to: "same",
    by: DESK,
    asks: [said("不同意的理由")],
  },
  {
    step: "check",
    zh: "登记核查",
    key: "c",
    from: AFTER,
    to: "same",
    by: ["supervisor", "inspector", "shiftLead"],
    asks: [
      { field: "place", zh: "核查地点", must: true },
      { field: "result", zh: "现场结果", must: true },
      said("现场情况"),
      FILES,
    ],
  },
  {
    step: "pass",
    zh: "核查通过",
    key: "s",
    from: ["answered"],
    to: "review",
    by: DESK,
    asks: [may("核查意见")],
  },
  {
    step: "sendBack",
    zh: "退回重办",
    key: "b",
    from: ["answered", "review"],
    to: "rework",
    by: CENTRE,
    asks: [said("重办要求")],
  },
  {
    step: "close",
    zh: "销号",
    key: "x",
    from: ["review"],
    to: "closed",
    by: ABOVE,
    asks: [may("销号意见")],
  },
  {
    step: "reopen",
    zh: "恢复督办",
    key: null,
    from: ["closed"],
    to: "rework",
    by: ABOVE,
    asks: [said("恢复督办的理由")],
  },
  {
    step: "press",
    zh: "督促",
    key: "u",
    from: WITH_UNIT,
    to: "same",
    by: CENTRE,
    asks: [said("督促内容")],
  },
  {
    step: "relevel",
    zh: "调整等级",
    key: null,
    from: ["arrived", "handling", "rework", "answered", "review"],
    to: "same",
    by: CENTRE,
    asks: [{ field: "level", zh: "督办等级", must: true }, said("调整理由")],
  },
  {
    step: "note",
    zh: "备注",
    key: "i",
    from: OPEN_SUPERVISION,
    to: "same",
    by: CENTRE,
    asks: [said("备注"), FILES],
  },
] as const satisfies readonly Step[];

export type SupervisionStep = (typeof SUPERVISION_STEPS)[number]["step"];
export const ALL_SUPERVISION_STEPS: readonly SupervisionStep[] = SUPERVISION_STEPS.map((s) => s.step);

/** How an item begins; no person's step on it. */
const SUPERVISION_BEGINS = { register: "列入督办", propose: "发现线索" } as const;

/** Steps that the centre takes among itself: units read of them neither on the item nor on the ticket. */
export const INNER_STEPS: readonly string[] = ["propose", "takeUp", "dismiss", "note", "pass"];

/** The kind of the ticket's event that tells of a step. */
export const supervisionEvent = (step: string): string => `supervision.${step}`;

/** 督办迟转: told beside the step when an item went to its unit after the clock of forwarding. */
export const FORWARDED_LATE = "supervision.forwardedLate";

/** The ticket's events that tell of supervision, in words. */
export const SUPERVISION_EVENT_ZH: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(SUPERVISION_BEGINS).map(([step, zh]) => [supervisionEvent(step), `督办：${zh}`]),
  ),
  ...Object.fromEntries(SUPERVISION_STEPS.map(({ step, zh }) => [supervisionEvent(step), `督办：${zh}`])),
  [FORWARDED_LATE]: "督办迟转",
};

const BY_STEP: ReadonlyMap<string, Step> = new Map(SUPERVISION_STEPS.map((s) => [s.step, s]));

export function isSupervisionState(text: string): text is SupervisionState {
  return Object.hasOwn(SUPERVISION_STATES, text);
}

export function isSupervisionLevel(text: string): text is SupervisionLevel {
  return Object.hasOwn(SUPERVISION_LEVELS, text);
}

/** The table's row of a step. */
export function supervisionStep(step: SupervisionStep): Step {
  const row = BY_STEP.get(step);
  if (!row) throw new Error(`no such step: ${step}`);
  return row;
}

/** The words of a step in the history. */
export function stepWords(step: string): string {
  if (Object.hasOwn(SUPERVISION_BEGINS, step))
    return SUPERVISION_BEGINS[step === "propose" ? "propose" : "register"];
  return BY_STEP.get(step)?.zh ?? step;
}
