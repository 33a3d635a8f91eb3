/** GET /api/events: server-sent events. Last-Event-ID goes on where the line broke; units hear only of their tickets. */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import type { Actor } from "../auth/actor.ts";
import { isLive } from "../auth/sessions.ts";
import { type App, actorOf, COOKIE } from "../http/app.ts";
import { WORKERS } from "../http/who.ts";
import type { Shell } from "../shell.ts";
import { cursorNow, type Feed, type FeedEvent, isBeyond, isCursor } from "./feed.ts";

const HEARTBEAT_MS = 15_000;
const MAX_UNREAD_BYTES = 1024 * 1024;

/**
 * Something a feature tells a person beside the events of tickets, on the same line. It has no id: after a broken line
 * it begins again with what is so now. Answers how to stop.
 */
export type Aside = (
  actor: Actor & { readonly userId: string },
  send: (event: string, data: object) => void,
) => () => void;

export function eventRoutes(
  app: App,
  shell: Shell,
  feed: Feed,
  heartbeatMs = HEARTBEAT_MS,
  asides: readonly Aside[] = [],
): void {
  const open = new Set<() => void>();
  app.addHook("preClose", async () => {
    for (const close of open) close();
  });

  app.get("/api/events", {
    config: { who: WORKERS, background: true },
    schema: { summary: "实时更新（server-sent events）", hide: false },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const token = request.cookies[COOKIE] ?? "";
      const ofUnit = actor.roles.every((r) => sideOf(r) === "unit");
      const asked = request.headers["last-event-id"];
      const now = await cursorNow(shell.db);
      // A place of another life of this ledger, before it was restored, would be silent for years.
      const known = typeof asked === "string" && isCursor(asked) && !isBeyond(asked, now);
      const cursor = known ? asked : now;
      reply.hijack();
      const raw = reply.raw;
      if (raw.destroyed) return; // gone while we asked: its "close" is over and would not be heard
      raw.writeHead(200, {
        "content-type": "text/event-stream; charset=utf-8",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
        connection: "keep-alive",
      });
      raw.write(`retry: 1000\nid: ${cursor}\nevent: hello\ndata: {}\n\n`);
      let place = cursor;
      const tell = (events: readonly FeedEvent[]): void => {
        if (raw.writableEnded) return;
        place = events.at(-1)?.cursor ?? place;
        const mine = ofUnit ? events.filter((e) => e.units.includes(actor.unitId ?? "")) : events;
        for (const e of mine) raw.write(frame(e));
        // A reader that does not read is let go; it comes back with the id of the last event that it has read.
        if (raw.writableLength > MAX_UNREAD_BYTES) raw.destroy();
      };
      const unlisten = feed.listen(cursor, tell);
      const stops = asides.map((aside) =>
        aside(actor, (event, data) => {
          if (!raw.writableEnded) raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
        }),
      );
      const beat = setInterval(async () => {
        // Who signed out, was switched off or got other roles hears no more.
        const live = await isLive(shell.db, shell.now(), token).catch(() => true);
        if (raw.writableEnded) return;
        // With the place reached, so that a unit that heard nothing for a day does not go through that day again.
        if (live) raw.write(`id: ${place}\n\n`);
        else close();
      }, heartbeatMs);
      const close = (): void => {
        clearInterval(beat);
        unlisten();
        for (const stop of stops) stop();
        open.delete(close);
        raw.end();
      };
      open.add(close);
      raw.on("close", close);
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
