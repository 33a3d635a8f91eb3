/**
 * 加减分的办理. Who may give points, decide on them and take them back: one drafts, another approves; what was given is never
 * edited but taken back by a further step. Points never go beyond what the rule set allows one unit in one period.
 */
import { type Answer, no, yes } from "../answer.ts";
import type { Role } from "../ticket/role.ts";
import {
  type AdjustmentItem,
  type AdjustmentKind,
  type AdjustmentRule,
  type Given,
  plainText,
} from "./adjustment.ts";
import { add, compare, type Fraction, subtract, ZERO } from "./fraction.ts";

/** 待批准 → 已批准 or 未批准; 已撤回 by who drafted it, 已撤销 after it was approved. */
export const ADJUSTMENT_STATES = {
  proposed: "待批准",
  approved: "已批准",
  refused: "未批准",
  withdrawn: "已撤回",
  revoked: "已撤销",
} as const;
export type AdjustmentState = keyof typeof ADJUSTMENT_STATES;

/** 考核员 drafts, the centre's leader decides. */
export const ADJUSTMENT_DRAFTERS: readonly Role[] = ["assessor", "leader"];
export const ADJUSTMENT_DECIDERS: readonly Role[] = ["leader"];

/** The only place that says which step leads from where to where, and whether it is for the drafter or for another. */
export const ADJUSTMENT_STEPS = [
  { step: "approve", zh: "批准", from: "proposed", to: "approved", by: ADJUSTMENT_DECIDERS, who: "another" },
  {
    step: "refuse",
    zh: "不予批准",
    from: "proposed",
    to: "refused",
    by: ADJUSTMENT_DECIDERS,
    who: "another",
  },
  {
    step: "withdraw",
    zh: "撤回",
    from: "proposed",
    to: "withdrawn",
    by: ADJUSTMENT_DRAFTERS,
    who: "drafter",
  },
  { step: "revoke", zh: "撤销", from: "approved", to: "revoked", by: ADJUSTMENT_DECIDERS, who: "another" },
] as const satisfies readonly {
  step: string;
  zh: string;
  from: AdjustmentState;
  to: AdjustmentState;
  by: readonly Role[];
  who: "another" | "drafter";
}[];
export type AdjustmentStep = (typeof ADJUSTMENT_STEPS)[number]["step"];

export type StepRefusal =
  | { readonly code: "adjust-same-person" }
  | { readonly code: "adjust-not-drafter" }
  | { readonly code: "adjust-not-yours" }
  | { readonly code: "adjust-settled"; readonly state: AdjustmentState };

/** The state that a step leads to, for this person. */
export function stepTo(
  step: AdjustmentStep,
  state: AdjustmentState,
  person: { readonly roles: readonly Role[]; readonly isDrafter: boolean },
): Answer<AdjustmentState, StepRefusal> {
  const row = ADJUSTMENT_STEPS.find((each) => each.step === step);
  if (row === undefined) throw new Error(`no such step: ${step}`);
  if (!row.by.some((role) => person.roles.includes(role))) return no({ code: "adjust-not-yours" });
  if (row.who === "another" && person.isDrafter) return no({ code: "adjust-same-person" });
  if (row.who === "drafter" && !person.isDrafter) return no({ code: "adjust-not-drafter" });
  return state === row.from ? yes(row.to) : no({ code: "adjust-settled", state });
}

export type CapRefusal =
  | { readonly code: "adjust-no-item" }
  | { readonly code: "adjust-over-each"; readonly item: string; readonly most: string }
  | { readonly code: "adjust-over-unit"; readonly item: string; readonly most: string; readonly left: string }
  | {
      readonly code: "adjust-over-total";
      readonly kind: AdjustmentKind;
      readonly most: string;
      readonly left: string;
    };

/** Whether so many points of an item may be given to a unit that has `already` been given these; the item if so. */
export function mayGive(
  key: string,
  points: Fraction,
  already: readonly Given[],
  rule: AdjustmentRule | undefined,
): Answer<AdjustmentItem, CapRefusal> {
  const item = rule?.items.find((each) => each.key === key);
  if (rule === undefined || item === undefined) return no({ code: "adjust-no-item" });
  if (compare(points, item.mostEach) > 0)
    return no({ code: "adjust-over-each", item: item.name, most: plainText(item.mostEach) });
  const leftOf = (most: Fraction, keys: readonly string[]): Fraction =>
    subtract(
      most,
      already
        .filter((each) => keys.includes(each.item))
        .map((each) => each.points)
        .reduce(add, ZERO),
    );
  const ofItem = leftOf(item.mostPerUnit, [key]);
  if (compare(points, ofItem) > 0)
    return no({
      code: "adjust-over-unit",
      item: item.name,
      most: plainText(item.mostPerUnit),
      left: leftText(ofItem),
    });
  const alike = rule.items.filter(({ kind }) => kind === item.kind).map((each) => each.key);
  const ofKind = leftOf(rule.most[item.kind], alike);
  if (compare(points, ofKind) > 0)
    return no({
      code: "adjust-over-total",
      kind: item.kind,
      most: plainText(rule.most[item.kind]),
      left: leftText(ofKind),
    });
  return yes(item);
}

const leftText = (left: Fraction): string => plainText(compare(left, ZERO) < 0 ? ZERO : left);
