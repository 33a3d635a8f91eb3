/** What the addresses of the ranking, and of the tickets behind a figure, say. */
export interface RankSearch {
  readonly period?: string | undefined;
  readonly group?: string | undefined;
  readonly scope?: "all" | "assessed" | undefined;
  readonly rules?: string | undefined;
  readonly level?: "district" | "city" | undefined;
}

export interface CountedSearch extends RankSearch {
  readonly measure?: string | undefined;
  readonly unit?: string | undefined;
  readonly category?: string | undefined;
  /** Days, where no period is named. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** With the tickets that are tried: their ids, with commas between. */
export interface LeversSearch extends RankSearch {
  readonly tick?: string | undefined;
}

/** The accuracy of callbacks: what it is told by, and the figure that is opened, "key|which". */
export interface AccuracySearch extends RankSearch {
  readonly by?: "unit" | "month" | undefined;
  readonly open?: string | undefined;
}

/** Reasons of every "no": whose callbacks, told by what, and the count that is opened, "key|question|code". */
export interface ReasonsSearch extends AccuracySearch {
  readonly source?: "city" | undefined;
}

export function accuracySearch(raw: Record<string, unknown>): AccuracySearch {
  const by = text(raw.by);
  return { ...rankSearch(raw), by: by === "unit" || by === "month" ? by : undefined, open: text(raw.open) };
}

export function reasonsSearch(raw: Record<string, unknown>): ReasonsSearch {
  return { ...accuracySearch(raw), source: raw.source === "city" ? "city" : undefined };
}

export function rankSearch(raw: Record<string, unknown>): RankSearch {
  const scope = text(raw.scope);
  const level = text(raw.level);
  return {
    period: text(raw.period),
    group: text(raw.group),
    scope: scope === "all" || scope === "assessed" ? scope : undefined,
    rules: text(raw.rules),
    level: level === "district" || level === "city" ? level : undefined,
  };
}

export function countedSearch(raw: Record<string, unknown>): CountedSearch {
  return {
    ...rankSearch(raw),
    measure: text(raw.measure),
    unit: text(raw.unit),
    category: text(raw.category),
    from: text(raw.from),
    to: text(raw.to),
  };
}

export function leversSearch(raw: Record<string, unknown>): LeversSearch {
  return { ...rankSearch(raw), tick: text(raw.tick) };
}

/** What the address of the points says: of which period and unit, in which state. */
export interface AdjustmentSearch {
  readonly period?: string | undefined;
  readonly level?: "district" | "city" | undefined;
  readonly unit?: string | undefined;
  readonly state?: string | undefined;
}

export function adjustmentSearch(raw: Record<string, unknown>): AdjustmentSearch {
  const { period, level } = rankSearch(raw);
  return { period, level, unit: text(raw.unit), state: text(raw.state) };
}

export interface FactSearch {
  readonly tab?: "population" | undefined;
}

export function factSearch(raw: Record<string, unknown>): FactSearch {
  return { tab: text(raw.tab) === "population" ? "population" : undefined };
}

/** Without what the address leaves open. */
export function given<T extends object>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const out: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in search) if (search[key] !== undefined) Object.assign(out, { [key]: search[key] });
  return out;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
