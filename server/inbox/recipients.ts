/**
 * 消息给谁. Who is told of an event on a ticket: the person it concerns, or, when nobody has taken it up, the desk.
 *
 * In a unit that is who accepted the ticket and the unit's lead; before anybody accepted, all of the unit's people. In
 * the centre it is who last moved the ticket; else the shift leads. Nobody is told of what they did themselves.
 */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { ConsumedEvent } from "../platform/events/consumer.ts";
import { CENTRE } from "../platform/http/who.ts";

/** The people of a unit whom the ticket concerns. */
export async function peopleOfUnit(db: Db, unitId: string, event: ConsumedEvent): Promise<string[]> {
  const people = await db
    .selectFrom("app_user")
    .select(["id", "roles"])
    .where("unit_id", "=", unitId)
    .where("active", "=", true)
    .where(sql<boolean>`roles && array['handler', 'unitLead']`)
    .execute();
  const took = await db
    .selectFrom("event")
    .select("user_id")
    .where("ticket_id", "=", event.ticketId)
    .where("kind", "in", ["accept", "coAccept"])
    .where("round", "=", event.round)
    .where("user_id", "in", people.map((p) => p.id).concat("0"))
    .execute();
  const takers = new Set(took.map((t) => t.user_id));
  if (takers.size === 0) return people.map((p) => p.id);
  return people.filter((p) => takers.has(p.id) || p.roles.includes("unitLead")).map((p) => p.id);
}

/** Who in the centre last did one of these (any change of state when none is named) before the event. */
export async function centreHand(
  db: Db,
  event: ConsumedEvent,
  kinds: readonly string[] = [],
): Promise<string[]> {
  const row = await db
    .selectFrom("event as e")
    .innerJoin("app_user as u", "u.id", "e.user_id")
    .select("u.id")
    .where("e.ticket_id", "=", event.ticketId)
    .where(sql<boolean>`e.id < ${event.id}::bigint`)
    .where("e.role", "in", [...CENTRE])
    .where("u.active", "=", true)
    .$if(kinds.length > 0, (q) => q.where("e.kind", "in", kinds))
    .$if(kinds.length === 0, (q) => q.where(sql<boolean>`e.from_state is distinct from e.to_state`))
    .orderBy("e.id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (row) return [row.id];
  return holders(db, "shiftLead");
}

/** Who asked for the extension, or the pause, that this event answers. */
export async function askerOf(db: Db, event: ConsumedEvent): Promise<string[]> {
  const row = await db
    .selectFrom("event as e")
    .innerJoin("app_user as u", "u.id", "e.user_id")
    .select("u.id")
    .where("e.ticket_id", "=", event.ticketId)
    .where(sql<boolean>`e.id < ${event.id}::bigint`)
    .where("e.kind", "=", event.kind.endsWith("Pause") ? "askPause" : "askExtension")
    .where("u.active", "=", true)
    .orderBy("e.id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? [row.id] : [];
}

/** Those named by "@login" who may see the ticket. */
export async function mentioned(db: Db, event: ConsumedEvent, text: string): Promise<string[]> {
  const logins = [...new Set([...text.matchAll(/[@＠]([A-Za-z0-9._-]{2,60})/g)].map((m) => m[1] ?? ""))]
    .flatMap((login) => [login, login.replace(/[._-]+$/, "")])
    .slice(0, 40);
  if (logins.length === 0) return [];
  const people = await db
    .selectFrom("app_user as u")
    .select("u.id")
    .where("u.login", "in", logins)
    .where("u.active", "=", true)
    .where((eb) =>
      eb.or([
        sql<boolean>`u.roles && ${[...CENTRE]}::text[]`,
        eb.exists(
          eb
            .selectFrom("assignment as a")
            .select("a.id")
            .where("a.ticket_id", "=", event.ticketId)
            .whereRef("a.unit_id", "=", "u.unit_id"),
        ),
      ]),
    )
    .execute();
  return people.map((p) => p.id);
}

async function holders(db: Db, role: Role): Promise<string[]> {
  const rows = await db
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where(sql<boolean>`${role} = any(roles)`)
    .execute();
  return rows.map((r) => r.id);
}
