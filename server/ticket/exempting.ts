/** 考核口径的变更. Writes the scope that an exemption decided into a round's result, with an event of the ticket. */
import type { EntryScope } from "@jiesu/core/assessment/entry.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { lockTicket, recordEvent, type Stamp } from "./store.ts";

export interface ScopeDecision {
  readonly ticketId: string;
  readonly round: number;
  readonly scope: EntryScope;
  /** city: both levels follow. centre: the city's scope stays as it is. */
  readonly decidedBy: "city" | "centre";
  readonly exemptionId: string;
  readonly note: string;
}

/** False when the ticket is gone or its round is void: there is nothing to exempt. */
export async function recordScope(tx: Db, decision: ScopeDecision, stamp: Stamp): Promise<boolean> {
  const ticket = await lockTicket(tx, decision.ticketId);
  if (!ticket) return false;
  const { scope, decidedBy, exemptionId, note, ticketId, round } = decision;
  const done = await tx
    .updateTable("result")
    .set({
      scope,
      city_scope: decidedBy === "city" ? null : sql`coalesce(city_scope, scope)`,
      scope_note: note,
      exemption_id: exemptionId,
    })
    .where("ticket_id", "=", ticketId)
    .where("round", "=", round)
    .where("void", "=", false)
    .executeTakeFirst();
  if (done.numUpdatedRows === 0n) return false;
  await recordEvent(tx, ticket, "exempt", { exemptionId, round, scope, note }, stamp);
  return true;
}
