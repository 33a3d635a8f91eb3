/** 通道与外发清单. Channels without their secrets, deliveries with their attempts, people with their addresses covered. */
import { MEANS } from "@jiesu/core/notify/means.ts";
import { maskAddress } from "@jiesu/core/notify/message.ts";
import { DAY_MS } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { EmailSettings, WebhookSettings } from "./shape.ts";
import { contactsOf } from "./store.ts";

export const DELIVERY_STATES = ["waiting", "sending", "sent", "dead", "unknown"] as const;

const COUNTED_DAYS = 7;
const MOST_PEOPLE = 200;

export async function readChannels(db: Db, now: number) {
  const rows = await db.selectFrom("notify_channel").selectAll().orderBy("id").execute();
  const { rows: counts } = await sql<{ id: string; sent: number; waiting: number; failed: number }>`
    select channel_id::text as id, count(*) filter (where state = 'sent')::int as sent,
           count(*) filter (where state in ('waiting', 'sending'))::int as waiting,
           count(*) filter (where state in ('dead', 'unknown'))::int as failed
    from delivery where made_at >= ${new Date(now - COUNTED_DAYS * DAY_MS)} group by 1`.execute(db);
  const byId = new Map(counts.map(({ id, ...of }) => [id, of]));
  return rows.map((r) => {
    const means = r.means === "email" ? ("email" as const) : ("webhook" as const);
    return {
      ...{ id: r.id, means, meansZh: MEANS[means].zh, name: r.name, enabled: r.enabled },
      ...{ hasSecret: r.secret_enc !== null, version: r.version, changedBy: r.changed_name },
      email: means === "email" ? EmailSettings.parse(r.settings) : null,
      webhook: means === "webhook" ? WebhookSettings.parse(r.settings) : null,
      changedAt: r.changed_at.toISOString(),
      counts: byId.get(r.id) ?? { sent: 0, waiting: 0, failed: 0 },
    };
  });
}

export async function listDeliveries(
  db: Db,
  f: {
    readonly state: (typeof DELIVERY_STATES)[number] | null;
    readonly channelId: string | null;
    readonly after: string | null;
    readonly limit: number;
  },
) {
  const rows = await db
    .selectFrom("delivery as d")
    .innerJoin("notice as n", "n.id", "d.notice_id")
    .innerJoin("notify_channel as c", "c.id", "d.channel_id")
    .leftJoin("app_user as u", "u.id", "d.user_id")
    .select(["d.id", "d.state", "d.address", "d.made_at", "d.next_at", "d.problem", "n.title", "n.ticket_id"])
    .select(["c.name as channel", "u.name as to"])
    .$if(f.state !== null, (q) => q.where("d.state", "=", f.state ?? ""))
    .$if(f.channelId !== null, (q) => q.where("d.channel_id", "=", f.channelId ?? "0"))
    .$if(f.after !== null, (q) => q.where("d.id", "<", f.after ?? "0"))
    .orderBy("d.id", "desc")
    .limit(f.limit + 1)
    .execute();
  const page = rows.slice(0, f.limit);
  const attempts = await db
    .selectFrom("delivery_attempt")
    .selectAll()
    .where("delivery_id", "in", page.map((d) => d.id).concat("0"))
    .orderBy("nth")
    .execute();
  return {
    rows: page.map((d) => ({
      ...{ id: d.id, state: stateOf(d.state), channel: d.channel, to: d.to ?? "群", address: d.address },
      ...{ title: d.title, ticketId: d.ticket_id, problem: d.problem },
      madeAt: d.made_at.toISOString(),
      nextAt: d.next_at?.toISOString() ?? null,
      attempts: attempts
        .filter((a) => a.delivery_id === d.id)
        .map((a) => ({ nth: a.nth, at: a.at.toISOString(), ok: a.ok, answer: a.answer })),
    })),
    next: rows.length > f.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** People who can be told of something, by name or unit. */
export async function listContacts(shell: Shell, words: string) {
  const rows = await shell.db
    .selectFrom("app_user as u")
    .leftJoin("unit as n", "n.id", "u.unit_id")
    .select(["u.id", "u.name", "n.short_name"])
    .where("u.active", "=", true)
    .$if(words !== "", (q) =>
      q.where((eb) => {
        const like = `%${words.replace(/[\\%_]/g, "\\$&")}%`;
        return eb.or([
          eb("u.name", "like", like),
          eb("n.short_name", "like", like),
          eb("u.login", "like", like),
        ]);
      }),
    )
    .orderBy("u.id")
    .limit(MOST_PEOPLE)
    .execute();
  const contacts = await contactsOf(
    shell.db,
    shell.secrets,
    rows.map((r) => r.id),
  );
  const shown = (address: string | undefined) => (address ? maskAddress(address) : "");
  return rows.map((r) => {
    const of = contacts.get(r.id);
    return {
      ...{ userId: r.id, name: r.name, unit: r.short_name },
      ...{ email: shown(of?.email), phone: shown(of?.phone), account: shown(of?.account) },
    };
  });
}

function stateOf(text: string): (typeof DELIVERY_STATES)[number] {
  const state = DELIVERY_STATES.find((known) => known === text);
  if (!state) throw new Error(`unknown state of a delivery: ${text}`);
  return state;
}
