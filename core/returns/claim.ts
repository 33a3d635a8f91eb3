/** 退单申请. What a return must say by the ground that it names, and until when it may be made. */
import { HOUR_MS } from "../time/day.ts";
import type { ReturnGround, ReturnRules, ReturnWindow } from "./rules.ts";

/** What a unit says when it gives a ticket back. Without a code it is counted as 未分类: returns told before there was a list. */
export interface ReturnClaim {
  /** Code of the dated list. */
  readonly kind?: string | undefined;
  /** The reason in words. */
  readonly ground: string;
  readonly evidence?: string | undefined;
  readonly suggestUnit: string;
}

export type ClaimRefusal =
  | { readonly code: "reason-unknown"; readonly field: "kind"; readonly reason: string }
  | { readonly code: "field-missing"; readonly field: "evidence" | "suggestUnit"; readonly fieldZh: string };

/** The ground that is claimed, null for none; or what the claim lacks. */
export function groundOf(
  claim: ReturnClaim,
  rules: Pick<ReturnRules, "grounds"> | undefined,
):
  | { readonly ok: true; readonly ground: ReturnGround | null }
  | { readonly ok: false; readonly refusal: ClaimRefusal } {
  const { kind } = claim;
  if (kind === undefined) return { ok: true, ground: null };
  const ground = rules?.grounds.find((each) => each.code === kind);
  if (ground === undefined)
    return { ok: false, refusal: { code: "reason-unknown", field: "kind", reason: kind } };
  const lacks = lackOf(claim, ground);
  return lacks ? { ok: false, refusal: lacks } : { ok: true, ground };
}

/** The first thing that the ground asks for and the claim does not say; null when it says all. */
export function lackOf(
  claim: Pick<ReturnClaim, "evidence" | "suggestUnit">,
  ground: ReturnGround,
): (ClaimRefusal & { readonly code: "field-missing" }) | null {
  const blank = (text: string | undefined): boolean => text === undefined || text.trim() === "";
  if (ground.evidenceNeeded && blank(claim.evidence))
    return { code: "field-missing", field: "evidence", fieldZh: `退单依据：${ground.evidence}` };
  if (ground.unitNeeded && blank(claim.suggestUnit))
    return { code: "field-missing", field: "suggestUnit", fieldZh: "建议承办单位" };
  return null;
}

/** The last instant at which the ticket may be given back; null where no window is set, or has not begun. */
export function windowEnd(
  window: ReturnWindow | null,
  level: 1 | 2 | 3 | 4,
  lead: { readonly dispatchedAt: number; readonly acceptedAt: number | null },
): number | null {
  if (window === null) return null;
  const since = window.from === "dispatch" ? lead.dispatchedAt : lead.acceptedAt;
  return since === null ? null : since + window.hours[level] * HOUR_MS;
}
