/** 督办接口. Items by state, one with its steps, a leader's note, steps, files, the rules in force. */

import { limitWords } from "@jiesu/core/deadline/limit-words.ts";
import { SUPERVISION_CLOCKS, SUPERVISION_LEVELS } from "@jiesu/core/supervision/lifecycle.ts";
import { TRIGGERS } from "@jiesu/core/supervision/rules.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { endOfDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import { giveFile, takeFile, UPLOAD_LIMIT } from "../platform/files/upload.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id } from "../ticket/schema.ts";
import { attachFile, periodAt, registerNote, rulesNow, takeStep } from "./actions.ts";
import type { Standings } from "./find.ts";
import { countItems, listItems, readItem, statesOf } from "./list.ts";
import { supervisionListRoutes } from "./listroutes.ts";
import { supervisionLookRoutes } from "./lookroutes.ts";
import { Detail, type DetailOut, ListQuery, Note, Row, State, StepBody, StepName } from "./shape.ts";
import { readFile, ticketsNumbered } from "./store.ts";

/** Who registers a leader's note. */
const REGISTRARS: readonly Role[] = ["supervisor", "shiftLead", "leader"];

const count = z.number().int();
const Of = z.object({ id: Id });

export function supervisionRoutes(app: App, shell: Shell, standings: Standings): void {
  supervisionListRoutes(app, shell);
  supervisionLookRoutes(app, shell, standings);

  app.get("/api/supervision", {
    config: { who: WORKERS },
    schema: {
      summary: "督办件清单，先到期在前；承办单位只见转给本单位的",
      querystring: ListQuery,
      response: { 200: z.object({ rows: z.array(Row), total: count }) },
    },
    handler: (request) => {
      const { state, skip, limit, lead, late, ...filter } = request.query;
      const asked = { ...filter, states: statesOf(state), lead: lead === "1", late: late === "1" };
      return listItems(shell.db, actorOf(request), asked, { skip, limit }, shell.now());
    },
  });

  app.get("/api/supervision/counts", {
    config: { who: WORKERS },
    schema: {
      summary: "督办件各状态件数，临期、超期和轮到本方的件数",
      response: {
        200: z.object({
          states: z.array(z.object({ state: State, n: count })),
          near: count,
          overdue: count,
          waiting: count,
        }),
      },
    },
    handler: (request) => countItems(shell.db, actorOf(request), shell.now()),
  });

  app.get("/api/supervision/rules", {
    config: { who: WORKERS },
    schema: {
      summary: "现行督办规则：各等级时限、延期、线索口径",
      response: {
        200: z.object({
          name: z.string(),
          from: z.string(),
          source: z.string(),
          limits: z.array(z.object({ clockZh: z.string(), levelZh: z.string(), limit: z.string() })),
          extension: z.object({ maxTimes: count, maxDays: count, afterDue: z.boolean() }),
          checkFirst: z.array(z.string()),
          triggers: z.array(z.object({ key: z.string(), zh: z.string(), levelZh: z.string() })),
        }),
      },
    },
    handler: async () => {
      const { name, from, source, body } = rulesNow(shell, shell.now());
      return {
        ...{ name, from, source, extension: { ...body.extension } },
        limits: body.limits.map((row) => ({
          clockZh: SUPERVISION_CLOCKS[row.clock].zh,
          levelZh: row.level === null ? "其他" : SUPERVISION_LEVELS[row.level],
          limit: limitWords(row.limit),
        })),
        checkFirst: body.checkFirst.map((level) => SUPERVISION_LEVELS[level]),
        triggers: body.triggers.map(({ key, level }) => ({
          ...{ key, zh: TRIGGERS[key].zh, levelZh: SUPERVISION_LEVELS[level] },
        })),
      };
    },
  });

  app.post("/api/supervision", {
    config: { who: REGISTRARS },
    schema: { summary: "登记领导批示，列入督办", body: Note, response: { 200: Detail } },
    handler: async (request) => {
      const actor = actorOf(request);
      const { once, due, numbers, title, matter, leader, ...note } = request.body;
      const now = shell.now();
      if (due !== null && endOfDay(due) < now) throw new Refused({ code: "supervision-due-past" });
      const wanted = [...new Set(numbers.map((number) => number.trim()).filter((number) => number !== ""))];
      const tickets = await ticketsNumbered(shell.db, wanted);
      const missing = wanted.filter((number) => !tickets.some((ticket) => ticket.number === number));
      if (missing.length > 0) throw new Refused({ code: "supervision-ticket", numbers: missing.join("、") });
      const item = {
        ...{ ...note, title: title.trim(), matter: matter.trim(), leader: leader.trim() },
        ...({ origin: "leader", subject: null, state: "arrived" } as const),
        ...{ period: periodAt(shell, now).name, givenDueAt: due === null ? null : endOfDay(due) },
        unitIds: [...new Set(note.unitIds)],
        tickets: tickets.map(({ id, round }) => ({ id, round })),
      };
      return seen(actor, await registerNote(shell, actor, item, once));
    },
  });

  app.get("/api/supervision/:id", {
    config: { who: WORKERS },
    schema: { summary: "一件督办及其经过、附件、时限", params: Of, response: { 200: Detail } },
    handler: (request) => seen(actorOf(request), request.params.id),
  });

  app.post("/api/supervision/:id/steps/:step", {
    config: { who: WORKERS },
    schema: {
      summary: "办理督办件：转办、报进展、报办结、延期、核查、退回重办、销号等",
      params: Of.extend({ step: StepName }),
      body: StepBody,
      response: { 200: Detail },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, step } = request.params;
      await takeStep(shell, actor, id, step, request.body);
      return seen(actor, id);
    },
  });

  app.post("/api/supervision/:id/files", {
    config: { who: WORKERS },
    bodyLimit: UPLOAD_LIMIT,
    schema: {
      summary: "上传督办件附件（multipart，字段 file，不超过 20 MB），随办理步骤一并提交",
      params: Of,
      response: { 200: z.object({ id: z.string(), name: z.string(), mime: z.string(), size: count }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      await seen(actor, request.params.id);
      const file = await takeFile(request, shell.files);
      const id = await attachFile(shell, actor, request.params.id, file);
      return { id, name: file.name, mime: file.mime, size: file.size };
    },
  });

  app.get("/api/supervision/:id/files/:fileId", {
    config: { who: WORKERS },
    schema: {
      summary: "查看或下载督办件附件；show=1 时图片和 PDF 在页面中显示",
      params: Of.extend({ fileId: Id }),
      querystring: z.object({ show: z.literal("1").optional() }),
    },
    handler: async (request, reply) => {
      const { id, fileId } = request.params;
      const item = await seen(actorOf(request), id);
      const found = item.files.some((file) => file.id === fileId)
        ? await readFile(shell.db, id, fileId)
        : null;
      if (found === null) throw new Refused({ code: "not-found" });
      return giveFile(request, reply, shell.files, found, request.query.show === "1");
    },
  });

  async function seen(actor: Actor & { readonly userId: string }, id: string): Promise<DetailOut> {
    const item = await readItem(shell, actor, id);
    if (item === null) throw new Refused({ code: "not-found" });
    return item;
  }
}
