/** 每个操作要填什么. The input of every move; the server parses it at the door, the web builds its form from it. */
import type { RuleRef } from "../deadline/clock.ts";
import type { Day } from "../time/day.ts";
import type { Move } from "./lifecycle.ts";

/** 回访答案. A missing answer is blank: not assessed, never "no". */
export interface CallbackAnswers {
  readonly contacted?: "yes" | "no" | undefined;
  readonly solved?: "yes" | "partly" | "no" | undefined;
  readonly satisfied?: "satisfied" | "basically" | "dissatisfied" | undefined;
}

/** 原因 by question, as codes of the dated closed lists. */
export interface CallbackReasonCodes {
  readonly contacted?: string | undefined;
  readonly solved?: string | undefined;
  readonly satisfied?: string | undefined;
  readonly missed?: string | undefined;
}

/** Facts of a ticket that a triager may correct; absent means untouched. */
export interface Correction {
  readonly level?: 1 | 2 | 3 | 4 | undefined;
  readonly kind?: string | undefined;
  readonly title?: string | undefined;
  readonly category1?: string | undefined;
  readonly category2?: string | undefined;
  readonly category3?: string | undefined;
  readonly street?: string | undefined;
  readonly community?: string | undefined;
  readonly address?: string | undefined;
}

/** 挂账期限 as it was approved. */
export interface ShelfTerm {
  readonly day: Day;
  readonly nearDays: number;
  /** The rules of shelving that it was approved under, and the kind. */
  readonly rule: RuleRef;
}

interface Inputs {
  sign: Empty;
  watch: Empty;
  recordCityClosing: { reply: string };
  replyDirectly: { reply: string };
  handleDirectly: { reply: string };
  dispatch: {
    leadUnitId: string;
    coUnitIds: readonly string[];
    opinion: string;
    designated: boolean;
    /** 所引先例: versions of precedents in force. */
    precedents?: readonly string[] | undefined;
  };
  merge: { into: string };
  unmerge: Empty;
  accept: Empty;
  contact: { way: string; note: string };
  report: { text: string; outcome: "solved" | "partly" | "unsolved" | "explained" };
  /** `ground` is a code of the dated closed list. */
  askExtension: { ground: string; reason: string; days: number };
  grantExtension: { opinion: string };
  refuseExtension: { opinion: string };
  /** `ground` is a code of the dated list; `evidence` says which papers show it. */
  askPause: { ground: string; evidence: string; reason: string; days: number };
  grantPause: { opinion: string };
  refusePause: { opinion: string };
  endPause: { note: string };
  /** `kind` is a code of the dated list; `ground` the reason in words, which alone is what older events hold. */
  returnToCentre: {
    kind?: string | undefined;
    ground: string;
    evidence?: string | undefined;
    suggestUnit: string;
  };
  acceptReturn: { note: string };
  refuseReturn: { reason: string };
  openOwnership: { reason: string };
  rule: Ruling;
  rerule: Ruling;
  applyWithdraw: { ground: string };
  acceptWithdraw: { note: string };
  rejectWithdraw: { reason: string };
  passReview: { note: string };
  rework: { reason: string };
  callback: {
    /** 未联系上 (unreached) ends the calling once the rule of attempts is met; this call is one of them. */
    outcome: "answered" | "refused" | "unreached";
    answers: CallbackAnswers;
    reason: string;
    note: string;
    /** Codes of the closed lists, by question; `missed` for a call that nobody took. */
    reasons?: CallbackReasonCodes | undefined;
    talkSeconds?: number | undefined;
    /** Address of the recording in the telephone system. */
    recording?: string | undefined;
  };
  callbackMissed: {
    note: string;
    reasons?: Pick<CallbackReasonCodes, "missed"> | undefined;
    /** 下次回访时间, epoch ms; by the rule when absent. */
    nextAt?: number | undefined;
    recording?: string | undefined;
  };
  approveClosing: { note: string };
  refuseReply: { reason: string };
  reopen: { reason: string };
  /** `term` is the last day of the approved term and how many days before it is near, where an application was approved. */
  shelve: { reason: string; term?: ShelfTerm | undefined };
  unshelve: { note: string };
  urge: { text: string };
  note: { text: string };
  correct: { fields: Correction };
  cityResult: {
    outcome: "answered" | "missed" | "refused" | null;
    answers: CallbackAnswers;
    reason: string;
    /** Codes of the reasons of every "no", where the city's words fit the centre's lists. */
    reasons?: CallbackReasonCodes | undefined;
    scope: "full" | "responseOnly" | "exempt" | null;
    scopeNote: string;
    /** 派单轮次 that the city speaks of; the current one when absent. */
    round?: number | undefined;
    /** 有效回访, where the city says it itself; otherwise by the answers. */
    valid?: boolean | undefined;
  };
}

/** 裁定. `basis` is told to the unit; reasons and articles are read in the case. */
interface Ruling {
  leadUnitId: string;
  coUnitIds: readonly string[];
  basis: string;
  reasons?: string | undefined;
  articles?: readonly LegalBasis[] | undefined;
  precedents?: readonly string[] | undefined;
}

/** 法律依据: the paper, its article, and what it says there. */
export interface LegalBasis {
  readonly paper: string;
  readonly article: string;
  readonly text: string;
}

type Empty = { readonly [none in never]: never };

/** Every move has an input; a move added to the table without one does not compile. */
export type MoveInput = { readonly [M in Move]: Readonly<Inputs[M]> };
