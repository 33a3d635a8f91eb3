/** 不纳入考核的用词: what a round was answered with, and what it counts in once upheld. */

/** What was answered unfavourably: 未联系, 未解决, 不满意 …; empty where nothing was. */
export function unfavourable(row: {
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
}): string[] {
  return [
    ...(row.contacted === "no" ? ["未联系"] : []),
    ...(row.solved === "no" ? ["未解决"] : row.solved === "partly" ? ["部分解决"] : []),
    ...(row.satisfied === "dissatisfied" ? ["不满意"] : row.satisfied === "basically" ? ["基本满意"] : []),
  ];
}

export function answersText(row: Parameters<typeof unfavourable>[0]): string {
  const said = unfavourable(row);
  if (said.length > 0) return said.join("、");
  return row.contacted === null && row.solved === null && row.satisfied === null ? "" : "无不利评价";
}

export const SCOPE_ZH: Readonly<Record<"exempt" | "responseOnly", string>> = {
  exempt: "不计入三率",
  responseOnly: "只计响应率",
};
