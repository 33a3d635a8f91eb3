/**
 * Level of assessment 考核层级. The city and the district assess the same tickets, each by its own rule sets: the city
 * counts its own callbacks alone, the district also those of the centre while the city has not called (预计).
 */
import type { Entry, EntryScope } from "./entry.ts";

export const LEVELS = ["district", "city"] as const;
export type Level = (typeof LEVELS)[number];

export const LEVEL_NAMES: Readonly<Record<Level, string>> = { district: "区级", city: "市级" };

/** What the ledger keeps of one ticket, for either level. */
export interface KeptEntry extends Entry {
  /** Whose callback gave the answers; null while there is none. */
  readonly source: "own" | "city" | null;
  /** The city's own scope where it differs; null: the same as the district's. */
  readonly cityScope: EntryScope | null;
}

/** The entry as one level reads it. */
export function atLevel(kept: KeptEntry, level: Level): Entry {
  const { scope, cityScope, source, valid, contacted, solved, satisfied } = kept;
  if (level === "district") return { scope, valid, contacted, solved, satisfied };
  const itsScope = cityScope ?? scope;
  return source === "city"
    ? { scope: itsScope, valid, contacted, solved, satisfied }
    : { scope: itsScope, valid: false, contacted: null, solved: null, satisfied: null };
}

/** One text for one kind of kept entry, "full|-|city|valid|yes|yes|-": as the counters of the ledger write it. */
export function keptKey({
  scope,
  cityScope,
  source,
  valid,
  contacted,
  solved,
  satisfied,
}: KeptEntry): string {
  const parts = [scope, cityScope, source, valid ? "valid" : "invalid", contacted, solved, satisfied];
  return parts.map((part) => part ?? "-").join("|");
}

/** A kept entry out of its text. Throws on a text that keptKey does not make: only our own counters write it. */
export function parseKeptKey(key: string): KeptEntry {
  const [scope, cityScope, source, valid, contacted, solved, satisfied] = key.split("|");
  const kept: KeptEntry = {
    scope: pick(scope, SCOPES) ?? wrong(key),
    cityScope: pick(cityScope, SCOPES),
    source: pick(source, ["own", "city"]),
    valid: valid === "valid",
    contacted: pick(contacted, ["yes", "no"]),
    solved: pick(solved, ["yes", "partly", "no"]),
    satisfied: pick(satisfied, ["satisfied", "basically", "dissatisfied"]),
  };
  return keptKey(kept) === key ? kept : wrong(key);
}

const SCOPES = ["full", "responseOnly", "exempt"] as const;

function pick<T extends string>(text: string | undefined, allowed: readonly T[]): T | null {
  return allowed.find((each) => each === text) ?? null;
}

function wrong(key: string): never {
  throw new Error(`not a kind of ledger entry: ${key}`);
}
