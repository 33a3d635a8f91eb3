/**
 * 履约规则. Dated: which overdue clocks are incidents, the term (考核任期、合同期) in which incidents are counted, how many of a
 * kind raise the alarm, and how long an answer may take.
 */
import { type ClockKind, isClockKind } from "../deadline/kind.ts";
import { inForce, type Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { addDays, type Day } from "../time/day.ts";

export interface IncidentRules {
  /** Terms follow one another from this day, each so many months long. */
  readonly term: { readonly from: Day; readonly months: number };
  /** Every so many of a kind in a term raise the alarm. */
  readonly alarmEvery: number;
  /** Days within which a remedy that was asked for is to be answered, where nothing else is said. */
  readonly answerDays: number;
  readonly overdue: {
    /** Overdue is always an incident: what the centre owes. */
    readonly always: readonly ClockKind[];
    /** Only where nothing was done since the clock began: left lying. */
    readonly untouched: readonly ClockKind[];
  };
}

/** Days of a term, both counted. */
export interface Term {
  readonly from: Day;
  readonly to: Day;
}

export function incidentRulesOn(rules: readonly Version<IncidentRules>[], day: Day): Version<IncidentRules> {
  const version = inForce(rules, day);
  if (!version.ok) throw new Error(`no incident rules on ${day}`);
  return version.value;
}

/** The term that holds a day. A later version that begins within it cuts it: no day is in two terms. */
export function termOn(rules: readonly Version<IncidentRules>[], day: Day): Term {
  const { body, from } = incidentRulesOn(rules, day);
  const { term } = body;
  const first = monthNumber(term.from);
  let n = Math.floor((monthNumber(day) - first) / term.months);
  if (addMonths(term.from, n * term.months) > day) n -= 1;
  const starts = addMonths(term.from, n * term.months);
  const ends = addDays(addMonths(term.from, (n + 1) * term.months), -1);
  const later = rules.map((version) => version.from).filter((each) => each > day && each <= ends);
  const cut = later.sort()[0];
  return { from: starts < from ? from : starts, to: cut === undefined ? ends : addDays(cut, -1) };
}

const monthNumber = (day: Day): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;

/** So many months later; day of the month at most 28, as the reader demands. */
function addMonths(day: Day, months: number): Day {
  const all = monthNumber(day) + months;
  const year = String(Math.floor(all / 12)).padStart(4, "0");
  const month = String((all % 12) + 1).padStart(2, "0");
  return `${year}-${month}-${day.slice(8)}` as Day; // made of a checked day
}

export function parseIncidentRules(input: unknown): Parsed<Version<IncidentRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["term", "alarmEvery", "answerDays", "overdue"], say);
    const term = fieldsOf(body.term, "body.term", ["from", "months"], say);
    const overdue = fieldsOf(body.overdue, "body.overdue", ["always", "untouched"], say);
    const begins = dayIn(term.from, "body.term.from", say);
    if (Number(begins.slice(8)) > 28) say("body.term.from", "起始日应为每月 1 至 28 日");
    const always = kindsIn(overdue.always, "body.overdue.always", say);
    const untouched = kindsIn(overdue.untouched, "body.overdue.untouched", say);
    if (always.some((kind) => untouched.includes(kind)))
      say("body.overdue.untouched", "同一种时限只能列在一处");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        term: { from: begins, months: wholeIn(term.months, "body.term.months", say) },
        alarmEvery: wholeIn(body.alarmEvery, "body.alarmEvery", say),
        answerDays: wholeIn(body.answerDays, "body.answerDays", say),
        overdue: { always, untouched },
      },
    };
  });
}

function kindsIn(input: unknown, path: string, say: Say): readonly ClockKind[] {
  const list = listOf(input, path, say);
  const kinds = list.filter((each): each is ClockKind => typeof each === "string" && isClockKind(each));
  if (kinds.length < list.length) say(path, "没有这种时限");
  return kinds;
}

function wholeIn(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input > 0 && input <= 1000) return input;
  say(path, "应为正整数");
  return 1;
}
