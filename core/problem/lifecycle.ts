/**
 * 问题事件的办理. The only place that says who may take a problem event from where to where: the unit answers with cause and
 * remedy or disputes it, once; the centre reviews, and confirms that what was promised is done.
 */
import type { Role } from "../ticket/role.ts";

export const PROBLEM_STATES = {
  noted: { zh: "只统计", open: false },
  open: { zh: "待答复", open: true },
  answered: { zh: "答复待审", open: true },
  disputed: { zh: "申诉待审", open: true },
  remedying: { zh: "整改中", open: true },
  checking: { zh: "整改待确认", open: true },
  done: { zh: "已办结", open: false },
  dropped: { zh: "申诉成立，撤销", open: false },
} as const;
export type ProblemState = keyof typeof PROBLEM_STATES;

const UNIT: readonly Role[] = ["handler", "unitLead"];
const DESK: readonly Role[] = ["triager", "shiftLead"];
const CENTRE: readonly Role[] = ["supervisor", "shiftLead"];

interface Step {
  readonly step: string;
  readonly zh: string;
  readonly from: ProblemState;
  readonly to: ProblemState;
  readonly by: readonly Role[];
  /** What its text is called; null where none is needed. */
  readonly text: string | null;
}

export const PROBLEM_STEPS = [
  { step: "answer", zh: "答复", from: "open", to: "answered", by: UNIT, text: "整改措施" },
  { step: "dispute", zh: "申诉", from: "open", to: "disputed", by: UNIT, text: "申诉理由" },
  { step: "return", zh: "退回补充", from: "answered", to: "open", by: CENTRE, text: "退回意见" },
  { step: "accept", zh: "审核通过", from: "answered", to: "remedying", by: CENTRE, text: null },
  { step: "uphold", zh: "申诉不成立", from: "disputed", to: "open", by: CENTRE, text: "不成立的理由" },
  { step: "drop", zh: "申诉成立", from: "disputed", to: "dropped", by: CENTRE, text: "成立的理由" },
  { step: "remedied", zh: "报告整改完成", from: "remedying", to: "checking", by: UNIT, text: "完成情况" },
  { step: "confirm", zh: "确认办结", from: "checking", to: "done", by: CENTRE, text: null },
  { step: "reject", zh: "整改不到位", from: "checking", to: "remedying", by: CENTRE, text: "不到位之处" },
] as const satisfies readonly Step[];
export type ProblemStep = (typeof PROBLEM_STEPS)[number]["step"];

export function isProblemState(text: string): text is ProblemState {
  return Object.hasOwn(PROBLEM_STATES, text);
}

export function problemStep(step: ProblemStep): Step {
  const found = PROBLEM_STEPS.find((each) => each.step === step);
  if (!found) throw new Error(`no such step: ${step}`);
  return found;
}

export interface ProblemFacts {
  readonly state: ProblemState;
  /** Null: the centre itself, of its own replies. */
  readonly unitId: string | null;
  /** 申诉 was made before. */
  readonly disputed: boolean;
}

export type ProblemRefusal =
  | { readonly code: "problem-state"; readonly stateZh: string; readonly stepZh: string }
  | { readonly code: "problem-role"; readonly stepZh: string }
  | { readonly code: "problem-disputed" }
  | { readonly code: "field-missing"; readonly field: "text" | "cause"; readonly fieldZh: string };

/** Whether the step may be taken, and by which of the person's roles. */
export function decideProblem(
  problem: ProblemFacts,
  who: { readonly roles: readonly Role[]; readonly unitId: string | null },
  step: ProblemStep,
  input: { readonly text: string; readonly cause: string | null },
):
  | { readonly ok: true; readonly to: ProblemState; readonly as: Role }
  | { readonly ok: false; readonly refusal: ProblemRefusal } {
  const row = problemStep(step);
  const as = roleFor(problem, who, step);
  if (as === undefined) return { ok: false, refusal: { code: "problem-role", stepZh: row.zh } };
  if (problem.state !== row.from)
    return {
      ok: false,
      refusal: { code: "problem-state", stateZh: PROBLEM_STATES[problem.state].zh, stepZh: row.zh },
    };
  if (step === "dispute" && problem.disputed) return { ok: false, refusal: { code: "problem-disputed" } };
  if (row.text !== null && input.text.trim() === "")
    return { ok: false, refusal: { code: "field-missing", field: "text", fieldZh: row.text } };
  if (step === "answer" && input.cause === null)
    return { ok: false, refusal: { code: "field-missing", field: "cause", fieldZh: "原因" } };
  return { ok: true, to: row.to, as };
}

/** The role in which this person may take the step, whatever the state. */
function roleFor(
  problem: ProblemFacts,
  who: { readonly roles: readonly Role[]; readonly unitId: string | null },
  step: ProblemStep,
): Role | undefined {
  const { by } = problemStep(step);
  // What the centre did itself is answered by its own desk.
  const roles: readonly Role[] = problem.unitId === null && by === UNIT ? DESK : by;
  if (who.unitId !== null && who.unitId !== problem.unitId) return undefined;
  return who.roles.find((role) => roles.includes(role));
}

/** The steps that this person can take now. */
export function problemStepsFor(
  problem: ProblemFacts,
  who: { readonly roles: readonly Role[]; readonly unitId: string | null },
): readonly ProblemStep[] {
  return PROBLEM_STEPS.filter(
    ({ step, from }) =>
      problem.state === from &&
      roleFor(problem, who, step) !== undefined &&
      !(step === "dispute" && problem.disputed),
  ).map(({ step }) => step);
}
