/** Answers of a callback in words. */
import { LEDGER } from "../../texts/ledger.ts";

export const ASKED = ["contacted", "solved", "satisfied"] as const;
type Asked = (typeof ASKED)[number];

export function answerText(question: Asked, value: string | null): string {
  const words: Readonly<Record<string, string>> = LEDGER.answers.values[question];
  return value === null ? LEDGER.answers.blank : (words[value] ?? value);
}
