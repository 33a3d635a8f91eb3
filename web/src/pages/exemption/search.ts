/** What the addresses of exemption and shelving say. */
export interface ListSearch {
  readonly tab?: string | undefined;
  /** A row of the accuracy that is opened: by what it counts, its key, and which of its figures. */
  readonly by?: AccuracyBy | undefined;
  readonly key?: string | undefined;
  readonly turned?: true | undefined;
}

export type AccuracyBy = "unit" | "reviewer" | "ground";

export interface ApplySearch {
  readonly ticket?: string | undefined;
  readonly round?: string | undefined;
}

export function listSearch(raw: Record<string, unknown>): ListSearch {
  const by = raw.by === "unit" || raw.by === "reviewer" || raw.by === "ground" ? raw.by : undefined;
  const key = typeof raw.key === "number" ? String(raw.key) : text(raw.key);
  return { tab: text(raw.tab), by, key, turned: raw.turned === true ? true : undefined };
}

export function applySearch(raw: Record<string, unknown>): ApplySearch {
  return { ticket: text(raw.ticket), round: text(raw.round) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
