/** 答其所问、非照搬. Whether a reply speaks of what its appeal asks, and whether it is another ticket's; each with its reasons. */
import { pairsOf } from "../triage/alike.ts";
import { said } from "../triage/text.ts";
import type { AnswerRules, CopyRules } from "./checklist.ts";
import { signsIn, without } from "./clauses.ts";
import type { OtherReply } from "./facts.ts";
import { otherDoors, spotsIn } from "./figures.ts";

export interface Answering {
  /**
   * answers: it does. unjudged: too short to say. elsewhere: it speaks of another matter. beside: of one that the appeal
   * touches, not of the one it is filed under. nothing: of no matter of the appeal's.
   */
  readonly verdict: "answers" | "unjudged" | "elsewhere" | "beside" | "nothing";
  readonly asked: readonly string[];
  readonly answered: readonly string[];
  /** Pairs of signs in both, stock phrases and places taken out. */
  readonly shared: number;
}

/** `named`: title and category, which say what the appeal is chiefly about. */
export function answeringOf(
  appeal: { readonly text: string; readonly named: string; readonly places: readonly string[] },
  reply: string,
  rules: AnswerRules,
): Answering {
  const bare = (text: string): string => without(text, appeal.places);
  const asked = mattersIn(bare(appeal.text), rules);
  const chiefly = mattersIn(bare(appeal.named), rules);
  const answered = mattersIn(bare(reply), rules);
  const stock = [...rules.stock, ...appeal.places];
  const mine = pairsOf(without(appeal.text, stock));
  const shared = [...pairsOf(without(reply, stock))].filter((pair) => mine.has(pair)).length;
  const told = { asked: chiefly.length > 0 ? chiefly : asked, answered, shared };
  const common = (matters: readonly string[]): boolean => answered.some((each) => matters.includes(each));
  if (signsIn(reply) < rules.leastSigns) return { ...told, verdict: "unjudged" };
  if (common(told.asked) || shared >= rules.leastShared) return { ...told, verdict: "answers" };
  if (common(asked)) return { ...told, verdict: "beside" };
  if (told.asked.length > 0 && answered.length > 0) return { ...told, verdict: "elsewhere" };
  return { ...told, verdict: shared === 0 ? "nothing" : "answers" };
}

function mattersIn(text: string, rules: AnswerRules): readonly string[] {
  return rules.matters.filter(({ words }) => words.some((w) => text.includes(w))).map(({ name }) => name);
}

export interface Copied {
  readonly number: string;
  readonly percent: number;
  /** What stands in the reply, is of the other ticket and not of this one; "" where nothing gives it away. */
  readonly foreign: string;
}

/** The most alike of the other replies, where it is alike enough to be the same text. */
export function copiedFrom(
  appeal: string,
  reply: string,
  others: readonly OtherReply[],
  rules: CopyRules,
): Copied | null {
  if (signsIn(reply) < rules.leastSigns) return null;
  const mine = pairsOf(reply);
  let worst: Copied | null = null;
  for (const other of others) {
    const percent = likeness(mine, pairsOf(other.reply));
    if (percent < rules.leastPercent) continue;
    const foreign = foreignIn(appeal, reply, other.appeal);
    const graver = worst === null || (foreign !== "" && worst.foreign === "") || percent > worst.percent;
    if (graver && !(worst !== null && worst.foreign !== "" && foreign === ""))
      worst = { number: other.number, percent, foreign };
  }
  return worst;
}

/** Spots and doors of the reply that the other's appeal has and this one's has not. */
function foreignIn(appeal: string, reply: string, otherAppeal: string): string {
  const ours = said(appeal);
  const theirs = said(otherAppeal);
  const spots = [...spotsIn(reply)].filter((spot) => theirs.includes(spot) && !ours.includes(spot));
  if (spots.length > 0) return spots.join("、");
  return otherDoors(theirs, reply) === null ? (otherDoors(ours, reply) ?? "") : "";
}

/** Share of the pairs of signs that both have, in whole percent (Dice). */
export function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const all = a.size + b.size;
  if (all === 0) return 0;
  return Math.round((200 * [...a].filter((pair) => b.has(pair)).length) / all);
}
