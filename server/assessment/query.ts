/** What the assessment's addresses are asked by: a period by name, a day, and whose figures may be seen. */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import { parsePeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";

export const PeriodQuery = z
  .string()
  .transform((name, context) => ours(parsePeriodName(name), context, "考核期应写作 2020-12"));
export const DayQuery = z
  .string()
  .transform((day, context) => ours(parseDay(day), context, "日期应写作 2020-12-31"));

/** A person of a unit sees that unit alone; null sees all. */
export function ownUnitOf(actor: Actor): string | null {
  return actor.roles.some((role) => sideOf(role) !== "unit") ? null : (actor.unitId ?? "0");
}

/** A parsed value of this century, or an issue in Chinese: the ledger has no earlier days. */
function ours<T extends string>(value: T | null, context: z.RefinementCtx, message: string): T {
  const year = value === null ? 0 : Number(value.slice(0, 4));
  if (value !== null && year >= 2000 && year < 2100) return value;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
}
