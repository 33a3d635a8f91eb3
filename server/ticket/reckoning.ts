/** 时限重算. Running clocks reckoned anew when a later notice has changed which days count, or new limits take in what is running. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { reckon } from "@jiesu/core/deadline/clock.ts";
import { CLOCKS, type ClockKind } from "@jiesu/core/deadline/kind.ts";
import { type LiveClock, relimitClocks, type TurnRules } from "@jiesu/core/deadline/turn.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { type ClockFacts, clockOf, factsOf, loadLive, nearest, saveClock } from "./clocks.ts";
import { lockTicket, recordDue, recordEvent, type Stamp } from "./store.ts";

export interface Reckoned {
  readonly ticketId: string;
  readonly number: string;
  /** The lead unit's short name, "" while there is none. */
  readonly unit: string;
  readonly kind: ClockKind;
  readonly before: number;
  readonly after: number;
}

/** What clocks are reckoned by. */
export interface ReckonedBy extends TurnRules {
  /** The instant as of which versions of limits count: a look at a day to come is as of that day. */
  readonly asOf: number;
  /** Whether limits may have changed: every live clock is looked at, and not only those that count workdays. */
  readonly limits: boolean;
}

/**
 * The live clocks whose due time is another by these rules. With `stamp` they are moved, each ticket with one event;
 * without, this is a look. A clock past its due time keeps it: a later notice does not undo what has happened. A second
 * time by the same rules moves nothing.
 */
export async function reckonLive(
  tx: Db,
  by: ReckonedBy,
  now: number,
  stamp: (Stamp & { readonly source: string }) | null,
): Promise<{ readonly open: number; readonly moved: readonly Reckoned[] }> {
  let open = 0;
  const found: Reckoned[] = [];
  for (
    let page = await pageOfLive(tx, by, "0");
    page.length > 0;
    page = await pageOfLive(tx, by, page.at(-1)?.id ?? "0")
  ) {
    open += page.length;
    for (const { id, body, cityDueAt, ticketId, unit, ...ticket } of page) {
      const before = clockOf(body);
      const next = again(
        { id, clock: before },
        { ...ticket, cityDueAt: cityDueAt?.getTime() ?? null },
        by,
        now,
      );
      if (next) found.push({ ticketId, number: ticket.number, unit, ...movedTo(before.dueAt, next) });
    }
  }
  if (stamp === null) return { open, moved: found };
  const moved: Reckoned[] = [];
  for (const [ticketId, unit] of new Map(found.map((each) => [each.ticketId, each.unit])))
    moved.push(...(await reckonOne(tx, ticketId, unit, by, now, stamp)));
  return { open, moved };
}

const PAGE = 20_000;

type LiveRow = Omit<ClockFacts, "id" | "round" | "cityDueAt"> & {
  readonly id: string;
  readonly body: unknown;
  readonly ticketId: string;
  readonly number: string;
  readonly unit: string;
  readonly cityDueAt: Date | null;
};

async function pageOfLive(tx: Db, { limits }: ReckonedBy, after: string): Promise<readonly LiveRow[]> {
  const { rows } = await sql<LiveRow>`
    select c.id::text, c.body, t.id::text as "ticketId", t.number, coalesce(u.short_name, '') as unit,
           t.city_due_at as "cityDueAt", t.level, t.channel, t.kind, t.category1, t.category2, t.category3
      from clock c join ticket t on t.id = c.ticket_id left join unit u on u.id = t.lead_unit_id
     where c.state in ('running', 'paused') and c.id > ${after}::bigint
       and (${limits} or c.body -> 'limit' ->> 'unit' in ('workdays', 'workHours'))
     order by c.id limit ${PAGE}`.execute(tx);
  return rows;
}

/** One ticket's clocks, read once it is held: somebody may have stopped or paused one since the first look. */
async function reckonOne(
  tx: Db,
  ticketId: string,
  unit: string,
  by: ReckonedBy,
  now: number,
  stamp: Stamp & { readonly source: string },
): Promise<readonly Reckoned[]> {
  const ticket = await lockTicket(tx, ticketId);
  if (!ticket) return [];
  const moved: Reckoned[] = [];
  for (const live of await loadLive(tx, ticketId)) {
    const next = again(live, ticket, by, now);
    if (!next) continue;
    await saveClock(tx, ticketId, next);
    moved.push({ ticketId, number: ticket.number, unit, ...movedTo(live.clock.dueAt, next) });
  }
  if (moved.length === 0) return [];
  const own = (await loadLive(tx, ticketId)).filter((c) => c.assignmentId === null).map((c) => c.clock);
  await recordDue(tx, ticketId, nearest(own));
  const clocks = moved.map((each) => CLOCKS[each.kind].zh);
  await recordEvent(tx, ticket, "reckon", { source: stamp.source, clocks }, stamp);
  return moved;
}

/** The clock as the rules have it; null where its due time stays. */
function again(
  live: LiveClock,
  ticket: Omit<ClockFacts, "id" | "round">,
  by: ReckonedBy,
  now: number,
): LiveClock | null {
  if (live.clock.dueAt <= now) return null;
  const [relimited] = given(relimitClocks([live], factsOf(ticket), by, by.asOf)) ?? [];
  const { unit } = live.clock.limit;
  if (relimited === undefined && unit !== "workdays" && unit !== "workHours") return null;
  const next = relimited?.clock ?? given(reckon(live.clock, by.calendar));
  if (!next) return null;
  const clock = boundByCity(next, ticket.cityDueAt);
  return clock.dueAt === live.clock.dueAt ? null : { id: live.id, clock };
}

const given = <T>(answer: { ok: true; value: T } | { ok: false }): T | null =>
  answer.ok ? answer.value : null;

const movedTo = (before: number, { clock }: LiveClock) => ({ kind: clock.kind, before, after: clock.dueAt });
