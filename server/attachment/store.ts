/** 附件. The rows of files on tickets: added and hidden with an event each; bytes are in files.ts. */
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import type { TakenFile } from "../platform/files/upload.ts";
import { inScope } from "../ticket/list.ts";
import { type LockedTicket, lockTicket, recordEvent } from "../ticket/store.ts";

/** Files on one ticket, hidden ones counted: what an honest matter needs, and no more than a page can show. */
export const MOST_FILES = 60;

type Person = Actor & { readonly userId: string };

/**
 * Adds a file to a ticket with its event; answers the row's id. The same file by the same person in the same round is
 * there once: a phone whose line broke before the answer came sends it again. Throws Refused.
 */
export function addAttachment(
  db: Db,
  actor: Person,
  ticketId: string,
  file: TakenFile,
  now: number,
): Promise<string> {
  return db.transaction().execute(async (tx) => {
    const ticket = await attachable(tx, actor, ticketId);
    const known = await tx
      .selectFrom("attachment")
      .select("id")
      .where("ticket_id", "=", ticketId)
      .where("round", "=", ticket.round)
      .where("user_id", "=", actor.userId)
      .where("sha256", "=", file.sha256)
      .where("hidden_at", "is", null)
      .executeTakeFirst();
    if (known) return known.id;
    const { id } = await tx
      .insertInto("attachment")
      .values({
        ticket_id: ticketId,
        round: ticket.round,
        ...file,
        user_id: actor.userId,
        user_name: actor.name,
        unit_id: actor.unitId,
        at: new Date(now),
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const { name, mime, size } = file;
    await recordEvent(tx, ticket, "attach", { attachmentId: id, name, mime, size }, stampOf(actor, now));
    return id;
  });
}

/** Takes a file out of sight with a reason; the row, the bytes and the event stay. Throws Refused. */
export function hideAttachment(
  db: Db,
  actor: Person,
  ticketId: string,
  id: string,
  reason: string,
  now: number,
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const ticket = await lockSeen(tx, actor, ticketId);
    const row = await tx
      .selectFrom("attachment")
      .select(["name", "user_id", "hidden_at"])
      .where("id", "=", id)
      .where("ticket_id", "=", ticketId)
      .executeTakeFirst();
    if (!row || row.hidden_at !== null) throw new Refused({ code: "not-found" });
    if (row.user_id !== actor.userId && !actor.roles.some((r) => r === "shiftLead" || r === "supervisor"))
      throw new Refused({ code: "not-your-file" });
    await tx
      .updateTable("attachment")
      .set({
        hidden_at: new Date(now),
        hidden_by: actor.userId,
        hidden_by_name: actor.name,
        hidden_reason: reason,
      })
      .where("id", "=", id)
      .execute();
    await recordEvent(
      tx,
      ticket,
      "detach",
      { attachmentId: id, name: row.name, reason },
      stampOf(actor, now),
    );
  });
}

/** Whether this person may add files to this ticket now; asked before the bytes are read. Throws Refused. */
export async function checkAttachable(db: Db, actor: Person, ticketId: string): Promise<void> {
  await db.transaction().execute((tx) => attachable(tx, actor, ticketId));
}

/** A file that is in sight on a ticket that this person may see; null otherwise. */
export async function findAttachment(db: Db, actor: Actor, ticketId: string, id: string) {
  const row = await db
    .selectFrom("attachment as f")
    .innerJoin("ticket as t", "t.id", "f.ticket_id")
    .select(["f.name", "f.mime", "f.sha256"])
    .where("f.id", "=", id)
    .where("f.ticket_id", "=", ticketId)
    .where("f.hidden_at", "is", null)
    .where((eb) =>
      eb.or([
        eb("t.id", "in", (of) =>
          of
            .selectFrom("ticket as t")
            .select("t.id")
            .where("t.id", "=", ticketId)
            .where((seen) => inScope(seen, actor)),
        ),
        // Of a ticket that it is only party to, a unit sees its own files and the centre's.
        eb.and([
          eb.or([eb("f.unit_id", "is", null), eb("f.unit_id", "=", actor.unitId)]),
          isParty(actor.unitId, ticketId, false),
        ]),
      ]),
    )
    .executeTakeFirst();
  return row ?? null;
}

async function attachable(tx: Db, actor: Person, ticketId: string): Promise<LockedTicket> {
  const ticket = await lockSeen(tx, actor, ticketId);
  if (
    actor.unitId !== null &&
    !(OPEN_STATES.includes(ticket.state) && (await works(tx, actor.unitId, ticket)))
  )
    throw new Refused({ code: "attach-not-now" });
  const { n } = await tx
    .selectFrom("attachment")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("ticket_id", "=", ticketId)
    .executeTakeFirstOrThrow();
  if (Number(n) >= MOST_FILES) throw new Refused({ code: "files-full", limit: MOST_FILES });
  return ticket;
}

/** Whether a unit is party to an ownership case of the ticket, or to one that is still to be decided. */
function isParty(unitId: string | null, ticketId: string, undecided: boolean) {
  const open = undecided ? sql`and c.state not in ('upheld', 'changed', 'withdrawn')` : sql``;
  return sql<boolean>`exists (select from ownership_case c join ownership_party p on p.case_id = c.id
    where c.ticket_id = ${ticketId} and p.unit_id = ${unitId} ${open})`;
}

/** Leads the ticket now, helps with it in this round, or is heard about whose it is. */
async function works(tx: Db, unitId: string, ticket: LockedTicket): Promise<boolean> {
  if (ticket.leadUnitId === unitId) return true;
  const { rows } = await sql<{ party: boolean }>`select ${isParty(unitId, ticket.id, true)} as party`.execute(
    tx,
  );
  if (rows[0]?.party) return true;
  const helps = await tx
    .selectFrom("assignment")
    .select("id")
    .where("ticket_id", "=", ticket.id)
    .where("round", "=", ticket.round)
    .where("unit_id", "=", unitId)
    .where("ended_at", "is", null)
    .executeTakeFirst();
  return helps !== undefined;
}

async function lockSeen(tx: Db, actor: Actor, ticketId: string): Promise<LockedTicket> {
  const ticket = await lockTicket(tx, ticketId);
  const seen = await tx
    .selectFrom("ticket as t")
    .select("t.id")
    .where("t.id", "=", ticketId)
    .where((eb) => eb.or([inScope(eb, actor), isParty(actor.unitId, ticketId, true)]))
    .executeTakeFirst();
  if (!ticket || !seen) throw new Refused({ code: "not-found" });
  return ticket;
}

const stampOf = (actor: Person, now: number) => ({
  at: now,
  userId: actor.userId,
  userName: actor.name,
  role: actor.roles[0] ?? ("system" as const),
});
