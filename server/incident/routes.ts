/** 履约事件接口. The list with its counts by kind and term, one with its steps, the steps themselves, the alarms, the workbook. */
import { ALL_INCIDENTS, INCIDENTS } from "@jiesu/core/incident/kinds.ts";
import {
  ALL_INCIDENT_STATES,
  ALL_INCIDENT_STEPS,
  INCIDENT_STATES,
  INCIDENT_STEPS,
  incidentStepsNow,
} from "@jiesu/core/incident/life.ts";
import { incidentRulesOn, termOn } from "@jiesu/core/incident/rules.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { dayOf, parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { guardTold } from "../ticket/history.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { acknowledge, stepIncident } from "./actions.ts";
import { incidentBook } from "./book.ts";
import {
  countKinds,
  countWaiting,
  type Incident,
  readAlarms,
  readApplication,
  readIncidents,
  readSteps,
  readTerms,
} from "./store.ts";

const Kind = z.enum(ALL_INCIDENTS as [keyof typeof INCIDENTS, ...(keyof typeof INCIDENTS)[]]);
const State = z.enum(
  ALL_INCIDENT_STATES as [keyof typeof INCIDENT_STATES, ...(keyof typeof INCIDENT_STATES)[]],
);
const Step = z.enum(
  ALL_INCIDENT_STEPS as [(typeof ALL_INCIDENT_STEPS)[number], ...typeof ALL_INCIDENT_STEPS],
);
const Day = z.string().transform((value, context) => {
  const day = parseDay(value);
  if (day !== null && day > "2000" && day < "2100") return day;
  context.addIssue({ code: "custom", message: "日期应写作 2026-11-20" });
  return z.NEVER;
});
const TermOut = z.object({ from: z.string(), to: z.string() });
const IncidentOut = z.object({
  ...{ id: z.string(), kind: Kind, kindZh: z.string(), state: State, stateZh: z.string() },
  ticket: z
    .object({ id: z.string(), number: z.string(), title: z.string(), stateZh: z.string() })
    .nullable()
    .describe("没有对应工单的督办件为空"),
  item: z.object({ id: z.string(), title: z.string() }).nullable().describe("督办件"),
  ...{ round: z.number().int(), occurredAt: Instant, foundAt: Instant, cause: z.string() },
  ...{ side: z.enum(["centre", "unit"]), unit: z.string().nullable(), person: z.string(), post: z.string() },
  ...{ term: TermOut, rule: z.string(), remedy: z.string(), remedyDue: z.string().nullable() },
  /** Whether the remedy that was asked for is past its day. */
  late: z.boolean(),
  answer: z.string(),
  may: z.array(z.object({ step: Step, zh: z.string() })),
});
const AlarmOut = z.object({
  ...{
    id: z.string(),
    kind: Kind,
    kindZh: z.string(),
    nth: z.number().int(),
    term: TermOut,
    raisedAt: Instant,
  },
  acknowledged: z.object({ at: Instant, by: z.string(), words: z.string() }).nullable(),
});
const Words = text(2000).refine((s) => s.trim().length >= 2, "请写明内容");
const MOST_ROWS = 5000;
const REVIEWERS = ["leader", "shiftLead"] as const;

