/**
 * 工单流转. The only place that says who may move a ticket where.
 *
 * The server's guard, the web's buttons, the diagram in docs and the test of every allowed and forbidden
 * role × state × move are all derived from this table. What a row cannot say (is it *my* unit's ticket, is there a
 * report to review) is a guard in decide.ts.
 */
import type { Role } from "./role.ts";
import { OPEN_STATES, type TicketState, VALID_STATES } from "./state.ts";

interface Step {
  readonly move: string;
  readonly zh: string;
  /**
   * One key on the keyboard, or null for moves that want a mouse and a second thought. Lists keep j k v x z for
   * themselves: next, last, form of the list, choose, take back.
   */
  readonly key: string | null;
  readonly from: readonly TicketState[];
  /** "same" leaves the state as it is: the move is only put on record. */
  readonly to: TicketState | "same";
  readonly by: readonly Role[];
}

const TRIAGE = ["triager", "shiftLead"] as const;
const UNIT = ["handler", "unitLead"] as const;
const CENTRE_REVIEW = ["supervisor", "closer", "shiftLead"] as const;

export const LIFECYCLE = [
  // 签收 → 分拣
  { move: "sign", zh: "签收", key: "s", from: ["received"], to: "triage", by: TRIAGE },
  { move: "watch", zh: "转盯办", key: "w", from: ["received"], to: "watching", by: TRIAGE },
  {
    move: "recordCityClosing",
    zh: "登记直派办结",
    key: null,
    from: ["watching"],
    to: "closed",
    by: ["triager", "supervisor", "shiftLead"],
  },
  {
    move: "replyDirectly",
    zh: "直接回复",
    key: "e",
    from: ["triage", "withdrawRejected"],
    to: "replied",
    by: TRIAGE,
  },
  {
    move: "handleDirectly",
    zh: "直办",
    key: null,
    from: ["triage", "withdrawRejected"],
    to: "calling",
    by: TRIAGE,
  },
  {
    move: "dispatch",
    zh: "派单",
    key: "d",
    from: ["triage", "withdrawRejected"],
    to: "dispatched",
    by: TRIAGE,
  },
  { move: "merge", zh: "并案", key: null, from: ["received", "triage"], to: "merged", by: TRIAGE },
  { move: "unmerge", zh: "撤销并案", key: null, from: ["merged"], to: "triage", by: ["shiftLead"] },
  // 承办
  { move: "accept", zh: "接收", key: "a", from: ["dispatched", "rework"], to: "handling", by: UNIT },
  { move: "contact", zh: "首次联系", key: "l", from: ["handling"], to: "same", by: UNIT },
  { move: "report", zh: "办理反馈", key: "f", from: ["handling"], to: "reported", by: UNIT },
  // 延期: asked while the unit handles; neither the asking nor the answer moves the ticket
  { move: "askExtension", zh: "申请延期", key: "o", from: ["handling"], to: "same", by: UNIT },
  {
    move: "grantExtension",
    zh: "同意延期",
    key: "y",
    from: ["handling"],
    to: "same",
    by: ["supervisor", "shiftLead"],
  },
  {
    move: "refuseExtension",
    zh: "不同意延期",
    key: "n",
    from: ["handling"],
    to: "same",
    by: ["supervisor", "shiftLead"],
  },
  // 暂停计时: asked and answered as 延期 is; ended by a hand before its day
  { move: "askPause", zh: "申请暂停计时", key: "q", from: ["handling"], to: "same", by: UNIT },
  {
    move: "grantPause",
    zh: "同意暂停计时",
    key: null,
    from: ["handling"],
    to: "same",
    by: ["supervisor", "shiftLead"],
  },
  {
    move: "refusePause",
    zh: "不同意暂停计时",
    key: null,
    from: ["handling"],
    to: "same",
    by: ["supervisor", "shiftLead"],
  },
  {
    move: "endPause",
    zh: "恢复计时",
    key: null,
    from: ["handling"],
    to: "same",
    by: [...UNIT, "supervisor", "shiftLead"],
  },
  // 退单与确权
  {
    move: "returnToCentre",
    zh: "退单",
    key: "r",
    from: ["dispatched", "handling"],
    to: "returnReview",
    by: UNIT,
  },
  {
    move: "acceptReturn",
    zh: "同意退单",
    key: "y",
    from: ["returnReview"],
    to: "triage",
    by: ["triager", "supervisor", "shiftLead"],
  },
  {
    move: "refuseReturn",
    zh: "驳回退单",
    key: "n",
    from: ["returnReview"],
    to: "handling",
    by: ["triager", "supervisor", "shiftLead"],
  },
  {
    move: "openOwnership",
    zh: "提交确权",
    key: null,
    from: ["triage", "returnReview"],
    to: "ownership",
    by: ["triager", "supervisor", "shiftLead"],
  },
  {
    move: "rule",
    zh: "确权裁定",
    key: null,
    from: ["ownership"],
    to: "dispatched",
    by: ["supervisor", "shiftLead", "leader"],
  },
  // 改判: what an appeal against the ruling brought; the unit that has it now gives it up
  {
    move: "rerule",
    zh: "确权改判",
    key: null,
    from: ["dispatched", "handling", "rework"],
    to: "dispatched",
    by: ["supervisor", "shiftLead", "leader"],
  },
  // 退市
  {
    move: "applyWithdraw",
    zh: "申请退市",
    key: "t",
    from: ["triage", "withdrawRejected"],
    to: "withdrawing",
    by: TRIAGE,
  },
  {
    move: "acceptWithdraw",
    zh: "登记市级同意退市",
    key: null,
    from: ["withdrawing"],
    to: "withdrawn",
    by: ["triager", "shiftLead", "importer"],
  },
  {
    move: "rejectWithdraw",
    zh: "登记退市驳回",
    key: null,
    from: ["withdrawing", "withdrawn"],
    to: "withdrawRejected",
    by: ["triager", "shiftLead", "importer"],
  },
  // 审核、重办、回访
  { move: "passReview", zh: "审核通过", key: "p", from: ["reported"], to: "calling", by: CENTRE_REVIEW },
  {
    move: "rework",
    zh: "退回重办",
    key: "b",
    from: ["reported", "calling", "closing"],
    to: "rework",
    by: CENTRE_REVIEW,
  },
  { move: "callback", zh: "回访", key: "h", from: ["calling"], to: "closing", by: ["caller", "shiftLead"] },
  {
    move: "callbackMissed",
    zh: "回访未接通",
    key: "m",
    from: ["calling"],
    to: "same",
    by: ["caller", "shiftLead"],
  },
  // 结案审批
  {
    move: "approveClosing",
    zh: "同意结案",
    key: "c",
    from: ["closing", "replied"],
    to: "closed",
    by: ["closer", "shiftLead"],
  },
  {
    move: "refuseReply",
    zh: "回复退回修改",
    key: null,
    from: ["replied", "calling", "closing"],
    to: "triage",
    by: ["closer", "shiftLead"],
  },
  {
    move: "reopen",
    zh: "重新办理",
    key: null,
    from: ["closed"],
    to: "triage",
    by: ["supervisor", "shiftLead", "importer"],
  },
  // 挂账
  {
    move: "shelve",
    zh: "挂账",
    key: null,
    from: ["reported", "calling"],
    to: "shelved",
    by: ["supervisor", "shiftLead"],
  },
  {
    move: "unshelve",
    zh: "销账",
    key: null,
    from: ["shelved"],
    to: "handling",
    by: ["supervisor", "shiftLead"],
  },
  // 记录, state unchanged
  {
    move: "urge",
    zh: "催办",
    key: "u",
    from: ["dispatched", "handling", "rework", "watching", "shelved"],
    to: "same",
    by: ["triager", "supervisor", "shiftLead", "leader"],
  },
  {
    move: "note",
    zh: "备注",
    key: "i",
    from: VALID_STATES,
    to: "same",
    by: ["triager", "supervisor", "caller", "closer", "shiftLead", "leader", "handler", "unitLead"],
  },
  {
    move: "correct",
    zh: "修正信息",
    key: "g",
    from: OPEN_STATES,
    to: "same",
    by: ["triager", "shiftLead", "importer"],
  },
  {
    move: "cityResult",
    zh: "登记市级结果",
    key: null,
    from: VALID_STATES,
    to: "same",
    by: ["assessor", "shiftLead", "importer"],
  },
] as const satisfies readonly Step[];

export type Move = (typeof LIFECYCLE)[number]["move"];

export const MOVES: readonly Move[] = LIFECYCLE.map((s) => s.move);

const BY_MOVE: ReadonlyMap<string, Step> = new Map(LIFECYCLE.map((s) => [s.move, s]));

export function isMove(text: string): text is Move {
  return BY_MOVE.has(text);
}

/** The table row of a move. */
export function stepOf(move: Move): Step {
  const step = BY_MOVE.get(move);
  if (!step) throw new Error(`no such move: ${move}`);
  return step;
}

/** Where the table lets this role take a ticket in this state by this move; null where it does not. */
export function targetOf(role: Role, state: TicketState, move: Move): TicketState | null {
  const step = stepOf(move);
  if (!step.by.includes(role) || !step.from.includes(state)) return null;
  return step.to === "same" ? state : step.to;
}

/** The moves that the table allows to any of these roles in this state, in the table's order. */
export function movesFor(roles: readonly Role[], state: TicketState): readonly Move[] {
  return LIFECYCLE.filter((s) => roles.some((r) => targetOf(r, state, s.move) !== null)).map((s) => s.move);
}
