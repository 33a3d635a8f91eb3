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
import { add, decimalText, type Fraction, fraction, multiply, ZERO } from "./fraction.ts";
import type { BaseFormula, RuleSet } from "./ruleset.ts";

/** How a report reads the ledger: under which rule set, with or without the exempt tickets. */
export interface Reading {
  readonly rules: Pick<RuleSet, "base" | "scopes">;
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
export type Counts = Readonly<Record<Figure, number>>;

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
  return countsBy((figure) => counts[figure] + (isCounted(entry, figure, reading) ? times : 0));
}

/** So many entries of one kind, counted under one key: a unit, a street, a day. */
export interface KeyedEntries {
  readonly key: string;
  readonly entry: Entry;
  readonly times: number;
}

/** Counts by key: what addEntry gives for each key, asking the rules once for each kind of entry. */
export function countsByKey(entries: Iterable<KeyedEntries>, reading: Reading): ReadonlyMap<string, Counts> {
  const figuresOf = new Map<string, readonly Figure[]>();
  const byKey = new Map<string, Record<Figure, number>>();
  for (const { key, entry, times } of entries) {
    const kind = cellKey(entry);
    const figures = figuresOf.get(kind) ?? FIGURES.filter((figure) => isCounted(entry, figure, reading));
    figuresOf.set(kind, figures);
    const counts = byKey.get(key) ?? { ...noCounts() };
    byKey.set(key, counts);
    for (const figure of figures) counts[figure] += times;
  }
  return byKey;
}

/** Counts of two groups together. Both must have been read under the same rules and scope. */
export function mergeCounts(a: Counts, b: Counts): Counts {
  return countsBy((figure) => a[figure] + b[figure]);
}

/** 响应率, 解决率, 满意率 of the counts, with the rule set's worth of each answer. */
export function ratesOf(counts: Counts, rules: Pick<RuleSet, "answers">): Rates {
  return {
    response: rateOf(counts, "response", rules),
    solution: rateOf(counts, "solution", rules),
    satisfaction: rateOf(counts, "satisfaction", rules),
  };
}

/** "96.4%", half away from zero; "—" for an empty base. */
export function rateText(rate: Rate, digits: number): string {
  return rate === null ? "—" : `${decimalText(multiply(rate, fraction(100)), digits)}%`;
}

function rateOf(counts: Counts, question: Question, rules: Pick<RuleSet, "answers">): Rate {
  const base = counts[ASKED[question]];
  if (base === 0) return null;
  let earned = ZERO;
  for (const answer of ANSWERS[question]) {
    earned = add(earned, multiply(rules.answers[answer], fraction(counts[answer])));
  }
  return multiply(earned, fraction(1, base));
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

function countsBy(count: (figure: Figure) => number): Counts {
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
  };
}
