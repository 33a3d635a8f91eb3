/** 外发的后台步骤. Opens deliveries of new notices, sends what is due, tries again with growing waits, gives up with an alarm. */
import { nextAttemptAt } from "@jiesu/core/notify/message.ts";
import { dayOf, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { followNotices } from "../platform/outbox/follow.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { send } from "./send.ts";
import {
  addressFor,
  type Claimed,
  claimDeliveries,
  contactsOf,
  openDeliveries,
  recordAttempt,
} from "./store.ts";

const AT_ONCE = 20;
/** Longer than a sending can take: only a killed process lets it pass. */
const CLAIM_MS = 5 * MINUTE_MS;

/** A page of notices and a handful of deliveries; answers how many there were. */
export async function notifyStep(shell: Shell): Promise<number> {
  const seen = await followNotices(shell.db, "notify", (tx, ids) =>
    openDeliveries(tx, shell.secrets, ids, shell.now()),
  );
  return seen + (await deliver(shell));
}

async function deliver(shell: Shell): Promise<number> {
  const now = shell.now();
  const due = await claimDeliveries(shell.db, shell.secrets, now, now + CLAIM_MS, AT_ONCE);
  const people = due.flatMap((d) => (d.userId === null ? [] : [d.userId]));
  const contacts = await contactsOf(shell.db, shell.secrets, [...new Set(people)]);
  await Promise.all(
    due.map(async (d) => {
      const contact = d.userId === null ? undefined : contacts.get(d.userId);
      const to = addressFor(d.channel, contact);
      const message = {
        ...{ title: d.title, body: d.body, name: d.name, link: linkOf(d) },
        ...{ phone: contact?.phone ?? "", account: contact?.account ?? "" },
      };
      const sent =
        to === "" && d.userId !== null
          ? { ok: false, answer: "收件人的地址已被删除。" }
          : await send(d.channel, { message, to, key: d.key, at: shell.now() }, shell.localGateways ?? false);
      await shell.db.transaction().execute((tx) => putDown(tx, shell, d, sent));
    }),
  );
  return due.length;
}

/** The whole address of what it tells of, where the channel knows the workbench's own. */
function linkOf({ link, channel }: Claimed): string {
  const { site } = channel.settings;
  return link === "" || site === "" ? "" : `${site}${link}`;
}

async function putDown(
  tx: Db,
  shell: Shell,
  d: Claimed,
  sent: { ok: boolean; answer: string },
): Promise<void> {
  const now = shell.now();
  const nextAt = sent.ok ? null : nextAttemptAt(d.attempts, now);
  const kept = await recordAttempt(tx, d, { ...sent, nextAt }, now);
  if (kept && !sent.ok && nextAt === null) await alarm(tx, d, sent.answer, now);
}

/** One word a channel and day to the shift leads; the system administrator has the count at home. */
async function alarm(tx: Db, d: Claimed, answer: string, now: number): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from app_user where active and 'shiftLead' = any(roles)`.execute(tx);
  await enqueue(tx, [
    {
      ...{ cause: `delivery-dead:${d.channelId}:${dayOf(now)}`, kind: "notice", to: rows.map((r) => r.id) },
      ...{ means: ["workbench"], ticketId: null, link: "", at: now, title: `“${d.channelName}”有通知未送达` },
      body: `多次重试仍未送达，请联系系统管理员检查通道。最近一次：${answer}`,
    },
  ]);
}
