/** 时限种类. Every kind of clock that a ticket can carry, its word, and who owes the answer; the only list of them. */
export const CLOCKS = {
  dispatch: { zh: "派单", owed: "centre" },
  accept: { zh: "接收", owed: "unit" },
  contact: { zh: "首次联系", owed: "unit" },
  report: { zh: "办理反馈", owed: "unit" },
  coReport: { zh: "协办反馈", owed: "coUnit" },
  closing: { zh: "结案", owed: "centre" },
  returnReview: { zh: "退单审核", owed: "centre" },
  ownership: { zh: "确权裁定", owed: "centre" },
  withdraw: { zh: "市级答复退市", owed: "city" },
  watch: { zh: "直派办结", owed: "unit" },
  shelf: { zh: "挂账", owed: "unit" },
} as const satisfies Record<string, { zh: string; owed: Owed }>;

/** Who owes what the clock waits for. */
export type Owed = "centre" | "unit" | "coUnit" | "city";

export type ClockKind = keyof typeof CLOCKS;

export const ALL_CLOCKS = Object.keys(CLOCKS) as readonly ClockKind[];

export function isClockKind(text: string): text is ClockKind {
  return Object.hasOwn(CLOCKS, text);
}
