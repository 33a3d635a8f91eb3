/**
 * 成绩单的流转. Drafted, submitted, reviewed by another person, published by a leader, and then never changed: who may take
 * which step from which state. A correction 更正 is a new version of its own, which walks the same road.
 */
import { type Answer, no, yes } from "../answer.ts";
import type { Role } from "../ticket/role.ts";

export const SHEET_STATES = {
  draft: "草拟",
  submitted: "待审核",
  reviewed: "待发布",
  published: "已发布",
} as const;
export type SheetState = keyof typeof SHEET_STATES;

export const SHEET_WRITERS: readonly Role[] = ["assessor"];
export const SHEET_REVIEWERS: readonly Role[] = ["assessor", "supervisor", "leader"];
export const SHEET_PUBLISHERS: readonly Role[] = ["leader"];

/** `byOther`: not by anybody who has written in this version. */
export const SHEET_STEPS = {
  submit: {
    zh: "送审",
    from: ["draft"],
    to: "submitted",
    by: SHEET_WRITERS,
    byOther: false,
    needsNote: false,
  },
  pass: {
    zh: "审核通过",
    from: ["submitted"],
    to: "reviewed",
    by: SHEET_REVIEWERS,
    byOther: true,
    needsNote: false,
  },
  sendBack: {
    ...{ zh: "退回修改", from: ["submitted", "reviewed"], to: "draft", by: SHEET_REVIEWERS },
    ...{ byOther: true, needsNote: true },
  },
  publish: {
    zh: "发布",
    from: ["reviewed"],
    to: "published",
    by: SHEET_PUBLISHERS,
    byOther: true,
    needsNote: false,
  },
} as const satisfies Record<
  string,
  {
    readonly zh: string;
    readonly from: readonly SheetState[];
    readonly to: SheetState;
    readonly by: readonly Role[];
    readonly byOther: boolean;
    readonly needsNote: boolean;
  }
>;
export type SheetStep = keyof typeof SHEET_STEPS;
export const SHEET_STEP_KEYS = Object.keys(SHEET_STEPS) as readonly SheetStep[];

/** What is known of a sheet when somebody wants to take a step. */
export interface SheetStanding {
  readonly state: SheetState;
  /** Who has written in this version: made it, refreshed its figures, edited its text, submitted it. */
  readonly hands: readonly string[];
}

export type SheetRefusal =
  | { readonly code: "not-allowed" }
  | { readonly code: "sheet-state"; readonly stateZh: string }
  | { readonly code: "sheet-same-person" }
  | { readonly code: "field-missing"; readonly field: "note"; readonly fieldZh: string };

/** The state that the step leads to, or why not. */
export function decideSheet(
  sheet: SheetStanding,
  step: SheetStep,
  actor: { readonly userId: string | null; readonly roles: readonly Role[] },
  note: string,
): Answer<SheetState, SheetRefusal> {
  const { from, to, by, byOther, needsNote } = SHEET_STEPS[step];
  const able: readonly Role[] = by;
  if (!actor.roles.some((role) => able.includes(role))) return no({ code: "not-allowed" });
  const states: readonly SheetState[] = from;
  if (!states.includes(sheet.state)) return no({ code: "sheet-state", stateZh: SHEET_STATES[sheet.state] });
  if (byOther && (actor.userId === null || sheet.hands.includes(actor.userId)))
    return no({ code: "sheet-same-person" });
  if (needsNote && note.trim() === "")
    return no({ code: "field-missing", field: "note", fieldZh: "退回的意见" });
  return yes(to);
}
