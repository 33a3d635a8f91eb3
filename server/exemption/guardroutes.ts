/** 不纳入考核的办前检查接口. What would stop an application or its passing on, before it is pressed; the asking for a second person. */

import { applyUntil } from "@jiesu/core/exemption/checklist.ts";
import { groundOf } from "@jiesu/core/exemption/grounds.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { UNITS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { digestOf, type Look } from "../ticket/guard.ts";
import { GuardOut, one, Why } from "../ticket/guardroutes.ts";
import { askOverride, listOverrides, OverrideOut } from "../ticket/override.ts";
import { Id, text } from "../ticket/schema.ts";
import { checksOf, groundFor, rulesOn, subjectOf } from "./actions.ts";
import { lookAtApplication, lookAtPassing } from "./guard.ts";
import { exemptionOf, roundFacts } from "./store.ts";

const Evidence = z.object({
  kind: text(64),
  text: text(5000).default(""),
  file: Id.nullable().default(null),
});
const Written = z.object({
  ticketId: Id,
  round: z.number().int().min(1).max(999),
  ground: text(64),
  reason: text(5000).default(""),
  evidence: z.array(Evidence).max(30).default([]),
});
type Written = z.infer<typeof Written>;
const Of = z.object({ id: Id });

export function exemptionGuardRoutes(app: App, shell: Shell, reviewers: readonly Role[]): void {
  app.post("/api/exemptions/guard", {
    config: { who: UNITS },
    schema: {
      summary: "申请前检查：按所填内容逐项检查，不保存",
      body: Written,
      response: { 200: GuardOut.nullable() },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const look = await writtenLook(shell, shell.db, actor, request.body);
      return out(shell, actor, look, request.body.ticketId, subjectOf(request.body));
    },
  });

  app.post("/api/exemptions/guard/override", {
    config: { who: UNITS },
    schema: {
      summary: "申请前检查未通过的，申请复核放行",
      body: Written.extend({ why: Why }),
      response: { 200: OverrideOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { why, ...written } = request.body;
      const id = await shell.db
        .transaction()
        .execute(async (tx) =>
          ask(
            tx,
            shell,
            actor,
            await writtenLook(shell, tx, actor, written),
            written.ticketId,
            subjectOf(written),
            why,
          ),
        );
      return one(shell, actor, id);
    },
  });

  app.get("/api/exemptions/:id/guard", {
    config: { who: reviewers },
    schema: { summary: "同意前检查：逐项", params: Of, response: { 200: GuardOut.nullable() } },
    handler: async (request) => {
      const actor = actorOf(request);
      const { look, ticketId } = await passingLook(shell, shell.db, request.params.id);
      return out(shell, actor, look, ticketId, request.params.id);
    },
  });

  app.post("/api/exemptions/:id/guard/override", {
    config: { who: reviewers },
    schema: {
      summary: "同意前检查未通过的，申请复核放行",
      params: Of,
      body: z.object({ reason: Why }),
      response: { 200: OverrideOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const made = await shell.db.transaction().execute(async (tx) => {
        const { look, ticketId } = await passingLook(shell, tx, request.params.id);
        return ask(tx, shell, actor, look, ticketId, request.params.id, request.body.reason);
      });
      return one(shell, actor, made);
    },
  });
}

/** Null where the round is not the unit's or the ground is unknown: the form says so by itself. */
async function writtenLook(shell: Shell, db: Db, actor: Actor, written: Written): Promise<Look | null> {
  const now = shell.now();
  const facts = await roundFacts(db, written.ticketId, written.round);
  if (!facts || facts.unitId === null || facts.unitId !== actor.unitId)
    throw new Refused({ code: "exemption-round" });
  const { body } = rulesOn(shell, now);
  const ground = groundOf(body, written.ground);
  if (!ground) return null;
  const dueAt = applyUntil(body, dayOf(facts.countedAt));
  return lookAtApplication(db, shell, { ...written, ground, dueAt, unitId: facts.unitId }, now);
}

async function passingLook(shell: Shell, db: Db, id: string) {
  const exemption = await exemptionOf(db, id, null);
  if (!exemption) throw new Refused({ code: "not-found" });
  const findings = await checksOf(db, groundFor(shell, exemption), exemption);
  const look = await lookAtPassing(db, shell, exemption, findings, shell.now());
  return { look, ticketId: exemption.ticketId };
}

async function ask(
  tx: Db,
  shell: Shell,
  actor: Actor & { readonly userId: string },
  look: Look | null,
  ticketId: string,
  subject: string,
  reason: string,
): Promise<string> {
  if (!look) throw new Refused({ code: "override-nothing" });
  const { facts, looked, list } = look;
  return askOverride(
    tx,
    actor,
    { ticketId, step: facts.step, subject },
    { looked, list: list.name, words: facts.words, digest: digestOf(facts.words) },
    { reason, hours: list.body.overrideHours },
    shell.now(),
  );
}

async function out(shell: Shell, actor: Actor, look: Look | null, ticketId: string, subject: string) {
  if (!look) return null;
  const filter = { ticketId, step: look.facts.step, subject, open: true };
  const [override] = await listOverrides(shell.db, actor.userId, filter, 1, shell.now());
  return { list: look.list.name, checks: [...look.looked], override: override ?? null };
}
