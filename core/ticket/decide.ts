/**
 * 工单流转的裁决. Pure: given the ticket, who acts, the move and its input, answers what changes, or why not.
 *
 * The table (lifecycle.ts) says role × state × move; the guards here say what a row cannot: whose unit, which fields,
 * what must have happened before. The shell records exactly the Change that comes back.
 */
import { judgeAttempts, nextAttempt, planFault } from "../callback/attempts.ts";
import { type CallbackRules, REASONED, type Reason, type Reasoned } from "../callback/rules.ts";
import type { ClockKind } from "../deadline/kind.ts";
import {
  askingBarred,
  type ExtensionFacts,
  type ExtensionGround,
  type ExtensionRules,
} from "../extension/rules.ts";
import {
  type PauseFacts,
  type PauseGround,
  type PauseRules,
  pauseAskBarred,
  pauseEnd,
  pauseGrantBarred,
} from "../pause/rules.ts";
import { groundOf } from "../returns/claim.ts";
import type { InReview, ReturnGround, ReturnRules } from "../returns/rules.ts";
import { clockText, type Day } from "../time/day.ts";
import { type Move, stepOf, targetOf } from "./lifecycle.ts";
import type { CallbackAnswers, CallbackReasonCodes, MoveInput, ShelfTerm } from "./moves.ts";
import { type Role, sideOf } from "./role.ts";
import { STATES, type TicketState } from "./state.ts";

/** What a decision needs to know of a ticket. */
export interface TicketFacts {
  readonly state: TicketState;
  readonly round: number;
  /** 退单次数 so far. */
  readonly returns: number;
  readonly leadUnitId: string | null;
  readonly lead: LeadFacts | null;
  /** Calls of this waiting that nobody took, the one being recorded last; told for the moves of a callback. */
  readonly attemptsAt?: readonly number[];
  /** The last urge by hand, told for the move 催办. */
  readonly lastUrge?: { readonly by: string; readonly at: number; readonly minutesAgo: number } | null;
  /** Whether an appeal against the ruling on this ticket waits for its decision; told for the move 改判. */
  readonly appealed?: boolean;
  /** Told for the moves of an extension, and for a page that offers them. */
  readonly extension?: ExtensionFacts;
  /** Told for the moves of a pause, and for a page that offers them. */
  readonly pause?: PauseFacts;
  /** 退单期限, told for the move 退单 and for a page that offers it; `until` null: no end. */
  readonly returning?: { readonly until: number | null; readonly now: number };
}

/** The lead assignment (主办) of the current round. */
export interface LeadFacts {
  /** 指定承办: the centre has designated the unit; it may not return this round. */
  readonly designated: boolean;
  readonly dispatchedAt?: number;
  readonly acceptedAt: number | null;
  readonly contactedAt: number | null;
  readonly reportedAt: number | null;
}

export interface Doer {
  readonly roles: readonly Role[];
  readonly unitId: string | null;
}

/** Dated settings that guards read. */
export interface GuardRules {
  /** After so many returns the centre designates: the unit may not return again. */
  readonly maxReturns: number;
  /** Whether a report needs a first contact on record. */
  readonly contactBeforeReport: boolean;
  /** 回访规则; without them no reasons are known and nothing is planned. */
  readonly callback?: CallbackRules;
  /** 延期规则; without them no time is given. */
  readonly extension?: ExtensionRules;
  /** 暂停规则; without them no clock rests on request. */
  readonly pause?: PauseRules;
  /** 退单规则; without them no ground is known and the clocks rest during a review. */
  readonly returns?: Pick<ReturnRules, "grounds" | "inReview">;
  /** The same ticket is not urged again within so many minutes; absent: at any time. */
  readonly urgeRepeatMinutes?: number;
}

export interface NewRound {
  readonly leadUnitId: string;
  readonly coUnitIds: readonly string[];
  readonly opinion: string;
  /** 指定承办: the unit may not return this round. */
  readonly designated: boolean;
}

