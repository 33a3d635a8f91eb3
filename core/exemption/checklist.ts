/** Pre-check of an application 预审: what the reviewer has to know before passing it on. It judges nothing by itself. */
import { addDays, type Day, dayOf, endOfDay } from "../time/day.ts";
import type { ExemptionRules, Ground } from "./grounds.ts";

/** One piece of evidence: what kind it is, and a file or plain words. */
export interface Evidence {
  readonly kind: string;
  readonly text: string;
  /** Reference of an attached file. */
  readonly file: string | null;
}

export interface Facts {
  readonly ground: Ground;
  readonly evidence: readonly Evidence[];
  readonly appliedAt: number;
  readonly dueAt: number;
  /** 首次联系, null when none is recorded. */
  readonly contactedAt: number | null;
  /** Other applications for the same ticket. */
  readonly duplicates: number;
  /** What came of earlier applications of the same unit on the same ground. */
  readonly earlier: { readonly upheld: number; readonly denied: number };
}

export interface Finding {
  readonly check: "window" | "evidence" | "contact" | "duplicate" | "earlier";
  readonly ok: boolean;
  readonly text: string;
}

/** Until when a round may be applied for: the end of the last day of the window. */
export function applyUntil(rules: Pick<ExemptionRules, "windowDays">, countedOn: Day): number {
  return endOfDay(addDays(countedOn, rules.windowDays));
}

/** Until when the centre owes its review. */
export function reviewUntil(rules: Pick<ExemptionRules, "reviewDays">, appliedAt: number): number {
  return endOfDay(addDays(dayOf(appliedAt), rules.reviewDays));
}

/** Until when a refusal or denial may be appealed. */
export function appealUntil(rules: Pick<ExemptionRules, "appealDays">, decidedAt: number): number {
  return endOfDay(addDays(dayOf(decidedAt), rules.appealDays));
}

/** The required kinds of evidence that are not there; a piece without words and without a file is none. */
export function missingEvidence(ground: Ground, evidence: readonly Evidence[]): readonly string[] {
  const given = new Set(
    evidence.filter((each) => each.file !== null || each.text.trim() !== "").map((each) => each.kind),
  );
  return ground.evidence.filter((each) => each.required && !given.has(each.kind)).map((each) => each.name);
}

/** Every check, in order, those that pass too. */
export function precheck(facts: Facts): readonly Finding[] {
  const { ground, earlier } = facts;
  const missing = missingEvidence(ground, facts.evidence);
  const inTime = facts.appliedAt <= facts.dueAt;
  const contacted = facts.contactedAt !== null || !ground.needsContact;
  return [
    { check: "window", ok: inTime, text: inTime ? "在申请时限内" : "超过申请时限" },
    {
      check: "evidence",
      ok: missing.length === 0,
      text: missing.length === 0 ? "必需佐证齐全" : `缺少：${missing.join("、")}`,
    },
    { check: "contact", ok: contacted, text: contacted ? "联系记录符合要求" : "没有与诉求人联系的记录" },
    {
      check: "duplicate",
      ok: facts.duplicates === 0,
      text: facts.duplicates === 0 ? "无重复申请" : `同一工单另有 ${facts.duplicates} 次申请`,
    },
    {
      check: "earlier",
      ok: earlier.upheld >= earlier.denied,
      text: `本单位同一情形以往认定 ${earlier.upheld} 件、查否 ${earlier.denied} 件`,
    },
  ];
}
