/** 电话抽访接口. Plans with their seeds, the call list, calls, results by channel, unit and month, and all of it as a workbook. */
import { ORDER_KEYS } from "@jiesu/core/callback/rules.ts";
import { CALL_OUTCOMES } from "@jiesu/core/sampling/call.ts";
import { resultsOf, SAMPLED_QUESTIONS } from "@jiesu/core/sampling/results.ts";
import { STRATA } from "@jiesu/core/sampling/sample.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import { samplingRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { revealForCallback } from "../ticket/requester.ts";
import { Answers, Id, Instant, Reasons, text } from "../ticket/schema.ts";
import {
  callsOf,
  drawnAgain,
  drawPlan,
  planOf,
  RESULTS_BY,
  type ResultsBy,
  recordCall,
  resultKey,
  waitingSince,
} from "./actions.ts";
import { samplingBook } from "./book.ts";
import { channelsIn, type DrawnTicket, drawnTickets, listPlans } from "./store.ts";

const PLANNERS: readonly Role[] = ["assessor", "shiftLead", "leader"];
const CALLERS = ["caller", "shiftLead"] as const;

const count = z.number().int();
const Day = z.string().transform((value, context) => {
  const day = parseDay(value);
  if (day !== null && value >= "2000" && value < "2100") return day;
  context.addIssue({ code: "custom", message: "日期应写作 2020-12-31" });
  return z.NEVER;
});
const words = text(100).refine((said) => said.trim() !== "", "不能为空");
const Of = z.object({ id: Id });
const OfTicket = z.object({ id: Id, ticketId: Id });

const PlanOut = z.object({
  id: z.string(),
  name: z.string(),
  from: z.string(),
  to: z.string(),
  channels: z.array(z.string()),
  strata: z.enum(STRATA),
  size: count,
  seed: z.string(),
  counted: z.boolean(),
  rules: z.string(),
  drawnAt: z.iso.datetime(),
  drawnBy: z.string(),
  frame: count,
  drawn: count,
  answered: count,
  refused: count,
  unreached: count,
});
const Reason = z.object({ code: z.string(), zh: z.string() });
const TicketOut = z.object({
  id: z.string(),
  place: count,
  number: z.string(),
  title: z.string(),
  excerpt: z.string(),
  channel: z.string(),
  category: z.string(),
  street: z.string(),
  unitId: z.string(),
  unitName: z.string().nullable(),
  attempts: z.array(Instant),
  plannedAt: Instant.nullable(),
  outcome: z.enum(CALL_OUTCOMES).nullable(),
  contacted: z.string().nullable(),
  solved: z.string().nullable(),
  satisfied: z.string().nullable(),
  reasons: z.record(z.string(), Reason),
  reason: z.string(),
  note: z.string(),
  calledAt: Instant.nullable(),
  caller: z.string().nullable(),
});
const Why = z.object({ key: z.enum(ORDER_KEYS), zh: z.string(), tone: z.enum(["plain", "near", "overdue"]) });
const QuestionOut = z.object({
  known: count,
  answers: z.array(z.object({ answer: z.string(), n: count })),
  reasons: z.array(Reason.extend({ n: count })),
});
const ResultOut = z.object({
  key: z.string(),
  name: z.string(),
  drawn: count,
  waiting: count,
  answered: count,
  refused: count,
  unreached: count,
  questions: z.object({ contacted: QuestionOut, solved: QuestionOut, satisfied: QuestionOut }),
});

