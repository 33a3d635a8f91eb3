/** 问题事件接口. The table of units by kinds, pages of items, one item, its steps, a going-through on demand, the workbook. */

import { PROBLEM_STEPS, type ProblemStep } from "@jiesu/core/problem/lifecycle.ts";
import { PROBLEM_MEASURES } from "@jiesu/core/problem/measures.ts";
import { PROBLEM_GROUPS, problemRulesOn } from "@jiesu/core/problem/rules.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { type Day, dayOf, daysBetween, parseDay } from "@jiesu/core/time/day.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { stepProblem } from "./actions.ts";
import { problemBook } from "./book.ts";
import { findProblems } from "./find.ts";
import {
  countCauses,
  countProblems,
  countWeeks,
  lastRun,
  listProblems,
  ProblemOut,
  ProblemRow,
  readProblem,
} from "./list.ts";

addWordings({
  "problem-day": { status: 422, zh: () => "只能梳理今天和以前、规则已执行的日期。" },
  "problem-days": { status: 422, zh: (r) => `一次最多统计 ${String(r.most)} 天，请缩短时段。` },
});

const FINDERS: readonly Role[] = ["supervisor", "shiftLead"];
const Day_ = z.string().transform((value, context): Day => {
  const day = parseDay(value);
  if (day !== null && value >= "2000" && value < "2100") return day;
  context.addIssue({ code: "custom", message: "日期应写作 2020-12-31" });
  return z.NEVER;
});
const Days = z.object({ from: Day_, to: Day_ });
const MOST_DAYS = 366;
const WEEKS = 12;
const STEPS = PROBLEM_STEPS.map(({ step }) => step) as [ProblemStep, ...ProblemStep[]];
const count = z.number().int();

const Rules = z.object({
  ...{ name: z.string(), from: z.string(), source: z.string(), findAt: z.string(), answerDays: count },
  kinds: z.array(
    z.object({
      ...{ code: z.string(), zh: z.string(), group: z.string(), groupZh: z.string() },
      ...{ standard: z.string(), answer: z.boolean() },
    }),
  ),
  causes: z.array(z.object({ code: z.string(), zh: z.string() })),
});
const Cell = z.object({ kind: z.string(), kindZh: z.string(), group: z.string(), n: count });
const Summary = z.object({
  measures: z.record(z.string(), z.object({ name: z.string(), definition: z.string() })),
  total: z.object({ all: count, open: count, late: count }),
  kinds: z.array(Cell),
  units: z.array(
    z.object({
      /** "centre" for what the centre did itself. */
      key: z.string(),
      name: z.string(),
      ...{ all: count, open: count, late: count },
      kinds: z.record(z.string(), count),
    }),
  ),
  causes: z.array(z.object({ cause: z.string(), causeZh: z.string(), n: count })),
  weeks: z.array(z.object({ week: z.string(), near: count, overdue: count, closing: count })),
  lastRun: z.object({ day: z.string(), at: Instant, by: z.string(), looked: count, found: count }).nullable(),
});