export function incidentRoutes(app: App, shell: Shell): void {
  app.get("/api/incidents", {
    config: { who: WORKERS },
    schema: {
      summary: "履约事件，新的在前；任期内各类件数；单位只见本单位的",
      querystring: z.object({
        kind: Kind.optional(),
        standing: z.enum(["live", "closed", "all"]).default("all"),
        term: Day.optional(),
        ticket: Id.optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: {
        200: z.object({
          term: TermOut,
          terms: z.array(TermOut),
          kinds: z.array(
            z.object({
              ...{ kind: Kind, zh: z.string(), about: z.string(), count: z.number().int() },
              ...{ live: z.number().int(), dismissed: z.number().int() },
            }),
          ),
          rows: z.array(IncidentOut),
          next: z.string().nullable(),
          rule: z.object({ name: z.string(), source: z.string(), alarmEvery: z.number().int() }),
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { kind, standing, ticket, after, limit } = request.query;
      const today = dayOf(shell.now());
      const term = termOn(shell.rules.incidents, request.query.term ?? today);
      const known = await readTerms(shell.db);
      const found = await readIncidents(shell.db, actor, {
        ...{ kind, ticketId: ticket, after, limit: limit + 1, states: STANDING[standing] },
        termFrom: ticket === undefined ? term.from : undefined,
      });
      const rows = found.slice(0, limit);
      const { name, source, body } = incidentRulesOn(shell.rules.incidents, today);
      return {
        term,
        terms: known.some((each) => each.from === term.from) ? [...known] : [term, ...known],
        kinds: (await countKinds(shell.db, actor, term.from)).map((each) => ({
          ...each,
          ...{ zh: INCIDENTS[each.kind].zh, about: INCIDENTS[each.kind].about },
        })),
        rows: rows.map((each) => incidentOut(each, actor, today)),
        next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
        rule: { name, source, alarmEvery: body.alarmEvery },
      };
    },
  });

  app.get("/api/incidents/count", {
    config: { who: WORKERS },
    schema: {
      summary: "等我说明或复核的履约事件",
      response: { 200: z.object({ waiting: z.number().int() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const reviews = REVIEWERS.some((role) => actor.roles.includes(role));
      return { waiting: await countWaiting(shell.db, actor, reviews) };
    },
  });

  app.get("/api/incidents/alarms", {
    config: { who: REVIEWERS },
    schema: {
      summary: "履约报警：未确认的，或全部",
      querystring: z.object({ all: z.stringbool().default(false) }),
      response: { 200: z.array(AlarmOut) },
    },
    handler: async (request) =>
      (await readAlarms(shell.db, { all: request.query.all, limit: 100 })).map((a) => ({
        ...{ id: a.id, kind: a.kind, kindZh: INCIDENTS[a.kind].zh, nth: a.nth },
        ...{ term: { from: a.from ?? "", to: a.to ?? "" }, raisedAt: a.raised_at.toISOString() },
        acknowledged:
          a.acknowledged_at === null
            ? null
            : { at: a.acknowledged_at.toISOString(), by: a.by_name ?? "", words: a.words ?? "" },
      })),
  });

  app.post("/api/incidents/alarms/:id/ack", {
    config: { who: ["leader"] },
    schema: {
      summary: "知悉履约报警，写明处理意见",
      params: z.object({ id: Id }),
      body: z.strictObject({ words: Words }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await acknowledge(shell, actorOf(request), request.params.id, request.body.words.trim());
      return { ok: true as const };
    },
  });

  app.get("/api/incidents/book.xlsx", {
    config: { who: CENTRE },
    schema: { summary: "任期内履约事件的 Excel", querystring: z.object({ term: Day.optional() }) },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const now = shell.now();
      const term = termOn(shell.rules.incidents, request.query.term ?? dayOf(now));
      await audit(shell.db, now, actor.userId, actor.name, "export", {
        detail: { incidents: term.from },
      });
      const file = await incidentBook(
        term,
        await countKinds(shell.db, actor, term.from),
        await readIncidents(shell.db, actor, { termFrom: term.from, limit: MOST_ROWS }),
      );
      const name = encodeURIComponent(`履约事件-${term.from}.xlsx`);
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header("content-disposition", `attachment; filename*=UTF-8''${name}`)
        .send(file);
    },
  });

  app.get("/api/incidents/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "一起履约事件及其经过",
      params: z.object({ id: Id }),
      response: {
        200: IncidentOut.extend({
          steps: z.array(
            z.object({
              ...{ id: z.string(), zh: z.string(), at: Instant, by: z.string(), words: z.string() },
              due: z.string().nullable(),
            }),
          ),
          checks: z
            .array(z.object({ zh: z.string(), words: z.string() }))
            .describe("被驳回的申请提交时的检查结果和放行人"),
        }),
      },
    },
    handler: (request) => oneIncident(shell, actorOf(request), request.params.id),
  });

  app.post("/api/incidents/:id/steps/:step", {
    config: { who: WORKERS },
    schema: {
      summary: "办理履约事件：提出整改、说明、退回补充、复核",
      params: z.object({ id: Id, step: Step }),
      body: z.strictObject({ words: Words, due: Day.nullable().default(null) }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const { id, step } = request.params;
      const { words, due } = request.body;
      await stepIncident(shell, actorOf(request), id, step, { words: words.trim(), due });
      return { ok: true as const };
    },
  });
}

const STANDING = {
  live: ["open", "asked", "answered"],
  closed: ["upheld", "dismissed"],
  all: undefined,
} as const;

async function oneIncident(shell: Shell, actor: Actor & { readonly userId: string }, id: string) {
  const [incident] = await readIncidents(shell.db, actor, { id, limit: 1 });
  if (!incident) throw new Refused({ code: "not-found" });
  const [steps, application] = await Promise.all([
    readSteps(shell.db, id),
    readApplication(shell.db, incident),
  ]);
  return {
    ...incidentOut(incident, actor, dayOf(shell.now())),
    steps: steps.map((s) => ({
      ...{ id: s.id, at: s.at.toISOString(), by: s.user_name, words: s.words, due: s.due },
      zh: INCIDENT_STEPS.find((each) => each.step === s.step)?.zh ?? "发现",
    })),
    checks: application === null ? [] : checksOf(application),
  };
}

function checksOf(data: Readonly<Record<string, unknown>>): { zh: string; words: string }[] {
  const passed: unknown = Object(data.guard).passed;
  return [
    ...(Array.isArray(passed) ? [{ zh: "通过", words: `${passed.length} 项` }] : []),
    ...guardTold(data).map(({ zh, after }) => ({ zh, words: String(after ?? "") })),
  ];
}

function incidentOut(
  i: Incident,
  actor: Actor & { readonly userId: string },
  today: string,
): z.infer<typeof IncidentOut> {
  return {
    ...{ id: i.id, kind: i.kind, kindZh: INCIDENTS[i.kind].zh },
    ...{ state: i.state, stateZh: INCIDENT_STATES[i.state] },
    ticket: i.ticket && {
      ...{ id: i.ticket.id, number: i.ticket.number, title: i.ticket.title },
      stateZh: isState(i.ticket.state) ? STATES[i.ticket.state].zh : i.ticket.state,
    },
    item: i.item,
    ...{ round: i.round, occurredAt: i.occurredAt.toISOString(), foundAt: i.foundAt.toISOString() },
    ...{ cause: i.cause, side: i.side, unit: i.unitName, person: i.personName, post: i.post },
    ...{ term: i.term, rule: i.rule, remedy: i.remedy, remedyDue: i.remedyDue },
    late: i.state === "asked" && i.remedyDue !== null && i.remedyDue < today,
    answer: i.answer,
    may: incidentStepsNow(i, actor).map((step) => ({
      ...{ step, zh: INCIDENT_STEPS.find((each) => each.step === step)?.zh ?? step },
    })),
  };
}
