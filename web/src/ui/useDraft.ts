/** 草稿. What is being typed, kept through reload, crash and sign-out until it is done or thrown away. */
import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from "react";
import {
  draftsHeard,
  draftValue,
  dropDraft,
  keepDraft,
  type Reunion,
  reuniteDraft,
  subscribeDrafts,
} from "./drafts.ts";

export interface DraftWord {
  readonly reunion: Reunion;
  /** Puts the words that gave way back in place of those that stand; null when there are none. */
  readonly swap: (() => void) | null;
  readonly close: () => void;
}

/**
 * State that survives. `key` says whose and what (login, ticket, move). A kept value is laid over `initial`, so a
 * field added later still has its start value. Answers the value, its setter, how to drop the draft when done, and a
 * word when it was written elsewhere too.
 */
export function useDraft<T extends object>(key: string, initial: T) {
  const kept = useSyncExternalStore(subscribeDrafts, () => draftValue(key));
  const first = useRef(initial);
  const value: T = useMemo(() => ({ ...first.current, ...kept }), [kept]);
  const latest = useRef(value);
  latest.current = value;
  const set = useCallback(
    (change: Partial<T>) => {
      latest.current = { ...latest.current, ...change };
      keepDraft(key, recordOf(latest.current));
    },
    [key],
  );
  const drop = useCallback(() => dropDraft(key), [key]);
  const [reunion, setReunion] = useState<Reunion | null>(null);
  useEffect(() => {
    let here = true;
    void reuniteDraft(key).then((found) => here && setReunion(found));
    return () => {
      here = false;
    };
  }, [key]);
  const close = useCallback(() => setReunion(null), []);
  const other = reunion?.other;
  const word: DraftWord | null = reunion && {
    reunion,
    close,
    swap: other
      ? () => {
          const standing = recordOf(latest.current);
          keepDraft(key, other);
          setReunion({ ...reunion, other: standing });
        }
      : null,
  };
  return { value, set, drop, word };
}

const recordOf = (value: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(value));

/** Grows when a draft of another computer is heard of. */
export function useDraftsHeard(): number {
  return useSyncExternalStore(subscribeDrafts, draftsHeard);
}
