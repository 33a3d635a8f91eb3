/** 班次的读取. Which shifts there are around an instant: those entered, and between them those of the rule. */
import { roster, type Slot, slotAt } from "@jiesu/core/duty/shifts.ts";
import { addDays, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import type { Shell } from "../platform/shell.ts";
import { type EnteredShift, enteredShifts } from "./store.ts";

export type RosterShift = EnteredShift | Slot;

const DAY_MS = 86_400_000;

/** The shifts that touch a stretch of time. */
export async function rosterOf(shell: Shell, from: number, before: number): Promise<readonly RosterShift[]> {
  // Entered shifts up to a day off count too: they displace those of the rule.
  const entered = await enteredShifts(shell.db, from - DAY_MS, before + DAY_MS);
  return roster(shell.rules.duty, entered, from, before);
}

export interface DutyNow {
  readonly current: RosterShift | null;
  readonly previous: RosterShift | null;
  readonly next: RosterShift | null;
}

/** The shift that is on, the one before and the one after. */
export async function dutyNow(shell: Shell): Promise<DutyNow> {
  const now = shell.now();
  const slots = await rosterOf(shell, now - DAY_MS, now + DAY_MS);
  const current = slotAt(slots, now);
  const ended = slots.filter((s) => s.endsAt <= (current?.startsAt ?? now));
  return {
    current,
    previous: ended.at(-1) ?? null,
    next: slots.find((s) => s.startsAt >= (current?.endsAt ?? now)) ?? null,
  };
}

/** When the shift that is on ends; the end of the day where none is. */
export async function shiftEnd(shell: Shell): Promise<number> {
  const { current } = await dutyNow(shell);
  return current?.endsAt ?? startOfDay(addDays(dayOf(shell.now()), 1));
}
