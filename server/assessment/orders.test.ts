import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Entry, isValidCallback, STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { ranking } from "@jiesu/core/assessment/ranking.ts";
import { countsByKey, type KeyedEntries } from "@jiesu/core/assessment/rates.ts";
import { resultOf, scoreText } from "@jiesu/core/assessment/score.ts";
import { parse } from "csv-parse/sync";
import { loadRules } from "../platform/rules.ts";

/** Real orders of 2020; not part of the product. */
const ORDERS = join(import.meta.dirname, "..", "..", "..", "shared", "data", "beijing12345", "orders.csv");
const skip = existsSync(ORDERS) ? false : "没有 ../shared/data/beijing12345/orders.csv，跳过";

type Row = Record<string, string>;

/** The recount: the file's own words counted with whole numbers, no line of the product in it. */
function recount(
  rows: readonly Row[],
  [response, solution, satisfaction]: readonly [bigint, bigint, bigint],
) {
  const count = (column: string, word?: string) =>
    BigInt(rows.filter((row) => (word === undefined ? row[column] !== "" : row[column] === word)).length);
  const [rBase, sBase, hBase] = [count("响应"), count("解决"), count("满意")];
  const [r, s, h] = [count("响应", "响应"), count("解决", "解决"), count("满意", "满意")];
  const answered = rows.filter((row) => row.响应 !== "" || row.解决 !== "" || row.满意 !== "").length;
  const facts = { tickets: rows.length, base: answered, r: Number(r), s: Number(s), h: Number(h) };
  if (rBase === 0n || sBase === 0n || hBase === 0n) return { ...facts, score: "—" };
  const top = response * r * sBase * hBase + solution * s * rBase * hBase + satisfaction * h * rBase * sBase;
  const bottom = rBase * sBase * hBase;
  const tenths = (20n * top + bottom) / (2n * bottom);
  return { ...facts, score: `${tenths / 10n}.${tenths % 10n}` };
}

function entryOf(row: Row): Entry {
  const contacted: Entry["contacted"] = row.响应 === "" ? null : row.响应 === "响应" ? "yes" : "no";
  const solved: Entry["solved"] = row.解决 === "" ? null : row.解决 === "解决" ? "yes" : "no";
  const satisfied: Entry["satisfied"] =
    row.满意 === "" ? null : row.满意 === "满意" ? "satisfied" : "dissatisfied";
  const answers = {
    contacted: contacted ?? undefined,
    solved: solved ?? undefined,
    satisfied: satisfied ?? undefined,
  };
  const scope = row.解决类型 === "剔除" ? "exempt" : "full";
  return { scope, valid: isValidCallback(null, answers), contacted, solved, satisfied };
}

test("real orders: every unit's counts and score equal a recount of the file, in both scopes, under two rule sets", {
  skip,
}, () => {
  const rows: Row[] = parse(readFileSync(ORDERS, "utf8"), { columns: true, bom: true });
  assert.ok(rows.length > 1000);
  const ledger = rows.map(
    (row): KeyedEntries => ({ key: row.主办单位 ?? "", entry: entryOf(row), times: 1 }),
  );
  const weights = { "district-2025": [10n, 50n, 40n], "equal-30-35-35": [30n, 35n, 35n] } as const;
  const { assessments } = loadRules();
  let scored = 0;
  for (const [name, shares] of Object.entries(weights)) {
    const rules = assessments.find((each) => each.name === name);
    assert.ok(rules);
    for (const scope of STAT_SCOPES) {
      const counted = countsByKey(ledger, { rules, scope });
      const ranked = ranking(
        [...counted].map(([key, counts]) => ({ key, kind: "bureau", counts })),
        rules,
      );
      for (const [unit, counts] of counted) {
        const own = rows.filter(
          (row) => row.主办单位 === unit && (scope === "all" || row.解决类型 !== "剔除"),
        );
        const expected = recount(own, shares);
        const { tickets, base, contacted: r, solved: s, satisfied: h } = counts;
        const score = scoreText(resultOf(counts, rules).score, rules);
        assert.deepEqual({ tickets, base, r, s, h, score }, expected, `${unit} ${scope} ${name}`);
        const row = ranked[0]?.units.find((each) => each.key === unit);
        assert.equal(row?.rank === null, score === "—");
        scored += score === "—" ? 0 : 1;
      }
    }
  }
  assert.ok(scored > 60, `${scored} scores compared`);
});
