/** 分拣研判接口. What the dispatch panel is offered for one ticket: units with their reasons, places, earlier and like tickets. */
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant } from "../ticket/schema.ts";
import { readSuggestions } from "./store.ts";

const Kin = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  receivedAt: Instant,
  stateZh: z.string(),
  unitName: z.string().nullable(),
});

const Suggestions = z.object({
  /** Best first; the points of a unit's reasons add up to its score. */
  units: z.array(
    z.object({
      unitId: z.string(),
      name: z.string(),
      score: z.number().int(),
      reasons: z.array(
        z.object({
          points: z.number().int(),
          text: z.string(),
          /** Where in `content` the evidence stands, if it is there. */
          evidence: z.object({ start: z.number().int(), end: z.number().int() }).optional(),
        }),
      ),
    }),
  ),
  /** Places named in the ticket's text, as UTF-16 positions in `content`. */
  places: z.array(
    z.object({
      start: z.number().int(),
      end: z.number().int(),
      kind: z.enum(["street", "community"]),
      name: z.string(),
    }),
  ),
  /** 同一诉求人的历史工单 */
  earlier: z.array(Kin),
  /** 同类工单: same category in the same community (or street) within 30 days. */
  similar: z.array(Kin),
});
export type Suggestions = z.infer<typeof Suggestions>;

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
}
