/**
 * 启用前预览. Which running clocks a draft would move, reckoned by the very functions that will move them, in one look at the
 * ledger that writes nothing; and, for limits, what the last thirty days would have been like under them.
 */
import { boundByCity } from "@jiesu/core/deadline/bound.ts";
import { changeLimit, isLate } from "@jiesu/core/deadline/clock.ts";
import { CLOCKS } from "@jiesu/core/deadline/kind.ts";
import { type DeadlineRules, limitFor } from "@jiesu/core/deadline/rules.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import { type CalendarYear, calendarOf } from "@jiesu/core/time/calendar.ts";
import { DAY_MS, type Day, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { clockOf, factsOf } from "../ticket/clocks.ts";
import { type Reckoned, type ReckonedBy, reckonLive } from "../ticket/reckoning.ts";
import type { Preview } from "./shape.ts";

/** What is drafted, read and without faults. */
export type Drafted =
  | { readonly kind: "calendar"; readonly from: Day; readonly year: CalendarYear }
  | { readonly kind: "deadline"; readonly from: Day; readonly version: Version<DeadlineRules> };

export interface Previewed {
  readonly open: number;
  readonly moved: readonly Reckoned[];
  readonly recent: Recent | null;
}

/** Clocks begun in the last days and neither cancelled nor bound by the city: under their own limits, and under the draft's. */
interface Recent {
  readonly days: number;
  readonly clocks: number;
  readonly moved: number;
  readonly late: number;
  readonly wouldBeLate: number;
}

const RECENT_DAYS = 30;
const SHOWN = 20;

/** What would move if the draft were in force; of one for a day to come, if that day were today. */
export async function previewOf(shell: Shell, draft: Drafted): Promise<Previewed> {
  const now = shell.now();
  return shell.db
    .transaction()
    .setIsolationLevel("repeatable read")
    .setAccessMode("read only")
    .execute(async (tx) => {
      const by = await rulesWith(tx, shell.rules, draft, now);
      // Limits for what begins later leave what is running alone; nothing need be looked at.
      const stays = draft.kind === "deadline" && draft.version.body.appliesTo === "new";
      const { open, moved } = stays
        ? { open: await openClocks(tx), moved: [] }
        : await reckonLive(tx, by, now, null);
      return {
        open,
        moved,
        recent: draft.kind === "deadline" ? await recentUnder(tx, draft.version, by, now) : null,
      };
    });
}

/** The preview as it is answered: counts by unit and by clock, and the first of the clocks. */
export function previewOut({ open, moved, recent }: Previewed, now: number): z.infer<typeof Preview> {
  return {
    open,
    ...countsOf(moved, now),
    byUnit: grouped(moved, (each) => each.unit, now),
    byClock: grouped(moved, (each) => CLOCKS[each.kind].zh, now),
    first: moved.slice(0, SHOWN).map((each) => ({
      ticketId: each.ticketId,
      number: each.number,
      unit: each.unit,
      kindZh: CLOCKS[each.kind].zh,
      before: new Date(each.before).toISOString(),
      after: new Date(each.after).toISOString(),
      overdue: isLate(each.after, now),
    })),
    recent,
  };
}

async function rulesWith(tx: Db, files: Rules, draft: Drafted, now: number): Promise<ReckonedBy> {
  const standing = await rulesInForce(tx, files, now);
  const asOf = Math.max(now, startOfDay(draft.from));
  if (draft.kind === "calendar") {
    const others = standing.calendarYears.filter((each) => each.year !== draft.year.year);
    return {
      calendar: calendarOf([...others, draft.year]),
      versions: standing.deadlines,
      ...{ asOf: now, limits: false },
    };
  }
  const others = standing.deadlines.filter((each) => each.from !== draft.from);
  return { calendar: standing.calendar, versions: [...others, draft.version], ...{ asOf, limits: true } };
}

async function openClocks(tx: Db): Promise<number> {
  const { n } = await tx
    .selectFrom("clock")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("state", "in", ["running", "paused"])
    .executeTakeFirstOrThrow();
  return Number(n);
}

async function recentUnder(
  tx: Db,
  version: Version<DeadlineRules>,
  { calendar }: ReckonedBy,
  now: number,
): Promise<Recent> {
  const since = now - RECENT_DAYS * DAY_MS;
  const always = { ...version, from: dayOf(since) };
  let [clocks, moved, late, wouldBeLate] = [0, 0, 0, 0];
  for (let after = "0"; ; ) {
    const page = await pageOfRecent(tx, since, after);
    for (const { body, cityDueAt, ...ticket } of page) {
      const clock = clockOf(body);
      if (clock.decided) continue;
      const grant = limitFor([always], clock.kind, factsOf(ticket), clock.startedAt);
      const next = grant.ok
        ? changeLimit({ ...clock, state: "running", endedAt: null }, grant.value, calendar)
        : null;
      if (!next?.ok) continue;
      const due = boundByCity(next.value, cityDueAt?.getTime() ?? null).dueAt;
      const doneAt = clock.endedAt ?? now;
      clocks += 1;
      if (due !== clock.dueAt) moved += 1;
      if (isLate(clock.dueAt, doneAt)) late += 1;
      if (isLate(due, doneAt)) wouldBeLate += 1;
    }
    const last = page.at(-1);
    if (last === undefined) return { days: RECENT_DAYS, clocks, moved, late, wouldBeLate };
    after = last.id;
  }
}

const PAGE = 20_000;

async function pageOfRecent(tx: Db, since: number, after: string) {
  const { rows } = await sql<{
    id: string;
    body: unknown;
    cityDueAt: Date | null;
    level: 1 | 2 | 3 | 4;
    channel: string;
    kind: string;
    category1: string;
    category2: string;
    category3: string;
  }>`
    select c.id::text, c.body, t.city_due_at as "cityDueAt", t.level, t.channel, t.kind, t.category1, t.category2, t.category3
      from clock c join ticket t on t.id = c.ticket_id
     where c.started_at >= ${new Date(since)} and c.state <> 'cancelled' and c.id > ${after}::bigint
     order by c.id limit ${PAGE}`.execute(tx);
  return rows;
}

const countsOf = (moved: readonly Reckoned[], now: number) => ({
  moved: moved.length,
  earlier: moved.filter((each) => each.after < each.before).length,
  later: moved.filter((each) => each.after > each.before).length,
  overdue: moved.filter((each) => isLate(each.after, now)).length,
});

function grouped(moved: readonly Reckoned[], nameOf: (each: Reckoned) => string, now: number) {
  const groups = Map.groupBy(moved, nameOf);
  return [...groups]
    .map(([name, its]) => ({ name, ...countsOf(its, now) }))
    .sort((a, b) => b.moved - a.moved || (a.name < b.name ? -1 : 1));
}
