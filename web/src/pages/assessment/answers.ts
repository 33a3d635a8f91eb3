/** Answers of a callback in words. */
import { T } from "../../texts.ts";

export const ASKED = ["contacted", "solved", "satisfied"] as const;
type Asked = (typeof ASKED)[number];

export function answerText(question: Asked, value: string | null): string {
  const words: Readonly<Record<string, string>> = T.ledger.answers.values[question];
  return value === null ? T.ledger.answers.blank : (words[value] ?? value);
}
