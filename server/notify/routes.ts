/** 通知通道接口. Channels with a test sending, people's addresses, deliveries with their attempts; one's own addresses. */
import { maskAddress } from "@jiesu/core/notify/message.ts";
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { changeChannel, keepChannel, sendAgain, setContact, testChannel } from "./actions.ts";
import { DELIVERY_STATES, listContacts, listDeliveries, readChannels } from "./list.ts";
import { ChannelIn, ContactIn, EmailSettings, WebhookSettings } from "./shape.ts";
import { contactsOf } from "./store.ts";

const ADMIN = ["sysadmin"] as const;
const Ok = z.object({ ok: z.literal(true) });
const ById = z.object({ id: Id });
const ChannelOut = z.object({
  ...{ id: z.string(), means: z.enum(["email", "webhook"]), meansZh: z.string(), name: z.string() },
  ...{ enabled: z.boolean(), hasSecret: z.boolean(), version: z.number().int() },
  email: EmailSettings.nullable(),
  webhook: WebhookSettings.nullable(),
  changedBy: z.string(),
  changedAt: Instant,
  counts: z.object({ sent: z.number().int(), waiting: z.number().int(), failed: z.number().int() }),
});
const DeliveryOut = z.object({
  ...{
    id: z.string(),
    state: z.enum(DELIVERY_STATES),
    channel: z.string(),
    to: z.string(),
    address: z.string(),
  },
  ...{ title: z.string(), ticketId: z.string().nullable(), madeAt: Instant, nextAt: Instant.nullable() },
  problem: z.string(),
  attempts: z.array(z.object({ nth: z.number().int(), at: Instant, ok: z.boolean(), answer: z.string() })),
});
const ContactOut = z.object({
  ...{ userId: z.string(), name: z.string(), unit: z.string().nullable() },
  ...{ email: z.string(), phone: z.string(), account: z.string() },
});

export function notifyRoutes(app: App, shell: Shell): void {
  app.get("/api/notify/channels", {
    config: { who: ADMIN },
    schema: {
      summary: "通知通道及近七日外发件数（口令、密钥不显示）",
      response: { 200: z.array(ChannelOut) },
    },
    handler: () => readChannels(shell.db, shell.now()),
  });

  app.post("/api/notify/channels", {
    config: { who: ADMIN },
    schema: { summary: "新建通知通道", body: ChannelIn, response: { 200: z.object({ id: z.string() }) } },
    handler: async (request) => ({ id: await keepChannel(shell, actorOf(request), request.body) }),
  });

  app.put("/api/notify/channels/:id", {
    config: { who: ADMIN },
    schema: {
      summary: "修改、启用或停用通知通道",
      params: ById,
      body: z.object({ version: z.number().int().min(1), channel: ChannelIn }),
      response: { 200: Ok },
    },
    handler: async (request) => {
      const { version, channel } = request.body;
      await changeChannel(shell, actorOf(request), request.params.id, version, channel);
      return { ok: true as const };
    },
  });

  app.post("/api/notify/channels/:id/test", {
    config: { who: ADMIN },
    schema: {
      summary: "以保存的设置发一条测试消息，返回对方的应答",
      params: ById,
      body: z.object({ to: text(200).default("") }),
      response: { 200: z.object({ ok: z.boolean(), answer: z.string() }) },
    },
    handler: async (request) =>
      testChannel(shell, actorOf(request), request.params.id, request.body.to.trim()),
  });

  app.get("/api/notify/deliveries", {
    config: { who: ADMIN },
    schema: {
      summary: "外发记录及每次尝试（地址遮盖）",
      querystring: z.object({
        state: z.enum(DELIVERY_STATES).optional(),
        channel: Id.optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: { 200: z.object({ rows: z.array(DeliveryOut), next: z.string().nullable() }) },
    },
    handler: (request) => {
      const { state, channel, after, limit } = request.query;
      return listDeliveries(shell.db, {
        ...{ state: state ?? null, channelId: channel ?? null, after: after ?? null, limit },
      });
    },
  });

  app.post("/api/notify/deliveries/:id/again", {
    config: { who: ADMIN },
    schema: { summary: "重发一条未送达的通知", params: ById, response: { 200: Ok } },
    handler: async (request) => {
      await sendAgain(shell, actorOf(request), request.params.id);
      return { ok: true as const };
    },
  });

  app.get("/api/notify/contacts", {
    config: { who: ADMIN },
    schema: {
      summary: "人员的收件地址（遮盖）",
      querystring: z.object({ q: text(60).default("") }),
      response: { 200: z.array(ContactOut) },
    },
    handler: (request) => listContacts(shell, request.query.q.trim()),
  });

  app.put("/api/notify/contacts/:userId", {
    config: { who: ADMIN },
    schema: {
      summary: "登记人员的收件地址",
      params: z.object({ userId: Id }),
      body: ContactIn,
      response: { 200: Ok },
    },
    handler: async (request) => {
      await setContact(shell, actorOf(request), request.params.userId, request.body);
      return { ok: true as const };
    },
  });

  app.get("/api/notify/me", {
    config: { who: "signedIn" },
    schema: {
      summary: "我的收件地址（遮盖）",
      response: { 200: ContactOut.pick({ email: true, phone: true, account: true }) },
    },
    handler: async (request) => {
      const { userId } = actorOf(request);
      const mine = (await contactsOf(shell.db, shell.secrets, [userId])).get(userId);
      const shown = (address: string | undefined) => (address ? maskAddress(address) : "");
      return { email: shown(mine?.email), phone: shown(mine?.phone), account: shown(mine?.account) };
    },
  });

  app.put("/api/notify/me", {
    config: { who: "signedIn" },
    schema: { summary: "登记我的收件地址", body: ContactIn, response: { 200: Ok } },
    handler: async (request) => {
      const actor = actorOf(request);
      await setContact(shell, actor, actor.userId, request.body);
      return { ok: true as const };
    },
  });
}
