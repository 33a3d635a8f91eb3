/** 测算接口. Provisional ranks, the period's end with its spread and how far it can be trusted, and what moves a rank. */
import { STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { toNumber } from "@jiesu/core/assessment/fraction.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import { ranking } from "@jiesu/core/assessment/ranking.ts";
import { scoreText } from "@jiesu/core/assessment/score.ts";
import { type Spread, STATED } from "@jiesu/core/outlook/forecast.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { contendersOf, currentPeriod } from "./figures.ts";
import { leversReport } from "./levers.ts";
import { outlookReport } from "./outlook.ts";
import { ownUnitOf, PeriodQuery } from "./query.ts";
import { RulesOut, rulesOut } from "./shape.ts";

const count = z.number().int();
const SpreadOut = z.object({ low: z.number(), middle: z.number(), high: z.number() }).nullable();
const Asked = z.object({
  scope: z.enum(STAT_SCOPES).default("assessed"),
  level: z.enum(LEVELS).default("district"),
  rules: text(100).optional(),
  period: PeriodQuery.optional(),
});
const UnitOut = z.object({ id: z.string(), name: z.string(), shortName: z.string() });
const PeriodOut = z.object({ name: z.string(), from: z.string(), to: z.string() });

const OutlookOut = z.object({
  rules: RulesOut,
  period: PeriodOut,
  asOf: z.iso.datetime(),
  /** The share of ends that a spread is stated to hold. */
  stated: z.number(),
  /** What the same forecast was worth in past periods, which had no say in how it was tuned; null: too few are known. */
  calibration: z
    .object({ held: count, of: count, share: z.number(), width: z.number(), periods: count })
    .nullable(),
  units: z.array(
    z.object({
      unit: UnitOut,
      group: z.string().nullable(),
      rank: count.nullable(),
      score: z.number().nullable(),
      scoreText: z.string(),
      endScore: SpreadOut,
      endRank: SpreadOut,
      /** Valid callbacks still to come, on average. */
      toCome: z.number(),
    }),
  ),
});

const LeversOut = z.object({
  rules: RulesOut,
  period: PeriodOut,
  asOf: z.iso.datetime(),
  unit: UnitOut,
  /** The first is where the unit stands now; each further one is a better rank, and how many of the tickets it takes. */
  rungs: z.array(z.object({ count, rank: count.nullable(), scoreText: z.string() })),
  levers: z.array(
    z.object({
      ticketId: z.string(),
      number: z.string(),
      title: z.string(),
      street: z.string(),
      category: z.string(),
      stateZh: z.string(),
      /** Whether it stands in the ledger with a “no” that can be mended. */
      answered: z.boolean(),
      dueAt: z.iso.datetime().nullable(),
      /** Points that this one alone adds to the score; null when there was no score without it. */
      gain: z.number().nullable(),
    }),
  ),
});

const SHOWN = 200;

export function outlookRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/outlook", {
    config: { who: WORKERS },
    schema: {
      summary: "测算：本期截至目前的名次、期末得分与名次的可能范围及其可信程度；承办单位只见本单位",
      querystring: Asked,
      response: { 200: OutlookOut },
    },
    handler: async (request) => {
      const { period, ...asked } = request.query;
      const own = ownUnitOf(actorOf(request));
      const named = period ?? (await currentPeriod(shell, asked.level)).name;
      const [report, { contenders, chosen }] = await Promise.all([
        outlookReport(shell, named, asked),
        contendersOf(shell, named, asked),
      ]);
      const today = new Map(
        ranking(contenders, chosen.ruleSet).flatMap(({ units }) =>
          units.map((unit) => [unit.key, unit] as const),
        ),
      );
      const digits = chosen.ruleSet.scoreDigits;
      const { calibration } = report;
      return {
        rules: rulesOut(report),
        period: { name: report.period.name, from: report.period.from, to: report.period.to },
        asOf: new Date(shell.now()).toISOString(),
        stated: STATED,
        calibration: calibration && {
          held: calibration.held,
          of: calibration.of,
          share: calibration.of === 0 ? 0 : calibration.held / calibration.of,
          width: calibration.width,
          periods: calibration.periods,
        },
        units: report.expected.flatMap((each) => {
          const unit = report.names.get(each.key);
          if (!unit || (own !== null && own !== each.key)) return [];
          const now = today.get(each.key);
          return [
            {
              unit: { id: unit.id, name: unit.name, shortName: unit.shortName },
              group: each.group,
              rank: now?.rank ?? null,
              score: now?.score ? Number(scoreText(now.score, chosen.ruleSet)) : null,
              scoreText: scoreText(now?.score ?? null, chosen.ruleSet),
              endScore: rounded(each.score, digits),
              endRank: each.rank,
              toCome: Math.round(each.toCome),
            },
          ];
        }),
      };
    },
  });

  app.get("/api/assessment/outlook/levers", {
    config: { who: WORKERS },
    schema: {
      summary: "名次抓手：某单位在办工单按对得分、名次的影响排列，办好前几件可到第几名；承办单位只见本单位",
      querystring: Asked.extend({ unit: Id }),
      response: { 200: LeversOut },
    },
    handler: async (request) => {
      const { period, unit, ...asked } = request.query;
      const own = ownUnitOf(actorOf(request));
      if (own !== null && own !== unit) throw new Refused({ code: "not-found" });
      const named = period ?? (await currentPeriod(shell, asked.level)).name;
      const report = await leversReport(shell, unit, named, asked);
      const { chosen } = report.contenders;
      const today = report.rungs[0]?.score ?? null;
      return {
        rules: rulesOut(chosen),
        period: { name: chosen.period.name, from: chosen.period.from, to: chosen.period.to },
        asOf: new Date(shell.now()).toISOString(),
        unit: { id: report.unit.id, name: report.unit.name, shortName: report.unit.shortName },
        rungs: report.rungs.map(({ count: n, rank, score }) => ({
          count: n,
          rank,
          scoreText: scoreText(score, chosen.ruleSet),
        })),
        levers: report.levers.slice(0, SHOWN).map((lever) => ({
          ticketId: lever.id,
          number: lever.number,
          title: lever.title,
          street: lever.street,
          category: lever.category,
          stateZh: isState(lever.state) ? STATES[lever.state].zh : lever.state,
          answered: lever.now?.valid === true,
          dueAt: lever.dueAt?.toISOString() ?? null,
          gain: today === null || lever.alone === null ? null : toNumber(lever.alone) - toNumber(today),
        })),
      };
    },
  });
}

/** Bounds as shown: to the rule set's digits. */
function rounded(spread: Spread | null, digits: number): Spread | null {
  const at = (value: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
  return spread && { low: at(spread.low), middle: at(spread.middle), high: at(spread.high) };
}
