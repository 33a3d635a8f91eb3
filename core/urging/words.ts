/** 催办用语. The words of a step with a ticket's facts put in; only what is listed here can stand in them: nobody's data. */
import { CLOCKS } from "../deadline/kind.ts";
import { LEVELS } from "../deadline/level.ts";
import { clockText } from "../time/day.ts";
import type { Ladder, LadderStep } from "./ladder.ts";
import { TARGETS } from "./ladder.ts";
import type { UrgedClock } from "./schedule.ts";

const FIELDS = {
  等级: (c: UrgedClock) => LEVELS[c.level].zh,
  时限: (c: UrgedClock) => CLOCKS[c.kind].zh,
  到期: (c: UrgedClock) => clockText(c.dueAt),
} as const;

/** Names in braces that stand for nothing; a rules file with one is refused. */
export function unknownFields(words: string): readonly string[] {
  return [...words.matchAll(/\{([^{}]*)\}/g)]
    .map((m) => m[1] ?? "")
    .filter((name) => !Object.hasOwn(FIELDS, name));
}

export function filledWords(words: string, clock: UrgedClock): string {
  return Object.entries(FIELDS).reduce((text, [name, of]) => text.replaceAll(`{${name}}`, of(clock)), words);
}

/** A step's condition, time and people as the page explains them. */
export function stepInWords(step: LadderStep): {
  readonly when: string;
  readonly at: string;
  readonly to: string;
} {
  const { level, clock } = step.when;
  const when = [
    level ? `等级：${level.map((l) => LEVELS[l].zh).join("、")}` : "",
    clock ? `时限：${clock.map((kind) => CLOCKS[kind].zh).join("、")}` : "",
  ].filter((words) => words !== "");
  return {
    when: when.length > 0 ? when.join("；") : "全部",
    at: atInWords(step.at),
    to: step.to.map((target) => TARGETS[target]).join("、"),
  };
}

export function quietInWords(ladder: Ladder): readonly string[] {
  return ladder.quiet.map((row) => {
    const levels = row.levels.map((l) => LEVELS[l].zh).join("、");
    return `${levels}工单 ${row.from} 至次日 ${row.to} 不催办承办单位${row.offDays ? "，节假日顺延到下一工作日" : "，节假日照常"}`;
  });
}

const UNITS = { hours: "小时", days: "天", workdays: "个工作日" } as const;

function atInWords(at: LadderStep["at"]): string {
  if (at === "near") return "临期时";
  if (at === "due") return "到期时";
  if ("beforeDue" in at) return `到期前 ${at.beforeDue} 小时`;
  return `超期 ${at.overdue} ${UNITS[at.unit]}`;
}
