/** A small word beside something: a state, a level; its tone never speaks alone. */
import type { ReactNode } from "react";

export type Tone = "plain" | "strong" | "mine" | "near" | "overdue";

export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

/** How many are waiting. */
export function Count({ value, tone = "mine" }: { value: number; tone?: "mine" | "near" | "overdue" }) {
  return (
    <span className="count" data-tone={value === 0 ? "none" : tone}>
      {value > 99_999 ? "99999+" : value}
    </span>
  );
}
