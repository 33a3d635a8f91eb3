/** 时限用语. How long is left, in the words of the screen: 剩 3 小时 12 分, 超 1 天. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../time/day.ts";
import type { Standing } from "./clock.ts";

/**
 * A span in its two largest units, nothing smaller: 2 天 3 小时, 3 小时 12 分, 45 分, 不足 1 分.
 * Cut, not rounded: what is left is never shown longer than it is.
 */
export function spanWords(ms: number): string {
  const span = Math.abs(ms);
  const days = Math.floor(span / DAY_MS);
  const hours = Math.floor((span % DAY_MS) / HOUR_MS);
  const minutes = Math.floor((span % HOUR_MS) / MINUTE_MS);
  if (days > 0) return hours > 0 ? `${days} 天 ${hours} 小时` : `${days} 天`;
  if (hours > 0) return minutes > 0 ? `${hours} 小时 ${minutes} 分` : `${hours} 小时`;
  return minutes > 0 ? `${minutes} 分` : "不足 1 分";
}

/** 剩… or 超…, negative being beyond the due time. */
export function leftWords(leftMs: number): string {
  return joined(leftMs < 0 ? "超" : "剩", leftMs);
}

/** How a clock stands, in words: 剩 3 小时 12 分 · 已暂停，剩 1 天 · 按时，提前 2 小时 · 超期 1 天 · 已撤销. */
export function standingWords(standing: Standing): string {
  switch (standing.state) {
    case "running":
      return leftWords(standing.leftMs);
    case "paused":
      return `已暂停，${leftWords(standing.leftMs)}`;
    case "stopped":
      return standing.overdue ? joined("超期", standing.leftMs) : joined("按时，提前", standing.leftMs);
    case "cancelled":
      return "已撤销";
  }
}

/** 剩 3 小时, but 剩不足 1 分: a figure stands off, a word does not. */
function joined(word: string, ms: number): string {
  const span = spanWords(ms);
  return /^[0-9]/.test(span) ? `${word} ${span}` : `${word}${span}`;
}
