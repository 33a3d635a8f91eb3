/** 工作队列. What waits for whom: one row a queue; the list, its count and its place in the menu are derived from it. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { OPEN_STATES, type TicketState } from "@jiesu/core/ticket/state.ts";

export interface Queue {
  readonly key: string;
  readonly zh: string;
  readonly roles: readonly Role[];
  readonly states: readonly TicketState[];
  /** Only tickets in this relation to time; "any" when absent. */
  readonly due?: "near" | "overdue";
  /** "lead": my unit leads it; "co": my unit helps; absent: the centre's, every unit. */
  readonly unit?: "lead" | "co";
  /** Only tickets whose unit has asked for more time, or for a pause of the clock, and waits for the answer. */
  readonly asked?: "extension" | "pause";
}

const UNIT: readonly Role[] = ["handler", "unitLead"];
const DESK: readonly Role[] = ["triager", "shiftLead"];
const WATCH: readonly Role[] = ["supervisor", "shiftLead", "leader"];

export const QUEUES: readonly Queue[] = [
  { key: "received", zh: "待签收", roles: DESK, states: ["received"] },
  { key: "triage", zh: "待分拣", roles: DESK, states: ["triage", "withdrawRejected"] },
  {
    key: "return-review",
    zh: "退单待审",
    roles: ["triager", "supervisor", "shiftLead"],
    states: ["returnReview"],
  },
  {
    key: "extension",
    zh: "延期待批",
    roles: ["supervisor", "shiftLead"],
    states: ["handling"],
    asked: "extension",
  },
  {
    key: "pause",
    zh: "暂停待批",
    roles: ["supervisor", "shiftLead"],
    states: ["handling"],
    asked: "pause",
  },
  { key: "ownership", zh: "确权中", roles: ["supervisor", "shiftLead", "leader"], states: ["ownership"] },
  { key: "withdrawing", zh: "申请退市", roles: DESK, states: ["withdrawing"] },
  { key: "watching", zh: "直派盯办", roles: ["triager", "supervisor", "shiftLead"], states: ["watching"] },
  { key: "reported", zh: "反馈待审", roles: ["supervisor", "closer", "shiftLead"], states: ["reported"] },
  { key: "calling", zh: "待回访", roles: ["caller", "shiftLead"], states: ["calling"] },
  { key: "closing", zh: "待结案审批", roles: ["closer", "shiftLead"], states: ["closing", "replied"] },
  {
    key: "with-units",
    zh: "单位在办",
    roles: ["triager", ...WATCH],
    states: ["dispatched", "handling", "rework"],
  },
  { key: "shelved", zh: "挂账中", roles: WATCH, states: ["shelved"] },
  { key: "near", zh: "临期", roles: ["triager", ...WATCH], states: OPEN_STATES, due: "near" },
  { key: "overdue", zh: "超期", roles: ["triager", ...WATCH], states: OPEN_STATES, due: "overdue" },
  { key: "unit-new", zh: "待接收", roles: UNIT, states: ["dispatched", "rework"], unit: "lead" },
  { key: "unit-handling", zh: "承办中", roles: UNIT, states: ["handling"], unit: "lead" },
  {
    key: "unit-waiting",
    zh: "已反馈",
    roles: UNIT,
    states: ["reported", "calling", "closing", "returnReview"],
    unit: "lead",
  },
  { key: "unit-shelved", zh: "挂账中", roles: UNIT, states: ["shelved"], unit: "lead" },
  { key: "unit-co", zh: "协办", roles: UNIT, states: OPEN_STATES, unit: "co" },
  { key: "unit-near", zh: "临期", roles: UNIT, states: OPEN_STATES, due: "near", unit: "lead" },
  { key: "unit-overdue", zh: "超期", roles: UNIT, states: OPEN_STATES, due: "overdue", unit: "lead" },
];

export function queuesOf(roles: readonly Role[]): readonly Queue[] {
  return QUEUES.filter((q) => q.roles.some((r) => roles.includes(r)));
}

export function findQueue(key: string, roles: readonly Role[]): Queue | null {
  return queuesOf(roles).find((q) => q.key === key) ?? null;
}
