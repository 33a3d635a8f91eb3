/** What the address of the watch-list says. */
import { ALL_REASONS, type Reason } from "@jiesu/core/watch/reasons.ts";

const TABS = ["list", "leavings", "sweep"] as const;
export type WatchTab = (typeof TABS)[number];

export interface WatchSearch {
  readonly tab?: WatchTab | undefined;
  readonly reason?: Reason | undefined;
  readonly mine?: "1" | undefined;
}

export function watchSearch(raw: Record<string, unknown>): WatchSearch {
  return {
    tab: TABS.find((tab) => tab === raw.tab),
    reason: ALL_REASONS.find((reason) => reason === raw.reason),
    mine: raw.mine === "1" ? "1" : undefined,
  };
}
