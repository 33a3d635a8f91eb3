/** 办前检查清单. What is looked at before 申请退市, 结案 and 不纳入考核, how gravely, and the words it is looked at by: dated data. */
import type { Version } from "../rules/effective.ts";

/** A step that is guarded: three moves of the table, and the two of an exemption. */
export const GUARDED = {
  applyWithdraw: "申请退市",
  passReview: "审核通过",
  approveClosing: "同意结案",
  exemptionApply: "申请不纳入考核",
  exemptionPass: "同意不纳入考核",
} as const;
export type GuardedStep = keyof typeof GUARDED;

export const CHECK_KEYS = [
  "contact",
  "fields",
  "remit",
  "empty",
  "short",
  "standard",
  "forbidden",
  "personal",
  "otherTicket",
  "result",
  "callback",
  "callbackNo",
  "numbers",
  "dates",
  "answers",
  "copied",
  "window",
  "evidence",
  "refusedBefore",
  "duplicate",
  "deniedBefore",
] as const;
export type CheckKey = (typeof CHECK_KEYS)[number];

/** stops: the step is not made without a second person. warns: it is said, and kept on the event. */
export type Severity = "stops" | "warns";

export interface CheckRule {
  readonly key: CheckKey;
  readonly name: string;
  /** What it looks at, for the page of rules. */
  readonly reads: string;
  readonly remedy: string;
  /** Where it is asked, and how gravely. */
  readonly steps: { readonly [S in GuardedStep]?: Severity };
}

export interface WithdrawGround {
  readonly code: string;
  readonly name: string;
  /** Any of them in the words of an application makes it this ground. */
  readonly words: readonly string[];
  /** What the city asks to see. */
  readonly evidence: string;
  /** Without it the application stops; else it is only said. */
  readonly required: boolean;
}

/** Words by which sentences are read. Each is a part of a phrase; how parts are put together is in sayings.ts. */
export interface GuardWords {
  /** Signs that must be left of a reply once empty phrases are taken out, where it names no act. */
  readonly leastContent: number;
  readonly shortest: number;
  /** A reply of more signs tells a history: what figures and single sentences in it seem to say is only pointed out. */
  readonly long: number;
  readonly emptyPhrases: readonly string[];
  readonly fillers: readonly string[];
  /** What can be seen to have been done: 更换, 清运. */
  readonly acts: readonly string[];
  /** What was undertaken without the matter being solved by it: 约谈, 检测. */
  readonly steps: readonly string[];
  /** What may mean anything: 处理, 解决. */
  readonly general: readonly string[];
  readonly doneMarks: readonly string[];
  readonly doneTails: readonly string[];
  readonly pending: readonly string[];
  /** What is planned where no deed is named: 施工, 立项. */
  readonly undertakings: readonly string[];
  /** Begin like a plan and are none: 按计划. */
  readonly pendingBut: readonly string[];
  /** Before an act they make it a wish or a condition. */
  readonly needs: readonly string[];
  readonly not: readonly string[];
  /** Begin like a no and are none: 未发现. */
  readonly notBut: readonly string[];
  readonly unsolved: readonly string[];
  readonly notOurs: { readonly not: readonly string[]; readonly of: readonly string[] };
  readonly happy: readonly string[];
  readonly unhappy: readonly string[];
  /** A clause with one of them tells what the citizen said, not what was done. */
  readonly restating: readonly string[];
  readonly contacting: readonly string[];
  /** Another ticket's number beside one of them is meant. */
  readonly sameMatter: readonly string[];
  readonly forbidden: readonly { readonly words: readonly string[]; readonly better: string }[];
  readonly mustSay: readonly {
    readonly name: string;
    readonly outcomes: readonly string[];
    readonly words: readonly string[];
  }[];
}

/** Whether a reply answers its appeal. */
export interface AnswerRules {
  /** Shorter than so many signs it is not judged here: it is short, which is another check. */
  readonly leastSigns: number;
  /** Pairs of signs that both must have, stock phrases taken out. */
  readonly leastShared: number;
  readonly stock: readonly string[];
  /** Fields of matters, each with words that only such an appeal and its reply use. */
  readonly matters: readonly { readonly name: string; readonly words: readonly string[] }[];
}

export interface CopyRules {
  readonly days: number;
  /** How many of the unit's latest replies are looked at. */
  readonly looked: number;
  readonly leastPercent: number;
  readonly leastSigns: number;
}

export interface Checklist {
  /** For how long a second person may let a step pass, and the first may then make it. */
  readonly overrideHours: number;
  readonly checks: readonly CheckRule[];
  readonly withdraw: {
    readonly windowHours: number;
    /** From this likeness of wording on a ground is the same as one that was refused. */
    readonly sameGroundPercent: number;
    /** Words by which an application cites what it rests on. */
    readonly evidenceWords: readonly string[];
    readonly grounds: readonly WithdrawGround[];
  };
  readonly words: GuardWords;
  readonly answer: AnswerRules;
  readonly copy: CopyRules;
}

export type ChecklistVersion = Version<Checklist>;

export function isGuarded(step: string): step is GuardedStep {
  return Object.hasOwn(GUARDED, step);
}

/** The checks of one step, in the list's order. */
export function checksFor(
  checklist: Checklist,
  step: GuardedStep,
): readonly { readonly rule: CheckRule; readonly severity: Severity }[] {
  return checklist.checks.flatMap((rule) => {
    const severity = rule.steps[step];
    return severity === undefined ? [] : [{ rule, severity }];
  });
}
