/** 协调单接口. The list with its counts, one item, its steps, files, the figures of the parties, all as a workbook. */
import { limitWords } from "@jiesu/core/deadline/limit-words.ts";
import { LIAISON_HANDS, LIAISON_STEPS, liaisonStep } from "@jiesu/core/liaison/lifecycle.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { type Day, parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import { giveFile, takeFile, UPLOAD_LIMIT } from "../platform/files/upload.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { UNITS, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { openLiaison, takeLiaisonStep } from "./actions.ts";
import { liaisonBook } from "./book.ts";
import { deskOf } from "./desk.ts";
import { readLiaison } from "./detail.ts";
import { FigureOut, itemsBehind, liaisonFigures } from "./figures.ts";
import { findLiaisonFile } from "./files.ts";
import { countTabs, type LiaisonFilter, listLiaisons, TABS } from "./list.ts";
import { FileOut, LiaisonOut, ListOut, Opening, RulesOut, Standing, StepIn } from "./shape.ts";
import { keepWaitingFile } from "./store.ts";

/** Of the centre and the units, who has to do with items. */
const HANDS: readonly Role[] = [...LIAISON_HANDS, ...UNITS];
/** So many items go into one workbook. */
const MOST_IN_BOOK = 5000;

const DayIn = text(10)
  .refine((day) => parseDay(day) !== null, "应为日期，如 2026-11-20")
  .transform((day) => parseDay(day));
const Days = z.object({ from: DayIn.optional(), to: DayIn.optional() });
const Query = Days.extend({
  tab: z.enum(TABS).default("all"),
  party: z.union([z.enum(["centre", "city"]), Id]).optional(),
  answers: Standing.optional(),
  pace: text(32).optional(),
  outcome: text(32).optional(),
  q: text(100).default(""),
  ticket: Id.optional(),
});
const One = z.object({ id: Id });

export function liaisonRoutes(app: App, shell: Shell): void {
  const filterOf = async (actor: Actor, q: z.infer<typeof Query>): Promise<LiaisonFilter> => {
    const days = daysOf(q);
    const behind = q.answers && { party: q.party ?? null, standing: q.answers };
    return {
      ...{ tab: q.tab, party: q.party ?? null, pace: q.pace ?? null, outcome: q.outcome ?? null, ...days },
      ...{ words: q.q.trim(), ticketId: q.ticket ?? null },
      ids: behind ? await itemsBehind(shell.db, actor, days, behind, shell.now()) : null,
    };
  };
  const one = async (actor: Actor & { readonly userId: string }, id: string) => {
    const found = await readLiaison(shell.db, actor, id, shell.now());
    if (!found) throw new Refused({ code: "liaison-not-party" });
    return found;
  };

  app.get("/api/liaisons", {
    config: { who: WORKERS },
    schema: {
      summary: "协调单清单，新的在前；单位只见本单位参与的",
      querystring: Query.extend({
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: { 200: ListOut },
    },
    handler: async (request) => {
      const { after, limit, ...query } = request.query;
      const actor = actorOf(request);
      const filter = await filterOf(actor, query);
      return listLiaisons(shell.db, actor, filter, { after: after ?? null, limit }, shell.now());
    },
  });

  app.get("/api/liaisons/counts", {
    config: { who: WORKERS },
    schema: {
      summary: "协调单各类件数",
      response: { 200: z.array(z.object({ tab: z.enum(TABS), count: z.number().int() })) },
    },
    handler: async (request) => {
      const counts = await countTabs(shell.db, actorOf(request), shell.now());
      return TABS.map((tab) => ({ tab, count: counts[tab] }));
    },
  });

  app.get("/api/liaisons/figures", {
    config: { who: WORKERS },
    schema: {
      summary: "各方应答复、按期答复统计；单位只见本单位的",
      querystring: Days,
      response: { 200: z.array(FigureOut) },
    },
    handler: (request) => liaisonFigures(shell.db, actorOf(request), daysOf(request.query), shell.now()),
  });

  app.get("/api/liaisons/rules", {
    config: { who: HANDS },
    schema: { summary: "现行协调单规则：缓急与时限、结论类别、上限", response: { 200: RulesOut } },
    handler: async () => {
      const { rules } = await deskOf(shell, shell.db, shell.now());
      const { paces, outcomes, mostParties, mostTickets, mostFiles, mostDays } = rules.body;
      return {
        ...{ name: rules.name, source: rules.source, mostParties, mostTickets, mostFiles, mostDays },
        paces: paces.map(({ code, name, answer, conclude }) => ({
          ...{ code, name, answerZh: limitWords(answer), concludeZh: limitWords(conclude) },
        })),
        outcomes: outcomes.map(({ code, name }) => ({ code, name })),
      };
    },
  });

  app.get("/api/liaisons.xlsx", {
    config: { who: WORKERS },
    schema: { summary: "协调单、往来和各方答复统计导出 Excel", querystring: Query },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const filter = await filterOf(actor, request.query);
      const now = shell.now();
      const { rows } = await listLiaisons(shell.db, actor, filter, { after: null, limit: MOST_IN_BOOK }, now);
      const items: z.infer<typeof LiaisonOut>[] = [];
      for (const row of rows) {
        const item = await readLiaison(shell.db, actor, row.id, now);
        if (item) items.push(item);
      }
      const figures = await liaisonFigures(shell.db, actor, filter, now);
      return reply
        .type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent("协调单.xlsx")}`)
        .send(await liaisonBook(items, figures));
    },
  });

  app.get("/api/liaisons/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "一件协调单：参与方、往来、时限、可办理的步骤",
      params: One,
      response: { 200: LiaisonOut },
    },
    handler: (request) => one(actorOf(request), request.params.id),
  });

  app.post("/api/liaisons", {
    config: { who: liaisonStep("open").by },
    schema: {
      summary: "发起协调单；承办单位发起的由中心答复",
      body: Opening,
      response: { 200: LiaisonOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      return one(actor, await openLiaison(shell, actor, request.body));
    },
  });

  for (const { step, zh, by } of LIAISON_STEPS) {
    if (step === "open") continue;
    const row = liaisonStep(step);
    app.post(`/api/liaisons/:id/${step}`, {
      // Who began an item may take it back, whatever their post.
      config: { who: row.orOpener ? HANDS : by },
      schema: { summary: `协调单${zh}`, params: One, body: StepIn, response: { 200: LiaisonOut } },
      handler: async (request) => {
        const actor = actorOf(request);
        await takeLiaisonStep(shell, actor, request.params.id, step, request.body);
        return one(actor, request.params.id);
      },
    });
  }

  app.post("/api/liaison-files", {
    config: { who: HANDS },
    bodyLimit: UPLOAD_LIMIT,
    schema: {
      summary: "上传协调单附件（multipart，字段 file，不超过 20 MB）；随下一步一并提交",
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const file = await takeFile(request, shell.files);
      const id = await keepWaitingFile(shell.db, actor.userId, file, shell.now());
      return { id, name: file.name, mime: file.mime, size: file.size };
    },
  });

  app.get("/api/liaisons/:id/files/:fileId", {
    config: { who: WORKERS },
    schema: {
      summary: "查看或下载协调单附件；show=1 时图片和 PDF 在页面中显示",
      params: One.extend({ fileId: Id }),
      querystring: z.object({ show: z.literal("1").optional() }),
    },
    handler: async (request, reply) => {
      const { id, fileId } = request.params;
      const found = await findLiaisonFile(shell.db, actorOf(request), id, fileId);
      if (!found) throw new Refused({ code: "not-found" });
      return giveFile(request, reply, shell.files, found, request.query.show === "1");
    },
  });
}

function daysOf(query: z.infer<typeof Days>): { readonly from: Day | null; readonly to: Day | null } {
  return { from: query.from ?? null, to: query.to ?? null };
}
