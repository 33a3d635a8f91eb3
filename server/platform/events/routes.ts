/** GET /api/events: server-sent events. Last-Event-ID goes on where the line broke; units hear only of their tickets. */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { type App, actorOf } from "../http/app.ts";
import { WORKERS } from "../http/who.ts";
import type { Shell } from "../shell.ts";
import { cursorNow, type Feed, type FeedEvent, isCursor } from "./feed.ts";

const HEARTBEAT_MS = 15_000;

export function eventRoutes(app: App, shell: Shell, feed: Feed): void {
  const open = new Set<() => void>();
  app.addHook("preClose", async () => {
    for (const close of open) close();
  });

  app.get("/api/events", {
    config: { who: WORKERS },
    schema: { summary: "实时更新（server-sent events）", hide: false },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const ofUnit = actor.roles.every((r) => sideOf(r) === "unit");
      const asked = request.headers["last-event-id"];
      const cursor = typeof asked === "string" && isCursor(asked) ? asked : await cursorNow(shell.db);
      reply.hijack();
      const raw = reply.raw;
      raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        connection: "keep-alive",
      });
      raw.write(`retry: 1000\nid: ${cursor}\nevent: hello\ndata: {}\n\n`);
      const tell = (events: readonly FeedEvent[]): void => {
        const mine = ofUnit ? events.filter((e) => e.unitId === actor.unitId) : events;
        for (const e of mine) raw.write(frame(e));
      };
      const unlisten = feed.listen(cursor, tell);
      const beat = setInterval(() => raw.write(": \n\n"), HEARTBEAT_MS);
      const close = (): void => {
        clearInterval(beat);
        unlisten();
        open.delete(close);
        raw.end();
      };
      open.add(close);
      request.raw.on("close", close);
    },
  });
}

function frame(e: FeedEvent): string {
  const data = {
    ticketId: e.ticketId,
    kind: e.kind,
    state: e.state,
    version: e.version,
    at: e.at.toISOString(),
    unitId: e.unitId,
    userName: e.userName,
  };
  return `id: ${e.cursor}\nevent: ticket\ndata: ${JSON.stringify(data)}\n\n`;
}
