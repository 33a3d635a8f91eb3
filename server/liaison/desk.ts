/** 今日规则. The rules of liaison and the calendar as they are in force now, and from when people outside may be disturbed. */

import { type LiaisonRules, liaisonRulesOn } from "@jiesu/core/liaison/rules.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import type { Calendar } from "@jiesu/core/time/calendar.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type Ladder, ladderOn } from "@jiesu/core/urging/ladder.ts";
import { allowedFrom } from "@jiesu/core/urging/schedule.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";

export interface Desk {
  readonly rules: Version<LiaisonRules>;
  readonly calendar: Calendar;
  readonly ladder: Ladder | null;
}

/** Throws Refused before the first rules of liaison. */
export async function deskOf(shell: Shell, tx: Db, now: number): Promise<Desk> {
  const { calendar, urgings, liaisons } = await rulesInForce(tx, shell.rules, now);
  const rules = liaisonRulesOn(liaisons, dayOf(now));
  if (rules === null) throw new Refused({ code: "liaison-no-rule" });
  return { rules, calendar, ladder: ladderOn(urgings, dayOf(now))?.body ?? null };
}

/** E-mails and gateways wait for the end of the ladder's quiet hours, as for a ticket of the pace's level. */
export function outwardFrom({ rules, calendar, ladder }: Desk, paceCode: string, now: number): number {
  const pace = rules.body.paces.find((each) => each.code === paceCode);
  if (ladder === null || pace === undefined) return now;
  return allowedFrom(ladder.quiet, { level: pace.level, kind: "report" }, now, calendar);
}