/** What a move changes beside the state; every field optional, absent means untouched. */
export interface Change {
  readonly as: Role;
  readonly to: TicketState;
  readonly newRound?: NewRound;
  /** The lead assignment ends, with this word (退单, 办结 …). */
  readonly endLead?: "returned" | "done" | "ruled";
  /** Whether the round stops counting for its unit. */
  readonly voidResult?: boolean;
  readonly lead?: {
    accepted?: true;
    contacted?: { way: string };
    reported?: { text: string; outcome: string };
    reopened?: true;
  };
  /** 退单, with its ground (null: in words alone) and what the unit's clocks do while it is reviewed. */
  readonly returned?: { readonly ground: ReturnGround | null; readonly inReview: InReview };
  readonly closingKind?: "reply" | "direct" | "transfer" | "city";
  readonly reply?: string;
  readonly mergedInto?: string | null;
  readonly callback?: {
    source: "own" | "city";
    outcome: "answered" | "missed" | "refused" | "unreached";
    answers: CallbackAnswers;
    reason: string;
    note: string;
    /** Copied from the lists when it happened. */
    /** Whose round it is when it is an earlier one. */
    round?: number | undefined;
    /** Whether it counts, where the city says so. */
    valid?: boolean | undefined;
    reasons?: CallbackReasons;
    talkSeconds?: number;
    recording?: string;
  };
  /** 下次回访时间: not to be called before. */
  readonly nextCallAt?: number;
  /** 延期: asked for, or the asking that waited answered. */
  readonly extension?:
    | { readonly asked: { readonly ground: ExtensionGround; readonly reason: string; readonly days: number } }
    | {
        readonly answered: {
          readonly id: string;
          readonly days: number;
          readonly granted: boolean;
          readonly opinion: string;
        };
      };
  /** 暂停计时: asked for, the asking that waited answered, or the pause that lasted ended. */
  readonly pause?: PauseChange;
  /** 挂账: the approved term that the shelf clock runs to. */
  readonly shelfTerm?: ShelfTerm;
  /** What the city lets a round count for. */
  readonly scope?: { scope: "full" | "responseOnly" | "exempt"; note: string; round?: number | undefined };
  readonly corrections?: NonNullable<MoveInput["correct"]["fields"]>;
}

export type PauseChange =
  | {
      readonly asked: {
        readonly ground: PauseGround;
        readonly evidence: string;
        readonly reason: string;
        readonly days: number;
      };
    }
  | {
      readonly granted: {
        readonly id: string;
        readonly groundZh: string;
        readonly opinion: string;
      } & PauseGiven;
    }
  | { readonly refused: { readonly id: string; readonly opinion: string } }
  | { readonly ended: { readonly id: string } };

/** Which clocks rest, and to the end of which day. */
export interface PauseGiven {
  readonly clocks: readonly ClockKind[];
  readonly untilDay: Day;
}

export type CallbackReasons = { readonly [Q in Reasoned]?: Reason };

export interface Refused {
  readonly code:
    | "wrong-state"
    | "wrong-role"
    | "not-your-unit"
    | "field-missing"
    | "unit-twice"
    | "contact-first"
    | "returns-used-up"
    | "designated"
    | "no-lead"
    | "has-lead"
    | "reason-unknown"
    | "round-unknown"
    | "attempts-too-few"
    | "next-attempt-past"
    | "next-attempt-far"
    | "extension-pending"
    | "extension-none"
    | "extension-no-clock"
    | "extension-city"
    | "extension-used-up"
    | "extension-overdue"
    | "extension-days"
    | "pause-pending"
    | "pause-none"
    | "pause-runs"
    | "pause-not-running"
    | "pause-no-clock"
    | "pause-overdue"
    | "pause-city"
    | "pause-used-up"
    | "pause-days"
    | "return-window-over"
    | "urged-just-now"
    | "appeal-none";
  readonly [detail: string]: unknown;
}

