/** 批量操作. Which moves may be made on many tickets at once, and on how many. */
import type { Move } from "./lifecycle.ts";

/** Tickets of one request. */
export const MOST_AT_ONCE = 200;

/** What one citizen or one unit said of one matter, or what names one other ticket's facts: told one by one. */
const ONE_BY_ONE: ReadonlySet<Move> = new Set<Move>([
  "callback",
  "callbackMissed",
  "cityResult",
  "recordCityClosing",
  "contact",
  "report",
  "returnToCentre",
  "askExtension",
  "grantExtension",
  "refuseExtension",
  "askPause",
  "grantPause",
  "refusePause",
  "endPause",
  "replyDirectly",
  "handleDirectly",
  "correct",
]);

export function isForMany(move: Move): boolean {
  return !ONE_BY_ONE.has(move);
}
