/** 抽访结果. What came of the calls, by answer and by reason of every "no"; a question that was not answered counts in neither. */

import { FIGURE_NAMES } from "../assessment/measures.ts";
import type { Reason } from "../callback/rules.ts";
import type { CallOutcome } from "./call.ts";

/** The questions with their answers, best first. */
export const SAMPLED_ANSWERS = {
  contacted: ["yes", "no"],
  solved: ["yes", "partly", "no"],
  satisfied: ["satisfied", "basically", "dissatisfied"],
} as const;
export type SampledQuestion = keyof typeof SAMPLED_ANSWERS;
export const SAMPLED_QUESTIONS = [
  "contacted",
  "solved",
  "satisfied",
] as const satisfies readonly SampledQuestion[];

/** What each answer is called: by the catalogue of measures. */
export const SAMPLED_ANSWER_NAMES: Readonly<Record<SampledQuestion, Readonly<Record<string, string>>>> = {
  contacted: { yes: FIGURE_NAMES.contacted, no: FIGURE_NAMES.notContacted },
  solved: { yes: FIGURE_NAMES.solved, partly: FIGURE_NAMES.partlySolved, no: FIGURE_NAMES.unsolved },
  satisfied: {
    satisfied: FIGURE_NAMES.satisfied,
    basically: FIGURE_NAMES.basicallySatisfied,
    dissatisfied: FIGURE_NAMES.dissatisfied,
  },
};

/** A ticket that was drawn: its outcome is null until it was spoken with, refused, or given up. */
export interface Sampled {
  readonly outcome: CallOutcome | null;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
  readonly reasons: Readonly<Record<string, Reason | undefined>>;
}

export interface QuestionResult {
  /** How many answered it. */
  readonly known: number;
  readonly answers: readonly { readonly answer: string; readonly n: number }[];
  readonly reasons: readonly (Reason & { readonly n: number })[];
}

export interface SampledResult {
  readonly drawn: number;
  readonly waiting: number;
  readonly answered: number;
  readonly refused: number;
  readonly unreached: number;
  readonly questions: Readonly<Record<SampledQuestion, QuestionResult>>;
}

export function resultsOf(tickets: readonly Sampled[]): SampledResult {
  const of = (outcome: CallOutcome | null) => tickets.filter((each) => each.outcome === outcome);
  const answered = of("answered");
  return {
    drawn: tickets.length,
    waiting: of(null).length,
    answered: answered.length,
    refused: of("refused").length,
    unreached: of("unreached").length,
    questions: {
      contacted: questionOf(answered, "contacted"),
      solved: questionOf(answered, "solved"),
      satisfied: questionOf(answered, "satisfied"),
    },
  };
}

function questionOf(answered: readonly Sampled[], question: SampledQuestion): QuestionResult {
  const known = answered.filter((each) => each[question] !== null);
  const given = known.flatMap((each) => each.reasons[question] ?? []);
  const reasons = [...Map.groupBy(given, (reason) => reason.code)].map(([code, its]) => ({
    ...{ code, zh: its[0]?.zh ?? code, n: its.length },
  }));
  return {
    known: known.length,
    answers: SAMPLED_ANSWERS[question].map((answer) => ({
      answer,
      n: known.filter((each) => each[question] === answer).length,
    })),
    reasons: reasons.sort((a, b) => b.n - a.n || (a.code < b.code ? -1 : 1)),
  };
}
