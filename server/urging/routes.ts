/** 催办接口. The list of urges, what is open by unit, the answer, and the ladder in force explained. */
import { MEANS } from "@jiesu/core/notify/means.ts";
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { TARGETS } from "@jiesu/core/urging/ladder.ts";
import { quietInWords, stepInWords } from "@jiesu/core/urging/words.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { answerUrge } from "./answers.ts";
import { ladderNow } from "./ladder.ts";
import { listUrges, openByUnit, STANDINGS, UrgeOut } from "./list.ts";

const UnitLine = z.object({
  unit: z.object({ id: z.string(), name: z.string() }).nullable(),
  urges: z.number().int(),
  tickets: z.number().int(),
  oldestAt: Instant,
});
const LadderOut = z.object({
  name: z.string(),
  from: z.string(),
  source: z.string(),
  repeatMinutes: z.number(),
  lapseHours: z.number(),
  quiet: z.array(z.string()),
  byHand: z.object({ to: z.string(), by: z.string(), words: z.string() }),
  steps: z.array(
    z.object({
      ...{ id: z.string(), zh: z.string(), at: z.string(), when: z.string() },
      ...{ to: z.string(), by: z.string(), words: z.string() },
    }),
  ),
});
const Answer = text(2000).refine((s) => s.trim().length >= 2, "请写明办理进展");

export function urgingRoutes(app: App, shell: Shell): void {
  app.get("/api/urges", {
    config: { who: WORKERS },
    schema: {
      summary: "催办清单，新的在前；单位只见本单位的",
      querystring: z.object({
        standing: z.enum(STANDINGS).default("open"),
        unit: Id.optional(),
        ticket: Id.optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: { 200: z.object({ rows: z.array(UrgeOut), next: z.string().nullable() }) },
    },
    handler: (request) => {
      const { standing, unit, ticket, after, limit } = request.query;
      return listUrges(shell.db, actorOf(request), {
        ...{ standing, limit, unitId: unit ?? null, ticketId: ticket ?? null, after: after ?? null },
      });
    },
  });

  app.get("/api/urges/units", {
    config: { who: WORKERS },
    schema: { summary: "未回复的催办，按单位", response: { 200: z.array(UnitLine) } },
    handler: (request) => openByUnit(shell.db, actorOf(request)),
  });

  app.get("/api/urges/ladder", {
    config: { who: WORKERS },
    schema: { summary: "现行催办阶梯与免打扰时段", response: { 200: LadderOut.nullable() } },
    handler: async () => {
      const now = await ladderNow(shell, shell.db, shell.now());
      if (now === null) return null;
      const { name, from, source, body } = now.ladder;
      const means = (by: readonly (keyof typeof MEANS)[]) => by.map((each) => MEANS[each].zh).join("、");
      const { byHand } = body;
      return {
        ...{ name, from, source, repeatMinutes: body.repeatMinutes, lapseHours: body.lapseHours },
        quiet: [...quietInWords(body)],
        byHand: {
          ...{ to: byHand.to.map((target) => TARGETS[target]).join("、"), by: means(byHand.by) },
          words: byHand.words,
        },
        steps: body.steps.map((step) => ({
          ...{ id: step.id, zh: step.zh, words: step.words, by: means(step.by) },
          ...stepInWords(step),
        })),
      };
    },
  });

  app.post("/api/urges/:id/answer", {
    config: { who: WORKERS },
    schema: {
      summary: "回复催办：同一工单未回复的一并回复",
      params: z.object({ id: Id }),
      body: z.object({ text: Answer }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await answerUrge(shell, actorOf(request), request.params.id, request.body.text.trim());
      return { ok: true as const };
    },
  });
}

/** How many urges wait for this person's answer, and since when; null for who answers none. */
export async function urgesWaiting(
  shell: Shell,
  actor: Actor,
): Promise<{ readonly count: number; readonly oldestAt: string | null } | null> {
  if (!actor.roles.some((role) => sideOf(role) === "unit")) return null;
  const [line] = await openByUnit(shell.db, actor);
  return { count: line?.urges ?? 0, oldestAt: line?.oldestAt ?? null };
}
