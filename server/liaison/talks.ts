/** 市级沟通记录. Who at the city was spoken with, when, by which means, what was said and what came of it; an event each, never edited. */
import { LIAISON_HANDS, WAYS } from "@jiesu/core/liaison/lifecycle.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { readTicket } from "../ticket/detail.ts";
import { Id, Instant, TicketDetail, text } from "../ticket/schema.ts";
import { lockTicket, recordEvent } from "../ticket/store.ts";

addWordings({
  "talk-in-future": { status: 422, zh: () => "沟通时间晚于现在，请核对。" },
});

const words = (max: number, zh: string) => text(max).refine((s) => s.trim() !== "", `请填写${zh}`);

const Talk = z.object({
  /** Made by the screen, so that a sending repeated after a lost answer is one record. */
  key: z.uuid(),
  person: words(60, "市级联系人"),
  way: z.enum(WAYS),
  talkedAt: Instant,
  said: words(5000, "沟通内容"),
  outcome: text(1000).default(""),
});

export function talkRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/:id/talks", {
    config: { who: LIAISON_HANDS },
    schema: {
      summary: "登记市级沟通（只增不改；补充、更正另记一条）",
      params: z.object({ id: Id }),
      body: Talk,
      response: { 200: z.object({ ticket: TicketDetail }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      await recordTalk(shell.db, actor, id, request.body, shell.now());
      const ticket = await readTicket(shell, shell.db, actor, id);
      if (!ticket) throw new Refused({ code: "not-found" });
      return { ticket };
    },
  });
}

/** Puts the talk on record once; the same key again changes nothing. Throws Refused. */
function recordTalk(
  db: Db,
  actor: Actor & { readonly userId: string },
  ticketId: string,
  talk: z.infer<typeof Talk>,
  now: number,
): Promise<void> {
  return db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, ticketId);
    if (!ticket) throw new Refused({ code: "not-found" });
    if (Date.parse(talk.talkedAt) > now) throw new Refused({ code: "talk-in-future" });
    const known = await tx
      .selectFrom("event")
      .select("id")
      .where("ticket_id", "=", ticketId)
      .where("kind", "=", "cityTalk")
      .where(sql<boolean>`data->>'key' = ${talk.key}`)
      .executeTakeFirst();
    if (known) return;
    const { key, way, talkedAt } = talk;
    const [person, said, outcome] = [talk.person, talk.said, talk.outcome].map(
      (t) => maskText(t.trim()).text,
    );
    const role = actor.roles.find((r) => LIAISON_HANDS.includes(r)) ?? "system";
    await recordEvent(
      tx,
      ticket,
      "cityTalk",
      { key, person, way, talkedAt, said, outcome },
      { at: now, userId: actor.userId, userName: actor.name, role },
    );
  });
}
