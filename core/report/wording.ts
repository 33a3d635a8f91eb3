/** 行文. How reports say rates, changes and days: one decimal, 上升/下降/持平 in points, volume 环比 in percent. */
import type { Day } from "../time/day.ts";

/** "上升 1.2 个百分点", "下降 0.4 个百分点", "持平"; both are rates as they are shown, in percent. Null where one is missing. */
export function pointsChange(now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null;
  return moved(now - before, "个百分点");
}

/** The same for scores: "上升 1.2 分". */
export function scoreMoved(now: number | null, before: number | null): string | null {
  if (now === null || before === null) return null;
  return moved(now - before, "分");
}

/** "环比上升 12.5%", "环比持平"; "上期无数据" where there is nothing to compare with. */
export function volumeChange(now: number, before: number): string {
  if (before === 0) return now === 0 ? "环比持平" : "上期无数据";
  const change = ((now - before) / before) * 100;
  const text = Math.abs(change).toFixed(1);
  if (now === before || Number(text) === 0) return "环比持平";
  return `环比${change > 0 ? "上升" : "下降"} ${text}%`;
}

/** "2026年11月20日", as papers are signed. */
export function dayText(day: Day): string {
  const [year, month, date] = day.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

/** "2026年11月" of a period's name. */
export function monthText(period: string): string {
  const [year, month] = period.split("-").map(Number);
  return `${year}年${month}月`;
}

function moved(by: number, unit: string): string {
  const text = Math.abs(by).toFixed(1);
  if (Number(text) === 0) return "持平";
  return `${by > 0 ? "上升" : "下降"} ${text} ${unit}`;
}
