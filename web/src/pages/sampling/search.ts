/** What the address of a sampling plan says: which part is looked at, which call is open, which figure is opened. */
export interface PlanSearch {
  readonly tab?: "results" | "parts" | undefined;
  readonly ticket?: string | undefined;
  readonly by?: "unit" | "month" | undefined;
  /** Row and figure that are opened, "key|what". */
  readonly open?: string | undefined;
}

export function planSearch(raw: Record<string, unknown>): PlanSearch {
  const words = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return {
    tab: raw.tab === "results" || raw.tab === "parts" ? raw.tab : undefined,
    ticket: words(raw.ticket) ?? (typeof raw.ticket === "number" ? String(raw.ticket) : undefined),
    by: raw.by === "unit" || raw.by === "month" ? raw.by : undefined,
    open: words(raw.open),
  };
}
