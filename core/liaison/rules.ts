/** 协调单规则. Dated data: how items are numbered, how long parties have to answer and the centre to conclude, outcomes, means. */
import type { Clock, Grant, Near } from "../deadline/clock.ts";
import { isLevel, type Level } from "../deadline/level.ts";
import type { Limit } from "../deadline/limit.ts";
import { limitIn, nearIn } from "../deadline/rules.ts";
import { isMeans, type Means } from "../notify/means.ts";
import { inForce, type Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { type Day, yearOf } from "../time/day.ts";

/** 答复时限 of a party that was asked; 结论时限 of the item. */
export type LiaisonClockKind = "answer" | "conclude";
export type LiaisonClock = Clock<LiaisonClockKind>;

/** 缓急. */
export interface Pace {
  readonly code: string;
  readonly name: string;
  readonly answer: Limit;
  readonly conclude: Limit;
  readonly near: Near;
  /** 夜间免打扰: as for tickets of this level. */
  readonly level: Level;
}

export interface Outcome {
  readonly code: string;
  readonly name: string;
}

export interface LiaisonRules {
  /** "协调〔{年}〕{序号}号" */
  readonly number: string;
  readonly mostParties: number;
  readonly mostTickets: number;
  /** Files with one step. */
  readonly mostFiles: number;
  /** 改期 gives so many days at once. */
  readonly mostDays: number;
  /** The first is proposed. */
  readonly paces: readonly Pace[];
  readonly outcomes: readonly Outcome[];
  /** How who is asked or reminded is told, and how the others are. */
  readonly tell: { readonly asked: readonly Means[]; readonly others: readonly Means[] };
}

/** The rules in force on a day; null before the first. */
export function liaisonRulesOn(
  versions: readonly Version<LiaisonRules>[],
  day: Day,
): Version<LiaisonRules> | null {
  const found = inForce(versions, day);
  return found.ok ? found.value : null;
}

export function liaisonGrant(rules: Version<LiaisonRules>, pace: Pace, kind: LiaisonClockKind): Grant {
  return { limit: pace[kind], near: pace.near, rule: { name: rules.name, row: `${pace.code}-${kind}` } };
}

export function liaisonNumber(rules: LiaisonRules, day: Day, serial: number): string {
  return rules.number.replace("{年}", String(yearOf(day))).replace("{序号}", String(serial));
}

export function parseLiaisonRules(input: unknown): Parsed<Version<LiaisonRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(
      top.body,
      "body",
      ["number", "mostParties", "mostTickets", "mostFiles", "mostDays", "paces", "outcomes", "tell"],
      say,
    );
    const number = wordsOf(body.number, "body.number", say);
    if (!number.includes("{年}") || !number.includes("{序号}")) say("body.number", "应含 {年} 和 {序号}");
    const tell = fieldsOf(body.tell, "body.tell", ["asked", "others"], say);
    const paces = listOf(body.paces, "body.paces", say).map((each, i) =>
      paceIn(each, `body.paces[${i}]`, say),
    );
    const outcomes = listOf(body.outcomes, "body.outcomes", say).map((each, i) =>
      outcomeIn(each, `body.outcomes[${i}]`, say),
    );
    differ(paces, "body.paces", say);
    differ(outcomes, "body.outcomes", say);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        number,
        mostParties: wholeIn(body.mostParties, "body.mostParties", say),
        mostTickets: wholeIn(body.mostTickets, "body.mostTickets", say),
        mostFiles: wholeIn(body.mostFiles, "body.mostFiles", say),
        mostDays: wholeIn(body.mostDays, "body.mostDays", say),
        paces,
        outcomes,
        tell: {
          asked: meansIn(tell.asked, "body.tell.asked", say),
          others: meansIn(tell.others, "body.tell.others", say),
        },
      },
    };
  });
}

function paceIn(input: unknown, path: string, say: Say): Pace {
  const raw = fieldsOf(input, path, ["code", "name", "answer", "conclude", "near", "level"], say);
  return {
    code: codeIn(raw.code, `${path}.code`, say),
    name: wordsOf(raw.name, `${path}.name`, say),
    answer: limitIn(raw.answer, `${path}.answer`, [], say),
    conclude: limitIn(raw.conclude, `${path}.conclude`, [], say),
    near: nearIn(raw.near, `${path}.near`, say) ?? { hoursLeft: 1 },
    level: levelIn(raw.level, `${path}.level`, say),
  };
}

function levelIn(input: unknown, path: string, say: Say): Level {
  if (isLevel(input)) return input;
  say(path, "应为 1 到 4");
  return 4;
}

function outcomeIn(input: unknown, path: string, say: Say): Outcome {
  const raw = fieldsOf(input, path, ["code", "name"], say);
  return { code: codeIn(raw.code, `${path}.code`, say), name: wordsOf(raw.name, `${path}.name`, say) };
}

function differ(rows: readonly { readonly code: string }[], path: string, say: Say): void {
  if (rows.length === 0) say(path, "至少要有一项");
  for (const [i, { code }] of rows.entries())
    if (rows.findIndex((other) => other.code === code) < i) say(`${path}[${i}].code`, `代码 ${code} 重复`);
}

function codeIn(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && /^[a-z][a-z0-9-]{0,31}$/.test(input)) return input;
  say(path, "应为小写字母、数字、连字符组成的代码");
  return "";
}

function wholeIn(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1 && input <= 1000) return input;
  say(path, "应为 1 到 1000 的整数");
  return 1;
}

function meansIn(input: unknown, path: string, say: Say): readonly Means[] {
  const list = listOf(input, path, say);
  if (list.length === 0) say(path, "列表不能为空");
  for (const [i, each] of list.entries())
    if (!isMeans(each)) say(`${path}[${i}]`, "应为 workbench、email 或 webhook");
  return list.filter(isMeans);
}
