/**
 * 撤销. Which moves their own maker may take back within minutes, as long as nothing has happened since.
 *
 * What is taken back is taken back whole, its clocks too: every clock stands again exactly as it stood before the move,
 * so the time between the move and its undoing counts as used (the work was not done in it), a pause that the move
 * began has never been, and a clock that the move started ends unjudged. A deadline that passed meanwhile is missed.
 * A move is not in the table when that would not be the truth: what a citizen or the city has answered, what was only
 * put on record, and what other people were called by cannot be made unsaid; a new record corrects it.
 */
import { type Answer, no, yes } from "../answer.ts";
import type { Move } from "./lifecycle.ts";

/** "restore": all as it was. "endRound": the new round stays on record, ended and not counted; the rest as it was. */
export type UndoHow = "restore" | "endRound";

export const UNDO = {
  sign: "restore",
  watch: "restore",
  recordCityClosing: "restore",
  replyDirectly: "restore",
  handleDirectly: "restore",
  dispatch: "endRound",
  merge: "restore",
  accept: "restore",
  report: "restore",
  returnToCentre: "restore",
  acceptReturn: "restore",
  refuseReturn: "restore",
  openOwnership: "restore",
  rule: "endRound",
  applyWithdraw: "restore",
  passReview: "restore",
  rework: "restore",
  approveClosing: "restore",
  refuseReply: "restore",
  reopen: "restore",
  // the city's answer, the citizen's answer, a call, a reminder: said and heard
  acceptWithdraw: null,
  rejectWithdraw: null,
  callback: null,
  callbackMissed: null,
  cityResult: null,
  contact: null,
  urge: null,
  note: null,
  // asked and answered between two houses: another asking, another answer
  askExtension: null,
  grantExtension: null,
  refuseExtension: null,
  askPause: null,
  grantPause: null,
  refusePause: null,
  endPause: null,
  // decides an appeal that was heard; another ruling, by the next case
  rerule: null,
  // has a plan, a term and an approval of its own
  shelve: null,
  unshelve: null,
  // corrected by another correction, which says what was changed; unmerging by merging
  correct: null,
  unmerge: null,
} as const satisfies { readonly [M in Move]: UndoHow | null };

/** Dated setting. */
export interface UndoRules {
  readonly undoMinutes: number;
  /** Days after an import in which it may be taken back whole, and its refused rows mended. */
  readonly importKeptDays: number;
}

/** The last move of a ticket, and what came after it (timers of machines are no happening). */
export interface LastMove {
  readonly move: Move;
  readonly userId: string;
  readonly at: number;
  readonly since: readonly { readonly userName: string }[];
}

export type UndoRefusal =
  | { readonly code: "undo-never"; readonly move: Move }
  | { readonly code: "undo-not-yours" }
  | { readonly code: "undo-overtaken"; readonly by: string }
  | { readonly code: "undo-too-late"; readonly minutes: number };

/** Judges whether this person may take the last move back now. */
export function decideUndo(
  last: LastMove,
  userId: string,
  now: number,
  rules: Pick<UndoRules, "undoMinutes">,
): Answer<UndoHow, UndoRefusal> {
  const how = UNDO[last.move];
  if (how === null) return no({ code: "undo-never", move: last.move });
  if (last.userId !== userId) return no({ code: "undo-not-yours" });
  const next = last.since[0];
  if (next) return no({ code: "undo-overtaken", by: next.userName });
  if (now > undoUntil(last.at, rules)) return no({ code: "undo-too-late", minutes: rules.undoMinutes });
  return yes(how);
}

/** The last instant at which a move made at `at` may be taken back. */
export function undoUntil(at: number, rules: Pick<UndoRules, "undoMinutes">): number {
  return at + rules.undoMinutes * 60_000;
}
