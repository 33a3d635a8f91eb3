/** 测算接口. Provisional ranks, the period's end with its spread and how far it can be trusted, and what moves a rank. */
import { type Entry, STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import {
  add,
  decimalText,
  type Fraction,
  fraction,
  multiply,
  toNumber,
} from "@jiesu/core/assessment/fraction.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import { ranking, unrankedText } from "@jiesu/core/assessment/ranking.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { scoreText } from "@jiesu/core/assessment/score.ts";
import { type Calibration, type Held, SIZE_FROM, SIZES } from "@jiesu/core/outlook/calibration.ts";
import { type Spread, STATED } from "@jiesu/core/outlook/forecast.ts";
import type { Stand } from "@jiesu/core/outlook/levers.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { contendersOf, currentPeriod } from "./figures.ts";
import { type LeversReport, leversReport, whatIf } from "./levers.ts";
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
/** Ids with commas between; at most as many as are listed. */
const TicketList = z
  .string()
  .max(2000)
  .transform((ids) => ids.split(",").filter((id) => id !== ""))
  .pipe(z.array(Id).max(100));
const UnitOut = z.object({ id: z.string(), name: z.string(), shortName: z.string() });
const PeriodOut = z.object({ name: z.string(), from: z.string(), to: z.string() });

const HeldOut = z.object({
  held: count,
  of: count,
  /** held ÷ of; null where there was nothing to hold. */
  share: z.number().nullable(),
  /** Mean width of the bounds, in points. */
  width: z.number(),
});

const OutlookOut = z.object({
  rules: RulesOut,
  period: PeriodOut,
  /** 已封账: nothing is forecast any more. */
  closed: z.boolean(),
  asOf: z.iso.datetime(),
  /** The day for which the past was looked back on; the same day and the same ledger give the same forecast. */
  reckonedOn: z.string(),
  /** When the ledger was asked for it; the ranks so far are those of this instant. */
  reckonedAt: z.iso.datetime(),
  seed: z.string(),
  scoreDigits: count,
  /** The share of ends that a spread is stated to hold. */
  stated: z.number(),
  /** What the same forecast was worth in past periods, which had no say in how it was tuned; null: too few are known. */
  calibration: HeldOut.extend({
    periods: count,
    bySize: z.array(HeldOut.extend({ size: z.enum(SIZES), from: count })),
  }).nullable(),
  units: z.array(
    z.object({
      unit: UnitOut,
      group: z.string().nullable(),
      rank: count.nullable(),
      ranked: count,
      unranked: z.string().nullable(),
      score: z.number().nullable(),
      scoreText: z.string(),
      endScore: SpreadOut,
      endRank: SpreadOut,
      /** Open tickets that count in the period. */
      open: count,
      /** Answers still to come, on average. */
      toCome: z.number(),
    }),
  ),
});

const AnswersOut = z.object({
  contacted: z.enum(["yes", "no"]).nullable(),
  solved: z.enum(["yes", "partly", "no"]).nullable(),
  satisfied: z.enum(["satisfied", "basically", "dissatisfied"]).nullable(),
});
const StandOut = z.object({ rank: count.nullable(), scoreText: z.string() });

const LeversOut = z.object({
  rules: RulesOut,
  period: PeriodOut,
  closed: z.boolean(),
  asOf: z.iso.datetime(),
  unit: UnitOut,
  /** How many units it is ranked among. */
  ranked: count,
  /** The first is where the unit stands now; each further one is a better rank, and how many of the tickets it takes. */
  rungs: z.array(StandOut.extend({ count })),
  /** Levers beyond those listed. */
  more: count,
  levers: z.array(
    z.object({
      ticketId: z.string(),
      number: z.string(),
      title: z.string(),
      street: z.string(),
      category: z.string(),
      stateZh: z.string(),
      /** What stands in the ledger and could be mended; null: no answer yet. */
      now: AnswersOut.nullable(),
      /** The answer that is assumed. */
      well: AnswersOut,
      dueAt: z.iso.datetime().nullable(),
      nearAt: z.iso.datetime().nullable(),
      /** Points that this one alone adds to the score, and as shown: "+0.12"; null when there was no score without it. */
      gain: z.number().nullable(),
      gainText: z.string().nullable(),
      /** Where the unit stands once this and all before it have ended so. */
      after: StandOut,
    }),
  ),
});

const WhatIfOut = z.object({
  unit: UnitOut,
  period: PeriodOut,
  asOf: z.iso.datetime(),
  tickets: count,
  now: StandOut,
  after: StandOut,
  gainText: z.string().nullable(),
});

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
      const [report, { contenders, chosen, names, closed }] = await Promise.all([
        outlookReport(shell, named, asked),
        contendersOf(shell, named, asked),
      ]);
      const groups = ranking(contenders, chosen.ruleSet);
      const today = new Map(
        groups.flatMap(({ units }) => {
          const ranked = units.filter((unit) => unit.rank !== null).length;
          return units.map((unit) => [unit.key, { ...unit, ranked }] as const);
        }),
      );
      const expected = new Map(report.expected.map((each) => [each.key, each]));
      const digits = chosen.ruleSet.scoreDigits;
      return {
        rules: rulesOut(report),
        period: { name: report.period.name, from: report.period.from, to: report.period.to },
        closed: closed !== null,
        asOf: new Date(shell.now()).toISOString(),
        reckonedOn: report.reckonedOn,
        reckonedAt: new Date(report.reckonedAt).toISOString(),
        scoreDigits: digits,
        seed: report.seed,
        stated: STATED,
        calibration: report.calibration && calibrationOut(report.calibration),
        units: groups.flatMap(({ group, units }) =>
          units.flatMap(({ key }) => {
            const unit = names.get(key);
            const now = today.get(key);
            if (!unit || !now || (own !== null && own !== key)) return [];
            const end = closed === null ? expected.get(key) : undefined;
            return [
              {
                unit: { id: unit.id, name: unit.name, shortName: unit.shortName },
                group,
                rank: now.rank,
                ranked: now.ranked,
                unranked: now.unranked && unrankedText(now.unranked),
                score: now.score ? Number(scoreText(now.score, chosen.ruleSet)) : null,
                scoreText: scoreText(now.score, chosen.ruleSet),
                endScore: rounded(end?.score ?? null, digits),
                endRank: end?.rank ?? null,
                open: report.open.get(key) ?? 0,
                toCome: Math.round(end?.toCome ?? 0),
              },
            ];
          }),
        ),
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
      refuseOthers(actorOf(request), unit);
      const named = period ?? (await currentPeriod(shell, asked.level)).name;
      const report = await leversReport(shell, unit, named, asked);
      const { chosen } = report.contenders;
      const stand = standOut(chosen.ruleSet);
      const today = report.rungs[0]?.score ?? null;
      return {
        ...headOf(report),
        rules: rulesOut(chosen),
        closed: report.contenders.closed !== null,
        asOf: new Date(shell.now()).toISOString(),
        ranked: report.ranked,
        rungs: report.rungs.map((rung) => ({ count: rung.count, ...stand(rung) })),
        more: report.more,
        levers: report.levers.map((lever) => ({
          ticketId: lever.id,
          number: lever.number,
          title: lever.title,
          street: lever.street,
          category: lever.category,
          stateZh: isState(lever.state) ? STATES[lever.state].zh : lever.state,
          now: lever.now?.valid ? answersOut(lever.now) : null,
          well: answersOut(lever.well),
          dueAt: lever.dueAt?.toISOString() ?? null,
          nearAt: lever.nearAt?.toISOString() ?? null,
          gain: today === null || lever.alone === null ? null : toNumber(subtract(lever.alone, today)),
          gainText: gainText(today, lever.alone, chosen.ruleSet),
          after: stand(lever.after),
        })),
      };
    },
  });

  app.get("/api/assessment/outlook/what-if", {
    config: { who: WORKERS },
    schema: {
      summary: "如果办好所选的在办工单：某单位的得分和名次；与名次抓手同一算法，承办单位只见本单位",
      querystring: Asked.extend({ unit: Id, tickets: TicketList }),
      response: { 200: WhatIfOut },
    },
    handler: async (request) => {
      const { period, unit, tickets, ...asked } = request.query;
      refuseOthers(actorOf(request), unit);
      const named = period ?? (await currentPeriod(shell, asked.level)).name;
      const report = await whatIf(shell, unit, tickets, named, asked);
      const { ruleSet } = report.contenders.chosen;
      return {
        ...headOf(report),
        asOf: new Date(shell.now()).toISOString(),
        tickets: tickets.length,
        now: standOut(ruleSet)(report.now),
        after: standOut(ruleSet)(report.after),
        gainText: gainText(report.now.score, report.after.score, ruleSet),
      };
    },
  });
}

