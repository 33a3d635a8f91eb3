/**
 * 到日启用. A calendar put in force for a day to come, or limits that take in what is running, move the running clocks on that
 * day, as those in force at once do.
 */
import { addDays, type Day, dayOf } from "@jiesu/core/time/day.ts";
import type { Shell } from "../platform/shell.ts";
import { reckonLive } from "../ticket/reckoning.ts";
import { reckonedBy, takesIn } from "./moving.ts";

/** A worker that was off for longer finds clocks that have run out meanwhile. */
const LOOK_BACK_DAYS = 31;

/** Looks once a day and once at its start; what was moved before moves no more, so any number may look. */
export function beginRules(): (shell: Shell) => Promise<number> {
  let looked: Day | null = null;
  return async (shell) => {
    const now = shell.now();
    const today = dayOf(now);
    if (looked === today) return 0;
    let moved = 0;
    for (const kind of ["calendar", "deadline"]) {
      const begun = await begunSince(shell, kind, addDays(today, -LOOK_BACK_DAYS), today);
      const moving = begun.find((each) => kind === "calendar" || takesIn(each.body));
      if (moving) moved += await moveClocks(shell, kind, now, moving.source);
    }
    looked = today;
    return moved;
  };
}

function begunSince(shell: Shell, kind: string, since: Day, today: Day) {
  return shell.db
    .selectFrom("dated_rule")
    .select(["source", "body"])
    .where("kind", "=", kind)
    .where("status", "=", "inForce")
    .where("from_day", "<=", today)
    .where("from_day", ">=", since)
    .orderBy("from_day", "desc")
    .orderBy("approved_at", "desc")
    .execute();
}

function moveClocks(shell: Shell, kind: string, now: number, source: string): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    const by = await reckonedBy(tx, shell, kind, now);
    const stamp = { at: now, userId: null, userName: "系统", role: "system" as const, source };
    return (await reckonLive(tx, by, now, stamp)).moved.length;
  });
}
