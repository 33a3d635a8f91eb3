/**
 * 视图件数. How many tickets stand in each of my views. What was counted is kept until something happens to any ticket,
 * and shared by everybody who sees the same tickets; a view that is long to count is left without a number.
 */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { countTickets } from "../ticket/list.ts";
import { filterOf, ListQuery } from "../ticket/routes.ts";

/** A number beyond this is no longer read, only "more". */
const MOST = 1000;
const LONGEST_MS = 1500;
/** Near due and overdue come by time alone, without an event. */
const STALE_MS = 20_000;
const KEPT = 500;

interface Kept {
  readonly event: string;
  readonly at: number;
  readonly count: Promise<number | null>;
}

export interface ViewCount {
  readonly id: string;
  /** Null where counting took too long. */
  readonly count: number | null;
  /** There are more than `count`. */
  readonly more: boolean;
}

export function viewCounter(shell: Shell) {
  const kept = new Map<string, Kept>();
  return async (
    actor: Actor,
    views: readonly { readonly id: string; readonly filter: unknown }[],
  ): Promise<ViewCount[]> => {
    const event = await lastEvent(shell.db);
    const answers: ViewCount[] = [];
    for (const view of views) {
      const count = await counted(actor, view.filter, event);
      answers.push({ id: view.id, count, more: count === MOST });
    }
    return answers;
  };

  function counted(actor: Actor, filter: unknown, event: string): Promise<number | null> {
    const query = ListQuery.safeParse(filter);
    if (!query.success) return Promise.resolve(null);
    const key = `${scopeOf(actor)} ${JSON.stringify(query.data)}`;
    const known = kept.get(key);
    const now = shell.now();
    if (known && known.event === event && now - known.at < STALE_MS) return known.count;
    const count = countWithin(shell.db, actor, filterOf(query.data, actor.roles), now);
    kept.delete(key);
    kept.set(key, { event, at: now, count });
    const oldest = kept.keys().next().value;
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    count.catch(() => kept.delete(key));
    return count;
  }
}

/** Everybody of the centre sees every ticket; a unit's people see their unit's. */
function scopeOf(actor: Actor): string {
  return actor.roles.some((r) => sideOf(r) !== "unit") ? "centre" : `unit ${actor.unitId ?? "0"}`;
}

async function countWithin(
  db: Db,
  actor: Actor,
  filter: Parameters<typeof countTickets>[2],
  now: number,
): Promise<number | null> {
  try {
    return await db.transaction().execute(async (tx) => {
      await sql`set local statement_timeout = ${sql.lit(LONGEST_MS)}`.execute(tx);
      return countTickets(tx, actor, filter, MOST, now);
    });
  } catch (error) {
    const cancelled = error instanceof Error && "code" in error && error.code === "57014";
    if (cancelled) return null;
    throw error;
  }
}

async function lastEvent(db: Db): Promise<string> {
  const { last } = await db
    .selectFrom("event")
    .select((eb) => eb.fn.max("id").as("last"))
    .executeTakeFirstOrThrow();
  return String(last ?? 0);
}
