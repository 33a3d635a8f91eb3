/** What the addresses of the city's results say. */
export interface CitySearch {
  readonly cause?: string | undefined;
  readonly unit?: string | undefined;
  readonly state?: "open" | "disputed" | "answered" | "equal" | undefined;
  readonly line?: string | undefined;
}

const STATES = ["open", "disputed", "answered", "equal"] as const;

export function citySearch(raw: Record<string, unknown>): CitySearch {
  return {
    cause: text(raw.cause),
    unit: text(raw.unit),
    state: STATES.find((each) => each === raw.state),
    line: text(raw.line),
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
