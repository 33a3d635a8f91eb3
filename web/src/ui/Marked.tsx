/** A text with some of its stretches marked, each with its kind and why; kinds differ in line and weight, not in colour alone. */
import type { ReactNode } from "react";

export interface Mark {
  /** Positions in the text, in UTF-16 units; `end` is not included. */
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly why: string;
}

export function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const out: ReactNode[] = [];
  let from = 0;
  for (const mark of [...marks].sort((a, b) => a.start - b.start)) {
    if (mark.start < from || mark.end > text.length) continue; // lies under another, or the text is another by now
    out.push(
      text.slice(from, mark.start),
      <mark key={mark.start} className="text-mark" data-kind={mark.kind} title={mark.why}>
        {text.slice(mark.start, mark.end)}
      </mark>,
    );
    from = mark.end;
  }
  out.push(text.slice(from));
  return <>{out}</>;
}
