/** 在看. Who has a ticket open and what they are filling in; told by their screens, forgotten when these fall silent. */
import { isMove, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { isRole, ROLES } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { inScope } from "../ticket/list.ts";

/** Screens tell again well before this has passed; two tellings may be lost on the way. */
const HELD_MS = 70_000;

export const Person = z.object({
  login: z.string(),
  name: z.string(),
  /** 岗位, and the unit of a unit's person. */
  about: z.string(),
  /** 查看 · 正在填写“派单” */
  doing: z.string(),
  writes: z.boolean(),
});
export type Person = z.infer<typeof Person>;

/** One person on one ticket, and the units that may know of it. */
export interface Present {
  readonly ticketId: string;
  readonly units: readonly string[];
  readonly person: Person;
  /** The same as units are told: talks with the city are the centre's own. */
  readonly toUnits: Person;
}

/** Says that this person has the ticket open. Throws Refused where they may not see it. */
export async function keepPresence(
  db: Db,
  actor: Actor & { readonly userId: string },
  id: string,
  doing: string,
  now: number,
): Promise<void> {
  const seen = await db
    .selectFrom("ticket as t")
    .select("t.id")
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!seen) throw new Refused({ code: "not-found" });
  const told = { doing, seen_at: new Date(now), expires_at: new Date(now + HELD_MS) };
  await db
    .insertInto("presence")
    .values({ ticket_id: id, user_id: actor.userId, ...told })
    .onConflict((c) => c.columns(["ticket_id", "user_id"]).doUpdateSet(told))
    .execute();
  // Rows that somebody else is writing or sweeping are left to them: sweepers never wait for each other.
  await sql`
    delete from presence where (ticket_id, user_id) in (
      select ticket_id, user_id from presence where expires_at <= ${new Date(now)} limit 50 for update skip locked
    )`.execute(db);
}

/** This person has closed the ticket. */
export async function endPresence(db: Db, userId: string, ticketId: string): Promise<void> {
  await db.deleteFrom("presence").where("ticket_id", "=", ticketId).where("user_id", "=", userId).execute();
}

/** Everybody who is on a ticket now (on one, when named), in the order in which they came to tell. */
export async function presentOn(
  db: Db,
  now: number,
  ticketId?: string,
): Promise<(Present & { readonly userId: string })[]> {
  const rows = await db
    .selectFrom("presence as p")
    .innerJoin("app_user as a", "a.id", "p.user_id")
    .innerJoin("ticket as t", "t.id", "p.ticket_id")
    .leftJoin("unit as u", "u.id", "a.unit_id")
    .select(["p.ticket_id", "p.user_id", "p.doing", "a.login", "a.name", "a.roles", "u.short_name"])
    .select(
      sql<
        string[]
      >`array_remove(array(select distinct s.unit_id::text from assignment s where s.ticket_id = p.ticket_id)
        || t.lead_unit_id::text, null)`.as("units"),
    )
    .where("p.expires_at", ">", new Date(now))
    .where("a.active", "=", true)
    .$if(ticketId !== undefined, (b) => b.where("p.ticket_id", "=", ticketId ?? ""))
    .orderBy("p.ticket_id")
    .orderBy("a.name")
    .orderBy("p.user_id")
    .execute();
  return rows.map((r) => {
    const about =
      r.short_name ?? r.roles.flatMap((role) => (isRole(role) ? [ROLES[role].zh] : [])).join("、");
    const as = (doing: string): Person => ({
      ...{ login: r.login, name: r.name, about },
      ...{ doing: doingZh(doing), writes: doing !== "view" },
    });
    return {
      ...{ ticketId: r.ticket_id, userId: r.user_id, units: r.units },
      person: as(r.doing),
      toUnits: as(r.doing === "talk" ? "view" : r.doing),
    };
  });
}

function doingZh(doing: string): string {
  if (isMove(doing)) return `正在填写“${stepOf(doing).zh}”`;
  if (doing === "co") return "正在填写协办情况";
  return doing === "talk" ? "正在登记市级沟通" : "查看";
}
