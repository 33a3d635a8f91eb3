/**
 * 测算的依据. What was known at the same point of this and of past periods, and what became of it: a forecast is built from
 * the periods before it alone, so that a past period can be forecast as if it were still running.
 */
import type { Given } from "../assessment/adjustment.ts";
import type { PastPeriod } from "./calibration.ts";
import { isNew, type Outlook, type Stood, type Tallied, type Turned, type UnitSoFar } from "./known.ts";

export interface PastUnit {
  readonly key: string;
  readonly kind: string;
  readonly unitClass?: string | null;
  readonly given?: readonly Given[];
  readonly turned: readonly Turned[];
  /** Entries without an answer at the cut, by category. */
  readonly waiting: ReadonlyMap<string, number>;
}

/** One period, cut as many days after its beginning as the running one is old. */
export interface CutPeriod {
  readonly name: string;
  readonly units: readonly PastUnit[];
  /** How its entries ended, by category, over all units. */
  readonly byCategory: ReadonlyMap<string, readonly Tallied[]>;
}

/** Past periods that a forecast looks back on at most. */
const LOOKS_BACK = 12;
/** Categories' ends are taken from so many periods: what a category is changes with the seasons. */
const CATEGORIES_BACK = 3;

/**
 * What a forecast of the `at`-th period (0: the running one) may know. Periods are the newest first; of the `unsettled`
 * ones just before it answers were still coming in at its cut, so that they do not tell how a period ends.
 */
export function outlookAt(
  periods: readonly CutPeriod[],
  at: number,
  unsettled: number,
  under: Pick<Outlook, "rules" | "readings">,
): Omit<Outlook, "looseness" | "seed" | "rounds"> {
  const older = periods.slice(at + 1, at + 1 + LOOKS_BACK);
  const before = older
    .map((period) => new Map(period.units.map((unit) => [unit.key, unit])))
    .filter((units, n) => n < unsettled || units.size > 0);
  // Where no period is over yet, those that are not are better than none.
  const over = before.slice(unsettled);
  const ended = over.length > 0 ? over : before.filter((units) => units.size > 0);
  const units = (periods[at]?.units ?? []).flatMap((unit): UnitSoFar[] => {
    const now = stoodOf(unit.turned);
    if (now.length === 0) return [];
    const past = before.flatMap((units, n) => {
      // Of the period just before, only what had been answered by this one's cut.
      const known = (units.get(unit.key)?.turned ?? []).filter(({ soon }) => n > 0 || at === 0 || soon);
      const entries = known.flatMap(({ end, times }) => (end ? [{ entry: end, times }] : []));
      return entries.some(({ entry }) => entry.valid) ? [entries] : [];
    });
    return [
      {
        key: unit.key,
        kind: unit.kind,
        unitClass: unit.unitClass ?? null,
        given: unit.given ?? [],
        now,
        past,
        earlier: ended.map((units) => {
          const turned = units.get(unit.key)?.turned ?? [];
          return {
            entries: sum(turned.filter(({ before }) => before !== null)),
            came: sum(turned.filter(isNew)),
          };
        }),
        waiting: unit.waiting,
      },
    ];
  });
  return {
    units,
    turned: ended.flatMap((units) => [...units.values()].flatMap(({ turned }) => turned)),
    byCategory: togetherOf(older.slice(0, CATEGORIES_BACK).map((period) => period.byCategory)),
    ...under,
  };
}

/** A period is looked back on when so many that were over before it are known. */
const NEEDS = 3;

/**
 * The past periods that the forecast is calibrated on, the newest first: each is forecast from those before it alone, and
 * is long enough over itself.
 */
export function pastOf(
  periods: readonly CutPeriod[],
  unsettled: number,
  under: Pick<Outlook, "rules" | "readings">,
): readonly PastPeriod[] {
  const known = periods.slice(0, periods.findLastIndex(({ units }) => units.length > 0) + 1);
  return known.flatMap(({ name, units }, at): PastPeriod[] => {
    if (at <= unsettled || known.length - 1 - at - unsettled < NEEDS) return [];
    const ended = new Map(units.map(({ key, turned }) => [key, turned]));
    return [{ name, outlook: outlookAt(known, at, unsettled, under), ended }];
  });
}

function stoodOf(turned: readonly Turned[]): readonly Stood[] {
  return turned.flatMap(({ before, firm, segment, times }) =>
    before === null ? [] : [{ entry: before, firm, segment, times }],
  );
}

function sum(turned: readonly Turned[]): number {
  return turned.reduce((all, { times }) => all + times, 0);
}

function togetherOf(
  maps: readonly ReadonlyMap<string, readonly Tallied[]>[],
): ReadonlyMap<string, readonly Tallied[]> {
  const together = new Map<string, readonly Tallied[]>();
  for (const map of maps)
    for (const [category, tallied] of map)
      together.set(category, [...(together.get(category) ?? []), ...tallied]);
  return together;
}
