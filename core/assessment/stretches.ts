/**
 * Stretches of days 段 whose counters are worth keeping added up: days that no period and no version of a rule parts. They
 * decide how quickly a figure is added up, never what it comes to.
 */
import { addDays, type Day } from "../time/day.ts";
import { type DayRange, type PeriodSettings, periodOn, previousPeriod } from "../time/period.ts";
import { settingsOf } from "./choice.ts";
import type { RuleSet } from "./ruleset.ts";

/** No more than so many periods back: ten years. */
const PERIODS = 120;

/** The stretches from the one that `first` falls in to the end of the period of `today`, in the order of days. */
export function stretchesOf(
  ruleSets: readonly RuleSet[],
  settings: readonly PeriodSettings[],
  first: Day,
  today: Day,
): readonly DayRange[] {
  const standing = ruleSets.filter((each) => each.status === "inForce" || each.status === "superseded");
  const cuts = new Set<Day>(standing.map((each) => each.from));
  for (const its of new Set(standing.map((each) => settingsOf(each, settings)))) {
    let period = periodOn(its, today);
    cuts.add(addDays(period.to, 1));
    for (let n = 0; n < PERIODS && period.to >= first; n++) {
      cuts.add(period.from);
      period = previousPeriod(its, period);
    }
  }
  const days = [...cuts].sort();
  return days.slice(0, -1).flatMap((from, at) => {
    const next = days[at + 1];
    const to = next === undefined ? from : addDays(next, -1);
    return to < first || from > today ? [] : [{ from, to }];
  });
}
