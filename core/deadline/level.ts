/** 诉求等级. The four levels of DB11/T 2021—2022 by which limits differ; the only list of them. */
export const LEVELS = {
  1: { zh: "紧急", short: "一级" },
  2: { zh: "急", short: "二级" },
  3: { zh: "一般", short: "三级" },
  4: { zh: "长期", short: "四级" },
} as const;

export type Level = keyof typeof LEVELS;

export function isLevel(value: unknown): value is Level {
  return value === 1 || value === 2 || value === 3 || value === 4;
}
