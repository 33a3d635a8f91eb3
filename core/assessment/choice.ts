/**
 * Choice of the rule set 适用规则: which rule sets a period or a span of days is reckoned under.
 * What is reckoned under others than those in force is a trial 试算: a figure to look at, not the record.
 */
import { inForce } from "../rules/effective.ts";
import type { Day } from "../time/day.ts";
import {
  type DayRange,
  type Period,
  type PeriodName,
  type PeriodSettings,
  periodNamed,
} from "../time/period.ts";
import type { RuleSet } from "./ruleset.ts";
import { lastOf, type Segment, tried, withVersion } from "./segments.ts";

interface ChosenRuleSet {
  readonly ruleSet: RuleSet;
  /** 试算: not the rule set that is in force on that day. */
  readonly trial: boolean;
}

/** The versions that days fall under. */
export interface ChosenRules extends ChosenRuleSet {
  /** That of the last segment, which the period as a whole goes by. */
  readonly ruleSet: RuleSet;
  readonly segments: readonly Segment[];
}

/**
 * The rule set of a day: the one named, or else the one in force on that day.
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

/** The rule sets for a span of days: that of its first day, and those that bind from a day within it. */
export function chooseDays(ruleSets: readonly RuleSet[], days: DayRange, name?: string): ChosenRules | null {
  const first = chooseRuleSet(ruleSets, days.from);
  const standing = first && { ...first, ...parted(days, first.ruleSet, ruleSets) };
  return name === undefined ? standing : chosenByName(ruleSets, name, days, standing);
}

/**
 * The rule sets for a named period, and its days as they cut them. Where two versions cut their months differently, it is the
 * latest that is in force on the first day of its own cut; versions that bind from a day within the period part it. One asked
 * for by name is taken as if it were in force: from its day on where it binds so, or else over the whole period.
 */
export function choosePeriod(
  ruleSets: readonly RuleSet[],
  settings: readonly PeriodSettings[],
  period: PeriodName,
  name?: string,
): (ChosenRules & { readonly period: Period }) | null {
  const standing = standingIn(ruleSets, settings, period);
  if (name === undefined) return standing;
  const named = ruleSets.find((each) => each.name === name);
  if (!named) return null;
  const cut = periodNamed(settingsOf(named, settings), period);
  const chosen = chosenByName(ruleSets, name, cut, sameDays(standing?.period, cut) ? standing : null);
  return chosen && { ...chosen, period: cut };
}

/** The period settings a rule set names. Throws when there are none: reading the rules has to have checked it. */
export function settingsOf(ruleSet: RuleSet, settings: readonly PeriodSettings[]): PeriodSettings {
  const found = settings.find((each) => each.name === ruleSet.period);
  if (!found)
    throw new Error(`rule set ${ruleSet.name} names period settings that do not exist: ${ruleSet.period}`);
  return found;
}

function standingIn(
  ruleSets: readonly RuleSet[],
  settings: readonly PeriodSettings[],
  name: PeriodName,
): (ChosenRules & { readonly period: Period }) | null {
  let first: (ChosenRules & { readonly period: Period }) | null = null;
  for (const candidate of official(ruleSets)) {
    const period = periodNamed(settingsOf(candidate, settings), name);
    const chosen = chooseRuleSet(ruleSets, period.from);
    const segments = parted(period, candidate, ruleSets);
    if (chosen?.ruleSet === candidate && !chosen.trial) return { ...segments, trial: false, period };
    // No version is in force at the start of its own cut: the earliest, as a trial.
    first = { ...segments, trial: true, period };
  }
  return first;
}

/** The days under the version of their first day, and those that are in force and bind from a day within them. */
function parted(
  { from, to }: DayRange,
  ruleSet: RuleSet,
  ruleSets: readonly RuleSet[],
): Pick<ChosenRules, "ruleSet" | "segments"> {
  const segments = official(ruleSets)
    .toReversed()
    .reduce<readonly Segment[]>(withVersion, [{ from, to, ruleSet }]);
  return { ruleSet: lastOf(segments).ruleSet, segments };
}

function chosenByName(
  ruleSets: readonly RuleSet[],
  name: string,
  { from, to }: DayRange,
  standing: ChosenRules | null,
): ChosenRules | null {
  const ruleSet = ruleSets.find((each) => each.name === name);
  if (!ruleSet) return null;
  const segments =
    standing === null ? [{ from, to, ruleSet }] : tried(standing.segments, { from, to }, ruleSet);
  const inForce = standing !== null && !standing.trial && sameSegments(standing.segments, segments);
  return { ruleSet: lastOf(segments).ruleSet, segments, trial: !inForce };
}

function sameSegments(a: readonly Segment[], b: readonly Segment[]): boolean {
  return (
    a.length === b.length &&
    a.every((each, at) => each.ruleSet === b[at]?.ruleSet && each.from === b[at]?.from)
  );
}

function sameDays(a: DayRange | undefined, b: DayRange): boolean {
  return a?.from === b.from && a.to === b.to;
}

/** Rule sets that are or were in force, the latest first. */
function official(ruleSets: readonly RuleSet[]): readonly RuleSet[] {
  return ruleSets
    .filter((each) => each.status === "inForce" || each.status === "superseded")
    .sort((a, b) => (a.from > b.from ? -1 : 1));
}
