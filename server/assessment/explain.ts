/**
 * 考核解释. Where a figure comes from: numerator, denominator, what was left out and why, rule and version; replayed from the
 * entries of the ledger and compared with what is shown. Of the whole period, of each segment of it, and ticket by ticket.
 */
import type { ChosenRules } from "@jiesu/core/assessment/choice.ts";
import { answerTo, QUESTION_NAMES, QUESTIONS, type StatScope } from "@jiesu/core/assessment/entry.ts";
import { explainRate, type PlacedEntry, readingOf } from "@jiesu/core/assessment/explained.ts";
import { fraction, multiply, toNumber } from "@jiesu/core/assessment/fraction.ts";
import { atLevel, LEVELS, type Level } from "@jiesu/core/assessment/level.ts";
import { ENTRY_SCOPE_NAMES, FIGURE_NAMES, LEFT_OUT_NAMES } from "@jiesu/core/assessment/measures.ts";
import { groupOf } from "@jiesu/core/assessment/ranking.ts";
import { addEntry, leftOut, noCounts, type Reading, rateText, SUMS } from "@jiesu/core/assessment/rates.ts";
import { BINDINGS } from "@jiesu/core/assessment/ruleset.ts";
import { resultOf, scoreText } from "@jiesu/core/assessment/score.ts";
import { readingsOf, segmentOn } from "@jiesu/core/assessment/segments.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { contendersOf } from "./figures.ts";
import { type FrozenRow, frozenRows } from "./frozen.ts";
import { lastEntries } from "./ledger.ts";
import { ScorePartsOut, scorePartsOf } from "./scoreparts.ts";
import { DensityOut, densityOut, ResultOut, RulesOut, resultOut, rulesOut } from "./shape.ts";
import { unitNames } from "./store.ts";

const count = z.number().int();

const RateOut = z.object({
  question: z.enum(QUESTIONS),
  name: z.string(),
  /** Worth of the answers, by answer: times × worth. */
  numerator: z.number(),
  parts: z.array(z.object({ answer: z.string(), times: count, worth: z.number() })),
  denominator: count,
  text: z.string(),
  excluded: z.array(z.object({ reason: z.string(), why: z.string(), times: count })),
});

/** One ticket's round in the figures: under which version, and what it adds to each rate. */
const TicketOut = z.object({
  ticketId: z.string(),
  number: z.string(),
  round: count,
  /** The entry of the ledger. */
  seq: count,
  day: z.string().nullable(),
  rules: z.object({ name: z.string(), from: z.string() }),
  scope: z.string(),
  scopeZh: z.string(),
  questions: z.array(
    z.object({
      question: z.enum(QUESTIONS),
      answer: z.string().nullable(),
      /** What it adds to the numerator; null where it is not in the denominator either. */
      earned: z.number().nullable(),
      leftOut: z.string().nullable(),
    }),
  ),
});

