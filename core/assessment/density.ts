/**
 * 万人诉求比: tickets of a period for every ten thousand people of the unit's area, by the population of the period's year.
 * Where no population is known there is no figure: nothing is taken from another year.
 */
import { decimalText, type Fraction, fraction } from "./fraction.ts";
import type { RuleSet } from "./ruleset.ts";

/** People living in a unit's area 常住人口, as a paper says for one year. */
export interface Population {
  readonly year: number;
  readonly people: number;
  readonly source: string;
}

const TEN_THOUSAND = 10_000;

/** The year whose population counts for a period: "2020-12" → 2020. */
export function yearOf(period: string): number {
  return Number(period.slice(0, 4));
}

/** Null where the population is not known. */
export function perTenThousand(tickets: number, population: Population | null): Fraction | null {
  return population === null ? null : fraction(tickets * TEN_THOUSAND, population.people);
}

/** "12.3", as many digits as a rate; "—" where the population is not known. */
export function densityText(density: Fraction | null, rules: Pick<RuleSet, "rateDigits">): string {
  return density === null ? "—" : decimalText(density, rules.rateDigits);
}

/** Why there is no figure, in the user's words. */
export function densityMissing(year: number): string {
  return `未登记 ${year} 年常住人口`;
}
