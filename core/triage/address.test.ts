/** 地址到街镇 on real texts of 2020 with the street that was entered. Runs where the data is; it is not part of the product. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { said } from "./text.ts";
import { HAIDIAN, WEIGHTS } from "./town.fixture.ts";
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

interface Tally {
  /** Near-duplicates (one caller, one place, told again) share one vote. */
  groups: number;
  top1: number;
  top3: number;
  silent: number;
}

test("the street entered by hand is the first suggestion, or among three, about as often as the text allows", {
  skip,
}, (t) => {
  const cases = readCases();
  assert.equal(cases.length, 214);
  const groups = groupsOf(cases);
  const tallies = new Map<string, Tally>();
  for (const group of groups) {
    for (const one of group) {
      const streets = suggestedStreets(one.text);
      for (const key of [one.mention, "all"]) {
        const tally = tallies.get(key) ?? { groups: 0, top1: 0, top3: 0, silent: 0 };
        const vote = 1 / group.length;
        tally.groups += vote;
        if (streets[0] === one.street) tally.top1 += vote;
        if (streets.slice(0, 3).includes(one.street)) tally.top3 += vote;
        if (streets.length === 0) tally.silent += vote;
        tallies.set(key, tally);
      }
    }
  }
  const of = (key: string) => {
    const tally = tallies.get(key);
    assert.ok(tally, key);
    return {
      top1: tally.top1 / tally.groups,
      top3: tally.top3 / tally.groups,
      silent: tally.silent / tally.groups,
    };
  };
  t.diagnostic(`${cases.length} texts in ${groups.length} groups`);
  for (const [key, tally] of tallies) {
    const { top1, top3, silent } = of(key);
    t.diagnostic(
      `${key} ${tally.groups.toFixed(1)}: top-1 ${percent(top1)}, top-3 ${percent(top3)}, none ${percent(silent)}`,
    );
  }
  assert.ok(of("literal-correct").top1 >= 0.97);
  assert.ok(of("all").top1 >= 0.7);
  assert.ok(of("no-literal").top1 >= 0.3);
});

function suggestedStreets(text: string): readonly string[] {
  const nothing = { title: "", address: "", street: "", community: "", category: null, earlier: [] };
  return suggestUnits({ ...nothing, content: text }, HAIDIAN, WEIGHTS).map((u) =>
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
