/** 撤销所需. How a ticket stood before its last move, kept in the move's own transaction for the minutes it may be undone. */
import { isMove, type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { decideUndo, type LastMove, UNDO, undoUntil } from "@jiesu/core/ticket/undo.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { undoRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { liveClocks } from "./clocks.ts";
import type { LockedTicket } from "./store.ts";

/** What this person may take back now, for the ticket page; null when nothing. */
export async function undoOffer(shell: Shell, db: Db, actor: Actor, id: string) {
  if (actor.userId === null) return null;
  const kept = await keptOf(db, id);
  if (!kept) return null;
  const now = shell.now();
  const rules = undoRulesOn(shell.rules, now);
  if (!decideUndo(kept.last, actor.userId, now, rules).ok) return null;
  const { move, at } = kept.last;
  return { move, zh: stepOf(move).zh, until: new Date(undoUntil(at, rules)).toISOString() };
}

/** Keeps how the ticket stands, in the transaction of the move about to be recorded. */
export async function keepForUndo(
  tx: Db,
  ticket: LockedTicket,
  move: Move,
  actor: Actor,
  now: number,
): Promise<void> {
  if (actor.userId === null || UNDO[move] === null) return;
  const [row, assignments, results, clocks] = await Promise.all([
    tx
      .selectFrom("ticket")
      .select(["state", "round", "returns", "lead_unit_id", "closing_kind", "reply"])
      .select(["signed_at", "dispatched_at", "closed_at", "merged_into"])
      .where("id", "=", ticket.id)
      .executeTakeFirstOrThrow(),
    tx
      .selectFrom("assignment")
      .select([
        "id",
        "state",
        "accepted_at",
        "contacted_at",
        "contact_way",
        "reported_at",
        "report",
        "outcome",
      ])
      .select(["ended_at", "ended_as"])
      .where("ticket_id", "=", ticket.id)
      .where("round", "=", ticket.round)
      .execute(),
    tx
      .selectFrom("result")
      .select(["round", "void"])
      .where("ticket_id", "=", ticket.id)
      .where("round", "=", ticket.round)
      .execute(),
    liveClocks(tx, ticket.id),
  ]);
  const snapshot = {
    move,
    version: ticket.version + 1,
    user_id: actor.userId,
    at: new Date(now),
    before: JSON.stringify({ ticket: row, assignments, results, clocks } satisfies Record<
      keyof Before,
      unknown
    >),
  };
  await tx
    .insertInto("undo_snapshot")
    .values({ ticket_id: ticket.id, ...snapshot })
    .onConflict((c) => c.column("ticket_id").doUpdateSet(snapshot))
    .execute();
}

/** Forgets what can no longer be taken back; answers how many. */
export async function forgetSnapshots(shell: Shell): Promise<number> {
  const gone = await shell.db
    .deleteFrom("undo_snapshot")
    .where("at", "<", new Date(shell.now() - 24 * 3_600_000))
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

const at = z.string().nullable();
const Before = z.object({
  ticket: z.object({
    state: z.string(),
    round: z.number(),
    returns: z.number(),
    lead_unit_id: z.string().nullable(),
    closing_kind: z.string().nullable(),
    reply: z.string(),
    signed_at: at,
    dispatched_at: at,
    closed_at: at,
    merged_into: z.string().nullable(),
  }),
  assignments: z.array(
    z.object({
      id: z.string(),
      state: z.string(),
      accepted_at: at,
      contacted_at: at,
      contact_way: z.string().nullable(),
      reported_at: at,
      report: z.string().nullable(),
      outcome: z.string().nullable(),
      ended_at: at,
      ended_as: z.string().nullable(),
    }),
  ),
  results: z.array(z.object({ round: z.number(), void: z.boolean() })),
  clocks: z.array(z.object({ id: z.string(), body: z.unknown() })),
});
export type Before = z.infer<typeof Before>;

/** The kept snapshot with what has happened since; null when there is none. */
export async function keptOf(
  db: Db,
  id: string,
): Promise<{ last: LastMove; version: number; role: string; before: Before } | null> {
  const row = await db.selectFrom("undo_snapshot").selectAll().where("ticket_id", "=", id).executeTakeFirst();
  if (!row || !isMove(row.move)) return null;
  const events = await db
    .selectFrom("event")
    .select(["version", "kind", "role", "user_name"])
    .where("ticket_id", "=", id)
    .where("version", ">=", row.version)
    .orderBy("version")
    .execute();
  const own = events.find((e) => e.version === row.version);
  if (!own) return null;
  const since = events
    .filter((e) => e.version > row.version && !e.kind.startsWith("timer."))
    .map((e) => ({ userName: e.user_name }));
  const last = { move: row.move, userId: row.user_id, at: row.at.getTime(), since };
  return { last, version: row.version, role: own.role, before: Before.parse(row.before) };
}
