/** 工单打印. Hands out what a printed sheet needs beyond the page, and puts each printing into the audit. */
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { readTicket } from "./detail.ts";
import { mayReveal, revealRequester } from "./requester.ts";
import { Id, Instant, TicketDetail, text } from "./schema.ts";

addWordings({
  "print-reason": { status: 422, zh: () => "打印诉求人完整信息，请填写理由。" },
});

/** What may be left out of a sheet; its head, the text and the facts are always on it. */
const Part = z.enum(["assignments", "reply", "callbacks", "talks", "history", "attachments"]);

export function printRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/:id/print", {
    config: { who: WORKERS },
    schema: {
      summary: "打印工单（留痕；诉求人信息默认遮盖，完整打印须填写理由）",
      params: z.object({ id: Id }),
      body: z.object({
        parts: z.array(Part).max(6),
        clear: z.boolean().default(false),
        reason: text(200).default(""),
      }),
      response: {
        200: z.object({
          ticket: TicketDetail,
          /** In clear, where it was asked for. */
          requester: z
            .object({ name: z.string(), phone: z.string(), account: z.string(), content: z.string() })
            .nullable(),
          printedAt: Instant,
          printedBy: z.string(),
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      const { parts, clear, reason } = request.body;
      const now = shell.now();
      const ticket = await readTicket(shell, shell.db, actor, id);
      if (!ticket) throw new Refused({ code: "not-found" });
      if (clear && reason.trim().length < 2) throw new Refused({ code: "print-reason" });
      if (clear && !(await mayReveal(shell.db, actor, id))) throw new Refused({ code: "not-your-unit" });
      const requester = await shell.db.transaction().execute(async (tx) => {
        await audit(tx, now, actor.userId, actor.name, "print", {
          ticketId: id,
          detail: { parts, clear, ...(clear ? { reason: maskText(reason).text } : {}) },
        });
        return clear ? revealRequester(tx, shell.secrets, actor, id, reason, now) : null;
      });
      return { ticket, requester, printedAt: new Date(now).toISOString(), printedBy: actor.name };
    },
  });
}
