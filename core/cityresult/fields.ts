/** 市级结果文件的项. Everything that a column of the city's monthly files can mean; the only list of it. */
import type { CellKind } from "../intake/cells.ts";

export const CITY_FIELDS = {
  sequence: { zh: "序号（不导入）", kind: "ignored" },
  number: { zh: "工单编号", kind: "number" },
  round: { zh: "派单轮次", kind: "count" },
  dispatchedAt: { zh: "派发时间", kind: "instant" },
  unit: { zh: "承办单位", kind: "text" },
  validCallback: { zh: "是否有效回访", kind: "word" },
  contacted: { zh: "响应（是否联系）", kind: "word" },
  solved: { zh: "是否解决", kind: "word" },
  satisfied: { zh: "是否满意", kind: "word" },
  scope: { zh: "考核口径", kind: "word" },
  excluded: { zh: "是否剔除", kind: "word" },
  counted: { zh: "是否纳入考核", kind: "word" },
  ground: { zh: "剔除依据", kind: "text" },
  note: { zh: "备注", kind: "text" },
  group: { zh: "组别", kind: "text" },
  tickets: { zh: "件数", kind: "count" },
  base: { zh: "有效回访", kind: "count" },
  responseRate: { zh: "响应率", kind: "percent" },
  solutionRate: { zh: "解决率", kind: "percent" },
  satisfactionRate: { zh: "满意率", kind: "percent" },
  score: { zh: "综合得分", kind: "decimal" },
  rank: { zh: "排名", kind: "count" },
} as const satisfies Record<string, { zh: string; kind: CellKind }>;

export type CityField = keyof typeof CITY_FIELDS;
export type CityWordField = {
  [F in CityField]: (typeof CITY_FIELDS)[F]["kind"] extends "word" ? F : never;
}[CityField];

export const ALL_CITY_FIELDS = Object.keys(CITY_FIELDS) as readonly CityField[];

export function isCityField(text: string): text is CityField {
  return Object.hasOwn(CITY_FIELDS, text);
}
