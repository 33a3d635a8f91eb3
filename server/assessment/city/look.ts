/** 看文件. What kind of the city's files a file is, by its header or by one that is nearly it. */
import { settleCityColumns } from "@jiesu/core/cityresult/columns.ts";
import type { CityField } from "@jiesu/core/cityresult/fields.ts";
import type { CityFileKind, CityLayout } from "@jiesu/core/cityresult/layout.ts";
import * as tables from "../../platform/tables/look.ts";

/** Fewer known columns than this are a coincidence. */
const LEAST = 3;

/** Where a person says the header is, and what kind of file it is; what is not said is found. */
export interface Place extends tables.Place {
  readonly kind?: CityFileKind | undefined;
}

export type Seen = tables.Looked<CityLayout>;

export async function lookInto(
  bytes: Buffer,
  fileName: string,
  layouts: readonly CityLayout[],
  place: Place = {},
): Promise<Seen> {
  const fitting = layouts.filter(({ kind }) => place.kind === undefined || kind === place.kind);
  const seen = await tables.lookInto<CityField, CityLayout>(bytes, fileName, fitting, place);
  return { ...seen, layout: seen.layout ?? nearestLayout(seen.shape.headers, fitting) };
}

/** The layout of which a header without an exact one has every required column, nearly named. */
function nearestLayout(
  headers: tables.LookedAt["headers"],
  layouts: readonly CityLayout[],
): CityLayout | null {
  let best: { layout: CityLayout; known: number } | null = null;
  for (const layout of layouts) {
    const { columns, missing } = settleCityColumns(tables.headerRowOf(headers), layout, {});
    const known = columns.filter((column) => column.field !== null && column.field !== "-").length;
    if (missing.length === 0 && known >= LEAST && known > (best?.known ?? 0)) best = { layout, known };
  }
  return best?.layout ?? null;
}
