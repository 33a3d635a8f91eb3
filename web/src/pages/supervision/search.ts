/** What the addresses of supervision say. */
import {
  ALL_SUPERVISION_LEVELS,
  ALL_SUPERVISION_ORIGINS,
  ALL_SUPERVISION_STATES,
  type SupervisionLevel,
  type SupervisionOrigin,
  type SupervisionState,
} from "@jiesu/core/supervision/lifecycle.ts";

export type StateAsked = SupervisionState | "open" | "counted" | "checking" | "all";

export interface ItemsSearch {
  readonly state?: StateAsked | undefined;
  readonly level?: SupervisionLevel | undefined;
  readonly origin?: SupervisionOrigin | undefined;
  readonly unit?: string | undefined;
  /** "1": only where the unit leads. */
  readonly lead?: "1" | undefined;
  readonly period?: string | undefined;
  readonly due?: "near" | "overdue" | undefined;
  readonly late?: "1" | undefined;
  readonly q?: string | undefined;
}

const ASKED: readonly StateAsked[] = [...ALL_SUPERVISION_STATES, "open", "counted", "checking", "all"];

export function itemsSearch(raw: Record<string, unknown>): ItemsSearch {
  return {
    state: ASKED.find((each) => each === raw.state),
    level: ALL_SUPERVISION_LEVELS.find((each) => each === raw.level),
    origin: ALL_SUPERVISION_ORIGINS.find((each) => each === raw.origin),
    unit: matching(raw.unit, /^(\d+|none)$/),
    lead: raw.lead === "1" ? "1" : undefined,
    period: matching(raw.period, /^\d{4}-\d{2}$/),
    due: raw.due === "near" || raw.due === "overdue" ? raw.due : undefined,
    late: raw.late === "1" ? "1" : undefined,
    q: matching(raw.q, /\S/),
  };
}

interface SummarySearch {
  readonly period?: string | undefined;
}

export function summarySearch(raw: Record<string, unknown>): SummarySearch {
  return { period: matching(raw.period, /^(\d{4}-\d{2}|all)$/) };
}

export interface WatchedSearch {
  readonly unit?: string | undefined;
  readonly due?: "near" | "overdue" | undefined;
}

export function watchedSearch(raw: Record<string, unknown>): WatchedSearch {
  return {
    unit: matching(raw.unit, /^(\d+|none)$/),
    due: raw.due === "near" || raw.due === "overdue" ? raw.due : undefined,
  };
}

function matching(value: unknown, pattern: RegExp): string | undefined {
  return typeof value === "string" && pattern.test(value) ? value : undefined;
}
