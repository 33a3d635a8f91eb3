/** 时限重算. Running clocks reckoned anew when a later notice has changed which days count. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { reckon } from "@jiesu/core/deadline/clock.ts";
import { CLOCKS } from "@jiesu/core/deadline/kind.ts";
import type { LiveClock } from "@jiesu/core/deadline/turn.ts";
import type { Calendar } from "@jiesu/core/time/calendar.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { clockOf, loadLive, nearest, saveClock } from "./clocks.ts";
import { lockTicket, recordDue, recordEvent, type Stamp } from "./store.ts";

export interface Reckoned {
  readonly ticketId: string;
  readonly number: string;
  readonly kind: string;
  readonly before: number;
  readonly after: number;
}

/**
 * The live clocks that count workdays, reckoned anew by another calendar: those whose due time moves. With `stamp` they
 * are moved, each ticket with one event; without, this is a look. A clock past its due time keeps it: a later notice does
 * not undo what has happened.
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
  const moved: (Reckoned & LiveClock)[] = [];
  for (const row of rows) {
    const before = clockOf(row.body);
    if (before.dueAt <= now) continue;
    const next = reckon(before, calendar);
    if (!next.ok) continue;
    const clock = boundByCity(next.value, row.cityDueAt?.getTime() ?? null);
    if (clock.dueAt === before.dueAt) continue;
    const { ticketId, number } = row;
    moved.push({
      ticketId,
      number,
      kind: clock.kind,
      before: before.dueAt,
      after: clock.dueAt,
      id: row.id,
      clock,
    });
  }
  if (stamp)
    for (const [ticketId, of] of Map.groupBy(moved, (each) => each.ticketId)) {
      const ticket = await lockTicket(tx, ticketId);
      if (!ticket) continue;
      for (const each of of) await saveClock(tx, ticketId, each);
      const own = (await loadLive(tx, ticketId)).filter((c) => c.assignmentId === null).map((c) => c.clock);
      await recordDue(tx, ticketId, nearest(own));
      const kinds = of.map((each) => CLOCKS[each.clock.kind].zh);
      await recordEvent(tx, ticket, "reckon", { source: stamp.source, clocks: kinds }, stamp);
    }
  return { open: rows.length, moved: moved.map(({ id: _id, clock: _clock, ...told }) => told) };
}
