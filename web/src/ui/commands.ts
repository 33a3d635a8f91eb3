/** What the page on screen can do by name; pages tell it while they are shown, the command box offers it. */
import { useEffect, useSyncExternalStore } from "react";

export interface PageCommand {
  readonly key: string;
  readonly text: string;
  /** The key that does the same, shown beside it. */
  readonly hotkey?: string | undefined;
  readonly run: () => void;
}

let shown: readonly (readonly PageCommand[])[] = [];
const listeners = new Set<() => void>();

/** Offers these for as long as the page is there. `commands` must be a stable value. */
export function usePageCommands(commands: readonly PageCommand[]): void {
  useEffect(() => {
    change([...shown, commands]);
    return () => change(shown.filter((each) => each !== commands));
  }, [commands]);
}

/** Those of the page that told them last: a panel over a page stands before it. */
export function usePageCommandList(): readonly PageCommand[] {
  return useSyncExternalStore(subscribe, () => shown.at(-1) ?? NONE);
}

const NONE: readonly PageCommand[] = [];

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function change(next: readonly (readonly PageCommand[])[]): void {
  shown = next;
  for (const listener of listeners) listener();
}
