/**
 * 市级时限. The city's own deadline (时限要求) that came with a ticket binds our clocks: the earlier of the two is due.
 *
 * Our rules reckon when a unit must report and a ticket be closed; where the city wrote an earlier instant, that one
 * counts, and neither a pause nor an extension of ours moves it. A city deadline that had passed before the clock began,
 * or before it was taken up again after 挂账, is not the unit's lateness and binds nothing.
 */
import type { Clock } from "./clock.ts";
import type { ClockKind } from "./kind.ts";

const BOUND: readonly ClockKind[] = ["report", "closing"];

/** The clock, due no later than the city's deadline; the near-due point keeps its distance but not before the start. */
export function boundByCity(clock: Clock, cityDueAt: number | null): Clock {
  if (cityDueAt === null || !BOUND.includes(clock.kind) || clock.endedAt !== null) return clock;
  const begun = clock.takenUpAt ?? clock.startedAt;
  if (cityDueAt <= begun || cityDueAt >= clock.dueAt) return clock;
  const nearAt = Math.max(begun, cityDueAt - (clock.dueAt - clock.nearAt));
  return { ...clock, dueAt: cityDueAt, nearAt: Math.min(cityDueAt, nearAt) };
}
