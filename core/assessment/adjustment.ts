/**
 * 加减分. What a rule set lets be added to a unit's weighted score or taken from it, and what approved points come to under
 * it. Points are added up by item before anything is capped, so that the order in which they were given changes nothing.
 */
import { add, compare, decimalText, type Fraction, subtract, ZERO } from "./fraction.ts";

export const ADJUSTMENT_KINDS = ["bonus", "penalty"] as const;
export type AdjustmentKind = (typeof ADJUSTMENT_KINDS)[number];
export const ADJUSTMENT_KIND_NAMES: Readonly<Record<AdjustmentKind, string>> = {
  bonus: "加分",
  penalty: "减分",
};

export const isAdjustmentKind = (kind: unknown): kind is AdjustmentKind =>
  ADJUSTMENT_KINDS.some((each) => each === kind);

/** One item that may be given. */
export interface AdjustmentItem {
  readonly key: string;
  readonly name: string;
  readonly kind: AdjustmentKind;
  /** Most points at one time; a penalty's are written without a sign as well. */
  readonly mostEach: Fraction;
  /** Most points of this item for one unit in one period. */
  readonly mostPerUnit: Fraction;
  /** 佐证: what has to be shown for it. */
  readonly evidence: string;
  /** 依据. */
  readonly source: string;
}

export interface AdjustmentRule {
  readonly items: readonly AdjustmentItem[];
  /** Most points of all items together, for one unit in one period. */
  readonly most: Readonly<Record<AdjustmentKind, Fraction>>;
  /** The score stays within these bounds, whatever was given. */
  readonly score: { readonly least: Fraction; readonly most: Fraction };
}

/** Points approved for a unit in a period, without a sign: the rule's item says whether they are added. */
export interface Given {
  readonly id: string;
  readonly item: string;
  readonly points: Fraction;
}

/** What was given of one item, and what of it counts. Without a sign. */
export interface ItemPoints {
  readonly item: AdjustmentItem;
  readonly ids: readonly string[];
  readonly given: Fraction;
  readonly counted: Fraction;
}

export interface Points {
  /** In the rule's order; items that were not given are left out. */
  readonly items: readonly ItemPoints[];
  /** Within the caps on all items together. */
  readonly bonus: Fraction;
  readonly penalty: Fraction;
  /** bonus − penalty. */
  readonly total: Fraction;
  /** Points of items that this rule set does not have: they count for nothing under it. */
  readonly unknown: readonly Given[];
}

export const NO_POINTS: Points = { items: [], bonus: ZERO, penalty: ZERO, total: ZERO, unknown: [] };

/** What the given points come to under a rule set; it does not depend on their order. */
export function pointsOf(given: readonly Given[], rule: AdjustmentRule | undefined): Points {
  if (given.length === 0) return NO_POINTS;
  if (rule === undefined) return { ...NO_POINTS, unknown: byId(given) };
  const items = rule.items.flatMap((item): readonly ItemPoints[] => {
    const its = byId(given.filter((each) => each.item === item.key));
    if (its.length === 0) return [];
    const counted = its.map(({ points }) => least(points, item.mostEach)).reduce(add, ZERO);
    return [
      {
        item,
        ids: its.map(({ id }) => id),
        given: its.map(({ points }) => points).reduce(add, ZERO),
        counted: least(counted, item.mostPerUnit),
      },
    ];
  });
  const of = (kind: AdjustmentKind): Fraction =>
    least(
      items
        .filter(({ item }) => item.kind === kind)
        .map(({ counted }) => counted)
        .reduce(add, ZERO),
      rule.most[kind],
    );
  const [bonus, penalty] = [of("bonus"), of("penalty")];
  const known = new Set(rule.items.map((item) => item.key));
  return {
    items,
    bonus,
    penalty,
    total: subtract(bonus, penalty),
    unknown: byId(given.filter((each) => !known.has(each.item))),
  };
}

/** The weighted score with the points, kept within the rule's bounds. */
export function adjustedScore(basic: Fraction, points: Points, rule: AdjustmentRule | undefined): Fraction {
  if (rule === undefined) return basic;
  const sum = add(basic, points.total);
  return compare(sum, rule.score.least) < 0 ? rule.score.least : least(sum, rule.score.most);
}

/** "+0.5", "-1.25", "0": every digit that there is. */
export function pointsText(points: Fraction): string {
  const text = plainText(points);
  return compare(points, ZERO) > 0 ? `+${text}` : text;
}

/** "0.5", "3": without a plus and without zeros at the end; a mean that does not end is rounded to two digits. */
export function plainText(points: Fraction): string {
  const text = decimalText(points, MILLION % points.den === 0n ? 6 : 2);
  return text.replace(/\.?0+$/, "");
}

/** Points are written with six decimals at most. */
const MILLION = 1_000_000n;

const least = (a: Fraction, b: Fraction): Fraction => (compare(a, b) <= 0 ? a : b);

function byId(given: readonly Given[]): readonly Given[] {
  return [...given].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
