/** 先例接口. The library, one precedent with its history and the tickets that cited it, its steps; what stands on one ticket. */
import {
  PRECEDENT_STEPS,
  type PrecedentStep,
  precedentStepZh,
  precedentTo,
} from "@jiesu/core/ownership/precedent.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { dayOf, parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import type { Person } from "./actions.ts";
import { citedOn, OnTicketOut } from "./onticket.ts";
import {
  amendPrecedent,
  discardDraft,
  draftPrecedent,
  editPrecedent,
  overrulePrecedent,
  publishPrecedent,
} from "./precedents.ts";
import {
  type Content,
  citingOf,
  listPrecedents,
  type PrecedentVersion,
  precedentNumber,
  precedentSteps,
  versionsOf,
} from "./precedentstore.ts";
import { unitNames } from "./reading.ts";
import { PrecedentDetail, PrecedentIn, PrecedentRow, Said, type VersionOut } from "./shape.ts";
import { standingOf } from "./standing.ts";
import { caseNumber } from "./store.ts";

const Of = z.object({ id: Id });
const WRITERS = ["supervisor", "shiftLead", "leader"] as const;
const PAGE = 50;
const CITING = 200;

export function precedentRoutes(app: App, shell: Shell): void {
  app.get("/api/ownership/precedents", {
    config: { who: CENTRE },
    schema: {
      summary: "先例库：按有效与否、词语、单位、分类查找",
      querystring: z.object({
        standing: z.enum(["standing", "draft", "ended"]).optional(),
        q: text(100).optional(),
        unit: Id.optional(),
        category: text(100).optional(),
        after: Id.optional(),
      }),
      response: { 200: z.object({ rows: z.array(PrecedentRow), next: z.string().nullable() }) },
    },
    handler: async (request) => {
      const { standing, q, unit, category, after } = request.query;
      const found = await listPrecedents(
        shell.db,
        { standing, q, unitId: unit, category, before: after },
        dayOf(shell.now()),
        PAGE + 1,
      );
      const shown = found.slice(0, PAGE);
      return {
        rows: shown.map((each) => ({
          ...versionOut(each),
          ...{ precedentId: each.precedentId, number: precedentNumber(each.precedentId) },
          ...{ caseId: each.caseId, caseNumber: caseNumber(each.caseId) },
        })),
        next: found.length > PAGE ? (shown.at(-1)?.precedentId ?? null) : null,
      };
    },
  });

  app.get("/api/ownership/precedents/:id", {
    config: { who: CENTRE },
    schema: { summary: "一个先例：各版、经过和引用它的工单", params: Of, response: { 200: PrecedentDetail } },
    handler: (request) => detail(request.params.id, actorOf(request)),
  });

  app.post("/api/ownership/cases/:id/precedent", {
    config: { who: WRITERS },
    schema: {
      summary: "以裁定起草先例（一案一例，再次调用得到同一草稿）",
      params: Of,
      response: { 200: PrecedentDetail },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      return detail(await draftPrecedent(shell, actor, request.params.id), actor);
    },
  });

  app.put("/api/ownership/precedents/:id", {
    config: { who: WRITERS },
    schema: {
      summary: "修改草稿的范围、有效期和理由",
      params: Of,
      body: PrecedentIn,
      response: { 200: PrecedentDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), async (actor, id) => {
        const content = contentOf(request.body);
        const units = [content.leadUnitId, ...content.coUnitIds];
        if (new Set(units).size !== units.length) throw new Refused({ code: "unit-twice" });
        if ((await unitNames(shell.db, units)).size !== units.length)
          throw new Refused({ code: "unit-unknown" });
        await editPrecedent(shell, actor, id, content);
      }),
  });

  app.post("/api/ownership/precedents/:id/publish", {
    config: { who: WRITERS },
    schema: { summary: "发布草稿（须起草人以外的人员）", params: Of, response: { 200: PrecedentDetail } },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) => publishPrecedent(shell, actor, id)),
  });

  app.post("/api/ownership/precedents/:id/amend", {
    config: { who: WRITERS },
    schema: {
      summary: "修订：另起一版草稿，发布前原版继续有效",
      params: Of,
      body: z.object({ note: text(2000).default("") }),
      response: { 200: PrecedentDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        amendPrecedent(shell, actor, id, request.body.note),
      ),
  });

  app.post("/api/ownership/precedents/:id/discard", {
    config: { who: WRITERS },
    schema: {
      summary: "弃用草稿",
      params: Of,
      body: z.object({ note: text(2000).default("") }),
      response: { 200: PrecedentDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        discardDraft(shell, actor, id, request.body.note),
      ),
  });

  app.post("/api/ownership/precedents/:id/overrule", {
    config: { who: ["shiftLead", "leader"] },
    schema: {
      summary: "废止：不再提示，已引用的工单照列",
      params: Of,
      body: z.object({ reason: Said }),
      response: { 200: PrecedentDetail },
    },
    handler: (request) =>
      after(request.params.id, actorOf(request), (actor, id) =>
        overrulePrecedent(shell, actor, id, request.body.reason),
      ),
  });

  app.get("/api/tickets/:id/ownership", {
    config: { who: WORKERS },
    schema: {
      summary: "工单上的确权：各次确权案，各轮所引先例及被退情况",
      params: Of,
      response: { 200: OnTicketOut },
    },
    handler: async (request) => {
      const found = await citedOn(shell, actorOf(request), request.params.id);
      if (found === null) throw new Refused({ code: "not-found" });
      return found;
    },
  });

  const versionOut = (each: PrecedentVersion): z.infer<typeof VersionOut> => {
    const { leadUnitId, leadUnit, coUnitIds, coUnits, publishedName, writtenName, ...rest } = each;
    return {
      ...{ id: rest.id, version: rest.version, state: rest.state, title: rest.title, reason: rest.reason },
      ...{ category1: rest.category1, category2: rest.category2, category3: rest.category3 },
      ...{ street: rest.street, community: rest.community, spot: rest.spot, words: [...rest.words] },
      ...{ from: rest.from, to: rest.to, cited: rest.cited, returned: rest.returned },
      ...standingOf(rest, dayOf(shell.now())),
      lead: { id: leadUnitId, name: leadUnit },
      co: coUnitIds.map((id, i) => ({ id, name: coUnits[i] ?? "" })),
      ...{ writtenBy: writtenName, writtenAt: rest.writtenAt.toISOString(), publishedBy: publishedName },
      publishedAt: rest.publishedAt?.toISOString() ?? null,
      endedAt: rest.endedAt?.toISOString() ?? null,
    };
  };

  async function after(id: string, actor: Person, step: (actor: Person, id: string) => Promise<void>) {
    await step(actor, id);
    return detail(id, actor);
  }

  async function detail(id: string, actor: Person): Promise<z.infer<typeof PrecedentDetail>> {
    const versions = await versionsOf(shell.db, id);
    const [newest] = versions;
    if (newest === undefined) throw new Refused({ code: "not-found" });
    const [steps, citing] = await Promise.all([precedentSteps(shell.db, id), citingOf(shell.db, id, CITING)]);
    return {
      ...{ id, number: precedentNumber(id), caseId: newest.caseId, caseNumber: caseNumber(newest.caseId) },
      versions: versions.map(versionOut),
      steps: steps.map(({ version, step, at, by, note }) => ({
        ...{ version, by, note, at: at.toISOString(), stepZh: precedentStepZh(step) },
      })),
      citing: citing.map(({ ticketId, number, title, state, at, ...rest }) => ({
        ...rest,
        at: at.toISOString(),
        ticket: { id: ticketId, number, title, stateZh: isState(state) ? STATES[state].zh : state },
      })),
      may: stepsFor(versions, actor),
    };
  }
}

function stepsFor(versions: readonly PrecedentVersion[], actor: Person): PrecedentStep[] {
  const draft = versions.find((each) => each.state === "draft");
  return PRECEDENT_STEPS.filter(({ step, from }) => {
    const on = versions.find((each) => each.state === from);
    if (on === undefined || (step === "amend" && draft)) return false;
    return precedentTo(step, on.state, { roles: actor.roles, isWriter: on.writtenBy === actor.userId }).ok;
  }).map(({ step }) => step);
}

function contentOf(body: z.infer<typeof PrecedentIn>): Content {
  const from = parseDay(body.from);
  const to = body.to === null ? null : parseDay(body.to);
  if (from === null || (body.to !== null && to === null))
    throw new Refused({
      code: "bad-input",
      message: "有效期不是日历上的日期",
      field: from === null ? "from" : "to",
    });
  const trimmed = (words: string): string => words.trim();
  return {
    ...{ title: trimmed(body.title), reason: trimmed(body.reason), spot: trimmed(body.spot) },
    ...{
      category1: trimmed(body.category1),
      category2: trimmed(body.category2),
      category3: trimmed(body.category3),
    },
    ...{ street: trimmed(body.street), community: trimmed(body.community) },
    words: [...new Set(body.words.map(trimmed))],
    ...{ leadUnitId: body.leadUnitId, coUnitIds: body.coUnitIds, from, to },
  };
}
