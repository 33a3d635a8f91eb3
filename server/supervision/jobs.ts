/** 督办的后台步骤. The daily look for what should be supervised; terms that come near or are over. */
import { dayOf } from "@jiesu/core/time/day.ts";
import type { Shell } from "../platform/shell.ts";
import { findItems, type Standings } from "./find.ts";
import { tellDue } from "./telling.ts";

/** Terms are in hours at the least: a look a minute is plenty. */
const EVERY_MS = 60_000;

/** Looks once a Beijing day (what was found already is found again and proposed no more), and at terms once a minute. */
export function supervisionJob(standings: Standings): (shell: Shell) => Promise<number> {
  let looked = "";
  let told = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    const now = shell.now();
    if (Math.abs(now - told) >= EVERY_MS) {
      told = now;
      await tellDue(shell);
    }
    if (dayOf(now) === looked) return 0;
    const found = await findItems(shell, standings);
    looked = dayOf(now);
    return found;
  };
}
