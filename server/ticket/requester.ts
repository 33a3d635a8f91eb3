/** 诉求人信息. The only file that opens personal data: masked for every reader, in clear for a reason and an audit row. */
import { maskName, maskPhone, maskText, normalisePhone } from "@jiesu/core/privacy/mask.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import type { Secrets } from "../platform/secrets.ts";
import { inScope } from "./list.ts";

export interface Requester {
  readonly name: string;
  readonly phone: string;
  readonly account: string;
  /** The text as it came, where phones or identity numbers in it were masked; else empty. */
  readonly content: string;
}

/** The sealed columns of a requester; absent parts are null. `phone_hash` and `tail_hash` serve equality search only. */
export function sealRequester(secrets: Secrets, r: Requester) {
  const seal = (part: string): Buffer | null => (part === "" ? null : secrets.seal(part));
  const phone = normalisePhone(r.phone);
  return {
    name_enc: seal(r.name),
    phone_enc: seal(r.phone),
    account_enc: seal(r.account),
    content_enc: seal(r.content),
    phone_hash: phone === "" ? null : secrets.digest(phone),
    tail_hash: phone.length < 4 ? null : secrets.digest(`tail:${phone.slice(-4)}`),
  };
}

/** Name and phone with all but the first and last signs covered; null when the ticket holds none. */
export async function maskedRequester(db: Db, secrets: Secrets, ticketId: string) {
  const clear = await openRequester(db, secrets, ticketId);
  if (!clear) return null;
  return {
    name: maskName(clear.name),
    phone: maskPhone(clear.phone),
    account: maskName(clear.account),
    textMasked: clear.content !== "",
  };
}

/** In clear, with its audit row in the same transaction; null when the ticket holds none. */
export async function revealRequester(
  tx: Db,
  secrets: Secrets,
  actor: Actor,
  ticketId: string,
  reason: string,
  now: number,
): Promise<Requester | null> {
  const clear = await openRequester(tx, secrets, ticketId);
  await audit(tx, now, actor.userId, actor.name, "reveal", {
    ticketId,
    detail: { reason: maskText(reason).text, found: clear !== null },
  });
  return clear;
}

/**
 * In clear for a callback: the duty is the standing reason, so one audit row a person and waiting is enough, however
 * often the number is dialled. `since` is when the ticket came to the callers.
 */
export async function revealForCallback(
  tx: Db,
  secrets: Secrets,
  actor: Actor,
  ticketId: string,
  since: number,
  now: number,
): Promise<Requester | null> {
  const known = await tx
    .selectFrom("audit")
    .select("id")
    .where("ticket_id", "=", ticketId)
    .where("user_id", "=", actor.userId)
    .where("what", "=", "reveal")
    .where(sql<boolean>`detail->>'standing' = 'callback'`)
    .where("at", ">=", new Date(since))
    .limit(1)
    .executeTakeFirst();
  const clear = await openRequester(tx, secrets, ticketId);
  if (known === undefined)
    await audit(tx, now, actor.userId, actor.name, "reveal", {
      ticketId,
      detail: { reason: "回访", standing: "callback", found: clear !== null },
    });
  return clear;
}

/** Ids of the newest tickets of one phone (whole number) or of a tail (last four digits) that this person may see; 50 at most. */
export async function findByPhone(db: Db, secrets: Secrets, actor: Actor, phone: string): Promise<string[]> {
  const digits = normalisePhone(phone);
  const [column, text] =
    digits.length === 4 ? (["r.tail_hash", `tail:${digits}`] as const) : (["r.phone_hash", digits] as const);
  const rows = await db
    .selectFrom("requester as r")
    .innerJoin("ticket as t", "t.id", "r.ticket_id")
    .select("r.ticket_id")
    .where(column, "=", secrets.digest(text))
    .where((eb) => inScope(eb, actor))
    .orderBy("r.ticket_id", "desc")
    .limit(50)
    .execute();
  return rows.map((row) => row.ticket_id);
}

/**
 * Whether the duty needs the requester's name and number: the centre's does; a unit's while it leads the ticket or helps
 * in its round. A unit that gave the ticket back still sees what it did, but no longer whom to call.
 */
export async function mayReveal(db: Db, actor: Actor, ticketId: string): Promise<boolean> {
  if (actor.unitId === null) return true;
  const row = await db
    .selectFrom("ticket as t")
    .leftJoin("assignment as a", (j) =>
      j
        .onRef("a.ticket_id", "=", "t.id")
        .onRef("a.round", "=", "t.round")
        .on("a.unit_id", "=", actor.unitId)
        .on("a.part", "=", "co")
        .on("a.state", "in", ["assigned", "accepted", "coReported"]),
    )
    .select(["t.lead_unit_id", "a.id as helps"])
    .where("t.id", "=", ticketId)
    .executeTakeFirst();
  return row !== undefined && (row.lead_unit_id === actor.unitId || row.helps !== null);
}

/** Other tickets of the same phone, newest first: the caller's earlier ones. */
export async function sameRequester(db: Db, ticketId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom("requester as mine")
    .innerJoin("requester as other", "other.phone_hash", "mine.phone_hash")
    .select("other.ticket_id")
    .where("mine.ticket_id", "=", ticketId)
    .where("other.ticket_id", "!=", ticketId)
    .orderBy("other.ticket_id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => row.ticket_id);
}

async function openRequester(db: Db, secrets: Secrets, ticketId: string): Promise<Requester | null> {
  const row = await db
    .selectFrom("requester")
    .select(["name_enc", "phone_enc", "account_enc", "content_enc"])
    .where("ticket_id", "=", ticketId)
    .executeTakeFirst();
  if (!row) return null;
  const open = (sealed: Buffer | null): string => (sealed ? secrets.open(sealed) : "");
  return {
    name: open(row.name_enc),
    phone: open(row.phone_enc),
    account: open(row.account_enc),
    content: open(row.content_enc),
  };
}
