/**
 * 确权案的步骤. The only place that says who may take which step of a case in which state; the moves 提交确权, 确权裁定 and 改判 of
 * the ticket itself are in ticket/lifecycle.ts, and the case follows them in the same transaction.
 *
 * The server's guard, the page's buttons and the test of every role × state × step are derived from this table. What a
 * row cannot say (whether the unit is party to the case, who ruled) is judged in `stepTo`.
 */
import { type Answer, no, yes } from "../answer.ts";
import { type Role, sideOf } from "../ticket/role.ts";

export const CASE_STATES = {
  claims: { zh: "征求意见", open: true },
  meeting: { zh: "待开会", open: true },
  heard: { zh: "已开会", open: true },
  opinion: { zh: "已拟意见", open: true },
  reported: { zh: "已上报", open: true },
  answered: { zh: "已批复", open: true },
  ruled: { zh: "已裁定", open: false },
  appealed: { zh: "复议中", open: true },
  upheld: { zh: "复议维持", open: false },
  changed: { zh: "复议改判", open: false },
  withdrawn: { zh: "已撤销", open: false },
} as const satisfies Record<string, { readonly zh: string; readonly open: boolean }>;
export type CaseState = keyof typeof CASE_STATES;

export const ALL_CASE_STATES = Object.keys(CASE_STATES) as readonly CaseState[];

export function isCaseState(text: string): text is CaseState {
  return Object.hasOwn(CASE_STATES, text);
}

/** Before the ruling: the ticket is 确权中. */
export const UNDECIDED: readonly CaseState[] = [
  "claims",
  "meeting",
  "heard",
  "opinion",
  "reported",
  "answered",
];

interface Step {
  readonly step: string;
  readonly zh: string;
  readonly from: readonly CaseState[];
  /** "same" leaves the state as it is. */
  readonly to: CaseState | "same";
  readonly by: readonly Role[];
  /** "another": not by who ruled. */
  readonly who?: "another";
}

const DESK = ["triager", "supervisor", "shiftLead"] as const;
const HEARS = ["supervisor", "shiftLead"] as const;
const RULES = ["supervisor", "shiftLead", "leader"] as const;
const UNIT = ["handler", "unitLead"] as const;

export const CASE_STEPS = [
  { step: "invite", zh: "追加当事单位", from: UNDECIDED, to: "same", by: DESK },
  // A supervisor puts down what a unit said on the telephone.
  {
    step: "claim",
    zh: "提交意见",
    from: ["claims", "meeting", "heard"],
    to: "same",
    by: [...UNIT, ...HEARS],
  },
  { step: "site", zh: "记录现场情况", from: UNDECIDED, to: "same", by: DESK },
  { step: "callMeeting", zh: "召集确权会", from: ["claims", "meeting", "heard"], to: "meeting", by: HEARS },
  { step: "cancelMeeting", zh: "取消确权会", from: ["meeting"], to: "claims", by: HEARS },
  { step: "minutes", zh: "登记会议", from: ["meeting"], to: "heard", by: HEARS },
  {
    step: "opine",
    zh: "初步派遣意见",
    from: ["claims", "heard", "opinion", "answered"],
    to: "opinion",
    by: DESK,
  },
  { step: "reportUp", zh: "上报派遣意见", from: ["opinion"], to: "reported", by: HEARS },
  { step: "answerUp", zh: "登记批复", from: ["reported"], to: "answered", by: RULES },
  // by the ticket's own move 确权裁定, in the same transaction
  { step: "rule", zh: "裁定", from: UNDECIDED, to: "ruled", by: RULES },
  { step: "appeal", zh: "申请复议", from: ["ruled"], to: "appealed", by: UNIT },
  { step: "uphold", zh: "维持裁定", from: ["appealed"], to: "upheld", by: RULES, who: "another" },
  // by the ticket's own move 改判
  { step: "change", zh: "改判", from: ["appealed"], to: "changed", by: RULES, who: "another" },
] as const satisfies readonly Step[];
export type CaseStep = (typeof CASE_STEPS)[number]["step"];

/** Steps that are no row of the table: the ticket's own moves and their taking back open and end a case. */
const OTHER_STEPS = { open: "提交确权", undo: "撤销" } as const;

export function stepZh(step: string): string {
  const row: Step | undefined = CASE_STEPS.find((each) => each.step === step);
  return row?.zh ?? Object.entries(OTHER_STEPS).find(([key]) => key === step)?.[1] ?? step;
}

/** Who acts, as far as a case asks. */
export interface Actor {
  readonly roles: readonly Role[];
  readonly userId: string | null;
  readonly unitId: string | null;
}

/** What a decision needs to know of a case. */
export interface CaseFacts {
  readonly state: CaseState;
  readonly partyIds: readonly string[];
  readonly ruledBy: string | null;
  /** Until when a party may appeal; null before the ruling. */
  readonly appealUntil: number | null;
  readonly now: number;
}

export type StepRefusal =
  | { readonly code: "ownership-not-yours"; readonly step: CaseStep }
  | { readonly code: "ownership-state"; readonly state: CaseState; readonly step: CaseStep }
  | { readonly code: "ownership-not-party" }
  | { readonly code: "ownership-same-person" }
  | { readonly code: "ownership-appeal-late"; readonly until: number };

/** The state that a step leads to, for this person. */
export function stepTo(step: CaseStep, facts: CaseFacts, who: Actor): Answer<CaseState, StepRefusal> {
  const row: Step | undefined = CASE_STEPS.find((each) => each.step === step);
  if (row === undefined) throw new Error(`no such step: ${step}`);
  const as = who.roles.find((role) => row.by.includes(role));
  if (as === undefined) return no({ code: "ownership-not-yours", step });
  if (!row.from.includes(facts.state)) return no({ code: "ownership-state", state: facts.state, step });
  if (sideOf(as) === "unit" && !(who.unitId !== null && facts.partyIds.includes(who.unitId)))
    return no({ code: "ownership-not-party" });
  if (row.who === "another" && facts.ruledBy !== null && facts.ruledBy === who.userId)
    return no({ code: "ownership-same-person" });
  if (step === "appeal" && facts.appealUntil !== null && facts.now > facts.appealUntil)
    return no({ code: "ownership-appeal-late", until: facts.appealUntil });
  return yes(row.to === "same" ? facts.state : row.to);
}

/** The steps that are this person's now, in the table's order. */
export function stepsNow(facts: CaseFacts, who: Actor): readonly CaseStep[] {
  return CASE_STEPS.map((row) => row.step).filter((step) => stepTo(step, facts, who).ok);
}
