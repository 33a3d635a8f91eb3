/**
 * 办理中的工单来了新数据. A row of a ticket that somebody has worked on changes nothing behind their back: answers and
 * scope are recorded as the city's result, a new dispatch of the city reopens what was closed or sent back, and the
 * rest is put on record. Every step is a move of the table, made as the importer.
 */
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { MoveInput } from "@jiesu/core/ticket/moves.ts";
import { STATES } from "@jiesu/core/ticket/state.ts";
import { importerFor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { moveTicketIn } from "../ticket/actions.ts";
import { recordCityDue } from "../ticket/bulk.ts";
import { lockTicket, recordEvent } from "../ticket/store.ts";
import { type ChangedRow, differences } from "./readyrow.ts";
import type { KeptRow } from "./rowstore.ts";
import type { Run } from "./runstate.ts";

export interface TouchedRow extends ChangedRow {
  readonly ticketId: string;
  /** The row as it was, where its key is known. */
  readonly before: KeptRow | null;
}

/** Records the row; answers the round that it is taken to tell of. */
export async function recordOnTouched(tx: Db, run: Run, row: TouchedRow): Promise<number> {
  const { ticketId: id } = row;
  const ticket = await lockTicket(tx, id);
  if (!ticket) throw new Error("a ticket that was locked is gone");
  const { row: says } = row;
  const actor = importerFor(run.stamp.userName, run.stamp.userId);
  const move = async <M extends Move>(name: M, input: MoveInput[M]): Promise<void> => {
    const outcome = await moveTicketIn(tx, run.shell, actor, id, name, input, null);
    if (!outcome.ok) throw new Error(`the importer could not ${name}: ${outcome.refusal.code}`);
  };
  const reason = `市级再次派单${says.fields.registration ? `（登记编号 ${says.fields.registration}）` : ""}`;
  if (row.isNew && says.closing === null) {
    if (ticket.state === "closed") await move("reopen", { reason });
    if (ticket.state === "withdrawing" || ticket.state === "withdrawn")
      await move("rejectWithdraw", { reason });
  }
  if (says.facts.cityDueAt !== null && says.facts.cityDueAt !== ticket.cityDueAt && STATES[ticket.state].open)
    await recordCityDue(tx, id, says.facts.cityDueAt);
  const answered = Object.values(says.answers).some((answer) => answer !== undefined);
  if (answered || says.validSaid !== null || says.scope !== "full") {
    await move("cityResult", {
      outcome: answered || says.validSaid === true ? "answered" : says.validSaid === false ? "missed" : null,
      answers: says.answers,
      reason: says.reason,
      scope: says.scope === "full" && says.scopeNote === "" ? null : says.scope,
      scopeNote: says.scopeNote,
    });
    return ticket.round;
  }
  const now = await lockTicket(tx, id);
  const data = {
    batch: run.batchId,
    row: says.row,
    changed: row.before ? differences(row.before, row) : [],
    ...(says.closing
      ? { closedAt: says.closing.at === null ? null : new Date(says.closing.at).toISOString() }
      : {}),
  };
  if (now) await recordEvent(tx, now, row.isNew ? "importRound" : "importUpdate", data, run.stamp);
  return ticket.round;
}
