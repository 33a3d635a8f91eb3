/** 单位成绩表的一行. What the city publishes of one unit. */
import { type Cells, cellReader, type Decimal } from "../intake/cells.ts";
import type { Column } from "../intake/header.ts";
import { instantReader } from "../intake/instant.ts";
import type { RawRow, RowFault } from "../intake/row.ts";
import { CITY_FIELDS, type CityField } from "./fields.ts";
import type { CityLayout } from "./layout.ts";

export interface UnitLine {
  readonly row: number;
  /** As written. */
  readonly unit: string;
  readonly group: string;
  readonly tickets: number | null;
  readonly base: number | null;
  /** Percentages as published, "96.4": as many digits as were written. */
  readonly responseRate: string | null;
  readonly solutionRate: string | null;
  readonly satisfactionRate: string | null;
  readonly score: string | null;
  readonly rank: number | null;
}

export interface ReadUnits {
  readonly lines: readonly UnitLine[];
  readonly faults: readonly RowFault[];
  /** 合计 rows that were passed over. */
  readonly totals: number;
}

const RATES = ["responseRate", "solutionRate", "satisfactionRate"] as const;

/**
 * All rows of a sheet at once: whether 0.964 is 96.4 % shows only in its whole column. A column without any percent sign
 * whose every figure is at most 1 holds shares; a spreadsheet keeps its percentages so.
 */
export function readUnitLines(
  layout: CityLayout,
  columns: readonly Column<CityField>[],
  rows: readonly RawRow[],
): ReadUnits {
  const read = cellReader(layout, CITY_FIELDS, columns, instantReader(layout.dates));
  const faults: RowFault[] = [];
  const kept: { row: number; cells: Cells<CityField> }[] = [];
  const seen = new Map<string, number>();
  let totals = 0;
  const unitHeader = columns.find((column) => column.field === "unit")?.header ?? "单位";
  for (const raw of rows) {
    const { cells, faults: its, isTotal } = read(raw);
    const unit = cells.text.get("unit") ?? "";
    const before = seen.get(unit);
    const fault = (why: string): RowFault => ({ row: raw.number, column: unitHeader, value: unit, why });
    if (isTotal) totals += 1;
    else if (its.length > 0) faults.push(...its);
    else if (unit === "") faults.push(fault("缺少单位"));
    else if (before !== undefined) faults.push(fault(`与第 ${before} 行是同一单位`));
    else {
      seen.set(unit, raw.number);
      kept.push({ row: raw.number, cells });
    }
  }
  const shares = new Set(RATES.filter((rate) => isShare(kept.map(({ cells }) => cells.decimal.get(rate)))));
  const rate = ({ decimal }: Cells<CityField>, of: (typeof RATES)[number]): string | null => {
    const said = decimal.get(of);
    if (said === undefined) return null;
    return shares.has(of) ? timesHundred(said.text) : said.text;
  };
  const lines = kept.map(
    ({ row, cells }): UnitLine => ({
      row,
      unit: cells.text.get("unit") ?? "",
      group: cells.text.get("group") ?? "",
      tickets: cells.count.get("tickets") ?? null,
      base: cells.count.get("base") ?? null,
      responseRate: rate(cells, "responseRate"),
      solutionRate: rate(cells, "solutionRate"),
      satisfactionRate: rate(cells, "satisfactionRate"),
      score: cells.decimal.get("score")?.text ?? null,
      rank: cells.count.get("rank") ?? null,
    }),
  );
  return { lines, faults, totals };
}

function isShare(column: readonly (Decimal | undefined)[]): boolean {
  const said = column.filter((each) => each !== undefined);
  return said.length > 0 && said.every((each) => !each.percent && Number(each.text) <= 1);
}

/** "0.964" → "96.4", "1" → "100", "0.9" → "90": digit by digit, no floating point. */
export function timesHundred(text: string): string {
  const [whole = "0", decimals = ""] = text.split(".");
  const moved = `${whole}${decimals.slice(0, 2).padEnd(2, "0")}`.replace(/^0+(?=\d)/, "");
  const rest = decimals.slice(2);
  return rest === "" ? moved : `${moved}.${rest}`;
}
