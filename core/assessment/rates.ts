/**
 * Three rates 三率: counts of ledger entries, and the response, solution and satisfaction rate they give.
 * A rate's numerator is the weighted known answers; a blank, an exempt ticket or a callback that was not valid
 * is in neither numerator nor denominator. An empty base gives no rate (null, shown "—"), never zero.
 */
import {
  ANSWERS,
  type Answer,
  answerTo,
  cellKey,
  type Entry,
  QUESTIONS,
  type Question,
  type StatScope,
} from "./entry.ts";
import { decimalText, type Fraction, fraction, inMillionths, MILLION, multiply } from "./fraction.ts";
import type { BaseFormula, RuleSet } from "./ruleset.ts";

/** How a report reads the ledger: under which rule set, with or without the exempt tickets. */
export interface Reading {
  readonly rules: Pick<RuleSet, "base" | "scopes" | "answers">;
  readonly scope: StatScope;
}

/** The denominators of the three rates 应答基数. */
export const ASKED = {
  response: "responseBase",
  solution: "solutionBase",
  satisfaction: "satisfactionBase",
} as const satisfies Record<Question, string>;

/** Everything that is counted: 件数, 有效回访, the three denominators, and each answer within them. */
export type Figure = "tickets" | "base" | (typeof ASKED)[Question] | Answer;
export const FIGURES: readonly Figure[] = [
  "tickets",
  "base",
  ...QUESTIONS.flatMap((question) => [ASKED[question], ...ANSWERS[question]]),
];

/** The numerators of the three rates 得分子: what the answers are worth, in millionths (a worth has six decimals at most). */
export const EARNED = {
  response: "responseEarned",
  solution: "solutionEarned",
  satisfaction: "satisfactionEarned",
} as const satisfies Record<Question, string>;

/** Everything that adds up: the figures, and what was earned. */
export type Sum = Figure | (typeof EARNED)[Question];
export const SUMS: readonly Sum[] = [...FIGURES, ...QUESTIONS.map((question) => EARNED[question])];
/**
 * What was counted of some entries. What an answer is worth is asked when it is counted and not when the rate is taken, so that
 * entries read under several versions of a rule add up, and whoever reads the sum need not know of the versions.
 */
export type Counts = Readonly<Record<Sum, number>>;

/** A rate as an exact fraction from 0 to 1, null when its base is empty. */
export type Rate = Fraction | null;
export type Rates = Readonly<Record<Question, Rate>>;

/** Why an entry is outside a rate. */
export type LeftOut =
  | "scope" // 不纳入, or 仅响应率 for the other two rates
  | "noValidCallback" // 未有效回访
  | "blank" // this question was not answered
  | "incomplete"; // another question was not answered, and the rule set leaves such callbacks out whole

/** Why the entry does not count in that rate, null when it does. The one place that decides it. */
export function leftOut(entry: Entry, question: Question, { rules, scope }: Reading): LeftOut | null {
  const counted = rules.scopes[scope][entry.scope];
  if (!counted.includes(question)) return "scope";
  if (!entry.valid) return "noValidCallback";
  return BLANKS[rules.base.formula](entry, question, counted, rules.base);
}

/** Whether an entry is one of those that a figure counts. */
export function isCounted(entry: Entry, figure: Figure, reading: Reading): boolean {
  const counted = reading.rules.scopes[reading.scope][entry.scope];
  if (figure === "tickets") return counted.length > 0;
  if (figure === "base") return inBase(entry, counted, reading);
  const question = questionOf(figure);
  if (leftOut(entry, question, reading) !== null) return false;
  return figure === ASKED[question] || answerTo(entry, question) === figure;
}

export function noCounts(): Counts {
  return countsBy(() => 0);
}

/**
 * Counts with `times` more entries of this kind; below zero takes them out again, which is how a correction
 * replaces what an entry said before.
 */
export function addEntry(counts: Counts, entry: Entry, reading: Reading, times = 1): Counts {
  const more = new Map(sumsOf(entry, reading));
  return countsBy((sum) => counts[sum] + (more.get(sum) ?? 0) * times);
}

/** So many entries of one kind, counted under one key: a unit, a street, a day. */
export interface KeyedEntries {
  readonly key: string;
  readonly entry: Entry;
  readonly times: number;
}

/**
 * Counts by key: what addEntry gives for each key, asking the rules once for each kind of entry. Who hands in many of one kind had
 * better hand in the same entry for all of them: it is known again without being read.
 */
