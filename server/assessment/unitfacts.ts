/** 分类与人口的存取. A unit's class by day and its area's population by year; of two entries for one day or year the later counts. */
import type { Given } from "@jiesu/core/assessment/adjustment.ts";
import { type Population, yearOf } from "@jiesu/core/assessment/density.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import type { Period } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { givenIn } from "./adjustments.ts";

/** What of the units no ticket says, for one period. */
export interface PeriodFacts {
  readonly classes: ReadonlyMap<string, string>;
  readonly populations: ReadonlyMap<string, Population>;
  readonly given: ReadonlyMap<string, readonly Given[]>;
}

export async function factsOf(db: Db, level: Level, period: Period): Promise<PeriodFacts> {
  const [classes, populations, given] = await Promise.all([
    classesOn(db, period.from),
    populationsIn(db, yearOf(period.name)),
    givenIn(db, level, period.name),
  ]);
  return { classes, populations, given };
}

/** Classes on a day. A period has those of its first day: a change within it begins with the next one. */
export async function classesOn(db: Db, day: Day): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ unitId: string; class: string | null }>`
    select distinct on (unit_id) unit_id as "unitId", class from unit_class
     where from_day <= ${day}::date order by unit_id, from_day desc, id desc`.execute(db);
  return new Map(rows.flatMap((row) => (row.class === null ? [] : [[row.unitId, row.class] as const])));
}

export async function populationsIn(db: Db, year: number): Promise<ReadonlyMap<string, Population>> {
  const { rows } = await sql<{ unitId: string; people: number | null; source: string }>`
    select distinct on (unit_id) unit_id as "unitId", people, source from population
     where year = ${year} order by unit_id, id desc`.execute(db);
  return new Map(
    rows.flatMap(({ unitId, people, source }) =>
      people === null ? [] : [[unitId, { year, people, source }] as const],
    ),
  );
}

export interface ClassEntry {
  readonly unitId: string;
  /** Null: none any more. */
  readonly unitClass: string | null;
  readonly from: string;
  readonly source: string;
}
export interface PopulationEntry {
  readonly unitId: string;
  readonly year: number;
  /** Null: not known. */
  readonly people: number | null;
  readonly source: string;
}
export interface Entered {
  readonly at: Date;
  readonly byName: string;
}

/** Every entry ever made, the one that counts first. */
export async function classHistory(db: Db): Promise<readonly (ClassEntry & Entered)[]> {
  const { rows } = await sql<ClassEntry & Entered>`
    select unit_id as "unitId", class as "unitClass", from_day::text as "from", source, at, by_name as "byName"
      from unit_class order by unit_id, from_day desc, id desc`.execute(db);
  return rows;
}

export async function populationHistory(db: Db): Promise<readonly (PopulationEntry & Entered)[]> {
  const { rows } = await sql<PopulationEntry & Entered>`
    select unit_id as "unitId", year, people, source, at, by_name as "byName"
      from population order by unit_id, year desc, id desc`.execute(db);
  return rows;
}

interface By {
  readonly at: Date;
  readonly byUser: string | null;
  readonly byName: string;
}

export async function insertClasses(tx: Db, entries: readonly ClassEntry[], by: By): Promise<void> {
  await tx
    .insertInto("unit_class")
    .values(
      entries.map(({ unitId, unitClass, from, source }) => ({
        unit_id: unitId,
        class: unitClass,
        from_day: from,
        source,
        at: by.at,
        by_user: by.byUser,
        by_name: by.byName,
      })),
    )
    .execute();
}

export async function insertPopulations(tx: Db, entries: readonly PopulationEntry[], by: By): Promise<void> {
  await tx
    .insertInto("population")
    .values(
      entries.map(({ unitId, year, people, source }) => ({
        unit_id: unitId,
        year,
        people,
        source,
        at: by.at,
        by_user: by.byUser,
        by_name: by.byName,
      })),
    )
    .execute();
}

/** Units of these kinds by id, for choosing those of a group. */
export async function allUnits(
  db: Db,
): Promise<
  readonly { readonly id: string; readonly name: string; readonly shortName: string; readonly kind: string }[]
> {
  return db
    .selectFrom("unit")
    .select(["id", "name", "short_name as shortName", "kind"])
    .orderBy("id")
    .execute();
}
