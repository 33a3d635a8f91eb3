/** Short words on what has just happened, at the corner, gone by themselves; read out by screen readers. */
import { CloseOutlined } from "@ant-design/icons";
import { useSyncExternalStore } from "react";

interface Toast {
  readonly id: number;
  readonly tone: "plain" | "wrong";
  readonly text: string;
}

const STAY_MS = { plain: 4_000, wrong: 10_000 };

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Says that something has been done. */
export function say(text: string): void {
  add("plain", text);
}

/** Says that something was refused or failed, where no form is there to say it in place. */
export function sayWrong(text: string): void {
  add("wrong", text);
}

export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className="toasts" aria-label="提示" aria-live="polite">
      {shown.map((toast) => (
        <div key={toast.id} className="toast" data-tone={toast.tone}>
          <div>{toast.text}</div>
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

function add(tone: Toast["tone"], text: string): void {
  const id = ++lastId;
  change([...toasts.slice(-3), { id, tone, text }]);
  setTimeout(() => remove(id), STAY_MS[tone]);
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
