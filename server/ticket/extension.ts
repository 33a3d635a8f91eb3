/** 延期申请的存取. The asking that waits, what was granted before, and the record of asking and answer. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { type Clock, pausedAt } from "@jiesu/core/deadline/clock.ts";
import { turnClocks } from "@jiesu/core/deadline/turn.ts";
import type { ExtensionFacts } from "@jiesu/core/extension/rules.ts";
import type { Change } from "@jiesu/core/ticket/decide.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import { type ClockFacts, factsOf, loadLive, tellAnew, turnRules } from "./clocks.ts";
import type { TicketDetail } from "./schema.ts";
import type { LockedTicket, Stamp } from "./store.ts";

/** A due time before and after. */
export interface Extended {
  readonly before: number;
  readonly after: number;
}

/** Where a ticket stands towards an extension, with the clock that it is about. */
export interface Standing {
  readonly facts: ExtensionFacts;
  readonly clock: { readonly id: string; readonly clock: Clock } | null;
  readonly asking: Asking | null;
}

type Asking = Awaited<ReturnType<typeof waitingFor>>;

export async function extensionOf(
  db: Db,
  ticket: Pick<ClockFacts, "id" | "round" | "cityDueAt">,
  now: number,
): Promise<Standing> {
  const live = await loadLive(db, ticket.id);
  const clock = live.find((c) => c.assignmentId === null && c.clock.kind === "report") ?? null;
  const { n } = await db
    .selectFrom("extension")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("ticket_id", "=", ticket.id)
    .where("round", "=", ticket.round)
    .where("granted", "=", true)
    .executeTakeFirstOrThrow();
  const asking = clock ? await waitingFor(db, clock.id) : null;
  return {
    clock,
    asking,
    facts: {
      pending: asking ? { id: asking.id, days: asking.days } : null,
      granted: Number(n),
      dueAt: clock?.clock.dueAt ?? null,
      cityDue: clock !== null && ticket.cityDueAt === clock.clock.dueAt,
      // While it rests its due time stands still: what counts is when the rest began.
      now: (clock && pausedAt(clock.clock)) ?? now,
    },
  };
}

/** An asking belongs to one clock: when that has ended, nothing waits any more. */
function waitingFor(db: Db, clockId: string) {
  return db
    .selectFrom("extension")
    .select(["id", "days", "ground_zh", "reason", "asked_at", "asked_name"])
    .where("clock_id", "=", clockId)
    .where("granted", "is", null)
    .executeTakeFirst();
}

/** The same for the ticket page, with when the report would be due. */
export function extensionOut(
  { facts, clock, asking }: Standing,
  ticket: ClockFacts,
  rules: Rules,
): NonNullable<TicketDetail["extension"]> {
  return {
    granted: facts.granted,
    dueAt: facts.dueAt === null ? null : new Date(facts.dueAt).toISOString(),
    cityDue: facts.cityDue,
    pending: asking
      ? {
          id: asking.id,
          days: asking.days,
          groundZh: asking.ground_zh,
          reason: asking.reason,
          at: asking.asked_at.toISOString(),
          userName: asking.asked_name,
          wouldBeDueAt: clock ? wouldBeDue(clock, asking.days, ticket, rules, facts.now) : null,
        }
      : null,
  };
}

/** Null where a year's calendar that it would need is not published. */
function wouldBeDue(
  clock: NonNullable<Standing["clock"]>,
  days: number,
  ticket: ClockFacts,
  rules: Rules,
  now: number,
): string | null {
  const turn = turnClocks([clock], "grantExtension", ticket.round, factsOf(ticket), now, turnRules(rules), {
    moreDays: days,
  });
  const [changed] = turn.ok ? turn.value.changed : [];
  return changed ? new Date(boundByCity(changed.clock, ticket.cityDueAt).dueAt).toISOString() : null;
}

/** Writes what was asked, or what was answered, in the transaction of the move. */
export async function recordExtension(
  tx: Db,
  ticket: LockedTicket,
  change: NonNullable<Change["extension"]>,
  clockId: string,
  extended: Extended | null,
  stamp: Stamp,
): Promise<void> {
  const at = new Date(stamp.at);
  if ("asked" in change) {
    const { ground, reason, days } = change.asked;
    if (ticket.leadUnitId === null) throw new Error("asked by no unit");
    await tx
      .insertInto("extension")
      .values({
        ticket_id: ticket.id,
        round: ticket.round,
        clock_id: clockId,
        unit_id: ticket.leadUnitId,
        ground: ground.code,
        ground_zh: ground.zh,
        reason,
        days,
        asked_at: at,
        asked_by: stamp.userId,
        asked_name: stamp.userName,
      })
      .execute();
    return;
  }
  const { id, granted, opinion } = change.answered;
  const due = extended && { due_before: new Date(extended.before), due_after: new Date(extended.after) };
  await tx
    .updateTable("extension")
    .set({
      granted,
      opinion,
      decided_at: at,
      decided_by: stamp.userId,
      decided_name: stamp.userName,
      ...due,
    })
    .where("id", "=", id)
    .execute();
  if (extended) await tellAnew(tx, clockId, stamp.at);
}

/** What the event tells of it: the words of the ground, and the due time before and after. */
export function extensionTold(
  change: NonNullable<Change["extension"]>,
  extended: Extended | null,
): Record<string, unknown> {
  if ("asked" in change) return { groundZh: change.asked.ground.zh };
  const due = extended && {
    dueBefore: new Date(extended.before).toISOString(),
    dueAfter: new Date(extended.after).toISOString(),
  };
  return { days: change.answered.days, ...due };
}

/** Tickets whose running clock has an asking that waits. */
export const isAsked = (): RawBuilder<boolean> => sql<boolean>`t.id in (
  select x.ticket_id from extension x join clock xc on xc.id = x.clock_id
   where x.granted is null and xc.state in ('running', 'paused'))`;
