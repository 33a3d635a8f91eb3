/**
 * 时限轨道. The table of what each move does to the clocks of a ticket: the only place that says it.
 *
 * A move without a row here touches no clock: editing a note or urging restarts nothing. Rows act on the live clock
 * of that kind; a row about a clock that is not live does nothing, except "start". A new round has its own clocks.
 * What happens on a return (退单) is [ours]: the unit's contact and report clocks rest while the centre reviews; a
 * return refused goes on with what was left, a return accepted ends them unjudged; a version of rules/returns may say
 * that they run on instead. 挂账 runs to its approved term; written off, the unit's report goes on with what was left of
 * its time [ours].
 */
import type { ClockKind } from "./kind.ts";

export type TrackDo =
  | "start"
  /** What it waited for has happened: judged in time or late. */
  | "stop"
  | "pause"
  | "resume"
  /** 续计: the last one of its kind in this round runs on with what was left; where there was none, it starts. */
  | "takeUp"
  /** 延期: so many days more than it had, as it counts them. */
  | "extend"
  /** Nothing waits for it any more: not judged. */
  | "cancel";

export interface Track {
  readonly move: string;
  readonly clock: ClockKind;
  readonly does: TrackDo;
}

/** The arrival of a ticket, and of a co-handling assignment: triggers that are not moves of the lifecycle. */
export const ARRIVAL = "receive";
export const CO_ASSIGNED = "coAssign";

export const TRACKS = [
  // 受理、分拣
  { move: "receive", clock: "dispatch", does: "start" },
  { move: "watch", clock: "dispatch", does: "stop" },
  { move: "watch", clock: "watch", does: "start" },
  { move: "recordCityClosing", clock: "watch", does: "stop" },
  { move: "replyDirectly", clock: "dispatch", does: "stop" },
  { move: "replyDirectly", clock: "closing", does: "start" },
  { move: "refuseReply", clock: "closing", does: "stop" },
  { move: "refuseReply", clock: "dispatch", does: "start" },
  { move: "handleDirectly", clock: "dispatch", does: "stop" },
  { move: "handleDirectly", clock: "closing", does: "start" },
  { move: "merge", clock: "dispatch", does: "pause" },
  { move: "unmerge", clock: "dispatch", does: "resume" },
  // 派单、承办
  { move: "dispatch", clock: "dispatch", does: "stop" },
  { move: "dispatch", clock: "accept", does: "start" },
  { move: "dispatch", clock: "contact", does: "start" },
  { move: "dispatch", clock: "report", does: "start" },
  { move: "accept", clock: "accept", does: "stop" },
  { move: "contact", clock: "contact", does: "stop" },
  { move: "report", clock: "contact", does: "cancel" },
  { move: "report", clock: "report", does: "stop" },
  { move: "report", clock: "closing", does: "start" },
  { move: "grantExtension", clock: "report", does: "extend" },
  // 暂停计时: of the clocks that the ground names, to the end of its days at the latest
  { move: "grantPause", clock: "contact", does: "pause" },
  { move: "grantPause", clock: "report", does: "pause" },
  { move: "endPause", clock: "contact", does: "resume" },
  { move: "endPause", clock: "report", does: "resume" },
  // 退单、确权
  { move: "returnToCentre", clock: "accept", does: "stop" },
  { move: "returnToCentre", clock: "contact", does: "pause" },
  { move: "returnToCentre", clock: "report", does: "pause" },
  { move: "returnToCentre", clock: "returnReview", does: "start" },
  { move: "refuseReturn", clock: "returnReview", does: "stop" },
  { move: "refuseReturn", clock: "contact", does: "resume" },
  { move: "refuseReturn", clock: "report", does: "resume" },
  { move: "acceptReturn", clock: "returnReview", does: "stop" },
  { move: "acceptReturn", clock: "contact", does: "cancel" },
  { move: "acceptReturn", clock: "report", does: "cancel" },
  { move: "acceptReturn", clock: "dispatch", does: "start" },
  { move: "openOwnership", clock: "dispatch", does: "stop" },
  { move: "openOwnership", clock: "returnReview", does: "stop" },
  { move: "openOwnership", clock: "contact", does: "cancel" },
  { move: "openOwnership", clock: "report", does: "cancel" },
  { move: "openOwnership", clock: "ownership", does: "start" },
  { move: "rule", clock: "ownership", does: "stop" },
  { move: "rule", clock: "accept", does: "start" },
  { move: "rule", clock: "contact", does: "start" },
  { move: "rule", clock: "report", does: "start" },
  { move: "rerule", clock: "accept", does: "cancel" },
  { move: "rerule", clock: "contact", does: "cancel" },
  { move: "rerule", clock: "report", does: "cancel" },
  { move: "rerule", clock: "accept", does: "start" },
  { move: "rerule", clock: "contact", does: "start" },
  { move: "rerule", clock: "report", does: "start" },
  // 退市
  { move: "applyWithdraw", clock: "dispatch", does: "stop" },
  { move: "applyWithdraw", clock: "withdraw", does: "start" },
  { move: "acceptWithdraw", clock: "withdraw", does: "stop" },
  { move: "rejectWithdraw", clock: "withdraw", does: "stop" },
  { move: "rejectWithdraw", clock: "dispatch", does: "start" },
  // 审核、回访、结案
  { move: "rework", clock: "closing", does: "stop" },
  { move: "rework", clock: "accept", does: "start" },
  { move: "rework", clock: "report", does: "start" },
  { move: "approveClosing", clock: "closing", does: "stop" },
  { move: "reopen", clock: "dispatch", does: "start" },
  // 挂账
  { move: "shelve", clock: "closing", does: "stop" },
  { move: "shelve", clock: "shelf", does: "start" },
  { move: "unshelve", clock: "shelf", does: "stop" },
  { move: "unshelve", clock: "report", does: "takeUp" },
  // 协办: each assignment carries its own clock
  { move: "coAssign", clock: "coReport", does: "start" },
  { move: "coReport", clock: "coReport", does: "stop" },
  { move: "coDecline", clock: "coReport", does: "cancel" },
  { move: "coCancel", clock: "coReport", does: "cancel" },
] as const satisfies readonly Track[];

/** What a move does, in the order in which it is done. */
export function tracksOf(move: string): readonly Track[] {
  return TRACKS.filter((track) => track.move === move);
}
