/** What the address of the list of incidents says. */
import { ALL_INCIDENTS, type IncidentKind } from "@jiesu/core/incident/kinds.ts";

const STANDINGS = ["live", "closed", "all"] as const;
export type Standing = (typeof STANDINGS)[number];

export interface IncidentSearch {
  readonly kind?: IncidentKind | undefined;
  readonly standing?: Standing | undefined;
  /** A day of the term; the running one when absent. */
  readonly term?: string | undefined;
}

export function incidentSearch(raw: Record<string, unknown>): IncidentSearch {
  return {
    kind: ALL_INCIDENTS.find((kind) => kind === raw.kind),
    standing: STANDINGS.find((standing) => standing === raw.standing),
    term: typeof raw.term === "string" && /^\d{4}-\d{2}-\d{2}$/.test(raw.term) ? raw.term : undefined,
  };
}
