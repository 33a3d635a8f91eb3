/** 在看接口. A screen tells what it has open and what is being filled in, and when it leaves. */
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, MoveName } from "../ticket/schema.ts";
import { endPresence, keepPresence, Person, presentOn } from "./presence.ts";
import type { PresenceFeed } from "./presence-feed.ts";

/** What a screen may tell: looking, a move's form, a co-handler's words, a talk with the city. */
const Doing = z.union([z.literal("view"), z.literal("co"), z.literal("talk"), MoveName]);

export function presenceRoutes(app: App, shell: Shell, feed: PresenceFeed): void {
  const onTicket = z.object({ id: Id });
  app.put("/api/tickets/:id/presence", {
    config: { who: WORKERS },
    schema: {
      summary: "登记正在查看或填写；返回同单的其他人",
      params: onTicket,
      body: z.object({ doing: Doing.default("view") }),
      response: { 200: z.object({ others: z.array(Person) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      await keepPresence(shell.db, actor, id, request.body.doing, shell.now());
      void feed.look();
      const all = await presentOn(shell.db, shell.now(), id);
      const others = all.filter((p) => p.userId !== actor.userId);
      return { others: others.map((p) => (actor.unitId === null ? p.person : p.toUnits)) };
    },
  });
  app.delete("/api/tickets/:id/presence", {
    config: { who: WORKERS },
    schema: {
      summary: "离开工单",
      params: onTicket,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await endPresence(shell.db, actorOf(request).userId, request.params.id);
      void feed.look();
      return { ok: true as const };
    },
  });
}
