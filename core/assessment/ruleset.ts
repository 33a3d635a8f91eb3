/**
 * Rule set of assessment 考核规则: every figure a rate, score or rank depends on, as one dated version.
 * Formulas that differ in kind are named functions elsewhere; the rule set only names which one counts.
 */
import type { Day } from "../time/day.ts";
import type { AdjustmentRule } from "./adjustment.ts";
import type { Answer, EntryScope, Question, StatScope } from "./entry.ts";
import type { Fraction } from "./fraction.ts";
import type { Level } from "./level.ts";

export interface RuleSet {
  /** Short name used in addresses and on the command line, "district-2025". */
  readonly name: string;
  /** 规则名称, shown to users. */
  readonly title: string;
  readonly status: RuleSetStatus;
  /** 市级 or 区级: two sets of rules over the same tickets. */
  readonly level: Level;
  /** First day it is in force. */
  readonly from: Day;
  /** 生效方式: what it binds when that day lies within a period. */
  readonly binds: Binding;
  /** 依据: the paper or practice it was taken from. */
  readonly source: string;
  /** 批准人, or who has still to approve it. */
  readonly approvedBy: string;
  /** Name of the period setting (考核周期) that cuts the months. */
  readonly period: string;
  readonly base: BaseRule;
  /** What each answer is worth in its rate's numerator, 0 to 1. */
  readonly answers: Readonly<Record<Answer, Fraction>>;
  /** Which rates a ticket of each scope counts in, for each statistical scope. */
  readonly scopes: Readonly<Record<StatScope, Readonly<Record<EntryScope, readonly Question[]>>>>;
  /** Share of each rate in the score; they add up to 1. */
  readonly weights: Readonly<Record<Question, Fraction>>;
  readonly rateDigits: number;
  readonly scoreDigits: number;
  /** Whether two units with one shown score are equal, or the unrounded score decides first. */
  readonly rankBy: RankBy;
  /** Which volume breaks ties and is asked for by the minimum. */
  readonly volume: Volume;
  /** A unit below this volume is listed but not ranked. */
  readonly minimumVolume: number;
  readonly ties: TieRule;
  readonly groups: readonly RankGroup[];
  readonly total: TotalRule;
  /** 加减分; absent: the score is the weighted rates alone. */
  readonly adjustments?: AdjustmentRule;
}

/** 草稿 → 已审核 → 执行中 → 已被替代. Only those in force, or that once were, are chosen without being named. */
export const RULE_SET_STATUSES = ["draft", "reviewed", "inForce", "superseded"] as const;
export type RuleSetStatus = (typeof RULE_SET_STATUSES)[number];

/**
 * period: 自下一考核期起, a period keeps the version of its first day. day: 自该日起, entries counted on that day or later fall
 * under it, those before under the version before, within one period.
 */
export const BINDINGS = ["period", "day"] as const;
export type Binding = (typeof BINDINGS)[number];

/**
 * How the base of a rate is taken 基数口径.
 * perQuestion: each rate over the valid callbacks whose answer to that question is known.
 * validCallback: one base for all three, the valid callbacks; one with a blank is left out whole or kept.
 */
export const BASE_FORMULAS = ["perQuestion", "validCallback"] as const;
export type BaseFormula = (typeof BASE_FORMULAS)[number];
export type BaseRule =
  | { readonly formula: "perQuestion" }
  | { readonly formula: "validCallback"; readonly blanks: BlankRule };
/** "keep" reads the base literally: a blank stays in it and earns nothing. */
export const BLANK_RULES = ["exclude", "keep"] as const;
export type BlankRule = (typeof BLANK_RULES)[number];

export const RANK_BY = ["rounded", "exact"] as const;
export type RankBy = (typeof RANK_BY)[number];

/** tickets: every ticket in scope. base: those with a valid callback. */
export const VOLUMES = ["tickets", "base"] as const;
export type Volume = (typeof VOLUMES)[number];

/**
 * What happens when two units have one score 同分处理.
 * volumeDesc / volumeAsc: the greater / smaller volume goes first, still equal ones share.
 * shared: they share a rank and the next is skipped (1, 2, 2, 4). dense: nothing is skipped (1, 2, 2, 3).
 */
export const TIE_RULES = ["volumeDesc", "volumeAsc", "shared", "dense"] as const;
export type TieRule = (typeof TIE_RULES)[number];

/** pooled: rates of all tickets together. mean: mean of the units' rates, each unit counting once. */
export const TOTAL_RULES = ["pooled", "mean"] as const;
export type TotalRule = (typeof TOTAL_RULES)[number];

/**
 * Units ranked against one another 排名分组: a name and the kinds of unit in it. With classes (先进类 治理类 …) it takes only
 * units of those classes, and takes them out of the group that has the same kinds without classes.
 */
export interface RankGroup {
  readonly name: string;
  readonly kinds: readonly string[];
  readonly classes?: readonly string[];
}
