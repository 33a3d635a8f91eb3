/** What the addresses of exemption and shelving say. */
export interface ListSearch {
  readonly tab?: string | undefined;
}

export interface ApplySearch {
  readonly ticket?: string | undefined;
  readonly round?: string | undefined;
}

export function listSearch(raw: Record<string, unknown>): ListSearch {
  return { tab: text(raw.tab) };
}

export function applySearch(raw: Record<string, unknown>): ApplySearch {
  return { ticket: text(raw.ticket), round: text(raw.round) };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
