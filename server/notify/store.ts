/** 通道、地址与外发台账. The only writer of the tables of notify; secrets and addresses are opened here alone. */
import { maskAddress } from "@jiesu/core/notify/message.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Secrets } from "../platform/secrets.ts";
import type { Channel } from "./send.ts";
import { type ContactIn, EmailSettings, WebhookSettings } from "./shape.ts";

export interface Contact {
  readonly email: string;
  readonly phone: string;
  readonly account: string;
}

const NOBODY: Contact = { email: "", phone: "", account: "" };

/** The addresses of people; who gave none is absent. */
export async function contactsOf(
  db: Db,
  secrets: Secrets,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, Contact>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("notify_contact")
    .selectAll()
    .where("user_id", "in", [...userIds])
    .execute();
  const open = (sealed: Buffer | null) => (sealed === null ? "" : secrets.open(sealed));
  return new Map(
    rows.map((r) => [
      r.user_id,
      { email: open(r.email_enc), phone: open(r.phone_enc), account: open(r.account_enc) },
    ]),
  );
}

export async function keepContact(
  tx: Db,
  secrets: Secrets,
  userId: string,
  { email, phone, account }: ContactIn,
  now: number,
): Promise<void> {
  const seal = (text: string) => (text === "" ? null : secrets.seal(text));
  const sealed = { email_enc: seal(email), phone_enc: seal(phone), account_enc: seal(account) };
  const row = { ...sealed, changed_at: new Date(now) };
  await tx
    .insertInto("notify_contact")
    .values({ user_id: userId, ...row })
    .onConflict((c) => c.column("user_id").doUpdateSet(row))
    .execute();
}

/** A stored channel with its secret opened. Throws when it does not read: it was checked before it was kept. */
export function channelOf(
  row: { readonly means: string; readonly settings: unknown; readonly secret_enc: Buffer | null },
  secrets: Secrets,
): Channel {
  const secret = row.secret_enc === null ? "" : secrets.open(row.secret_enc);
  return row.means === "email"
    ? { means: "email", settings: EmailSettings.parse(row.settings), secret }
    : { means: "webhook", settings: WebhookSettings.parse(row.settings), secret };
}

/** The address of a contact that a channel sends to; "" where the person gave none. */
export function addressFor(channel: Channel, contact: Contact = NOBODY): string {
  if (channel.means === "email") return contact.email;
  return channel.settings.per === "phone"
    ? contact.phone
    : channel.settings.per === "account"
      ? contact.account
      : "";
}

/** Deliveries of these notices by every channel that is on: to each person with an address, or to the channel's group. */
export async function openDeliveries(
  tx: Db,
  secrets: Secrets,
  noticeIds: readonly string[],
  now: number,
): Promise<void> {
  const notices = await tx
    .selectFrom("notice")
    .select(["id", "user_ids", "means", "outward_at"])
    .where("id", "in", [...noticeIds])
    .where(sql<boolean>`means && array['email', 'webhook']`)
    .execute();
  if (notices.length === 0) return;
  const channels = await tx
    .selectFrom("notify_channel")
    .selectAll()
    .where("enabled", "=", true)
    .orderBy("id")
    .execute();
  if (channels.length === 0) return;
  const contacts = await contactsOf(tx, secrets, [...new Set(notices.flatMap((n) => n.user_ids))]);
  const rows = channels.flatMap((row) => {
    const channel = channelOf(row, secrets);
    const group = channel.means === "webhook" && channel.settings.per === "group";
    return notices
      .filter((n) => n.means.includes(row.means))
      .flatMap((n): DeliveryRow[] => {
        const common = { notice_id: n.id, channel_id: row.id, next_at: n.outward_at.toISOString() };
        if (group) return [{ ...common, user_id: null, address: "群" }];
        return n.user_ids.flatMap((user) => {
          const address = addressFor(channel, contacts.get(user));
          return address === "" ? [] : [{ ...common, user_id: user, address: maskAddress(address) }];
        });
      });
  });
  if (rows.length === 0) return;
  await sql`
    insert into delivery (notice_id, channel_id, user_id, address, key, state, next_at, made_at)
    select notice_id, channel_id, user_id, address, gen_random_uuid(), 'waiting', next_at, ${new Date(now)}
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      notice_id bigint, channel_id bigint, user_id bigint, address text, next_at timestamptz)
    on conflict do nothing`.execute(tx);
}

