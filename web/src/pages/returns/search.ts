/** What the address of the statistics says: which table, divided by what, of which days, and the number that is opened. */
import { parseDay } from "@jiesu/core/time/day.ts";

/** The tables, each with what it may be divided by; the first of them is what it opens with. */
export const TABLES = {
  returns: { by: ["unit", "ground", "category", "outcome", "week", "month"] },
  withdrawals: { by: ["channel", "category", "street", "week", "month"] },
  collection: { by: ["channel", "path", "kind", "hour", "category", "week", "month"] },
} as const;
export type StatTab = keyof typeof TABLES;
export const TABS: readonly StatTab[] = ["returns", "withdrawals", "collection"];

export interface StatSearch {
  readonly tab?: StatTab | undefined;
  readonly by?: string | undefined;
  /** Beijing days, both inclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The number that is opened: "figure", or "figure|key" of one row. */
  readonly open?: string | undefined;
}

export function statSearch(raw: Record<string, unknown>): StatSearch {
  const text = (key: string) => {
    const value = raw[key];
    return typeof value === "string" && value !== "" ? value : undefined;
  };
  const day = (key: string) => {
    const value = text(key);
    return value !== undefined && parseDay(value) !== null ? value : undefined;
  };
  const tab = TABS.find((each) => each === raw.tab);
  return { tab, by: text("by"), from: day("from"), to: day("to"), open: text("open") };
}

/** The division that the address names, or the table's first. */
export function dividedBy<T extends StatTab>(
  tab: T,
  by: string | undefined,
): (typeof TABLES)[T]["by"][number] {
  const all: readonly (typeof TABLES)[T]["by"][number][] = TABLES[tab].by;
  const [first] = all;
  const found = all.find((each) => each === by) ?? first;
  if (found === undefined) throw new Error("a table without a division");
  return found;
}
