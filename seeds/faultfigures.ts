/** 检查的准头. Runs the checks over planted tickets and counts: faults caught by kind, sound tickets stopped and why. */
import type { Checklist } from "@jiesu/core/guard/checklist.ts";
import { lookBefore, stopsOf, warningsOf } from "@jiesu/core/guard/guard.ts";
import type { Planted } from "./faults.ts";

export interface FaultLine {
  readonly fault: string;
  readonly planted: number;
  /** Found by a check that is about it, as a stop or as a hint. */
  readonly caught: number;
  readonly stopped: number;
  readonly missed: readonly string[];
}

export interface GuardFigures {
  readonly faults: readonly FaultLine[];
  readonly sound: {
    readonly tickets: number;
    readonly stopped: number;
    readonly warned: number;
    readonly byCheck: ReadonlyMap<string, number>;
    readonly examples: readonly string[];
  };
}

const SHOWN = 40;

export function measureGuards(planted: readonly Planted[], list: Checklist): GuardFigures {
  const looked = planted.map((each) => ({ ...each, looked: lookBefore(each.facts, list) }));
  const sound = looked.filter((each) => each.fault === null);
  const stopped = sound.filter((each) => stopsOf(each.looked).length > 0);
  const byCheck = new Map<string, number>();
  for (const each of stopped)
    for (const { key } of stopsOf(each.looked)) byCheck.set(key, (byCheck.get(key) ?? 0) + 1);
  const kinds = Map.groupBy(
    looked.filter((each) => each.fault !== null),
    (each) => each.fault ?? "",
  );
  return {
    faults: [...kinds].map(([fault, all]) => {
      const caught = all.filter((each) => each.looked.some((one) => !one.ok && each.found.includes(one.key)));
      return {
        fault,
        planted: all.length,
        caught: caught.length,
        stopped: caught.filter((each) => stopsOf(each.looked).length > 0).length,
        missed: all
          .filter((each) => !caught.includes(each))
          .map((each) => `${each.facts.words} ← ${each.facts.ticket.content}`),
      };
    }),
    sound: {
      tickets: sound.length,
      stopped: stopped.length,
      warned: sound.filter((each) => warningsOf(each.looked).length > 0).length,
      byCheck,
      examples: stopped.slice(0, SHOWN).map((each) => {
        const why = stopsOf(each.looked).map((one) => `${one.key}: ${one.said}`);
        return `${why.join("; ")} | ${each.facts.words} | ${each.facts.ticket.content}`;
      }),
    },
  };
}
