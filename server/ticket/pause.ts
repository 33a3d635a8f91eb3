/** 暂停计时的存取. The asking that waits, the pause that lasts, the record of asking, answer and end; and the end that comes by itself. */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { caughtUp } from "@jiesu/core/deadline/clock.ts";
import { CLOCKS, type ClockKind, isClockKind } from "@jiesu/core/deadline/kind.ts";
import type { PauseFacts } from "@jiesu/core/pause/rules.ts";
import type { PauseChange } from "@jiesu/core/ticket/decide.ts";
import { addDays, dayOf, endOfDay } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { type ClockFacts, loadLive, nearest, saveClock, tellAnew } from "./clocks.ts";
import type { TicketDetail } from "./schema.ts";
import { type LockedTicket, lockTicket, recordDue, recordEvent, type Stamp } from "./store.ts";

/** Where a ticket stands towards a pause, with the report's clock that it is about. */
export interface Resting {
  readonly facts: PauseFacts;
  readonly clock: { readonly id: string } | null;
  readonly asking: Row | null;
  readonly lasting: Row | null;
}

type Row = Awaited<ReturnType<typeof rowsOf>>[number];

export async function pauseOf(
  db: Db,
  ticket: Pick<ClockFacts, "id" | "round" | "cityDueAt">,
  now: number,
): Promise<Resting> {
  const live = await loadLive(db, ticket.id);
  const clock = live.find((c) => c.assignmentId === null && c.clock.kind === "report") ?? null;
  const rows = await rowsOf(db, ticket);
  const asking = rows.find((row) => row.granted === null && row.clock_id === clock?.id) ?? null;
  const lasting = rows.find((row) => row.granted && row.ended_at === null) ?? null;
  const until = lasting?.until_at?.getTime() ?? null;
  const granted: Record<string, number> = {};
  for (const row of rows) if (row.granted) granted[row.ground] = (granted[row.ground] ?? 0) + 1;
  return {
    clock,
    asking,
    lasting,
    facts: {
      pending: asking && {
        ...{ id: asking.id, days: asking.days, code: asking.ground, zh: asking.ground_zh },
        clocks: kindsIn(asking.clocks),
      },
      running: lasting && until !== null && until > now ? { id: lasting.id, until } : null,
      granted,
      dueAt: clock?.clock.dueAt ?? null,
      cityDueAt: ticket.cityDueAt,
      now,
    },
  };
}

/** The same for the ticket page, with when a pause granted today would end. */
export function pauseOut({ facts, asking, lasting }: Resting): NonNullable<TicketDetail["pause"]> {
  const { pending, running, granted, dueAt, cityDueAt, now } = facts;
  return {
    pending:
      pending && asking
        ? {
            ...{ ...pending, clocks: [...pending.clocks] },
            ...{ evidence: asking.evidence, reason: asking.reason },
            ...{ at: asking.asked_at.toISOString(), userName: asking.asked_name },
            until: iso(endOfDay(addDays(dayOf(now), pending.days))),
          }
        : null,
    running:
      running && lasting
        ? {
            ...{ id: running.id, groundZh: lasting.ground_zh, until: iso(running.until) },
            since: (lasting.decided_at ?? lasting.asked_at).toISOString(),
            userName: lasting.decided_name ?? "",
            clocksZh: kindsIn(lasting.clocks).map((kind) => CLOCKS[kind].zh),
          }
        : null,
    granted,
    dueAt: dueAt === null ? null : iso(dueAt),
    cityDueAt: cityDueAt === null ? null : iso(cityDueAt),
  };
}

/** Writes what was asked, answered or ended, in the transaction of the move. */
export async function recordPause(
  tx: Db,
  ticket: LockedTicket,
  change: PauseChange,
  clockId: string,
  stamp: Stamp,
): Promise<void> {
  const at = new Date(stamp.at);
  if ("asked" in change) {
    const { ground, evidence, reason, days } = change.asked;
    if (ticket.leadUnitId === null) throw new Error("asked by no unit");
    await tx
      .insertInto("clock_pause")
      .values({
        ...{ ticket_id: ticket.id, round: ticket.round, clock_id: clockId, unit_id: ticket.leadUnitId },
        ...{ ground: ground.code, ground_zh: ground.zh, clocks: JSON.stringify(ground.clocks) },
        ...{ evidence, reason, days },
        ...{ asked_at: at, asked_by: stamp.userId, asked_name: stamp.userName },
      })
      .execute();
    return;
  }
  if ("ended" in change) {
    await tx
      .updateTable("clock_pause")
      .set({ ended_at: at, ended_as: "hand" })
      .where("id", "=", change.ended.id)
      .execute();
    await tellAnew(tx, clockId, stamp.at);
    return;
  }
  const granted = "granted" in change;
  const { id, opinion } = granted ? change.granted : change.refused;
  await tx
    .updateTable("clock_pause")
    .set({
      ...{ granted, opinion },
      ...{ decided_at: at, decided_by: stamp.userId, decided_name: stamp.userName },
      until_at: granted ? new Date(endOfDay(change.granted.untilDay)) : null,
    })
    .where("id", "=", id)
    .execute();
}

