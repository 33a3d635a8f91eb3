/**
 * 班次. Which shift an instant falls into: the shifts that the shift leads entered, and between them those that the rule
 * in force on the day gives. A shift of the rule lasts until the next one begins.
 */
import { inForce, type Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import type { TicketState } from "../ticket/state.ts";
import { addDays, type Day, dayOf, instant } from "../time/day.ts";

export interface DutyRules {
  /** Names and clock times ("08:00") at which shifts begin; in the order of the day. */
  readonly shifts: readonly { readonly name: string; readonly start: string }[];
  /** 久未处理: minutes after which a ticket that nobody signed (received) or accepted (dispatched) is an alarm. */
  readonly untouchedMinutes: Readonly<Record<Untouched, number>>;
  /** 即将到期: what falls due within so many minutes is an alarm. */
  readonly nearMinutes: number;
}

/** The states in which a ticket waits for somebody to take it up. */
export const UNTOUCHED = ["received", "dispatched"] as const satisfies readonly TicketState[];
export type Untouched = (typeof UNTOUCHED)[number];

/** A shift may still be handed over so long after its end. */
export const HANDOVER_GRACE_MS = 12 * 3_600_000;

/** A stretch of duty; the end is left out. Epoch milliseconds. */
export interface Slot {
  readonly name: string;
  readonly startsAt: number;
  readonly endsAt: number;
}

/** The shifts that touch [from, before), soonest first: those entered, and those of the rules that touch none of them. */
export function roster<T extends Slot>(
  rules: readonly Version<DutyRules>[],
  entered: readonly T[],
  from: number,
  before: number,
): readonly (T | Slot)[] {
  const own = entered.filter((slot) => touches(slot, { startsAt: from, endsAt: before }));
  const byRule = slotsByRule(rules, from, before).filter((slot) => !entered.some((e) => touches(e, slot)));
  return [...own, ...byRule].sort((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);
}

/** The shift that holds an instant; where two do, the one that began last. */
export function slotAt<T extends Slot>(slots: readonly T[], at: number): T | null {
  return slots.filter((s) => s.startsAt <= at && at < s.endsAt).at(-1) ?? null;
}

export function touches(a: Pick<Slot, "startsAt" | "endsAt">, b: Pick<Slot, "startsAt" | "endsAt">): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

export function dutyRulesOn(rules: readonly Version<DutyRules>[], at: number): Version<DutyRules> {
  const version = inForce(rules, dayOf(at));
  if (!version.ok) throw new Error(`no duty rules on ${dayOf(at)}`);
  return version.value;
}

/** Beginnings of the day before, until the first of the day after: each ends where the next begins. */
function slotsByRule(rules: readonly Version<DutyRules>[], from: number, before: number): readonly Slot[] {
  const starts: { name: string; at: number }[] = [];
  const last = addDays(dayOf(before), 1);
  for (let day: Day = addDays(dayOf(from), -1); day <= last; day = addDays(day, 1))
    for (const { name, start } of dutyRulesOn(rules, instant(day, "00:00")).body.shifts)
      starts.push({ name, at: instant(day, start) });
  return starts
    .map(({ name, at }, i) => ({ name, startsAt: at, endsAt: starts[i + 1]?.at ?? at }))
    .filter((slot) => slot.startsAt < before && slot.endsAt > from);
}

export function parseDutyRules(input: unknown): Parsed<Version<DutyRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["shifts", "untouchedMinutes", "nearMinutes"], say);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        shifts: shiftsIn(body.shifts, say),
        untouchedMinutes: untouchedIn(body.untouchedMinutes, say),
        nearMinutes: minutesIn(body.nearMinutes, "body.nearMinutes", say),
      },
    };
  });
}

function shiftsIn(input: unknown, say: Say): DutyRules["shifts"] {
  const shifts = listOf(input, "body.shifts", say).map((each, i) => {
    const path = `body.shifts[${i}]`;
    const { name, start } = fieldsOf(each, path, ["name", "start"], say);
    const time = typeof start === "string" && /^([01]\d|2[0-3]):[0-5]\d$/.test(start) ? start : null;
    if (time === null) say(`${path}.start`, "应为时刻，如 08:00");
    return { name: wordsOf(name, `${path}.name`, say), start: time ?? "00:00" };
  });
  if (shifts.length === 0) say("body.shifts", "至少要有一个班次");
  if (shifts.some((s, i) => i > 0 && s.start <= (shifts[i - 1]?.start ?? "")))
    say("body.shifts", "应按起始时刻从早到晚排列，且互不相同");
  return shifts;
}

function untouchedIn(input: unknown, say: Say): DutyRules["untouchedMinutes"] {
  const path = "body.untouchedMinutes";
  const fields = fieldsOf(input, path, UNTOUCHED, say);
  return {
    received: minutesIn(fields.received, `${path}.received`, say),
    dispatched: minutesIn(fields.dispatched, `${path}.dispatched`, say),
  };
}

function minutesIn(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input > 0) return input;
  say(path, "应为正整数（分钟）");
  return 1;
}
