/** 回访台接口. The call list, the rules of the desk, the number to dial, and recordings. */
import { ORDER_KEYS } from "@jiesu/core/callback/rules.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { callbackRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { recordRecording } from "../ticket/recording.ts";
import { revealForCallback } from "../ticket/requester.ts";
import { Id, Instant, Recording } from "../ticket/schema.ts";
import { type ListedCall, listCalls, waitingSince } from "./list.ts";

addWordings({
  "not-calling": { status: 409, zh: () => "本单现在不在待回访，不能拨打。请刷新后查看最新情况。" },
  "recording-kept": { status: 409, zh: () => "本次回访已有录音地址，或没有这次回访。" },
});

/** Who calls, and who may hear what was said. */
const CALLERS = ["caller", "shiftLead"] as const;
const LISTENERS = ["caller", "shiftLead", "inspector", "closer", "leader"] as const;

const Why = z.object({
  key: z.enum(ORDER_KEYS),
  zh: z.string(),
  tone: z.enum(["plain", "near", "overdue"]),
});
const CallOut = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  excerpt: z.string(),
  category: z.string(),
  street: z.string(),
  unitName: z.string().nullable(),
  level: z.number(),
  dueAt: Instant.nullable(),
  version: z.number(),
  waitingSince: Instant,
  attempts: z.array(Instant),
  plannedAt: Instant.nullable(),
  why: z.array(Why),
});
const Reason = z.object({ code: z.string(), zh: z.string() });
const RulesOut = z.object({
  name: z.string(),
  from: z.string(),
  source: z.string(),
  order: z.array(z.enum(ORDER_KEYS)),
  attempts: z.object({
    max: z.number(),
    gapMs: z.number(),
    minDayparts: z.number(),
    maxDays: z.number(),
    dayparts: z.array(z.object({ name: z.string(), fromMs: z.number(), toMs: z.number() })),
  }),
  scripts: z.array(
    z.object({
      category1: z.string(),
      opening: z.string(),
      contacted: z.string(),
      solved: z.string(),
      satisfied: z.string(),
      closing: z.string(),
    }),
  ),
  reasons: z.object({
    contacted: z.array(Reason),
    solved: z.array(Reason),
    satisfied: z.array(Reason),
    missed: z.array(Reason),
  }),
});

export function callbackRoutes(app: App, shell: Shell): void {
  app.get("/api/callback/list", {
    config: { who: CALLERS },
    schema: {
      summary: "回访名单：按规则排序，附排序理由；约定稍后的另列",
      querystring: z.object({ limit: z.coerce.number().int().min(1).max(500).default(200) }),
      response: {
        200: z.object({
          now: z.array(CallOut),
          later: z.array(CallOut),
          counts: z.object({ now: z.number(), later: z.number() }),
        }),
      },
    },
    handler: async (request) => {
      const calls = await listCalls(shell, request.query.limit);
      return { now: calls.now.map(callOut), later: calls.later.map(callOut), counts: { ...calls.counts } };
    },
  });

  app.get("/api/callback/rules", {
    config: { who: CALLERS },
    schema: { summary: "现行回访规则：排序、未接通规则、话术、原因清单及依据", response: { 200: RulesOut } },
    handler: async () => {
      const { name, from, source, body } = callbackRulesOn(shell.rules, shell.now());
      const { order, attempts, scripts, reasons } = body;
      return {
        ...{ name, from, source, order: [...order] },
        attempts: { ...attempts, dayparts: attempts.dayparts.map((part) => ({ ...part })) },
        scripts: scripts.map((script) => ({ ...script })),
        reasons: {
          contacted: [...reasons.contacted],
          solved: [...reasons.solved],
          satisfied: [...reasons.satisfied],
          missed: [...reasons.missed],
        },
      };
    },
  });

  app.post("/api/callback/tickets/:id/dial", {
    config: { who: CALLERS },
    schema: {
      summary: "为回访显示号码（固定理由“回访”，每单留痕一次）",
      params: z.object({ id: Id }),
      response: { 200: z.object({ name: z.string(), phone: z.string() }) },
    },
    handler: async (request) => {
      const { id } = request.params;
      const since = await waitingSince(shell.db, id);
      if (since === null) throw new Refused({ code: "not-calling" });
      const actor = actorOf(request);
      const clear = await shell.db
        .transaction()
        .execute((tx) => revealForCallback(tx, shell.secrets, actor, id, since, shell.now()));
      return { name: clear?.name ?? "", phone: clear?.phone ?? "" };
    },
  });

  const Of = z.object({ id: Id, callbackId: Id });
  app.post("/api/tickets/:id/callbacks/:callbackId/recording", {
    config: { who: CALLERS },
    schema: {
      summary: "补登一次回访的录音地址",
      params: Of,
      body: z.object({ address: Recording }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, callbackId } = request.params;
      const role = CALLERS.find((each) => actor.roles.includes(each)) ?? "caller";
      const stamp = { at: shell.now(), userId: actor.userId, userName: actor.name, role };
      const kept = await shell.db
        .transaction()
        .execute((tx) => recordRecording(tx, id, callbackId, request.body.address, stamp));
      if (!kept) throw new Refused({ code: "recording-kept" });
      return { ok: true as const };
    },
  });

  app.post("/api/tickets/:id/callbacks/:callbackId/listen", {
    config: { who: LISTENERS },
    schema: {
      summary: "调听录音：给出地址并留痕",
      params: Of,
      response: { 200: z.object({ address: z.string() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, callbackId } = request.params;
      const row = await shell.db
        .selectFrom("callback")
        .select("recording")
        .where("id", "=", callbackId)
        .where("ticket_id", "=", id)
        .executeTakeFirst();
      if (!row?.recording) throw new Refused({ code: "not-found" });
      await audit(shell.db, shell.now(), actor.userId, actor.name, "listen", {
        ticketId: id,
        detail: { callbackId },
      });
      return { address: row.recording };
    },
  });
}

function callOut({ call, why, ticket }: ListedCall): z.infer<typeof CallOut> {
  const { dueAt, ...facts } = ticket;
  return {
    id: call.id,
    ...facts,
    level: call.level,
    dueAt: dueAt?.toISOString() ?? null,
    waitingSince: new Date(call.waitingSince).toISOString(),
    attempts: call.attemptsAt.map((at) => new Date(at).toISOString()),
    plannedAt: call.plannedAt === null ? null : new Date(call.plannedAt).toISOString(),
    why: why.map((each) => ({ ...each })),
  };
}
