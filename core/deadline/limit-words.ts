/** 时限的说法. A limit in the words that a screen shows: "24 小时", "2 个自然日（18:00 后派单顺延 1 日）". */
import type { Limit } from "./limit.ts";

export function limitWords(limit: Limit): string {
  switch (limit.unit) {
    case "hours":
      return `${limit.amount} 小时`;
    case "workHours":
      return `${limit.amount} 个工作小时`;
    case "days":
    case "workdays": {
      const days = `${limit.amount} 个${limit.unit === "days" ? "自然日" : "工作日"}`;
      return limit.cutoff === undefined ? days : `${days}（${limit.cutoff} 后顺延 1 日）`;
    }
  }
}
