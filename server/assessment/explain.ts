/**
 * 考核解释. Where a figure comes from: numerator, denominator, what was left out and why, rule and version; replayed from the
 * entries of the ledger and compared with what is shown. And where one ticket counts, at both levels, with its whole history.
 */
import { choosePeriod, chooseRuleSet, settingsOf } from "@jiesu/core/assessment/choice.ts";
import {
  ANSWERS,
  answerTo,
  QUESTION_NAMES,
  QUESTIONS,
  type StatScope,
} from "@jiesu/core/assessment/entry.ts";
import { add, fraction, multiply, toNumber, ZERO } from "@jiesu/core/assessment/fraction.ts";
import { atLevel, LEVEL_NAMES, LEVELS, type Level } from "@jiesu/core/assessment/level.ts";
import { ENTRY_SCOPE_NAMES, FIGURE_NAMES, LEFT_OUT_NAMES } from "@jiesu/core/assessment/measures.ts";
import {
  ASKED,
  addEntry,
  FIGURES,
  type LeftOut,
  leftOut,
  noCounts,
  rateText,
} from "@jiesu/core/assessment/rates.ts";
import { resultOf, scoreText } from "@jiesu/core/assessment/score.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { instantsOf, type PeriodName, periodOn } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { contendersOf } from "./figures.ts";
import { frozenRows } from "./frozen.ts";
import { entriesOfTicket, type LedgerEntry, lastEntries } from "./ledger.ts";
import { rulebook } from "./rulebook.ts";
import { ResultOut, RulesOut, resultOut, rulesOut } from "./shape.ts";
import { unitNames } from "./store.ts";

const count = z.number().int();

export const ExplainOut = z.object({
  unit: z.object({ id: z.string(), name: z.string(), kind: z.string() }),
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  level: z.enum(LEVELS),
  scope: z.string(),
  rules: RulesOut,
  rates: z.array(
    z.object({
      question: z.enum(QUESTIONS),
      name: z.string(),
      /** Worth of the answers, by answer: times × worth. */
      numerator: z.number(),
      parts: z.array(z.object({ answer: z.string(), times: count, worth: z.number() })),
      denominator: count,
      text: z.string(),
      excluded: z.array(z.object({ reason: z.string(), why: z.string(), times: count })),
    }),
  ),
  score: z.string(),
  result: ResultOut,
  /** Of a closed period: replayed from its frozen rows. */
  closed: z.boolean(),
  /** Rounds that were voided by a return or a new dispatch: they count for nobody. */
  voided: count,
  /** How many entries of the ledger it was replayed from. */
  entries: count,
  /** Whether the replay gives what the ranking shows. */
  replayAgrees: z.boolean(),
});

/** One unit in one period, replayed from the ledger. */
export async function explainUnit(
  shell: Shell,
  asked: {
    readonly unitId: string;
    readonly period: PeriodName;
    readonly level: Level;
    readonly scope: StatScope;
    readonly rules?: string | undefined;
  },
): Promise<z.infer<typeof ExplainOut>> {
  const { level, scope } = asked;
  const { chosen, contenders, names, closed } = await contendersOf(shell, asked.period, asked);
  const unit = names.get(asked.unitId) ?? (await unitNames(shell.db, [asked.unitId])).get(asked.unitId);
  if (!unit) throw new Refused({ code: "not-found" });
  const { fromAt, beforeAt } = instantsOf(chosen.period);
  const rules = chosen.ruleSet;
  const reading = { rules, scope };
  const all = closed === null ? await lastEntries(shell.db, unit.id, fromAt, beforeAt) : [];
  const standing =
    closed === null
      ? all.filter((entry) => !entry.void).map((entry) => atLevel(entry, level))
      : await frozenRows(shell.db, closed, unit.id);
  const counts = standing.reduce((sum, entry) => addEntry(sum, entry, reading), noCounts());
  const result = resultOf(counts, rules);
  const shown = contenders.find((each) => each.key === unit.id)?.counts ?? noCounts();
  return {
    unit: { id: unit.id, name: unit.name, kind: unit.kind },
    period: chosen.period,
    level,
    scope,
    rules: rulesOut(chosen),
    rates: QUESTIONS.map((question) => {
      const reasons = new Map<LeftOut, number>();
      for (const entry of standing) {
        const why = leftOut(entry, question, reading);
        if (why !== null) reasons.set(why, (reasons.get(why) ?? 0) + 1);
      }
      const earned = ANSWERS[question]
        .map((answer) => multiply(rules.answers[answer], fraction(counts[answer])))
        .reduce(add, ZERO);
      return {
        question,
        name: QUESTION_NAMES[question],
        numerator: toNumber(earned),
        parts: ANSWERS[question].map((answer) => ({
          answer: FIGURE_NAMES[answer],
          times: counts[answer],
          worth: toNumber(rules.answers[answer]),
        })),
        denominator: counts[ASKED[question]],
        text: rateText(result.rates[question], rules.rateDigits),
        excluded: [...reasons]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([reason, times]) => ({ reason, why: LEFT_OUT_NAMES[reason], times })),
      };
    }),
    score: scoreText(result.score, rules),
    result: resultOut(result, rules),
    closed: closed !== null,
    voided: closed === null ? all.length - standing.length : 0,
    entries: closed === null ? all.length : standing.length,
    replayAgrees: FIGURES.every((figure) => shown[figure] === counts[figure]),
  };
}

