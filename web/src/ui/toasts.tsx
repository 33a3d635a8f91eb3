/** Short words on what has just happened, at the corner, gone by themselves; read out by screen readers. */
import { CloseOutlined } from "@ant-design/icons";
import { useEffect, useSyncExternalStore } from "react";

interface Toast {
  readonly id: number;
  readonly tone: "plain" | "wrong";
  readonly text: string;
  /** Taking back what was done: pressed, or the key z while the words are in sight. */
  readonly undo?: () => void;
}

const STAY_MS = { plain: 4_000, undo: 12_000, wrong: 10_000 };

const BLINK_MS = 400;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Says that something has been done. */
export function say(text: string): void {
  add("plain", text);
}

/** Says that something has been done, and offers to take it back. */
export function sayUndoable(text: string, undo: () => void): void {
  add("plain", text, undo);
}

/** Words on something that is still going on; shown only when it takes longer than a blink. */
export interface Held {
  readonly change: (text: string) => void;
  readonly done: (text: string, undo?: () => void) => void;
  readonly wrong: (text: string) => void;
}

/** Says that something is going on, until it is known what came of it. */
export function hold(text: string): Held {
  let id: number | null = null;
  const show = (words: string) => {
    if (id === null) id = put({ tone: "plain", text: words });
    else change(toasts.map((toast) => (toast.id === id ? { ...toast, text: words } : toast)));
  };
  const timer = setTimeout(() => show(text), BLINK_MS);
  const end = () => {
    clearTimeout(timer);
    if (id !== null) remove(id);
  };
  return {
    change: (words) => {
      clearTimeout(timer);
      show(words);
    },
    done: (words, undo) => {
      end();
      add("plain", words, undo);
    },
    wrong: (words) => {
      end();
      add("wrong", words);
    },
  };
}

/** Says that something was refused or failed, where no form is there to say it in place. */
export function sayWrong(text: string): void {
  add("wrong", text);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  useEffect(() => {
    document.addEventListener("keydown", onUndoKey);
    return () => document.removeEventListener("keydown", onUndoKey);
  }, []);
  return (
    <section className="toasts" aria-label="提示" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className="toast" data-tone={toast.tone}>
          <div>{toast.text}</div>
          {toast.undo && (
            <button
              type="button"
              className="toast-undo"
              aria-keyshortcuts="z"
              onClick={() => takeBack(toast)}
            >
              撤销 <kbd>Z</kbd>
            </button>
          )}
          <button
            type="button"
            className="plain-button"
            aria-label="关闭提示"
            onClick={() => remove(toast.id)}
          >
            <CloseOutlined aria-hidden="true" />
          </button>
        </div>
      ))}
    </section>
  );
}

function add(tone: Toast["tone"], text: string, undo?: () => void): void {
  const id = put({ tone, text, ...(undo ? { undo } : {}) });
  setTimeout(() => remove(id), STAY_MS[undo ? "undo" : tone]);
}

function put(toast: Omit<Toast, "id">): number {
  const id = ++lastId;
  change([...toasts.slice(-3), { id, ...toast }]);
  return id;
}

function takeBack(toast: Toast): void {
  remove(toast.id);
  toast.undo?.();
}

/** z takes back what was said last that can be taken back; not while something is being typed or a dialog is open. */
function onUndoKey(event: KeyboardEvent): void {
  if (event.key.toLowerCase() !== "z" || event.ctrlKey || event.metaKey || event.altKey) return;
  const { target } = event;
  if (target instanceof HTMLElement && target.closest("input,textarea,select,dialog,[contenteditable]"))
    return;
  const last = toasts.findLast((toast) => toast.undo !== undefined);
  if (last) takeBack(last);
}

function remove(id: number): void {
  change(toasts.filter((toast) => toast.id !== id));
}

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
