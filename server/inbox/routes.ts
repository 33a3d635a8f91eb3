/** 消息接口. My messages, how many are unread, marking them read. Live: `event: inbox` on /api/events. */
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant } from "../ticket/schema.ts";
import { KINDS, type Kind, markRead, readMessages, unreadOf } from "./store.ts";

const Message = z.object({
  id: z.string(),
  kind: z.string(),
  kindZh: z.string(),
  ticket: z.object({ id: z.string(), number: z.string() }).nullable(),
  title: z.string(),
  body: z.string(),
  link: z.string(),
  at: Instant,
  read: z.boolean(),
});

export function inboxRoutes(app: App, shell: Shell): void {
  const unreadNow = async (userId: string): Promise<number> =>
    (await unreadOf(shell.db, [userId])).get(userId)?.unread ?? 0;

  app.get("/api/inbox", {
    config: { who: WORKERS },
    schema: {
      summary: "我的消息，新的在前",
      querystring: z.object({
        unread: z.literal("1").optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(30),
      }),
      response: {
        200: z.object({ rows: z.array(Message), next: z.string().nullable(), unread: z.number() }),
      },
    },
    handler: async (request) => {
      const { userId } = actorOf(request);
      const { unread, after, limit } = request.query;
      const page = await readMessages(shell.db, userId, {
        unread: unread === "1",
        after: after ?? null,
        limit,
      });
      return {
        rows: page.rows.map((m) => ({
          id: m.id,
          kind: m.kind,
          kindZh: isKind(m.kind) ? KINDS[m.kind] : m.kind,
          ticket: m.ticket_id ? { id: m.ticket_id, number: m.number ?? "" } : null,
          title: m.title,
          body: m.body,
          link: m.link,
          at: m.at.toISOString(),
          read: m.read_at !== null,
        })),
        next: page.next,
        unread: await unreadNow(userId),
      };
    },
  });

  app.post("/api/inbox/read", {
    config: { who: WORKERS },
    schema: {
      summary: "标为已读：指定几条，或到某条为止的全部",
      body: z.union([z.strictObject({ ids: z.array(Id).min(1).max(100) }), z.strictObject({ upTo: Id })]),
      response: { 200: z.object({ unread: z.number() }) },
    },
    handler: async (request) => {
      const { userId } = actorOf(request);
      await markRead(shell.db, userId, request.body, shell.now());
      return { unread: await unreadNow(userId) };
    },
  });
}

const isKind = (text: string): text is Kind => Object.hasOwn(KINDS, text);