export function problemRoutes(app: App, shell: Shell): void {
  app.get("/api/problems/rules", {
    config: { who: WORKERS },
    schema: { summary: "现行问题事件规则：种类、标准、答复天数、原因", response: { 200: Rules.nullable() } },
    handler: async () => {
      const rules = problemRulesOn(shell.rules.problems, dayOf(shell.now()));
      if (rules === null) return null;
      const { name, from, source, body } = rules;
      return {
        ...{ name, from, source, findAt: body.findAt, answerDays: body.answerDays },
        kinds: body.kinds.map(({ code, zh, group, standard, answer }) => ({
          ...{ code, zh, group, standard, answer, groupZh: PROBLEM_GROUPS[group] },
        })),
        causes: body.causes.map((cause) => ({ ...cause })),
      };
    },
  });

  app.get("/api/problems/summary", {
    config: { who: WORKERS },
    schema: {
      summary: "问题事件：单位 × 种类、原因、近十二周走势；单位只见本单位的",
      querystring: Days,
      response: { 200: Summary },
    },
    handler: (request) => summaryOf(shell, actorOf(request), daysOf(request.query)),
  });

  app.get("/api/problems", {
    config: { who: WORKERS },
    schema: {
      summary: "问题事件清单，新的在前；单位只见本单位的",
      querystring: Days.partial().extend({
        kind: text(40).optional(),
        group: z.enum(["near", "overdue", "closing"]).optional(),
        unit: z.union([Id, z.literal("centre")]).optional(),
        cause: text(40).optional(),
        state: text(20).optional(),
        ticket: Id.optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: { 200: z.object({ rows: z.array(ProblemRow), next: z.string().nullable() }) },
    },
    handler: (request) => {
      const { from, to, kind, group, unit, cause, state, ticket, after, limit } = request.query;
      const days = from !== undefined && to !== undefined ? daysOf({ from, to }) : null;
      const filter = {
        ...{ days, kind: kind ?? null, group: group ?? null, unit: unit ?? null, cause: cause ?? null },
        ...{ state: state ?? null, ticketId: ticket ?? null },
      };
      return listProblems(shell.db, actorOf(request), filter, { after: after ?? null, limit }, shell.now());
    },
  });

  app.get("/api/problems/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "一件问题事件及其办理过程",
      params: z.object({ id: Id }),
      response: { 200: ProblemOut },
    },
    handler: async (request) =>
      found(await readProblem(shell.db, actorOf(request), request.params.id, shell.now())),
  });

  app.post("/api/problems/:id/steps/:step", {
    config: { who: WORKERS },
    schema: {
      summary: "答复、申诉、审核、整改完成及确认",
      params: z.object({ id: Id, step: z.enum(STEPS) }),
      body: z.object({
        version: z.number().int().positive(),
        text: text(5000).default(""),
        cause: text(40).nullable().default(null),
        remedyDay: Day_.nullable().default(null),
      }),
      response: { 200: ProblemOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, step } = request.params;
      await stepProblem(shell, actor, id, { step, ...request.body });
      return found(await readProblem(shell.db, actor, id, shell.now()));
    },
  });

  app.post("/api/problems/find", {
    config: { who: FINDERS },
    schema: {
      summary: "梳理某一天（重复梳理不会重复计）",
      body: z.object({ day: Day_ }),
      response: { 200: z.object({ looked: count, found: count }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { day } = request.body;
      const gone =
        day > dayOf(shell.now())
          ? null
          : await findProblems(shell, day, { userId: actor.userId, name: actor.name });
      if (gone === null) throw new Refused({ code: "problem-day" });
      await audit(shell.db, shell.now(), actor.userId, actor.name, "problem-find", {
        detail: { day, ...gone },
      });
      return gone;
    },
  });

  app.get("/api/problems/book.xlsx", {
    config: { who: CENTRE },
    schema: { summary: "问题事件汇总和清单导出 Excel（不含诉求人信息）", querystring: Days },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const days = daysOf(request.query);
      const bytes = await problemBook(shell, actor, days, await summaryOf(shell, actor, days));
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { problems: true, from: days.from, to: days.to },
      });
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(
          "content-disposition",
          `attachment; filename*=UTF-8''${encodeURIComponent(`问题事件-${days.from}至${days.to}.xlsx`)}`,
        )
        .send(bytes);
    },
  });
}

async function summaryOf(
  shell: Shell,
  actor: ReturnType<typeof actorOf>,
  days: DayRange,
): Promise<z.infer<typeof Summary>> {
  const { db } = shell;
  const [cells, causes, weeks, run] = await Promise.all([
    countProblems(db, actor, days, shell.now()),
    countCauses(db, actor, days),
    countWeeks(db, actor, days.to, WEEKS),
    lastRun(db),
  ]);
  const sum = (of: readonly (typeof cells)[number][], key: "n" | "open" | "late") =>
    of.reduce((total, each) => total + each[key], 0);
  const byKind = [...Map.groupBy(cells, (cell) => cell.kind)].map(([kind, its]) => ({
    ...{ kind, kindZh: its[0]?.kindZh ?? kind, group: its[0]?.group ?? "", n: sum(its, "n") },
  }));
  const units = [...Map.groupBy(cells, (cell) => cell.unitId ?? "centre")].map(([key, its]) => ({
    ...{ key, name: key === "centre" ? "中心" : (its[0]?.unitName ?? key) },
    ...{ all: sum(its, "n"), open: sum(its, "open"), late: sum(its, "late") },
    kinds: Object.fromEntries(its.map((each) => [each.kind, each.n])),
  }));
  const order = Object.keys(PROBLEM_GROUPS);
  return {
    measures: { ...PROBLEM_MEASURES },
    total: { all: sum(cells, "n"), open: sum(cells, "open"), late: sum(cells, "late") },
    kinds: byKind.sort(
      (a, b) => order.indexOf(a.group) - order.indexOf(b.group) || b.n - a.n || (a.kind < b.kind ? -1 : 1),
    ),
    units: units.sort((a, b) => b.all - a.all || (a.key < b.key ? -1 : 1)),
    ...{ causes: [...causes], weeks: [...weeks], lastRun: run },
  };
}

function daysOf({ from, to }: DayRange): DayRange {
  if (from > to) throw new Refused({ code: "days-reversed" });
  if (daysBetween(from, to) >= MOST_DAYS) throw new Refused({ code: "problem-days", most: MOST_DAYS });
  return { from, to };
}

function found<T>(value: T | null): T {
  if (value === null) throw new Refused({ code: "not-found" });
  return value;
}
