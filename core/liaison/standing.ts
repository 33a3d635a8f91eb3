/**
 * 答复情况. How a party stands with what it was asked, and how often parties answer in time: each asking of a party counts
 * once, so a party that was asked again by 追问 or 重启 counts again.
 */

/** In words, each with what is in it; the only definition that screens and the workbook show. */
export const ANSWERS = {
  inTime: { zh: "按期答复", about: "在答复时限内答复（到期那一刻算按期）" },
  late: { zh: "逾期答复", about: "答复了，但晚于答复时限" },
  overdue: { zh: "逾期未答", about: "答复时限已过仍未答复；到期后才免予答复、或未答复即结论的也计在内" },
  waiting: { zh: "未到期", about: "尚未答复，答复时限未到" },
  letOff: { zh: "免予答复", about: "到期前免予答复，或到期前协调单已有结论、已撤销；不计入按期答复率" },
} as const;
export type AnswerStanding = keyof typeof ANSWERS;
export const ALL_ANSWERS: readonly AnswerStanding[] = ["inTime", "late", "overdue", "waiting", "letOff"];

export const IN_TIME_RATE = {
  zh: "按期答复率",
  about: "按期答复 ÷（按期答复 + 逾期答复 + 逾期未答）；未到期和免予答复的不计",
} as const;

export interface Asked {
  readonly dueAt: number;
  readonly answeredAt: number | null;
  readonly letOffAt: number | null;
}

/** How one asking stands at an instant. */
export function answerStanding(ask: Asked, now: number): AnswerStanding {
  if (ask.answeredAt !== null) return ask.answeredAt <= ask.dueAt ? "inTime" : "late";
  if (ask.letOffAt !== null) return ask.letOffAt <= ask.dueAt ? "letOff" : "overdue";
  return now > ask.dueAt ? "overdue" : "waiting";
}

/** Null while nothing has fallen due or been answered. */
export function inTimeRate(counts: Readonly<Record<"inTime" | "late" | "overdue", number>>): number | null {
  const base = counts.inTime + counts.late + counts.overdue;
  return base === 0 ? null : counts.inTime / base;
}