export type Decision =
  | { readonly ok: true; readonly change: Change }
  | { readonly ok: false; readonly refusal: Refused };

/** Decides one move. `input` has been parsed at the door (its shape is right); whether it suffices is judged here. */
export function decide<M extends Move>(
  ticket: TicketFacts,
  who: Doer,
  move: M,
  input: MoveInput[M],
  rules: GuardRules,
): Decision {
  const as = who.roles.find((role) => targetOf(role, ticket.state, move) !== null);
  if (as === undefined) {
    const step = stepOf(move);
    const roleMayEver = who.roles.some((role) => step.by.includes(role));
    return roleMayEver
      ? refuse("wrong-state", {
          state: ticket.state,
          stateZh: STATES[ticket.state].zh,
          move,
          moveZh: step.zh,
        })
      : refuse("wrong-role", { move, moveZh: step.zh });
  }
  if (sideOf(as) === "unit" && (who.unitId === null || who.unitId !== ticket.leadUnitId))
    return refuse("not-your-unit", { move });
  const to = targetOf(as, ticket.state, move);
  if (to === null) throw new Error("the table changed its mind");
  const barred = barredBy(ticket, move, rules) ?? missingOf(move, input);
  if (barred) return { ok: false, refusal: barred };
  const effect = EFFECTS[move](ticket, input, rules);
  if ("code" in effect) return { ok: false, refusal: effect };
  return { ok: true, change: { ...effect, as, to } };
}

/** The moves that these roles can do now on this ticket, guards included as far as they need no input. */
export function movesNow(ticket: TicketFacts, who: Doer, moves: readonly Move[]): readonly Move[] {
  return moves.filter((move) => {
    if (move === "rerule" && !ticket.appealed) return false;
    // An answer is offered only where something was asked, and asking only where nothing waits for an answer.
    if (move === "askExtension" && ticket.extension?.pending) return false;
    if (ANSWERS_EXTENSION.includes(move) && !ticket.extension?.pending) return false;
    if (move === "askPause" && (ticket.pause?.pending || ticket.pause?.running)) return false;
    if (ANSWERS_PAUSE.includes(move) && !ticket.pause?.pending) return false;
    if (move === "endPause" && !ticket.pause?.running) return false;
    const unitOk = !who.roles.every((r) => sideOf(r) === "unit") || who.unitId === ticket.leadUnitId;
    return unitOk && who.roles.some((role) => targetOf(role, ticket.state, move) !== null);
  });
}

const ANSWERS_EXTENSION: readonly Move[] = ["grantExtension", "refuseExtension"];
const ANSWERS_PAUSE: readonly Move[] = ["grantPause", "refusePause"];

/** What refuses a move whatever is filled in: a form says it before a word is typed. */
export function barredBy(ticket: TicketFacts, move: Move, rules: GuardRules): Refused | null {
  switch (move) {
    case "report":
      return rules.contactBeforeReport && ticket.lead?.contactedAt == null ? { code: "contact-first" } : null;
    case "returnToCentre":
      if (ticket.returns >= rules.maxReturns)
        return { code: "returns-used-up", returns: ticket.returns, limit: rules.maxReturns };
      if (ticket.lead?.designated) return { code: "designated" };
      return windowOver(ticket);
    case "askExtension":
      return ticket.extension && rules.extension ? askingBarred(ticket.extension, rules.extension) : null;
    case "grantExtension":
    case "refuseExtension":
      return ticket.extension?.pending ? null : { code: "extension-none" };
    case "askPause":
      return ticket.pause && rules.pause ? pauseAskBarred(ticket.pause, rules.pause) : null;
    case "grantPause":
      return ticket.pause ? pauseGrantBarred(ticket.pause) : { code: "pause-none" };
    case "refusePause":
      return ticket.pause?.pending ? null : { code: "pause-none" };
    case "endPause":
      return ticket.pause?.running ? null : { code: "pause-not-running" };
    case "urge":
      return ticket.lastUrge && ticket.lastUrge.minutesAgo < (rules.urgeRepeatMinutes ?? 0)
        ? {
            code: "urged-just-now",
            by: ticket.lastUrge.by,
            at: clockText(ticket.lastUrge.at),
            minutes: rules.urgeRepeatMinutes,
          }
        : null;
    case "rerule":
      return ticket.appealed ? null : { code: "appeal-none" };
    case "rework":
    case "shelve":
      return ticket.lead === null ? { code: "no-lead" } : null;
    case "refuseReply":
      return ticket.lead === null ? null : { code: "has-lead" };
    default:
      return null;
  }
}

