/** 怎样改. What a person does about a fault of a row, in one sentence; by the reason that the row was given. */
import type { RowFault } from "./row.ts";

/** The reason, as it begins or as it ends → what to do. The first that fits. */
const REMEDIES: readonly (readonly [RegExp, string | ((fault: RowFault) => string)])[] = [
  [/^缺少/, ({ column }) => `在“${column}”列补填`],
  [/^没有这一天/, "改成确有的日期和时刻，如 2026-11-20 08:10"],
  [/^无法识别的日期/, "改成 2026-11-20 08:10 这样的写法"],
  [/^年份超出/, "核对年份后改正"],
  [/^无法识别的取值，可填：(.+)$/, ({ why }) => `改成其中之一：${why.replace(/^.*可填：/, "")}`],
  [/^无法识别的工单状态/, "改成模板认得的状态，如 待签收、承办中、已办结；不清楚的留空"],
  [/^过长/, "删减到字数以内；全文可放到附件"],
  [/^单元格内容过长/, "原文已不能保留，请从原系统重新填入，并删减到 32767 字以内"],
  [/科学计数法/, "把该列设为“文本”，从原系统重新填入完整编号"],
  [/^单元格是公式错误/, "把公式改成它应得的文字或数值"],
  [/^公式没有计算结果/, "用表格软件打开、保存，或把公式改成数值"],
  [/^不是整数/, "改成整数，如 128；没有的留空"],
  [/^不是数值/, "改成数值或百分率，如 96.4 或 96.4%；没有的留空"],
  [/^与第 \d+ 行是同一/, "向来件方核实，只保留正确的一行"],
  [/^本区没有这个单位/, "改成本区单位的全称或简称；也可在导入页把它对应到已有单位"],
];

export function remedyOf(fault: RowFault): string {
  const found = REMEDIES.find(([why]) => why.test(fault.why))?.[1];
  if (found === undefined) return "按原因改正后重新导入";
  return typeof found === "string" ? found : found(fault);
}
