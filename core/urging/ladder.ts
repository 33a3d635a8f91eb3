/**
 * 催办阶梯. Who is urged when a clock draws near its end or has passed it, by which means and in which words; and when
 * nobody is to be disturbed. Dated rules: a file under rules/urging/ is one version, read by ladderfile.ts.
 */
import type { ClockKind, Owed } from "../deadline/kind.ts";
import type { Level } from "../deadline/level.ts";
import type { Means } from "../notify/means.ts";
import { inForce, type Version } from "../rules/effective.ts";
import type { Day } from "../time/day.ts";

/** Whom a step urges; people are found when it is fired. */
export const TARGETS = {
  /** Who took the ticket up: in the unit that owes the answer, or in the centre. Nobody yet: all who may. */
  holder: "经办人",
  unitLead: "单位负责人",
  /** Leads of the unit above. */
  superior: "上级单位负责人",
  supervisor: "督办员",
  /** Of the shift that is on; where none is entered, every shift lead. */
  shiftLead: "值班长",
  leader: "中心领导",
} as const;

export type Target = keyof typeof TARGETS;

export function isTarget(value: unknown): value is Target {
  return typeof value === "string" && Object.hasOwn(TARGETS, value);
}

/** When a step comes: at a clock's near point or due time, or so much before or after the due time. */
export type StepAt =
  | "near"
  | "due"
  | { readonly beforeDue: number; readonly unit: "hours" }
  | { readonly overdue: number; readonly unit: "hours" | "days" | "workdays" };

export interface LadderStep {
  readonly id: string;
  readonly zh: string;
  readonly at: StepAt;
  readonly when: { readonly level?: readonly Level[]; readonly clock?: readonly ClockKind[] };
  readonly to: readonly Target[];
  readonly by: readonly Means[];
  /** With the fields of words.ts. */
  readonly words: string;
}

/** 夜间免打扰: when those who owe the answer are not urged by the ladder, at these levels. */
export interface Quiet {
  readonly levels: readonly Level[];
  readonly owed: readonly Owed[];
  /** Clock times; the end may lie after midnight. */
  readonly from: string;
  readonly to: string;
  /** Whether days that are no workdays are quiet as a whole. */
  readonly offDays: boolean;
}

export interface Ladder {
  /** The same ticket is not urged by hand again within so many minutes. */
  readonly repeatMinutes: number;
  /** A step whose time passed longer ago is not made up for: a worker that was off does not wake everybody. */
  readonly lapseHours: number;
  readonly quiet: readonly Quiet[];
  readonly byHand: { readonly to: readonly Target[]; readonly by: readonly Means[]; readonly words: string };
  readonly steps: readonly LadderStep[];
}

/** The step of an urge that a person made. */
export const BY_HAND = "hand";

/** The ladder in force on a day; null before the first. */
export function ladderOn(versions: readonly Version<Ladder>[], day: Day): Version<Ladder> | null {
  const found = inForce(versions, day);
  return found.ok ? found.value : null;
}