function windowOver({ returning }: TicketFacts): Refused | null {
  if (!returning || returning.until === null || returning.now <= returning.until) return null;
  return { code: "return-window-over", until: clockText(returning.until) };
}

/** Texts that may not be blank, by move; the screens mark the same fields. */
export const REQUIRED_TEXT: { readonly [M in Move]?: { readonly field: string; readonly zh: string } } = {
  replyDirectly: { field: "reply", zh: "回复内容" },
  handleDirectly: { field: "reply", zh: "办理情况" },
  report: { field: "text", zh: "办理情况" },
  askExtension: { field: "reason", zh: "延期理由" },
  refuseExtension: { field: "opinion", zh: "不同意的理由" },
  askPause: { field: "evidence", zh: "佐证材料" },
  refusePause: { field: "opinion", zh: "不同意的理由" },
  returnToCentre: { field: "ground", zh: "退单理由" },
  refuseReturn: { field: "reason", zh: "驳回理由" },
  openOwnership: { field: "reason", zh: "提交确权的理由" },
  rule: { field: "basis", zh: "裁定依据" },
  rerule: { field: "basis", zh: "改判依据" },
  applyWithdraw: { field: "ground", zh: "退市理由" },
  rejectWithdraw: { field: "reason", zh: "市级驳回理由" },
  rework: { field: "reason", zh: "重办要求" },
  refuseReply: { field: "reason", zh: "修改意见" },
  reopen: { field: "reason", zh: "重新办理的理由" },
  shelve: { field: "reason", zh: "挂账理由" },
  note: { field: "text", zh: "备注" },
};

function missingOf(move: Move, input: object): Refused | null {
  const needed = REQUIRED_TEXT[move];
  if (!needed) return null;
  const value = new Map<string, unknown>(Object.entries(input)).get(needed.field);
  const blank = typeof value !== "string" || value.trim() === "";
  return blank ? { code: "field-missing", field: needed.field, fieldZh: needed.zh } : null;
}

type Effect = Omit<Change, "as" | "to">;
type EffectOf<M extends Move> = (
  ticket: TicketFacts,
  input: MoveInput[M],
  rules: GuardRules,
) => Effect | Refused;

const nothing = (): Effect => ({});

