/** 排班与交接的台账. Shifts as they were entered, who is on them, and what each left to the next. */
import { isRole, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { CENTRE } from "../platform/http/who.ts";

export interface Member {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export interface EnteredShift {
  readonly id: string;
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly lead: { readonly id: string; readonly name: string } | null;
  readonly members: readonly Member[];
}

/** Entered shifts that touch [from, before), soonest first. */
export async function enteredShifts(db: Db, from: number, before: number): Promise<EnteredShift[]> {
  const shifts = await db
    .selectFrom("shift as s")
    .leftJoin("app_user as l", "l.id", "s.lead_id")
    .select(["s.id", "s.name", "s.starts_at", "s.ends_at", "s.lead_id", "l.name as lead_name"])
    .where("s.ends_at", ">", new Date(from))
    .where("s.starts_at", "<", new Date(before))
    .orderBy("s.starts_at")
    .orderBy("s.id")
    .execute();
  if (shifts.length === 0) return [];
  const members = await db
    .selectFrom("shift_member as m")
    .innerJoin("app_user as u", "u.id", "m.user_id")
    .select(["m.shift_id", "u.id", "u.name", "u.roles"])
    .where(
      "m.shift_id",
      "in",
      shifts.map((s) => s.id),
    )
    .orderBy("u.name")
    .execute();
  const byShift = Map.groupBy(members, (m) => m.shift_id);
  return shifts.map((s) => ({
    id: s.id,
    name: s.name,
    startsAt: s.starts_at.getTime(),
    endsAt: s.ends_at.getTime(),
    lead: s.lead_id === null ? null : { id: s.lead_id, name: s.lead_name ?? "" },
    members: (byShift.get(s.id) ?? []).map((m) => ({ id: m.id, name: m.name, roles: rolesZh(m.roles) })),
  }));
}

export interface ShiftEntry {
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly leadId: string | null;
  readonly memberIds: readonly string[];
}

/** Writes a shift with its people; one that begins at the same moment under the same name is replaced. */
export async function putShift(tx: Db, entry: ShiftEntry): Promise<string> {
  const { id } = await tx
    .insertInto("shift")
    .values({
      name: entry.name,
      starts_at: new Date(entry.startsAt),
      ends_at: new Date(entry.endsAt),
      lead_id: entry.leadId,
    })
    .onConflict((c) =>
      c.columns(["starts_at", "name"]).doUpdateSet((eb) => ({
        ends_at: eb.ref("excluded.ends_at"),
        lead_id: eb.ref("excluded.lead_id"),
      })),
    )
    .returning("id")
    .executeTakeFirstOrThrow();
  await tx.deleteFrom("shift_member").where("shift_id", "=", id).execute();
  if (entry.memberIds.length > 0)
    await tx
      .insertInto("shift_member")
      .values([...new Set(entry.memberIds)].map((user_id) => ({ shift_id: id, user_id })))
      .execute();
  return id;
}

/** Removes an entered shift; false when there is none, or when it has been handed over and so belongs to the record. */
export async function removeShift(tx: Db, id: string): Promise<boolean> {
  const gone = await tx
    .deleteFrom("shift")
    .where("id", "=", id)
    .where((eb) =>
      eb.not(eb.exists(eb.selectFrom("handover").select("id").whereRef("shift_id", "=", "shift.id"))),
    )
    .executeTakeFirst();
  return gone.numDeletedRows > 0n;
}

/** People of the centre who can be on duty. */
export async function centrePeople(db: Db) {
  const rows = await db
    .selectFrom("app_user")
    .select(["id", "name", "roles"])
    .where("active", "=", true)
    .where(sql<boolean>`roles && ${[...CENTRE]}::text[]`)
    .orderBy("name")
    .execute();
  return rows.map((u) => ({
    id: u.id,
    name: u.name,
    roles: rolesZh(u.roles),
    leads: u.roles.includes("shiftLead"),
  }));
}

/** A ticket as it stood when a shift was handed over. */
export interface OpenTicket {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly stateZh: string;
  readonly unit: string;
  readonly dueAt: string | null;
  readonly dueKindZh: string | null;
  readonly overdue: boolean;
}

/** 交接时的在办情况: what was open then. */
export interface OpenWork {
  readonly at: string;
  readonly queues: readonly { readonly key: string; readonly zh: string; readonly count: number }[];
  readonly tickets: readonly OpenTicket[];
  /** 盯办件: how many went over to whom. */
  readonly watch: readonly { readonly to: string; readonly count: number }[];
}

export async function addHandover(
  tx: Db,
  shiftId: string,
  text: string,
  open: OpenWork,
  by: { readonly userId: string; readonly name: string },
  now: number,
): Promise<string> {
  const { id } = await tx
    .insertInto("handover")
    .values({
      shift_id: shiftId,
      text,
      open: JSON.stringify(open),
      user_id: by.userId,
      user_name: by.name,
      at: new Date(now),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** What this person has handed over of the shift in the same words; null when nothing. */
export async function sameHandover(
  tx: Db,
  shiftId: string,
  text: string,
  by: { readonly userId: string },
): Promise<string | null> {
  const row = await tx
    .selectFrom("handover")
    .select("id")
    .where("shift_id", "=", shiftId)
    .where("user_id", "=", by.userId)
    .where("text", "=", text)
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Takes a hand-over over, once; false when somebody did before. */
export async function acknowledge(
  tx: Db,
  id: string,
  note: string,
  by: { readonly userId: string; readonly name: string },
  now: number,
): Promise<boolean> {
  const row = await tx
    .insertInto("handover_ack")
    .values({ handover_id: id, note, user_id: by.userId, user_name: by.name, at: new Date(now) })
    .onConflict((c) => c.column("handover_id").doNothing())
    .executeTakeFirst();
  return (row.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

/** Hand-overs, the newest first. */
export async function readHandovers(
  db: Db,
  asked: { readonly id?: string; readonly after?: string | undefined; readonly limit: number },
) {
  return db
    .selectFrom("handover as h")
    .innerJoin("shift as s", "s.id", "h.shift_id")
    .leftJoin("handover_ack as k", "k.handover_id", "h.id")
    .select(["h.id", "h.text", "h.open", "h.user_id", "h.user_name", "h.at", "h.shift_id"])
    .select(["s.name as shift_name", "s.starts_at", "s.ends_at"])
    .select(["k.user_name as taken_by", "k.at as taken_at", "k.note as taken_note"])
    .$if(asked.id !== undefined, (q) => q.where("h.id", "=", asked.id ?? "0"))
    .$if(asked.after !== undefined, (q) => q.where("h.id", "<", asked.after ?? "0"))
    .orderBy("h.id", "desc")
    .limit(asked.limit)
    .execute();
}

const rolesZh = (roles: readonly string[]): string[] =>
  roles.filter((r): r is Role => isRole(r)).map((r) => ROLES[r].zh);
