/** 诉求事项. What people call about: how often, in which season, how urgent, where, and the words for it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

export const SEASONS = ["all", "heat", "summer", "rain", "spring", "school"] as const;
export type Season = (typeof SEASONS)[number];

export const WHERES = [
  "estate",
  "road",
  "shop",
  "school",
  "hospital",
  "park",
  "site",
  "firm",
  "village",
  "none",
] as const;
export type Where = (typeof WHERES)[number];

const Line = z.tuple([
  z.string().min(1),
  z.string().min(1),
  z.string().min(1),
  z.coerce.number().positive(),
  z.enum(SEASONS),
  z.coerce.number().pipe(z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)])),
  z.enum(["咨询", "求助", "投诉", "举报", "建议", "表扬"]),
  z.enum(WHERES),
  z.string().transform((text) => text.split("/")),
  z.string().min(1),
]);

export interface Matter {
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  /** Relative number of calls in a usual week. */
  readonly weight: number;
  readonly season: Season;
  readonly level: 1 | 2 | 3 | 4;
  readonly kind: string;
  readonly where: Where;
  readonly situations: readonly string[];
  readonly demand: string;
}

export function readMatters(): readonly Matter[] {
  const lines = readFileSync(join(import.meta.dirname, "matters.csv"), "utf8")
    .trim()
    .split("\n");
  return lines.slice(1).map((line) => {
    const [category1, category2, category3, weight, season, level, kind, where, situations, demand] =
      Line.parse(line.split(","));
    return { category1, category2, category3, weight, season, level, kind, where, situations, demand };
  });
}

/** How much more often than usual a season's matters come in on a Beijing day; `monthDay` is month × 100 + day. */
export function seasonFactor(season: Season, monthDay: number): number {
  const month = Math.floor(monthDay / 100);
  if (season === "heat") {
    if (monthDay >= 1107 && monthDay <= 1130) return 2.2; // 供暖季 begins on 15 November, the complaints a week before
    return monthDay >= 1101 || monthDay <= 320 ? 1 : 0.03;
  }
  if (season === "summer") return month >= 6 && month <= 8 ? 1.6 : month === 5 || month === 9 ? 1 : 0.35;
  if (season === "rain") return month >= 6 && month <= 9 ? 1.6 : 0.3;
  if (season === "spring") return month === 4 || month === 5 ? 2 : 0.3;
  if (season === "school") return month >= 5 && month <= 8 ? 1.8 : 0.6;
  return 1;
}
