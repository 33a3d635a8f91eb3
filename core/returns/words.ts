/** 退单的话. What becomes of the clocks, and what comes after this return, in sentences for the form and the page. */
import type { InReview, ReturnWindow } from "./rules.ts";

const CLOCKS: Readonly<Record<InReview, string>> = {
  pause:
    "审核期间首次联系、办理反馈时限暂停。驳回的，从暂停处接着计时，已用时间照算；同意的，本轮时限不再计，改派后另起新一轮。",
  run: "审核期间首次联系、办理反馈时限照常计时，不暂停。驳回的，审核所用时间也算在内；同意的，本轮时限不再计，改派后另起新一轮。",
};

/** What happens to the unit's clocks when it returns, said before and while the centre reviews. */
export function clocksInWords(inReview: InReview): string {
  return CLOCKS[inReview];
}

/** What comes after this return. `nth` counts this one; after `max` of them the centre designates. */
export function nextInWords(nth: number, max: number): string {
  if (nth > max) return `已退单 ${nth - 1} 次，达到 ${max} 次上限，由中心指定承办单位。`;
  if (nth === max) return `本次为第 ${nth} 次退单，已到上限；同意后由中心指定承办单位，指定后不能再退。`;
  return `本次为第 ${nth} 次退单；满 ${max} 次后由中心指定承办单位，指定后不能再退。`;
}

const FROM = { dispatch: "派单", accept: "接收" } as const;

/** "派单后一级 2 小时、二级 12 小时、三级 48 小时、四级 48 小时内可以退单". */
export function windowInWords(window: ReturnWindow | null): string {
  if (window === null) return "不限时间，办理反馈前都可以退单";
  const { hours } = window;
  const levels = (["一级", "二级", "三级", "四级"] as const).map((zh, at) => {
    const level = ([1, 2, 3, 4] as const)[at] ?? 4;
    return `${zh} ${hours[level]} 小时`;
  });
  return `${FROM[window.from]}后${levels.join("、")}内可以退单`;
}
