/**
 * 成批作废. Takes back tickets that an import had created by mistake: nothing of them counts or waits any more, and the
 * taking back is an event. What was recorded before stays recorded. A later file that holds them brings them again.
 */
import { cancelClock } from "@jiesu/core/deadline/clock.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { insertRows, iso, recordset } from "./bulkwrite.ts";
import { clockOf, clockRow } from "./clocks.ts";
import type { Stamp } from "./store.ts";

/** A ticket that is locked and nobody has worked on. */
export interface Voidable {
  readonly id: string;
  readonly state: string;
  readonly round: number;
  readonly version: number;
}

/** Takes the tickets back in the caller's transaction; `data` is what the event says of it. */
export async function voidTickets(
  tx: Db,
  tickets: readonly Voidable[],
  data: Readonly<Record<string, unknown>>,
  stamp: Stamp,
): Promise<void> {
  if (tickets.length === 0) return;
  const ids = tickets.map((t) => t.id);
  await cancelClocks(tx, ids, stamp.at);
  // Results first: the ledger's last word on each round is that it is void.
  await tx.deleteFrom("result").where("ticket_id", "in", ids).execute();
  await tx.deleteFrom("assignment").where("ticket_id", "in", ids).execute();
  await tx.deleteFrom("callback").where("ticket_id", "in", ids).where("source", "=", "city").execute();
  await tx.deleteFrom("requester").where("ticket_id", "in", ids).execute();
  await tx
    .updateTable("ticket")
    .set({
      state: "voided",
      round: 0,
      lead_unit_id: null,
      closing_kind: null,
      closed_at: null,
      dispatched_at: null,
      due_at: null,
      due_kind: null,
      near_at: null,
      version: sql`version + 1`,
      moved_version: sql`version + 1`,
      updated_at: new Date(stamp.at),
    })
    .where("id", "in", ids)
    .execute();
  await insertRows(
    tx,
    "event",
    EVENT,
    tickets.map((t) => ({
      ticket_id: t.id,
      version: t.version + 1,
      kind: "undoImport",
      from_state: t.state,
      to_state: "voided",
      round: t.round,
      at: iso(stamp.at),
      user_id: stamp.userId,
      user_name: stamp.userName,
      role: stamp.role,
      data,
    })),
  );
}

/** Sealed columns of a requester as they were; hexadecimal. */
export interface SealedBefore {
  readonly ticket_id: string;
  readonly name_enc: string | null;
  readonly phone_enc: string | null;
  readonly account_enc: string | null;
  readonly content_enc: string | null;
  readonly phone_hash: string | null;
  readonly tail_hash: string | null;
}

/** Puts sealed requesters back byte for byte; where there was none, there is none again. */
export async function putBackRequesters(
  tx: Db,
  ids: readonly string[],
  before: readonly SealedBefore[],
): Promise<void> {
  if (ids.length === 0) return;
  await tx.deleteFrom("requester").where("ticket_id", "in", ids).execute();
  await insertRows(tx, "requester", REQUESTER, before);
}

const REQUESTER = {
  ticket_id: "bigint",
  name_enc: "bytea",
  phone_enc: "bytea",
  account_enc: "bytea",
  content_enc: "bytea",
  phone_hash: "bytea",
  tail_hash: "bytea",
} as const;

const EVENT = {
  ticket_id: "bigint",
  version: "integer",
  kind: "text",
  from_state: "text",
  to_state: "text",
  round: "smallint",
  at: "timestamptz",
  user_id: "bigint",
  user_name: "text",
  role: "text",
  data: "jsonb",
} as const;

async function cancelClocks(tx: Db, ids: readonly string[], now: number): Promise<void> {
  const live = await tx
    .selectFrom("clock")
    .select(["id", "body"])
    .where("ticket_id", "in", ids)
    .where("state", "in", ["running", "paused"])
    .execute();
  if (live.length === 0) return;
  const rows = live.flatMap(({ id, body }) => {
    const cancelled = cancelClock(clockOf(body), now);
    if (!cancelled.ok) return [];
    const { state, stopped_at, body: ended } = clockRow("0", null, cancelled.value);
    return [{ id, state, stopped_at: stopped_at?.toISOString() ?? null, body: JSON.parse(ended) }];
  });
  await sql`update clock c set state = rec.state, stopped_at = rec.stopped_at, body = rec.body
    from ${recordset({ id: "bigint", state: "text", stopped_at: "timestamptz", body: "jsonb" }, rows)}
   where c.id = rec.id`.execute(tx);
  await tx
    .deleteFrom("timer")
    .where(
      "clock_id",
      "in",
      live.map((c) => c.id),
    )
    .where("fired_at", "is", null)
    .execute();
}
