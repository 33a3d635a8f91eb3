/** 催办回复. The unit says what it does about a ticket that it was urged for: all that is open of that ticket is answered at once. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import { BY_HAND } from "@jiesu/core/urging/ladder.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { lockTicket, recordEvent } from "../ticket/store.ts";
import { keepAnswer, openUrgesLike, readUrge } from "./store.ts";

addWordings({
  "urge-answered": {
    status: 409,
    zh: (r) => `${String(r.by)}已于 ${String(r.at)} 回复了这条催办，无需重复。`,
  },
  "urge-not-yours": {
    status: 403,
    zh: () => "这条催办由承办单位回复；电话回复的，请督办员或值班长代为登记。",
  },
});

/** Of the centre, who may put down what a unit said on the telephone. */
const FOR_OTHERS: readonly Role[] = ["supervisor", "shiftLead"];

/** Whether the answer to an urge of this unit (null: of the centre) is this person's to give. */
export function mayAnswer(actor: Actor, unitId: string | null): boolean {
  if (actor.unitId !== null) return actor.unitId === unitId;
  return unitId === null || actor.roles.some((role) => FOR_OTHERS.includes(role));
}

/** Keeps the answer with its event, and tells who urged by hand. The same answer sent again is there once. Throws Refused. */
export async function answerUrge(
  shell: Shell,
  actor: Actor & { readonly userId: string },
  id: string,
  text: string,
): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const found = await readUrge(tx, id);
    if (!found || (actor.unitId !== null && found.unit_id !== actor.unitId))
      throw new Refused({ code: "not-found" });
    const ticket = await lockTicket(tx, found.ticket_id);
    const urge = await readUrge(tx, id); // as it stands under the lock
    if (!ticket || !urge) throw new Refused({ code: "not-found" });
    if (!mayAnswer(actor, urge.unit_id)) throw new Refused({ code: "urge-not-yours" });
    if (urge.answered_at !== null) {
      if (urge.answered_by === actor.userId && urge.answer === text) return;
      const at = clockText(urge.answered_at.getTime());
      throw new Refused({ code: "urge-answered", by: urge.answered_name, at });
    }
    const now = shell.now();
    const open = await openUrgesLike(tx, urge);
    await keepAnswer(
      tx,
      open.map((each) => each.id),
      { text, at: now, by: actor },
    );
    const role: Role | "system" = actor.roles[0] ?? "system";
    const stamp = { at: now, userId: actor.userId, userName: actor.name, role };
    const steps = [...new Set(open.map((each) => each.step_zh))];
    await recordEvent(tx, ticket, "urgeAnswer", { text, step: steps.join("、"), urge: id }, stamp);
    await enqueue(
      tx,
      open.flatMap((each) =>
        each.step === BY_HAND && each.by_id !== null && each.by_id !== actor.userId
          ? [
              {
                ...{ cause: `urge-answer:${each.id}`, kind: "urge" as const, to: [each.by_id], at: now },
                ...{ means: ["workbench"] as const, ticketId: ticket.id, link: `/tickets/${ticket.id}` },
                ...{ title: `${actor.name}回复催办`, body: `${ticket.number}\n${text}` },
              },
            ]
          : [],
      ),
    );
  });
}
