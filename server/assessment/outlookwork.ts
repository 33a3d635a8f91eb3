/** 测算线程的来件与回件. What the forecast's thread is given, and what it answers. */
import type { Coverage, PastPeriod } from "@jiesu/core/outlook/calibration.ts";
import type { Expected, Outlook } from "@jiesu/core/outlook/forecast.ts";

/** What is to be forecast, and the past (newest first), or what the forecast was worth already. */
export interface Work {
  readonly outlook: Omit<Outlook, "looseness">;
  readonly past: readonly PastPeriod[];
  readonly known: Calibration | null;
}

/** How often the stated bounds held in past periods that had no say in the looseness. */
export interface Calibration extends Coverage {
  readonly periods: number;
  readonly looseness: number;
}

export interface Reckoned {
  readonly expected: readonly Expected[];
  readonly calibration: Calibration | null;
}
