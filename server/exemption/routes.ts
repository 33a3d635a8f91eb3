/** 不纳入考核接口. */

import { REVIEWERS, SENDERS } from "@jiesu/core/exemption/roles.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE, UNITS, WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import {
  appeal,
  appealBy,
  apply,
  checksOf,
  groundFor,
  mayBeAppealed,
  recordOutcome,
  review,
  reviewBy,
  rulesOn,
  supplement,
  withdraw,
} from "./actions.ts";
import { batchRoutes } from "./batchroutes.ts";
import { exemptionGuardRoutes } from "./guardroutes.ts";
import { outcomeRoutes } from "./outcomeroutes.ts";
import { ownUnitOf, roundRoutes } from "./rounds.ts";
import { STATES } from "./states.ts";
import {
  appealOf,
  type Exemption,
  exemptionAccuracy,
  exemptionOf,
  listExemptions,
  stepsOf,
} from "./store.ts";

const count = z.number().int();
const stateKeys = [
  "applied",
  "returned",
  "refused",
  "passed",
  "sent",
  "upheld",
  "denied",
  "withdrawn",
] as const;
const Evidence = z.object({
  kind: text(64),
  text: text(5000).default(""),
  file: Id.nullable().default(null),
});
const Said = z.object({
  reason: text(5000).refine((said) => said.trim() !== "", "请填写申请理由"),
  evidence: z.array(Evidence).max(30).default([]),
});
const Of = z.object({ id: Id });
const Note = z.object({ note: text(5000).default("") });

const RowOut = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.string(),
  round: count,
  unit: z.object({ id: z.string(), name: z.string() }),
  state: z.enum(stateKeys),
  stateZh: z.string(),
  ground: z.string(),
  groundName: z.string(),
  reason: z.string(),
  dueAt: z.iso.datetime(),
  appliedAt: z.iso.datetime(),
  appliedBy: z.string(),
  reviewedBy: z.string().nullable(),
  outcomeAt: z.iso.datetime().nullable(),
  outcomeNo: z.string(),
  appealOf: z.string().nullable(),
  /** 报市批次, where it is in one. */
  batch: z.object({ id: z.string(), number: z.string() }).nullable(),
  /** 审核时限: until when the centre owes its review; null once it has reviewed. */
  reviewBy: z.iso.datetime().nullable(),
  /** Until when the unit may appeal; null where it may not. */
  appealBy: z.iso.datetime().nullable(),
});
const DetailOut = RowOut.extend({
  rules: z.string(),
  decidedBy: z.enum(["city", "centre"]),
  evidence: z.array(
    z.object({ kind: z.string(), name: z.string(), text: z.string(), file: z.string().nullable() }),
  ),
  /** What the ticket counts in once it is upheld. */
  scope: z.enum(["responseOnly", "exempt"]),
  /** An appeal of this one, if there is. */
  appealedBy: z.string().nullable(),
  checklist: z.array(z.object({ kind: z.string(), name: z.string(), required: z.boolean() })),
  checks: z.array(z.object({ check: z.string(), ok: z.boolean(), text: z.string() })),
  steps: z.array(z.object({ step: z.string(), at: z.iso.datetime(), by: z.string(), note: z.string() })),
});

