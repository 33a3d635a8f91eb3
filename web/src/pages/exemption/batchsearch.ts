/** What the addresses of batches to the city say. */
export interface BatchSearch {
  readonly period?: string | undefined;
  readonly ground?: string | undefined;
}

export interface OneBatchSearch {
  /** The state of the applications that are shown. */
  readonly only?: "upheld" | "denied" | "sent" | undefined;
}

export function oneBatchSearch({ only }: Record<string, unknown>): OneBatchSearch {
  return { only: only === "upheld" || only === "denied" || only === "sent" ? only : undefined };
}

export function batchSearch(raw: Record<string, unknown>): BatchSearch {
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
  return { period: text(raw.period), ground: text(raw.ground) };
}
