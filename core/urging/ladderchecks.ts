/** 催办阶梯的整体检查. What no step says by itself: two that come together, a level that nobody urges for after the end, silence without an end. */
import { LEVELS, type Level } from "../deadline/level.ts";
import { timeMs } from "../deadline/limit.ts";
import type { Say } from "../rules/problem.ts";
import { DAY_MS, MINUTE_MS } from "../time/day.ts";
import type { Ladder, Quiet } from "./ladder.ts";

const EVERY_LEVEL: readonly Level[] = [1, 2, 3, 4];

export function checkLadder({ steps, quiet }: Pick<Ladder, "steps" | "quiet">, path: string, say: Say): void {
  const seen = new Map<string, number>();
  for (const [i, { at, when }] of steps.entries()) {
    const key = JSON.stringify([at, when.level ?? null, when.clock ?? null]);
    const first = seen.get(key);
    if (first === undefined) seen.set(key, i);
    else say(`${path}.steps[${i}].at`, `与第 ${first + 1} 步时刻和适用都相同，两步总会同时到来`);
  }
  for (const level of EVERY_LEVEL) {
    const urged = steps.some(
      ({ at, when }) =>
        when.clock === undefined &&
        (when.level === undefined || when.level.includes(level)) &&
        (at === "due" || (typeof at === "object" && "overdue" in at)),
    );
    if (!urged) say(`${path}.steps`, `${LEVELS[level].zh}工单到期后没有一步催办`);
  }
  for (const level of EVERY_LEVEL)
    if (isAlwaysQuiet(quiet.filter((row) => row.levels.includes(level))))
      say(`${path}.quiet`, `${LEVELS[level].zh}工单全天免打扰，永远不会催办`);
}

/** Whether no minute of an ordinary day is left. */
function isAlwaysQuiet(rows: readonly Quiet[]): boolean {
  for (let at = 0; at < DAY_MS; at += MINUTE_MS) if (!rows.some((row) => covers(row, at))) return false;
  return true;
}

function covers({ from, to }: Quiet, at: number): boolean {
  const [begin, end] = [timeMs(from), timeMs(to)];
  return begin <= end ? at >= begin && at < end : at >= begin || at < end;
}
