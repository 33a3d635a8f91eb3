/** What the address of the page of overrides says. */
const TABS = ["open", "all", "statistics", "rules"] as const;
export type OverrideTab = (typeof TABS)[number];
const BY = ["check", "asker", "second"] as const;
export type StatBy = (typeof BY)[number];

export interface OverrideSearch {
  readonly tab?: OverrideTab | undefined;
  readonly by?: StatBy | undefined;
}

export function overrideSearch(raw: Record<string, unknown>): OverrideSearch {
  return { tab: TABS.find((tab) => tab === raw.tab), by: BY.find((by) => by === raw.by) };
}
