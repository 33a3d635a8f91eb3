/**
 * 列的对应. What each column of a city file means and why it is taken to: by its header, by a header that resembles it,
 * or by a person's word, which goes before both.
 */
import { resemblance } from "../intake/guess.ts";
import { type Column, describe } from "../intake/header.ts";
import { ALL_CITY_FIELDS, CITY_FIELDS, type CityField, isCityField } from "./fields.ts";
import type { CityLayout } from "./layout.ts";

export interface CityColumn extends Column<CityField> {
  readonly because: "header" | "like" | "hand" | "none";
  /** The reason in words. */
  readonly why: string;
  /** What a person should look at again; null when nothing. */
  readonly doubt: string | null;
}

export interface SettledColumns {
  readonly columns: readonly CityColumn[];
  /** Fields that two columns are. */
  readonly twice: readonly CityField[];
  /** Fields without which a row says nothing. */
  readonly missing: readonly CityField[];
}

/** The columns of a header row under a layout and a person's mapping: header → field, "" or "-" to leave it out. */
export function settleColumns(
  row: readonly string[],
  layout: CityLayout,
  mapping: Readonly<Record<string, string>>,
): SettledColumns {
  const { columns: described, duplicated } = describe<CityField, CityLayout>(0, row, layout);
  const guesses = guessColumns(described, layout);
  const columns = described.map((column): CityColumn => {
    const said = Object.hasOwn(mapping, column.header) ? mapping[column.header] : undefined;
    if (said !== undefined && said !== (column.field ?? ""))
      return {
        ...column,
        field: isCityField(said) ? said : null,
        because: "hand",
        why: "人工选择",
        doubt: null,
      };
    if (column.field !== null) {
      const twice = duplicated.includes(column.header) ? "表头重复，请确认用哪一列" : null;
      return { ...column, because: "header", why: "表头相同", doubt: twice };
    }
    const guess = guesses.get(column.header);
    if (guess && said === undefined)
      return {
        ...column,
        field: guess.field,
        because: "like",
        why: `表头与“${guess.like}”相近`,
        doubt: "按相近的表头猜的",
      };
    return { ...column, because: "none", why: "对账用不到，不导入", doubt: null };
  });
  const fields = columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field]));
  return {
    columns,
    twice: fields.filter((field, i) => fields.indexOf(field) !== i),
    missing: layout.required.filter((field) => !fields.includes(field)),
  };
}

interface CityGuess {
  readonly field: CityField;
  readonly like: string;
}

/** The columns that no header names, by the known headers that they resemble; no field twice. */
function guessColumns(
  columns: readonly Column<CityField>[],
  layout: CityLayout,
): ReadonlyMap<string, CityGuess> {
  const taken = new Set(columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field])));
  const candidates = columns
    .filter((column) => column.field === null)
    .flatMap(({ header }) =>
      ALL_CITY_FIELDS.filter((field) => CITY_FIELDS[field].kind !== "ignored").flatMap((field) =>
        (layout.fields[field] ?? []).flatMap((like) => {
          const score = resemblance(header, like);
          return score === null ? [] : [{ header, field, like, score }];
        }),
      ),
    )
    .sort((a, b) => b.score - a.score);
  const guesses = new Map<string, CityGuess>();
  for (const { header, field, like } of candidates) {
    if (taken.has(field) || guesses.has(header)) continue;
    taken.add(field);
    guesses.set(header, { field, like });
  }
  return guesses;
}
