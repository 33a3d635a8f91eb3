/** 办前检查的结论. Runs the list over what is known: every check that the step asks for, in order, those that pass too. */
import type { Move } from "../ticket/lifecycle.ts";
import { type CheckKey, type Checklist, checksFor, type Severity } from "./checklist.ts";
import { CHECKS } from "./checks.ts";
import type { GuardFacts } from "./facts.ts";

export interface Looked {
  readonly key: CheckKey;
  readonly name: string;
  readonly ok: boolean;
  /** How gravely it counts here. */
  readonly severity: Severity;
  readonly said: string;
  readonly remedy: string;
  readonly field: string | null;
  readonly move: Move | null;
}

export function lookBefore(facts: GuardFacts, checklist: Checklist): readonly Looked[] {
  return checksFor(checklist, facts.step).map(({ rule, severity }) => {
    const verdict = CHECKS[rule.key](facts, checklist);
    return {
      key: rule.key,
      name: rule.name,
      ok: verdict.ok,
      severity: verdict.soft ? "warns" : severity,
      said: verdict.said,
      remedy: verdict.ok ? "" : rule.remedy,
      field: verdict.field ?? null,
      move: verdict.move ?? null,
    };
  });
}

/** What stops the step unless a second person lets it pass. */
export const stopsOf = (looked: readonly Looked[]): readonly Looked[] =>
  looked.filter((each) => !each.ok && each.severity === "stops");

export const warningsOf = (looked: readonly Looked[]): readonly Looked[] =>
  looked.filter((each) => !each.ok && each.severity === "warns");
