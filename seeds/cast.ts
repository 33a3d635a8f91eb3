/** 谁来办. Picks the person on duty for a role, and says how well each unit works. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import type { UnitFact } from "./district.ts";
import { everybody, type Person } from "./people.ts";
import { type Random, randomOf } from "./random.ts";

export interface UnitHabits {
  /** Share of its tickets that the caller finds solved, 0 … 1. */
  readonly solves: number;
  /** Share of its reports that come too late. */
  readonly late: number;
}

export interface Cast {
  /** Somebody of the centre with this role; a shift lead steps in now and then where the table lets them. */
  centre(random: Random, role: Role): Person;
  /** Somebody of a unit, by the unit's full name. */
  unit(random: Random, name: string): Person;
  habits(name: string): UnitHabits;
  readonly streets: readonly UnitFact[];
  readonly bureaus: readonly UnitFact[];
}

export function castOf(units: readonly UnitFact[], seed: number): Cast {
  const people = everybody(units);
  const byRole = Map.groupBy(
    people.filter((p) => p.unit === null),
    (p) => p.role,
  );
  const ofUnit = new Map(units.map((u) => [u.name, people.filter((p) => p.unit === u.shortName)]));
  const habits = new Map(
    units.map((u, i) => {
      const random = randomOf(seed, i, 4242);
      return [u.name, { solves: 0.62 + 0.33 * random.next(), late: 0.01 + 0.1 * random.next() ** 2 }];
    }),
  );
  const known = <T>(found: T | undefined, what: string): T => {
    if (found === undefined) throw new Error(`the district lacks ${what}`);
    return found;
  };
  return {
    centre: (random, role) => random.pick(known(byRole.get(role), role)),
    unit: (random, name) => random.pick(known(ofUnit.get(name), name)),
    habits: (name) => known(habits.get(name), name),
    streets: units.filter((u) => u.kind === "street" || u.kind === "town"),
    bureaus: units.filter((u) => u.kind === "bureau"),
  };
}
