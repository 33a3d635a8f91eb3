/** 时限. How long is left, in words and with one tone. */
import { leftWords } from "@jiesu/core/deadline/words.ts";
import type { Tone } from "../../ui/Tag.tsx";

export type DueTone = Extract<Tone, "plain" | "near" | "overdue">;

export function dueTone(at: { dueAt: string; nearAt: string | null }, now: number): DueTone {
  if (Date.parse(at.dueAt) < now) return "overdue";
  if (at.nearAt !== null && Date.parse(at.nearAt) <= now) return "near";
  return "plain";
}

/** 剩 3 小时 12 分 · 超 1 天 */
export function DueWords({ dueAt, nearAt, now }: { dueAt: string; nearAt: string | null; now: number }) {
  return (
    <span className="due" data-tone={dueTone({ dueAt, nearAt }, now)}>
      {leftWords(Date.parse(dueAt) - now)}
    </span>
  );
}
