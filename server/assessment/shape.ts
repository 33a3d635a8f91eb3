/** 考核数字的样子: how counts, rates, scores and ranks leave the house, for the screens and for `--json` alike. */
import { pointsText } from "@jiesu/core/assessment/adjustment.ts";
import type { ChosenRules } from "@jiesu/core/assessment/choice.ts";
import { densityMissing, densityText, perTenThousand, yearOf } from "@jiesu/core/assessment/density.ts";
import {
  answerTo,
  ENTRY_SCOPES,
  QUESTIONS,
  type Question,
  STAT_SCOPES,
} from "@jiesu/core/assessment/entry.ts";
import { toNumber } from "@jiesu/core/assessment/fraction.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import {
  ENTRY_SCOPE_NAMES,
  FIGURE_NAMES,
  LEFT_OUT_NAMES,
  rankingNotes,
  STAT_SCOPE_NAMES,
} from "@jiesu/core/assessment/measures.ts";
import { type RankedUnit, unrankedText } from "@jiesu/core/assessment/ranking.ts";
import { leftOut, type Rate, type Reading, rateText } from "@jiesu/core/assessment/rates.ts";
import { BINDINGS, type RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { type Result, scoreText } from "@jiesu/core/assessment/score.ts";
import type { Segment } from "@jiesu/core/assessment/segments.ts";
import { z } from "zod";
import type { RankReport, RatesReport } from "./figures.ts";
import type { LedgerLine } from "./store.ts";

const count = z.number().int();
/** 0 to 1, unrounded; null when the base is empty. */
const ratio = z.number().nullable();

export const ResultOut = z.object({
  tickets: count,
  base: count,
  responseBase: count,
  contacted: count,
  notContacted: count,
  solutionBase: count,
  solved: count,
  partlySolved: count,
  unsolved: count,
  satisfactionBase: count,
  satisfied: count,
  basicallySatisfied: count,
  dissatisfied: count,
  response: ratio,
  solution: ratio,
  satisfaction: ratio,
  /** 基础得分: the weighted rates, rounded as the rule set says. */
  basic: z.number().nullable(),
  /** 加减分 that count, exactly; null where the rule set has none. */
  points: z.number().nullable(),
  /** 综合得分, rounded as the rule set says. */
  score: z.number().nullable(),
  /** As shown: "96.4%", "87.3", "-0.5", "—". */
  text: z.object({
    response: z.string(),
    solution: z.string(),
    satisfaction: z.string(),
    basic: z.string(),
    points: z.string(),
    score: z.string(),
  }),
});

export function resultOut(
  { counts, rates, basic, points, score }: Result,
  rules: RuleSet,
): z.infer<typeof ResultOut> {
  const shown = scoreText(score, rules);
  const weighted = scoreText(basic, rules);
  const text = (rate: Rate) => rateText(rate, rules.rateDigits);
  const { responseEarned: _r, solutionEarned: _s, satisfactionEarned: _h, ...figures } = counts;
  return {
    ...figures,
    response: ratioOf(rates.response),
    solution: ratioOf(rates.solution),
    satisfaction: ratioOf(rates.satisfaction),
    basic: basic === null ? null : Number(weighted),
    points: points === null ? null : toNumber(points),
    score: score === null ? null : Number(shown),
    text: {
      response: text(rates.response),
      solution: text(rates.solution),
      satisfaction: text(rates.satisfaction),
      basic: weighted,
      points: points === null ? "—" : pointsText(points),
      score: shown,
    },
  };
}

/** The rule set that was used, and whether this was a trial 试算; and where several part the days, which days each has. */
export const RulesOut = z.object({
  name: z.string(),
  title: z.string(),
  from: z.string(),
  source: z.string(),
  trial: z.boolean(),
  /** 适用区段: in the order of days; the last is the rule set named above. */
  segments: z.array(z.object({ from: z.string(), to: z.string(), name: z.string(), title: z.string() })),
});

export function rulesOut({
  ruleSet,
  trial,
  segments,
}: Pick<ChosenRules, "ruleSet" | "trial" | "segments">): z.infer<typeof RulesOut> {
  const { name, title, from, source } = ruleSet;
  return {
    ...{ name, title, from, source, trial },
    segments: segmentsOut(segments),
  };
}

export function segmentsOut(segments: readonly Segment[]): z.infer<typeof RulesOut>["segments"] {
  return segments.map(({ from, to, ruleSet: { name, title } }) => ({ from, to, name, title }));
}

const Scope = z.enum(STAT_SCOPES);
const Day = z.string();
const UnitOut = z
  .object({ id: z.string(), name: z.string(), shortName: z.string(), kind: z.string() })
  .nullable();

export const RatesOut = z.object({
  scope: Scope,
  scopeZh: z.string(),
  rules: RulesOut,
  from: Day,
  to: Day,
  asOf: z.iso.datetime(),
  total: ResultOut,
  rows: z.array(ResultOut.extend({ key: z.string(), unit: UnitOut })),
});

export function ratesOut(report: RatesReport, now: number): z.infer<typeof RatesOut> {
  return {
    scope: report.scope,
    scopeZh: STAT_SCOPE_NAMES[report.scope],
    rules: rulesOut(report),
    from: report.range.from,
    to: report.range.to,
    asOf: new Date(now).toISOString(),
    total: resultOut(report.total, report.ruleSet),
    rows: report.rows.map((row) => ({ key: row.key, unit: row.unit, ...resultOut(row, report.ruleSet) })),
  };
}

/** 万人诉求比, by the population of the period's year. */
export const DensityOut = z.object({
  value: z.number().nullable(),
  text: z.string(),
  year: count,
  people: count.nullable(),
  source: z.string(),
  /** Why there is none, in Chinese. */
  missing: z.string().nullable(),
});

const RankRowOut = ResultOut.extend({
  unit: z.object({ id: z.string(), name: z.string(), shortName: z.string(), kind: z.string() }),
  rank: z.number().int().nullable(),
  /** Why it has no rank, in Chinese; null when it has one. */
  unranked: z.string().nullable(),
  /** 分类 that it has in the period; null for none. */
  unitClass: z.string().nullable(),
  density: DensityOut,
});

export const RankOut = z.object({
  scope: Scope,
  scopeZh: z.string(),
  rules: RulesOut,
  period: z.object({ name: z.string(), from: Day, to: Day }),
  asOf: z.iso.datetime(),
  /** 已封账: from the frozen copy. */
  closed: z.boolean(),
  /** How units are ranked, in sentences. */
  notes: z.array(z.string()),
  /** Whether the rule set has bonus and penalty points 加减分. */
  adjusts: z.boolean(),
  groups: z.array(
    z.object({ group: z.string().nullable(), ranked: count, units: z.array(RankRowOut), total: ResultOut }),
  ),
});

/** `ownUnit` leaves only that unit's row: a unit learns its own rank and its group's total. */
export function rankOut(report: RankReport, now: number, ownUnit: string | null): z.infer<typeof RankOut> {
  const rules = report.ruleSet;
  const groups = report.groups.map((group) => ({
    group: group.group,
    ranked: group.units.filter((unit) => unit.rank !== null).length,
    units: group.units
      .filter((unit) => ownUnit === null || unit.key === ownUnit)
      .map((unit) => rankRowOut(unit, report)),
    total: resultOut(group.total, rules),
  }));
  return {
    scope: report.scope,
    scopeZh: STAT_SCOPE_NAMES[report.scope],
    rules: rulesOut(report),
    period: report.period,
    asOf: new Date(now).toISOString(),
    closed: report.closed,
    notes: [...rankingNotes(rules)],
    adjusts: rules.adjustments !== undefined,
    groups: ownUnit === null ? groups : groups.filter((group) => group.units.length > 0),
  };
}

function rankRowOut(unit: RankedUnit, report: RankReport): z.infer<typeof RankRowOut> {
  const name = report.names.get(unit.key);
  if (!name) throw new Error(`a ranked unit has no name: ${unit.key}`);
  return {
    unit: { ...name },
    rank: unit.rank,
    unranked: unit.unranked === null ? null : unrankedText(unit.unranked),
    ...resultOut(unit, report.ruleSet),
    unitClass: unit.unitClass,
    density: densityOut(unit.counts.tickets, unit.key, report),
  };
}

/** 万人诉求比 of a unit with so many tickets. */
export function densityOut(
  tickets: number,
  unitId: string,
  { period, populations, ruleSet }: Pick<RankReport, "period" | "populations" | "ruleSet">,
): z.infer<typeof DensityOut> {
  const population = populations.get(unitId) ?? null;
  const density = perTenThousand(tickets, population);
  const year = yearOf(period.name);
  return {
    value: density === null ? null : toNumber(density),
    text: densityText(density, ruleSet),
    year,
    people: population?.people ?? null,
    source: population?.source ?? "",
    missing: population === null ? densityMissing(year) : null,
  };
}

const AnswerOut = z.object({
  /** "解决"; null when the question was left blank. */
  answer: z.string().nullable(),
  /** Why the ticket is not in this rate; null when it is. */
  leftOut: z.string().nullable(),
});

export const LineOut = z.object({
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  excerpt: z.string(),
  round: count,
  unit: z.object({ id: z.string(), name: z.string() }),
  street: z.string(),
  category: z.string(),
  countedAt: z.iso.datetime(),
  /** The place of the rule set among `rules.segments` that reads it. */
  segment: count,
  scope: z.enum(ENTRY_SCOPES),
  scopeZh: z.string(),
  scopeNote: z.string(),
  /** Whose callback was used: the centre's own or the city's; null while there is none. */
  source: z.enum(["own", "city"]).nullable(),
  valid: z.boolean(),
  response: AnswerOut,
  solution: AnswerOut,
  satisfaction: AnswerOut,
  /** In a closed period: corrected since; the line stands as it was counted. */
  changed: z.boolean(),
});

export function lineOut(line: LedgerLine, readings: readonly Reading[]): z.infer<typeof LineOut> {
  const { entry, countedAt, ...facts } = line;
  const reading = readings[line.segment];
  if (reading === undefined) throw new Error(`a line of a segment that there is not: ${line.segment}`);
  const answer = (question: Question): z.infer<typeof AnswerOut> => {
    const given = answerTo(entry, question);
    const why = leftOut(entry, question, reading);
    return { answer: given && FIGURE_NAMES[given], leftOut: why && LEFT_OUT_NAMES[why] };
  };
  return {
    ...facts,
    countedAt: countedAt.toISOString(),
    scope: entry.scope,
    scopeZh: ENTRY_SCOPE_NAMES[entry.scope],
    valid: entry.valid,
    response: answer("response"),
    solution: answer("solution"),
    satisfaction: answer("satisfaction"),
  };
}

export const MeasureOut = z.object({
  key: z.string(),
  name: z.string(),
  unit: z.enum(["件", "%", "分", "件/万人"]),
  definition: z.string(),
  numerator: z.string().nullable(),
  denominator: z.string().nullable(),
  scope: z.string(),
  source: z.string(),
  opens: z.string(),
});

export const RuleSetOut = z.object({
  name: z.string(),
  title: z.string(),
  level: z.enum(LEVELS),
  status: z.string(),
  from: Day,
  binds: z.enum(BINDINGS),
  source: z.string(),
  approvedBy: z.string(),
  /** Whether it is the one in force today. */
  inForceToday: z.boolean(),
  weights: z.record(z.enum(QUESTIONS), z.number()),
  groups: z.array(z.string()),
  notes: z.array(z.string()),
});

export function ruleSetOut(rules: RuleSet, inForceToday: boolean): z.infer<typeof RuleSetOut> {
  const { name, title, level, status, from, binds, source, approvedBy, weights } = rules;
  return {
    ...{ name, title, level, status, from, binds, source, approvedBy, inForceToday },
    weights: {
      response: toNumber(weights.response),
      solution: toNumber(weights.solution),
      satisfaction: toNumber(weights.satisfaction),
    },
    groups: rules.groups.map((group) => group.name),
    notes: [...rankingNotes(rules)],
  };
}

function ratioOf(rate: Rate): number | null {
  return rate === null ? null : toNumber(rate);
}