/** What the event tells of it: the words of the ground, and when it ends. */
export function pauseTold(change: PauseChange): Record<string, unknown> {
  if ("asked" in change) return { groundZh: change.asked.ground.zh };
  if (!("granted" in change)) return {};
  return { groundZh: change.granted.groundZh, until: iso(endOfDay(change.granted.untilDay)) };
}

/** A pause whose clock rests no longer is over: by its day, or by the move just made. */
export async function endedByMove(tx: Db, ticketId: string, now: number): Promise<void> {
  const at = new Date(now);
  await sql`
    update clock_pause p set ended_at = least(until_at, ${at}), ended_as = case when until_at <= ${at} then 'day' else 'move' end
     where p.ticket_id = ${ticketId} and p.granted and p.ended_at is null and not ${stillRests}`.execute(tx);
}

/** After an undoing: the pause that the move ended lasts again where its clock rests again. */
export async function lastsAgain(tx: Db, ticketId: string): Promise<void> {
  await sql`
    update clock_pause p set ended_at = null, ended_as = null
     where p.ticket_id = ${ticketId} and p.ended_as = 'move' and ${stillRests}`.execute(tx);
}

const stillRests = sql<boolean>`exists (
  select from clock c where c.id = p.clock_id and c.state = 'paused' and c.paused_until = p.until_at)`;

const BATCH = 200;

/**
 * Goes on with the clocks whose pause is over by its day, as from that day's end, each ticket with one event; answers how many
 * tickets. A second time nothing is left to go on with.
 */
export async function endPauses(shell: Shell): Promise<number> {
  const due = await shell.db
    .selectFrom("clock")
    .select("ticket_id")
    .distinct()
    .where("paused_until", "<=", new Date(shell.now()))
    .limit(BATCH)
    .execute();
  let ended = 0;
  for (const { ticket_id } of due)
    ended += await shell.db.transaction().execute((tx) => endOne(tx, shell, ticket_id));
  return ended;
}

async function endOne(tx: Db, shell: Shell, ticketId: string): Promise<number> {
  const now = shell.now();
  const ticket = await lockTicket(tx, ticketId);
  if (!ticket) return 0;
  const { calendar } = await rulesInForce(tx, shell.rules, now);
  const resumed: ClockKind[] = [];
  for (const { id, clock } of await loadLive(tx, ticketId)) {
    const next = caughtUp(clock, now, calendar);
    if (!next.ok || next.value === clock) continue;
    await saveClock(tx, ticketId, { id, clock: boundByCity(next.value, ticket.cityDueAt) });
    await tellAnew(tx, id, now);
    resumed.push(clock.kind);
  }
  if (resumed.length === 0) return 0;
  const own = (await loadLive(tx, ticketId)).filter((c) => c.assignmentId === null).map((c) => c.clock);
  await recordDue(tx, ticketId, nearest(own));
  const lasting = (await rowsOf(tx, ticket)).find((row) => row.granted && row.ended_at === null);
  await endedByMove(tx, ticketId, now);
  const stamp = { at: now, userId: null, userName: "系统", role: "system" as const };
  const told = { clocks: resumed.map((kind) => CLOCKS[kind].zh), groundZh: lasting?.ground_zh ?? "" };
  await recordEvent(tx, ticket, "pauseOver", told, stamp);
  return 1;
}

/** Tickets whose clock has an asking for a pause that waits. */
export const isPauseAsked = (): RawBuilder<boolean> => sql<boolean>`t.id in (
  select x.ticket_id from clock_pause x join clock xc on xc.id = x.clock_id
   where x.granted is null and xc.state in ('running', 'paused'))`;

function rowsOf(db: Db, ticket: Pick<ClockFacts, "id" | "round">) {
  return db
    .selectFrom("clock_pause")
    .select(["id", "clock_id", "ground", "ground_zh", "clocks", "evidence", "reason", "days"])
    .select(["asked_at", "asked_name", "granted", "decided_at", "decided_name", "until_at", "ended_at"])
    .where("ticket_id", "=", ticket.id)
    .where("round", "=", ticket.round)
    .orderBy("id")
    .execute();
}

function kindsIn(value: unknown): readonly ClockKind[] {
  return Array.isArray(value) ? value.filter((kind) => typeof kind === "string" && isClockKind(kind)) : [];
}

const iso = (at: number): string => new Date(at).toISOString();
