/** 盯办规则. Dated: how long a ticket may be silent, by state and level, and an urge unanswered, before it is watched. */
import { isLevel, type Level } from "../deadline/level.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { isState, OPEN_STATES, type TicketState } from "../ticket/state.ts";

export interface WatchRules {
  /** An urge is watched that so many minutes later is still unanswered. */
  readonly urgedMinutes: number;
  /** A row with levels goes before one without; among equals the first. Every open state has one without. */
  readonly silent: readonly SilentRow[];
}

export interface SilentRow {
  readonly id: string;
  readonly states: readonly TicketState[];
  readonly level?: readonly Level[];
  readonly hours: number;
}

/** After how many hours without a step a ticket in this state, of this level, is silent. */
export function silentHours(rules: WatchRules, state: TicketState, level: Level): number {
  const rows = rules.silent.filter((row) => row.states.includes(state));
  const row = rows.find((each) => each.level?.includes(level)) ?? rows.find((each) => !each.level);
  if (!row) throw new Error(`no silence is ruled for ${state}`);
  return row.hours;
}

export function parseWatchRules(input: unknown): Parsed<Version<WatchRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["urgedMinutes", "silent"], say);
    const silent = listOf(body.silent, "body.silent", say).map((row, i) =>
      rowIn(row, `body.silent[${i}]`, say),
    );
    for (const state of OPEN_STATES)
      if (!silent.some((row) => row.states.includes(state) && !row.level))
        say("body.silent", `${state} 缺少一行不分等级的时长`);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { urgedMinutes: amountIn(body.urgedMinutes, "body.urgedMinutes", say), silent },
    };
  });
}

function rowIn(input: unknown, path: string, say: Say): SilentRow {
  const raw = fieldsOf(input, path, ["id", "states", "level", "hours"], say);
  const states = listOf(raw.states, `${path}.states`, say).filter(
    (each): each is TicketState => typeof each === "string" && isState(each) && OPEN_STATES.includes(each),
  );
  if (states.length === 0 || states.length !== listOf(raw.states, `${path}.states`, say).length)
    say(`${path}.states`, "应为在办状态的列表");
  const levels = raw.level === undefined ? null : listOf(raw.level, `${path}.level`, say);
  if (levels !== null && (levels.length === 0 || !levels.every(isLevel)))
    say(`${path}.level`, "应为 1 到 4 的列表");
  return {
    id: wordsOf(raw.id, `${path}.id`, say),
    states,
    ...(levels === null ? {} : { level: levels.filter(isLevel) }),
    hours: amountIn(raw.hours, `${path}.hours`, say),
  };
}

function amountIn(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && input > 0 && input <= 10_000) return input;
  say(path, "应为大于 0 的数");
  return 1;
}
