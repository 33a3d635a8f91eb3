/** 市级结果文件各列的对应. */
import { type SettledColumns, settleColumns } from "../intake/columns.ts";
import { CITY_FIELDS, type CityField, isCityField } from "./fields.ts";
import type { CityLayout } from "./layout.ts";

export function settleCityColumns(
  row: readonly string[],
  layout: CityLayout,
  mapping: Readonly<Record<string, string>>,
): SettledColumns<CityField> {
  const book = { fields: CITY_FIELDS, isField: isCityField, unused: "对账用不到，不导入" };
  return settleColumns(row, layout, mapping, book);
}