/** Another unit's figures are answered like a unit that does not exist. */
function refuseOthers(actor: Actor, unit: string): void {
  const own = ownUnitOf(actor);
  if (own !== null && own !== unit) throw new Refused({ code: "not-found" });
}

function headOf({ unit, contenders: { chosen } }: Pick<LeversReport, "unit" | "contenders">) {
  const { name, from, to } = chosen.period;
  return {
    unit: { id: unit.id, name: unit.name, shortName: unit.shortName },
    period: { name, from, to },
  };
}

const standOut =
  (rules: RuleSet) =>
  ({ rank, score }: Stand) => ({ rank, scoreText: scoreText(score, rules) });

const answersOut = ({ contacted, solved, satisfied }: Entry) => ({ contacted, solved, satisfied });

/** "+0.12": to one digit more than the score, for one ticket seldom moves the last one. */
function gainText(from: Fraction | null, to: Fraction | null, rules: RuleSet): string | null {
  if (from === null || to === null) return null;
  const gain = subtract(to, from);
  return `${gain.num < 0n ? "" : "+"}${decimalText(gain, rules.scoreDigits + 1)}`;
}

const subtract = (a: Fraction, b: Fraction): Fraction => add(a, multiply(b, fraction(-1)));

function calibrationOut({ bySize, periods, ...all }: Calibration) {
  return {
    ...heldOut(all),
    periods,
    bySize: SIZES.map((size) => ({ size, from: SIZE_FROM[size], ...heldOut(bySize[size]) })),
  };
}

function heldOut({ held, of, width }: Held) {
  return { held, of, share: of === 0 ? null : held / of, width: Math.round(width * 10) / 10 };
}

/** Bounds as shown: to the rule set's digits. */
function rounded(spread: Spread | null, digits: number): Spread | null {
  const at = (value: number): number => Math.round(value * 10 ** digits) / 10 ** digits;
  return spread && { low: at(spread.low), middle: at(spread.middle), high: at(spread.high) };
}
