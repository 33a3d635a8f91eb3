/** A panel under a button of the top bar: opened by key or press, closed by Esc or by leaving it, the focus comes back. */
import { type ReactNode, useEffect, useRef } from "react";

export function Popover(props: {
  readonly open: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly label: string;
  readonly title: string;
  readonly button: ReactNode;
  readonly children: ReactNode;
  readonly tour?: string;
}) {
  const { open, onOpen } = props;
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (open) panel.current?.focus();
  }, [open]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: leaving the panel closes it
    <div
      className="popover"
      onBlur={(e) => open && !e.currentTarget.contains(e.relatedTarget) && onOpen(false)}
      onKeyDown={(e) => {
        if (e.key !== "Escape" || !open) return;
        e.stopPropagation();
        onOpen(false);
        button.current?.focus();
      }}
    >
      <button
        ref={button}
        type="button"
        className="icon-button counted"
        aria-label={props.label}
        aria-haspopup="dialog"
        aria-expanded={open}
        title={props.label}
        data-tour={props.tour}
        // The press itself must not take the focus away from the panel and close it before the click is heard.
        onPointerDown={(e) => open && e.preventDefault()}
        onClick={() => onOpen(!open)}
      >
        {props.button}
      </button>
      {open && (
        <div
          ref={panel}
          className="popover-panel scrolls"
          role="dialog"
          aria-label={props.title}
          tabIndex={-1}
        >
          <h2>{props.title}</h2>
          {props.children}
        </div>
      )}
    </div>
  );
}
