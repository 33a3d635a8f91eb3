/** Who may begin an item: the table of steps says. */
import { liaisonStep } from "@jiesu/core/liaison/lifecycle.ts";

export const BEGINNERS = liaisonStep("open").by;
