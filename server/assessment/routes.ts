/** 考核接口. Rates, ranking, the tickets behind every figure, the rule sets and the catalogue of measures. */
import { chooseRuleSet } from "@jiesu/core/assessment/choice.ts";
import { STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import { measuresOver } from "@jiesu/core/assessment/measures.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import type { DayRange, PeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { adjustmentRoutes } from "./adjustmentroutes.ts";
import { LastRecountOut, lastRecount } from "./alarms.ts";
import { callbackRoutes } from "./callbackroutes.ts";
import { cityResultRoutes } from "./city/routes.ts";
import { closingRoutes } from "./closingroutes.ts";
import { EffectOut, effectOf } from "./effect.ts";
import { ExplainOut, explainUnit } from "./explain.ts";
import { explainTicket, TicketExplainOut } from "./explainticket.ts";
import { factRoutes } from "./factroutes.ts";
import {
  currentPeriod,
  ON_TIME_STANDS,
  onTimeReport,
  openFigure,
  rankReport,
  ratesReport,
  recentPeriods,
  segmentsFor,
} from "./figures.ts";
import { outlookRoutes } from "./outlookroutes.ts";
import { DayQuery, ownUnitOf, PeriodQuery } from "./query.ts";
import { rankBook } from "./rankbook.ts";
import { compareTally } from "./recount.ts";
import { rulebook } from "./rulebook.ts";
import { ruleRoutes } from "./ruleroutes.ts";
import { scoreSheetRoutes } from "./scoresheet/routes.ts";
import {
  LineOut,
  lineOut,
  MeasureOut,
  RankOut,
  RatesOut,
  RuleSetOut,
  RulesOut,
  rankOut,
  ratesOut,
  ruleSetOut,
  rulesOut,
} from "./shape.ts";
import { GROUPINGS, type LineKey } from "./store.ts";
import { TrendOut, trendOut, trendReport } from "./trend.ts";

const short = text(100);
const Asked = z.object({
  scope: z.enum(STAT_SCOPES).default("assessed"),
  rules: short.optional(),
  level: z.enum(LEVELS).default("district"),
});
/** A period by name, or days from … to, both counted; nothing means the current period. */
const Time = z.object({ period: PeriodQuery.optional(), from: DayQuery.optional(), to: DayQuery.optional() });

export function assessmentRoutes(app: App, shell: Shell): void {
  ruleRoutes(app, shell);
  closingRoutes(app, shell);
  callbackRoutes(app, shell);
  cityResultRoutes(app, shell);
  outlookRoutes(app, shell);
  scoreSheetRoutes(app, shell);
  adjustmentRoutes(app, shell);
  factRoutes(app, shell);

  app.get("/api/assessment/effect", {
    config: { who: WORKERS },
    schema: {
      summary: "一件工单不纳入考核前后，承办单位本期的三率、得分和名次，两种统计口径；承办单位只见本单位",
      querystring: z.object({
        ticket: Id,
        round: z.coerce.number().int().min(1).max(999),
        to: z.enum(["responseOnly", "exempt"]).default("exempt"),
      }),
      response: { 200: EffectOut },
    },
    handler: async (request) => {
      const { ticket, round, to } = request.query;
      return effectOf(shell, ticket, round, to, ownUnitOf(actorOf(request)));
    },
  });

  app.get("/api/assessment/rank", {
    config: { who: WORKERS },
    schema: {
      summary: "三率排名（按考核期、分组）；承办单位只见本单位",
      querystring: Asked.extend({ period: PeriodQuery.optional(), group: short.optional() }),
      response: { 200: RankOut },
    },
    handler: async (request) => {
      const { period, group, ...asked } = request.query;
      const name = period ?? (await currentPeriod(shell, asked.level)).name;
      const report = await rankReport(shell, name, asked, group);
      return rankOut(report, shell.now(), ownUnitOf(actorOf(request)));
    },
  });

  app.get("/api/assessment/rank.xlsx", {
    config: { who: WORKERS },
    schema: {
      summary: "三率排名导出 Excel：与页面所见一致；承办单位只见本单位",
      querystring: Asked.extend({
        period: PeriodQuery.optional(),
        group: short.optional(),
        counts: z.enum(["yes"]).optional(),
      }),
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const { period, group, counts, ...asked } = request.query;
      const name = period ?? (await currentPeriod(shell, asked.level)).name;
      const [before] = await trendReport(shell, name, asked, 2);
      const report = await rankReport(shell, name, asked, group);
      const ownUnit = ownUnitOf(actor);
      const onTime = await onTimeReport(shell, name, asked, ownUnit);
      const shown = { counts: counts !== undefined, ownUnit, onTime: onTime.rows, stands: onTime.stands };
      const bytes = await rankBook(report, before ?? null, shell.now(), shown);
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { rank: name, level: asked.level, scope: asked.scope },
      });
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(
          "content-disposition",
          `attachment; filename*=UTF-8''${encodeURIComponent(`三率排名-${name}.xlsx`)}`,
        )
        .send(bytes);
    },
  });

  app.get("/api/assessment/on-time", {
    config: { who: WORKERS },
    schema: {
      summary: "按期办结率（按单位、考核期）；承办单位只见本单位",
      querystring: Asked.extend({ period: PeriodQuery.optional() }),
      response: {
        200: z.object({
          /** 封账期取封账时的副本；早先封账未留副本的按现在的时限情况. */
          stands: z.enum(ON_TIME_STANDS),
          rows: z.array(
            z.object({ unitId: z.string(), due: z.number(), onTime: z.number(), text: z.string() }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const { period, ...asked } = request.query;
      const name = period ?? (await currentPeriod(shell, asked.level)).name;
      const own = ownUnitOf(actorOf(request));
      const { stands, rows } = await onTimeReport(shell, name, asked, own);
      return { stands, rows: rows.map((each) => ({ ...each })) };
    },
  });

  app.get("/api/assessment/trend", {
    config: { who: WORKERS },
    schema: {
      summary: "各单位近几期的名次、得分与三率（每期按其执行的规则，已封账的取封账副本）；承办单位只见本单位",
      querystring: Asked.extend({
        period: PeriodQuery.optional(),
        unit: Id.optional(),
        count: z.coerce.number().int().min(2).max(24).default(8),
      }),
      response: { 200: TrendOut },
    },
    handler: async (request) => {
      const { period, unit, count, ...asked } = request.query;
      const own = ownUnitOf(actorOf(request));
      if (own !== null && unit !== undefined && own !== unit) throw new Refused({ code: "not-found" });
      const name = period ?? (await currentPeriod(shell, asked.level)).name;
      return trendOut(await trendReport(shell, name, asked, count), own ?? unit ?? null);
    },
  });

  app.get("/api/assessment/rates", {
    config: { who: WORKERS },
    schema: {
      summary: "三率（任意时段，按单位、街乡镇或分类）；承办单位只见本单位",
      querystring: Asked.extend({ ...Time.shape, by: z.enum(GROUPINGS).optional() }),
      response: { 200: RatesOut },
    },
    handler: async (request) => {
      const { by, period, from, to, ...asked } = request.query;
      const time = await timeOf(shell, { period, from, to });
      const report = await ratesReport(shell, time, by ?? null, asked, ownUnitOf(actorOf(request)));
      return ratesOut(report, shell.now());
    },
  });

  app.get("/api/assessment/explain", {
    config: { who: WORKERS },
    schema: {
      summary:
        "考核解释：某单位某考核期的分子、分母、未计入及原因、规则（分段、可逐件），由台账逐条重放；承办单位只见本单位",
      querystring: Asked.extend({
        unit: Id,
        period: PeriodQuery.optional(),
        tickets: z.enum(["yes"]).optional(),
      }),
      response: { 200: ExplainOut },
    },
    handler: async (request) => {
      const { unit, period, tickets, ...asked } = request.query;
      const own = ownUnitOf(actorOf(request));
      if (own !== null && own !== unit) throw new Refused({ code: "not-found" });
      const named = period ?? (await currentPeriod(shell, asked.level)).name;
      return explainUnit(shell, { ...asked, unitId: unit, period: named, tickets: tickets !== undefined });
    },
  });

  app.get("/api/assessment/explain/tickets/:id", {
    config: { who: WORKERS },
    schema: {
      summary:
        "一件工单的考核台账：各轮次、市区两级计入何处、为何不计、历次变更由谁作出；承办单位只见本单位的轮次",
      params: z.object({ id: Id }),
      querystring: Asked.pick({ scope: true }),
      response: { 200: TicketExplainOut },
    },
    handler: async (request) =>
      explainTicket(shell, request.params.id, request.query.scope, ownUnitOf(actorOf(request))),
  });

  app.get("/api/assessment/tally", {
    config: { who: ["assessor", "leader", "sysadmin"] },
    schema: {
      summary: "考核计数核对：即时重算并与计数比较，列出不一致（空即一致）",
      response: {
        200: z.array(
          z.object({
            day: z.string(),
            /** Last day of a stretch that is kept added up; null: the counter of one day. */
            to: z.string().nullable(),
            unitId: z.string(),
            cell: z.string(),
            kept: z.number().int(),
            counted: z.number().int(),
          }),
        ),
      },
    },
    handler: async () => (await compareTally(shell.db)).map((each) => ({ ...each })),
  });

  app.get("/api/assessment/tally/last", {
    config: { who: ["assessor", "leader", "sysadmin"] },
    schema: {
      summary: "最近一次夜间计数核对及其告警（不一致只告警，不自动改）",
      response: { 200: LastRecountOut },
    },
    handler: async () => lastRecount(shell.db),
  });

  app.get("/api/assessment/tickets", {
    config: { who: WORKERS },
    schema: {
      summary: "某项考核数字所计的工单（恰好是这些），按键翻页",
      querystring: Asked.extend({
        ...Time.shape,
        measure: short,
        unit: Id.optional(),
        group: short.optional(),
        street: short.optional(),
        category: short.optional(),
        after: text(80).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      response: {
        200: z.object({
          rules: RulesOut,
          from: z.string(),
          to: z.string(),
          measure: MeasureOut,
          count: z.number().int(),
          /** 已封账: the lines as they were counted then. */
          closed: z.boolean(),
          rows: z.array(LineOut),
          next: z.string().nullable(),
        }),
      },
    },
    handler: async (request) => {
      const { period, from, to, unit, after, limit, ...rest } = request.query;
      const time = await timeOf(shell, { period, from, to });
      const page = { limit: limit + 1, after: after === undefined ? null : lineKey(after) };
      const opened = await openFigure(
        shell,
        time,
        { ...rest, unitId: unit },
        ownUnitOf(actorOf(request)),
        page,
      );
      const lines = opened.lines.slice(0, limit);
      const last = lines.at(-1);
      const more = opened.lines.length > limit && last !== undefined;
      return {
        rules: rulesOut(opened),
        from: opened.range.from,
        to: opened.range.to,
        measure: { ...opened.measure },
        count: opened.count,
        closed: opened.closed,
        rows: lines.map((line) => lineOut(line, opened.readings)),
        next: more ? `${last.ticketId}_${last.round}` : null,
      };
    },
  });

  app.get("/api/assessment/rules", {
    config: { who: WORKERS },
    schema: { summary: "考核规则", response: { 200: z.array(RuleSetOut) } },
    handler: async () => {
      const books = await Promise.all(LEVELS.map((level) => rulebook(shell, level)));
      return books.flatMap((book) => {
        const today = chooseRuleSet(book, dayOf(shell.now()));
        return book.map((each) => ruleSetOut(each, today?.ruleSet === each && !today.trial));
      });
    },
  });

  app.get("/api/assessment/measures", {
    config: { who: WORKERS },
    schema: {
      summary: "指标目录：名称、定义、分子、分母、口径、依据，按该考核期（不写即本期）所适用的各版规则",
      querystring: Asked.pick({ rules: true, level: true }).extend({ period: PeriodQuery.optional() }),
      response: { 200: z.array(MeasureOut) },
    },
    handler: async (request) => {
      const { period, rules, level } = request.query;
      const named = period ?? (await currentPeriod(shell, level)).name;
      const segments = await segmentsFor(shell, named, { rules, level, scope: "assessed" });
      return measuresOver(segments).map((measure) => ({ ...measure }));
    },
  });

  app.get("/api/assessment/periods", {
    config: { who: WORKERS },
    schema: {
      summary: "考核期（本期在前，往前二十四期）",
      response: { 200: z.array(z.object({ name: z.string(), from: z.string(), to: z.string() })) },
    },
    handler: async () => (await recentPeriods(shell, 24)).map((period) => ({ ...period })),
  });
}

interface TimeAsked {
  readonly period: PeriodName | undefined;
  readonly from: DayRange["from"] | undefined;
  readonly to: DayRange["to"] | undefined;
}

/** Days given alone reach to today, or are that one day's. */
async function timeOf(shell: Shell, { period, from, to }: TimeAsked): Promise<PeriodName | DayRange> {
  if (period !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new Refused({ code: "bad-input", message: "考核期与起止日期只能选一种" });
    return period;
  }
  if (from === undefined && to === undefined) return (await currentPeriod(shell)).name;
  if (from === undefined) throw new Refused({ code: "bad-input", message: "请填写起始日" });
  return { from, to: to ?? dayOf(shell.now()) };
}

function lineKey(after: string): LineKey {
  const match = /^(\d{1,18})_(\d{1,4})$/.exec(after);
  if (!match) throw new Refused({ code: "bad-input", message: "翻页位置不正确" });
  return { ticketId: match[1] ?? "", round: Number(match[2]) };
}
