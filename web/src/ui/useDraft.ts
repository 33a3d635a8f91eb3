/** 草稿. What is being typed, kept through reload, crash and sign-out until it is done or thrown away. */
import { useCallback, useEffect, useRef, useState } from "react";

const PREFIX = "jiesu.draft.";
const KEEP_MS = 14 * 86_400_000;

interface Kept<T> {
  readonly at: number;
  readonly value: T;
}

/**
 * State that survives. `key` says whose and what (login, ticket, move). A kept value is laid over `initial`, so a
 * field added later still has its start value. Answers the value, its setter, and how to drop the draft when done.
 */
export function useDraft<T extends object>(key: string, initial: T) {
  const [value, setValue] = useState<T>(() => ({ ...initial, ...stored<T>(key) }));
  const latest = useRef(value);
  const dropped = useRef(false);
  const set = useCallback(
    (change: Partial<T>) => {
      dropped.current = false;
      latest.current = { ...latest.current, ...change };
      keep(key, latest.current);
      setValue(latest.current);
    },
    [key],
  );
  const drop = useCallback(() => {
    dropped.current = true;
    localStorage.removeItem(PREFIX + key);
  }, [key]);
  useEffect(forgetOld, []);
  return { value, set, drop };
}

export function hasDraft(key: string): boolean {
  return localStorage.getItem(PREFIX + key) !== null;
}

function stored<T>(key: string): Partial<T> {
  const kept = parse<T>(localStorage.getItem(PREFIX + key));
  return kept?.value ?? {};
}

function keep<T>(key: string, value: T): void {
  const kept: Kept<T> = { at: Date.now(), value };
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(kept));
  } catch {
    // The store is full or forbidden: what is typed stays on the screen all the same.
  }
}

function forgetOld(): void {
  const old = Object.keys(localStorage).filter(
    (key) => key.startsWith(PREFIX) && (parse(localStorage.getItem(key))?.at ?? 0) < Date.now() - KEEP_MS,
  );
  for (const key of old) localStorage.removeItem(key);
}

function parse<T>(text: string | null): Kept<T> | null {
  if (text === null) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
