/** Keys of the desk: they work wherever the focus is, except in a field that takes text, a dialog, or with Ctrl held. */
import { useEffect, useRef } from "react";

export type DeskKeys = Readonly<Record<string, (() => void) | undefined>>;

export function useDeskKeys(keys: DeskKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || takesText(event.target))
        return;
      const act = latest.current[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined || (event.key === "Enter" && isPressed(event.target))) return;
      event.preventDefault();
      act();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest("dialog, textarea, select, [contenteditable=true], [role=combobox]")) return true;
  return (
    target instanceof HTMLInputElement && !["radio", "checkbox", "button", "submit"].includes(target.type)
  );
}

/** Enter presses a button or a link by itself; the link in the menu that led here leads nowhere any more. */
function isPressed(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement) || target.closest('a[aria-current="page"]')) return false;
  return target.closest("button, a, summary") !== null;
}
