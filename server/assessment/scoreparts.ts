/**
 * 得分构成. What a unit's score is made of: each weighted rate, the points given item by item with reason and approver, and what
 * the bounds of the score took back. The parts add up to the score exactly.
 */
import { pointsOf, pointsText } from "@jiesu/core/assessment/adjustment.ts";
import { QUESTION_NAMES, QUESTIONS } from "@jiesu/core/assessment/entry.ts";
import {
  compare,
  decimalText,
  type Fraction,
  fraction,
  multiply,
  subtract,
  ZERO,
} from "@jiesu/core/assessment/fraction.ts";
import type { Contender } from "@jiesu/core/assessment/ranking.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { boundOf, type Result } from "@jiesu/core/assessment/score.ts";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import { AdjustmentOut, adjustmentOut } from "./adjustmentout.ts";
import { listAdjustments } from "./adjustments.ts";
import type { Closed } from "./frozen.ts";

/** Digits beyond the score's own, so that what is rounded away of a part is seen to be small. */
const MORE_DIGITS = 2;

export const ScorePartsOut = z.object({
  parts: z.array(
    z.object({
      code: z.enum([...QUESTIONS, "points", "bound"]),
      name: z.string(),
      /** As a fraction, "123/4": they add up to `exact`. */
      exact: z.string(),
      text: z.string(),
    }),
  ),
  /** The unrounded score as a fraction; null where there is none. */
  exact: z.string().nullable(),
  /** The items that were given, in the rule's order; null where the rule set has no points. */
  items: z
    .array(
      z.object({
        key: z.string(),
        name: z.string(),
        kind: z.enum(["bonus", "penalty"]),
        given: z.string(),
        /** Less than given where a cap of the rule set cuts it. */
        counted: z.string(),
        source: z.string(),
        records: z.array(AdjustmentOut),
      }),
    )
    .nullable(),
  /** Given under another rule set: this one has no such item, they count for nothing. */
  unknown: z.array(AdjustmentOut),
});

export async function scorePartsOf(
  db: Db,
  unit: Pick<Contender, "given">,
  result: Result,
  rules: RuleSet,
  closed: Closed | null,
): Promise<z.infer<typeof ScorePartsOut>> {
  const points = pointsOf(unit.given ?? [], rules.adjustments);
  const ids = (unit.given ?? []).map(({ id }) => id);
  const records = ids.length === 0 ? [] : await listAdjustments(db, { ids });
  const shown = (which: readonly string[]) =>
    records.filter(({ id }) => which.includes(id)).map((each) => adjustmentOut(each, null, closed));
  const signed = (kind: "bonus" | "penalty", value: Fraction): string =>
    pointsText(kind === "bonus" ? value : subtract(ZERO, value));
  const rates = QUESTIONS.map((question) => {
    const rate = result.rates[question] ?? ZERO;
    const value = multiply(multiply(rules.weights[question], rate), fraction(100));
    return part(
      question,
      QUESTION_NAMES[question],
      value,
      decimalText(value, rules.scoreDigits + MORE_DIGITS),
    );
  });
  const bound = boundOf(result);
  const added = [
    ...(result.points === null ? [] : [part("points", "加减分", result.points, pointsText(result.points))]),
    ...(compare(bound, ZERO) === 0
      ? []
      : [part("bound", "得分上下限", bound, decimalText(bound, rules.scoreDigits + MORE_DIGITS))]),
  ];
  return {
    parts: result.score === null ? [] : [...rates, ...added],
    exact: result.score === null ? null : exactText(result.score),
    items:
      result.points === null
        ? null
        : points.items.map(({ item, ids, given, counted }) => ({
            ...{ key: item.key, name: item.name, kind: item.kind, source: item.source },
            given: signed(item.kind, given),
            counted: signed(item.kind, counted),
            records: shown(ids),
          })),
    unknown: shown(points.unknown.map(({ id }) => id)),
  };
}

function part(
  code: z.infer<typeof ScorePartsOut>["parts"][number]["code"],
  name: string,
  value: Fraction,
  text: string,
) {
  return { code, name, exact: exactText(value), text };
}

const exactText = ({ num, den }: Fraction): string => `${num}/${den}`;