interface DeliveryRow {
  readonly notice_id: string;
  readonly channel_id: string;
  readonly user_id: string | null;
  readonly address: string;
  readonly next_at: string;
}

export interface Claimed {
  readonly id: string;
  readonly noticeId: string;
  readonly userId: string | null;
  readonly key: string;
  readonly attempts: number;
  readonly title: string;
  readonly body: string;
  readonly link: string;
  readonly name: string;
  readonly channelId: string;
  readonly channelName: string;
  readonly channel: Channel;
}

/**
 * Takes deliveries that are due, for as long as a sending can take. One that was taken and never told of (its process was
 * killed) is due again then: a webhook is called again with the same key; whether an e-mail left nobody can say, so it
 * is not sent twice but put down as unknown.
 */
export async function claimDeliveries(
  db: Db,
  secrets: Secrets,
  now: number,
  until: number,
  most: number,
): Promise<readonly Claimed[]> {
  const at = new Date(now);
  await sql`
    update delivery d set state = 'unknown', next_at = null, done_at = ${at}, problem = '发送中断，不知是否已送达'
    from notify_channel c
    where c.id = d.channel_id and c.means = 'email' and d.state = 'sending' and d.next_at <= ${at}`.execute(
    db,
  );
  const { rows } = await sql<{
    id: string;
    notice_id: string;
    user_id: string | null;
    key: string;
    attempts: number;
    title: string;
    body: string;
    link: string;
    name: string | null;
    channel_id: string;
    channel_name: string;
    means: string;
    settings: unknown;
    secret_enc: Buffer | null;
  }>`
    with due as (
      select d.id from delivery d join notify_channel c on c.id = d.channel_id
      where d.next_at <= ${at} and c.enabled
      order by d.next_at, d.id
      limit ${most}
      for update of d skip locked
    ), taken as (
      update delivery d set state = 'sending', attempts = d.attempts + 1, next_at = ${new Date(until)}
      from due where d.id = due.id
      returning d.*
    )
    select t.id, t.notice_id, t.user_id, t.key, t.attempts, n.title, n.body, n.link, u.name, c.id as channel_id,
           c.name as channel_name, c.means, c.settings, c.secret_enc
    from taken t join notice n on n.id = t.notice_id join notify_channel c on c.id = t.channel_id
      left join app_user u on u.id = t.user_id
    order by t.id`.execute(db);
  return rows.map((r) => ({
    ...{ id: r.id, noticeId: r.notice_id, userId: r.user_id, key: r.key, attempts: r.attempts },
    ...{ title: r.title, body: r.body, link: r.link, name: r.name ?? "", channelId: r.channel_id },
    ...{ channelName: r.channel_name, channel: channelOf(r, secrets) },
  }));
}

export interface Outcome {
  readonly ok: boolean;
  readonly answer: string;
  /** Of the next attempt; null when it is done or given up. */
  readonly nextAt: number | null;
}

/** Puts down what came of an attempt; false where another has done so since. */
export async function recordAttempt(tx: Db, d: Claimed, outcome: Outcome, now: number): Promise<boolean> {
  const { ok, answer, nextAt } = outcome;
  const state = ok ? "sent" : nextAt === null ? "dead" : "waiting";
  const kept = await tx
    .updateTable("delivery")
    .set({
      state,
      next_at: nextAt === null ? null : new Date(nextAt),
      done_at: state === "waiting" ? null : new Date(now),
      problem: ok ? "" : answer,
    })
    .where("id", "=", d.id)
    .where("state", "=", "sending")
    .where("attempts", "=", d.attempts)
    .executeTakeFirst();
  if (kept.numUpdatedRows === 0n) return false;
  await tx
    .insertInto("delivery_attempt")
    .values({ delivery_id: d.id, nth: d.attempts, at: new Date(now), ok, answer })
    .execute();
  return true;
}
