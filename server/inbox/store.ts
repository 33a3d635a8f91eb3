/** 消息. A person's messages: one a cause, unread until they are read; never personal data of a requester. */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export const KINDS = {
  overdue: "超期",
  returned: "退回",
  mention: "提到我",
  bulk: "批量操作",
  import: "导入",
  reminder: "提醒",
  urge: "催办",
  notice: "通知",
} as const;
export type Kind = keyof typeof KINDS;

export interface NewMessage {
  readonly userId: string;
  /** What it tells of: a person is told of one thing once. */
  readonly cause: string;
  readonly kind: Kind;
  readonly ticketId: string | null;
  readonly title: string;
  readonly body: string;
  /** Address in the workbench, or "". */
  readonly link: string;
  readonly at: Date;
}

/** Adds messages; those already told stay as they are. */
export async function addMessages(db: Db, messages: readonly NewMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const rows = messages.map((m) => ({
    user_id: m.userId,
    cause: m.cause,
    kind: m.kind,
    ticket_id: m.ticketId,
    title: m.title,
    body: m.body,
    link: m.link,
    at: m.at.toISOString(),
  }));
  await sql`
    insert into inbox_message (user_id, cause, kind, ticket_id, title, body, link, at)
    select user_id, cause, kind, ticket_id, title, body, link, at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      user_id bigint, cause text, kind text, ticket_id bigint, title text, body text, link text, at timestamptz)
    on conflict (user_id, cause) do nothing`.execute(db);
}

/** Messages of the notices that are for the workbench; a person told of the cause already is not told again. */
export async function addNoticed(db: Db, noticeIds: readonly string[]): Promise<void> {
  await sql`
    insert into inbox_message (user_id, cause, kind, ticket_id, title, body, link, at)
    select told.user_id, n.cause, n.kind, n.ticket_id, n.title, n.body, n.link, n.at
    from notice n cross join lateral unnest(n.user_ids) as told (user_id) join app_user u on u.id = told.user_id
    where n.id = any(${[...noticeIds]}::bigint[]) and 'workbench' = any(n.means) and u.active
    order by n.id
    on conflict (user_id, cause) do nothing`.execute(db);
}

/** One page, newest first; the key of the next is the id of the last. */
export async function readMessages(
  db: Db,
  userId: string,
  asked: { unread: boolean; after: string | null; limit: number },
) {
  const rows = await db
    .selectFrom("inbox_message as m")
    .leftJoin("ticket as t", "t.id", "m.ticket_id")
    .select(["m.id", "m.kind", "m.ticket_id", "m.title", "m.body", "m.link", "m.at", "m.read_at", "t.number"])
    .where("m.user_id", "=", userId)
    .$if(asked.unread, (q) => q.where("m.read_at", "is", null))
    .$if(asked.after !== null, (q) => q.where("m.id", "<", asked.after ?? "0"))
    .orderBy("m.id", "desc")
    .limit(asked.limit + 1)
    .execute();
  const page = rows.slice(0, asked.limit);
  return { rows: page, next: rows.length > asked.limit ? (page.at(-1)?.id ?? null) : null };
}

/** Marks as read: these, or all up to one (what came while the list was open stays unread). */
export async function markRead(
  db: Db,
  userId: string,
  which: { ids: readonly string[] } | { upTo: string },
  now: number,
): Promise<void> {
  let query = db
    .updateTable("inbox_message")
    .set({ read_at: new Date(now) })
    .where("user_id", "=", userId)
    .where("read_at", "is", null);
  query = "upTo" in which ? query.where("id", "<=", which.upTo) : query.where("id", "in", which.ids);
  await query.execute();
}

export interface Unread {
  readonly unread: number;
  /** Id of the newest unread message, or null. */
  readonly newest: string | null;
}

/** How much is unread, for these people; who has nothing unread is absent. */
export async function unreadOf(db: Db, userIds: readonly string[]): Promise<Map<string, Unread>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("inbox_message")
    .select((eb) => ["user_id", eb.fn.countAll<string>().as("n"), eb.fn.max("id").as("newest")])
    .where("user_id", "in", userIds)
    .where("read_at", "is", null)
    .groupBy("user_id")
    .execute();
  return new Map(rows.map((r) => [r.user_id, { unread: Number(r.n), newest: r.newest }]));
}

/** Forgets what was read long ago. */
export async function forgetRead(db: Db, before: number): Promise<void> {
  await db.deleteFrom("inbox_message").where("read_at", "<", new Date(before)).execute();
}
