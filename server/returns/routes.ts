/** 退单退市接口. The rules of returns, what was decided before beside a return in review, and the statistics of row 17. */
import { RETURN_STANDINGS, STANDING_KEYS } from "@jiesu/core/returns/measures.ts";
import { clocksInWords, windowInWords } from "@jiesu/core/returns/words.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { daysBetween, parseDay } from "@jiesu/core/time/day.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import { guardRulesOn, returnRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { returnsBook } from "./book.ts";
import {
  type Behind,
  type BehindRow,
  COLLECTION_BY,
  RETURN_BY,
  ticketsBehind,
  WITHDRAWAL_BY,
} from "./counts.ts";
import { EarlierOut, returnsOfTicket } from "./earlier.ts";
import { collectionStatistics, returnStatistics, StatOut, withdrawalStatistics } from "./statistics.ts";

addWordings({
  "days-too-many": { status: 422, zh: (r) => `一次最多统计 ${String(r.most)} 天，请缩短时段。` },
});

const Day = z.string().transform((value, context) => {
  const day = parseDay(value);
  if (day !== null && value >= "2000" && value < "2100") return day;
  context.addIssue({ code: "custom", message: "日期应写作 2020-12-31" });
  return z.NEVER;
});
const Days = z.object({ from: Day, to: Day });
const MOST_DAYS = 366;
const PAGE = 50;

const COLLECTED = [
  "tickets",
  "merged",
  "dispatched",
  "firstRight",
  "replied",
  "withdrawn",
  "closed",
] as const;
const Row = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  stateZh: z.string(),
  unitName: z.string().nullable(),
  at: Instant,
  nth: z.number().int().nullable(),
  groundZh: z.string().nullable(),
  reason: z.string().nullable(),
  standingZh: z.string().nullable(),
  words: z.string().nullable(),
});

export function returnRoutes(app: App, shell: Shell): void {
  app.get("/api/returns/rules", {
    config: { who: WORKERS },
    schema: {
      summary: "现行退单规则：期限、情形及所附依据、审核期间时限、次数",
      response: {
        200: z.object({
          ...{ name: z.string(), from: z.string(), source: z.string() },
          ...{ window: z.string(), clocks: z.string(), maxReturns: z.number().int() },
          grounds: z.array(z.object({ code: z.string(), zh: z.string(), evidence: z.string() })),
        }),
      },
    },
    handler: async () => {
      const now = shell.now();
      const { name, from, source, body } = returnRulesOn(shell.rules, now);
      return {
        ...{ name, from, source, window: windowInWords(body.window), clocks: clocksInWords(body.inReview) },
        maxReturns: guardRulesOn(shell.rules, now).maxReturns,
        grounds: body.grounds.map(({ code, zh, evidence }) => ({ code, zh, evidence })),
      };
    },
  });

  app.get("/api/tickets/:id/returns", {
    config: { who: WORKERS },
    schema: {
      summary: "本单的退单及审核结果；中心另见同一事项以往如何处理",
      params: z.object({ id: Id }),
      response: { 200: EarlierOut },
    },
    handler: (request) => returnsOfTicket(shell, actorOf(request), request.params.id),
  });

  app.get("/api/returns/statistics", {
    config: { who: WORKERS },
    schema: {
      summary: "退单统计：按单位、情形、类别、结果、周或月；单位只见本单位的",
      querystring: Days.extend({ by: z.enum(RETURN_BY).default("unit") }),
      response: { 200: StatOut },
    },
    handler: (request) => {
      const { by } = request.query;
      return returnStatistics(shell, daysOf(request.query), by, unitOf(actorOf(request)));
    },
  });

  app.get("/api/returns/withdrawals", {
    config: { who: CENTRE },
    schema: {
      summary: "退市统计：申请、市级同意、驳回，按渠道、类别、街镇、周或月",
      querystring: Days.extend({ by: z.enum(WITHDRAWAL_BY).default("channel") }),
      response: { 200: StatOut },
    },
    handler: (request) => withdrawalStatistics(shell, daysOf(request.query), request.query.by),
  });

  app.get("/api/returns/collection", {
    config: { who: CENTRE },
    schema: {
      summary: "采集与分拣统计：按渠道、路径、诉求类型、时刻、类别、周或月",
      querystring: Days.extend({ by: z.enum(COLLECTION_BY).default("channel") }),
      response: { 200: StatOut },
    },
    handler: (request) => collectionStatistics(shell, daysOf(request.query), request.query.by),
  });

  app.get("/api/returns/tickets", {
    config: { who: WORKERS },
    schema: {
      summary: "统计数字所计的工单，新的在前；单位只见本单位的退单",
      querystring: Days.extend({
        of: z.enum(["returns", "withdrawals", "collection"]).default("returns"),
        figure: text(20).default("asked"),
        by: text(20).default("unit"),
        key: text(200).optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(PAGE),
      }),
      response: { 200: z.object({ rows: z.array(Row), next: z.string().nullable() }) },
    },
    handler: async (request) => {
      const { of, figure, by, key, after, limit } = request.query;
      const actor = actorOf(request);
      const unitId = unitOf(actor);
      if (unitId !== null && of !== "returns") throw new Refused({ code: "not-allowed" });
      const place = { key: key ?? null, unitId, after: after ?? null };
      const behind = behindOf(of, figure, by);
      const found = await ticketsBehind(shell.db, behind, daysOf(request.query), place, limit + 1);
      const page = found.slice(0, limit);
      return { rows: page.map(rowOut), next: found.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
  });

  app.get("/api/returns/book.xlsx", {
    config: { who: CENTRE },
    schema: { summary: "采集、退单、退市统计导出 Excel（不含诉求人信息）", querystring: Days },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const days = daysOf(request.query);
      const bytes = await returnsBook(shell, days);
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { statistics: "returns", from: days.from, to: days.to },
      });
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(
          "content-disposition",
          `attachment; filename*=UTF-8''${encodeURIComponent(`采集与退单统计-${days.from}至${days.to}.xlsx`)}`,
        )
        .send(bytes);
    },
  });
}

