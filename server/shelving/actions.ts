/**
 * 挂账与销账. A unit asks with kind, term and plan; the centre approves, which moves the ticket and starts its shelf clock, due with
 * the last day of the approved term; it is looked at again on its review days and ended by the move back. The move and the
 * record are one transaction. A longer term is asked for and answered in extending.ts.
 */

import { inForce, type Version } from "@jiesu/core/rules/effective.ts";
import {
  isTermAllowed,
  nextReview,
  type ShelvingKind,
  type ShelvingRules,
} from "@jiesu/core/shelving/kinds.ts";
import type { ShelfTerm } from "@jiesu/core/ticket/moves.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { moveTicketIn, orRefuse } from "../ticket/actions.ts";
import { addStep, insertShelving, leadRound, lockShelving, type Shelving, updateShelving } from "./store.ts";

addWordings({
  "shelving-kind": { status: 422, zh: () => "没有这一挂账类别，请按现行规则重新选择。" },
  "shelving-term": { status: 422, zh: (r) => `销账期限应在今天之后，且不超过 ${r.maxDays} 天。` },
  "shelving-term-past": {
    status: 409,
    zh: (r) => `申请的销账期限 ${r.termDay} 已到，不能再同意；请不同意并请单位另行申请。`,
  },
  "shelving-live": { status: 409, zh: () => "该工单已有挂账申请或正在挂账。" },
  "shelving-round": { status: 409, zh: () => "该工单现不由本单位承办，不能申请挂账。" },
  "shelving-state": { status: 409, zh: (r) => `挂账申请现为“${r.stateZh}”，不能进行此操作，请刷新后查看。` },
});

export const STATES = { applied: "待审批", shelved: "挂账中", refused: "不同意", ended: "已销账" } as const;

export interface ShelvingPlan {
  readonly ticketId: string;
  readonly kind: string;
  readonly reason: string;
  readonly plan: string;
  readonly termDay: Day;
}

export function kindsOn(shell: Pick<Shell, "rules">, at: number): readonly ShelvingKind[] {
  return rulesOn(shell, at)?.body.kinds ?? [];
}

function rulesOn(shell: Pick<Shell, "rules">, at: number): Version<ShelvingRules> | null {
  const found = inForce(shell.rules.shelvings, dayOf(at));
  return found.ok ? found.value : null;
}

/** What the shelf clock runs to: the term, under the rules of the day it is approved. */
export function termOf(shell: Pick<Shell, "rules">, kind: string, day: Day, at: number): ShelfTerm {
  const rules = rulesOn(shell, at);
  return {
    day,
    nearDays: rules?.body.nearDays ?? 0,
    rule: { name: rules?.name ?? "", row: kind },
  };
}

/** 申请挂账 by the unit that leads the ticket now; answers the application's id. */
export function applyShelving(shell: Shell, actor: Actor, asked: ShelvingPlan): Promise<string> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const today = dayOf(now);
    const kind = kindOf(shell, asked.kind, now);
    if (!isTermAllowed(kind, today, asked.termDay))
      throw new Refused({ code: "shelving-term", maxDays: kind.maxDays });
    const lead = await leadRound(tx, asked.ticketId);
    if (!lead || lead.unitId !== actor.unitId) throw new Refused({ code: "shelving-round" });
    const id = await insertShelving(tx, {
      ...{ ...asked, round: lead.round, unitId: lead.unitId, at: now, by: actor },
      reviewDay: nextReview(kind, today, asked.termDay),
    });
    if (id === null) throw new Refused({ code: "shelving-live" });
    await addStep(tx, id, "apply", asked.reason, actor, now);
    return id;
  });
}

/** 审批. Approved, the ticket is shelved by its own move, with its guards and its clocks. */
export function decideShelving(
  shell: Shell,
  actor: Actor,
  id: string,
  approve: boolean,
  note: string,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const shelving = await live(tx, id, ["applied"]);
    const { ticketId, reason, kind, termDay } = shelving;
    if (approve) {
      if (termDay <= dayOf(now)) throw new Refused({ code: "shelving-term-past", termDay });
      const term = termOf(shell, kind, termDay, now);
      orRefuse(await moveTicketIn(tx, shell, actor, ticketId, "shelve", { reason, term }, null));
    }
    await updateShelving(tx, id, {
      state: approve ? "shelved" : "refused",
      approved: { at: now, by: actor },
    });
    await addStep(tx, id, approve ? "approve" : "refuse", note, actor, now);
  });
}

/** 复核: looked at, and the next look set. */
export function reviewShelving(shell: Shell, actor: Actor, id: string, note: string): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const shelving = await live(tx, id, ["shelved"]);
    const kind = kindOf(shell, shelving.kind, now);
    await updateShelving(tx, id, {
      state: "shelved",
      reviewDay: nextReview(kind, dayOf(now), shelving.termDay),
    });
    await addStep(tx, id, "review", note, actor, now);
  });
}

/** 销账: back to the unit by the ticket's own move; a ticket that somebody has moved back already is only written off. */
export function endShelving(shell: Shell, actor: Actor, id: string, note: string): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const shelving = await live(tx, id, ["shelved"]);
    if (shelving.ticketState === "shelved")
      orRefuse(await moveTicketIn(tx, shell, actor, shelving.ticketId, "unshelve", { note }, null));
    await updateShelving(tx, id, { state: "ended", ended: { at: now, note } });
    await addStep(tx, id, "end", note, actor, now);
  });
}

export async function live(
  tx: Shell["db"],
  id: string,
  from: readonly Shelving["state"][],
): Promise<Shelving> {
  const shelving = await lockShelving(tx, id);
  if (!shelving) throw new Refused({ code: "not-found" });
  const { state } = shelving;
  if (!from.includes(state)) throw new Refused({ code: "shelving-state", state, stateZh: STATES[state] });
  return shelving;
}

export function kindOf(shell: Shell, code: string, at: number): ShelvingKind {
  const kind = kindsOn(shell, at).find((each) => each.code === code);
  if (!kind) throw new Refused({ code: "shelving-kind" });
  return kind;
}