const EFFECTS: { readonly [M in Move]: EffectOf<M> } = {
  sign: nothing,
  watch: nothing,
  recordCityClosing: (_t, i) => ({ closingKind: "city", reply: i.reply }),
  replyDirectly: (_t, i) => ({ closingKind: "reply", reply: i.reply }),
  handleDirectly: (_t, i) => ({ closingKind: "direct", reply: i.reply }),
  dispatch: (t, i, rules) => {
    const units = [i.leadUnitId, ...i.coUnitIds];
    if (new Set(units).size !== units.length) return { code: "unit-twice" };
    return {
      newRound: {
        leadUnitId: i.leadUnitId,
        coUnitIds: i.coUnitIds,
        opinion: i.opinion,
        // After the last return that is allowed the centre designates, whether or not it was ticked.
        designated: i.designated || t.returns >= rules.maxReturns,
      },
      closingKind: "transfer",
    };
  },
  merge: (_t, i) => ({ mergedInto: i.into }),
  unmerge: () => ({ mergedInto: null }),
  accept: () => ({ lead: { accepted: true } }),
  contact: (_t, i) => ({ lead: { contacted: { way: i.way } } }),
  report: (_t, i) => ({ lead: { reported: { text: i.text, outcome: i.outcome } }, reply: i.text }),
  askExtension: (t, i, rules) => {
    if (t.extension === undefined || rules.extension === undefined)
      throw new Error("no rules of extension told");
    const { grounds, maxDays } = rules.extension;
    const ground = grounds.find((each) => each.code === i.ground);
    if (ground === undefined) return { code: "reason-unknown", field: "ground", reason: i.ground };
    if (!Number.isInteger(i.days) || i.days < 1 || i.days > maxDays)
      return { code: "extension-days", field: "days", maxDays };
    return { extension: { asked: { ground, reason: i.reason, days: i.days } } };
  },
  grantExtension: (t, i) => answered(t, true, i.opinion),
  refuseExtension: (t, i) => answered(t, false, i.opinion),
  askPause: (t, i, rules) => {
    if (t.pause === undefined || rules.pause === undefined) throw new Error("no rules of pauses told");
    const ground = rules.pause.grounds.find((each) => each.code === i.ground);
    if (ground === undefined) return { code: "reason-unknown", field: "ground", reason: i.ground };
    const end = pauseEnd(t.pause, ground, i.days);
    return end.ok
      ? { pause: { asked: { ground, evidence: i.evidence, reason: i.reason, days: i.days } } }
      : end.refusal;
  },
  grantPause: (t, i) => {
    const pending = t.pause?.pending;
    if (!t.pause || !pending) return { code: "pause-none" };
    const end = pauseEnd(t.pause, { ...pending, maxDays: pending.days }, pending.days);
    if (!end.ok) return end.refusal;
    const { id, zh: groundZh, clocks } = pending;
    return { pause: { granted: { id, groundZh, opinion: i.opinion, clocks, untilDay: end.value } } };
  },
  refusePause: (t, i) =>
    t.pause?.pending
      ? { pause: { refused: { id: t.pause.pending.id, opinion: i.opinion } } }
      : { code: "pause-none" },
  endPause: (t) =>
    t.pause?.running ? { pause: { ended: { id: t.pause.running.id } } } : { code: "pause-not-running" },
  returnToCentre: (_t, i, rules) => {
    const claimed = groundOf(i, rules.returns);
    if (!claimed.ok) return claimed.refusal;
    return { returned: { ground: claimed.ground, inReview: rules.returns?.inReview ?? "pause" } };
  },
  acceptReturn: () => ({ endLead: "returned", voidResult: true }),
  refuseReturn: (t) => (t.lead?.acceptedAt == null ? { lead: { accepted: true } } : {}),
  openOwnership: (t) => (t.round > 0 ? { endLead: "returned", voidResult: true } : {}),
  rule: (_t, i) => ruled(i),
  rerule: (_t, i) => {
    const to = ruled(i);
    return "code" in to ? to : { ...to, endLead: "ruled", voidResult: true };
  },
  applyWithdraw: nothing,
  acceptWithdraw: nothing,
  rejectWithdraw: nothing,
  passReview: nothing,
  rework: () => ({ lead: { reopened: true } }),
  callback: (t, i, rules) => {
    const reasons = reasonsOf(i.reasons, rules);
    if ("code" in reasons) return reasons;
    if (i.outcome === "unreached") {
      const tooFew = unreachedFault(t, rules);
      if (tooFew) return tooFew;
    }
    return {
      callback: {
        source: "own",
        outcome: i.outcome,
        answers: i.outcome === "answered" ? i.answers : {},
        reason: i.reason,
        note: i.note,
        reasons: reasons.of,
        ...(i.talkSeconds === undefined ? {} : { talkSeconds: i.talkSeconds }),
        ...(i.recording === undefined ? {} : { recording: i.recording }),
      },
    };
  },
  callbackMissed: (t, i, rules) => {
    const reasons = reasonsOf(i.reasons, rules);
    if ("code" in reasons) return reasons;
    const at = t.attemptsAt?.at(-1);
    const planned = rules.callback && at !== undefined ? planOf(t, i.nextAt, rules.callback, at) : null;
    if (planned !== null && "code" in planned) return planned;
    return {
      callback: {
        source: "own",
        outcome: "missed",
        answers: {},
        reason: "",
        note: i.note,
        reasons: reasons.of,
        ...(i.recording === undefined ? {} : { recording: i.recording }),
      },
      ...(planned ?? {}),
    };
  },
  approveClosing: () => ({ endLead: "done" }),
  refuseReply: nothing,
  reopen: nothing,
  shelve: (_t, i) => (i.term ? { shelfTerm: i.term } : {}),
  unshelve: () => ({ lead: { reopened: true } }),
  urge: nothing,
  note: nothing,
  correct: (_t, i) => ({ corrections: i.fields }),
  cityResult: (t, i, rules) => {
    const reasons = reasonsOf(i.reasons, rules);
    if ("code" in reasons) return reasons;
    if (i.round !== undefined && (i.round < 1 || i.round > t.round))
      return { code: "round-unknown", round: i.round, of: t.round };
    return {
      ...(i.outcome === null
        ? {}
        : {
            callback: {
              source: "city" as const,
              outcome: i.outcome,
              answers: i.answers,
              reason: i.reason,
              note: "",
              reasons: reasons.of,
              round: i.round,
              valid: i.valid,
            },
          }),
      ...(i.scope === null ? {} : { scope: { scope: i.scope, note: i.scopeNote, round: i.round } }),
    };
  },
};

