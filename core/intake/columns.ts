/**
 * 列的对应. What each column of a file with a known layout means and why it is taken to: by its header, by a header that
 * resembles it, or by a person's word, which goes before both.
 */
import { resemblance } from "./guess.ts";
import { type Column, describe, type HeaderShape } from "./header.ts";

export interface KnownColumn<F extends string> extends Column<F> {
  readonly because: "header" | "like" | "hand" | "none";
  /** The reason in words. */
  readonly why: string;
  /** What a person should look at again; null when nothing. */
  readonly doubt: string | null;
}

export interface SettledColumns<F extends string> {
  readonly columns: readonly KnownColumn<F>[];
  /** Fields that two columns are. */
  readonly twice: readonly F[];
  /** Fields without which a row says nothing. */
  readonly missing: readonly F[];
}

/** What a kind of file can say, and what is said of a column that it has no use for. */
export interface FieldBook<F extends string> {
  readonly fields: Readonly<Record<F, { readonly zh: string; readonly kind: string }>>;
  readonly isField: (text: string) => text is F;
  readonly unused: string;
}

/** The columns of a header row under a layout and a person's mapping: header → field, "" or "-" to leave it out. */
export function settleColumns<F extends string>(
  row: readonly string[],
  layout: HeaderShape<F>,
  mapping: Readonly<Record<string, string>>,
  book: FieldBook<F>,
): SettledColumns<F> {
  const { columns: described, duplicated } = describe<F, HeaderShape<F>>(0, row, layout);
  const guesses = guessColumns(described, layout, book);
  const columns = described.map((column): KnownColumn<F> => {
    const said = Object.hasOwn(mapping, column.header) ? mapping[column.header] : undefined;
    if (said !== undefined && said !== (column.field ?? ""))
      return {
        ...column,
        field: book.isField(said) ? said : null,
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
    return { ...column, because: "none", why: book.unused, doubt: null };
  });
  const fields = columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field]));
  return {
    columns,
    twice: fields.filter((field, i) => fields.indexOf(field) !== i),
    missing: layout.required.filter((field) => !fields.includes(field)),
  };
}

interface Guess<F> {
  readonly field: F;
  readonly like: string;
}

/** The columns that no header names, by the known headers that they resemble; no field twice. */
function guessColumns<F extends string>(
  columns: readonly Column<F>[],
  layout: HeaderShape<F>,
  { fields, isField }: FieldBook<F>,
): ReadonlyMap<string, Guess<F>> {
  const taken = new Set(columns.flatMap((c) => (c.field === null || c.field === "-" ? [] : [c.field])));
  const known = Object.keys(fields).filter(isField);
  const candidates = columns
    .filter((column) => column.field === null)
    .flatMap(({ header }) =>
      known
        .filter((field) => fields[field].kind !== "ignored")
        .flatMap((field) =>
          (layout.fields[field] ?? []).flatMap((like) => {
            const score = resemblance(header, like);
            return score === null ? [] : [{ header, field, like, score }];
          }),
        ),
    )
    .sort((a, b) => b.score - a.score);
  const guesses = new Map<string, Guess<F>>();
  for (const { header, field, like } of candidates) {
    if (taken.has(field) || guesses.has(header)) continue;
    taken.add(field);
    guesses.set(header, { field, like });
  }
  return guesses;
}
