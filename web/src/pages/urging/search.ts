/** What the address of the list of urges says. */
const TABS = ["open", "answered", "settled", "all", "ladder"] as const;
export type UrgeTab = (typeof TABS)[number];

export interface UrgeSearch {
  readonly tab?: UrgeTab | undefined;
  readonly unit?: string | undefined;
}

export function urgeSearch(raw: Record<string, unknown>): UrgeSearch {
  return {
    tab: TABS.find((tab) => tab === raw.tab),
    unit: typeof raw.unit === "string" && /^\d+$/.test(raw.unit) ? raw.unit : undefined,
  };
}