/** A round that the unit may not return. */
function ruled(i: MoveInput["rule"]): Effect | Refused {
  const units = [i.leadUnitId, ...i.coUnitIds];
  if (new Set(units).size !== units.length) return { code: "unit-twice" };
  return {
    newRound: { leadUnitId: i.leadUnitId, coUnitIds: i.coUnitIds, opinion: i.basis, designated: true },
    closingKind: "transfer",
  };
}

function answered(t: TicketFacts, granted: boolean, opinion: string): Effect | Refused {
  const pending = t.extension?.pending;
  if (!pending) return { code: "extension-none" };
  return { extension: { answered: { ...pending, granted, opinion } } };
}

/** The codes with their words; a code that is on no list is refused, not dropped. */
function reasonsOf(
  codes: CallbackReasonCodes | undefined,
  rules: GuardRules,
): { readonly of: CallbackReasons } | Refused {
  const of: { [Q in Reasoned]?: Reason } = {};
  for (const question of REASONED) {
    const code = codes?.[question];
    if (code === undefined) continue;
    const reason = rules.callback?.reasons[question].find((each) => each.code === code);
    if (reason === undefined) return { code: "reason-unknown", question, reason: code };
    of[question] = reason;
  }
  return { of };
}

/** Why 未联系上 may not be recorded yet; null when it may. */
function unreachedFault(t: TicketFacts, rules: GuardRules): Refused | null {
  if (rules.callback === undefined || t.attemptsAt === undefined)
    throw new Error("no rules of attempts told");
  const { attempts } = rules.callback;
  const judged = judgeAttempts(t.attemptsAt, attempts);
  if (judged.enough) return null;
  return {
    code: "attempts-too-few",
    attempts: judged.counted.length,
    dayparts: judged.dayparts.length,
    max: attempts.max,
    minDayparts: attempts.minDayparts,
  };
}

function planOf(
  t: TicketFacts,
  nextAt: number | undefined,
  { attempts }: CallbackRules,
  now: number,
): { readonly nextCallAt: number } | Refused {
  if (nextAt === undefined) return { nextCallAt: nextAttempt(t.attemptsAt ?? [], attempts, now) };
  return planFault(nextAt, attempts, now) ?? { nextCallAt: nextAt };
}

function refuse(code: Refused["code"], detail: Record<string, unknown>): Decision {
  return { ok: false, refusal: { code, ...detail } };
}
