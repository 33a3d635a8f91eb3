/** What the address of the callback desk says: which call is open. */
export interface CallSearch {
  readonly id?: string | undefined;
}

export function callSearch(raw: Record<string, unknown>): CallSearch {
  return { id: typeof raw.id === "string" && raw.id !== "" ? raw.id : undefined };
}
