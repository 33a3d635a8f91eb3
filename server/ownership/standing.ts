/** 先例的现状. Whether a version holds today, in a word. */
import { VERSION_STATES, type VersionState } from "@jiesu/core/ownership/precedent.ts";
import type { Day } from "@jiesu/core/time/day.ts";

export const PRECEDENT_STANDINGS = [
  "draft",
  "coming",
  "standing",
  "expired",
  "amended",
  "overruled",
  "discarded",
] as const;
export type PrecedentStanding = (typeof PRECEDENT_STANDINGS)[number];

export function standingOf(
  version: { readonly state: VersionState; readonly from: Day; readonly to: Day | null },
  today: Day,
): { readonly standing: PrecedentStanding; readonly standingZh: string } {
  const { state, from, to } = version;
  if (state !== "published") return { standing: state, standingZh: VERSION_STATES[state] };
  if (today < from) return { standing: "coming", standingZh: "未生效" };
  if (to !== null && today > to) return { standing: "expired", standingZh: "已到期" };
  return { standing: "standing", standingZh: "有效" };
}
