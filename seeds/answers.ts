/** 回访答案. What callers answer, with the blanks that real callbacks have: a blank is "not assessed", never "no". */
import type { CallbackAnswers, MoveInput } from "@jiesu/core/ticket/moves.ts";
import type { Random } from "./random.ts";
import type { Answers } from "./tale.ts";
import { DISSATISFIED_REASONS, EXEMPTIONS, UNSOLVED_REASONS } from "./wording.ts";

/** `solves`: how likely "solved" is; `blank`: how likely each answer is missing. */
export function answersOf(
  random: Random,
  solves: number,
  blank: number,
): { answers: CallbackAnswers; reason: string } {
  const solved = random.chance(solves) ? "yes" : random.chance(0.18) ? "partly" : "no";
  const satisfied = random.chance(solved === "yes" ? 0.8 : 0.25)
    ? "satisfied"
    : random.chance(solved === "yes" ? 0.65 : 0.25)
      ? "basically"
      : "dissatisfied";
  const reason =
    solved === "no"
      ? random.pick(UNSOLVED_REASONS)
      : satisfied === "dissatisfied"
        ? random.pick(DISSATISFIED_REASONS)
        : "";
  const answers: CallbackAnswers = {
    ...(random.chance(blank) ? {} : { contacted: random.chance(0.97) ? "yes" : "no" }),
    ...(random.chance(blank * 1.6) ? {} : { solved }),
    ...(random.chance(blank * 2) ? {} : { satisfied }),
  };
  return { answers, reason };
}

/** The city's own callback: mostly it hears what the centre heard; some tickets it leaves out of the assessment. */
export function cityResultOf(random: Random, solves: number, own: Answers | null): MoveInput["cityResult"] {
  const scope = random.chance(0.07) ? "exempt" : random.chance(0.02) ? "responseOnly" : "full";
  const scopeNote = scope === "exempt" ? random.pick(EXEMPTIONS) : "";
  const outcome = random.chance(0.82) ? "answered" : random.chance(0.8) ? "missed" : "refused";
  if (outcome !== "answered") return { outcome, answers: {}, reason: "", scope, scopeNote };
  const { answers, reason } = answersOf(random, solves, 0.05);
  if (own?.solved == null || !random.chance(0.8)) return { outcome, answers, reason, scope, scopeNote };
  const same: CallbackAnswers = {
    ...answers,
    ...(answers.solved === undefined ? {} : { solved: own.solved }),
    ...(answers.satisfied === undefined || own.satisfied === null ? {} : { satisfied: own.satisfied }),
  };
  return {
    outcome,
    answers: same,
    reason: own.solved === "no" ? random.pick(UNSOLVED_REASONS) : "",
    scope,
    scopeNote,
  };
}
