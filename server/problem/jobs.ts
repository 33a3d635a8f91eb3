/** 问题事件的每日梳理. Once a day after the hour of the rule, yesterday and what the worker has missed are gone through. */
import { problemRulesOn } from "@jiesu/core/problem/rules.ts";
import { addDays, dayOf, instant } from "@jiesu/core/time/day.ts";
import type { Shell } from "../platform/shell.ts";
import { findProblems } from "./find.ts";
import { daysGone } from "./store.ts";

/** Whether something is due is asked so often. */
const LOOK_EVERY_MS = 60_000;

/** Answers how many days were gone through. */
export function problemStep(): (shell: Shell) => Promise<number> {
  let looked = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    const now = shell.now();
    if (Math.abs(now - looked) < LOOK_EVERY_MS) return 0;
    const today = dayOf(now);
    const rules = problemRulesOn(shell.rules.problems, today);
    if (rules !== null && now >= instant(today, rules.body.findAt)) {
      const first = addDays(today, -1 - rules.body.lookBackDays);
      const gone = await daysGone(shell.db, first, addDays(today, -1));
      // The earliest first, one a step: other work of the worker comes in between.
      for (let day = first; day < today; day = addDays(day, 1)) {
        if (gone.has(day)) continue;
        if ((await findProblems(shell, day, { userId: null, name: "系统" })) !== null) return 1;
      }
    }
    looked = now;
    return 0;
  };
}
