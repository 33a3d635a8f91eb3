/** 日历启用. A calendar put in force for a day to come moves the running clocks on that day, as one in force at once does. */
import { addDays, type Day, dayOf } from "@jiesu/core/time/day.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { reckonLive } from "../ticket/reckoning.ts";

/** A worker that was off for longer finds clocks that have run out meanwhile. */
const LOOK_BACK_DAYS = 31;

/** Looks once a day and once at its start; what was moved before moves no more, so any number may look. */
export function beginCalendars(): (shell: Shell) => Promise<number> {
  let looked: Day | null = null;
  return async (shell) => {
    const now = shell.now();
    const today = dayOf(now);
    if (looked === today) return 0;
    const begun = await shell.db
      .selectFrom("dated_rule")
      .select("source")
      .where("kind", "=", "calendar")
      .where("status", "=", "inForce")
      .where("from_day", "<=", today)
      .where("from_day", ">=", addDays(today, -LOOK_BACK_DAYS))
      .orderBy("from_day", "desc")
      .orderBy("approved_at", "desc")
      .limit(1)
      .executeTakeFirst();
    const moved = begun ? await moveClocks(shell, now, begun.source) : 0;
    looked = today;
    return moved;
  };
}

function moveClocks(shell: Shell, now: number, source: string): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    const { calendar } = await rulesInForce(tx, shell.rules, now);
    const stamp = { at: now, userId: null, userName: "系统", role: "system" as const, source };
    return (await reckonLive(tx, calendar, now, stamp)).moved.length;
  });
}