/** A unit's people count their own unit's alone. */
function unitOf(actor: Actor): string | null {
  const centre: readonly Role[] = CENTRE;
  return actor.roles.some((role) => centre.includes(role)) ? null : (actor.unitId ?? "0");
}

function daysOf({ from, to }: DayRange): DayRange {
  if (from > to) throw new Refused({ code: "days-reversed" });
  if (daysBetween(from, to) >= MOST_DAYS) throw new Refused({ code: "days-too-many", most: MOST_DAYS });
  return { from, to };
}

/** Figures and rows by their keys; one that no table has is refused. */
function behindOf(of: Behind["of"], figure: string, by: string): Behind {
  const one = <K extends string>(keys: readonly K[], key: string): K => {
    const found = keys.find((each) => each === key);
    if (found === undefined) throw new Refused({ code: "not-found" });
    return found;
  };
  if (of === "returns")
    return { of, figure: one(["asked", ...STANDING_KEYS], figure), by: one(RETURN_BY, by) };
  if (of === "withdrawals") {
    const figures = ["applied", "waiting", "accepted", "rejected"] as const;
    return { of, figure: one(figures, figure), by: one(WITHDRAWAL_BY, by) };
  }
  return { of, figure: one(COLLECTED, figure), by: one(COLLECTION_BY, by) };
}

const ANSWERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(Object.entries(RETURN_STANDINGS).map(([key, { zh }]) => [key, zh])),
  ...{ acceptWithdraw: "市级同意", rejectWithdraw: "市级驳回" },
};

function rowOut({ state, standing, at, ...row }: BehindRow): z.infer<typeof Row> {
  return {
    ...row,
    at: at.toISOString(),
    stateZh: isState(state) ? STATES[state].zh : state,
    standingZh: standing === null ? null : (ANSWERS[standing] ?? standing),
  };
}
