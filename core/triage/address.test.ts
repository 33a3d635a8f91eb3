/** 地址到街镇 on real texts of 2020 with the street that was entered. Runs where the data is; it is not part of the product. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Habits, learnHabits } from "./habit.ts";
import { said } from "./text.ts";
import { HAIDIAN, UNITS, WEIGHTS } from "./town.fixture.ts";
import { suggestUnits } from "./unit.ts";

const DATA = join(
  import.meta.dirname,
  "..",
  "..",
  "..",
  "shared",
  "data",
  "beijing12345",
  "address_street.csv",
);
const skip = existsSync(DATA) ? false : "缺少真实数据 ../shared/data/beijing12345/address_street.csv，跳过";

interface Case {
  readonly text: string;
  readonly street: string;
  readonly mention: string;
}

/** Shares of the groups: near-duplicates (one caller, one place, told again) have one vote together. */
interface Score {
  readonly votes: number;
  readonly top1: number;
  readonly top3: number;
  readonly silent: number;
}

test("by the district's names alone the street entered by hand comes first wherever the text names it", {
  skip,
}, (t) => {
  const groups = groupsOf(readCases());
  const score = scoreOf(groups, () => null);
  for (const line of linesOf(score)) t.diagnostic(line);
  assert.ok(score("literal-correct").top1 >= 0.97);
  assert.ok(score("all").top1 >= 0.72);
  assert.ok(score("no-literal").top1 >= 0.36);
});

test("with landmarks learned from other tickets the right street is more often among the three shown", {
  skip,
}, (t) => {
  const groups = groupsOf(readCases());
  // Ten folds of whole groups: a text is never judged by a copy of itself.
  const folds = Array.from({ length: 10 }, (_, fold) =>
    learnHabits(
      groups
        .filter((_group, i) => i % 10 !== fold)
        .flat()
        .map((c) => ({ unitId: unitNamed(c.street), text: c.text })),
    ),
  );
  const alone = scoreOf(groups, () => null);
  const score = scoreOf(groups, (i) => folds[i % 10] ?? null);
  for (const line of linesOf(score)) t.diagnostic(line);
  assert.ok(score("no-literal").top1 >= alone("no-literal").top1);
  assert.ok(score("no-literal").top3 >= alone("no-literal").top3 + 0.1);
  assert.ok(score("literal-correct").top1 >= 0.97);
});

const MENTIONS = ["all", "literal-correct", "literal-multi", "literal-wrong", "no-literal"] as const;
type Scores = (mention: (typeof MENTIONS)[number]) => Score;

function scoreOf(groups: readonly (readonly Case[])[], habitsFor: (group: number) => Habits | null): Scores {
  const sums = new Map<string, { votes: number; top1: number; top3: number; silent: number }>();
  for (const [i, group] of groups.entries()) {
    for (const one of group) {
      const streets = suggestedStreets(one.text, habitsFor(i));
      for (const key of [one.mention, "all"]) {
        const sum = sums.get(key) ?? { votes: 0, top1: 0, top3: 0, silent: 0 };
        const vote = 1 / group.length;
        sum.votes += vote;
        if (streets[0] === one.street) sum.top1 += vote;
        if (streets.slice(0, 3).includes(one.street)) sum.top3 += vote;
        if (streets.length === 0) sum.silent += vote;
        sums.set(key, sum);
      }
    }
  }
  return (mention) => {
    const sum = sums.get(mention);
    assert.ok(sum, mention);
    const { votes, top1, top3, silent } = sum;
    return { votes, top1: top1 / votes, top3: top3 / votes, silent: silent / votes };
  };
}

function linesOf(score: Scores): readonly string[] {
  return MENTIONS.map((mention) => {
    const { votes, top1, top3, silent } = score(mention);
    return `${mention} ${votes.toFixed(0)}: top-1 ${percent(top1)}, top-3 ${percent(top3)}, none ${percent(silent)}`;
  });
}

/** In the data the town 海淀镇 goes by its other name. */
const unitNamed = (street: string): string =>
  UNITS.find((u) =>
    street === "万柳" ? u.name === "海淀镇" : u.name.replace(/(?:街道|镇)$/u, "") === street,
  )?.id ?? street;

function suggestedStreets(text: string, known: Habits | null): readonly string[] {
  const nothing = { title: "", address: "", street: "", community: "", category: null, earlier: [] };
  const habits = known ? { habits: { known, learnedAs: null } } : {};
  return suggestUnits({ ...nothing, content: text, ...habits }, HAIDIAN, WEIGHTS).map((u) =>
    u.name === "海淀镇" ? "万柳" : u.name.replace(/(?:街道|镇)$/u, ""),
  );
}

/** Texts of one street that share more than half of their pairs of signs. */
function groupsOf(cases: readonly Case[]): readonly (readonly Case[])[] {
  const groups: { readonly pairs: ReadonlySet<string>; readonly members: Case[] }[] = [];
  for (const one of cases) {
    const pairs = pairsOf(said(one.text));
    const home = groups.find((g) => g.members[0]?.street === one.street && overlap(g.pairs, pairs) > 0.5);
    if (home) home.members.push(one);
    else groups.push({ pairs, members: [one] });
  }
  return groups.map((g) => g.members);
}

function pairsOf(text: string): ReadonlySet<string> {
  return new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, i) => text.slice(i, i + 2)));
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((pair) => b.has(pair)).length;
  return both / (a.size + b.size - both || 1);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)}%`;

function readCases(): readonly Case[] {
  const [header = [], ...rows] = readCsv(readFileSync(DATA, "utf8").replace(/^\ufeff/u, ""));
  const column = (name: string): number => header.indexOf(name);
  return rows.map((row) => ({
    text: row[column("诉求内容_masked")] ?? "",
    street: row[column("street_canonical")] ?? "",
    mention: row[column("literal_mention")] ?? "",
  }));
}

function readCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/gu)) {
    if (quoted === undefined && plain === "" && end === "") break;
    rows.at(-1)?.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
