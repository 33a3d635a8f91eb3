/** 诉求人信息. The only file that opens personal data: masked for every reader, in clear for a reason and an audit row. */
import { maskName, maskPhone, normalisePhone } from "@jiesu/core/privacy/mask.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import type { Secrets } from "../platform/secrets.ts";

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
    detail: { reason, found: clear !== null },
  });
  return clear;
}

/** Ids of the newest tickets of one phone (whole number) or of a tail (last four digits); 50 at most. */
export async function findByPhone(db: Db, secrets: Secrets, phone: string): Promise<string[]> {
  const digits = normalisePhone(phone);
  let query = db.selectFrom("requester").select("ticket_id").orderBy("ticket_id", "desc").limit(50);
  query =
    digits.length === 4
      ? query.where("tail_hash", "=", secrets.digest(`tail:${digits}`))
      : query.where("phone_hash", "=", secrets.digest(digits));
  return (await query.execute()).map((row) => row.ticket_id);
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
