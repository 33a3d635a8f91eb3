/** 检查所知. Everything that the checks before a step are told; the shell loads it, the web never guesses it. */
import type { GuardedStep } from "./checklist.ts";

export interface GuardTicket {
  readonly number: string;
  readonly receivedAt: number;
  /** Since when a withdrawal may be applied for: the city's dispatch, or its last refusal. */
  readonly withdrawFrom: number;
  readonly title: string;
  /** The appeal as it is kept, numbers covered. */
  readonly content: string;
  readonly category: readonly string[];
  readonly street: string;
  readonly community: string;
  readonly address: string;
  /** Numbers that a reply may name: those merged into this ticket, and the main one. */
  readonly kin: readonly string[];
}

export interface GuardLead {
  readonly unit: string;
  /** The street or town that the unit is; null for bureaus and companies. */
  readonly street: string | null;
  readonly contactedAt: number | null;
  readonly reportedAt: number | null;
  readonly outcome: string | null;
}

export interface GuardCallback {
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
}

/** A reply to another ticket, with what that one was about. */
export interface OtherReply {
  readonly number: string;
  readonly reply: string;
  readonly appeal: string;
}

/** The city's refusal of a withdrawal. */
export interface WithdrawRefusal {
  readonly number: string;
  /** Of this very ticket; else of the same requester's, or under the same number. */
  readonly own: boolean;
  readonly ground: string;
  readonly at: number;
  /** Files put on this ticket since then. */
  readonly filesSince: number;
}

/** What the exemption's own rules say: window, evidence, contact, duplicate, earlier (core/exemption/checklist.ts). */
export interface ExemptionFinding {
  readonly check: string;
  readonly ok: boolean;
  readonly text: string;
}

export interface GuardFacts {
  readonly step: GuardedStep;
  readonly now: number;
  readonly ticket: GuardTicket;
  /** 回复内容, 退市理由 or 申请理由: the words under examination. */
  readonly words: string;
  readonly lead: GuardLead | null;
  /** The last answered callback of this round; null when none was answered. */
  readonly callback: GuardCallback | null;
  readonly files: number;
  readonly others: readonly OtherReply[];
  readonly refusals: readonly WithdrawRefusal[];
  readonly exemption: readonly ExemptionFinding[];
}
