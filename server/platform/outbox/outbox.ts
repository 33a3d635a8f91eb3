/**
 * 通知待发. The one way for a feature to have people told of something: a row in the transaction of its cause.
 *
 * Nothing is sent here and nobody is called. `inbox` makes messages of the rows, `notify` sends e-mails and calls
 * webhooks; both follow the table by a cursor of their own (follow.ts), at least once, each person once a cause. A cause
 * that was told is not told again, so a feature may repeat its work. Texts hold nothing of a requester: numbers are
 * covered here as a second net.
 */
import type { Means } from "@jiesu/core/notify/means.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { sql } from "kysely";
import type { Db } from "../db/open.ts";

/** What the message is shown under in the workbench. */
export type NoticeKind = "urge" | "notice" | "overdue" | "returned" | "reminder";

export interface Notice {
  /** What it tells of, as `urge:7`: the feature's word and the id of its row. */
  readonly cause: string;
  readonly kind: NoticeKind;
  /** Ids of the people, as they are responsible now. Nobody: nothing is kept. */
  readonly to: readonly string[];
  readonly means: readonly Means[];
  readonly ticketId: string | null;
  readonly title: string;
  readonly body: string;
  /** Address in the workbench, or "". */
  readonly link: string;
  readonly at: number;
  /** E-mails and webhooks wait until then (夜间免打扰); absent: at once. */
  readonly outwardAt?: number;
}

/** Keeps notices in the caller's transaction; those whose cause is known already stay as they are. */
export async function enqueue(tx: Db, notices: readonly Notice[]): Promise<void> {
  const rows = notices
    .filter((n) => n.to.length > 0 && n.means.length > 0)
    .map((n) => ({
      cause: n.cause,
      kind: n.kind,
      ticket_id: n.ticketId,
      user_ids: [...new Set(n.to)],
      means: n.means,
      title: maskText(n.title).text,
      body: maskText(n.body).text,
      link: n.link,
      at: new Date(n.at).toISOString(),
      outward_at: new Date(Math.max(n.at, n.outwardAt ?? n.at)).toISOString(),
    }));
  if (rows.length === 0) return;
  await sql`
    insert into notice (cause, kind, ticket_id, user_ids, means, title, body, link, at, outward_at)
    select cause, kind, ticket_id, user_ids, means, title, body, link, at, outward_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(
      cause text, kind text, ticket_id bigint, user_ids bigint[], means text[], title text, body text, link text,
      at timestamptz, outward_at timestamptz)
    on conflict (cause) do nothing`.execute(tx);
}
