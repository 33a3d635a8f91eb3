/** 后台进程. Fires near-due and overdue timers once each, and goes on with imports that were cut off. */
import { setTimeout as sleep } from "node:timers/promises";
import { sweepSessions } from "./platform/auth/sessions.ts";
import type { Shell } from "./platform/shell.ts";
import { endPauses } from "./ticket/pause.ts";
import { firePlans, fireTimers } from "./ticket/timers.ts";

export interface Worker {
  /** Stops after the step that is under way; nothing that was begun is left half done. */
  stop(): Promise<void>;
}

/** A piece of work that repeats: answers how much it did; more is asked for at once while it is not 0. */
export type Step = (shell: Shell) => Promise<number>;

const REST_MS = 500;
/** What fell due goes first: a step that did so much at once has more of it, and the patient ones wait. */
const HEAP = 200;
/** But no longer than this: whatever else is going on, every step has its turn. */
const PATIENCE_MS = 45_000;

export interface Order<Name extends string> {
  /** Steps that are not to wait for any other: due timers and urges. */
  readonly first: readonly Name[];
  /** Steps that nobody looks at within a minute. */
  readonly patient: readonly Name[];
}

/**
 * Runs each step in its own loop until stopped. `onError` hears of a failed step; it is tried again after a rest. While a
 * heap falls due, patient steps stand back, each for PATIENCE_MS at the most.
 */
export function startWorker<Name extends string>(
  shell: Shell,
  steps: Readonly<Record<Name, Step>>,
  onError: (step: string, error: unknown) => void,
  { first, patient }: Order<NoInfer<Name>> = { first: [], patient: [] },
): Worker {
  const stopping = new AbortController();
  // Until they have looked there may be a heap: a worker that was killed in the midst of one goes on with it.
  const heaps = new Set(first);
  const rest = (): Promise<void> => sleep(REST_MS, undefined, { signal: stopping.signal }).catch(() => {});
  const standBack = async (): Promise<void> => {
    for (
      let waited = 0;
      heaps.size > 0 && waited < PATIENCE_MS && !stopping.signal.aborted;
      waited += REST_MS
    )
      await rest();
  };
  const loop = async (name: Name, step: Step): Promise<void> => {
    while (!stopping.signal.aborted) {
      if (patient.includes(name)) await standBack();
      if (stopping.signal.aborted) break;
      let done = 0;
      try {
        done = await step(shell);
      } catch (error) {
        onError(name, error);
      }
      if (first.includes(name)) heaps[done >= HEAP ? "add" : "delete"](name);
      if (done === 0) await rest();
    }
  };
  const loops = (Object.keys(steps) as Name[]).map((name) => loop(name, steps[name]));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

export const timerStep: Step = async (shell) =>
  (await endPauses(shell)) +
  (await fireTimers(shell.db, shell.now())) +
  (await firePlans(shell.db, shell.now()));

/** Forgets sessions that have ended, once in five minutes. */
export function sweepStep(): Step {
  let last = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    if (shell.now() - last < SWEEP_EVERY_MS) return 0;
    last = shell.now();
    while ((await sweepSessions(shell.db, shell.now())) > 0);
    return 0;
  };
}

/** Removes sealed files that nothing names any more, once an hour. */
export function sealedStep(...sweeps: readonly Step[]): Step {
  let last = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    if (shell.now() - last < SEALED_EVERY_MS) return 0;
    last = shell.now();
    for (const sweep of sweeps) await sweep(shell);
    return 0;
  };
}

const SWEEP_EVERY_MS = 5 * 60_000;
const SEALED_EVERY_MS = 60 * 60_000;
