/** 延期. Dated data: how often and how long a unit may be given more time, and the closed list of grounds; the judgement on an asking. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";

export interface ExtensionGround {
  readonly code: string;
  readonly zh: string;
}

export interface ExtensionRules {
  /** Extensions granted in one round of dispatch. */
  readonly maxTimes: number;
  /** Days of one extension, counted as the clock counts its own. */
  readonly maxDays: number;
  /** Whether it may still be asked for when the time is over. */
  readonly afterDue: boolean;
  readonly grounds: readonly ExtensionGround[];
}

/** How a ticket stands towards an extension. Instants are epoch milliseconds. */
export interface ExtensionFacts {
  /** The asking that waits for the centre; null when none does. */
  readonly pending: { readonly id: string; readonly days: number } | null;
  /** Granted in this round so far. */
  readonly granted: number;
  /** When the report is due; null when no such clock runs. */
  readonly dueAt: number | null;
  /** The city's own deadline is what is due: nobody here can move it. */
  readonly cityDue: boolean;
  readonly now: number;
}

export type ExtensionRefusal =
  | { readonly code: "extension-pending" }
  | { readonly code: "extension-none" }
  | { readonly code: "extension-no-clock" }
  | { readonly code: "extension-city" }
  | { readonly code: "extension-used-up"; readonly limit: number }
  | { readonly code: "extension-overdue" };

/** Why more time may not be asked for now, whatever is filled in; null when it may. */
export function askingBarred(facts: ExtensionFacts, rules: ExtensionRules): ExtensionRefusal | null {
  if (facts.pending !== null) return { code: "extension-pending" };
  if (facts.dueAt === null) return { code: "extension-no-clock" };
  if (facts.cityDue) return { code: "extension-city" };
  if (facts.granted >= rules.maxTimes) return { code: "extension-used-up", limit: rules.maxTimes };
  return !rules.afterDue && facts.now > facts.dueAt ? { code: "extension-overdue" } : null;
}

export function parseExtensionRules(input: unknown): Parsed<Version<ExtensionRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["maxTimes", "maxDays", "afterDue", "grounds"], say);
    if (typeof body.afterDue !== "boolean") say("body.afterDue", "应为 true 或 false");
    const grounds = listOf(body.grounds, "body.grounds", say).map((each, at) =>
      ground(each, `body.grounds[${at}]`, say),
    );
    if (grounds.length === 0) say("body.grounds", "应至少有一种理由");
    if (new Set(grounds.map((each) => each.code)).size < grounds.length) say("body.grounds", "理由重复");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        maxTimes: countIn(body.maxTimes, "body.maxTimes", say),
        maxDays: countIn(body.maxDays, "body.maxDays", say),
        afterDue: body.afterDue === true,
        grounds,
      },
    };
  });
}

function ground(input: unknown, path: string, say: Say): ExtensionGround {
  const read = fieldsOf(input, path, ["code", "zh"], say);
  return { code: wordsOf(read.code, `${path}.code`, say), zh: wordsOf(read.zh, `${path}.zh`, say) };
}

function countIn(value: unknown, path: string, say: Say): number {
  if (typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= 365) return value;
  say(path, "应为 1 到 365 的整数");
  return 1;
}
