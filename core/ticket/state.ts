/** 工单状态. Every state of a ticket, its words, and whose work it is; the only list of them. */
export const STATES = {
  received: { zh: "待签收", open: true, held: "centre" },
  triage: { zh: "待分拣", open: true, held: "centre" },
  watching: { zh: "直派盯办", open: true, held: "centre" },
  dispatched: { zh: "待接收", open: true, held: "unit" },
  handling: { zh: "承办中", open: true, held: "unit" },
  rework: { zh: "重办", open: true, held: "unit" },
  returnReview: { zh: "退单待审", open: true, held: "centre" },
  ownership: { zh: "确权中", open: true, held: "centre" },
  reported: { zh: "反馈待审", open: true, held: "centre" },
  calling: { zh: "待回访", open: true, held: "centre" },
  replied: { zh: "直接回复待审批", open: true, held: "centre" },
  closing: { zh: "结案待审批", open: true, held: "centre" },
  withdrawing: { zh: "申请退市", open: true, held: "city" },
  withdrawRejected: { zh: "退市驳回", open: true, held: "centre" },
  shelved: { zh: "挂账中", open: true, held: "unit" },
  closed: { zh: "已结案", open: false, held: "nobody" },
  withdrawn: { zh: "已退市", open: false, held: "nobody" },
  merged: { zh: "已并案", open: false, held: "nobody" },
  // 导入错了的批次被撤销: no move leads here or away; only the undoing of an import, and a later file that brings it again
  voided: { zh: "已作废", open: false, held: "nobody" },
} as const satisfies Record<string, { zh: string; open: boolean; held: Holder }>;

/** Who owes the next step of a ticket in a state. */
export type Holder = "centre" | "unit" | "city" | "nobody";

export type TicketState = keyof typeof STATES;

export const ALL_STATES = Object.keys(STATES) as readonly TicketState[];

/** States of tickets that are: all but what came in by mistake and was taken back. */
export const VALID_STATES: readonly TicketState[] = ALL_STATES.filter((s) => s !== "voided");

export const OPEN_STATES: readonly TicketState[] = ALL_STATES.filter((s) => STATES[s].open);

export function isState(text: string): text is TicketState {
  return Object.hasOwn(STATES, text);
}
