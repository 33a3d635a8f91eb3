/** 挂账销账接口. */
import { ENTRY_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { CLOCKS, isClockKind } from "@jiesu/core/deadline/kind.ts";
import { type Role, sideOf } from "@jiesu/core/ticket/role.ts";
import { addDays, type Day, dayOf, daysBetween, parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { UNITS, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { applyShelving, decideShelving, endShelving, kindsOn, reviewShelving, STATES } from "./actions.ts";
import { askLongerTerm, decideLongerTerm } from "./extending.ts";
import { countShelvings, effectsOn, listShelvings, type Shelving, stepsOf } from "./store.ts";

/** Those whom the table of moves lets shelve and unshelve. */
const APPROVERS: readonly Role[] = ["supervisor", "shiftLead"];

const count = z.number().int();
const stateKeys = ["applied", "shelved", "refused", "ended"] as const;
const said = text(5000).refine((words) => words.trim() !== "", "不能为空");
const DayIn = z.string().transform((words, context): Day => {
  const day = parseDay(words);
  if (day !== null) return day;
  context.addIssue({ code: "custom", message: "日期应写作 2020-12-31" });
  return z.NEVER;
});
const Of = z.object({ id: Id });
const Note = z.object({ note: text(5000).default("") });
const Row = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.string(),
  unit: z.object({ id: z.string(), name: z.string() }),
  state: z.enum(stateKeys),
  stateZh: z.string(),
  kind: z.string(),
  kindZh: z.string(),
  reason: z.string(),
  plan: z.string(),
  termDay: z.string(),
  reviewDay: z.string(),
  appliedAt: z.iso.datetime(),
  appliedBy: z.string(),
  approvedAt: z.iso.datetime().nullable(),
  approvedBy: z.string().nullable(),
  /** 账龄: days since it was approved; null before. */
  ageDays: count.nullable(),
  /** Days until the term; below zero when it is over. */
  daysLeft: count,
  reviewDue: z.boolean(),
  /** 时限: when the shelf clock is due, the end of the term's last day. */
  clockDueAt: z.iso.datetime().nullable(),
  /** 申请延长: the longer term that waits for its answer. */
  asked: z.object({ term: z.string(), reason: z.string(), at: z.iso.datetime(), by: z.string() }).nullable(),
  extended: count,
  /** How many longer terms are left, and the last day that may be asked for. */
  extendLeft: count,
  extendTo: z.string(),
});
const Detail = Row.extend({
  /** 对时限的影响: the ticket's clocks as they stand. */
  clocks: z.array(z.object({ kind: z.string(), zh: z.string(), state: z.string(), dueAt: z.iso.datetime() })),
  /** 对考核基数的影响: whether the round still counts for the unit, and in what; shelving alone changes neither. */
  counted: z.object({ countedAt: z.iso.datetime(), scopeZh: z.string() }).nullable(),
  steps: z.array(z.object({ step: z.string(), at: z.iso.datetime(), by: z.string(), note: z.string() })),
});

export function shelvingRoutes(app: App, shell: Shell): void {
  app.get("/api/shelving/counts", {
    config: { who: WORKERS },
    schema: {
      summary: "挂账各状态件数、到复核日的、到期的、申请延长的，其中待我办理的件数；承办单位只见本单位",
      response: {
        200: z.object({
          states: z.array(z.object({ state: z.enum(stateKeys), zh: z.string(), count })),
          reviewDue: count,
          termOver: count,
          asked: count,
          waiting: count,
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const found = await countShelvings(shell.db, ownUnitOf(actor), dayOf(shell.now()));
      const states = stateKeys.map((state) => ({
        state,
        zh: STATES[state],
        count: found.states.get(state) ?? 0,
      }));
      const approves = actor.roles.some((role) => APPROVERS.includes(role));
      const { reviewDue, termOver, asked } = found;
      return {
        states,
        reviewDue,
        termOver,
        asked,
        waiting: approves ? (found.states.get("applied") ?? 0) + reviewDue + asked : 0,
      };
    },
  });

  app.get("/api/shelving/kinds", {
    config: { who: WORKERS },
    schema: {
      summary: "现行挂账类别、最长期限和复核间隔（天）",
      response: {
        200: z.array(
          z.object({
            ...{ code: z.string(), name: z.string(), maxDays: count, reviewDays: count },
            ...{ extendTimes: count, extendDays: count },
          }),
        ),
      },
    },
    handler: async () => kindsOn(shell, shell.now()).map((each) => ({ ...each })),
  });

  app.get("/api/shelving", {
    config: { who: WORKERS },
    schema: {
      summary: "挂账清单与账龄，先到期在前；承办单位只见本单位",
      querystring: z.object({
        state: z.enum(stateKeys).optional(),
        ticket: Id.optional(),
        unit: Id.optional(),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
      response: { 200: z.array(Row) },
    },
    handler: async (request) => {
      const { state, ticket, unit, limit } = request.query;
      const unitId = ownUnitOf(actorOf(request)) ?? unit;
      return (await listShelvings(shell.db, { state, unitId, ticketId: ticket }, limit)).map(rowOut);
    },
  });

  app.get("/api/shelving/:id", {
    config: { who: WORKERS },
    schema: { summary: "一件挂账及其经过", params: Of, response: { 200: Detail } },
    handler: async (request) => detail(request.params.id, actorOf(request)),
  });

  app.post("/api/shelving", {
    config: { who: UNITS },
    schema: {
      summary: "申请挂账（承办单位）",
      body: z.object({
        ticketId: Id,
        kind: text(64),
        reason: said,
        plan: said,
        termDay: DayIn,
      }),
      response: { 200: Detail },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      return detail(await applyShelving(shell, actor, request.body), actor);
    },
  });

  app.post("/api/shelving/:id/decide", {
    config: { who: APPROVERS },
    schema: {
      summary: "审批挂账：同意即挂账",
      params: Of,
      body: Note.extend({ approve: z.boolean() }),
      response: { 200: Detail },
    },
    handler: async (request) => {
      const { approve, note } = request.body;
      if (!approve && note.trim() === "")
        throw new Refused({ code: "field-missing", field: "note", fieldZh: "不同意的理由" });
      await decideShelving(shell, actorOf(request), request.params.id, approve, note);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/shelving/:id/extension", {
    config: { who: UNITS },
    schema: {
      summary: "申请延长销账期限（承办单位）",
      params: Of,
      body: z.object({ termDay: DayIn, reason: said }),
      response: { 200: Detail },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { termDay, reason } = request.body;
      await askLongerTerm(shell, actor, request.params.id, termDay, reason);
      return detail(request.params.id, actor);
    },
  });

  app.post("/api/shelving/:id/extension/decide", {
    config: { who: APPROVERS },
    schema: {
      summary: "审批延长销账期限：同意即顺延挂账时限",
      params: Of,
      body: Note.extend({ approve: z.boolean() }),
      response: { 200: Detail },
    },
    handler: async (request) => {
      const { approve, note } = request.body;
      if (!approve && note.trim() === "")
        throw new Refused({ code: "field-missing", field: "note", fieldZh: "不同意的理由" });
      await decideLongerTerm(shell, actorOf(request), request.params.id, approve, note);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/shelving/:id/review", {
    config: { who: APPROVERS },
    schema: {
      summary: "复核挂账进展",
      params: Of,
      body: z.object({ note: said }),
      response: { 200: Detail },
    },
    handler: async (request) => {
      await reviewShelving(shell, actorOf(request), request.params.id, request.body.note);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/shelving/:id/end", {
    config: { who: APPROVERS },
    schema: { summary: "销账", params: Of, body: z.object({ note: said }), response: { 200: Detail } },
    handler: async (request) => {
      await endShelving(shell, actorOf(request), request.params.id, request.body.note);
      return detail(request.params.id, actorOf(request));
    },
  });

  async function detail(id: string, actor: Actor): Promise<z.infer<typeof Detail>> {
    const [shelving] = await listShelvings(shell.db, { id, unitId: ownUnitOf(actor) ?? undefined }, 1);
    if (!shelving) throw new Refused({ code: "not-found" });
    const steps = (await stepsOf(shell.db, id)).map((each) => ({ ...each, at: each.at.toISOString() }));
    const { clocks, counted } = await effectsOn(shell.db, shelving.ticketId, shelving.round);
    return {
      ...rowOut(shelving),
      clocks: clocks.map((each) => ({
        ...{ kind: each.kind, state: each.state, dueAt: each.dueAt.toISOString() },
        zh: isClockKind(each.kind) ? CLOCKS[each.kind].zh : each.kind,
      })),
      counted: counted && {
        countedAt: counted.countedAt.toISOString(),
        scopeZh: ENTRY_SCOPE_NAMES[counted.scope],
      },
      steps,
    };
  }

  function rowOut(shelving: Shelving): z.infer<typeof Row> {
    const { unitId, unitName, ticketState: _state, round: _round, ...row } = shelving;
    const today = dayOf(shell.now());
    const kind = kindsOn(shell, shelving.appliedAt.getTime()).find((each) => each.code === row.kind);
    return {
      ...row,
      unit: { id: unitId, name: unitName },
      stateZh: STATES[row.state],
      kindZh: kind?.name ?? row.kind,
      appliedAt: row.appliedAt.toISOString(),
      approvedAt: row.approvedAt?.toISOString() ?? null,
      clockDueAt: row.clockDueAt?.toISOString() ?? null,
      asked: row.state !== "shelved" ? null : row.asked && { ...row.asked, at: row.asked.at.toISOString() },
      extendLeft: Math.max(0, (kind?.extendTimes ?? 0) - row.extended),
      extendTo: addDays(row.termDay, kind?.extendDays ?? 0),
      ageDays: row.approvedAt === null ? null : daysBetween(dayOf(row.approvedAt.getTime()), today),
      daysLeft: daysBetween(today, row.termDay),
      reviewDue: row.state === "shelved" && row.reviewDay <= today,
    };
  }
}

/** A person of a unit sees that unit alone. */
function ownUnitOf(actor: Actor): string | null {
  return actor.roles.some((role) => sideOf(role) !== "unit") ? null : (actor.unitId ?? "0");
}
