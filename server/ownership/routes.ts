/** 确权接口. Cases by state, one case, every step of it, and its paper for those above. */
import { UNDECIDED } from "@jiesu/core/ownership/steps.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { DOCX_MIME } from "../platform/documents/docx.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import {
  appeal,
  call,
  cancel,
  change,
  claim,
  describeSite,
  invite,
  opine,
  type Person,
  recordAnswer,
  recordMinutes,
  reportUp,
  rule,
  uphold,
} from "./actions.ts";
import { PRESENCES, type Presence } from "./meetings.ts";
import { paperDocx, paperFacts, paperXlsx } from "./paper.ts";
import { caseRows, readCase, unitNames } from "./reading.ts";
import { Articles, CaseDetail, CaseRow, CaseStateName, Files, Said } from "./shape.ts";
import { countCases, listCases } from "./store.ts";

const Of = z.object({ id: Id });
const Note = z.object({ note: text(2000).default("") });
const short = text(200);
const Units = z.array(Id).max(20).default([]);
const Ruling = z.object({
  ...{ leadUnitId: Id, coUnitIds: Units, basis: Said, reasons: text(20_000).default(""), articles: Articles },
  precedents: z.array(Id).min(1).max(5).optional(),
});
const PAGE = 50;

export function ownershipRoutes(app: App, shell: Shell): void {
  app.get("/api/ownership/cases", {
    config: { who: WORKERS },
    schema: {
      summary: "确权案：轮到我的在前；单位只见本单位为当事方的",
      querystring: z.object({
        state: z.union([CaseStateName, z.literal("open"), z.literal("all")]).default("open"),
        ticket: Id.optional(),
        after: z
          .string()
          .regex(/^[01]\.\d{1,18}$/)
          .optional(),
      }),
      response: {
        200: z.object({
          rows: z.array(CaseRow),
          next: z.string().nullable(),
          counts: z.array(z.object({ state: CaseStateName, count: z.number().int() })),
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { state, ticket, after } = request.query;
      const states =
        state === "all" ? undefined : state === "open" ? [...UNDECIDED, "appealed" as const] : [state];
      const found = await listCases(shell.db, actor, { states, ticketId: ticket, after }, PAGE + 1);
      const shown = found.slice(0, PAGE);
      const last = shown.at(-1);
      const counts = await countCases(shell.db, actor);
      return {
        rows: await caseRows(shell, shown),
        next: found.length > PAGE && last ? `${Number(last.mine)}.${last.id}` : null,
        counts: [...counts].map(([of, count]) => ({ state: of, count })),
      };
    },
  });

  app.get("/api/ownership/cases/:id", {
    config: { who: WORKERS },
    schema: { summary: "一件确权案", params: Of, response: { 200: CaseDetail } },
    handler: (request) => detail(request.params.id, actorOf(request)),
  });

  app.post("/api/ownership/cases/:id/parties", {
    config: { who: ["triager", "supervisor", "shiftLead"] },
    schema: {
      summary: "追加当事单位",
      params: Of,
      body: Note.extend({ unitId: Id }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        invite(shell, actor, id, request.body.unitId, request.body.note),
      ),
  });

  app.post("/api/ownership/cases/:id/claims", {
    config: { who: ["handler", "unitLead", "supervisor", "shiftLead"] },
    schema: {
      summary: "提交本单位意见（督办员、值班长可代为登记）；再次提交的以后一次为准，前次留存",
      params: Of,
      body: z.object({
        unitId: Id.nullable().default(null),
        position: z.enum(["mine", "shared", "notMine"]),
        statement: Said,
        articles: Articles,
        suggestUnitId: Id.nullable().default(null),
        files: Files,
      }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => claim(shell, actor, id, request.body)),
  });

  app.post("/api/ownership/cases/:id/site", {
    config: { who: ["triager", "supervisor", "shiftLead"] },
    schema: {
      summary: "记录现场情况和照片",
      params: Of,
      body: z.object({ text: Said, files: Files }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        describeSite(shell, actor, id, request.body.text, request.body.files),
      ),
  });

  app.post("/api/ownership/cases/:id/meeting", {
    config: { who: ["supervisor", "shiftLead"] },
    schema: {
      summary: "召集确权会或现场会；已召集未开的改为这一次",
      params: Of,
      body: z.object({
        kind: z.enum(["onSite", "office"]),
        startsAt: Instant.transform((at) => Date.parse(at)),
        place: short.refine((s) => s.trim() !== "", "请填写地点"),
        agenda: text(2000).default(""),
      }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => call(shell, actor, id, request.body)),
  });

  app.post("/api/ownership/cases/:id/meeting/cancel", {
    config: { who: ["supervisor", "shiftLead"] },
    schema: { summary: "取消确权会", params: Of, body: Note, response: { 200: CaseDetail } },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => cancel(shell, actor, id, request.body.note)),
  });

  app.post("/api/ownership/cases/:id/meeting/minutes", {
    config: { who: ["supervisor", "shiftLead"] },
    schema: {
      summary: "登记会议：到会情况和纪要",
      params: Of,
      body: z.object({
        attendance: z
          .array(
            z.object({
              unitId: Id.nullable().default(null),
              name: text(50).refine((s) => s.trim() !== "", "请填写姓名"),
              post: text(100).default(""),
              presence: z.enum(Object.keys(PRESENCES) as [Presence, ...Presence[]]),
            }),
          )
          .min(1, "请登记到会人员")
          .max(100),
        minutes: Said,
        files: Files,
      }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), async (actor, id) => {
        const { attendance, minutes, files } = request.body;
        const names = await unitNames(
          shell.db,
          attendance.flatMap((each) => each.unitId ?? []),
        );
        const named = attendance.map((each) => ({ ...each, unit: names.get(each.unitId ?? "") ?? "" }));
        await recordMinutes(shell, actor, id, { attendance: named, minutes, files });
      }),
  });

  app.post("/api/ownership/cases/:id/opinion", {
    config: { who: ["triager", "supervisor", "shiftLead"] },
    schema: {
      summary: "拟初步派遣意见",
      params: Of,
      body: z.object({ leadUnitId: Id, coUnitIds: Units, text: Said, articles: Articles }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => opine(shell, actor, id, request.body)),
  });

  app.post("/api/ownership/cases/:id/report", {
    config: { who: ["supervisor", "shiftLead"] },
    schema: {
      summary: "上报派遣意见",
      params: Of,
      body: Note.extend({ to: short.refine((s) => s.trim() !== "", "请填写报送对象") }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        reportUp(shell, actor, id, request.body.to, request.body.note),
      ),
  });

  app.post("/api/ownership/cases/:id/answer", {
    config: { who: ["supervisor", "shiftLead", "leader"] },
    schema: {
      summary: "登记上级批复",
      params: Of,
      body: z.object({
        ...{ decision: z.enum(["agreed", "other"]), text: Said, paper: short.default("") },
        from: short.refine((s) => s.trim() !== "", "请填写批复人"),
      }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => recordAnswer(shell, actor, id, request.body)),
  });

  app.post("/api/ownership/cases/:id/rule", {
    config: { who: ["supervisor", "shiftLead", "leader"] },
    schema: {
      summary: "裁定主办和协办单位；工单同时派出，本轮不得退单",
      params: Of,
      body: Ruling,
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => rule(shell, actor, id, request.body)),
  });

  app.post("/api/ownership/cases/:id/appeal", {
    config: { who: ["handler", "unitLead"] },
    schema: {
      summary: "当事单位申请复议（一次，限期内；复议期间照常办理）",
      params: Of,
      body: z.object({ reason: Said, files: Files }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        appeal(shell, actor, id, request.body.reason, request.body.files),
      ),
  });

  app.post("/api/ownership/cases/:id/uphold", {
    config: { who: ["supervisor", "shiftLead", "leader"] },
    schema: {
      summary: "复议：维持裁定（须另一人）",
      params: Of,
      body: z.object({ reasons: Said }),
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        uphold(shell, actor, id, request.body.reasons),
      ),
  });

  app.post("/api/ownership/cases/:id/change", {
    config: { who: ["supervisor", "shiftLead", "leader"] },
    schema: {
      summary: "复议：改判（须另一人）；工单改派，已起草或发布的先例随之废止",
      params: Of,
      body: Ruling,
      response: { 200: CaseDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => change(shell, actor, id, request.body)),
  });

  for (const [kind, mime, make] of [
    ["docx", DOCX_MIME, paperDocx],
    ["xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", paperXlsx],
  ] as const) {
    app.get(`/api/ownership/cases/:id/paper.${kind}`, {
      config: { who: CENTRE },
      schema: { summary: `派遣意见上报表（${kind === "docx" ? "Word" : "Excel"}）`, params: Of },
      handler: async (request, reply) => {
        const actor = actorOf(request);
        const one = await detail(request.params.id, actor);
        const now = shell.now();
        const bytes = await make(paperFacts(one, now));
        await audit(shell.db, now, actor.userId, actor.name, "export", {
          ticketId: one.ticket.id,
          detail: { what: `ownership-paper.${kind}`, case: one.id },
        });
        const name = encodeURIComponent(`派遣意见上报表-${one.number}.${kind}`);
        return reply
          .header("content-type", mime)
          .header("content-disposition", `attachment; filename*=UTF-8''${name}`)
          .send(bytes);
      },
    });
  }

  /** Takes a step and answers the case as it then is. */
  async function after(id: string, actor: Person, step: (actor: Person, id: string) => Promise<void>) {
    await step(actor, id);
    return detail(id, actor);
  }

  async function detail(id: string, actor: Person): Promise<z.infer<typeof CaseDetail>> {
    const one = await readCase(shell, actor, id);
    if (one === null) throw new Refused({ code: "not-found" });
    return one;
  }
}
