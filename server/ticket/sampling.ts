/** 抽访答复入账. What a sampled requester answered, as an event of the ticket; and as the centre's own callback where the rule counts it. */
import { isValidCallback } from "@jiesu/core/assessment/entry.ts";
import type { CallbackAnswers } from "@jiesu/core/ticket/moves.ts";
import type { Db } from "../platform/db/open.ts";
import { lockTicket, recordEvent, type Stamp } from "./store.ts";

export interface SampledAnswer {
  readonly ticketId: string;
  readonly round: number;
  readonly outcome: string;
  readonly answers: CallbackAnswers;
  readonly reasons: Readonly<Record<string, unknown>>;
  readonly reason: string;
  readonly note: string;
  readonly talkSeconds: number | null;
  /** By the rule of the plan: it stands in for the centre's own callback while the city's has not come. */
  readonly counted: boolean;
}

/** False when the ticket is gone. */
export async function recordSampled(tx: Db, said: SampledAnswer, stamp: Stamp): Promise<boolean> {
  const ticket = await lockTicket(tx, said.ticketId);
  if (!ticket) return false;
  const { ticketId, round, outcome } = said;
  if (said.counted && outcome === "answered") {
    const answers = {
      contacted: said.answers.contacted ?? null,
      solved: said.answers.solved ?? null,
      satisfied: said.answers.satisfied ?? null,
    };
    await tx
      .insertInto("callback")
      .values({
        ...{ ticket_id: ticketId, round, source: "own", outcome, ...answers },
        ...{ reason: said.reason, note: said.note, reasons: JSON.stringify(said.reasons) },
        ...{ talk_seconds: said.talkSeconds, at: new Date(stamp.at) },
        ...{ user_id: stamp.userId, user_name: stamp.userName },
      })
      .execute();
    await tx
      .updateTable("result")
      .set({ ...answers, valid: isValidCallback(null, said.answers), source: "own" })
      .where("ticket_id", "=", ticketId)
      .where("round", "=", round)
      .where("void", "=", false)
      .where((eb) => eb.or([eb("source", "is", null), eb("source", "=", "own")]))
      .execute();
  }
  const { answers, reasons, counted } = said;
  await recordEvent(tx, ticket, "sampled", { round, outcome, answers, reasons, counted }, stamp);
  return true;
}