export const TicketExplainOut = z.object({
  ticketId: z.string(),
  number: z.string(),
  rounds: z.array(
    z.object({
      round: count,
      unit: z.object({ id: z.string(), name: z.string(), kind: z.string() }).nullable(),
      countedAt: z.iso.datetime(),
      void: z.boolean(),
      levels: z.array(
        z.object({
          level: z.enum(LEVELS),
          levelZh: z.string(),
          period: z.string(),
          rules: z.object({ name: z.string(), title: z.string(), from: z.string(), source: z.string() }),
          scope: z.string(),
          scopeZh: z.string(),
          scopeNote: z.string(),
          callbackId: z.string().nullable(),
          exemptionId: z.string().nullable(),
          questions: z.array(
            z.object({
              question: z.enum(QUESTIONS),
              name: z.string(),
              answer: z.string().nullable(),
              leftOut: z.string().nullable(),
            }),
          ),
        }),
      ),
      entries: z.array(
        z.object({
          seq: count,
          scope: z.string(),
          void: z.boolean(),
          source: z.string().nullable(),
          valid: z.boolean(),
          contacted: z.string().nullable(),
          solved: z.string().nullable(),
          satisfied: z.string().nullable(),
          callbackId: z.string().nullable(),
          exemptionId: z.string().nullable(),
          by: z.object({ event: z.string(), at: z.iso.datetime(), name: z.string() }).nullable(),
        }),
      ),
    }),
  ),
});

/** One ticket: in whose base it is, in which period, by which answers, since when and through whom. */
export async function explainTicket(
  shell: Shell,
  ticketId: string,
  scope: StatScope,
  ownUnit: string | null,
): Promise<z.infer<typeof TicketExplainOut>> {
  const entries = await entriesOfTicket(shell.db, ticketId);
  const seen = ownUnit === null ? entries : entries.filter((entry) => entry.unitId === ownUnit);
  const [first] = seen;
  if (first === undefined) throw new Refused({ code: "not-found" });
  const books = await Promise.all(
    LEVELS.map(async (level) => ({ level, book: await rulebook(shell, level) })),
  );
  const rounds = Map.groupBy(seen, (entry) => entry.round);
  return {
    ticketId,
    number: first.number,
    rounds: [...rounds].map(([round, history]) => {
      const last = history.at(-1) ?? first;
      return {
        round,
        unit: unitOf(last),
        countedAt: last.countedAt.toISOString(),
        void: last.void,
        levels: last.void
          ? []
          : books.flatMap(({ level, book }) => levelOf(shell, last, level, book, scope) ?? []),
        entries: history.map((entry) => ({
          seq: entry.seq,
          scope: entry.scope,
          void: entry.void,
          source: entry.source,
          valid: entry.valid,
          contacted: entry.contacted,
          solved: entry.solved,
          satisfied: entry.satisfied,
          callbackId: entry.callbackId,
          exemptionId: entry.exemptionId,
          by: entry.by && { event: entry.by.event, at: entry.by.at.toISOString(), name: entry.by.name },
        })),
      };
    }),
  };
}

/** Null when the level has no rules at all. */
function levelOf(
  shell: Shell,
  last: LedgerEntry,
  level: Level,
  book: Awaited<ReturnType<typeof rulebook>>,
  scope: StatScope,
) {
  const day = dayOf(last.countedAt.getTime());
  const first = chooseRuleSet(book, day);
  if (first === null) return null;
  const { name } = periodOn(settingsOf(first.ruleSet, shell.rules.periods), day);
  // The rules of a period are those in force on its first day: a change in the middle begins with the next one.
  const ruleSet = choosePeriod(book, shell.rules.periods, name)?.ruleSet ?? first.ruleSet;
  const entry = atLevel(last, level);
  return {
    level,
    levelZh: LEVEL_NAMES[level],
    period: name,
    rules: { name: ruleSet.name, title: ruleSet.title, from: ruleSet.from, source: ruleSet.source },
    scope: entry.scope,
    scopeZh: ENTRY_SCOPE_NAMES[entry.scope],
    scopeNote: last.scopeNote,
    callbackId: entry.valid ? last.callbackId : null,
    exemptionId: last.exemptionId,
    questions: QUESTIONS.map((question) => {
      const answer = answerTo(entry, question);
      const why = leftOut(entry, question, { rules: ruleSet, scope });
      return {
        question,
        name: QUESTION_NAMES[question],
        answer: answer && FIGURE_NAMES[answer],
        leftOut: why && LEFT_OUT_NAMES[why],
      };
    }),
  };
}

function unitOf({ unitId, unitName, unitKind }: LedgerEntry) {
  return unitId === null ? null : { id: unitId, name: unitName ?? "", kind: unitKind ?? "" };
}
