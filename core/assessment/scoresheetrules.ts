/** 成绩单设置: dated data. Who issues the monthly score sheet, how it is called, how much it lists, and what units see of it. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";

/** own: its own row. ranking: that, and everybody's rates, scores and ranks. all: the whole sheet and its files. */
export const UNITS_SEE = ["own", "ranking", "all"] as const;
export type UnitsSee = (typeof UNITS_SEE)[number];

export interface ScoreSheetRules {
  /** 发文机关. */
  readonly issuer: string;
  /** "{month}" stands for 2026年11月. */
  readonly title: string;
  /** 抄送. */
  readonly copies: string;
  /** So many are named at the head and at the foot of each group. */
  readonly listed: number;
  /** So many categories are a unit's 主要问题. */
  readonly problems: number;
  readonly unitsSee: UnitsSee;
}

export function parseScoreSheetRules(input: unknown): Parsed<Version<ScoreSheetRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const fields = ["issuer", "title", "copies", "listed", "problems", "unitsSee"];
    const body = fieldsOf(top.body, "body", fields, say);
    const unitsSee = UNITS_SEE.find((each) => each === body.unitsSee);
    if (unitsSee === undefined) say("body.unitsSee", `应为 ${UNITS_SEE.join("、")} 之一`);
    const title = wordsOf(body.title, "body.title", say);
    if (!title.includes("{month}")) say("body.title", "应含 {month}，代考核期的年月");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        issuer: wordsOf(body.issuer, "body.issuer", say),
        title,
        copies: wordsOf(body.copies, "body.copies", say),
        listed: few(body.listed, "body.listed", say),
        problems: few(body.problems, "body.problems", say),
        unitsSee: unitsSee ?? "own",
      },
    };
  });
}

function few(input: unknown, path: string, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1 && input <= 20) return input;
  say(path, "应为 1 到 20 的整数");
  return 1;
}
