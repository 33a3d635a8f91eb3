/**
 * 督办规则. Dated data: the limits of an item's clocks by level, how far they may be extended, which levels must be checked on
 * site before closing, and what the daily look finds by itself.
 *
 * Among limits of one clock the row that names the item's level wins over the one that names none. Every clock has one
 * without a level, so that no item goes without a limit by an oversight.
 */
import type { Answer } from "../answer.ts";
import type { Grant, Near } from "../deadline/clock.ts";
import type { Limit } from "../deadline/limit.ts";
import { limitIn, nearIn } from "../deadline/rules.ts";
import { inForce, type NoVersion, type Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { dayOf } from "../time/day.ts";
import {
  ALL_SUPERVISION_CLOCKS,
  isSupervisionLevel,
  type SupervisionClock,
  type SupervisionLevel,
} from "./lifecycle.ts";

export interface SupervisionRules {
  readonly limits: readonly SupervisionLimit[];
  readonly extension: { readonly maxTimes: number; readonly maxDays: number; readonly afterDue: boolean };
  /** Levels of which an item is not passed without a look at the place since the unit's last answer. */
  readonly checkFirst: readonly SupervisionLevel[];
  readonly triggers: readonly Trigger[];
}

interface SupervisionLimit {
  readonly clock: SupervisionClock;
  readonly level: SupervisionLevel | null;
  readonly limit: Limit;
  readonly near: Near | null;
}

/** 督办线索. What the daily look takes for a matter that somebody should look into. */
export const TRIGGERS = {
  belowAverage: { zh: "解决率低于全区", numbers: ["points", "least"] },
  topVolume: { zh: "诉求量居前", numbers: ["places", "least"] },
  samePlace: { zh: "同一点位反复诉求", numbers: ["days", "times"] },
  sameRequester: { zh: "同一诉求人反复诉求", numbers: ["days", "times"] },
  returned: { zh: "多次退单", numbers: ["times"] },
} as const satisfies Record<string, { zh: string; numbers: readonly string[] }>;

type TriggerKey = keyof typeof TRIGGERS;

export interface Trigger {
  readonly key: TriggerKey;
  readonly level: SupervisionLevel;
  /** Percentage points, tickets, places, days or times, by the name that TRIGGERS gives them. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** The rules in force at an instant. */
export function supervisionRulesOn(
  versions: readonly Version<SupervisionRules>[],
  at: number,
): Answer<Version<SupervisionRules>, NoVersion> {
  return inForce(versions, dayOf(at));
}

/** What a clock that starts now is granted. */
export function supervisionGrant(
  rules: Version<SupervisionRules>,
  clock: SupervisionClock,
  level: SupervisionLevel,
): Grant {
  const rows = rules.body.limits.filter((row) => row.clock === clock);
  const row = rows.find((each) => each.level === level) ?? rows.find((each) => each.level === null);
  if (!row) throw new Error(`no limit for ${clock} in ${rules.name}`);
  const { limit, near } = row;
  return {
    limit,
    near,
    rule: { name: rules.name, row: row.level === null ? clock : `${clock}-${row.level}` },
  };
}

export function parseSupervisionRules(input: unknown): Parsed<Version<SupervisionRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["limits", "extension", "checkFirst", "triggers"], say);
    const limits = listOf(body.limits, "body.limits", say).flatMap((row, at) =>
      limitRow(row, `body.limits[${at}]`, say),
    );
    for (const clock of ALL_SUPERVISION_CLOCKS)
      if (!limits.some((row) => row.clock === clock && row.level === null))
        say("body.limits", `${clock} 缺少一行不分等级的时限`);
    const keys = limits.map((row) => `${row.clock} ${row.level}`);
    if (new Set(keys).size < keys.length) say("body.limits", "同一时限、同一等级写了两行");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        limits,
        extension: extensionIn(body.extension, say),
        checkFirst: listOf(body.checkFirst, "body.checkFirst", say).flatMap((each, at) => {
          const level = levelIn(each, `body.checkFirst[${at}]`, say);
          return level === null ? [] : [level];
        }),
        triggers: listOf(body.triggers, "body.triggers", say).flatMap((each, at) =>
          triggerIn(each, `body.triggers[${at}]`, say),
        ),
      },
    };
  });
}

function limitRow(input: unknown, path: string, say: Say): SupervisionLimit[] {
  const raw = fieldsOf(input, path, ["clock", "level", "limit", "near"], say);
  const clock = ALL_SUPERVISION_CLOCKS.find((each) => each === raw.clock);
  if (clock === undefined) {
    say(`${path}.clock`, `应为 ${ALL_SUPERVISION_CLOCKS.join("、")} 之一`);
    return [];
  }
  return [
    {
      clock,
      level: raw.level === undefined ? null : levelIn(raw.level, `${path}.level`, say),
      limit: limitIn(raw.limit, `${path}.limit`, [], say),
      near: raw.near === undefined ? null : nearIn(raw.near, `${path}.near`, say),
    },
  ];
}

function levelIn(input: unknown, path: string, say: Say): SupervisionLevel | null {
  if (typeof input === "string" && isSupervisionLevel(input)) return input;
  say(path, "应为 general、key 或 listed");
  return null;
}

function extensionIn(input: unknown, say: Say): SupervisionRules["extension"] {
  const raw = fieldsOf(input, "body.extension", ["maxTimes", "maxDays", "afterDue"], say);
  if (typeof raw.afterDue !== "boolean") say("body.extension.afterDue", "应为 true 或 false");
  return {
    maxTimes: whole(raw.maxTimes, "body.extension.maxTimes", say),
    maxDays: whole(raw.maxDays, "body.extension.maxDays", say),
    afterDue: raw.afterDue === true,
  };
}

function triggerIn(input: unknown, path: string, say: Say): Trigger[] {
  const given = fieldsOf(input, path, Object.keys(Object(input)), say);
  const key = Object.keys(TRIGGERS).find((each): each is TriggerKey => each === given.key);
  if (key === undefined) {
    say(`${path}.key`, `应为 ${Object.keys(TRIGGERS).join("、")} 之一`);
    return [];
  }
  const { numbers } = TRIGGERS[key];
  const raw = fieldsOf(input, path, ["key", "level", ...numbers], say);
  return [
    {
      key,
      level: levelIn(raw.level, `${path}.level`, say) ?? "general",
      numbers: Object.fromEntries(numbers.map((name) => [name, whole(raw[name], `${path}.${name}`, say)])),
    },
  ];
}

function whole(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 0 && input <= 100_000) return input;
  say(path, "应为 0 到 100000 的整数");
  return 0;
}
