/**
 * 协调单流转. The only place that says who may take which step on a 协调单, and from which state to which.
 *
 * The server's guard, the page's buttons and the test of every allowed and forbidden role × state × step are derived from
 * this table. What a row cannot say (is the person's unit a party, does anybody still owe an answer) is in decide.ts.
 */
import type { Role } from "../ticket/role.ts";

/** 待答复 while a party that was asked has not answered; 待结论 when all have; then the outcome. */
export const LIAISON_STATES = {
  asking: { zh: "待答复", open: true },
  answered: { zh: "待结论", open: true },
  closed: { zh: "已结论", open: false },
  cancelled: { zh: "已撤销", open: false },
} as const;
export type LiaisonState = keyof typeof LIAISON_STATES;
export const ALL_LIAISON_STATES: readonly LiaisonState[] = ["asking", "answered", "closed", "cancelled"];

/** 市级 has no login: what it says is put down by the centre, with who said it and by which means. */
export const SIDES = { centre: "中心", city: "市级", unit: "承办单位" } as const;
export type Side = keyof typeof SIDES;

/** By which means somebody outside the system was spoken with. */
export const WAYS = ["电话", "政务微信", "市级系统", "会议", "书面", "当面", "其他"] as const;

/** Whose work in the centre is to speak with the city and the units. */
export const LIAISON_HANDS: readonly Role[] = [
  "triager",
  "supervisor",
  "closer",
  "assessor",
  "shiftLead",
  "leader",
];
/** Who decides: outcome, other dates, who need not answer. */
export const LIAISON_LEADS: readonly Role[] = ["supervisor", "shiftLead", "leader"];
const UNIT_HANDS: readonly Role[] = ["handler", "unitLead"];

interface Row {
  readonly step: string;
  readonly zh: string;
  readonly from: readonly LiaisonState[];
  /** "settle": 待答复 while somebody owes an answer, else 待结论. "same": only put on record. */
  readonly to: LiaisonState | "settle" | "same";
  readonly by: readonly Role[];
  /** Also whoever began the item, whatever their post; and their own unit's people. */
  readonly orOpener?: true;
  /** What it says must not be empty. */
  readonly words: "must" | "may";
}

export const LIAISON_STEPS = [
  {
    step: "open",
    zh: "发起",
    from: [],
    to: "settle",
    by: [...LIAISON_HANDS, ...UNIT_HANDS],
    words: "must",
  },
  {
    step: "answer",
    zh: "答复",
    from: ["asking"],
    to: "settle",
    by: [...LIAISON_HANDS, ...UNIT_HANDS],
    words: "must",
  },
  {
    step: "say",
    zh: "往来",
    from: ["asking", "answered"],
    to: "same",
    by: [...LIAISON_HANDS, ...UNIT_HANDS],
    words: "must",
  },
  {
    step: "ask",
    zh: "追问",
    from: ["asking", "answered"],
    to: "settle",
    by: LIAISON_HANDS,
    words: "must",
  },
  { step: "link", zh: "关联工单", from: ["asking", "answered"], to: "same", by: LIAISON_HANDS, words: "may" },
  { step: "letOff", zh: "免予答复", from: ["asking"], to: "settle", by: LIAISON_LEADS, words: "must" },
  { step: "extend", zh: "改期", from: ["asking", "answered"], to: "same", by: LIAISON_LEADS, words: "must" },
  {
    step: "conclude",
    zh: "结论",
    from: ["asking", "answered"],
    to: "closed",
    by: LIAISON_LEADS,
    words: "must",
  },
  {
    step: "cancel",
    zh: "撤销",
    from: ["asking", "answered"],
    to: "cancelled",
    by: LIAISON_LEADS,
    orOpener: true,
    words: "must",
  },
  { step: "reopen", zh: "重启", from: ["closed"], to: "settle", by: LIAISON_LEADS, words: "must" },
] as const satisfies readonly Row[];
export type LiaisonStep = (typeof LIAISON_STEPS)[number]["step"];
export const ALL_LIAISON_STEPS: readonly LiaisonStep[] = LIAISON_STEPS.map((row) => row.step);

/** What the clock itself puts on record. */
const LIAISON_REMINDERS = { overdue: "逾期未答", late: "结论超期" } as const;
export type LiaisonReminder = keyof typeof LIAISON_REMINDERS;

export function liaisonStep(step: LiaisonStep): Row {
  const row = LIAISON_STEPS.find((each) => each.step === step);
  if (row === undefined) throw new Error(`no such step: ${step}`);
  return row;
}

/** A step or a reminder by its name, as history shows it. */
export function liaisonWord(step: string): string {
  const row = LIAISON_STEPS.find((each) => each.step === step);
  const reminders: Readonly<Record<string, string>> = LIAISON_REMINDERS;
  return row?.zh ?? reminders[step] ?? step;
}

export function isLiaisonState(text: string): text is LiaisonState {
  return Object.hasOwn(LIAISON_STATES, text);
}