export const ExplainOut = z.object({
  unit: z.object({ id: z.string(), name: z.string(), kind: z.string() }),
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  level: z.enum(LEVELS),
  scope: z.string(),
  rules: RulesOut,
  rates: z.array(RateOut),
  /** 各区段: what each version's days add to the rates; one alone where no rule began within the period. */
  segments: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      rules: z.object({
        name: z.string(),
        title: z.string(),
        from: z.string(),
        binds: z.enum(BINDINGS),
        source: z.string(),
      }),
      entries: count,
      rates: z.array(RateOut),
    }),
  ),
  score: z.string(),
  result: ResultOut,
  /** 分类 in the period, and the group that it is ranked in. */
  unitClass: z.string().nullable(),
  group: z.string().nullable(),
  density: DensityOut,
  /** What the score is made of. */
  made: ScorePartsOut,
  /** Of a closed period: replayed from its frozen rows. */
  closed: z.boolean(),
  /** Rounds that were voided by a return or a new dispatch: they count for nobody. */
  voided: count,
  /** How many entries of the ledger it was replayed from. */
  entries: count,
  /** Whether the replay gives what the ranking shows. */
  replayAgrees: z.boolean(),
  /** 逐件, where asked for. */
  tickets: z.array(TicketOut).optional(),
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
    /** Ticket by ticket too. */
    readonly tickets: boolean;
  },
): Promise<z.infer<typeof ExplainOut>> {
  const { level, scope } = asked;
  const { chosen, contenders, names, populations, given, closed } = await contendersOf(
    shell,
    asked.period,
    asked,
  );
  const unit = names.get(asked.unitId) ?? (await unitNames(shell.db, [asked.unitId])).get(asked.unitId);
  if (!unit) throw new Refused({ code: "not-found" });
  const { ruleSet: rules, segments } = chosen;
  const replayed =
    closed === null
      ? await replayedRows(shell, unit.id, chosen, level)
      : { rows: await frozenRows(shell.db, closed, unit.id), voided: 0 };
  const readings = readingsOf(segments, scope);
  const counts = replayed.rows.reduce(
    (sum, row) => addEntry(sum, row.entry, readingOf(row, readings)),
    noCounts(),
  );
  const listed = contenders.find((each) => each.key === unit.id);
  // A unit without a ticket is not listed, and what was given to it is told all the same.
  const facts = listed ?? { kind: unit.kind, unitClass: null, given: given.get(unit.id) ?? [] };
  const result = resultOf(counts, rules, facts.given);
  const shown = listed?.counts ?? noCounts();
  const ratesOut = (rows: readonly PlacedEntry[], read: readonly Reading[]) =>
    QUESTIONS.map((question) => rateOut(question, rows, read, rules.rateDigits));
  return {
    unit: { id: unit.id, name: unit.name, kind: unit.kind },
    period: chosen.period,
    level,
    scope,
    rules: rulesOut(chosen),
    rates: ratesOut(replayed.rows, readings),
    segments: segments.map(({ from, to, ruleSet }, at) => {
      const rows = replayed.rows.filter((row) => row.segment === at);
      const { name, title, binds, source } = ruleSet;
      return {
        from,
        to,
        rules: { name, title, from: ruleSet.from, binds, source },
        entries: rows.length,
        // By its own version alone: the worths of the others are not its.
        rates: ratesOut(
          rows.map((row) => ({ ...row, segment: 0 })),
          readings.slice(at, at + 1),
        ),
      };
    }),
    score: scoreText(result.score, rules),
    result: resultOut(result, rules),
    unitClass: facts.unitClass ?? null,
    group: groupOf(facts, rules.groups)?.name ?? null,
    density: densityOut(counts.tickets, unit.id, { period: chosen.period, populations, ruleSet: rules }),
    made: await scorePartsOf(shell.db, facts, result, rules, closed),
    closed: closed !== null,
    voided: replayed.voided,
    entries: replayed.rows.length + replayed.voided,
    replayAgrees: SUMS.every((sum) => shown[sum] === counts[sum]),
    ...(asked.tickets
      ? { tickets: replayed.rows.map((row) => ticketOut(row, chosen, readingOf(row, readings))) }
      : {}),
  };
}

/** What the ledger says last of every ticket of the unit in the period; voided rounds are counted apart. */
async function replayedRows(
  shell: Shell,
  unitId: string,
  { segments, period }: Awaited<ReturnType<typeof contendersOf>>["chosen"],
  level: Level,
): Promise<{ readonly rows: readonly FrozenRow[]; readonly voided: number }> {
  const { fromAt, beforeAt } = instantsOf(period);
  const entries = await lastEntries(shell.db, unitId, fromAt, beforeAt);
  const standing = entries.filter((entry) => !entry.void);
  const rows = standing.map((kept): FrozenRow => {
    const { ticketId, number, round, seq, countedAt } = kept;
    const segment = segments.indexOf(segmentOn(segments, dayOf(countedAt.getTime())));
    return { ticketId, number, round, seq, countedAt, segment, entry: atLevel(kept, level) };
  });
  return { rows, voided: entries.length - standing.length };
}

function rateOut(
  question: (typeof QUESTIONS)[number],
  rows: readonly PlacedEntry[],
  readings: readonly Reading[],
  digits: number,
): z.infer<typeof RateOut> {
  const { numerator, parts, denominator, excluded } = explainRate(question, rows, readings);
  const rate = denominator === 0 ? null : multiply(numerator, fraction(1, denominator));
  return {
    question,
    name: QUESTION_NAMES[question],
    numerator: toNumber(numerator),
    parts: parts.map(({ answer, times, worth }) => ({
      answer: FIGURE_NAMES[answer],
      times,
      worth: toNumber(worth),
    })),
    denominator,
    text: rateText(rate, digits),
    excluded: excluded.map(({ reason, times }) => ({ reason, why: LEFT_OUT_NAMES[reason], times })),
  };
}

function ticketOut(
  { entry, countedAt, segment, ...row }: FrozenRow,
  { segments }: Pick<ChosenRules, "segments">,
  reading: Reading,
): z.infer<typeof TicketOut> {
  const rules = segments[segment]?.ruleSet;
  return {
    ticketId: row.ticketId,
    number: row.number,
    round: row.round,
    seq: row.seq,
    day: countedAt && dayOf(countedAt.getTime()),
    rules: { name: rules?.name ?? "", from: rules?.from ?? "" },
    scope: entry.scope,
    scopeZh: ENTRY_SCOPE_NAMES[entry.scope],
    questions: QUESTIONS.map((question) => {
      const answer = answerTo(entry, question);
      const why = leftOut(entry, question, reading);
      const worth = answer === null ? 0 : toNumber(reading.rules.answers[answer]);
      return {
        question,
        answer: answer && FIGURE_NAMES[answer],
        earned: why === null ? worth : null,
        leftOut: why && LEFT_OUT_NAMES[why],
      };
    }),
  };
}
