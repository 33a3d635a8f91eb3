/** 导览的进度. Whether the tour is running and at which step; kept for its person, so that it is gone on with later. */
import { useSyncExternalStore } from "react";
import { useKept } from "../api/preferences.ts";

let running: number | null = null;
const listeners = new Set<() => void>();

/** Starts the tour at a step. */
export function beginTour(step: number): void {
  change(step);
}

export function useTour() {
  const at = useSyncExternalStore(subscribe, () => running);
  const { known, value, keep } = useKept("tour");
  const kept = keptIn(value);
  return {
    running: at !== null,
    at: at ?? 0,
    /** Whether the server has told how far this person came. */
    known,
    /** Whether it was ever begun or put away. */
    begun: value !== undefined,
    ...kept,
    go: (step: number) => {
      change(step);
      keep({ done: kept.done, step });
    },
    leave: (done: boolean) => {
      const step = done ? 0 : (running ?? kept.step);
      change(null);
      keep({ done: done || kept.done, step });
    },
  };
}

function keptIn(value: unknown): { readonly done: boolean; readonly step: number } {
  const { done, step } = Object(value) as { done?: unknown; step?: unknown };
  return { done: done === true, step: typeof step === "number" ? step : 0 };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: number | null): void {
  running = next;
  for (const listener of listeners) listener();
}
