/** 待写入的行. A row with its unit and its fingerprint: by these it is known again. */
import { hash as digest } from "node:crypto";
import { FIELDS, isField } from "@jiesu/core/intake/fields.ts";
import type { ImportedRow, RowFault } from "@jiesu/core/intake/row.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import type { KeptRow } from "./rowstore.ts";
import type { Run } from "./runstate.ts";

/** A row that can come in, with its unit and its fingerprint. */
export interface ReadyRow {
  readonly row: ImportedRow;
  readonly unitId: string | null;
  /** Hexadecimal digest of everything that the row says. */
  readonly hash: string;
}

/** The rows with their units; rows whose unit the district lacks are rejected. */
export function placeRows(
  run: Run,
  rows: readonly ImportedRow[],
): { readonly ready: readonly ReadyRow[]; readonly faults: readonly RowFault[] } {
  const ready: ReadyRow[] = [];
  const faults: RowFault[] = [];
  for (const row of rows) {
    const found = row.unit === "" ? null : run.units.find(row.unit, dayOf(row.dispatchedAt));
    if (row.unit !== "" && found === null)
      run.unknownUnits.set(row.unit, (run.unknownUnits.get(row.unit) ?? 0) + 1);
    // A look with createUnits: the unit would be added; until then its name stands for it.
    const unitId = found ?? (row.unit !== "" && run.createUnits ? `new:${row.unit}` : null);
    if (row.unit !== "" && unitId === null) {
      const why = "本区没有这个单位：请对应到已有单位（作为别名），或允许新建单位后再导入";
      faults.push({ row: row.row, column: run.unitHeader, value: row.unit.slice(0, 40), why });
    } else ready.push({ row, unitId, hash: fingerprint(row, unitId) });
  }
  return { ready, faults };
}

/** A row that changes something, and whether its key was known. */
export interface ChangedRow extends ReadyRow {
  readonly key: string;
  readonly isNew: boolean;
}

/** The names of what a row says otherwise than before. */
export function differences(before: KeptRow, c: ReadyRow): readonly string[] {
  const names = new Set([...Object.keys(before.said.fields), ...Object.keys(c.row.fields)]);
  const fields = [...names].filter((f) => f !== "unit" && before.said.fields[f] !== c.row.fields[f]);
  const extra = [...new Set([...Object.keys(before.said.extra), ...Object.keys(c.row.extra)])].filter(
    (h) => before.said.extra[h] !== c.row.extra[h],
  );
  const unit = before.unitId === c.unitId ? [] : [FIELDS.unit.zh];
  return [...fields.map((f) => (isField(f) ? FIELDS[f].zh : f)), ...unit, ...extra];
}

/** Equal for rows that say the same, in whatever order their columns stand and by whatever name they call the unit. */
function fingerprint(row: ImportedRow, unitId: string | null): string {
  const { unit: _byId, ...fields } = row.fields;
  return digest("sha256", JSON.stringify([sorted(fields), sorted(row.extra), unitId]), "hex");
}

const sorted = (record: Readonly<Record<string, string>>): [string, string][] =>
  Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));

/** Fifty bits of a digest: enough to tell a million keys apart, small enough to keep them all in memory. */
export function shortDigest(text: string): number {
  return Number.parseInt(digest("sha256", text, "hex").slice(0, 12), 16);
}
