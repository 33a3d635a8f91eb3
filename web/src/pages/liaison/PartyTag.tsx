/** How a party stands with what it was asked, in a word and a tone. */
import type { AnswerStanding } from "@jiesu/core/liaison/standing.ts";
import type { Tone } from "../../ui/Tag.tsx";

const TONES: Readonly<Record<AnswerStanding, Tone>> = {
  inTime: "plain",
  late: "near",
  overdue: "overdue",
  waiting: "mine",
  letOff: "plain",
};

export const toneOf = (standing: AnswerStanding | null): Tone =>
  standing === null ? "plain" : TONES[standing];
