/** 撤销操作. Keeps how a ticket stood before a move, and puts it back for who made it; the undoing is an event of its own. */

import { isMove, type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { decideUndo } from "@jiesu/core/ticket/undo.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import { undoRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { restoreClocks } from "./clocks.ts";
import { readTicket } from "./detail.ts";
import { lastsAgain } from "./pause.ts";
import { Id, TicketDetail } from "./schema.ts";
import { type Before, keptOf } from "./snapshot.ts";
import { type LockedTicket, lockTicket } from "./store.ts";

addWordings({
  "undo-nothing": { status: 409, zh: () => "没有可以撤销的操作。" },
  "undo-never": { status: 409, zh: (r) => `“${zhOf(r.move)}”已经生效，不能撤销；请另行登记更正。` },
  "undo-not-yours": { status: 403, zh: () => "只能撤销自己刚做的操作。" },
  "undo-overtaken": { status: 409, zh: (r) => `${String(r.by)}已接续办理，不能再撤销。` },
  "undo-too-late": { status: 409, zh: (r) => `已超过 ${String(r.minutes)} 分钟，不能撤销。` },
});

const zhOf = (move: unknown): string =>
  typeof move === "string" && isMove(move) ? stepOf(move).zh : "该操作";

export function undoRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/:id/undo", {
    config: { who: WORKERS },
    schema: {
      summary: "撤销自己刚做的操作（限时，且无人接续）",
      params: z.object({ id: Id }),
      response: { 200: z.object({ ticket: TicketDetail.nullable() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      if (!(await readTicket(shell, shell.db, actor, id))) throw new Refused({ code: "not-found" });
      await undoLast(shell, actor, id);
      return { ticket: await readTicket(shell, shell.db, actor, id) };
    },
  });
}

/** One made move: which, and the version that it gave the ticket. */
export interface Made {
  readonly move: Move;
  readonly version: number;
}

/**
 * Takes back the last move; with `made`, only that one, and where it was taken back already nothing is done again.
 * Throws Refused.
 */
export function undoLast(
  shell: Shell,
  actor: Actor & { readonly userId: string },
  id: string,
  made: Made | null = null,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const at = new Date(now);
    const ticket = await lockTicket(tx, id);
    if (ticket && made && (await isTakenBack(tx, id, made))) return;
    const kept = await keptOf(tx, id);
    if (!ticket || !kept) throw new Refused({ code: "undo-nothing" });
    if (made && kept.version !== made.version) throw new Refused(await overtakenBy(tx, id, made));
    const decision = decideUndo(kept.last, actor.userId, now, undoRulesOn(shell.rules, now));
    if (!decision.ok) throw new Refused(decision.refusal);
    const { before } = kept;
    const endRound = decision.value === "endRound";
    if (endRound) await endNewRound(tx, ticket, at);
    await putBackRound(tx, id, before);
    const due = await restoreClocks(tx, id, before.clocks, now);
    await lastsAgain(tx, id);
    const version = ticket.version + 1;
    const { round, ...rest } = before.ticket;
    await tx
      .updateTable("ticket")
      .set({
        ...rest,
        // A number once given to a round is never given again: its events stand in the history.
        ...(endRound ? {} : { round }),
        due_at: due.dueAt === null ? null : new Date(due.dueAt),
        due_kind: due.dueKind,
        near_at: due.nearAt === null ? null : new Date(due.nearAt),
        version,
        moved_version: version,
        updated_at: at,
      })
      .where("id", "=", id)
      .execute();
    await tx
      .insertInto("event")
      .values({
        ticket_id: id,
        version,
        kind: `undo:${kept.last.move}`,
        from_state: ticket.state,
        to_state: before.ticket.state,
        round: endRound ? ticket.round : round,
        at,
        user_id: actor.userId,
        user_name: actor.name,
        role: kept.role,
        unit_id: before.ticket.lead_unit_id ?? ticket.leadUnitId,
        data: JSON.stringify({ move: kept.last.move }),
      })
      .execute();
    await tx.deleteFrom("undo_snapshot").where("ticket_id", "=", id).execute();
  });
}

/** Whether the first undoing of such a move after it was made is on record, before another move of that kind. */
async function isTakenBack(tx: Db, id: string, { move, version }: Made): Promise<boolean> {
  const next = await tx
    .selectFrom("event")
    .select("kind")
    .where("ticket_id", "=", id)
    .where("version", ">", version)
    .where("kind", "in", [move, `undo:${move}`])
    .orderBy("version")
    .limit(1)
    .executeTakeFirst();
  return next?.kind === `undo:${move}`;
}

async function overtakenBy(tx: Db, id: string, { version }: Made): Promise<Refusal> {
  const next = await tx
    .selectFrom("event")
    .select("user_name")
    .where("ticket_id", "=", id)
    .where("version", ">", version)
    .where("kind", "not like", "timer.%")
    .orderBy("version")
    .limit(1)
    .executeTakeFirst();
  return next ? { code: "undo-overtaken", by: next.user_name } : { code: "undo-nothing" };
}

/** The round that the move opened stays on record, ended and not counted. */
async function endNewRound(tx: Db, ticket: LockedTicket, now: Date): Promise<void> {
  await tx
    .updateTable("assignment")
    .set({ state: "cancelled", ended_at: now, ended_as: "undone" })
    .where("ticket_id", "=", ticket.id)
    .where("round", "=", ticket.round)
    .execute();
  await tx
    .updateTable("result")
    .set({ void: true })
    .where("ticket_id", "=", ticket.id)
    .where("round", "=", ticket.round)
    .execute();
}

async function putBackRound(tx: Db, ticketId: string, before: Before): Promise<void> {
  for (const { id, ...row } of before.assignments)
    await tx.updateTable("assignment").set(row).where("id", "=", id).execute();
  for (const result of before.results)
    await tx
      .updateTable("result")
      .set({ void: result.void })
      .where("ticket_id", "=", ticketId)
      .where("round", "=", result.round)
      .execute();
}
