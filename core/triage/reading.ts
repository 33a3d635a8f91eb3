/** 阅读辅助. Words to be noticed in a text and what makes two tickets alike: dated data under rules/reading/, and its reader. */
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";

/** Words that are noticed for one reason. */
export interface Noticed {
  /** What the reader should do about it, in Chinese. */
  readonly why: string;
  readonly words: readonly string[];
}

export interface ReadingRules {
  /** 敏感词 */
  readonly sensitive: readonly Noticed[];
  /** 规范用语: how tickets commonly say what the caller wants. */
  readonly phrases: readonly Noticed[];
  readonly alike: AlikeRules;
}

/** When another ticket of the same category is shown as alike. */
export interface AlikeRules {
  /** Received at most so many days before or since. */
  readonly days: number;
  /** Elsewhere than in the same community: at least this share of like wording, in percent. */
  readonly leastPercent: number;
  readonly shown: number;
}

export function parseReadingRules(input: unknown): Parsed<Version<ReadingRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "sensitive", "phrases", "alike"], say);
    const alike = fieldsOf(top.alike, "alike", ["days", "leastPercent", "shown"], say);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        sensitive: noticedIn(top.sensitive, "sensitive", say),
        phrases: noticedIn(top.phrases, "phrases", say),
        alike: {
          days: wholeIn(alike.days, "alike.days", 366, say),
          leastPercent: wholeIn(alike.leastPercent, "alike.leastPercent", 100, say),
          shown: wholeIn(alike.shown, "alike.shown", 20, say),
        },
      },
    };
  });
}

function noticedIn(input: unknown, path: string, say: Say): readonly Noticed[] {
  const seen = new Set<string>();
  return listOf(input, path, say).map((each, i) => {
    const at = `${path}[${i}]`;
    const read = fieldsOf(each, at, ["why", "words"], say);
    const words = listOf(read.words, `${at}.words`, say).map((word, n) =>
      wordsOf(word, `${at}.words[${n}]`, say),
    );
    for (const word of words) {
      if (word.length === 1) say(`${at}.words`, `“${word}”只有一个字，会到处命中`);
      if (seen.has(word)) say(`${at}.words`, `“${word}”重复`);
      seen.add(word);
    }
    return { why: wordsOf(read.why, `${at}.why`, say), words };
  });
}

function wholeIn(input: unknown, path: string, most: number, say: Say): number {
  if (typeof input === "number" && Number.isInteger(input) && input >= 1 && input <= most) return input;
  say(path, `应为 1 到 ${most} 的整数`);
  return 1;
}
