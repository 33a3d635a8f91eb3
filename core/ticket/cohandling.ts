/**
 * 协办. The small life of a co-handling assignment, beside the ticket's own state.
 *
 * The lead (主办) drives the ticket; a co-handler (协办) accepts, reports to the lead, or declines to the centre's
 * knowledge. Nothing here moves the ticket.
 */
import type { Role } from "./role.ts";

export const CO_STATES = {
  assigned: "待接收",
  accepted: "协办中",
  coReported: "已反馈主办",
  declined: "已退回",
  cancelled: "已撤销",
} as const;
export type CoState = keyof typeof CO_STATES;

export const CO_LIFECYCLE = [
  { move: "coAccept", zh: "协办接收", from: ["assigned"], to: "accepted", by: ["handler", "unitLead"] },
  { move: "coReport", zh: "协办反馈", from: ["accepted"], to: "coReported", by: ["handler", "unitLead"] },
  {
    move: "coDecline",
    zh: "协办退回",
    from: ["assigned", "accepted"],
    to: "declined",
    by: ["handler", "unitLead"],
  },
  {
    move: "coCancel",
    zh: "撤销协办",
    from: ["assigned", "accepted"],
    to: "cancelled",
    by: ["triager", "shiftLead"],
  },
] as const satisfies readonly {
  move: string;
  zh: string;
  from: readonly CoState[];
  to: CoState;
  by: readonly Role[];
}[];

export type CoMove = (typeof CO_LIFECYCLE)[number]["move"];

/** Where this role may take a co-handling assignment; null where it may not. */
export function coTarget(role: Role, state: CoState, move: CoMove): CoState | null {
  const step = CO_LIFECYCLE.find((s) => s.move === move);
  if (!step || !(step.by as readonly Role[]).includes(role)) return null;
  return (step.from as readonly CoState[]).includes(state) ? step.to : null;
}