export function exemptionRoutes(app: App, shell: Shell): void {
  roundRoutes(app, shell);
  batchRoutes(app, shell);
  outcomeRoutes(app, shell);
  exemptionGuardRoutes(app, shell, REVIEWERS);

  app.get("/api/exemptions/grounds", {
    config: { who: WORKERS },
    schema: {
      summary: "现行的不纳入考核情形、佐证清单和时限",
      response: {
        200: z.object({
          name: z.string(),
          from: z.string(),
          source: z.string(),
          windowDays: count,
          appealDays: count,
          reviewDays: count,
          grounds: z.array(
            z.object({
              code: z.string(),
              name: z.string(),
              scope: z.string(),
              decidedBy: z.string(),
              needsContact: z.boolean(),
              evidence: z.array(z.object({ kind: z.string(), name: z.string(), required: z.boolean() })),
            }),
          ),
        }),
      },
    },
    handler: async () => {
      const { name, from, source, body } = rulesOn(shell, shell.now());
      const grounds = body.grounds.map((each) => ({
        ...each,
        evidence: each.evidence.map((one) => ({ ...one })),
      }));
      return {
        name,
        from,
        source,
        windowDays: body.windowDays,
        appealDays: body.appealDays,
        reviewDays: body.reviewDays,
        grounds,
      };
    },
  });

  app.get("/api/exemptions/accuracy", {
    config: { who: CENTRE },
    schema: {
      summary: "不纳入考核申请的认定、查否情况：按单位、审核人或情形（理由）",
      querystring: z.object({ by: z.enum(["unit", "reviewer", "ground"]).default("unit") }),
      response: {
        200: z.array(
          z.object({
            key: z.string(),
            name: z.string(),
            applied: count,
            upheld: count,
            denied: count,
            refused: count,
            overturned: count,
          }),
        ),
      },
    },
    handler: async (request) =>
      (await exemptionAccuracy(shell.db, request.query.by)).map((each) => ({ ...each })),
  });

  app.get("/api/exemptions", {
    config: { who: WORKERS },
    schema: {
      summary: "不纳入考核申请；承办单位只见本单位",
      querystring: z.object({
        state: z.enum(stateKeys).optional(),
        unit: Id.optional(),
        ground: text(64).optional(),
        ticket: Id.optional(),
        /** As the accuracy keys a reviewer. */
        reviewer: text(200).optional(),
        /** Those that the accuracy counts; `overturned` are those of them that an appeal has turned. */
        counted: z.enum(["all", "overturned"]).optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      response: { 200: z.object({ rows: z.array(RowOut), next: z.string().nullable() }) },
    },
    handler: async (request) => {
      const { state, unit, ground, ticket, reviewer, counted, after, limit } = request.query;
      const filter = { state, ground, ticketId: ticket, reviewer, counted, before: after };
      const unitId = ownUnitOf(actorOf(request)) ?? unit;
      const found = await listExemptions(shell.db, { ...filter, unitId }, limit + 1);
      const rows = found.slice(0, limit);
      return {
        rows: rows.map((each) => rowOut(shell, each)),
        next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
      };
    },
  });

  app.get("/api/exemptions/:id", {
    config: { who: WORKERS },
    schema: { summary: "一件申请：佐证、预审、办理经过", params: Of, response: { 200: DetailOut } },
    handler: async (request) => detail(request.params.id, actorOf(request)),
  });

  app.post("/api/exemptions", {
    config: { who: UNITS },
    schema: {
      summary: "申请不纳入考核（承办单位）",
      body: Said.extend({ ticketId: Id, round: z.number().int().min(1).max(999), ground: text(64) }),
      response: { 200: DetailOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      return detail(await apply(shell, actor, request.body), actor);
    },
  });

  app.post("/api/exemptions/:id/supplement", {
    config: { who: UNITS },
    schema: { summary: "补充佐证后再报", params: Of, body: Said, response: { 200: DetailOut } },
    handler: async (request) => {
      await supplement(shell, actorOf(request), request.params.id, request.body);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/exemptions/:id/withdraw", {
    config: { who: UNITS },
    schema: { summary: "撤回申请", params: Of, body: Note, response: { 200: DetailOut } },
    handler: async (request) => {
      await withdraw(shell, actorOf(request), request.params.id, request.body.note);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/exemptions/:id/review", {
    config: { who: REVIEWERS },
    schema: {
      summary: "中心审核：同意（报市级或本级认定）、退回补充、不同意",
      params: Of,
      body: Note.extend({ decision: z.enum(["pass", "return", "refuse"]) }),
      response: { 200: DetailOut },
    },
    handler: async (request) => {
      const { decision, note } = request.body;
      await review(shell, actorOf(request), request.params.id, decision, note);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/exemptions/:id/outcome", {
    config: { who: SENDERS },
    schema: {
      summary: "登记市级结果：认定或查否；认定后立即不计入相应的率",
      params: Of,
      body: Note.extend({ outcome: z.enum(["upheld", "denied"]), paper: text(200).default("") }),
      response: { 200: DetailOut },
    },
    handler: async (request) => {
      const { outcome, paper, note } = request.body;
      await recordOutcome(shell, actorOf(request), request.params.id, outcome, paper, note);
      return detail(request.params.id, actorOf(request));
    },
  });

  app.post("/api/exemptions/:id/appeal", {
    config: { who: UNITS },
    schema: {
      summary: "对不同意或查否提出申诉（一次）",
      params: Of,
      body: Said,
      response: { 200: DetailOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      return detail(await appeal(shell, actor, request.params.id, request.body), actor);
    },
  });

  async function detail(id: string, actor: Actor): Promise<z.infer<typeof DetailOut>> {
    const exemption = await exemptionOf(shell.db, id, ownUnitOf(actor));
    if (!exemption) throw new Refused({ code: "not-found" });
    const ground = groundFor(shell, exemption);
    const nameOf = (kind: string) => ground.evidence.find((each) => each.kind === kind)?.name ?? kind;
    return {
      ...rowOut(shell, exemption),
      rules: exemption.rules,
      scope: ground.scope,
      appealedBy: await appealOf(shell.db, id),
      decidedBy: ground.decidedBy,
      evidence: exemption.evidence.map((each) => ({ ...each, name: nameOf(each.kind) })),
      checklist: ground.evidence.map((each) => ({ ...each })),
      checks: (await checksOf(shell.db, ground, exemption)).map((each) => ({ ...each })),
      steps: (await stepsOf(shell.db, id)).map((each) => ({ ...each, at: each.at.toISOString() })),
    };
  }
}

function rowOut(shell: Shell, exemption: Exemption): z.infer<typeof RowOut> {
  const { unitId, unitName, rules: _rules, evidence: _evidence, ...row } = exemption;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    ...row,
    unit: { id: unitId, name: unitName },
    stateZh: STATES[row.state],
    dueAt: iso(row.dueAt),
    appliedAt: iso(row.appliedAt),
    outcomeAt: row.outcomeAt === null ? null : iso(row.outcomeAt),
    reviewBy: row.state === "applied" ? iso(reviewBy(shell, exemption)) : null,
    appealBy: mayBeAppealed(exemption) ? iso(appealBy(shell, exemption)) : null,
  };
}
