/** 督办汇总与盯办接口. The summary as table, workbook and paper; the daily look when asked; direct-dispatch tickets watched. */
import {
  ALL_SUMMARY_COUNTS,
  type SummaryLine,
  summaryDocument,
  summaryOf,
} from "@jiesu/core/supervision/summary.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { DOCX_MIME, docxOf } from "../platform/documents/docx.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant } from "../ticket/schema.ts";
import { periodAt } from "./actions.ts";
import { findItems, type Standings } from "./find.ts";
import { PeriodName } from "./shape.ts";
import { summaryBook, summaryItems, summaryPeriods } from "./summary.ts";
import { countWatched, listWatched } from "./watched.ts";

const FINDERS: readonly Role[] = ["supervisor", "shiftLead", "leader"];
const XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const count = z.number().int();
const Named = z.object({ id: z.string(), name: z.string() }).nullable();
const Counts = z.record(z.enum(ALL_SUMMARY_COUNTS), count);
const Word = z.object({ text: z.string(), by: z.string(), at: Instant });
const Line = z.object({
  unit: Named,
  counts: Counts,
  rate: z.string(),
  last: Word.extend({ id: z.string(), title: z.string() }).nullable(),
});
const Asked = z.object({
  /** "all" for every period; absent: the running one. */
  period: z.union([PeriodName, z.literal("all")]).optional(),
});

export function supervisionLookRoutes(app: App, shell: Shell, standings: Standings): void {
  app.get("/api/supervision/summary", {
    config: { who: WORKERS },
    schema: {
      summary: "督办汇总：各主责单位的件数、等级、超期、销号率和最新情况；承办单位只见本单位",
      querystring: Asked,
      response: {
        200: z.object({
          period: z.string().nullable(),
          current: z.string(),
          at: Instant,
          lines: z.array(Line),
          total: Line,
          periods: z.array(z.object({ period: z.string(), total: count, closed: count })),
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const now = shell.now();
      const period = periodOf(request.query.period, now);
      const { lines, total } = summaryOf(await summaryItems(shell.db, actor, period, now));
      return {
        ...{ period, current: periodAt(shell, now).name, at: new Date(now).toISOString() },
        ...{ lines: lines.map(lineOut), total: lineOut(total) },
        periods: await summaryPeriods(shell.db, actor),
      };
    },
  });

  app.get("/api/supervision/summary.xlsx", {
    config: { who: WORKERS },
    schema: { summary: "督办汇总表（Excel），附全部督办件", querystring: Asked },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const now = shell.now();
      const period = periodOf(request.query.period, now);
      const bytes = await summaryBook(await summaryItems(shell.db, actor, period, now), period, now);
      await audit(shell.db, now, actor.userId, actor.name, "export", {
        detail: { supervision: period ?? "all" },
      });
      return reply
        .header("content-type", XLSX_MIME)
        .header("content-disposition", attachment(`督办汇总-${period ?? "全部"}.xlsx`))
        .send(bytes);
    },
  });

  app.get("/api/supervision/summary.docx", {
    config: { who: CENTRE },
    schema: { summary: "督办情况汇总（Word 公文）", querystring: Asked },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const now = shell.now();
      const period = periodOf(request.query.period, now);
      const items = await summaryItems(shell.db, actor, period, now);
      const bytes = await docxOf(summaryDocument(items, { period, at: now, on: dayOf(now) }), now);
      await audit(shell.db, now, actor.userId, actor.name, "export", {
        detail: { supervision: period ?? "all" },
      });
      return reply
        .header("content-type", DOCX_MIME)
        .header("content-disposition", attachment(`督办情况汇总-${period ?? "全部"}.docx`))
        .send(bytes);
    },
  });

  app.post("/api/supervision/find", {
    config: { who: FINDERS },
    schema: {
      summary: "立即按现行规则发现督办线索（每天自动进行一次）；已发现的不重复",
      response: { 200: z.object({ found: count }) },
    },
    handler: async () => ({ found: await findItems(shell, standings) }),
  });

  app.get("/api/supervision/watched", {
    config: { who: WORKERS },
    schema: {
      summary: "直派盯办的工单：时限、单位最新情况；先到期在前",
      querystring: z.object({
        unit: z.union([Id, z.literal("none")]).optional(),
        due: z.enum(["near", "overdue"]).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
      response: {
        200: z.object({
          units: z.array(z.object({ unit: Named, n: count, near: count, overdue: count })),
          rows: z.array(
            z.object({
              id: z.string(),
              number: z.string(),
              title: z.string(),
              street: z.string(),
              stateZh: z.string(),
              version: count,
              unit: Named,
              receivedAt: Instant,
              dueAt: Instant.nullable(),
              standing: z.enum(["plain", "near", "overdue"]),
              word: Word.nullable(),
              urgedAt: Instant.nullable(),
            }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const { limit, ...filter } = request.query;
      const actor = actorOf(request);
      const [units, rows] = await Promise.all([
        countWatched(shell.db, actor, shell.now()),
        listWatched(shell.db, actor, filter, limit, shell.now()),
      ]);
      return { units, rows };
    },
  });

  function periodOf(asked: string | undefined, now: number): string | null {
    return asked === "all" ? null : (asked ?? periodAt(shell, now).name);
  }
}

function lineOut({ unit, counts, rate, last }: SummaryLine): z.infer<typeof Line> {
  return {
    ...{ unit, counts: { ...counts }, rate },
    last: last && { ...last, at: new Date(last.at).toISOString() },
  };
}

const attachment = (name: string): string => `attachment; filename*=UTF-8''${encodeURIComponent(name)}`;
