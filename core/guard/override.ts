/**
 * 复核放行. A step that a check stops may be let pass by two: who makes it says why, another of fitting role confirms or
 * refuses, both within the hours of the dated list. It holds for the very words that were looked at, once.
 */
import type { Role } from "../ticket/role.ts";
import type { CheckKey } from "./checklist.ts";
import type { Looked } from "./guard.ts";

export const OVERRIDE_STATES = {
  asked: "待复核",
  confirmed: "已放行",
  refused: "不放行",
  used: "已办理",
  expired: "已失效",
  dropped: "已撤回",
} as const;
export type OverrideState = keyof typeof OVERRIDE_STATES;

/** Who may be the second person. */
export const SECOND: readonly Role[] = ["shiftLead", "leader"];

export interface OverrideFacts {
  readonly state: OverrideState;
  readonly askedBy: string;
  readonly expiresAt: number;
}

export type OverrideRefusal =
  | { readonly code: "override-settled"; readonly stateZh: string }
  | { readonly code: "override-expired" }
  | { readonly code: "override-same-person" }
  | { readonly code: "override-not-yours" };

/** How it stands at an instant: what nobody settled or made use of in time is over. */
export function stateAt(facts: Pick<OverrideFacts, "state" | "expiresAt">, now: number): OverrideState {
  const open = facts.state === "asked" || facts.state === "confirmed";
  return open && now > facts.expiresAt ? "expired" : facts.state;
}

/** Why this person may not confirm or refuse it now; null when they may. */
export function decidingBarred(
  facts: OverrideFacts,
  who: { readonly userId: string; readonly roles: readonly Role[] },
  now: number,
): OverrideRefusal | null {
  const state = stateAt(facts, now);
  if (state === "expired") return { code: "override-expired" };
  if (state !== "asked") return { code: "override-settled", stateZh: OVERRIDE_STATES[state] };
  if (facts.askedBy === who.userId) return { code: "override-same-person" };
  return who.roles.some((role) => SECOND.includes(role)) ? null : { code: "override-not-yours" };
}

/** Whether what was let pass covers everything that stops now: the same words, no stop beyond those that were told. */
export function covers(
  passed: { readonly keys: readonly CheckKey[]; readonly digest: string },
  stops: readonly Pick<Looked, "key">[],
  digest: string,
): boolean {
  return passed.digest === digest && stops.every((stop) => passed.keys.includes(stop.key));
}
