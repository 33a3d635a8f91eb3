/** 回访的记录. Calls that nobody took and the planned next one. */
import type { Change } from "@jiesu/core/ticket/decide.ts";
import type { Db } from "../platform/db/open.ts";

interface Made {
  readonly at: number;
  readonly userId: string | null;
  readonly userName: string;
}

interface Waiting {
  readonly id: string;
  readonly round: number;
  readonly state: string;
}

/** When this ticket was called in vain since it came to the callers, the first first. */
export async function attemptsOf(
  tx: Db,
  ticket: Pick<Waiting, "id" | "round"> & { readonly movedVersion: number },
): Promise<readonly number[]> {
  const rows = await tx
    .selectFrom("callback as c")
    .innerJoin("event as e", (j) =>
      j.onRef("e.ticket_id", "=", "c.ticket_id").on("e.version", "=", ticket.movedVersion),
    )
    .select("c.at")
    .where("c.ticket_id", "=", ticket.id)
    .where("c.round", "=", ticket.round)
    .where("c.source", "=", "own")
    .where("c.outcome", "=", "missed")
    .whereRef("c.at", ">", "e.at")
    .orderBy("c.at")
    .execute();
  return rows.map((row) => row.at.getTime());
}

/** Keeps the plan of a missed call; forgets it when the ticket leaves the callers. */
export async function recordPlan(tx: Db, ticket: Waiting, change: Change, stamp: Made): Promise<void> {
  if (change.nextCallAt !== undefined) {
    const plan = {
      round: ticket.round,
      at: new Date(change.nextCallAt),
      made_at: new Date(stamp.at),
      user_id: stamp.userId,
      user_name: stamp.userName,
      told_at: null,
    };
    await tx
      .insertInto("call_plan")
      .values({ ticket_id: ticket.id, ...plan })
      .onConflict((c) => c.column("ticket_id").doUpdateSet(plan))
      .execute();
  } else if (ticket.state === "calling" && change.to !== "calling") {
    await tx.deleteFrom("call_plan").where("ticket_id", "=", ticket.id).execute();
  }
}
