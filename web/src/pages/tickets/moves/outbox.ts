/**
 * 办理的发送. A move on its way: sent again with the same key while only the line is at fault, so that it is made once;
 * where the server refuses one whose ticket was left already, the refusal waits here for the ticket to be shown again.
 */
import type { CoMove } from "@jiesu/core/ticket/cohandling.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { Problem } from "../../../api/problem.ts";
import type { TicketDetail } from "../../../api/types.ts";

export interface Refusal {
  readonly ticketId: string;
  readonly move: Move;
  readonly problem: unknown;
}

export interface Answer {
  readonly ticket: TicketDetail | null;
}

const AGAIN_MS = [1_500, 3_000, 6_000, 12_000, 20_000];
const KEYS = "jiesu.once.";

/** Sends a move until it is answered; see `sendOnce`. */
export function sendMove(
  ticket: TicketDetail,
  move: Move,
  input: Record<string, unknown>,
  onWaiting: () => void,
  signal: AbortSignal,
): Promise<Answer> {
  const params = { path: { id: ticket.id, move } };
  return sendOnce(`${ticket.id}.${move}`, JSON.stringify(input), onWaiting, signal, (once) =>
    bodyOf(
      http.POST("/api/tickets/{id}/moves/{move}", { params, body: { version: ticket.version, input, once } }),
    ),
  );
}

/** Sends a co-handler's step until it is answered; see `sendOnce`. */
export function sendCoMove(
  ticket: TicketDetail,
  assignmentId: string,
  coMove: CoMove,
  text: string,
  onWaiting: () => void,
  signal: AbortSignal,
): Promise<Answer> {
  const params = { path: { id: ticket.id, assignmentId, coMove } };
  return sendOnce(`${ticket.id}.${coMove}.${assignmentId}`, text, onWaiting, signal, (once) =>
    bodyOf(http.POST("/api/tickets/{id}/co/{assignmentId}/{coMove}", { params, body: { text, once } })),
  );
}

/**
 * Posts with one key until there is an answer. `onWaiting` hears that the line is broken; an abort ends the trying, and
 * whether it was done stays open: sent again with the same words, it is still done once. Throws the server's refusal.
 */
async function sendOnce(
  name: string,
  words: string,
  onWaiting: () => void,
  signal: AbortSignal,
  post: (once: string) => Promise<Answer>,
): Promise<Answer> {
  const once = keyFor(name, words);
  for (let attempt = 0; ; attempt += 1) {
    try {
      const answer = await post(once);
      sessionStorage.removeItem(KEYS + name);
      return answer;
    } catch (thrown) {
      if (!isLineFault(thrown) || signal.aborted) throw thrown;
      onWaiting();
      await lineOr(AGAIN_MS[Math.min(attempt, AGAIN_MS.length - 1)] ?? 0, signal);
      if (signal.aborted) throw thrown;
    }
  }
}

/** No answer came: the move may have been made or not. */
export function isLineFault(thrown: unknown): boolean {
  return thrown instanceof Problem && (thrown.status === 0 || [502, 503, 504].includes(thrown.status));
}

/** The same words keep their key through a reload; other words are another move. */
function keyFor(name: string, words: string): string {
  const kept = sessionStorage.getItem(KEYS + name);
  const [key, of] = kept?.split(" ") ?? [];
  const digest = digestOf(words);
  if (key !== undefined && of === digest) return key;
  const fresh = newKey();
  sessionStorage.setItem(KEYS + name, `${fresh} ${digest}`);
  return fresh;
}

/** Tells words from other words (FNV-1a, twice); the words themselves are not left lying in the browser. */
function digestOf(words: string): string {
  let [a, b] = [0x811c9dc5, 0x01000193];
  for (let i = 0; i < words.length; i += 1) {
    a = Math.imul(a ^ words.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ words.charCodeAt(i), 0x85ebca6b);
  }
  return `${(a >>> 0).toString(36)}.${(b >>> 0).toString(36)}.${words.length}`;
}

/** A UUID also where the page is not served over TLS, as inside an office's own net. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

function lineOr(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener("online", end);
    signal.addEventListener("abort", end);
  });
}

let refusals: readonly Refusal[] = [];
const listeners = new Set<(refusal: Refusal | null) => void>();

/** Keeps a refusal of a move whose form was left, until the ticket's form says it. */
export function keepRefusal(refusal: Refusal): void {
  refusals = [...refusals.filter((kept) => kept.ticketId !== refusal.ticketId), refusal];
  for (const listener of listeners) listener(refusal);
}

export function forgetRefusal(ticketId: string): void {
  if (!refusals.some((kept) => kept.ticketId === ticketId)) return;
  refusals = refusals.filter((kept) => kept.ticketId !== ticketId);
  for (const listener of listeners) listener(null);
}

export function useRefusal(ticketId: string): Refusal | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => refusals.find((kept) => kept.ticketId === ticketId) ?? null,
  );
}

/** Calls back when a ticket that had left the list is back with a refusal. */
export function useReturned(listener: (ticketId: string) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const call = (refusal: Refusal | null) => refusal && latest.current(refusal.ticketId);
    listeners.add(call);
    return () => {
      listeners.delete(call);
    };
  }, []);
}
