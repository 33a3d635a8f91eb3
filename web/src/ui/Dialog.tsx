/** A dialog on the browser's own <dialog>: the focus stays inside, Esc closes, what is behind is out of reach. */
import { CloseOutlined } from "@ant-design/icons";
import { type ReactNode, useEffect, useId, useRef } from "react";

export function Dialog(props: {
  readonly title: string;
  /** Absent where the dialog may not be left, such as signing in again. */
  readonly onClose?: (() => void) | undefined;
  readonly width?: number;
  readonly footer?: ReactNode;
  readonly children: ReactNode;
}) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    firstOf(dialog)?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      className="dialog scrolls"
      aria-labelledby={titleId}
      style={{ "--dialog-width": `${props.width ?? 520}px` }}
      onCancel={(e) => {
        e.preventDefault();
        props.onClose?.();
      }}
      onKeyDown={(e) => e.stopPropagation()}
    >
      <header className="dialog-head">
        <h2 id={titleId}>{props.title}</h2>
        {props.onClose && (
          <button type="button" className="plain-button" aria-label="关闭" onClick={props.onClose}>
            <CloseOutlined aria-hidden="true" />
          </button>
        )}
      </header>
      <div className="dialog-body">{props.children}</div>
      {props.footer && <footer className="dialog-foot">{props.footer}</footer>}
    </dialog>
  );
}

/** What the hands want first: a field of the body, else the button that goes on. */
function firstOf(dialog: HTMLDialogElement | null): HTMLElement | null {
  if (!dialog) return null;
  const field = dialog.querySelector<HTMLElement>("[data-first], .dialog-body :is(input, textarea)");
  const buttons = dialog.querySelectorAll<HTMLElement>(".dialog-foot button");
  return field ?? buttons[buttons.length - 1] ?? null;
}