export function samplingRoutes(app: App, shell: Shell): void {
  app.get("/api/sampling/rules", {
    config: { who: CENTRE },
    schema: {
      summary: "现行抽访规则：建议渠道、分层、样本量、是否计入考核及依据",
      response: {
        200: z.object({
          name: z.string(),
          from: z.string(),
          source: z.string(),
          channels: z.array(z.string()),
          strata: z.enum(STRATA),
          size: count,
          maxSize: count,
          counted: z.boolean(),
        }),
      },
    },
    handler: async () => {
      const { name, from, source, body } = samplingRulesOn(shell.rules, shell.now());
      return { name, from, source, ...body, channels: [...body.channels] };
    },
  });

  app.get("/api/sampling/channels", {
    config: { who: CENTRE },
    schema: {
      summary: "一段时间内各渠道的已结案工单数，其中登记了电话的",
      querystring: z.object({ from: Day, to: Day }),
      response: { 200: z.array(z.object({ channel: z.string(), tickets: count, withNumber: count })) },
    },
    handler: async (request) => channelsIn(shell.db, request.query),
  });

  app.get("/api/sampling/plans", {
    config: { who: CENTRE },
    schema: { summary: "电话抽访方案及进度", response: { 200: z.array(PlanOut) } },
    handler: async () => (await listPlans(shell.db)).map(planOut),
  });

  app.post("/api/sampling/plans", {
    config: { who: PLANNERS },
    schema: {
      summary: "抽取电话抽访样本（同一方案重复提交不会再抽）",
      body: z.object({
        name: words,
        from: Day,
        to: Day,
        channels: z.array(words).min(1).max(50),
        strata: z.enum(STRATA),
        size: z.number().int().min(1),
        seed: z.string().regex(/^[0-9A-Za-z-]{4,40}$/, "种子应为 4 到 40 位字母、数字或短横线"),
      }),
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async (request) => ({ id: await drawPlan(shell, actorOf(request), request.body) }),
  });

  app.get("/api/sampling/plans/:id", {
    config: { who: CENTRE },
    schema: {
      summary: "一个抽访方案：各层抽取数，以及按种子重抽是否一致",
      params: Of,
      response: {
        200: PlanOut.extend({
          repeated: z.boolean(),
          parts: z.array(
            z.object({
              channel: z.string().nullable(),
              unitId: z.string().nullable(),
              unitName: z.string().nullable(),
              of: count,
              drawn: count,
            }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const plan = await planOf(shell, request.params.id);
      const { repeated, strata: parts } = await drawnAgain(shell, plan);
      return { ...planOut(plan), repeated, parts };
    },
  });

  app.get("/api/sampling/plans/:id/list", {
    config: { who: CENTRE },
    schema: {
      summary: "抽访名单：现在要打的、约定稍后的、已有结果的",
      params: Of,
      response: {
        200: z.object({
          now: z.array(TicketOut.extend({ why: z.array(Why) })),
          later: z.array(TicketOut.extend({ why: z.array(Why) })),
          done: z.array(TicketOut),
        }),
      },
    },
    handler: async (request) => {
      const { now, later, done } = await callsOf(shell, await planOf(shell, request.params.id));
      const listed = ({ ticket, why }: (typeof now)[number]) => ({
        ...ticketOut(ticket),
        why: why.map((each) => ({ ...each })),
      });
      return { now: now.map(listed), later: later.map(listed), done: done.map(ticketOut) };
    },
  });

  app.post("/api/sampling/plans/:id/tickets/:ticketId/dial", {
    config: { who: CALLERS },
    schema: {
      summary: "为抽访显示号码（固定理由“回访”，每单留痕一次）",
      params: OfTicket,
      response: { 200: z.object({ name: z.string(), phone: z.string() }) },
    },
    handler: async (request) => {
      const { id, ticketId } = request.params;
      const since = await waitingSince(shell, id, ticketId);
      const actor = actorOf(request);
      const clear = await shell.db
        .transaction()
        .execute((tx) => revealForCallback(tx, shell.secrets, actor, ticketId, since, shell.now()));
      return { name: clear?.name ?? "", phone: clear?.phone ?? "" };
    },
  });

  app.post("/api/sampling/plans/:id/tickets/:ticketId/calls", {
    config: { who: CALLERS },
    schema: {
      summary: "登记一次抽访通话：答复及原因，或未接通、拒访、未联系上",
      params: OfTicket,
      body: z.object({
        outcome: z.enum(CALL_OUTCOMES),
        answers: Answers.default({}),
        reasons: Reasons.default({}),
        reason: text(5000).default(""),
        note: text(5000).default(""),
        nextAt: Instant.transform((at) => Date.parse(at)).optional(),
        talkSeconds: z.number().int().min(0).max(86_400).nullable().default(null),
      }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, ticketId } = request.params;
      const role = CALLERS.find((each) => actor.roles.includes(each)) ?? "caller";
      await recordCall(shell, actor, id, ticketId, role, request.body);
      return { ok: true as const };
    },
  });

  app.get("/api/sampling/plans/:id/results", {
    config: { who: CENTRE },
    schema: {
      summary: "抽访结果：按渠道、单位或回访月份，逐题答复及“否”的原因",
      params: Of,
      querystring: z.object({ by: z.enum(RESULTS_BY).default("channel") }),
      response: { 200: z.object({ total: ResultOut, rows: z.array(ResultOut) }) },
    },
    handler: async (request) => {
      const tickets = await drawnTickets(shell.db, (await planOf(shell, request.params.id)).id);
      return { total: resultOut("", "合计", tickets), rows: resultRows(tickets, request.query.by) };
    },
  });

  app.get("/api/sampling/plans/:id/book.xlsx", {
    config: { who: CENTRE },
    schema: { summary: "抽访名单和结果导出 Excel（不含诉求人信息）", params: Of },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const plan = await planOf(shell, request.params.id);
      const tickets = await drawnTickets(shell.db, plan.id);
      const parts = RESULTS_BY.map((by) => ({ by, rows: resultRows(tickets, by) }));
      const bytes = await samplingBook(plan, tickets, parts);
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { sampling: plan.id },
      });
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(
          "content-disposition",
          `attachment; filename*=UTF-8''${encodeURIComponent(`电话抽访-${plan.name}.xlsx`)}`,
        )
        .send(bytes);
    },
  });
}

function resultRows(tickets: readonly DrawnTicket[], by: ResultsBy): z.infer<typeof ResultOut>[] {
  const placed = tickets.flatMap((ticket) => {
    const at = resultKey(ticket, by);
    return at === null ? [] : [{ ...at, ticket }];
  });
  return [...Map.groupBy(placed, (each) => each.key)]
    .map(([key, its]) =>
      resultOut(
        key,
        its[0]?.name ?? key,
        its.map((each) => each.ticket),
      ),
    )
    .sort((a, b) =>
      by === "month" ? (a.key < b.key ? -1 : 1) : b.drawn - a.drawn || (a.name < b.name ? -1 : 1),
    );
}

function resultOut(key: string, name: string, tickets: readonly DrawnTicket[]): z.infer<typeof ResultOut> {
  const { questions, ...counts } = resultsOf(tickets);
  const [contacted, solved, satisfied] = SAMPLED_QUESTIONS.map((question) => {
    const { known, answers, reasons } = questions[question];
    return { known, answers: [...answers], reasons: [...reasons] };
  });
  if (!contacted || !solved || !satisfied) throw new Error("a question has no result");
  return { key, name, ...counts, questions: { contacted, solved, satisfied } };
}

function planOut(plan: Awaited<ReturnType<typeof listPlans>>[number]): z.infer<typeof PlanOut> {
  return { ...plan, channels: [...plan.channels], drawnAt: plan.drawnAt.toISOString() };
}

function ticketOut(ticket: DrawnTicket): z.infer<typeof TicketOut> {
  const { attempts, nextAt, calledAt, reasons, level: _level, version: _version, ...facts } = ticket;
  return {
    ...facts,
    attempts: attempts.map((at) => new Date(at).toISOString()),
    plannedAt: nextAt?.toISOString() ?? null,
    calledAt: calledAt?.toISOString() ?? null,
    reasons: Object.fromEntries(
      Object.entries(reasons).flatMap(([of, reason]) => (reason ? [[of, reason]] : [])),
    ),
  };
}