export function countsByKey(entries: Iterable<KeyedEntries>, reading: Reading): ReadonlyMap<string, Counts> {
  const seen = new Map<Entry, Float64Array>();
  const known = new Map<string, Float64Array>();
  const byKey = new Map<string, Float64Array>();
  for (const { key, entry, times } of entries) {
    let worth = seen.get(entry);
    if (worth === undefined) {
      const kind = cellKey(entry);
      worth = known.get(kind) ?? inPlaces(sumsOf(entry, reading));
      known.set(kind, worth);
      seen.set(entry, worth);
    }
    let sums = byKey.get(key);
    if (sums === undefined) {
      sums = new Float64Array(SUMS.length);
      byKey.set(key, sums);
    }
    for (let at = 0; at < worth.length; at++) sums[at] = (sums[at] ?? 0) + (worth[at] ?? 0) * times;
  }
  return new Map([...byKey].map(([key, sums]) => [key, countsBy((sum) => sums[SUMS.indexOf(sum)] ?? 0)]));
}

/** What one entry adds, by the place of each sum among SUMS. */
function inPlaces(sums: Sums): Float64Array {
  const places = new Float64Array(SUMS.length);
  for (const [sum, one] of sums) places[SUMS.indexOf(sum)] = one;
  return places;
}

/** Counts of two groups together. Both must have been read in the same scope. */
export function mergeCounts(a: Counts, b: Counts): Counts {
  return countsBy((sum) => a[sum] + b[sum]);
}

/** 响应率, 解决率, 满意率 of the counts. */
export function ratesOf(counts: Counts): Rates {
  return {
    response: rateOf(counts, "response"),
    solution: rateOf(counts, "solution"),
    satisfaction: rateOf(counts, "satisfaction"),
  };
}

/** The numerator of a rate: what the counted answers are worth together. */
export function earnedIn(counts: Counts, question: Question): Fraction {
  return fraction(counts[EARNED[question]], MILLION);
}

/** "96.4%", half away from zero; "—" for an empty base. */
export function rateText(rate: Rate, digits: number): string {
  return rate === null ? "—" : `${decimalText(multiply(rate, fraction(100)), digits)}%`;
}

function rateOf(counts: Counts, question: Question): Rate {
  const base = counts[ASKED[question]];
  return base === 0 ? null : multiply(earnedIn(counts, question), fraction(1, base));
}

type Sums = readonly (readonly [Sum, number])[];

/** What one entry adds to each sum; sums it adds nothing to are left out. */
function sumsOf(entry: Entry, reading: Reading): Sums {
  const figures = FIGURES.filter((figure) => isCounted(entry, figure, reading));
  const earned = QUESTIONS.flatMap((question) => {
    const answer = answerTo(entry, question);
    if (answer === null || leftOut(entry, question, reading) !== null) return [];
    return [[EARNED[question], inMillionths(reading.rules.answers[answer])] as const];
  });
  return [...figures.map((figure) => [figure, 1] as const), ...earned];
}

type BlankCheck = (
  entry: Entry,
  question: Question,
  counted: readonly Question[],
  base: RuleSet["base"],
) => LeftOut | null;

/** What a blank does under each base formula; the entry is known to have a valid callback. */
const BLANKS: Readonly<Record<BaseFormula, BlankCheck>> = {
  perQuestion: (entry, question) => (answerTo(entry, question) === null ? "blank" : null),
  validCallback: (entry, question, counted, base) => {
    if (base.formula === "validCallback" && base.blanks === "keep") return null;
    if (answerTo(entry, question) === null) return "blank";
    return counted.some((each) => answerTo(entry, each) === null) ? "incomplete" : null;
  },
};

/** 有效回访 in scope; under one shared base, only those that the base keeps. */
function inBase(entry: Entry, counted: readonly Question[], reading: Reading): boolean {
  if (counted.length === 0 || !entry.valid) return false;
  if (reading.rules.base.formula === "perQuestion") return true;
  return counted.some((question) => leftOut(entry, question, reading) === null);
}

const QUESTION_OF = new Map<Figure, Question>(
  QUESTIONS.flatMap((question) =>
    [ASKED[question], ...ANSWERS[question]].map((figure): [Figure, Question] => [figure, question]),
  ),
);

function questionOf(figure: Figure): Question {
  const question = QUESTION_OF.get(figure);
  if (question === undefined) throw new Error(`${figure} belongs to no question`);
  return question;
}

function countsBy(count: (sum: Sum) => number): Counts {
  return {
    tickets: count("tickets"),
    base: count("base"),
    responseBase: count("responseBase"),
    contacted: count("contacted"),
    notContacted: count("notContacted"),
    solutionBase: count("solutionBase"),
    solved: count("solved"),
    partlySolved: count("partlySolved"),
    unsolved: count("unsolved"),
    satisfactionBase: count("satisfactionBase"),
    satisfied: count("satisfied"),
    basicallySatisfied: count("basicallySatisfied"),
    dissatisfied: count("dissatisfied"),
    responseEarned: count("responseEarned"),
    solutionEarned: count("solutionEarned"),
    satisfactionEarned: count("satisfactionEarned"),
  };
}
