/** 封账接口. */
import { ENTRY_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { parsePeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { text } from "../ticket/schema.ts";
import { checksOf, closedOrRefuse, closePeriod, correctionsOf } from "./closing.ts";
import type { Closed } from "./frozen.ts";
import { RulesOut, rulesOut } from "./shape.ts";

const CLOSERS: readonly Role[] = ["assessor", "leader"];
const count = z.number().int();
const Level = z.enum(LEVELS).default("district");
const PeriodOf = z.string().transform((name, context) => {
  const period = parsePeriodName(name);
  if (period !== null && name >= "2000" && name < "2100") return period;
  context.addIssue({ code: "custom", message: "考核期应写作 2020-12" });
  return z.NEVER;
});

const ClosedOut = z.object({
  level: z.enum(LEVELS),
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  rules: RulesOut,
  entries: count,
  digest: z.string(),
  /** The frozen copy gives the same figures again, to the byte. */
  intact: z.boolean(),
  waived: z.string(),
  closedAt: z.iso.datetime(),
  closedBy: z.string(),
  /** The figures as they were closed, one JSON text. */
  figures: z.string(),
});
const SideOut = z
  .object({
    segment: count,
    unitId: z.string().nullable(),
    scope: z.enum(ENTRY_SCOPES),
    valid: z.boolean(),
    contacted: z.string().nullable(),
    solved: z.string().nullable(),
    satisfied: z.string().nullable(),
    /** 按期; absent where the closing did not freeze it. */
    onTime: z.boolean().nullable().optional(),
  })
  .nullable();
export function closingRoutes(app: App, shell: Shell): void {
  const Of = z.object({ period: PeriodOf });
  const At = z.object({ level: Level });

  app.get("/api/assessment/closings/:period/checks", {
    config: { who: CLOSERS },
    schema: {
      summary: "封账检查：无结果、待决不纳入申请、两级回访不一致",
      params: Of,
      querystring: At,
      response: {
        200: z.array(
          z.object({
            check: z.string(),
            zh: z.string(),
            found: count,
            tickets: z.array(z.object({ ticketId: z.string(), number: z.string() })),
          }),
        ),
      },
    },
    handler: async (request) => {
      const checks = await checksOf(shell, shell.db, request.query.level, request.params.period);
      return checks.map((check) => ({ ...check, tickets: check.tickets.map((each) => ({ ...each })) }));
    },
  });

  app.post("/api/assessment/closings/:period", {
    config: { who: CLOSERS },
    schema: {
      summary: "封账：检查有未了事项时须填写理由",
      params: Of,
      body: z.object({ level: Level, waived: text(2000).default("") }),
      response: { 200: ClosedOut },
    },
    handler: async (request) => {
      const { level, waived } = request.body;
      return closedOut(await closePeriod(shell, actorOf(request), level, request.params.period, waived));
    },
  });

  app.get("/api/assessment/closings/:period", {
    config: { who: CENTRE },
    schema: {
      summary: "封账副本及复核（逐字节重算）",
      params: Of,
      querystring: At,
      response: { 200: ClosedOut },
    },
    handler: async (request) =>
      closedOut(await closedOrRefuse(shell.db, request.query.level, request.params.period)),
  });

  app.get("/api/assessment/closings/:period/differences", {
    config: { who: CENTRE },
    schema: {
      summary: "封账后的更正：逐件列出封账时与现在的差异",
      params: Of,
      querystring: At.extend({ limit: z.coerce.number().int().min(1).max(2000).default(500) }),
      response: {
        200: z.array(
          z.object({ ticketId: z.string(), number: z.string(), round: count, frozen: SideOut, now: SideOut }),
        ),
      },
    },
    handler: async (request) => {
      const closed = await closedOrRefuse(shell.db, request.query.level, request.params.period);
      return (await correctionsOf(shell.db, closed, shell.now(), request.query.limit)).map((each) => ({
        ...each,
      }));
    },
  });
}

function closedOut(closed: Closed): z.infer<typeof ClosedOut> {
  const { level, period, entries, digest, intact, waived, closedAt, closedBy, figures } = closed;
  return {
    ...{ level, period, entries, digest, intact, waived, closedBy, figures },
    rules: rulesOut({ ...closed, trial: false }),
    closedAt: closedAt.toISOString(),
  };
}
