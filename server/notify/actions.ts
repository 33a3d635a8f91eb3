/** 通道的设置与试发. Who changed which channel is in the audit, its secret never; a test sends what was saved. */
import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { reachable } from "./reach.ts";
import { type Sent, send } from "./send.ts";
import type { ChannelIn, ContactIn } from "./shape.ts";
import { channelOf, keepContact } from "./store.ts";

addWordings({
  "notify-name": { status: 409, zh: (r) => `已有名为“${String(r.name)}”的通道，请另取名称。` },
  "notify-changed": { status: 409, zh: () => "通道已由他人先一步修改，请刷新核对后再保存。" },
  "notify-secret": { status: 422, zh: () => "签名需要密钥，请填写密钥，或改为不签名。" },
  "notify-to": { status: 422, zh: (r) => `请填写试发的${String(r.what)}。` },
  "notify-again": { status: 409, zh: () => "只有未送达、未知的通知可以重发。" },
});

type Person = Actor & { readonly userId: string };

/** A place that cannot be sent to is refused when it is entered, not when it is needed. */
async function check(shell: Shell, channel: ChannelIn, hasSecret: boolean): Promise<void> {
  const { settings } = channel;
  const host = "url" in settings ? new URL(settings.url.replaceAll("{密钥}", "x")).hostname : settings.host;
  if (channel.enabled) await reachable(host, { local: shell.localGateways ?? false, inner: settings.inner });
  if ("sign" in settings && settings.sign !== "none" && !hasSecret)
    throw new Refused({ code: "notify-secret" });
}

export async function keepChannel(shell: Shell, by: Person, channel: ChannelIn): Promise<string> {
  await check(shell, channel, (channel.secret ?? "") !== "");
  return shell.db.transaction().execute(async (tx) => {
    await freeName(tx, channel.name, null);
    const { id } = await tx
      .insertInto("notify_channel")
      .values({
        ...{ means: channel.means, name: channel.name, enabled: channel.enabled },
        ...{ settings: JSON.stringify(channel.settings), secret_enc: sealed(shell, channel.secret) },
        ...{ changed_by: by.userId, changed_name: by.name, changed_at: new Date(shell.now()) },
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    await told(tx, shell, by, "notify-channel-added", id, channel);
    return id;
  });
}

export async function changeChannel(
  shell: Shell,
  by: Person,
  id: string,
  version: number,
  channel: ChannelIn,
): Promise<void> {
  const before = await shell.db
    .selectFrom("notify_channel")
    .select(["secret_enc", "means"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!before || before.means !== channel.means) throw new Refused({ code: "not-found" });
  const hasSecret = channel.secret === undefined ? before.secret_enc !== null : (channel.secret ?? "") !== "";
  await check(shell, channel, hasSecret);
  await shell.db.transaction().execute(async (tx) => {
    await freeName(tx, channel.name, id);
    const kept = await tx
      .updateTable("notify_channel")
      .set({
        ...{ name: channel.name, enabled: channel.enabled, settings: JSON.stringify(channel.settings) },
        ...(channel.secret === undefined ? {} : { secret_enc: sealed(shell, channel.secret) }),
        ...{ version: version + 1, changed_by: by.userId, changed_name: by.name },
        changed_at: new Date(shell.now()),
      })
      .where("id", "=", id)
      .where("version", "=", version)
      .executeTakeFirst();
    if (kept.numUpdatedRows === 0n) throw new Refused({ code: "notify-changed" });
    await told(tx, shell, by, "notify-channel-changed", id, channel);
  });
}

/** Sends one message by the saved settings, whether the channel is on or not; the answer is told as it came. */
export async function testChannel(shell: Shell, by: Person, id: string, to: string): Promise<Sent> {
  const row = await shell.db.selectFrom("notify_channel").selectAll().where("id", "=", id).executeTakeFirst();
  if (!row) throw new Refused({ code: "not-found" });
  const channel = channelOf(row, shell.secrets);
  const per = channel.means === "email" ? "email" : channel.settings.per;
  const what = { email: "邮件地址", phone: "手机号码", account: "账号", group: "" }[per];
  if (what !== "" && to === "") throw new Refused({ code: "notify-to", what });
  const message = {
    ...{ title: "接诉通知通道测试", body: `这是一条测试消息，由${by.name}发出，请勿回复。`, link: "" },
    ...{ name: by.name, phone: per === "phone" ? to : "", account: per === "account" ? to : "" },
  };
  const sending = { message, to, key: randomUUID(), at: shell.now() };
  const sent = await send(channel, sending, shell.localGateways ?? false);
  await audit(shell.db, shell.now(), by.userId, by.name, "notify-test", {
    detail: { channel: row.name, ok: sent.ok },
  });
  return sent;
}

/** A delivery given up, or one of which nobody knows, is tried once more. */
export async function sendAgain(shell: Shell, by: Person, id: string): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const at = new Date(shell.now());
    const { rows } = await sql<{
      state: string;
    }>`select state from delivery where id = ${id} for update`.execute(tx);
    if (!rows[0]) throw new Refused({ code: "not-found" });
    if (!["dead", "unknown"].includes(rows[0].state)) throw new Refused({ code: "notify-again" });
    await tx
      .updateTable("delivery")
      .set({ state: "waiting", next_at: at, done_at: null })
      .where("id", "=", id)
      .execute();
    await audit(tx, shell.now(), by.userId, by.name, "notify-again", { detail: { delivery: id } });
  });
}

export async function setContact(
  shell: Shell,
  by: Person,
  userId: string,
  contact: ContactIn,
): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const user = await tx.selectFrom("app_user").select("name").where("id", "=", userId).executeTakeFirst();
    if (!user) throw new Refused({ code: "not-found" });
    await keepContact(tx, shell.secrets, userId, contact, shell.now());
    const given = Object.entries(contact).flatMap(([what, value]) => (value === "" ? [] : [what]));
    await audit(tx, shell.now(), by.userId, by.name, "notify-contact", {
      detail: { user: userId, name: user.name, given: given.join(" ") },
    });
  });
}

async function freeName(tx: Db, name: string, but: string | null): Promise<void> {
  const same = await tx.selectFrom("notify_channel").select("id").where("name", "=", name).executeTakeFirst();
  if (same && same.id !== but) throw new Refused({ code: "notify-name", name });
}

function told(tx: Db, shell: Shell, by: Person, what: string, id: string, channel: ChannelIn): Promise<void> {
  const { means, name, enabled, settings } = channel;
  const host = "url" in settings ? new URL(settings.url.replaceAll("{密钥}", "x")).host : settings.host;
  return audit(tx, shell.now(), by.userId, by.name, what, { detail: { id, means, name, enabled, host } });
}

const sealed = (shell: Shell, secret: string | null | undefined): Buffer | null =>
  secret ? shell.secrets.seal(secret) : null;
