/** 启用时的走表. What running clocks are reckoned by when a calendar, or limits that take in what is running, begin. */
import { parseDeadlineRules } from "@jiesu/core/deadline/rules.ts";
import type { Db } from "../platform/db/open.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import type { ReckonedBy } from "../ticket/reckoning.ts";

/** The rules as they stand now, for a version of that kind that has begun. */
export async function reckonedBy(tx: Db, shell: Shell, kind: string, now: number): Promise<ReckonedBy> {
  const { calendar, deadlines } = await rulesInForce(tx, shell.rules, now);
  return { calendar, versions: deadlines, asOf: now, limits: kind === "deadline" };
}

/** Whether limits, as they are written, take in clocks that are running. */
export function takesIn(body: unknown): boolean {
  const read = parseDeadlineRules(body);
  return read.ok && read.value.body.appliesTo === "running";
}
