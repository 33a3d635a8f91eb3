/**
 * 无主巡查. Looks through the whole ledger for open tickets that nobody holds or no clock runs for: by the worker every
 * hour, and whenever somebody asks. What was looked at is kept with its counts, what was found with what it lacks;
 * incidents are made of the latter (server/incident).
 */

import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import { isLoose, LOOSE, looseOf } from "@jiesu/core/watch/sweep.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { Instant } from "../ticket/schema.ts";
import { keepSweep, lookThrough, readFound, readSweeps, type SweepRun } from "./sweepstore.ts";

const EVERY_MS = HOUR_MS;

export const SweepOut = z.object({
  id: z.string(),
  at: Instant,
  by: z.string(),
  open: z.number().int(),
  centre: z.number().int(),
  unit: z.number().int(),
  city: z.number().int(),
  clocks: z.number().int(),
  found: z.number().int(),
  tickets: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      title: z.string(),
      stateZh: z.string(),
      lacks: z.array(z.string()),
    }),
  ),
});

/** Sweeps now and keeps it; answers the sweep's id. All is read as of one moment, so a move made meanwhile is before or after. */
export function sweep(shell: Shell, by: SweepRun["by"]): Promise<string> {
  return shell.db
    .transaction()
    .setIsolationLevel("repeatable read")
    .execute(async (tx) => {
      const at = shell.now();
      const { counts, suspects } = await lookThrough(tx, at);
      const found = suspects
        .map((ticket) => ({ ticket, lacks: looseOf(ticket) }))
        .filter(({ lacks }) => lacks.length > 0);
      return keepSweep(tx, { at, by, ...counts, found });
    });
}

/** The worker's step: one sweep an hour, whichever process comes first. */
export function hourlySweep(): (shell: Shell) => Promise<number> {
  return async (shell) => {
    if (!(await isDue(shell.db, shell.now()))) return 0;
    await shell.db.transaction().execute(async (tx) => {
      const { rows } = await sql<{ mine: boolean }>`
        select pg_try_advisory_xact_lock(hashtext('duty.sweep')) as mine`.execute(tx);
      if (rows[0]?.mine && (await isDue(tx, shell.now()))) await sweep(shell, { userId: null, name: "后台" });
    });
    return 0;
  };
}

async function isDue(db: Db, now: number): Promise<boolean> {
  const [last] = await readSweeps(db, { limit: 1 });
  return last === undefined || Math.abs(now - last.at.getTime()) >= EVERY_MS;
}

/** Sweeps as they are shown, the newest first; the tickets of the one asked for, else of the newest. */
export async function sweepsOut(
  db: Db,
  asked: { readonly id?: string; readonly limit: number },
): Promise<z.infer<typeof SweepOut>[]> {
  const runs = await readSweeps(db, asked);
  const withTickets = runs.find((run) => run.found > 0);
  const found = withTickets ? await readFound(db, withTickets.id) : [];
  return runs.map((run) => ({
    ...{ id: run.id, at: run.at.toISOString(), by: run.by_name, open: run.open, centre: run.centre },
    ...{ unit: run.unit, city: run.city, clocks: run.clocks, found: run.found },
    tickets: (run === withTickets ? found : []).map((f) => ({
      ...{ id: f.ticket_id, number: f.number, title: f.title },
      stateZh: isState(f.state) ? STATES[f.state].zh : f.state,
      lacks: f.lacks.filter(isLoose).map((each) => LOOSE[each]),
    })),
  }));
}
