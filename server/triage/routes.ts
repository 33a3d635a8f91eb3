/** 分拣研判接口. What the dispatch panel is offered for one ticket: units with their reasons, places, earlier and like tickets. */
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id } from "../ticket/schema.ts";
import { Offered, offeredPrecedents } from "./precedents.ts";
import { readReading } from "./reading.ts";
import { Reading, Suggestions } from "./shape.ts";
import { readSuggestions } from "./store.ts";

export function triageRoutes(app: App, shell: Shell): void {
  app.get("/api/tickets/:id/suggestions", {
    config: { who: ["triager", "shiftLead", "supervisor"] },
    schema: {
      summary: "派单建议：承办单位及理由、文中地点、历史与同类工单",
      params: z.object({ id: Id }),
      response: { 200: Suggestions },
    },
    handler: async (request) => {
      const found = await readSuggestions(shell, actorOf(request), request.params.id);
      if (found === null) throw new Refused({ code: "not-found" });
      return found;
    },
  });

  app.get("/api/tickets/:id/precedents", {
    config: { who: ["triager", "shiftLead", "supervisor", "leader"] },
    schema: {
      summary: "可引先例：与分类、地点、文字相符的有效先例及理由，最相符的在前",
      params: z.object({ id: Id }),
      response: { 200: Offered },
    },
    handler: async (request) => {
      const found = await offeredPrecedents(shell, actorOf(request), request.params.id);
      if (found === null) throw new Refused({ code: "not-found" });
      return found;
    },
  });

  app.get("/api/tickets/:id/reading", {
    config: { who: WORKERS },
    schema: {
      summary: "阅读辅助：正文中的地点、单位、敏感词和规范用语，历史与相似工单",
      params: z.object({ id: Id }),
      response: { 200: Reading },
    },
    handler: async (request) => {
      const found = await readReading(shell, actorOf(request), request.params.id);
      if (found === null) throw new Refused({ code: "not-found" });
      return found;
    },
  });
}
