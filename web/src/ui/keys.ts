/** Which keys the page on screen answers to; pages tell it while they are shown, `?` shows it. */
import { useEffect, useSyncExternalStore } from "react";
import type { KeyGroup } from "./KeyHelp.tsx";

let shown: readonly KeyGroup[] = [];
const listeners = new Set<() => void>();

/** Tells the help what this page's keys do, for as long as the page is there. `groups` must be a stable value. */
export function usePageKeys(groups: readonly KeyGroup[]): void {
  useEffect(() => {
    change([...shown, ...groups]);
    return () => change(shown.filter((group) => !groups.includes(group)));
  }, [groups]);
}

export function usePageKeyGroups(): readonly KeyGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}

function change(next: readonly KeyGroup[]): void {
  shown = next;
  for (const listener of listeners) listener();
}
