/** 试算. A rule set over past periods against the one in force then: who moves and why, before it is put in force. */

import { pointsText } from "@jiesu/core/assessment/adjustment.ts";
import { choosePeriod } from "@jiesu/core/assessment/choice.ts";
import { QUESTION_NAMES, type StatScope } from "@jiesu/core/assessment/entry.ts";
import { type Fraction, subtract, toNumber } from "@jiesu/core/assessment/fraction.ts";
import { unrankedText } from "@jiesu/core/assessment/ranking.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { scoreText } from "@jiesu/core/assessment/score.ts";
import { lastOf, partedAt, startsOf, tried } from "@jiesu/core/assessment/segments.ts";
import { type Standing, trial, type Why } from "@jiesu/core/assessment/trial.ts";
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { refuseRules } from "./figures.ts";
import { rulebook } from "./rulebook.ts";
import { RulesOut, segmentsOut } from "./shape.ts";
import { countEntries, unitNames } from "./store.ts";
import { factsOf } from "./unitfacts.ts";

const StandingOut = z.object({
  group: z.string().nullable(),
  rank: z.number().int().nullable(),
  unranked: z.string().nullable(),
  score: z.string(),
});
export const TrialOut = z.object({
  rules: z.string(),
  scope: z.string(),
  periods: z.array(
    z.object({
      period: z.string(),
      from: z.string(),
      to: z.string(),
      /** The rule set that was in force. */
      against: z.string(),
      /** 试行区段: which days the draft has, and which stay under the rule sets in force. */
      segments: RulesOut.shape.segments,
      units: z.number().int(),
      moved: z.array(
        z.object({
          unit: z.object({ id: z.string(), name: z.string() }),
          before: StandingOut,
          after: StandingOut,
          why: z.array(z.object({ code: z.string(), text: z.string(), points: z.number().nullable() })),
        }),
      ),
    }),
  ),
});

/** The units that move in each period, those that move furthest first. */
export async function trialRun(
  shell: Shell,
  name: string,
  periods: readonly PeriodName[],
  scope: StatScope,
): Promise<z.infer<typeof TrialOut>> {
  const books = await Promise.all((["district", "city"] as const).map((level) => rulebook(shell, level)));
  const book = books.find((each) => each.some((rules) => rules.name === name)) ?? refuseRules(name);
  const draft = book.find((each) => each.name === name) ?? refuseRules(name);
  const told = [];
  const settings = await periodsInForce(shell);
  for (const period of periods) {
    const others = book.filter((each) => each.name !== name);
    const standing = choosePeriod(others, settings, period);
    if (standing === null) throw new Refused({ code: "no-rule-set" });
    const segments = tried(standing.segments, standing.period, draft);
    const ends = lastOf(segments).ruleSet;
    // Both parted on the same days, so that the entries are counted once.
    const before = partedAt(standing.segments, startsOf(segments));
    const after = partedAt(segments, startsOf(standing.segments));
    const extent = { level: draft.level, ...instantsOf(standing.period), starts: startsOf(before) };
    const entries = (await countEntries(shell.db, extent, "unit")).filter((each) => each.key !== "");
    const names = await unitNames(shell.db, [...new Set(entries.map((each) => each.key))]);
    const facts = await factsOf(shell.db, draft.level, standing.period);
    const units = new Map(
      [...names].map(([id, { kind }]) => [
        id,
        { kind, unitClass: facts.classes.get(id) ?? null, given: facts.given.get(id) ?? [] },
      ]),
    );
    const moved = trial(entries, units, before, after, scope);
    told.push({
      period,
      from: standing.period.from,
      to: standing.period.to,
      against: standing.ruleSet.name,
      segments: segmentsOut(segments),
      units: names.size,
      moved: moved
        .map((each) => ({
          unit: { id: each.key, name: names.get(each.key)?.shortName ?? each.key },
          before: standingOut(each.before, standing.ruleSet),
          after: standingOut(each.after, ends),
          why: each.why.map(whyOut),
        }))
        .sort((a, b) => distance(b) - distance(a) || (a.unit.id < b.unit.id ? -1 : 1)),
    });
  }
  return { rules: name, scope, periods: told };
}

function distance({ before, after }: Record<"before" | "after", { readonly rank: number | null }>): number {
  return before.rank === null || after.rank === null ? 0 : Math.abs(before.rank - after.rank);
}

function standingOut({ group, rank, unranked, score }: Standing, rules: RuleSet) {
  return {
    group,
    rank,
    unranked: unranked && unrankedText(unranked),
    score: scoreText(score, rules),
  };
}

function whyOut(why: Why): { code: string; text: string; points: number | null } {
  if (why.code === "part") {
    const points = toNumber(why.after) - toNumber(why.before);
    const text = `${QUESTION_NAMES[why.question]}得分由 ${shown(why.before)} 变为 ${shown(why.after)}`;
    return { code: why.code, text, points: Math.round(points * 1e6) / 1e6 };
  }
  if (why.code === "points" || why.code === "bound") {
    const what = { points: "加减分", bound: "得分上下限的影响" }[why.code];
    const text = `${what}由 ${pointsText(why.before)} 变为 ${pointsText(why.after)}`;
    return { code: why.code, text, points: toNumber(subtract(why.after, why.before)) };
  }
  if (why.code === "group") {
    const [from, to] = [why.before, why.after].map((group) => group ?? "未编组");
    return { code: why.code, text: `排名分组由“${from}”变为“${to}”`, points: null };
  }
  const texts = {
    ranked: "由不排名变为排名，或相反",
    others: "本单位得分未变，其他单位变动或同分处理不同",
  };
  return { code: why.code, text: texts[why.code], points: null };
}

const shown = (points: Fraction): string => toNumber(points).toFixed(2);
