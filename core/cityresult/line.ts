/** 逐件结果的一行. What one row of the city's file says of a ticket, or why it cannot be taken. */

import type { EntryScope } from "../assessment/entry.ts";
import { isValidCallback } from "../assessment/entry.ts";
import { type Cells, cellReader } from "../intake/cells.ts";
import type { Column } from "../intake/header.ts";
import { instantReader } from "../intake/instant.ts";
import type { RawRow, RowFault } from "../intake/row.ts";
import { CITY_FIELDS, type CityField } from "./fields.ts";
import type { CityLayout } from "./layout.ts";

/** What of a round a file can tell; what it has no column for is not compared. */
export const STATED = ["unit", "scope", "valid", "contacted", "solved", "satisfied"] as const;
export type Stated = (typeof STATED)[number];

export interface CityLine {
  /** As the file's own program numbers it. */
  readonly row: number;
  readonly number: string;
  /** 派单轮次 where the file has such a column. */
  readonly round: number | null;
  readonly dispatchedAt: number | null;
  /** As written; "" where the row names none. */
  readonly unit: string;
  readonly scope: EntryScope;
  /** 有效回访, as said; where the file does not say, when any answer is known. */
  readonly valid: boolean;
  readonly contacted: "yes" | "no" | null;
  readonly solved: "yes" | "partly" | "no" | null;
  readonly satisfied: "satisfied" | "basically" | "dissatisfied" | null;
  readonly ground: string;
  readonly note: string;
}

export type ReadLine =
  | { readonly as: "line"; readonly line: CityLine }
  | { readonly as: "total" }
  | { readonly as: "faulty"; readonly faults: readonly RowFault[] };

/** What the columns of a file tell of every round in it. */
export function statedBy(columns: readonly Column<CityField>[]): readonly Stated[] {
  const have = new Set(columns.map((column) => column.field));
  const told: Readonly<Record<Stated, readonly CityField[]>> = {
    unit: ["unit"],
    scope: ["scope", "excluded", "counted"],
    valid: ["validCallback"],
    contacted: ["contacted"],
    solved: ["solved"],
    satisfied: ["satisfied"],
  };
  return STATED.filter((what) => told[what].some((field) => have.has(field)));
}

/** A reader of the file's rows, to be given them in their order: a ticket's round that comes a second time is refused. */
export function lineReader(
  layout: CityLayout,
  columns: readonly Column<CityField>[],
): (raw: RawRow) => ReadLine {
  const read = cellReader(layout, CITY_FIELDS, columns, instantReader(layout.dates));
  const seen = new Map<string, number>();
  const numberHeader = columns.find((column) => column.field === "number")?.header ?? "工单编号";
  return (raw) => {
    const { cells, faults, isTotal } = read(raw);
    if (isTotal) return { as: "total" };
    const number = cells.text.get("number") ?? "";
    if (number === "" && faults.length === 0)
      return faulty([{ row: raw.number, column: numberHeader, value: "", why: "缺少工单编号" }]);
    if (faults.length > 0) return faulty(faults);
    const line = lineOf(raw.number, number, cells);
    const identity = [number, line.round, line.dispatchedAt, line.unit].join("|");
    const before = seen.get(identity);
    if (before !== undefined)
      return faulty([
        {
          row: raw.number,
          column: numberHeader,
          value: number,
          why: `与第 ${before} 行是同一工单的同一轮次`,
        },
      ]);
    seen.set(identity, raw.number);
    return { as: "line", line };
  };
}

function lineOf(row: number, number: string, { text, word, count, at }: Cells<CityField>): CityLine {
  const answers = {
    contacted: pick(word.get("contacted"), ["yes", "no"]),
    solved: pick(word.get("solved"), ["yes", "partly", "no"]),
    satisfied: pick(word.get("satisfied"), ["satisfied", "basically", "dissatisfied"]),
  };
  const said = word.get("validCallback") === undefined ? null : word.get("validCallback") === "yes";
  const valid = isValidCallback(said, {
    contacted: answers.contacted ?? undefined,
    solved: answers.solved ?? undefined,
    satisfied: answers.satisfied ?? undefined,
  });
  const scope = pick(word.get("scope"), ["full", "responseOnly", "exempt"]) ?? "full";
  return {
    row,
    number,
    round: count.get("round") ?? null,
    dispatchedAt: at.get("dispatchedAt") ?? null,
    unit: text.get("unit") ?? "",
    scope: word.get("excluded") === "yes" || word.get("counted") === "no" ? "exempt" : scope,
    valid,
    // A callback that does not count has no answers that count.
    ...(valid ? answers : { contacted: null, solved: null, satisfied: null }),
    ground: text.get("ground") ?? "",
    note: text.get("note") ?? "",
  };
}

function pick<T extends string>(text: string | undefined, allowed: readonly T[]): T | null {
  return allowed.find((each) => each === text) ?? null;
}

const faulty = (faults: readonly RowFault[]): ReadLine => ({ as: "faulty", faults });
