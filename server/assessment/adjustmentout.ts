/** 加减分的样子: how one record leaves the house, with what became of it. */
import { ADJUSTMENT_STATES, type AdjustmentState } from "@jiesu/core/assessment/adjusting.ts";
import { ADJUSTMENT_KINDS, pointsText } from "@jiesu/core/assessment/adjustment.ts";
import { subtract, ZERO } from "@jiesu/core/assessment/fraction.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import { z } from "zod";
import { type Adjustment, pointsRead } from "./adjustments.ts";
import type { Closed } from "./frozen.ts";

export const State = z.enum(Object.keys(ADJUSTMENT_STATES) as [AdjustmentState, ...AdjustmentState[]]);
export const Kind = z.enum(ADJUSTMENT_KINDS);

export const AdjustmentOut = z.object({
  id: z.string(),
  level: z.enum(LEVELS),
  period: z.string(),
  unit: z.object({ id: z.string(), name: z.string() }),
  item: z.string(),
  itemName: z.string(),
  kind: Kind,
  /** With its sign: "-0.5". */
  points: z.string(),
  reason: z.string(),
  evidence: z.string(),
  link: z.string(),
  at: z.iso.datetime(),
  by: z.string(),
  /** Whether the asking person drafted it, and so may not decide on it. */
  mine: z.boolean(),
  state: State,
  stateZh: z.string(),
  steps: z.array(
    z.object({
      state: State,
      stateZh: z.string(),
      reason: z.string(),
      late: z.boolean(),
      at: z.iso.datetime(),
      by: z.string(),
    }),
  ),
  /** Of a closed period: approved after the closing, or in the closing and revoked since; null: as it was closed. */
  difference: z.enum(["added", "removed"]).nullable(),
});

export function adjustmentOut(
  row: Adjustment,
  userId: string | null,
  closed: Closed | null,
): z.infer<typeof AdjustmentOut> {
  const { id, level, period, item, itemName, kind, reason, evidence, link, state, steps } = row;
  const points = pointsRead(row.points);
  return {
    ...{ id, level, period, item, itemName, kind, reason, evidence, link, state },
    unit: { id: row.unitId, name: row.unitName },
    points: pointsText(kind === "bonus" ? points : subtract(ZERO, points)),
    at: row.at.toISOString(),
    by: row.byName,
    mine: row.byUser !== null && row.byUser === userId,
    stateZh: ADJUSTMENT_STATES[state],
    steps: steps.map(({ state, reason, late, at, byName }) => ({
      ...{ state, reason, late, by: byName },
      stateZh: ADJUSTMENT_STATES[state],
      at: new Date(at).toISOString(),
    })),
    difference: differenceOf(row, closed),
  };
}

function differenceOf({ id, state }: Adjustment, closed: Closed | null): "added" | "removed" | null {
  if (closed === null) return null;
  const frozen = closed.frozen.adjustments?.some((each) => each.id === id) ?? false;
  if (frozen === (state === "approved")) return null;
  return frozen ? "removed" : "added";
}
