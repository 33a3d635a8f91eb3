/**
 * Choice of the rule set 适用规则: which rule set a period or a span of days is reckoned under.
 * What is reckoned under another one than that in force is a trial 试算: a figure to look at, not the record.
 */
import { inForce } from "../rules/effective.ts";
import type { Day } from "../time/day.ts";
import { type Period, type PeriodName, type PeriodSettings, periodNamed } from "../time/period.ts";
import type { RuleSet } from "./ruleset.ts";

export interface ChosenRuleSet {
  readonly ruleSet: RuleSet;
  /** 试算: not the rule set that is in force on that day. */
  readonly trial: boolean;
}

/**
 * The rule set for days that begin on `day`: the one named, or else the one in force on that day.
 * A day before the first version gets that first version, as a trial. Null when there is none to choose.
 */
export function chooseRuleSet(ruleSets: readonly RuleSet[], day: Day, name?: string): ChosenRuleSet | null {
  const found = inForce(
    official(ruleSets).map((each) => ({ name: each.name, from: each.from, source: each.source, body: each })),
    day,
  );
  const standing = found.ok ? found.value.body : null;
  const chosen =
    name === undefined
      ? (standing ?? official(ruleSets).at(-1))
      : ruleSets.find((each) => each.name === name);
  return chosen ? { ruleSet: chosen, trial: chosen !== standing } : null;
}

/**
 * The rule set for a named period, and the days of that period as the rule set cuts them. Where two versions cut
 * their months differently, it is the latest that is in force on the first day of its own cut.
 */
export function choosePeriod(
  ruleSets: readonly RuleSet[],
  settings: readonly PeriodSettings[],
  period: PeriodName,
  name?: string,
): (ChosenRuleSet & { readonly period: Period }) | null {
  const candidates = name === undefined ? official(ruleSets) : ruleSets.filter((each) => each.name === name);
  let first: (ChosenRuleSet & { readonly period: Period }) | null = null;
  for (const candidate of candidates) {
    const cut = periodNamed(settingsOf(candidate, settings), period);
    const chosen = chooseRuleSet(ruleSets, cut.from, name);
    if (chosen?.ruleSet === candidate && !(name === undefined && chosen.trial))
      return { ...chosen, period: cut };
    // No version is in force at the start of its own cut: the earliest, as a trial.
    first = { ruleSet: candidate, trial: true, period: cut };
  }
  return first;
}

/** The period settings a rule set names. Throws when there are none: reading the rules has to have checked it. */
export function settingsOf(ruleSet: RuleSet, settings: readonly PeriodSettings[]): PeriodSettings {
  const found = settings.find((each) => each.name === ruleSet.period);
  if (!found)
    throw new Error(`rule set ${ruleSet.name} names period settings that do not exist: ${ruleSet.period}`);
  return found;
}

/** Rule sets that are or were in force, the latest first. */
function official(ruleSets: readonly RuleSet[]): readonly RuleSet[] {
  return ruleSets
    .filter((each) => each.status === "inForce" || each.status === "superseded")
    .sort((a, b) => (a.from > b.from ? -1 : 1));
}
