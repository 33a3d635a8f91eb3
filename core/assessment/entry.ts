/**
 * A line of the assessment ledger 考核台账: what one ticket says in one assessment, before any rule reads it.
 * Answers come from a callback (回访); a blank answer is null and means "not assessed", never "no".
 */
import type { CallbackAnswers } from "../ticket/moves.ts";

export interface Entry {
  readonly scope: EntryScope;
  /** 有效回访: whether the callback counts at all. */
  readonly valid: boolean;
  readonly contacted: "yes" | "no" | null;
  readonly solved: "yes" | "partly" | "no" | null;
  readonly satisfied: "satisfied" | "basically" | "dissatisfied" | null;
}

/** 考核口径 of one ticket: 三率 / 仅响应率 / 不纳入(剔除). */
export const ENTRY_SCOPES = ["full", "responseOnly", "exempt"] as const;
export type EntryScope = (typeof ENTRY_SCOPES)[number];

/** 统计口径 of a report: 全口径(含剔除) / 不含剔除. */
export const STAT_SCOPES = ["all", "assessed"] as const;
export type StatScope = (typeof STAT_SCOPES)[number];

/** 三率: 响应率, 解决率, 满意率. */
export const QUESTIONS = ["response", "solution", "satisfaction"] as const;
export type Question = (typeof QUESTIONS)[number];

/** The answers to each question as they are counted, best first. 是否联系 · 是否解决 · 是否满意. */
export const ANSWERS = {
  response: ["contacted", "notContacted"],
  solution: ["solved", "partlySolved", "unsolved"],
  satisfaction: ["satisfied", "basicallySatisfied", "dissatisfied"],
} as const satisfies Record<Question, readonly string[]>;
export type Answer = (typeof ANSWERS)[Question][number];

export const QUESTION_NAMES: Readonly<Record<Question, string>> = {
  response: "响应率",
  solution: "解决率",
  satisfaction: "满意率",
};

/** The counted answer to one question, null when it was left blank. */
export function answerTo(entry: Entry, question: Question): Answer | null {
  if (question === "response") return entry.contacted && CONTACTED[entry.contacted];
  if (question === "solution") return entry.solved && SOLVED[entry.solved];
  return entry.satisfied && SATISFIED[entry.satisfied];
}

/**
 * Whether a callback is valid (有效回访): as the sender states it, and where the file has no such column,
 * when at least one answer is known.
 */
export function isValidCallback(stated: boolean | null, answers: CallbackAnswers): boolean {
  if (stated !== null) return stated;
  return [answers.contacted, answers.solved, answers.satisfied].some((answer) => answer != null);
}

/** One text for one kind of entry, "full|valid|yes|yes|-": what SQL groups and filters by. */
export function cellKey(entry: Entry): string {
  const valid = entry.valid ? "valid" : "invalid";
  return [entry.scope, valid, entry.contacted ?? "-", entry.solved ?? "-", entry.satisfied ?? "-"].join("|");
}

const CONTACTED = { yes: "contacted", no: "notContacted" } as const;
const SOLVED = { yes: "solved", partly: "partlySolved", no: "unsolved" } as const;
const SATISFIED = {
  satisfied: "satisfied",
  basically: "basicallySatisfied",
  dissatisfied: "dissatisfied",
} as const;

/** Every kind of entry there can be: few enough to ask a rule about each of them. */
export const ALL_CELLS: readonly Entry[] = ENTRY_SCOPES.flatMap((scope) =>
  [true, false].flatMap((valid) =>
    ([null, "yes", "no"] as const).flatMap((contacted) =>
      ([null, "yes", "partly", "no"] as const).flatMap((solved) =>
        ([null, "satisfied", "basically", "dissatisfied"] as const).map((satisfied) => ({
          scope,
          valid,
          contacted,
          solved,
          satisfied,
        })),
      ),
    ),
  ),
);
