/** The steps that are taken on an item, in the order of their buttons, with their keys. */
import type { LiaisonStep } from "@jiesu/core/liaison/lifecycle.ts";

export type TakenStep = Exclude<LiaisonStep, "open">;

export const KEYS: Readonly<Record<TakenStep, string>> = {
  answer: "a",
  say: "s",
  ask: "q",
  conclude: "c",
  link: "l",
  extend: "e",
  letOff: "m",
  reopen: "o",
  cancel: "x",
};
export const isTaken = (step: LiaisonStep): step is TakenStep => step !== "open";
