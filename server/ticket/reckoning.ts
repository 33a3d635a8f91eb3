/** 时限重算. Running clocks reckoned anew when a later notice has changed which days count. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { reckon } from "@jiesu/core/deadline/clock.ts";
import { CLOCKS, type ClockKind } from "@jiesu/core/deadline/kind.ts";
import type { LiveClock } from "@jiesu/core/deadline/turn.ts";
import type { Calendar } from "@jiesu/core/time/calendar.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { clockOf, loadLive, nearest, saveClock } from "./clocks.ts";
import { lockTicket, recordDue, recordEvent, type Stamp } from "./store.ts";

export interface Reckoned {
  readonly ticketId: string;
  readonly number: string;
  readonly kind: ClockKind;
  readonly before: number;
  readonly after: number;
}

/**
 * The live clocks that count workdays, reckoned anew by another calendar: those whose due time moves. With `stamp` they
 * are moved, each ticket with one event; without, this is a look. A clock past its due time keeps it: a later notice does
 * not undo what has happened. A second time by the same calendar moves nothing.
 */
export async function reckonLive(
  tx: Db,
  calendar: Calendar,
  now: number,
  stamp: (Stamp & { readonly source: string }) | null,
): Promise<{ readonly open: number; readonly moved: readonly Reckoned[] }> {
  const { rows } = await sql<{
    id: string;
    body: unknown;
    ticketId: string;
    number: string;
    cityDueAt: Date | null;
  }>`
    select c.id::text, c.body, t.id::text as "ticketId", t.number, t.city_due_at as "cityDueAt"
      from clock c join ticket t on t.id = c.ticket_id
     where c.state in ('running', 'paused') and c.body -> 'limit' ->> 'unit' in ('workdays', 'workHours')
     order by t.id, c.id`.execute(tx);
  const found = rows.flatMap(({ ticketId, number, cityDueAt, id, body }): Reckoned[] => {
    const before = clockOf(body);
    const next = again({ id, clock: before }, calendar, cityDueAt?.getTime() ?? null, now);
    return next ? [toldOf(ticketId, number, before.dueAt, next)] : [];
  });
  if (stamp === null) return { open: rows.length, moved: found };
  const moved: Reckoned[] = [];
  for (const ticketId of new Set(found.map((each) => each.ticketId)))
    moved.push(...(await reckonOne(tx, ticketId, calendar, now, stamp)));
  return { open: rows.length, moved };
}

/** One ticket's clocks, read once it is held: somebody may have stopped or paused one since the first look. */
async function reckonOne(
  tx: Db,
  ticketId: string,
  calendar: Calendar,
  now: number,
  stamp: Stamp & { readonly source: string },
): Promise<readonly Reckoned[]> {
  const ticket = await lockTicket(tx, ticketId);
  if (!ticket) return [];
  const moved: Reckoned[] = [];
  for (const live of await loadLive(tx, ticketId)) {
    const next = again(live, calendar, ticket.cityDueAt, now);
    if (!next) continue;
    await saveClock(tx, ticketId, next);
    moved.push(toldOf(ticketId, ticket.number, live.clock.dueAt, next));
  }
  if (moved.length === 0) return [];
  const own = (await loadLive(tx, ticketId)).filter((c) => c.assignmentId === null).map((c) => c.clock);
  await recordDue(tx, ticketId, nearest(own));
  const clocks = moved.map((each) => CLOCKS[each.kind].zh);
  await recordEvent(tx, ticket, "reckon", { source: stamp.source, clocks }, stamp);
  return moved;
}

/** The clock as the calendar has it; null where its due time stays. */
function again(live: LiveClock, calendar: Calendar, cityDueAt: number | null, now: number): LiveClock | null {
  const { unit } = live.clock.limit;
  if ((unit !== "workdays" && unit !== "workHours") || live.clock.dueAt <= now) return null;
  const next = reckon(live.clock, calendar);
  if (!next.ok) return null;
  const clock = boundByCity(next.value, cityDueAt);
  return clock.dueAt === live.clock.dueAt ? null : { id: live.id, clock };
}

const toldOf = (ticketId: string, number: string, before: number, { clock }: LiveClock): Reckoned => ({
  ...{ ticketId, number, kind: clock.kind },
  ...{ before, after: clock.dueAt },
});
