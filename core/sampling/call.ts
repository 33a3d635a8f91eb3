/** 抽访通话. What one call may say: reasons from the rule's lists, 未联系上 only after enough attempts, the next attempt within days. */
import { type Answer, no, yes } from "../answer.ts";
import { judgeAttempts, nextAttempt, planFault } from "../callback/attempts.ts";
import { type CallbackRules, REASONED, type Reason, type Reasoned } from "../callback/rules.ts";
import type { CallbackAnswers, CallbackReasonCodes } from "../ticket/moves.ts";

export const CALL_OUTCOMES = ["answered", "missed", "refused", "unreached"] as const;
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

export interface SampledCall {
  readonly outcome: CallOutcome;
  readonly answers: CallbackAnswers;
  readonly reasons: CallbackReasonCodes;
  /** When to try again; by the rule when not said. */
  readonly nextAt?: number | undefined;
}

export interface JudgedCall {
  readonly reasons: { readonly [Q in Reasoned]?: Reason };
  readonly nextAt: number | null;
}

export type CallRefusal =
  | { readonly code: "call-done" }
  | { readonly code: "call-unanswered" }
  | { readonly code: "reason-unknown"; readonly question: Reasoned; readonly reason: string }
  | {
      readonly code: "attempts-too-few";
      readonly attempts: number;
      readonly dayparts: number;
      readonly max: number;
      readonly minDayparts: number;
    }
  | { readonly code: "next-attempt-past" }
  | { readonly code: "next-attempt-far"; readonly days: number };

/** Judges a call made now; `before` are the calls of the same ticket that nobody took. */
export function judgeCall(
  call: SampledCall,
  state: { readonly done: boolean; readonly before: readonly number[] },
  rules: CallbackRules,
  now: number,
): Answer<JudgedCall, CallRefusal> {
  if (state.done) return no({ code: "call-done" });
  const reasons: { [Q in Reasoned]?: Reason } = {};
  for (const question of REASONED) {
    const code = call.reasons[question];
    if (code === undefined) continue;
    const reason = rules.reasons[question].find((each) => each.code === code);
    if (reason === undefined) return no({ code: "reason-unknown", question, reason: code });
    reasons[question] = reason;
  }
  const { contacted, solved, satisfied } = call.answers;
  if (call.outcome === "answered" && [contacted, solved, satisfied].every((each) => each == null))
    return no({ code: "call-unanswered" });
  const attempts = [...state.before, now];
  if (call.outcome === "unreached") {
    const judged = judgeAttempts(attempts, rules.attempts);
    const { max, minDayparts } = rules.attempts;
    if (!judged.enough)
      return no({
        code: "attempts-too-few",
        attempts: judged.counted.length,
        dayparts: judged.dayparts.length,
        max,
        minDayparts,
      });
  }
  if (call.outcome !== "missed") return yes({ reasons, nextAt: null });
  const nextAt = call.nextAt ?? nextAttempt(attempts, rules.attempts, now);
  const fault = call.nextAt === undefined ? null : planFault(nextAt, rules.attempts, now);
  return fault === null ? yes({ reasons, nextAt }) : no(fault);
}
