/**
 * 分类与人口的登记. Looks a table over before anything is written, and writes it whole or not at all. What says the same as what
 * counts already is not entered a second time.
 */

import { choosePeriod } from "@jiesu/core/assessment/choice.ts";
import {
  type ReadClass,
  type ReadPopulation,
  readClassTable,
  readPopulationTable,
  type TableFault,
  type TableRow,
  type TableTools,
} from "@jiesu/core/assessment/facttable.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { parsePeriodName } from "@jiesu/core/time/period.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { readUnitBook } from "../ticket/unitbook.ts";
import { rulebook } from "./rulebook.ts";
import {
  allUnits,
  type ClassEntry,
  classHistory,
  insertClasses,
  insertPopulations,
  type PopulationEntry,
  populationHistory,
} from "./unitfacts.ts";

/** One row of a table against what is entered already. */
export interface LookedAt<T> {
  readonly entry: T;
  readonly unitName: string;
  /** What stands for that day, or year, now; null when nothing was entered for it. */
  readonly now: string | null;
  /** Whether the row says the same, and so is not entered again. */
  readonly same: boolean;
}

export interface Look<T> {
  readonly faults: readonly TableFault[];
  /** Empty when there are faults. */
  readonly rows: readonly LookedAt<T>[];
  /** Classes that no rule set ranks apart: perhaps misspelt. */
  readonly unusedClasses: readonly string[];
}

export async function lookAtClasses(
  shell: Shell,
  rows: readonly TableRow[],
  source: string,
): Promise<Look<ReadClass>> {
  const [tools, names, history, used] = await Promise.all([
    toolsOf(shell, source),
    namesOf(shell.db),
    classHistory(shell.db),
    usedClasses(shell),
  ]);
  const read = readClassTable(rows, tools);
  if (!read.ok) return { faults: read.faults, rows: [], unusedClasses: [] };
  const entered = new Set(read.entries.flatMap(({ unitClass }) => unitClass ?? []));
  return {
    faults: [],
    rows: read.entries.map((entry) => {
      const now = history.find((each) => each.unitId === entry.unitId && each.from === entry.from);
      return {
        entry,
        unitName: names.get(entry.unitId) ?? "",
        now: now === undefined ? null : (now.unitClass ?? "无"),
        same: now !== undefined && sameClass(now, entry),
      };
    }),
    unusedClasses: [...entered].filter((each) => !used.has(each)),
  };
}

export async function lookAtPopulations(
  shell: Shell,
  rows: readonly TableRow[],
  source: string,
): Promise<Look<ReadPopulation>> {
  const [tools, names, history] = await Promise.all([
    toolsOf(shell, source),
    namesOf(shell.db),
    populationHistory(shell.db),
  ]);
  const read = readPopulationTable(rows, tools);
  if (!read.ok) return { faults: read.faults, rows: [], unusedClasses: [] };
  return {
    faults: [],
    rows: read.entries.map((entry) => {
      const now = history.find((each) => each.unitId === entry.unitId && each.year === entry.year);
      return {
        entry,
        unitName: names.get(entry.unitId) ?? "",
        now: now === undefined ? null : String(now.people ?? "不详"),
        same: now !== undefined && samePopulation(now, entry),
      };
    }),
    unusedClasses: [],
  };
}

/** Enters classes; answers how many were new. */
export async function enterClasses(
  shell: Shell,
  actor: Actor,
  entries: readonly ClassEntry[],
): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    await unitsOrRefuse(tx, entries, ({ unitId, from }) => `${unitId} ${from}`);
    const history = await classHistory(tx);
    const fresh = entries.filter((entry) => {
      const now = history.find((each) => each.unitId === entry.unitId && each.from === entry.from);
      return now === undefined || !sameClass(now, entry);
    });
    if (fresh.length === 0) return 0;
    await insertClasses(tx, fresh, { at: new Date(shell.now()), byUser: actor.userId, byName: actor.name });
    await audit(tx, shell.now(), actor.userId, actor.name, "unit-class-entered", {
      detail: {
        units: fresh.map(({ unitId, unitClass, from }) => `${unitId} ${unitClass ?? "无"} ${from}`),
        source: [...new Set(fresh.map(({ source }) => source))],
      },
    });
    return fresh.length;
  });
}

/** Enters populations; answers how many were new. */
export async function enterPopulations(
  shell: Shell,
  actor: Actor,
  entries: readonly PopulationEntry[],
): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    await unitsOrRefuse(tx, entries, ({ unitId, year }) => `${unitId} ${year}`);
    const history = await populationHistory(tx);
    const fresh = entries.filter((entry) => {
      const now = history.find((each) => each.unitId === entry.unitId && each.year === entry.year);
      return now === undefined || !samePopulation(now, entry);
    });
    if (fresh.length === 0) return 0;
    const by = { at: new Date(shell.now()), byUser: actor.userId, byName: actor.name };
    await insertPopulations(tx, fresh, by);
    await audit(tx, shell.now(), actor.userId, actor.name, "population-entered", {
      detail: {
        units: fresh.map(({ unitId, year, people }) => `${unitId} ${year} ${people ?? "不详"}`),
        source: [...new Set(fresh.map(({ source }) => source))],
      },
    });
    return fresh.length;
  });
}

/** Classes that some rule set, drafts too, ranks apart. */
export async function usedClasses(shell: Shell): Promise<ReadonlySet<string>> {
  const books = await Promise.all((["district", "city"] as const).map((level) => rulebook(shell, level)));
  return new Set(
    books.flat().flatMap((rules: RuleSet) => rules.groups.flatMap(({ classes }) => classes ?? [])),
  );
}

const sameClass = (a: ClassEntry, b: ClassEntry): boolean =>
  a.unitClass === b.unitClass && a.source === b.source;
const samePopulation = (a: PopulationEntry, b: PopulationEntry): boolean =>
  a.people === b.people && a.source === b.source;

async function toolsOf(shell: Shell, source: string): Promise<TableTools> {
  const [book, rules, settings] = await Promise.all([
    readUnitBook(shell.db),
    rulebook(shell, "district"),
    periodsInForce(shell),
  ]);
  return {
    unitOf: (name) => book.find(name),
    periodFrom: (name) => {
      const period = parsePeriodName(name);
      return period === null ? null : (choosePeriod(rules, settings, period)?.period.from ?? null);
    },
    source: source.trim(),
  };
}

async function namesOf(db: Db): Promise<ReadonlyMap<string, string>> {
  return new Map((await allUnits(db)).map(({ id, shortName }) => [id, shortName]));
}

/** Every unit must be known, and none stand twice for one time. */
async function unitsOrRefuse<T extends { readonly unitId: string }>(
  tx: Db,
  entries: readonly T[],
  placeOf: (entry: T) => string,
): Promise<void> {
  const known = await namesOf(tx);
  const unknown = entries.find(({ unitId }) => !known.has(unitId));
  if (unknown)
    throw new Refused({ code: "bad-input", message: `没有编号为 ${unknown.unitId} 的单位，一行也没有保存` });
  const places = entries.map(placeOf);
  if (new Set(places).size !== places.length)
    throw new Refused({ code: "bad-input", message: "同一单位、同一时间有两行，一行也没有保存；请只留一行" });
}
