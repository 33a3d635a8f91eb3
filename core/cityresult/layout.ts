/** 市级结果文件的样式: how a kind of the city's monthly files names its columns and writes its words, as dated data. */
import { LAYOUT_KEYS, type Layout, layoutIn } from "../intake/layout.ts";
import { fieldsOf, type Parsed, parsed } from "../rules/problem.ts";
import { ALL_CITY_FIELDS, type CityField, type CityWordField, isCityField } from "./fields.ts";

/** 逐件结果 tells of tickets, 单位成绩表 of units. */
export const CITY_FILE_KINDS = ["lines", "units"] as const;
export type CityFileKind = (typeof CITY_FILE_KINDS)[number];

export interface CityLayout extends Layout<CityField> {
  readonly kind: CityFileKind;
}

/** The meanings that a word of each field must have one of. */
const MEANINGS: Readonly<Record<CityWordField, readonly string[]>> = {
  validCallback: ["yes", "no"],
  contacted: ["yes", "no"],
  solved: ["yes", "partly", "no"],
  satisfied: ["satisfied", "basically", "dissatisfied"],
  scope: ["full", "responseOnly", "exempt"],
  excluded: ["yes", "no"],
  counted: ["yes", "no"],
};

export function parseCityLayout(input: unknown): Parsed<CityLayout> {
  return parsed((say) => {
    const top = fieldsOf(input, "", [...LAYOUT_KEYS, "kind"], say);
    const kind = CITY_FILE_KINDS.find((each) => each === top.kind);
    if (kind === undefined) say("kind", "应为 lines 或 units");
    const book = { all: ALL_CITY_FIELDS, isField: isCityField, meanings: MEANINGS };
    return { ...layoutIn(top, book, say), kind: kind ?? "lines" };
  });
}
