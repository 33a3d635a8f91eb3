/** 一件工单的考核台账. Where one ticket counts, at both levels, under which version of the rules, with its whole history. */
import { choosePeriod, chooseRuleSet, settingsOf } from "@jiesu/core/assessment/choice.ts";
import { answerTo, QUESTION_NAMES, QUESTIONS, type StatScope } from "@jiesu/core/assessment/entry.ts";
import { atLevel, LEVEL_NAMES, LEVELS, type Level } from "@jiesu/core/assessment/level.ts";
import { ENTRY_SCOPE_NAMES, FIGURE_NAMES, LEFT_OUT_NAMES } from "@jiesu/core/assessment/measures.ts";
import { leftOut } from "@jiesu/core/assessment/rates.ts";
import { BINDINGS } from "@jiesu/core/assessment/ruleset.ts";
import { type Segment, segmentOn } from "@jiesu/core/assessment/segments.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import { type PeriodName, periodOn } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { closedSegments } from "./frozen.ts";
import { entriesOfTicket, type LedgerEntry } from "./ledger.ts";
import { rulebook } from "./rulebook.ts";

const count = z.number().int();

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
          /** The version of the day that the round counts on; of a closed period, the one it was closed under. */
          rules: z.object({
            name: z.string(),
            title: z.string(),
            from: z.string(),
            binds: z.enum(BINDINGS),
            source: z.string(),
          }),
          /** The days of the period that this version has; null where it has all of them. */
          days: z.object({ from: z.string(), to: z.string() }).nullable(),
          closed: z.boolean(),
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
  const told = [...rounds].map(async ([round, history]) => {
    const last = history.at(-1) ?? first;
    const levels = last.void
      ? []
      : await Promise.all(books.map(({ level, book }) => levelOf(shell, last, level, book, scope)));
    return {
      round,
      unit: unitOf(last),
      countedAt: last.countedAt.toISOString(),
      void: last.void,
      levels: levels.filter((level) => level !== null),
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
  });
  return { ticketId, number: first.number, rounds: await Promise.all(told) };
}

/** Null when the level has no rules at all. */
async function levelOf(
  shell: Shell,
  last: LedgerEntry,
  level: Level,
  book: Awaited<ReturnType<typeof rulebook>>,
  scope: StatScope,
) {
  const day = dayOf(last.countedAt.getTime());
  const found = await segmentsAt(shell, level, book, day);
  if (found === null) return null;
  const { name, segments, closed } = found;
  const { from, to, ruleSet } = segmentOn(segments, day);
  const entry = atLevel(last, level);
  return {
    level,
    levelZh: LEVEL_NAMES[level],
    period: name,
    rules: {
      name: ruleSet.name,
      title: ruleSet.title,
      from: ruleSet.from,
      binds: ruleSet.binds,
      source: ruleSet.source,
    },
    days: segments.length > 1 ? { from, to } : null,
    closed,
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

/** The period of a day and the versions that it falls under: those it was closed under, or those in force. */
async function segmentsAt(
  shell: Shell,
  level: Level,
  book: Awaited<ReturnType<typeof rulebook>>,
  day: Day,
): Promise<{
  readonly name: PeriodName;
  readonly segments: readonly Segment[];
  readonly closed: boolean;
} | null> {
  const first = chooseRuleSet(book, day);
  if (first === null) return null;
  const { name, from, to } = periodOn(settingsOf(first.ruleSet, await periodsInForce(shell)), day);
  const closed = await closedSegments(shell.db, level, name);
  if (closed !== null) return { name, segments: closed, closed: true };
  const chosen = choosePeriod(book, await periodsInForce(shell), name);
  return { name, segments: chosen?.segments ?? [{ from, to, ruleSet: first.ruleSet }], closed: false };
}

function unitOf({ unitId, unitName, unitKind }: LedgerEntry) {
  return unitId === null ? null : { id: unitId, name: unitName ?? "", kind: unitKind ?? "" };
}
