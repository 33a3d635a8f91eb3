/** 录音地址. Where the telephone system keeps the talk of a callback; added once, never changed. */
import type { Db } from "../platform/db/open.ts";
import { lockTicket, recordEvent, type Stamp } from "./store.ts";

/** Adds the address of a recording to a callback that has none yet; false where there is no such callback. */
export async function recordRecording(
  tx: Db,
  ticketId: string,
  callbackId: string,
  address: string,
  stamp: Stamp,
): Promise<boolean> {
  const ticket = await lockTicket(tx, ticketId);
  if (!ticket) return false;
  const kept = await tx
    .updateTable("callback")
    .set({ recording: address })
    .where("id", "=", callbackId)
    .where("ticket_id", "=", ticketId)
    .where("recording", "is", null)
    .executeTakeFirst();
  if (kept.numUpdatedRows === 0n) return false;
  await recordEvent(tx, ticket, "recording", { callbackId }, stamp);
  return true;
}
