/** What the addresses of units and of the audit say. */
const text = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

export function unitsSearch(raw: Record<string, unknown>): { unit?: string | undefined } {
  return { unit: text(raw.unit) };
}

export interface AuditSearch {
  readonly what?: string | undefined;
  readonly user?: string | undefined;
  readonly ticket?: string | undefined;
  readonly q?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export function auditSearch(raw: Record<string, unknown>): AuditSearch {
  const { what, user, ticket, q, from, to } = raw;
  return {
    what: text(what),
    user: text(user),
    ticket: text(ticket),
    q: text(q),
    from: text(from),
    to: text(to),
  };
}
