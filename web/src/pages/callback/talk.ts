/** 一次通话. What the caller has recorded of the call so far, which question is asked next, and what is sent. */
import { judgeAttempts, nextAttempt } from "@jiesu/core/callback/attempts.ts";
import { addDays, dayOf, HOUR_MS, instant } from "@jiesu/core/time/day.ts";
import type { DeskRules, TicketDetail } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";

export const QUESTIONS = ["contacted", "solved", "satisfied"] as const;
export type Question = (typeof QUESTIONS)[number];
export type Way = "answered" | "missed" | "refused";

/** Kept as a draft; a question without an answer is undefined, one that was passed over is "". */
export interface Talk {
  readonly way: Way;
  readonly contacted?: string | undefined;
  readonly solved?: string | undefined;
  readonly satisfied?: string | undefined;
  /** Codes of reasons by what they are of. */
  readonly reasons: Readonly<Record<string, string | undefined>>;
  readonly words: string;
  readonly note: string;
  readonly recording: string;
  /** Epoch ms when the number was shown; the talk is timed from then. */
  readonly since: number | null;
  /** Planned next attempt, epoch ms; null for the rule's. */
  readonly nextAt: number | null;
  /** Planned once more although the rule would let 未联系上 be recorded. */
  readonly again: boolean;
}

export const NEW_TALK: Talk = {
  way: "answered",
  reasons: {},
  words: "",
  note: "",
  recording: "",
  since: null,
  nextAt: null,
  again: false,
};

/** What is asked of the caller's keys now: an answer, the reason of one, the cause of a missed call, its plan, or nothing. */
export type Ask =
  | { readonly kind: "answer"; readonly of: Question }
  | { readonly kind: "reason"; readonly of: Question | "missed" }
  | { readonly kind: "plan" }
  | { readonly kind: "done" };

/** Answers that a reason is asked for. */
const NEEDS_REASON: Readonly<Record<Question, readonly string[]>> = {
  contacted: ["no"],
  solved: ["no", "partly"],
  satisfied: ["dissatisfied"],
};

export function asksReason(talk: Talk, question: Question): boolean {
  return NEEDS_REASON[question].includes(talk[question] ?? "");
}

export function nextAsk(talk: Talk): Ask {
  if (talk.way === "missed")
    return talk.reasons.missed === undefined ? { kind: "reason", of: "missed" } : { kind: "plan" };
  if (talk.way === "refused") return { kind: "done" };
  for (const of of QUESTIONS) {
    if (talk[of] === undefined) return { kind: "answer", of };
    if (asksReason(talk, of) && talk.reasons[of] === undefined) return { kind: "reason", of };
  }
  return { kind: "done" };
}

/** The talk one answer earlier. */
export function stepBack(talk: Talk): Partial<Talk> {
  if (talk.way === "missed" && talk.reasons.missed !== undefined)
    return { reasons: { ...talk.reasons, missed: undefined } };
  if (talk.way !== "answered") return { way: "answered" };
  for (const of of QUESTIONS.toReversed()) {
    if (talk.reasons[of] !== undefined && asksReason(talk, of))
      return { reasons: { ...talk.reasons, [of]: undefined } };
    if (talk[of] !== undefined) return { [of]: undefined };
  }
  return {};
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** The options that 1, 2, 3 … stand for. */
export function answersOf(question: Question): readonly Option[] {
  return Object.entries(T.callback.answers[question]).map(([value, label]) => ({ value, label }));
}

export interface Standing {
  readonly counted: number;
  readonly dayparts: readonly string[];
  readonly enough: boolean;
  /** Next attempts to choose from, the rule's first. */
  readonly plans: readonly { readonly at: number; readonly label: string }[];
}

/** How the attempts stand with this call, were it missed now. */
export function standingOf(attempts: readonly string[], rules: DeskRules["attempts"], now: number): Standing {
  const all = [...attempts.map((at) => Date.parse(at)), now];
  const judged = judgeAttempts(all, rules);
  const tomorrow = addDays(dayOf(now), 1);
  const time = (at: number) => minuteText(new Date(at).toISOString()).slice(5);
  const plans = [
    { at: nextAttempt(all, rules, now), label: T.callback.planByRule },
    { at: now + HOUR_MS, label: T.callback.planHour },
    { at: instant(tomorrow, "09:00"), label: T.callback.planMorning },
    { at: instant(tomorrow, "18:30"), label: T.callback.planEvening },
  ];
  return {
    counted: judged.counted.length,
    dayparts: judged.dayparts,
    enough: judged.enough,
    plans: plans.map(({ at, label }) => ({ at, label: label(time(at)) })),
  };
}

/** What is still missing, in words; null when it may be sent. */
export function lackOf(talk: Talk): string | null {
  if (talk.way === "missed") return talk.reasons.missed === undefined ? T.callback.needCause : null;
  if (talk.way === "refused") return null;
  if (QUESTIONS.every((of) => (talk[of] ?? "") === "")) return T.callback.needAnswer;
  const lacking = QUESTIONS.find(
    (of) => asksReason(talk, of) && !talk.reasons[of] && talk.words.trim() === "",
  );
  return lacking === undefined ? null : T.callback.needReason(T.callback.reasons[lacking]);
}

/** The move and its input. */
export function moveOf(
  talk: Talk,
  unreached: boolean,
  now: number,
): { move: "callback" | "callbackMissed"; input: Record<string, unknown> } {
  const recording = talk.recording.trim();
  const common = { note: talk.note, ...(recording === "" ? {} : { recording }) };
  const code = (of: Question | "missed") => (talk.reasons[of] ? { [of]: talk.reasons[of] } : {});
  if (talk.way === "missed") {
    const reasons = code("missed");
    if (unreached) return { move: "callback", input: { ...common, outcome: "unreached", reasons } };
    const nextAt = talk.nextAt === null ? {} : { nextAt: new Date(talk.nextAt).toISOString() };
    return { move: "callbackMissed", input: { ...common, reasons, ...nextAt } };
  }
  if (talk.way === "refused") return { move: "callback", input: { ...common, outcome: "refused" } };
  const given = QUESTIONS.filter((of) => (talk[of] ?? "") !== "");
  return {
    move: "callback",
    input: {
      ...common,
      outcome: "answered",
      answers: Object.fromEntries(given.map((of) => [of, talk[of]])),
      reasons: Object.assign({}, ...given.filter((of) => asksReason(talk, of)).map(code)),
      reason: talk.words,
      ...(talk.since === null ? {} : { talkSeconds: Math.max(0, Math.round((now - talk.since) / 1000)) }),
    },
  };
}

/** A line of the script with the ticket's day, matter and unit put in. */
export function spoken(line: string, ticket: TicketDetail): string {
  const day = minuteText(ticket.receivedAt);
  return line
    .replaceAll("{date}", `${Number(day.slice(5, 7))} 月 ${Number(day.slice(8, 10))} 日`)
    .replaceAll("{matter}", ticket.title || ticket.excerpt)
    .replaceAll("{unit}", ticket.leadUnit?.name ?? "本中心");
}

/** "1:35" */
export function talkText(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
