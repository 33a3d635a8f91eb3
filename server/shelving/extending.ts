/**
 * 延长销账期限. A unit asks for a longer term while its ticket is shelved; granted, the same shelf clock runs on to the end of the new
 * term, its start and its use kept. Step, clock and the ticket's event are one transaction.
 */
import { changeLimit } from "@jiesu/core/deadline/clock.ts";
import { isExtensionAllowed, nextReview, termGrant } from "@jiesu/core/shelving/kinds.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { loadLive, nearest, saveClock, tellAnew } from "../ticket/clocks.ts";
import { lockTicket, recordDue, recordEvent } from "../ticket/store.ts";
import { kindOf, live, termOf } from "./actions.ts";
import { addStep, updateShelving } from "./store.ts";

addWordings({
  "shelving-extend-pending": { status: 409, zh: () => "延长销账期限的申请已提交，正等中心审批。" },
  "shelving-extend-none": {
    status: 409,
    zh: () => "没有待批的延长申请，可能他人已审批。请刷新后查看最新情况。",
  },
  "shelving-extend-used": {
    status: 409,
    zh: (r) => `销账期限已延长 ${r.times} 次，达到上限；请按期销账，或销账后另行申请挂账。`,
  },
  "shelving-extend-term": {
    status: 422,
    zh: (r) => `新的销账期限应晚于现期限 ${r.termDay} 和今天，且延长不超过 ${r.extendDays} 天。`,
  },
});

/** 申请延长 by the unit whose ticket is shelved. */
export function askLongerTerm(
  shell: Shell,
  actor: Actor,
  id: string,
  term: Day,
  reason: string,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const shelving = await live(tx, id, ["shelved"]);
    if (shelving.unitId !== actor.unitId) throw new Refused({ code: "not-found" });
    const kind = kindOf(shell, shelving.kind, now);
    if (shelving.asked !== null) throw new Refused({ code: "shelving-extend-pending" });
    if (shelving.extended >= kind.extendTimes)
      throw new Refused({ code: "shelving-extend-used", times: shelving.extended });
    if (term <= dayOf(now) || !isExtensionAllowed(kind, shelving.termDay, term))
      throw new Refused({
        code: "shelving-extend-term",
        termDay: shelving.termDay,
        extendDays: kind.extendDays,
      });
    await updateShelving(tx, id, { state: "shelved", asked: { term, reason, at: now, by: actor } });
    await addStep(tx, id, "askExtend", `${term}：${reason}`, actor, now);
  });
}

/** 审批延长. Granted, term and clock move; refused, both stay. Nothing waits any more. */
export function decideLongerTerm(
  shell: Shell,
  actor: Actor & { readonly userId: string },
  id: string,
  approve: boolean,
  note: string,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const shelving = await live(tx, id, ["shelved"]);
    const { asked, termDay } = shelving;
    if (asked === null) throw new Refused({ code: "shelving-extend-none" });
    if (approve) {
      if (asked.term <= dayOf(now)) throw new Refused({ code: "shelving-term-past", termDay: asked.term });
      await moveShelfClock(tx, shell, actor, shelving, asked.term, now);
    }
    const kind = kindOf(shell, shelving.kind, now);
    await updateShelving(tx, id, {
      state: "shelved",
      asked: null,
      ...(approve ? { termDay: asked.term, reviewDay: nextReview(kind, dayOf(now), asked.term) } : {}),
    });
    const words = approve ? `${termDay} → ${asked.term}` : asked.term;
    await addStep(
      tx,
      id,
      approve ? "extend" : "refuseExtend",
      [words, note].filter(Boolean).join("："),
      actor,
      now,
    );
  });
}

async function moveShelfClock(
  tx: Db,
  shell: Shell,
  actor: Actor & { readonly userId: string },
  { ticketId, kind, termDay }: { readonly ticketId: string; readonly kind: string; readonly termDay: Day },
  term: Day,
  now: number,
): Promise<void> {
  const ticket = await lockTicket(tx, ticketId);
  const shelf = (await loadLive(tx, ticketId)).find((each) => each.clock.kind === "shelf");
  if (!ticket || !shelf) return;
  const { calendar } = await rulesInForce(tx, shell.rules, now);
  const grant = termGrant(termOf(shell, kind, term, now), shelf.clock.startedAt);
  const next = changeLimit(shelf.clock, grant, calendar);
  if (!next.ok) throw new Refused(next.refusal);
  await saveClock(tx, ticketId, { id: shelf.id, clock: next.value });
  await tellAnew(tx, shelf.id, now);
  const own = (await loadLive(tx, ticketId)).filter((c) => c.assignmentId === null).map((c) => c.clock);
  await recordDue(tx, ticketId, nearest(own));
  const role = actor.roles.find((each) => each === "supervisor" || each === "shiftLead") ?? "shiftLead";
  const stamp = { at: now, userId: actor.userId, userName: actor.name, role };
  await recordEvent(tx, ticket, "shelfTerm", { termBefore: termDay, termDay: term }, stamp);
}
